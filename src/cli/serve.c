/* serve.c - commands that open a city to its people: serve. And what demo shares with it: the pacer and the
 * server. */
#include "cli/serve.h"
#include "cli/watch.h"
#include "loop/supervise/supervise.h"
#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/resource.h>

#define PACE_MS 100                       /* real time between looks at what is due */
#define SIGN_EVERY_MS ((gint64)60 * 1000) /* a checkpoint, if the ledger has grown */
#define ACTS_A_JOB 200                    /* so that people's own writes never wait long */

/* ---- the pacer: clocks, and the play if there is one ---- */

static gboolean pace_job(StoreConn *conn, gpointer data, GError **error)
{
    Pacer *pacer = data;
    gint64 now = base_clock_now(&pacer->clock);
    if (pacer->play) return play_step(pacer->play, conn, now, ACTS_A_JOB, &pacer->handled, error);
    int planned;
    if (!supervise_tick(pacer->home->room, conn, now, ACTS_A_JOB, &pacer->handled, error) ||
        !plan_tick(&pacer->plans, conn, now, ACTS_A_JOB, &planned, error))
        return FALSE;
    pacer->handled = MAX(pacer->handled, planned);
    return TRUE;
}

/* By the clock that nobody can set. */
static void sign(Pacer *pacer)
{
    gint64 now = g_get_monotonic_time() / 1000;
    if (now < pacer->sign_at) return;
    pacer->sign_at = now + SIGN_EVERY_MS;
    g_autoptr(GError) error = NULL;
    g_autofree char *note = guard_checkpoint(pacer->home->guard, base_clock_now(&pacer->clock), &error);
    if (!note) g_warning("no checkpoint could be signed: %s", error->message);
}

static gboolean rested(Pacer *pacer, gint64 ms)
{
    g_mutex_lock(&pacer->lock);
    gint64 until = g_get_monotonic_time() + ms * 1000;
    while (!pacer->stop && g_cond_wait_until(&pacer->changed, &pacer->lock, until))
        continue;
    gboolean go_on = !pacer->stop;
    g_mutex_unlock(&pacer->lock);
    return go_on;
}

#define STUCK_MS 1000 /* until the next look when a job was refused */

static void say_stuck(const BaseId *id, const GError *why, gpointer data)
{
    Pacer *pacer = data;
    char text[BASE_ID_TEXT];
    base_id_write(id, text);
    if (g_hash_table_add(pacer->stuck, g_strdup(text)))
        g_warning("the clocks of case %s stand still, all others go on: %s", text, why->message);
}

static void say_unplanned(const char *plan, const GError *why, gpointer data)
{
    Pacer *pacer = data;
    if (g_hash_table_add(pacer->stuck, g_strdup(plan)))
        g_warning("a plan opens nothing, all others go on: %s", why->message);
}

/* A job was refused: the play ends, but never the clocks. */
static void go_on(Pacer *pacer, const GError *refused)
{
    g_autoptr(GError) error = NULL;
    if (pacer->play) g_warning("the play stopped, the clocks go on: %s", refused->message);
    pacer->play = NULL;
    pacer->next_day = NULL;
    pacer->handled = 0;
    const gint64 now = base_clock_now(&pacer->clock);
    if (!supervise_each(pacer->home->room, now, ACTS_A_JOB, say_stuck, pacer, &error) ||
        !plan_each(&pacer->plans, now, ACTS_A_JOB, say_unplanned, pacer, &error))
        g_warning("what is due could not be read: %s", error->message);
}

static gpointer pace(gpointer data)
{
    Pacer *pacer = data;
    gint64 rest;
    do {
        g_autoptr(GError) error = NULL;
        gboolean well = store_write(pacer->home->store, pace_job, pacer, &error);
        if (!well) go_on(pacer, error);
        rest = !well ? STUCK_MS : pacer->handled < ACTS_A_JOB ? PACE_MS : 1;
        sign(pacer);
        g_clear_error(&error);
        if (pacer->next_day && !pacer->next_day(pacer, &error)) g_warning("no next day: %s", error->message);
    } while (rested(pacer, rest));
    pacer->sign_at = 0; /* a last checkpoint, so that nothing can be cut off the end while nobody serves */
    sign(pacer);
    return NULL;
}

/* A core would hold keys and personal data, and a failed commit ends in one by intent. */
static void forbid_cores(void)
{
    const struct rlimit none = { 0, 0 };
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        g_warning("core files could not be forbidden: %s", g_strerror(errno));
}

void pacer_start(Pacer *pacer)
{
    forbid_cores();
    g_mutex_init(&pacer->lock);
    g_cond_init(&pacer->changed);
    pacer->plans = (PlanDesk){ .room = pacer->home->room };
    pacer->stuck = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pacer->thread = g_thread_new("pacer", pace, pacer);
}

void pacer_stop(Pacer *pacer)
{
    if (!pacer->thread) return;
    g_mutex_lock(&pacer->lock);
    pacer->stop = TRUE;
    g_cond_signal(&pacer->changed);
    g_mutex_unlock(&pacer->lock);
    g_thread_join(pacer->thread);
    pacer->thread = NULL;
    g_clear_pointer(&pacer->stuck, g_hash_table_unref);
    g_mutex_clear(&pacer->lock);
    g_cond_clear(&pacer->changed);
}

/* ---- the server ---- */

static gboolean quit(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

void serve_wait(void)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    guint sources[] = { g_unix_signal_add(SIGINT, quit, loop), g_unix_signal_add(SIGTERM, quit, loop) };
    g_main_loop_run(loop);
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
        g_source_remove(sources[i]);
}

char *serve_web(const char *given)
{
    const char *named = given ? given : g_getenv("BIHUAN_WEB");
    return g_strdup(named ? named : "web/dist");
}

int command_serve(int argc, char **argv)
{
    g_autofree char *folder = NULL, *packs = NULL, *web = NULL, *address = NULL, *map = NULL, *name = NULL;
    gint port = 8080, per_address = 0;
    gboolean json = FALSE, watch = FALSE;
    const GOptionEntry entries[] = {
        { "watch", 0, 0, G_OPTION_ARG_NONE, &watch,
          "take over services that are changed in their folders (development)", NULL },
        { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, "the city's folder", "DIR" },
        { "packs", 0, 0, G_OPTION_ARG_FILENAME, &packs, "where the services are", "DIR" },
        { "web", 0, 0, G_OPTION_ARG_FILENAME, &web, "the built console (web/dist)", "DIR" },
        { "map", 0, 0, G_OPTION_ARG_FILENAME, &map, "the city's map, GeoJSON in WGS-84", "FILE" },
        { "name", 0, 0, G_OPTION_ARG_STRING, &name, "the city's name", "NAME" },
        { "port", 0, 0, G_OPTION_ARG_INT, &port, "8080; 0 takes any free one", "N" },
        { "address", 0, 0, G_OPTION_ARG_STRING, &address, "127.0.0.1; TLS belongs to a proxy before it",
          "A" },
        { "per-address", 0, 0, G_OPTION_ARG_INT, &per_address, "connections from one address (512)", "N" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &json, "say the port as JSON", NULL },
        { NULL },
    };
    int status = command_options("serve", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    g_autofree char *files = serve_web(web), *geojson = NULL;
    g_auto(Home) home = { 0 };
    HomeOptions options = {
        .folder = folder, .packs = packs, .chance = base_chance_system(), .at = base_clock_real_now()
    };
    if (!command_port(port, &error) || (map && !g_file_get_contents(map, &geojson, NULL, &error)) ||
        !home_open(&home, &options, &error))
        return command_fail(error, json);
    NoticeOptions sending = { .room = home.room, .folder = home.folder, .chance = base_chance_system() };
    g_autoptr(NoticeDesk) notices = notice_desk_new(&sending, &error);
    if (!notices) return command_fail(error, json);
    Pacer pacer = { .home = &home, .clock = base_clock_real() };
    ApiOptions how = {
        .room = home.room,
        .notices = notices,
        .documents = home.documents,
        .clock = pacer.clock,
        .city_zh = name ? name : "闭环",
        .city_en = name ? name : "Bihuan",
        .web = files,
        .map = geojson,
        .http = { .address = address, .port = (guint16)port, .per_address = (guint)MAX(per_address, 0) }
    };
    g_autoptr(Api) api = api_new(&how, &error);
    if (!api || !api_start(api, &error)) return command_fail(error, json);
    printf(json ? "{\"port\":%u}\n" : "bihuan: http://127.0.0.1:%u\n", api_port(api));
    fflush(stdout);
    notice_worker_start(notices, &pacer.clock, NOTICES_MS);
    pacer_start(&pacer);
    Watch *watching = watch ? watch_start(&home, packs, api, &pacer.clock) : NULL;
    serve_wait();
    watch_stop(watching);
    notice_worker_stop(notices);
    api_stop(api); /* before the pacer, so that the last checkpoint covers what was answered */
    pacer_stop(&pacer);
    return 0;
}
