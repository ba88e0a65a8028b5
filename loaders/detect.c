/*
 * Which column is which, and which profile fits a header. Nothing is guessed: a header cell that
 * fits two columns, two cells that fit one, a missing required column and two profiles that fit
 * equally well are errors that name what they are about. A weak name ("City" of a traveller) holds
 * where nothing else is the column's and no second cell would be it so; else the cell stays unread.
 */
#include "engine/base/error.h"
#include "loaders/profile.h"

/* How a profile and a header go together. */
typedef struct {
    int *cells;       /* header cell of each column, or -1 */
    guint matched;    /* columns that the header has */
    GString *missing; /* required columns that it has not */
    char *clash;      /* what is ambiguous, or NULL */
} Match;

static void match_clear(Match *match)
{
    g_free(match->cells);
    g_free(match->clash);
    if (match->missing)
        g_string_free(match->missing, TRUE);
}

static void match_cell(const Profile *profile, char **header, guint at, Match *match)
{
    g_autofree char *key = header_key(header[at]);
    guint index = GPOINTER_TO_UINT(g_hash_table_lookup(profile->by_key, key));
    guint other = GPOINTER_TO_UINT(g_hash_table_lookup(profile->doubles, key));

    if (!index)
        return;
    if (other && !match->clash) {
        match->clash = g_strdup_printf("header '%s' fits two columns, '%s' and '%s'", header[at],
                                       profile_column(profile, index - 1)->name,
                                       profile_column(profile, other - 1)->name);
    } else if (match->cells[index - 1] >= 0 && !match->clash) {
        int first = match->cells[index - 1];

        match->clash = g_strdup_printf("column '%s' is there twice: '%s' (%d) and '%s' (%u)",
                                       profile_column(profile, index - 1)->name, header[first],
                                       first + 1, header[at], at + 1);
    }
    match->cells[index - 1] = (int)at;
    match->matched++;
}

/* Columns that no cell is by a name of theirs. */
static void match_weakly(const Profile *profile, char **header, guint n, Match *match)
{
    g_autofree guint *cells = g_new0(guint, MAX(1, profile->columns->len)); /* cell + 1 */
    g_autofree guint *claims = g_new0(guint, MAX(1, profile->columns->len));

    for (guint at = 0; at < n; at++) {
        g_autofree char *key = header_key(header[at]);
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(profile->by_weak, key));

        if (!index || g_hash_table_contains(profile->by_key, key))
            continue;
        cells[index - 1] = at + 1;
        claims[index - 1]++;
    }
    for (guint i = 0; i < profile->columns->len; i++) {
        if (claims[i] != 1 || profile_fills(profile, match->cells, i))
            continue;
        match->cells[i] = (int)cells[i] - 1;
        match->matched++;
    }
}

static Match match_header(const Profile *profile, char **header, guint n)
{
    Match match = {g_new(int, MAX(1, profile->columns->len)), 0, g_string_new(NULL), NULL};

    for (guint i = 0; i < profile->columns->len; i++)
        match.cells[i] = -1;
    for (guint at = 0; at < n; at++)
        match_cell(profile, header, at, &match);
    match_weakly(profile, header, n, &match);
    for (guint i = 0; i < profile->columns->len; i++) {
        const ProfileColumn *column = profile_column(profile, i);

        if (column->in_header && !profile_fills(profile, match.cells, i) &&
            (column->otherwise < 0 ||
             !profile_fills(profile, match.cells, (guint)column->otherwise)))
            g_string_append_printf(match.missing, "%s'%s'", match.missing->len ? ", " : "",
                                   column->name);
    }
    return match;
}

static gboolean match_error(const Profile *profile, const Match *match, char **header, guint n,
                            GError **error)
{
    g_autoptr(GString) seen = g_string_new(NULL);

    if (match->clash && match->missing->len == 0)
        return error_set(error, STATUS_DATA, "profile '%s': %s", profile->name, match->clash);
    for (guint i = 0; i < n && i < 60; i++)
        g_string_append_printf(seen, "%s'%s'", i ? ", " : "", header[i]);
    return error_set(error, STATUS_DATA,
                     "profile '%s': required column missing: %s; columns seen: %s", profile->name,
                     match->missing->str, seen->str);
}

int *profile_match(const Profile *profile, char **header, guint n, GError **error)
{
    Match match = match_header(profile, header, n);
    int *cells = NULL;

    if (match.clash || match.missing->len)
        match_error(profile, &match, header, n, error);
    else
        cells = g_steal_pointer(&match.cells);
    match_clear(&match);
    return cells;
}

char *profile_unknown(const Profile *profile, const int *cells, char **header, guint n)
{
    g_autofree gboolean *taken = g_new0(gboolean, n);
    GString *names = g_string_new(NULL);

    for (guint i = 0; i < profile->columns->len; i++)
        if (cells[i] >= 0)
            taken[cells[i]] = TRUE;
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = text_for_terminal(header[i]);

        if (!taken[i] && *name)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
    }
    return g_string_free(names, names->len == 0);
}

/* The best profile so far, who is as good, and who came nearest among those that do not fit. */
typedef struct {
    const Profile *best, *rival, *nearest;
    guint best_matched, nearest_matched;
} Contest;

static void enter(Contest *contest, const Profile *profile, const Match *match)
{
    if (match->matched > contest->nearest_matched) {
        contest->nearest = profile;
        contest->nearest_matched = match->matched;
    }
    if (match->missing->len > 0 || match->matched == 0 || match->matched < contest->best_matched ||
        !profile_tells(profile, match->cells))
        return;
    contest->rival = match->matched == contest->best_matched ? contest->best : NULL;
    contest->best = profile;
    contest->best_matched = match->matched;
}

static const Profile *detect_error(const Contest *contest, char **header, guint n, GError **error)
{
    if (contest->rival) {
        error_set(error, STATUS_DATA, "two profiles fit the header equally well, '%s' and '%s'",
                  contest->rival->name, contest->best->name);
    } else if (!contest->nearest) {
        error_set(error, STATUS_DATA, "no profile knows a column of the header");
    } else {
        g_autofree int *cells = profile_match(contest->nearest, header, n, error);

        if (cells)
            error_set(error, STATUS_DATA,
                      "the header does not tell whether profile '%s' is meant; name it",
                      contest->nearest->name);
        else
            g_prefix_error(error, "no profile fits the header; nearest: ");
    }
    return NULL;
}

const Profile *profiles_detect(const Profiles *profiles, char **header, guint n, GError **error)
{
    Contest contest = {NULL, NULL, NULL, 0, 0};

    for (guint i = 0; i < profiles->all->len; i++) {
        const Profile *profile = g_ptr_array_index(profiles->all, i);
        Match match = match_header(profile, header, n);

        enter(&contest, profile, &match);
        match_clear(&match);
    }
    return contest.best && !contest.rival ? contest.best : detect_error(&contest, header, n, error);
}
