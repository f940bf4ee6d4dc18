/* api.c - from an HTTP request to a call of a handler, and back. The order of refusals is fixed: path,
 * method, origin, body's size; then, on a worker, session, right, key, content type, path values, query,
 * body. */
#include "api/call.h"
#include <string.h>

#define BODY_MOST (1 << 20)
#define FORM_MOST (64 << 10)
#define IMPORT_MOST (64 << 20)
#define LARGE_AT_ONCE 2
#define DRAIN_MS 10000
#define COOKIE "__Host-bihuan"

const char *call_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

gint64 call_int(const json_t *object, const char *name, gint64 otherwise)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

gboolean call_bool(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

BaseId call_id(const json_t *object, const char *name)
{
    BaseId id = { 0 };
    base_id_parse(call_text(object, name), &id);
    return id;
}

CaseActor call_actor(const ApiCall *call)
{
    const GuardUser *user = call->user;
    return (CaseActor){
        .actor = user->login, .roles = (const char *const *)user->roles, .org = user->org, .unit = user->unit
    };
}

/* Who says 0 claims a time in 1970, to be refused like any other that cannot be. */
gint64 call_happened_at(const ApiCall *call)
{
    const json_t *said = json_object_get(call->body, "happened_at");
    const gint64 at = json_integer_value(said);
    return json_is_integer(said) && !at ? 1 : at;
}

/* ---- on the event loop ---- */
static void call_free(gpointer data)
{
    ApiCall *call = data;
    if (call->holds_large) g_atomic_int_add(&call->api->large_bodies, -1);
    g_clear_pointer(&call->path_values, g_ptr_array_unref);
    json_decref(call->params);
    json_decref(call->query);
    json_decref(call->body);
    g_clear_pointer(&call->user, guard_user_free);
    g_free(call->cookie);
    if (call->reply) g_string_free(call->reply, TRUE);
    g_free(call->where);
    g_free(call);
}

static void put_security(HttpRequest *request)
{
    static const char *const headers[][2] = {
        { "X-Content-Type-Options", "nosniff" },
        { "Referrer-Policy", "no-referrer" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
        { "Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=(), usb=()" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
        http_reply_header(request, headers[i][0], headers[i][1]);
}

static void put_api_headers(HttpRequest *request)
{
    http_reply_header(request, "Cache-Control", "no-store");
    http_reply_header(request, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

static gboolean turn_away(HttpRequest *request, int code, const char *why)
{
    g_autoptr(GError) error = g_error_new_literal(API_ERROR, code, why);
    put_api_headers(request);
    problem_reply(request, error, NULL);
    return FALSE;
}

/* A page of another site may make a browser send; its name is then in Origin. */
static gboolean origin_fits(HttpRequest *request)
{
    const char *origin = http_header(request, "Origin"), *site = http_header(request, "Sec-Fetch-Site");
    const char *host = http_header(request, "Host");
    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) return FALSE;
    if (!origin) return TRUE;
    const char *name = strstr(origin, "://");
    return name && host && !g_ascii_strcasecmp(name + 3, host);
}

static const char *session_token(ApiCall *call)
{
    const char *bearer = http_header(call->http, "Authorization");
    if (bearer && g_ascii_strncasecmp(bearer, "Bearer ", 7) == 0) return bearer + 7;
    return call->cookie = http_cookie(call->http, COOKIE);
}

static gboolean find_user(ApiCall *call, GError **error)
{
    if (call->user || !call->route->right) return TRUE;
    call->token = session_token(call);
    if (!call->token || strlen(call->token) != GUARD_TOKEN - 1) {
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_SESSION, "nobody is signed in; sign in first");
        return FALSE;
    }
    call->user = guard_session_user(call->api->guard, call->token, call->real_now, error);
    return call->user != NULL;
}

static gboolean has_right(const ApiCall *call, GError **error)
{
    const char *right = call->route->right;
    if (!right || !strcmp(right, "session") || guard_may(call->user, right)) return TRUE;
    g_set_error(error, GUARD_ERROR, GUARD_ERROR_RIGHT, "your roles do not have the right %s", right);
    return FALSE;
}

/* A large body is taken only from somebody who may send it, and not from many at once. */
static gboolean may_send_large(ApiCall *call)
{
    g_autoptr(GError) error = NULL;
    if (!find_user(call, &error) || !has_right(call, &error)) {
        put_api_headers(call->http);
        problem_reply(call->http, error, NULL);
        return FALSE;
    }
    if (g_atomic_int_add(&call->api->large_bodies, 1) >= LARGE_AT_ONCE) {
        g_atomic_int_add(&call->api->large_bodies, -1);
        http_reply_header(call->http, "Retry-After", "5");
        return turn_away(call->http, API_ERROR_FULL, "other tables are being read; try again in a moment");
    }
    call->holds_large = TRUE;
    return TRUE;
}

static gboolean plan_route(Api *api, HttpRequest *request, HttpPlan *plan, const ApiRoute *route,
                           GPtrArray *values)
{
    ApiCall *call = g_new0(ApiCall, 1);
    *call = (ApiCall){
        .api = api, .route = route, .http = request, .path_values = values, .real_now = base_clock_real_now()
    };
    http_attach(request, call, call_free);
    plan->lane = route->flags & ROUTE_URGENT ? HTTP_URGENT
                 : route->flags & ROUTE_SLOW ? HTTP_SLOW
                                             : HTTP_NORMAL;
    if (strcmp(http_method(request), "GET") != 0 && !origin_fits(request))
        return turn_away(request, API_ERROR_ORIGIN, "this write comes from another site's page");
    plan->body = route->flags & ROUTE_CSV    ? IMPORT_MOST
                 : route->flags & ROUTE_FORM ? FORM_MOST
                 : route->body               ? BODY_MOST
                                             : 0;
    return !(route->flags & ROUTE_CSV) || may_send_large(call);
}

static gboolean plan_file(Api *api, HttpRequest *request, HttpPlan *plan)
{
    const char *method = http_method(request);
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        http_reply_header(request, "Allow", "GET, HEAD");
        return turn_away(request, API_ERROR_METHOD, "files are read only");
    }
    plan->lane = HTTP_INLINE;
    return TRUE;
}

static gboolean on_plan(HttpRequest *request, HttpPlan *plan, gpointer data)
{
    Api *api = data;
    const ApiRoute *route;
    GPtrArray *values = NULL;
    g_autofree char *allowed = NULL;
    put_security(request);
    switch (route_find(http_method(request), http_path(request), &route, &values, &allowed)) {
    case ROUTE_FOUND:
        return plan_route(api, request, plan, route, values);
    case ROUTE_NO_METHOD:
        http_reply_header(request, "Allow", allowed);
        return turn_away(request, API_ERROR_METHOD,
                         "this path does not take this method; see the header Allow");
    case ROUTE_NO_PATH:
        break;
    }
    if (g_str_has_prefix(http_path(request), "/api/"))
        return turn_away(request, API_ERROR_PATH, "no such path; see /api/openapi.json");
    return plan_file(api, request, plan);
}

/* ---- on a worker ---- */
static gboolean key_given(const ApiCall *call, GError **error)
{
    if (!(call->route->flags & ROUTE_WRITE) || call_key_sound(http_header(call->http, "Idempotency-Key")))
        return TRUE;
    g_set_error(error, API_ERROR, API_ERROR_KEY,
                "a write needs the header Idempotency-Key, 1 to 64 of A-Z a-z 0-9 _ . : -; a UUID does");
    return FALSE;
}

static gboolean type_fits(const ApiCall *call, GError **error)
{
    const char *type = http_header(call->http, "Content-Type"),
               *packed = http_header(call->http, "Content-Encoding");
    const char *want = call->route->flags & ROUTE_CSV    ? "text/csv"
                       : call->route->flags & ROUTE_FORM ? "application/x-www-form-urlencoded"
                       : call->route->body               ? "application/json"
                                                         : NULL;
    if (!want) return TRUE;
    if (type && !g_ascii_strncasecmp(type, want, strlen(want)) && strchr("; ", type[strlen(want)]) && !packed)
        return TRUE;
    g_set_error(error, API_ERROR, API_ERROR_TYPE, "the body must be %s, not packed", want);
    return FALSE;
}

static gboolean read_body(ApiCall *call, GError **error)
{
    if (!call->route->body) return TRUE;
    gsize length;
    const guint8 *bytes = http_body(call->http, &length);
    call->body = base_json_parse((const char *)bytes, length, BASE_JSON_REQUEST, error);
    return call->body && check_object(call->route->body, call->body, "body", &call->where, error);
}

static gboolean read_names(ApiCall *call, GError **error)
{
    g_autoptr(GPtrArray) pairs = check_split_query(http_query(call->http));
    if (!pairs) {
        g_set_error(error, CHECK_ERROR, CHECK_ERROR_FIELD, "the query holds a broken escape or is not UTF-8");
        return FALSE;
    }
    call->params = check_pairs(call->route->params, call->path_values, "path", &call->where, error);
    call->query = call->params ? check_pairs(call->route->query, pairs, "query", &call->where, error) : NULL;
    return call->query != NULL;
}

static gboolean run(ApiCall *call, GError **error)
{
    call->now = base_clock_now(&call->api->clock);
    call->reply = g_string_new(NULL);
    call->out = base_json_to(call->reply);
    return find_user(call, error) && has_right(call, error) && key_given(call, error) &&
           type_fits(call, error) && read_names(call, error) && read_body(call, error) &&
           call->route->handle(call, error);
}

static void serve_route(ApiCall *call)
{
    g_autoptr(GError) error = NULL;
    put_api_headers(call->http);
    if (!run(call, &error)) {
        if (open311_asked(call))
            open311_refuse(call, error);
        else
            problem_reply(call->http, error, call->where);
    } else if (call->reply->len) {
        http_reply(call->http, 200, "application/json",
                   g_string_free_to_bytes(g_steal_pointer(&call->reply)));
    }
}

static void on_serve(HttpRequest *request, gpointer data)
{
    Api *api = data;
    ApiCall *call = http_attached(request);
    if (call)
        serve_route(call);
    else if (!files_reply(api->files, request, http_path(request)))
        turn_away(request, API_ERROR_PATH, "no such file; the console is built with: make web");
}

static void on_refuse(HttpRequest *request, guint status, gpointer data)
{
    static const struct {
        guint status;
        const char *text;
    } texts[] = {
        { 400, "{\"error\":\"the request's head or body is not sound\",\"code\":\"http/request\"}" },
        { 405, "{\"error\":\"nothing here takes this method\",\"code\":\"http/method\"}" },
        { 413, "{\"error\":\"the body is too large\",\"code\":\"http/large\",\"hint\":\"1 MiB, a table 64 "
               "MiB\"}" },
        { 503,
          "{\"error\":\"too much to do\",\"code\":\"http/overload\",\"hint\":\"try again in a moment\"}" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i].status == status)
            http_reply(request, status, "application/problem+json",
                       g_bytes_new_static(texts[i].text, strlen(texts[i].text)));
    if (status == 503) http_reply_header(request, "Retry-After", "1");
}

static void on_done(HttpRequest *request, guint status, gint64 micros, gpointer data)
{
    Api *api = data;
    const ApiCall *call = http_attached(request);
    if (!call || !(call->route->flags & ROUTE_STREAM)) metrics_count(&api->metrics, status, micros);
}

/* ---- the counter itself ---- */
static char *or_text(const char *text, const char *otherwise)
{
    return g_strdup(text ? text : otherwise);
}

Api *api_new(const ApiOptions *o, GError **error)
{
    Api *api = g_new0(Api, 1);
    HttpHandler handler = { on_plan, on_serve, on_refuse, on_done, api };
    const char *map = o->map ? o->map : "{\"type\":\"FeatureCollection\",\"features\":[]}";
    *api = (Api){ .room = o->room,
                  .store = case_room_store(o->room),
                  .guard = case_room_guard(o->room),
                  .notices = o->notices,
                  .documents = o->documents,
                  .clock = o->clock };
    g_mutex_init(&api->note_lock);
    g_mutex_init(&api->trouble_lock);
    api->city_zh = or_text(o->city_zh, "示范市");
    api->city_en = or_text(o->city_en, "Demo City");
    api->map = g_bytes_new(map, strlen(map));
    api->files = files_load(o->web);
    api->sign_ins =
        limit_new(o->sign_ins ? o->sign_ins : 10, o->sign_in_every_ms ? o->sign_in_every_ms : 6000);
    api->reports = limit_new(o->reports ? o->reports : 10, o->report_every_ms ? o->report_every_ms : 6000);
    api->stream = stream_new(o->room, &api->clock, o->listeners ? o->listeners : 1024);
    api->http = http_server_new(&o->http, &handler, error);
    if (!api->http) g_clear_pointer(&api, api_free);
    return api;
}

gboolean api_start(Api *api, GError **error)
{
    stream_start(api->stream);
    return http_server_start(api->http, error);
}

void api_stop(Api *api)
{
    if (api->stopped) return;
    api->stopped = TRUE;
    stream_end(api->stream);
    if (api->http) http_server_stop(api->http, DRAIN_MS);
}

void api_free(Api *api)
{
    if (!api) return;
    api_stop(api);
    http_server_free(api->http);
    stream_free(api->stream);
    files_free(api->files);
    limit_free(api->sign_ins);
    limit_free(api->reports);
    g_bytes_unref(api->map);
    g_mutex_clear(&api->note_lock);
    g_mutex_clear(&api->trouble_lock);
    g_free(api->troubles);
    g_free(api->note);
    g_free(api->city_zh);
    g_free(api->city_en);
    g_free(api);
}

guint16 api_port(const Api *api)
{
    return http_server_port(api->http);
}

/* ---- services that cannot be taken as they stand in their folders ---- */

char *api_troubles(Api *api)
{
    g_mutex_lock(&api->trouble_lock);
    char *troubles = g_strdup(api->troubles ? api->troubles : "[]");
    g_mutex_unlock(&api->trouble_lock);
    return troubles;
}

void api_say_troubles(Api *api, const char *json)
{
    g_mutex_lock(&api->trouble_lock);
    g_free(api->troubles);
    api->troubles = g_strdup(json);
    g_mutex_unlock(&api->trouble_lock);
}
