/* A record for the tests of this room and of the store. */
#ifndef TESTS_UNIT_RECORD_FIXTURE_H
#define TESTS_UNIT_RECORD_FIXTURE_H

#include "engine/record/record.h"

/* A sealed trace with a purchaser, synthetic; NULL values are left out. */
static inline Record *fixture_record(const char *key, const char *serial, const char *last)
{
    Record *record = record_new("atf-trace");
    record->ref = g_strconcat("atf-trace:", key, NULL);
    record->raw =
        g_strdup_printf("%s,%s,%s", key, serial != NULL ? serial : "", last != NULL ? last : "");
    record->file_id = 1;
    record->line = 2;
    record_take(record, FIELD_TRACE_NO, g_strdup(key));
    record_take(record, FIELD_SERIAL_NUMBER, g_strdup(serial));
    record_take(record, FIELD_MAKE, g_strdup("GLOCK"));
    mention_take(record_mention(record, "purchaser"), MENTION_LAST, g_strdup(last));
    record_drop_empty_mentions(record);
    record_seal(record);
    return record;
}

#endif
