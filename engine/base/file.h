/* What files need beyond GLib: a new name in a folder that survives a power cut. */
#ifndef CROSSTRACE_BASE_FILE_H
#define CROSSTRACE_BASE_FILE_H

#include <glib.h>

/* Makes the names in the folder of a path durable (fsync of the folder; a file system that cannot
 * is no failure). FALSE with errno set when it fails. */
gboolean file_sync_folder(const char *path);

#endif
