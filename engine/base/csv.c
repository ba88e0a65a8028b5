/*
 * CSV over libcsv in its strict mode, one physical line at a time. libcsv neither counts columns
 * nor lines, keeps its state after an error and has no size limits; those are added here. What a
 * row means, which lines are skipped and where a file restarts is the loader's business.
 */
#include "engine/base/csv.h"

#include <csv.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 65536 /* by how much libcsv grows its field buffer */

struct CsvParser {
    struct csv_parser raw;
    char delimiter;
    char *bytes;                   /* the cells of the record, each zero-terminated */
    gsize used, room;              /* of bytes */
    gsize starts[CSV_COLUMNS_MAX]; /* where each cell begins in bytes */
    guint n;
    char *cells[CSV_COLUMNS_MAX]; /* made when a record is complete */
    guint n_cells;
    gsize record_bytes; /* bytes fed since the record began */
    gboolean open;      /* the record goes on inside quotes */
    gboolean complete;  /* libcsv ended a record */
    const char *latch;  /* a limit was hit inside a callback, which cannot stop the parser */
    const char *reason;
};

/* libcsv's only way to a size limit: a buffer that no longer grows. One block more than a field
 * may have, because libcsv grows before it knows that the field ends. */
static void *bounded_realloc(void *memory, size_t size)
{
    return size > CSV_FIELD_MAX + BLOCK ? NULL : realloc(memory, size);
}

static void parser_init(CsvParser *parser)
{
    csv_init(&parser->raw, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser->raw, (unsigned char)parser->delimiter);
    csv_set_blk_size(&parser->raw, BLOCK);
    csv_set_realloc_func(&parser->raw, bounded_realloc);
}

static void record_clear(CsvParser *parser)
{
    parser->used = 0;
    parser->n = 0;
    parser->n_cells = 0;
    parser->record_bytes = 0;
    parser->open = parser->complete = FALSE;
    parser->latch = NULL;
}

CsvParser *csv_parser_new(char delimiter)
{
    CsvParser *parser = g_new0(CsvParser, 1);

    parser->delimiter = delimiter;
    parser_init(parser);
    return parser;
}

void csv_parser_free(CsvParser *parser)
{
    if (!parser)
        return;
    csv_free(&parser->raw);
    g_free(parser->bytes);
    g_free(parser);
}

/* After an error libcsv's state sticks: the next record starts with a new parser. */
static CsvState bad(CsvParser *parser, const char *reason)
{
    csv_free(&parser->raw);
    parser_init(parser);
    record_clear(parser);
    parser->reason = reason;
    return CSV_BAD;
}

static void make_room(CsvParser *parser, gsize more)
{
    if (parser->used + more <= parser->room)
        return;
    parser->room = (parser->used + more) * 2;
    parser->bytes = g_realloc(parser->bytes, parser->room);
}

static void add_cell(CsvParser *parser, const char *cell, gsize length)
{
    make_room(parser, length + 1);
    parser->starts[parser->n++] = parser->used;
    if (length > 0)
        memcpy(parser->bytes + parser->used, cell, length);
    parser->used += length;
    parser->bytes[parser->used++] = '\0';
}

static void on_cell(void *data, size_t length, void *user)
{
    CsvParser *parser = user;

    if (parser->complete) /* a lone CR or LF inside the line: not one physical line */
        parser->latch = "quote";
    else if (length > CSV_FIELD_MAX)
        parser->latch = "field-size";
    else if (parser->n >= CSV_COLUMNS_MAX)
        parser->latch = "columns";
    if (!parser->latch)
        add_cell(parser, data, length);
}

static void on_record(int end, void *user)
{
    CsvParser *parser = user;

    (void)end;
    if (parser->complete)
        parser->latch = "quote";
    parser->complete = TRUE;
}

static gboolean is_space(const CsvParser *parser, char c)
{
    return (c == ' ' || c == '\t') && c != parser->delimiter;
}

static gboolean is_blank_line(const CsvParser *parser, const char *line, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!is_space(parser, line[i]))
            return FALSE;
    return TRUE;
}

static const char *parse(CsvParser *parser, const char *bytes, gsize length)
{
    if (csv_parse(&parser->raw, bytes, length, on_cell, on_record, parser) == length)
        return parser->latch;
    return csv_error(&parser->raw) == CSV_EPARSE ? "quote" : "field-size";
}

static void cells_point(CsvParser *parser)
{
    parser->n_cells = parser->n;
    for (guint i = 0; i < parser->n; i++)
        parser->cells[i] = parser->bytes + parser->starts[i];
}

/* Where a cell begins that lies in the parser's bytes up to stop, without the blanks around it. */
static char *trim_cell(const CsvParser *parser, char *cell, char *stop)
{
    while (cell < stop && is_space(parser, *cell))
        cell++;
    while (stop > cell && is_space(parser, stop[-1]))
        stop--;
    *stop = '\0';
    return cell;
}

/* What a piece of a line has: where its delimiters are, MARK_BITS for each byte, the first byte's
 * lowest. *odd is no longer 0 when it may have something that libcsv must see: a quote, or a
 * control character that does not delimit. */
#ifdef __SSE2__
#define MARK_STEP 16
#define MARK_BITS 1

static inline guint64 find_marks(const char *bytes, char delimiter, guint64 *odd)
{
    const __m128i piece = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    const __m128i marks = _mm_cmpeq_epi8(piece, _mm_set1_epi8(delimiter));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(piece, _mm_set1_epi8(0x1F)), piece);
    const __m128i quotes = _mm_cmpeq_epi8(piece, _mm_set1_epi8('"'));

    *odd |= (guint64)_mm_movemask_epi8(_mm_andnot_si128(marks, _mm_or_si128(control, quotes)));
    return (guint64)_mm_movemask_epi8(marks);
}
#else
#define MARK_STEP  8
#define MARK_BITS  8
#define EVERY_BYTE G_GUINT64_CONSTANT(0x0101010101010101)
#define LOW_BITS   (0x7F * EVERY_BYTE)

/* Of eight bytes the high bit of each that is 0. */
static inline guint64 zeros_in(guint64 word)
{
    return ~(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS);
}

static inline guint64 find_marks(const char *bytes, char delimiter, guint64 *odd)
{
    guint64 word, marks;

    memcpy(&word, bytes, sizeof word);
    word = GUINT64_FROM_LE(word);
    marks = zeros_in(word ^ (guint8)delimiter * EVERY_BYTE);
    *odd |= (zeros_in(word & 0xE0 * EVERY_BYTE) & ~marks) | zeros_in(word ^ '"' * EVERY_BYTE);
    return marks;
}
#endif

/* Ends a cell at every delimiter of the line, which one stands behind. FALSE: too many, or not as
 * plain as that. */
static gboolean end_cells(CsvParser *parser, gsize length)
{
    const char delimiter = parser->delimiter;
    char *cell = parser->bytes;
    guint n = 0;
    guint64 odd = 0;

    for (char *at = cell, *end = cell + length; at <= end && !odd; at += MARK_STEP) {
        guint64 stops = find_marks(at, delimiter, &odd);

        for (; stops; stops &= stops - 1) {
            char *stop = at + __builtin_ctzll(stops) / MARK_BITS;

            if (n == CSV_COLUMNS_MAX)
                return FALSE;
            if (cell < stop && (*cell <= ' ' || stop[-1] <= ' '))
                cell = trim_cell(parser, cell, stop);
            *stop = '\0';
            parser->cells[n++] = cell;
            cell = stop + 1;
        }
    }
    parser->n_cells = n;
    return odd == 0;
}

/* Most records have no quote: what libcsv would make of them, at a tenth of its cost. FALSE when
 * the line is not as plain as that. */
static gboolean split_plain(CsvParser *parser, const char *line, gsize length)
{
    if (length > CSV_FIELD_MAX)
        return FALSE;
    make_room(parser, length + 1 + MARK_STEP);
    memcpy(parser->bytes, line, length);
    parser->bytes[length] = parser->delimiter;
    memset(parser->bytes + length + 1, 'x', MARK_STEP);
    if (end_cells(parser, length))
        return TRUE;
    record_clear(parser);
    return FALSE;
}

CsvState csv_feed(CsvParser *parser, const char *line, gsize length)
{
    const char *reason;

    if (!parser->open) {
        record_clear(parser);
        if (is_blank_line(parser, line, length))
            return CSV_DONE;
    }
    if (!parser->open && split_plain(parser, line, length))
        return CSV_DONE;
    if (length > 0 && memchr(line, '\0', length))
        return bad(parser, "nul");
    parser->record_bytes += length + 1;
    if (parser->record_bytes > CSV_RECORD_MAX)
        return bad(parser, "field-size");
    reason = parse(parser, line, length);
    if (!reason && parser->complete)
        reason = "quote";
    if (!reason)
        reason = parse(parser, "\n", 1);
    if (reason)
        return bad(parser, reason);
    parser->open = !parser->complete;
    if (parser->open)
        return CSV_MORE;
    cells_point(parser);
    return CSV_DONE;
}

CsvState csv_end(CsvParser *parser)
{
    if (parser->open)
        return bad(parser, "unclosed");
    record_clear(parser);
    return CSV_DONE;
}

char **csv_cells(CsvParser *parser, guint *n)
{
    *n = parser->n_cells;
    return parser->cells;
}

const char *csv_reason(const CsvParser *parser)
{
    return parser->reason;
}

static gboolean needs_quotes(const char *cell)
{
    gsize length = strlen(cell);

    return strpbrk(cell, ",;\t\"\r\n") || cell[0] == ' ' || (length > 0 && cell[length - 1] == ' ');
}

/* Full-width = + - @ count too: spreadsheets normalise them. */
static gboolean is_formula(const char *cell)
{
    static const char *const STARTS[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                         "\n", "＝", "＋", "－", "＠"};

    for (guint i = 0; i < G_N_ELEMENTS(STARTS); i++)
        if (g_str_has_prefix(cell, STARTS[i]))
            return TRUE;
    return FALSE;
}

void csv_append_cell(GString *out, const char *text, gboolean guard)
{
    g_autofree char *guarded = NULL;
    gsize at = out->len, length;

    if (!text || !*text) /* csv_write() writes nothing at all for NULL: columns would shift */
        return;
    if (guard && is_formula(text))
        text = guarded = g_strconcat("'", text, NULL);
    if (!needs_quotes(text)) {
        g_string_append(out, text);
        return;
    }
    length = strlen(text);
    g_string_set_size(out, at + 2 * length + 2);
    g_string_truncate(out, at + csv_write(out->str + at, 2 * length + 2, text, length));
}

char *csv_library(void)
{
    return g_strdup_printf("libcsv %d.%d.%d", CSV_MAJOR, CSV_MINOR, CSV_RELEASE);
}
