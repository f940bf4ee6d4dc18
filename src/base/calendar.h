/* calendar.h - when offices work: weekdays, holidays with make-up days (State Council notices), office hours;
 * and exact arithmetic of time on it.
 *
 * Every way of counting is one increasing measure W(t) of time spent; a deadline is the earliest t with
 * W(t) >= W(start) + budget. Three measures, all in milliseconds:
 *   NATURAL   every instant counts
 *   WORKDAY   all 24 hours of working days count, nothing of rest days
 *   OFFICE    office hours of working days count
 * Day questions are O(1) by prefix sums over 1970..2099; days beyond the last published year follow
 * Monday-Friday and make the answer provisional. Times are ms since 1970-01-01 UTC; the local day is cut at
 * `utc_offset` (China: +8 h, no summer time). Threads: read-only after making, share freely. */
#pragma once
#include <glib.h>

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
int base_calendar_last_published(void);                                 /* year */

/* Local date and time for people: "2026-11-23 17:05". `out` has 17 bytes. And back; FALSE when it is not one:
 * also takes seconds, a T, "/" and one-digit parts, month/day/year with two-digit years. */
void base_time_write(gint64 t, gint64 utc_offset, char out[17]);
gboolean base_time_parse(const char *text, gint64 utc_offset, gint64 *out);
