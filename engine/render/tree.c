/*
 * Rows as a tree, for a person to read: the first column says how deep a row hangs, the others are
 * its text, with two blanks between. Drawn with box characters, or with plain ones.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/render/render.h"

typedef struct {
    guint level;
    char *text;
} Leaf;

typedef struct {
    RowSink sink; /* first: a RowSink * is a Tree * */
    Output *output;
    gboolean boxes;
    guint n;
    GArray *leaves; /* of Leaf */
} Tree;

static void leaf_clear(gpointer data)
{
    g_free(((Leaf *)data)->text);
}

static gboolean begin(RowSink *sink, const Column *columns, guint n, GError **error)
{
    (void)columns;
    (void)error;
    ((Tree *)sink)->n = n;
    return TRUE;
}

static gboolean row(RowSink *sink, const char *const *cells, GError **error)
{
    Tree *tree = (Tree *)sink;
    guint64 level = 0;
    (void)error;
    g_ascii_string_to_unsigned(cells[0], 10, 0, 1000, &level, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 1; i < tree->n; i++) {
        g_autofree char *safe = text_for_terminal(cells[i] ? cells[i] : "");
        if (*safe)
            g_string_append_printf(text, "%s%s", text->len ? "  " : "",
                                   g_strdelimit(safe, "\t\n", ' '));
    }
    Leaf leaf = {(guint)level, g_string_free(g_steal_pointer(&text), FALSE)};
    g_array_append_val(tree->leaves, leaf);
    return TRUE;
}

/* Does another row hang at this level below the same one, after this? */
static gboolean goes_on(const Tree *tree, guint index, guint level)
{
    for (guint i = index + 1; i < tree->leaves->len; i++) {
        guint other = g_array_index(tree->leaves, Leaf, i).level;
        if (other <= level)
            return other == level;
    }
    return FALSE;
}

static gboolean end(RowSink *sink, GError **error)
{
    const Tree *tree = (const Tree *)sink;
    const char *const *marks = tree->boxes ? (const char *const[]){"│  ", "   ", "├─ ", "└─ "}
                                           : (const char *const[]){"|  ", "   ", "|- ", "`- "};
    g_autoptr(GString) bytes = g_string_new(NULL);
    for (guint i = 0; i < tree->leaves->len; i++) {
        const Leaf *leaf = &g_array_index(tree->leaves, Leaf, i);
        for (guint level = 1; level < leaf->level; level++)
            g_string_append(bytes, marks[goes_on(tree, i, level) ? 0 : 1]);
        if (leaf->level)
            g_string_append(bytes, marks[goes_on(tree, i, leaf->level) ? 2 : 3]);
        g_string_append_printf(bytes, "%s\n", leaf->text);
    }
    return output_write(tree->output, bytes, error);
}

TreeSink *tree_sink_new(Output *output, gboolean boxes)
{
    Tree *tree = g_new0(Tree, 1);
    tree->sink = (RowSink){begin, row, end, NULL};
    tree->output = output;
    tree->boxes = boxes;
    tree->leaves = g_array_new(FALSE, TRUE, sizeof(Leaf));
    g_array_set_clear_func(tree->leaves, leaf_clear);
    return &tree->sink;
}

void tree_sink_free(TreeSink *sink)
{
    Tree *tree = (Tree *)sink;
    if (!tree)
        return;
    g_array_unref(tree->leaves);
    g_free(tree);
}
