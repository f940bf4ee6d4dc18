/* georeport_test.c */
#include "api/georeport.h"
#include <string.h>

static void one_tree_is_written_both_ways(void)
{
    static const struct {
        const char *tree, *root, *xml;
    } rows[] = {
        { "[]", "services", "<services></services>" },
        { "[{\"code\":404,\"description\":\"a <b> & \\\"c\\\"\"}]", "errors",
          "<errors><error><code>404</code><description>a &lt;b&gt; &amp; "
          "&quot;c&quot;</description></error></errors>" },
        { "[{\"lat\":30.001,\"ok\":true,\"no\":false,\"media_url\":null}]", "service_requests",
          "<service_requests><request><lat>30.001000</lat><ok>true</ok><no>false</no><media_url></media_url>"
          "</request></service_requests>" },
        { "{\"attributes\":[{\"values\":[{\"key\":\"a\"}]}]}", "service_definition",
          "<service_definition><attributes><attribute><values><value><key>a</key></value></values></"
          "attribute>"
          "</attributes></service_definition>" },
        { "[{\"description\":\"a\\u0001\\u000b\\uffffb\\n\"}]", "errors",
          "<errors><error><description>ab\n</description></error></errors>" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        json_t *tree = json_loads(rows[i].tree, 0, NULL);
        g_autofree char *xml = georeport_write(tree, rows[i].root, GEOREPORT_XML);
        g_autofree char *json = georeport_write(tree, rows[i].root, GEOREPORT_JSON);
        json_t *again = json_loads(json, 0, NULL);
        g_autofree char *want = g_strconcat(rows[i].xml, "\n", NULL);
        g_assert_cmpstr(strchr(xml, 10) + 1, ==, want);
        g_assert_true(json_equal(tree, again));
        json_decref(tree);
        json_decref(again);
    }
}

static void a_page_ends_with_its_format(void)
{
    static const struct {
        const char *page, *name;
        GeoReportFormat format;
    } rows[] = {
        { "requests.json", "requests", GEOREPORT_JSON },
        { "a.b.xml", "a.b", GEOREPORT_XML },
        { "requests", NULL, 0 },
        { ".xml", NULL, 0 },
        { "requests.html", NULL, 0 },
        { "requests.xml.", NULL, 0 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        GeoReportFormat format = 0;
        g_autofree char *name = georeport_page(rows[i].page, &format);
        g_assert_cmpstr(name, ==, rows[i].name);
        g_assert_cmpint(format, ==, rows[i].format);
    }
}

static void a_form_is_read_within_its_limits(void)
{
    static const struct {
        const char *body, *want; /* NULL: refused */
    } rows[] = {
        { "", "{\"attribute\":{}}" },
        { "a=1+2&attribute%5Bx%5D=%E4%BD%A0", "{\"attribute\":{\"x\":\"你\"},\"a\":\"1 2\"}" },
        { "media_url=a&media_url=b", "{\"attribute\":{},\"media_url\":\"a\"}" },
        { "a=1&a=2", NULL },
        { "attribute[x]=1&attribute[x]=2", NULL },
        { "attribute=1", NULL },
        { "a=%E4", NULL },
        { "a=%00", NULL },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        json_t *form = georeport_form((const guint8 *)rows[i].body, strlen(rows[i].body), &error);
        json_t *want = rows[i].want ? json_loads(rows[i].want, 0, NULL) : NULL;
        g_assert_true(want ? json_equal(form, want) : !form && error);
        json_decref(form);
        json_decref(want);
    }
    g_autoptr(GString) many = g_string_new("a=1");
    for (int i = 0; i < GEOREPORT_ARGUMENTS; i++)
        g_string_append_printf(many, "&b%d=1", i);
    g_assert_null(georeport_form((const guint8 *)many->str, many->len, NULL));
    g_autofree char *lump = g_strnfill(GEOREPORT_TEXT + 1, 'x'), *one = g_strconcat("a=", lump, NULL);
    g_assert_null(georeport_form((const guint8 *)one, strlen(one), NULL));
}

static void times_are_read_with_their_offset(void)
{
    static const struct {
        const char *text;
        gint64 at; /* -1: refused */
    } rows[] = {
        { "1970-01-02T00:00:00Z", 86400000 },
        { "1970-01-02T08:00:00+08:00", 86400000 },
        { "1970-01-02", 86400000 },
        { "1970-01-02T00:00:01.5Z", 86401000 },
        { "yesterday", -1 },
        { "", -1 },
        { "1970-13-02T00:00:00Z", -1 },
        { "1970/01/02", -1 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gint64 at = -1;
        g_assert_true(georeport_read_time(rows[i].text, &at) == (rows[i].at >= 0));
        g_assert_cmpint(at, ==, rows[i].at);
    }
    g_autofree char *text = georeport_time(86400000);
    g_assert_cmpstr(text, ==, "1970-01-02T00:00:00Z");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/georeport/both", one_tree_is_written_both_ways);
    g_test_add_func("/georeport/page", a_page_ends_with_its_format);
    g_test_add_func("/georeport/form", a_form_is_read_within_its_limits);
    g_test_add_func("/georeport/times", times_are_read_with_their_offset);
    return g_test_run();
}
