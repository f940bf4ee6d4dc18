/* calendar.c - prefix sums over days, so that "how much" and "until when" are a division and a look-up. */
#include "base/calendar.h"
#include "holidays.gen.h"
#include <string.h>

#define N_DAYS 47482 /* 1970-01-01 .. 2099-12-31 */
#define MAX_SHIFTS 4

typedef struct {
    gint32 before[N_DAYS + 1]; /* working days before this day */
    gint32 nth[N_DAYS];        /* day of the k-th working day, k from 0 */
    gint32 published;          /* first day without a published notice */
} DayTable;

struct BaseCalendar {
    char *id;
    BaseShift shifts[MAX_SHIFTS];
    gsize n_shifts;
    gint64 office_day; /* ms of office hours in a working day */
    gint64 utc_offset;
    const DayTable *days; /* NULL: round the clock */
};

static gint32 day_of_year_start(int year)
{
    gint64 y = year - 1;
    return (gint32)(y * 365 + y / 4 - y / 100 + y / 400 - 719162);
}

static gpointer make_days(gpointer unused)
{
    (void)unused;
    DayTable *table = g_new0(DayTable, 1);
    g_autofree guint8 *works = g_malloc(N_DAYS);
    for (int day = 0; day < N_DAYS; day++)
        works[day] = (day + 3) % 7 < 5; /* day 0 was a Thursday */
    for (gsize i = 0; i < G_N_ELEMENTS(holidays); i++)
        works[holidays[i].day] = (guint8)holidays[i].works;
    for (int day = 0; day < N_DAYS; day++) {
        if (works[day]) table->nth[table->before[day]] = day;
        table->before[day + 1] = table->before[day] + works[day];
    }
    table->published = day_of_year_start(HOLIDAYS_LAST_YEAR + 1);
    return table;
}

static const DayTable *china_days(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, make_days, NULL);
}

BaseCalendar *base_calendar_new(const char *id, const BaseShift *shifts, gsize n, gint64 utc_offset)
{
    g_assert(n <= MAX_SHIFTS);
    BaseCalendar *calendar = g_new0(BaseCalendar, 1);
    calendar->id = g_strdup(id);
    calendar->utc_offset = utc_offset;
    calendar->n_shifts = n;
    if (n > 0) {
        memcpy(calendar->shifts, shifts, n * sizeof *shifts);
        calendar->days = china_days();
    }
    for (gsize i = 0; i < n; i++) {
        g_assert(shifts[i].open_min < shifts[i].close_min &&
                 (i == 0 || shifts[i - 1].close_min <= shifts[i].open_min));
        calendar->office_day += (shifts[i].close_min - shifts[i].open_min) * BASE_MINUTE;
    }
    return calendar;
}

void base_calendar_free(BaseCalendar *calendar)
{
    if (!calendar) return;
    g_free(calendar->id);
    g_free(calendar);
}

const char *base_calendar_id(const BaseCalendar *calendar)
{
    return calendar->id;
}

int base_calendar_last_published(void)
{
    return HOLIDAYS_LAST_YEAR;
}

/* Local day number and ms since its midnight; instants outside the table are put at its edges. */
static gint32 split(const BaseCalendar *calendar, gint64 t, gint64 *in_day)
{
    gint64 local =
        CLAMP(t, -calendar->utc_offset, N_DAYS * BASE_DAY - 1 - calendar->utc_offset) + calendar->utc_offset;
    *in_day = local % BASE_DAY;
    return (gint32)(local / BASE_DAY);
}

static gboolean day_works(const BaseCalendar *calendar, gint32 day)
{
    return !calendar->days || calendar->days->before[day + 1] > calendar->days->before[day];
}

gboolean base_calendar_works(const BaseCalendar *calendar, gint64 t)
{
    gint64 in_day;
    return day_works(calendar, split(calendar, t, &in_day));
}

gint64 base_calendar_day_start(const BaseCalendar *calendar, gint64 t)
{
    gint64 in_day = (t + calendar->utc_offset) % BASE_DAY;
    return t - (in_day < 0 ? in_day + BASE_DAY : in_day);
}

static gint64 office_in_day(const BaseCalendar *calendar, gint64 in_day)
{
    gint64 spent = 0;
    for (gsize i = 0; i < calendar->n_shifts; i++) {
        gint64 open = calendar->shifts[i].open_min * BASE_MINUTE,
               close = calendar->shifts[i].close_min * BASE_MINUTE;
        spent += CLAMP(in_day, open, close) - open;
    }
    return spent;
}

/* W(t), see calendar.h. Only for calendars with days. */
static gint64 measured(const BaseCalendar *calendar, BaseMeasure measure, gint64 t)
{
    gint64 in_day;
    gint32 day = split(calendar, t, &in_day);
    gint64 whole = measure == BASE_MEASURE_OFFICE ? calendar->office_day : BASE_DAY;
    gint64 part = measure == BASE_MEASURE_OFFICE ? office_in_day(calendar, in_day) : in_day;
    return calendar->days->before[day] * whole + (day_works(calendar, day) ? part : 0);
}

gint64 base_calendar_spent(const BaseCalendar *calendar, BaseMeasure measure, gint64 from, gint64 to)
{
    if (!calendar->days || measure == BASE_MEASURE_NATURAL) return to - from;
    return measured(calendar, measure, to) - measured(calendar, measure, from);
}

/* The instant of the day at which `part` (1..whole) of its measure has been spent. */
static gint64 instant_in_day(const BaseCalendar *calendar, BaseMeasure measure, gint64 part)
{
    if (measure == BASE_MEASURE_WORKDAY) return part;
    gsize i = 0;
    for (; i + 1 < calendar->n_shifts; i++) {
        gint64 shift = (calendar->shifts[i].close_min - calendar->shifts[i].open_min) * BASE_MINUTE;
        if (part <= shift) break;
        part -= shift;
    }
    return calendar->shifts[i].open_min * BASE_MINUTE + part;
}

gint64 base_calendar_after(const BaseCalendar *calendar, BaseMeasure measure, gint64 from, gint64 amount,
                           gboolean *provisional)
{
    if (provisional) *provisional = FALSE;
    if (amount <= 0) return from;
    if (!calendar->days || measure == BASE_MEASURE_NATURAL) return from + amount;
    gint64 whole = measure == BASE_MEASURE_OFFICE ? calendar->office_day : BASE_DAY;
    gint64 target = measured(calendar, measure, from) + amount, k = (target - 1) / whole;
    if (k >= calendar->days->before[N_DAYS]) { /* beyond the table */
        if (provisional) *provisional = TRUE;
        return G_MAXINT64;
    }
    gint32 day = calendar->days->nth[k];
    if (provisional) *provisional = day >= calendar->days->published;
    return day * BASE_DAY + instant_in_day(calendar, measure, target - k * whole) - calendar->utc_offset;
}
