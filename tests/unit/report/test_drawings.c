/*
 * The map of a lead: a name stands beside its dot, inside the frame and on no other name, and is
 * left out only where there is no such place for it; dots and ways are drawn once each.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/report/draw.h"
#include "tests/unit/suite.h"

#define PLACES_MOST 12
#define NAMES_MOST  6

typedef struct {
    int x, y;
} At;

typedef struct {
    int left, top, wide, high, size;
} Map;

typedef struct {
    At at;
    int wide;
    char name[16];
} Name;

static void path_free(gpointer data)
{
    LeadPath *path = data;
    g_free(path->source.label);
    g_free(path->place.label);
    g_free(path);
}

static LeadPlace place_at(const char *label, double lat, double lon)
{
    return (LeadPlace){.label = g_strdup(label), .lat = lat, .lon = lon, .located = TRUE};
}

static Lead lead_of(void)
{
    return (Lead){.paths = g_ptr_array_new_with_free_func(path_free)};
}

static void add_source(Lead *lead, LeadPlace place)
{
    LeadPath *path = g_new0(LeadPath, 1);
    path->source = place;
    g_ptr_array_add(lead->paths, path);
}

static Map map_of(const char *drawn)
{
    Map map;
    const char *size = strstr(drawn, "font-size=");
    ck_assert_int_eq(sscanf(strstr(drawn, "viewBox"), "viewBox=\"%d %d %d %d", &map.left, &map.top,
                            &map.wide, &map.high),
                     4);
    map.size = atoi(size + strlen("font-size="));
    return map;
}

/* Where a place is drawn: a map of it alone has one dot. */
static At dot_of(const LeadPlace *place)
{
    Lead lead = lead_of();
    add_source(&lead, place_at(place->label, place->lat, place->lon));
    g_autoptr(GString) out = g_string_new(NULL);
    At at;
    draw_map(out, &lead, LANG_EN);
    ck_assert_int_eq(sscanf(strstr(out->str, "class=s d=\""), "class=s d=\"M%d %dh0", &at.x, &at.y),
                     2);
    g_ptr_array_unref(lead.paths);
    return at;
}

static guint names_of(const char *drawn, int size, Name names[NAMES_MOST])
{
    guint n = 0;
    for (const char *at = drawn; (at = strstr(at, "<text "));) {
        ck_assert_uint_lt(n, NAMES_MOST);
        ck_assert_int_eq(
            sscanf(at, "<text x=%d y=%d>%15[^<]", &names[n].at.x, &names[n].at.y, names[n].name),
            3);
        names[n].wide = (int)g_utf8_strlen(names[n].name, -1) * size * 4 / 5;
        n++;
        at++;
    }
    return n;
}

static gboolean inside(const Map *map, const Name *name)
{
    return name->at.x >= map->left && name->at.x + name->wide <= map->left + map->wide &&
           name->at.y - map->size >= map->top && name->at.y <= map->top + map->high;
}

static gboolean apart(const Map *map, const Name *a, const Name *b)
{
    return a->at.x >= b->at.x + b->wide || b->at.x >= a->at.x + a->wide ||
           abs(a->at.y - b->at.y) >= map->size;
}

/* A name at one of the fourteen places beside a dot: right or left, up to three lines up or down.
 */
static Name beside(const Map *map, At dot, const char *label, guint which)
{
    Name name = {.wide = (int)g_utf8_strlen(label, -1) * map->size * 4 / 5};
    int gap = map->size * 2 / 3;
    name.at.x = which % 2 ? dot.x - gap - name.wide : dot.x + gap;
    name.at.y = dot.y + map->size / 3 + ((int)which / 2 - 3) * map->size;
    return name;
}

static void expect_beside(const Map *map, At dot, const Name *name)
{
    for (guint which = 0; which < 14; which++) {
        Name there = beside(map, dot, name->name, which);
        if (there.at.x == name->at.x && there.at.y == name->at.y)
            return;
    }
    ck_abort_msg("'%s' at %d %d is not beside %d %d", name->name, name->at.x, name->at.y, dot.x,
                 dot.y);
}

static void expect_no_room(const Map *map, At dot, const char *label, const Name *names, guint n)
{
    for (guint which = 0; which < 14 && n < NAMES_MOST; which++) {
        Name there = beside(map, dot, label, which);
        gboolean free = inside(map, &there);
        for (guint i = 0; i < n; i++)
            free = free && apart(map, &there, &names[i]);
        ck_assert_msg(!free, "'%s' has room", label);
    }
}

START_TEST(names_stand_where_there_is_room)
{
    static const char *const before[] = {"", "Lac", "Rivière-", "Été "};
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    guint left_out = 0, moved = 0;
    for (guint round = 0; round < 3000; round++) {
        Lead lead = lead_of();
        guint n = (guint)g_rand_int_range(random, 1, PLACES_MOST);
        double spread = 0.1 * (1 + round % 60);
        for (guint i = 0; i < n; i++) {
            g_autofree char *label = g_strdup_printf("%s%02u", before[round % 4], i);
            add_source(&lead, place_at(label, 45 + g_rand_double_range(random, -spread, spread),
                                       -80 + g_rand_double_range(random, -spread, spread)));
        }
        g_autoptr(GString) out = g_string_new(NULL);
        Name names[NAMES_MOST];
        draw_map(out, &lead, LANG_EN);
        Map map = map_of(out->str);
        guint drawn = names_of(out->str, map.size, names);
        for (guint i = 0; i < drawn; i++) {
            ck_assert_msg(inside(&map, &names[i]), "'%s' leaves the frame", names[i].name);
            for (guint j = 0; j < i; j++)
                ck_assert_msg(apart(&map, &names[i], &names[j]), "'%s' on '%s'", names[i].name,
                              names[j].name);
        }
        for (guint i = 0; i < n; i++) {
            const LeadPlace *place = &((const LeadPath *)lead.paths->pdata[i])->source;
            guint at = 0;
            while (at < drawn && strcmp(names[at].name, place->label) != 0)
                at++;
            At dot = dot_of(place);
            if (at == drawn) {
                expect_no_room(&map, dot, place->label, names, drawn);
            } else {
                expect_beside(&map, dot, &names[at]);
                moved += names[at].at.y != dot.y + map.size / 3;
            }
            left_out += at == drawn;
        }
        g_ptr_array_unref(lead.paths);
    }
    ck_assert_uint_gt(left_out, 100);
    ck_assert_uint_gt(moved, 100);
}
END_TEST

/* The first place has its name right of its dot, in its line. */
START_TEST(the_first_name_stands_right_of_its_dot)
{
    Lead lead = lead_of();
    LeadPlace place = place_at("Ohio", 40, -83);
    At dot = dot_of(&place);
    add_source(&lead, place);
    g_autoptr(GString) out = g_string_new(NULL);
    Name names[NAMES_MOST];
    draw_map(out, &lead, LANG_EN);
    Map map = map_of(out->str);
    ck_assert_uint_eq(names_of(out->str, map.size, names), 1);
    ck_assert_int_eq(names[0].at.x, dot.x + map.size * 2 / 3);
    ck_assert_int_eq(names[0].at.y, dot.y + map.size / 3);
    ck_assert_int_eq(map.left + map.wide / 2, dot.x);
    ck_assert_int_eq(map.wide * 5 / 8, map.high);
    g_ptr_array_unref(lead.paths);
}
END_TEST

static guint count_of(const char *text, const char *part)
{
    guint n = 0;
    for (const char *at = text; (at = strstr(at, part)); at++)
        n++;
    return n;
}

/* Two firearms of one way are one way and two dots; what was seized and what was recovered are told
 * apart; a place that is its own source has no way. */
START_TEST(what_is_drawn_twice_is_drawn_once)
{
    Lead lead = lead_of();
    for (guint i = 0; i < 4; i++) {
        add_source(&lead, place_at("Ohio", 40, -83));
        LeadPath *path = lead.paths->pdata[i];
        path->place = i < 3 ? place_at("Windsor", 42.3, -83) : place_at("Ohio", 40, -83);
        path->seized = i < 2;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    draw_map(out, &lead, LANG_EN);
    const char *ways = strstr(out->str, "class=l"), *sources = strstr(out->str, "class=s");
    const char *seized = strstr(out->str, "class=x"), *recovered = strstr(out->str, "class=r");
    const char *end = strstr(out->str, "<text");
    ck_assert(ways < sources && sources < seized && seized < recovered && recovered < end);
    ck_assert_uint_eq(count_of(ways, "Q"), 1);
    ck_assert_uint_eq(count_of(sources, "h0") - count_of(seized, "h0"), 1);
    ck_assert_uint_eq(count_of(seized, "h0") - count_of(recovered, "h0"), 1);
    ck_assert_uint_eq(count_of(recovered, "h0"), 2);
    ck_assert_uint_eq(count_of(out->str, "<text"), 2);
    g_ptr_array_unref(lead.paths);
}
END_TEST

/* What is longer than its box ends in an ellipsis, in as many characters as fit, never in a part of
 * one; what fits is whole. */
START_TEST(long_names_fit_their_boxes)
{
    static const char *const names[][2] = {
        {"ABCDEFGHIJKLMNOPQRSTUV", ">ABCDEFGHIJKLMNOPQRSTUV<"},
        {"ABCDEFGHIJKLMNOPQRSTUVW", ">ABCDEFGHIJKLMNOPQRSTU…<"},
        {"ÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉ", ">ÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉ…<"}};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        Lead lead = lead_of();
        g_autoptr(GString) out = g_string_new(NULL);
        add_source(&lead, place_at("Toledo", 41.6, -83.5));
        LeadPath *path = lead.paths->pdata[0];
        path->purchaser = (char *)names[i][0];
        path->buyer = (char *)"p1";
        path->firearm = path->label = (char *)"GLOCK 19";
        draw_chain(out, &lead, LANG_EN);
        ck_assert_msg(strstr(out->str, names[i][1]) != NULL, "no %s in %s", names[i][1], out->str);
        g_ptr_array_unref(lead.paths);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("drawings");
    TCase *tests = tcase_create("drawings");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, names_stand_where_there_is_room);
    tcase_add_test(tests, the_first_name_stands_right_of_its_dot);
    tcase_add_test(tests, long_names_fit_their_boxes);
    tcase_add_test(tests, what_is_drawn_twice_is_drawn_once);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
