/*
 * Leads built of evidence in memory, by the rules as they are.
 */
#ifndef CROSSTRACE_TESTS_LEAD_BUILT_H
#define CROSSTRACE_TESTS_LEAD_BUILT_H

#include "tests/unit/lead/evidence.h"

static LeadRules *rules;

static inline void setup(void)
{
    MUST((rules = lead_rules_load("rules", &problem)) != NULL);
}

static inline void teardown(void)
{
    g_clear_pointer(&rules, lead_rules_free);
}

static inline Lead *build(const LeadEvidence *evidence)
{
    return lead_build(evidence, rules, NULL, "2021-07-01", LANG_EN);
}

static inline const Term *term_of(const Lead *lead, const char *field)
{
    for (guint i = 0; i < evidence_count(lead->evidence); i++)
        if (strcmp(evidence_term(lead->evidence, i)->field, field) == 0)
            return evidence_term(lead->evidence, i);
    return NULL;
}

#endif
