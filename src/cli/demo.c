/* demo.c - the command that makes a city that does not exist and plays in it: live beside a served console,
 * or in virtual time, with its own calls or with tables of real ones. */
#include "cli/serve.h"
#include "cli/watch.h"
#include "city/day.h"
#include "city/roster.h"
#include "loop/intake/intake.h"
#include "loop/measure/measure.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define OPENING                                                                                              \
    (7 * BASE_HOUR + 30 * BASE_MINUTE) /* the console opens in the morning; the night was played before */
#define STORMY 0.2                     /* on a day quieter than this share nothing big happens */
#define VIRTUAL_ACTS 2000              /* acts of one job in virtual time */

static char *folder, *packs, *scripts, *web, *incidents, *complaints, *incident_mapping, *complaint_mapping,
    *start_text;
static gint port = 8080, days = 1, seed = 1, crews;
static gdouble speed = 60, share = 1;
static gboolean watch;
static gboolean virtual_time, in_memory, json, still, year;

static const GOptionEntry entries[] = {
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, "made anew each time (var/demo)", "DIR" },
    { "packs", 0, 0, G_OPTION_ARG_FILENAME, &packs, "where the services are", "DIR" },
    { "city", 0, 0, G_OPTION_ARG_FILENAME, &scripts, "how services are played, <service>.yaml (data/city)",
      "DIR" },
    { "web", 0, 0, G_OPTION_ARG_FILENAME, &web, "the built console (web/dist)", "DIR" },
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "8080; 0 takes any free one", "N" },
    { "watch", 0, 0, G_OPTION_ARG_NONE, &watch, "take over services that are changed in their folders",
      NULL },
    { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &speed, "city seconds per second (60: a day in 24 minutes)", "X" },
    { "still", 0, 0, G_OPTION_ARG_NONE, &still, "nobody acts and nobody calls: for trying things by hand",
      NULL },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "the same seed is the same city and the same day (1)", "N" },
    { "share", 0, 0, G_OPTION_ARG_DOUBLE, &share, "how busy, as a share of an ordinary day (1)", "X" },
    { "crews", 0, 0, G_OPTION_ARG_INT, &crews,
      "how many times the ordinary units (1; 4 for tables of real calls)", "N" },
    { "start", 0, 0, G_OPTION_ARG_STRING, &start_text, "the day it plays; today", "DATE" },
    { "virtual", 0, 0, G_OPTION_ARG_NONE, &virtual_time, "play to the end as fast as it goes, serve nothing",
      NULL },
    { "year", 0, 0, G_OPTION_ARG_NONE, &year,
      "in virtual time the whole year of --start (else last year), and its figures at the end", NULL },
    { "days", 0, 0, G_OPTION_ARG_INT, &days, "of virtual time (1)", "N" },
    { "in-memory", 0, 0, G_OPTION_ARG_NONE, &in_memory, "with --virtual: nothing on disk", NULL },
    { "incidents", 0, 0, G_OPTION_ARG_FILENAME, &incidents, "a table of real calls instead of drawn ones",
      "FILE" },
    { "incident-mapping", 0, 0, G_OPTION_ARG_STRING, &incident_mapping, "else the first that fits", "ID" },
    { "complaints", 0, 0, G_OPTION_ARG_FILENAME, &complaints, "a table of real complaints", "FILE" },
    { "complaint-mapping", 0, 0, G_OPTION_ARG_STRING, &complaint_mapping, "else the first that fits", "ID" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "output for scripts", NULL },
    { NULL },
};

/* ---- people who may sign in ---- */

static const struct {
    const char *login, *name, *org, *unit, *roles;
} people[] = {
    { "duty", "陈警官（值班）", "COMMAND", NULL, "duty_officer" },
    { "hotline", "李话务（12345）", "HOTLINE", NULL, "dispatcher,callcentre" },
    { "p01", "巡逻01", "PS-A1", "P01", "unit" },
    { "citymgmt", "周科长（城管）", "CITYMGMT", NULL, "handler" },
    { "filing", "郑立案（调处中心）", "MED-CENTRE", NULL, "dispatcher,callcentre" },
    { "mediator", "何调解（中心城区）", "MED-A1", NULL, "handler" },
    { "leader", "赵主任", "COMMAND", NULL, "leader" },
    { "analyst", "孙分析", "COMMAND", NULL, "analyst" },
    { "auditor", "钱审计", "COMMAND", NULL, "auditor" },
    { "admin", "吴管理", "COMMAND", NULL, "admin" },
};

static char *one_time_password(void)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    BaseChance chance = base_chance_system();
    GString *password = g_string_new(NULL);
    for (int i = 0; i < 14; i++) {
        if (i == 4 || i == 9)
            g_string_append_c(password, '-');
        else
            g_string_append_c(password, letters[base_chance_below(&chance, sizeof letters - 1)]);
    }
    return g_string_free(password, FALSE);
}

static gboolean invite_people(Home *home, gint64 at, json_t *logins, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++) {
        g_auto(GStrv) roles = g_strsplit(people[i].roles, ",", 0);
        g_autofree char *password = one_time_password();
        GuardUser user = { .login = (char *)people[i].login,
                           .name = (char *)people[i].name,
                           .org = (char *)people[i].org,
                           .unit = (char *)people[i].unit,
                           .roles = roles };
        if (!guard_user_put(home->guard, &user, password, base_clock_real_now(), at, "system:demo", error))
            return FALSE;
        json_array_append_new(logins, json_pack("{s:s, s:s, s:s, s:s}", "login", people[i].login, "password",
                                                password, "name", people[i].name, "roles", people[i].roles));
    }
    return TRUE;
}

static void print_people(const json_t *logins, guint16 at_port)
{
    printf("\n  闭环 demo city: http://127.0.0.1:%u\n  %s\n\n", at_port,
           incidents || complaints ? "What comes in is from your tables; who answers it is simulated."
                                   : "Everything and everybody in it is simulated.");
    for (gsize i = 0; i < json_array_size(logins); i++) {
        const json_t *each = json_array_get(logins, i);
        printf("  %-9s %s  %s\n", json_string_value(json_object_get(each, "login")),
               json_string_value(json_object_get(each, "password")),
               json_string_value(json_object_get(each, "roles")));
    }
    printf("\n  These sign-ins hold for this run. Ctrl-C ends it.\n");
    fflush(stdout);
}

static gboolean write_sign_ins(const Home *home, const json_t *logins, guint16 at_port, GError **error)
{
    g_autofree char *path = g_build_filename(home->folder, "sign-ins.json", NULL);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u", at_port);
    json_t *all = json_pack("{s:s, s:O}", "url", url, "logins", logins);
    char *text = json_dumps(all, JSON_INDENT(1));
    gboolean well = g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
    free(text);
    json_decref(all);
    return well;
}

/* ---- the city and its days ---- */

typedef struct {
    Home *home;
    World *world;
    Play *play;
    gint64 midnight; /* of the next day to be drawn */
    guint64 day;
    gint64 year_from, year_to; /* with --year: the year that is played, and before it the one before */
} Demo;

typedef struct {
    const World *world;
    CaseRoom *room;
    gint64 at;
} Settle;

static gboolean settle_job(StoreConn *conn, gpointer data, GError **error)
{
    const Settle *settle = data;
    return world_settle(settle->world, settle->room, conn, settle->at, error) &&
           roster_settle(settle->room, conn, settle->at, error);
}

static gboolean add_table(Demo *demo, const char *pack, const char *mapping, const guint8 *bytes,
                          gsize length, GError **error)
{
    IntakeOptions options = { .pack = pack, .mapping = mapping };
    IntakeCount count = { 0 };
    GArray *signals = intake_read(demo->home->room, bytes, length, &options, &count, error);
    if (!signals) return FALSE;
    g_autofree char *source = g_strdup_printf("%s/%s", pack, mapping ? mapping : "replay");
    play_signals(demo->play, case_room_pack(demo->home->room, pack), source, signals);
    if (count.bad && !json)
        fprintf(stderr, "%s: %" G_GINT64_FORMAT " rows could not be read\n", pack, count.bad);
    return TRUE;
}

/* What comes in to a service on the next day. */
static gboolean add_signals(Demo *demo, const Script *script, double signals, GError **error)
{
    g_autofree char *table = day_table(demo->world, script, demo->midnight, signals, share >= STORMY && !year,
                                       (guint64)seed * 1000 + demo->day);
    return add_table(demo, pack_id(script_pack(script)), script_signals(script)->mapping,
                     (const guint8 *)table, strlen(table), error);
}

typedef double (*HowMany)(const Demo *demo, const Script *script);

static double of_a_day(const Demo *demo, const Script *script)
{
    (void)demo;
    return script_signals(script)->day * share;
}

static gboolean add_day_of(Demo *demo, HowMany how_many, GError **error)
{
    const GPtrArray *services = case_room_packs(demo->home->room);
    for (guint i = 0; i < services->len; i++) {
        const Script *script = play_script(demo->play, services->pdata[i]);
        if (script && script_signals(script) && !add_signals(demo, script, how_many(demo, script), error))
            return FALSE;
    }
    demo->midnight += BASE_DAY;
    demo->day++;
    return TRUE;
}

static gboolean add_day(Demo *demo, GError **error)
{
    return add_day_of(demo, of_a_day, error);
}

static gboolean day_job(StoreConn *conn, gpointer data, GError **error)
{
    (void)conn;
    return add_day(data, error);
}

/* An hour before a day ends, draw the next. */
static gboolean next_day(Pacer *pacer, GError **error)
{
    Demo *demo = pacer->data;
    if (base_clock_now(&pacer->clock) < demo->midnight - BASE_HOUR) return TRUE;
    return store_write(demo->home->store, day_job, demo, error);
}

/* ---- as fast as it goes ---- */

typedef struct {
    Play *play;
    gint64 until;
    int acted;
} Rush;

static gboolean rush_job(StoreConn *conn, gpointer data, GError **error)
{
    Rush *rush = data;
    return play_step(rush->play, conn, rush->until, VIRTUAL_ACTS, &rush->acted, error);
}

/* `total`: signals expected, for progress; 0: none shown. */
static gboolean play_until(Demo *demo, gint64 until, gint64 total, GError **error)
{
    Rush rush = { .play = demo->play, .until = until };
    do {
        if (!store_write(demo->home->store, rush_job, &rush, error)) return FALSE;
        if (total) command_progress(MIN(play_arrived(demo->play), total), total, (gpointer) "playing");
    } while (rush.acted > 0);
    command_progress_end();
    return TRUE;
}

/* ---- making ---- */

/* A demo that is still served keeps its folder. */
static gboolean nobody_has_it(const char *where, GError **error)
{
    g_autofree char *path = g_build_filename(where, "store", NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) return TRUE;
    GError *refused = NULL;
    store_close(store_sqlite_open(&(StoreOptions){ .path = path }, &refused));
    if (g_error_matches(refused, STORE_ERROR, STORE_ERROR_BUSY)) {
        g_propagate_error(error, refused);
        return FALSE;
    }
    g_clear_error(&refused); /* whatever else is wrong with it: it is made anew */
    return TRUE;
}

static gboolean forget_last_demo(const char *where, GError **error)
{
    g_autofree char *mark = g_build_filename(where, "demo", NULL);
    if (!g_file_test(where, G_FILE_TEST_EXISTS)) return TRUE;
    if (!g_file_test(mark, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER,
                    "%s is there and no demo made it; name another folder", where);
        return FALSE;
    }
    if (!nobody_has_it(where, error)) return FALSE;
    static const char *const parts[] = { "store", "keys", "" };
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_build_filename(where, parts[i], NULL);
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        for (const char *file; dir && (file = g_dir_read_name(dir));) {
            g_autofree char *each = g_build_filename(path, file, NULL);
            if (!g_file_test(each, G_FILE_TEST_IS_DIR)) g_unlink(each);
        }
        g_rmdir(path);
    }
    return TRUE;
}

static gboolean open_demo(Home *home, gint64 at, GError **error)
{
    g_autofree char *where = g_strdup(folder ? folder : "var/demo");
    HomeOptions options = { .folder = where,
                            .packs = packs,
                            .create = TRUE,
                            .in_memory = in_memory,
                            .chance = virtual_time ? base_chance_seeded((guint64)seed) : base_chance_system(),
                            .at = at };
    if (!in_memory) {
        if (!forget_last_demo(where, error)) return FALSE;
        g_autofree char *mark = g_build_filename(where, "demo", NULL);
        if (g_mkdir_with_parents(where, 0700) != 0) {
            g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER, "%s cannot be made: %s", where,
                        g_strerror(errno));
            return FALSE;
        }
        if (!g_file_set_contents(mark, "made by bihuan demo\n", -1, error)) return FALSE;
    }
    return home_open(home, &options, error);
}

static gboolean settle(Demo *demo, gint64 at, GError **error)
{
    Settle order = { demo->world, demo->home->room, at };
    return store_write(demo->home->store, settle_job, &order, error);
}

/* ---- virtual time ---- */

static gboolean add_file(Demo *demo, const char *pack, const char *mapping, const char *path, GError **error)
{
    if (!path) return TRUE;
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, error);
    return file && add_table(demo, pack, mapping, (const guint8 *)g_mapped_file_get_contents(file),
                             g_mapped_file_get_length(file), error);
}

static gint64 count_of(StoreConn *conn, const char *sql)
{
    g_autoptr(StoreRows) rows = store_query(conn, sql, NULL, 0, NULL);
    return rows && store_step(rows, NULL) ? store_int(rows, 0) : -1;
}

/* ---- a whole year ---- */

static gint64 new_year(gint64 t, int later)
{
    char text[17];
    gint64 out = 0;
    gint64 is = 0;
    base_time_write(t, BASE_CHINA_OFFSET, text);
    text[4] = 0;
    g_ascii_string_to_signed(text, 10, 0, 9999, &is, NULL);
    g_autofree char *first = g_strdup_printf("%04d-01-01", (int)is + later);
    base_time_parse(first, BASE_CHINA_OFFSET, &out);
    return out;
}

/* The signals of the year, spread evenly over the days on which they come in. */
static double of_the_year(const Demo *demo, const Script *script)
{
    const ScriptSignals *signals = script_signals(script);
    const gboolean before = demo->midnight < demo->year_from;
    const gint64 from = before ? new_year(demo->year_from, -1) : demo->year_from;
    int open = 0;
    for (gint64 day = from; day < (before ? demo->year_from : demo->year_to); day += BASE_DAY)
        open += day_is_open(script, day);
    return (before ? signals->before : signals->year) * share / MAX(open, 1);
}

static gboolean add_years(Demo *demo, GError **error)
{
    while (demo->midnight < demo->year_to)
        if (!add_day_of(demo, of_the_year, error)) return FALSE;
    return TRUE;
}

static gboolean is_suspended(const Case *c)
{
    const FlowChart *chart = pack_chart(c->pack);
    for (int state = 0; state < flow_chart_states(chart); state++)
        if (flow_active(chart, &c->flow, state) && flow_chart_state_def(chart, state)->suspended) return TRUE;
    return FALSE;
}

/* Open cases that stand still on a ground and for a time; -1: they cannot be read. */
static gint64 count_suspended(Demo *demo, StoreConn *conn, GError **error)
{
    gint64 n = 0;
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT id FROM case_file WHERE final = 0", NULL, 0, error);
    GError *failed = NULL;
    while (rows && store_step(rows, &failed)) {
        BaseId id;
        gsize length;
        memcpy(id.b, store_blob(rows, 0, &length), sizeof id.b);
        g_autoptr(Case) c = case_load(demo->home->room, conn, &id, error);
        if (!c) return -1;
        n += is_suspended(c);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed ? n : -1;
}

/* [{pack, id, title, value, unit, target}] of the year, as the figures of the city say; new reference. */
static json_t *figures_of_year(Demo *demo, StoreConn *conn, GError **error)
{
    char period[17];
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    base_time_write(demo->year_from, BASE_CHINA_OFFSET, period);
    period[4] = 0;
    const MeasureQuery query = { .period = period };
    if (!measure_view(demo->home->room, conn, &query, &out, error)) return NULL;
    json_t *view = base_json_parse(text->str, text->len, BASE_JSON_LARGE, error);
    json_t *values = view ? json_incref(json_object_get(view, "values")) : NULL;
    json_decref(view);
    return values;
}

static void print_figures(const json_t *values)
{
    for (gsize i = 0; i < json_array_size(values); i++) {
        const json_t *v = json_array_get(values, i), *target = json_object_get(v, "target"),
                     *value = json_object_get(v, "value");
        const gboolean percent = g_strcmp0(json_string_value(json_object_get(v, "unit_en")), "%") == 0;
        printf("%-12s %-22s", json_string_value(json_object_get(v, "pack")),
               json_string_value(json_object_get(v, "id")));
        if (json_is_number(value)) printf(" %14.1f", json_number_value(value) * (percent ? 100 : 1));
        if (json_is_number(target))
            printf("%*s (target %.1f)", json_is_number(value) ? 0 : 15, "",
                   json_number_value(target) * (percent ? 100 : 1));
        putchar('\n');
    }
}

static void print_json(const json_t *out)
{
    char *text = json_dumps(out, JSON_COMPACT | JSON_PRESERVE_ORDER);
    puts(text);
    free(text);
}

static void print_words(const json_t *out)
{
#define N(key) json_integer_value(json_object_get(out, key))
    print_figures(json_object_get(out, "figures"));
    printf("%" JSON_INTEGER_FORMAT " signals, %" JSON_INTEGER_FORMAT " cases, %" JSON_INTEGER_FORMAT
           " still open (%" JSON_INTEGER_FORMAT " suspended), %" JSON_INTEGER_FORMAT
           " events\nledger root %s\n%.1f s\n",
           N("signals"), N("cases"), N("open"), N("suspended"), N("events"),
           json_string_value(json_object_get(out, "root")), json_real_value(json_object_get(out, "seconds")));
#undef N
}

static gboolean print_outcome(Demo *demo, double seconds, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(demo->home->store, error);
    guint8 root[LEDGER_HASH];
    if (!conn || !ledger_root(conn, ledger_size(conn), root, error)) return FALSE;
    gint64 open = count_of(conn, "SELECT count(*) FROM case_file WHERE final = 0"),
           suspended = count_suspended(demo, conn, error);
    if (suspended < 0) return FALSE;
    char hex[2 * LEDGER_HASH + 1];
    for (gsize i = 0; i < LEDGER_HASH; i++)
        g_snprintf(hex + 2 * i, 3, "%02x", root[i]);
    json_t *out =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:s, s:f}", "signals",
                  (json_int_t)count_of(conn, "SELECT count(*) FROM signal"), "cases",
                  (json_int_t)count_of(conn, "SELECT count(*) FROM case_file"), "open", (json_int_t)open,
                  "suspended", (json_int_t)suspended, "events", (json_int_t)ledger_size(conn), "root", hex,
                  "seconds", round(seconds * 100) / 100);
    json_t *figures = year ? figures_of_year(demo, conn, error) : NULL;
    if (figures) json_object_set(out, "figures", figures);
    json ? print_json(out) : print_words(out);
    json_decref(out);
    json_decref(figures);
    if (year && !figures) return FALSE;
    if (!year || open == suspended) return TRUE;
    g_set_error(error, CLI_ERROR, CLI_ERROR_USE,
                "%" G_GINT64_FORMAT
                " cases are neither closed nor suspended; their script (--city) leaves them there",
                open - suspended);
    return FALSE;
}

/* What will come in: tables of real signals, with the city's units moved to where they are; or drawn days. */
static gboolean prepare(Demo *demo, int n_days, GError **error)
{
    BasePoint middle;
    if (year) return add_years(demo, error);
    if (!incidents && !complaints) {
        for (int i = 0; i < n_days; i++)
            if (!add_day(demo, error)) return FALSE;
        return TRUE;
    }
    if (!add_file(demo, "incident", incident_mapping, incidents, error) ||
        !add_file(demo, "workorder", complaint_mapping, complaints, error))
        return FALSE;
    if (play_middle(demo->play, &middle)) world_move(demo->world, middle);
    return TRUE;
}

static gboolean run_virtual(Demo *demo, gint64 midnight, GError **error)
{
    gint64 begin = g_get_monotonic_time();
    if (!prepare(demo, days, error) || !settle(demo, midnight, error) ||
        !play_until(demo, G_MAXINT64 - 1, play_expected(demo->play), error))
        return FALSE;
    g_autofree char *note = guard_checkpoint(demo->home->guard, play_now(demo->play), error);
    return note && print_outcome(demo, (double)(g_get_monotonic_time() - begin) / 1e6, error);
}

/* ---- live ---- */

static gboolean serve_live(Demo *demo, gint64 opening, const json_t *logins, GError **error)
{
    g_autofree char *files = serve_web(web), *map = world_geojson(demo->world);
    gboolean drawn = !still && !incidents && !complaints;
    Pacer pacer = { .home = demo->home,
                    .clock = base_clock_played(opening, still ? 1 : speed),
                    .play = still ? NULL : demo->play,
                    .next_day = drawn ? next_day : NULL,
                    .data = demo };
    NoticeOptions sending = { .room = demo->home->room,
                              .folder = demo->home->folder,
                              .simulated = TRUE,
                              .chance = base_chance_system() };
    g_autoptr(NoticeDesk) notices = notice_desk_new(&sending, error);
    if (!notices) return FALSE;
    ApiOptions how = { .room = demo->home->room,
                       .notices = notices,
                       .documents = demo->home->documents,
                       .clock = pacer.clock,
                       .city_zh = "闭环市（模拟）",
                       .city_en = "Bihuan (simulated)",
                       .web = files,
                       .map = map,
                       .http = { .port = (guint16)port } };
    g_autoptr(Api) api = api_new(&how, error);
    if (!api || !api_start(api, error) || !write_sign_ins(demo->home, logins, api_port(api), error))
        return FALSE;
    if (json)
        printf("{\"port\":%u}\n", api_port(api));
    else
        print_people(logins, api_port(api));
    fflush(stdout);
    notice_worker_start(notices, &pacer.clock, NOTICES_MS);
    pacer_start(&pacer);
    Watch *watching = watch ? watch_start(demo->home, packs, api, &pacer.clock) : NULL;
    serve_wait();
    watch_stop(watching);
    notice_worker_stop(notices);
    api_stop(api); /* before the pacer, so that the last checkpoint covers what was answered */
    pacer_stop(&pacer);
    return TRUE;
}

static gboolean run_live(Demo *demo, gint64 midnight, GError **error)
{
    gboolean real = incidents || complaints;
    if (!still && !prepare(demo, 1, error)) return FALSE;
    gint64 opening = real && !still ? play_first(demo->play) : midnight + OPENING;
    json_t *logins = json_array();
    gboolean well =
        settle(demo, MIN(midnight, opening), error) && invite_people(demo->home, midnight, logins, error) &&
        (still || play_until(demo, opening, 0, error)) && serve_live(demo, opening, logins, error);
    json_decref(logins);
    return well;
}

static gboolean options_sound(GError **error)
{
    const char *why = !(speed > 0 && speed <= 86400)   ? "--speed is more than 0 and at most 86400"
                      : !(share >= 0 && share <= 1000) ? "--share is from 0 to 1000"
                      : days < 1 || days > 3660        ? "--days is from 1 to 3660"
                      : crews < 0 || crews > 1000      ? "--crews is from 1 to 1000"
                      : year && (incidents || complaints || still) ? "--year is of drawn signals"
                      : in_memory && !virtual_time                 ? "--in-memory goes with --virtual"
                                                                   : NULL;
    if (why) g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USE, why);
    return !why && command_port(port, error);
}

int command_demo(int argc, char **argv)
{
    int status = command_options("demo", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    gint64 now = base_clock_real_now(), day = now;
    if (start_text && !base_time_parse(start_text, BASE_CHINA_OFFSET, &day)) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE, "--start takes a date, like 2026-11-23");
        return command_fail(error, json);
    }
    virtual_time = virtual_time || year;
    if (!options_sound(&error)) return command_fail(error, json);
    gint64 midnight = day - ((day + BASE_CHINA_OFFSET) % BASE_DAY);
    const gint64 from = year ? new_year(day, start_text ? 0 : -1) : 0;
    if (year) midnight = new_year(from, -1);
    g_auto(Home) home = { 0 };
    Demo demo = { .home = &home, .midnight = midnight, .year_from = from, .year_to = new_year(from, 1) };
    if (!open_demo(&home, midnight, &error)) return command_fail(error, json);
    demo.world = world_new((guint64)seed, crews ? (guint)crews : incidents || complaints ? 4 : 1);
    demo.play = play_new(home.room, home.documents, (guint64)seed);
    gboolean well = play_learn(demo.play, scripts ? scripts : "data/city", &error) &&
                    (virtual_time ? run_virtual(&demo, midnight, &error) : run_live(&demo, midnight, &error));
    play_free(demo.play);
    world_free(demo.world);
    return well ? 0 : command_fail(error, json);
}
