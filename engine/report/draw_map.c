/*
 * Time line and map of a lead. The map is a Lambert conformal conic of North America, cut out
 * around the places of the lead; outlines come from rules/tables/outlines.csv and are in the page
 * once. A town's, state's or province's point is its middle, and the page says so.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/message.h"
#include "engine/render/markup.h"
#include "engine/report/draw.h"

#define RADIANS(degrees) ((degrees)*G_PI / 180)
/* One unit is 5 km; the shift puts all that is drawn into positive numbers. */
#define EARTH    1274.0
#define LAT_ONE  33.0
#define LAT_TWO  60.0
#define MERIDIAN -96.0
#define SHIFT_X  1300
#define SHIFT_Y  -250

/* The map's shape, the least width that it shows, what it leaves free around the places, and its
 * width in heights of its letters. */
enum { MAP_WIDE = 8, MAP_HIGH = 5, MAP_LEAST = 240, MAP_MARGIN = 36, MAP_LETTERS = 32 };

/* The time line: its width, room beside the lanes and below them, height of a lane. */
enum { TIME_WIDTH = 480, TIME_SIDE = 8, TIME_FOOT = 22, TIME_LANE = 18 };

typedef struct {
    int x, y;
} Point;

static double cone_part(double lat)
{
    return tan(G_PI / 4 + RADIANS(lat) / 2);
}

static Point project(double lat, double lon)
{
    const double n = log(cos(RADIANS(LAT_ONE)) / cos(RADIANS(LAT_TWO))) /
                     log(cone_part(LAT_TWO) / cone_part(LAT_ONE));
    const double f = cos(RADIANS(LAT_ONE)) * pow(cone_part(LAT_ONE), n) / n;
    double rho = EARTH * f / pow(cone_part(lat), n);
    double theta = n * RADIANS((lon > 0 ? lon - 360 : lon) - MERIDIAN);
    return (Point){(int)lrint(SHIFT_X + rho * sin(theta)), (int)lrint(SHIFT_Y + rho * cos(theta))};
}

typedef struct {
    GString *out;
    const CodeTable *table;
} Outlines;

/* One ring: "lon lat lon lat ..." in degrees. */
static void append_ring(const char *code, gpointer data)
{
    const Outlines *outlines = data;
    const char *points = code_cell(outlines->table, code, "points");
    if (!points)
        return;
    Point at = {0, 0};
    gboolean first = TRUE;
    for (char *end = NULL; *points; points = end) {
        double lon = g_ascii_strtod(points, &end);
        double lat = g_ascii_strtod(end, &end);
        if (end == points) /* no number: the end, or what a hand has spoilt */
            break;
        Point next = project(lat, lon);
        if (first)
            g_string_append_printf(outlines->out, "M%d %dl", next.x, next.y);
        else if (next.x != at.x || next.y != at.y)
            g_string_append_printf(outlines->out, "%d %d ", next.x - at.x, next.y - at.y);
        at = next;
        first = FALSE;
    }
    g_string_append_c(outlines->out, 'z');
}

void draw_outlines(GString *out, const CodeTables *codes)
{
    Outlines outlines = {out, codes ? code_table(codes, "outlines") : NULL};
    g_string_append(out, "<path id=k class=k d=\"");
    if (outlines.table)
        code_visit(outlines.table, append_ring, &outlines);
    g_string_append(out, "\"/>");
}

/* ---- map --------------------------------------------------------------------------------- */

typedef struct {
    int left, top, right, bottom; /* of all places */
    guint n;
} Frame;

static void widen(Frame *frame, const LeadPlace *place)
{
    if (!place->located)
        return;
    Point at = project(place->lat, place->lon);
    if (!frame->n++)
        *frame = (Frame){at.x, at.y, at.x, at.y, 1};
    frame->left = MIN(frame->left, at.x);
    frame->right = MAX(frame->right, at.x);
    frame->top = MIN(frame->top, at.y);
    frame->bottom = MAX(frame->bottom, at.y);
}

/* Makes the frame of the map's shape, around the middle of what it holds. */
static void fit(Frame *frame)
{
    int wide = frame->right - frame->left + 2 * MAP_MARGIN;
    int high = frame->bottom - frame->top + 2 * MAP_MARGIN;
    wide = MAX(MAX(wide, MAP_LEAST), (high * MAP_WIDE + MAP_HIGH - 1) / MAP_HIGH);
    high = wide * MAP_HIGH / MAP_WIDE;
    int left = (frame->left + frame->right - wide) / 2;
    int top = (frame->top + frame->bottom - high) / 2;
    *frame = (Frame){left, top, left + wide, top + high, frame->n};
}

/* Appends "M x y" and what follows once for each different place. */
static void append_dots(GString *out, const Lead *lead, gboolean source, gboolean seized)
{
    g_autoptr(GHashTable) drawn = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < lead->paths->len; i++) {
        const LeadPath *path = lead->paths->pdata[i];
        const LeadPlace *place = source ? &path->source : &path->place;
        if (!place->located || (!source && path->seized != seized))
            continue;
        Point at = project(place->lat, place->lon);
        char *dot = g_strdup_printf("M%d %dh0", at.x, at.y);
        if (g_hash_table_add(drawn, dot))
            g_string_append(out, dot);
    }
}

static void append_ways(GString *out, const Lead *lead)
{
    g_autoptr(GHashTable) drawn = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < lead->paths->len; i++) {
        const LeadPath *path = lead->paths->pdata[i];
        if (!path->source.located || !path->place.located)
            continue;
        Point from = project(path->source.lat, path->source.lon);
        Point to = project(path->place.lat, path->place.lon);
        if (from.x == to.x && from.y == to.y)
            continue;
        /* bent to the left by an eighth of its length, so that ways there and back differ */
        int x = (from.x + to.x) / 2 + (to.y - from.y) / 8;
        int y = (from.y + to.y) / 2 - (to.x - from.x) / 8;
        char *way = g_strdup_printf("M%d %dQ%d %d %d %d", from.x, from.y, x, y, to.x, to.y);
        if (g_hash_table_add(drawn, way))
            g_string_append(out, way);
    }
}

/* What stands at the dot: where only the region is known, its name and no town's. */
static const char *spot_of(const LeadPlace *place)
{
    return place->spot ? place->spot : place->label;
}

enum { NAMES = 6 };

/* Names that stand on a map so far, as boxes around them. */
typedef struct {
    struct {
        int x, y, wide;
    } at[NAMES];
    guint n;
    int size; /* of the letters */
    const Frame *frame;
} Names;

static gboolean is_free(const Names *names, int x, int y, int wide)
{
    const Frame *frame = names->frame;
    if (x < frame->left || x + wide > frame->right || y - names->size < frame->top ||
        y > frame->bottom)
        return FALSE;
    for (guint i = 0; i < names->n; i++)
        if (x < names->at[i].x + names->at[i].wide && names->at[i].x < x + wide &&
            abs(y - names->at[i].y) < names->size)
            return FALSE;
    return TRUE;
}

/* Right of its dot or left of it, above or below, where it covers no other name; else not at all:
 * the list of places and the table have it. */
static void append_name(GString *out, Names *names, const LeadPlace *place)
{
    static const int below[] = {0, 1, -1, 2, -2, 3, -3};
    Point dot = project(place->lat, place->lon);
    int wide = (int)g_utf8_strlen(spot_of(place), -1) * names->size * 4 / 5;
    for (guint i = 0; names->n < NAMES && i < 2 * G_N_ELEMENTS(below); i++) {
        int x = i % 2 ? dot.x - names->size * 2 / 3 - wide : dot.x + names->size * 2 / 3;
        int y = dot.y + names->size / 3 + below[i / 2] * names->size;
        if (!is_free(names, x, y, wide))
            continue;
        names->at[names->n].x = x;
        names->at[names->n].y = y;
        names->at[names->n++].wide = wide;
        g_string_append_printf(out, "<text x=%d y=%d>", x, y);
        markup_append(out, spot_of(place));
        g_string_append(out, "</text>");
        return;
    }
}

/* Names of the places, each once, as long as there is room for them. */
static void append_names(GString *out, const Lead *lead, const Frame *frame)
{
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    Names names = {.size = (frame->right - frame->left) / MAP_LETTERS, .frame = frame};
    for (guint i = 0; i < 2 * lead->paths->len; i++) {
        const LeadPath *path = lead->paths->pdata[i / 2];
        const LeadPlace *place = i % 2 ? &path->place : &path->source;
        if (place->located && g_hash_table_add(named, (gpointer)spot_of(place)))
            append_name(out, &names, place);
    }
}

/* "Ohio; Windsor - Ambassador Bridge": every place once. */
static char *place_list(const Lead *lead)
{
    g_autoptr(GString) list = g_string_new(NULL);
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < 2 * lead->paths->len; i++) {
        const LeadPath *path = lead->paths->pdata[i / 2];
        const LeadPlace *place = i % 2 ? &path->place : &path->source;
        if (place->located && g_hash_table_add(named, (gpointer)spot_of(place)))
            g_string_append_printf(list, "%s%s", list->len ? "; " : "", spot_of(place));
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

void draw_map(GString *out, const Lead *lead, Lang lang)
{
    Frame frame = {0};
    for (guint i = 0; i < lead->paths->len; i++) {
        const LeadPath *path = lead->paths->pdata[i];
        widen(&frame, &path->source);
        widen(&frame, &path->place);
    }
    if (!frame.n)
        return;
    fit(&frame);
    g_autofree char *places = place_list(lead);
    g_autofree char *title = message_format(MSG_ALT_MAP, lang, places);
    markup_printf(out,
                  "<svg class=m viewBox=\"%d %d %d %d\" font-size=%d role=img aria-label=\"%s\">"
                  "<use href=\"#k\"/><path class=l d=\"",
                  frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top,
                  (frame.right - frame.left) / MAP_LETTERS, title);
    append_ways(out, lead);
    g_string_append(out, "\"/><path class=s d=\"");
    append_dots(out, lead, TRUE, FALSE);
    g_string_append(out, "\"/><path class=x d=\"");
    append_dots(out, lead, FALSE, TRUE);
    g_string_append(out, "\"/><path class=r d=\"");
    append_dots(out, lead, FALSE, FALSE);
    g_string_append(out, "\"/>");
    append_names(out, lead, &frame);
    g_string_append(out, "</svg>");
}

/* ---- time line --------------------------------------------------------------------------- */

static Day day_of(const char *iso)
{
    return iso ? date_parse(iso, DATE_ISO) : DAY_NONE;
}

static void extend(Day *first, Day *last, Day day)
{
    if (day == DAY_NONE)
        return;
    *first = *first == DAY_NONE ? day : MIN(*first, day);
    *last = *last == DAY_NONE ? day : MAX(*last, day);
}

static int at_day(Day day, Day first, Day last)
{
    return TIME_SIDE +
           (int)((gint64)(day - first) * (TIME_WIDTH - 2 * TIME_SIDE) / MAX(last - first, 1));
}

typedef struct {
    GString *bars, *bought, *seized, *recovered;
} Lanes;

static void add_lane(Lanes *lanes, const LeadPath *path, guint row, Day first, Day last)
{
    Day bought = day_of(path->bought), found = day_of(path->found);
    guint y = row * TIME_LANE + TIME_LANE / 2;
    if (bought != DAY_NONE)
        g_string_append_printf(lanes->bought, "M%d %uh0", at_day(bought, first, last), y);
    if (found != DAY_NONE)
        g_string_append_printf(path->seized ? lanes->seized : lanes->recovered, "M%d %uh0",
                               at_day(found, first, last), y);
    if (bought != DAY_NONE && found != DAY_NONE)
        g_string_append_printf(lanes->bars, "M%d %uH%d", at_day(bought, first, last), y,
                               at_day(found, first, last));
}

static void append_lanes(GString *out, const Lanes *lanes)
{
    const struct {
        char class;
        const GString *path;
    } parts[] = {
        {'t', lanes->bars}, {'s', lanes->bought}, {'x', lanes->seized}, {'r', lanes->recovered}};
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
        if (parts[i].path->len)
            g_string_append_printf(out, "<path class=%c d=\"%s\"/>", parts[i].class,
                                   parts[i].path->str);
}

static void append_years(GString *out, Day first, Day last, int foot)
{
    char text[DAY_TEXT];
    int year = (int)g_ascii_strtoll(date_text(first, text), NULL, 10);
    g_autoptr(GString) lines = g_string_new(NULL);
    for (;;) {
        g_autofree char *iso = g_strdup_printf("%d-01-01", ++year);
        Day day = date_parse(iso, DATE_ISO);
        if (day == DAY_NONE || day >= last)
            break;
        g_string_append_printf(lines, "M%d 0V%d", at_day(day, first, last), foot);
    }
    if (lines->len)
        g_string_append_printf(out, "<path class=y d=\"%s\"/>", lines->str);
}

void draw_timeline(GString *out, const Lead *lead, Lang lang)
{
    Day first = DAY_NONE, last = DAY_NONE;
    guint rows = MIN(lead->paths->len, DRAW_PATHS);
    for (guint i = 0; i < rows; i++) {
        const LeadPath *path = lead->paths->pdata[i];
        extend(&first, &last, day_of(path->bought));
        extend(&first, &last, day_of(path->found));
    }
    if (first == DAY_NONE)
        return;
    char from[DAY_TEXT], to[DAY_TEXT];
    int foot = (int)rows * TIME_LANE;
    g_autofree char *title =
        message_format(MSG_ALT_TIMELINE, lang, date_text(first, from), date_text(last, to));
    markup_printf(out, "<svg class=t viewBox=\"0 0 %d %d\" role=img aria-label=\"%s\">", TIME_WIDTH,
                  foot + TIME_FOOT, title);
    append_years(out, first, last, foot);
    Lanes lanes = {g_string_new(NULL), g_string_new(NULL), g_string_new(NULL), g_string_new(NULL)};
    for (guint i = 0; i < rows; i++)
        add_lane(&lanes, lead->paths->pdata[i], i, first, last);
    append_lanes(out, &lanes);
    markup_printf(out, "<text x=0 y=%d>%s</text>", foot + 16, from);
    if (first != last)
        markup_printf(out, "<text x=%d y=%d class=e>%s</text>", TIME_WIDTH, foot + 16, to);
    g_string_append(out, "</svg>");
    g_string_free(lanes.bars, TRUE);
    g_string_free(lanes.bought, TRUE);
    g_string_free(lanes.seized, TRUE);
    g_string_free(lanes.recovered, TRUE);
}
