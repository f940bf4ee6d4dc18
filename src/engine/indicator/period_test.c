/* period_test.c - the edges of days, months and years, and every day of two thousand years against GLib's
 * dates. */
#include "engine/indicator/indicator.h"

static gint64 at(int year, int month, int day, int hour, int minute)
{
    g_autoptr(GDateTime) time = g_date_time_new_utc(year, month, day, hour, minute, 0);
    return g_date_time_to_unix(time) * 1000;
}

static void an_instant_falls_in_its_local_period(void)
{
    const struct {
        const char *name;
        IndicatorPeriod period;
        gint64 t, offset;
        const char *want;
    } table[] = {
        /* clang-format off */
        { "an afternoon",            INDICATOR_DAY,   at(2026, 11, 23, 9, 5),        BASE_CHINA_OFFSET, "2026-11-23" },
        { "its month",               INDICATOR_MONTH, at(2026, 11, 23, 9, 5),        BASE_CHINA_OFFSET, "2026-11" },
        { "its year",                INDICATOR_YEAR,  at(2026, 11, 23, 9, 5),        BASE_CHINA_OFFSET, "2026" },
        { "its quarter",             INDICATOR_QUARTER, at(2026, 11, 23, 9, 5),      BASE_CHINA_OFFSET, "2026-Q4" },
        { "its half-year",           INDICATOR_HALF_YEAR, at(2026, 11, 23, 9, 5),    BASE_CHINA_OFFSET, "2026-H2" },
        { "the last of a quarter",   INDICATOR_QUARTER, at(2026, 3, 31, 15, 59),     BASE_CHINA_OFFSET, "2026-Q1" },
        { "the first of the next",   INDICATOR_QUARTER, at(2026, 3, 31, 16, 0),      BASE_CHINA_OFFSET, "2026-Q2" },
        { "the last of a half-year", INDICATOR_HALF_YEAR, at(2026, 6, 30, 15, 59),   BASE_CHINA_OFFSET, "2026-H1" },
        { "the first of the second", INDICATOR_HALF_YEAR, at(2026, 6, 30, 16, 0),    BASE_CHINA_OFFSET, "2026-H2" },
        { "midnight in China",       INDICATOR_DAY,   at(2026, 12, 31, 16, 0),       BASE_CHINA_OFFSET, "2027-01-01" },
        { "a millisecond before",    INDICATOR_YEAR,  at(2026, 12, 31, 16, 0) - 1,   BASE_CHINA_OFFSET, "2026" },
        { "west of Greenwich",       INDICATOR_DAY,   at(2026, 1, 1, 4, 59),         -5 * BASE_HOUR,    "2025-12-31" },
        { "a leap day",              INDICATOR_DAY,   at(2024, 2, 29, 0, 0),         0,                 "2024-02-29" },
        { "no leap day in 2100",     INDICATOR_DAY,   at(2100, 2, 28, 0, 0) + BASE_DAY, 0,              "2100-03-01" },
        { "the first instant",       INDICATOR_DAY,   0,                             0,                 "1970-01-01" },
        { "the one before it",       INDICATOR_DAY,   -1,                            0,                 "1969-12-31" },
        { "the last day we write",   INDICATOR_DAY,   at(9999, 12, 31, 23, 59),      0,                 "9999-12-31" },
        { "beyond it",               INDICATOR_DAY,   G_MAXINT64,                    G_MAXINT64,        "9999-12-31" },
        { "before the first",        INDICATOR_DAY,   G_MININT64,                    G_MININT64,        "0000-01-01" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        char out[11];
        g_test_message("%s", table[i].name);
        indicator_period(table[i].period, table[i].t, table[i].offset, out);
        g_assert_cmpstr(out, ==, table[i].want);
    }
}

static void every_day_is_the_day_glib_says(void)
{
    for (gint64 t = at(1000, 1, 1, 12, 0); t < at(3000, 1, 1, 0, 0); t += BASE_DAY) {
        char out[11];
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(t / 1000);
        g_autofree char *want = g_date_time_format(time, "%Y-%m-%d");
        indicator_period(INDICATOR_DAY, t, 0, out);
        g_assert_cmpstr(out, ==, want);
    }
}

static void a_text_names_its_days_and_its_neighbours(void)
{
    static const struct {
        const char *text, *from, *last, *next, *before, *year_before; /* last day in it, next day after it */
    } table[] = {
        /* clang-format off */
        { "2026-11-23", "2026-11-23", "2026-11-23", "2026-11-24", "2026-11-22", "2025-11-23" },
        { "2026-01-01", "2026-01-01", "2026-01-01", "2026-01-02", "2025-12-31", "2025-01-01" },
        { "2024-02-29", "2024-02-29", "2024-02-29", "2024-03-01", "2024-02-28", "2023-02-28" },
        { "2024-03-01", "2024-03-01", "2024-03-01", "2024-03-02", "2024-02-29", "2023-03-01" },
        { "2023-03-01", "2023-03-01", "2023-03-01", "2023-03-02", "2023-02-28", "2022-03-01" },
        { "2024-02",    "2024-02-01", "2024-02-29", "2024-03-01", "2024-01",    "2023-02" },
        { "2026-01",    "2026-01-01", "2026-01-31", "2026-02-01", "2025-12",    "2025-01" },
        { "2026-Q1",    "2026-01-01", "2026-03-31", "2026-04-01", "2025-Q4",    "2025-Q1" },
        { "2026-Q4",    "2026-10-01", "2026-12-31", "2027-01-01", "2026-Q3",    "2025-Q4" },
        { "2026-H1",    "2026-01-01", "2026-06-30", "2026-07-01", "2025-H2",    "2025-H1" },
        { "2026-H2",    "2026-07-01", "2026-12-31", "2027-01-01", "2026-H1",    "2025-H2" },
        { "2026",       "2026-01-01", "2026-12-31", "2027-01-01", "2025",       "2025" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        char from[12], to[12], out[11], day[11];
        IndicatorPeriod period;
        g_test_message("%s", table[i].text);
        g_assert_true(indicator_period_parse(table[i].text, &period));
        indicator_period_days(table[i].text, from, to);
        g_assert_cmpint(g_strcmp0(table[i].from, from), >=, 0);
        g_assert_cmpint(g_strcmp0(table[i].last, to), <, 0);
        g_assert_cmpint(g_strcmp0(table[i].next, to), >=, 0);
        g_assert_true(indicator_period_before(table[i].text, out));
        g_assert_cmpstr(out, ==, table[i].before);
        g_assert_true(indicator_year_before(table[i].text, out));
        g_assert_cmpstr(out, ==, table[i].year_before);
        gint64 end = indicator_period_end(table[i].text, BASE_CHINA_OFFSET);
        indicator_period(INDICATOR_DAY, end, BASE_CHINA_OFFSET, day);
        g_assert_cmpstr(day, ==, table[i].next);
        indicator_period(period, end - 1, BASE_CHINA_OFFSET, out);
        g_assert_cmpstr(out, ==, table[i].text);
    }
}

static void what_is_no_period_is_refused(void)
{
    static const char *const table[] = { "",           "26",         "2026-1",           "2026-13",
                                         "2026-00",    "2026-Q0",    "2026-Q5",          "2026-H3",
                                         "2026-02-30", "2025-02-29", "2026/11",          "2026-11-2x",
                                         "2026-q1",    "x026",       "2026-11-23 09:00", "2026-Q1-1",
                                         "2026Q12" };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        IndicatorPeriod period;
        char out[11];
        g_test_message("%s", table[i]);
        g_assert_false(indicator_period_parse(table[i], &period));
        g_assert_false(indicator_period_before(table[i], out));
        g_assert_false(indicator_year_before(table[i], out));
    }
    char out[11];
    g_assert_false(indicator_period_before("0000", out));
    g_assert_false(indicator_year_before("0000-01-01", out));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/indicator/an_instant_falls_in_its_local_period", an_instant_falls_in_its_local_period);
    g_test_add_func("/indicator/every_day_is_the_day_glib_says", every_day_is_the_day_glib_says);
    g_test_add_func("/indicator/a_text_names_its_days_and_its_neighbours",
                    a_text_names_its_days_and_its_neighbours);
    g_test_add_func("/indicator/what_is_no_period_is_refused", what_is_no_period_is_refused);
    return g_test_run();
}
