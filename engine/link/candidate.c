/*
 * A candidate weighed and explained: the bits of its serial, of all other fields, and what a number
 * loses that is no identity by itself. One code for runs, for `find` and for `why`.
 */
#include <math.h>

#include "engine/link/work.h"

void candidate_weigh(const Work *work, Candidate *c, gboolean repeat)
{
    const Judge *judge = &work->judge;
    c->serial = judge_serial(judge, c->a, c->b, c->tier, c->fit);
    double fields =
        repeat ? judge_repeat(judge, c->a, c->b, NULL) : judge_fields(judge, c->a, c->b, NULL);
    Weighed pair = {c->a, c->b, c->tier, c->serial, fields, work->prior};
    c->bits = c->serial + fields + judge_identity(judge, &pair).bits;
}

Evidence *candidate_evidence(const Work *work, const Candidate *c, gboolean repeat)
{
    const Judge *judge = &work->judge;
    const Firearm *f = &judge->firearms[c->a], *g = &judge->firearms[c->b];
    Evidence *evidence = evidence_new();
    double serial = c->serial;
    gboolean paper = c->tier == TIER_PAPER || c->tier == TIER_NONE;
    if (!paper || fabs(serial) > 0.005) {
        const char *level = !paper ? tier_name(c->tier)
                            : f->side == SIDE_SEIZURE && !serial_usable(f->serial) ? "unread"
                                                                                   : "differs";
        evidence_add(evidence, "serial", "serial", level, f->serial_raw, g->serial_raw, serial);
    }
    double fields = repeat ? judge_repeat(judge, c->a, c->b, evidence)
                           : judge_fields(judge, c->a, c->b, evidence);
    Weighed pair = {c->a, c->b, c->tier, serial, fields, work->prior};
    Loss loss = judge_identity(judge, &pair);
    if (loss.bits < 0) {
        evidence_add(evidence, "serial", "serial", loss.level, NULL, NULL, loss.bits);
    }
    return evidence;
}
