/*
 * Folding with a way back. Does to each character what text_fold() does to a text, squeezes runs
 * of blanks (no-break spaces, line ends) into one space and drops what is not seen (combining
 * marks, soft hyphens, zero-width characters), noting for every byte where it came from.
 * Stands before the prefilter and the patterns; does not judge anything.
 */
#include "engine/marker/fold.h"

#include <string.h>

#include "engine/base/text.h"

#define TABLE_FIRST 0x80
#define TABLE_LAST  0x24F

struct FoldTable {
    char *of[TABLE_LAST - TABLE_FIRST + 1];
};

static char *fold_char(gunichar c)
{
    char one[7] = "";
    if (g_unichar_ismark(c) || g_unichar_type(c) == G_UNICODE_FORMAT)
        return g_strdup("");
    if (g_unichar_isspace(c))
        return g_strdup(" ");
    one[g_unichar_to_utf8(c, one)] = '\0';
    return text_fold(one);
}

FoldTable *fold_table_new(void)
{
    FoldTable *table = g_new0(FoldTable, 1);
    for (gunichar c = TABLE_FIRST; c <= TABLE_LAST; c++)
        table->of[c - TABLE_FIRST] = fold_char(c);
    return table;
}

void fold_table_free(FoldTable *table)
{
    if (table == NULL)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(table->of); i++)
        g_free(table->of[i]);
    g_free(table);
}

typedef struct {
    Folded out;
    gsize room;
} Folder;

/* Room for n bytes more and the end. */
static void folder_room(Folder *folder, gsize n)
{
    Folded *out = &folder->out;
    if (out->length + n + 1 <= folder->room)
        return;
    folder->room = (out->length + n + 1) * 2;
    out->text = g_realloc(out->text, folder->room);
    out->origin = g_realloc_n(out->origin, folder->room, sizeof *out->origin);
}

static void folder_add(Folder *folder, const char *bytes, gsize n, gsize origin)
{
    Folded *out = &folder->out;
    folder_room(folder, n);
    if (n == 1 && bytes[0] == ' ' && out->length > 0 && out->text[out->length - 1] == ' ')
        return;
    for (gsize i = 0; i < n; i++) {
        out->text[out->length] = bytes[i];
        out->origin[out->length++] = (guint32)origin;
    }
}

static void folder_add_char(Folder *folder, const FoldTable *table, gunichar c, gsize origin)
{
    if (c >= TABLE_FIRST && c <= TABLE_LAST) {
        const char *known = table->of[c - TABLE_FIRST];
        folder_add(folder, known, strlen(known), origin);
        return;
    }
    g_autofree char *folded = fold_char(c);
    folder_add(folder, folded, strlen(folded), origin);
}

/* A run of ASCII from text[at] on, which is most of any text; where it ends. */
static gsize folder_add_plain(Folder *folder, const char *text, gsize at, gsize length)
{
    Folded *out = &folder->out;
    folder_room(folder, length - at);
    gboolean blank = out->length > 0 && out->text[out->length - 1] == ' ';
    for (; at < length && (guchar)text[at] < 0x80; at++) {
        char c = text[at];
        gboolean space = c <= ' ' || c == 0x7f;
        if (space && blank)
            continue;
        out->text[out->length] = space ? ' ' : g_ascii_islower(c) ? (char)(c - 32) : c;
        out->origin[out->length++] = (guint32)at;
        blank = space;
    }
    return at;
}

Folded fold_text(const FoldTable *table, const char *text)
{
    gsize length = strlen(text), at = 0;
    Folder folder = {.room = length + 16};
    folder.out.text = g_malloc(folder.room);
    folder.out.origin = g_new(guint32, folder.room);
    while (at < length) {
        if ((guchar)text[at] < 0x80) {
            at = folder_add_plain(&folder, text, at, length);
            continue;
        }
        folder_add_char(&folder, table, g_utf8_get_char(text + at), at);
        at += (gsize)(g_utf8_next_char(text + at) - (text + at));
    }
    folder_add(&folder, "", 0, length);
    folder.out.text[folder.out.length] = '\0';
    folder.out.origin[folder.out.length] = (guint32)length;
    return folder.out;
}

void folded_clear(Folded *folded)
{
    g_clear_pointer(&folded->text, g_free);
    g_clear_pointer(&folded->origin, g_free);
    folded->length = 0;
}

char *fold_pattern(const FoldTable *table, const char *pattern)
{
    Folder folder = {.room = strlen(pattern) + 16};
    folder.out.text = g_malloc(folder.room);
    folder.out.origin = g_new(guint32, folder.room);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = pattern; *p != '\0'; p = g_utf8_next_char(p)) {
        if ((guchar)*p < 0x80) {
            g_string_append_c(out, *p);
            continue;
        }
        folder.out.length = 0;
        folder_add_char(&folder, table, g_utf8_get_char(p), 0);
        g_string_append_len(out, folder.out.text, (gssize)folder.out.length);
    }
    folded_clear(&folder.out);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
