/*
 * Tests of audiences: broken files are refused with line, gates open and stay shut, references
 * have their form, records go where their marking lets them, values are shown as they may be.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/release/audience.h"
#include "engine/release/parts.h"
#include "tests/unit/suite.h"

static Audiences *audiences;

static void setup(void)
{
    g_autoptr(GError) error = NULL;
    audiences = audiences_load("rules", &error);
    ck_assert_msg(audiences != NULL, "%s", error ? error->message : "");
}

static void teardown(void)
{
    g_clear_pointer(&audiences, audiences_free);
}

static const Audience *find(const char *code)
{
    const Audience *audience = audience_find(audiences, code, NULL);
    ck_assert_msg(audience != NULL, "%s", code);
    return audience;
}

#define HEAD   "[fields]\nname=person.last;person.first\nquoted=@name;narrative\n"
#define PEOPLE "en=A\nfr=A\ncountry=CAN\nreceives=leads\n"
#define GATE   "[gate g]\norigins=*\nrequires=r\nsource=law\n"
#define CITED  "[reference r]\nen=R\nfr=R\npattern=^[0-9]+$\n"

static const struct {
    const char *text, *says;
} broken[] = {
    {HEAD "[audience A]\n" PEOPLE "show=@nobody\n", "no group of fields '@nobody'"},
    {HEAD "[audience A]\n" PEOPLE "show=person.surname\n", "unknown field 'person.surname'"},
    {HEAD "[audience A]\n" PEOPLE "show=make\nmask=make\n", "field 'make' is named twice"},
    {HEAD "[audience A]\n" PEOPLE "mask=narrative\n", "shown or dropped alone"},
    {HEAD "[audience A]\n" PEOPLE "generalise=make\n", "shown or dropped alone"},
    {HEAD "[audience A]\n" PEOPLE "mask=explanations\n", "shown or dropped alone"},
    {HEAD "[audience A]\n" PEOPLE "show=explanations;person.last\n", "quote 'person.first'"},
    {HEAD "[audience A]\n" PEOPLE "show=excerpts;@name\n", "quote 'narrative'"},
    {HEAD "[audience A]\n" PEOPLE "show=@name;person.address_key\n", "holds the street"},
    {HEAD "[audience A]\n" PEOPLE "requires=r\n", "unknown reference 'r'"},
    {HEAD "[audience A]\nen=A\nfr=A\nreceives=leads\n", "country"},
    {HEAD "[audience A]\nen=A\nfr=A\ncountry=CAN\nreceives=all\n", "unknown 'all'"},
    {HEAD "[audience A]\n" PEOPLE "shows=make\n", "unknown key 'shows'"},
    {HEAD "[gate g]\norigins=*\nrequires=r\nsource=law\n", "unknown reference 'r'"},
    {HEAD CITED "[gate g]\norigins=*\nrequires=r\n", "source"},
    {HEAD "[reference r]\nen=R\nfr=R\npattern=[\n", "pattern"},
    {HEAD "[readers]\na=b\n", "unknown group [readers]"},
};

START_TEST(broken_files_are_refused)
{
    g_autofree char *dir = g_dir_make_tmp("crosstrace-audience-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "audiences.ini", NULL);
    g_autoptr(GError) error = NULL;
    ck_assert(g_file_set_contents(path, broken[_i].text, -1, NULL));
    g_autoptr(Audiences) read = audiences_load(dir, &error);
    ck_assert_msg(read == NULL, "taken: %s", broken[_i].text);
    ck_assert_int_eq(error_status(error), STATUS_CONFIG);
    ck_assert_msg(strstr(error->message, broken[_i].says) != NULL, "%s", error->message);
    ck_assert_msg(strstr(error->message, "audiences.ini:") != NULL, "%s", error->message);
    g_unlink(path);
    g_rmdir(dir);
}
END_TEST

/* Groups of fields stand in groups, to a depth; what an audience is to be called by. */
START_TEST(what_is_read_is_kept)
{
    static const char text[] =
        "[fields]\na=@b;make\nb=@c\nc=@d\nd=model;person.street\n[audience A]\nen=An A\nfr=Un A\n"
        "country=CAN\nagency=AA\nreceives=nothing\nhops=9\norigins=ATF;RCMP\n"
        "show=@a;person.address_key;status\nmask=reference;calibre\ngeneralise=purchase_date\n";
    g_autofree char *dir = g_dir_make_tmp("crosstrace-audience-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "audiences.ini", NULL);
    g_autoptr(GError) error = NULL;
    ck_assert(audiences_load(dir, &error) == NULL);
    ck_assert_int_eq(error_status(error), STATUS_NO_INPUT);
    g_clear_error(&error);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    g_autoptr(Audiences) read = audiences_load(dir, &error);
    ck_assert_msg(read != NULL, "%s", error ? error->message : "");
    const Audience *a = audience_find(read, "A", &error);
    ck_assert(!a->leads);
    ck_assert_uint_eq(a->hops, 9);
    ck_assert_str_eq(a->title[LANG_FR], "Un A");
    ck_assert_str_eq(a->agency, "AA");
    ck_assert_str_eq(a->origins[1], "RCMP");
    ck_assert_ptr_null(a->handling[0]);
    ck_assert_int_eq(a->record[FIELD_MAKE], ACT_SHOW);
    ck_assert_int_eq(a->record[FIELD_MODEL], ACT_SHOW);
    ck_assert_int_eq(a->record[FIELD_CALIBRE], ACT_MASK);
    ck_assert_int_eq(a->record[FIELD_PURCHASE_DATE], ACT_GENERALISE);
    ck_assert_int_eq(a->record[FIELD_SERIAL_NUMBER], ACT_DROP);
    ck_assert_int_eq(a->person[MENTION_ADDRESS_KEY], ACT_SHOW);
    ck_assert_int_eq(a->part[PART_REFERENCE], ACT_MASK);
    ck_assert_int_eq(a->part[PART_STATUS], ACT_SHOW);
    g_unlink(path);
    g_rmdir(dir);
}
END_TEST

/* A gate: who, under which owner, and the least that opens it. Each word less leaves it shut. */
static const struct {
    const char *audience, *owner, *opens;
} gates[] = {
    {"CBSA_ANALYST", "CBSA_ANALYST", "crim_inv=CBSA-2026-77"},
    {"RCMP_TRACING", "CBSA_ANALYST",
     "crim_inv=RCMP-2026-1234; ca_107=107(5)(a); privacy=8(2)(e); originator=ATF-C/2026-11"},
    {"ATF_TRACING", "CBSA_ANALYST", "ca_107=107(8); privacy=8(2)(f); arrangement=CMAA 1984"},
    {"HSI", "CBSA_ANALYST",
     "ca_107=S.107(8); privacy=s. 8(2)(f); arrangement=CMAA 1984; originator=ATF-C/2026-11"},
    {"PROSECUTOR", "CBSA_ANALYST",
     "crim_inv=PPSC-2026-9/A; ca_107=107(4)(a); privacy=8(2)(e); originator=ATF-C/2026-11; "
     "request=PPSC-88"},
    {"ATF_TRACING", "ATF_TRACING", "ca_107=107(8); privacy=8(2)(f); arrangement=CMAA 1984"},
    {"CBSA_ANALYST", "ATF_TRACING", "crim_inv=CBSA-2026-77; originator=RCMP-C-77"},
};

static Status permits(const char *code, const char *owner, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) authority = authority_parse(audiences, text, &error);
    if (authority && audience_permits(audiences, find(code), find(owner), authority, &error))
        return STATUS_DONE;
    return error_status(error);
}

START_TEST(gates_open_and_stay_shut)
{
    const char *code = gates[_i].audience, *owner = gates[_i].owner;
    ck_assert_int_eq(permits(code, owner, gates[_i].opens), STATUS_DONE);
    ck_assert_int_eq(permits(code, owner, ""), STATUS_FORBIDDEN);
    g_auto(GStrv) words = g_strsplit(gates[_i].opens, ";", -1);
    for (guint out = 0; words[out]; out++) {
        g_autoptr(GString) rest = g_string_new(NULL);
        for (guint i = 0; words[i]; i++)
            if (i != out)
                g_string_append_printf(rest, "%s;", words[i]);
        ck_assert_msg(permits(code, owner, rest->str) == STATUS_FORBIDDEN, "%s without %s", code,
                      words[out]);
    }
}
END_TEST

static const struct {
    const char *text;
    Status status;
} references[] = {
    {"ca_107=107(8)", STATUS_DONE},
    {"ca_107=107(9)", STATUS_FORBIDDEN},
    {"ca_107=because", STATUS_FORBIDDEN},
    {"privacy=8(2)(F)", STATUS_DONE},
    {"privacy=8(2)", STATUS_FORBIDDEN},
    {"crim_inv=x", STATUS_FORBIDDEN},
    {"crim_inv", STATUS_USAGE},
    {"crim_inv=", STATUS_USAGE},
    {"warrant=1", STATUS_USAGE},
    {"ca_107=107(8); ca_107=107(8)", STATUS_USAGE},
    {" ; ;ca_107 = 107(8) ;", STATUS_DONE},
};

START_TEST(references_have_their_form)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) authority = authority_parse(audiences, references[_i].text, &error);
    Status status = authority ? STATUS_DONE : error_status(error);
    ck_assert_msg(status == references[_i].status, "%s: %d", references[_i].text, status);
}
END_TEST

static const struct {
    const char *audience;
    Marking marking;
    gboolean goes;
} markings[] = {
    {"ATF_TRACING", {"ATF", "LES", "USA;CAN", NULL, NULL}, TRUE},
    {"ATF_TRACING", {"ATF", "LES", NULL, NULL, NULL}, TRUE}, /* its own comes back to it */
    {"ATF_TRACING", {"CBSA", "PROTECTED B", "CAN", NULL, NULL}, FALSE},
    {"ATF_TRACING", {"CBSA", "PROTECTED B", "CAN; USA", NULL, NULL}, TRUE},
    {"ATF_TRACING", {"CBSA", "PROTECTED C", "CAN;USA", NULL, NULL}, FALSE},
    {"ATF_TRACING", {"CBSA", NULL, "CAN;USA", NULL, NULL}, FALSE},
    {"ATF_TRACING", {"CBSA", "PROTECTED B", NULL, NULL, NULL}, FALSE},
    {"ATF_TRACING", {"SPVM", "PROTECTED B", "CAN;USA", NULL, NULL}, FALSE},
    {"ATF_TRACING", {"CBSA", "PROTECTED B", "CAN;USA", "Y", NULL}, FALSE},
    {"ATF_TRACING", {"CBSA", "PROTECTED B", "CAN;USA", "N", "2026-06-30"}, TRUE},
    {"ATF_TRACING", {"CBSA", "PROTECTED B", "CAN;USA", NULL, "2026-06-29"}, FALSE},
    {"RCMP_TRACING", {"ATF", "LES", "USA", NULL, NULL}, FALSE},
    {"RCMP_TRACING", {"ATF", "LES", "USA;CAN", NULL, NULL}, TRUE},
    {"CBSA_ANALYST", {"ANY", "ANY", NULL, NULL, "1999-01-01"}, TRUE}, /* the owner's own store */
    {"CBSA_ANALYST", {"ANY", "ANY", NULL, "Y", NULL}, FALSE},
    {"STATS_PUBLIC", {"CBSA", "UNCLASSIFIED", "CAN", NULL, NULL}, FALSE},
};

START_TEST(records_go_where_they_may)
{
    gboolean goes = audience_takes(find(markings[_i].audience), find("CBSA_ANALYST"),
                                   &markings[_i].marking, "2026-06-30");
    ck_assert_msg(goes == markings[_i].goes, "row %d", _i);
}
END_TEST

START_TEST(statistics_are_no_leads)
{
    g_autoptr(GHashTable) authority = authority_parse(audiences, "", NULL);
    g_autoptr(GError) error = NULL;
    ck_assert(!audience_permits(audiences, find("STATS_PUBLIC"), find("CBSA_ANALYST"), authority,
                                &error));
    ck_assert_int_eq(error_status(error), STATUS_FORBIDDEN);
    g_clear_error(&error);
    ck_assert_uint_eq(find("STATS_PUBLIC")->hops, 1); /* where a file says nothing of it */
    ck_assert_ptr_null(audience_find(audiences, "ATF_TRACNG", &error));
    ck_assert_int_eq(error_status(error), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error->message, "ATF_TRACING"));
}
END_TEST

static const struct {
    const char *name, *value;
    FieldAction action;
    const char *seen;
} values[] = {
    {"last", "OUELLET", ACT_SHOW, "OUELLET"},     {"last", "OUELLET", ACT_MASK, "O."},
    {"last", "ÉTHIER", ACT_MASK, "É."},           {"last", "OUELLET", ACT_DROP, NULL},
    {"dob", "1990-04-02", ACT_MASK, "1990"},      {"dob", "1990-04-02", ACT_GENERALISE, "1990-04"},
    {"postal", "H2X 1Y4", ACT_GENERALISE, "H2X"}, {"ffl_zip", "43604", ACT_GENERALISE, "436"},
    {"postal", "H", ACT_GENERALISE, "H"},         {"narrative", "text", ACT_MASK, NULL},
    {"street", "1 Elm", ACT_GENERALISE, NULL},    {"event_date", "2024-05-20", ACT_MASK, "2024"},
    {"event_date", NULL, ACT_SHOW, NULL},
};

START_TEST(values_are_seen_as_they_may)
{
    g_autofree char *seen = field_seen(values[_i].name, values[_i].value, values[_i].action);
    ck_assert_msg(g_strcmp0(seen, values[_i].seen) == 0, "row %d: %s", _i, seen ? seen : "nothing");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audience");
    TCase *tests = tcase_create("audience");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, broken_files_are_refused, 0, G_N_ELEMENTS(broken));
    tcase_add_test(tests, what_is_read_is_kept);
    tcase_add_loop_test(tests, gates_open_and_stay_shut, 0, G_N_ELEMENTS(gates));
    tcase_add_loop_test(tests, references_have_their_form, 0, G_N_ELEMENTS(references));
    tcase_add_loop_test(tests, records_go_where_they_may, 0, G_N_ELEMENTS(markings));
    tcase_add_loop_test(tests, values_are_seen_as_they_may, 0, G_N_ELEMENTS(values));
    tcase_add_test(tests, statistics_are_no_leads);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
