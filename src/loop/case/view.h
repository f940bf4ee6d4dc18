/* view.h - what people may see of cases: lists of open facts, one case under a grant, its timeline.
 *
 * Lists and push carry open facts only. case_view_whole() is the one function that gives private facts, and
 * takes a Grant. All append JSON to `out` in the shapes of api/routes.def. */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

typedef struct {
    const char *pack, *state, *org, *unit; /* NULL: any */
    const char *number;                    /* exact */
    gboolean open_only, late_only;
    gint64 before; /* opened before this instant; 0: newest */
    int limit;     /* 1..200 */
} CaseQuery;

gboolean case_view_list(CaseRoom *room, StoreConn *conn, const CaseQuery *query, gint64 now, BaseJson *out,
                        GError **error);
gboolean case_view_brief(CaseRoom *room, StoreConn *conn, const BaseId *id, gint64 now, BaseJson *out,
                         GError **error);
/* Facts about the case that a grant is decided on. Strings live as long as `hold`. */
gboolean case_view_about(StoreConn *conn, const BaseId *id, GuardCase *about, GPtrArray *hold,
                         GError **error);
/* The pack's access rules as guard takes them; the room's own. */
const GuardRule *case_view_rules(CaseRoom *room, const Pack *pack, gsize *n);
/* CaseView: brief, open and private facts, tasks, clocks, offers for `user`, rating. */
gboolean case_view_whole(CaseRoom *room, StoreConn *conn, const BaseId *id, const GuardUser *user,
                         const Grant *grant, gint64 now, BaseJson *out, GError **error);
gboolean case_view_timeline(CaseRoom *room, StoreConn *conn, const BaseId *id, BaseJson *out, GError **error);
/* Open tasks for a user: of their unit, or of their organisation and roles. */
gboolean case_view_tasks(CaseRoom *room, StoreConn *conn, const GuardUser *user, gint64 now, BaseJson *out,
                         GError **error);
gboolean case_view_units(StoreConn *conn, BaseJson *out, GError **error);
gboolean case_view_unit(StoreConn *conn, const char *id, BaseJson *out,
                        GError **error); /* UnitView, for push */
/* Id of the case with this number; FALSE when none. */
gboolean case_view_find(StoreConn *conn, const char *number, BaseId *out, GError **error);
