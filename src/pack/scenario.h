/* scenario.h - one scenario while it runs; for scenario.c, which moves it, and want.c and tally.c, which
 * compare. */
#pragma once
#include "pack/inside.h"

typedef struct {
    const Pack *pack;
    const PackFile *file;
    GPtrArray *failures; /* char *, of this step; its result's own */
    guint moments;       /* rungs and expiries so far */

    FlowCase flow;
    json_t *facts, *hidden; /* open fields, private fields */
    char *org, *area, *unit, *place, *title;
    const char *actor, *actor_org;       /* of this step, when it says so */
    int level, returns, reopens, rating; /* rating 0: not answered */
    int children, children_open;
    gboolean late, rated; /* rated: invited in this step */
    gint64 now, opened_at, closed_at;
    RuleValue *row;
    GArray *effects;
    GPtrArray *notices, *engines, *fired, *documents, *signs; /* of this step; texts owned */
    json_t *papers, *versions; /* by document: what the newest version says, how many there are */
    struct PackTally *figures; /* of each indicator */
} PackRun;

/* Note that the value under `key` of `in` (an object of the scenario) was not met, with its place. */
void pack_run_fail(PackRun *run, const json_t *in, const char *key, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
void pack_run_fill_row(PackRun *run);   /* every column, from the case as it is */
json_t *pack_run_json(RuleValue value); /* new reference */
void pack_run_compare(PackRun *run, const json_t *want);

/* draft.c: the next version of a document, from the facts as they are. */
void pack_run_draft(PackRun *run, const char *id);

/* tally.c */
struct PackTally *pack_tally_new(const Pack *pack);
void pack_tally_free(struct PackTally *tally, const Pack *pack);
void pack_run_weigh(PackRun *run);                                /* what just happened, as the row has it */
void pack_run_compare_figures(PackRun *run, const json_t *whole); /* figures, values, excluded */
