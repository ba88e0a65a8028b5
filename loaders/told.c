/*
 * What a text tells among other words, or together with another cell: a serial number by its own
 * word, a trace, an office, a region with what stands beside it, a type of firearm by its calibre.
 * Which cells are asked, and what a row makes of it, is normalise.c's and whole.c's business.
 */
#include "loaders/told.h"

#include <string.h>

#include "engine/base/date.h"
#include "loaders/memo.h"

/* Words that announce a serial number ("N/S", "serial no"), those before them that say whose it is
 * ("slide", "other"): most words that one of them has. */
#define LABEL_WORDS 4

/* A number in running text has at least so many letters and digits. */
#define TOLD_MIN 5

/* How many of the words are what a label says; 0: they are none. */
static guint label_length(const CodeTable *table, char *const *words)
{
    guint known = 0;
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint n = 0; n < LABEL_WORDS && words[n]; n++) {
        g_string_append_printf(text, "%s%s", n ? " " : "", words[n]);
        if (g_strcmp0(code_find(table, text->str), "LABEL") == 0)
            known = n + 1;
    }
    return known;
}

/* The word as a number, without the signs around it; NULL when it is none; g_free. */
static char *number_of(const char *word)
{
    g_autofree char *key = text_key(word ? word : "");
    gsize n = strcspn(word ? word : "", ",;:()\"'");

    if (strlen(key) < TOLD_MIN || !strpbrk(key, "0123456789") || n < strlen(key))
        return NULL;
    while (n > 0 && word[n - 1] == '.')
        n--;
    return g_strndup(word, n);
}

static char **text_words(const char *text)
{
    g_autofree char *squeezed = text_squeeze(text);
    g_autofree char *folded = text_fold(squeezed);

    return g_strsplit_set(folded, " :#", -1);
}

/* The code of a word without the signs around it, or NULL. */
static const char *word_code(const CodeTable *table, const char *word)
{
    const char *start = word ? word + strspn(word, "(\"'-") : "";
    g_autofree char *plain = g_strndup(start, strcspn(start, ",;.()\""));

    return *plain ? code_find(table, plain) : NULL;
}

static gboolean is_word(const CodeTable *table, const char *word, const char *code)
{
    return g_strcmp0(word_code(table, word), code) == 0;
}

/* No word at all: what stood between two blanks or signs. */
static gboolean is_mark(const char *word)
{
    return strspn(word, "-/(\"'") == strlen(word);
}

/* What is said before the end of a clause is not said of what stands behind it. */
static gboolean ends_clause(const char *word)
{
    return *word && strchr(",;.", word[strlen(word) - 1]) != NULL;
}

/* Words around a number that tell how it was found: "IS", "RESTORED BY LAB AS". */
static gboolean is_link(const CodeTable *table, const char *word)
{
    static const char *const codes[] = {"LINK", "WAY", "RESTORED", "LAB", NULL};
    const char *code = word_code(table, word);

    return is_mark(word) || (code && g_strv_contains(codes, code));
}

/* How many words are links, up to the end of a clause. */
static guint skip_links(const CodeTable *table, char *const *words)
{
    guint n = 0;

    while (words[n] && is_link(table, words[n]) && !(n > 0 && ends_clause(words[n - 1])))
        n++;
    return n;
}

/* The first of the links that stand before a word. */
static guint links_before(const CodeTable *table, char *const *words, guint at)
{
    while (at > 0 && is_link(table, words[at - 1]) && !ends_clause(words[at - 1]))
        at--;
    return at;
}

static gboolean has_word(const CodeTable *table, char *const *words, guint n, const char *code)
{
    for (guint i = 0; i < n; i++)
        if (is_word(table, words[i], code))
            return TRUE;
    return FALSE;
}

/* Does a sentence speak of another firearm before its label: "ALSO SEIZED: GLOCK 26 S/N"? But not
 * "NO OTHER". */
static gboolean tells_other(const CodeTable *table, char *const *words, guint at)
{
    for (; at > 0; at--) {
        const char *word = words[at - 1];

        if (*word && strchr(";.", word[strlen(word) - 1]))
            return FALSE;
        if (is_word(table, word, "OTHER") && !(at > 1 && is_word(table, words[at - 2], "NONE")))
            return TRUE;
    }
    return FALSE;
}

/* Do the words before a label say that it is not the firearm's ("SLIDE", "NO", "OTHER")? What
 * ends a sentence is not said of the next: "lot number on barrel; serial ABC123". */
static gboolean is_others(const CodeTable *table, char *const *words, guint label)
{
    guint at = links_before(table, words, label);
    const char *before = at > 0 ? words[at - 1] : "";
    gboolean ended = *before && strchr(";.", before[strlen(before) - 1]);

    return (!ended && word_code(table, before)) || tells_other(table, words, label);
}

/* Do the words behind a number give it to a part: "ON THE SLIDE", "(slide)"? */
static gboolean is_given_away(const CodeTable *table, char *const *behind)
{
    static const char *const codes[] = {"PART", "THING", "OTHER", NULL};
    const char *word = behind[skip_links(table, behind)];
    const char *code = word_code(table, word);

    return code && g_strv_contains(codes, code);
}

/* May a number stand right behind these words? Behind "BY LAB" and "ON" a file's or a day does. */
static gboolean leads_to_number(const CodeTable *table, char *const *links, guint n)
{
    for (guint i = 0; i < n; i++)
        if (ends_clause(links[i]))
            return FALSE;
    while (n > 0 && is_mark(links[n - 1]))
        n--;
    return n == 0 || !(is_word(table, links[n - 1], "WAY") || is_word(table, links[n - 1], "LAB"));
}

/* Does what stands around a label and its number say that it was restored? */
static gboolean is_restored(const CodeTable *table, char *const *words, guint label, guint links,
                            guint number)
{
    guint from = links_before(table, words, label);
    char *const *behind = words + number + 1;

    return has_word(table, words + from, label - from, "RESTORED") ||
           has_word(table, words + links, number - links, "RESTORED") ||
           has_word(table, words + links, number - links, "LAB") ||
           has_word(table, behind, skip_links(table, behind), "RESTORED");
}

char *told_serial(const CodeTable *table, const char *text, gboolean restored)
{
    g_auto(GStrv) words = text_words(text);
    g_autofree char *found = NULL;

    for (guint label = 0, n; words[label]; label += MAX(n, 1)) {
        n = label_length(table, words + label);
        if (n == 0 || is_others(table, words, label))
            continue;
        guint links = label + n, at = links + skip_links(table, words + links);
        g_autofree char *number = number_of(words[at]);
        if (!number || !leads_to_number(table, words + links, at - links) ||
            is_given_away(table, words + at + 1) ||
            (at > links && date_parse(number, DATE_ISO) != DAY_NONE) ||
            (restored && !is_restored(table, words, label, links, at)))
            continue;
        if (found && strcmp(number, found) != 0)
            return NULL;
        if (!found)
            found = g_steal_pointer(&number);
    }
    return g_steal_pointer(&found);
}

#define FORM_MAX 32 /* bytes of a number that a form tells */

/* Bytes of a number of a form that stands here in a folded text; without its marks in plain. 0:
 * none stands here. */
static gsize form_at(const char *form, const char *text, const char *at, char plain[FORM_MAX])
{
    const char *p = at;
    gsize n = 0;

    if (at > text && g_ascii_isalnum(at[-1]))
        return 0;
    for (; *form && n < FORM_MAX - 1; form++) {
        if (*form == '-') {
            p += *p == '-' || *p == ' ';
            continue;
        }
        if (*form == 'd' ? !g_ascii_isdigit(*p) : *p != *form)
            return 0;
        plain[n++] = *p++;
    }
    plain[n] = '\0';
    return *form || g_ascii_isalnum(*p) ? 0 : (gsize)(p - at);
}

/* The whole text as a number of the form without the letters that it begins with; g_free. */
static char *told_alone(const CodeTable *forms, const char *form, const char *text)
{
    const char *alone = code_cell(forms, "TRACE", "alone");
    g_auto(GStrv) masks = g_strsplit(alone ? alone : "", ";", -1);
    char plain[FORM_MAX];

    for (char **mask = masks; *mask; mask++)
        if (**mask && form_at(*mask, text, text, plain) == strlen(text))
            return g_strdup_printf("%.*s%s", (int)strcspn(form, "-d"), form, plain);
    return NULL;
}

char *told_trace(const CodeTable *forms, const char *text)
{
    const char *form = forms ? code_cell(forms, "TRACE", "form") : NULL;
    char found[FORM_MAX] = "", plain[FORM_MAX];

    if (!form || !*form)
        return NULL;
    for (const char *at = strchr(text, *form); at; at = strchr(at + 1, *form)) {
        gsize n = form_at(form, text, at, plain);

        if (n == 0)
            continue;
        if (n == strlen(text) || (*found && strcmp(found, plain) != 0))
            return NULL;
        g_strlcpy(found, plain, sizeof found);
    }
    return *found ? g_strdup(found) : told_alone(forms, form, text);
}

const char *told_office(Cleaner *cleaner, const char *text)
{
    const char *at = text + strcspn(text, "0123456789");
    gsize digits = strspn(at, "0123456789");
    char code[5];

    if (digits < 3 || digits > 5 || strpbrk(at + digits, "0123456789"))
        return NULL;
    g_snprintf(code, sizeof code, "%04u", (guint)g_ascii_strtoull(at, NULL, 10) % 10000);
    return g_ascii_strtoull(at, NULL, 10) < 10000 ? clean_code(cleaner, "offices", code) : NULL;
}

#define REGION_MAX   60 /* bytes of a cell whose parts are looked at */
#define REGION_MARKS ",-()/"

/* Does a part of a region's cell say the region, or the country that it lies in? */
static gboolean says_region(Cleaner *cleaner, const char *part, const char *region)
{
    const char *country = table_find(cleaner, "countries", part);

    return g_strcmp0(table_find(cleaner, "regions", part), region) == 0 ||
           (country &&
            g_strcmp0(country, clean_attribute(cleaner, "regions.country", region)) == 0);
}

const char *told_region(Cleaner *cleaner, const char *text)
{
    g_auto(GStrv) parts = NULL;
    const char *found = NULL;

    if (strlen(text) > REGION_MAX || !strpbrk(text, REGION_MARKS))
        return NULL;
    parts = g_strsplit_set(text, REGION_MARKS, -1);
    for (char **part = parts; *part; part++) {
        const char *region = table_find(cleaner, "regions", *part);
        gboolean all = region != NULL;

        for (char **other = parts; all && *other; other++)
            all = !text_present(*other) || says_region(cleaner, *other, region);
        if (all && found && strcmp(found, region) != 0)
            return NULL;
        found = all ? region : found;
    }
    return found;
}

/* Has a list of a table's cell, "A;B", this text_key()? */
static gboolean cell_lists(const char *list, const char *key)
{
    g_auto(GStrv) words = g_strsplit(list ? list : "", ";", -1);

    for (char **word = words; *word; word++) {
        g_autofree char *other = text_key(*word);

        if (*other && strcmp(other, key) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Letters alone, in capitals, with their accents; g_free. */
static char *accented_key(const char *text)
{
    g_autofree char *upper = g_utf8_strup(text, -1);
    g_autofree char *plain = g_utf8_normalize(upper, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    GString *key = g_string_new(NULL);

    for (const char *p = plain ? plain : ""; *p; p = g_utf8_next_char(p))
        if (g_unichar_isalpha(g_utf8_get_char(p)))
            g_string_append_unichar(key, g_utf8_get_char(p));
    return g_string_free(key, FALSE);
}

typedef struct {
    const CodeTable *table;
    const char *text, *country;
    const char *code;
} AccentSearch;

static void try_accented(const char *code, gpointer data)
{
    AccentSearch *search = data;
    const char *cell = code_cell(search->table, code, "accented");
    g_auto(GStrv) forms = g_strsplit(cell ? cell : "", ";", -1);
    gboolean beside = search->country &&
                      g_strcmp0(search->country, code_cell(search->table, code, "country")) == 0;
    g_autofree char *key = beside ? text_key(search->text) : accented_key(search->text);

    for (char **form = forms; *form && !search->code; form++) {
        g_autofree char *other = beside ? text_key(*form) : accented_key(*form);

        if (*other && strcmp(other, key) == 0)
            search->code = code;
    }
}

const char *told_accented(Cleaner *cleaner, const char *text, const char *country)
{
    AccentSearch search = {code_table(cleaner->codes, "regions"), text, country, NULL};

    if (search.table)
        code_visit(search.table, try_accented, &search);
    return search.code;
}

typedef struct {
    const CodeTable *table;
    const char *key, *family;
    const char *code;
    gboolean ambiguous;
} TypeSearch;

static void try_type(const char *code, gpointer data)
{
    TypeSearch *search = data;

    if (!cell_lists(code_cell(search->table, code, "by_calibre"), search->key))
        return;
    search->ambiguous = TRUE;
    if (search->family && !search->code) {
        g_autofree char *family = text_key(search->family);

        if (*family && cell_lists(code_cell(search->table, code, "families"), family))
            search->code = code;
    }
}

const char *told_type(Cleaner *cleaner, const char *word, const char *calibre, gboolean *ambiguous)
{
    const CodeTable *calibres = code_table(cleaner->codes, "calibres");
    g_autofree char *key = text_key(word);
    TypeSearch search = {.table = code_table(cleaner->codes, "firearm_types"), .key = key};

    *ambiguous = TRUE; /* without the table no word is unknown */
    if (!search.table)
        return NULL;
    search.family = calibre && calibres ? code_cell(calibres, calibre, "family") : NULL;
    code_visit(search.table, try_type, &search);
    *ambiguous = search.ambiguous;
    return search.code;
}
