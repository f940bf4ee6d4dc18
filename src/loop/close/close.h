/* close.h - is it truly done: the resident is asked, answers once or not at all, and silence is never praise.
 *
 * Enrols for "rate" and "notice". An invitation has a one-time link; the answer fires the event "rate" with
 * the field "rating" (1..5) and the private field "rating_text"; a window that passes fires "rate_lapsed". */
#pragma once
#include "base/json.h"
#include "loop/case/case.h"

#define CLOSE_ERROR (g_quark_from_static_string("close"))
enum { CLOSE_ERROR_LINK, CLOSE_ERROR_ANSWERED, CLOSE_ERROR_LAPSED, CLOSE_ERROR_LEVEL };

void close_enrol(CaseRoom *room);
/* What the resident's page may show for a link: number, what it was about, state, whether it can still be
 * rated, as keys of the open object `out`; and the case. */
gboolean close_page(CaseRoom *room, StoreConn *conn, const char *link, gint64 now, BaseJson *out,
                    BaseId *case_id, GError **error);
gboolean close_rate(CaseRoom *room, StoreConn *conn, const char *link, int level, const char *text,
                    gint64 now, GError **error);
