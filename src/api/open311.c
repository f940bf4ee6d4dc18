/* open311.c - Open311 (GeoReport v2) in: services, what they ask for, bringing a request. Only a mapping with
 * `open311: true` is offered. */
#include "api/handlers.gen.h"
#include "api/open311.h"
#include "loop/intake/intake.h"
#include <string.h>

/* ---- replies ---- */
gboolean open311_asked(const ApiCall *call)
{
    return g_str_has_prefix(call->route->path, "/open311/");
}

static void reply(ApiCall *call, guint status, const char *root, const json_t *tree, GeoReportFormat format)
{
    char *text = georeport_write(tree, root, format);
    http_reply(call->http, status,
               format == GEOREPORT_XML ? "text/xml; charset=utf-8" : "application/json; charset=utf-8",
               g_bytes_new_take(text, strlen(text)));
}

gboolean open311_answer(ApiCall *call, const char *root, json_t *tree, GeoReportFormat format)
{
    reply(call, 200, root, tree, format);
    json_decref(tree);
    return TRUE;
}

/* GeoReport knows 400 for whatever is wrong with the arguments. */
void open311_refuse(ApiCall *call, const GError *error)
{
    GeoReportFormat format = GEOREPORT_JSON;
    guint status = problem_status(error);
    const char *text = error->message;
    if (status == 422) status = 400;
    if (status >= 500) {
        g_warning("%s: %s", http_path(call->http), error->message);
        text = "the server could not do it; nothing was changed, try again or tell the operator";
    }
    g_free(georeport_page(http_path(call->http), &format));
    json_t *errors = json_pack("[{s:i, s:s}]", "code", (int)status, "description", text);
    reply(call, status, "errors", errors, format);
    json_decref(errors);
}

gboolean open311_unknown(GError **error, const char *what)
{
    g_set_error_literal(error, API_ERROR, API_ERROR_UNKNOWN, what);
    return FALSE;
}

gboolean open311_wrong(GError **error, const char *what)
{
    g_set_error_literal(error, CHECK_ERROR, CHECK_ERROR_FIELD, what);
    return FALSE;
}

static char *page_of(ApiCall *call, GeoReportFormat *format, GError **error)
{
    char *name = georeport_page(call_text(call->params, "page"), format);
    if (!name) open311_unknown(error, "no such page; it ends with .json or .xml");
    return name;
}

/* ---- services ---- */
static const char *const arguments[] = { "description", "address_string", "address_id", "lat",
                                         "long",        "email",          "phone",      "name",
                                         "first_name",  "last_name",      "device_id",  "deviceid",
                                         "account_id",  "media_url",      NULL };

static gboolean is_attribute(const PackAsk *ask)
{
    return ask->field && !g_strv_contains(arguments, ask->key);
}

static gboolean has_attributes(const PackMapping *mapping)
{
    PackAsk ask;
    for (gsize i = 0; pack_open311_ask(mapping, i, &ask); i++)
        if (is_attribute(&ask)) return TRUE;
    return FALSE;
}

static json_t *service_tree(const Pack *pack, const PackService *service)
{
    g_autofree char *code = g_strdup_printf("%s.%s", pack_id(pack), service->code);
    return json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s}", "service_code", code, "service_name",
                     service->title_zh, "description", service->title_en, "metadata",
                     (int)has_attributes(pack_open311(pack)), "type", "realtime", "keywords", "", "group",
                     pack_title(pack, "zh"));
}

static gboolean get_services(ApiCall *call, GeoReportFormat format)
{
    g_autoptr(GPtrArray) packs = g_ptr_array_ref(case_room_packs(call->api->room));
    json_t *list = json_array();
    PackService service;
    for (guint p = 0; p < packs->len; p++)
        for (gsize i = 0; pack_open311_service(packs->pdata[p], i, &service); i++)
            json_array_append_new(list, service_tree(packs->pdata[p], &service));
    return open311_answer(call, "services", list, format);
}

/* "workorder.road" */
static const Pack *find_service(ApiCall *call, const char *code, PackService *out)
{
    g_auto(GStrv) parts = g_strsplit(code ? code : "", ".", 2);
    const Pack *pack = parts[0] && parts[1] ? case_room_pack(call->api->room, parts[0]) : NULL;
    for (gsize i = 0; pack && pack_open311_service(pack, i, out); i++)
        if (!strcmp(out->code, parts[1])) return pack;
    return NULL;
}

static json_t *values_tree(const Pack *pack, const char *list)
{
    json_t *values = json_array(), *title;
    const char *code;
    json_object_foreach((json_t *)pack_code_list(pack, list), code, title)
    {
        json_array_append_new(
            values, json_pack("{s:s, s:s}", "key", code, "name", pack_code_title(pack, list, code, "zh")));
    }
    return values;
}

static json_t *attribute_tree(const Pack *pack, const PackAsk *ask, int order)
{
    const PackField *field = ask->field;
    const char *type = field->list                                           ? "singlevaluelist"
                       : field->is_time                                      ? "datetime"
                       : field->type == RULE_INT || field->type == RULE_REAL ? "number"
                                                                             : "string";
    json_t *tree = json_pack("{s:b, s:s, s:s, s:b, s:s, s:i, s:s}", "variable", 1, "code", ask->key,
                             "datatype", type, "required", (int)ask->required, "datatype_description", "",
                             "order", order, "description", field->title_zh);
    if (field->list) json_object_set_new(tree, "values", values_tree(pack, field->list));
    return tree;
}

static gboolean get_definition(ApiCall *call, const char *code, GeoReportFormat format, GError **error)
{
    PackService service;
    PackAsk ask;
    const Pack *pack = find_service(call, code, &service);
    if (!pack) return open311_unknown(error, "no such service_code; see services");
    json_t *attributes = json_array();
    for (gsize i = 0; pack_open311_ask(pack_open311(pack), i, &ask); i++)
        if (is_attribute(&ask))
            json_array_append_new(attributes,
                                  attribute_tree(pack, &ask, (int)json_array_size(attributes) + 1));
    return open311_answer(call, "service_definition",
                          json_pack("{s:s, s:o}", "service_code", code, "attributes", attributes), format);
}

static gboolean get_discovery(ApiCall *call, GeoReportFormat format)
{
    static const char changeset[] = "2026-11-25T00:00:00Z";
    return open311_answer(
        call, "discovery",
        json_pack("{s:s, s:s, s:s, s:[{s:s, s:s, s:s, s:s, s:[s, s]}]}", "changeset", changeset, "contact",
                  call->api->city_zh, "key_service", "no key is needed", "endpoints", "specification",
                  "http://wiki.open311.org/GeoReport_v2", "url", "/open311/v2/", "changeset", changeset,
                  "type", call->api->clock.simulated ? "test" : "production", "formats", "text/xml",
                  "application/json"),
        format);
}

/* ---- bringing a request ---- */
char *open311_source(const Pack *pack)
{
    return g_strdup_printf("open311/%s/%s", pack_id(pack), pack_mapping_id(pack_open311(pack)));
}

char *open311_day(gint64 at)
{
    g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(at / 1000);
    return g_date_time_format(t, "%Y%m%d-");
}

typedef struct {
    ApiCall *call;
    const Pack *pack;
    json_t *signal;
    char number[64];
} Bringing;

/* The same words on the same day are one request: a sender that heard no answer sends again. */
static char *reference(ApiCall *call, const json_t *signal)
{
    char mark[GUARD_LINK];
    g_autofree char *text = base_json_canonical(signal), *day = open311_day(call->now);
    guard_row_mark(call->api->guard, text, strlen(text), mark);
    return g_strconcat(day, mark, NULL);
}

static gboolean bring(StoreConn *conn, gpointer data, GError **error)
{
    Bringing *b = data;
    ApiCall *call = b->call;
    const CaseActor actor = { .actor = "resident", .roles = (const char *const[]){ "resident", NULL } };
    const char *outcome;
    BaseId id;
    call->now = base_clock_now(&call->api->clock);
    g_autofree char *source = open311_source(b->pack), *ref = reference(call, b->signal);
    if (!intake_json(call->api->room, conn, b->pack, pack_open311(b->pack), b->signal, source, ref, &actor,
                     call->now, &id, &outcome, error))
        return FALSE;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT number FROM case_file WHERE id = ?1", STORE_ID(&id));
    if (!rows || !store_step(rows, error)) return FALSE;
    g_strlcpy(b->number, store_text(rows, 0), sizeof b->number);
    return TRUE;
}

static void put_argument(json_t *signal, const PackMapping *mapping, const char *name, const char *value)
{
    if (value && *value && pack_mapping_reads(mapping, name) != PACK_READS_NOT)
        json_object_set_new(signal, name, json_string(value));
}

static void put_name(json_t *signal, const PackMapping *mapping, const json_t *form)
{
    const char *first = call_text(form, "first_name"), *last = call_text(form, "last_name");
    g_autofree char *both = g_strconcat(first ? first : "", " ", last ? last : "", NULL);
    put_argument(signal, mapping, "name", g_strstrip(both));
}

static gboolean put_attributes(json_t *signal, const PackMapping *mapping, const json_t *form, GError **error)
{
    const char *key;
    json_t *value;
    PackAsk ask;
    json_object_foreach(json_object_get(form, "attribute"), key, value)
    {
        gboolean known = FALSE;
        for (gsize i = 0; !known && pack_open311_ask(mapping, i, &ask); i++)
            known = is_attribute(&ask) && !strcmp(ask.key, key);
        if (!known) return open311_wrong(error, "no such attribute; see the service's definition");
        put_argument(signal, mapping, key, json_string_value(value));
    }
    return TRUE;
}

static gboolean is_given(const json_t *form, const char *name)
{
    const char *text = call_text(form, name);
    return text && *text;
}

/* The form as a signal of the pack's mapping; arguments that it does not read are left aside. */
static json_t *signal_of(const PackMapping *mapping, const PackService *service, const json_t *form,
                         GError **error)
{
    json_t *signal = json_pack("{s:s}", "service_code", service->code);
    for (const char *const *name = arguments; *name; name++)
        put_argument(signal, mapping, *name, call_text(form, *name));
    put_name(signal, mapping, form);
    gboolean placed = is_given(form, "address_string") || is_given(form, "address_id") ||
                      (is_given(form, "lat") && is_given(form, "long"));
    if ((placed || open311_wrong(error, "no place; give lat and long, or address_string")) &&
        put_attributes(signal, mapping, form, error))
        return signal;
    json_decref(signal);
    return NULL;
}

static gboolean post_form(ApiCall *call, const json_t *form, GeoReportFormat format, GError **error)
{
    PackService service;
    Bringing b = { .call = call, .pack = find_service(call, call_text(form, "service_code"), &service) };
    if (!b.pack) return open311_unknown(error, "no such service_code; see services");
    b.signal = signal_of(pack_open311(b.pack), &service, form, error);
    gboolean well = b.signal && store_write(call->api->store, bring, &b, error);
    json_decref(b.signal);
    return well && open311_answer(call, "service_requests",
                                  json_pack("[{s:s, s:n, s:n}]", "service_request_id", b.number,
                                            "service_notice", "account_id"),
                                  format);
}

gboolean api_open311_post(ApiCall *call, GError **error)
{
    gint64 wait = 0;
    gsize length;
    GeoReportFormat format;
    const guint8 *body = http_body(call->http, &length);
    g_autofree char *page = page_of(call, &format, error);
    if (!page) return FALSE;
    if (strcmp(page, "requests") != 0) return open311_unknown(error, "nothing is posted here; see discovery");
    if (!limit_take(call->api->reports, http_address(call->http), g_get_monotonic_time() / 1000, &wait)) {
        g_set_error(error, API_ERROR, API_ERROR_TOO_MANY,
                    "too many requests from this address; wait a minute");
        return FALSE;
    }
    json_t *form = georeport_form(body, length, error);
    gboolean well = form && post_form(call, form, format, error);
    json_decref(form);
    return well;
}

gboolean api_open311_list(ApiCall *call, GError **error)
{
    GeoReportFormat format;
    g_autofree char *page = page_of(call, &format, error);
    if (!page) return FALSE;
    if (!strcmp(page, "discovery")) return get_discovery(call, format);
    if (!strcmp(page, "services")) return get_services(call, format);
    if (!strcmp(page, "requests")) return open311_requests(call, format, error);
    if (!strcmp(page, "servicerequestupdates")) return open311_updates(call, format, error);
    return open311_unknown(error,
                           "no such page; discovery, services, requests and servicerequestupdates are there");
}

gboolean api_open311_one(ApiCall *call, GError **error)
{
    GeoReportFormat format;
    const char *kind = call_text(call->params, "kind");
    g_autofree char *page = page_of(call, &format, error);
    if (!page) return FALSE;
    if (!strcmp(kind, "services")) return get_definition(call, page, format, error);
    if (!strcmp(kind, "requests")) return open311_request(call, page, format, error);
    return open311_unknown(error, "no such page; services and requests have pages of their own");
}
