/*
 * One cell with a whole name: an organisation, "SURNAME, Given" or "Given Surname", with titles,
 * suffixes and particles. Used by the loaders; names that come in parts do not pass here.
 */
#include "engine/base/text.h"
#include "engine/person/model.h"
#include "engine/person/person.h"
#include "engine/person/words.h"

#include <string.h>

/* Is it an organisation by its words, or by digits or an ampersand that stand in no bracket? */
static gboolean is_organisation(const Words *words, const char *folded)
{
    if (strpbrk(folded, "0123456789&@") && words->n > 0)
        return TRUE;
    for (guint i = 0; i < words->n; i++)
        if (word_find(WORD_ORG, words->at[i]))
            return TRUE;
    return words->n >= 3 && word_find(WORD_ORG_END, words->at[words->n - 1]);
}

/* Takes titles off the front and a suffix off the end; the suffix as written or NULL. */
static char *strip_titles(Words *words)
{
    while (words->n > 1 && words->at[0][1] && word_find(WORD_TITLE, words->at[0]))
        words_drop(words, 0, 1);
    if (words->n < 2 || !word_find(WORD_SUFFIX, words->at[words->n - 1]))
        return NULL;
    if (words->n == 2 && strlen(words->at[1]) > 2)
        return NULL;
    char *suffix = g_strdup(words->at[words->n - 1]);
    words->n--;
    return suffix;
}

/* Where the surname starts in "Given [Middle] Surname": the last word and the particles before; 0
 * where there is no word at all ("-, Jr."). */
static guint surname_start(const Words *words)
{
    guint at = MAX(words->n, 1) - 1;
    while (at > 1 && (words->glue[at] || (strlen(words->at[at - 1]) > 1 &&
                                          word_find(WORD_PARTICLE, words->at[at - 1]))))
        at--;
    return at;
}

/* Given words [from, to): the first (with what hyphens join to it) and the rest as middle. */
static void given_split(PersonName *name, const Words *words, guint from, guint to)
{
    guint cut = from + 1;
    while (cut < to && words->glue[cut])
        cut++;
    name->first = words_join(words, from, MIN(cut, to), " ");
    name->middle = words_join(words, MIN(cut, to), to, " ");
}

/* The first word of the raw cell all upper case and the last one not: "TREMBLAY Jean". */
static gboolean surname_shouted(const char *cell)
{
    const char *blank = strpbrk(cell, " \t"), *last = strrchr(cell, ' ');
    if (!blank || blank - cell < 2 || !last)
        return FALSE;
    gboolean lower = FALSE;
    for (const char *p = cell; p < blank; p = g_utf8_next_char(p))
        if (g_unichar_islower(g_utf8_get_char(p)))
            return FALSE;
    for (const char *p = last; *p; p = g_utf8_next_char(p))
        lower |= g_unichar_islower(g_utf8_get_char(p));
    return lower;
}

/* Surname before the comma, given names after it; a second comma may bring a suffix. */
static void comma_name(PersonName *name, const char *folded, const char *comma)
{
    Words last, given;
    words_cut(&last, folded, comma - folded);
    words_cut(&given, comma + 1, -1);
    if (given.n == 1 && word_find(WORD_SUFFIX, given.at[0])) {
        name->suffix = g_strdup(given.at[0]);
        guint at = surname_start(&last);
        name->last = words_join(&last, at, last.n, " ");
        if (last.n > 1)
            given_split(name, &last, 0, at);
        return;
    }
    name->suffix = strip_titles(&given);
    if (!name->suffix)
        name->suffix = strip_titles(&last);
    name->last = words_join(&last, 0, last.n, " ");
    given_split(name, &given, 0, given.n);
}

static void plain_name(PersonName *name, const char *cell, const char *folded)
{
    Words words;
    words_cut(&words, folded, -1);
    gboolean shouted = surname_shouted(cell);
    name->suffix = strip_titles(&words);
    if (words.n == 0)
        return;
    if (shouted && words.n > 1) {
        name->last = words_join(&words, 0, 1, " ");
        given_split(name, &words, 1, words.n);
        return;
    }
    guint at = surname_start(&words);
    name->last = words_join(&words, at, words.n, " ");
    given_split(name, &words, 0, at);
}

/* "ROBERT (BOB) SMITH" without what stands in brackets. */
static char *without_brackets(const char *cell)
{
    GString *out = g_string_new(NULL);
    guint depth = 0;
    for (const char *p = cell; *p; p++) {
        depth += *p == '(';
        if (depth == 0)
            g_string_append_c(out, *p);
        if (*p == ')' && depth > 0)
            depth--;
    }
    return g_string_free(out, FALSE);
}

#define HAN_MOST 4 /* characters of a Chinese name */

/* A Chinese name in its own characters, surname first: of two where there are four. TRUE when it
 * was one. */
static gboolean han_name(PersonName *name, const char *cell)
{
    glong n = g_utf8_strlen(cell, -1);
    if (n < 2 || n > HAN_MOST)
        return FALSE;
    for (const char *p = cell; *p; p = g_utf8_next_char(p))
        if (g_unichar_get_script(g_utf8_get_char(p)) != G_UNICODE_SCRIPT_HAN)
            return FALSE;
    const char *given = g_utf8_offset_to_pointer(cell, n == HAN_MOST ? 2 : 1);
    name->last = g_strndup(cell, (gsize)(given - cell));
    name->first = g_strdup(given);
    return TRUE;
}

PersonName person_name_parse(const char *cell)
{
    PersonName name = {0};
    if (!text_present(cell))
        return name;
    g_autofree char *squeezed = text_squeeze(cell);
    if (han_name(&name, squeezed))
        return name;
    g_autofree char *whole = text_fold(squeezed);
    g_autofree char *open = without_brackets(squeezed);
    g_autofree char *plain = text_squeeze(open);
    g_autofree char *folded = text_fold(plain);
    Words words;
    words_cut(&words, whole, -1);
    if (is_organisation(&words, text_present(folded) ? folded : whole)) {
        name.organisation = TRUE;
        name.last = g_steal_pointer(&squeezed);
        return name;
    }
    const char *comma = strchr(folded, ',');
    if (comma && comma > folded && text_present(comma + 1))
        comma_name(&name, folded, comma);
    else
        plain_name(&name, plain, folded);
    return name;
}

#define GIVEN_MIN 3 /* letters of a given name that nobody knows: "TORONTO, ON" is none */

/* Is it surely a person, and no "aka", "no fixed address" or place that stands behind one: of a
 * known given name, or the surname first? */
static gboolean is_listed(const PersonModel *model, const char *cell)
{
    PersonName name = person_name_parse(cell);
    gboolean known = name.first && given_is_known(model, name.first);
    gboolean listed = !name.organisation && name.last && name.first &&
                      (known || (strchr(cell, ',') && strlen(name.first) >= GIVEN_MIN));
    person_name_clear(&name);
    return listed;
}

/* "JOHN SMITH; MARY JONES": each of them a name of several words. */
static char **names_listed(const PersonModel *model, const char *cell)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(cell, ";", -1);
    for (char **part = parts; *part; part++) {
        if (!text_present(g_strstrip(*part)))
            continue;
        if (!is_listed(model, *part))
            return NULL;
        g_ptr_array_add(names, g_strdup(*part));
    }
    if (names->len < 2)
        return NULL;
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_steal(names, NULL);
}

/* Is it a surname of one word behind its particles ("DE LA CRUZ"), and no "SMITH FAMILY TRUST"? */
static gboolean is_surname(const char *text)
{
    Words words;
    words_cut(&words, text, -1);
    for (guint i = 0; i + 1 < words.n; i++) {
        if (!word_find(WORD_PARTICLE, words.at[i]) && !words.glue[i + 1])
            return FALSE;
    }
    return words.n > 0 && !is_organisation(&words, text);
}

/* "SMITH, JOHN & MARY", both of whom are known as given names: "DEWEY, CHEATHAM & HOWE" is a firm.
 */
static char **names_joined(const PersonModel *model, const char *cell)
{
    static const char *const signs[] = {" & ", " AND ", " ET "};
    g_autofree char *folded = text_fold(cell);
    const char *comma = strchr(folded, ','), *sign = NULL;
    gsize length = 0;
    for (gsize i = 0; comma && !sign && i < G_N_ELEMENTS(signs); i++) {
        sign = strstr(comma, signs[i]);
        length = strlen(signs[i]);
    }
    if (!sign || strchr(comma + 1, ','))
        return NULL;
    g_autofree char *last = g_strndup(folded, (gsize)(comma - folded));
    g_autofree char *first = g_strndup(comma + 1, (gsize)(sign - comma - 1));
    const char *second = sign + length;
    g_strstrip(first);
    if (!given_is_known(model, first) || !given_is_known(model, second) || !is_surname(last))
        return NULL;
    char **names = g_new0(char *, 3);
    names[0] = g_strdup_printf("%s, %s", last, first);
    names[1] = g_strdup_printf("%s, %s", last, second);
    return names;
}

char **person_names_split(const PersonModel *model, const char *cell)
{
    g_autofree char *squeezed = text_squeeze(cell);
    return strchr(squeezed, ';') ? names_listed(model, squeezed) : names_joined(model, squeezed);
}

char *person_surname_key(const char *last)
{
    g_autofree char *folded = text_fold(last);
    Words words;
    words_cut(&words, folded, -1);
    if (words.n > 1 && words.at[words.n - 1][1] && word_find(WORD_SUFFIX, words.at[words.n - 1]))
        words.n--;
    g_autofree char *joined = words_join(&words, 0, words.n, " ");
    return text_key(joined ? joined : last);
}

void person_name_clear(PersonName *name)
{
    g_clear_pointer(&name->last, g_free);
    g_clear_pointer(&name->first, g_free);
    g_clear_pointer(&name->middle, g_free);
    g_clear_pointer(&name->suffix, g_free);
}
