/* view.c - documents as people see them: of a case, of a resident, and by their code. */
#include "desk/document/inside.h"
#include <sodium.h>
#include <string.h>

static void put_hash(BaseJson *out, const char *key, const guint8 hash[CASE_PAPER_HASH])
{
    char hex[2 * CASE_PAPER_HASH + 1];
    sodium_bin2hex(hex, sizeof hex, hash, CASE_PAPER_HASH);
    base_json_put_text(out, key, hex);
}

static gboolean is_private(const Case *c, const char *id)
{
    const PackField *field = pack_field(c->pack, id);
    return !field || field->klass == PACK_PRIVATE;
}

/* ---- who may read it ---- */

static gboolean shows_all(const Case *c, const PackDocument *document, const char *const *full)
{
    for (const char *const *field = document->fields; field && *field; field++)
        if (is_private(c, *field) && !(full && g_strv_contains(full, *field))) return FALSE;
    return TRUE;
}

gboolean document_rules(DocumentDesk *desk, StoreConn *conn, const BaseId *id, const char *document,
                        const GuardRule *rules, gsize n, GArray *out, GError **error)
{
    g_autoptr(Case) c = case_load(desk->room, conn, id, error);
    const PackDocument *template = c ? pack_document(c->pack, document) : NULL;
    for (gsize i = 0; template && i < n; i++)
        if (shows_all(c, template, rules[i].full)) g_array_append_val(out, rules[i]);
    if (c && !template) g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "no such document");
    return template != NULL;
}

static gboolean readable(const Case *c, const PackDocument *document, const GuardUser *user)
{
    for (gsize i = 0; document && i < pack_access(c->pack); i++) {
        const PackAccess *a = pack_access_at(c->pack, i);
        if (guard_has_role(user, a->role) && shows_all(c, document, a->full)) return TRUE;
    }
    return FALSE;
}

/* ---- a case's ---- */

typedef struct {
    DocumentDesk *desk;
    StoreConn *conn;
    const Case *c;
    const GuardUser *user;
    gboolean reasons, stands; /* stands: the user may act on this case */
    BaseJson *out;
} View;

static gboolean put_reason(const View *v, const CasePaper *paper, const CaseSigner *signer, GError **error)
{
    if (!v->reasons || (signer->state != CASE_SIGNER_REFUSED && signer->state != CASE_SIGNER_OBJECTED))
        return TRUE;
    json_t *said = case_paper_private(v->conn, paper, signer->id, error);
    if (json_is_string(said)) base_json_put_text(v->out, "reason", json_string_value(said));
    json_decref(said);
    return said != NULL;
}

static gboolean put_signer(const View *v, const CasePaper *paper, guint i, const PackDocument *document,
                           gboolean open, GError **error)
{
    const CaseSigner *signer = &g_array_index(paper->signers, CaseSigner, i);
    gboolean party = pack_party(v->c->pack, signer->who) != NULL,
             asked = open && signer->state == CASE_SIGNER_ASKED;
    base_json_object(v->out);
    base_json_put_text(v->out, "id", signer->id);
    base_json_put_text(v->out, "title_zh", document ? document->signers[i].title_zh : signer->id);
    base_json_put_text(v->out, "title_en", document ? document->signers[i].title_en : signer->id);
    base_json_put_text(v->out, "who", signer->who);
    base_json_put_text(v->out, "state", case_signer_state_name(signer->state));
    base_json_put_int(v->out, "at", signer->at);
    if (signer->name) base_json_put_text(v->out, "by", signer->name);
    if (!put_reason(v, paper, signer, error)) return FALSE;
    base_json_put_bool(v->out, "mine", asked && v->stands && !party && guard_has_role(v->user, signer->who));
    base_json_put_bool(v->out, "may_link", asked && v->stands && party);
    base_json_end_object(v->out);
    return TRUE;
}

static gboolean put_paper(const View *v, const CasePaper *paper, GError **error)
{
    const PackDocument *document = pack_document(v->c->pack, paper->id);
    BaseJson *out = v->out;
    gboolean open = paper->state == CASE_PAPER_SIGNING && document_awaits(v->c, paper->id),
             hides = paper->signers->len > 0;
    for (const char *const *field = document ? document->fields : NULL; field && *field; field++)
        hides |= is_private(v->c, *field);
    base_json_object(out);
    base_json_put_text(out, "id", paper->id);
    base_json_put_int(out, "version", paper->version);
    base_json_put_text(out, "title_zh", document ? document->title_zh : paper->id);
    base_json_put_text(out, "title_en", document ? document->title_en : paper->id);
    base_json_put_text(out, "number", paper->number);
    base_json_put_text(
        out, "state",
        case_paper_state_name(paper->state == CASE_PAPER_SIGNING && !open ? CASE_PAPER_VOID : paper->state));
    base_json_put_int(out, "at", paper->at);
    base_json_put_int(out, "pages", paper->pages);
    put_hash(out, "sha256", paper->sha256);
    if (paper->sealed_at) {
        put_hash(out, "final_sha256", paper->final);
        base_json_put_int(out, "sealed_at", paper->sealed_at);
    }
    base_json_put_text(out, "code", paper->code);
    base_json_put_int(out, "retention", document ? document->retention : 0);
    base_json_put_bool(out, "private", hides);
    base_json_put_bool(out, "readable", readable(v->c, document, v->user));
    base_json_key(out, "signers");
    base_json_array(out);
    for (guint i = 0; i < paper->signers->len; i++)
        if (!put_signer(v, paper, i, document, open, error)) return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}

gboolean document_view_case(DocumentDesk *desk, StoreConn *conn, const BaseId *id, const GuardUser *user,
                            gboolean reasons, BaseJson *out, GError **error)
{
    g_autoptr(GPtrArray) papers = case_paper_list_new();
    g_autoptr(Case) c = case_load(desk->room, conn, id, error);
    if (!c || !case_paper_all(conn, id, papers, error)) return FALSE;
    const CaseActor actor = {
        .actor = user->login, .roles = (const char *const *)user->roles, .org = user->org, .unit = user->unit
    };
    const View v = { desk, conn,    c,
                     user, reasons, guard_may(user, "case.fire") && case_stands(c, &actor, NULL),
                     out };
    base_json_object(out);
    base_json_key(out, "documents");
    base_json_array(out);
    for (guint i = 0; i < papers->len; i++)
        if (!put_paper(&v, papers->pdata[i], error)) return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}

/* ---- links ---- */

gboolean document_link(DocumentDesk *desk, StoreConn *conn, const BaseId *id, const char *document,
                       int version, const char *signer, const CaseActor *actor, gint64 now, BaseJson *out,
                       GError **error)
{
    g_auto(CasePaper) paper = { 0 };
    if (!case_paper_find(conn, id, document, version, &paper, error)) return FALSE;
    g_autoptr(Case) c = case_load(desk->room, conn, id, error);
    int i = case_paper_signer(&paper, signer);
    if (!c || !case_stands(c, actor, error)) return FALSE;
    const CaseSigner *is = i < 0 ? NULL : &g_array_index(paper.signers, CaseSigner, i);
    if (!is || is->state != CASE_SIGNER_ASKED || !pack_party(c->pack, is->who) ||
        paper.state != CASE_PAPER_SIGNING || !document_awaits(c, paper.id)) {
        g_set_error(error, DOCUMENT_ERROR, DOCUMENT_ERROR_STATE,
                    "nobody with a link is asked for this signature");
        return FALSE;
    }
    if (!case_paper_note(desk->room, conn, c, &paper, "linked", signer, actor, now, error)) return FALSE;
    g_autofree char *path = case_paper_path(desk->room, &paper, signer);
    base_json_object(out);
    g_autofree char *url = g_strconcat(desk->public_url, path, NULL);
    base_json_put_text(out, "path", path);
    if (*desk->public_url) base_json_put_text(out, "url", url);
    base_json_end_object(out);
    return TRUE;
}

static void put_of_party(DocumentDesk *desk, const Case *c, const CasePaper *paper, const CaseSigner *signer,
                         BaseJson *out)
{
    const PackDocument *document = pack_document(c->pack, paper->id);
    gboolean open = paper->state == CASE_PAPER_SEALED ||
                    (paper->state == CASE_PAPER_SIGNING && document_awaits(c, paper->id));
    g_autofree char *path = case_paper_path(desk->room, paper, signer->id);
    base_json_object(out);
    base_json_put_text(out, "title_zh", document ? document->title_zh : paper->id);
    base_json_put_text(out, "title_en", document ? document->title_en : paper->id);
    base_json_put_text(out, "state", open ? case_signer_state_name(signer->state) : "void");
    if (open && signer->state != CASE_SIGNER_WAITING) base_json_put_text(out, "path", path);
    base_json_end_object(out);
}

gboolean document_put_party(DocumentDesk *desk, StoreConn *conn, const Case *c, const char *party,
                            BaseJson *out, GError **error)
{
    g_autoptr(GPtrArray) papers = case_paper_list_new();
    if (!case_paper_all(conn, &c->id, papers, error)) return FALSE;
    base_json_key(out, "documents");
    base_json_array(out);
    for (guint i = 0; i < papers->len; i++) {
        const CasePaper *paper = papers->pdata[i];
        for (guint k = 0; k < paper->signers->len; k++) {
            const CaseSigner *signer = &g_array_index(paper->signers, CaseSigner, k);
            if (!strcmp(signer->who, party)) put_of_party(desk, c, paper, signer, out);
        }
    }
    base_json_end_array(out);
    return TRUE;
}

/* ---- by its code ---- */

static gboolean read_code(const char *text, char out[CASE_PAPER_CODE])
{
    guint n = 0;
    for (; *text; text++) {
        char letter = g_ascii_toupper(*text);
        if (letter == '-' || letter == ' ') continue;
        if (!g_ascii_isalnum(letter) || letter == 'U' || n == CASE_PAPER_CODE - 1) return FALSE;
        out[n++] = (char)(letter == 'O' ? '0' : letter == 'I' || letter == 'L' ? '1' : letter);
    }
    out[n] = '\0';
    return n == CASE_PAPER_CODE - 1;
}

static gboolean put_seal(StoreConn *conn, const CasePaper *paper, BaseJson *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT f.statement, f.ed25519, f.sm2, e.pem, s.pem FROM paper_file f JOIN seal_key e ON e.id = "
        "f.ed25519_key JOIN seal_key s ON s.id = f.sm2_key WHERE f.sha256 = ?1",
        STORE_B(paper->final, CASE_PAPER_HASH));
    if (rows && store_step(rows, &failed)) {
        gsize n = 0, m = 0;
        const guint8 *a = store_blob(rows, 1, &n), *b = store_blob(rows, 2, &m);
        g_autofree char *ed25519 = g_base64_encode(a, n), *sm2 = g_base64_encode(b, m);
        base_json_put_text(out, "statement", store_text(rows, 0));
        base_json_put_text(out, "ed25519", ed25519);
        base_json_put_text(out, "ed25519_key", store_text(rows, 3));
        base_json_put_text(out, "sm2", sm2);
        base_json_put_text(out, "sm2_key", store_text(rows, 4));
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* The number of the version that stands in this one's place; NULL: none does. */
static gboolean put_newer(StoreConn *conn, const CasePaper *paper, BaseJson *out, GError **error)
{
    g_auto(CasePaper) newest = { 0 };
    if (!case_paper_find(conn, &paper->case_id, paper->id, 0, &newest, error)) return FALSE;
    if (newest.version > paper->version) base_json_put_text(out, "superseded_by", newest.number);
    return TRUE;
}

static gboolean put_org(StoreConn *conn, const Case *c, BaseJson *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT name FROM org WHERE id = ?1", STORE_T(c->org));
    base_json_put_text(out, "org", rows && store_step(rows, &failed) ? store_text(rows, 0) : c->org);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean put_found(DocumentDesk *desk, StoreConn *conn, const CasePaper *paper, BaseJson *out,
                          GError **error)
{
    g_autoptr(Case) c = case_load(desk->room, conn, &paper->case_id, error);
    if (!c) return FALSE;
    const PackDocument *document = pack_document(c->pack, paper->id);
    base_json_put_text(out, "state", case_paper_state_name(paper->state));
    base_json_put_text(out, "title_zh", document ? document->title_zh : paper->id);
    base_json_put_text(out, "title_en", document ? document->title_en : paper->id);
    base_json_put_text(out, "number", paper->number);
    base_json_put_int(out, "version", paper->version);
    base_json_put_int(out, "made_at", paper->at);
    if (paper->sealed_at) base_json_put_int(out, "sealed_at", paper->sealed_at);
    put_hash(out, "sha256", paper->sealed_at ? paper->final : paper->sha256);
    return put_org(conn, c, out, error) && (!paper->sealed_at || put_seal(conn, paper, out, error)) &&
           put_newer(conn, paper, out, error);
}

gboolean document_verify(DocumentDesk *desk, StoreConn *conn, const char *code, BaseJson *out, GError **error)
{
    char canonical[CASE_PAPER_CODE] = "";
    g_auto(CasePaper) paper = { 0 };
    GError *failed = NULL;
    gboolean found = read_code(code, canonical) && case_paper_by_code(conn, canonical, &paper, &failed);
    if (failed && !g_error_matches(failed, CASE_ERROR, CASE_ERROR_UNKNOWN)) {
        g_propagate_error(error, failed);
        return FALSE;
    }
    g_clear_error(&failed);
    base_json_object(out);
    base_json_put_text(out, "code", canonical);
    base_json_put_bool(out, "found", found);
    gboolean ok = !found || put_found(desk, conn, &paper, out, error);
    base_json_end_object(out);
    return ok;
}
