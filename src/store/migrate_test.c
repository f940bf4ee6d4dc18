/* migrate_test.c - migrations: all of them or none, also when the process dies within. */
#include "store/sqlite.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST "CREATE TABLE person(id INTEGER PRIMARY KEY); INSERT INTO person VALUES(1);"
static const char *const first[] = { FIRST };
static const char *const broken[] = { FIRST, "CREATE TABLE two(x); INSERT INTO person VALUES(2);",
                                      "CREATE TABLE three(x); INSERT INTO nowhere VALUES(1);" };
static const char *const deadly[] = { FIRST, "CREATE TABLE two(x); INSERT INTO person VALUES(2);",
                                      "CREATE TABLE three(x); SELECT die();" };
static const char *const sound[] = { FIRST, "CREATE TABLE two(x); INSERT INTO person VALUES(2);",
                                     "CREATE TABLE three(x)" };

typedef struct {
    char *folder, *path;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    f->folder = g_dir_make_tmp("store-XXXXXX", NULL);
    f->path = g_build_filename(f->folder, "old.db", NULL);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *path = g_strconcat(f->path, ends[i], NULL);
        g_unlink(path);
    }
    g_rmdir(f->folder);
    g_free(f->folder);
    g_free(f->path);
}

static sqlite3 *open_old(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = store_sqlite_handle(f->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(store_sqlite_exec(db, "PRAGMA journal_mode = WAL", NULL));
    return db;
}

static void state_is(sqlite3 *db, gint64 version, gint64 tables, gint64 people)
{
    gint64 number = -1;
    g_assert_true(store_sqlite_number(db, "PRAGMA user_version", &number, NULL));
    g_assert_cmpint(number, ==, version);
    g_assert_true(store_sqlite_number(db, "SELECT count(*) FROM sqlite_schema", &number, NULL));
    g_assert_cmpint(number, ==, tables);
    g_assert_true(store_sqlite_number(db, "SELECT count(*) FROM person", &number, NULL));
    g_assert_cmpint(number, ==, people);
}

static void migrations_run_in_order_and_once(Fixture *f, gconstpointer data)
{
    sqlite3 *db = open_old(f);
    g_assert_true(store_sqlite_migrate(db, first, 1, NULL));
    state_is(db, 1, 1, 1);
    for (int i = 0; i < 2; i++) {
        g_assert_true(store_sqlite_migrate(db, sound, 3, NULL));
        state_is(db, 3, 3, 2);
    }
    sqlite3_close(db);
}

static void a_failing_one_leaves_the_old_version(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = open_old(f);
    g_assert_true(store_sqlite_migrate(db, first, 1, NULL));
    g_assert_false(store_sqlite_migrate(db, broken, 3, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_SQL);
    g_assert_true(g_str_has_prefix(error->message, "migration 3: "));
    state_is(db, 1, 1, 1);
    g_assert_true(store_sqlite_migrate(db, sound, 3, NULL));
    state_is(db, 3, 3, 2);
    sqlite3_close(db);
}

static void a_newer_store_is_refused(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = open_old(f);
    g_assert_true(store_sqlite_migrate(db, sound, 3, NULL));
    g_assert_false(store_sqlite_migrate(db, first, 1, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_NEWER);
    state_is(db, 3, 3, 2);
    sqlite3_close(db);
}

static void die(sqlite3_context *context, int n, sqlite3_value **values)
{
    raise(SIGKILL);
}

static void killed_within_leaves_the_old_version(Fixture *f, gconstpointer data)
{
    sqlite3 *db = open_old(f);
    g_assert_true(store_sqlite_migrate(db, first, 1, NULL));
    sqlite3_close(db);
    pid_t child = fork();
    if (child == 0) {
        db = open_old(f);
        sqlite3_create_function(db, "die", 0, SQLITE_UTF8, NULL, die, NULL, NULL);
        store_sqlite_migrate(db, deadly, 3, NULL);
        _exit(0);
    }
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    db = open_old(f);
    state_is(db, 1, 1, 1);
    g_assert_true(store_sqlite_migrate(db, sound, 3, NULL));
    state_is(db, 3, 3, 2);
    sqlite3_close(db);
}

#define ADD(test) g_test_add("/migrate/" #test, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(migrations_run_in_order_and_once);
    ADD(a_failing_one_leaves_the_old_version);
    ADD(a_newer_store_is_refused);
    ADD(killed_within_leaves_the_old_version);
    return g_test_run();
}
