/* sqlite.c - the embedded store: one folder, one SQLite file with a write-ahead log, one writer, pooled
 * readers.
 *
 * synchronous=FULL: a commit returns after the log is on disk. The log is written back into the file by the
 * writer, between groups, when it is long or when nobody waits (README, "Write-ahead log"). */
#include "store/schema.h"
#include "store/sqlite.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHECKPOINT_PAGES = 2000, DEFAULT_READERS = 4 };

typedef struct {
    sqlite3 *db;     /* the writer's; NULL when read_only */
    int lock_file;   /* held while open; -1 without */
    int step;        /* pages of log after which it is written back */
    int log, at;     /* pages in the log; pages at which to write back */
    gboolean behind; /* something to write back */
    GMutex lock;
    GCond given;
    GPtrArray *free; /* StoreConn, the warmest last */
    guint readers;
} SqliteStore;

static StoreConn *sqlite_read_begin(Store *store, GError **error)
{
    SqliteStore *own = store->own;
    g_mutex_lock(&own->lock);
    while (own->free->len == 0)
        g_cond_wait(&own->given, &own->lock);
    StoreConn *conn = g_ptr_array_steal_index(own->free, own->free->len - 1);
    g_mutex_unlock(&own->lock);
    /* The first read takes the snapshot. */
    if (store_run(conn, "BEGIN", NULL, 0, error) &&
        store_run(conn, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, 0, error))
        return conn;
    store_read_end(conn);
    return NULL;
}

static void sqlite_read_end(StoreConn *conn)
{
    SqliteStore *own = conn->store->own;
    if (!sqlite3_get_autocommit(conn->session)) store_run(conn, "ROLLBACK", NULL, 0, NULL);
    g_mutex_lock(&own->lock);
    g_ptr_array_add(own->free, conn);
    g_cond_signal(&own->given);
    g_mutex_unlock(&own->lock);
}

static gboolean sqlite_backup(Store *store, const char *folder, StoreProgress progress, gpointer data,
                              GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(store, error);
    return conn && store_sqlite_copy(conn->session, folder, TRUE, progress, data, error);
}

static int log_grew(void *data, sqlite3 *db, const char *name, int pages)
{
    SqliteStore *own = data;
    if (pages < own->log) own->at = own->step; /* the log began anew */
    own->log = pages;
    own->behind = TRUE;
    return SQLITE_OK;
}

/* Write back what no snapshot still needs. A disk that refuses here may have lost pages: stop (invariant 4).
 */
static void checkpoint(SqliteStore *own)
{
    int log = 0, done = 0;
    int code = sqlite3_wal_checkpoint_v2(own->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &log, &done);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED)
        g_error("store: writing back the log failed: %s. Stopping: what was acknowledged is in the log",
                sqlite3_errmsg(own->db));
    own->behind = code != SQLITE_OK || done < log;
    own->at = own->log + own->step;
}

static gboolean sqlite_tidy(Store *store, gboolean idle)
{
    SqliteStore *own = store->own;
    if (own->behind && (idle || own->log >= own->at)) checkpoint(own);
    return own->behind;
}

static void sqlite_close(Store *store)
{
    SqliteStore *own = store->own;
    g_assert(own->free->len == own->readers);
    for (guint i = 0; i < own->free->len; i++) {
        StoreConn *conn = g_ptr_array_index(own->free, i);
        sqlite3 *db = conn->session;
        store_conn_free(conn);
        sqlite3_close(db);
    }
    g_ptr_array_free(own->free, TRUE);
    store_conn_free(store->writer);
    if (own->db) sqlite3_wal_checkpoint_v2(own->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_close(own->db);
    if (own->lock_file >= 0) close(own->lock_file);
    g_mutex_clear(&own->lock);
    g_cond_clear(&own->given);
    g_free(own);
}

static const StoreOps sqlite_ops = {
    .read_begin = sqlite_read_begin,
    .read_end = sqlite_read_end,
    .backup = sqlite_backup,
    .tidy = sqlite_tidy,
    .close = sqlite_close,
};

static gboolean open_refuse(const char *path, const char *deed, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_OPEN, "cannot %s %s: %s", deed, path, g_strerror(errno));
    return FALSE;
}

/* Make the folder and see that it stays: its name is in its parent. */
static gboolean make_folder(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) return TRUE;
    if (g_mkdir_with_parents(path, 0700) != 0) return open_refuse(path, "make folder", error);
    g_autofree char *parent = g_path_get_dirname(path);
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean ok = fd >= 0 && fsync(fd) == 0;
    if (!ok) open_refuse(parent, "sync folder", error);
    if (fd >= 0) close(fd);
    return ok;
}

/* Invariant 5: one writing process. The lock belongs to the open file and dies with the process. */
static int take_lock(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        open_refuse(path, "open", error);
        return -1;
    }
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (fcntl(fd, F_OFD_SETLK, &lock) == 0) return fd;
    g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY, "%s is open in another process; stop that one first",
                folder);
    close(fd);
    return -1;
}

/* Check before anything is changed, then settings that stay in the file, then the schema. */
static gboolean prepare_file(sqlite3 *db, gboolean durable, GError **error)
{
    gsize n;
    int version = 0;
    const char *const *migrations = store_migrations(&n);
    return store_sqlite_check(db, (int)n, &version, error) &&
           store_sqlite_exec(
               db,
               "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
               "PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;"
               "PRAGMA cache_size = -65536",
               error) &&
           store_sqlite_exec(db, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                             error) &&
           store_sqlite_migrate(db, migrations, n, error);
}

static gboolean open_writer(Store *store, const StoreOptions *options, const char *path, GError **error)
{
    SqliteStore *own = store->own;
    if (!options->vfs) {
        if (!make_folder(options->path, error)) return FALSE;
        if ((own->lock_file = take_lock(options->path, error)) < 0) return FALSE;
    }
    own->db = store_sqlite_handle(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, options->vfs, error);
    if (!own->db || !prepare_file(own->db, !options->synchronous_off_for_test, error)) return FALSE;
    sqlite3_wal_hook(own->db, log_grew, own);
    store->writer = store_conn_new(&store_sqlite_conn, store, own->db, FALSE);
    return store_ledger_open(store->writer, error);
}

/* A reader beside another process has not been checked yet. */
static gboolean reader_fits(sqlite3 *db, GError **error)
{
    int version = 0, newest = store_schema_version();
    if (!store_sqlite_exec(
            db, "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY", error))
        return FALSE;
    if (!store_sqlite_check(db, newest, &version, error)) return FALSE;
    if (version == newest) return TRUE;
    g_set_error(
        error, STORE_ERROR, STORE_ERROR_OPEN,
        "the store is of version %d, this program reads %d; open it once for writing to bring it up to date",
        version, newest);
    return FALSE;
}

static gboolean open_readers(Store *store, const StoreOptions *options, const char *path, GError **error)
{
    SqliteStore *own = store->own;
    guint wanted = options->readers ? options->readers : DEFAULT_READERS;
    for (; own->readers < wanted; own->readers++) {
        sqlite3 *db = store_sqlite_handle(path, SQLITE_OPEN_READONLY, options->vfs, error);
        if (!db) return FALSE;
        if (!reader_fits(db, error)) {
            sqlite3_close(db);
            return FALSE;
        }
        g_ptr_array_add(own->free, store_conn_new(&store_sqlite_conn, store, db, TRUE));
    }
    return TRUE;
}

static Store *open_store(const StoreOptions *options, int step, gboolean stepped, GError **error)
{
    g_autofree char *path = g_build_filename(options->path, STORE_SQLITE_FILE, NULL);
    Store *store = g_new0(Store, 1);
    SqliteStore *own = g_new0(SqliteStore, 1);
    store->ops = &sqlite_ops;
    store->own = own;
    own->lock_file = -1;
    own->step = own->at = step;
    own->behind = TRUE; /* a log left behind by a crash */
    own->free = g_ptr_array_new();
    g_mutex_init(&own->lock);
    g_cond_init(&own->given);
    if ((!options->read_only && !open_writer(store, options, path, error)) ||
        !open_readers(store, options, path, error)) {
        sqlite_close(store);
        g_free(store);
        return NULL;
    }
    store_queue_start(store, stepped || options->read_only);
    return store;
}

Store *store_sqlite_open(const StoreOptions *options, GError **error)
{
    return open_store(options, CHECKPOINT_PAGES, FALSE, error);
}

Store *store_sqlite_open_stepped(const StoreOptions *options, int checkpoint_pages, GError **error)
{
    return open_store(options, checkpoint_pages, TRUE, error);
}
