/*
 * The chain of a lead, drawn from left to right: dealer, purchaser, who had it, firearm, port or
 * place, seizure or trace. What several firearms share is one box. Lines run between the boxes that
 * there are; what no record tells is a gap that a line crosses, never a guess.
 */
#include <string.h>

#include "engine/base/message.h"
#include "engine/report/draw.h"
#include "engine/report/label.h"
#include "engine/report/markup.h"

enum { COLUMNS = 6, BOX = 152, GAP = 20, HEAD = 16, ROW = 42, TEXT = 22 };

typedef struct {
    char *key, *main, *sub;
    guint y; /* middle */
} Box;

typedef struct {
    GPtrArray *boxes[COLUMNS];     /* of Box, in the order of the firearms */
    Box *way[DRAW_PATHS][COLUMNS]; /* the boxes of each firearm; NULL: not known */
    guint rows;
} Chain;

static void box_free(gpointer data)
{
    Box *box = data;
    g_free(box->key);
    g_free(box->main);
    g_free(box->sub);
    g_free(box);
}

static Box *box_of(GPtrArray *boxes, const char *key, const char *main, const char *sub)
{
    if (!text_present(key) || !text_present(main))
        return NULL;
    for (guint i = 0; i < boxes->len; i++)
        if (g_strcmp0(((Box *)boxes->pdata[i])->key, key) == 0)
            return boxes->pdata[i];
    Box *box = g_new0(Box, 1);
    *box = (Box){g_strdup(key), g_strdup(main), g_strdup(sub ? sub : ""), 0};
    g_ptr_array_add(boxes, box);
    return box;
}

/* "GLOCK 19, serial X": what stands before the comma in one line, the rest in the other. */
static Box *firearm_box(GPtrArray *boxes, const LeadPath *path)
{
    g_auto(GStrv) parts = g_strsplit(path->label, ", ", 2);
    return box_of(boxes, path->firearm, parts[0], parts[0] ? parts[1] : NULL);
}

static Box *dealer_box(GPtrArray *boxes, const LeadPath *path)
{
    g_auto(GStrv) parts = g_strsplit(path->dealer ? path->dealer : "", ", ", 2);
    return box_of(boxes, path->dealer_key, parts[0], path->source.label);
}

static void add_row(Chain *chain, const LeadPath *path, Lang lang)
{
    Box **way = chain->way[chain->rows++];
    MessageId end = path->seized ? MSG_WAY_SEIZED : MSG_WAY_RECOVERED;
    g_autofree char *find = g_strdup_printf("%s/%s", path->case_no ? path->case_no : path->firearm,
                                            path->found ? path->found : "");
    way[0] = dealer_box(chain->boxes[0], path);
    way[1] = box_of(chain->boxes[1], path->buyer, path->purchaser, path->bought);
    way[2] = box_of(chain->boxes[2], path->bearer, path->carrier, label_role(path->role, lang));
    way[3] = firearm_box(chain->boxes[3], path);
    way[4] = box_of(chain->boxes[4], path->place.label, path->place.label, message(end, lang));
    way[5] = box_of(chain->boxes[5], path->place.label ? find : NULL,
                    path->case_no ? path->case_no : path->found, path->found);
}

/* Boxes of a column stand as far apart as there is room. */
static void lay_out(Chain *chain)
{
    for (guint c = 0; c < COLUMNS; c++)
        for (guint i = 0; i < chain->boxes[c]->len; i++)
            ((Box *)chain->boxes[c]->pdata[i])->y =
                HEAD + (2 * i + 1) * chain->rows * ROW / (2 * chain->boxes[c]->len);
}

static void append_text(GString *out, const char *text)
{
    if (g_utf8_strlen(text, -1) <= TEXT) {
        markup_append(out, text);
        return;
    }
    g_autofree char *start = g_utf8_substring(text, 0, TEXT - 1);
    markup_append(out, g_strchomp(start));
    g_string_append(out, "…");
}

static void append_lines(GString *out, const Chain *chain)
{
    g_autoptr(GHashTable) drawn = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint row = 0; row < chain->rows; row++) {
        const Box *const *way = (const Box *const *)chain->way[row];
        int from = -1;
        for (int c = 0; c < COLUMNS; c++) {
            if (!way[c])
                continue;
            char *line = from < 0 ? NULL
                                  : g_strdup_printf("M%d %uL%d %u", from * (BOX + GAP) + BOX,
                                                    way[from]->y, c * (BOX + GAP), way[c]->y);
            if (line && g_hash_table_add(drawn, line))
                g_string_append(out, line);
            from = c;
        }
    }
}

/* A box is a line as thick as it is high: half the bytes of an outline. */
static void append_boxes(GString *out, const Chain *chain)
{
    for (guint c = 0; c < COLUMNS; c++)
        for (guint i = 0; i < chain->boxes[c]->len; i++)
            g_string_append_printf(out, "M%u %uh%d", c * (BOX + GAP),
                                   ((Box *)chain->boxes[c]->pdata[i])->y, BOX);
}

static void append_texts(GString *out, const Chain *chain)
{
    for (guint c = 0; c < COLUMNS; c++)
        for (guint i = 0; i < chain->boxes[c]->len; i++) {
            const Box *box = chain->boxes[c]->pdata[i];
            guint x = c * (BOX + GAP) + 7;
            g_string_append_printf(out, "<text x=%u y=%u>", x, box->y - 3);
            append_text(out, box->main);
            g_string_append_printf(out, "<tspan x=%u dy=13>", x);
            append_text(out, box->sub);
            g_string_append(out, "</tspan></text>");
        }
}

void draw_chain(GString *out, const Lead *lead, Lang lang)
{
    Chain chain = {.rows = 0};
    for (guint c = 0; c < COLUMNS; c++)
        chain.boxes[c] = g_ptr_array_new_with_free_func(box_free);
    for (guint i = 0; i < lead->paths->len && chain.rows < DRAW_PATHS; i++)
        add_row(&chain, lead->paths->pdata[i], lang);
    lay_out(&chain);
    g_autofree char *title = message_format(MSG_ALT_CHAIN, lang, chain.rows, lead->paths->len);
    markup_printf(out,
                  "<div class=g><svg class=c viewBox=\"0 0 %u %u\" role=img aria-label=\"%s\">"
                  "<use href=\"#h\"/><path class=l d=\"",
                  COLUMNS * (BOX + GAP) - GAP, HEAD + chain.rows * ROW, title);
    append_lines(out, &chain);
    g_string_append(out, "\"/><path class=b d=\"");
    append_boxes(out, &chain);
    g_string_append(out, "\"/>");
    append_texts(out, &chain);
    g_string_append(out, "</svg></div>");
    for (guint c = 0; c < COLUMNS; c++)
        g_ptr_array_unref(chain.boxes[c]);
}

static void append_heads(GString *out, Lang lang)
{
    static const MessageId heads[COLUMNS] = {MSG_WAY_DEALER,  MSG_WAY_PURCHASER, MSG_WAY_CARRIER,
                                             MSG_WAY_FIREARM, MSG_WAY_PLACE,     MSG_WAY_CASE};
    g_string_append(out, "<g id=h class=h>");
    for (guint c = 0; c < COLUMNS; c++)
        markup_printf(out, "<text x=%u y=11>%s</text>", c * (BOX + GAP), message(heads[c], lang));
    g_string_append(out, "</g>");
}

void draw_shared(GString *out, const ReportOptions *options)
{
    g_string_append(out, "<svg class=d aria-hidden=true><defs>");
    append_heads(out, options->lang);
    draw_outlines(out, options->codes);
    g_string_append(out, "</defs></svg>");
}
