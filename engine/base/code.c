/*
 * Code tables read from rules/tables: one hash a table from every spelling's text_key() to the
 * code, and the cells of the code's row by column. A CSV file there whose first column is not
 * `code` is some other room's table: of it only lines that are there twice are refused here.
 */
#include "engine/base/code.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/table.h"

#define KEY_LENGTHS 32 /* longer ones count as the longest */

struct CodeTable {
    GPtrArray *rows;             /* of GStrv, header first */
    GArray *lines;               /* line of each row */
    GHashTable *by_key;          /* text_key of a spelling -> row number */
    GHashTable *by_code;         /* code as written -> row number */
    guint64 begins[KEY_LENGTHS]; /* of keys so long: bits of what they begin with */
    int en, fr, aliases;
};

struct CodeTables {
    GHashTable *tables; /* name -> CodeTable */
};

static char **row_at(const CodeTable *table, guint row)
{
    return g_ptr_array_index(table->rows, row);
}

static int column_find(const CodeTable *table, const char *name)
{
    char **header = row_at(table, 0);

    for (int i = 0; header[i]; i++)
        if (strcmp(header[i], name) == 0)
            return i;
    return -1;
}

static void table_free(gpointer data)
{
    CodeTable *table = data;

    g_ptr_array_unref(table->rows);
    g_array_unref(table->lines);
    g_hash_table_unref(table->by_key);
    g_hash_table_unref(table->by_code);
    g_free(table);
}

/* A letter or digit of a key as a bit. */
static guint64 key_bit(char c)
{
    return G_GUINT64_CONSTANT(1) << (g_ascii_isdigit(c) ? c - '0' : 10 + (c & 31));
}

/* One spelling of a row's code; FALSE when another row has it already. */
static gboolean claim(CodeTable *table, guint row, const char *spelling, const char *path,
                      GError **error)
{
    g_autofree char *key = text_key(spelling);
    guint other = GPOINTER_TO_UINT(g_hash_table_lookup(table->by_key, key));
    guint line = g_array_index(table->lines, guint, row);

    if (!*key)
        return TRUE; /* nothing to look up by, like a label that is all signs */
    if (other && other != row)
        return error_set(error, STATUS_CONFIG, "%s:%u: '%s' is already a name of '%s'", path, line,
                         spelling, row_at(table, other)[0]);
    if (other)
        return TRUE;
    table->begins[MIN(strlen(key), KEY_LENGTHS - 1)] |= key_bit(*key);
    g_hash_table_insert(table->by_key, g_steal_pointer(&key), GUINT_TO_POINTER(row));
    return TRUE;
}

static gboolean claim_row(CodeTable *table, guint row, const char *path, GError **error)
{
    char **cells = row_at(table, row);
    g_auto(GStrv) aliases = g_strsplit(cells[table->aliases], ";", -1);
    guint line = g_array_index(table->lines, guint, row);

    if (!*cells[0])
        return error_set(error, STATUS_CONFIG, "%s:%u: code missing", path, line);
    if (!g_hash_table_insert(table->by_code, cells[0], GUINT_TO_POINTER(row)))
        return error_set(error, STATUS_CONFIG, "%s:%u: code '%s' is there twice", path, line,
                         cells[0]);
    if (!claim(table, row, cells[0], path, error) ||
        !claim(table, row, cells[table->en], path, error) ||
        !claim(table, row, cells[table->fr], path, error))
        return FALSE;
    for (char **alias = aliases; *alias; alias++)
        if (!claim(table, row, *alias, path, error))
            return FALSE;
    return TRUE;
}

static gboolean table_index(CodeTable *table, const char *path, GError **error)
{
    table->en = column_find(table, "en");
    table->fr = column_find(table, "fr");
    table->aliases = column_find(table, "aliases");
    if (table->en < 0 || table->fr < 0 || table->aliases < 0)
        return error_set(error, STATUS_CONFIG, "%s:1: columns code,en,fr,aliases needed", path);
    for (guint row = 1; row < table->rows->len; row++)
        if (!claim_row(table, row, path, error))
            return FALSE;
    return TRUE;
}

/* A line that says what another one says is a slip, whosever table it is. */
static gboolean rows_differ(GPtrArray *rows, GArray *lines, const char *path, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint row = 1; row < rows->len; row++) {
        char *text = g_strjoinv("\x1f", g_ptr_array_index(rows, row));
        guint line = g_array_index(lines, guint, row);
        guint other = GPOINTER_TO_UINT(g_hash_table_lookup(seen, text));

        g_hash_table_insert(seen, text, GUINT_TO_POINTER(line));
        if (other)
            return error_set(error, STATUS_CONFIG, "%s:%u: the same as line %u", path, line, other);
    }
    return TRUE;
}

static gboolean tables_add(CodeTables *tables, const char *path, const char *file, GError **error)
{
    g_autoptr(GArray) lines = NULL;
    g_autoptr(GPtrArray) rows = table_read_file(path, &lines, error);
    CodeTable *table;

    if (!rows)
        return FALSE;
    if (strcmp(((char **)g_ptr_array_index(rows, 0))[0], "code") != 0)
        return rows_differ(rows, lines, path, error);
    table = g_new0(CodeTable, 1);
    table->rows = g_steal_pointer(&rows);
    table->lines = g_steal_pointer(&lines);
    table->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    table->by_code = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(tables->tables, g_strndup(file, strlen(file) - strlen(".csv")), table);
    return table_index(table, path, error);
}

CodeTables *code_tables_load(const char *rules_dir, GError **error)
{
    g_autoptr(CodeTables) tables = g_new0(CodeTables, 1);
    g_autofree char *folder = g_build_filename(rules_dir, "tables", NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &cause);
    const char *file;

    tables->tables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, table_free);
    if (!dir) {
        error_set(error, STATUS_CONFIG, "cannot read '%s': %s", folder, cause->message);
        return NULL;
    }
    while ((file = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, file, NULL);

        if (g_str_has_suffix(file, ".csv") && !tables_add(tables, path, file, error))
            return NULL;
    }
    return g_steal_pointer(&tables);
}

CodeTables *code_tables_some(const char *rules_dir, const char *const *names, GError **error)
{
    g_autoptr(CodeTables) tables = g_new0(CodeTables, 1);

    tables->tables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, table_free);
    for (; *names; names++) {
        g_autofree char *file = g_strconcat(*names, ".csv", NULL);
        g_autofree char *path = g_build_filename(rules_dir, "tables", file, NULL);

        if (!tables_add(tables, path, file, error))
            return NULL;
    }
    return g_steal_pointer(&tables);
}

void code_tables_free(CodeTables *tables)
{
    if (!tables)
        return;
    g_hash_table_unref(tables->tables);
    g_free(tables);
}

const CodeTable *code_table(const CodeTables *tables, const char *name)
{
    return tables ? g_hash_table_lookup(tables->tables, name) : NULL;
}

gboolean code_may_find(const CodeTable *table, const char *text)
{
    guint64 first = 0;
    guint length = 0;

    for (; *text; text++) {
        if ((guint8)*text >= 0x80)
            return TRUE;
        if (!g_ascii_isalnum(*text))
            continue;
        if (length++ == 0)
            first = key_bit(*text);
    }
    return (table->begins[MIN(length, KEY_LENGTHS - 1)] & first) != 0;
}

const char *code_find(const CodeTable *table, const char *text)
{
    g_autofree char *key = NULL;
    guint row;

    if (!table || !text || !code_may_find(table, text))
        return NULL;
    key = text_key(text);
    row = GPOINTER_TO_UINT(g_hash_table_lookup(table->by_key, key));
    return row ? row_at(table, row)[0] : NULL;
}

const char *code_cell(const CodeTable *table, const char *code, const char *column)
{
    guint row = 0;
    int at = -1;

    if (table && code) {
        row = GPOINTER_TO_UINT(g_hash_table_lookup(table->by_code, code));
        at = column_find(table, column);
    }
    return row && at >= 0 ? row_at(table, row)[at] : NULL;
}

const char *code_label(const CodeTable *table, const char *code, Lang lang)
{
    const char *label = text_present(code_cell(table, code, lang == LANG_FR ? "fr" : "en"));

    return label ? label : code;
}

char *code_labels(const CodeTables *tables, const char *name, const char *codes, Lang lang)
{
    const CodeTable *table = tables ? code_table(tables, name) : NULL;
    g_auto(GStrv) words = g_strsplit(codes ? codes : "", "; ", -1);
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; words[i]; i++)
        g_string_append_printf(out, "%s%s", i ? "; " : "",
                               table ? code_label(table, words[i], lang) : words[i]);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

void code_visit(const CodeTable *table, void (*visit)(const char *code, gpointer data),
                gpointer data)
{
    for (guint row = 1; table && row < table->rows->len; row++)
        visit(row_at(table, row)[0], data);
}
