/*
 * The matching stages: link, resolve. Each gives facts and decisions to one pure room; nothing is
 * read or written here, so that they may run side by side. write.c keeps what they found.
 */
#include <math.h>
#include <string.h>

#include "engine/base/evidence.h"
#include "engine/judgement/judgement.h"
#include "engine/link/change.h"
#include "engine/run/stages.h"

/* FirearmDecision and PersonDecision have one shape; this is it. */
G_STATIC_ASSERT(sizeof(FirearmDecision) == sizeof(PersonDecision));

/* Judgements (by reference) become decisions (by place); NULL on error. */
static GArray *decisions(Run *run, JudgementType type, GError **error)
{
    int (*place)(const Facts *, const char *) = type == JUDGE_LINK ? facts_firearm : facts_mention;
    g_autofree char *day = g_strndup(run->options->as_of, 10);
    g_autoptr(GPtrArray) judgements = judgement_labels(run->store, type, day, error);
    if (!judgements)
        return NULL;
    GArray *result = g_array_new(FALSE, FALSE, sizeof(FirearmDecision));
    for (guint i = 0; i < judgements->len; i++) {
        const Judgement *judgement = g_ptr_array_index(judgements, i);
        int left = place(run->facts, judgement->left), right = place(run->facts, judgement->right);
        if (left < 0 || right < 0)
            continue;
        FirearmDecision decision = {(guint)left, (guint)right, judgement->verdict == VERDICT_YES};
        g_array_append_val(result, decision);
    }
    return result;
}

/* One without the other would have to be made good for in every run from now on. */
gboolean stage_map(Run *run, G_GNUC_UNUSED GError **error)
{
    run->image = image_map(run->store);
    if (run->image && !image_people(run->image, run->store, run->rules->hash, &run->kept))
        g_clear_pointer(&run->image, image_free);
    return TRUE;
}

gboolean stage_read(Run *run, GError **error)
{
    GError *problem = NULL;
    run->facts = facts_recall(run->store, g_steal_pointer(&run->image), &problem);
    if (!run->facts)
        run->kept = (PersonKept){0};
    if (!run->facts && !problem)
        run->facts = facts_read(run->store, !run->options->dry_run, &problem);
    if (problem)
        g_propagate_error(error, problem);
    run->report->records = run->now.records;
    if (run->facts && !run->scope)
        facts_rest(run->facts); /* its sums were read, its mentions wait */
    return run->facts != NULL;
}

gboolean stage_decide(Run *run, GError **error)
{
    run->link_decisions = decisions(run, JUDGE_LINK, error);
    run->person_decisions = run->link_decisions ? decisions(run, JUDGE_PERSON, error) : NULL;
    return run->person_decisions != NULL;
}

FirearmInput firearm_input(const Run *run)
{
    const GArray *firearms = run->facts->firearms, *given = run->link_decisions;
    return (FirearmInput){.model = run->rules->firearms,
                          .parameters = run->firearm_parameters,
                          .firearms = (const Firearm *)(gpointer)firearms->data,
                          .n = firearms->len,
                          .decisions = (const FirearmDecision *)(gpointer)given->data,
                          .n_decisions = given->len};
}

/* Places of firearms that the last run did not see. */
static GArray *added_firearms(const Run *run)
{
    GArray *added = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < run->facts->firearm_id->len; i++)
        if (g_array_index(run->facts->firearm_id, gint64, i) > run->last.last_record)
            g_array_append_val(added, i);
    return added;
}

/* With the index of serials that the last run left, and without it where it turns out to be
 * damaged. */
static void link_changed(Run *run, const FirearmInput *input, FirearmChange *change)
{
    const FirearmIndex *index = run->index.index;
    const GArray *ids = run->facts->firearm_id;
    g_autofree guint *borne =
        index ? firearm_index_borne(index, (const gint64 *)(gpointer)ids->data, ids->len) : NULL;
    change->index = borne ? firearm_index_serials(index) : NULL;
    change->number = borne;
    run->affected = g_new0(gboolean, input->n + 1);
    run->links = firearm_link_changed(input, change, run->affected, &run->links_found);
    if (!change->index || !firearm_index_damaged(index))
        return;
    change->index = NULL;
    g_clear_pointer(&run->links, firearm_links_free);
    g_clear_pointer(&run->links_found, firearm_kept_free);
    memset(run->affected, 0, input->n * sizeof *run->affected);
    run->links = firearm_link_changed(input, change, run->affected, &run->links_found);
}

/* ---- what is kept of a probability ------------------------------------------------------ */

/* A new record moves what else is possible of many others by next to nothing: in steps, most of
 * these stay what they are, and nothing that rests on them is made again. Downwards, so that
 * nothing is told surer than it was found, and on which side of 0.01, 0.5 and 0.9 it lies stays
 * true. */
#define STEPS_A_BIT    1024.0  /* of the odds of a link: what people read has three decimals */
#define STEPS_A_PERSON 10000.0 /* of whose a mention is */

static double settled_link(double probability)
{
    if (!(probability > 0 && probability < 1))
        return probability;
    double bits = floor(probability_to_bits(probability) * STEPS_A_BIT) / STEPS_A_BIT;
    return MAX(bits_to_probability(bits), MIN(probability, EXPORT_MIN));
}

static void settle_links(GArray *links)
{
    for (guint i = 0; i < links->len; i++) {
        FirearmLink *link = &g_array_index(links, FirearmLink, i);
        link->probability = settled_link(link->probability);
    }
}

static void settle_people(PersonResult *people, guint n)
{
    for (guint i = 0; i < n; i++)
        if (people->resolved[i])
            people->probability[i] =
                floor(people->probability[i] * STEPS_A_PERSON) / STEPS_A_PERSON;
}

/* ---- stages ----------------------------------------------------------------------------- */

static void link_scope(Run *run, const FirearmInput *input)
{
    const GArray *dirty = run->scope->firearms, *former = run->scope->former->firearms;
    g_autoptr(GArray) added = added_firearms(run);
    FirearmChange change = {.dirty = (const guint *)(gpointer)dirty->data,
                            .n_dirty = dirty->len,
                            .former = (const Firearm *)(gpointer)former->data,
                            .n_former = former->len,
                            .added = (const guint *)(gpointer)added->data,
                            .n_added = added->len,
                            .kept = run->links_known};
    if (dirty->len || former->len) {
        link_changed(run, input, &change);
    } else {
        run->affected = g_new0(gboolean, input->n + 1);
        run->links = g_array_new(FALSE, FALSE, sizeof(FirearmLink));
    }
}

gboolean stage_link(Run *run, GError **error)
{
    if (!parameters_firearm(run, error))
        return FALSE;
    const FirearmInput input = firearm_input(run);
    if (run->scope) {
        link_scope(run, &input);
    } else {
        if (!run->linker)
            run->linker = firearm_linker_new(&input);
        facts_rest(run->facts); /* of what was made numbers of, little is looked at again */
        run->links = firearm_linker_link(run->linker, &run->links_found);
        g_clear_pointer(&run->linker, firearm_linker_free);
        facts_shed(run->facts);
    }
    settle_links(run->links);
    return TRUE;
}

/* Leaves behind what was made of the mentions. Where that can not be, nothing is lost. */
static void leave_people(const Run *run, const PersonRoll *roll)
{
    if (run->facts->image && !run->kept.bytes)
        image_write_people(run->store, run->facts->image, run->rules->hash, roll,
                           run->person_parameters, NULL);
}

gboolean stage_resolve(Run *run, GError **error)
{
    const GArray *given = run->person_decisions;
    g_autoptr(GArray) former = NULL;
    PersonInput input = {.mention_at = facts_mention_at,
                         .mention_data = run->facts,
                         .n = run->facts->mentions->len,
                         .decisions = (const PersonDecision *)(gpointer)given->data,
                         .n_decisions = given->len};
    const GArray *dirty = run->scope ? run->scope->mentions : NULL;
    static const guint none;
    if (dirty) {
        input.dirty = dirty->len ? (const guint *)(gpointer)dirty->data : &none;
        input.n_dirty = dirty->len;
        former = facts_mentions(run->scope->former);
        input.former = (const PersonMention *)(gpointer)former->data;
        input.n_former = former->len;
    }
    if (run->kept.bytes) {
        run->kept.place = (const guint *)(gpointer)run->facts->mentions->data;
        input.kept = &run->kept;
    }
    g_autoptr(PersonRoll) roll = parameters_person(run, &input, error);
    if (!roll)
        return FALSE;
    leave_people(run, roll);
    if (!run->scope)
        facts_rest(run->facts); /* mentions are told by their numbers now */
    run->people = person_roll_resolve(roll, run->person_parameters);
    settle_people(run->people, input.n);
    for (guint i = 0; i < run->people->skipped->len; i++)
        g_string_append_printf(run->crowds, "persons not compared: %s\n",
                               (const char *)run->people->skipped->pdata[i]);
    return TRUE;
}
