/*
 * Labelled pairs of two public sets: cdc_nbs (match, possible match, no match), senzing_truthset
 * (hand-made clusters). Shipped rules, thresholds fixed beforehand; the bounds stand a little below
 * what was reached.
 */
#include "engine/person/person.h"

#include "engine/base/text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/person/crowd.h"
#include "tests/unit/person/sets.h"
#include "tests/unit/resolution/resolved.h"
#include "tests/unit/suite.h"

/* Bounds, a little below what was reached. */
#define NBS_MATCHES       0.95
#define NBS_RIGHT         0.955
#define SENZING_PRECISION 0.99
#define SENZING_RECALL    0.95

static char *keep(GStringChunk *texts, const char *text)
{
    return text ? g_string_chunk_insert(texts, text) : NULL;
}

/* "1951-06-02", "6/2/51": a year of two digits is of the last century unless it is small. */
static Day birth(const char *text)
{
    int month, day, year;
    if (!text)
        return DAY_NONE;
    if (sscanf(text, "%d/%d/%d", &month, &day, &year) != 3)
        return date_parse(text, DATE_ISO);
    return date_from_ymd(year >= 100 ? year : year < 20 ? 2000 + year : 1900 + year, month, day);
}

/* ---- cdc_nbs ---------------------------------------------------------------------------- */

static PersonMention nbs_mention(const GPtrArray *rows, guint row, GStringChunk *texts)
{
    char ref[48];
    PersonMention m = {.role = "purchaser"};
    const char *dob = set_cell(rows, row, "BIRTHDATE");
    gboolean seed = set_cell(rows, row, "Expected Result") == NULL;
    g_snprintf(ref, sizeof ref, "%s:%05u:purchaser", seed ? "seed" : "test", row);
    m.ref = m.record = keep(texts, ref);
    m.last = set_cell(rows, row, "LAST");
    m.first = set_cell(rows, row, "FIRST");
    m.suffix = set_cell(rows, row, "SUFFIX");
    m.dob = birth(dob);
    m.street = set_cell(rows, row, "ADDRESS");
    m.city = set_cell(rows, row, "CITY");
    m.region = set_cell(rows, row, "STATE");
    m.postal = set_cell(rows, row, "ZIP");
    m.doc_no = set_cell(rows, row, "SSN");
    m.doc_type = m.doc_no ? "SSN" : NULL;
    m.doc_issuer = m.doc_no ? "USA" : NULL;
    return m;
}

typedef enum { SAME, DOUBT, OTHER } Answer;

/* How the engine answers for two mentions: one entity, shown for review, or nothing. */
static Answer answer_of(const PersonResult *r, guint a, guint b)
{
    if (r->entity[a] == r->entity[b])
        return SAME;
    for (guint i = 0; i < r->edges->len; i++) {
        const PersonEdge *e = &g_array_index(r->edges, PersonEdge, i);
        if ((e->left == a && e->right == b) || (e->left == b && e->right == a))
            return DOUBT;
    }
    return OTHER;
}

static Answer expected_of(const char *text)
{
    return strcmp(text, "match") == 0 ? SAME : strcmp(text, "no_match") == 0 ? OTHER : DOUBT;
}

/* The rows that are the n-th of their seed person: so that no test row helps another. */
static void nbs_round(const GPtrArray *seed, const GPtrArray *test, guint round, guint got[3][3])
{
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(GArray) mentions = g_array_new(FALSE, FALSE, sizeof(PersonMention));
    g_autoptr(GArray) asked = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree guint *seen = g_new0(guint, seed->len);
    GStringChunk *texts = g_string_chunk_new(4096);
    for (guint row = 1; row < seed->len; row++) {
        PersonMention m = nbs_mention(seed, row, texts);
        g_array_append_val(mentions, m);
    }
    for (guint row = 1; row < test->len; row++) {
        const char *id = set_cell(test, row, "Match Id");
        guint64 person = id ? g_ascii_strtoull(id, NULL, 10) : 0;
        if (g_strv_length(test->pdata[row]) != 18 || person == 0 || person >= seed->len ||
            seen[person]++ != round)
            continue;
        PersonMention m = nbs_mention(test, row, texts);
        g_array_append_val(mentions, m);
        g_array_append_val(asked, row);
    }
    g_autoptr(PersonResult) r =
        resolve_all(model, (PersonMention *)(gpointer)mentions->data, mentions->len);
    for (guint i = 0; i < asked->len; i++) {
        guint row = g_array_index(asked, guint, i);
        guint person = (guint)g_ascii_strtoull(set_cell(test, row, "Match Id"), NULL, 10);
        Answer want = expected_of(set_cell(test, row, "Expected Result"));
        Answer have = answer_of(r, person - 1, seed->len - 1 + i);
        got[want][have]++;
        if (g_getenv("SHOW") && (want != have && want != DOUBT)) {
            g_autofree char *a = g_strjoinv("|", test->pdata[row]);
            g_autofree char *b = g_strjoinv("|", seed->pdata[person]);
            printf("%d %s\n  %s\n", have, a, b);
        }
    }
    g_string_chunk_free(texts);
}

START_TEST(cdc_nbs)
{
    guint got[3][3] = {{0}};
    g_autoptr(GPtrArray) seed = set_rows("cdc_nbs/nbs_seed.csv");
    g_autoptr(GPtrArray) test = seed ? set_rows("cdc_nbs/expanded_nbs_test.csv") : NULL;
    if (!test) {
        printf("cdc_nbs: no data, skipped\n");
        return;
    }
    for (guint round = 0; round < 32; round++)
        nbs_round(seed, test, round, got);
    for (guint want = 0; want < 3; want++) {
        static const char *const names[] = {"match", "possible", "no match"};
        printf("cdc_nbs %-8s same %u, review %u, other %u\n", names[want], got[want][SAME],
               got[want][DOUBT], got[want][OTHER]);
    }
    double matches = got[SAME][SAME] + got[SAME][DOUBT] + got[SAME][OTHER];
    double others = got[OTHER][SAME] + got[OTHER][DOUBT] + got[OTHER][OTHER];
    double right = got[SAME][SAME] + got[OTHER][OTHER] + got[OTHER][DOUBT];
    printf("cdc_nbs       right %.4f of %.0f\n", right / (matches + others), matches + others);
    ck_assert(got[SAME][SAME] / matches >= NBS_MATCHES);
    ck_assert(right / (matches + others) >= NBS_RIGHT);
}
END_TEST

/* ---- senzing_truthset ------------------------------------------------------------------- */

typedef struct {
    GArray *mentions; /* of PersonMention */
    GArray *truth;    /* of guint64 */
    GStringChunk *texts;
} Truthset;

/* "19-Feb-91", "Mar 1 1970". */
static Day named_birth(const char *text)
{
    static const char *const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char name[4];
    int day, year;
    if (sscanf(text, "%d-%3[A-Za-z]-%d", &day, name, &year) != 3 &&
        sscanf(text, "%3[A-Za-z] %d %d", name, &day, &year) != 3)
        return DAY_NONE;
    const char *month = strstr(months, name);
    g_autofree char *numbers =
        month ? g_strdup_printf("%d/%d/%d", (int)(month - months) / 3 + 1, day, year) : NULL;
    return birth(numbers);
}

/* "20/8/1991" is no month 20. */
static Day any_birth(const char *text)
{
    int day, month, year;
    if (text && strpbrk(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        return named_birth(text);
    if (text && sscanf(text, "%d/%d/%d", &day, &month, &year) == 3 && day > 12)
        return date_from_ymd(year, month, day);
    return birth(text);
}

/* All documents of a row, as lists in the three cells. */
static void senzing_documents(PersonMention *m, const GPtrArray *rows, guint row,
                              GStringChunk *texts)
{
    static const char *const columns[][3] = {
        {"DRIVERS_LICENSE_NUMBER", "DRIVERS_LICENSE_STATE", "DL"},
        {"SSN_NUMBER", NULL, "SSN"},
        {"PASSPORT_NUMBER", "PASSPORT_COUNTRY", "PASSPORT"},
        {"NATIONAL_ID_NUMBER", "NATIONAL_ID_COUNTRY", "ID"}};
    g_autoptr(GString) no = g_string_new(NULL), type = g_string_new(NULL),
                       issuer = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        const char *number = set_cell(rows, row, columns[i][0]);
        const char *from = columns[i][1] ? set_cell(rows, row, columns[i][1]) : "USA";
        const char *between = no->len > 0 ? ";" : "";
        if (!number)
            continue;
        g_string_append_printf(no, "%s%s", between, number);
        g_string_append_printf(type, "%s%s", between, columns[i][2]);
        g_string_append_printf(issuer, "%s%s", between, from ? from : "");
    }
    if (no->len == 0)
        return;
    m->doc_no = keep(texts, no->str);
    m->doc_type = keep(texts, type->str);
    m->doc_issuer = keep(texts, issuer->str);
}

static void senzing_row(Truthset *set, const GPtrArray *rows, guint row, guint64 truth)
{
    PersonMention m = {.role = "purchaser"};
    const char *full = set_cell(rows, row, "PRIMARY_NAME_FULL");
    if (!full && !set_cell(rows, row, "PRIMARY_NAME_LAST") &&
        !set_cell(rows, row, "PRIMARY_NAME_FIRST"))
        full = set_cell(rows, row, "NATIVE_NAME_FULL");
    char ref[64];
    g_snprintf(ref, sizeof ref, "%s:%s:purchaser", set_cell(rows, row, "DATA_SOURCE"),
               set_cell(rows, row, "RECORD_ID"));
    m.ref = m.record = keep(set->texts, ref);
    m.last = set_cell(rows, row, "PRIMARY_NAME_LAST");
    m.first = set_cell(rows, row, "PRIMARY_NAME_FIRST");
    m.middle = set_cell(rows, row, "PRIMARY_NAME_MIDDLE");
    m.organisation = set_cell(rows, row, "PRIMARY_NAME_ORG") != NULL;
    if (m.organisation)
        m.last = set_cell(rows, row, "PRIMARY_NAME_ORG");
    else if (full) {
        PersonName name = person_name_parse(full);
        m.last = keep(set->texts, name.last);
        m.first = keep(set->texts, name.first);
        m.middle = keep(set->texts, name.middle);
        m.suffix = keep(set->texts, name.suffix);
        person_name_clear(&name);
    }
    m.dob = any_birth(set_cell(rows, row, "DATE_OF_BIRTH"));
    m.street = set_cell(rows, row, "ADDR_LINE1");
    if (!m.street)
        m.street = set_cell(rows, row, "ADDR_FULL");
    m.city = set_cell(rows, row, "ADDR_CITY");
    m.region = set_cell(rows, row, "ADDR_STATE");
    m.postal = set_cell(rows, row, "ADDR_POSTAL_CODE");
    m.phone = set_cell(rows, row, "PHONE_NUMBER");
    if (!m.phone)
        m.phone = set_cell(rows, row, "EMAIL_ADDRESS");
    senzing_documents(&m, rows, row, set->texts);
    g_array_append_val(set->mentions, m);
    g_array_append_val(set->truth, truth);
}

static guint64 senzing_truth(const GPtrArray *key, const GPtrArray *rows, guint row)
{
    const char *source = set_cell(rows, row, "DATA_SOURCE"), *id = set_cell(rows, row, "RECORD_ID");
    for (guint i = 1; i < key->len; i++)
        if (g_strcmp0(set_cell(key, i, "DATA_SOURCE"), source) == 0 &&
            g_strcmp0(set_cell(key, i, "RECORD_ID"), id) == 0)
            return g_ascii_strtoull(set_cell(key, i, "CLUSTER_ID"), NULL, 10);
    return 0;
}

START_TEST(senzing_truthset)
{
    static const char *const files[] = {"senzing_truthset/customers.csv",
                                        "senzing_truthset/watchlist.csv",
                                        "senzing_truthset/reference.csv"};
    g_autoptr(PersonModel) model = model_load();
    g_autoptr(GPtrArray) key = set_rows("senzing_truthset/actual_truthset_key.csv");
    GPtrArray *rows[G_N_ELEMENTS(files)];
    if (!key) {
        printf("senzing_truthset: no data, skipped\n");
        return;
    }
    Truthset set = {g_array_new(FALSE, FALSE, sizeof(PersonMention)),
                    g_array_new(FALSE, FALSE, sizeof(guint64)), g_string_chunk_new(4096)};
    for (guint f = 0; f < G_N_ELEMENTS(files); f++) {
        rows[f] = set_rows(files[f]);
        for (guint row = 1; row < rows[f]->len; row++) {
            guint64 truth = senzing_truth(key, rows[f], row);
            if (truth)
                senzing_row(&set, rows[f], row, truth);
        }
    }
    g_autoptr(PersonResult) r =
        resolve_all(model, (PersonMention *)(gpointer)set.mentions->data, set.mentions->len);
    guint both = 0, held = 0, same = 0;
    for (guint i = 0; i < r->n; i++)
        for (guint j = i + 1; j < r->n; j++) {
            gboolean is =
                g_array_index(set.truth, guint64, i) == g_array_index(set.truth, guint64, j);
            gboolean got = r->entity[i] == r->entity[j];
            both += is && got;
            held += got;
            same += is;
            if (is != got && g_getenv("SHOW"))
                printf("%s: %s %s\n", is ? "missed" : "wrong",
                       g_array_index(set.mentions, PersonMention, i).ref,
                       g_array_index(set.mentions, PersonMention, j).ref);
        }
    double precision = (double)both / MAX(held, 1), recall = (double)both / MAX(same, 1);
    printf("senzing       P %.4f  R %.4f of %u pairs, %u records\n", precision, recall, same, r->n);
    ck_assert(precision >= SENZING_PRECISION);
    ck_assert(recall >= SENZING_RECALL);
    for (guint f = 0; f < G_N_ELEMENTS(files); f++)
        g_ptr_array_unref(rows[f]);
    g_array_unref(set.mentions);
    g_array_unref(set.truth);
    g_string_chunk_free(set.texts);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/labelled");
    TCase *tcase = tcase_create("sets");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, cdc_nbs);
    tcase_add_test(tcase, senzing_truthset);
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
