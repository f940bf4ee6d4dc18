/* migrate.c - is this file ours, how old is it, and the steps that bring it up to date: all of them or none.
 */
#include "store/sqlite.h"

/* A file without tables and without a name is new; any other must bear our name. */
gboolean store_sqlite_check(sqlite3 *db, int newest, int *version, GError **error)
{
    gint64 application = 0, tables = 0, number = 0;
    if (!store_sqlite_number(db, "PRAGMA application_id", &application, error)) {
        g_prefix_error(error, "cannot read %s: ", sqlite3_db_filename(db, "main"));
        return FALSE;
    }
    if (!store_sqlite_number(db, "PRAGMA user_version", &number, error)) return FALSE;
    if (!store_sqlite_number(db, "SELECT count(*) FROM sqlite_schema", &tables, error)) return FALSE;
    if (application != STORE_APPLICATION && (application || number || tables)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_OPEN,
                    "%s is a database of another program; name another folder",
                    sqlite3_db_filename(db, "main"));
        return FALSE;
    }
    if (number > newest) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_NEWER,
                    "the store is of version %d, this program knows %d; use the newer program", (int)number,
                    newest);
        return FALSE;
    }
    *version = (int)number;
    return TRUE;
}

static gboolean run_from(sqlite3 *db, const char *const *migrations, int from, int to, GError **error)
{
    for (int i = from; i < to; i++) {
        if (store_sqlite_exec(db, migrations[i], error)) continue;
        g_prefix_error(error, "migration %d: ", i + 1);
        return FALSE;
    }
    g_autofree char *stamp =
        g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d", STORE_APPLICATION, to);
    return store_sqlite_exec(db, stamp, error);
}

gboolean store_sqlite_migrate(sqlite3 *db, const char *const *migrations, gsize n, GError **error)
{
    int version = 0;
    if (!store_sqlite_exec(db, "BEGIN IMMEDIATE", error)) return FALSE;
    gboolean ok = store_sqlite_check(db, (int)n, &version, error);
    if (ok && version < (int)n) ok = run_from(db, migrations, version, (int)n, error);
    if (ok) ok = store_sqlite_exec(db, "COMMIT", error);
    if (!ok && !sqlite3_get_autocommit(db)) store_sqlite_exec(db, "ROLLBACK", NULL);
    return ok;
}
