/* case_bench.c - the loop's two promises, whole: signals opened as cases in jobs of 500, and case events
 * fired one job each by many callers, on a store that loses nothing (synchronous=FULL), with figures,
 * dispatch and closing enrolled.
 *   >= 20,000 signals/s imported, >= 5,000 durable transitions/s.
 * Beside them, in the same run: what the disk takes for an fsync, and a naive writer (one caller, one commit
 * each). Usage: case_bench [signals] [callers]. Run from the root of the source. One JSON line a measurement.
 */
#include "loop/close/close.h"
#include "loop/dispatch/dispatch.h"
#include "loop/measure/measure.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 500
#define NOW G_GINT64_CONSTANT(1795395600000)

typedef struct {
    char *folder, *keys;
    Store *store;
    Guard *guard;
    CaseRoom *room;
    Dispatch *dispatch;
    const Pack *pack;
    GArray *ids; /* BaseId of the cases */
} City;

static guint signals = 40000, callers = 64;

static void folder_remove(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_rmdir(path);
}

/* `call` sets `error`. */
#define MUST(call, error)                                                                                    \
    G_STMT_START                                                                                             \
    {                                                                                                        \
        gboolean well = (call);                                                                              \
        if (!well) g_error("%s", (error) ? (error)->message : "refused");                                    \
    }                                                                                                        \
    G_STMT_END

static gboolean settle(StoreConn *conn, gpointer data, GError **error)
{
    City *city = data;
    for (int i = 0; i < 200; i++) {
        char id[8];
        g_snprintf(id, sizeof id, "U%03d", i);
        BasePoint at = { 30.0 + (i % 20) * 0.01, 120.0 + (double)(i / 20) * 0.01 };
        if (!case_put_unit(city->room, conn, id, id, "POLICE", "fire,medical,patrol,traffic", at, "bench",
                           NOW, error))
            return FALSE;
    }
    return TRUE;
}

static void city_open(City *city)
{
    GError *error = NULL;
    city->folder = g_dir_make_tmp("case-bench-XXXXXX", NULL);
    city->keys = g_dir_make_tmp("case-bench-XXXXXX", NULL);
    city->store = store_sqlite_open(&(StoreOptions){ .path = city->folder }, &error);
    MUST(city->store != NULL, error);
    city->guard = guard_open(city->store, city->keys, TRUE, base_chance_seeded(1), &error);
    MUST(city->guard != NULL, error);
    city->room = case_room_new(city->store, city->guard, BASE_CHINA_OFFSET);
    city->dispatch = dispatch_new(city->room);
    close_enrol(city->room);
    measure_enrol(city->room);
    Pack *pack = pack_load("packs/incident", &error);
    MUST(pack && case_room_add_pack(city->room, pack, NOW, &error), error);
    city->pack = pack;
    city->ids = g_array_new(FALSE, FALSE, sizeof(BaseId));
    MUST(store_write(city->store, settle, city, &error), error);
}

static void city_close(City *city)
{
    dispatch_free(city->dispatch);
    case_room_free(city->room);
    guard_close(city->guard);
    store_close(city->store);
    g_array_unref(city->ids);
    folder_remove(city->folder);
    folder_remove(city->keys);
    g_free(city->folder);
    g_free(city->keys);
}

/* ---- importing ---- */

typedef struct {
    City *city;
    GArray *signals; /* PackSignal */
    guint *in_flight;
    GMutex *lock;
    GCond *cond;
} Chunk;

static PackSignal make_signal(City *city, guint i)
{
    static const char *const kinds[] = { "nuisance", "traffic_accident", "fire", "medical", "fight" };
    GError *error = NULL;
    char phone[16];
    g_snprintf(phone, sizeof phone, "12%09u", i);
    json_t *call =
        json_pack("{s:s+, s:I, s:s, s:s, s:s, s:f, s:f, s:s, s:s, s:s}", "ref", "B", phone, "at",
                  (json_int_t)(NOW + i), "category", kinds[i % 5], "place", "梧桐路128号", "area", "A1",
                  "lat", 30.0 + (i % 97) * 0.002, "lon", 120.0 + (i % 89) * 0.001, "caller_name", "某某",
                  "caller_phone", phone, "description", "夜里施工噪声，请来人看一看");
    json_object_set_new(call, "ref", json_string(phone));
    PackSignal signal = { 0 };
    MUST(pack_map_json(city->pack, pack_mapping(city->pack, "json"), call, NOW, &signal, &error), error);
    json_decref(call);
    return signal;
}

static gboolean open_chunk(StoreConn *conn, gpointer data, GError **error)
{
    static const char *const roles[] = { "duty_officer", NULL };
    const CaseActor actor = { .actor = "bench", .roles = roles };
    Chunk *chunk = data;
    for (guint i = 0; i < chunk->signals->len; i++) {
        const PackSignal *s = &g_array_index(chunk->signals, PackSignal, i);
        gboolean again;
        BaseId id;
        if (!case_open(chunk->city->room, conn, chunk->city->pack, "bench", s, &actor, s->at, &id, &again,
                       error))
            return FALSE;
        g_array_append_val(chunk->city->ids, id);
    }
    return TRUE;
}

static void chunk_done(gboolean ok, const GError *error, gpointer data)
{
    Chunk *chunk = data;
    MUST(ok, (GError *)error);
    g_mutex_lock(chunk->lock);
    --*chunk->in_flight;
    g_cond_signal(chunk->cond);
    g_mutex_unlock(chunk->lock);
    for (guint i = 0; i < chunk->signals->len; i++)
        pack_signal_clear(&g_array_index(chunk->signals, PackSignal, i));
    g_array_unref(chunk->signals);
    g_free(chunk);
}

/* As intake does: signals are made here while the writer opens the chunk before. */
static double import(City *city)
{
    guint in_flight = 0;
    GMutex lock;
    GCond cond;
    g_mutex_init(&lock);
    g_cond_init(&cond);
    gint64 start = g_get_monotonic_time();
    for (guint made = 0; made < signals;) {
        Chunk *chunk = g_new0(Chunk, 1);
        *chunk = (Chunk){ city, g_array_sized_new(FALSE, FALSE, sizeof(PackSignal), CHUNK), &in_flight, &lock,
                          &cond };
        for (guint i = 0; i < CHUNK && made < signals; i++, made++) {
            PackSignal s = make_signal(city, made);
            g_array_append_val(chunk->signals, s);
        }
        g_mutex_lock(&lock);
        while (in_flight >= 2)
            g_cond_wait(&cond, &lock);
        in_flight++;
        g_mutex_unlock(&lock);
        store_write_later(city->store, open_chunk, chunk, chunk_done);
    }
    g_mutex_lock(&lock);
    while (in_flight)
        g_cond_wait(&cond, &lock);
    g_mutex_unlock(&lock);
    return (double)(g_get_monotonic_time() - start) / 1e6;
}

/* ---- moving ---- */

typedef struct {
    City *city;
    guint first, last;
    gint64 fired;
} Caller;

typedef struct {
    City *city;
    const BaseId *id;
    const char *event, *role, *fields;
} Deed;

static gboolean fire(StoreConn *conn, gpointer data, GError **error)
{
    const Deed *d = data;
    CaseRoom *room = d->city->room;
    const char *const roles[] = { d->role, NULL };
    CaseActor actor = { .actor = "bench", .roles = roles };
    g_autoptr(Case) c = NULL;
    if (!strcmp(d->role, "unit")) { /* who was sent says so */
        c = case_load(room, conn, d->id, error);
        if (!c) return FALSE;
        actor.unit = c->unit;
    }
    json_t *fields = d->fields ? json_loads(d->fields, 0, NULL) : NULL;
    gboolean ok = case_fire(room, conn, d->id, d->event, fields, &actor, NOW + 60000, error);
    json_decref(fields);
    return ok;
}

/* A case's whole way: triage sends a unit; the last frees it. */
static gpointer walk(gpointer data)
{
    static const struct {
        const char *event, *role, *fields;
    } way[] = {
        { "triage", "duty_officer", NULL },
        { "accept", "unit", NULL },
        { "arrive", "unit", NULL },
        { "report", "unit", "{\"result\":\"handled\",\"report_text\":\"到场处置完毕\"}" },
        { "dispose", "duty_officer", "{\"evidence\":\"record\"}" },
        { "rate", "resident", "{\"rating\":5}" },
    };
    Caller *caller = data;
    for (guint i = caller->first; i < caller->last; i++)
        for (gsize k = 0; k < G_N_ELEMENTS(way); k++) {
            g_autoptr(GError) error = NULL;
            Deed deed = { caller->city, &g_array_index(caller->city->ids, BaseId, i), way[k].event,
                          way[k].role, way[k].fields };
            MUST(store_write(caller->city->store, fire, &deed, &error), error);
            caller->fired++;
        }
    return NULL;
}

static double move(City *city, guint from, guint n_callers, guint each, gint64 *fired)
{
    g_autofree Caller *caller = g_new0(Caller, n_callers);
    g_autofree GThread **thread = g_new0(GThread *, n_callers);
    gint64 start = g_get_monotonic_time();
    for (guint i = 0; i < n_callers; i++) {
        caller[i] = (Caller){ city, from + i * each, from + (i + 1) * each, 0 };
        thread[i] = g_thread_new("caller", walk, &caller[i]);
    }
    *fired = 0;
    for (guint i = 0; i < n_callers; i++) {
        g_thread_join(thread[i]);
        *fired += caller[i].fired;
    }
    return (double)(g_get_monotonic_time() - start) / 1e6;
}

/* ---- the disk ---- */

static double fsync_ms(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "probe", NULL);
    static const char block[4096] = "x";
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    gint64 start = g_get_monotonic_time();
    for (int i = 0; i < 50; i++)
        if (pwrite(fd, block, sizeof block, (off_t)i * (off_t)sizeof block) < 0 || fdatasync(fd))
            g_error("the disk refuses");
    double ms = (double)(g_get_monotonic_time() - start) / 50e3;
    close(fd);
    unlink(path);
    return ms;
}

int main(int argc, char **argv)
{
    City city = { 0 };
    gint64 fired, naive;
    if (argc > 1) signals = (guint)g_ascii_strtoull(argv[1], NULL, 10);
    if (argc > 2) callers = (guint)g_ascii_strtoull(argv[2], NULL, 10);
    city_open(&city);
    double disk = fsync_ms(city.folder);
    printf("{\"bench\":\"fsync\",\"ms\":%.3f}\n", disk);
    double s = import(&city);
    printf("{\"bench\":\"import\",\"signals\":%u,\"job\":%d,\"per_second\":%.0f}\n", signals, CHUNK,
           signals / s);
    fflush(stdout);
    guint each = 30;
    double many = move(&city, 0, callers, each, &fired);
    double one = move(&city, callers * each, 1, each, &naive);
    printf("{\"bench\":\"moves\",\"callers\":%u,\"events\":%" G_GINT64_FORMAT
           ",\"per_second\":%.0f,\"naive_per_second\":%.0f,"
           "\"ratio\":%.1f}\n",
           callers, fired, (double)fired / many, (double)naive / one,
           ((double)fired / many) / ((double)naive / one));
    city_close(&city);
    return 0;
}
