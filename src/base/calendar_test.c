/* calendar_test.c - working days against the published lists, deadlines against counting minute by minute. */
#include "base/calendar.h"
#include "base/chance.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const BaseShift office[] = { { 510, 720 }, { 810, 1050 } }; /* 8:30-12:00, 13:30-17:30 */

static gint64 at(const char *text)
{
    gint64 t;
    g_assert_true(base_time_parse(text, BASE_CHINA_OFFSET, &t));
    return t;
}

static char *shared_file(const char *name)
{
    const char *shared = g_getenv("SHARED");
    g_autofree char *path = g_build_filename(shared ? shared : "../shared", "data", "calendar", name, NULL);
    g_autofree char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    if (!text) g_test_skip("the shared calendar data are not here");
    return g_steal_pointer(&text);
}

static void every_day_of_twenty_years_is_what_the_second_source_says(void)
{
    g_autofree char *text = shared_file("cn-exceptions-second-source.tsv");
    if (!text) return;
    g_autoptr(GHashTable) exceptions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    for (char **line = lines; *line; line++)
        if (strlen(*line) > 11 && **line != '#')
            g_hash_table_insert(exceptions, g_strndup(*line, 10),
                                GINT_TO_POINTER((*line)[11] == 'w' ? 1 : 2));
    g_autoptr(BaseCalendar) calendar = base_calendar_new("office", office, 2, BASE_CHINA_OFFSET);
    int days = 0;
    for (gint64 t = at("2007-01-01"); t < at("2027-01-01"); t += BASE_DAY, days++) {
        char day[17];
        base_time_write(t, BASE_CHINA_OFFSET, day);
        day[10] = '\0';
        gint64 weekday = ((t + BASE_CHINA_OFFSET) / BASE_DAY + 3) % 7;
        int listed = GPOINTER_TO_INT(g_hash_table_lookup(exceptions, day));
        g_assert_cmpint(base_calendar_works(calendar, t), ==, listed ? listed == 1 : weekday < 5);
        g_assert_cmpint(base_calendar_works(calendar, t + BASE_DAY - 1), ==,
                        base_calendar_works(calendar, t));
    }
    g_assert_cmpint(days, ==, 7305);
}

static void the_working_days_of_each_year_add_up(void)
{
    g_autofree char *text = shared_file("workdays-per-year.tsv");
    if (!text) return;
    g_autoptr(BaseCalendar) calendar = base_calendar_new("office", office, 2, BASE_CHINA_OFFSET);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    for (char **line = lines; *line; line++) {
        int year, all, want;
        if (sscanf(*line, "%d\t%d\t%d", &year, &all, &want) != 3) continue;
        g_autofree char *from = g_strdup_printf("%d-01-01", year),
                        *to = g_strdup_printf("%d-01-01", year + 1);
        g_assert_cmpint(base_calendar_spent(calendar, BASE_MEASURE_WORKDAY, at(from), at(to)), ==,
                        want * BASE_DAY);
    }
}

static void deadlines_land_where_an_official_would_put_them(void)
{
    static const struct {
        const char *name, *from;
        BaseMeasure measure;
        gint64 amount;
        const char *want;
    } table[] = {
        /* clang-format off */
        { "same day",                        "2026-11-23 09:00", BASE_MEASURE_OFFICE,  60 * BASE_MINUTE,  "2026-11-23 10:00" },
        { "over lunch",                      "2026-11-23 11:30", BASE_MEASURE_OFFICE,  60 * BASE_MINUTE,  "2026-11-23 14:00" },
        { "to the last minute",              "2026-11-23 08:30", BASE_MEASURE_OFFICE,  450 * BASE_MINUTE, "2026-11-23 17:30" },
        { "one minute over night",           "2026-11-23 08:30", BASE_MEASURE_OFFICE,  451 * BASE_MINUTE, "2026-11-24 08:31" },
        { "asked at night",                  "2026-11-23 22:00", BASE_MEASURE_OFFICE,  BASE_MINUTE,       "2026-11-24 08:31" },
        { "asked on Saturday",               "2026-11-28 10:00", BASE_MEASURE_WORKDAY, BASE_DAY,          "2026-12-01 00:00" },
        { "over National Day 2026",          "2026-09-30 12:00", BASE_MEASURE_WORKDAY, BASE_DAY,          "2026-10-08 12:00" },
        { "a worked Saturday counts",        "2025-09-28 00:00", BASE_MEASURE_WORKDAY, BASE_DAY,          "2025-09-29 00:00" },
        { "nothing is due at once",          "2026-11-28 10:00", BASE_MEASURE_WORKDAY, 0,                 "2026-11-28 10:00" },
        { "natural time knows no holidays",  "2026-10-01 00:00", BASE_MEASURE_NATURAL, 3 * BASE_DAY,      "2026-10-04 00:00" },
        /* clang-format on */
    };
    g_autoptr(BaseCalendar) calendar = base_calendar_new("office", office, 2, BASE_CHINA_OFFSET);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        char got[17];
        gboolean provisional = TRUE;
        g_test_message("%s", table[i].name);
        base_time_write(
            base_calendar_after(calendar, table[i].measure, at(table[i].from), table[i].amount, &provisional),
            BASE_CHINA_OFFSET, got);
        g_assert_cmpstr(got, ==, table[i].want);
        g_assert_false(provisional);
    }
}

static void a_deadline_in_a_year_without_a_notice_is_provisional(void)
{
    g_autoptr(BaseCalendar) calendar = base_calendar_new("office", office, 2, BASE_CHINA_OFFSET);
    g_autoptr(BaseCalendar) always = base_calendar_new("always", NULL, 0, BASE_CHINA_OFFSET);
    gboolean provisional;
    g_autofree char *last = g_strdup_printf("%d-12-31 10:00", base_calendar_last_published());
    base_calendar_after(calendar, BASE_MEASURE_WORKDAY, at(last), 5 * BASE_DAY, &provisional);
    g_assert_true(provisional);
    base_calendar_after(always, BASE_MEASURE_WORKDAY, at(last), 5 * BASE_DAY, &provisional);
    g_assert_false(provisional);
    g_assert_cmpint(
        base_calendar_after(calendar, BASE_MEASURE_WORKDAY, at(last), 90000 * BASE_DAY, &provisional), ==,
        G_MAXINT64);
    g_assert_true(provisional);
}

/* The oracle: walk minute by minute. */
static gint64 slow_after(const BaseCalendar *calendar, BaseMeasure measure, gint64 from, gint64 minutes)
{
    while (minutes > 0) {
        gint64 in_day = (from + BASE_CHINA_OFFSET) % BASE_DAY / BASE_MINUTE;
        gboolean open = (in_day >= 510 && in_day < 720) || (in_day >= 810 && in_day < 1050);
        if (measure == BASE_MEASURE_NATURAL ||
            (base_calendar_works(calendar, from) && (measure == BASE_MEASURE_WORKDAY || open)))
            minutes--;
        from += BASE_MINUTE;
    }
    return from;
}

static void deadlines_equal_counting_every_minute(void)
{
    const char *given = g_getenv("CALENDAR_ORACLE");
    int rounds = given ? (int)g_ascii_strtoll(given, NULL, 10) : 3000;
    guint64 seed = g_test_rand_int();
    g_test_message("seed %" G_GUINT64_FORMAT, seed);
    BaseChance chance = base_chance_seeded(seed);
    g_autoptr(BaseCalendar) calendar = base_calendar_new("office", office, 2, BASE_CHINA_OFFSET);
    for (int i = 0; i < rounds; i++) {
        gint64 from = at("2007-01-01") + (gint64)base_chance_below(&chance, 19 * 365 * 1440) * BASE_MINUTE;
        BaseMeasure measure = (BaseMeasure)base_chance_below(&chance, 3);
        gint64 minutes = 1 + (gint64)base_chance_below(&chance, 3000);
        gint64 got = base_calendar_after(calendar, measure, from, minutes * BASE_MINUTE, NULL);
        g_assert_cmpint(got, ==, slow_after(calendar, measure, from, minutes));
        g_assert_cmpint(base_calendar_spent(calendar, measure, from, got), ==, minutes * BASE_MINUTE);
    }
}

static void dates_are_read_as_offices_write_them(void)
{
    static const struct {
        const char *text, *want;
    } table[] = {
        { "2015-12-10 17:40:00", "2015-12-10 17:40" },
        { "10/21/18 0:00", "2018-10-21 00:00" },
        { "03/24/2025 01:50:21 PM", "2025-03-24 13:50" },
        { "03/24/2025 12:05:00 AM", "2025-03-24 00:05" },
        { "2024-02-29T23:59", "2024-02-29 23:59" },
        { "2024/2/9", "2024-02-09 00:00" },
        { "2024-02-30", NULL },
        { "2023-02-29", NULL },
        { "24:00", NULL },
        { "2024-01-01 25:00", NULL },
        { "2024-01-01 10:00 x", NULL },
        { "", NULL },
        { "2024-13-01", NULL },
        { "13/01/2024 13:00 PM", NULL },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        gint64 t = 0;
        char got[17];
        g_test_message("%s", table[i].text);
        g_assert_cmpint(base_time_parse(table[i].text, BASE_CHINA_OFFSET, &t), ==, table[i].want != NULL);
        if (!table[i].want) continue;
        base_time_write(t, BASE_CHINA_OFFSET, got);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/every_day_of_twenty_years_is_right",
                    every_day_of_twenty_years_is_what_the_second_source_says);
    g_test_add_func("/calendar/the_working_days_of_each_year_add_up", the_working_days_of_each_year_add_up);
    g_test_add_func("/calendar/deadlines_land_where_an_official_would_put_them",
                    deadlines_land_where_an_official_would_put_them);
    g_test_add_func("/calendar/a_deadline_in_a_year_without_a_notice_is_provisional",
                    a_deadline_in_a_year_without_a_notice_is_provisional);
    g_test_add_func("/calendar/deadlines_equal_counting_every_minute", deadlines_equal_counting_every_minute);
    g_test_add_func("/calendar/dates_are_read_as_offices_write_them", dates_are_read_as_offices_write_them);
    return g_test_run();
}
