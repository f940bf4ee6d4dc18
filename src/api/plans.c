/* plans.c - what opens by itself: what came last of each plan, and what is to come. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/intake/plan.h"

#define AHEAD 5

gboolean api_plan_list(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && plan_view(call->api->room, conn, call->now, AHEAD, &call->out, error);
}
