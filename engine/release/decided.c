/*
 * What people decided, on the views of leads: the status of a lead holds for every part of it, and
 * a rule that is silenced for something in a lead is named on it. Of a view that was filtered it
 * looks at what is left alone.
 */
#include <string.h>

#include "engine/base/message.h"
#include "engine/release/parts.h"

gboolean decided_read(Decided *decided, Store *store, const char *day, GError **error)
{
    decided->leads = lead_decisions_read(store, day, error);
    decided->silenced = decided->leads ? judgement_in_force(store, JUDGE_RULE, day, error) : NULL;
    return decided->silenced != NULL;
}

void decided_clear(Decided *decided)
{
    g_clear_pointer(&decided->leads, lead_decisions_free);
    g_clear_pointer(&decided->silenced, g_ptr_array_unref);
}

/* ---- leads ------------------------------------------------------------------------------- */

/* Put aside as nothing: dismissed, or closed without a hit. */
static gboolean is_nothing(const Judgement *judgement, const char *status)
{
    return strcmp(status, "dismissed") == 0 ||
           (strcmp(status, "closed") == 0 && judgement && judgement->verdict == VERDICT_NO);
}

gboolean decided_status(const Decided *decided, LeadView *view, const char *status, gboolean told)
{
    const Judgement *judgement = lead_decisions_find(decided->leads, view->evidence->items);
    g_autofree char *own = judgement ? judgement_setting(judgement, "status") : NULL;
    gboolean aside = own && (strcmp(own, "dismissed") == 0 || strcmp(own, "closed") == 0);
    const char *word = aside ? own : status;
    if (!told)
        return !is_nothing(judgement, word);
    g_free(view->lead->status);
    view->lead->status = g_strdup(word);
    return TRUE;
}

/* ---- rules ------------------------------------------------------------------------------- */

/* A record, a mention, a person or any value of the records, as subjects of rules are. */
static gboolean holds_value(const LeadEvidence *evidence, const char *value)
{
    for (guint i = 0; i < evidence->records->len; i++) {
        const Record *record = evidence->records->pdata[i];
        if (strcmp(record->ref, value) == 0)
            return TRUE;
        for (int field = 0; field < FIELD_COUNT; field++)
            if (g_strcmp0(record_get(record, (Field)field), value) == 0)
                return TRUE;
    }
    for (guint i = 0; i < evidence->people->len; i++) {
        const LeadPerson *person = evidence->people->pdata[i];
        if (strcmp(person->mention, value) == 0 || strcmp(person->entity, value) == 0)
            return TRUE;
    }
    return FALSE;
}

void decided_silenced(const Decided *decided, LeadView *view, Lang lang)
{
    for (guint i = 0; i < decided->silenced->len; i++) {
        const Judgement *judgement = decided->silenced->pdata[i];
        if (!holds_value(view->evidence, judgement->right))
            continue;
        g_autofree char *actor = g_strdelimit(g_strdup(judgement->actor), ";", ',');
        g_autofree char *said =
            message_format(MSG_LEAD_SILENCED, lang, judgement->left, actor, judgement->expires);
        g_autofree char *counter = g_steal_pointer(&view->lead->counter);
        view->lead->counter = g_strconcat(counter, *counter ? "; " : "", said, NULL);
    }
}
