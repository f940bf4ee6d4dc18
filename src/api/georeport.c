/* georeport.c - GeoReport v2: one tree as JSON or XML; forms and times. */
#include "api/georeport.h"
#include "api/check.h"
#include <string.h>

char *georeport_page(const char *page, GeoReportFormat *format)
{
    const char *dot = strrchr(page, '.');
    if (!dot || dot == page || (strcmp(dot, ".json") != 0 && strcmp(dot, ".xml") != 0)) return NULL;
    *format = dot[1] == 'x' ? GEOREPORT_XML : GEOREPORT_JSON;
    return g_strndup(page, (gsize)(dot - page));
}

/* ---- XML ---- */
static gboolean xml_has(gunichar c)
{
    return c >= 0x20 ? c != 0xFFFE && c != 0xFFFF : c == '\t' || c == '\n' || c == '\r';
}

static void put_text(GString *out, const char *text)
{
    g_autoptr(GString) clean = g_string_new(NULL);
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (xml_has(g_utf8_get_char(p))) g_string_append_len(clean, p, g_utf8_next_char(p) - p);
    g_autofree char *escaped = g_markup_escape_text(clean->str, (gssize)clean->len);
    g_string_append(out, escaped);
}

static const char *item_of(const char *list)
{
    static const char *const names[][2] = {
        { "services", "service" },
        { "service_requests", "request" },
        { "service_request_updates", "request_update" },
        { "attributes", "attribute" },
        { "values", "value" },
        { "errors", "error" },
        { "endpoints", "endpoint" },
        { "formats", "format" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (!strcmp(names[i][0], list)) return names[i][1];
    g_assert_not_reached();
}

static void put_element(GString *out, const char *name, const json_t *value)
{
    const char *key;
    json_t *inner;
    gsize i;
    g_string_append_printf(out, "<%s>", name);
    json_object_foreach((json_t *)value, key, inner) put_element(out, key, inner);
    json_array_foreach(value, i, inner) put_element(out, item_of(name), inner);
    if (json_is_string(value)) put_text(out, json_string_value(value));
    if (json_is_boolean(value)) g_string_append(out, json_is_true(value) ? "true" : "false");
    if (json_is_integer(value))
        g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value)) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append(out, g_ascii_formatd(number, sizeof number, "%.6f", json_real_value(value)));
    }
    g_string_append_printf(out, "</%s>", name);
}

char *georeport_write(const json_t *tree, const char *root, GeoReportFormat format)
{
    if (format == GEOREPORT_JSON) {
        char *text = json_dumps(tree, JSON_COMPACT | JSON_REAL_PRECISION(9)), *ours = g_strdup(text);
        free(text);
        return ours;
    }
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    put_element(out, root, tree);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

/* ---- forms ---- */
static gboolean refuse(GError **error, const char *why)
{
    g_set_error_literal(error, CHECK_ERROR, CHECK_ERROR_FIELD, why);
    return FALSE;
}

static gboolean take(json_t *form, const char *name, const char *value, GError **error)
{
    gsize n = strlen(name);
    gboolean inner = g_str_has_prefix(name, "attribute[") && name[n - 1] == ']' && n > strlen("attribute[]");
    json_t *into = inner ? json_object_get(form, "attribute") : form;
    g_autofree char *key = inner ? g_strndup(name + 10, n - 11) : g_strdup(name);
    if (g_utf8_strlen(value, -1) > GEOREPORT_TEXT)
        return refuse(error, "a value is too long; 4000 characters");
    if (!inner && !strcmp(key, "attribute")) return refuse(error, "an attribute has a name; attribute[name]");
    if (!json_object_get(into, key)) return json_object_set_new(into, key, json_string(value)) == 0;
    return !strcmp(key, "media_url") || refuse(error, "an argument stands twice");
}

json_t *georeport_form(const guint8 *body, gsize length, GError **error)
{
    g_autofree char *text = g_strndup((const char *)body, length);
    g_autoptr(GPtrArray) pairs = strlen(text) == length ? check_split_query(text) : NULL;
    if (!pairs) {
        refuse(error, "the form holds a broken escape or is not UTF-8");
        return NULL;
    }
    if (pairs->len > 2 * GEOREPORT_ARGUMENTS) {
        refuse(error, "too many arguments; 64 at most");
        return NULL;
    }
    json_t *form = json_pack("{s:{}}", "attribute");
    for (guint i = 0; i + 1 < pairs->len; i += 2) {
        if (take(form, pairs->pdata[i], pairs->pdata[i + 1], error)) continue;
        json_decref(form);
        return NULL;
    }
    return form;
}

/* ---- times ---- */
char *georeport_time(gint64 at)
{
    g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(at / 1000);
    return g_date_time_format(t, "%Y-%m-%dT%H:%M:%SZ");
}

gboolean georeport_read_time(const char *text, gint64 *out)
{
    g_autofree char *day = strlen(text) == 10 ? g_strconcat(text, "T00:00:00Z", NULL) : NULL;
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(day ? day : text, utc);
    if (t) *out = g_date_time_to_unix(t) * 1000;
    return t != NULL;
}
