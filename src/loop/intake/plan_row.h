/* plan_row.h - a plan as it stands in the store, and the events that put it there; for the desks of this
 * room. */
#pragma once
#include "loop/intake/plan.h"

typedef struct {
    char *pack, *id, *digest; /* digest "": the plan has ended */
    gint64 since;             /* what was before is not its business */
    gboolean has_last, has_next;
    BaseOccurrence last, next;
    gboolean missed; /* the last one */
    BaseId opened;   /* case of the last one */
    gboolean has_case;
    gint64 n_opened, n_missed;
} PlanRow;
void plan_row_clear(PlanRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlanRow, plan_row_clear)

/* All that there are, in the order of pack and id; of PlanRow. `due`: only those due by then, the earliest
 * first. */
GArray *plan_rows(StoreConn *conn, gint64 due, GError **error);
#define PLAN_ROWS_ALL G_MAXINT64
/* *found FALSE: no such row; `out` is empty then. */
gboolean plan_row_find(StoreConn *conn, const char *pack, const char *id, PlanRow *out, gboolean *found,
                       GError **error);

/* Each logs one event and brings the row in line with it. `row` says what is so afterwards. */
gboolean plan_row_set(CaseRoom *room, StoreConn *conn, const PlanRow *row, const char *why, gint64 now,
                      GError **error); /* "new", "rule", "days", "clock" */
gboolean plan_row_end(CaseRoom *room, StoreConn *conn, const PlanRow *row, gint64 now, GError **error);
gboolean plan_row_came(CaseRoom *room, StoreConn *conn, const PlanRow *row, gint64 now, GError **error);
void plan_row_write(BaseJson *j, const char *key, const BaseOccurrence *o); /* {date, day, at} */
void plan_row_put(BaseJson *j, const BaseOccurrence *o);                    /* its members */
/* From the ledger. */
gboolean plan_row_replay(CaseRoom *room, StoreConn *conn, const LedgerEvent *event, const json_t *body,
                         gpointer data, GError **error);
