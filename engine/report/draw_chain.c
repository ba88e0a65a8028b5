/*
 * The chain of a lead, drawn from left to right: dealer, purchaser, who had it, firearm, port or
 * place, seizure or trace. What several firearms share is one box. Lines run between the boxes that
 * there are; what no record tells is a gap with a place of its own, through which the line runs, so
 * that it never passes behind a box that it has nothing to do with.
 */
#include <string.h>

#include "engine/base/message.h"
#include "engine/render/markup.h"
#include "engine/report/draw.h"
#include "engine/report/label.h"

enum { COLUMNS = 6, BOX = 152, GAP = 20, HEAD = 16, ROW = 42, TEXT = 22 };

typedef struct {
    char *key, *main, *sub; /* main NULL: a gap */
    double rank;            /* mean of its firearms' */
    guint y;                /* middle */
} Box;

typedef struct {
    GPtrArray *boxes[COLUMNS];     /* of Box, in the order of the firearms */
    Box *way[DRAW_PATHS][COLUMNS]; /* of each firearm; NULL: before its first, behind its last */
    double rank[DRAW_PATHS];       /* of each firearm, from above */
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

static Box *box_add(GPtrArray *boxes, const char *key, const char *main, const char *sub)
{
    for (guint i = 0; i < boxes->len; i++)
        if (strcmp(((Box *)boxes->pdata[i])->key, key) == 0)
            return boxes->pdata[i];
    Box *box = g_new0(Box, 1);
    *box = (Box){.key = g_strdup(key), .main = g_strdup(main), .sub = g_strdup(sub ? sub : "")};
    g_ptr_array_add(boxes, box);
    return box;
}

static Box *box_of(GPtrArray *boxes, const char *key, const char *main, const char *sub)
{
    return key && text_present(key) && text_present(main) ? box_add(boxes, key, main, sub) : NULL;
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

/* Where others have a buyer: one for all that a dealer missed on one day. */
static Box *theft_box(GPtrArray *boxes, const LeadPath *path, Lang lang)
{
    const char *day = path->stolen ? path->stolen : "";
    g_autofree char *key = g_strdup_printf("\n%s\n%s", path->dealer_key, day);
    return box_of(boxes, key, message(MSG_WAY_STOLEN, lang), path->stolen);
}

/* A gap between two boxes is one for all firearms that go from the one to the other. */
static void fill_gaps(Chain *chain, Box **way)
{
    int from = -1;
    for (int c = 0; c < COLUMNS; c++) {
        if (!way[c])
            continue;
        g_autofree char *key =
            from < 0 ? NULL : g_strdup_printf("\n%s\n%s", way[from]->key, way[c]->key);
        for (int gap = from + 1; key && gap < c; gap++)
            way[gap] = box_add(chain->boxes[gap], key, NULL, NULL);
        from = c;
    }
}

static void add_row(Chain *chain, const LeadPath *path, Lang lang)
{
    Box **way = chain->way[chain->rows++];
    MessageId end = path->seized ? MSG_WAY_SEIZED : MSG_WAY_RECOVERED;
    g_autofree char *find = g_strdup_printf("%s/%s", path->case_no ? path->case_no : path->firearm,
                                            path->found ? path->found : "");
    way[0] = dealer_box(chain->boxes[0], path);
    way[1] = path->theft ? theft_box(chain->boxes[1], path, lang)
                         : box_of(chain->boxes[1], path->buyer, path->purchaser, path->bought);
    way[2] = box_of(chain->boxes[2], path->bearer, path->carrier, label_role(path->role, lang));
    way[3] = firearm_box(chain->boxes[3], path);
    way[4] = box_of(chain->boxes[4], path->place.label, path->place.label, message(end, lang));
    way[5] = box_of(chain->boxes[5], path->place.label ? find : NULL,
                    path->case_no ? path->case_no : path->found, path->found);
    fill_gaps(chain, way);
}

/* ---- where boxes stand ------------------------------------------------------------------- */

static void rank_boxes(Chain *chain)
{
    for (guint c = 0; c < COLUMNS; c++)
        for (guint i = 0; i < chain->boxes[c]->len; i++) {
            Box *box = chain->boxes[c]->pdata[i];
            guint n = 0;
            box->rank = 0;
            for (guint row = 0; row < chain->rows; row++)
                if (chain->way[row][c] == box) {
                    box->rank += chain->rank[row];
                    n++;
                }
            box->rank /= MAX(n, 1);
        }
}

/* A firearm stands where its boxes stand; then firearms are counted out from above. */
static void rank_rows(Chain *chain)
{
    double mean[DRAW_PATHS] = {0};
    for (guint row = 0; row < chain->rows; row++) {
        guint n = 0;
        for (guint c = 0; c < COLUMNS; c++)
            if (chain->way[row][c]) {
                mean[row] += chain->way[row][c]->rank;
                n++;
            }
        mean[row] /= MAX(n, 1);
    }
    for (guint row = 0; row < chain->rows; row++) {
        guint above = 0;
        for (guint other = 0; other < chain->rows; other++)
            above += mean[other] < mean[row] || (mean[other] <= mean[row] && other < row);
        chain->rank[row] = above;
    }
}

static gint compare_boxes(gconstpointer a, gconstpointer b)
{
    const Box *left = *(Box *const *)a, *right = *(Box *const *)b;
    if (left->rank < right->rank || left->rank > right->rank)
        return left->rank < right->rank ? -1 : 1;
    return strcmp(left->key, right->key);
}

/* What hangs together comes to stand side by side: few lines cross. */
static void order(Chain *chain)
{
    enum { ROUNDS = 4 };
    for (guint row = 0; row < chain->rows; row++)
        chain->rank[row] = row;
    for (guint round = 0; round < ROUNDS; round++) {
        rank_boxes(chain);
        rank_rows(chain);
    }
    rank_boxes(chain);
    for (guint c = 0; c < COLUMNS; c++)
        g_ptr_array_sort(chain->boxes[c], compare_boxes);
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

/* From the right end of one place to the left end of the next, and through where it is a gap. */
static void append_lines(GString *out, const Chain *chain)
{
    g_autoptr(GHashTable) drawn = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint row = 0; row < chain->rows; row++) {
        const Box *const *way = (const Box *const *)chain->way[row];
        for (guint c = 1; c < COLUMNS; c++) {
            if (!way[c - 1] || !way[c])
                continue;
            guint from = (c - 1) * (BOX + GAP) + BOX, to = c * (BOX + GAP);
            GString *line = g_string_new(NULL);
            g_string_printf(line, "M%u %uL%u %u", from, way[c - 1]->y, to, way[c]->y);
            if (!way[c]->main)
                g_string_append_printf(line, "h%d", BOX);
            char *key = g_string_free(line, FALSE);
            if (g_hash_table_add(drawn, key))
                g_string_append(out, key);
        }
    }
}

/* A box is a line as thick as it is high: half the bytes of an outline. */
static void append_boxes(GString *out, const Chain *chain)
{
    for (guint c = 0; c < COLUMNS; c++)
        for (guint i = 0; i < chain->boxes[c]->len; i++) {
            const Box *box = chain->boxes[c]->pdata[i];
            if (box->main)
                g_string_append_printf(out, "M%u %uh%d", c * (BOX + GAP), box->y, BOX);
        }
}

static void append_texts(GString *out, const Chain *chain)
{
    for (guint c = 0; c < COLUMNS; c++)
        for (guint i = 0; i < chain->boxes[c]->len; i++) {
            const Box *box = chain->boxes[c]->pdata[i];
            guint x = c * (BOX + GAP) + 7;
            if (!box->main)
                continue;
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
    order(&chain);
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
