/*
 * A lead as its owner sees it, for tests of what is made of it: the ring of evidence.h, sold to one
 * with a hostile name.
 */
#ifndef CROSSTRACE_TESTS_REPORT_VIEW_H
#define CROSSTRACE_TESTS_REPORT_VIEW_H

#include "engine/report/report.h"
#include "tests/unit/lead/evidence.h"
#include "tests/unit/suite.h"

/* What no format may let through as more than text. */
#define HOSTILE "=CMD\x1b[2J\xe2\x80\xae</script><script>alert(1)</script>\"' & x"

static LeadView *view_new(void)
{
    g_autoptr(LeadRules) rules = NULL;
    g_autoptr(CodeTables) codes = NULL;
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
    MUST((codes = code_tables_load("rules", &problem)) != NULL);
    LeadView *view = g_new0(LeadView, 1);
    view->evidence = ring_new(0.7);
    add_indicator(view->evidence, "I2", "d1", "atf-trace:T1", 3.5);
    LeadPerson *buyer = view->evidence->people->pdata[0];
    g_free(buyer->last);
    buyer->last = g_strdup(HOSTILE);
    view->lead = lead_build(view->evidence, rules, codes, "2021-07-01", LANG_EN);
    view->released_to = g_strdup("owner's own use");
    view->releasable_to = g_strdup("CAN;USA");
    view->authority = g_strdup("");
    view->run = g_strdup("0123456789abcdef");
    return view;
}

#endif
