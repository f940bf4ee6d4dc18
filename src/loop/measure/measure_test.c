/* measure_test.c - every figure against SQL over the raw ledger, which shares nothing with the cells but the
 * events. */
#include "loop/case/town_for_test.h"
#include "loop/measure/measure.h"

#define PACK "src/loop/case/pack_for_test"

static void open_bureau(Town *town, guint64 seed)
{
    town_open(town, seed, PACK);
    town_stand_in(town);
    measure_enrol(town->room);
}

/* The pack's indicators once more, by hand, as SQL on the bodies of events. */
static const struct {
    const char *id, *when, *num, *den;
} oracle[] = {
    { "arrived", "kind = 'case.opened'", "1", "0" },
    { "on_time", "body ->> 'to_state' = 'closed' AND body ->> 'from_state' <> 'closed'",
      "body ->> 'late' = 0", "1" },
    { "minutes", "body ->> 'event' = 'reply'", "body ->> 'minutes'", "1" },
    { "satisfied", "body ->> 'event' IN ('rate', 'rate_lapsed')", "coalesce(body ->> 'rating' >= 4, 0)",
      "body ->> 'rating' IS NOT NULL" },
    { "returned", "body ->> 'event' = 'return'", "1", "0" },
};

static gint64 ledger_sum(Town *town, gsize i, const char *what, const char *also)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT coalesce(sum(%s), 0) FROM event WHERE kind LIKE 'case.%%' AND (%s)%s", what,
                        oracle[i].when, also);
    return town_number(town, g_intern_string(sql));
}

static json_t *view(Town *town, const MeasureQuery *query)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    BaseJson out = base_json_to(text);
    g_assert_true(measure_view(town->room, conn, query, &out, &error));
    g_assert_no_error(error);
    json_t *parsed = base_json_parse(text->str, text->len, BASE_JSON_REQUEST, &error);
    g_assert_no_error(error);
    return parsed;
}

static const json_t *find_value(const json_t *list, const char *id, const char *group)
{
    const json_t *values = json_object_get(list, "values");
    for (gsize i = 0; i < json_array_size(values); i++) {
        const json_t *v = json_array_get(values, i);
        if (!strcmp(json_string_value(json_object_get(v, "id")), id) &&
            !strcmp(json_string_value(json_object_get(v, "group")), group))
            return v;
    }
    return NULL;
}

static void assert_sums(Town *town, const json_t *list, gsize i, const char *group, const char *also)
{
    const json_t *v = find_value(list, oracle[i].id, group);
    gint64 num = ledger_sum(town, i, oracle[i].num, also), den = ledger_sum(town, i, oracle[i].den, also);
    g_assert_cmpint((gint64)json_integer_value(json_object_get(v, "num")), ==, num);
    if (den) g_assert_cmpint((gint64)json_integer_value(json_object_get(v, "den")), ==, den);
}

static void figures_equal_sql_over_the_ledger(void)
{
    for (guint64 seed = 1; seed <= 8; seed++) {
        g_test_message("seed %" G_GUINT64_FORMAT, seed);
        Town town;
        open_bureau(&town, seed);
        town_live(&town, 200);
        json_t *all = view(&town, &(MeasureQuery){ .pack = "errand" });
        json_t *by_org = view(&town, &(MeasureQuery){ .by = "org" });
        json_t *day = view(&town, &(MeasureQuery){ .period = "2026-11-24", .by = NULL });
        json_t *month = view(&town, &(MeasureQuery){ .period = "2026-12" });
        for (gsize i = 0; i < G_N_ELEMENTS(oracle); i++) {
            assert_sums(&town, all, i, "", "");
            assert_sums(&town, by_org, i, "D1", " AND body ->> 'org' = 'D1'");
            assert_sums(&town, by_org, i, "D3", " AND body ->> 'org' = 'D3'");
            assert_sums(&town, day, i, "", " AND date(at / 1000 + 28800, 'unixepoch') = '2026-11-24'");
            assert_sums(&town, month, i, "",
                        " AND strftime('%Y-%m', at / 1000 + 28800, 'unixepoch') = '2026-12'");
        }
        json_decref(all);
        json_decref(by_org);
        json_decref(day);
        json_decref(month);
        town_assert_rebuilt_equal(&town);
        town_close(&town);
    }
}

static json_t *events(Town *town, const char *indicator, const char *period, gint64 before, int limit)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    BaseJson out = base_json_to(text);
    g_assert_true(measure_events(town->room, conn, "errand", indicator, period, before, limit, &out, &error));
    g_assert_no_error(error);
    return base_json_parse(text->str, text->len, BASE_JSON_REQUEST, &error);
}

/* Law 6: a number lists the events behind it, and they add up to it. */
static void events_behind_a_number_add_up_to_it(void)
{
    Town town;
    open_bureau(&town, 5);
    town_live(&town, 300);
    for (gsize i = 0; i < G_N_ELEMENTS(oracle); i++) {
        gint64 num = 0, before = 0;
        for (gsize n = 3; n == 3;) {
            json_t *page = events(&town, oracle[i].id, NULL, before, 3);
            const json_t *list = json_object_get(page, "events");
            n = json_array_size(list);
            for (gsize k = 0; k < n; k++) {
                const json_t *e = json_array_get(list, k);
                gint64 seq = json_integer_value(json_object_get(e, "seq"));
                g_assert_true(!before || seq < before);
                before = seq;
                num += json_integer_value(json_object_get(e, "num"));
            }
            json_decref(page);
        }
        g_assert_cmpint(num, ==, ledger_sum(&town, i, oracle[i].num, ""));
    }
    town_close(&town);
}

static void a_series_has_a_point_a_day(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_bureau(&town, 1);
    town_signal(&town, "light", "electric");
    town_signal(&town, "light", "electric");
    town.now += 2 * BASE_DAY;
    town_signal(&town, "light", "electric");
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(town.store, &error);
    BaseJson out = base_json_to(text);
    g_assert_true(measure_series(town.room, conn, "errand", "arrived", &out, &error));
    g_assert_cmpstr(text->str, ==,
                    "{\"points\":[{\"period\":\"2026-11-23\",\"num\":2,\"den\":0,\"value\":2.0},"
                    "{\"period\":\"2026-11-25\",\"num\":1,\"den\":0,\"value\":1.0}]}");
    g_clear_pointer(&conn, store_read_end);
    town_close(&town);
}

static void senseless_questions_are_refused(void)
{
    static const MeasureQuery table[] = {
        { .period = "2026-1" },     { .period = "26" },      { .period = "2026-11-2x" },
        { .period = "2026/11/23" }, { .by = "person" },      { .period = "2026-11-23 09:00" },
        { .period = "2026-13" },    { .period = "2026-00" }, { .period = "2026-02-30" },
        { .pack = "no-such" },
    };
    Town town;
    open_bureau(&town, 1);
    g_autoptr(StoreConn) conn = store_read_begin(town.store, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) text = g_string_new(NULL);
        BaseJson out = base_json_to(text);
        g_assert_false(measure_view(town.room, conn, &table[i], &out, &error));
        g_assert_error(error, CASE_ERROR, CASE_ERROR_FIELDS);
        g_assert_cmpuint(text->len, ==, 0);
    }
    g_clear_pointer(&conn, store_read_end);
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measure/figures_equal_sql_over_the_ledger", figures_equal_sql_over_the_ledger);
    g_test_add_func("/measure/events_behind_a_number_add_up_to_it", events_behind_a_number_add_up_to_it);
    g_test_add_func("/measure/a_series_has_a_point_a_day", a_series_has_a_point_a_day);
    g_test_add_func("/measure/senseless_questions_are_refused", senseless_questions_are_refused);
    return g_test_run();
}
