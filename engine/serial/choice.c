/*
 * Which of a field's numbers counts: the frame's before one without a role, a slide's after it; the
 * corrected one, not the one that it was before; alternatives of one number are joined.
 */
#include <string.h>

#include "engine/serial/reading.h"

#define ALTERNATIVES_DIFFER 2 /* positions in which "A or B" is still one number in doubt */

/* A magazine's number is no firearm's; a slide's may be the firearm's too. */
static gboolean is_accessory(const Number *number)
{
    return number->role == WORD_PART && number->taken_for != NULL &&
           strcmp(number->taken_for, PHRASE_TRACED) != 0;
}

static Rank rank(const Number *number)
{
    return number->former && number->role != WORD_OTHER ? RANK_FORMER
           : number->role == WORD_FRAME                 ? RANK_FRAME
           : number->role == WORD_LABEL ? (number->labelled ? RANK_LABELLED : RANK_PLAIN)
           : is_accessory(number)       ? RANK_NONE
           : number->role == WORD_PART  ? RANK_PART
                                        : RANK_NONE;
}

static gboolean whole_text(const char *text, gboolean end)
{
    return !word_has_position(text) && (strchr(text, ' ') != NULL || (strlen(text) < 2 && !end));
}

/* "HAA", "HAA 1": an end is said of it, so that its letters need no digits. */
static gboolean is_end(const Number *number)
{
    return (number->open_left || number->open_right) && strlen(number->text) <= 8;
}

static gboolean read_number(Serial *serial, const Number *number, const SerialContext *context,
                            guint states, gboolean *more)
{
    guint silent = STATE(WORD_LABEL) | STATE(WORD_FRAME) | STATE(WORD_PART) | STATE(WORD_OTHER) |
                   STATE(WORD_AND) | STATE(WORD_OR);
    gboolean sentence = (states & ~silent) != 0;
    NumberWords words = {.sentence = sentence, .told = (states & ~STATE(WORD_LABEL)) != 0};
    g_autofree char *text = words_of_number(number->text, context, &words);
    gboolean end = number->open_left || number->open_right;
    gboolean few = strlen(text) <= 2 && strspn(text, "0123456789") == strlen(text) &&
                   strspn(number->text, "0123456789 ") < strlen(number->text) &&
                   strchr(number->text, ',') == NULL;
    if (few && !end && !number->labelled && number->role == WORD_LABEL) {
        return FALSE; /* "see line 4" */
    }
    if (sentence && !end && !word_has_position(text)) {
        return FALSE; /* "unknown make" */
    }
    Serial read = {.kind = SERIAL_FULL};
    if (whole_text(text, end) || !positions_read(&read, text) || read.length == 0) {
        return FALSE;
    }
    read.open_left = read.open_left || number->open_left || words.unsure_left;
    read.open_right = read.open_right || number->open_right || words.unsure;
    *serial = read;
    *more = words.more;
    return TRUE;
}

static guint digits_of(const Serial *serial)
{
    guint digits = 0;
    for (guint i = 0; i < serial->length; i++) {
        digits += serial->set[i] < (CharSet)1 << 10;
    }
    return digits;
}

/* Positions in which another reading differs from the end of a number; SERIAL_MAX when it is
 * longer, or open where the number is not. */
static guint differences(const Serial *number, const Serial *other)
{
    guint n = 0;
    if (number->length < other->length || number->open_left != other->open_left ||
        number->open_right != other->open_right) {
        return SERIAL_MAX;
    }
    guint from = number->length - other->length;
    for (guint i = 0; i < other->length; i++) {
        n += number->set[from + i] != other->set[i];
    }
    return n;
}

/* One more number of the field: the first of the highest rank counts; alternatives are joined when
 * they differ in two positions at most (else all mixtures of both would fit); of fragments, the one
 * that says most counts. */
static void consider(Choice *choice, const Number *number, const Serial *read)
{
    guint differ = choice->rank != RANK_NONE ? differences(&choice->serial, read) : 0;
    gboolean ends = choice->serial.open_left != choice->serial.open_right &&
                    choice->serial.open_left == read->open_right &&
                    choice->serial.open_right == read->open_left;
    gboolean open = read->open_left || read->open_right || choice->fragment;
    gboolean peer = rank(number) == choice->rank ||
                    (rank(number) == RANK_PLAIN && choice->rank == RANK_LABELLED);
    if (choice->rank == RANK_NONE || rank(number) > choice->rank) {
        choice->serial = *read;
        choice->rank = rank(number);
        choice->more = FALSE;
    } else if (peer && number->other_reading && differ <= ALTERNATIVES_DIFFER) {
        positions_merge(&choice->serial, read);
    } else if (peer) {
        choice->ends = choice->ends || ends;
        /* "123456 SUFFIX Z" */
        if (read->length < 4 && read->open_left != read->open_right && differ > 0) {
            choice->serial.open_right = choice->serial.open_right || read->open_left;
            choice->serial.open_left = choice->serial.open_left || read->open_right;
        }
        choice->more = choice->more || (!ends && differ > 0 && read->known >= 4 &&
                                        digits_of(read) >= 2 && !word_is_date(number->text));
        if (open && read->known > choice->serial.known) {
            choice->serial = *read;
        }
    }
}

/* 2: a number; 1: letters, which count when there is nothing better; 0: none. */
static guint likeness(const Number *number, const SerialContext *context)
{
    if (rank(number) == RANK_NONE || words_describe(number->text, context)) {
        return 0;
    }
    return word_has_position(number->text) || is_end(number) ? 2 : 1;
}

/* "S&W 686-6, CXA1234": a maker and a few digits are a model beside a number that is whole. */
static void drop_models(const Field *field, guint like[FIELD_MAX])
{
    gboolean whole = FALSE;
    for (guint i = 0; i < field->n && field->n > 1; i++) {
        whole = whole || (like[i] == 2 && words_hold_whole(field->number[i].text));
    }
    for (guint i = 0; i < field->n && whole; i++) {
        like[i] = words_name_model(field->number[i].text) ? 0 : like[i];
    }
}

Choice choice_make(const Field *field, const SerialContext *context)
{
    Choice choice = {.fragment = (field->states & DAMAGED) != 0};
    guint like[FIELD_MAX], best = 1;
    for (guint i = 0; i < field->n; i++) {
        like[i] = likeness(&field->number[i], context);
        best = MAX(best, like[i]);
    }
    choice.letters = best == 1;
    drop_models(field, like);
    for (guint i = 0; i < field->n; i++) {
        Serial read;
        gboolean more;
        if (like[i] == best &&
            read_number(&read, &field->number[i], context, field->states, &more)) {
            consider(&choice, &field->number[i], &read);
            choice.more = choice.more || more;
        }
    }
    return choice;
}
