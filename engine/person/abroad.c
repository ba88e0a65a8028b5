/*
 * What of an address is elsewhere than in Canada and the United States. A number behind a street's
 * name is a house only where no road is called by it ("Highway 63", "Street 128"), and words behind
 * a number are a city only where a house was said before.
 */
#include "engine/person/abroad.h"

#include <string.h>

#define CODE_LEAST   4 /* digits of a postal code */
#define CODE_MOST    6
#define PREFIX_MOST  3 /* letters of a country before it: "FL-2198" */
#define STREET_LEAST 4 /* letters of the word before a house number: "RR 3" is a road */

static gboolean all_digits(const char *word)
{
    return *word && !word[strspn(word, "0123456789")];
}

/* "87", "87B". */
static gboolean is_house(const char *word)
{
    gsize digits = strspn(word, "0123456789");
    return digits > 0 && digits <= CODE_LEAST &&
           (!word[digits] || (g_ascii_isalpha(word[digits]) && !word[digits + 1]));
}

/* Which word of a place is its postal code, others behind it; -1: none. */
static int code_at(const Words *w)
{
    guint at = w->n > 1 && w->glue[1] && strlen(w->at[0]) <= PREFIX_MOST && !all_digits(w->at[0]);
    if (at + 1 >= w->n || !all_digits(w->at[at]) || strlen(w->at[at]) < CODE_LEAST ||
        strlen(w->at[at]) > CODE_MOST || g_ascii_isdigit(w->at[at + 1][0]))
        return -1;
    return words_find(w, w->n - 1, WORD_STREET) ? -1 : (int)at;
}

/* Is there a house in what stands before a place, and no more than that? */
static gboolean is_housed(const char *text, gsize length)
{
    Words head;
    words_cut(&head, text, (gssize)length);
    words_look(&head);
    if (head.n < 2)
        return FALSE;
    return g_ascii_isdigit(head.at[0][0]) ||
           (is_house(head.at[head.n - 1]) && !words_find(&head, head.n - 2, WORD_UNIT));
}

gboolean abroad_place(Address *a, char *text)
{
    for (char *comma = strchr(text, ','); comma; comma = strchr(comma + 1, ',')) {
        Words place;
        words_cut(&place, comma + 1, (gssize)strcspn(comma + 1, ","));
        words_look(&place);
        int code = code_at(&place);
        if (code < 0 || !is_housed(text, (gsize)(comma - text)))
            continue;
        if (!*a->postal)
            g_strlcpy(a->postal, place.at[code], sizeof a->postal);
        g_autofree char *city = words_join(&place, (guint)code + 1, place.n, " ");
        if (!*a->city)
            g_strlcpy(a->city, city, sizeof a->city);
        *comma = '\0';
        return TRUE;
    }
    return FALSE;
}

void abroad_house(Address *a, Words *w)
{
    if (w->n < 2 || !is_house(w->at[w->n - 1]))
        return;
    static const WordKind others[] = {WORD_UNIT, WORD_BOX, WORD_FLOOR, WORD_DIRECTION};
    const char *before = w->at[w->n - 2];
    gboolean strasse = strncmp(before, "STR", 3) == 0 && words_find(w, w->n - 2, WORD_STREET) &&
                       strcmp(before, "STREET") != 0;
    if (!strasse && (words_find(w, w->n - 2, WORD_STREET) || g_ascii_isdigit(before[0]) ||
                     strlen(before) < STREET_LEAST))
        return;
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        if (words_find(w, w->n - 2, others[i]))
            return;
    const char *house = w->at[w->n - 1] + strspn(w->at[w->n - 1], "0");
    g_strlcpy(a->house, *house ? house : "0", sizeof a->house);
    w->n--;
}
