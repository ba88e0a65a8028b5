/*
 * Who is one person and who is not: the cases that an analyst would check by hand, among a crowd
 * of strangers; and that neither the order of the input nor anything but the listed fields counts.
 */
#include "engine/comparison/people.h"

#include "tests/unit/person/crowd.h"
#include "tests/unit/person/sets.h"
#include "tests/unit/resolution/pairs.h"
#include "tests/unit/resolution/resolved.h"
#include "tests/unit/suite.h"

#include <check.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define CROWD 400

/* How many strangers there are beside the two: what is estimated from a handful is hardly more
 * than the shipped weights. */
static const guint strangers[] = {CROWD, 198, 38, 6};

static PersonMention mention_of(const Cell *c, const char *ref, const char *role)
{
    PersonMention m = {.ref = ref, .record = ref, .role = role};
    m.group = c->group;
    m.organisation = c->organisation;
    m.last = c->last;
    m.first = c->first;
    m.suffix = c->suffix;
    m.dob = c->dob ? date_parse(c->dob, DATE_ISO) : DAY_NONE;
    m.street = c->street;
    m.city = c->city;
    m.region = c->region;
    m.phone = c->phone;
    m.doc_type = c->doc_type;
    m.doc_no = c->doc_no;
    m.doc_issuer = c->doc_issuer;
    m.middle = c->middle;
    return m;
}

/* Strangers, so that frequencies are those of a crowd; every tenth one is written twice. */
static guint crowd(PersonMention *mentions, guint n, GStringChunk *texts)
{
    static const char *const last[] = {"Smith", "Jones",  "Brown",  "Tremblay", "Roy",  "Miller",
                                       "Davis", "Garcia", "Wilson", "Clark",    "Hall", "Young",
                                       "King",  "Scott",  "Green",  "Baker"};
    static const char *const first[] = {"James", "Mary",  "John", "Linda", "Marc", "Julie",
                                        "David", "Susan", "Paul", "Karen", "Luc",  "Emma"};
    static const char *const city[] = {"Toledo", "Dayton", "Laval", "Windsor", "Detroit"};
    for (guint i = 0; i < n; i++) {
        guint who = i % 10 == 9 ? i - 1 : i;
        guint64 r = mix64(who, 5);
        char text[64];
        PersonMention *m = &mentions[i];
        memset(m, 0, sizeof *m);
        g_snprintf(text, sizeof text, "atf-trace:C%05u:purchaser", i);
        m->ref = m->record = g_string_chunk_insert(texts, text);
        m->role = "purchaser";
        m->last = last[r % G_N_ELEMENTS(last)];
        m->first = first[r / 16 % G_N_ELEMENTS(first)];
        m->dob = (Day)(r / 4096 % 18000) - 5000;
        g_snprintf(text, sizeof text, "%u Road %u", (guint)(r >> 20 & 511), (guint)(r >> 30 & 127));
        m->street = g_string_chunk_insert(texts, text);
        m->city = city[r / 7 % G_N_ELEMENTS(city)];
    }
    return n;
}

START_TEST(by_hand)
{
    const Case *c = &cases[_i / (int)G_N_ELEMENTS(strangers)];
    const guint n = strangers[_i % (int)G_N_ELEMENTS(strangers)];
    g_autoptr(PersonModel) model = model_load();
    GStringChunk *texts = g_string_chunk_new(4096);
    PersonMention mentions[CROWD + 2];
    crowd(mentions, n, texts);
    mentions[n] = mention_of(&c->a, "atf-trace:X1:purchaser", "purchaser");
    mentions[n + 1] = mention_of(&c->b, "cbsa-seizure:X2:traveller", "traveller");
    g_autoptr(PersonResult) r = resolve_all(model, mentions, n + 2);
    gboolean one = r->entity[n] == r->entity[n + 1];
    double p = MIN(r->probability[n], r->probability[n + 1]);
    for (guint i = 0; i < r->edges->len; i++) {
        const PersonEdge *e = &g_array_index(r->edges, PersonEdge, i);
        if (e->left != n || e->right != n + 1)
            continue;
        g_autoptr(Evidence) evidence = person_edge_evidence(r, i);
        ck_assert_msg(fabs(evidence_bits(evidence) - e->bits) < 0.06, "%s: %.2f", c->what, e->bits);
    }
    ck_assert_msg(one == (c->wanted >= SURE) || (c->wanted == APART_AMONG_MANY && n < CROWD),
                  "%s (%u): %s", c->what, n, one ? "joined" : "apart");
    ck_assert_msg(c->wanted != SURE || p >= 0.9, "%s (%u): %.3f", c->what, n, p);
    g_string_chunk_free(texts);
}
END_TEST

#define HOMES 60

/* Brothers and sisters at home, each recorded twice, in every third home once without a birth date:
 * one surname, house and telephone say little of one person where so many share them; a given name
 * and a birth date say it. */
START_TEST(households)
{
    static const char *const given[] = {"Jonas", "Rebecca", "Tobias", "Miriam", "Albert", "Dorothy",
                                        "Hugh",  "Phyllis", "Victor", "Imogen", "Cedric", "Zelda"};
    g_autoptr(PersonModel) model = model_load();
    GStringChunk *texts = g_string_chunk_new(4096);
    PersonMention mentions[HOMES * 8];
    for (guint i = 0; i < HOMES * 8; i++) {
        guint home = i / 8, who = i % 8 / 2;
        char text[64];
        PersonMention m = {.first = given[(home * 5 + who) % G_N_ELEMENTS(given)],
                           .city = "Dayton",
                           .role = "purchaser"};
        g_snprintf(text, sizeof text, "set:%03u-%u:purchaser", home, i % 8);
        m.ref = m.record = g_string_chunk_insert(texts, text);
        g_snprintf(text, sizeof text, "%c%cmer%cson", 'A' + (int)(home % 26), "aeiou"[home % 5],
                   'a' + (int)(home % 23));
        m.last = g_string_chunk_insert(texts, text);
        g_snprintf(text, sizeof text, "%u Oak Rd", 10 + home);
        m.street = g_string_chunk_insert(texts, text);
        g_snprintf(text, sizeof text, "937555%04u", 1000 + home);
        m.phone = g_string_chunk_insert(texts, text);
        m.dob = (Day)(3000 + home * 97 + who * 250);
        if (i % 2 && home % 3 == 0)
            m.dob = DAY_NONE;
        mentions[i] = m;
    }
    g_autoptr(PersonResult) r = resolve_all(model, mentions, HOMES * 8);
    for (guint i = 0; i < HOMES * 8; i += 2) {
        ck_assert(i / 8 % 3 == 0 || r->entity[i] == r->entity[i + 1]);
        for (guint j = i + 2; j < i / 8 * 8 + 8; j += 2)
            ck_assert_uint_ne(r->entity[i], r->entity[j]);
    }
    g_string_chunk_free(texts);
}
END_TEST

/* Shuffling the input changes nothing but the numbers of the mentions. */
START_TEST(any_order)
{
    g_autoptr(PersonModel) model = model_load();
    GStringChunk *texts = g_string_chunk_new(4096);
    PersonMention a[CROWD], b[CROWD];
    guint place[CROWD];
    crowd(a, CROWD, texts);
    for (guint i = 0; i < CROWD; i++)
        place[i] = (i * 171 + 13) % CROWD;
    for (guint i = 0; i < CROWD; i++)
        b[place[i]] = a[i];
    g_autoptr(PersonResult) x = resolve_all(model, a, CROWD);
    g_autoptr(PersonResult) y = resolve_all(model, b, CROWD);
    guint joined = 0;
    for (guint i = 0; i < CROWD; i++) {
        ck_assert_uint_eq(place[x->entity[i]], y->entity[place[i]]);
        ck_assert(x->probability[i] == y->probability[place[i]]);
        ck_assert(strcmp(a[x->entity[i]].ref, a[i].ref) <= 0);
        joined += x->entity[i] != i;
    }
    ck_assert_uint_ge(joined, CROWD / 10);
    ck_assert_uint_eq(x->edges->len, y->edges->len);
    for (guint i = 0; i < x->edges->len; i++) {
        const PersonEdge *e = &g_array_index(x->edges, PersonEdge, i);
        const PersonEdge *f = &g_array_index(y->edges, PersonEdge, i);
        ck_assert_uint_eq(place[e->left], f->left);
        ck_assert_uint_eq(place[e->right], f->right);
        ck_assert(e->bits == f->bits);
    }
    g_string_chunk_free(texts);
}
END_TEST

/* Mentions that agree in all cells are one person for sure, whoever else hangs on them by less: the
 * doubt is the other's. */
START_TEST(doubt_stays_with_one)
{
    g_autoptr(PersonModel) model = model_load();
    GStringChunk *texts = g_string_chunk_new(4096);
    Cell cell = {"Abernathy", "Lucas", .dob = "1983-08-01"};
    PersonMention m[CROWD + 4];
    crowd(m, CROWD, texts);
    m[CROWD] = mention_of(&cell, "atf-trace:X1:associate", "associate");
    m[CROWD + 1] = mention_of(&cell, "atf-trace:X2:associate", "associate");
    m[CROWD + 2] = mention_of(&cell, "atf-trace:X3:associate", "associate");
    cell.dob = "1983-08-02";
    m[CROWD + 3] = mention_of(&cell, "atf-trace:X4:associate", "associate");
    g_autoptr(PersonResult) r = resolve_all(model, m, CROWD + 4);
    ck_assert_uint_eq(r->entity[CROWD + 3], r->entity[CROWD]);
    for (guint i = CROWD; i < CROWD + 3; i++)
        ck_assert(r->probability[i] > r->probability[CROWD + 3]);
    g_string_chunk_free(texts);
}
END_TEST

/* A father, his son and a mention of that name and address without a birth date: it may be either
 * one, so it joins neither, and both are shown. With the father alone it joins, but not for sure;
 * with the son's document it is the son and not the father. */
START_TEST(father_or_son)
{
    g_autoptr(PersonModel) model = model_load();
    GStringChunk *texts = g_string_chunk_new(4096);
    Cell cell = {"Abernathy", "Lucas", .street = "9 Oak Rd", .city = "Dayton", .region = "OH"};
    PersonMention m[CROWD + 3];
    crowd(m, CROWD, texts);
    m[CROWD] = mention_of(&cell, "atf-trace:X1:purchaser", "purchaser");
    cell.dob = "1961-02-19";
    m[CROWD + 1] = mention_of(&cell, "atf-trace:X2:purchaser", "purchaser");
    cell.dob = "1991-09-04";
    m[CROWD + 2] = mention_of(&cell, "atf-trace:X3:purchaser", "purchaser");
    g_autoptr(PersonResult) both = resolve_all(model, m, CROWD + 3);
    ck_assert_uint_eq(both->entity[CROWD], CROWD);
    ck_assert_uint_eq(both->entity[CROWD + 1], CROWD + 1);
    ck_assert_uint_eq(both->entity[CROWD + 2], CROWD + 2);
    guint shown = 0;
    for (guint i = 0; i < both->edges->len; i++) {
        const PersonEdge *e = &g_array_index(both->edges, PersonEdge, i);
        shown += e->left == CROWD && e->right > CROWD && e->probability > 0.3;
    }
    ck_assert_uint_eq(shown, 2);
    g_autoptr(PersonResult) one = resolve_all(model, m, CROWD + 2);
    ck_assert_uint_eq(one->entity[CROWD + 1], CROWD);
    ck_assert(one->probability[CROWD] > 0.9 && one->probability[CROWD] < 0.96);
    m[CROWD].doc_type = m[CROWD + 2].doc_type = "DL";
    m[CROWD].doc_no = m[CROWD + 2].doc_no = "A53018834";
    g_autoptr(PersonResult) son = resolve_all(model, m, CROWD + 3);
    ck_assert_uint_eq(son->entity[CROWD + 2], son->entity[CROWD]);
    ck_assert_uint_ne(son->entity[CROWD + 1], son->entity[CROWD]);
    g_string_chunk_free(texts);
}
END_TEST

START_TEST(decisions_win)
{
    g_autoptr(PersonModel) model = model_load();
    Cell one = {"Oyelaran", "Tunde", .dob = "1988-04-12"},
         other = {.last = "Kowalczyk", .first = "Anna"};
    PersonMention m[] = {mention_of(&one, "a:1:purchaser", "purchaser"),
                         mention_of(&one, "a:2:purchaser", "purchaser"),
                         mention_of(&other, "a:3:purchaser", "purchaser")};
    PersonDecision decisions[] = {{0, 1, FALSE}, {1, 2, TRUE}};
    g_autoptr(PersonResult) plain = resolve_all(model, m, 3);
    ck_assert_uint_eq(plain->entity[0], plain->entity[1]);
    ck_assert_uint_ne(plain->entity[0], plain->entity[2]);
    PersonInput input = {.mentions = m, .n = 3, .decisions = decisions, .n_decisions = 2};
    g_autoptr(PersonResult) told = person_resolve(model, &input);
    ck_assert_uint_ne(told->entity[0], told->entity[1]);
    ck_assert_uint_eq(told->entity[1], told->entity[2]);
    g_autoptr(PersonResult) none = resolve_all(model, m, 0);
    ck_assert_uint_eq(none->n, 0);
    g_autoptr(PersonResult) lone = resolve_all(model, m, 1);
    ck_assert_uint_eq(lone->entity[0], 0);
    ck_assert(lone->probability[0] == 1);
}
END_TEST

/* Bare names are each their own: who is told to be another takes none of those beside it along. */
START_TEST(a_decision_is_of_one_bare_name)
{
    g_autoptr(PersonModel) model = model_load();
    const Cell bare = {.last = "Oyelaran", .first = "Tunde"},
               other = {.last = "Kowalczyk", .first = "Anna"};
    PersonMention m[6];
    for (guint i = 0; i < 5; i++)
        m[i] = mention_of(&bare, (const char *[]){"a:1", "a:2", "a:3", "a:4", "a:5"}[i], "subject");
    m[5] = mention_of(&other, "a:6", "subject");
    for (guint one = 0; one < 5; one++) {
        const PersonDecision decision = {one, 5, TRUE};
        PersonInput input = {.mentions = m, .n = 6, .decisions = &decision, .n_decisions = 1};
        g_autoptr(PersonResult) told = person_resolve(model, &input);
        for (guint i = 0; i < 5; i++)
            ck_assert_uint_eq(told->entity[i], i);
        ck_assert_uint_eq(told->entity[5], one);
    }
}
END_TEST

/* Two on one list are two, however alike; a third list's mention joins one of them. */
START_TEST(lists_without_doubles)
{
    g_autoptr(PersonModel) model = model_load();
    GStringChunk *texts = g_string_chunk_new(4096);
    PersonMention m[CROWD + 3];
    crowd(m, CROWD, texts);
    const Cell cell = {"Oyelaran", "Tunde", .dob = "1988-04-12", .city = "Toledo"};
    const char *const lists[] = {"register", "register", "watch list"};
    for (guint i = 0; i < 3; i++) {
        g_autofree char *ref = g_strdup_printf("set:L%u:person", i);
        m[CROWD + i] = mention_of(&cell, g_string_chunk_insert(texts, ref), "person");
    }
    g_autoptr(PersonResult) free = resolve_all(model, m, CROWD + 3);
    ck_assert_uint_eq(free->entity[CROWD + 1], CROWD);
    ck_assert_uint_eq(free->entity[CROWD + 2], CROWD);
    for (guint i = 0; i < 3; i++)
        m[CROWD + i].list = lists[i];
    g_autoptr(PersonResult) listed = resolve_all(model, m, CROWD + 3);
    ck_assert_uint_ne(listed->entity[CROWD], listed->entity[CROWD + 1]);
    ck_assert(listed->entity[CROWD + 2] == CROWD || listed->entity[CROWD + 2] == CROWD + 1);
    g_string_chunk_free(texts);
}
END_TEST

/* A telephone that a crowd has joins nobody; the same of two people does. */
START_TEST(telephone_of_a_crowd)
{
    g_autoptr(PersonModel) model = model_load();
    GStringChunk *texts = g_string_chunk_new(4096);
    PersonMention m[CROWD + 2];
    crowd(m, CROWD, texts);
    m[CROWD] = (PersonMention){.ref = "set:P1:person",
                               .role = "person",
                               .last = "Oyelaran",
                               .first = "Tunde",
                               .dob = DAY_NONE,
                               .phone = "613 555 0142"};
    m[CROWD + 1] = m[CROWD];
    m[CROWD + 1].ref = "set:P2:person";
    m[CROWD + 1].first = "T";
    g_autoptr(PersonResult) own = resolve_all(model, m, CROWD + 2);
    ck_assert_uint_eq(own->entity[CROWD], own->entity[CROWD + 1]);
    for (guint i = 0; i < CROWD; i += 8)
        m[i].phone = "6135550142";
    g_autoptr(PersonResult) shared = resolve_all(model, m, CROWD + 2);
    ck_assert_uint_ne(shared->entity[CROWD], shared->entity[CROWD + 1]);
    g_string_chunk_free(texts);
}
END_TEST

/* Ten thousand who are alike in all that they say are not compared, and that is told. */
START_TEST(crowd_is_told)
{
    g_autoptr(PersonModel) model = model_load();
    GStringChunk *texts = g_string_chunk_new(4096);
    guint n = 10000;
    g_autofree PersonMention *m = g_new0(PersonMention, n);
    for (guint i = 0; i < n; i++) {
        g_autofree char *ref = g_strdup_printf("set:%05u:person", i);
        m[i] = (PersonMention){.ref = g_string_chunk_insert(texts, ref),
                               .role = "person",
                               .last = "Personne",
                               .first = "Une",
                               .dob = DAY_NONE};
    }
    g_autoptr(PersonResult) r = resolve_all(model, m, n);
    ck_assert_uint_gt(r->skipped->len, 0);
    ck_assert_ptr_nonnull(
        strstr(r->skipped->pdata[0], ": as 'PERSONNE' 'UNE', 10000 different mentions"));
    for (guint i = 0; i < n; i++)
        ck_assert_uint_eq(r->entity[i], i);
    g_string_chunk_free(texts);
}
END_TEST

/* The members of a mention, all of them: their sizes leave no room for another. Whoever adds an
 * input must add it here, and no protected attribute has a place in this list. */
static const char *const members[] = {"ref",          "record", "role",     "group",  "list",
                                      "organisation", "last",   "first",    "middle", "suffix",
                                      "dob",          "street", "city",     "region", "postal",
                                      "country",      "phone",  "doc_type", "doc_no", "doc_issuer"};
typedef struct {
    const char *ref, *record, *role, *group, *list;
    gboolean organisation;
    const char *last, *first, *middle, *suffix;
    Day dob;
    const char *street, *city, *region, *postal, *country, *phone, *doc_type, *doc_no, *doc_issuer;
} MentionTwin;
G_STATIC_ASSERT(sizeof(MentionTwin) == sizeof(PersonMention));
G_STATIC_ASSERT(offsetof(MentionTwin, doc_issuer) == offsetof(PersonMention, doc_issuer));

START_TEST(no_protected_attribute)
{
    static const char *const barred[] = {"sex",        "gender",   "race",  "ethnic",
                                         "citizen",    "national", "relig", "age",
                                         "birthplace", "hair",     "skin"};
    for (guint i = 0; i < G_N_ELEMENTS(barred); i++) {
        for (guint j = 0; j < G_N_ELEMENTS(members); j++)
            ck_assert_ptr_null(strstr(members[j], barred[i]));
        for (guint f = 0; f < FIELD_COUNT; f++)
            ck_assert_ptr_null(strstr(person_field_name(f), barred[i]));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/resolve");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, by_hand, 0, G_N_ELEMENTS(cases) * G_N_ELEMENTS(strangers));
    tcase_add_test(tcase, households);
    tcase_add_test(tcase, doubt_stays_with_one);
    tcase_add_test(tcase, any_order);
    tcase_add_test(tcase, father_or_son);
    tcase_add_test(tcase, decisions_win);
    tcase_add_test(tcase, a_decision_is_of_one_bare_name);
    tcase_add_test(tcase, lists_without_doubles);
    tcase_add_test(tcase, telephone_of_a_crowd);
    tcase_add_test(tcase, crowd_is_told);
    tcase_add_test(tcase, no_protected_attribute);
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
