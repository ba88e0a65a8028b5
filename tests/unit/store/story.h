/*
 * A small made-up story in a store, for tests of the documented views and of their copies.
 */
#ifndef TESTS_UNIT_STORE_STORY_H
#define TESTS_UNIT_STORE_STORY_H

#include "tests/unit/store/fixture.h"

static Store *store;
static sqlite3 *db;

typedef struct {
    Field field;
    const char *value;
} Set;

static inline void put(const char *ref, const char *kind, const Set *sets, const char *const *roles)
{
    Record *record = record_new(kind);
    record->ref = g_strdup(ref);
    record->raw = g_strdup("synthetic");
    record->file_id = 1;
    for (; sets->value != NULL; sets++)
        record_take(record, sets->field, g_strdup(sets->value));
    for (; roles != NULL && *roles != NULL; roles++)
        mention_take(record_mention(record, *roles), MENTION_LAST, g_strdup("SMITH"));
    record_seal(record);
    fixture_put(store, record);
}

/* T1 bought, recovered later in Canada as S1; T2 the same firearm recovered before the purchase;
 * T3 another firearm, never recovered; D1 a dealer's own row. */
static inline void put_story(void)
{
    static const char *const bought[] = {"purchaser", "possessor", "associate2", NULL};
    static const char *const carried[] = {"traveller", "consignee", NULL};
    put("atf-trace:T1", "atf-trace",
        (Set[]){{FIELD_MAKE, "GLOCK"},
                {FIELD_FIREARM_TYPE, "PISTOL_SEMI"},
                {FIELD_TRACE_NO, "T1"},
                {FIELD_PURCHASE_DATE, "2020-02-01"},
                {FIELD_RDS_KEY, "27400001"},
                {FIELD_FFL_NAME, "SYNTHETIC ARMS"},
                {0, NULL}},
        bought);
    put("atf-trace:T2", "atf-trace",
        (Set[]){{FIELD_EVENT_TYPE, "RECOVERED"},
                {FIELD_EVENT_DATE, "2019-06-01"},
                {FIELD_AGENCY_CASE_NO, "C-9"},
                {FIELD_TRACE_NO, "T2"},
                {0, NULL}},
        NULL);
    put("atf-trace:T3", "atf-trace",
        (Set[]){{FIELD_MAKE, "RUGER"},
                {FIELD_FIREARM_TYPE, "RIFLE"},
                {FIELD_TRACE_NO, "T3"},
                {FIELD_PURCHASE_DATE, "2020-02-03"},
                {FIELD_RDS_KEY, "27400001"},
                {0, NULL}},
        NULL);
    put("cbsa-seizure:S1/1", "cbsa-seizure",
        (Set[]){{FIELD_EVENT_TYPE, "SEIZED"},
                {FIELD_EVENT_DATE, "2020-03-02"},
                {FIELD_EVENT_COUNTRY, "CAN"},
                {FIELD_SEIZURE_NO, "S1"},
                {0, NULL}},
        carried);
    put("ffl:27400001", "ffl",
        (Set[]){{FIELD_RDS_KEY, "27400001"}, {FIELD_FFL_NAME, "SYNTHETIC ARMS"}, {0, NULL}}, NULL);
    GError *error = NULL;
    static const char *const grouped[] = {"atf-trace:T1", "atf-trace:T2", "cbsa-seizure:S1/1"};
    for (int i = 0; i < 3; i++)
        ck_done(store_put_firearm(store, grouped[i], "atf-trace:T1", &error), error);
    static const char *const people[] = {"atf-trace:T1:purchaser", "cbsa-seizure:S1/1:traveller"};
    for (int i = 0; i < 2; i++)
        ck_done(store_put_person(store, people[i], people[0], 0.95, &error), error);
}

static inline void up(void)
{
    fixture_up();
    store = fixture_store(STORE_CREATE);
    db = store_handle(store);
    ck_assert(store_begin(store, NULL));
    fixture_file(store, "f1", 5);
    put_story();
    ck_assert(store_commit(store, NULL));
}

static inline void down(void)
{
    ck_assert(is_sound(store));
    store_close(store);
    fixture_down();
}

#endif
