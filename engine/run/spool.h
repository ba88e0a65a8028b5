/*
 * The inbox: files that other programs leave and nightly takes. Private to engine/run. In it:
 *
 *   NAME                 being written, or waiting
 *   work/NAME            claimed by a run (the lock of the store is its owner's)
 *   done/DATE/NAME       loaded
 *   rejected/DATE/NAME   refused, with NAME.reason.txt beside it
 *
 * Every step is one rename within the folder, so that a killed run leaves each file in one place.
 */
#ifndef CROSSTRACE_RUN_SPOOL_H
#define CROSSTRACE_RUN_SPOOL_H

#include <glib.h>

typedef struct {
    char *inbox, *date; /* date: YYYY-MM-DD, of done/ and rejected/ */
    guint settle;       /* seconds that a file must have lain still */
} Spool;

/* Why a name in the inbox is not taken at all. */
typedef enum { ENTRY_FILE, ENTRY_WAITING, ENTRY_REFUSED } EntryState;

typedef struct {
    char *name; /* in the inbox, any bytes */
    EntryState state;
    const char *why; /* of a refusal; static */
    guint64 size;    /* bytes */
} SpoolEntry;

/* Makes the folders; STATUS_NO_INPUT when there is no inbox, STATUS_NO_CREATE. */
gboolean spool_open(Spool *spool, const char *inbox, const char *date, guint settle,
                    GError **error);
void spool_clear(Spool *spool);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Spool, spool_clear)

/* What lies in the inbox, in name order, those of work/ (of a run that died) first: array of
 * SpoolEntry. Names that begin with '.' or end in .tmp or .part are nobody's business. */
GPtrArray *spool_scan(const Spool *spool, GError **error);

/* Claims a file; its path in work/, g_free. A file of work/ is claimed already. *why (static, else
 * NULL): it was exchanged for something that is refused, before nobody else could reach it. */
char *spool_claim(const Spool *spool, const SpoolEntry *entry, const char **why, GError **error);
/* Out of work/ (or, refused by name, out of the inbox) to where it belongs; reason: text for
 * NAME.reason.txt, NULL for a file that was loaded. A name that is taken gets a number, that of the
 * reason too: nothing that was received is written over. */
gboolean spool_finish(const Spool *spool, const char *name, const char *reason, GError **error);

#endif
