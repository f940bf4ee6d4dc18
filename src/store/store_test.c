/* store_test.c - what every store promises (one table, run on each kind), then what only the one on disk
 * does. */
#include "store/ledger.h"
#include "store/schema.h"
#include "store/sqlite.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PUT "INSERT INTO counter(name, value) VALUES(?1, ?2)"

typedef enum { ON_DISK, STEPPED, IN_MEMORY } Kind;

typedef struct {
    Kind kind;
    char *folder;
    Store *store;
} Fixture;

static void folder_remove(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            folder_remove(path);
        else
            g_unlink(path);
    }
    g_rmdir(folder);
}

static Store *open_kind(const Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    StoreOptions options = { .path = fixture->folder };
    Store *store = fixture->kind == ON_DISK   ? store_sqlite_open(&options, &error)
                   : fixture->kind == STEPPED ? store_sqlite_open_stepped(&options, 50, &error)
                                              : store_memory_open(&error);
    g_assert_no_error(error);
    return store;
}

static void set_up(Fixture *fixture, gconstpointer kind)
{
    fixture->kind = GPOINTER_TO_INT(kind);
    fixture->folder = g_dir_make_tmp("store-XXXXXX", NULL);
    fixture->store = open_kind(fixture);
}

static void tear_down(Fixture *fixture, gconstpointer kind)
{
    store_close(fixture->store);
    folder_remove(fixture->folder);
    g_free(fixture->folder);
}

/* Jobs of the tests: put a counter, then refuse when told to. */
typedef struct {
    const char *name;
    gint64 value;
    gboolean refuse;
} Put;

static gboolean put_job(StoreConn *conn, gpointer data, GError **error)
{
    Put *put = data;
    if (!STORE_RUN(conn, error, PUT, STORE_T(put->name), STORE_I(put->value))) return FALSE;
    if (put->refuse) g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "refused by the test");
    return !put->refuse;
}

static gint64 count_in(StoreConn *conn)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT count(*) FROM counter", NULL, 0, &error);
    g_assert_true(store_step(rows, &error));
    g_assert_no_error(error);
    return store_int(rows, 0);
}

static gint64 count(Store *store)
{
    g_autoptr(StoreConn) conn = store_read_begin(store, NULL);
    return count_in(conn);
}

static void what_was_written_is_read(Fixture *f, gconstpointer kind)
{
    g_assert_true(store_write(f->store, put_job, &(Put){ .name = "a", .value = 7 }, NULL));
    g_autoptr(StoreConn) conn = store_read_begin(f->store, NULL);
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, NULL, "SELECT name, value, NULL, 1.5, x'0102' FROM counter WHERE name = ?1", STORE_T("a"));
    g_assert_true(store_step(rows, NULL));
    gsize length = 0;
    g_assert_cmpint(store_columns(rows), ==, 5);
    g_assert_cmpstr(store_column_name(rows, 1), ==, "value");
    g_assert_cmpstr(store_text(rows, 0), ==, "a");
    g_assert_cmpint(store_int(rows, 1), ==, 7);
    g_assert_cmpint(store_type(rows, 2), ==, STORE_NULL);
    g_assert_null(store_text(rows, 2));
    g_assert_cmpfloat(store_real(rows, 3), ==, 1.5);
    g_assert_cmpmem(store_blob(rows, 4, &length), 2, "\1\2", 2);
    g_assert_false(store_step(rows, NULL));
    g_assert_false(store_step(rows, NULL));
}

static void values_of_every_kind_come_back(Fixture *f, gconstpointer kind)
{
    BaseId id = { { 1, 2, 3 } }, nil = { 0 }, out;
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(f->store, NULL);
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, &error, "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7", STORE_ID(&id), STORE_ID(&nil),
                    STORE_T(NULL), STORE_I(G_MININT64), STORE_R(0.1), STORE_B("\0x", 2), STORE_B("", 0));
    g_assert_no_error(error);
    g_assert_true(store_step(rows, NULL));
    gsize length = 9;
    g_assert_true(store_id(rows, 0, &out) && base_id_equal(&id, &out));
    g_assert_false(store_id(rows, 1, &out));
    g_assert_true(base_id_is_nil(&out));
    g_assert_null(store_text(rows, 2));
    g_assert_cmpint(store_int(rows, 3), ==, G_MININT64);
    g_assert_cmpfloat(store_real(rows, 4), ==, 0.1);
    g_assert_cmpmem(store_blob(rows, 5, &length), length, "\0x", 2);
    g_assert_nonnull(store_blob(rows, 6, &length));
    g_assert_cmpint(length, ==, 0);
}

static void a_refused_job_leaves_nothing(Fixture *f, gconstpointer kind)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(store_write(f->store, put_job, &(Put){ .name = "kept" }, NULL));
    g_assert_false(store_write(f->store, put_job, &(Put){ .name = "gone", .refuse = TRUE }, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_SQL);
    g_assert_cmpint(count(f->store), ==, 1);
}

/* A part that puts, logs and is refused, between two that are not; the tree goes on as if it had not been. */
static gboolean put_and_log(StoreConn *conn, gpointer data, GError **error)
{
    BaseChance chance = base_chance_seeded(1);
    LedgerEvent event = { .at = 1, .kind = "test", .operation = "-", .actor = "test" };
    return ledger_append(conn, &event, &chance, error) && put_job(conn, data, error);
}

static gboolean parts_job(StoreConn *conn, gpointer data, GError **error)
{
    static Put parts[] = { { "first", 1, FALSE }, { "second", 2, TRUE }, { "third", 3, FALSE } };
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(GError) why = NULL;
        g_assert_true(store_try(conn, put_and_log, &parts[i], &why) == !parts[i].refuse);
        g_assert_true((why != NULL) == parts[i].refuse);
        g_assert_cmpint(ledger_size(conn), ==, i ? i : 1);
    }
    return put_job(conn, data, error);
}

static void a_refused_part_leaves_nothing_and_the_job_goes_on(Fixture *f, gconstpointer kind)
{
    g_autoptr(GError) error = NULL;
    LedgerCheck check;
    g_assert_true(store_write(f->store, parts_job, &(Put){ .name = "job" }, &error));
    g_autoptr(StoreConn) conn = store_read_begin(f->store, &error);
    g_assert_cmpint(count_in(conn), ==, 3);
    g_assert_true(ledger_check(conn, NULL, NULL, &check, &error));
    g_assert_true(check.events == 2 && !check.bad_seq && !check.gap);
    g_assert_no_error(error);
}

static void a_second_row_of_one_key_is_refused_as_such(Fixture *f, gconstpointer kind)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(store_write(f->store, put_job, &(Put){ .name = "a" }, NULL));
    g_assert_false(store_write(f->store, put_job, &(Put){ .name = "a" }, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_UNIQUE);
}

static gboolean wrong_job(StoreConn *conn, gpointer data, GError **error)
{
    return store_run(conn, data, (StoreValue[]){ STORE_I(1) }, 1, error);
}

static void our_own_mistakes_in_sql_are_told(Fixture *f, gconstpointer kind)
{
    static const char *const table[] = {
        "INSERT INTO nowhere VALUES(?1)", "SELEC ?1", "SELECT 1",
        "SELECT ?1; SELECT ?1",           "",         "SELECT \"no column\" FROM counter"
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i]);
        g_assert_false(store_write(f->store, wrong_job, (gpointer)table[i], &error));
        g_assert_error(error, STORE_ERROR, STORE_ERROR_SQL);
    }
}

static void a_snapshot_cannot_write(Fixture *f, gconstpointer kind)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(f->store, NULL);
    g_assert_false(STORE_RUN(conn, &error, PUT, STORE_T("a"), STORE_I(1)));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_SQL);
}

static void one_text_may_be_open_twice(Fixture *f, gconstpointer kind)
{
    static const char sql[] = "SELECT value FROM counter WHERE value >= ?1 ORDER BY value";
    for (gint64 i = 0; i < 3; i++) {
        g_autofree char *name = g_strdup_printf("%d", (int)i);
        g_assert_true(store_write(f->store, put_job, &(Put){ .name = name, .value = i }, NULL));
    }
    gint64 pairs = 0;
    g_autoptr(StoreConn) conn = store_read_begin(f->store, NULL);
    g_autoptr(StoreRows) outer = STORE_QUERY(conn, NULL, sql, STORE_I(0));
    while (store_step(outer, NULL)) {
        g_autoptr(StoreRows) inner = STORE_QUERY(conn, NULL, sql, STORE_I(store_int(outer, 0)));
        while (store_step(inner, NULL))
            pairs++;
    }
    g_assert_cmpint(pairs, ==, 6);
}

static void a_text_made_in_used_memory_is_not_taken_for_another(Fixture *f, gconstpointer kind)
{
    char sql[32];
    g_autoptr(StoreConn) conn = store_read_begin(f->store, NULL);
    for (int i = 0; i < 3; i++) {
        g_snprintf(sql, sizeof sql, "SELECT %d", i);
        g_autoptr(StoreRows) rows = store_query(conn, sql, NULL, 0, NULL);
        g_assert_true(store_step(rows, NULL));
        g_assert_cmpint(store_int(rows, 0), ==, i);
    }
}

static void more_texts_than_the_cache_holds_still_run(Fixture *f, gconstpointer kind)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreConn) conn = store_read_begin(f->store, NULL);
    g_autoptr(StoreRows) held = store_query(conn, "SELECT 1 UNION SELECT 2", NULL, 0, NULL);
    g_assert_true(store_step(held, NULL));
    for (int i = 0; i < 3 * STORE_SLOTS; i++) {
        char *sql = g_strdup_printf("SELECT %d", i);
        g_ptr_array_add(texts, sql);
        g_autoptr(StoreRows) rows = store_query(conn, sql, NULL, 0, NULL);
        g_assert_true(store_step(rows, NULL));
        g_assert_cmpint(store_int(rows, 0), ==, i);
    }
    g_assert_true(store_step(held, NULL));
    g_assert_cmpint(store_int(held, 0), ==, 2);
}

/* Jobs queued from inside a job run as one group after it. */
typedef struct {
    Store *store;
    Put puts[5];
    GString *order;
    GMutex lock;
    GCond cond;
    guint told;
} Group;

static Group *group_of_test;

static void group_done(gboolean ok, const GError *error, gpointer data)
{
    Group *group = group_of_test;
    g_mutex_lock(&group->lock);
    g_string_append_printf(group->order, "%s%s ", ((Put *)data)->name, ok ? "" : "!");
    g_assert_true(ok == (error == NULL));
    group->told++;
    g_cond_signal(&group->cond);
    g_mutex_unlock(&group->lock);
}

static gboolean group_job(StoreConn *conn, gpointer data, GError **error)
{
    Group *group = data;
    for (guint i = 0; i < G_N_ELEMENTS(group->puts); i++)
        store_write_later(group->store, put_job, &group->puts[i], group_done);
    return TRUE;
}

static void a_refused_job_is_undone_alone_within_its_group(Fixture *f, gconstpointer kind)
{
    Group group = { .store = f->store,
                    .puts = { { "a", 1, TRUE }, { "b" }, { "c", 3, TRUE }, { "d" }, { "b" } },
                    .order = g_string_new(NULL) };
    g_mutex_init(&group.lock);
    g_cond_init(&group.cond);
    group_of_test = &group;
    g_assert_true(store_write(f->store, group_job, &group, NULL));
    g_mutex_lock(&group.lock);
    while (group.told < G_N_ELEMENTS(group.puts))
        g_cond_wait(&group.cond, &group.lock);
    g_mutex_unlock(&group.lock);
    g_assert_cmpstr(group.order->str, ==, "a! b c! d b! ");
    g_assert_cmpint(count(f->store), ==, 2);
    g_string_free(group.order, TRUE);
    g_mutex_clear(&group.lock);
    g_cond_clear(&group.cond);
}

static gboolean append_job(StoreConn *conn, gpointer data, GError **error)
{
    BaseChance chance = base_chance_seeded(1);
    LedgerEvent event = { .kind = "test", .operation = "-", .actor = "system:test" };
    if (!ledger_append(conn, &event, &chance, error)) return FALSE;
    if (data) g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "refused by the test");
    return !data;
}

static void note_watch(gint64 first, gint64 last, gpointer data)
{
    g_string_append_printf(data, "%d-%d ", (int)first, (int)last);
}

static void watchers_hear_of_each_commit_that_logged(Fixture *f, gconstpointer kind)
{
    g_autoptr(GString) heard = g_string_new(NULL);
    store_watch(f->store, note_watch, heard);
    g_assert_true(store_write(f->store, append_job, NULL, NULL));
    g_assert_cmpstr(heard->str, ==, "1-1 ");
    g_assert_true(store_write(f->store, put_job, &(Put){ .name = "a" }, NULL));
    g_assert_false(store_write(f->store, append_job, f, NULL));
    g_assert_true(store_write(f->store, append_job, NULL, NULL));
    g_assert_cmpstr(heard->str, ==, "1-1 2-2 ");
}

#define CALLERS 8
#define WRITES 100

static gpointer many_writes(gpointer store)
{
    for (int i = 0; i < WRITES; i++) {
        g_autofree char *name = g_strdup_printf("%p %d", (void *)g_thread_self(), i);
        g_assert_true(store_write(store, put_job, &(Put){ .name = name }, NULL));
        g_assert_cmpint(count(store), >, i);
        g_assert_false(store_write(store, put_job, &(Put){ .name = name }, NULL));
        g_assert_true(store_write(store, append_job, NULL, NULL));
    }
    return NULL;
}

static void many_callers_lose_and_double_nothing(Fixture *f, gconstpointer kind)
{
    GThread *threads[CALLERS];
    for (guint i = 0; i < CALLERS; i++)
        threads[i] = g_thread_new("caller", many_writes, f->store);
    for (guint i = 0; i < CALLERS; i++)
        g_thread_join(threads[i]);
    g_assert_cmpint(count(f->store), ==, CALLERS * WRITES);
    LedgerCheck check;
    g_autoptr(StoreConn) conn = store_read_begin(f->store, NULL);
    g_assert_true(ledger_check(conn, NULL, NULL, &check, NULL));
    g_assert_cmpint(check.events, ==, CALLERS * WRITES);
    g_assert_true(!check.bad_seq && check.bad_tile < 0 && !check.gap);
}

static gpointer one_write(gpointer store)
{
    g_assert_true(store_write(store, put_job, &(Put){ .name = "other" }, NULL));
    return NULL;
}

static void a_snapshot_does_not_see_what_comes_later(Fixture *f, gconstpointer kind)
{
    StoreConn *conn = store_read_begin(f->store, NULL);
    GThread *thread = g_thread_new("writer", one_write, f->store);
    if (f->kind == ON_DISK) g_thread_join(thread);
    g_assert_cmpint(count_in(conn), ==, 0);
    store_read_end(conn);
    if (f->kind != ON_DISK) g_thread_join(thread);
    g_assert_cmpint(count(f->store), ==, 1);
}

static void a_thread_may_hold_two_snapshots(Fixture *f, gconstpointer kind)
{
    g_autoptr(StoreConn) a = store_read_begin(f->store, NULL);
    g_autoptr(StoreConn) b = store_read_begin(f->store, NULL);
    g_assert_cmpint(count_in(a), ==, count_in(b));
}

static void note_progress(gint64 done, gint64 total, gpointer data)
{
    g_assert_cmpint(done, <=, total);
    *(gint64 *)data = total - done;
}

static void a_backup_is_a_store_of_the_same_rows(Fixture *f, gconstpointer kind)
{
    gint64 left = -1;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_build_filename(f->folder, "copy", NULL);
    g_assert_true(store_write(f->store, put_job, &(Put){ .name = "a" }, NULL));
    g_assert_true(store_backup(f->store, folder, note_progress, &left, &error));
    g_assert_no_error(error);
    g_assert_cmpint(left, ==, 0);
    g_assert_true(store_write(f->store, put_job, &(Put){ .name = "b" }, NULL));
    g_autoptr(Store) copy = store_sqlite_open(&(StoreOptions){ .path = folder }, &error);
    g_assert_no_error(error);
    g_assert_cmpint(count(copy), ==, 1);
    g_assert_false(store_backup(f->store, folder, NULL, NULL, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_OPEN);
}

static gboolean nested_job(StoreConn *conn, gpointer store, GError **error)
{
    return store_write(store, append_job, NULL, error);
}

static void writing_inside_a_job_is_our_mistake(Fixture *f, gconstpointer kind)
{
    if (g_test_subprocess()) {
        store_write(f->store, nested_job, f->store, NULL);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*would wait for itself*");
}

/* Only on disk. */
static void what_was_written_is_there_after_opening_again(Fixture *f, gconstpointer kind)
{
    g_assert_true(store_write(f->store, put_job, &(Put){ .name = "a" }, NULL));
    g_assert_true(store_write(f->store, append_job, NULL, NULL));
    store_close(f->store);
    f->store = open_kind(f);
    g_assert_cmpint(count(f->store), ==, 1);
    g_assert_true(store_write(f->store, append_job, NULL, NULL));
    g_autoptr(StoreConn) conn = store_read_begin(f->store, NULL);
    g_assert_cmpint(ledger_size(conn), ==, 2);
}

static void closing_runs_what_is_queued_and_empties_the_log(Fixture *f, gconstpointer kind)
{
    Put puts[300];
    for (guint i = 0; i < G_N_ELEMENTS(puts); i++) {
        puts[i] = (Put){ .name = g_strdup_printf("%u", i) };
        store_write_later(f->store, put_job, &puts[i], NULL);
    }
    store_close(f->store);
    g_autofree char *log = g_build_filename(f->folder, STORE_SQLITE_FILE "-wal", NULL);
    g_assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
    f->store = open_kind(f);
    g_assert_cmpint(count(f->store), ==, G_N_ELEMENTS(puts));
    for (guint i = 0; i < G_N_ELEMENTS(puts); i++)
        g_free((char *)puts[i].name);
}

static void a_second_opener_is_refused_and_may_read(Fixture *f, gconstpointer kind)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(store_sqlite_open(&(StoreOptions){ .path = f->folder }, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_BUSY);
    g_clear_error(&error);
    pid_t child = fork();
    if (child == 0) {
        g_autoptr(GError) busy = NULL;
        Store *second = store_sqlite_open(&(StoreOptions){ .path = f->folder }, &busy);
        _exit(!second && g_error_matches(busy, STORE_ERROR, STORE_ERROR_BUSY) ? 0 : 1);
    }
    int status = -1;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    g_autoptr(Store) beside =
        store_sqlite_open(&(StoreOptions){ .path = f->folder, .read_only = TRUE }, &error);
    g_assert_no_error(error);
    g_assert_true(store_write(f->store, put_job, &(Put){ .name = "a" }, NULL));
    g_assert_cmpint(count(beside), ==, 1);
    g_assert_false(store_write(beside, put_job, &(Put){ .name = "b" }, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_BUSY);
}

static void alter(const Fixture *f, const char *sql)
{
    g_autofree char *path = g_build_filename(f->folder, STORE_SQLITE_FILE, NULL);
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

static void what_is_not_ours_is_refused_untouched(Fixture *f, gconstpointer kind)
{
    static const struct {
        const char *name, *sql;
        int code;
    } table[] = {
        { "a newer version", "PRAGMA user_version = 9999", STORE_ERROR_NEWER },
        { "another program's", "PRAGMA application_id = 1", STORE_ERROR_OPEN },
        { "nobody's name on tables", "PRAGMA application_id = 0", STORE_ERROR_OPEN },
    };
    g_clear_pointer(&f->store, store_close);
    g_autofree char *path = g_build_filename(f->folder, STORE_SQLITE_FILE, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *before = NULL, *after = NULL;
        gsize before_length = 0, after_length = 0;
        g_test_message("%s", table[i].name);
        alter(f, table[i].sql);
        g_assert_true(g_file_get_contents(path, &before, &before_length, NULL));
        g_assert_null(store_sqlite_open(&(StoreOptions){ .path = f->folder }, &error));
        g_assert_error(error, STORE_ERROR, table[i].code);
        g_assert_true(g_file_get_contents(path, &after, &after_length, NULL));
        g_assert_cmpmem(before, before_length, after, after_length);
        g_autofree char *mend = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                                STORE_APPLICATION, store_schema_version());
        alter(f, mend);
    }
}

static void a_file_that_is_no_database_is_refused(Fixture *f, gconstpointer kind)
{
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&f->store, store_close);
    g_autofree char *path = g_build_filename(f->folder, STORE_SQLITE_FILE, NULL);
    g_assert_true(g_file_set_contents(
        path, "this is a letter to the mayor, and not a database of any kind at all...", -1, NULL));
    g_assert_null(store_sqlite_open(&(StoreOptions){ .path = f->folder }, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_OPEN);
}

static void every_projection_can_be_emptied(Fixture *f, gconstpointer kind)
{
    g_clear_pointer(&f->store, store_close);
    for (const char *const *name = store_projections(); *name; name++) {
        g_autofree char *sql = g_strdup_printf("DELETE FROM %s", *name);
        alter(f, sql);
    }
}

typedef void (*Test)(Fixture *f, gconstpointer kind);

static void add(const char *name, Test test, Kind from, Kind to)
{
    static const char *const kinds[] = { "disk", "stepped", "memory" };
    for (Kind kind = from; kind <= to; kind++) {
        g_autofree char *path = g_strdup_printf("/store/%s/%s", kinds[kind], name);
        g_test_add(path, Fixture, GINT_TO_POINTER(kind), set_up, test, tear_down);
    }
}

#define EACH(test) add(#test, test, ON_DISK, IN_MEMORY)
#define DISK(test) add(#test, test, ON_DISK, ON_DISK)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    EACH(what_was_written_is_read);
    EACH(values_of_every_kind_come_back);
    EACH(a_refused_job_leaves_nothing);
    EACH(a_refused_part_leaves_nothing_and_the_job_goes_on);
    EACH(a_second_row_of_one_key_is_refused_as_such);
    EACH(our_own_mistakes_in_sql_are_told);
    EACH(a_snapshot_cannot_write);
    EACH(one_text_may_be_open_twice);
    EACH(a_text_made_in_used_memory_is_not_taken_for_another);
    EACH(more_texts_than_the_cache_holds_still_run);
    EACH(a_refused_job_is_undone_alone_within_its_group);
    EACH(watchers_hear_of_each_commit_that_logged);
    EACH(many_callers_lose_and_double_nothing);
    EACH(a_snapshot_does_not_see_what_comes_later);
    EACH(a_thread_may_hold_two_snapshots);
    EACH(a_backup_is_a_store_of_the_same_rows);
    EACH(writing_inside_a_job_is_our_mistake);
    DISK(what_was_written_is_there_after_opening_again);
    DISK(closing_runs_what_is_queued_and_empties_the_log);
    DISK(a_second_opener_is_refused_and_may_read);
    DISK(what_is_not_ours_is_refused_untouched);
    DISK(a_file_that_is_no_database_is_refused);
    DISK(every_projection_can_be_emptied);
    return g_test_run();
}
