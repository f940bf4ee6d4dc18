/* days.h - which days are exceptions to Monday-to-Friday: the State Council's yearly notices, what a city
 * announces besides, an office that is closed for a move.
 *
 * A set of rows (day, off or work) and of years whose notice is published. Sets are laid one over another: a
 * notice that publishes a year replaces all rows of that year's earlier notice (they are amended at times, as
 * in 2020); its rows otherwise replace the row of the same day and calendar. A year's notice also names days
 * of the December before (NateScarlet/holiday-cn), so a row belongs to a notice, not to its date's year.
 * Threads: a set that was handed over is read-only. */
#pragma once
#include <jansson.h>
#include "base/json.h"

#define BASE_DAYS_ERROR (g_quark_from_static_string("base-days"))
#define BASE_DAYS_FIRST_YEAR 1970
#define BASE_DAYS_LAST_YEAR 2099
#define BASE_DAYS_MAX_ROWS 4000
#define BASE_DAYS_MAX_BYTES (256 << 10)

typedef struct {
    gint32 day; /* local days since 1970-01-01 */
    gboolean works;
    int notice;           /* year of the State Council's notice; 0: somebody else's */
    const char *calendar; /* id of the only calendar that it is for; NULL: every one */
    const char *name;     /* "国庆节", "搬迁" */
} BaseDay;

typedef struct BaseDays BaseDays; /* counted references */

BaseDays *base_days_new(void);            /* empty */
const BaseDays *base_days_built_in(void); /* the notices known to this program */
BaseDays *base_days_ref(const BaseDays *days);
void base_days_unref(BaseDays *days); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BaseDays, base_days_unref)

void base_days_put(BaseDays *days, const BaseDay *row); /* copies; replaces the row of its day and calendar */
void base_days_publish(BaseDays *days, int year);       /* drops the rows of the year's earlier notice */
/* A new set: `days`, with `over` laid upon it. */
BaseDays *base_days_over(const BaseDays *days, const BaseDays *over);

gsize base_days_size(const BaseDays *days);
BaseDay base_days_at(const BaseDays *days, gsize i); /* by day, then calendar; the set's own texts */
gboolean base_days_published(const BaseDays *days, int year);
int base_days_last_published(const BaseDays *days); /* the year before the first that is not, from 2007 on */
/* Does `day` work on `calendar`'s days (NULL: those of every calendar)? Cost: a binary search. */
gboolean base_days_work(const BaseDays *days, const char *calendar, gint32 day);
/* Days on which the two disagree for `calendar`: array of gint32, ascending. Caller frees. */
GArray *base_days_differ(const BaseDays *a, const BaseDays *b, const char *calendar);

/* A notice as people have it: a year's file of holiday-cn (JSON: year, days of name, date, isOffDay), or rows
 *     date <tab> off or work <tab> name [<tab> year of the notice, or nothing [<tab> calendar]]
 * with # for remarks. A file with rows of a year's notice is the whole notice of that year. Refused with line
 * or place: what is no date, a day twice, a date two years from its notice, a notice with fewer than 7 days
 * off (no year has had one: single days are amended with the year left empty). */
BaseDays *base_days_read(const char *text, gsize length, GError **error);
/* For the ledger: {"years":[2027],"days":[["2027-01-01","off","元旦",2027,null]]}, and back. */
void base_days_write(const BaseDays *days, BaseJson *j);
BaseDays *base_days_take(const json_t *body, GError **error);

/* Dates: days since 1970-01-01. FALSE when `text` is not "2026-11-23". */
gboolean base_day_parse(const char *text, gint32 *day);
void base_day_write(gint32 day, char out[11]);
gint32 base_day_of(int year, int month, int day); /* a date of the calendar, unchecked */
void base_day_split(gint32 day, int *year, int *month, int *day_of_month);
