/*
 * One name against many: by the words of the probe no name is lost that person_names_alike() lets
 * pass. Held for all pairs of a crowd of names with slips, nicknames and parts in another order.
 * And how names sound, by hand.
 */
#include "engine/person/distance.h"
#include "engine/person/person.h"
#include "engine/person/probe.h"

#include <check.h>
#include <string.h>

#include "tests/unit/person/crowd.h"
#include "tests/unit/suite.h"

#define CROWD 400

static const char *const OTHERS[] = {
    "Robert Smith",   "Bob Smith",         "Dr. Bill Kowalczyk", "William KOWALCZYK",
    "J. Kowalczyk",   "Jean Marie Roy",    "ROY, Jeanmarie",     "Tunde Oyelaran",
    "Oyelarin Tunde", "Usama bin Laden",   "Osama Ibn Laden",    "Сергей Лавров",
    "Sergey Lavrov",  "José García López", "Jose Garcia",        "Michelle",
    "Michelle Obama", "Peggy O'Brien",     "Margaret OBrien Li", "Li",
};

typedef struct {
    const NameProbe *probe;
    guint covered;
} Covering;

static void cover(const char *word, gpointer data)
{
    Covering *covering = data;
    const GPtrArray *called = person_probe_called(covering->probe);
    gboolean near = person_probe_near(covering->probe, person_word_sketch(word));
    for (guint i = 0; i < called->len && !near; i++)
        near = strcmp(called->pdata[i], word) == 0;
    if (near)
        covering->covered |= person_probe_covers(covering->probe, word);
}

static void check_pair(const PersonModel *model, const char *a, const char *b, guint *alike)
{
    g_autoptr(NameProbe) probe = person_probe_new(model, a);
    Covering covering = {probe, 0};
    double likeness = person_names_alike(model, a, b);
    person_name_words(model, b, cover, &covering);
    ck_assert_msg(person_probe_alike(probe, b) == likeness, "'%s' '%s'", a, b);
    if (likeness < PERSON_NAMES_ALIKE)
        return;
    ck_assert_msg(covering.covered && person_probe_enough(probe, covering.covered),
                  "'%s' does not find '%s', which is %.3f alike", a, b, likeness);
    ++*alike;
}

START_TEST(no_name_is_lost)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(Crowd) crowd = crowd_new(CROWD, 3);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    guint alike = 0;
    for (guint i = 0; i < G_N_ELEMENTS(OTHERS); i++)
        g_ptr_array_add(names, g_strdup(OTHERS[i]));
    for (guint i = 0; i < crowd->n; i++) {
        const PersonMention *m = &crowd->mentions[i];
        if (m->last && m->first)
            g_ptr_array_add(names, g_strdup_printf("%s%s%s", i % 2 ? m->first : m->last,
                                                   i % 2 ? " " : ", ", i % 2 ? m->last : m->first));
    }
    for (guint a = 0; a < names->len; a++)
        for (guint b = a % 3; b < names->len; b += a < G_N_ELEMENTS(OTHERS) ? 1 : 3)
            check_pair(model, names->pdata[a], names->pdata[b], &alike);
    ck_assert_uint_gt(alike, 2 * names->len / 3);
}
END_TEST

START_TEST(nobody_is_called_nothing)
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(NameProbe) probe = person_probe_new(model, "");
    ck_assert_uint_eq(person_probe_called(probe)->len, 0);
    ck_assert_uint_eq(person_probe_covers(probe, "SMITH"), 0);
    ck_assert(person_probe_alike(probe, "SMITH") == 0);
}
END_TEST

static const struct {
    const char *name, *sound;
} sounds[] = {
    {"TREMBLAY", "TRMPL"},
    {"PHILIPPE", "FLP"},
    {"FILIP", "FLP"},
    {"SCHMIDT", "SMT"},
    {"SHMIT", "SMT"},
    {"KNIGHT", "KNT"},
    {"GHALI", "KL"},
    {"CHRISTOPHER", "KRSTFR"},
    {"KRISTOFER", "KRSTFR"},
    {"ABERNATHY", "APRNT"},
    {"VAN DYCK", "FNTK"},
    {"WISNIEWSKI", "FSNSK"},
    {"", ""},
};

START_TEST(a_name_sounds)
{
    char sound[8];
    name_sound(sounds[_i].name, sound);
    ck_assert_msg(strcmp(sound, sounds[_i].sound) == 0, "'%s' sounds %s", sounds[_i].name, sound);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("person/probe");
    TCase *tests = tcase_create("probe");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, no_name_is_lost);
    tcase_add_test(tests, nobody_is_called_nothing);
    tcase_add_loop_test(tests, a_name_sounds, 0, G_N_ELEMENTS(sounds));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
