/* period.c - the day, month, quarter, half-year or year an instant falls in, as text; which days it holds,
 * and which period came before.
 *
 * Days to a civil date after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil's
 * inverse): years begin in March, so that the leap day is the last of its year. */
#include "engine/indicator/indicator.h"
#include <string.h>

enum { FIRST_DAY = -719528, LAST_DAY = 2932896 }; /* 0000-01-01 and 9999-12-31, from 1970-01-01 */

typedef struct {
    int year, month, day;
} Date;

static Date date_of(gint64 days)
{
    gint64 shifted = days + 719468; /* from 0000-03-01 */
    gint64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int of_era = (int)(shifted - era * 146097);
    int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * of_year + 2) / 153;
    int month = march_month < 10 ? march_month + 3 : march_month - 9;
    return (Date){ .year = (int)(year_of_era + era * 400) + (month <= 2),
                   .month = month,
                   .day = of_year - (153 * march_month + 2) / 5 + 1 };
}

static gint64 local_day(gint64 t, gint64 utc_offset)
{
    gint64 day = t / BASE_DAY, rest = t % BASE_DAY + utc_offset % BASE_DAY;
    day += utc_offset / BASE_DAY + rest / BASE_DAY - (rest % BASE_DAY < 0);
    return CLAMP(day, FIRST_DAY, LAST_DAY);
}

static void write_text(IndicatorPeriod period, Date d, char out[11])
{
    char text[40];
    switch (period) {
    case INDICATOR_DAY:
        g_snprintf(text, sizeof text, "%04d-%02d-%02d", d.year, d.month, d.day);
        break;
    case INDICATOR_MONTH:
        g_snprintf(text, sizeof text, "%04d-%02d", d.year, d.month);
        break;
    case INDICATOR_QUARTER:
        g_snprintf(text, sizeof text, "%04d-Q%d", d.year, (d.month - 1) / 3 + 1);
        break;
    case INDICATOR_HALF_YEAR:
        g_snprintf(text, sizeof text, "%04d-H%d", d.year, (d.month - 1) / 6 + 1);
        break;
    case INDICATOR_YEAR:
        g_snprintf(text, sizeof text, "%04d", d.year);
        break;
    }
    g_strlcpy(out, text, 11);
}

void indicator_period(IndicatorPeriod period, gint64 t, gint64 utc_offset, char out[11])
{
    write_text(period, date_of(local_day(t, utc_offset)), out);
}

/* ---- texts ---- */

static int last_day(int year, int month)
{
    return g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
}

/* Digits where `form` has d; the number they are, or -1. */
static int digits(const char *text, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i])) return -1;
        value = value * 10 + text[i] - '0';
    }
    return value;
}

/* The first month and day of it. */
static gboolean parse(const char *text, IndicatorPeriod *period, Date *d)
{
    gsize n = strlen(text);
    if (n != 4 && n != 7 && n != 10) return FALSE;
    *d = (Date){ digits(text, 4), 1, 1 };
    *period = INDICATOR_YEAR;
    if (d->year < 0) return FALSE;
    if (n == 4) return TRUE;
    if (text[4] != '-') return FALSE;
    if (text[5] == 'Q' || text[5] == 'H') {
        *period = text[5] == 'Q' ? INDICATOR_QUARTER : INDICATOR_HALF_YEAR;
        d->month = (text[6] - '1') * (text[5] == 'Q' ? 3 : 6) + 1;
        return n == 7 && d->month >= 1 && d->month <= 12;
    }
    *period = n == 7 ? INDICATOR_MONTH : INDICATOR_DAY;
    d->month = digits(text + 5, 2);
    if (d->month < 1 || d->month > 12) return FALSE;
    if (n == 7) return TRUE;
    d->day = text[7] == '-' ? digits(text + 8, 2) : -1;
    return d->day >= 1 && d->day <= last_day(MAX(d->year, 1), d->month);
}

gboolean indicator_period_parse(const char *text, IndicatorPeriod *period)
{
    Date ignored;
    return parse(text, period, &ignored);
}

void indicator_period_of_day(IndicatorPeriod period, const char *day, char out[11])
{
    IndicatorPeriod its;
    Date d;
    g_strlcpy(out, day, 11);
    if (parse(day, &its, &d)) write_text(period, d, out);
}

static const int months_in[] = { 0, 1, 3, 6, 12 };

void indicator_period_days(const char *text, char from[12], char to[12])
{
    IndicatorPeriod period;
    Date d;
    if (!text || !*text || !parse(text, &period, &d)) { /* every day there is */
        g_strlcpy(from, "", 12);
        g_strlcpy(to, "~", 12);
        return;
    }
    Date last = { d.year, period == INDICATOR_DAY ? d.month : d.month + months_in[period] - 1, 0 };
    write_text(period == INDICATOR_DAY ? INDICATOR_DAY : INDICATOR_MONTH, d, from);
    char end[11];
    if (period == INDICATOR_DAY)
        g_strlcpy(end, from, 11);
    else
        write_text(INDICATOR_MONTH, last, end);
    g_snprintf(to, 12, "%s~", end);
}

gboolean indicator_year_before(const char *text, char out[11])
{
    IndicatorPeriod period;
    Date d;
    if (!text || !parse(text, &period, &d) || d.year < 1) return FALSE;
    d.year--;
    if (period == INDICATOR_DAY) d.day = MIN(d.day, last_day(MAX(d.year, 1), d.month));
    write_text(period, d, out);
    return TRUE;
}

gboolean indicator_period_before(const char *text, char out[11])
{
    IndicatorPeriod period;
    Date d;
    if (!text || !parse(text, &period, &d)) return FALSE;
    if (period == INDICATOR_DAY && d.day > 1) {
        d.day--;
    } else {
        d.month -= period == INDICATOR_DAY ? 1 : months_in[period];
        if (d.month < 1) {
            d.year--;
            d.month += 12;
        }
        if (d.year < 0) return FALSE;
        if (period == INDICATOR_DAY) d.day = last_day(MAX(d.year, 1), d.month);
    }
    write_text(period, d, out);
    return TRUE;
}

gint64 indicator_period_end(const char *text, gint64 utc_offset)
{
    IndicatorPeriod period;
    Date d;
    if (!text || !parse(text, &period, &d)) return G_MAXINT64;
    g_autoptr(GDateTime) begin = g_date_time_new_utc(MAX(d.year, 1), d.month, d.day, 0, 0, 0);
    g_autoptr(GDateTime) end = period == INDICATOR_DAY ? g_date_time_add_days(begin, 1)
                                                       : g_date_time_add_months(begin, months_in[period]);
    return end ? g_date_time_to_unix(end) * 1000 - utc_offset : G_MAXINT64;
}
