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

static void a_period_that_ends_on_a_rest_day_ends_on_the_next_working_day(void)
{
    static const struct {
        const char *name, *t, *want;
    } table[] = {
        /* clang-format off */
        { "a working day",              "2026-11-23 09:00", "2026-11-24 00:00" },
        { "its last minute",            "2026-11-23 23:59", "2026-11-24 00:00" },
        { "midnight is the day's end",  "2026-11-24 00:00", "2026-11-24 00:00" },
        { "Saturday",                   "2026-11-21 09:00", "2026-11-24 00:00" },
        { "the end of Sunday",          "2026-11-23 00:00", "2026-11-24 00:00" },
        { "the end of Friday",          "2026-11-21 00:00", "2026-11-21 00:00" },
        { "National Day",               "2026-10-01 09:00", "2026-10-09 00:00" },
        { "a worked Saturday",          "2026-10-10 09:00", "2026-10-11 00:00" },
        /* clang-format on */
    };
    g_autoptr(BaseCalendar) calendar = base_calendar_new("office", office, 2, BASE_CHINA_OFFSET);
    g_autoptr(BaseCalendar) always = base_calendar_new("always", NULL, 0, BASE_CHINA_OFFSET);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        char got[17];
        gboolean provisional = TRUE;
        g_test_message("%s", table[i].name);
        base_time_write(base_calendar_roll(calendar, at(table[i].t), &provisional), BASE_CHINA_OFFSET, got);
        g_assert_cmpstr(got, ==, table[i].want);
        g_assert_false(provisional);
    }
    g_assert_cmpint(base_calendar_roll(always, at("2026-11-21 09:00"), NULL), ==, at("2026-11-22"));
    gboolean provisional = FALSE;
    base_calendar_roll(calendar, at("2029-01-01 09:00"), &provisional);
    g_assert_true(provisional);
    g_assert_cmpint(base_calendar_roll(calendar, G_MAXINT64, &provisional), ==, G_MAXINT64);
    g_assert_true(provisional);
}

/* ---- the oracle: walk minute by minute ---- */

static const BaseShift summer[] = { { 480, 720 }, { 900, 1080 } }, winter[] = { { 540, 1020 } };
static const BaseSeason seasons[] = { { 601, 930, summer, 2 }, { 1115, 229, winter, 1 } };

#define FIRST "2007-01-01"
#define N_MINUTES (22 * 366 * 1440)

typedef struct {
    const char *name;
    BaseCalendar *calendar;
    guint8 *counts[3]; /* of each measure, every minute from FIRST: does it count */
    guint8 *works;     /* every day */
} Slow;

static gboolean in_shifts(const BaseShift *shifts, gsize n, int minute)
{
    for (gsize i = 0; i < n; i++)
        if (minute >= shifts[i].open_min && minute < shifts[i].close_min) return TRUE;
    return FALSE;
}

static gboolean slow_office(gboolean seasonal, gint32 day, int minute)
{
    int year, month, of_month;
    base_day_split(day, &year, &month, &of_month);
    int date = month * 100 + of_month;
    if (seasonal && date >= 601 && date <= 930) return in_shifts(summer, 2, minute);
    if (seasonal && (date >= 1115 || date <= 229)) return in_shifts(winter, 1, minute);
    return in_shifts(office, 2, minute);
}

static Slow slow_new(const char *name, BaseCalendar *calendar, const BaseDays *days, const char *closed,
                     gboolean seasonal)
{
    Slow slow = { .name = name, .calendar = calendar, .works = g_malloc0(N_MINUTES / 1440) };
    gint32 first = (gint32)((at(FIRST) + BASE_CHINA_OFFSET) / BASE_DAY);
    for (int m = 0; m < 3; m++)
        slow.counts[m] = g_malloc0(N_MINUTES);
    for (int i = 0; i < N_MINUTES; i++) {
        gint32 day = first + i / 1440;
        if (i % 1440 == 0) {
            char date[11];
            base_day_write(day, date);
            slow.works[i / 1440] =
                base_days_work(days, base_calendar_id(calendar), day) && g_strcmp0(date, closed) != 0;
        }
        slow.counts[BASE_MEASURE_NATURAL][i] = 1;
        slow.counts[BASE_MEASURE_WORKDAY][i] = slow.works[i / 1440];
        slow.counts[BASE_MEASURE_OFFICE][i] = slow.works[i / 1440] && slow_office(seasonal, day, i % 1440);
    }
    return slow;
}

static void slow_clear(Slow *slow)
{
    for (int m = 0; m < 3; m++)
        g_free(slow->counts[m]);
    g_free(slow->works);
    base_calendar_free(slow->calendar);
}

static gint64 slow_after(const Slow *slow, BaseMeasure measure, gint64 from, gint64 minutes)
{
    const guint8 *counts = slow->counts[measure];
    gint64 i = (from - at(FIRST)) / BASE_MINUTE;
    while (minutes > 0)
        minutes -= counts[i++];
    return at(FIRST) + i * BASE_MINUTE;
}

static gint64 slow_roll(const Slow *slow, gint64 t)
{
    gint64 day = (t - 1 - at(FIRST)) / BASE_DAY;
    while (!slow->works[day])
        day++;
    return at(FIRST) + (day + 1) * BASE_DAY;
}

static void hold_equal(const Slow *slow, BaseChance *chance)
{
    gint64 from = at(FIRST) + (gint64)base_chance_below(chance, 19 * 365 * 1440) * BASE_MINUTE;
    BaseMeasure measure = (BaseMeasure)base_chance_below(chance, 3);
    gint64 minutes = 1 + (gint64)base_chance_below(chance, 6000);
    gint64 got = base_calendar_after(slow->calendar, measure, from, minutes * BASE_MINUTE, NULL);
    g_assert_cmpint(got, ==, slow_after(slow, measure, from, minutes));
    g_assert_cmpint(base_calendar_spent(slow->calendar, measure, from, got), ==, minutes * BASE_MINUTE);
    g_assert_cmpint(base_calendar_roll(slow->calendar, got, NULL), ==, slow_roll(slow, got));
}

static void deadlines_equal_counting_every_minute(void)
{
    const char *given = g_getenv("CALENDAR_ORACLE");
    int rounds = given ? (int)g_ascii_strtoll(given, NULL, 10) : 3000;
    guint64 seed = g_test_rand_int();
    g_test_message("seed %" G_GUINT64_FORMAT, seed);
    BaseChance chance = base_chance_seeded(seed);
    static const char local[] =
        "2016-05-04\toff\t搬迁\n2016-05-07\twork\t补班\n2017-03-01\toff\t搬迁\t\tmoved\n"
        "2026-11-28\twork\t补班\n";
    g_autoptr(BaseDays) notice = base_days_read(local, strlen(local), NULL), days = NULL;
    days = base_days_over(base_days_built_in(), notice);
    const BaseDay own = { .day = base_day_of(2018, 8, 8), .works = FALSE };
    BaseCalendarDef seasonal = { "seasonal", office, 2, seasons, 2, &own, 1, BASE_CHINA_OFFSET };
    Slow slow[] = {
        slow_new("plain", base_calendar_new("plain", office, 2, BASE_CHINA_OFFSET), base_days_built_in(),
                 NULL, FALSE),
        slow_new("moved", base_calendar_new("moved", office, 2, BASE_CHINA_OFFSET), days, NULL, FALSE),
        slow_new("seasonal", base_calendar_make(&seasonal), days, "2018-08-08", TRUE),
    };
    base_calendar_set_days(slow[1].calendar, days);
    base_calendar_set_days(slow[2].calendar, days);
    for (int i = 0; i < rounds; i++)
        hold_equal(&slow[base_chance_below(&chance, G_N_ELEMENTS(slow))], &chance);
    for (gsize i = 0; i < G_N_ELEMENTS(slow); i++)
        slow_clear(&slow[i]);
}

/* Shifts of one minute in summer and of the whole day else: the longest walk from a bucket. */
static void seasons_as_unequal_as_can_be_are_counted_right(void)
{
    static const BaseShift day[] = { { 0, 1440 } }, minute[] = { { 600, 601 } };
    static const BaseSeason short_summer[] = { { 601, 831, minute, 1 } };
    g_autoptr(BaseCalendar) calendar = base_calendar_make(
        &(BaseCalendarDef){ "uneven", day, 1, short_summer, 1, NULL, 0, BASE_CHINA_OFFSET });
    gint64 t = at("2026-05-29 00:00");
    g_assert_cmpint(base_calendar_after(calendar, BASE_MEASURE_OFFICE, t, BASE_DAY, NULL), ==,
                    at("2026-05-30 00:00"));
    g_assert_cmpint(base_calendar_after(calendar, BASE_MEASURE_OFFICE, t, BASE_DAY + BASE_MINUTE, NULL), ==,
                    at("2026-06-01 10:01"));
    /* 65 working days from June to August, the Dragon Boat Festival (Friday 19 June) left out */
    g_assert_cmpint(base_calendar_spent(calendar, BASE_MEASURE_OFFICE, at("2026-06-01"), at("2026-09-01")),
                    ==, 65 * BASE_MINUTE);
    g_assert_cmpint(base_calendar_after(calendar, BASE_MEASURE_OFFICE, t, BASE_DAY + 66 * BASE_MINUTE, NULL),
                    ==, at("2026-09-01 00:01"));
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
    g_test_add_func("/calendar/a_period_that_ends_on_a_rest_day_ends_on_the_next_working_day",
                    a_period_that_ends_on_a_rest_day_ends_on_the_next_working_day);
    g_test_add_func("/calendar/seasons_as_unequal_as_can_be_are_counted_right",
                    seasons_as_unequal_as_can_be_are_counted_right);
    g_test_add_func("/calendar/deadlines_equal_counting_every_minute", deadlines_equal_counting_every_minute);
    g_test_add_func("/calendar/dates_are_read_as_offices_write_them", dates_are_read_as_offices_write_them);
    return g_test_run();
}
