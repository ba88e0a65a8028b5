/*
 * Durable names: a file that was renamed into place is there after a power cut only when its
 * folder was synchronised too. Knows paths, not what is in them.
 */
#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

gboolean file_sync_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int bad, reason;

    if (fd < 0)
        return FALSE;
    bad = fsync(fd);
    reason = errno;
    close(fd);
    errno = reason;
    return bad == 0 || reason == EINVAL;
}
