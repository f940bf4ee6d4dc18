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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/indicator/an_instant_falls_in_its_local_period", an_instant_falls_in_its_local_period);
    g_test_add_func("/indicator/every_day_is_the_day_glib_says", every_day_is_the_day_glib_says);
    return g_test_run();
}
