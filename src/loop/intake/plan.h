/* plan.h - the second way a case begins: a plan's case opens by itself on each day of its rule.
 *
 * What is to come next of each plan stands in the store, so nothing hangs on the program running at that
 * moment. A tick opens what is due and says so in the same transaction (plan.opened); each occurrence is
 * known by the date that the rule gives, (source "plan:<pack>/<id>", ref "2026-12-01"), and so opens once.
 * One whose grace is over is missed (plan.missed): it opens late or, where the plan says so, not at all. Of
 * many that one plan missed at once the latest PLAN_MOST_LATE are opened and the rest noted, so that a clock
 * that jumps a year opens a bounded number; a clock that ran ahead has used up the dates it passed, which do
 * not come again when it is set back (under another id the plan begins afresh). What is to come follows from
 * the pack and its calendars: another rule counts from now on (plan.set), other days move what is still to
 * come. A plan whose service is not here waits. Threads: a desk belongs to one writer; jobs of the store.
 * Cost of a tick: one look in an index, then the plans that are due; each walks its rule once (10 us a date
 * from its first one). */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

#define PLAN_MOST_LATE 31

/* The plans' rows are kept by `room` from here on, and follow its working days. Before the first deed. */
void plan_enrol(CaseRoom *room);

typedef struct {
    CaseRoom *room;
    const GPtrArray *packs; /* those whose plans stand in the store as they are; NULL: not known. A job that
                             * was given up may have taken back what it put there: NULL then, too */
} PlanDesk;

/* Inside a job: open or note up to `limit` occurrences due at `now`. *handled says how many; call again while
 * it equals `limit`. An error names the plan. */
gboolean plan_tick(PlanDesk *desk, StoreConn *conn, gint64 now, int limit, int *handled, GError **error);
/* The same with a job for each plan, when plan_tick was refused: one that cannot open does not hold up the
 * others. `refused` hears of it. */
typedef void (*PlanRefused)(const char *plan, const GError *why, gpointer data); /* "pack/id" */
gboolean plan_each(PlanDesk *desk, gint64 now, int limit, PlanRefused refused, gpointer data, GError **error);
/* Inside a job: the next instant at which one of the desk's plans is due; G_MAXINT64 when none is. */
gboolean plan_next(PlanDesk *desk, StoreConn *conn, gint64 now, gint64 *next, GError **error);

/* { plans: [{pack, id, title_zh, title_en, rule, at, opened, missed, last?: {date, day, at, case?, missed},
 * next?: {date, day, at}, ahead: [{date, day, at, why_zh?, why_en?, provisional}]}] } of the packs that are
 * here; `ahead`: the next ones from `now` on, at most `n`, and why a day was moved; `provisional`: the notice
 * of its year is not out. */
gboolean plan_view(CaseRoom *room, StoreConn *conn, gint64 now, guint n, BaseJson *out, GError **error);
