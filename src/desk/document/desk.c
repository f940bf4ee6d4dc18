/* desk.c - what the chart calls for: document(...) draws the next version, sign(...) asks for signatures. */
#include "desk/document/inside.h"
#include <string.h>

const CaseActor DOCUMENT_SYSTEM = { .actor = "system:document",
                                    .roles = (const char *const[]){ "system", NULL } };

static const PackDocument *template_of(const Case *c, const char *id, GError **error)
{
    const PackDocument *document = pack_document(c->pack, id);
    if (!document)
        g_set_error(error, CASE_ERROR, CASE_ERROR_PACK, "pack %s has no document '%s'", pack_id(c->pack), id);
    return document;
}

/* 80 bits, in letters that are not taken for one another. */
static void draw_code(BaseChance *chance, char out[CASE_PAPER_CODE])
{
    static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    guint8 bytes[CASE_PAPER_CODE - 1];
    base_chance_bytes(chance, bytes, sizeof bytes);
    for (gsize i = 0; i < sizeof bytes; i++)
        out[i] = letters[bytes[i] & 31];
    out[sizeof bytes] = '\0';
}

static gboolean next_version(StoreConn *conn, const Case *c, const char *id, int *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT coalesce(max(version), 0) + 1 FROM paper WHERE case_id = ?1 AND id = ?2",
        STORE_ID(&c->id), STORE_T(id));
    if (rows && store_step(rows, &failed)) *out = (int)store_int(rows, 0);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* Hashes of the links by which parties sign, in hex; NULL for those who sign in. */
static GPtrArray *link_hashes(DocumentDesk *desk, const Case *c, const PackDocument *document, int version)
{
    GPtrArray *hashes = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < document->n_signers; i++) {
        char link[GUARD_LINK];
        guint8 hash[32];
        GString *hex = NULL;
        if (pack_party(c->pack, document->signers[i].who)) {
            guard_sign_link(case_room_guard(desk->room), &c->id, document->id, version,
                            document->signers[i].id, link);
            guard_link_hash(link, hash);
            hex = g_string_new(NULL);
            for (gsize k = 0; k < sizeof hash; k++)
                g_string_append_printf(hex, "%02x", hash[k]);
        }
        g_ptr_array_add(hashes, hex ? g_string_free(hex, FALSE) : NULL);
    }
    return hashes;
}

/* Drawn now, for it is to be signed: what the signers are shown is in this job or the event is not. */
static gboolean draw(DocumentDesk *desk, StoreConn *conn, Case *c, const DocumentDraw *d, CasePaperMade *made,
                     guint8 hash[CASE_PAPER_HASH], GError **error)
{
    guint pages = 0;
    g_autoptr(GBytes) bytes = document_draw(d, &pages, error);
    if (!bytes) {
        g_prefix_error(error, "document '%s' of pack %s: ", d->document->id, pack_id(c->pack));
        return FALSE;
    }
    document_hash(bytes, hash);
    made->pages = (int)pages;
    return document_keep(desk, conn, &c->id, bytes, hash, NULL, error);
}

/* What it says and by which version of the service, while no bytes are there yet. */
static void hash_said(const json_t *values, guint8 hash[CASE_PAPER_HASH])
{
    g_autofree char *text = base_json_canonical(values);
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    document_hash(bytes, hash);
}

static gboolean put_down(DocumentDesk *desk, StoreConn *conn, Case *c, const DocumentDraw *d, GError **error)
{
    guint8 hash[CASE_PAPER_HASH];
    g_autoptr(GPtrArray) links = link_hashes(desk, c, d->document, d->version);
    CasePaperMade made = { .version = d->version,
                           .number = d->number,
                           .code = d->code,
                           .sha256 = hash,
                           .values = d->values,
                           .link_hashes = (const char *const *)links->pdata };
    if (!d->document->n_signers)
        hash_said(d->values, hash);
    else if (!draw(desk, conn, c, d, &made, hash, error))
        return FALSE;
    return case_paper_make(desk->room, conn, c, d->document, &made, d->at, error);
}

static gboolean make(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now, gpointer data,
                     GError **error)
{
    DocumentDesk *desk = data;
    const PackDocument *document = template_of(c, call, error);
    char code[CASE_PAPER_CODE];
    int version = 0;
    if (!document || !next_version(conn, c, call, &version, error)) return FALSE;
    draw_code(guard_chance(case_room_guard(room)), code);
    g_autofree char *number = g_strdup_printf("%s-%s-%d", c->number, document->id, version);
    json_t *values = document_fill(desk, conn, c, document, number, version, now, error);
    if (!values) return FALSE;
    const DocumentDraw d = { .document = document,
                             .number = number,
                             .code = code,
                             .public_url = desk->public_url,
                             .version = version,
                             .at = now,
                             .utc_offset = case_room_offset(room),
                             .values = values };
    gboolean ok = put_down(desk, conn, c, &d, error);
    json_decref(values);
    return ok;
}

static gboolean ask(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now, gpointer data,
                    GError **error)
{
    (void)data;
    g_auto(CasePaper) paper = { 0 };
    const PackDocument *document = template_of(c, call, error);
    if (!document || !case_paper_find(conn, &c->id, call, 0, &paper, error)) {
        g_prefix_error(error, "sign(%s) before document(%s): ", call, call);
        return FALSE;
    }
    return paper.state != CASE_PAPER_MADE ||
           case_paper_ask(room, conn, c, &paper, document->in_order, now, error);
}

DocumentDesk *document_desk_new(CaseRoom *room, const char *public_url)
{
    DocumentDesk *desk = g_new0(DocumentDesk, 1);
    desk->room = room;
    desk->public_url = g_strdup(public_url ? public_url : "");
    case_room_enrol(room, "document", make, desk);
    case_room_enrol(room, "sign", ask, desk);
    return desk;
}

void document_desk_free(DocumentDesk *desk)
{
    if (!desk) return;
    g_free(desk->public_url);
    g_free(desk);
}
