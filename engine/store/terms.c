/*
 * The terms of one evidence in one value: a run writes millions of terms, and a row for each would
 * be half of what it writes. Version, then term after term: what is there, texts ended by NUL,
 * bits, and what was counted where that is another number. result.c keeps and reads them.
 */
#include <string.h>

#include "engine/store/db.h"

#define TERMS_VERSION 1

/* What a term has besides family, level and bits. */
enum {
    TERM_FIELD = 1, /* a field of another name than its family */
    TERM_LEFT = 2,
    TERM_RIGHT = 4,
    TERM_BOTH = 8, /* right as left */
    TERM_COUNTED = 16,
    TERM_ALL = 31
};

static void put_text(GString *packed, const char *text)
{
    g_string_append_len(packed, text, (gssize)strlen(text) + 1);
}

static void put_number(GString *packed, double number)
{
    guint64 bits;
    memcpy(&bits, &number, sizeof bits);
    bits = GUINT64_TO_LE(bits);
    g_string_append_len(packed, (const char *)&bits, sizeof bits);
}

/* Behind the terms before it; into what is empty, as the first. */
static void term_pack(const Term *term, GString *packed)
{
    gboolean both = term->left != NULL && g_strcmp0(term->left, term->right) == 0;
    /* bit for bit: what is unpacked is what was packed, -0 too */
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
    gboolean counted = memcmp(&term->bits, &term->counted, sizeof term->bits) != 0;
    guint has = (strcmp(term->family, term->field) != 0 ? TERM_FIELD : 0u) |
                (term->left != NULL ? TERM_LEFT : 0u) | (both ? TERM_BOTH : 0u) |
                (term->right != NULL && !both ? TERM_RIGHT : 0u) | (counted ? TERM_COUNTED : 0u);
    if (packed->len == 0)
        g_string_append_c(packed, TERMS_VERSION);
    g_string_append_c(packed, (char)has);
    put_text(packed, term->family);
    if (has & TERM_FIELD)
        put_text(packed, term->field);
    put_text(packed, term->level);
    if (has & TERM_LEFT)
        put_text(packed, term->left);
    if (has & TERM_RIGHT)
        put_text(packed, term->right);
    put_number(packed, term->bits);
    if (has & TERM_COUNTED)
        put_number(packed, term->counted);
}

void terms_pack(const Evidence *evidence, GString *packed)
{
    g_string_truncate(packed, 0);
    g_string_append_c(packed, TERMS_VERSION);
    for (guint i = 0; i < evidence_count(evidence); i++)
        term_pack(evidence_term(evidence, i), packed);
}

/* What is not yet read. */
typedef struct {
    const char *at, *end;
    gboolean damaged;
} Unread;

static const char *take_text(Unread *unread)
{
    const char *text = unread->at;
    const char *nul = memchr(text, '\0', (gsize)(unread->end - text));
    unread->damaged |= nul == NULL;
    if (nul != NULL)
        unread->at = nul + 1;
    return nul != NULL ? text : "";
}

static double take_number(Unread *unread)
{
    guint64 bits;
    double number;
    if (unread->end - unread->at < (gssize)sizeof bits) {
        unread->damaged = TRUE;
        return 0;
    }
    memcpy(&bits, unread->at, sizeof bits);
    unread->at += sizeof bits;
    bits = GUINT64_FROM_LE(bits);
    memcpy(&number, &bits, sizeof number);
    return number;
}

static void take_term(Unread *unread, Evidence *evidence)
{
    guint has = (guint8)*unread->at++;
    const char *family = take_text(unread);
    const char *field = has & TERM_FIELD ? take_text(unread) : family;
    const char *level = take_text(unread);
    const char *left = has & TERM_LEFT ? take_text(unread) : NULL;
    const char *right = has & TERM_RIGHT ? take_text(unread) : has & TERM_BOTH ? left : NULL;
    Term *term = evidence_add(evidence, family, field, level, left, right, take_number(unread));
    if (has & TERM_COUNTED)
        term->counted = take_number(unread);
    unread->damaged |= has > TERM_ALL;
}

gboolean terms_unpack(const char *packed, gsize length, Evidence *evidence)
{
    if (length == 0 || packed[0] != TERMS_VERSION)
        return FALSE;
    Unread unread = {packed + 1, packed + length, FALSE};
    while (!unread.damaged && unread.at < unread.end)
        take_term(&unread, evidence);
    return !unread.damaged;
}

/* pack_terms(seq, family, field, level, left, right, bits, counted): the rows of one evidence of
 * before, which must come in their order, as one value. */
typedef struct {
    GString *packed;
    gint64 seq;
} Packing;

static void pack_term(sqlite3_context *context, int n, sqlite3_value **values)
{
    Packing *packing = sqlite3_aggregate_context(context, sizeof *packing);
    (void)n;
    if (packing == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (packing->packed == NULL)
        packing->packed = g_string_new(NULL);
    char *text[5];
    for (int i = 0; i < 5; i++)
        text[i] = (char *)sqlite3_value_text(values[i + 1]);
    const Term term = {text[0],
                       text[1],
                       text[2],
                       text[3],
                       text[4],
                       sqlite3_value_double(values[6]),
                       sqlite3_value_double(values[7])};
    if (sqlite3_value_int64(values[0]) != ++packing->seq)
        sqlite3_result_error(context, "terms are not in their order", -1);
    term_pack(&term, packing->packed);
}

static void packing_end(sqlite3_context *context)
{
    Packing *packing = sqlite3_aggregate_context(context, 0);
    if (packing == NULL || packing->packed == NULL)
        return;
    sqlite3_result_blob64(context, packing->packed->str, packing->packed->len, SQLITE_TRANSIENT);
    g_string_free(packing->packed, TRUE);
}

gboolean terms_add_function(sqlite3 *db, GError **error)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    return sqlite3_create_function_v2(db, "pack_terms", 8, flags, NULL, NULL, pack_term,
                                      packing_end, NULL) == SQLITE_OK ||
           sqlite_error(db, "cannot set up the store's connection", error);
}
