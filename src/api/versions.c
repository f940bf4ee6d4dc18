/* versions.c - moving open cases to the newest version of their service: the survey, and at a further word
 * the deed. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/case/migrate.h"

#define SHOWN 200

static gboolean survey(ApiCall *call, const CaseMigration *m, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && case_migration_survey(call->api->room, conn, m, call->now, SHOWN, &call->out, error);
}

/* Open cases are not moved without saying why. */
static gboolean reason_given(ApiCall *call, CaseMigration *m, GError **error)
{
    const char *reason = call_text(call->body, "reason");
    if (call_bool(call->body, "apply") && (!reason || !*reason)) {
        call->where = g_strdup("body.reason");
        g_set_error(error, CHECK_ERROR, CHECK_ERROR_FIELD, "moving open cases takes a reason");
        return FALSE;
    }
    case_migration_because(m, reason);
    return TRUE;
}

/* Many jobs; what has moved is on the new version and is not moved again, so the key may be kept after the
 * deed. The reply is the survey of what was found before it. */
gboolean api_pack_migration(ApiCall *call, GError **error)
{
    gboolean seen;
    int moved = 0;
    const CaseActor actor = call_actor(call);
    g_autoptr(CaseMigration) m = case_migration_new(call->api->room, call_text(call->params, "pack"),
                                                    json_object_get(call->body, "map"), error);
    if (!m || !reason_given(call, m, error) || !call_seen(call, &seen, error)) return FALSE;
    if (seen) return TRUE;
    return survey(call, m, error) &&
           (!call_bool(call->body, "apply") ||
            case_migrate_all(call->api->room, m, &actor, call->now, FALSE, &moved, error)) &&
           call_keep(call, error);
}
