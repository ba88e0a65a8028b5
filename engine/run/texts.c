/*
 * Columns -> MarkText and MarkFacts: what a record gives to engine/marker. It decides nothing but
 * which of two columns that say the same is looked at.
 */
#include <string.h>

#include "engine/run/facts.h"

/* Said to be obliterated by a flag or a condition, whatever could be read of the number. */
static gboolean said_obliterated(const char *const *value)
{
    static const char *const conditions[] = {"OBLITERATED", "RESTORED", "ALTERED", NULL};
    const char *condition = value[FIELD_SERIAL_CONDITION];
    return g_strcmp0(value[FIELD_SERIAL_OBLITERATED], "Y") == 0 ||
           (condition && g_strv_contains(conditions, condition));
}

guint facts_texts(const char *const *value, MarkText *texts, MarkFacts *facts)
{
    *facts = (MarkFacts){0};
    if (!facts_observation(value))
        return 0;
    static const Field fields[FACTS_TEXTS] = {
        FIELD_MAKE_RAW,  FIELD_MODEL_RAW,    FIELD_NARRATIVE,    FIELD_REMARKS,
        FIELD_CO_SEIZED, FIELD_MODEL,        FIELD_FIREARM_TYPE, FIELD_ADDITIONAL_MARKINGS,
        FIELD_COMMODITY, FIELD_SERIAL_NUMBER};
    guint n = 0;
    for (guint i = 0; i < FACTS_TEXTS; i++) {
        Field field = fields[i];
        const char *text = value[field];
        if (field == FIELD_MODEL && value[FIELD_MODEL_RAW])
            continue;
        if (!text)
            continue;
        const char *name = field == FIELD_MAKE_RAW    ? "make"
                           : field == FIELD_MODEL_RAW ? "model"
                                                      : field_name(field);
        texts[n++] = (MarkText){name, text};
    }
    *facts = (MarkFacts){
        .serial_kind = value[FIELD_SERIAL_KIND],
        .make = value[FIELD_MAKE],
        .model = value[FIELD_MODEL],
        .type = value[FIELD_FIREARM_TYPE],
        .disposition = value[FIELD_DISPOSITION],
        .obliterated = said_obliterated(value),
        .narcotics = g_strcmp0(value[FIELD_NARCOTICS], "Y") == 0,
    };
    return n;
}
