/*
 * A file that is read where it lies: its bytes are those that it has at the moment, so that who
 * rests a result on them must ask in the end whether it stayed what it was.
 */
#ifndef CROSSTRACE_BASE_MAPPED_H
#define CROSSTRACE_BASE_MAPPED_H

#include <glib.h>

typedef struct Mapped Mapped;

/* NULL when there is none, or what is there is no file. */
Mapped *mapped_open(const char *path);
void mapped_free(Mapped *mapped); /* NULL is none */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mapped, mapped_free)

/* NULL: none, as of an empty file and of NULL. */
gconstpointer mapped_bytes(const Mapped *mapped);
gsize mapped_size(const Mapped *mapped);
/* Its descriptor, which stays its own; -1 of NULL. */
int mapped_descriptor(const Mapped *mapped);
/* Its bytes are not asked for any more, whether it stayed what it was may be. */
void mapped_let_go(Mapped *mapped);

/* What was read of it so far is not asked for soon: it is no memory of this process any more, until
 * it is read again. Others may read it meanwhile. */
void mapped_rest(const Mapped *mapped);

/* Is it as it was when it was opened? One that was removed, or another put in its place, is; one
 * that was written to is not: STATUS_IO, told by name. TRUE of NULL. */
gboolean mapped_holds(const Mapped *mapped, GError **error);

#endif
