/*
 * Codes of the program in the reader's words: from rules/tables where an analyst may change them,
 * from messages.def where the program itself names them.
 */
#include "engine/report/label.h"

#include <string.h>

#include "engine/base/message.h"

typedef struct {
    const char *code;
    MessageId id;
} CodeWord;

static const CodeWord statuses[] = {{"new", MSG_STATUS_NEW},
                                    {"open", MSG_STATUS_OPEN},
                                    {"assigned", MSG_STATUS_ASSIGNED},
                                    {"referred", MSG_STATUS_REFERRED},
                                    {"confirmed", MSG_STATUS_CONFIRMED},
                                    {"dismissed", MSG_STATUS_DISMISSED},
                                    {"closed", MSG_STATUS_CLOSED},
                                    {NULL, 0}};

static const CodeWord tiers[] = {{"S0", MSG_TIER_S0}, {"S1", MSG_TIER_S1},   {"S1n", MSG_TIER_S1N},
                                 {"S2", MSG_TIER_S2}, {"S2b", MSG_TIER_S2B}, {"S3", MSG_TIER_S3},
                                 {"S4", MSG_TIER_S4}, {"REF", MSG_TIER_REF}, {NULL, 0}};

static const CodeWord roles[] = {{"purchaser", MSG_ROLE_PURCHASER},
                                 {"possessor", MSG_ROLE_POSSESSOR},
                                 {"associate", MSG_ROLE_ASSOCIATE},
                                 {"traveller", MSG_ROLE_TRAVELLER},
                                 {"shipper", MSG_ROLE_SHIPPER},
                                 {"consignee", MSG_ROLE_CONSIGNEE},
                                 {NULL, 0}};

static const char *word_of(const CodeWord *words, const char *code, Lang lang)
{
    for (; words->code; words++)
        if (g_strcmp0(words->code, code) == 0)
            return message(words->id, lang);
    return code ? code : "";
}

const char *label_status(const char *status, Lang lang)
{
    return word_of(statuses, status, lang);
}

const char *label_tier(const char *tier, Lang lang)
{
    return word_of(tiers, tier, lang);
}

const char *label_role(const char *role, Lang lang)
{
    return word_of(roles, role, lang);
}

const char *label_of(const ReportOptions *options, const char *table, const char *code, Lang lang)
{
    const CodeTable *codes = options->codes ? code_table(options->codes, table) : NULL;
    return codes && code ? code_label(codes, code, lang) : code ? code : "";
}

typedef struct {
    const CodeTable *table;
    double probability;
    const char *code;
} Confidence;

/* The first word whose least probability is reached; they stand from sure to unlikely. */
static void visit_confidence(const char *code, gpointer data)
{
    Confidence *found = data;
    const char *least = code_cell(found->table, code, "least");
    if (!found->code && least && found->probability >= g_ascii_strtod(least, NULL))
        found->code = code;
}

const char *label_confidence(const ReportOptions *options, double probability)
{
    Confidence found = {options->codes ? code_table(options->codes, "confidence") : NULL,
                        probability, NULL};
    if (found.table)
        code_visit(found.table, visit_confidence, &found);
    return found.code ? code_label(found.table, found.code, options->lang) : "";
}
