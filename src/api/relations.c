/* relations.c - cases and other cases: merged into one, split for several, and back. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/case/relate.h"

gboolean api_relation_list(ApiCall *call, GError **error)
{
    BaseId id = call_id(call->params, "id");
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && case_view_relations(call->api->room, conn, &id, call->now, &call->out, error);
}

static gboolean done(ApiCall *call)
{
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "ok", TRUE);
    base_json_end_object(&call->out);
    return TRUE;
}

/* What binds or parts cases is answered for in words. */
static gboolean has_reason(ApiCall *call, GError **error)
{
    const char *reason = call_text(call->body, "reason");
    if (*reason) return TRUE;
    call->where = g_strdup("body.reason");
    g_set_error(error, CHECK_ERROR, CHECK_ERROR_FIELD, "a reason is wanted");
    return FALSE;
}

static gboolean merge(ApiCall *call, StoreConn *conn, GError **error)
{
    const CaseActor actor = call_actor(call);
    BaseId follower = call_id(call->params, "id"), leader = call_id(call->body, "leader");
    return case_merge(call->api->room, conn, &leader, &follower, call_text(call->body, "reason"), &actor,
                      call->now, error) &&
           done(call);
}

gboolean api_case_merge(ApiCall *call, GError **error)
{
    return has_reason(call, error) && call_write(call, merge, error);
}

static gboolean unmerge(ApiCall *call, StoreConn *conn, GError **error)
{
    const CaseActor actor = call_actor(call);
    BaseId follower = call_id(call->params, "id");
    return case_unmerge(call->api->room, conn, &follower, call_text(call->body, "reason"), &actor, call->now,
                        error) &&
           done(call);
}

gboolean api_case_unmerge(ApiCall *call, GError **error)
{
    return has_reason(call, error) && call_write(call, unmerge, error);
}

static gboolean put_ids(ApiCall *call, const BaseId *ids, gsize n)
{
    char text[BASE_ID_TEXT];
    base_json_object(&call->out);
    base_json_key(&call->out, "ids");
    base_json_array(&call->out);
    for (gsize i = 0; i < n; i++) {
        base_id_write(&ids[i], text);
        base_json_text(&call->out, text);
    }
    base_json_end_array(&call->out);
    base_json_end_object(&call->out);
    return TRUE;
}

static gboolean split(ApiCall *call, StoreConn *conn, GError **error)
{
    const CaseActor actor = call_actor(call);
    BaseId id = call_id(call->params, "id"), ids[CASE_MAX_PARTS];
    CasePart parts[CASE_MAX_PARTS + 1];
    const json_t *list = json_object_get(call->body, "parts");
    gsize n = MIN(json_array_size(list), CASE_MAX_PARTS + 1); /* one too many is refused below */
    for (gsize i = 0; i < n; i++)
        parts[i] = (CasePart){ call_text(json_array_get(list, i), "org"),
                               json_object_get(json_array_get(list, i), "fields") };
    return case_split(call->api->room, conn, &id, parts, (guint)n, call_text(call->body, "reason"), &actor,
                      call->now, ids, error) &&
           put_ids(call, ids, n);
}

gboolean api_case_split(ApiCall *call, GError **error)
{
    return has_reason(call, error) && call_write(call, split, error);
}

static gboolean unsplit(ApiCall *call, StoreConn *conn, GError **error)
{
    const CaseActor actor = call_actor(call);
    BaseId id = call_id(call->params, "id");
    return case_unsplit(call->api->room, conn, &id, call_text(call->body, "reason"), &actor, call->now,
                        error) &&
           done(call);
}

gboolean api_case_unsplit(ApiCall *call, GError **error)
{
    return has_reason(call, error) && call_write(call, unsplit, error);
}
