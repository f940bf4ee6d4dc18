/* measure_test.c - every figure against SQL over the raw ledger, which shares nothing with the cells but the
 * events. */
#include "loop/case/town_for_test.h"
#include "loop/measure/measure.h"
#include <math.h>

#define PACK "src/loop/case/pack_for_test"

static void open_bureau(Town *town, guint64 seed)
{
    town_open(town, seed, PACK);
    town_stand_in(town);
    measure_enrol(town->room);
}

#define REPLIED "body ->> 'event' = 'reply'"
#define SENT_BACK "coalesce(body ->> 'returns', 0) > 0"
/* What a case is about was said when it was opened. */
#define LEAK                                                                                                 \
    "(SELECT o.body -> 'facts' ->> 'kind' FROM event o WHERE o.case_id = event.case_id AND o.kind ="         \
    " 'case.opened') = 'water'"

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
    { "quick", REPLIED " AND NOT (" SENT_BACK ") AND NOT (" LEAK ")", "body ->> 'minutes' <= 120", "1" },
    { "median", REPLIED, "body ->> 'minutes'", "1" },
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

static double value_of(const json_t *list, const char *id, const char *group)
{
    const json_t *v = json_object_get(find_value(list, id, group), "value");
    return v ? json_number_value(v) : NAN;
}

static gint64 taken_out(const json_t *list, const char *id, const char *group, const char *why)
{
    const json_t *out = json_object_get(find_value(list, id, group), "excluded");
    for (gsize i = 0; i < json_array_size(out); i++)
        if (!strcmp(json_string_value(json_object_get(json_array_get(out, i), "id")), why))
            return (gint64)json_integer_value(json_object_get(json_array_get(out, i), "n"));
    return 0;
}

static void assert_taken_out(Town *town, const json_t *list, const char *group, const char *also)
{
    static const struct {
        const char *why, *when;
    } table[] = { { "returned", REPLIED " AND " SENT_BACK },
                  { "water", REPLIED " AND NOT (" SENT_BACK ") AND " LEAK } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *sql = g_strdup_printf(
            "SELECT count(*) FROM event WHERE kind LIKE 'case.%%' AND (%s)%s", table[i].when, also);
        g_assert_cmpint(taken_out(list, "quick", group, table[i].why), ==,
                        town_number(town, g_intern_string(sql)));
    }
}

/* The value in the middle, by sorting all of them. */
static void assert_median(Town *town, const json_t *list, const char *group, const char *also)
{
    g_autofree char *count =
        g_strdup_printf("SELECT count(*) FROM event WHERE kind LIKE 'case.%%' AND " REPLIED "%s", also);
    gint64 n = town_number(town, g_intern_string(count));
    if (!n) return;
    g_autofree char *middle =
        g_strdup_printf("SELECT body ->> 'minutes' FROM event WHERE kind LIKE 'case.%%' AND " REPLIED
                        "%s ORDER BY 1 LIMIT 1 OFFSET %d",
                        also, (int)((n + 1) / 2 - 1));
    g_assert_cmpfloat(value_of(list, "median", group), ==,
                      (double)town_number(town, g_intern_string(middle)));
}

/* A count of a group that has none is not in the list. */
static double count_of(const json_t *list, const char *id, const char *group)
{
    double n = value_of(list, id, group);
    return isnan(n) ? 0 : n;
}

static double share(double x)
{
    return CLAMP(x, 0, 1);
}

/* From the values beside them, to the bit. */
static void assert_derived(const json_t *list, const char *group)
{
    double returned = count_of(list, "returned", group), arrived = count_of(list, "arrived", group);
    double each = value_of(list, "returns_each", group), score = value_of(list, "score", group);
    double on_time = value_of(list, "on_time", group), median = value_of(list, "median", group);
    if (!find_value(list, "returns_each", group)) return;
    g_assert_true(isnan(each) ? !(arrived > 0) : each == returned / arrived);
    double want = 40 * share((on_time - 0.5) / (0.95 - 0.5)) + 35 * share((median - 600) / (60 - 600)) +
                  25 * share((each - 2) / (0 - 2));
    g_assert_true(isnan(score) ? isnan(each) || isnan(on_time) || isnan(median) : score == want);
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
        assert_taken_out(&town, all, "", "");
        assert_taken_out(&town, by_org, "D2", " AND body ->> 'org' = 'D2'");
        assert_median(&town, all, "", "");
        assert_median(&town, by_org, "D1", " AND body ->> 'org' = 'D1'");
        assert_median(&town, month, "", " AND strftime('%Y-%m', at / 1000 + 28800, 'unixepoch') = '2026-12'");
        assert_derived(all, "");
        assert_derived(by_org, "D1");
        assert_derived(by_org, "D2");
        assert_derived(month, "");
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
    MeasureLook look = {
        .pack = "errand", .indicator = indicator, .period = period, .before = before, .limit = limit
    };
    g_assert_true(measure_events(town->room, conn, &look, &out, &error));
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
    g_assert_true(measure_series(town.room, conn, "errand", "arrived", NULL, &out, &error));
    g_assert_cmpstr(text->str, ==,
                    "{\"points\":[{\"period\":\"2026-11-23\",\"num\":2,\"den\":0,\"value\":2.0},"
                    "{\"period\":\"2026-11-25\",\"num\":1,\"den\":0,\"value\":1.0}]}");
    g_clear_pointer(&conn, store_read_end);
    town_close(&town);
}

/* An organisation's figures in the tree are those of all under it; a circle of parents does not hang. */
static gboolean put_under(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const char *const *row = data;
    return case_put_org(town->room, conn, row[0], row[0], row[1], "A1", "department", "setup", town->now,
                        error);
}

static void a_tree_sums_what_is_under(void)
{
    Town town;
    open_bureau(&town, 3);
    static const char *const tree[][2] = {
        { "CITY", NULL }, { "D1", "CITY" }, { "D2", "CITY" }, { "D3", "D2" }
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tree); i++)
        g_assert_true(town_write(&town, put_under, (gpointer)tree[i], NULL));
    town_live(&town, 200);
    json_t *list = view(&town, &(MeasureQuery){ .by = "org_tree" });
    for (gsize i = 0; i < G_N_ELEMENTS(oracle); i++) {
        assert_sums(&town, list, i, "CITY", " AND body ->> 'org' IN ('D1', 'D2', 'D3')");
        assert_sums(&town, list, i, "D2", " AND body ->> 'org' IN ('D2', 'D3')");
        assert_sums(&town, list, i, "D1", " AND body ->> 'org' = 'D1'");
    }
    assert_taken_out(&town, list, "CITY", " AND body ->> 'org' IN ('D1', 'D2', 'D3')");
    assert_median(&town, list, "CITY", " AND body ->> 'org' IN ('D1', 'D2', 'D3')");
    assert_median(&town, list, "D2", " AND body ->> 'org' IN ('D2', 'D3')");
    assert_derived(list, "D2");
    json_decref(list);
    static const char *const circle[] = { "CITY", "D3" };
    g_assert_true(town_write(&town, put_under, (gpointer)circle, NULL));
    list = view(&town, &(MeasureQuery){ .by = "org_tree" });
    assert_sums(&town, list, 0, "D3", " AND body ->> 'org' IN ('D1', 'D2', 'D3')");
    json_decref(list);
    town_close(&town);
}

static void facts_taken_out_are_listed_with_their_reason(void)
{
    Town town;
    open_bureau(&town, 5);
    town_live(&town, 300);
    static const struct {
        const char *by, *group, *also;
    } table[] = { { NULL, NULL, "" }, { "org", "D2", " AND body ->> 'org' = 'D2'" } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(StoreConn) conn = store_read_begin(town.store, NULL);
        BaseJson out = base_json_to(text);
        MeasureLook look = { .pack = "errand",
                             .indicator = "quick",
                             .by = table[i].by,
                             .group = table[i].group,
                             .only = "excluded",
                             .limit = 200 };
        g_assert_true(measure_events(town.room, conn, &look, &out, NULL));
        g_clear_pointer(&conn, store_read_end);
        json_t *page = base_json_parse(text->str, text->len, BASE_JSON_REQUEST, NULL);
        const json_t *list = json_object_get(page, "events");
        g_autofree char *sql =
            g_strdup_printf("SELECT count(*) FROM event WHERE kind LIKE 'case.%%' AND " REPLIED
                            " AND (" SENT_BACK " OR " LEAK ")%s",
                            table[i].also);
        g_assert_cmpint((gint64)json_array_size(list), ==, town_number(&town, g_intern_string(sql)));
        g_assert_cmpuint(json_array_size(list), >, 0);
        for (gsize k = 0; k < json_array_size(list); k++)
            g_assert_nonnull(json_object_get(json_array_get(list, k), "excluded"));
        json_decref(page);
    }
    town_close(&town);
}

/* 29 February, the last minute of a quarter in China, a period before the first day. */
static void periods_compare_with_those_before(void)
{
    Town town;
    open_bureau(&town, 1);
    static const struct {
        int n;
        const char *at;
    } days[] = { { 2, "2027-02-28 09:00" },
                 { 3, "2028-02-29 23:59" },
                 { 1, "2028-03-31 23:59" },
                 { 4, "2028-04-01 00:00" } };
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        g_assert_true(base_time_parse(days[i].at, BASE_CHINA_OFFSET, &town.now));
        for (int k = 0; k < days[i].n; k++)
            town_signal(&town, "light", "electric");
    }
    static const struct {
        const char *period;
        gint64 n;
        double before, year_before, growth; /* NAN: none */
    } table[] = {
        { "2028-02-29", 3, 0, 2, 0.5 }, { "2028-02", 3, 0, 2, 0.5 }, { "2028-Q1", 4, 0, 2, 1 },
        { "2028-Q2", 4, 4, 0, NAN },    { "2028-H1", 8, 0, 2, 3 },   { "2028", 8, 2, 2, 3 },
        { "2027", 2, NAN, NAN, NAN },   { "2029-H1", 0, 0, 8, -1 },  { "", 10, NAN, NAN, NAN },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].period);
        json_t *list = view(
            &town, &(MeasureQuery){ .period = *table[i].period ? table[i].period : NULL, .compare = TRUE });
        const json_t *v = find_value(list, "arrived", ""), *b = json_object_get(v, "before"),
                     *y = json_object_get(v, "year_before");
        g_assert_cmpint((gint64)json_integer_value(json_object_get(v, "num")), ==, table[i].n);
        g_assert_true(b ? json_number_value(b) == table[i].before : isnan(table[i].before));
        g_assert_true(y ? json_number_value(y) == table[i].year_before : isnan(table[i].year_before));
        double growth = value_of(list, "growth", "");
        g_assert_true(isnan(growth) ? isnan(table[i].growth) : growth == table[i].growth);
        json_decref(list);
    }
    town_assert_rebuilt_equal(&town);
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
    g_test_add_func("/measure/a_tree_sums_what_is_under", a_tree_sums_what_is_under);
    g_test_add_func("/measure/facts_taken_out_are_listed_with_their_reason",
                    facts_taken_out_are_listed_with_their_reason);
    g_test_add_func("/measure/periods_compare_with_those_before", periods_compare_with_those_before);
    g_test_add_func("/measure/senseless_questions_are_refused", senseless_questions_are_refused);
    return g_test_run();
}
