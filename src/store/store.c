/* store.c - what every store has in common: packing of values, statements kept by the address of their text,
 * cursors, snapshots, watchers. Which database answers is behind the two structs of seam.h. */
#include "store/seam.h"
#include <string.h>

StoreValue store_text_value(const char *text)
{
    return text ? (StoreValue){ .type = STORE_TEXT, .bytes = text, .length = -1 } : STORE_NIL;
}

StoreValue store_id_value(const BaseId *id)
{
    return id && !base_id_is_nil(id) ? STORE_B(id->b, sizeof id->b) : STORE_NIL;
}

StoreConn *store_conn_new(const StoreConnOps *ops, Store *store, void *session, gboolean reading)
{
    StoreConn *conn = g_new0(StoreConn, 1);
    conn->ops = ops;
    conn->store = store;
    conn->session = session;
    conn->reading = reading;
    return conn;
}

static void rows_destroy(StoreRows *rows)
{
    rows->conn->ops->forget(rows->statement);
    g_free(rows->text);
    g_free(rows);
}

/* Forget every statement that nobody is stepping; those in use become loose and die with their cursor. */
static void cache_clear(StoreConn *conn)
{
    for (guint i = 0; i < STORE_SLOTS; i++) {
        StoreRows *rows = g_steal_pointer(&conn->slots[i]);
        if (rows && rows->busy)
            rows->loose = TRUE;
        else if (rows)
            rows_destroy(rows);
    }
    conn->cached = 0;
}

void store_conn_free(StoreConn *conn)
{
    if (!conn) return;
    g_assert(conn->open_rows == 0);
    cache_clear(conn);
    g_free(conn);
}

static StoreRows *rows_prepare(StoreConn *conn, const char *sql, GError **error)
{
    void *statement = conn->ops->prepare(conn, sql, error);
    if (!statement) return NULL;
    StoreRows *rows = g_new0(StoreRows, 1);
    rows->conn = conn;
    rows->key = sql;
    rows->text = g_strdup(sql);
    rows->statement = statement;
    return rows;
}

static StoreRows **cache_slot(StoreConn *conn, const char *sql)
{
    guint i = (guint)(((guint64)(gsize)sql * 0x9e3779b97f4a7c15u) >> 32) & (STORE_SLOTS - 1);
    while (conn->slots[i] && conn->slots[i]->key != sql)
        i = (i + 1) & (STORE_SLOTS - 1);
    return &conn->slots[i];
}

/* A statement ready to bind, marked busy. The address finds it; the text is compared too, so that a text made
 * at run time in memory used before is never taken for another. */
static StoreRows *rows_take(StoreConn *conn, const char *sql, GError **error)
{
    StoreRows **slot = cache_slot(conn, sql), *rows = *slot;
    if (rows && !rows->busy && strcmp(rows->text, sql) == 0) {
        rows->busy = TRUE;
        return rows;
    }
    if (!(rows = rows_prepare(conn, sql, error))) return NULL;
    rows->busy = TRUE;
    if (*slot && (*slot)->busy) {
        rows->loose = TRUE;
        return rows;
    }
    if (*slot) {
        rows_destroy(*slot);
    } else if (++conn->cached > STORE_SLOTS * 3 / 4) {
        cache_clear(conn);
        conn->cached = 1;
        slot = cache_slot(conn, sql);
    }
    return *slot = rows;
}

static void rows_give(StoreRows *rows)
{
    rows->conn->ops->reset(rows->statement);
    rows->busy = FALSE;
    rows->ended = FALSE;
    if (rows->loose) rows_destroy(rows);
}

gboolean store_run(StoreConn *conn, const char *sql, const StoreValue *values, gsize n, GError **error)
{
    StoreRows *rows = rows_take(conn, sql, error);
    if (!rows) return FALSE;
    gboolean ok = conn->ops->bind(conn, rows->statement, values, n, FALSE, error);
    for (gboolean row = ok; ok && row;)
        ok = conn->ops->step(conn, rows->statement, &row, error);
    rows_give(rows);
    return ok;
}

StoreRows *store_query(StoreConn *conn, const char *sql, const StoreValue *values, gsize n, GError **error)
{
    StoreRows *rows = rows_take(conn, sql, error);
    if (!rows) return NULL;
    if (!conn->ops->bind(conn, rows->statement, values, n, TRUE, error)) {
        rows_give(rows);
        return NULL;
    }
    conn->open_rows++;
    return rows;
}

gboolean store_step(StoreRows *rows, GError **error)
{
    gboolean row = FALSE;
    if (rows->ended) return FALSE;
    if (rows->conn->ops->step(rows->conn, rows->statement, &row, error) && row) return TRUE;
    rows->ended = TRUE;
    rows->conn->ops->reset(rows->statement);
    return FALSE;
}

void store_rows_free(StoreRows *rows)
{
    if (!rows) return;
    rows->conn->open_rows--;
    rows_give(rows);
}

int store_columns(const StoreRows *rows)
{
    return rows->conn->ops->columns(rows->statement);
}

const char *store_column_name(const StoreRows *rows, int column)
{
    return rows->conn->ops->column_name(rows->statement, column);
}

StoreType store_type(const StoreRows *rows, int column)
{
    return rows->conn->ops->type(rows->statement, column);
}

gint64 store_int(const StoreRows *rows, int column)
{
    return rows->conn->ops->integer(rows->statement, column);
}

double store_real(const StoreRows *rows, int column)
{
    return rows->conn->ops->real(rows->statement, column);
}

const char *store_text(const StoreRows *rows, int column)
{
    return rows->conn->ops->text(rows->statement, column);
}

const void *store_blob(const StoreRows *rows, int column, gsize *length)
{
    return rows->conn->ops->blob(rows->statement, column, length);
}

gboolean store_id(const StoreRows *rows, int column, BaseId *out)
{
    gsize length = 0;
    const void *bytes = store_blob(rows, column, &length);
    *out = (BaseId){ 0 };
    if (!bytes || length != sizeof out->b) return FALSE;
    memcpy(out->b, bytes, sizeof out->b);
    return TRUE;
}

gint64 store_changes(StoreConn *conn)
{
    return conn->ops->changes(conn);
}

StoreConn *store_read_begin(Store *store, GError **error)
{
    if (store_runs_here(store) && store->queue.in_job)
        g_error("store: a snapshot inside a job would not see the job; use the job's connection");
    return store->ops->read_begin(store, error);
}

void store_read_end(StoreConn *conn)
{
    if (!conn) return;
    if (conn->open_rows) g_error("store: a snapshot was given back with %u cursors open", conn->open_rows);
    conn->store->ops->read_end(conn);
}

gboolean store_backup(Store *store, const char *folder, StoreProgress progress, gpointer data, GError **error)
{
    return store->ops->backup(store, folder, progress, data, error);
}

void store_watch(Store *store, StoreWatch watch, gpointer data)
{
    g_assert(store->n_watches < G_N_ELEMENTS(store->watches));
    store->watches[store->n_watches].call = watch;
    store->watches[store->n_watches++].data = data;
}

void store_close(Store *store)
{
    if (!store) return;
    store_queue_stop(store);
    store->ops->close(store);
    g_free(store);
}
