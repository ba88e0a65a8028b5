/* Tests of a lead as a graph, which the formats graphml and i2 are made of. */
#include "engine/report/network.h"
#include "tests/unit/report/view.h"
#include "tests/unit/suite.h"

/* The tie of a type between two nodes, by the ends of their ids; NULL: none. */
static const Tie *tie_of(const Network *network, const char *from, const char *to, const char *type)
{
    const Tie *found = NULL;
    for (guint i = 0; i < network->ties->len; i++) {
        const Tie *tie = network->ties->pdata[i];
        if (strcmp(tie->from->id, from) == 0 && strcmp(tie->to->id, to) == 0 &&
            strcmp(tie->type, type) == 0) {
            ck_assert_msg(found == NULL, "twice: %s %s %s", from, to, type);
            found = tie;
        }
    }
    return found;
}

/* A lead as a graph: who and what, tied as the records say, each tie once with where it is from. */
START_TEST(test_network)
{
    g_autoptr(LeadView) view = view_new();
    add_person(view->evidence, "atf-trace:T2:purchaser", RING_BUYER, "purchaser", "DOE");
    ((LeadPerson *)view->evidence->people->pdata[0])->probability = 0.9;
    g_autoptr(Network) network = network_new(view, LANG_EN);
    const char *buyer = "person:" RING_BUYER, *dealer = "dealer:27112345";
    g_autofree char *lead = g_strconcat("lead:", view->lead->lead_id, NULL);
    ck_assert_uint_eq(view->lead->paths->len, 2);
    for (guint i = 0; i < 2; i++) {
        const LeadPath *path = view->lead->paths->pdata[i];
        g_autofree char *firearm = g_strconcat("firearm:", path->firearm, NULL);
        const Tie *holds = tie_of(network, lead, firearm, "holds");
        const Tie *sold = tie_of(network, dealer, firearm, "sold");
        const Tie *bought = tie_of(network, buyer, firearm, "purchaser");
        const Tie *seized = NULL;
        for (guint t = 0; t < network->ties->len; t++) {
            const Tie *tie = network->ties->pdata[t];
            if (strcmp(tie->from->id, firearm) == 0 && strcmp(tie->type, "seized") == 0)
                seized = tie;
        }
        ck_assert(holds && sold && bought);
        ck_assert_str_eq(holds->source, path->records);
        ck_assert_str_eq(sold->source, path->records);
        ck_assert_str_eq(sold->date, path->bought);
        ck_assert_ptr_null(holds->date);
        ck_assert_double_eq(holds->weight, 1);
        ck_assert_double_eq(sold->weight, 1);
        ck_assert(g_str_has_prefix(sold->from->label, "EXAMPLE GUNS"));
        gboolean second = strstr(path->records, "T2") != NULL;
        ck_assert_str_eq(bought->source, second ? "atf-trace:T2" : "atf-trace:T1");
        ck_assert_str_eq(bought->date, second ? "2021-02-05" : "2021-02-03");
        ck_assert_double_eq(bought->weight, second ? 0.97 : 0.9);
        ck_assert((seized != NULL) == !second);
        ck_assert(second || (strcmp(seized->date, "2021-04-01") == 0 &&
                             strcmp(seized->to->label, "EXAMPLE BRIDGE") == 0));
    }
    const Tie *same =
        tie_of(network, "firearm:atf-trace:T1", "firearm:atf-trace:T2", "same-person");
    if (!same) /* a firearm is named by the first of its records */
        same = tie_of(network, "firearm:cbsa-seizure:A/1", "firearm:atf-trace:T2", "same-person");
    ck_assert_ptr_nonnull(same);
    ck_assert_str_eq(same->source, "atf-trace:T1; atf-trace:T2");
    for (guint i = 0; i < network->nodes->len; i++) {
        const Node *node = network->nodes->pdata[i];
        ck_assert_ptr_eq(g_hash_table_lookup(network->by_id, node->id), node);
        for (guint k = 0; k < i; k++)
            ck_assert_str_ne(node->id, ((const Node *)network->nodes->pdata[k])->id);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report/network");
    TCase *tests = tcase_create("network");
    tcase_add_test(tests, test_network);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
