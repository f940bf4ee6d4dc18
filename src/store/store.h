/* store.h - where rows live: a struct of functions, so that one text of SQL runs on every store.
 *
 * Writing: callers hand a job to store_write; one writer thread runs jobs in arrival order on one connection,
 * each in a savepoint of its own, and commits them in groups (until 2 ms or 256 jobs, whichever is first; at
 * once when nobody else waits). store_write returns only when the group is on disk. A job that returns FALSE
 * is undone alone. A commit that fails stops the process: what was acknowledged is on disk, and nothing else
 * was.
 * Reading: store_read_begin gives a snapshot on one of the pooled connections.
 * SQL: the dialect SQLite and PostgreSQL share; parameters are ?1, ?2 ...; statements are cached by the
 * address of their text, so pass string literals.
 * Threads: Store is shared; a StoreConn belongs to one thread at a time.
 * Knows nothing of cases or people; who may see a row is guard's business. */
#pragma once
#include "base/id.h"

#define STORE_ERROR (g_quark_from_static_string("store"))
enum {
    STORE_ERROR_OPEN,   /* cannot open, not ours, or damaged */
    STORE_ERROR_NEWER,  /* written by a newer program: refuse to touch it */
    STORE_ERROR_SQL,    /* our own mistake in a statement */
    STORE_ERROR_UNIQUE, /* a unique constraint said no */
    STORE_ERROR_BUSY    /* another process has it open for writing */
};

typedef struct Store Store;
typedef struct StoreConn StoreConn;
typedef struct StoreRows StoreRows;

typedef enum { STORE_NULL, STORE_INT, STORE_REAL, STORE_TEXT, STORE_BLOB } StoreType;
typedef struct {
    StoreType type;
    gint64 integer;
    double real;
    const void *bytes; /* text and blob; must live until the call returns */
    gssize length;     /* -1: NUL-ended */
} StoreValue;
#define STORE_I(x) ((StoreValue){ .type = STORE_INT, .integer = (x) })
#define STORE_R(x) ((StoreValue){ .type = STORE_REAL, .real = (x) })
#define STORE_T(x) store_text_value(x) /* NULL pointer: SQL NULL */
#define STORE_ID(p) store_id_value(p)  /* const BaseId *; NULL or nil: SQL NULL */
#define STORE_B(p, n) ((StoreValue){ .type = STORE_BLOB, .bytes = (p), .length = (n) })
#define STORE_NIL ((StoreValue){ .type = STORE_NULL })
StoreValue store_text_value(const char *text);
StoreValue store_id_value(const BaseId *id);

typedef struct {
    const char *path; /* folder of the store; made when absent */
    /* NORMAL instead of FULL: loses acknowledged writes at a power cut. Harness only */
    gboolean synchronous_off_for_test;
    const char *vfs;    /* SQLite VFS by name; NULL: the system's. Harness only */
    guint readers;      /* pooled read connections; 0: 4 */
    gboolean read_only; /* beside a process that writes: snapshots and backup only, store_write refuses */
} StoreOptions;

Store *store_sqlite_open(const StoreOptions *options, GError **error);
/* The same SQL, nothing on disk; writes run in the caller's thread. For tests and virtual time. */
Store *store_memory_open(GError **error);
void store_close(Store *store); /* waits for queued jobs, checkpoints the WAL; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

typedef gboolean (*StoreJob)(StoreConn *conn, gpointer data, GError **error);
/* Run the job on the writer, wait until it is durable. FALSE: the job refused (its error), nothing of it
 * remains. */
gboolean store_write(Store *store, StoreJob job, gpointer data, GError **error);
/* The same without waiting; `done` is called once, on the writer thread, after the commit. */
typedef void (*StoreDone)(gboolean ok, const GError *error, gpointer data);
void store_write_later(Store *store, StoreJob job, gpointer data, StoreDone done);

/* Within a job: a part of it that may be refused by itself. FALSE: its error, and nothing of the part
 * remains; the job may go on. */
gboolean store_try(StoreConn *conn, StoreJob part, gpointer data, GError **error);

/* A snapshot; waits for a free connection, so hold one at a time. Not inside a job: use the job's
 * connection. */
StoreConn *store_read_begin(Store *store, GError **error);
void store_read_end(StoreConn *conn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreConn, store_read_end)

/* One statement without rows. */
gboolean store_run(StoreConn *conn, const char *sql, const StoreValue *values, gsize n, GError **error);
/* Rows: a live cursor. Step until FALSE; then check `error`. Columns count from 0; text and blobs live until
 * the next step. */
StoreRows *store_query(StoreConn *conn, const char *sql, const StoreValue *values, gsize n, GError **error);
gboolean store_step(StoreRows *rows, GError **error);
void store_rows_free(StoreRows *rows); /* gives the statement back; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreRows, store_rows_free)
int store_columns(const StoreRows *rows);
const char *store_column_name(const StoreRows *rows, int column);
StoreType store_type(const StoreRows *rows, int column);
gint64 store_int(const StoreRows *rows, int column);
double store_real(const StoreRows *rows, int column);
const char *store_text(const StoreRows *rows, int column); /* NULL for SQL NULL */
const void *store_blob(const StoreRows *rows, int column, gsize *length);
gboolean store_id(const StoreRows *rows, int column, BaseId *out); /* FALSE and nil for NULL */
gint64 store_changes(StoreConn *conn);                             /* rows the last store_run changed */

#define STORE_RUN(conn, error, sql, ...)                                                                     \
    store_run(conn, sql, (StoreValue[]){ __VA_ARGS__ },                                                      \
              sizeof((StoreValue[]){ __VA_ARGS__ }) / sizeof(StoreValue), error)
#define STORE_QUERY(conn, error, sql, ...)                                                                   \
    store_query(conn, sql, (StoreValue[]){ __VA_ARGS__ },                                                    \
                sizeof((StoreValue[]){ __VA_ARGS__ }) / sizeof(StoreValue), error)

/* The schema is numbered migrations in store/schema.c; opening brings an older store up to date in one
 * transaction and refuses a newer one. */
int store_schema_version(void);
/* Every table that is a projection of the ledger, NULL-ended, in an order in which they may be emptied. */
const char *const *store_projections(void);

/* A consistent copy of a live store into an empty folder. `progress` (may be NULL) gets pages done and in
 * all. */
typedef void (*StoreProgress)(gint64 done, gint64 total, gpointer data);
gboolean store_backup(Store *store, const char *folder, StoreProgress progress, gpointer data,
                      GError **error);

/* Called on the writer thread after each commit that appended to the ledger, with the first and last new
 * number; before store_write returns to those whose jobs were in it. */
typedef void (*StoreWatch)(gint64 first, gint64 last, gpointer data);
void store_watch(Store *store, StoreWatch watch, gpointer data); /* before the first write; up to 4 */
