/* period.c - the day, month or year an instant falls in, as text that sorts by time.
 *
 * Days to a civil date after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil's
 * inverse): years begin in March, so that the leap day is the last of its year. */
#include "engine/indicator/indicator.h"

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

void indicator_period(IndicatorPeriod period, gint64 t, gint64 utc_offset, char out[11])
{
    Date date = date_of(local_day(t, utc_offset));
    char text[40];
    g_snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
    gsize length = period == INDICATOR_DAY ? 10 : period == INDICATOR_MONTH ? 7 : 4;
    g_strlcpy(out, text, length + 1);
}
