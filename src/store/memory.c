/* memory.c - the same SQL on one SQLite connection that lives in memory: for tests and virtual time. Jobs run
 * in the caller's thread. A snapshot holds the whole store: other threads wait; the same thread may read
 * again and may write, and then its snapshot sees what it wrote. */
#include "store/schema.h"
#include "store/sqlite.h"

typedef struct {
    sqlite3 *db;
    StoreConn *reader; /* the same connection, reading only */
} MemoryStore;

static StoreConn *memory_read_begin(Store *store, GError **error)
{
    store_gate_enter(store);
    return ((MemoryStore *)store->own)->reader;
}

static void memory_read_end(StoreConn *conn)
{
    store_gate_leave(conn->store);
}

static gboolean memory_backup(Store *store, const char *folder, StoreProgress progress, gpointer data,
                              GError **error)
{
    store_gate_enter(store);
    gboolean ok = store_sqlite_copy(((MemoryStore *)store->own)->db, folder, FALSE, progress, data, error);
    store_gate_leave(store);
    return ok;
}

static gboolean memory_tidy(Store *store, gboolean idle)
{
    return FALSE;
}

static void memory_close(Store *store)
{
    MemoryStore *own = store->own;
    store_conn_free(own->reader);
    store_conn_free(store->writer);
    sqlite3_close(own->db);
    g_free(own);
}

static const StoreOps memory_ops = {
    .read_begin = memory_read_begin,
    .read_end = memory_read_end,
    .backup = memory_backup,
    .tidy = memory_tidy,
    .close = memory_close,
};

static sqlite3 *memory_handle(GError **error)
{
    return store_sqlite_handle(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL, error);
}

/* An empty store as the migrations leave it, made once a process: they take longer than most tests. */
static sqlite3 *pattern(GError **error)
{
    static sqlite3 *made;
    gsize n;
    const char *const *migrations = store_migrations(&n);
    sqlite3 *db = made ? NULL : memory_handle(error);
    if (made || !db) return made;
    if (store_sqlite_exec(db, "PRAGMA page_size = 8192", error) &&
        store_sqlite_migrate(db, migrations, n, error))
        return made = db;
    sqlite3_close(db);
    return NULL;
}

static gboolean copy_pattern(sqlite3 *db, GError **error)
{
    static GMutex lock;
    g_mutex_lock(&lock);
    sqlite3 *from = pattern(error);
    sqlite3_backup *copy = from ? sqlite3_backup_init(db, "main", from, "main") : NULL;
    if (copy) sqlite3_backup_step(copy, -1);
    const int code = copy ? sqlite3_backup_finish(copy) : SQLITE_ERROR;
    g_mutex_unlock(&lock);
    return from && (code == SQLITE_OK || store_sqlite_refuse(db, code, "copying an empty store", error));
}

Store *store_memory_open(GError **error)
{
    sqlite3 *db = memory_handle(error);
    if (!db) return NULL;
    if (!store_sqlite_exec(db, "PRAGMA temp_store = MEMORY", error) || !copy_pattern(db, error)) {
        sqlite3_close(db);
        return NULL;
    }
    Store *store = g_new0(Store, 1);
    MemoryStore *own = g_new0(MemoryStore, 1);
    store->ops = &memory_ops;
    store->own = own;
    store->writer = store_conn_new(&store_sqlite_conn, store, db, FALSE);
    own->db = db;
    own->reader = store_conn_new(&store_sqlite_conn, store, db, TRUE);
    store_queue_start(store, TRUE);
    if (!store_ledger_open(store->writer, error)) g_clear_pointer(&store, store_close);
    return store;
}
