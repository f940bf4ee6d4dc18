/* close.h - is it truly done: the resident is asked, answers once or not at all, and silence is never praise.
 *
 * Enrols for "rate" and "notice". Who holds the resident's link (desk/portal) answers; the answer fires the
 * event "rate" with the field "rating" (1..5) and the private field "rating_text"; a window that passes fires
 * "rate_lapsed". */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

#define CLOSE_ERROR (g_quark_from_static_string("close"))
enum { CLOSE_ERROR_NOT_ASKED, CLOSE_ERROR_ANSWERED, CLOSE_ERROR_LAPSED, CLOSE_ERROR_LEVEL };

void close_enrol(CaseRoom *room);
/* Keys can_rate, level (when answered) and lapsed of the open object `out`. */
gboolean close_put_rating(StoreConn *conn, const Case *c, gint64 now, BaseJson *out, GError **error);
/* The resident's answer; who asks holds their link. */
gboolean close_rate(CaseRoom *room, StoreConn *conn, const BaseId *id, int level, const char *text,
                    gint64 now, GError **error);
