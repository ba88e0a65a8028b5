/* The strict reader of rule files: each way to be wrong is an error with file and line. */
#include <glib/gstdio.h>

#include "tests/unit/indicator/world.h"

#define GOOD                                                                                       \
    "-- id: X1\n-- rev: 3\n-- title: A rule\n-- bits: 3.5\n"                                       \
    "-- example: hit cases/X1/a.case\n-- example: miss cases/X1/b.case\n"
#define SELECT "\nSELECT 1\n"

START_TEST(reads_everything)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Indicator) rule = indicator_parse(
        "rules/indicators/x.sql",
        GOOD "-- status: stable\n-- severity: high\n-- source: 27 CFR 478.126a; other: text\n"
             "-- falsepositives: collectors\n-- valid: 1968-12-16..2030-01-01\n"
             "-- param: window_days = 5 business days\n-- param: p = -0.5\n"
             "\n-- a comment\nSELECT :window_days, :p\n",
        &error);
    ck_assert_msg(rule != NULL, "%s", error ? error->message : "");
    ck_assert_str_eq(rule->id, "X1");
    ck_assert_int_eq(rule->rev, 3);
    ck_assert_str_eq(rule->title, "A rule");
    ck_assert_str_eq(rule->status, "stable");
    ck_assert_str_eq(rule->severity, "high");
    ck_assert_str_eq(rule->source, "27 CFR 478.126a; other: text");
    ck_assert_str_eq(rule->false_positives, "collectors");
    ck_assert_str_eq(rule->valid_from, "1968-12-16");
    ck_assert_str_eq(rule->valid_to, "2030-01-01");
    ck_assert(rule->bits == 3.5);
    ck_assert_str_eq(rule->sql, "-- a comment\nSELECT :window_days, :p\n");
    ck_assert_uint_eq(rule->parameters->len, 2);
    const IndicatorParameter *one = g_ptr_array_index(rule->parameters, 0);
    const IndicatorParameter *two = g_ptr_array_index(rule->parameters, 1);
    ck_assert_str_eq(one->name, "window_days");
    ck_assert(one->value == 5);
    ck_assert_str_eq(one->unit, "business days");
    ck_assert(two->value == -0.5);
    ck_assert_str_eq(two->unit, "");
    ck_assert_uint_eq(rule->examples->len, 2);
    const IndicatorExample *example = g_ptr_array_index(rule->examples, 1);
    ck_assert(!example->hit);
    ck_assert_str_eq(example->file, "rules/indicators/cases/X1/b.case");
}
END_TEST

/* What a rule said, told by its first pair that fits; what none fits, and English, as it is. */
START_TEST(tells_it_in_french)
{
    static const char *const said[][2] = {
        {"bought on 2024-01-02 from A and B", "achetée le 2024-01-02 chez A and B"},
        {"bought on 2024-01-02", "achetée le 2024-01-02"},
        {"carried here, bought there", "bought : portée ici"},
        {"found here, bought there", "bought : trouvée ici"},
        {"bought on ", "bought on "},
        {"sold", "sold"},
        {"sold by A for 5 dollars", "vendue par A pour 5 $"},
        {"sold by A for 5 dollars or so", "sold by A for 5 dollars or so"},
        {"sold by A for dollars", "sold by A for dollars"},
        {"lent", "lent"},
        {"1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 9"},
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(Indicator) rule = indicator_parse(
        "rules/indicators/x.sql",
        GOOD "-- title.fr: Une règle\n"
             "-- text: bought on {day} from {who}\n-- text.fr: achetée le {day} chez {who}\n"
             "-- text: bought on {day}\n-- text.fr: achetée le {day}\n"
             "-- text: {how} here, {what} there\n-- text.fr: {what} : {how} ici\n"
             "-- text: sold by {who} for {sum} dollars\n-- text.fr: vendue par {who} pour {sum} $\n"
             "-- text: {a} {b} {c} {d} {e} {f} {g} {h} {i}\n-- text.fr: {a} trop\n"
             "-- word.fr: found = trouvée\n-- word.fr: carried = portée\n" SELECT,
        &error);
    ck_assert_msg(rule != NULL, "%s", error ? error->message : "");
    ck_assert_str_eq(indicator_title(rule, LANG_EN), "A rule");
    ck_assert_str_eq(indicator_title(rule, LANG_FR), "Une règle");
    for (guint i = 0; i < G_N_ELEMENTS(said); i++) {
        g_autofree char *english = indicator_explanation(rule, said[i][0], LANG_EN);
        g_autofree char *french = indicator_explanation(rule, said[i][0], LANG_FR);
        ck_assert_str_eq(english, said[i][0]);
        ck_assert_str_eq(french, said[i][1]);
    }
}
END_TEST

/* Every rule that we ship is told in both languages. */
START_TEST(every_rule_has_french)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Indicators) rules = indicators_load("rules", &error);
    ck_assert_msg(rules != NULL, "%s", error ? error->message : "");
    for (guint i = 0; i < indicators_count(rules); i++) {
        const Indicator *rule = indicators_at(rules, i);
        ck_assert_msg(rule->title_fr && rule->phrases->len, "%s has no French", rule->id);
        for (guint p = 0; p < rule->phrases->len; p++) {
            const IndicatorPhrase *phrase = g_ptr_array_index(rule->phrases, p);
            ck_assert_msg(phrase->fr != NULL, "%s: '%s' has no French", rule->id, phrase->en);
        }
    }
}
END_TEST

static const struct {
    const char *text, *where, *what;
} broken[] = {
    {GOOD "-- sevrity: high\n" SELECT, ":7:", "did you mean 'severity'"},
    {GOOD "-- zzzzzzzzzz: high\n" SELECT, ":7:", "unknown key 'zzzzzzzzzz'"},
    {"-- rev: 3\n-- title: A\n-- bits: 1\n-- example: hit a.case\n" SELECT, ":5:", "'id'"},
    {"-- id: X\n-- title: A\n-- bits: 1\n-- example: hit a.case\n" SELECT, ":5:", "'rev'"},
    {"-- id: X\n-- rev: 1\n-- bits: 1\n-- example: hit a.case\n" SELECT, ":5:", "'title'"},
    {"-- id: X\n-- rev: 1\n-- title: A\n-- example: hit a.case\n" SELECT, ":5:", "'bits'"},
    {"-- id: X\n-- rev: 1\n-- title: A\n-- bits: 1\n" SELECT, ":5:", "'example'"},
    {GOOD "-- id: X2\n" SELECT, ":7:", "twice"},
    {GOOD "-- source:\n" SELECT, ":7:", "no value"},
    {GOOD "SELECT 1\n", ":7:", "blank line"},
    {GOOD, ":7:", "no blank line"},
    {GOOD "-- text.fr: sans\n" SELECT, ":7:", "below the text"},
    {GOOD "-- text: a {x}\n-- text.fr: un {x}\n-- text.fr: un\n" SELECT, ":9:", "below the text"},
    {GOOD "-- text: a {x}\n-- text.fr: un {y}\n" SELECT, ":8:", "{hole}"},
    {GOOD "-- word.fr: phone\n" SELECT, ":7:", "ENGLISH = FRENCH"},
    {GOOD "-- status: fine\n" SELECT, ":7:", "none of: experimental, stable, deprecated"},
    {GOOD "-- severity: huge\n" SELECT, ":7:", "none of"},
    {GOOD "-- valid: 1968\n" SELECT, ":7:", "valid"},
    {GOOD "-- valid: 1968-13-01..\n" SELECT, ":7:", "valid"},
    {GOOD "-- valid: 2020-01-01..2019-01-01\n" SELECT, ":7:", "ends before"},
    {GOOD "-- valid: 2020-01-01..2020-1-31\n" SELECT, ":7:", "valid"},
    {GOOD "-- valid: 2020/01/01..\n" SELECT, ":7:", "valid"},
    {GOOD "-- valid: 2020-01/01..\n" SELECT, ":7:", "valid"},
    {GOOD "-- valid: ..2020-02-30\n" SELECT, ":7:", "valid"},
    {GOOD "-- param: x =\n\nSELECT :x", ":7:", "param"},
    {GOOD "no: header\n" SELECT, ":7:", "header line"},
    {GOOD "-- header\n" SELECT, ":7:", "header line"},
    {GOOD "-- param: x\n\nSELECT :x", ":7:", "param"},
    {GOOD "-- param: x = five\n\nSELECT :x", ":7:", "param"},
    {GOOD "-- param: x = 5days\n\nSELECT :x", ":7:", "param"},
    {GOOD "-- param: x = nan\n\nSELECT :x", ":7:", "param"},
    {GOOD "-- param: 9x = 5\n\nSELECT :x", ":7:", "param"},
    {GOOD "-- param: as_of = 5\n\nSELECT :as_of", ":7:", "engine's own"},
    {GOOD "-- param: x = 5\n-- param: x = 6\n\nSELECT :x", ":8:", "twice"},
    {GOOD "-- param: x = 5\n\nSELECT :xy", ":8:", "not used"},
    {GOOD "-- example: maybe a.case\n" SELECT, ":7:", "example"},
    {GOOD "-- example: hit\n" SELECT, ":7:", "example"},
    {GOOD "-- example: hit ../../x.case\n" SELECT, ":7:", "not below"},
    {GOOD "-- example: hit /etc/x.case\n" SELECT, ":7:", "not below"},
    {GOOD "nonsense\n" SELECT, ":7:", "header line"},
    {"-- id: a b\n" SELECT, ":1:", "id"},
    {"-- id: X\n-- rev: 0\n" SELECT, ":2:", "rev"},
    {"-- id: X\n-- rev: one\n" SELECT, ":2:", "rev"},
    {"-- id: X\n-- bits: 0\n" SELECT, ":2:", "bits"},
    {"-- id: X\n-- bits: 3,5\n" SELECT, ":2:", "bits"},
    {"-- id: X\n-- bits: 21\n" SELECT, ":2:", "bits"},
    {GOOD "\n", ":7:", "no SELECT"},
    {"", ":1:", "blank line"},
};

START_TEST(refuses_what_is_broken)
{
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Indicator) rule = indicator_parse("r/x.sql", broken[i].text, &error);
        ck_assert_msg(rule == NULL, "not refused: %u", i);
        ck_assert_int_eq(error_status(error), STATUS_CONFIG);
        g_autofree char *prefix = g_strconcat("r/x.sql", broken[i].where, NULL);
        ck_assert_msg(g_str_has_prefix(error->message, prefix) &&
                          strstr(error->message, broken[i].what),
                      "%u: %s", i, error->message);
    }
}
END_TEST

START_TEST(knows_when_it_is_valid)
{
    Indicator rule = {.valid_from = (char *)"2018-01-01", .valid_to = (char *)"2019-12-31"};
    ck_assert(!indicator_is_valid(&rule, "2017-12-31"));
    ck_assert(indicator_is_valid(&rule, "2018-01-01"));
    ck_assert(indicator_is_valid(&rule, "2019-12-31T23:59:59Z"));
    ck_assert(!indicator_is_valid(&rule, "2020-01-01"));
    rule.valid_from = rule.valid_to = (char *)"";
    ck_assert(indicator_is_valid(&rule, "1900-01-01"));
}
END_TEST

/* Files beside the rules promise something of them by id; what they say of none is refused. */
START_TEST(promises_are_of_rules)
{
    static const struct {
        const char *file, *text, *says; /* says NULL: taken */
    } table[] = {
        {"complete.csv", "indicator\nX1\n", NULL},
        {"related.csv", "indicator,by\nX1,related\n", NULL},
        {"complete.csv", "indicator\nX1\nX9\n", "complete.csv:3: no rule 'X9'"},
        {"related.csv", "indicator,by\nX1,nothing\n", "related.csv:2: related by nothing"},
        {"related.csv", "indicator\nX1\n", "related.csv:2: related by nothing"},
        {"complete.csv", "indicator\n\"X1\n", "complete.csv"},
        {"x2.sql", GOOD SELECT, "id 'X1' is also in"},
        {"x2.sql", "-- id: X2\n\xff", "x2.sql"},
    };
    g_autofree char *rules = g_dir_make_tmp("crosstrace-rules-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(rules, "indicators", NULL);
    g_autofree char *rule = g_build_filename(folder, "x1.sql", NULL);
    g_autoptr(GError) none = NULL;
    ck_assert_ptr_null(indicators_load(rules, &none));
    ck_assert_int_eq(error_status(none), STATUS_CONFIG);
    ck_assert_int_eq(g_mkdir(folder, 0700), 0);
    ck_assert(g_file_set_contents(rule, GOOD SELECT, -1, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *path = g_build_filename(folder, table[i].file, NULL);
        g_autoptr(GError) error = NULL;
        ck_assert(g_file_set_contents(path, table[i].text, -1, NULL));
        g_autoptr(Indicators) read = indicators_load(rules, &error);
        g_unlink(path);
        ck_assert_msg((read != NULL) == !table[i].says, "%u: %s", i, error ? error->message : "");
        if (!read)
            ck_assert_msg(strstr(error->message, table[i].says), "%u: %s", i, error->message);
        else
            ck_assert_int_eq(indicators_at(read, 0)->complete, i == 0);
    }
    g_unlink(rule);
    g_rmdir(folder);
    g_rmdir(rules);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parse");
    TCase *tcase = tcase_create("parse");
    tcase_add_test(tcase, reads_everything);
    tcase_add_test(tcase, tells_it_in_french);
    tcase_add_test(tcase, every_rule_has_french);
    tcase_add_test(tcase, refuses_what_is_broken);
    tcase_add_test(tcase, knows_when_it_is_valid);
    tcase_add_test(tcase, promises_are_of_rules);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
