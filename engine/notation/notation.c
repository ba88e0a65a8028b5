/*
 * What a whole field is when it is no serial number (stock number, patent, calibre, model), and
 * what a spreadsheet did to it: shapes and lists of rules/tables/notation_lists.csv.
 */
#include <string.h>

#include "engine/base/date.h"
#include "engine/notation/tables.h"

/* Does the text have the shape of the mask: d digit, l letter, + repeats, ~ a plus? */
static gboolean has_shape(const char *text, const char *mask)
{
    while (*mask != '\0') {
        gboolean fits = (*mask == 'd')   ? g_ascii_isdigit(*text)
                        : (*mask == 'l') ? g_ascii_isupper(*text)
                        : (*mask == '~') ? *text == '+'
                                         : *mask == *text && *text != '\0';
        if (!fits) {
            return FALSE;
        }
        text++;
        if (mask[1] == '+') {
            while (*mask == 'd' ? g_ascii_isdigit(*text) : g_ascii_isupper(*text)) {
                text++;
            }
            mask++;
        }
        mask++;
    }
    return *text == '\0';
}

/* The first entry of a list with this text, or NULL. */
static const ListEntry *entry_of(NotationList list, const char *text, gsize n)
{
    const NotationEntries *entries = &NOTATION_LISTS[list];
    const guchar begin = (guchar)text[0];
    guint to = n > 0 && begin < 128 ? entries->from[begin + 1] : 0;
    for (guint i = to > 0 ? entries->from[begin] : 0; i < to; i++) {
        const char *own = entries->entry[i].text;
        if (strncmp(own, text, n) == 0 && own[n] == '\0') {
            return &entries->entry[i];
        }
    }
    return NULL;
}

gboolean notation_listed(NotationList list, const char *text)
{
    return entry_of(list, text, strlen(text)) != NULL;
}

gboolean notation_lists(NotationList list, const char *text, gsize n)
{
    return entry_of(list, text, n) != NULL;
}

const char *notation_built(guint i, const char **name)
{
    *name = NOTATION_SUMS[i].name;
    return NOTATION_SUMS[i].sha256;
}

/* Has a text the shape of a mask of those that begin so? *of: what stands beside the first. */
static gboolean shape_from(const NotationEntries *entries, guchar begin, const char *text,
                           const char **of)
{
    for (guint i = entries->from[begin]; i < entries->from[begin + 1]; i++) {
        if (has_shape(text, entries->entry[i].text)) {
            *of = entries->entry[i].of;
            return TRUE;
        }
    }
    return FALSE;
}

/* What stands beside the mask that a text has the shape of, or NULL. */
static const char *shape_of(NotationList list, const char *text)
{
    const NotationEntries *entries = &NOTATION_LISTS[list];
    const guchar begin = (guchar)text[0], kind = g_ascii_isdigit(begin)   ? 'd'
                                                 : g_ascii_isupper(begin) ? 'l'
                                                 : begin == '+'           ? '~'
                                                                          : '\0';
    const char *of = NULL;
    gboolean shaped = (begin < 128 && shape_from(entries, begin, text, &of)) ||
                      (kind != '\0' && shape_from(entries, kind, text, &of));
    return shaped ? of : NULL;
}

/* Is a word in the list, of this maker (NULL: of none)? */
static gboolean is_of(NotationList list, const char *make, const char *word, gsize n)
{
    const ListEntry *end = NOTATION_LISTS[list].entry + NOTATION_LISTS[list].n;
    for (const ListEntry *entry = entry_of(list, word, n);
         entry != NULL && entry < end && entry->text[0] == word[0]; entry++) {
        if (strncmp(entry->text, word, n) == 0 && entry->text[n] == '\0' &&
            g_strcmp0(entry->of, make) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean brief_models(const char *make, const char *folded)
{
    guint words = 0, letters = 0;
    for (const char *p = folded; *p != '\0'; words++) {
        gsize n = strcspn(p, " ");
        if (!is_of(LIST_SHORT_MODEL, make, p, n)) {
            return FALSE;
        }
        for (gsize i = 0; i < n; i++) {
            letters += g_ascii_isalpha(p[i]);
        }
        p += n + strspn(p + n, " ");
    }
    return words == 1 || letters > 0; /* "17 17L", but "19 23" is one number */
}

gboolean notation_short_model(const char *make, const char *folded)
{
    return make != NULL && brief_models(make, folded);
}

static gboolean is_model(const char *make, const char *key)
{
    gboolean unknown = make == NULL || strcmp(make, "UNKNOWN") == 0;
    return unknown ? notation_listed(LIST_MODEL, key)
                   : is_of(LIST_MODEL, make, key, strlen(key)) ||
                         is_of(LIST_MODEL, NULL, key, strlen(key));
}

const char *notation_not_serial(const char *make, const char *folded)
{
    const char *taken_for = shape_of(LIST_SHAPE, folded);
    if (taken_for != NULL) {
        return taken_for;
    }
    char key[16];
    gsize n = 0;
    for (const char *p = folded; *p != '\0'; p++) {
        if (!g_ascii_isalnum(*p)) {
            continue;
        }
        if (n + 1 >= sizeof(key)) {
            return NULL;
        }
        key[n++] = *p;
    }
    key[n] = '\0';
    if (notation_listed(LIST_CALIBRE, key)) {
        return "calibre";
    }
    return is_model(make, key) ? "model" : NULL;
}

static gboolean is_failure(const char *folded)
{
    return notation_listed(LIST_FAILURE, folded + (*folded == '#'));
}

gboolean notation_destroyed(const char *damage)
{
    static const char *const all[] = {"excel_sci", "excel_date", "excel_error"};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
        if (strcmp(damage, all[i]) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* 3-MAR, MAR-23, 12-MAR-23, 12-MAR-2023: a month's name between hyphens. */
static gboolean looks_like_month(const char *folded)
{
    static const char *const masks[] = {"d-l+",    "dd-l+",    "l+-dd",     "l+-d",
                                        "d-l+-dd", "dd-l+-dd", "d-l+-dddd", "dd-l+-dddd"};
    gboolean shaped = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(masks) && !shaped; i++) {
        shaped = has_shape(folded, masks[i]);
    }
    if (!shaped) {
        return FALSE;
    }
    const char *word = folded + strspn(folded, "0123456789-");
    const NotationEntries *months = &NOTATION_LISTS[LIST_MONTH];
    for (guint i = 0; i < months->n; i++) {
        gsize n = strlen(months->entry[i].text);
        if (strncmp(word, months->entry[i].text, n) == 0 && !g_ascii_isupper(word[n])) {
            return TRUE;
        }
    }
    return FALSE;
}

const char *notation_damage(const char *folded)
{
    if (is_failure(folded)) {
        return "excel_error";
    }
    gsize day = strcspn(folded, " "); /* "2023-03-12 00:00:00" */
    g_autofree char *date = day <= 10 && strspn(folded + day, " 0:") == strlen(folded + day)
                                ? g_strndup(folded, day)
                                : g_strdup(folded);
    gboolean dated = strpbrk(date, "-/") != NULL && strlen(date) >= 8 &&
                     date_parse(date, DATE_ISO | DATE_DMY | DATE_MDY) > date_from_ymd(1900, 1, 1);
    if (dated || looks_like_month(folded)) {
        return "excel_date";
    }
    const char *hint = shape_of(LIST_DAMAGE, folded);
    if (hint != NULL) {
        return hint;
    }
    gsize n = strlen(folded);
    gboolean rounded = n >= 16 && strspn(folded, "0123456789") == n;
    return rounded && folded[15] == '0' && strspn(folded + 15, "0") == n - 15 ? "excel_round"
                                                                              : NULL;
}
