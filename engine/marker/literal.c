/*
 * Reads a pattern and promises literals: for each of its alternatives, sets of which at least one
 * string each stands in whatever that alternative matches (the method of RE2's prefilter, Cox
 * 2010). Knows the usual part of the PCRE2 grammar; whatever else it meets, it promises nothing,
 * which is always right and only slower. Stands before the automaton in prefilter.c.
 */
#include "engine/marker/prefilter.h"

#include <string.h>

#define SET_MAX   64 /* strings in one set */
#define CLASS_MAX 6  /* characters of a [class] that are written out */
#define WORTH_MIN 2  /* a shorter literal says too little to be worth a look */

/* What is known of a part of a pattern: everything that it matches, or what must be in it. */
typedef struct {
    GPtrArray *exact; /* NULL: too many */
    GPtrArray *best;  /* NULL: nothing certain */
} Info;

typedef struct {
    const char *at;
    gboolean bad; /* something that this reader does not know */
    guint depth;
} Reader;

static Info read_alternatives(Reader *r);

static GPtrArray *set_new(const char *first, gssize length)
{
    GPtrArray *set = g_ptr_array_new_with_free_func(g_free);
    if (first != NULL)
        g_ptr_array_add(set, g_ascii_strup(first, length));
    return set;
}

static void set_drop(GPtrArray *set)
{
    if (set != NULL)
        g_ptr_array_unref(set);
}

static void info_drop(Info *info)
{
    set_drop(info->exact);
    set_drop(info->best);
    *info = (Info){NULL, NULL};
}

/* What a literal is worth: its length, where a digit or sign says as much as two letters. */
static gsize literal_worth(const char *literal)
{
    gsize worth = 0;
    for (const char *c = literal; *c != '\0'; c++)
        worth += g_ascii_isalpha(*c) || *c == ' ' ? 1 : 2;
    return worth;
}

/* The worth of a set is that of its least string. */
static gsize set_worth(const GPtrArray *set)
{
    gsize worst = G_MAXSIZE;
    for (guint i = 0; set != NULL && i < set->len; i++) {
        gsize worth = literal_worth(g_ptr_array_index(set, i));
        worst = MIN(worst, worth);
    }
    return set == NULL || set->len == 0 ? 0 : worst;
}

/* Keeps the better of two promises and drops the other. */
static GPtrArray *set_better(GPtrArray *a, GPtrArray *b)
{
    gsize worth_a = set_worth(a), worth_b = set_worth(b);
    gboolean first =
        worth_a > worth_b || (worth_a == worth_b && a != NULL && b != NULL && a->len <= b->len);
    if (b == NULL || (a != NULL && first)) {
        set_drop(b);
        return a;
    }
    set_drop(a);
    return b;
}

static void set_append(GPtrArray *set, const GPtrArray *more)
{
    for (guint i = 0; i < more->len; i++)
        g_ptr_array_add(set, g_strdup(g_ptr_array_index(more, i)));
}

/* Every string of a followed by every string of b; NULL when they would be too many. */
static GPtrArray *set_product(const GPtrArray *a, const GPtrArray *b)
{
    if (a->len * b->len > SET_MAX)
        return NULL;
    GPtrArray *set = set_new(NULL, 0);
    for (guint i = 0; i < a->len; i++)
        for (guint j = 0; j < b->len; j++)
            g_ptr_array_add(set,
                            g_strconcat(g_ptr_array_index(a, i), g_ptr_array_index(b, j), NULL));
    return set;
}

static Info info_text(const char *text, gssize length)
{
    return (Info){set_new(text, length), NULL};
}

/* One escape; \b and its like are empty, \d and its like are too many, \. is a dot. */
static Info read_escape(Reader *r)
{
    char c = *++r->at;
    if (c == '\0' || strchr("QExcopPgkKuULl", c) != NULL) {
        r->bad = TRUE;
        return (Info){NULL, NULL};
    }
    r->at++;
    if (strchr("bBAzZG", c) != NULL)
        return info_text("", 0);
    if (g_ascii_isalnum(c))
        return (Info){NULL, NULL};
    return info_text(&c, 1);
}

/* Adds one member of a class; FALSE when it stands for more than a character. */
static gboolean class_member(Reader *r, GPtrArray *set)
{
    if (*r->at == '\\') {
        r->at++;
        if (*r->at == '\0' || g_ascii_isalnum(*r->at))
            return FALSE;
    }
    const char *start = r->at;
    r->at = g_utf8_next_char(start);
    if (*r->at == '-' && r->at[1] == '\\')
        return FALSE;
    if (*r->at == '-' && r->at[1] != ']' && r->at[1] != '\0') {
        char from = g_ascii_toupper(*start), to = g_ascii_toupper(r->at[1]);
        if (from < 0 || to < from || to - from >= CLASS_MAX)
            return FALSE;
        for (char c = from; c <= to; c++)
            g_ptr_array_add(set, g_ascii_strup(&c, 1));
        r->at += 2;
        return TRUE;
    }
    g_ptr_array_add(set, g_ascii_strup(start, r->at - start));
    return TRUE;
}

static void class_skip(Reader *r)
{
    while (*r->at != '\0' && *r->at != ']') {
        if (*r->at == '\\' && r->at[1] != '\0')
            r->at++;
        else if (r->at[0] == '[' && r->at[1] == ':') {
            const char *close = strstr(r->at, ":]");
            r->at = close != NULL ? close + 1 : r->at;
        }
        r->at++;
    }
}

static Info read_class(Reader *r)
{
    Info info = {NULL, NULL};
    GPtrArray *set = set_new(NULL, 0);
    gboolean small = r->at[1] != '^';
    r->at += small ? 1 : 2;
    if (*r->at == ']') { /* a bracket that stands first is a member */
        g_ptr_array_add(set, g_strdup("]"));
        r->at++;
    }
    while (small && *r->at != '\0' && *r->at != ']')
        small = !(r->at[0] == '[' && r->at[1] == ':') && class_member(r, set);
    if (!small)
        class_skip(r);
    r->bad |= *r->at != ']';
    r->at += *r->at == ']';
    if (small && set->len > 0 && set->len <= CLASS_MAX)
        info.exact = g_steal_pointer(&set);
    set_drop(set);
    return info;
}

static Info read_group(Reader *r)
{
    gboolean look = FALSE;
    r->at++;
    if (*r->at == '*')
        r->bad = TRUE;
    if (*r->at == '?') {
        static const char *const plain[] = {"?:", "?>"};
        static const char *const around[] = {"?=", "?!", "?<=", "?<!"};
        gsize skip = 0;
        for (guint i = 0; i < G_N_ELEMENTS(plain); i++)
            skip = g_str_has_prefix(r->at, plain[i]) ? 2 : skip;
        for (guint i = 0; i < G_N_ELEMENTS(around); i++)
            if (g_str_has_prefix(r->at, around[i])) {
                skip = strlen(around[i]);
                look = TRUE;
            }
        r->bad |= skip == 0;
        r->at += skip;
    }
    if (r->bad || r->depth > 50) {
        r->bad = TRUE;
        return (Info){NULL, NULL};
    }
    r->depth++;
    Info info = read_alternatives(r);
    r->depth--;
    r->bad |= *r->at != ')';
    r->at += *r->at == ')';
    if (look) {
        info_drop(&info);
        info = info_text("", 0);
    }
    return info;
}

static Info read_atom(Reader *r)
{
    const char *start = r->at;
    switch (*start) {
    case '\\':
        return read_escape(r);
    case '[':
        return read_class(r);
    case '(':
        return read_group(r);
    case '.':
        r->at++;
        return (Info){NULL, NULL};
    case '^':
    case '$':
        r->at++;
        return info_text("", 0);
    case '*':
    case '+':
    case '?':
        r->bad = TRUE;
        return (Info){NULL, NULL};
    default:
        r->at = g_utf8_next_char(start);
        return info_text(start, r->at - start);
    }
}

/* Reads {n}, {n,} or {n,m}; FALSE when the brace is an ordinary character. */
static gboolean read_braces(Reader *r, guint *least, guint *most)
{
    char *end = NULL;
    guint64 low = g_ascii_strtoull(r->at + 1, &end, 10), high = low;
    if (end == r->at + 1)
        return FALSE;
    if (*end == ',') {
        const char *second = end + 1;
        high = g_ascii_strtoull(second, &end, 10);
        high = end == second ? G_MAXUINT : high;
    }
    if (*end != '}')
        return FALSE;
    r->at = end + 1;
    *least = (guint)MIN(low, G_MAXUINT);
    *most = (guint)MIN(high, G_MAXUINT);
    return TRUE;
}

static void info_repeat(Info *info, guint least, guint most)
{
    if (least == 1 && most == 1)
        return;
    if (least == 0 && most == 1 && info->exact != NULL && info->exact->len < SET_MAX) {
        set_drop(info->best);
        info->best = NULL;
        g_ptr_array_add(info->exact, g_strdup(""));
        return;
    }
    GPtrArray *best = least == 0 ? NULL : set_better(info->exact, info->best);
    if (least == 0)
        info_drop(info);
    *info = (Info){NULL, best};
}

static Info read_piece(Reader *r)
{
    Info info = read_atom(r);
    guint least = 1, most = 1;
    if (r->bad)
        return info;
    if (*r->at == '?' || *r->at == '*' || *r->at == '+') {
        least = *r->at == '+' ? 1 : 0;
        most = *r->at == '?' ? 1 : G_MAXUINT;
        r->at++;
    } else if (*r->at != '{' || !read_braces(r, &least, &most)) {
        return info;
    }
    if (*r->at == '?' || *r->at == '+') /* lazy, possessive: the same strings */
        r->at++;
    info_repeat(&info, least, most);
    return info;
}

/* Reads a sequence into the sets that are met one after the other in whatever it matches; whole
 * when there is one set, and that is everything that it matches. */
static GPtrArray *read_sets(Reader *r, gboolean *whole)
{
    GPtrArray *sets = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    GPtrArray *run = set_new("", 0);
    *whole = TRUE;
    while (!r->bad && *r->at != '\0' && *r->at != '|' && *r->at != ')') {
        Info piece = read_piece(r);
        GPtrArray *longer = piece.exact != NULL ? set_product(run, piece.exact) : NULL;
        if (longer != NULL) {
            set_drop(run);
            run = longer;
            info_drop(&piece);
            continue;
        }
        *whole = FALSE;
        g_ptr_array_add(sets, run);
        if (piece.best != NULL)
            g_ptr_array_add(sets, piece.best);
        run = piece.exact != NULL ? piece.exact : set_new("", 0);
    }
    g_ptr_array_add(sets, run);
    return sets;
}

/* A sequence inside a pattern: of its sets the best is promised. */
static Info read_sequence(Reader *r)
{
    gboolean whole = FALSE;
    g_autoptr(GPtrArray) sets = read_sets(r, &whole);
    GPtrArray *best = NULL;
    if (whole)
        return (Info){g_ptr_array_ref(g_ptr_array_index(sets, 0)), NULL};
    for (guint i = 0; i < sets->len; i++)
        best = set_better(best, g_ptr_array_ref(g_ptr_array_index(sets, i)));
    return (Info){NULL, best};
}

/* One alternative more: what must be there is now one of either side. */
static void info_join(Info *info, Info *more)
{
    if (info->exact != NULL && more->exact != NULL &&
        info->exact->len + more->exact->len <= SET_MAX) {
        set_append(info->exact, more->exact);
        info_drop(more);
        return;
    }
    GPtrArray *a = set_better(info->exact, info->best), *b = set_better(more->exact, more->best);
    *info = (Info){NULL, NULL};
    if (set_worth(a) >= WORTH_MIN && set_worth(b) >= WORTH_MIN) {
        set_append(a, b);
        info->best = g_steal_pointer(&a);
    }
    set_drop(a);
    set_drop(b);
}

static Info read_alternatives(Reader *r)
{
    Info info = read_sequence(r);
    while (!r->bad && *r->at == '|') {
        r->at++;
        Info more = read_sequence(r);
        info_join(&info, &more);
    }
    return info;
}

/* One alternative at the top: all sets that say enough, those that say least left out where they
 * are too many. */
static GPtrArray *read_way(Reader *r)
{
    gboolean whole = FALSE;
    GPtrArray *way = read_sets(r, &whole);
    for (guint i = way->len; i-- > 0;)
        if (set_worth(g_ptr_array_index(way, i)) < WORTH_MIN)
            g_ptr_array_remove_index(way, i);
    while (way->len > CLAUSES_MAX) {
        guint least = 0;
        for (guint i = 1; i < way->len; i++)
            if (set_worth(g_ptr_array_index(way, i)) < set_worth(g_ptr_array_index(way, least)))
                least = i;
        g_ptr_array_remove_index(way, least);
    }
    return way;
}

GPtrArray *pattern_ways(const char *pattern)
{
    Reader reader = {.at = pattern};
    g_autoptr(GPtrArray) ways = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    gboolean more;
    do {
        GPtrArray *way = read_way(&reader);
        g_ptr_array_add(ways, way);
        if (reader.bad || way->len == 0)
            return NULL;
        more = *reader.at == '|';
        reader.at += more;
    } while (more);
    return *reader.at == '\0' ? g_steal_pointer(&ways) : NULL;
}
