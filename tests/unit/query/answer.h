/* What a question to a store answers, as text; a world with rejects and warnings. For tests. */
#ifndef CROSSTRACE_TESTS_QUERY_ANSWER_H
#define CROSSTRACE_TESTS_QUERY_ANSWER_H

#include <glib/gstdio.h>

#include "engine/render/render.h"
#include "tests/unit/lead/world.h"

typedef gboolean (*Question)(Store *store, RowSink *sink, GError **error);

static inline char *answer(Store *store, Question run, RowsFormat format)
{
    g_autofree char *path = NULL;
    g_close(g_file_open_tmp("crosstrace-export-XXXXXX", &path, NULL), NULL);
    g_autoptr(Output) output = NULL;
    MUST((output = output_open(path, TRUE, &problem)) != NULL);
    guint64 count = 0;
    g_autoptr(RowSink) sink = row_sink_new(format, output, FALSE, &count);
    MUST(run(store, sink, &problem));
    MUST(output_close(output, &problem));
    char *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    return text;
}

static inline void put_remarks(World *world)
{
    Remark reject = {REMARK_REJECT,  7,    NULL, "serial_number", "columns", "3 cells, 2 expected",
                     "T7,\"a,b\",c", FALSE};
    Remark early = {REMARK_REJECT, 3, NULL, NULL, "key", "no key | none", ",x", FALSE};
    Remark warning = {REMARK_WARNING, 4,         "atf-trace:T8", "purchase_date",
                      "bad-date",     "no date", NULL,           FALSE};
    MUST(store_put_remark(world->store, world->file_id, &reject, &problem));
    MUST(store_put_remark(world->store, world->file_id, &early, &problem));
    MUST(store_put_remark(world->store, world->file_id, &warning, &problem));
}

static const struct {
    const char *name, *rows;
} expected[] = {
    {"links", "serial,cbsa-seizure:A/1,atf-trace:T1,S1,17.000,0.900000,0.001,"
              "serial S1 'ABC123' +21.0; dates requested-before '2021-04-01' ~ '2021-03-01' "
              "-4.0,PROTECTED B\n"},
    {"persons", "atf-trace:T1:purchaser,atf-trace:T1:purchaser,0.970000,DOE,'=JANE,,\n"
                "atf-trace:T1:purchaser,atf-trace:T2:purchaser,0.970000,DOE,'=JANE,,\n"
                "atf-trace:T8:purchaser,atf-trace:T8:purchaser,1.000000,DOE,'=JANE,,\n"
                "atf-trace:T9:purchaser,atf-trace:T9:purchaser,1.000000,DOE,'=JANE,,\n"},
    {"markers",
     "cbsa-seizure:A/1,NARCOTICS,0.900000,narcotics@1/fentanyl,'=2 kg of fentanyl,PROTECTED B\n"},
    {"indicators", "I2,d1,atf-trace:T1; atf-trace:T2,3.500,two pistols,\n"
                   "I2,d9,atf-trace:T9,3.500,two pistols,\n"},
    {"rejects", "traces.csv,3,,key,no key | none,\",x\"\n"
                "traces.csv,7,serial_number,columns,\"3 cells, 2 expected\","
                "\"T7,\"\"a,b\"\",c\"\n"},
    {"warnings", "traces.csv,4,purchase_date,bad-date,no date,atf-trace:T8\n"},
};

#endif
