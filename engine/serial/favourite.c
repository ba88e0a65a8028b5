/*
 * Numbers that people write where there is none, or none that they could read. They are read like
 * any other; who compares firearms asks.
 */
#include <string.h>

#include "engine/notation/notation.h"
#include "engine/serial/serial.h"

/* The characters of what was read whole. */
static gboolean text_of(const Serial *serial, char text[SERIAL_MAX + 1])
{
    if (serial->length == 0 || serial->open_left || serial->open_right ||
        serial->known < serial->length) {
        return FALSE;
    }
    for (guint i = 0; i < serial->length; i++) {
        int code = __builtin_ctzll(serial->set[i]);
        text[i] = (char)(code < 10 ? '0' + code : 'A' + code - 10);
    }
    text[serial->length] = '\0';
    return TRUE;
}

/* "1234567", "987654321", "7777777": each digit as far from the one before, at most one. From 9 it
 * is counted on with 0. */
static gboolean counts_by_one(const char *digits, gsize n)
{
    int by = n > 1 ? digits[1] - digits[0] : 0;
    if (by < -1 || by > 1 || n < 2) {
        return FALSE;
    }
    for (gsize i = 1; i < n; i++) {
        gboolean wraps = by == 1 && digits[i - 1] == '9' && digits[i] == '0';
        if (digits[i] - digits[i - 1] != by && !wraps) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Counting up begins at its beginning, else it is a part of what a maker counted. */
static gboolean from_beginning(const char *digits)
{
    return digits[1] <= digits[0] || digits[0] <= '1';
}

gboolean serial_is_favourite(const Serial *serial)
{
    char text[SERIAL_MAX + 1];
    if (!text_of(serial, text)) {
        return FALSE;
    }
    gsize n = serial->length, head = n;
    while (head > 0 && g_ascii_isdigit(text[head - 1])) {
        head--;
    }
    if (head == 0) {
        return n >= FAVOURITE_DIGITS && counts_by_one(text, n) && from_beginning(text);
    }
    gboolean counted = counts_by_one(text + head, n - head) && from_beginning(text + head);
    return notation_listed(LIST_FAVOURITE, text) || notation_lists(LIST_MADE_UP, text, head) ||
           (counted && notation_lists(LIST_COUNTED, text, head));
}
