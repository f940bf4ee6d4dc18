/* documents.c - documents of a case: the list, the PDF under a grant, signatures of those who sign in and of
 * those who hold a link, and the page by which anybody checks what they hold. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "loop/case/view.h"
#include <string.h>

static gboolean open_to_all(ApiCall *call, GError **error)
{
    if (call->api->documents) return TRUE;
    g_set_error(error, API_ERROR, API_ERROR_UNKNOWN, "no such document");
    return FALSE;
}

static int version_of(const ApiCall *call)
{
    gint64 version = 0;
    g_ascii_string_to_signed(call_text(call->params, "version"), 10, 1, 100000, &version, NULL);
    return version ? (int)version : -1; /* none has that number */
}

/* ---- grants ---- */

/* Rules of the service as it is now; those of `document` that show all it names, when one is given. */
static GArray *rules_for(ApiCall *call, StoreConn *conn, const BaseId *id, const GuardCase *about,
                         const char *document, GError **error)
{
    const Pack *pack = case_room_pack(call->api->room, about->pack);
    gsize n = 0;
    const GuardRule *rules = pack ? case_view_rules(call->api->room, pack, &n) : NULL;
    GArray *out = g_array_new(FALSE, TRUE, sizeof(GuardRule));
    if (!document)
        g_array_append_vals(out, rules, (guint)n);
    else if (!document_rules(call->api->documents, conn, id, document, rules, n, out, error))
        g_clear_pointer(&out, g_array_unref);
    return out;
}

static Grant *open_first(ApiCall *call, const GuardCase *about, const GArray *rules, GError **error)
{
    for (guint i = 0; i < rules->len; i++) {
        const GuardRule *rule = &g_array_index(rules, GuardRule, i);
        GError *failed = NULL;
        Grant *grant =
            guard_grant_open(call->api->guard, call->user, about, rule, 1, rule->purpose, call->now, &failed);
        if (grant) return grant;
        if (!g_error_matches(failed, GUARD_ERROR, GUARD_ERROR_PURPOSE)) {
            g_propagate_error(error, failed);
            return NULL;
        }
        g_clear_error(&failed);
    }
    g_set_error(
        error, DOCUMENT_ERROR, DOCUMENT_ERROR_GRANT,
        "no purpose shows this account all that the document names; ask who is in charge of the case");
    return NULL;
}

/* The event is on disk before anything is read. `document` NULL: the reasons of those who did not sign. */
static Grant *open_grant(ApiCall *call, const char *document, GError **error)
{
    BaseId id = call_id(call->params, "id");
    GuardCase about = { 0 };
    g_autoptr(GPtrArray) hold = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    if (!conn || !case_view_about(conn, &id, &about, hold, error)) return NULL;
    g_autoptr(GArray) rules = rules_for(call, conn, &id, &about, document, error);
    g_clear_pointer(&conn, store_read_end);
    if (!rules) return NULL;
    const char *purpose = call_text(call->query, "purpose");
    return purpose ? guard_grant_open(call->api->guard, call->user, &about, (const GuardRule *)rules->data,
                                      rules->len, purpose, call->now, error)
                   : open_first(call, &about, rules, error);
}

gboolean api_document_list(ApiCall *call, GError **error)
{
    BaseId id = call_id(call->params, "id");
    const char *purpose = call_text(call->query, "purpose");
    if (!open_to_all(call, error)) return FALSE;
    g_autoptr(Grant) grant = purpose ? open_grant(call, NULL, error) : NULL;
    if (purpose && !grant) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn &&
           document_view_case(call->api->documents, conn, &id, call->user, grant != NULL, &call->out, error);
}

static void reply_pdf(ApiCall *call, const char *name, GBytes *bytes)
{
    g_autofree char *disposition = g_strdup_printf("inline; filename=\"%s.pdf\"", name);
    http_reply_header(call->http, "Content-Disposition", disposition);
    http_reply(call->http, 200, "application/pdf", bytes);
}

typedef struct {
    ApiCall *call;
    CasePaper *paper;
} Settle;

static gboolean settle(StoreConn *conn, gpointer data, GError **error)
{
    const Settle *s = data;
    return document_settle(s->call->api->documents, conn, s->paper, base_clock_now(&s->call->api->clock),
                           error);
}

/* Who wants it first has it drawn. Two at once: the second finds it done, in its own job. */
static gboolean settled(ApiCall *call, CasePaper *paper, GError **error)
{
    Settle s = { call, paper };
    if (paper->sealed_at || paper->signers->len) return TRUE;
    return store_write(call->api->store, settle, &s, error);
}

gboolean api_document_pdf(ApiCall *call, GError **error)
{
    BaseId id = call_id(call->params, "id");
    const char *document = call_text(call->params, "document");
    g_auto(CasePaper) paper = { 0 };
    if (!open_to_all(call, error)) return FALSE;
    g_autoptr(StoreConn) before = store_read_begin(call->api->store, error);
    if (!before || !case_paper_find(before, &id, document, version_of(call), &paper, error)) return FALSE;
    g_clear_pointer(&before, store_read_end);
    g_autoptr(Grant) grant = open_grant(call, document, error);
    if (!grant || !settled(call, &paper, error)) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    GBytes *bytes = conn ? document_pdf(conn, &paper, error) : NULL;
    if (bytes) reply_pdf(call, paper.number, bytes);
    return bytes != NULL;
}

/* ---- answers ---- */

static gboolean read_answer(ApiCall *call, DocumentAnswer *out, GError **error)
{
    static const char *const deeds[] = { "sign", "refuse", "object" };
    static const CaseSignerState states[] = { CASE_SIGNER_SIGNED, CASE_SIGNER_REFUSED, CASE_SIGNER_OBJECTED };
    const char *deed = call_text(call->body, "deed");
    *out = (DocumentAnswer){ .signer = call_text(call->body, "signer"),
                             .sha256 = call_text(call->body, "sha256"),
                             .reason = call_text(call->body, "reason"),
                             .strokes = json_object_get(call->body, "strokes"),
                             .device_at = call_int(call->body, "device_at", 0) };
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++)
        if (!g_strcmp0(deed, deeds[i])) {
            out->deed = states[i];
            return TRUE;
        }
    call->where = g_strdup("body.deed");
    g_set_error(error, CHECK_ERROR, CHECK_ERROR_FIELD, "sign, refuse or object");
    return FALSE;
}

static gboolean sign(ApiCall *call, StoreConn *conn, GError **error)
{
    BaseId id = call_id(call->params, "id");
    DocumentAnswer answer;
    return read_answer(call, &answer, error) &&
           document_answer(call->api->documents, conn, &id, call_text(call->params, "document"),
                           version_of(call), &answer, call->user, call->now, &call->out, error);
}

gboolean api_document_sign(ApiCall *call, GError **error)
{
    return open_to_all(call, error) && call_write(call, sign, error);
}

static gboolean link_to(ApiCall *call, StoreConn *conn, GError **error)
{
    BaseId id = call_id(call->params, "id");
    const CaseActor actor = call_actor(call);
    return document_link(call->api->documents, conn, &id, call_text(call->params, "document"),
                         version_of(call), call_text(call->body, "signer"), &actor, call->now, &call->out,
                         error);
}

gboolean api_document_link(ApiCall *call, GError **error)
{
    return open_to_all(call, error) && call_write(call, link_to, error);
}

/* ---- for who holds a link ---- */

static gboolean led(ApiCall *call, GError **error)
{
    if (call->api->documents) return TRUE;
    g_set_error(error, DOCUMENT_ERROR, DOCUMENT_ERROR_LINK, "this link leads nowhere");
    return FALSE;
}

gboolean api_sign_page(ApiCall *call, GError **error)
{
    if (!led(call, error)) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn &&
           document_page(call->api->documents, conn, call_text(call->params, "link"), &call->out, error);
}

typedef struct {
    ApiCall *call;
    GBytes *bytes;
} Shown;

static gboolean show(StoreConn *conn, gpointer data, GError **error)
{
    Shown *shown = data;
    shown->bytes = document_shown(shown->call->api->documents, conn, call_text(shown->call->params, "link"),
                                  base_clock_now(&shown->call->api->clock), error);
    return shown->bytes != NULL;
}

/* They leave when it is on disk that they were shown. */
gboolean api_sign_pdf(ApiCall *call, GError **error)
{
    Shown shown = { .call = call };
    if (!led(call, error)) return FALSE;
    if (store_write(call->api->store, show, &shown, error)) {
        reply_pdf(call, "document", shown.bytes);
        return TRUE;
    }
    if (shown.bytes) g_bytes_unref(shown.bytes);
    return FALSE;
}

static gboolean sign_by_link(ApiCall *call, StoreConn *conn, GError **error)
{
    DocumentAnswer answer;
    return read_answer(call, &answer, error) &&
           document_answer_by_link(call->api->documents, conn, call_text(call->params, "link"), &answer,
                                   call->now, &call->out, error);
}

gboolean api_sign_do(ApiCall *call, GError **error)
{
    return led(call, error) && call_write(call, sign_by_link, error);
}

gboolean api_verify(ApiCall *call, GError **error)
{
    if (!open_to_all(call, error)) return FALSE;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    return conn &&
           document_verify(call->api->documents, conn, call_text(call->params, "code"), &call->out, error);
}
