/* api_test.c - every route over real sockets, against a small city on disk: what it gives, and how it
 * refuses. */
#include "api/call.h"
#include "api/client_for_test.h"
#include "loop/close/close.h"
#include "loop/dispatch/dispatch.h"
#include "loop/measure/measure.h"
#include <glib/gstdio.h>

#define PASSWORD "Nine-lamps-on-the-river"
#define T0 G_GINT64_CONSTANT(1795395600000) /* Monday 2026-11-23 09:00 in China */

typedef struct {
    char *folder, *keys, *web;
    Store *store;
    Guard *guard;
    CaseRoom *room;
    Dispatch *dispatch;
    Api *api;
    guint16 port;
    GHashTable *tokens; /* login -> token */
    guint key;          /* counts Idempotency-Keys */
} City;

/* ---- a city ---- */
static gboolean settle(StoreConn *conn, gpointer data, GError **error)
{
    City *city = data;
    return case_put_org(city->room, conn, "S1", "一所", NULL, "A1", "station", "setup", T0, error) &&
           case_put_unit(city->room, conn, "U1", "巡一", "S1", "patrol", (BasePoint){ 30.0, 120.0 }, "setup",
                         T0, error) &&
           case_put_unit(city->room, conn, "U2", "巡二", "S1", "patrol", (BasePoint){ 30.5, 120.0 }, "setup",
                         T0, error);
}

static void put_web(City *city)
{
    static const char *const files[][2] = {
        { "index.html", "<!doctype html><style nonce=\"__BIHUAN_NONCE__\"></style>console" },
        { "r.html", "<!doctype html>resident" },
        { "s.html", "<!doctype html>signer" },
        { "v.html", "<!doctype html>verify" },
        { "assets/main-abc.js", "console.log(1)" },
        { "assets/main-abc.js.gz", "packed" },
    };
    g_autofree char *assets = g_build_filename(city->web, "assets", NULL);
    g_assert_cmpint(g_mkdir_with_parents(assets, 0700), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(city->web, files[i][0], NULL);
        g_assert_true(g_file_set_contents(path, files[i][1], -1, NULL));
    }
}

/* People come when first asked for: each password costs a tenth of a second. */
static void put_person(City *city, const char *login)
{
    static const struct {
        const char *login, *unit, *role;
    } people[] = {
        { "officer", NULL, "duty_officer" }, { "unit1", "U1", "unit" },      { "desk", NULL, "dispatcher" },
        { "leader", NULL, "leader" },        { "auditor", NULL, "auditor" }, { "admin", NULL, "admin" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++) {
        g_autoptr(GError) error = NULL;
        char *roles[] = { (char *)people[i].role, NULL };
        GuardUser user = { (char *)login, (char *)"某人", (char *)"S1", (char *)people[i].unit, roles };
        if (strcmp(login, people[i].login)) continue;
        guard_user_put(city->guard, &user, PASSWORD, base_clock_real_now(), T0, "setup", &error);
        g_assert_no_error(error);
    }
}

static void open_rooms(City *city)
{
    GError *error = NULL;
    g_autofree char *at = g_build_filename(city->folder, "store", NULL);
    g_autofree char *packs =
        g_build_filename(g_getenv("G_TEST_SRCDIR") ? g_getenv("G_TEST_SRCDIR") : ".", "packs/incident", NULL);
    StoreOptions options = { .path = at };
    city->store = store_sqlite_open(&options, &error);
    g_assert_no_error(error);
    city->guard = guard_open(city->store, city->keys, TRUE, base_chance_seeded(1), &error);
    g_assert_no_error(error);
    city->room = case_room_new(city->store, city->guard, BASE_CHINA_OFFSET);
    city->dispatch = dispatch_new(city->room);
    close_enrol(city->room);
    measure_enrol(city->room);
    Pack *pack = pack_load(packs, &error);
    g_assert_no_error(error);
    g_assert_true(case_room_add_pack(city->room, pack, T0, &error));
}

static City *city_open(ApiOptions options)
{
    GError *error = NULL;
    City *city = g_new0(City, 1);
    city->folder = g_dir_make_tmp("bihuan-api-XXXXXX", NULL);
    city->keys = g_build_filename(city->folder, "keys", NULL);
    city->web = g_build_filename(city->folder, "web", NULL);
    city->tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    put_web(city);
    open_rooms(city);
    options.room = city->room;
    options.clock = (BaseClock){ base_clock_real_now(), T0 + BASE_HOUR, 1, TRUE };
    options.web = city->web;
    options.sign_ins = options.sign_ins ? options.sign_ins : 100;
    city->api = api_new(&options, &error);
    g_assert_no_error(error);
    g_assert_true(store_write(city->store, settle, city, &error));
    g_assert_true(api_start(city->api, &error));
    city->port = api_port(city->api);
    return city;
}

static void remove_folder(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        remove_folder(inside);
    }
    g_remove(path);
}

static void city_close(City *city)
{
    api_free(city->api);
    dispatch_free(city->dispatch);
    case_room_free(city->room);
    guard_close(city->guard);
    store_close(city->store);
    remove_folder(city->folder);
    g_hash_table_unref(city->tokens);
    g_free(city->folder);
    g_free(city->keys);
    g_free(city->web);
    g_free(city);
}

/* ---- asking ---- */
static char *sign_in(City *city, const char *login)
{
    const char *known = g_hash_table_lookup(city->tokens, login);
    if (known) return g_strdup(known);
    put_person(city, login);
    g_autofree char *body = g_strdup_printf("{\"login\":\"%s\",\"password\":\"" PASSWORD "\"}", login);
    g_auto(ClientReply) reply =
        client_ask(city->port, "POST", "/api/sign-in", "Content-Type: application/json\r\n", body, -1);
    g_assert_cmpint(reply.status, ==, 200);
    const char *at = strstr(reply.all->str, "__Host-bihuan=");
    g_assert_nonnull(at);
    char *token = g_strndup(at + 14, GUARD_TOKEN - 1);
    g_hash_table_insert(city->tokens, g_strdup(login), g_strdup(token));
    return token;
}

static ClientReply ask_with(City *city, const char *login, const char *method, const char *target,
                            const char *type, const char *body, const char *more)
{
    g_autofree char *token = login ? sign_in(city, login) : NULL;
    g_autoptr(GString) headers = g_string_new(more);
    if (token) g_string_append_printf(headers, "Authorization: Bearer %s\r\n", token);
    if (body) g_string_append_printf(headers, "Content-Type: %s\r\n", type);
    return client_ask(city->port, method, target, headers->str, body ? body : "", -1);
}

static ClientReply ask(City *city, const char *login, const char *method, const char *target,
                       const char *body)
{
    g_autofree char *key = g_strdup_printf("Idempotency-Key: k%u\r\n", ++city->key);
    return ask_with(city, login, method, target, "application/json", body, strcmp(method, "GET") ? key : "");
}

static json_t *must(City *city, const char *login, const char *method, const char *target, const char *body)
{
    g_auto(ClientReply) reply = ask(city, login, method, target, body);
    if (reply.status != 200) g_error("%s %s as %s: %s", method, target, login, reply.all->str);
    json_t *json = json_loads(reply.body, JSON_DECODE_ANY, NULL);
    g_assert_nonnull(json);
    return json;
}

static char *text_of(json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    g_assert_nonnull(text);
    return g_strdup(text);
}

#define SIGNAL                                                                                               \
    "{\"pack\":\"incident\",\"signal\":{\"ref\":\"%s\",\"category\":\"dispute\",\"place\":\"河边路\","    \
    "\"area\":\"A1\","                                                                                       \
    "\"lat\":30.01,\"lon\":120.0,\"caller_name\":\"张三\",\"caller_phone\":\"12000000001\"}}"

static char *open_case(City *city, const char *ref)
{
    g_autofree char *body = g_strdup_printf(SIGNAL, ref);
    json_t *done = must(city, "officer", "POST", "/api/signals", body);
    g_assert_cmpstr(json_string_value(json_object_get(done, "outcome")), ==, "opened");
    char *id = text_of(done, "id");
    json_decref(done);
    return id;
}

static void fire(City *city, const char *login, const char *id, const char *event, const char *fields,
                 const char *want)
{
    g_autofree char *target = g_strdup_printf("/api/cases/%s/events", id);
    g_autofree char *body = g_strdup_printf("{\"event\":\"%s\",\"fields\":%s}", event, fields);
    json_t *fired = must(city, login, "POST", target, body);
    g_assert_cmpstr(json_string_value(json_object_get(fired, "state")), ==, want);
    g_assert_cmpint(json_integer_value(json_object_get(fired, "seq")), >, 0);
    json_decref(fired);
}

static gint64 events(City *city)
{
    g_autoptr(StoreConn) conn = store_read_begin(city->store, NULL);
    return ledger_size(conn);
}

/* ---- tests ---- */
static void a_call_goes_from_arrival_to_rating(void)
{
    City *city = city_open((ApiOptions){ 0 });
    char link[GUARD_PARTY_LINK];
    BaseId id;
    g_autofree char *text = open_case(city, "R1");
    g_assert_true(base_id_parse(text, &id));
    fire(city, "officer", text, "triage", "{}", "offered");
    json_t *tasks = must(city, "unit1", "GET", "/api/tasks", NULL);
    g_assert_cmpuint(json_array_size(json_object_get(tasks, "tasks")), ==, 1);
    json_decref(tasks);
    fire(city, "unit1", text, "accept", "{}", "enroute");
    fire(city, "unit1", text, "arrive", "{}", "on_scene");
    fire(city, "unit1", text, "report", "{\"result\":\"mediated\",\"report_text\":\"已调解\"}", "reported");
    fire(city, "officer", text, "dispose", "{\"evidence\":\"record\"}", "disposed");
    guard_party_link(city->guard, &id, "resident", link);
    g_autofree char *page = g_strdup_printf("/api/resident/%s", link),
                    *rating = g_strconcat(page, "/rating", NULL);
    json_t *shown = must(city, NULL, "GET", page, NULL);
    g_assert_true(json_is_true(json_object_get(shown, "can_rate")));
    json_decref(shown);
    json_decref(must(city, NULL, "POST", rating, "{\"level\":5,\"text\":\"谢谢\"}"));
    g_auto(ClientReply) again = ask(city, NULL, "POST", rating, "{\"level\":1}");
    g_assert_cmpint(again.status, ==, 409);
    g_autofree char *timeline = g_strdup_printf("/api/cases/%s/timeline", text);
    json_t *told = must(city, "officer", "GET", timeline, NULL);
    g_assert_cmpuint(json_array_size(json_object_get(told, "events")), >=, 7);
    json_decref(told);
    city_close(city);
}

static void private_facts_come_with_the_number_of_their_reading(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *id = open_case(city, "R1"),
                    *target = g_strdup_printf("/api/cases/%s?purpose=handle", id);
    gint64 before = events(city);
    json_t *view = must(city, "officer", "GET", target, NULL);
    g_assert_cmpint(events(city), ==, before + 1);
    g_assert_cmpint(json_integer_value(json_object_get(view, "audit_seq")), ==, before + 1);
    g_assert_cmpstr(json_string_value(json_object_get(json_object_get(view, "private"), "caller_phone")), ==,
                    "12000000001");
    json_decref(view);
    view = must(city, "desk", "GET", target, NULL);
    g_assert_cmpstr(json_string_value(json_object_get(json_object_get(view, "private"), "caller_phone")), !=,
                    "12000000001");
    json_decref(view);
    g_autofree char *token = sign_in(city, "unit1");
    before = events(city);
    g_auto(ClientReply) refused = ask(city, "unit1", "GET", target, NULL); /* not this unit's case */
    g_assert_cmpint(refused.status, ==, 403);
    g_assert_cmpint(events(city), ==, before);
    g_auto(ClientReply) list = ask(city, "leader", "GET", "/api/cases?open=true&limit=10", NULL);
    g_assert_null(strstr(list.all->str, "12000000001"));
    g_assert_null(strstr(list.all->str, "张三"));
    city_close(city);
}

static void reading_routes_give_their_shape(void)
{
    static const struct {
        const char *login, *target, *member;
    } table[] = {
        /* clang-format off */
        { "officer", "/api/me", "rights" },
        { "officer", "/api/packs", "packs" },
        { "unit1",   "/api/packs/incident", "about" },
        { "auditor", "/api/packs/incident", "versions" },
        { "unit1",   "/api/packs/incident/diagram", "nodes" },
        { "officer", "/api/orgs", "orgs" },
        { "officer", "/api/map", "features" },
        { "officer", "/api/cases", "cases" },
        { "officer", "/api/cases?state=received&org=S1&late=false&before=9999999999999&limit=1", "open" },
        { "officer", "/api/units", "units" },
        { "unit1",   "/api/tasks", "tasks" },
        { "leader",  "/api/indicators", "values" },
        { "leader",  "/api/indicators?by=org&period=2026-11&pack=incident", "values" },
        { "auditor", "/api/audit/checkpoint", "note" },
        { NULL,      "/api/audit/checkpoint", "key" },
        { "auditor", "/api/audit/inclusion?seq=1", "head" },
        { "auditor", "/api/audit/inclusion?seq=2&size=3", "hashes" },
        { NULL,      "/api/audit/consistency?from=1&to=3", "from_root" },
        { "auditor", "/api/audit/events?limit=5&actor=setup", "events" },
        { "admin",   "/api/users", "users" },
        { NULL,      "/api/openapi.json", "paths" },
        { NULL,      "/livez", "ok" },
        { NULL,      "/readyz", "ok" },
        /* clang-format on */
    };
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *id = open_case(city, "R1");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].target);
        json_t *json = must(city, table[i].login, "GET", table[i].target, NULL);
        g_assert_nonnull(json_object_get(json, table[i].member));
        json_decref(json);
    }
    g_auto(ClientReply) metrics = ask(city, NULL, "GET", "/metrics", NULL);
    g_assert_nonnull(strstr(metrics.body, "bihuan_replies_total{class=\"2xx\"}"));
    city_close(city);
}

static void a_service_tells_its_rules_and_its_versions(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *id = open_case(city, "R1");
    json_t *page = must(city, "unit1", "GET", "/api/packs/incident", NULL),
           *about = json_object_get(page, "about"), *files = json_object_get(about, "files"),
           *version = json_array_get(json_object_get(page, "versions"), 0);
    g_assert_nonnull(json_object_get(files, "access.yaml"));
    g_assert_nonnull(json_object_get(files, "clocks.yaml"));
    g_assert_null(json_object_get(files, "types.yaml"));
    g_assert_cmpuint(json_array_size(json_object_get(about, "scenarios")), >, 5);
    g_assert_cmpstr(
        json_string_value(json_array_get(json_object_get(json_object_get(about, "words"), "rating <= 2"), 1)),
        ==, "Rating ≤ 2");
    g_assert_true(json_is_true(json_object_get(version, "newest")));
    g_assert_cmpint(json_integer_value(json_object_get(version, "open")), ==, 1);
    json_decref(page);
    city_close(city);
}

static void a_service_runs_its_examples_for_whoever_asks(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_free(sign_in(city, "auditor"));
    const gint64 before = events(city);
    json_t *done = must(city, "auditor", "POST", "/api/packs/incident/scenarios", NULL), *run;
    gsize i;
    g_assert_true(json_is_true(json_object_get(done, "ok")));
    g_assert_cmpuint(json_array_size(json_object_get(done, "runs")), >, 5);
    json_array_foreach(json_object_get(done, "runs"), i, run)
    {
        g_assert_true(json_is_true(json_object_get(run, "ran")));
        g_assert_cmpuint(json_array_size(json_object_get(run, "steps")), >, 1);
        g_assert_true(g_str_has_prefix(json_string_value(json_object_get(run, "file")), "scenarios/"));
    }
    json_decref(done);
    g_assert_cmpint(events(city), ==, before);
    city_close(city);
}

static void open_cases_are_moved_for_a_reason_only(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *id = open_case(city, "R1");
    const char *target = "/api/packs/incident/migration";
    json_t *survey = must(city, "admin", "POST", target, "{}");
    g_assert_cmpint(json_integer_value(json_object_get(survey, "cases")), ==, 0);
    json_decref(survey);
    g_auto(ClientReply) silent = ask(city, "admin", "POST", target, "{\"apply\":true}");
    g_assert_cmpint(silent.status, ==, 400);
    g_assert_nonnull(strstr(silent.body, "body.reason"));
    json_decref(
        must(city, "admin", "POST", target, "{\"apply\":true,\"reason\":\"the new rules are in force\"}"));
    g_auto(ClientReply) other = ask(city, "officer", "POST", target, "{}");
    g_assert_cmpint(other.status, ==, 403);
    city_close(city);
}

/* A new version of the service, in which a state is called otherwise. */
static void rename_state(City *city, const char *from, const char *to)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) parts = g_strsplit(pack_canonical(case_room_pack(city->room, "incident")), from, 2);
    g_autofree char *text = g_strjoinv(to, parts);
    Pack *pack = pack_from_canonical(text, &error);
    g_assert_no_error(error);
    g_assert_true(case_room_add_pack(city->room, pack, T0 + BASE_HOUR, &error));
}

static void a_case_is_drawn_in_its_own_version(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *id = open_case(city, "R1"), *timeline = g_strdup_printf("/api/cases/%s/timeline", id);
    rename_state(city, "已接警", "已接听");
    json_t *told = must(city, "officer", "GET", timeline, NULL);
    json_t *opened = json_object_get(json_array_get(json_object_get(told, "events"), 0), "body");
    g_autofree char *version = text_of(opened, "version");
    g_autofree char *own = g_strdup_printf("/api/packs/incident/diagram?version=%s", version);
    const struct {
        const char *target, *title;
        int status;
    } table[] = {
        { own, "已接警", 200 },
        { "/api/packs/incident/diagram", "已接听", 200 },
        { "/api/packs/incident/diagram?lang=en", "Received", 200 },
        { "/api/packs/incident/diagram?version=0123", "api/unknown", 404 },
        { "/api/packs/workorder/diagram", "api/unknown", 404 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(ClientReply) reply = ask(city, "officer", "GET", table[i].target, NULL);
        g_assert_cmpint(reply.status, ==, table[i].status);
        g_assert_nonnull(strstr(reply.body, table[i].title));
    }
    json_decref(told);
    city_close(city);
}

static void figures_lead_to_their_events(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *id = open_case(city, "R1");
    json_t *list = must(city, "leader", "GET", "/api/indicators?pack=incident", NULL);
    json_t *value;
    gsize i, shown = 0;
    json_array_foreach(json_object_get(list, "values"), i, value)
    {
        const char *indicator = json_string_value(json_object_get(value, "id"));
        g_autofree char *told = g_strdup_printf("/api/indicators/incident/%s/events?limit=5", indicator);
        g_autofree char *course = g_strdup_printf("/api/indicators/incident/%s/series", indicator);
        json_t *behind = must(city, "leader", "GET", told, NULL),
               *points = must(city, "leader", "GET", course, NULL);
        shown += json_array_size(json_object_get(behind, "events"));
        g_assert_true(json_is_array(json_object_get(points, "points")));
        json_decref(behind);
        json_decref(points);
    }
    g_assert_cmpuint(shown, >, 0);
    json_decref(list);
    city_close(city);
}

static const struct {
    const char *name, *login, *method, *target, *body;
    int status;
    const char *code;
} refusals[] = {
    /* clang-format off */
    { "no session",            NULL,      "GET",  "/api/me", NULL, 401, "guard/session" },
    { "no session, writing",   NULL,      "POST", "/api/signals", "{}", 401, "guard/session" },
    { "wrong right",           "unit1",   "GET",  "/api/users", NULL, 403, "guard/right" },
    { "wrong right, writing",  "leader",  "POST", "/api/signals", "{}", 403, "guard/right" },
    { "no such path",          NULL,      "GET",  "/api/nothing", NULL, 404, "api/path" },
    { "no such method",        NULL,      "PUT",  "/api/me", "{}", 405, "api/method" },
    { "a method nobody knows", NULL,      "BREW", "/api/me", NULL, 405, "http/method" },
    { "deleting a file",       NULL,      "DELETE", "/index.html", NULL, 405, "api/method" },
    { "no body",               "officer", "POST", "/api/signals", NULL, 415, "api/content-type" },
    { "half a body",           "officer", "POST", "/api/signals", "{\"pack\":", 400, "base-json/json" },
    { "a list as body",        "officer", "POST", "/api/signals", "[]", 400, "api-check/field" },
    { "a key twice",           "officer", "POST", "/api/signals", "{\"pack\":\"a\",\"pack\":\"a\",\"signal\":{}}", 400, "base-json/json" },
    { "unknown field",         "officer", "POST", "/api/signals", "{\"pack\":\"incident\",\"signal\":{},\"x\":1}", 400, "api-check/field" },
    { "missing field",         "officer", "POST", "/api/signals", "{\"pack\":\"incident\"}", 400, "api-check/field" },
    { "wrong type",            "officer", "POST", "/api/signals", "{\"pack\":1,\"signal\":{}}", 400, "api-check/field" },
    { "unknown pack",          "officer", "POST", "/api/signals", "{\"pack\":\"no\",\"signal\":{}}", 404, "api/unknown" },
    { "no such service",       "officer", "GET",  "/api/packs/no", NULL, 404, "api/unknown" },
    { "examples of nothing",   "officer", "POST", "/api/packs/no/scenarios", NULL, 404, "api/unknown" },
    { "unknown mapping",       "officer", "POST", "/api/signals", "{\"pack\":\"incident\",\"mapping\":\"no\",\"signal\":{}}", 404, "api/unknown" },
    { "a body on a GET",       "officer", "GET",  "/api/me", "{}", 400, "http/request" },
    { "unknown query",         "officer", "GET",  "/api/cases?wild=1", NULL, 400, "api-check/field" },
    { "query given twice",     "officer", "GET",  "/api/cases?limit=1&limit=2", NULL, 400, "api-check/field" },
    { "limit out of range",    "officer", "GET",  "/api/cases?limit=201", NULL, 400, "api-check/field" },
    { "limit is no number",    "officer", "GET",  "/api/cases?limit=1e2", NULL, 400, "api-check/field" },
    { "broken escape",         "officer", "GET",  "/api/cases?state=%zz", NULL, 400, "api-check/field" },
    { "NUL in a query",        "officer", "GET",  "/api/cases?state=a%00b", NULL, 400, "api-check/field" },
    { "not UTF-8",             "officer", "GET",  "/api/cases?state=%ff", NULL, 400, "api-check/field" },
    { "no purpose",            "officer", "GET",  "/api/cases/018f0000-0000-7000-8000-000000000000", NULL, 400, "api-check/field" },
    { "not an id",             "officer", "GET",  "/api/cases/1/timeline", NULL, 400, "api-check/field" },
    { "unknown case",          "officer", "GET",  "/api/cases/018f0000-0000-7000-8000-000000000000?purpose=handle", NULL, 404, "case/unknown" },
    { "unknown case, firing",  "officer", "POST", "/api/cases/018f0000-0000-7000-8000-000000000000/events", "{\"event\":\"triage\"}", 404, "case/unknown" },
    { "a time in words",       "officer", "POST", "/api/cases/018f0000-0000-7000-8000-000000000000/events", "{\"event\":\"triage\",\"happened_at\":\"now\"}", 400, "api-check/field" },
    { "another unit's place",  "unit1",   "POST", "/api/units/U2/position", "{\"lat\":30,\"lon\":120}", 403, "api/not-yours" },
    { "no place on earth",     "unit1",   "POST", "/api/units/U1/position", "{\"lat\":91,\"lon\":120}", 400, "api-check/field" },
    { "no such unit",          "officer", "POST", "/api/units/U9/position", "{\"lat\":30,\"lon\":120}", 404, "api/unknown" },
    { "senseless period",      "leader",  "GET",  "/api/indicators?period=2026-1", NULL, 400, "api-check/field" },
    { "senseless grouping",    "leader",  "GET",  "/api/indicators?by=person", NULL, 400, "api-check/field" },
    { "unknown indicator",     "leader",  "GET",  "/api/indicators/incident/no/series", NULL, 404, "api/unknown" },
    { "beyond the ledger",     "auditor", "GET",  "/api/audit/inclusion?seq=100000", NULL, 422, "ledger/range" },
    { "from after to",         NULL,      "GET",  "/api/audit/consistency?from=3&to=2", NULL, 422, "ledger/range" },
    { "a link to nowhere",     NULL,      "GET",  "/api/resident/0123456789abcdef0123456789abcdef", NULL, 404, "portal/link" },
    { "rating out of range",   NULL,      "POST", "/api/resident/0123456789abcdef0123456789abcdef/rating", "{\"level\":6}", 400, "api-check/field" },
    { "wrong password",        NULL,      "POST", "/api/sign-in", "{\"login\":\"officer\",\"password\":\"no\"}", 401, "guard/sign-in" },
    { "weak password",         "admin",   "PUT",  "/api/users/new.one", "{\"name\":\"某\",\"org\":\"S1\",\"roles\":[\"unit\"],\"password\":\"short\"}", 422, "guard/user" },
    /* clang-format on */
};

/* As a phone that was out of reach does it: its own time goes with the deed; a time that cannot be is
 * refused. */
static void a_deed_sent_later_keeps_both_times(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *id = open_case(city, "R1"), *target = g_strdup_printf("/api/cases/%s/events", id),
                    *timeline = g_strdup_printf("/api/cases/%s/timeline", id);
    static const char *const never[] = { "0", "1", "-9223372036854775808", "9223372036854775807" };
    const gint64 before = events(city);
    for (gsize i = 0; i < G_N_ELEMENTS(never); i++) {
        g_autofree char *body = g_strdup_printf("{\"event\":\"triage\",\"happened_at\":%s}", never[i]);
        g_auto(ClientReply) reply = ask(city, "officer", "POST", target, body);
        g_assert_cmpint(reply.status, ==, 422);
        g_assert_nonnull(strstr(reply.body, "case/device-time"));
        g_assert_cmpint(events(city), ==, before);
    }
    json_t *told = must(city, "officer", "GET", timeline, NULL),
           *first = json_array_get(json_object_get(told, "events"), 0);
    const gint64 opened = json_integer_value(json_object_get(first, "at"));
    g_autofree char *body =
        g_strdup_printf("{\"event\":\"triage\",\"happened_at\":%" G_GINT64_FORMAT "}", opened - 1);
    const char *type = "application/json", *key = "Idempotency-Key: kept-on-the-phone\r\n";
    for (int sent = 0; sent < 2; sent++) { /* the reply to the first was lost */
        g_auto(ClientReply) reply = ask_with(city, "officer", "POST", target, type, body, key);
        g_assert_cmpint(reply.status, ==, 200);
    }
    json_decref(told);
    told = must(city, "officer", "GET", timeline, NULL);
    json_t *list = json_object_get(told, "events");
    guint claimed = 0;
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *said = json_object_get(json_object_get(json_array_get(list, i), "body"), "happened_at");
        claimed += said != NULL;
        g_assert_true(!said || json_integer_value(said) == opened - 1);
    }
    g_assert_cmpuint(claimed, ==, 1);
    json_decref(told);
    city_close(city);
}

static void refusals_say_what_where_and_change_nothing(void)
{
    City *city = city_open((ApiOptions){ 0 });
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_test_message("%s", refusals[i].name);
        g_free(refusals[i].login ? sign_in(city, refusals[i].login) : NULL);
        gint64 before = events(city);
        g_auto(ClientReply) reply =
            ask(city, refusals[i].login, refusals[i].method, refusals[i].target, refusals[i].body);
        if (reply.status != refusals[i].status || !strstr(reply.body, refusals[i].code))
            g_error("%s: wanted %d %s, got %s", refusals[i].name, refusals[i].status, refusals[i].code,
                    reply.all->str);
        g_assert_nonnull(strstr(reply.all->str, "application/problem+json"));
        if (refusals[i].status != 401) /* a failed sign-in may be a fact of its own */
            g_assert_cmpint(events(city), ==, before);
    }
    city_close(city);
}

static void a_write_happens_once_however_often_it_is_asked_for(void)
{
    City *city = city_open((ApiOptions){ 0 });
    const char *type = "application/json", *key = "Idempotency-Key: once\r\n";
    g_autofree char *one = g_strdup_printf(SIGNAL, "R1"), *other = g_strdup_printf(SIGNAL, "R2");
    g_auto(ClientReply) none = ask_with(city, "officer", "POST", "/api/signals", type, one, "");
    g_assert_cmpint(none.status, ==, 400);
    g_auto(ClientReply) odd =
        ask_with(city, "officer", "POST", "/api/signals", type, one, "Idempotency-Key: a b\r\n");
    g_assert_cmpint(odd.status, ==, 400);
    g_auto(ClientReply) first = ask_with(city, "officer", "POST", "/api/signals", type, one, key);
    g_assert_cmpint(first.status, ==, 200);
    gint64 after = events(city);
    g_auto(ClientReply) again = ask_with(city, "officer", "POST", "/api/signals", type, one, key);
    g_assert_cmpint(again.status, ==, 200);
    g_assert_cmpstr(again.body, ==, first.body);
    g_auto(ClientReply) reused = ask_with(city, "officer", "POST", "/api/signals", type, other, key);
    g_assert_cmpint(reused.status, ==, 422);
    g_assert_cmpint(events(city), ==, after);
    g_auto(ClientReply) by_other =
        ask_with(city, "desk", "POST", "/api/signals", type, one, key); /* a key of their own */
    g_assert_nonnull(strstr(by_other.body, "\"outcome\":\"again\""));
    city_close(city);
}

static void a_refused_write_may_be_tried_again_with_its_key(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *id = open_case(city, "R1"), *target = g_strdup_printf("/api/cases/%s/events", id);
    const char *type = "application/json", *body = "{\"event\":\"accept\"}",
               *key = "Idempotency-Key: later\r\n";
    g_auto(ClientReply) early = ask_with(city, "unit1", "POST", target, type, body, key);
    g_assert_cmpint(early.status / 100, ==, 4);
    fire(city, "officer", id, "triage", "{}", "offered");
    g_auto(ClientReply) later = ask_with(city, "unit1", "POST", target, type, body, key);
    g_assert_cmpint(later.status, ==, 200);
    city_close(city);
}

static void a_table_is_imported_with_its_bad_rows_named(void)
{
    static const char table[] = "lat,lng,desc,zip,title,timeStamp,twp,addr,e\n"
                                "40.1,-75.1,x,1,Fire: GAS-ODOR/LEAK,2015-12-10 17:40:00,A,B ST,1\n"
                                "40.1,-75.1,x,1,Fire: GAS-ODOR/LEAK,not a time,A,B ST,1\n"
                                "40.1,-75.1,x,1,Traffic: VEHICLE ACCIDENT -,2015-12-10 17:41:00,A,B ST,1\n";
    City *city = city_open((ApiOptions){ 0 });
    const char *target = "/api/import?pack=incident&mapping=montco911", *key = "Idempotency-Key: t1\r\n";
    g_auto(ClientReply) first = ask_with(city, "admin", "POST", target, "text/csv", table, key);
    g_assert_cmpint(first.status, ==, 200);
    g_assert_nonnull(strstr(first.body, "\"rows\":3"));
    g_assert_nonnull(strstr(first.body, "\"opened\":2"));
    g_assert_nonnull(strstr(first.body, "\"line\":3"));
    g_auto(ClientReply) again = ask_with(city, "admin", "POST", target, "text/csv", table, key);
    g_assert_cmpstr(again.body, ==, first.body);
    g_auto(ClientReply) anew =
        ask_with(city, "admin", "POST", target, "text/csv", table, "Idempotency-Key: t2\r\n");
    g_assert_nonnull(strstr(anew.body, "\"opened\":0"));
    g_auto(ClientReply) nobody = ask_with(city, NULL, "POST", target, "text/csv", table, key);
    g_assert_cmpint(nobody.status, ==, 401);
    g_auto(ClientReply) odd =
        ask_with(city, "admin", "POST", "/api/import?pack=incident&encoding=ebcdic", "text/csv", table, key);
    g_assert_cmpint(odd.status, ==, 400);
    g_auto(ClientReply) senseless = ask_with(city, "admin", "POST", "/api/import?pack=incident", "text/csv",
                                             "a,b\n1,2\n", "Idempotency-Key: t3\r\n");
    g_assert_cmpint(senseless.status, ==, 422);
    city_close(city);
}

static void a_user_is_put_and_signs_in(void)
{
    City *city = city_open((ApiOptions){ 0 });
    json_decref(must(city, "admin", "PUT", "/api/users/new.one",
                     "{\"name\":\"新人\",\"org\":\"S1\",\"roles\":[\"leader\"],\"password\":\"" PASSWORD
                     "\"}"));
    json_t *me = must(city, "new.one", "GET", "/api/me", NULL);
    g_assert_cmpstr(json_string_value(json_object_get(me, "name")), ==, "新人");
    json_decref(me);
    json_decref(must(city, "unit1", "POST", "/api/units/U1/position", "{\"lat\":30.2,\"lon\":120.1}"));
    json_decref(must(city, "new.one", "POST", "/api/sign-out", NULL));
    g_auto(ClientReply) out = ask(city, "new.one", "GET", "/api/me", NULL);
    g_assert_cmpint(out.status, ==, 401);
    city_close(city);
}

static void the_cookie_opens_and_other_sites_may_not_write(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *token = sign_in(city, "officer"),
                    *cookie = g_strdup_printf("Cookie: a=b; __Host-bihuan=%s\r\n", token);
    g_auto(ClientReply) me = client_ask(city->port, "GET", "/api/me", cookie, "", 0);
    g_assert_cmpint(me.status, ==, 200);
    static const struct {
        const char *header;
        int status;
    } table[] = {
        { "Origin: https://evil.example\r\n", 403 },
        { "Origin: null\r\n", 403 },
        { "Sec-Fetch-Site: cross-site\r\n", 403 },
        { "Sec-Fetch-Site: same-origin\r\n", 200 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *headers = g_strconcat(cookie, table[i].header, NULL);
        g_auto(ClientReply) reply = client_ask(city->port, "POST", "/api/sign-out", headers, "", 0);
        g_assert_cmpint(reply.status, ==, table[i].status);
    }
    city_close(city);
}

static void sign_ins_from_one_address_are_limited(void)
{
    City *city = city_open((ApiOptions){ .sign_ins = 2, .sign_in_every_ms = 1000000 });
    const char *body = "{\"login\":\"nobody.here\",\"password\":\"x\"}";
    static const int want[] = { 401, 401, 429 };
    for (gsize i = 0; i < G_N_ELEMENTS(want); i++) {
        g_auto(ClientReply) reply = ask(city, NULL, "POST", "/api/sign-in", body);
        g_assert_cmpint(reply.status, ==, want[i]);
        g_assert_true(want[i] != 429 || strstr(reply.all->str, "Retry-After: "));
    }
    city_close(city);
}

static void files_are_served_by_exact_name_only(void)
{
    static const struct {
        const char *target;
        int status;
        const char *holds;
    } table[] = {
        /* clang-format off */
        { "/", 200, "console" },
        { "/index.html", 200, "'nonce-" },
        { "/cases/018f", 200, "console" },
        { "/r/0123456789abcdef", 200, "resident" },
        { "/s/0123456789abcdef", 200, "signer" },
        { "/v", 200, "verify" },
        { "/v/0123456789ABCDEF", 200, "verify" },
        { "/vehicles", 200, "console" },
        { "/assets/main-abc.js", 200, "immutable" },
        { "/assets/main-xyz.js", 404, "api/path" },
        { "/../store/bihuan.db", 404, "api/path" },
        { "/..%2fkeys", 404, "api/path" },
        { "/assets/..%2f..%2fkeys/log.key", 404, "api/path" },
        { "/%2e%2e/%2e%2e/etc/passwd.txt", 404, "api/path" },
        { "//etc/passwd.txt", 404, "api/path" },
        { "/a%00b.js", 404, "api/path" },
        /* clang-format on */
    };
    City *city = city_open((ApiOptions){ 0 });
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].target);
        g_auto(ClientReply) reply = client_ask(city->port, "GET", table[i].target, "", "", 0);
        g_assert_cmpint(reply.status, ==, table[i].status);
        g_assert_nonnull(strstr(reply.all->str, table[i].holds));
        g_assert_nonnull(strstr(reply.all->str, "X-Content-Type-Options: nosniff"));
        g_assert_nonnull(strstr(reply.all->str, "Content-Security-Policy: default-src 'none'"));
    }
    g_auto(ClientReply) page = client_ask(city->port, "GET", "/", "", "", 0);
    g_assert_null(strstr(page.all->str, FILES_NONCE));
    g_auto(ClientReply) packed =
        client_ask(city->port, "GET", "/assets/main-abc.js", "Accept-Encoding: gzip\r\n", "", 0);
    g_assert_cmpstr(packed.body, ==, "packed");
    const char *etag = strstr(packed.all->str, "ETag: ");
    g_autofree char *known = g_strdup_printf("If-None-Match: %.34s\r\n", etag + 6);
    g_auto(ClientReply) same = client_ask(city->port, "GET", "/assets/main-abc.js", known, "", 0);
    g_assert_cmpint(same.status, ==, 304);
    city_close(city);
}

static void an_oversize_body_is_refused(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autofree char *body = g_strnfill((1 << 20) + 1, ' ');
    g_auto(ClientReply) reply = ask(city, "officer", "POST", "/api/signals", body);
    g_assert_cmpint(reply.status, ==, 413);
    city_close(city);
}

/* Bytes as they are, to the route that takes their kind. */
static ClientReply ask_bytes(City *city, const char *kind, const char *bytes, gsize n)
{
    gboolean json = !strcmp(kind, "json");
    g_autofree char *token = sign_in(city, json ? "officer" : "admin");
    g_autofree char *headers =
        g_strdup_printf("Authorization: Bearer %s\r\nIdempotency-Key: bad%u\r\nContent-Type: %s\r\n", token,
                        ++city->key, json ? "application/json" : "text/csv");
    return client_ask(city->port, "POST", json ? "/api/signals" : "/api/import?pack=incident", headers, bytes,
                      (gssize)n);
}

static void bad_files_are_refused_as_such(void)
{
    g_autofree char *folder =
        g_build_filename(g_getenv("SHARED") ? g_getenv("SHARED") : "../shared", "data/badinput", NULL);
    g_autofree char *list = g_build_filename(folder, "manifest.tsv", NULL), *text = NULL;
    if (!g_file_get_contents(list, &text, NULL, NULL)) {
        g_test_skip("the shared test data are not here");
        return;
    }
    City *city = city_open((ApiOptions){ 0 });
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) cell = g_strsplit(*line, "\t", -1);
        if (g_strv_length(cell) < 3 || (strcmp(cell[1], "json") && strcmp(cell[1], "csv"))) continue;
        g_autofree char *path = g_build_filename(folder, cell[0], NULL), *bytes = NULL;
        gsize n;
        g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        g_auto(ClientReply) reply = ask_bytes(city, cell[1], bytes, n);
        if (reply.status < 200 || reply.status >= 500 ||
            (!strcmp(cell[2], "reject") && reply.status / 100 != 4))
            g_error("%s: %s, got %s", cell[0], cell[2], reply.all->str);
    }
    city_close(city);
}

/* ---- the stream ---- */
static int listen_to(City *city, const char *login, const char *last_id)
{
    g_autofree char *token = sign_in(city, login);
    g_autofree char *resume = last_id ? g_strdup_printf("Last-Event-ID: %s\r\n", last_id) : g_strdup("");
    g_autofree char *text = g_strdup_printf(
        "GET /api/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n%s\r\n", token, resume);
    int fd = client_open(city->port);
    g_assert_true(client_send(fd, text, strlen(text)));
    return fd;
}

static char *last_id_in(const char *text)
{
    const char *at = text, *found = NULL;
    while ((at = strstr(at, "id: "))) {
        if (at == text || at[-1] == '\n') found = at + 4;
        at += 4;
    }
    g_assert_nonnull(found);
    return g_strndup(found, strspn(found, "0123456789"));
}

static void the_stream_tells_of_cases_units_and_time(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autoptr(GString) got = g_string_new(NULL);
    int fd = listen_to(city, "leader", NULL);
    g_assert_false(client_hear(fd, got, "event: tick", 5000));
    g_autofree char *id = open_case(city, "R1");
    g_assert_false(client_hear(fd, got, id, 5000));
    g_assert_nonnull(strstr(got->str, "event: case"));
    g_assert_nonnull(strstr(got->str, "\"kind\":\"case.opened\""));
    fire(city, "officer", id, "triage", "{}", "offered");
    g_assert_false(client_hear(fd, got, "event: unit", 5000));
    g_assert_false(client_hear(fd, got, "\"state\":\"sent\"", 5000));
    g_assert_null(strstr(got->str, "12000000001"));
    close(fd);
    city_close(city);
}

static void a_listener_who_comes_back_misses_nothing(void)
{
    City *city = city_open((ApiOptions){ 0 });
    g_autoptr(GString) first = g_string_new(NULL), second = g_string_new(NULL), third = g_string_new(NULL);
    int fd = listen_to(city, "leader", NULL);
    g_autofree char *one = open_case(city, "R1");
    g_assert_false(client_hear(fd, first, one, 5000));
    close(fd);
    g_autofree char *seen = last_id_in(first->str), *two = open_case(city, "R2"),
                    *three = open_case(city, "R3");
    fd = listen_to(city, "leader", seen);
    g_assert_false(client_hear(fd, second, three, 5000));
    g_assert_nonnull(strstr(second->str, two));
    g_assert_null(strstr(second->str, one));
    g_assert_null(strstr(second->str, "event: gap"));
    close(fd);
    fd = listen_to(city, "leader", "0"); /* before the ring began */
    g_assert_false(client_hear(fd, third, "event: gap", 5000));
    close(fd);
    g_auto(ClientReply) odd =
        ask_with(city, "leader", "GET", "/api/stream", "", NULL, "Last-Event-ID: x\r\n");
    g_assert_cmpint(odd.status, ==, 400);
    city_close(city);
}

static void listeners_are_let_go_at_the_end(void)
{
    City *city = city_open((ApiOptions){ .listeners = 3 });
    int fd[3];
    for (int i = 0; i < 3; i++) {
        g_autoptr(GString) got = g_string_new(NULL);
        fd[i] = listen_to(city, "leader", NULL);
        g_assert_false(client_hear(fd[i], got, "event: tick", 5000));
    }
    g_auto(ClientReply) full = ask(city, "leader", "GET", "/api/stream", NULL);
    g_assert_cmpint(full.status, ==, 503);
    api_stop(city->api);
    for (int i = 0; i < 3; i++) {
        g_autoptr(GString) got = g_string_new(NULL);
        g_assert_true(client_hear(fd[i], got, NULL, 5000));
        close(fd[i]);
    }
    city_close(city);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define EACH(name) g_test_add_func("/api/" #name, name)
    EACH(a_call_goes_from_arrival_to_rating);
    EACH(private_facts_come_with_the_number_of_their_reading);
    EACH(reading_routes_give_their_shape);
    EACH(a_service_tells_its_rules_and_its_versions);
    EACH(a_service_runs_its_examples_for_whoever_asks);
    EACH(open_cases_are_moved_for_a_reason_only);
    EACH(a_case_is_drawn_in_its_own_version);
    EACH(figures_lead_to_their_events);
    EACH(a_deed_sent_later_keeps_both_times);
    EACH(refusals_say_what_where_and_change_nothing);
    EACH(a_write_happens_once_however_often_it_is_asked_for);
    EACH(a_refused_write_may_be_tried_again_with_its_key);
    EACH(a_table_is_imported_with_its_bad_rows_named);
    EACH(a_user_is_put_and_signs_in);
    EACH(the_cookie_opens_and_other_sites_may_not_write);
    EACH(sign_ins_from_one_address_are_limited);
    EACH(files_are_served_by_exact_name_only);
    EACH(an_oversize_body_is_refused);
    EACH(bad_files_are_refused_as_such);
    EACH(the_stream_tells_of_cases_units_and_time);
    EACH(a_listener_who_comes_back_misses_nothing);
    EACH(listeners_are_let_go_at_the_end);
    return g_test_run();
}
