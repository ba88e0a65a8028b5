/*
 * Facts in as few bytes as can be: rows of numbers, and one heap in which every text stands that
 * they name. As they lie in memory, so they lie in a file (image.c): a number is a place, never an
 * address. Private to engine/run.
 */
#ifndef CROSSTRACE_RUN_PACK_H
#define CROSSTRACE_RUN_PACK_H

#include "engine/firearm/firearm.h"
#include "engine/person/person.h"
#include "engine/store/scan.h"

/* Where in the heap something begins, by fours; 0: nothing. */
typedef guint32 Place;

typedef enum { PACK_FIREARMS, PACK_MENTIONS, PACK_TABLES } PackTable;

#define PACKED_FIREARM_TEXTS 17
#define PACKED_MENTION_TEXTS 18

/* Rows of both tables begin with the number of their record and their reference. */
typedef struct {
    gint64 id;
    Place text[PACKED_FIREARM_TEXTS]; /* in the order of firearm_texts in pack.c */
    Place serial;
    Day event_date, purchase_date, request_date, buyer_dob;
    guint32 side, part;
    FirearmKeys keys;
} PackedFirearm;

typedef struct {
    gint64 id;
    Place text[PACKED_MENTION_TEXTS]; /* in the order of mention_texts */
    Day dob;
    guint32 organisation;
} PackedMention;

/* Facts as they lie, borrowed from a pack or a file. */
typedef struct {
    const guint8 *heap;
    gsize heap_size;
    gconstpointer rows[PACK_TABLES];
    guint n[PACK_TABLES];
} Sheet;

gsize sheet_row_size(PackTable table);
gint64 sheet_id(const Sheet *sheet, PackTable table, guint i);
const char *sheet_ref(const Sheet *sheet, PackTable table, guint i);
const Serial *sheet_serial(const Sheet *sheet, guint i); /* of a firearm */
/* A row as the matchers want it; what it points to is the sheet's, its keys the row's. */
void sheet_firearm(const Sheet *sheet, guint i, Firearm *firearm);
void sheet_mention(const Sheet *sheet, guint i, PersonMention *mention);

/* Facts in the making. */
typedef struct Pack Pack;

Pack *pack_new(void);
void pack_free(Pack *pack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pack, pack_free)

/* Do a record's values (by Field) tell of a firearm? Lists of dealers and people do not (the view
 * `firearms` says the same). */
gboolean facts_observation(const char *const *value);
/* The serial number that they tell, as it was read when it was stored. */
void facts_serial(const char *const *value, Serial *serial);

/* The fields that are looked at, for a StoreScan. */
extern const Field PACK_FIELDS[];
extern const guint PACK_N_FIELDS;
extern const MentionField PACK_MENTION_FIELDS[];
extern const guint PACK_N_MENTION_FIELDS;

/* A record, then its mentions. TRUE: it tells of a firearm, which is a row now. */
gboolean pack_record(Pack *pack, const ScanRecord *record);
void pack_mention(Pack *pack, const char *role, const char *const *value);
/* Of a mention only what its record's firearm is compared by: the first retail purchaser. */
void pack_buyer(Pack *pack, const char *role, const char *const *value);

/* Rows in the order of their references. rank: by record number, that of its reference; NULL: they
 * are compared. */
void pack_sort(Pack *pack, const guint32 *rank, guint ranks);
/* Nothing more is to be added: what only adding needs is dropped. STATUS_DATA when there was more
 * than places can be numbered. */
gboolean pack_end(Pack *pack, GError **error);
Sheet pack_sheet(const Pack *pack);
/* The rows of a table were taken over; what they point to stays. Nothing may be added any more. */
void pack_drop_rows(Pack *pack, PackTable table);

#endif
