/* calendar.h - when offices work: weekdays, holidays with make-up days (State Council notices), a city's own
 * days, office hours by season; and exact arithmetic of time on it.
 *
 * Every way of counting is one increasing measure W(t) of time spent; a deadline is the earliest t with
 * W(t) >= W(start) + budget. Three measures, all in milliseconds:
 *   NATURAL   every instant counts
 *   WORKDAY   all 24 hours of working days count, nothing of rest days
 *   OFFICE    office hours of working days count, those of the day's season
 * Whether a day works: weekdays; over them the notices laid together (days.h); over these the calendar's own
 * days; over all the rows of a notice that name this calendar. Day questions are O(1) by prefix sums over
 * 1970..2099; days beyond the last published year follow Monday-Friday and make the answer provisional.
 * Times are ms since 1970-01-01 UTC; the local day is cut at `utc_offset` (China: +8 h, no summer time).
 * Threads: share freely; base_calendar_set_days may run while others read, who then see the old days or the
 * new ones, whole. Memory: 380 kB a set of days, 950 kB for a calendar with days or seasons of its own. */
#pragma once
#include "base/days.h"

typedef enum { BASE_MEASURE_NATURAL, BASE_MEASURE_WORKDAY, BASE_MEASURE_OFFICE } BaseMeasure;

#define BASE_MINUTE ((gint64)60 * 1000)
#define BASE_HOUR (60 * BASE_MINUTE)
#define BASE_DAY (24 * BASE_HOUR)
#define BASE_CHINA_OFFSET (8 * BASE_HOUR)

typedef struct {
    gint16 open_min, close_min; /* minutes after local midnight, open < close */
} BaseShift;

typedef struct BaseCalendar BaseCalendar;

#define BASE_CALENDAR_ERROR (g_quark_from_static_string("base-calendar"))

/* A calendar on the table of Chinese statutory holidays built into the program (NateScarlet/holiday-cn, MIT).
 * `shifts` in order, not overlapping, at most 4; none means 24 hours of every day, and holidays do not
 * matter. */
BaseCalendar *base_calendar_new(const char *id, const BaseShift *shifts, gsize n, gint64 utc_offset);
typedef struct {
    gint16 from, to;         /* month * 100 + day, both in it; from > to goes over the new year */
    const BaseShift *shifts; /* as above, at least one */
    gsize n;
} BaseSeason;
#define BASE_MAX_SHIFTS 4
#define BASE_MAX_SEASONS 4
/* The same with seasons (the first that holds a day counts, else `shifts`) and days of its own (notice and
 * calendar of the rows are not looked at). Copies all. */
typedef struct {
    const char *id;
    const BaseShift *shifts;
    gsize n_shifts;
    const BaseSeason *seasons;
    gsize n_seasons;
    const BaseDay *own;
    gsize n_own;
    gint64 utc_offset;
} BaseCalendarDef;
BaseCalendar *base_calendar_make(const BaseCalendarDef *def);
/* Other notices than the built-in ones, from now on. Old days are kept until the calendar is freed, for those
 * who read meanwhile. Cost: under 1 ms. */
void base_calendar_set_days(BaseCalendar *calendar, const BaseDays *days);
void base_calendar_free(BaseCalendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BaseCalendar, base_calendar_free)

const char *base_calendar_id(const BaseCalendar *calendar);
gboolean base_calendar_works(const BaseCalendar *calendar,
                             gint64 t); /* is the local day of t a working day */
/* Milliseconds of `measure` in [from, to); negative when to < from. */
gint64 base_calendar_spent(const BaseCalendar *calendar, BaseMeasure measure, gint64 from, gint64 to);
/* Earliest t >= from with spent(from, t) >= amount (amount >= 0). `provisional` (may be NULL): the answer
 * leans on a year whose notice is not published. Cost: under 100 ns. */
gint64 base_calendar_after(const BaseCalendar *calendar, BaseMeasure measure, gint64 from, gint64 amount,
                           gboolean *provisional);
gint64 base_calendar_day_start(const BaseCalendar *calendar, gint64 t); /* local midnight at or before t */
/* The end (24:00) of the local day of t when that day works, else of the next one that does: a period whose
 * last day is a rest day ends on the first day after it (Civil Procedure Law 2023, article 85 paragraph 3:
 * 期间届满的最后一日是法定休假日的，以法定休假日后的第一日为期间届满的日期). An instant right at midnight is
 * the 24:00 of the day before. Calendars without shifts know no rest days. `provisional` as above. */
gint64 base_calendar_roll(const BaseCalendar *calendar, gint64 t, gboolean *provisional);
int base_calendar_last_published(void); /* year of the last built-in notice */

/* Local date and time for people: "2026-11-23 17:05". `out` has 17 bytes. And back; FALSE when it is not one:
 * also takes seconds, a T, "/" and one-digit parts, month/day/year with two-digit years. */
void base_time_write(gint64 t, gint64 utc_offset, char out[17]);
gboolean base_time_parse(const char *text, gint64 utc_offset, gint64 *out);
