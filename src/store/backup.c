/* backup.c - a consistent copy of a live SQLite store. The source holds one snapshot all the while, so
 * writers go on; the copy bears its name only when it is whole and on disk. */
#include "store/sqlite.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

enum { PAGES_A_STEP = 256, LONGEST_REST = 20 * 1000 };

static gboolean refuse(const char *path, const char *why, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_OPEN, "cannot write a backup into %s: %s", path, why);
    return FALSE;
}

static gboolean empty_folder(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0700) != 0) return refuse(folder, g_strerror(errno), error);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir) return FALSE;
    return g_dir_read_name(dir) ? refuse(folder, "it is not empty; name another", error) : TRUE;
}

/* At most half of the disk's time is ours when `pace`. */
static int copy_pages(sqlite3_backup *backup, gboolean pace, StoreProgress progress, gpointer data)
{
    int code;
    do {
        gint64 start = g_get_monotonic_time();
        code = sqlite3_backup_step(backup, PAGES_A_STEP);
        gint64 total = sqlite3_backup_pagecount(backup);
        if (progress) progress(total - sqlite3_backup_remaining(backup), total, data);
        if (pace && code == SQLITE_OK) g_usleep((gulong)MIN(g_get_monotonic_time() - start, LONGEST_REST));
    } while (code == SQLITE_OK);
    return code;
}

static gboolean copy_into(sqlite3 *db, const char *path, gboolean pace, StoreProgress progress, gpointer data,
                          GError **error)
{
    sqlite3 *copy = store_sqlite_handle(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL, error);
    if (!copy) return FALSE;
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", db, "main");
    int code = backup ? copy_pages(backup, pace, progress, data) : sqlite3_errcode(copy);
    int end = backup ? sqlite3_backup_finish(backup) : code;
    gboolean ok =
        (code == SQLITE_DONE && end == SQLITE_OK) || store_sqlite_refuse(copy, code, "backup", error);
    if (sqlite3_close(copy) != SQLITE_OK && ok) ok = refuse(path, "the copy could not be closed", error);
    return ok;
}

static gboolean name_for_good(const char *part, const char *path, const char *folder, GError **error)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean ok = fd >= 0 && g_rename(part, path) == 0 && fsync(fd) == 0;
    if (!ok) refuse(path, g_strerror(errno), error);
    if (fd >= 0) close(fd);
    return ok;
}

gboolean store_sqlite_copy(sqlite3 *db, const char *folder, gboolean pace, StoreProgress progress,
                           gpointer data, GError **error)
{
    g_autofree char *path = g_build_filename(folder, STORE_SQLITE_FILE, NULL);
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    return empty_folder(folder, error) && copy_into(db, part, pace, progress, data, error) &&
           name_for_good(part, path, folder, error);
}
