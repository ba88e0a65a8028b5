/* What a run leaves behind for the next one, as bytes. */
#ifndef CROSSTRACE_RESOLUTION_KEPT_H
#define CROSSTRACE_RESOLUTION_KEPT_H

#include <glib.h>

/* What preparing made of mentions (person_roll_keep()), handed back to a run that is given most of
 * them again. */
typedef struct {
    gconstpointer bytes; /* at an address that eight divides */
    gsize size;
    const guint *place; /* of each mention of the input its place among those; beyond them: new */
} PersonKept;

/* How many of the bytes are such, of so many mentions; 0: they are not, or not all of them. Whether
 * they are those that were written is not asked. */
gsize person_kept_size(const PersonKept *kept, guint mentions);
/* Another number where the bytes are laid out otherwise. */
guint64 person_kept_shape(void);

#endif
