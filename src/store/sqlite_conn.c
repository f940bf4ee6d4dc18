/* sqlite_conn.c - one SQLite connection: opened with limits, its statements, and its refusals in our words.
 */
#include "store/sqlite.h"
#include <string.h>

static int error_code(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return STORE_ERROR_UNIQUE;
    }
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STORE_ERROR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_IOERR:
        return STORE_ERROR_OPEN;
    }
    return STORE_ERROR_SQL;
}

gboolean store_sqlite_refuse(sqlite3 *db, int code, const char *what, GError **error)
{
    int kind = code & 0xff;
    g_set_error(error, STORE_ERROR, error_code(code), "%s, in: %.120s%s%s",
                db ? sqlite3_errmsg(db) : sqlite3_errstr(code), what, strlen(what) > 120 ? " ..." : "",
                kind == SQLITE_IOERR || kind == SQLITE_FULL ? "; see whether the disk is full or failing"
                                                            : "");
    return FALSE;
}

/* Once a process: no statistics under a global lock; undo of a refused job stays in memory. */
static void sqlite_prepare(void)
{
    static gsize once;
    if (!g_once_init_enter(&once)) return;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 8 << 20);
    g_once_init_leave(&once, 1);
}

/* Our statements are small and few; what goes beyond is not ours. */
static void harden(sqlite3 *db)
{
    static const struct {
        int limit, value;
    } limits[] = {
        { SQLITE_LIMIT_LENGTH, 128 << 20 },     { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },
        { SQLITE_LIMIT_COLUMN, 100 },           { SQLITE_LIMIT_EXPR_DEPTH, 200 },
        { SQLITE_LIMIT_COMPOUND_SELECT, 32 },   { SQLITE_LIMIT_ATTACHED, 0 },
        { SQLITE_LIMIT_VARIABLE_NUMBER, 1000 }, { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
        { SQLITE_LIMIT_TRIGGER_DEPTH, 4 },      { SQLITE_LIMIT_WORKER_THREADS, 0 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++)
        sqlite3_limit(db, limits[i].limit, limits[i].value);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, 10000);
}

sqlite3 *store_sqlite_handle(const char *path, int flags, const char *vfs, GError **error)
{
    sqlite_prepare();
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, vfs);
    if (code != SQLITE_OK) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_OPEN, "cannot open %s: %s", path,
                    db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
        sqlite3_close(db);
        return NULL;
    }
    harden(db);
    return db;
}

gboolean store_sqlite_exec(sqlite3 *db, const char *sql, GError **error)
{
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? TRUE : store_sqlite_refuse(db, code, sql, error);
}

gboolean store_sqlite_number(sqlite3 *db, const char *sql, gint64 *out, GError **error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    if (code == SQLITE_ROW) *out = sqlite3_column_int64(statement, 0);
    gboolean ok = code == SQLITE_ROW || store_sqlite_refuse(db, code, sql, error);
    sqlite3_finalize(statement);
    return ok;
}

static gboolean statement_fits(StoreConn *conn, sqlite3_stmt *statement, const char *sql, const char *rest,
                               GError **error)
{
    const char *why = NULL;
    if (!statement)
        why = "no statement";
    else if (rest && *rest && *rest != ';')
        why = "more than one statement";
    else if (conn->reading && !sqlite3_stmt_readonly(statement))
        why = "a snapshot is for reading; write in a job";
    if (why) g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "%s, in: %.120s", why, sql);
    return !why;
}

static void *conn_prepare(StoreConn *conn, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    const char *rest = NULL;
    int code = sqlite3_prepare_v3(conn->session, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, &rest);
    if (code != SQLITE_OK) {
        store_sqlite_refuse(conn->session, code, sql, error);
        return NULL;
    }
    if (statement_fits(conn, statement, sql, rest, error)) return statement;
    sqlite3_finalize(statement);
    return NULL;
}

static void conn_forget(void *statement)
{
    sqlite3_finalize(statement);
}

static int bind_one(sqlite3_stmt *statement, int at, const StoreValue *value, sqlite3_destructor_type keep)
{
    gssize length = value->length;
    switch (value->type) {
    case STORE_INT:
        return sqlite3_bind_int64(statement, at, value->integer);
    case STORE_REAL:
        return sqlite3_bind_double(statement, at, value->real);
    case STORE_TEXT:
        if (length < 0) length = (gssize)strlen(value->bytes);
        return sqlite3_bind_text64(statement, at, value->bytes, (sqlite3_uint64)length, keep, SQLITE_UTF8);
    case STORE_BLOB:
        if (!value->length) return sqlite3_bind_zeroblob(statement, at, 0);
        return sqlite3_bind_blob64(statement, at, value->bytes, (sqlite3_uint64)length, keep);
    case STORE_NULL:
        break;
    }
    return sqlite3_bind_null(statement, at);
}

static gboolean conn_bind(StoreConn *conn, void *statement, const StoreValue *values, gsize n, gboolean copy,
                          GError **error)
{
    int wanted = sqlite3_bind_parameter_count(statement);
    if ((gsize)wanted != n) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_SQL,
                    "the statement takes %d values, %" G_GSIZE_FORMAT " were given, in: %.120s", wanted, n,
                    sqlite3_sql(statement));
        return FALSE;
    }
    for (gsize i = 0; i < n; i++) {
        int code = bind_one(statement, (int)i + 1, &values[i], copy ? SQLITE_TRANSIENT : SQLITE_STATIC);
        if (code != SQLITE_OK) return store_sqlite_refuse(conn->session, code, sqlite3_sql(statement), error);
    }
    return TRUE;
}

static gboolean conn_step(StoreConn *conn, void *statement, gboolean *row, GError **error)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE) return TRUE;
    return store_sqlite_refuse(conn->session, code, sqlite3_sql(statement), error);
}

static void conn_reset(void *statement)
{
    sqlite3_reset(statement);
}

static int conn_columns(void *statement)
{
    return sqlite3_column_count(statement);
}

static const char *conn_column_name(void *statement, int column)
{
    return sqlite3_column_name(statement, column);
}

static StoreType conn_type(void *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return STORE_INT;
    case SQLITE_FLOAT:
        return STORE_REAL;
    case SQLITE_TEXT:
        return STORE_TEXT;
    case SQLITE_BLOB:
        return STORE_BLOB;
    }
    return STORE_NULL;
}

static gint64 conn_integer(void *statement, int column)
{
    return sqlite3_column_int64(statement, column);
}

static double conn_real(void *statement, int column)
{
    return sqlite3_column_double(statement, column);
}

static const char *conn_text(void *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

static const void *conn_blob(void *statement, int column, gsize *length)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    *length = (gsize)sqlite3_column_bytes(statement, column);
    if (!bytes && sqlite3_column_type(statement, column) == SQLITE_BLOB) return "";
    return bytes;
}

static gint64 conn_changes(StoreConn *conn)
{
    return sqlite3_changes64(conn->session);
}

static gboolean conn_in_transaction(StoreConn *conn)
{
    return !sqlite3_get_autocommit(conn->session);
}

const StoreConnOps store_sqlite_conn = {
    .begin = "BEGIN IMMEDIATE",
    .prepare = conn_prepare,
    .forget = conn_forget,
    .bind = conn_bind,
    .step = conn_step,
    .reset = conn_reset,
    .columns = conn_columns,
    .column_name = conn_column_name,
    .type = conn_type,
    .integer = conn_integer,
    .real = conn_real,
    .text = conn_text,
    .blob = conn_blob,
    .changes = conn_changes,
    .in_transaction = conn_in_transaction,
};
