/* time.c - local dates and times, as people and exports write them. Declared in calendar.h and days.h. */
#include "base/calendar.h"
#include "base/days.h"
#include <stdio.h>

/* Howard Hinnant's days_from_civil and civil_from_days (2013), for years 1..9999. */
static gint64 days_from_civil(int y, int m, int d)
{
    y -= m <= 2;
    gint64 era = y / 400, yoe = y - era * 400, doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void civil_from_days(gint64 z, int *y, int *m, int *d)
{
    z += 719468;
    gint64 era = z / 146097;
    int doe = (int)(z - era * 146097), yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp + (mp < 10 ? 3 : -9);
    *y = (int)(yoe + era * 400) + (*m <= 2);
}

gint32 base_day_of(int year, int month, int day)
{
    return (gint32)days_from_civil(year, month, day);
}

void base_day_split(gint32 day, int *year, int *month, int *day_of_month)
{
    civil_from_days(day, year, month, day_of_month);
}

void base_time_write(gint64 t, gint64 utc_offset, char out[17])
{
    gint64 local =
        CLAMP(t + utc_offset, days_from_civil(1, 1, 1) * BASE_DAY, days_from_civil(9999, 12, 31) * BASE_DAY);
    gint64 day = local / BASE_DAY - (local % BASE_DAY < 0), minute = (local - day * BASE_DAY) / BASE_MINUTE;
    int y, m, d;
    civil_from_days(day, &y, &m, &d);
    g_snprintf(out, 17, "%04u-%02u-%02u %02u:%02u", (unsigned)y % 10000, (unsigned)m % 100, (unsigned)d % 100,
               (unsigned)(minute / 60) % 100, (unsigned)(minute % 60));
}

/* Up to `most` digits; -1 when there is none. */
static int digits(const char **p, int most, int *width)
{
    int value = 0, n = 0;
    while (n < most && g_ascii_isdigit(**p)) {
        value = value * 10 + *(*p)++ - '0';
        n++;
    }
    if (width) *width = n;
    return n ? value : -1;
}

static gboolean take(const char **p, const char *any)
{
    for (; *any; any++)
        if (**p == *any) {
            (*p)++;
            return TRUE;
        }
    return FALSE;
}

static gboolean parse_date(const char **p, int *y, int *m, int *d)
{
    int width, first = digits(p, 4, &width);
    if (first < 0 || !take(p, "-/.")) return FALSE;
    int second = digits(p, 2, NULL);
    if (second < 0 || !take(p, "-/.")) return FALSE;
    int third_width, third = digits(p, 4, &third_width);
    if (third < 0) return FALSE;
    if (width == 4) {
        *y = first, *m = second, *d = third;
    } else {
        *y = third_width <= 2 ? 2000 + third : third, *m = first, *d = second;
    }
    static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    gboolean leap = (*y % 4 == 0 && *y % 100 != 0) || *y % 400 == 0;
    return *y >= 1 && *m >= 1 && *m <= 12 && *d >= 1 && *d <= length[*m - 1] + (*m == 2 && leap);
}

/* hour:minute[:second[.fraction]] [AM|PM]; nothing at all is midnight. Milliseconds, or -1. */
static gint64 parse_clock(const char **p)
{
    while (**p == ' ' || **p == 'T')
        (*p)++;
    if (!**p) return 0;
    int hour = digits(p, 2, NULL), second = 0;
    if (hour < 0 || !take(p, ":")) return -1;
    int minute = digits(p, 2, NULL);
    if (minute < 0) return -1;
    if (take(p, ":")) second = digits(p, 2, NULL);
    if (take(p, ".")) digits(p, 9, NULL);
    while (**p == ' ')
        (*p)++;
    gboolean pm = **p == 'P' || **p == 'p';
    if (pm || **p == 'A' || **p == 'a') {
        (*p)++;
        if (!take(p, "Mm") || hour < 1 || hour > 12) return -1;
        hour = hour % 12 + (pm ? 12 : 0);
    }
    if (hour > 23 || minute > 59 || second < 0 || second > 59) return -1;
    return (hour * 60 + minute) * BASE_MINUTE + (gint64)second * 1000;
}

gboolean base_time_parse(const char *text, gint64 utc_offset, gint64 *out)
{
    int y, m, d;
    while (*text == ' ')
        text++;
    if (!parse_date(&text, &y, &m, &d)) return FALSE;
    gint64 in_day = parse_clock(&text);
    if (in_day < 0 || *text) return FALSE;
    *out = days_from_civil(y, m, d) * BASE_DAY + in_day - utc_offset;
    return TRUE;
}
