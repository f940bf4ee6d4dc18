/* report_file_test.c - an edition as files: the same bytes each time, what must stand in them stands there.
 */
#include "base/json.h"
#include "desk/report/say.h"
#include <string.h>

static const char text[] =
    "{\"report\":\"monthly\",\"pack\":\"errand\",\"pack_zh\":\"差事\",\"pack_en\":\"Errand\",\"title_zh\":"
    "\"月度情况\","
    "\"title_en\":\"Monthly\",\"version\":\"abc\",\"period\":\"2026-11\",\"edition\":2,\"size\":120,"
    "\"ended\":true,"
    "\"at\":1795395600000,\"digest\":\"d1d2\",\"actor\":\"boss\","
    "\"corrects\":{\"edition\":1,\"why\":\"漏报一件\",\"differences\":[{\"section\":0,\"id\":\"quick\","
    "\"group\":\"D1\",\"was\":{\"id\":\"quick\",\"group\":\"D1\",\"num\":2,\"den\":4,\"value\":0.5},\"is\":{"
    "\"id\":"
    "\"quick\",\"group\":\"D1\",\"group_name\":\"第一处\",\"num\":3,\"den\":4,\"value\":0.75}},"
    "{\"section\":0,\"id\":\"quick\",\"group\":\"\",\"is\":{\"id\":\"quick\",\"group\":\"\",\"num\":0,"
    "\"den\":0}}]},"
    "\"definitions\":[{\"id\":\"quick\",\"kind\":\"ratio\",\"title_zh\":\"及时率\",\"title_en\":\"In "
    "time\",\"unit_zh\":\"%\","
    "\"unit_en\":\"%\",\"when\":\"event = 'reply'\",\"num\":\"minutes <= "
    "120\",\"den\":\"true\",\"empty\":\"none\",\"target\":0.8,"
    "\"higher_is_better\":true,\"excluded\":[{\"id\":\"t\",\"when\":\"kind = "
    "'t'\",\"reason_zh\":\"测试\",\"reason_en\":\"Test\"}]}],"
    "\"sections\":[{\"title_zh\":\"各处\",\"title_en\":\"By "
    "office\",\"by\":\"org\",\"before\":true,\"year_on_year\":true,"
    "\"values\":[{\"id\":\"quick\",\"group\":\"D1\",\"group_name\":\"第一处\",\"num\":3,\"den\":4,\"left_"
    "out\":1,\"value\":0.75,"
    "\"before\":0.5,\"excluded\":[{\"id\":\"t\",\"n\":2}],\"inputs\":[]},"
    "{\"id\":\"quick\",\"group\":\"\",\"num\":0,\"den\":0,\"left_out\":0,\"excluded\":[],\"inputs\":[]}]}]}";

static json_t *edition(void)
{
    g_autoptr(GError) error = NULL;
    json_t *e = base_json_parse(text, strlen(text), BASE_JSON_REQUEST, &error);
    g_assert_no_error(error);
    return e;
}

static void a_table_has_a_line_a_value(void)
{
    json_t *e = edition();
    g_autofree char *zh = report_csv(e, "zh"), *en = report_csv(e, "en"), *name = report_name(e, "zh");
    g_assert_cmpstr(name, ==, "月度情况 2026-11 第2版");
    g_assert_nonnull(strstr(zh, "各处,第一处,quick,及时率,%,0.75,3,4,1,0.5,,0.80"));
    g_assert_nonnull(strstr(zh, ",2（测试 2）\r\n"));
    g_assert_nonnull(strstr(zh, "各处,（未定）,quick,及时率,%,,0,0,0,,,"));
    g_assert_nonnull(strstr(en, "By office,第一处,quick,In time"));
    json_decref(e);
}

static void a_correction_says_each_value_before_and_after(void)
{
    json_t *e = edition();
    Say say = { e, TRUE };
    g_auto(GStrv) cells = say_differences(&say), head = say_head(&say);
    static const char *const want[] = {
        "各处 · 第一处", "及时率", "50.0% (2/4)", "75.0% (3/4)", "各处 · （未定）",
        "及时率",        "无此项", "—",           NULL
    };
    g_assert_true(g_strv_equal((const char *const *)cells, want));
    g_assert_false(g_strv_contains((const char *const *)head, "核对"));
    g_assert_true(g_strv_contains((const char *const *)head, "2026-11-23 09:00  boss"));
    json_object_set_new(e, "sound", json_false());
    g_auto(GStrv) marked = say_head(&say);
    g_assert_true(g_strv_contains((const char *const *)marked, "核对"));
    json_decref(e);
}

static void the_same_edition_gives_the_same_bytes(void)
{
    static const char *const langs[] = { "zh", "en" };
    static GBytes *(*const make[])(const json_t *, const char *, GError **) = { report_pdf, report_xlsx };
    static const char *const begins[] = { "%PDF-", "PK" };
    json_t *e = edition();
    for (gsize i = 0; i < 4; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) a = make[i / 2](e, langs[i % 2], &error), b = make[i / 2](e, langs[i % 2], NULL);
        g_assert_no_error(error);
        g_assert_true(g_bytes_equal(a, b));
        gsize n;
        const char *bytes = g_bytes_get_data(a, &n);
        g_assert_cmpuint(n, >, 1000);
        g_assert_cmpmem(bytes, strlen(begins[i / 2]), begins[i / 2], strlen(begins[i / 2]));
    }
    json_decref(e);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/a_table_has_a_line_a_value", a_table_has_a_line_a_value);
    g_test_add_func("/report/a_correction_says_each_value_before_and_after",
                    a_correction_says_each_value_before_and_after);
    g_test_add_func("/report/the_same_edition_gives_the_same_bytes", the_same_edition_gives_the_same_bytes);
    return g_test_run();
}
