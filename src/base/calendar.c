/* calendar.c - prefix sums over days, so that "how much" and "until when" are a division and a look-up.
 *
 * Where office hours change with the season a division will not do: `office` then has the minutes before each
 * working day, and `bucket` the first working day that reaches into each stretch as long as the longest day,
 * from which the right one is at most longest / shortest days away. */
#include "base/calendar.h"
#include <string.h>

#define N_DAYS 47482 /* 1970-01-01 .. 2099-12-31 */

typedef struct {
    gatomicrefcount held;
    gint32 before[N_DAYS + 1]; /* working days before this day */
    gint32 nth[N_DAYS];        /* day of the k-th working day, k from 0 */
    gint32 published;          /* first day without a published notice */
    gint32 *office;            /* NULL: no seasons. Minutes of office hours before the k-th working day */
    gint32 *bucket;            /* k of the first working day that ends after bucket b begins */
    gint32 n_buckets;
    guint8 *season; /* of a day, index into `hours` */
} DayTable;

typedef struct {
    BaseShift shifts[BASE_MAX_SHIFTS];
    gsize n;
    gint32 minutes; /* in a working day */
    gint16 from, to;
} Hours;

struct BaseCalendar {
    char *id;
    Hours hours[BASE_MAX_SEASONS + 1]; /* the usual ones, then those of each season */
    gsize n_hours;
    gint32 longest; /* minutes of the longest working day */
    gint64 utc_offset;
    GArray *own;     /* of BaseDay */
    DayTable *table; /* NULL: round the clock. Read and replaced as a whole */
    GSList *old;     /* of DayTable, replaced ones */
};

/* ---- tables ---- */

static DayTable *table_new(const BaseDays *days, const char *calendar)
{
    DayTable *table = g_new0(DayTable, 1);
    g_atomic_ref_count_init(&table->held);
    for (int day = 0; day < N_DAYS; day++)          /* for now 1 or 0 */
        table->before[day + 1] = (day + 3) % 7 < 5; /* day 0 was a Thursday */
    for (int pass = 0; pass < (calendar ? 2 : 1); pass++)
        for (gsize i = 0; i < base_days_size(days); i++) {
            BaseDay row = base_days_at(days, i);
            gboolean its = pass == 0 ? !row.calendar : g_strcmp0(row.calendar, calendar) == 0;
            if (its && row.day >= 0 && row.day < N_DAYS) table->before[row.day + 1] = row.works;
        }
    table->published = base_day_of(base_days_last_published(days) + 1, 1, 1);
    return table;
}

static void table_unref(gpointer data)
{
    DayTable *table = data;
    if (!table || !g_atomic_ref_count_dec(&table->held)) return;
    g_free(table->office);
    g_free(table->bucket);
    g_free(table->season);
    g_free(table);
}

static void table_sum(DayTable *table)
{
    for (int day = 0; day < N_DAYS; day++) {
        if (table->before[day + 1]) table->nth[table->before[day]] = day;
        table->before[day + 1] += table->before[day];
    }
}

static void table_seasons(DayTable *table, const BaseCalendar *calendar)
{
    table->season = g_malloc0(N_DAYS);
    for (gint32 day = 0; day < N_DAYS; day++) {
        int year, month, of_month;
        base_day_split(day, &year, &month, &of_month);
        int date = month * 100 + of_month;
        for (gsize i = calendar->n_hours - 1; i > 0; i--) {
            const Hours *h = &calendar->hours[i];
            gboolean in =
                h->from <= h->to ? date >= h->from && date <= h->to : date >= h->from || date <= h->to;
            if (in) table->season[day] = (guint8)i; /* the first listed is looked at last */
        }
    }
}

static void table_office(DayTable *table, const BaseCalendar *calendar)
{
    gint32 n = table->before[N_DAYS];
    table->office = g_new(gint32, n + 1);
    table->office[0] = 0;
    for (gint32 k = 0; k < n; k++)
        table->office[k + 1] = table->office[k] + calendar->hours[table->season[table->nth[k]]].minutes;
    table->n_buckets = table->office[n] / calendar->longest + 1;
    table->bucket = g_new(gint32, table->n_buckets);
    for (gint32 b = 0, k = 0; b < table->n_buckets; b++) {
        while (k < n && table->office[k + 1] <= b * calendar->longest)
            k++;
        table->bucket[b] = k;
    }
}

/* Days that are the same for every calendar, kept as long as they are the newest. */
static DayTable *common_table(const BaseDays *days)
{
    static GMutex lock;
    static DayTable *built_in, *newest;
    static BaseDays *newest_days;
    g_mutex_lock(&lock);
    DayTable **kept = days == base_days_built_in() ? &built_in : &newest;
    if (!*kept || (kept == &newest && newest_days != days)) {
        table_unref(*kept);
        *kept = table_new(days, NULL);
        table_sum(*kept);
        if (kept == &newest) {
            base_days_unref(newest_days);
            newest_days = base_days_ref(days);
        }
    }
    DayTable *table = *kept;
    g_atomic_ref_count_inc(&table->held);
    g_mutex_unlock(&lock);
    return table;
}

static gboolean is_common(const BaseCalendar *calendar, const BaseDays *days)
{
    if (calendar->n_hours > 1 || calendar->own->len) return FALSE;
    for (gsize i = 0; i < base_days_size(days); i++)
        if (g_strcmp0(base_days_at(days, i).calendar, calendar->id) == 0) return FALSE;
    return TRUE;
}

static DayTable *own_table(const BaseCalendar *calendar, const BaseDays *days)
{
    g_autoptr(BaseDays) own = base_days_new(), with_own = NULL;
    for (guint i = 0; i < calendar->own->len; i++) {
        BaseDay row = g_array_index(calendar->own, BaseDay, i);
        row.notice = 0, row.calendar = NULL;
        base_days_put(own, &row);
    }
    with_own = base_days_over(days, own);
    DayTable *table = table_new(with_own, calendar->id);
    table_sum(table);
    if (calendar->n_hours > 1) {
        table_seasons(table, calendar);
        table_office(table, calendar);
    }
    return table;
}

void base_calendar_set_days(BaseCalendar *calendar, const BaseDays *days)
{
    if (!calendar->n_hours) return;
    DayTable *table = is_common(calendar, days) ? common_table(days) : own_table(calendar, days);
    if (calendar->table) calendar->old = g_slist_prepend(calendar->old, calendar->table);
    g_atomic_pointer_set(&calendar->table, table);
}

/* ---- making ---- */

static void add_hours(BaseCalendar *calendar, const BaseShift *shifts, gsize n, gint16 from, gint16 to)
{
    Hours *hours = &calendar->hours[calendar->n_hours++];
    g_assert(n > 0 && n <= BASE_MAX_SHIFTS);
    memcpy(hours->shifts, shifts, n * sizeof *shifts);
    hours->n = n, hours->from = from, hours->to = to;
    for (gsize i = 0; i < n; i++) {
        g_assert(shifts[i].open_min < shifts[i].close_min &&
                 (i == 0 || shifts[i - 1].close_min <= shifts[i].open_min));
        hours->minutes += shifts[i].close_min - shifts[i].open_min;
    }
    calendar->longest = MAX(calendar->longest, hours->minutes);
}

BaseCalendar *base_calendar_make(const BaseCalendarDef *def)
{
    g_assert(def->n_seasons <= BASE_MAX_SEASONS && (def->n_shifts || !def->n_seasons));
    BaseCalendar *calendar = g_new0(BaseCalendar, 1);
    calendar->id = g_strdup(def->id);
    calendar->utc_offset = def->utc_offset;
    calendar->own = g_array_new(FALSE, FALSE, sizeof(BaseDay));
    for (gsize i = 0; i < def->n_own; i++) {
        BaseDay row = { .day = def->own[i].day, .works = def->own[i].works };
        g_array_append_val(calendar->own, row);
    }
    if (def->n_shifts) add_hours(calendar, def->shifts, def->n_shifts, 0, 0);
    for (gsize i = 0; i < def->n_seasons; i++)
        add_hours(calendar, def->seasons[i].shifts, def->seasons[i].n, def->seasons[i].from,
                  def->seasons[i].to);
    base_calendar_set_days(calendar, base_days_built_in());
    return calendar;
}

BaseCalendar *base_calendar_new(const char *id, const BaseShift *shifts, gsize n, gint64 utc_offset)
{
    return base_calendar_make(
        &(BaseCalendarDef){ .id = id, .shifts = shifts, .n_shifts = n, .utc_offset = utc_offset });
}

void base_calendar_free(BaseCalendar *calendar)
{
    if (!calendar) return;
    g_slist_free_full(calendar->old, table_unref);
    table_unref(calendar->table);
    g_array_unref(calendar->own);
    g_free(calendar->id);
    g_free(calendar);
}

const char *base_calendar_id(const BaseCalendar *calendar)
{
    return calendar->id;
}

static const DayTable *table_of(const BaseCalendar *calendar)
{
    return g_atomic_pointer_get((DayTable **)&calendar->table);
}

int base_calendar_last_published(void)
{
    return base_days_last_published(base_days_built_in());
}

/* Local day number and ms since its midnight; instants outside the table are put at its edges. */
static gint32 split(const BaseCalendar *calendar, gint64 t, gint64 *in_day)
{
    gint64 local =
        CLAMP(t, -calendar->utc_offset, N_DAYS * BASE_DAY - 1 - calendar->utc_offset) + calendar->utc_offset;
    *in_day = local % BASE_DAY;
    return (gint32)(local / BASE_DAY);
}

static gboolean day_works(const DayTable *table, gint32 day)
{
    return !table || table->before[day + 1] > table->before[day];
}

gboolean base_calendar_works(const BaseCalendar *calendar, gint64 t)
{
    gint64 in_day;
    return day_works(table_of(calendar), split(calendar, t, &in_day));
}

gint64 base_calendar_day_start(const BaseCalendar *calendar, gint64 t)
{
    gint64 in_day = (t + calendar->utc_offset) % BASE_DAY;
    return t - (in_day < 0 ? in_day + BASE_DAY : in_day);
}

gint64 base_calendar_roll(const BaseCalendar *calendar, gint64 t, gboolean *provisional)
{
    const DayTable *table = table_of(calendar);
    gint64 in_day;
    if (provisional) *provisional = FALSE;
    if (!table) return t == G_MAXINT64 ? t : base_calendar_day_start(calendar, t - 1) + BASE_DAY;
    gint32 day = split(calendar, t - 1, &in_day), k = table->before[day];
    if (provisional) *provisional = day >= table->published || k >= table->before[N_DAYS];
    if (k >= table->before[N_DAYS] || t > N_DAYS * BASE_DAY - calendar->utc_offset)
        return G_MAXINT64; /* beyond the table */
    if (provisional) *provisional = table->nth[k] >= table->published;
    return (table->nth[k] + 1) * BASE_DAY - calendar->utc_offset;
}

/* ---- W(t), see calendar.h; only for calendars with days ---- */

static gint64 office_in_day(const Hours *hours, gint64 in_day)
{
    gint64 spent = 0;
    for (gsize i = 0; i < hours->n; i++) {
        gint64 open = hours->shifts[i].open_min * BASE_MINUTE,
               close = hours->shifts[i].close_min * BASE_MINUTE;
        spent += CLAMP(in_day, open, close) - open;
    }
    return spent;
}

static const Hours *hours_of(const BaseCalendar *calendar, const DayTable *table, gint32 day)
{
    return &calendar->hours[table->season ? table->season[day] : 0];
}

static gint64 measured(const BaseCalendar *calendar, const DayTable *table, BaseMeasure measure, gint64 t)
{
    gint64 in_day;
    gint32 day = split(calendar, t, &in_day), k = table->before[day];
    gboolean works = day_works(table, day);
    if (measure == BASE_MEASURE_WORKDAY) return k * BASE_DAY + (works ? in_day : 0);
    gint64 whole = table->office ? table->office[k] : (gint64)k * calendar->hours[0].minutes;
    return whole * BASE_MINUTE + (works ? office_in_day(hours_of(calendar, table, day), in_day) : 0);
}

gint64 base_calendar_spent(const BaseCalendar *calendar, BaseMeasure measure, gint64 from, gint64 to)
{
    const DayTable *table = table_of(calendar);
    if (!table || measure == BASE_MEASURE_NATURAL) return to - from;
    return measured(calendar, table, measure, to) - measured(calendar, table, measure, from);
}

/* The working day in which W reaches `target` (> 0), and what W is before it. */
static gint32 working_day(const BaseCalendar *calendar, const DayTable *table, BaseMeasure measure,
                          gint64 target, gint64 *before)
{
    gint64 whole = measure == BASE_MEASURE_WORKDAY ? BASE_DAY : calendar->hours[0].minutes * BASE_MINUTE, k;
    if (measure == BASE_MEASURE_WORKDAY || !table->office) {
        k = (target - 1) / whole;
        *before = k * whole;
        return (gint32)MIN(k, N_DAYS);
    }
    gint64 bucket = (target - 1) / (calendar->longest * BASE_MINUTE);
    gint32 day = bucket < table->n_buckets ? table->bucket[bucket] : table->before[N_DAYS];
    while (day < table->before[N_DAYS] && table->office[day + 1] * BASE_MINUTE < target)
        day++;
    *before = table->office[day] * BASE_MINUTE;
    return day;
}

/* The instant of the day at which `part` (1..whole) of its measure has been spent. */
static gint64 instant_in_day(const Hours *hours, gint64 part)
{
    gsize i = 0;
    for (; i + 1 < hours->n; i++) {
        gint64 shift = (hours->shifts[i].close_min - hours->shifts[i].open_min) * BASE_MINUTE;
        if (part <= shift) break;
        part -= shift;
    }
    return hours->shifts[i].open_min * BASE_MINUTE + part;
}

gint64 base_calendar_after(const BaseCalendar *calendar, BaseMeasure measure, gint64 from, gint64 amount,
                           gboolean *provisional)
{
    const DayTable *table = table_of(calendar);
    if (provisional) *provisional = FALSE;
    if (amount <= 0) return from;
    if (!table || measure == BASE_MEASURE_NATURAL) return from + amount;
    gint64 target = measured(calendar, table, measure, from) + amount, before;
    gint32 k = working_day(calendar, table, measure, target, &before);
    if (k >= table->before[N_DAYS]) { /* beyond the table */
        if (provisional) *provisional = TRUE;
        return G_MAXINT64;
    }
    gint32 day = table->nth[k];
    gint64 part = target - before;
    if (provisional) *provisional = day >= table->published;
    if (measure == BASE_MEASURE_OFFICE) part = instant_in_day(hours_of(calendar, table, day), part);
    return day * BASE_DAY + part - calendar->utc_offset;
}
