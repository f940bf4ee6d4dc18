/* store_bench.c - the store's two promises, measured beside what the disk and a naive writer can do in the
 * same run:
 *   >= 5,000 durable case transitions/s with many callers, >= 20,000 signals/s imported in jobs of 500.
 * Usage: store_bench [folder] [seconds a measurement]. One JSON line a measurement. */
#include "store/ledger.h"
#include "store/sqlite.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BODY                                                                                                            \
    "{\"place\":\"中山路 18 "                                                                                        \
    "号\",\"text\":\"夜里施工噪声,请来人看一看\",\"fields\":{\"level\":3,\"kind\":\"noise\",\"unit\":\"u-" \
    "17\"}}"
#define PRIVATE "{\"name\":\"张某\",\"phone\":\"12012345678\"}"

typedef struct {
    Store *store;
    gint64 until;
    BaseChance chance;
    GArray *micros; /* what each job took */
    gint64 done;
} Caller;

static double seconds = 2;
static const char *folder;

static void folder_remove(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_rmdir(path);
}

static Store *fresh_store(void)
{
    g_autoptr(GError) error = NULL;
    folder_remove(folder);
    Store *store = store_sqlite_open(&(StoreOptions){ .path = folder }, &error);
    if (!store) g_error("%s", error->message);
    return store;
}

static gint64 deadline(void)
{
    return g_get_monotonic_time() + (gint64)(seconds * 1e6);
}

static int by_value(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return x < y ? -1 : x > y;
}

static gint64 percentile(GArray *micros, double share)
{
    if (!micros->len) return 0;
    return g_array_index(micros, gint64, (guint)((micros->len - 1) * share));
}

static void tell(const char *what, guint callers, double rate, GArray *micros)
{
    g_array_sort(micros, by_value);
    printf("{\"what\":\"%s\",\"callers\":%u,\"per_s\":%.0f,\"p50_us\":%d,\"p99_us\":%d,\"worst_us\":%d}\n",
           what, callers, rate, (int)percentile(micros, .5), (int)percentile(micros, .99),
           (int)percentile(micros, 1));
    fflush(stdout);
}

/* --- what the disk can do: write 8 KiB at the end, make it durable --- */

static double raw_fsync(void)
{
    g_autofree char *path = g_build_filename(folder, "raw", NULL);
    g_autofree char *page = g_malloc0(8192);
    g_autoptr(GArray) micros = g_array_new(FALSE, FALSE, sizeof(gint64));
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    gint64 start = g_get_monotonic_time(), until = start + (gint64)(seconds * 5e5), now = start;
    while (now < until) {
        if (write(fd, page, 8192) != 8192 || fdatasync(fd) != 0) g_error("cannot write %s", path);
        gint64 took = g_get_monotonic_time() - now;
        g_array_append_val(micros, took);
        now += took;
    }
    close(fd);
    g_unlink(path);
    double rate = micros->len / ((double)(now - start) / 1e6);
    tell("raw write and fdatasync", 1, rate, micros);
    return rate;
}

/* --- a case moves: its row, its task, its clock, its event --- */

/* As a day of calls comes in: one every 40 ms, each up to a minute late. */
static gint64 next_instant(BaseChance *chance)
{
    static gint64 calls;
    return 1700000000000 + 40 * calls++ - (gint64)base_chance_below(chance, 60000);
}

static gboolean case_insert(StoreConn *conn, const BaseId *id, gint64 at, GError **error)
{
    return STORE_RUN(
        conn, error,
        "INSERT INTO case_file(id, number, pack, version, state, final, title, level, org, area, place, lat,"
        " lon, unit, opened_at, moved_at, late, facts) VALUES(?1, ?2, 'incident', 'v1', 'received', 0,"
        " 'noise', 3, 'o-3', 'a-7', '中山路 18 号', 31.2, 121.4, NULL, ?3, ?3, 0, ?4)",
        STORE_ID(id), STORE_T("20260101-000123"), STORE_I(at), STORE_T(BODY));
}

static gboolean task_put(StoreConn *conn, const BaseId *id, gint64 at, GError **error)
{
    return STORE_RUN(
        conn, error,
        "INSERT INTO task(case_id, kind, generation, state, role, org, unit, offered_at, changed_at)"
        " VALUES(?1, 'respond', 1, 'offered', 'unit', 'o-3', 'u-17', ?2, ?2)"
        " ON CONFLICT(case_id, kind, generation) DO UPDATE SET changed_at = excluded.changed_at",
        STORE_ID(id), STORE_I(at));
}

static gboolean clock_put(StoreConn *conn, const BaseId *id, const char *name, gint64 at, GError **error)
{
    return STORE_RUN(
        conn, error,
        "INSERT INTO clock(case_id, id, state, consumed, since, budget, started, stopped, rung, expired,"
        " next_at, due_at, provisional) VALUES(?1, ?2, 1, 0, ?3, 7200000, ?3, 0, 0, 0, ?4, ?4, 0)"
        " ON CONFLICT(case_id, id) DO UPDATE SET consumed = consumed + 1, next_at = excluded.next_at",
        STORE_ID(id), STORE_T(name), STORE_I(at), STORE_I(at + 7200000));
}

static gboolean event_put(StoreConn *conn, const BaseId *id, gint64 at, BaseChance *chance, GError **error)
{
    LedgerEvent event = { .at = at,
                          .kind = "case.moved",
                          .operation = "alteration",
                          .case_id = *id,
                          .actor = "unit-17",
                          .basis = "law-110",
                          .purpose = "handling",
                          .body = BODY,
                          .private_body = PRIVATE };
    return ledger_append(conn, &event, chance, error);
}

static gboolean signal_insert(StoreConn *conn, const BaseId *id, gint64 at, BaseChance *chance,
                              GError **error)
{
    char ref[32];
    BaseId signal = base_id_make(chance, at);
    g_snprintf(ref, sizeof ref, "T%" G_GINT64_FORMAT "-%04d", at, (int)base_chance_below(chance, 10000));
    return STORE_RUN(
        conn, error,
        "INSERT INTO signal(id, source, ref, channel, at, received_at, pack, disposition, case_id)"
        " VALUES(?1, 'hotline', ?2, 'call', ?3, ?3, 'incident', 'opened', ?4)",
        STORE_ID(&signal), STORE_T(ref), STORE_I(at), STORE_ID(id));
}

static gboolean private_insert(StoreConn *conn, const BaseId *id, GError **error)
{
    return STORE_RUN(conn, error, "INSERT INTO case_private(case_id, facts) VALUES(?1, ?2)", STORE_ID(id),
                     STORE_T(PRIVATE));
}

/* One signal makes a case: six rows and one event. */
static gboolean open_case(StoreConn *conn, BaseChance *chance, BaseId *id, GError **error)
{
    gint64 at = next_instant(chance);
    *id = base_id_make(chance, at);
    return signal_insert(conn, id, at, chance, error) && case_insert(conn, id, at, error) &&
           private_insert(conn, id, error) && task_put(conn, id, at, error) &&
           clock_put(conn, id, "resident", at, error) && clock_put(conn, id, "arrive", at, error) &&
           event_put(conn, id, at, chance, error);
}

#define CASES 2000
static BaseId cases[CASES];

static gboolean open_job(StoreConn *conn, gpointer data, GError **error)
{
    for (gsize i = 0; i < CASES; i++)
        if (!open_case(conn, data, &cases[i], error)) return FALSE;
    return TRUE;
}

static gboolean move_job(StoreConn *conn, gpointer data, GError **error)
{
    Caller *caller = data;
    const BaseId *id = &cases[base_chance_below(&caller->chance, CASES)];
    gint64 at = 1700000000000 + caller->done;
    return STORE_RUN(conn, error, "UPDATE case_file SET state = 'dispatched', moved_at = ?2 WHERE id = ?1",
                     STORE_ID(id), STORE_I(at)) &&
           task_put(conn, id, at, error) && clock_put(conn, id, "arrive", at, error) &&
           event_put(conn, id, at, &caller->chance, error);
}

static gpointer caller_main(gpointer data)
{
    Caller *caller = data;
    for (gint64 now = g_get_monotonic_time(); now < caller->until; caller->done++) {
        g_autoptr(GError) error = NULL;
        if (!store_write(caller->store, move_job, caller, &error)) g_error("%s", error->message);
        gint64 took = g_get_monotonic_time() - now;
        g_array_append_val(caller->micros, took);
        now += took;
    }
    return NULL;
}

static double transitions(guint n)
{
    g_autoptr(Store) store = fresh_store();
    g_autofree Caller *callers = g_new0(Caller, n);
    g_autofree GThread **threads = g_new0(GThread *, n);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gint64));
    BaseChance chance = base_chance_seeded(1);
    store_write(store, open_job, &chance, NULL);
    gint64 start = g_get_monotonic_time(), until = deadline();
    for (guint i = 0; i < n; i++) {
        callers[i] = (Caller){ .store = store,
                               .until = until,
                               .chance = base_chance_seeded(i),
                               .micros = g_array_new(FALSE, FALSE, sizeof(gint64)) };
        threads[i] = g_thread_new("caller", caller_main, &callers[i]);
    }
    for (guint i = 0; i < n; i++) {
        g_thread_join(threads[i]);
        g_array_append_vals(all, callers[i].micros->data, callers[i].micros->len);
        g_array_free(callers[i].micros, TRUE);
    }
    double rate = all->len / ((double)(g_get_monotonic_time() - start) / 1e6);
    tell("durable case transitions", n, rate, all);
    return rate;
}

/* --- the naive way: a transaction for each write, on a connection of its own --- */

static void naive_step(StoreConn *conn, Caller *caller)
{
    g_autoptr(GError) error = NULL;
    if (!store_run(conn, "BEGIN IMMEDIATE", NULL, 0, &error) || !move_job(conn, caller, &error) ||
        !store_run(conn, "COMMIT", NULL, 0, &error))
        g_error("%s", error->message);
}

static double naive(void)
{
    g_autoptr(Store) store = fresh_store();
    BaseChance chance = base_chance_seeded(1);
    store_write(store, open_job, &chance, NULL);
    g_clear_pointer(&store, store_close);
    g_autofree char *path = g_build_filename(folder, STORE_SQLITE_FILE, NULL);
    sqlite3 *db = store_sqlite_handle(path, SQLITE_OPEN_READWRITE, NULL, NULL);
    store_sqlite_exec(db, "PRAGMA synchronous = FULL", NULL);
    StoreConn *conn = store_conn_new(&store_sqlite_conn, NULL, db, FALSE);
    store_ledger_open(conn, NULL);
    Caller caller = { .chance = base_chance_seeded(1) };
    g_autoptr(GArray) micros = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 start = g_get_monotonic_time(), until = deadline(), now = start;
    for (; now < until; caller.done++) {
        naive_step(conn, &caller);
        gint64 took = g_get_monotonic_time() - now;
        g_array_append_val(micros, took);
        now += took;
    }
    store_conn_free(conn);
    sqlite3_close(db);
    double rate = micros->len / ((double)(now - start) / 1e6);
    tell("naive: one transaction a write", 1, rate, micros);
    return rate;
}

/* --- bulk import --- */

typedef struct {
    BaseChance chance;
    guint signals;
} Import;

static gboolean import_job(StoreConn *conn, gpointer data, GError **error)
{
    Import *import = data;
    BaseId id;
    for (guint i = 0; i < import->signals; i++)
        if (!open_case(conn, &import->chance, &id, error)) return FALSE;
    return TRUE;
}

static double import_signals(void)
{
    g_autoptr(Store) store = fresh_store();
    Import import = { base_chance_seeded(1), 500 };
    g_autoptr(GArray) micros = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 start = g_get_monotonic_time(), until = deadline(), now = start;
    while (now < until) {
        g_autoptr(GError) error = NULL;
        if (!store_write(store, import_job, &import, &error)) g_error("%s", error->message);
        gint64 took = g_get_monotonic_time() - now;
        g_array_append_val(micros, took);
        now += took;
    }
    double rate = 500.0 * micros->len / ((double)(now - start) / 1e6);
    tell("signals imported, jobs of 500", 1, rate, micros);
    return rate;
}

static gboolean events_job(StoreConn *conn, gpointer data, GError **error)
{
    Import *import = data;
    BaseId id = { { 1 } };
    for (guint i = 0; i < import->signals; i++)
        if (!event_put(conn, &id, 1700000000000, &import->chance, error)) return FALSE;
    return TRUE;
}

/* Bulk events, then what a ledger of that size costs to open, prove and check. */
static void ledger_of(guint events)
{
    g_autoptr(Store) store = fresh_store();
    Import import = { base_chance_seeded(1), 1000 };
    LedgerCheck check;
    g_autoptr(GByteArray) proof = g_byte_array_new();
    gint64 start = g_get_monotonic_time();
    for (guint i = 0; i < events / 1000; i++)
        store_write(store, events_job, &import, NULL);
    gint64 filled = g_get_monotonic_time();
    g_clear_pointer(&store, store_close);
    gint64 closed = g_get_monotonic_time();
    store = store_sqlite_open(&(StoreOptions){ .path = folder }, NULL);
    import.signals = 1;
    store_write(store, events_job, &import, NULL);
    gint64 opened = g_get_monotonic_time();
    g_autoptr(StoreConn) conn = store_read_begin(store, NULL);
    for (gint64 seq = 1; seq <= 100; seq++)
        ledger_inclusion(conn, seq * events / 100, events, proof, NULL);
    gint64 proved = g_get_monotonic_time();
    ledger_check(conn, NULL, NULL, &check, NULL);
    gint64 checked = g_get_monotonic_time();
    printf("{\"what\":\"ledger\",\"events\":%u,\"append_per_s\":%.0f,\"open_and_append_ms\":%.1f,\"proof_"
           "us\":%.0f,"
           "\"check_per_s\":%.0f}\n",
           events, events / ((double)(filled - start) / 1e6), (double)(opened - closed) / 1e3,
           (double)(proved - opened) / 100, events / ((double)(checked - proved) / 1e6));
}

int main(int argc, char **argv)
{
    static const guint callers[] = { 1, 16, 64, 256 };
    double best = 0;
    folder = argc > 1 ? argv[1] : "store-bench";
    if (argc > 2) seconds = g_ascii_strtod(argv[2], NULL);
    g_mkdir_with_parents(folder, 0700);
    double disk = raw_fsync();
    double baseline = naive();
    for (gsize i = 0; i < G_N_ELEMENTS(callers); i++) {
        double rate = transitions(callers[i]);
        best = MAX(best, rate);
    }
    double signals = import_signals();
    ledger_of(seconds >= 2 ? 1000000 : 50000);
    printf("{\"what\":\"summary\",\"fsync_us\":%.0f,\"transitions_per_s\":%.0f,\"times_naive\":%.2f,"
           "\"signals_per_s\":%.0f}\n",
           1e6 / disk, best, best / baseline, signals);
    folder_remove(folder);
    return 0;
}
