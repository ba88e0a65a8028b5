/*
 * What remarks say of characters (remarks.c), put to the positions of the number that was read.
 */
#include <string.h>

#include "engine/serial/reading.h"
#include "engine/serial/remarks.h"

static gboolean is_of(CharSet set, RemarkClass noun)
{
    const CharSet digits = ((CharSet)1 << 10) - 1;
    return noun == REMARK_LETTER  ? (set & ~digits) != 0
           : noun == REMARK_DIGIT ? (set & digits) != 0
                                  : TRUE;
}

static void open_place(const Doubt *doubt, Serial *serial, guint at, guint character)
{
    CharSet more = doubt->n_other == 0 ? CHARSET_ANY : 0;
    for (guint i = 0; i < doubt->n_other; i++) {
        more |= char_set(doubt->other[i][character]);
    }
    serial->set[at] |= more;
}

static gboolean apply_places(const Doubt *doubt, const Serial *read, Serial *serial)
{
    guint places[SERIAL_MAX], n = 0;
    for (guint i = 0; i < read->length; i++) {
        if (is_of(read->set[i], doubt->noun)) {
            places[n++] = i;
        }
    }
    if (doubt->place >= REMARK_MIDDLE) {
        guint from = doubt->place == REMARK_MIDDLE && n > 2 ? 1 : 0;
        for (guint i = from; i + from < n; i++) {
            open_place(doubt, serial, places[i], 0);
        }
        return n > 0;
    }
    guint skip = (guint)ABS(doubt->place) - 1;
    if (skip >= n || doubt->count > n - skip) { /* "5TH DIGIT" of four: of all */
        Doubt any = *doubt;
        any.noun = REMARK_NOUN;
        return doubt->noun != REMARK_NOUN && n < read->length && apply_places(&any, read, serial);
    }
    guint first = doubt->place > 0 ? skip : n - skip - doubt->count;
    for (guint i = 0; i < doubt->count; i++) {
        open_place(doubt, serial, places[first + i], i);
    }
    return TRUE;
}

/* Wherever the number has this text, it may be the other. */
static gboolean apply_text(const char *text, const Doubt *doubt, const Serial *read, Serial *serial)
{
    guint length = (guint)strlen(text);
    gboolean found = FALSE;
    for (guint at = 0; at + length <= read->length; at++) {
        gboolean here = TRUE;
        for (guint i = 0; i < length; i++) {
            here = here && read->set[at + i] != CHARSET_ANY &&
                   (read->set[at + i] & char_set(text[i])) != 0;
        }
        for (guint i = 0; here && i < length; i++) {
            open_place(doubt, serial, at + i, i);
        }
        found = found || here;
    }
    return found;
}

/* "THE 9 COULD BE A 4" of a number with a 4. */
static gboolean apply_other(const Doubt *doubt, const Serial *read, Serial *serial)
{
    gboolean found = FALSE;
    for (guint i = 0; i < doubt->n_other; i++) {
        Doubt turned = {.n_other = 1};
        memcpy(turned.other[0], doubt->text, sizeof(doubt->text));
        found = apply_text(doubt->other[i], &turned, read, serial) || found;
    }
    return found;
}

/* "CHARACTER 5" of a number without a 5. */
static gboolean apply_position(const Doubt *doubt, const Serial *read, Serial *serial)
{
    Doubt place = *doubt;
    place.place = doubt->text[0] - '0';
    place.count = 1;
    return doubt->noun == REMARK_NOUN && doubt->text[1] == '\0' && place.place > 0 &&
           place.place < 10 && apply_places(&place, read, serial);
}

/* "CHARACTERS 4 AND 5" of a number with no 4: both are positions. */
static gboolean are_positions(const Doubts *doubts, const Serial *read)
{
    Serial ignored = *read;
    guint named = 0, absent = 0;
    for (guint i = 0; i < doubts->n; i++) {
        const Doubt *doubt = &doubts->doubt[i];
        if (doubt->noun == REMARK_NOUN && doubt->text[0] != '\0') {
            named++;
            absent += !apply_text(doubt->text, doubt, read, &ignored);
        }
    }
    return named > 1 && absent > 0;
}

gboolean doubts_apply(const Doubts *doubts, Serial *serial)
{
    const Serial read = *serial;
    const gboolean positions = are_positions(doubts, &read);
    gboolean all = TRUE;
    for (guint i = 0; i < doubts->n; i++) {
        const Doubt *doubt = &doubts->doubt[i];
        if (positions && apply_position(doubt, &read, serial)) {
            continue;
        }
        all = (doubt->text[0] == '\0' ? apply_places(doubt, &read, serial)
                                      : apply_text(doubt->text, doubt, &read, serial) ||
                                            apply_other(doubt, &read, serial) ||
                                            apply_position(doubt, &read, serial)) &&
              all;
    }
    positions_count(serial);
    return all;
}
