/* sqlite.h - SQLite connections, for the two stores made of them (sqlite.c, memory.c) and their harness. */
#pragma once
#include "store/seam.h"
#include <sqlite3.h>

extern const StoreConnOps store_sqlite_conn;

/* Open and harden: limits, defensive mode, no attached files. STORE_ERROR_OPEN names the path. */
sqlite3 *store_sqlite_handle(const char *path, int flags, const char *vfs, GError **error);
/* Put what SQLite said into `error`, as the store's codes; returns FALSE. */
gboolean store_sqlite_refuse(sqlite3 *db, int code, const char *what, GError **error);
/* A pragma or other text without rows, in full. */
gboolean store_sqlite_exec(sqlite3 *db, const char *sql, GError **error);
gboolean store_sqlite_number(sqlite3 *db, const char *sql, gint64 *out, GError **error);
/* A copy of what `db` sees into an empty or absent folder, as its store.db. `pace`: rest as long as each step
 * took. */
gboolean store_sqlite_copy(sqlite3 *db, const char *folder, gboolean pace, StoreProgress progress,
                           gpointer data, GError **error);
#define STORE_SQLITE_FILE "store.db"

/* migrate.c: is it ours, and not newer? Then bring it to version n in one transaction. */
#define STORE_APPLICATION 0x4268756e /* "Bhun" */
gboolean store_sqlite_check(sqlite3 *db, int newest, int *version, GError **error);
gboolean store_sqlite_migrate(sqlite3 *db, const char *const *migrations, gsize n, GError **error);

/* As store_sqlite_open, but jobs run in the caller's thread, step by step, and the WAL is written back after
 * `checkpoint` pages: for harnesses that must replay from a seed. */
Store *store_sqlite_open_stepped(const StoreOptions *options, int checkpoint, GError **error);
