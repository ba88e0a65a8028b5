/*
 * STORE.facts: the facts of all records of a store as a run read them, so that the next run reads
 * only what is new; and STORE.people, what preparing made of their mentions, so that it prepares
 * only these. Derived from the store, never truth: they say of which state of the store they are,
 * and what is damaged, foreign or of another state is as good as none. Private to engine/run.
 */
#ifndef CROSSTRACE_RUN_IMAGE_H
#define CROSSTRACE_RUN_IMAGE_H

#include "engine/resolution/roll.h"
#include "engine/run/pack.h"
#include "engine/store/changes.h"

typedef struct Image Image;

/* Writes the sheet of all records, in the order of references. STATUS_IO. */
gboolean image_write(Store *store, const Sheet *sheet, GError **error);

/* The image beside a store, every byte as it was written, whatever the store says now; NULL: there
 * is none that can be used, which is all the same to who reads the store instead. Does not touch
 * the store's connection. */
Image *image_map(const Store *store);
/* Is it of this store's records, but for what changed since? FALSE without an error: it is not. */
gboolean image_is_of(const Image *image, Store *store, StoreChanges *changes, GError **error);
void image_free(Image *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Image, image_free)

/* Holds as long as the image. */
Sheet image_sheet(const Image *image);
/* What was read of it is not asked for soon (mapped_rest). */
void image_rest(const Image *image);
/* Did it, and what was found of its people, stay what it was? STATUS_IO. */
gboolean image_holds(const Image *image, GError **error);

/* Writes STORE.people beside the image: what was made, by these rules (their hash), of its mentions
 * in their order. STATUS_IO. */
gboolean image_write_people(Store *store, const Image *image, const char *rules,
                            const PersonRoll *roll, const PersonParameters *parameters,
                            GError **error);
/* Finds it; FALSE: there is none that is of this image and these rules. The bytes hold as long as
 * the image. */
gboolean image_people(Image *image, const Store *store, const char *rules, PersonKept *kept);

#endif
