/* migrate.h - open cases moved to a newer version of their procedure.
 *
 * A case stays on the version it was opened under. Moving it is an explicit, recorded act: a map says which
 * state, task, clock and field becomes which; a survey lists, before anything changes, every case that cannot
 * be carried over (and why) and every deadline that would move. Only a pure addition (pack_additive) is taken
 * over without being asked. History stays on the old chart: events keep the words they were written in.
 * Carried over: the configuration and what history states remember, every clock with what it has consumed
 * (its due instant follows from the new budget), tasks, open and private fields. Never changed: number,
 * organisation, resident's clock's start. A case moves between two events, never within one. Threads: deeds
 * run in write jobs. */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

typedef struct CaseMigration CaseMigration;

/* To the newest version of `pack`. `map` (may be NULL: everything keeps its name) is
 *   { from?: beginning of the old version's hash, states: {old: new}, tasks: {old: new}, clocks: {old: new |
 * null}, fields: {old: new | null}, start: [clock] }        null drops; start: clocks that begin with the
 * move CASE_ERROR_UNKNOWN: no such pack. CASE_ERROR_FIELDS: the map names what the new version lacks, or what
 * no older one has. */
CaseMigration *case_migration_new(CaseRoom *room, const char *pack, const json_t *map, GError **error);
void case_migration_because(CaseMigration *m, const char *reason); /* said in the event of each case */
void case_migration_free(CaseMigration *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseMigration, case_migration_free)

/* What would happen at `now`: { pack, to, cases, carried, kept: [{number, version, state, why}], deadlines:
 * [{number, clock, was, becomes}] }; lists hold the first `limit`, the counts are whole: kept_count,
 * deadline_count. */
gboolean case_migration_survey(CaseRoom *room, StoreConn *conn, const CaseMigration *m, gint64 now, int limit,
                               BaseJson *out, GError **error);
/* The whole of it in write jobs of 256 cases. With `additive`, only cases of versions to which the newest is
 * a pure addition. */
gboolean case_migrate_all(CaseRoom *room, const CaseMigration *m, const CaseActor *actor, gint64 now,
                          gboolean additive, int *moved, GError **error);
