/* moved.h - clocks whose next rung or end moves when working days change: found on any snapshot, written as
 * one event about many cases ("clock.reprojected") and into their rows, and told again in the timeline of
 * one case. Body: {change, moved: [[case, clock, next, due, provisional], ...]} in the order of cases, so
 * that first and last name the range (table reprojection). Nobody outside loop/case includes it. */
#pragma once
#include "loop/case/life.h"

typedef struct {
    BaseId case_id;
    const char *clock; /* the chart's text, or the body's it was read from */
    gint64 next, due;  /* G_MAXINT64: never */
    gboolean provisional;
} CaseMoved;

/* Where clocks are looked for, and those that move. */
typedef struct {
    const FlowChart *(*chart)(const char *version, gpointer data); /* NULL: not here */
    gpointer data;
    BaseId after, upto; /* cases after the one, up to the other; `upto` is made the last one looked at */
    guint limit;        /* clocks to look at; those of the last case are all looked at */
    GArray *moved;      /* CaseMoved, appended to */
    guint seen;         /* clocks looked at */
    gboolean more;      /* the limit was reached */
} CaseMovedWalk;

#define CASE_MOVED_EVERY                                                                                     \
    ((BaseId){ { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 } })

/* Cost: about 1 us a running clock. */
gboolean case_moved_find(CaseMovedWalk *w, StoreConn *conn, GError **error);
char *case_moved_body(const GArray *moved, gint64 change);
/* Texts of what is read belong to `body`. */
GArray *case_moved_read(const json_t *body);
/* The rows of event `seq`. */
gboolean case_moved_apply(StoreConn *conn, const GArray *moved, gint64 seq, GError **error);
/* The body as far as it is about one case; NULL: it is not. Caller frees. */
char *case_moved_of(const char *body, const BaseId *id);
