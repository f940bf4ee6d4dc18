/* register.h - what stands in the registers of services: entries by key, each valid from an instant until
 * another, changed by events ("register.put", "register.ended"), whose rows are projections.
 *
 * Putting an entry again under its key ends the one before at the instant from which the new one is valid, so
 * that what held on any day can be asked. Threads: changes in write jobs; reading on any snapshot. */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

#define CASE_REGISTER_MOST 20000 /* entries of one register that are valid at once */

/* By somebody who keeps the register (role `keeper` of the pack), or an actor of role "system".
 * CASE_ERROR_RELATION: not theirs. `facts`: of the entry, checked; `until` 0: no end. */
gboolean case_register_put(CaseRoom *room, StoreConn *conn, const Pack *pack, const char *id,
                           const json_t *facts, gint64 since, gint64 until, const CaseActor *actor,
                           gint64 now, GError **error);
/* CASE_ERROR_UNKNOWN: no such entry that is valid at `until`. */
gboolean case_register_end(CaseRoom *room, StoreConn *conn, const Pack *pack, const char *id, const char *key,
                           gint64 until, const CaseActor *actor, gint64 now, GError **error);

typedef struct {
    char *key;
    gint64 since, until; /* until 0: no end */
    json_t *facts;
} CaseEntry;
/* Those valid at `at`, by key, appended to `out` (CaseEntry, cleared by it). */
gboolean case_register_read(StoreConn *conn, const char *pack, const char *reg, gint64 at, GArray *out,
                            GError **error);
GArray *case_entries_new(void);

/* Run a decision for a case as it is now: its rows, or an entry of the register it chooses from. What it
 * sets: new reference; *set NULL: nothing fits. */
gboolean case_decide(CaseRoom *room, StoreConn *conn, const Case *c, const PackDecision *decision, gint64 now,
                     json_t **set, GError **error);
/* Entries that the decision could choose, best first, as [{key, facts, load, set}]: for people who choose. */
gboolean case_view_candidates(CaseRoom *room, StoreConn *conn, const Case *c, const PackDecision *decision,
                              gint64 now, BaseJson *out, GError **error);
