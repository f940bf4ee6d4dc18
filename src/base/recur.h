/* recur.h - what comes again: "every Monday", "the last working day of March", on an office's calendar.
 *
 * The rule is an RRULE (RFC 5545, 3.3.10) of whole days, worked out by libical: FREQ DAILY, WEEKLY, MONTHLY
 * or YEARLY; INTERVAL, COUNT or UNTIL, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYSETPOS, with
 * the limits the RFC sets on them; nothing within a day (the time of day is told apart). Each date the rule
 * gives is then moved on the calendar when it is a rest day; dates that meet on one day are one occurrence,
 * and its date is the first of them. Without a calendar of rest days nothing is moved. Threads: read-only
 * after making. Cost: about 10 us a date
 * of the rule from its first one. Nothing beyond 2099. */
#pragma once
#include "base/calendar.h"

#define BASE_RECUR_ERROR (g_quark_from_static_string("base-recur"))
#define BASE_RECUR_MAX_RULE 200 /* bytes */
#define BASE_RECUR_MAX_COUNT 1000

typedef enum {
    BASE_MOVE_KEEP,     /* also on a rest day */
    BASE_MOVE_NEXT,     /* to the next working day */
    BASE_MOVE_PREVIOUS, /* to the one before */
    BASE_MOVE_SKIP      /* not at all */
} BaseMove;

typedef struct {
    const char *rule;
    gint32 from;  /* DTSTART: the first day the rule may give; what the rule leaves open is taken from it */
    gint32 until; /* last such day; 0: none */
    int minute;   /* of the local day */
    BaseMove move;
    const BaseCalendar *calendar; /* must outlive the object */
    gint64 utc_offset;
} BaseRecurDef;

typedef struct {
    gint32 date; /* as the rule says; names the occurrence whatever becomes of the calendar */
    gint32 day;  /* where it was moved */
    gint64 at;   /* ms */
} BaseOccurrence;

typedef struct BaseRecur BaseRecur;
/* Refuses "column N: what; hint": what the RFC does not allow, SECONDLY, MINUTELY and HOURLY, a rule that
 * gives no date (though of its dates the calendar may leave out all). Copies the rule. */
BaseRecur *base_recur_new(const BaseRecurDef *def, GError **error);
void base_recur_free(BaseRecur *recur); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BaseRecur, base_recur_free)

/* The occurrences after `last` (as below), oldest first, while `each` says TRUE: one way along the rule. */
typedef gboolean (*BaseRecurEach)(const BaseOccurrence *o, gpointer data);
void base_recur_walk(const BaseRecur *recur, const BaseOccurrence *last, BaseRecurEach each, gpointer data);
/* The occurrence after `last` (NULL: the first): of a later date, on a later day. FALSE: there is none. */
gboolean base_recur_next(const BaseRecur *recur, const BaseOccurrence *last, BaseOccurrence *out);
/* The first occurrence later than instant t; the dates before it are passed over. */
gboolean base_recur_after(const BaseRecur *recur, gint64 t, BaseOccurrence *out);
