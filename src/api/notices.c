/* notices.c - notices of a case and of a role's inbox, and receipts from gateways. */
#include "api/call.h"
#include "api/handlers.gen.h"

static gboolean done(ApiCall *call)
{
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "ok", TRUE);
    base_json_end_object(&call->out);
    return TRUE;
}

gboolean api_notice_list(ApiCall *call, GError **error)
{
    BaseId id = call_id(call->params, "id");
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && notice_view_case(call->api->room, conn, &id, &call->out, error);
}

static gboolean again(ApiCall *call, StoreConn *conn, GError **error)
{
    const CaseActor actor = call_actor(call);
    return notice_again(call->api->room, conn, call_text(call->params, "message"), &actor, call->now,
                        error) &&
           done(call);
}

gboolean api_notice_again(ApiCall *call, GError **error)
{
    return call_write(call, again, error);
}

gboolean api_inbox_get(ApiCall *call, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn && notice_view_inbox(call->api->room, conn, call->user,
                                     (int)call_int(call->query, "limit", 50), &call->out, error);
}

#define LETTERS_AT_ONCE 200

static gboolean read_letters(ApiCall *call, StoreConn *conn, GError **error)
{
    const json_t *messages = json_object_get(call->body, "messages");
    for (gsize i = 0; i < json_array_size(messages); i++)
        if (!notice_read(call->api->room, conn, json_string_value(json_array_get(messages, i)), call->user,
                         call->now, error))
            return FALSE;
    return done(call);
}

gboolean api_inbox_read(ApiCall *call, GError **error)
{
    if (json_array_size(json_object_get(call->body, "messages")) <= LETTERS_AT_ONCE)
        return call_write(call, read_letters, error);
    call->where = g_strdup("body.messages");
    g_set_error(error, CHECK_ERROR, CHECK_ERROR_FIELD, "more than %d at once", LETTERS_AT_ONCE);
    return FALSE;
}

/* ---- receipts: nobody signs in, the gateway signs the body ---- */

typedef struct {
    ApiCall *call;
    NoticeReceipt receipt;
    gboolean changed;
} Taking;

static gboolean take_job(StoreConn *conn, gpointer data, GError **error)
{
    Taking *t = data;
    return notice_receipt_take(t->call->api->notices, conn, call_text(t->call->params, "gateway"),
                               &t->receipt, base_clock_now(&t->call->api->clock), &t->changed, error);
}

static gboolean from_gateway(ApiCall *call, GError **error)
{
    gsize length;
    const char *body = (const char *)http_body(call->http, &length);
    if (call->api->notices)
        return notice_receipt_signed(
            call->api->notices, call_text(call->params, "gateway"), http_header(call->http, "webhook-id"),
            http_header(call->http, "webhook-timestamp"), http_header(call->http, "webhook-signature"), body,
            length, call->real_now, error);
    g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no gateway sends receipts here");
    return FALSE;
}

/* Said twice, a receipt changes nothing the second time: no Idempotency-Key is needed. */
gboolean api_receipt_post(ApiCall *call, GError **error)
{
    Taking t = { .call = call };
    if (!from_gateway(call, error) || !notice_receipt_read(call->body, &t.receipt, error)) return FALSE;
    gboolean taken = store_write(call->api->store, take_job, &t, error);
    notice_receipt_clear(&t.receipt);
    if (!taken) return FALSE;
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "changed", t.changed);
    base_json_end_object(&call->out);
    return TRUE;
}
