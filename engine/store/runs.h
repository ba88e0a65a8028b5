/*
 * What runs leave behind besides their results: the runs themselves, the numbered parameter sets
 * that they used, the decisions that they were given. Every function that can fail returns FALSE
 * (or 0, or NULL) with error set, as those of store.h.
 */
#ifndef CROSSTRACE_STORE_RUNS_H
#define CROSSTRACE_STORE_RUNS_H

#include "engine/store/store.h"

/* Everything that was estimated from the records, as the rooms that know it write it. A set never
 * changes; the same set again is the same number. */
typedef struct {
    gint64 set_id;
    guint64 records;  /* of the store, when it was estimated */
    char *start_hash; /* of the rules that it was estimated with */
    char *firearm, *person;
} ParameterSet;

void parameter_set_clear(ParameterSet *set);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ParameterSet, parameter_set_clear)

/* Keeps a set and numbers it (set->set_id). */
gboolean store_add_parameters(Store *store, ParameterSet *set, GError **error);
/* The set with this number, for parameter_set_clear; STATUS_NO_INPUT when there is none. */
gboolean store_get_parameters(Store *store, gint64 set_id, ParameterSet *set, GError **error);
/* The same in parts, since the texts are large: all but these, which stay NULL; then each, where it
 * is not there yet. */
gboolean store_get_set(Store *store, gint64 set_id, ParameterSet *set, GError **error);
gboolean store_get_set_firearm(Store *store, ParameterSet *set, GError **error);
gboolean store_get_set_person(Store *store, ParameterSet *set, GError **error);

typedef struct {
    gint64 run_id;
    gint64 set_id;   /* parameter set */
    char *as_of;     /* ISO time */
    char *kind;      /* "full", "incremental" */
    char *data_hash; /* of records and decisions */
    char *rules_hash;
    char *data_sum;                         /* store_data_hash() of the records that it saw */
    gint64 last_record, last_file;          /* the largest numbers that it saw */
    guint64 records, changed;               /* in the store; new or revised since the run before */
    guint64 links, persons, markers, leads; /* in the store after it; persons: mentions */
} StoreRun;

void store_run_clear(StoreRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreRun, store_run_clear)

/* The sum that store_data_hash() is a hash of; g_free. */
char *store_data_sum(Store *store, GError **error);
/* How far the store goes now: last_record, last_file and records of the run. */
gboolean store_extent(Store *store, StoreRun *run, GError **error);

/* Begins a run: numbers it (run->run_id), so that results can name it. store_finish_run counts
 * what is in the store then, in the same transaction. */
gboolean store_start_run(Store *store, StoreRun *run, GError **error);
gboolean store_finish_run(Store *store, StoreRun *run, GError **error);
/* Run that made the stored results, for store_run_clear; FALSE without error when none did. */
gboolean store_last_run(Store *store, StoreRun *run, GError **error);
/* Parameters of that run, for parameter_set_clear; set_id is 0 where no run was. */
gboolean store_last_parameters(Store *store, ParameterSet *set, GError **error);
/* All runs, the latest first: array of StoreRun. */
GPtrArray *store_runs(Store *store, GError **error);

#endif
