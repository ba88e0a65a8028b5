/* Terms of evidence in plain words: see terms.h. */
#include "engine/base/terms.h"

#include <math.h>

#include "engine/base/csv.h"
#include "engine/base/error.h"
#include "engine/base/message.h"

enum { COLUMN_TERM, COLUMN_EN, COLUMN_FR, COLUMNS };

struct Terms {
    GPtrArray *rows;     /* of char **, the header first */
    GHashTable *by_term; /* cell -> row, borrowed */
};

void terms_free(Terms *terms)
{
    if (!terms)
        return;
    g_clear_pointer(&terms->rows, g_ptr_array_unref);
    g_hash_table_unref(terms->by_term);
    g_free(terms);
}

Terms *terms_load(const char *rules_dir, GError **error)
{
    g_autofree char *path = g_build_filename(rules_dir, "tables", "terms.csv", NULL);
    g_autoptr(Terms) terms = g_new0(Terms, 1);
    terms->by_term = g_hash_table_new(g_str_hash, g_str_equal);
    if (!(terms->rows = csv_read_all(path, error)))
        return NULL;
    for (guint i = 1; i < terms->rows->len; i++) {
        char **cells = terms->rows->pdata[i];
        if (g_strv_length(cells) < COLUMNS) {
            error_set(error, STATUS_CONFIG, "%s: '%s' has no words in both languages", path,
                      cells[COLUMN_TERM]);
            return NULL;
        }
        g_hash_table_insert(terms->by_term, cells[COLUMN_TERM], cells);
    }
    return g_steal_pointer(&terms);
}

static const char *words_of(const Terms *terms, const char *term, Lang lang)
{
    char **cells = g_hash_table_lookup(terms->by_term, term);
    return cells ? cells[lang == LANG_FR ? COLUMN_FR : COLUMN_EN] : NULL;
}

/* NULL where the table has no such line. */
static const char *terms_field(const Terms *terms, const Term *term, Lang lang)
{
    return words_of(terms, term->field, lang);
}

static const char *terms_level(const Terms *terms, const Term *term, Lang lang)
{
    g_autofree char *own = g_strconcat(term->field, ":", term->level, NULL);
    const char *words = words_of(terms, own, lang);
    return words ? words : words_of(terms, own + strlen(term->field), lang);
}

static void append_values(GString *out, const Term *term, Lang lang)
{
    if (!term->left && !term->right)
        return;
    if (!term->left || !term->right || strcmp(term->left, term->right) == 0) {
        g_string_append_printf(out, " ('%s')", term->left ? term->left : term->right);
        return;
    }
    g_autofree char *both = message_format(MSG_WHY_VALUES, lang, term->left, term->right);
    g_string_append_printf(out, " (%s)", both);
}

char *terms_line(const Terms *terms, const Evidence *evidence, Lang lang)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < evidence_count(evidence); i++) {
        const Term *term = evidence_term(evidence, i);
        const char *field = terms_field(terms, term, lang), *level = terms_level(terms, term, lang);
        g_autofree char *bits = message_number(term->counted, 1, lang);
        g_autofree char *alone = message_number(term->bits, 1, lang);
        g_autofree char *capped = message_format(MSG_EVIDENCE_CAPPED, lang, alone);
        g_string_append_printf(out, "%s%s%s %s", i ? "; " : "", field ? field : term->field,
                               message(MSG_COLON, lang), level ? level : term->level);
        append_values(out, term, lang);
        g_string_append_printf(out, ", %s%s", *bits == '-' ? "" : "+", bits);
        if (fabs(term->bits - term->counted) > 1e-9)
            g_string_append_printf(out, " (%s)", capped);
    }
    return g_string_free(out, FALSE);
}
