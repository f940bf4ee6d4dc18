/* recur_test.c - rules as offices have them; beside them, looking at every day. */
#include "base/chance.h"
#include "base/recur.h"
#include <string.h>

static const BaseShift office[] = { { 510, 720 }, { 810, 1050 } };
static BaseCalendar *calendar;

static gint32 day_of(const char *date)
{
    gint32 day;
    g_assert_true(base_day_parse(date, &day));
    return day;
}

static char *first_dates(const BaseRecurDef *def, int most)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(BaseRecur) recur = base_recur_new(def, &error);
    g_assert_no_error(error);
    g_autoptr(GString) out = g_string_new(NULL);
    BaseOccurrence last, next;
    for (int i = 0; i < most && base_recur_next(recur, i ? &last : NULL, &next); i++, last = next) {
        char text[17];
        base_time_write(next.at, BASE_CHINA_OFFSET, text);
        g_string_append_printf(out, "%s%.10s", i ? " " : "", text);
        g_assert_cmpstr(text + 10, ==, " 09:30");
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* 2026: Spring Festival rest 15-23 February (14 and 28 work), National Day 1-7 October (10 October works). */
static void rules_give_the_days_an_official_would_write_down(void)
{
    static const struct {
        const char *name, *rule, *from, *until;
        BaseMove move;
        const char *want;
    } table[] = {
        /* clang-format off */
        { "every Monday",              "FREQ=WEEKLY;BYDAY=MO", "2026-02-02", NULL, BASE_MOVE_KEEP, "2026-02-02 2026-02-09 2026-02-16 2026-02-23" },
        { "moved on",                  "FREQ=WEEKLY;BYDAY=MO", "2026-02-02", NULL, BASE_MOVE_NEXT, "2026-02-02 2026-02-09 2026-02-24 2026-03-02" },
        { "moved back",                "FREQ=WEEKLY;BYDAY=MO", "2026-02-02", NULL, BASE_MOVE_PREVIOUS, "2026-02-02 2026-02-09 2026-02-14 2026-03-02" },
        { "left out",                  "FREQ=WEEKLY;BYDAY=MO", "2026-02-02", NULL, BASE_MOVE_SKIP, "2026-02-02 2026-02-09 2026-03-02 2026-03-09" },
        { "daily meets once",          "FREQ=DAILY",           "2026-10-01", NULL, BASE_MOVE_NEXT, "2026-10-08 2026-10-09 2026-10-10 2026-10-12" },
        { "the first begins on rest",  "FREQ=MONTHLY;BYMONTHDAY=1", "2026-10-01", NULL, BASE_MOVE_NEXT, "2026-10-08 2026-11-02 2026-12-01 2027-01-01" },
        { "last day of the month",     "FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-01", NULL, BASE_MOVE_KEEP, "2026-01-31 2026-02-28 2026-03-31 2026-04-30" },
        { "31st, where there is one",  "FREQ=MONTHLY", "2026-01-31", NULL, BASE_MOVE_KEEP, "2026-01-31 2026-03-31 2026-05-31 2026-07-31" },
        { "last Friday of a quarter",  "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "2026-03-01", NULL, BASE_MOVE_KEEP, "2026-03-27 2026-06-26 2026-09-25 2026-12-25" },
        { "last weekday of March",     "FREQ=YEARLY;BYMONTH=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-01", "2028-12-31", BASE_MOVE_KEEP, "2026-03-31 2027-03-31 2028-03-31" },
        { "three times",               "FREQ=DAILY;INTERVAL=2;COUNT=3", "2026-11-23", NULL, BASE_MOVE_KEEP, "2026-11-23 2026-11-25 2026-11-27" },
        { "up to a day",               "FREQ=DAILY;UNTIL=20261125", "2026-11-23", NULL, BASE_MOVE_KEEP, "2026-11-23 2026-11-24 2026-11-25" },
        { "29 February",               "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-01-01", "2034-12-31", BASE_MOVE_KEEP, "2028-02-29 2032-02-29" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        BaseRecurDef def = { table[i].rule,
                             day_of(table[i].from),
                             table[i].until ? day_of(table[i].until) : 0,
                             570,
                             table[i].move,
                             calendar,
                             BASE_CHINA_OFFSET };
        g_autofree char *got = first_dates(&def, 4);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

static void a_rule_that_is_none_is_refused_at_its_column(void)
{
    static const struct {
        const char *name, *rule, *why;
    } table[] = {
        /* clang-format off */
        { "nothing",            "",                                   "column 1: wants FREQ" },
        { "no frequency",       "INTERVAL=2",                         "column 1: FREQ is missing" },
        { "every second",       "FREQ=SECONDLY",                      "column 6: wants DAILY" },
        { "every minute",       "FREQ=MINUTELY",                      "column 6: wants DAILY" },
        { "every hour",         "FREQ=HOURLY",                        "column 6: wants DAILY" },
        { "an hour",            "FREQ=DAILY;BYHOUR=9",                "column 12: wants FREQ" },
        { "twice",              "FREQ=DAILY;FREQ=DAILY",              "column 12: this part stands twice" },
        { "interval none",      "FREQ=DAILY;INTERVAL=0",              "column 21: wants a number from 1 to 999" },
        { "too many",           "FREQ=DAILY;COUNT=1001",              "column 18: wants a number from 1 to 1000" },
        { "both ends",          "FREQ=DAILY;COUNT=2;UNTIL=20270101",  "column 1: COUNT and UNTIL" },
        { "no date",            "FREQ=DAILY;UNTIL=20270230",          "column 18: wants a date" },
        { "a time",             "FREQ=DAILY;UNTIL=20270228T000000Z",  "column 26: wants ; or the end" },
        { "no weekday",         "FREQ=WEEKLY;BYDAY=XX",               "column 19: wants a weekday" },
        { "a numbered weekday", "FREQ=WEEKLY;BYDAY=2MO",              "column 1: a numbered weekday" },
        { "month 13",           "FREQ=YEARLY;BYMONTH=13",             "column 21: wants a number from 1 to 12" },
        { "day of a week",      "FREQ=WEEKLY;BYMONTHDAY=3",           "column 1: BYMONTHDAY goes with" },
        { "week of a month",    "FREQ=MONTHLY;BYWEEKNO=3",            "column 1: BYWEEKNO goes with" },
        { "place among none",   "FREQ=MONTHLY;BYSETPOS=1",            "column 1: BYSETPOS chooses" },
        { "never",              "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "column 1: the rule gives no day" },
        { "a comma too many",   "FREQ=WEEKLY;BYDAY=MO,",              "column 22: wants a weekday" },
        { "small letters",      "freq=daily",                         "column 1: wants FREQ" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i].name);
        BaseRecurDef def = { table[i].rule, day_of("2026-01-01"), 0, 570, BASE_MOVE_KEEP,
                             calendar,      BASE_CHINA_OFFSET };
        g_assert_null(base_recur_new(&def, &error));
        g_assert_true(g_str_has_prefix(error->message, table[i].why));
    }
}

static void a_rule_whose_days_the_calendar_all_leaves_out_is_one_that_never_comes(void)
{
    BaseRecurDef def = { "FREQ=DAILY", day_of("2026-10-01"), day_of("2026-10-03"), 570, BASE_MOVE_SKIP,
                         calendar,     BASE_CHINA_OFFSET };
    g_autoptr(GError) error = NULL;
    g_autoptr(BaseRecur) recur = base_recur_new(&def, &error);
    BaseOccurrence o;
    g_assert_no_error(error); /* another notice may let it come */
    g_assert_false(base_recur_next(recur, NULL, &o));
}

static void after_an_instant_comes_the_next_one(void)
{
    BaseRecurDef def = { "FREQ=DAILY", day_of("2026-11-20"), 0, 570, BASE_MOVE_NEXT,
                         calendar,     BASE_CHINA_OFFSET };
    g_autoptr(BaseRecur) recur = base_recur_new(&def, NULL);
    gint64 half_past_nine = day_of("2026-11-20") * BASE_DAY - BASE_CHINA_OFFSET + 570 * BASE_MINUTE;
    BaseOccurrence o;
    g_assert_true(base_recur_after(recur, half_past_nine - 1, &o));
    g_assert_cmpint(o.at, ==, half_past_nine);
    g_assert_true(base_recur_after(recur, half_past_nine, &o));
    g_assert_cmpint(o.day, ==, day_of("2026-11-23"));
    g_assert_cmpint(o.date, ==, day_of("2026-11-21"));
    def.until = day_of("2026-11-21");
    g_autoptr(BaseRecur) ends = base_recur_new(&def, NULL);
    g_assert_false(base_recur_after(ends, o.at, &o));
}

/* ---- the oracle: every day is asked whether the rule gives it ---- */

typedef struct {
    int freq, interval; /* 0 daily, 1 weekly, 2 monthly, 3 yearly */
    guint weekdays;     /* bits from Monday; 0: not said */
    int month_day;      /* 0: not said; may be negative */
    int month;          /* 0: not said */
} Plain;

static int month_length(int year, int month)
{
    return base_day_of(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) -
           base_day_of(year, month, 1);
}

static gboolean gives(const Plain *p, gint32 from, gint32 day)
{
    int y, m, d, y0, m0, d0;
    base_day_split(day, &y, &m, &d);
    base_day_split(from, &y0, &m0, &d0);
    gint32 week = (day + 3) / 7, week0 = (from + 3) / 7;
    int unit = p->freq == 0   ? day - from
               : p->freq == 1 ? week - week0
               : p->freq == 2 ? (y - y0) * 12 + m - m0
                              : y - y0;
    if (day < from || unit % p->interval) return FALSE;
    if (p->month && m != p->month) return FALSE;
    if (p->weekdays && !(p->weekdays >> (day + 3) % 7 & 1)) return FALSE;
    if (p->month_day) return d == (p->month_day > 0 ? p->month_day : month_length(y, m) + 1 + p->month_day);
    if (p->freq == 1 && !p->weekdays) return (day - from) % 7 == 0;
    if (p->freq >= 2 && !p->weekdays && d != d0) return FALSE;
    return p->freq < 3 || p->weekdays || p->month || m == m0;
}

static gboolean slow_moved(BaseMove move, gint32 date, gint32 *day)
{
    *day = date;
    while (move != BASE_MOVE_KEEP && !base_calendar_works(calendar, *day * BASE_DAY - BASE_CHINA_OFFSET)) {
        if (move == BASE_MOVE_SKIP) return FALSE;
        *day += move == BASE_MOVE_NEXT ? 1 : -1;
    }
    return TRUE;
}

static char *write_rule(const Plain *p)
{
    static const char *const freq[] = { "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };
    static const char *const days[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };
    g_autoptr(GString) rule = g_string_new(NULL);
    g_string_printf(rule, "FREQ=%s;INTERVAL=%d", freq[p->freq], p->interval);
    if (p->month) g_string_append_printf(rule, ";BYMONTH=%d", p->month);
    if (p->month_day) g_string_append_printf(rule, ";BYMONTHDAY=%d", p->month_day);
    for (int i = 0, any = 0; i < 7; i++)
        if (p->weekdays >> i & 1) g_string_append_printf(rule, "%s%s", any++ ? "," : ";BYDAY=", days[i]);
    return g_string_free(g_steal_pointer(&rule), FALSE);
}

static Plain draw(BaseChance *chance)
{
    Plain p = { .freq = (int)base_chance_below(chance, 4),
                .interval = 1 + (int)base_chance_below(chance, 4) };
    if (base_chance_below(chance, 2)) p.weekdays = (guint)base_chance_below(chance, 128);
    if (p.freq > 1 && base_chance_below(chance, 3) == 0)
        p.month_day = (int)base_chance_below(chance, 62) - 31;
    if ((p.freq == 3 && p.month_day) || base_chance_below(chance, 3) == 0)
        p.month = 1 + (int)base_chance_below(chance, 12);
    return p;
}

static void rules_equal_looking_at_every_day(void)
{
    guint64 seed = g_test_rand_int();
    g_test_message("seed %" G_GUINT64_FORMAT, seed);
    BaseChance chance = base_chance_seeded(seed);
    int sound = 0;
    for (int round = 0; round < 60; round++) {
        Plain p = draw(&chance);
        gint32 from = day_of("2018-01-01") + (gint32)base_chance_below(&chance, 1500), later = 0;
        BaseRecurDef def = {
            NULL, from, from + 500, 570, (BaseMove)base_chance_below(&chance, 4), calendar, BASE_CHINA_OFFSET
        };
        g_autofree char *rule = write_rule(&p);
        def.rule = rule;
        g_test_message("%s from %d, move %d", rule, from, def.move);
        g_autoptr(BaseRecur) recur = base_recur_new(&def, NULL);
        BaseOccurrence o, last, *have = NULL;
        for (gint32 date = from; date <= def.until; date++) {
            gint32 day;
            if (!gives(&p, from, date) || !slow_moved(def.move, date, &day) || day <= later) continue;
            g_assert_true(recur && base_recur_next(recur, have, &o));
            g_assert_cmpint(o.date, ==, date);
            g_assert_cmpint(o.day, ==, day);
            later = day, last = o, have = &last;
        }
        g_assert_false(recur && base_recur_next(recur, have, &o) && have);
        sound += recur != NULL;
    }
    g_assert_cmpint(sound, >, 20);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    calendar = base_calendar_new("office", office, 2, BASE_CHINA_OFFSET);
    g_test_add_func("/recur/rules_give_the_days_an_official_would_write_down",
                    rules_give_the_days_an_official_would_write_down);
    g_test_add_func("/recur/a_rule_that_is_none_is_refused_at_its_column",
                    a_rule_that_is_none_is_refused_at_its_column);
    g_test_add_func("/recur/a_rule_whose_days_the_calendar_all_leaves_out_is_one_that_never_comes",
                    a_rule_whose_days_the_calendar_all_leaves_out_is_one_that_never_comes);
    g_test_add_func("/recur/after_an_instant_comes_the_next_one", after_an_instant_comes_the_next_one);
    g_test_add_func("/recur/rules_equal_looking_at_every_day", rules_equal_looking_at_every_day);
    int status = g_test_run();
    base_calendar_free(calendar);
    return status;
}
