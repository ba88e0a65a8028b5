/*
 * serial_parse(): a raw field and what stands beside it -> Serial. The steps: whole-field shapes
 * (spreadsheet damage, calibre, model, patent), then words and numbers (field.c), then the
 * positions of the number that counts, then the kind.
 */
#include "engine/firearm/reading.h"

#include <string.h>

#include "engine/base/text.h"

#define STATE(kind) (1u << (kind))

/* Upper-case letters and digits of a text, for comparing; cut when too long. */
static void key_of(const char *text, gsize n, char key[64])
{
    gsize k = 0;
    for (gsize i = 0; i < n && text[i] != '\0' && k < 63; i++) {
        char c = g_ascii_toupper(text[i]);
        if (g_ascii_isalnum(c)) {
            key[k++] = c;
        }
    }
    key[k] = '\0';
}

static gboolean same_key(const char *text, gsize n, const char *other)
{
    if (other == NULL) {
        return FALSE;
    }
    char a[64], b[64];
    key_of(text, n, a);
    key_of(other, strlen(other), b);
    return a[0] != '\0' && strcmp(a, b) == 0;
}

/* Does the make's name hold this word? "SIG" in "SIG SAUER". */
static gboolean word_of(const char *make, const char *word, gsize n)
{
    for (const char *p = make; p != NULL && *p != '\0'; p++) {
        if ((p == make || !g_ascii_isalnum(p[-1])) && g_ascii_strncasecmp(p, word, n) == 0 &&
            !g_ascii_isalnum(p[n])) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean has_position(const char *text, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_isdigit(text[i]) || strchr("?*#_[", text[i]) != NULL) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Is a blank-separated word of a number's text no part of the number? */
static gboolean is_foreign(const char *word, gsize n, const SerialContext *context)
{
    if (!has_position(word, n)) {
        gboolean letters = TRUE;
        for (gsize i = 0; i < n; i++) {
            letters = letters && g_ascii_isalpha(word[i]);
        }
        return (letters && n >= 5) || memchr(word, '&', n) != NULL ||
               (n >= 2 && word_of(context->make, word, n));
    }
    char copy[32];
    if (n >= sizeof(copy)) {
        return FALSE;
    }
    memcpy(copy, word, n);
    copy[n] = '\0';
    gboolean digits = strspn(copy, "0123456789") == n;
    return same_key(word, n, context->model) || same_key(word, n, context->calibre) ||
           (!digits && notation_not_serial(copy) != NULL);
}

/* Drops foreign words ("GLOCK 19 ABC123") when something else holds a number. */
static char *own_words(const char *text, const SerialContext *context)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    GString *out = g_string_new(NULL);
    gboolean number = FALSE;
    for (guint i = 0; words[i] != NULL; i++) {
        gsize n = strlen(words[i]);
        if (n == 0 || is_foreign(words[i], n, context)) {
            continue;
        }
        number = number || has_position(words[i], n);
        g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", words[i]);
    }
    if (!number) {
        g_string_assign(out, text);
    }
    return g_string_free(out, FALSE);
}

static CharSet char_set(char c)
{
    c = (c == 'O') ? '0' : (c == 'I') ? '1' : c;
    if (g_ascii_isdigit(c)) {
        return (CharSet)1 << (c - '0');
    }
    return g_ascii_isupper(c) ? (CharSet)1 << (c - 'A' + 10) : 0;
}

static gboolean add_position(Serial *serial, CharSet set)
{
    if (serial->length == SERIAL_MAX) {
        return FALSE;
    }
    serial->set[serial->length++] = set;
    serial->known += (set & (set - 1)) == 0;
    return TRUE;
}

static gboolean add_unknown(Serial *serial, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (!add_position(serial, CHARSET_ANY)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* "[8B]"; moves *at behind it. */
static gboolean add_set(Serial *serial, const char **at)
{
    CharSet set = 0;
    for ((*at)++; **at != '\0' && **at != ']'; (*at)++) {
        set |= char_set(**at);
    }
    *at += **at == ']';
    return add_position(serial, set == 0 ? CHARSET_ANY : set);
}

/* A run of stars, points, hyphens or slashes: an open end, unreadable positions, or nothing. */
static gboolean add_run(Serial *serial, const char *at, gsize n, gboolean last)
{
    gboolean star = *at == '*';
    if (!star && n < 2) {
        return TRUE;
    }
    if (serial->length == 0) {
        serial->open_left = TRUE;
    } else if (last) {
        serial->open_right = TRUE;
    } else {
        return add_unknown(serial, n);
    }
    return TRUE;
}

/* Reads positions; FALSE when there are too many for a serial number. */
static gboolean read_positions(Serial *serial, const char *text)
{
    const char *p = text;
    while (*p != '\0') {
        gboolean good = TRUE;
        if (*p == '?' || *p == '#' || *p == '_') {
            good = add_position(serial, CHARSET_ANY);
            p++;
        } else if (*p == '[') {
            good = add_set(serial, &p);
        } else if (*p == '*' || *p == '.' || *p == '-' || *p == '/') {
            char run[2] = {*p, '\0'};
            gsize n = strspn(p, run);
            gboolean last = p[n + strspn(p + n, " .-/*'")] == '\0';
            good = add_run(serial, p, n, last);
            p += n;
        } else {
            CharSet set = char_set(*p++);
            good = set == 0 || add_position(serial, set);
        }
        if (!good) {
            return FALSE;
        }
    }
    return TRUE;
}

static void forget(Serial *serial)
{
    *serial = (Serial){.kind = serial->kind, .taken_for = serial->taken_for, .hint = serial->hint};
}

/* Adds another reading of the same number, position by position. */
static void merge_reading(Serial *serial, const Serial *other)
{
    if (serial->length != other->length) {
        return;
    }
    serial->known = 0;
    for (guint i = 0; i < serial->length; i++) {
        CharSet set = serial->set[i] | other->set[i];
        serial->set[i] = set;
        serial->known += (set & (set - 1)) == 0;
    }
}

/* 0000, and what has no readable character, is no number. */
static gboolean is_literal(const Serial *serial)
{
    guint zeros = 0, any = 0;
    for (guint i = 0; i < serial->length; i++) {
        zeros += serial->set[i] == 1;
        any += serial->set[i] == CHARSET_ANY;
    }
    return zeros + any == serial->length && !serial->open_left && !serial->open_right
               ? TRUE
               : any == serial->length;
}

/* How far a number counts: the frame's before one without a role, a slide's after it. */
static guint rank(const Number *number)
{
    return number->role == WORD_FRAME   ? 3
           : number->role == WORD_LABEL ? 2
           : number->role == WORD_PART  ? 1
                                        : 0;
}

static gboolean whole_text(const char *text)
{
    gsize n = strlen(text);
    return !has_position(text, n) && strchr(text, ' ') != NULL;
}

static gboolean read_number(Serial *serial, const Number *number, const SerialContext *context)
{
    g_autofree char *text = own_words(number->text, context);
    Serial read = {.kind = SERIAL_FULL};
    if (whole_text(text) || !read_positions(&read, text) || read.length == 0) {
        return FALSE;
    }
    read.open_left = read.open_left || number->open_left;
    read.open_right = read.open_right || number->open_right;
    *serial = read;
    return TRUE;
}

/* The number that counts, into serial; FALSE when none does. */
static gboolean choose(Serial *serial, const Field *field, const SerialContext *context)
{
    guint best = 0;
    for (guint i = 0; i < field->n; i++) {
        const Number *number = &field->number[i];
        Serial read;
        if (rank(number) == 0 || !read_number(&read, number, context)) {
            continue;
        }
        gboolean richer = best == rank(number) && (read.open_left || read.open_right) &&
                          read.known > serial->known;
        if (number->other_reading && best > 0) {
            merge_reading(serial, &read);
        } else if (rank(number) > best || richer) {
            *serial = read;
            best = rank(number);
        }
    }
    return best > 0;
}

static SerialKind kind_without_number(guint states, gboolean flagged)
{
    static const struct {
        WordKind word;
        SerialKind kind;
    } order[] = {{WORD_OBLITERATED, SERIAL_OBLITERATED},
                 {WORD_ALTERED, SERIAL_ALTERED},
                 {WORD_NONE, SERIAL_NONE},
                 {WORD_UNKNOWN, SERIAL_UNKNOWN},
                 {WORD_RESTORED, SERIAL_RESTORED},
                 {WORD_PARTIAL, SERIAL_PARTIAL}};
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        if (states & STATE(order[i].word)) {
            return order[i].kind;
        }
    }
    return flagged ? SERIAL_OBLITERATED : SERIAL_UNKNOWN;
}

/* The words of the field and the condition beside it, as one set of states. */
static guint all_states(guint states, const SerialContext *context)
{
    static const struct {
        const char *condition;
        WordKind word;
    } conditions[] = {{"PARTIAL", WORD_PARTIAL}, {"OBLITERATED", WORD_OBLITERATED},
                      {"ALTERED", WORD_ALTERED}, {"RESTORED", WORD_RESTORED},
                      {"NONE", WORD_NONE},       {"UNKNOWN", WORD_UNKNOWN}};
    for (guint i = 0; context->condition != NULL && i < G_N_ELEMENTS(conditions); i++) {
        if (strcmp(context->condition, conditions[i].condition) == 0) {
            states |= STATE(conditions[i].word);
        }
    }
    return states | (context->obliterated ? STATE(WORD_OBLITERATED) : 0);
}

/* The kind of a number that was read; a part of unknown place is open at both ends. */
static void settle_kind(Serial *serial, guint states)
{
    gboolean complete =
        serial->known == serial->length && !serial->open_left && !serial->open_right;
    if (complete && (states & STATE(WORD_PARTIAL)) &&
        !(states & (STATE(WORD_RESTORED) | STATE(WORD_ALTERED)))) {
        serial->open_left = serial->open_right = TRUE;
        complete = FALSE;
    }
    serial->kind = (states & STATE(WORD_ALTERED))       ? SERIAL_ALTERED
                   : (states & STATE(WORD_RESTORED))    ? SERIAL_RESTORED
                   : !complete                          ? SERIAL_PARTIAL
                   : (states & STATE(WORD_OBLITERATED)) ? SERIAL_RESTORED
                                                        : SERIAL_FULL;
}

/* Dashes alone say "none", other punctuation says nothing. */
static gboolean only_punctuation(const char *plain, Serial *serial, guint states)
{
    gsize dashes = strspn(plain, "- ");
    if (strcmp(plain, "S/N") == 0 || strcmp(plain, "N/S") == 0) {
        dashes = strlen(plain); /* sans numero */
    }
    if (dashes < strlen(plain) && strpbrk(plain, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != NULL) {
        return FALSE;
    }
    if (dashes == strlen(plain)) {
        states |= STATE(WORD_NONE);
    }
    serial->kind = kind_without_number(states, FALSE);
    return TRUE;
}

static void read_field(Serial *serial, const char *raw, const char *plain,
                       const SerialContext *context)
{
    guint states = all_states(0, context);
    guint gone = STATE(WORD_PARTIAL) | STATE(WORD_OBLITERATED);
    gboolean flagged = (states & gone) || strstr(plain, "PARTI") || strstr(plain, "OBLIT");
    const char *hint = serial->hint;
    g_autofree char *marked = field_marked(raw, flagged);
    if (hint != NULL && strcmp(hint, "excel_float") == 0) {
        *strchr(marked, '.') = '\0';
    }
    g_autofree char *text = field_alternatives(marked);
    Field field;
    field_read(&field, text);
    states = all_states(field.states, context);
    const char *taken_for = field.taken_for;
    for (guint i = 0; i < field.n && taken_for == NULL; i++) {
        taken_for = field.number[i].taken_for;
    }
    if (choose(serial, &field, context) && !is_literal(serial)) {
        settle_kind(serial, states);
    } else {
        gboolean text_only = field.n > 0 && serial->length == 0;
        forget(serial);
        serial->kind = kind_without_number(states, FALSE);
        if (serial->kind == SERIAL_UNKNOWN && !(states & STATE(WORD_UNKNOWN)) &&
            (taken_for != NULL || text_only)) {
            serial->kind = SERIAL_NOT_A_SERIAL;
            serial->taken_for = taken_for != NULL ? taken_for : "text";
        }
    }
    serial->hint = hint;
    field_clear(&field);
}

static const char *whole_field(const char *plain, const SerialContext *context)
{
    gsize n = strlen(plain);
    if (same_key(plain, n, context->model)) {
        return "model";
    }
    if (same_key(plain, n, context->make)) {
        return "make";
    }
    return same_key(plain, n, context->calibre) ? "calibre" : notation_not_serial(plain);
}

Serial serial_parse(const char *raw, const SerialContext *context)
{
    static const SerialContext nothing = {NULL, FALSE, NULL, NULL, NULL};
    Serial serial = {.kind = SERIAL_UNKNOWN};
    context = context != NULL ? context : &nothing;
    if (text_present(raw) == NULL) {
        serial.kind = kind_without_number(all_states(0, context), FALSE);
        return serial;
    }
    g_autofree char *plain = field_plain(raw);
    serial.hint = notation_damage(plain);
    if (serial.hint != NULL &&
        (strcmp(serial.hint, "excel_sci") == 0 || strcmp(serial.hint, "excel_date") == 0)) {
        return serial;
    }
    serial.taken_for = whole_field(plain, context);
    if (serial.taken_for != NULL) {
        serial.kind = SERIAL_NOT_A_SERIAL;
    } else if (!only_punctuation(plain, &serial, all_states(0, context))) {
        read_field(&serial, raw, plain, context);
    }
    return serial;
}
