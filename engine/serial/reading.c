/*
 * serial_parse(): a raw field and what stands beside it -> Serial. The steps: whole-field shapes
 * (spreadsheet damage, calibre, model, patent), then words and numbers (field.c), then the
 * positions of the number that counts, then the kind.
 */
#include "engine/serial/reading.h"

#include <string.h>

#include "engine/base/text.h"
#include "engine/serial/remarks.h"

#define COMPLETE_MIN 5  /* characters of a restored number that looks complete */
#define PLAIN_MAX    16 /* a longer one may be a number that a spreadsheet rounded */

static const char TWO_NUMBERS[] = "two-numbers", TWO_ENDS[] = "two-ends";

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

/* A word and no number: makers' numbers have digits. "DITTO", "BLANK" join nothing. */
static gboolean only_letters(const Choice *choice, guint states)
{
    const Serial *serial = &choice->serial;
    return !(states & (DAMAGED | STATE(WORD_RESTORED) | STATE(WORD_DOUBTED))) && choice->letters &&
           serial->known == serial->length && !serial->open_left && !serial->open_right;
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
                 {WORD_ILLEGIBLE, SERIAL_UNKNOWN},
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

/* Is a number that was read without a gap a part of unknown place? Words decide, and a condition
 * PARTIAL; an obliterated flag alone does not: a number that was read wins over it. */
static gboolean is_part(const Choice *choice, guint words, guint states)
{
    gboolean whole = !choice->serial.open_left && !choice->serial.open_right &&
                     choice->serial.known == choice->serial.length;
    gboolean slide = choice->rank == RANK_PART; /* the damage is the frame's */
    if (!whole || (states & STATE(WORD_ALTERED))) {
        return FALSE;
    }
    if (states & STATE(WORD_RESTORED)) {
        gboolean damaged = (words & STATE(WORD_OBLITERATED)) != 0;
        return (words & STATE(WORD_PARTIAL)) || (damaged && choice->serial.length < COMPLETE_MIN);
    }
    return (states & STATE(WORD_PARTIAL)) || ((words & DAMAGED) && !slide);
}

/* The kind of the number that was read. */
static void settle_kind(Choice *choice, guint words, guint states)
{
    Serial *serial = &choice->serial;
    if (is_part(choice, words, states)) {
        serial->open_left = serial->open_right = TRUE;
    }
    gboolean complete =
        serial->known == serial->length && !serial->open_left && !serial->open_right;
    serial->kind = (states & STATE(WORD_ALTERED))       ? SERIAL_ALTERED
                   : (states & STATE(WORD_RESTORED))    ? SERIAL_RESTORED
                   : !complete                          ? SERIAL_PARTIAL
                   : (states & STATE(WORD_OBLITERATED)) ? SERIAL_RESTORED
                   : (states & STATE(WORD_DOUBTED))     ? SERIAL_PARTIAL
                                                        : SERIAL_FULL;
}

/* Dashes alone say "none", other punctuation says nothing. */
static gboolean only_punctuation(const char *plain, Serial *serial, guint states)
{
    gsize dashes = strspn(plain, "- ");
    if ((word_same_key(plain, "SN") || word_same_key(plain, "NS")) &&
        strpbrk(plain, "?*#_") == NULL) {
        dashes = strlen(plain); /* sans numero */
    }
    if (dashes < strlen(plain) && strpbrk(plain, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != NULL) {
        return FALSE;
    }
    if (dashes > 0 && dashes == strlen(plain)) {
        states |= STATE(WORD_NONE);
    }
    serial->kind = kind_without_number(states, FALSE);
    return TRUE;
}

/* "45" beside 45ACP, "556" beside 223/556: the calibre by its bare number. */
static gboolean is_bore(const char *plain, const char *calibre)
{
    static const char digits[] = "0123456789";
    gsize n = strspn(plain, digits);
    if (n == 0 || n > 3 || plain[n] != '\0') {
        return FALSE;
    }
    for (const char *name = calibre; name != NULL; name = strchr(name, '/')) {
        name += *name == '/';
        if (strspn(name, digits) == n && strncmp(name, plain, n) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static const char *whole_field(const char *plain, const SerialContext *context)
{
    if (word_same_key(plain, context->model) || notation_short_model(context->make, plain)) {
        return "model";
    }
    if (word_same_key(plain, context->make)) {
        return "make";
    }
    return word_same_key(plain, context->calibre) || is_bore(plain, context->calibre)
               ? "calibre"
               : notation_not_serial(context->make, plain);
}

static gboolean says_unknown(guint states)
{
    return (states & (STATE(WORD_UNKNOWN) | STATE(WORD_ILLEGIBLE) | STATE(WORD_NOT) |
                      STATE(WORD_DOUBTED))) != 0;
}

/* What a field without a serial number was taken for, or NULL. */
static const char *taken_for_of(const Field *field, const SerialContext *context)
{
    const char *taken_for = field->taken_for;
    for (guint i = 0; i < field->n && taken_for == NULL; i++) {
        const Number *number = &field->number[i];
        taken_for =
            number->taken_for != NULL ? number->taken_for : whole_field(number->text, context);
    }
    return taken_for;
}

/* Is something missing, so that an x among digits is no letter? */
static gboolean is_flagged(guint states, const char *plain)
{
    guint gone = STATE(WORD_PARTIAL) | STATE(WORD_OBLITERATED);
    return (states & gone) || strstr(plain, "PARTI") || strstr(plain, "OBLIT");
}

static void read_field(Serial *serial, const char *raw, const char *plain,
                       const SerialContext *context)
{
    guint states = all_states(0, context);
    const char *hint = serial->hint;
    g_autofree char *marked = field_marked(raw, is_flagged(states, plain));
    if (hint != NULL && strcmp(hint, "excel_float") == 0) {
        marked[strcspn(marked, ".,")] = '\0';
    }
    Doubts doubts;
    g_autofree char *rewritten = field_rewritten(marked, context);
    g_autofree char *bare = remarks_take(rewritten, &doubts);
    g_autofree char *text = field_alternatives(bare);
    Field field;
    field_read(&field, text);
    states = all_states(field.states, context);
    Choice choice = choice_make(&field, context);
    guint words = field.states;
    if (doubts.n > 0 && choice.rank != RANK_NONE && !doubts_apply(&doubts, &choice.serial)) {
        words |= STATE(WORD_ILLEGIBLE); /* what is in doubt has no place: somewhere */
        states |= STATE(WORD_ILLEGIBLE);
    }
    if (choice.rank != RANK_NONE && !is_literal(&choice.serial) && !only_letters(&choice, states)) {
        settle_kind(&choice, words, states);
        *serial = choice.serial;
        hint = hint != NULL ? hint : choice.ends ? TWO_ENDS : choice.more ? TWO_NUMBERS : NULL;
    } else {
        const char *taken_for = taken_for_of(&field, context);
        gboolean text_only =
            field.n > 0 && (choice.rank == RANK_NONE || !is_literal(&choice.serial));
        serial->kind = kind_without_number(states, FALSE);
        if (serial->kind == SERIAL_UNKNOWN && !says_unknown(states) &&
            (taken_for != NULL || text_only)) {
            serial->kind = SERIAL_NOT_A_SERIAL;
            serial->taken_for = taken_for != NULL ? taken_for : "text";
        }
    }
    serial->hint = hint;
    field_clear(&field);
}

/* Length of capital letters and digits, at least two of them digits and no maker's name, in which
 * no X can be a placeholder; 0 when it is anything else. */
static gsize plain_part(const char *text, gboolean flagged)
{
    char part[PLAIN_MAX];
    gsize n = 0, digits = 0;
    for (; n < PLAIN_MAX && (g_ascii_isupper(text[n]) || g_ascii_isdigit(text[n])); n++) {
        digits += g_ascii_isdigit(text[n]);
        part[n] = text[n];
        if (text[n] == 'X' && (flagged || text[n + 1] == 'X')) {
            return 0;
        }
    }
    gboolean glued = n > 3 && text[n - 1] == 'C' && text[n - 2] == 'T' && text[n - 3] == 'E';
    if (n == PLAIN_MAX || digits < 2 || glued || notation_glued_label(text) > 0) {
        return 0; /* "HAA123ETC" */
    }
    part[n] = '\0';
    return notation_listed(LIST_MAKER, part) ? 0 : n;
}

/* "HAA1234-1240", "HAA1234-HAA1240" may be two numbers: the digits behind the hyphen are as many as
 * those before it. */
static gboolean may_be_two(const char *text, gsize first, gsize second)
{
    const char *next = text + first + 1;
    gsize digits = 0;
    while (digits < first && g_ascii_isdigit(text[first - 1 - digits])) {
        digits++;
    }
    return second >= 3 && ((second == first && second >= 5) ||
                           (second == digits && strspn(next, "0123456789") == second));
}

/* Most fields are a number and nothing else, or two of its parts with a hyphen between. All that
 * the long way finds in those is whether they are a number at all. */
static gboolean is_plain(const char *raw, gboolean flagged)
{
    gsize n = plain_part(raw, flagged);
    if (n > 0 && raw[n] == '-') {
        gsize second = plain_part(raw + n + 1, flagged);
        n = second > 0 && !may_be_two(raw, n, second) ? n + 1 + second : 0;
    }
    return n > 0 && n < PLAIN_MAX && raw[n] == '\0';
}

/* FALSE when it is better read with all steps. */
static gboolean read_plain(Serial *serial, const char *raw, const SerialContext *context)
{
    Choice choice = {.rank = RANK_PLAIN};
    guint states = all_states(0, context);
    gboolean hyphen = strchr(raw, '-') != NULL;
    if (!is_plain(raw, is_flagged(states, raw)) || (hyphen && notation_damage(raw) != NULL) ||
        whole_field(raw, context) != NULL || !positions_read(&choice.serial, raw) ||
        is_literal(&choice.serial)) {
        return FALSE;
    }
    settle_kind(&choice, 0, states);
    *serial = choice.serial;
    return TRUE;
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
    if (read_plain(&serial, raw, context)) {
        return serial;
    }
    g_autofree char *plain = field_plain(raw);
    serial.hint = notation_damage(plain);
    if (serial.hint != NULL && notation_destroyed(serial.hint)) {
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

const char *serial_words_built(guint i, const char **name)
{
    return notation_built(i, name);
}
