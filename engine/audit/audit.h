/*
 * The audit trail: what was done, by whom, when, to what, with which outcome, each entry chained
 * to the one before by SHA-256 over length-prefixed fields. Two chains: changes are rows of the
 * store, written in the transaction that they describe; reads and disclosures are in STORE.audit,
 * a chain of its own, so that readers never wait for the writer. Tamper-evident, not
 * tamper-proof: a cut tail shows when the store has more files or runs than its chain, else, as a
 * STORE.audit that was taken away, only against a head hash kept elsewhere.
 */
#ifndef CROSSTRACE_AUDIT_AUDIT_H
#define CROSSTRACE_AUDIT_AUDIT_H

#include "engine/base/rows.h"
#include "engine/store/purge.h"

#define AUDIT_DISCLOSE "disclose" /* the action of a disclosure */

typedef struct {
    const char *time;    /* as-of, ISO: what rules saw; the entry is dated by the clock itself */
    const char *action;  /* load, correlate, report, export ... */
    const char *subject; /* what it was done to: names, ids, counts; never contents */
    const char *detail;  /* key=value words, or "" */
    const char *outcome; /* done, refused, failed */
} AuditEntry;

/* Appends to the store's chain; call it inside the transaction of the change. Actor (user, uid,
 * host), sequence number and the time of the clock are added here; as-of stands in the detail where
 * it is another day. */
gboolean audit_change(Store *store, const AuditEntry *entry, GError **error);

/* Appends to STORE.audit and makes it durable; no read or disclosure goes on when it fails. The
 * file is made, whole, when there is none; one that was emptied or is another program's is
 * STATUS_STORE. */
gboolean audit_read(const char *store_path, const AuditEntry *entry, GError **error);

/* A lead that goes out: the id that its recipient sees, and ours. */
typedef struct {
    const char *shown, *lead;
} Disclosed;

/* audit_read of a disclosure (action AUDIT_DISCLOSE) with its leads (array of Disclosed), whose
 * list the chain covers. Call it before the first byte goes out, and audit_read with outcome "done"
 * when all went: an entry without its "done" is to be taken for a disclosure. */
gboolean audit_disclose(const char *store_path, const AuditEntry *entry, const GPtrArray *leads,
                        GError **error);

/* audit_read of a question to an open store. The subject is followed by SHA-256 of the store's salt
 * and the text, since this may hold names; the text stands beside the entry until it is purged. */
gboolean audit_ask(Store *store, const AuditEntry *entry, const char *text, GError **error);
/* Texts of questions of the period, or longer, before the day (ISO): how many there are and the day
 * of the oldest; or take them away for good, with an entry that says so. */
gboolean audit_texts_due(Store *store, const PurgePeriod *period, const char *day, guint64 *n,
                         char oldest[11], GError **error);
gboolean audit_texts_purge(Store *store, const PurgePeriod *period, const char *time, guint64 *n,
                           GError **error);
/* The questions that were asked, oldest first, with their texts where they are there still. */
gboolean audit_list_asked(Store *store, const char *since, RowSink *sink, GError **error);

/* Entries of both chains, oldest first; action and since (ISO day or time) NULL: all. */
gboolean audit_list(Store *store, const char *action, const char *since, RowSink *sink,
                    GError **error);
/* Who was told of a lead (its id, or the id that a recipient knows it by; NULL: of any), under
 * which references, and what became of the lead: its status, or "withdrawn". */
gboolean audit_list_disclosed(Store *store, const char *lead, RowSink *sink, GError **error);

typedef struct {
    guint64 entries;
    guint64 broken; /* first bad sequence number, 0 when the chain holds */
    char head[65];  /* hash of the last good entry; "" when there is none */
} AuditState;

/* Walks the chains of an open store and of STORE.audit (entries 0 when there is no such file). A
 * chain is broken, too, where entries are missing for files and runs that the store has, and where
 * its table or file is none any more. STATUS_CONFIG, STATUS_IO when STORE.audit may not be read. */
gboolean audit_verify(Store *store, AuditState *changes, AuditState *reads, GError **error);

/* Has either chain an entry of this hash? A head that was noted and is no more: the tail was cut.
 */
gboolean audit_has(Store *store, const char *head, gboolean *has, GError **error);

#endif
