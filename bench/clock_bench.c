/* clock_bench.c - clocks, many at once: a deadline on an office calendar; a change of working days with N
 * open clocks, of which some move; and finding what is due, with N open clocks and with a thousand. Promises:
 * under 100 ns a deadline; 1,000,000 open clocks re-projected in under 5 s, in the ledger and on disk; the
 * due scan does not depend on N. Usage: clock_bench [clocks]. Run from the root of the source. One JSON line
 * a measurement. */
#include "loop/case/days.h"
#include "loop/supervise/supervise.h"
#include "store/store.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define JOB 20000
#define NOW G_GINT64_CONSTANT(1795395600000) /* 2026-11-23 17:00 */
#define MUST(call)                                                                                           \
    if (!(call)) g_error("%s", error ? error->message : "refused")

typedef struct {
    char *folder, *keys;
    Store *store;
    Guard *guard;
    CaseRoom *room;
    const Pack *pack;
    BaseChance chance;
    guint done, until;
} City;

static double seconds_since(gint64 begin)
{
    return (double)(g_get_monotonic_time() - begin) / 1e6;
}

/* User and system time of all threads: what a busy machine does not change. */
static double cpu_seconds(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static void deadlines(void)
{
    static const BaseShift office[] = { { 510, 720 }, { 810, 1050 } };
    g_autoptr(BaseCalendar) calendar = base_calendar_new("office", office, 2, BASE_CHINA_OFFSET);
    BaseChance chance = base_chance_seeded(7);
    gint64 from[1024], amount[1024], sum = 0;
    for (int i = 0; i < 1024; i++) {
        from[i] = NOW + (gint64)base_chance_below(&chance, 400 * (guint64)BASE_DAY);
        amount[i] = (gint64)base_chance_below(&chance, 30 * 8 * (guint64)BASE_HOUR);
    }
    const gint64 begin = g_get_monotonic_time();
    for (int n = 0; n < 5000000; n++)
        sum += base_calendar_after(calendar, BASE_MEASURE_OFFICE, from[n & 1023], amount[n & 1023], NULL);
    const double ns = seconds_since(begin) * 1e9 / 5e6;
    printf("{\"bench\":\"deadline\",\"ns\":%.1f,\"promise_ns\":100,\"kept\":%s,\"sum\":%" G_GINT64_FORMAT
           "}\n",
           ns, ns < 100 ? "true" : "false", sum & 1);
}

/* ---- a city with many open clocks, put into its rows directly ---- */

static void city_open(City *city)
{
    GError *error = NULL;
    *city = (City){ .folder = g_dir_make_tmp("clock-bench-XXXXXX", NULL),
                    .keys = g_dir_make_tmp("clock-bench-XXXXXX", NULL),
                    .chance = base_chance_seeded(1) };
    city->store = store_sqlite_open(&(StoreOptions){ .path = city->folder }, &error);
    MUST(city->store);
    city->guard = guard_open(city->store, city->keys, TRUE, base_chance_seeded(1), &error);
    MUST(city->guard);
    city->room = case_room_new(city->store, city->guard, BASE_CHINA_OFFSET);
    Pack *pack = pack_load("packs/workorder", &error);
    MUST(pack && case_room_add_pack(city->room, pack, NOW, &error));
    city->pack = pack;
}

static void folder_remove(char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_rmdir(path);
    g_free(path);
}

static void city_close(City *city)
{
    case_room_free(city->room);
    guard_close(city->guard);
    store_close(city->store);
    folder_remove(city->folder);
    folder_remove(city->keys);
}

static gboolean put_case(City *city, StoreConn *conn, GError **error)
{
    const FlowChart *chart = pack_chart(city->pack);
    const int clock = flow_chart_clock_find(chart, "resident");
    FlowCase c = { 0 };
    const gint64 since = NOW - (gint64)base_chance_below(&city->chance, 9 * (guint64)BASE_DAY);
    c.clock[clock] = (FlowClock){ .state = FLOW_CLOCK_RUNNING,
                                  .since = since,
                                  .started = since,
                                  .rung = 1,
                                  .budget = flow_chart_clock_def(chart, clock)->budget };
    const gint64 next = flow_clock_next(chart, &c, clock, NULL), due = flow_clock_due(chart, &c, clock, NULL);
    const BaseId id = base_id_make(&city->chance, since);
    return STORE_RUN(conn, error,
                     "INSERT INTO case_file(id, number, pack, version, state, final, title, level, org, "
                     "area, place,"
                     " opened_at, moved_at, late, facts) VALUES(?1, 'N', ?2, ?3, 'received', 0, 't', "
                     "3, 'O', 'A',"
                     " 'p', ?4, ?4, 0, '{}')",
                     STORE_ID(&id), STORE_T(pack_id(city->pack)), STORE_T(pack_version(city->pack)),
                     STORE_I(since)) &&
           STORE_RUN(
               conn, error,
               "INSERT INTO clock(case_id, id, state, consumed, since, budget, started, stopped, rung, "
               "expired,"
               " next_at, due_at, provisional) VALUES(?1, 'resident', 1, 0, ?2, ?3, ?2, 0, 1, 0, ?4, ?5, 0)",
               STORE_ID(&id), STORE_I(since), STORE_I(c.clock[clock].budget), STORE_I(next), STORE_I(due));
}

static gboolean put_cases(StoreConn *conn, gpointer data, GError **error)
{
    City *city = data;
    for (; city->done < city->until; city->done++)
        if (!put_case(city, conn, error)) return FALSE;
    return TRUE;
}

static void city_fill(City *city, guint clocks)
{
    GError *error = NULL;
    while (city->done < clocks) {
        city->until = MIN(clocks, city->done + JOB);
        MUST(store_write(city->store, put_cases, city, &error));
    }
}

/* ---- measuring ---- */

static double fsync_ms(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "fsync", NULL);
    const int fd = open(path, O_CREAT | O_WRONLY, 0600);
    const gint64 begin = g_get_monotonic_time();
    for (int i = 0; i < 50; i++)
        if (pwrite(fd, "x", 1, i) != 1 || fsync(fd) != 0) break;
    close(fd);
    g_unlink(path);
    return seconds_since(begin) * 1e3 / 50;
}

static double due_us(City *city)
{
    GError *error = NULL;
    const gint64 begin = g_get_monotonic_time();
    for (int i = 0; i < 2000; i++) {
        gint64 next;
        g_autoptr(StoreConn) conn = store_read_begin(city->store, &error);
        MUST(conn && supervise_next(conn, &next, &error));
    }
    return seconds_since(begin) * 1e6 / 2000;
}

static void reproject(City *city, guint clocks)
{
    static const char notice[] = "2026-11-25\toff\tclosed\n";
    GError *error = NULL;
    g_autoptr(BaseDays) days = base_days_read(notice, strlen(notice), &error);
    MUST(days);
    gint64 moved = 0;
    const double fsync_cost = fsync_ms(city->folder);
    const gint64 begin = g_get_monotonic_time();
    const double cpu_before = cpu_seconds();
    MUST(case_days_change(city->room, days, "bench", NOW, &moved, &error));
    const double s = seconds_since(begin), cpu = cpu_seconds() - cpu_before;
    printf("{\"bench\":\"reproject\",\"clocks\":%u,\"moved\":%" G_GINT64_FORMAT
           ",\"seconds\":%.2f,\"cpu_seconds\":%.2f,\"fsync_ms\":%.2f,\"promise_seconds\":5,\"kept\":%s}\n",
           clocks, moved, s, cpu, fsync_cost, s < 5 ? "true" : "false");
}

int main(int argc, char **argv)
{
    const guint clocks = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 1000000;
    City city;
    deadlines();
    city_open(&city);
    city_fill(&city, 1000);
    const double few = due_us(&city);
    city_fill(&city, clocks);
    const double many = due_us(&city);
    printf("{\"bench\":\"due\",\"us_with_1000\":%.1f,\"us_with_all\":%.1f,\"promise_times\":2,"
           "\"kept\":%s}\n",
           few, many, many < 2 * few ? "true" : "false");
    reproject(&city, clocks);
    city_close(&city);
    return 0;
}
