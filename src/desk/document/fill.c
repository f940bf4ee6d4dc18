/* fill.c - what stands in the places of a template, for one case at one instant. */
#include "desk/document/inside.h"
#include <string.h>

static void put(json_t *values, const char *place, const char *text)
{
    if (text && *text) json_object_set_new(values, place, json_string(text));
}

static gboolean put_org(json_t *values, StoreConn *conn, const char *org, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, error, "SELECT name FROM org WHERE id = ?1", STORE_T(org));
    put(values, "org_name", rows && store_step(rows, &failed) ? store_text(rows, 0) : org);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static char *day(gint64 at, gint64 utc_offset)
{
    g_autoptr(GDateTime) local = g_date_time_new_from_unix_utc((at + utc_offset) / 1000);
    return g_strdup_printf("%d年%d月%d日", g_date_time_get_year(local), g_date_time_get_month(local),
                           g_date_time_get_day_of_month(local));
}

static gboolean put_case(json_t *values, StoreConn *conn, const Case *c, const char *number, int version,
                         gint64 now, gint64 utc_offset, GError **error)
{
    g_autofree char *today = day(now, utc_offset), *opened = day(c->opened_at, utc_offset),
                    *n = g_strdup_printf("%d", version);
    put(values, DOCUMENT_PACK, pack_version(c->pack));
    put(values, "number", c->number);
    put(values, "document_number", number);
    put(values, "version", n);
    put(values, "area", c->area);
    put(values, "place", c->place);
    put(values, "title", c->title);
    put(values, "today", today);
    put(values, "opened_at", opened);
    return put_org(values, conn, c->org, error);
}

static void put_fields(json_t *values, const Case *c, const PackDocument *document, const json_t *facts,
                       gint64 utc_offset)
{
    for (const char *const *id = document->fields; *id; id++) {
        const PackField *field = pack_field(c->pack, *id);
        g_autoptr(GString) text = g_string_new(NULL);
        if (field && pack_say(c->pack, field, json_object_get(facts, *id), "zh", utc_offset, text))
            put(values, *id, text->str);
    }
    for (gsize i = 0; i < document->n_signers; i++) {
        const PackSigner *signer = &document->signers[i];
        g_autofree char *key = g_strconcat("_name.", signer->id, NULL);
        if (signer->name) put(values, key, json_string_value(json_object_get(values, signer->name)));
    }
}

static const char *title_of(const PackDocument *document, const char *signer)
{
    for (gsize i = 0; i < document->n_signers; i++)
        if (!strcmp(document->signers[i].id, signer)) return document->signers[i].title_zh;
    return signer;
}

/* Why there is another version: what became of those before it. */
static void tell_version(GString *out, const PackDocument *document, const CasePaper *paper,
                         gint64 utc_offset)
{
    g_autofree char *when = NULL;
    for (guint i = 0; i < paper->signers->len; i++) {
        const CaseSigner *s = &g_array_index(paper->signers, CaseSigner, i);
        if (s->state != CASE_SIGNER_REFUSED && s->state != CASE_SIGNER_OBJECTED) continue;
        g_free(when);
        when = day(s->at, utc_offset);
        g_string_append_printf(out, "第%d版因%s%s，于%s作废。", paper->version, title_of(document, s->id),
                               s->state == CASE_SIGNER_REFUSED ? "拒绝签名" : "对内容提出异议", when);
    }
}

static gboolean put_history(json_t *values, StoreConn *conn, const Case *c, const PackDocument *document,
                            gint64 utc_offset, GError **error)
{
    g_autoptr(GPtrArray) papers = case_paper_list_new();
    g_autoptr(GString) out = g_string_new(NULL);
    if (!case_paper_all(conn, &c->id, papers, error)) return FALSE;
    for (guint i = papers->len; i > 0; i--) {
        const CasePaper *paper = papers->pdata[i - 1];
        if (!strcmp(paper->id, document->id)) tell_version(out, document, paper, utc_offset);
    }
    put(values, "_history", out->str);
    return TRUE;
}

json_t *document_fill(DocumentDesk *desk, StoreConn *conn, const Case *c, const PackDocument *document,
                      const char *number, int version, gint64 now, GError **error)
{
    gint64 offset = case_room_offset(desk->room);
    json_t *facts = case_paper_facts(conn, c, document, error), *values = json_object();
    gboolean ok = facts && put_case(values, conn, c, number, version, now, offset, error) &&
                  (version == 1 || put_history(values, conn, c, document, offset, error));
    if (ok) put_fields(values, c, document, facts, offset);
    json_decref(facts);
    if (!ok) g_clear_pointer(&values, json_decref);
    return values;
}
