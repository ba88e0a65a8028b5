/*
 * Street addresses of both countries and both languages cut into parts, and the key under which
 * one place is one place. "12, rue Principale, app. 4", "4-12 Main St", "12 MAIN STREET APT 4".
 */
#include "engine/person/address.h"
#include "engine/base/text.h"
#include "engine/person/abroad.h"
#include "engine/person/person.h"

#include <string.h>

/* Puts a part in its buffer unless something stands there already. */
static void put(char *part, gsize room, const char *text)
{
    if (!*part)
        g_strlcpy(part, text, room);
}
#define PUT(part, text) put(part, sizeof(part), text)

/* Adds a word behind others. */
static void add_word(char *part, gsize room, const char *word)
{
    if (*part)
        g_strlcat(part, " ", room);
    g_strlcat(part, word, room);
}

static gboolean is_number(const char *word)
{
    return g_ascii_isdigit(*word);
}

/* "5TH", "5E", "1ERE", "FIFTH" -> "5"; other words NULL. Into buffer, which is returned. */
static const char *ordinal(const Words *w, guint at, char buffer[16])
{
    static const char *const endings[] = {"ST", "ND", "RD", "TH", "E", "ER", "ERE", "RE", "IEME"};
    const char *word = w->at[at];
    gsize digits = strspn(word, "0123456789");
    if (digits == 0)
        return words_find(w, at, WORD_ORDINAL);
    if (digits > 8 || word[digits] == '\0')
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
        if (strcmp(word + digits, endings[i]) == 0)
            return memcpy(memset(buffer, 0, 16), word, digits);
    return NULL;
}

/* A1A1A1 or 99999 (or 99999-9999, cut by then into two words) into one normal form. */
static void postal_normal(char *to, gsize room, const char *text)
{
    g_autofree char *key = text_key(text);
    gsize length = strlen(key);
    gboolean digits = strspn(key, "0123456789") == length;
    if (digits && length > 5)
        key[5] = '\0';
    g_strlcpy(to, digits && length == 4 ? "0" : "", room);
    g_strlcat(to, key, room);
}

static gboolean looks_canadian(const char *a, const char *b)
{
    return strlen(a) == 3 && strlen(b) == 3 && g_ascii_isalpha(a[0]) && g_ascii_isdigit(a[1]) &&
           g_ascii_isalpha(a[2]) && g_ascii_isdigit(b[0]) && g_ascii_isalpha(b[1]) &&
           g_ascii_isdigit(b[2]);
}

/* "LE11" and "1UU". */
static gboolean looks_british(const char *a, const char *b)
{
    gsize letters = strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), length = strlen(a);
    return letters >= 1 && letters <= 2 && g_ascii_isdigit(a[letters]) && length <= letters + 2 &&
           strlen(b) == 3 && g_ascii_isdigit(b[0]) && g_ascii_isalpha(b[1]) &&
           g_ascii_isalpha(b[2]);
}

/* Takes a postal code off the end of the words; TRUE when one was there. place: they are no more
 * than a place, so that the code may be all of them. */
static gboolean take_postal(Address *a, Words *w, gboolean place)
{
    if (w->n >= 2 && (looks_canadian(w->at[w->n - 2], w->at[w->n - 1]) ||
                      (place && looks_british(w->at[w->n - 2], w->at[w->n - 1])))) {
        char both[8] = "";
        g_strlcat(both, w->at[w->n - 2], sizeof both);
        g_strlcat(both, w->at[w->n - 1], sizeof both);
        PUT(a->postal, both);
        w->n -= 2;
        return TRUE;
    }
    guint plus4 = w->n >= 2 && w->glue[w->n - 1] && strlen(w->at[w->n - 1]) == 4;
    const char *last = w->n > plus4 ? w->at[w->n - 1 - plus4] : "";
    gsize length = strlen(last);
    gboolean zip = length == 5 && strspn(last, "0123456789") == 5;
    gboolean joined = length == 6 && g_ascii_isalpha(last[0]) && g_ascii_isdigit(last[1]) &&
                      g_ascii_isalpha(last[2]) && g_ascii_isdigit(last[3]);
    gboolean abroad = place && w->n > 1 && length == 6 && strspn(last, "0123456789") == 6;
    if (w->n < (place ? 1 : 2) + plus4 || !(zip || joined || abroad))
        return FALSE;
    if (!*a->postal)
        postal_normal(a->postal, sizeof a->postal, last);
    w->n -= 1 + plus4;
    return TRUE;
}

static const char *region_code(const char *word)
{
    const char *code = word_find(WORD_PROVINCE, word);
    return code ? code : word_find(WORD_STATE, word);
}

/* How many of the last words are a country's name: "CANADA", "UNITED STATES". */
static guint country_words(const Words *w)
{
    char two[WORDS_BYTES];
    if (w->n >= 1 && word_find(WORD_COUNTRY, w->at[w->n - 1]))
        return 1;
    if (w->n < 2)
        return 0;
    g_snprintf(two, sizeof two, "%s%s", w->at[w->n - 2], w->at[w->n - 1]);
    return word_find(WORD_COUNTRY, two) ? 2 : 0;
}

/* Takes country, postal code and region off the end, in any order. The region only where
 * something tells that the tail is a place: a comma, a postal code. */
static void take_place(Address *a, Words *w, gboolean place)
{
    gboolean all = place;
    if (place)
        w->n -= country_words(w);
    place |= take_postal(a, w, all);
    if (w->n == 0 || !place)
        return;
    const char *code = region_code(w->at[w->n - 1]);
    if (!code)
        return;
    PUT(a->region, code);
    w->n--;
    take_postal(a, w, all);
}

/* City as a key: SAINT and SAINTE written out, words joined by one blank. */
static void city_normal(char *city, gsize room, const Words *w, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        const char *word = w->at[i];
        if (i + 1 < to && (strcmp(word, "ST") == 0 || strcmp(word, "STE") == 0))
            word = strcmp(word, "ST") == 0 ? "SAINT" : "SAINTE";
        else if (i + 1 < to && strcmp(word, "MT") == 0)
            word = "MOUNT";
        else if (i + 1 < to && strcmp(word, "FT") == 0)
            word = "FORT";
        add_word(city, room, word);
    }
}

static void set_unit(Address *a, const char *prefix, const char *word)
{
    if (*a->unit)
        return;
    while (*word == '0' && word[1])
        word++;
    g_strlcpy(a->unit, prefix, sizeof a->unit);
    g_strlcat(a->unit, word, sizeof a->unit);
}

/* Takes "APT 4", "# 4", "2ND FLOOR", "2E ETAGE" out, wherever they stand. */
static void take_unit(Address *a, Words *w, guint from)
{
    char buffer[16];
    for (guint i = from; i < w->n; i++) {
        gboolean more = i + 1 < w->n;
        gboolean hash = w->at[i][0] == '#';
        gboolean floor = words_find(w, i, WORD_FLOOR) != NULL;
        if (hash && i > from && words_find(w, i - 1, WORD_UNIT))
            words_drop(w, --i, 1);
        if (more && (hash || words_find(w, i, WORD_UNIT)) && w->n > i + 1) {
            guint skip = w->at[i + 1][0] == '#' && i + 2 < w->n ? 2 : 1;
            const char *value = w->at[i + skip];
            if (strcmp(w->at[i], "STE") == 0 && !is_number(value) && strlen(value) > 2)
                continue;
            set_unit(a, "", value);
            words_drop(w, i, skip + 1);
            i--;
        } else if (floor && i > from && ordinal(w, i - 1, buffer)) {
            set_unit(a, "FL", ordinal(w, i - 1, buffer));
            words_drop(w, i - 1, 2);
            i -= 2;
        } else if (floor && more && is_number(w->at[i + 1]) && i > 1) {
            set_unit(a, "FL", w->at[i + 1]);
            words_drop(w, i, 2);
            i--;
        }
    }
}

/* "D", "B12", "PH2": a letter or two, then digits or nothing. */
static gboolean is_lettered_unit(const char *word)
{
    gsize letters = 0;
    while (g_ascii_isupper(word[letters]))
        letters++;
    return letters >= 1 && letters <= 2 && (letters == 1 || word[letters]) &&
           strlen(word + letters) <= 4 && !word[letters + strspn(word + letters, "0123456789")];
}

/* House number off the front; "4-12 Main" is unit 4 of house 12 unless the region is a state,
 * "D-12 Main" is unit D of house 12. */
static void take_house(Address *a, Words *w)
{
    char buffer[16];
    if (w->n >= 3 && w->glue[1] && is_number(w->at[1]) && is_lettered_unit(w->at[0])) {
        set_unit(a, "", w->at[0]);
        words_drop(w, 0, 1);
    }
    if (w->n >= 3 && (is_number(w->at[1]) || is_lettered_unit(w->at[1])) && is_number(w->at[2]) &&
        words_find(w, 0, WORD_UNIT)) {
        set_unit(a, "", w->at[1]);
        words_drop(w, 0, 2);
    }
    if (w->n >= 2 && w->at[0][0] == '#')
        words_drop(w, 0, 1);
    if (w->n == 0 || !is_number(w->at[0]) || (w->n >= 2 && ordinal(w, 0, buffer)))
        return;
    gboolean two = w->n >= 3 && w->glue[1] && is_number(w->at[1]);
    if (two && *a->region && word_find(WORD_STATE, a->region)) {
        g_snprintf(a->house, sizeof a->house, "%s-%s", w->at[0], w->at[1]);
        words_drop(w, 0, 2);
        return;
    }
    if (two) {
        set_unit(a, "", w->at[0]);
        words_drop(w, 0, 1);
    }
    const char *digits = w->at[0];
    while (*digits == '0' && digits[1])
        digits++;
    PUT(a->house, digits);
    words_drop(w, 0, 1);
    if (w->n >= 3 && strcmp(w->at[0], "1") == 0 && strcmp(w->at[1], "2") == 0)
        words_drop(w, 0, 2);
}

/* Name, then type, then direction, so that "rue Main Ouest" is "Main St W". */
static void street_normal(char *street, gsize room, const Words *w)
{
    const char *type = NULL, *direction = NULL;
    guint from = 0, to = w->n;
    char buffer[16];
    if (to - from >= 2 && words_find(w, to - 1, WORD_DIRECTION))
        direction = words_find(w, --to, WORD_DIRECTION);
    if (to - from >= 2 && words_find(w, to - 1, WORD_STREET))
        type = words_find(w, --to, WORD_STREET);
    if (!direction && to - from >= 2 && words_find(w, from, WORD_DIRECTION) &&
        strcmp(w->at[from], "O") != 0)
        direction = words_find(w, from++, WORD_DIRECTION);
    if (!type && to - from >= 2 && words_find(w, from, WORD_STREET) &&
        (strcmp(w->at[from], "ST") != 0))
        type = words_find(w, from++, WORD_STREET);
    while (from + 1 < to && (strcmp(w->at[from], "DE") == 0 || strcmp(w->at[from], "DU") == 0 ||
                             strcmp(w->at[from], "DES") == 0 || strcmp(w->at[from], "LA") == 0 ||
                             strcmp(w->at[from], "L") == 0 || strcmp(w->at[from], "D") == 0))
        from++;
    for (guint i = from; i < to; i++) {
        const char *word = w->at[i], *number = ordinal(w, i, buffer);
        gsize length = strlen(word);
        if (i + 1 < to && (strcmp(word, "ST") == 0 || strcmp(word, "STE") == 0))
            word = strcmp(word, "ST") == 0 ? "SAINT" : "SAINTE";
        add_word(street, room, number ? number : word);
        if (length > 6 && strcmp(word + length - 3, "STR") == 0) /* "HAUPTSTR" */
            g_strlcat(street, "ASSE", room);
    }
    if (type)
        add_word(street, room, type);
    if (direction)
        add_word(street, room, direction);
}

/* Could what is_box() looks for begin with the word? */
static gboolean may_be_box(const Words *w, guint i)
{
    const char first = w->at[i][0];
    return first == 'C' || first == 'G' || first == 'P' || words_find(w, i, WORD_BOX);
}

/* "PO BOX 12", "C.P. 12", "General delivery", "Poste restante"; number: of the box, or "". */
static gboolean is_box(const Words *w, const char **number)
{
    *number = "";
    for (guint i = 0; i < w->n; i++) {
        if (!may_be_box(w, i))
            continue;
        const char *word = w->at[i], *next = i + 1 < w->n ? w->at[i + 1] : "";
        const char *third = i + 2 < w->n ? w->at[i + 2] : "";
        gboolean pair = (strcmp(word, "CASE") == 0 && strcmp(next, "POSTALE") == 0) ||
                        (strcmp(word, "C") == 0 && strcmp(next, "P") == 0);
        *number = pair ? third : next;
        *number += strspn(*number, "#");
        if (!is_number(*number))
            *number = "";
        if (pair || (**number && (words_find(w, i, WORD_BOX) || strcmp(word, "POB") == 0)) ||
            (words_find(w, i, WORD_BOX) && next[0] == '#'))
            return TRUE;
        if ((strcmp(word, "GENERAL") == 0 && strcmp(next, "DELIVERY") == 0) ||
            (strcmp(word, "POSTE") == 0 && strcmp(next, "RESTANTE") == 0))
            return TRUE;
    }
    return FALSE;
}

/* Is it a house and the whole name of its street? What then stands between it and the city is no
 * more of it: "12 Main St, Brooklyn, New York". */
static gboolean is_whole(const char *text, const char *end)
{
    Words head;
    words_cut(&head, text, (gssize)(end - text));
    words_look(&head);
    return head.n > 2 && is_number(head.at[0]) && words_find(&head, head.n - 1, WORD_STREET);
}

/* What stands behind the last comma (or behind the unit) is the place: takes it off `text`. */
static void take_tail(Address *a, char *text, gboolean want_city)
{
    for (guint round = 0; round < 4; round++) {
        char *comma = strrchr(text, ',');
        Words tail;
        if (!comma || comma == text)
            return;
        words_cut(&tail, comma + 1, -1);
        words_look(&tail);
        gboolean first = strcspn(text, ",") == (gsize)(comma - text);
        gboolean house_only = first && strspn(text, "0123456789 -") == (gsize)(comma - text);
        gboolean unit = tail.n > 0 && (words_find(&tail, 0, WORD_UNIT) || tail.at[0][0] == '#' ||
                                       words_find(&tail, tail.n - 1, WORD_FLOOR));
        if (house_only || unit)
            return;
        take_place(a, &tail, TRUE);
        if (tail.n > 0 && (is_number(tail.at[0]) || (*a->city && !is_whole(text, comma))))
            return;
        if (tail.n > 0 && want_city && !*a->city)
            city_normal(a->city, sizeof a->city, &tail, 0, tail.n);
        *comma = '\0';
    }
}

/* Is it the address of a house of many? "Prison Rd" is a road. */
static gboolean is_shared(const Words *w)
{
    for (guint i = 0; i < w->n; i++)
        if (words_find(w, i, WORD_SHARED) && (i + 1 == w->n || !words_find(w, i + 1, WORD_STREET)))
            return TRUE;
    return FALSE;
}

/* "#01-11, Hill House, 4 Hillview Rise": a unit of its own before the building. */
static char *behind_unit(Address *a, char *folded)
{
    gsize digits = strspn(folded + (*folded == '#'), "0123456789- ");
    if (*folded != '#' || folded[1 + digits] != ',')
        return folded;
    folded[1 + digits] = '\0';
    PUT(a->unit, g_strstrip(folded + 1));
    return folded + digits + 2 + strspn(folded + digits + 2, " ");
}

/* "Skyline Apartments, 705 Sheppard Ave": what is written behind a building's name. A line break
 * may stand there, or what a spreadsheet makes of one. */
static char *behind_building(char *folded)
{
    for (char *p = strstr(folded, "\\N"); p; p = strstr(p, "\\N"))
        p[0] = p[1] = ',';
    char *comma = folded + strcspn(folded, ",0123456789#");
    if (*comma != ',')
        return folded;
    Words head; /* "Unit D, 705 Sheppard Ave" */
    words_cut(&head, folded, comma - folded);
    words_look(&head);
    if (head.n > 0 && words_find(&head, 0, WORD_UNIT))
        return folded;
    char *rest = comma + strspn(comma, ", ");
    return g_ascii_isdigit(*rest) && strpbrk(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") ? rest : folded;
}

/* "Skyline Apartments 705 Sheppard Ave" without a comma: words before a house number are dropped
 * where none of them says what kind of street, unit or box it is, and one behind it does. */
static void drop_building(Words *w)
{
    guint house = 0;
    gboolean street = FALSE, name = FALSE;
    for (; house < w->n && !is_number(w->at[house]); house++)
        name |= strlen(w->at[house]) > 3;
    if (house == w->n || w->glue[house] || !name)
        return;
    for (guint i = 0; i < w->n; i++) {
        gboolean kind = words_find(w, i, WORD_STREET) != NULL;
        street |= i > house + 1 && kind;
        if (i < house && (kind || w->at[i][0] == '#' || words_find(w, i, WORD_UNIT) ||
                          words_find(w, i, WORD_DIRECTION) || words_find(w, i, WORD_BOX)))
            return;
    }
    if (street)
        words_drop(w, 0, house);
}

void address_place(Address *a, const char *city, const char *region, const char *postal)
{
    a->house[0] = a->street[0] = a->unit[0] = a->city[0] = a->region[0] = a->postal[0] = 0;
    a->box = a->shared = FALSE;
    if (text_present(city)) {
        Words words;
        g_autofree char *folded = text_fold(city);
        words_cut(&words, folded, -1);
        city_normal(a->city, sizeof a->city, &words, 0, words.n);
    }
    if (text_present(region)) {
        g_autofree char *key = text_key(region);
        const char *code = region_code(key);
        PUT(a->region, code ? code : key);
    }
    if (text_present(postal))
        postal_normal(a->postal, sizeof a->postal, postal);
}

void address_street(Address *a, const char *street)
{
    Words words;
    const char *number;
    g_autofree char *folded = text_fold(street);
    words_cut(&words, folded, -1);
    words_look(&words);
    a->shared = is_shared(&words);
    char *text = behind_building(behind_unit(a, folded));
    gboolean places = strchr(text, ',') != NULL;
    if (places && !abroad_place(a, text))
        take_tail(a, text, !*a->city);
    if (places || text != folded) {
        words_cut(&words, text, -1);
        words_look(&words);
    }
    take_place(a, &words, FALSE);
    a->box = is_box(&words, &number);
    if (a->box) {
        PUT(a->house, number);
        if (*number)
            g_snprintf(a->street, sizeof a->street, "BOX %s", number);
        return;
    }
    drop_building(&words);
    take_house(a, &words);
    take_unit(a, &words, 0);
    if (!*a->house && words.n > 0 && !is_number(words.at[0]))
        abroad_house(a, &words);
    street_normal(a->street, sizeof a->street, &words);
}

char *address_key(const char *street, const char *city, const char *region, const char *postal)
{
    Address a;
    if (!text_present(street))
        return NULL;
    address_place(&a, city, region, postal);
    address_street(&a, street);
    if (!*a.house || !*a.street || a.box)
        return NULL;
    return g_strconcat(a.house, " ", a.street, *a.unit ? " #" : "", a.unit, "|",
                       *a.city ? a.city : a.postal, "|", a.region, NULL);
}
