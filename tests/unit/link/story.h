/*
 * A story for the linker: a crowd of firearms that have nothing to do with it, those that a test
 * tells of, and the links that come out. Synthetic.
 */
#ifndef TESTS_UNIT_LINK_STORY_H
#define TESTS_UNIT_LINK_STORY_H

#include <check.h>
#include <string.h>

#include "engine/link/link.h"

#define CROWD 400u

typedef struct {
    GArray *firearms;
    GStringChunk *strings;
    GPtrArray *serials; /* of Serial */
    FirearmModel *model;
    GArray *links;
} Story;

static const Serial *read_serial(Story *story, const char *text, const SerialContext *context)
{
    Serial read = serial_parse(text, context);
    g_ptr_array_add(story->serials, serial_dup(&read));
    return g_ptr_array_index(story->serials, story->serials->len - 1);
}

static void story_begin(Story *story)
{
    static const struct {
        const char *make, *model, *calibre;
    } crowd[] = {{"GLOCK", "19", "9MM"},
                 {"SMITH & WESSON", "M&P", "9MM"},
                 {"TAURUS", "G2C", "9MM"},
                 {"SCCY", "CPX2", "9MM"}};
    story->firearms = g_array_new(FALSE, FALSE, sizeof(Firearm));
    story->strings = g_string_chunk_new(4096);
    story->serials = g_ptr_array_new_with_free_func(g_free);
    story->model = firearm_model_load("rules", NULL);
    story->links = NULL;
    ck_assert_ptr_nonnull(story->model);
    for (guint i = 0; i < CROWD; i++) {
        char ref[32], serial[32];
        g_snprintf(ref, sizeof(ref), "atf-trace:C%05u", i);
        g_snprintf(serial, sizeof(serial), "%c%c%c%04u", "BHTN"[i % 4], 'A' + (int)(i * 7 % 26),
                   'A' + (int)(i * 11 % 26), i * 7919 % 10000);
        Firearm f = {.ref = g_string_chunk_insert(story->strings, ref),
                     .side = SIDE_TRACE,
                     .serial = read_serial(story, serial, NULL),
                     .serial_raw = g_string_chunk_insert(story->strings, serial),
                     .make = crowd[i % 4].make,
                     .model = crowd[i % 4].model,
                     .calibre = crowd[i % 4].calibre,
                     .event_date = DAY_NONE,
                     .purchase_date = DAY_NONE,
                     .request_date = DAY_NONE};
        g_array_append_val(story->firearms, f);
    }
}

static void story_end(Story *story)
{
    firearm_links_free(story->links);
    g_array_unref(story->firearms);
    g_string_chunk_free(story->strings);
    g_ptr_array_unref(story->serials);
    firearm_model_free(story->model);
}

static Firearm *tell(Story *story, FirearmSide side, const char *ref, const char *serial,
                     const char *make)
{
    SerialContext context = {.make = make};
    Firearm f = {.ref = ref,
                 .side = side,
                 .serial = read_serial(story, serial, &context),
                 .serial_raw = serial,
                 .make = make,
                 .event_date = side == SIDE_SEIZURE ? 19500 : DAY_NONE,
                 .event_country = side == SIDE_SEIZURE ? "CAN" : NULL,
                 .purchase_date = DAY_NONE,
                 .request_date = DAY_NONE};
    g_array_append_val(story->firearms, f);
    return &g_array_index(story->firearms, Firearm, story->firearms->len - 1);
}

static const Firearm *all(const Story *story)
{
    return (const Firearm *)(gconstpointer)story->firearms->data;
}

static void solve(Story *story, const FirearmDecision *decisions, guint n)
{
    firearm_links_free(story->links);
    FirearmInput input = {story->model, NULL, all(story), story->firearms->len, decisions, n};
    story->links = firearm_link(&input);
}

static const FirearmLink *find(const Story *story, const char *left, const char *right)
{
    for (guint i = 0; i < story->links->len; i++) {
        const FirearmLink *link = &g_array_index(story->links, FirearmLink, i);
        if (strcmp(all(story)[link->left].ref, left) == 0 &&
            strcmp(all(story)[link->right].ref, right) == 0) {
            return link;
        }
    }
    return NULL;
}

static double chance(const Story *story, const char *left, const char *right)
{
    const FirearmLink *link = find(story, left, right);
    return link == NULL ? 0 : link->probability;
}

#endif
