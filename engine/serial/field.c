/*
 * Cuts a serial field into its numbers and what the words around them say: which number is the
 * frame's, which is a slide's or a tag's, which is an end or a beginning. Positions are read in
 * positions.c.
 */
#include "engine/serial/reading.h"

#include <string.h>

/* A phrase or a number, in the order of the text. */
typedef struct {
    const Phrase *phrase; /* NULL: a number */
    gboolean bracketed;   /* behind a number */
    gboolean opened;      /* behind a bracket */
    guint number;
} Item;

typedef struct {
    Item item[2 * FIELD_MAX];
    guint n;
} Items;

static void add_number(Field *field, Items *items, const char *text, gsize length)
{
    if (length == 0 || field->n == FIELD_MAX || items->n == G_N_ELEMENTS(items->item)) {
        return;
    }
    items->item[items->n++] = (Item){.number = field->n};
    field->number[field->n++] = (Number){.text = g_strndup(text, length), .role = WORD_LABEL};
}

/* A stretch without numbers may spell a literal: "N - A", "N-S-N". */
static void add_piece(Field *field, Items *items, const char *text, gsize n)
{
    number_trim(&text, &n);
    const Phrase *phrase = notation_spelled(text, n);
    if (phrase == NULL) {
        add_number(field, items, text, n);
    } else if (items->n < G_N_ELEMENTS(items->item)) {
        items->item[items->n++] = (Item){.phrase = phrase};
    }
}

static void add_stretch(Field *field, Items *items, const char *text, gsize n)
{
    gsize from = 0;
    for (gsize i = 0; i < n; i++) {
        gsize mark = number_divider(text, n, i);
        if (mark > 0 && i >= from && i + mark < n && text_stands_alone(text + from, i - from) &&
            text_stands_alone(text + i + mark, n - i - mark)) {
            add_piece(field, items, text + from, i - from);
            from = i + mark;
        }
    }
    add_piece(field, items, text + from, n - from);
}

/* Does a number stand here, or a label of one? */
static gboolean before_number(const char *at)
{
    gsize label;
    at += strspn(at, " :=#'\"(.,;");
    const Phrase *phrase = notation_phrase(at, &label);
    gsize n = strcspn(at, " ,;:()");
    return (phrase != NULL && phrase->kind == WORD_LABEL) || text_stands_alone(at, n);
}

/* Has the next word a digit? */
static gboolean digits_follow(const char *at)
{
    at += strspn(at, " .:=#'\"");
    return strcspn(at, "0123456789") < strcspn(at, " ,;:()");
}

/* "GO 2024-12345", "CASE 24-00123": the year of a file and its number. */
static gboolean file_follows(const char *at)
{
    at += strspn(at, " .:=#");
    gsize year = strspn(at, "0123456789");
    gboolean dated = year == 2 || (year == 4 && (at[0] == '1' || at[0] == '2'));
    return dated && at[year] == '-' && strspn(at + year + 1, "0123456789") >= 3;
}

/* A short name of a file may be a prefix, unless it is known to be none or a file's number follows.
 */
static gboolean names_file(gboolean behind, const Phrase *phrase, const char *at, gsize n)
{
    return n > 4 || behind || (at[n] != '\0' && strchr(":#=", at[n]) != NULL) ||
           notation_lists(LIST_FILE_WORD, at, n) || file_follows(at + n) ||
           behind_other(phrase, at + n + strspn(at + n, " .")) > 0;
}

/* Words that speak of a number mean nothing without it; short names of files may be a prefix. */
static gboolean is_meant(gboolean behind, const Phrase *phrase, const char *at, gsize n)
{
    switch (phrase->kind) {
    case WORD_LABEL:
        return g_strcmp0(phrase->taken_for, PHRASE_GUN) != 0 || whole_behind(at + n);
    case WORD_PART:
        return phrase->taken_for == NULL || before_number(at + n) ||
               (behind && strcmp(phrase->taken_for, PHRASE_ON_ACCESSORY) == 0);
    case WORD_FORMER:
        return before_number(at + n) || (phrase->taken_for != NULL && behind);
    case WORD_NOT:
    case WORD_CORRECTED:
        return before_number(at + n);
    case WORD_OTHER:
        return strcmp(phrase->taken_for, PHRASE_REFERENCE) != 0 ||
               (digits_follow(at + n) && names_file(behind, phrase, at, n));
    default:
        return TRUE;
    }
}

static gboolean begins_phrase(const char *at)
{
    return g_ascii_isalnum(*at) || ((*at == '-' || *at == '=') && strchr("->", at[1]) != NULL) ||
           (*at == '>' && strchr("> ", at[1]) != NULL);
}

static void items_read(Field *field, Items *items, const char *text)
{
    gsize from = 0, i = 0;
    gboolean bracket = FALSE;
    while (text[i] != '\0') {
        gboolean start = i == 0 || (!g_ascii_isalnum(text[i - 1]) && !bracket);
        gsize n = 0;
        const Phrase *phrase =
            start && begins_phrase(text + i) ? notation_phrase(text + i, &n) : NULL;
        bracket = (bracket || text[i] == '[') && text[i] != ']';
        gboolean behind = field->n > 0 || text_stands_alone(text + from, i - from);
        if (phrase == NULL || items->n == G_N_ELEMENTS(items->item) ||
            !is_meant(behind, phrase, text + i, n)) {
            i++;
            continue;
        }
        add_stretch(field, items, text + from, i - from);
        if (items->n < G_N_ELEMENTS(items->item)) {
            gboolean bracketed = i > 0 && text[i - 1] == '(' && text[i + n] == ')' && field->n > 0;
            items->item[items->n++] = (Item){
                .phrase = phrase, .bracketed = bracketed, .opened = i > 0 && text[i - 1] == '('};
        }
        i += n;
        i += behind_label(text + i);
        i += phrase->kind == WORD_LABEL ? behind_count(text + i, text[i - 1] == '#') : 0;
        const Phrase *before = items->n > 1 ? items->item[items->n - 2].phrase : NULL;
        gboolean part = phrase->kind == WORD_PART ||
                        (phrase->kind == WORD_LABEL && before != NULL && before->kind == WORD_PART);
        gsize value = part ? behind_part(text + i) : 0;
        value = value > 0 ? value : behind_other(phrase, text + i);
        if (value > 0) {
            add_stretch(field, items, text + i, value);
            i += value;
        }
        from = i;
    }
    add_stretch(field, items, text + from, i - from);
}

/* The number that a word at this place speaks of: the next, or the one before; NULL if none. */
static Number *spoken_of(Field *field, const Items *items, guint at, gboolean before)
{
    for (guint i = at; before && i-- > 0;) {
        if (items->item[i].phrase == NULL) {
            return &field->number[items->item[i].number];
        }
    }
    for (guint i = at + 1; !before && i < items->n; i++) {
        const Phrase *phrase = items->item[i].phrase;
        if (phrase == NULL) {
            return &field->number[items->item[i].number];
        }
        if (phrase->kind == WORD_FRAME || phrase->kind == WORD_PART || phrase->kind == WORD_AND) {
            return NULL;
        }
    }
    return NULL;
}

static gboolean is_role(const Item *item)
{
    return item->phrase != NULL &&
           (item->phrase->kind == WORD_FRAME || item->phrase->kind == WORD_PART ||
            item->phrase->kind == WORD_OTHER);
}

static guint field_numbers(const Items *items)
{
    guint n = 0;
    for (guint i = 0; i < items->n; i++) {
        n += items->item[i].phrase == NULL;
    }
    return n;
}

/* "123 FRAME, 456 SLIDE": the words stand behind their numbers. */
static gboolean words_follow(const Items *items)
{
    guint first = 0, last = items->n;
    while (first < items->n && items->item[first].phrase != NULL && !is_role(&items->item[first])) {
        first++;
    }
    while (last > 0 && items->item[last - 1].phrase != NULL && !is_role(&items->item[last - 1])) {
        last--;
    }
    if (last > 0 && is_role(&items->item[last - 1]) &&
        items->item[last - 1].phrase->kind == WORD_OTHER && first == 0 &&
        field_numbers(items) > 1) {
        return FALSE; /* "HAA1234 BARREL 4 IN TAG" */
    }
    return first < last && items->item[first].phrase == NULL && is_role(&items->item[last - 1]);
}

/* Has it a word of letters and digits, a number whatever stands behind it? */
static gboolean is_lettered(const char *text)
{
    guint letters = 0, digits = 0;
    for (const char *p = text; *p != '\0'; p++) {
        letters = *p == ' ' ? 0 : letters + g_ascii_isalpha(*p);
        digits = *p == ' ' ? 0 : digits + g_ascii_isdigit(*p);
        if (letters > 0 && digits > 1 && letters + digits > 4) {
            return TRUE;
        }
    }
    return FALSE;
}

static void apply_role(Field *field, const Items *items, guint at, gboolean follow)
{
    const Phrase *phrase = items->item[at].phrase;
    if (g_strcmp0(phrase->taken_for, PHRASE_MARK) == 0) {
        field->taken_for = phrase->taken_for; /* it stands beside numbers and is said of none */
        return;
    }
    gboolean next = at + 1 < items->n && items->item[at + 1].phrase == NULL;
    gboolean other = phrase->kind == WORD_OTHER && next; /* "DOSSIER 12345" */
    gboolean ahead = other || (next && g_strcmp0(phrase->taken_for, PHRASE_ACCESSORY) == 0);
    gboolean before = items->item[at].bracketed || (follow && !ahead);
    Number *number = spoken_of(field, items, at, before);
    if (number != NULL && other && g_strcmp0(phrase->taken_for, "calibre") == 0 &&
        is_lettered(number->text) && notation_not_serial(NULL, number->text) == NULL) {
        return; /* ".40 CAL HAA1234" */
    }
    if (number != NULL && before && phrase->kind == WORD_OTHER &&
        (is_lettered(number->text) || strchr(number->text, ' ') != NULL ||
         (strcmp(phrase->taken_for, "calibre") == 0 && strlen(number->text) > 4))) {
        return; /* "HAA1234 TAG", "81987649 CAL" */
    }
    if (number != NULL && number->role == WORD_LABEL) {
        gboolean on = g_strcmp0(phrase->taken_for, PHRASE_ON_ACCESSORY) == 0;
        number->role = phrase->kind;
        number->taken_for = on ? PHRASE_ACCESSORY : phrase->taken_for;
    } else if (number == NULL && phrase->kind == WORD_OTHER) {
        field->taken_for = phrase->taken_for;
    }
}

static gboolean is_damage(const Item *item)
{
    return item->phrase != NULL &&
           (item->phrase->kind == WORD_ILLEGIBLE || item->phrase->kind == WORD_OBLITERATED ||
            item->phrase->kind == WORD_UNKNOWN);
}

#define TAIL_MAX 4 /* digits alone of which a clerk says that they are the last */

/* "HAA12 ILLEGIBLE LAST TWO": what is said last tells which end of the number before is gone. But
 * "1234 GROUND OFF LAST FOUR" tells what was read. */
static gboolean is_gone_behind(Field *field, const Items *items, guint at)
{
    const Number *number = spoken_of(field, items, at, TRUE);
    if (at == 0 || number == NULL || !is_damage(&items->item[at - 1]) ||
        spoken_of(field, items, at, FALSE) != NULL) {
        return FALSE;
    }
    gsize n = strlen(number->text);
    return n > TAIL_MAX || strspn(number->text, "0123456789") < n;
}

/* "FIRST TWO ILLEGIBLE, 1234": the end that a word names is the one that is gone. */
static gboolean is_gone(const Items *items, guint at)
{
    guint behind = at + 1;
    while (behind < items->n && items->item[behind].phrase != NULL &&
           items->item[behind].phrase->kind == WORD_FILLER) {
        behind++; /* "FIRST DIGIT IS ILLEGIBLE" */
    }
    return behind < items->n && !items->item[behind].opened && is_damage(&items->item[behind]);
}

static void apply_end(Field *field, const Items *items, guint at)
{
    Number *number = spoken_of(field, items, at, items->item[at].bracketed);
    if (number == NULL) {
        number = spoken_of(field, items, at, TRUE);
    }
    if (number == NULL) {
        return;
    }
    gboolean gone = is_gone(items, at) || is_gone_behind(field, items, at);
    if ((items->item[at].phrase->kind == WORD_OPEN_LEFT) != gone) {
        number->open_left = TRUE;
    } else {
        number->open_right = TRUE;
    }
}

/* "AB12345, SLIDE REMOVED": what is said right behind a part's name is said of the part. */
static gboolean of_a_part(const Field *field, const Items *items, guint at)
{
    const Phrase *before = at > 0 ? items->item[at - 1].phrase : NULL;
    WordKind kind = items->item[at].phrase->kind;
    return before != NULL && before->kind == WORD_PART && kind <= WORD_ILLEGIBLE && field->n > 0;
}

/* "A CORRECTED TO B": B takes the place of what stood before. */
static void apply_correction(Field *field, const Items *items, guint at)
{
    Number *number = spoken_of(field, items, at, FALSE);
    Number *before = spoken_of(field, items, at, TRUE);
    if (number == NULL || before == NULL) {
        return;
    }
    if (number->role == WORD_LABEL && before->role == WORD_FRAME) {
        number->role = before->role;
    }
    number->labelled = number->labelled || before->labelled;
    for (Number *old = field->number; old <= before; old++) {
        old->former = old->former || old->role != WORD_PART || before->role == WORD_PART;
    }
}

/* "HAA AND 1234": letters that may be the beginning of the digits. */
static gboolean is_prefix(const Number *number)
{
    const char *blank = strrchr(number->text, ' ');
    const char *last = blank != NULL ? blank + 1 : number->text;
    gsize n = strlen(last);
    return n <= 4 && strspn(last, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n;
}

/* What a word says of the number behind it, and of the one before. */
static void apply_word(Field *field, const Items *items, guint at)
{
    const Phrase *phrase = items->item[at].phrase;
    Number *number = spoken_of(field, items, at, FALSE);
    gboolean second = number != NULL && spoken_of(field, items, at, TRUE) != NULL;
    switch (phrase->kind) {
    case WORD_OPEN_LEFT:
    case WORD_OPEN_RIGHT:
        apply_end(field, items, at);
        break;
    case WORD_OR:
        if (number != NULL && !second) {
            field->states |= STATE(WORD_DOUBTED); /* "COULD BE HAA1234" */
        }
        G_GNUC_FALLTHROUGH;
    case WORD_RESTORED:
    case WORD_DOUBTED:
        if (second) {
            number->other_reading = TRUE;
        }
        break;
    case WORD_AND:
    case WORD_FILLER: /* "LETTRES HAA CHIFFRES 1234" */
        if (second && is_prefix(spoken_of(field, items, at, TRUE)) &&
            g_ascii_isdigit(number->text[0])) {
            number->open_left = TRUE;
        }
        break;
    case WORD_NOT:
        if (number != NULL) {
            number->role = WORD_NOT;
        }
        break;
    case WORD_FORMER:
        if (number != NULL) {
            number->former = TRUE;
        } else {
            field->states |= STATE(WORD_ALTERED); /* "HAA1234 FAKE SERIAL" */
        }
        break;
    case WORD_CORRECTED:
        apply_correction(field, items, at);
        break;
    default:
        break;
    }
}

void field_read(Field *field, const char *text)
{
    *field = (Field){.n = 0};
    Items items = {.n = 0};
    items_read(field, &items, text);
    gboolean follow = words_follow(&items);
    for (guint i = 0; i < items.n; i++) {
        const Phrase *phrase = items.item[i].phrase;
        if (phrase == NULL) {
            continue;
        }
        field->states |= of_a_part(field, &items, i) ? 0 : STATE(phrase->kind);
        if (is_role(&items.item[i])) {
            apply_role(field, &items, i, follow);
        } else if (phrase->kind == WORD_LABEL && i + 1 < items.n &&
                   items.item[i + 1].phrase == NULL) {
            Number *number = &field->number[items.item[i + 1].number];
            gboolean thing = g_strcmp0(phrase->taken_for, PHRASE_THING) == 0;
            number->labelled = !thing && (number == field->number || /* "HAA1234 NO. 2" */
                                          text_stands_alone(number->text, strlen(number->text)));
            gboolean headed = number > field->number && number[-1].open_right &&
                              is_prefix(number - 1) && g_ascii_isdigit(number->text[0]);
            number->open_left = number->open_left || headed; /* "PREFIXE HAA NUMERO 1234" */
        } else {
            apply_word(field, &items, i);
        }
    }
}

void field_clear(Field *field)
{
    for (guint i = 0; i < field->n; i++) {
        g_free(field->number[i].text);
    }
    field->n = 0;
}
