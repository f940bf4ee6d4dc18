/* days.h - the city's working days change: a year's notice appears, is amended, an office closes.
 *
 * What is announced is laid over the notices built into the program, recorded as one event
 * (calendar.changed), and counts at once for everything that is counted from then on. Then every running
 * clock whose next rung or due instant moves is projected anew, in chunks of one job and one event each
 * (clock.reprojected), whose body names each clock, what it was moved to, and the change that moved it;
 * calendar.applied ends it. After a crash it goes on at the next start. What was passed stays passed: a rung
 * or an expiry that happened is never taken back. Cost: about 1 us a running clock that does not move, 3 us
 * one that does, of which 1 is beside the writer's. Deeds run in write jobs of their own. */
#pragma once
#include "base/days.h"
#include "loop/case/case.h"

/* What the ledger has announced so far, for the packs that are here and those to come; goes on with a
 * re-projection that was broken off. Before the first deed. */
gboolean case_days_load(CaseRoom *room, gint64 now, GError **error);
/* Days as they count now; the room's own, until the next change. */
const BaseDays *case_days(const CaseRoom *room);
/* What else is counted on working days is brought up to date in a job of its own, before calendar.applied;
 * with the clocks it is done again after a crash. */
typedef gboolean (*CaseDaysChanged)(CaseRoom *room, StoreConn *conn, gint64 now, gpointer data,
                                    GError **error);
void case_room_enrol_days(CaseRoom *room, CaseDaysChanged run, gpointer data);
/* What a change would do, and nothing done: { days: [[date, works]], clocks, moved, first: [{number, clock,
 * was, becomes}] } with at most `limit` in the lists. */
gboolean case_days_survey(CaseRoom *room, StoreConn *conn, const BaseDays *change, int limit, BaseJson *out,
                          GError **error);
/* Make it so. *moved: how many clocks. Not from within a job. */
gboolean case_days_change(CaseRoom *room, const BaseDays *change, const char *actor, gint64 now,
                          gint64 *moved, GError **error);
