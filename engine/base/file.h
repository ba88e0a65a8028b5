/*
 * What files need beyond GLib: a new name in a folder that survives a power cut, and files that
 * have their name only when they are whole.
 */
#ifndef CROSSTRACE_BASE_FILE_H
#define CROSSTRACE_BASE_FILE_H

#include <glib.h>

/* Makes the names in the folder of a path durable (fsync of the folder; a file system that cannot
 * is no failure). FALSE with errno set when it fails. */
gboolean file_sync_folder(const char *path);

/* Why standard input cannot be read, after it failed with this errno; static. */
const char *file_stdin_problem(int code);

/* A file in the making. It has no name at all, so that a program that is killed leaves nothing;
 * where the system cannot do that, a temporary one beside its own. */
typedef struct {
    int fd;          /* to be written to; -1: none */
    char *path;      /* its name when it is whole */
    char *temporary; /* its name until then; NULL: none */
} FileDraft;

/* Begins a file of this mode, whatever the umask. FALSE with errno; clear it in any case. */
gboolean file_draft(FileDraft *draft, const char *path, int mode);

/* Gives it its name, in the place of a file that is there when replace says so (else EEXIST). What
 * was written is to be on the disk before that (fsync), the folder after it (file_sync_folder). */
gboolean file_draft_name(FileDraft *draft, gboolean replace);

/* Closes it; what has no name yet is gone. */
void file_draft_clear(FileDraft *draft);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FileDraft, file_draft_clear)

/* A whole file, written by pieces and put in the place of one that is there. STATUS_IO. */
typedef gboolean (*FileFill)(gpointer data, gpointer file, GError **error);
gboolean file_write(const char *path, int mode, FileFill fill, gpointer data, GError **error);
gboolean file_piece(gconstpointer data, gsize size, gpointer file, GError **error);
/* The same behind the first bytes of a file that is there, in the place of what else it holds; who
 * reads it knows how much of it counts. Not of one that has several names, or fewer bytes. */
gboolean file_append(const char *path, guint64 at, FileFill fill, gpointer data, GError **error);

#endif
