/* loop.c - the whole loop on a disk that loses power: signals, deeds, clocks, notices, ratings, changes of
 * working days, editions of reports. After each cut the ledger must begin with everything that was
 * acknowledged, and every row must be what a rebuild makes of it; then the city goes on from there.
 *
 * Usage: loop [--cuts N] [--seed S] [GLib's test options]. */
#include "desk/notice/notice.h"
#include "disk.h"
#include "loop/case/days.h"
#include "loop/case/town_for_test.h"
#include "loop/close/close.h"
#include "loop/dispatch/dispatch.h"
#include "loop/measure/report.h"
#include "loop/supervise/supervise.h"
#include "store/sqlite.h"

enum { LIVES = 6, LONGEST_LIFE = 1200, ACTS_A_LIFE = 200 };
#define FOLDER "src/loop/case/pack_for_test"

static guint cuts = 200;
static guint64 seed;

typedef struct {
    gboolean normal; /* synchronous=NORMAL, which may lose what was acknowledged */
    BaseChance chance;
    Disk *disk;
    Town town;
    Dispatch *dispatch;
    NoticeDesk *notices;
    char *keys;
    gint64 safe; /* events that were acknowledged before the cut */
    guint8 root[LEDGER_HASH];
    guint n, lost;
    guint64 acts, events, refused;
    gboolean same; /* rows and rebuild, so far */
} City;

static guint below(City *city, guint n)
{
    return (guint)base_chance_below(&city->chance, n);
}

/* ---- opening and closing ---- */

static void take_cases(City *city)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(city->town.store, &error);
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT id FROM case_file ORDER BY id", NULL, 0, &error);
    BaseId id;
    while (store_step(rows, &error) && store_id(rows, 0, &id))
        g_array_append_val(city->town.cases, id);
    g_assert_no_error(error);
}

static void desks_open(City *city)
{
    g_autoptr(GError) error = NULL;
    Town *town = &city->town;
    city->dispatch = dispatch_new(town->room);
    close_enrol(town->room);
    measure_enrol(town->room);
    const NoticeOptions options = {
        .room = town->room, .folder = city->keys, .simulated = TRUE, .chance = base_chance_seeded(seed)
    };
    city->notices = notice_desk_new(&options, &error);
    g_assert_no_error(error);
}

static void city_open(City *city)
{
    g_autoptr(GError) error = NULL;
    const StoreOptions options = {
        .path = "city", .vfs = "disk", .readers = 2, .synchronous_off_for_test = city->normal
    };
    disk_mount(city->disk);
    Town *town = &city->town;
    town->store = store_sqlite_open_stepped(&options, 10 + (int)below(city, 80), &error);
    g_assert_no_error(error);
    town->guard =
        guard_open(town->store, city->keys, TRUE, base_chance_seeded(base_chance_u64(&city->chance)), &error);
    g_assert_no_error(error);
    town->room = case_room_new(town->store, town->guard, BASE_CHINA_OFFSET);
    town->chance = base_chance_seeded(base_chance_u64(&city->chance));
    town->cases = g_array_new(FALSE, FALSE, sizeof(BaseId));
    town->refusals = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(case_room_add_pack(town->room, town_pack(FOLDER), town->now, &error));
    desks_open(city);
    g_assert_true(case_days_load(town->room, town->now, &error));
    take_cases(city);
}

static void city_close(City *city)
{
    Town *town = &city->town;
    city->refused += town->refusals->len;
    notice_desk_free(city->notices);
    dispatch_free(city->dispatch);
    case_room_free(town->room);
    guard_close(town->guard);
    store_close(town->store);
    g_array_unref(town->cases);
    g_ptr_array_unref(town->refusals);
    json_decref(g_steal_pointer(&town->console));
}

/* ---- what people and clocks do ---- */

static gboolean tick_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    int handled = 0;
    (void)data;
    return supervise_tick(town->room, conn, town->now, 1000, &handled, error);
}

typedef struct {
    BaseId id;
    int level;
} Answer;

static gboolean rate_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const Answer *a = data;
    return close_rate(town->room, conn, &a->id, a->level, CANARY, town->now, error);
}

static gboolean freeze_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    gint64 edition;
    char period[11];
    (void)data;
    indicator_period(INDICATOR_MONTH, town->now, BASE_CHINA_OFFSET, period);
    const MeasureFreeze freeze = { .pack = "errand",
                                   .report = "monthly",
                                   .period = period,
                                   .why = "more came in",
                                   .actor = "boss",
                                   .now = town->now };
    return measure_report_freeze(town->room, conn, &freeze, &edition, error);
}

static void change_days(City *city)
{
    g_autoptr(GError) error = NULL;
    char day[11];
    base_day_write((gint32)(city->town.now / BASE_DAY) + 1 + (gint32)below(city, 5), day);
    g_autofree char *notice = g_strdup_printf("%s\t%s\t通知\n", day, below(city, 2) ? "off" : "work");
    g_autoptr(BaseDays) days = base_days_read(notice, strlen(notice), &error);
    g_assert_no_error(error);
    gint64 moved;
    case_days_change(city->town.room, days, "boss", city->town.now, &moved, &error);
    g_assert_no_error(error);
}

static const BaseId *some_case(City *city)
{
    const GArray *cases = city->town.cases;
    return &g_array_index(cases, BaseId, below(city, cases->len));
}

static void rate(City *city)
{
    Answer a = { *some_case(city), 1 + (int)below(city, 5) };
    city->refused += !town_write(&city->town, rate_job, &a, NULL);
}

static void act(City *city)
{
    g_autoptr(GError) error = NULL;
    NoticeCount count;
    Town *town = &city->town;
    const guint dice = below(city, 20);
    town->now += below(city, 30) * BASE_MINUTE;
    city->acts++;
    if (dice < 2 || !town->cases->len) {
        town_signal(town, below(city, 2) ? "light" : "water", below(city, 2) ? "electric" : "plumbing");
    } else if (dice < 5) {
        town->now += below(city, 30) * BASE_HOUR;
        city->refused += !town_write(town, tick_job, NULL, NULL);
    } else if (dice < 7) {
        rate(city);
    } else if (dice == 7) {
        g_assert_true(notice_pump(city->notices, town->now, town->now, &count, &error));
    } else if (dice == 8 && below(city, 3) == 0) {
        change_days(city);
    } else if (dice == 9 && below(city, 3) == 0) {
        city->refused += !town_write(town, freeze_job, NULL, NULL);
    } else {
        town_do_something(town, some_case(city));
    }
}

/* What has returned so far counts, unless the lights are out. */
static void acknowledge(City *city)
{
    g_autoptr(GError) error = NULL;
    if (disk_is_cut(city->disk)) return;
    g_autoptr(StoreConn) conn = store_read_begin(city->town.store, &error);
    city->safe = ledger_size(conn);
    g_assert_true(ledger_root(conn, city->safe, city->root, &error));
}

/* ---- what is found ---- */

/* Does the ledger begin with what was acknowledged? */
static gboolean nothing_lost(City *city)
{
    g_autoptr(GError) error = NULL;
    guint8 root[LEDGER_HASH];
    LedgerCheck check;
    g_autoptr(StoreConn) conn = store_read_begin(city->town.store, &error);
    g_assert_true(ledger_check(conn, NULL, NULL, &check, &error));
    g_assert_true(!check.bad_seq && check.bad_tile < 0 && !check.gap);
    city->events += (guint64)MAX(0, check.events - city->safe);
    if (check.events < city->safe) return FALSE;
    g_assert_true(ledger_root(conn, city->safe, root, &error));
    return !memcmp(root, city->root, sizeof root);
}

static void life(City *city)
{
    disk_cut_at(city->disk, 1 + base_chance_below(&city->chance, LONGEST_LIFE));
    city_open(city);
    if (!city->town.cases->len) g_assert_true(town_write(&city->town, town_settle, NULL, NULL));
    acknowledge(city);
    for (guint i = 0; i < ACTS_A_LIFE && !disk_is_cut(city->disk); i++) {
        act(city);
        acknowledge(city);
    }
    city_close(city);
    Disk *found = disk_found(city->disk, base_chance_u64(&city->chance));
    disk_free(city->disk);
    city->disk = found;
    city->n++;
}

/* Opening goes on with a change of working days that was broken off. */
static void hold(City *city)
{
    city_open(city);
    city->lost += !nothing_lost(city);
    town_assert_rebuilt_equal(&city->town);
    acknowledge(city);
    city_close(city);
}

static guint run(gboolean normal, guint n)
{
    g_autoptr(GError) error = NULL;
    City city = { .normal = normal, .chance = base_chance_seeded(seed), .town = { .now = T0 } };
    city.keys = g_dir_make_tmp("bihuan-powercut-XXXXXX", &error);
    g_assert_no_error(error);
    while (city.n < n) {
        if (city.n % LIVES == 0) {
            disk_free(city.disk);
            city.disk = disk_new(base_chance_u64(&city.chance));
            city.safe = 0;
            city_open(&city);
            acknowledge(&city);
            city_close(&city);
        }
        life(&city);
        hold(&city);
    }
    g_test_message("%s: %u cuts, %" G_GUINT64_FORMAT " acts, %" G_GUINT64_FORMAT
                   " refused, lost something in %u, seed %" G_GUINT64_FORMAT,
                   normal ? "NORMAL" : "FULL", city.n, city.acts, city.refused, city.lost, seed);
    g_assert_cmpuint(city.acts, >, 2 * city.n);
    disk_free(city.disk);
    g_autofree char *outbox = g_build_filename(city.keys, "outbox", NULL);
    town_folder_remove(g_steal_pointer(&outbox));
    town_folder_remove(city.keys);
    return city.lost;
}

static void every_acknowledged_deed_is_found_and_the_rows_follow_from_the_ledger(void)
{
    g_assert_cmpuint(run(FALSE, cuts), ==, 0);
}

static void without_waiting_for_the_disk_deeds_are_seen_to_be_lost(void)
{
    g_assert_cmpuint(run(TRUE, cuts / 2), >, 0);
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
    g_test_add_func("/powercut/every_acknowledged_deed_is_found_and_the_rows_follow_from_the_ledger",
                    every_acknowledged_deed_is_found_and_the_rows_follow_from_the_ledger);
    g_test_add_func("/powercut/without_waiting_for_the_disk_deeds_are_seen_to_be_lost",
                    without_waiting_for_the_disk_deeds_are_seen_to_be_lost);
    return g_test_run();
}
