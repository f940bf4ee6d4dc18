/* problem.c - the one table from an error's domain and code to an HTTP status and a word for programs. */
#include "api/call.h"
#include "engine/flow/flow.h"
#include "loop/close/close.h"
#include "loop/intake/intake.h"
#include "loop/measure/report.h"
#include <string.h>

#define ANY (-1)

static const struct {
    const char *domain;
    int code;
    guint status;
    const char *word;
} table[] = {
    /* clang-format off */
    { "api",       API_ERROR_PATH,       404, "path" },
    { "api",       API_ERROR_METHOD,     405, "method" },
    { "api",       API_ERROR_ORIGIN,     403, "origin" },
    { "api",       API_ERROR_TYPE,       415, "content-type" },
    { "api",       API_ERROR_BODY,       400, "body" },
    { "api",       API_ERROR_KEY,        400, "idempotency-key" },
    { "api",       API_ERROR_KEY_REUSED, 422, "idempotency-key-reused" },
    { "api",       API_ERROR_TOO_MANY,   429, "too-many" },
    { "api",       API_ERROR_UNKNOWN,    404, "unknown" },
    { "api",       API_ERROR_NOT_YOURS,  403, "not-yours" },
    { "api",       API_ERROR_FULL,       503, "full" },
    { "api-check", ANY,                  400, "field" },
    { "base-json", ANY,                  400, "json" },
    { "base-days", ANY,                  422, "days" },
    { "base-csv",  ANY,                  422, "csv" },
    { "guard",     GUARD_ERROR_SIGN_IN,  401, "sign-in" },
    { "guard",     GUARD_ERROR_SESSION,  401, "session" },
    { "guard",     GUARD_ERROR_RIGHT,    403, "right" },
    { "guard",     GUARD_ERROR_PURPOSE,  403, "purpose" },
    { "guard",     GUARD_ERROR_USER,     422, "user" },
    { "case",      CASE_ERROR_UNKNOWN,   404, "unknown" },
    { "case",      CASE_ERROR_FIELDS,    422, "fields" },
    { "case",      CASE_ERROR_RELATION,  403, "relation" },
    { "case",      CASE_ERROR_TIME,      422, "device-time" },
    { "flow",      FLOW_ERROR_NOT_AWAITED, 409, "not-awaited" },
    { "flow",      FLOW_ERROR_ROLE,      403, "role" },
    { "flow",      FLOW_ERROR_GUARD,     409, "guard" },
    { "flow",      FLOW_ERROR_TASK,      409, "task" },
    { "flow",      FLOW_ERROR_NEEDS,     422, "fields" },
    { "flow",      FLOW_ERROR_CLOCK,     409, "clock" },
    { "flow",      FLOW_ERROR_LOOP,      409, "loop" },
    { "pack",      PACK_ERROR_MEANING,   422, "meaning" },
    { "pack",      PACK_ERROR_SCHEMA,    422, "schema" },
    { "pack-form", ANY,                  422, "fields" },
    { "rule",      ANY,                  422, "rule" },
    { "intake",    ANY,                  422, "table" },
    { "portal",    PORTAL_ERROR_LINK,    404, "link" },
    { "portal",    PORTAL_ERROR_PUBLIC,  404, "unknown" },
    { "close",     CLOSE_ERROR_NOT_ASKED, 409, "not-asked" },
    { "close",     CLOSE_ERROR_ANSWERED, 409, "answered" },
    { "close",     CLOSE_ERROR_LAPSED,   410, "lapsed" },
    { "close",     CLOSE_ERROR_LEVEL,    422, "level" },
    { "notice",    NOTICE_ERROR_SIGNATURE, 401, "signature" },
    { "notice",    NOTICE_ERROR_RECEIPT, 422, "receipt" },
    { "notice",    NOTICE_ERROR_STATE,   409, "state" },
    { "document",  DOCUMENT_ERROR_LINK,  404, "link" },
    { "document",  DOCUMENT_ERROR_CHANGED, 409, "changed" },
    { "document",  DOCUMENT_ERROR_STATE, 409, "state" },
    { "document",  DOCUMENT_ERROR_ANSWER, 422, "answer" },
    { "document",  DOCUMENT_ERROR_GRANT, 403, "grant" },
    { "paper",     ANY,                  422, "paper" },
    { "report",    REPORT_ERROR_UNKNOWN, 404, "unknown" },
    { "report",    REPORT_ERROR_REASON,  409, "reason" },
    { "report",    REPORT_ERROR_UNCHANGED, 409, "unchanged" },
    { "report",    REPORT_ERROR_EARLY,   409, "early" },
    { "ledger",    LEDGER_ERROR_RANGE,   422, "range" },
    { "store",     STORE_ERROR_UNIQUE,   409, "unique" },
    { "store",     STORE_ERROR_BUSY,     503, "busy" },
    /* clang-format on */
};

/* Row of the table; NULL: a mistake of our own, 500. */
static int row_of(const GError *error)
{
    const char *domain = g_quark_to_string(error->domain);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        if (!strcmp(table[i].domain, domain) && (table[i].code == ANY || table[i].code == error->code))
            return (int)i;
    return -1;
}

guint problem_status(const GError *error)
{
    int row = row_of(error);
    return row < 0 ? 500 : table[row].status;
}

/* What comes after "; " in an error's text is advice. */
static void put_text(BaseJson *j, const char *message)
{
    const char *cut = strstr(message, "; ");
    g_autofree char *what = cut ? g_strndup(message, (gsize)(cut - message)) : g_strdup(message);
    base_json_put_text(j, "error", what);
    if (cut) base_json_put_text(j, "hint", cut + 2);
}

void problem_reply(HttpRequest *request, const GError *error, const char *where)
{
    int row = row_of(error);
    const char *domain = g_quark_to_string(error->domain);
    if (row < 0)
        g_warning("%s %s: %s %d: %s", http_method(request), http_path(request), domain, error->code,
                  error->message);
    g_autofree char *code =
        g_strdup_printf("%s/%s", row < 0 ? "server" : table[row].domain, row < 0 ? "fault" : table[row].word);
    GString *text = g_string_new(NULL);
    BaseJson j = base_json_to(text);
    base_json_object(&j);
    put_text(&j, row < 0 ? "the server could not do it; nothing was changed, try again or tell the operator"
                         : error->message);
    base_json_put_text(&j, "code", code);
    if (where) base_json_put_text(&j, "where", where);
    if (pack_form_error_fields(error)) base_json_put_raw(&j, "fields", pack_form_error_fields(error));
    base_json_end_object(&j);
    http_reply(request, problem_status(error), "application/problem+json", g_string_free_to_bytes(text));
}
