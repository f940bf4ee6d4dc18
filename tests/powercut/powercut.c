/* powercut.c - the real store on a disk that loses power at random steps: is every acknowledged write found
 * again, in order, whole, and nothing else?
 *
 * Usage: powercut [--cuts N] [--seed S] [GLib's test options]. Each life of a disk is a store opened, jobs
 * run until the cut, and the store opened again on what was found; the same disk lives several lives. The
 * jobs are numbered; what job n does follows from n, so the tables must equal the fold of the jobs that the
 * ledger lists. */
#include "disk.h"
#include "store/ledger.h"
#include "store/sqlite.h"
#include <stdio.h>
#include <string.h>

enum { LIVES = 12, KEYS = 60, GROUP = 6, LONGEST_LIFE = 600, JOBS_A_LIFE = 150 };

static guint cuts = 500;
static guint64 seed;

typedef struct {
    const char *name;
    gboolean normal, lying; /* synchronous=NORMAL; syncs do nothing */
} Regime;

typedef struct {
    guint cuts, cuts_with_loss;
    guint64 acknowledged, lost, damaged;
} Tally;

typedef struct {
    const Regime *regime;
    BaseChance chance;
    Disk *disk;
    Store *store;
    GArray *tried; /* gint64: numbers of accepted jobs in the order they ran; the ledger is a prefix of it */
    guint safe;    /* how many of them were acknowledged before the cut */
    gint64 next;
    Tally *tally;
} City;

/* --- jobs --- */

typedef struct {
    City *city;
    gint64 n;
    gboolean refuse;
} Job;

static gint64 key_of(gint64 n)
{
    return (n * 7919) % KEYS;
}

/* Every fifth job drops its key, others put their number there. */
static gboolean fact_write(StoreConn *conn, gint64 n, GError **error)
{
    char key[16];
    g_snprintf(key, sizeof key, "k%d", (int)key_of(n));
    if (n % 5 == 0) return STORE_RUN(conn, error, "DELETE FROM counter WHERE name = ?1", STORE_T(key));
    return STORE_RUN(conn, error,
                     "INSERT INTO counter(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value "
                     "= excluded.value",
                     STORE_T(key), STORE_I(n));
}

/* A body of 20 bytes to 20 kB: most fit a page, some need several. */
static gboolean event_write(StoreConn *conn, City *city, gint64 n, GError **error)
{
    g_autofree char *filling = g_strnfill(n % 17 ? (gsize)(n * 31 % 200) : (gsize)(n * 131 % 20000), 'x');
    g_autofree char *body = g_strdup_printf("{\"n\":%" G_GINT64_FORMAT ",\"x\":\"%s\"}", n, filling);
    LedgerEvent event = { .at = n, .kind = "test", .operation = "-", .actor = "system:test", .body = body };
    return ledger_append(conn, &event, &city->chance, error);
}

static gboolean work_job(StoreConn *conn, gpointer data, GError **error)
{
    Job *job = data;
    if (!fact_write(conn, job->n, error) || !event_write(conn, job->city, job->n, error)) return FALSE;
    if (job->refuse)
        g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "refused by the harness");
    else
        g_array_append_val(job->city->tried, job->n);
    return !job->refuse;
}

static void work_done(gboolean ok, const GError *error, gpointer data)
{
    Job *job = data;
    g_assert_true(ok == !job->refuse);
    if (ok && !disk_is_cut(job->city->disk)) job->city->safe++;
}

/* Jobs queued inside a job run as one group after it: several savepoints, one commit. */
static gboolean group_job(StoreConn *conn, gpointer data, GError **error)
{
    for (Job *job = data; job->city; job++)
        store_write_later(job->city->store, work_job, job, work_done);
    return TRUE;
}

static Job next_job(City *city)
{
    return (Job){ city, city->next++, base_chance_below(&city->chance, 8) == 0 };
}

static void some_work(City *city)
{
    if (base_chance_below(&city->chance, 4)) {
        Job job = next_job(city);
        store_write_later(city->store, work_job, &job, work_done);
        return;
    }
    Job jobs[GROUP + 1] = { { 0 } };
    for (guint i = 0; i < GROUP; i++)
        jobs[i] = next_job(city);
    g_assert_true(store_write(city->store, group_job, jobs, NULL));
}

/* --- opening and checking --- */

static gboolean city_open(City *city)
{
    StoreOptions options = {
        .path = "city", .vfs = "disk", .readers = 1, .synchronous_off_for_test = city->regime->normal
    };
    disk_mount(city->disk);
    city->store = store_sqlite_open_stepped(&options, 10 + (int)base_chance_below(&city->chance, 80), NULL);
    return city->store != NULL;
}

static gboolean number_add(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf, gpointer data,
                           GError **error)
{
    g_array_append_val(data, event->at);
    return TRUE;
}

static gboolean ledger_is_whole(StoreConn *conn, GArray *found)
{
    LedgerCheck check;
    return ledger_check(conn, NULL, NULL, &check, NULL) && !check.bad_seq && check.bad_tile < 0 &&
           !check.gap && ledger_walk(conn, 1, G_MAXINT64, FALSE, number_add, found, NULL);
}

static gboolean file_is_whole(StoreConn *conn)
{
    g_autoptr(StoreRows) rows = store_query(conn, "PRAGMA integrity_check", NULL, 0, NULL);
    return rows && store_step(rows, NULL) && g_strcmp0(store_text(rows, 0), "ok") == 0;
}

static gboolean facts_are(StoreConn *conn, const GArray *numbers)
{
    gint64 facts[KEYS] = { 0 }, expected = 0, seen = 0;
    for (guint i = 0; i < numbers->len; i++) {
        gint64 n = g_array_index(numbers, gint64, i);
        facts[key_of(n)] = n % 5 ? n : 0;
    }
    for (guint i = 0; i < KEYS; i++)
        expected += facts[i] != 0;
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT name, value FROM counter", NULL, 0, NULL);
    while (rows && store_step(rows, NULL)) {
        gint64 key = g_ascii_strtoll(store_text(rows, 0) + 1, NULL, 10);
        if (key < 0 || key >= KEYS || facts[key] != store_int(rows, 1)) return FALSE;
        seen++;
    }
    return seen == expected;
}

static gboolean is_prefix(const GArray *found, const GArray *tried)
{
    if (!found->len) return TRUE;
    return found->len <= tried->len && memcmp(found->data, tried->data, found->len * sizeof(gint64)) == 0;
}

/* What is found counts as tried from now on; what was acknowledged and is not found is lost. */
static gboolean city_check(City *city)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(StoreConn) conn = store_read_begin(city->store, NULL);
    if (!conn || !ledger_is_whole(conn, found) || !file_is_whole(conn) || !is_prefix(found, city->tried) ||
        !facts_are(conn, found))
        return FALSE;
    city->tally->lost += city->safe > found->len ? city->safe - found->len : 0;
    city->tally->cuts_with_loss += city->safe > found->len;
    g_array_set_size(city->tried, found->len);
    city->safe = found->len;
    return TRUE;
}

/* One life: work, the cut, what is found. FALSE: damaged. */
static gboolean city_live(City *city)
{
    guint before = city->safe;
    if (city->regime->lying) disk_lie(city->disk);
    disk_cut_at(city->disk, 1 + base_chance_below(&city->chance, LONGEST_LIFE));
    if (!city_open(city)) return FALSE;
    for (guint i = 0; i < JOBS_A_LIFE && !disk_is_cut(city->disk); i++)
        some_work(city);
    g_clear_pointer(&city->store, store_close);
    Disk *found = disk_found(city->disk, base_chance_u64(&city->chance));
    disk_free(city->disk);
    city->disk = found;
    city->tally->cuts++;
    city->tally->acknowledged += city->safe - before;
    gboolean whole = city_open(city) && city_check(city);
    g_clear_pointer(&city->store, store_close);
    return whole;
}

/* Most disks begin with a finished store, some empty, so that the making is cut too. */
static void city_begin(City *city, const Disk *made)
{
    guint64 chance = base_chance_u64(&city->chance);
    g_array_set_size(city->tried, 0);
    city->safe = 0;
    disk_free(city->disk);
    city->disk = base_chance_below(&city->chance, 10) ? disk_copy(made, chance) : disk_new(chance);
}

static Disk *disk_with_store(const Regime *regime)
{
    City city = { .regime = regime, .chance = base_chance_seeded(seed), .disk = disk_new(seed) };
    g_assert_true(city_open(&city));
    store_close(city.store);
    return city.disk;
}

static Tally run(const Regime *regime, guint n)
{
    Tally tally = { 0 };
    g_autoptr(Disk) made = disk_with_store(regime);
    City city = { .regime = regime, .chance = base_chance_seeded(seed), .next = 1, .tally = &tally };
    city.tried = g_array_new(FALSE, FALSE, sizeof(gint64));
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(seed & G_MAXINT) | 1, NULL);
    gint64 start = g_get_monotonic_time();
    for (guint life = 0; tally.cuts < n; life++) {
        if (life % LIVES == 0) city_begin(&city, made);
        if (city_live(&city)) continue;
        tally.damaged++;
        city_begin(&city, made);
    }
    disk_free(city.disk);
    g_array_free(city.tried, TRUE);
    g_test_message("%s: %u cuts, %" G_GUINT64_FORMAT " acknowledged, %" G_GUINT64_FORMAT
                   " lost in %u cuts, %" G_GUINT64_FORMAT " damaged, %.1f s, seed %" G_GUINT64_FORMAT,
                   regime->name, tally.cuts, tally.acknowledged, tally.lost, tally.cuts_with_loss,
                   tally.damaged, (double)(g_get_monotonic_time() - start) / 1e6, seed);
    return tally;
}

/* --- the sentences --- */

static void full_loses_nothing(void)
{
    Tally tally = run(&(Regime){ .name = "FULL" }, cuts);
    g_assert_cmpuint(tally.lost, ==, 0);
    g_assert_cmpuint(tally.damaged, ==, 0);
    g_assert_cmpuint(tally.acknowledged, >, cuts);
}

static void normal_is_seen_to_lose(void)
{
    Tally tally = run(&(Regime){ .name = "NORMAL", .normal = TRUE }, cuts);
    g_assert_cmpuint(tally.lost, >, 0);
    g_assert_cmpuint(tally.damaged, ==, 0);
}

static void a_lying_disk_is_seen_to_lose(void)
{
    Tally tally = run(&(Regime){ .name = "FULL on a disk that lies", .lying = TRUE }, MIN(cuts, 200));
    g_assert_cmpuint(tally.lost + tally.damaged, >, 0);
}

/* Every step of the making in turn. */
static void a_store_is_made_whole_or_not_at_all(void)
{
    Regime regime = { .name = "FULL" };
    gboolean whole = FALSE;
    guint64 step = 1;
    for (; !whole; step++) {
        Tally tally = { 0 };
        City city = { .regime = &regime,
                      .chance = base_chance_seeded(seed + step),
                      .disk = disk_new(seed + step),
                      .tally = &tally };
        city.tried = g_array_new(FALSE, FALSE, sizeof(gint64));
        disk_cut_at(city.disk, step);
        g_assert_true(city_open(&city));
        g_clear_pointer(&city.store, store_close);
        whole = !disk_is_cut(city.disk);
        Disk *found = disk_found(city.disk, seed);
        disk_free(city.disk);
        city.disk = found;
        g_assert_true(city_open(&city) && city_check(&city));
        some_work(&city);
        g_assert_true(city_check(&city));
        store_close(city.store);
        disk_free(city.disk);
        g_array_free(city.tried, TRUE);
    }
    g_test_message("%d steps", (int)step - 1);
    g_assert_cmpuint(step, >, 20);
}

static void a_failed_sync_stops_the_process(void)
{
    if (g_test_subprocess()) {
        Tally tally = { 0 };
        City city = { .regime = &(Regime){ .name = "FULL" },
                      .chance = base_chance_seeded(seed),
                      .disk = disk_new(seed),
                      .tally = &tally,
                      .next = 1 };
        city.tried = g_array_new(FALSE, FALSE, sizeof(gint64));
        g_assert_true(city_open(&city));
        disk_fail_syncs(city.disk);
        for (guint i = 0; i < 3; i++)
            some_work(&city);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*COMMIT failed*");
}

/* Our own options, taken out before GLib reads the rest. */
static void read_options(int *argc, char **argv)
{
    int kept = 1;
    seed = (guint64)g_get_real_time();
    for (int i = 1; i < *argc; i++) {
        if (!strcmp(argv[i], "--cuts") && i + 1 < *argc)
            cuts = (guint)g_ascii_strtoull(argv[++i], NULL, 10);
        else if (!strcmp(argv[i], "--seed") && i + 1 < *argc)
            seed = g_ascii_strtoull(argv[++i], NULL, 10);
        else
            argv[kept++] = argv[i];
    }
    *argc = kept;
}

int main(int argc, char **argv)
{
    read_options(&argc, argv);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/powercut/full_loses_nothing", full_loses_nothing);
    g_test_add_func("/powercut/normal_is_seen_to_lose", normal_is_seen_to_lose);
    g_test_add_func("/powercut/a_lying_disk_is_seen_to_lose", a_lying_disk_is_seen_to_lose);
    g_test_add_func("/powercut/a_store_is_made_whole_or_not_at_all", a_store_is_made_whole_or_not_at_all);
    g_test_add_func("/powercut/a_failed_sync_stops_the_process", a_failed_sync_stops_the_process);
    return g_test_run();
}
