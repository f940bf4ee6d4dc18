/* sign.c - a signer's answer: signed, refused, objected. */
#include "desk/document/inside.h"
#include <sodium.h>
#include <string.h>

static const char *const outcomes[] = {
    [CASE_SIGNER_SIGNED] = "signed", [CASE_SIGNER_REFUSED] = "refused", [CASE_SIGNER_OBJECTED] = "objected"
};

/* Does the case, where it is now, wait for the outcome? */
gboolean document_awaits(const Case *c, const char *document)
{
    g_autofree char *event = g_strconcat("signed.", document, NULL);
    return flow_awaits(pack_chart(c->pack), &c->flow, event, DOCUMENT_SYSTEM.roles, c->row);
}

/* ---- may this answer be taken ---- */

static gboolean refuse(GError **error, int code, const char *why)
{
    g_set_error_literal(error, DOCUMENT_ERROR, code, why);
    return FALSE;
}

static gboolean shown_this(const CasePaper *paper, const char *sha256)
{
    char hex[2 * CASE_PAPER_HASH + 1];
    sodium_bin2hex(hex, sizeof hex, paper->sha256, CASE_PAPER_HASH);
    return !g_ascii_strcasecmp(hex, sha256 ? sha256 : "");
}

static gboolean may_answer(const Case *c, const CasePaper *paper, const CaseSigner *signer,
                           const DocumentAnswer *answer, GError **error)
{
    if (paper->state == CASE_PAPER_VOID || paper->state == CASE_PAPER_SUPERSEDED)
        return refuse(error, DOCUMENT_ERROR_CHANGED,
                      "this version does not count any more; look at the newest one");
    if (signer->state != CASE_SIGNER_ASKED)
        return refuse(error, DOCUMENT_ERROR_STATE,
                      signer->state == CASE_SIGNER_WAITING ? "it is another signer's turn"
                                                           : "this was answered already");
    if (!document_awaits(c, paper->id))
        return refuse(error, DOCUMENT_ERROR_STATE, "the case does not wait for this signature any more");
    if (!shown_this(paper, answer->sha256))
        return refuse(error, DOCUMENT_ERROR_CHANGED,
                      "the text that was shown is not the one to be signed; load it again");
    return TRUE;
}

/* What is kept: the strokes as they came, or the reason; new reference. */
static json_t *said_by(const DocumentAnswer *answer, GError **error)
{
    if (answer->deed != CASE_SIGNER_SIGNED) {
        const char *reason = answer->reason ? answer->reason : "";
        if (*reason) return json_string(reason);
        refuse(error, DOCUMENT_ERROR_ANSWER, "a reason is wanted");
        return NULL;
    }
    char *text = answer->strokes ? json_dumps(answer->strokes, JSON_COMPACT) : NULL;
    g_autoptr(GError) wrong = NULL;
    g_autoptr(PaperStrokes) strokes =
        text && strlen(text) <= CASE_PAPER_STROKES ? paper_strokes_parse(text, strlen(text), &wrong) : NULL;
    free(text);
    if (strokes) return json_incref((json_t *)answer->strokes);
    refuse(error, DOCUMENT_ERROR_ANSWER, wrong ? wrong->message : "a signature is wanted");
    return NULL;
}

/* ---- sealing ---- */

static gboolean everybody_signed(const CasePaper *paper)
{
    for (guint i = 0; i < paper->signers->len; i++)
        if (g_array_index(paper->signers, CaseSigner, i).state != CASE_SIGNER_SIGNED) return FALSE;
    return TRUE;
}

static GBytes *draw_signed(DocumentDesk *desk, StoreConn *conn, const PackDocument *document,
                           CasePaper *paper, gint64 now, guint *pages, GError **error)
{
    json_t *values = case_paper_private(conn, paper, "", error);
    g_autoptr(GPtrArray) strokes = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
    gboolean ok = values != NULL;
    for (guint i = 0; ok && i < paper->signers->len; i++) {
        json_t *said =
            case_paper_private(conn, paper, g_array_index(paper->signers, CaseSigner, i).id, error);
        ok = said != NULL;
        if (said) g_ptr_array_add(strokes, said);
    }
    const DocumentDraw d = { .document = document,
                             .number = paper->number,
                             .code = paper->code,
                             .public_url = desk->public_url,
                             .version = paper->version,
                             .at = paper->signers->len ? now : paper->at,
                             .utc_offset = case_room_offset(desk->room),
                             .values = values,
                             .paper = paper,
                             .signed_by = (const json_t *const *)strokes->pdata };
    GBytes *bytes = ok ? document_draw(&d, pages, error) : NULL;
    json_decref(values);
    return bytes;
}

static gboolean seal(DocumentDesk *desk, StoreConn *conn, const Case *c, const PackDocument *document,
                     CasePaper *paper, gint64 now, GError **error)
{
    guint8 hash[CASE_PAPER_HASH];
    guint pages = 0;
    g_autoptr(GBytes) bytes = draw_signed(desk, conn, document, paper, now, &pages, error);
    if (!bytes) return FALSE;
    document_hash(bytes, hash);
    g_autofree char *statement = document_statement(c->number, paper, hash, now);
    return case_paper_seal(desk->room, conn, c, paper, hash, (int)pages, now, error) &&
           document_keep(desk, conn, &c->id, bytes, hash, statement, error);
}

/* By the version of the service that made it, whatever the case has moved to since. */
static const PackDocument *template_of(CaseRoom *room, const Case *c, const json_t *values, const char *id)
{
    const char *version = json_string_value(json_object_get(values, DOCUMENT_PACK));
    const Pack *pack = version ? case_room_pack_version(room, version) : c->pack;
    return pack ? pack_document(pack, id) : NULL;
}

gboolean document_settle(DocumentDesk *desk, StoreConn *conn, CasePaper *paper, gint64 now, GError **error)
{
    CasePaper now_is = { 0 }; /* somebody may have wanted it meanwhile */
    if (!case_paper_find(conn, &paper->case_id, paper->id, paper->version, &now_is, error)) return FALSE;
    case_paper_clear(paper);
    *paper = now_is;
    if (paper->sealed_at || paper->signers->len) return TRUE;
    g_autoptr(Case) c = case_load(desk->room, conn, &paper->case_id, error);
    json_t *values = c ? case_paper_private(conn, paper, "", error) : NULL;
    const PackDocument *document = values ? template_of(desk->room, c, values, paper->id) : NULL;
    json_decref(values);
    if (document) return seal(desk, conn, c, document, paper, now, error);
    return values && refuse(error, DOCUMENT_ERROR_CHANGED, "the service has no such document any more");
}

/* ---- the answer ---- */

/* The chart may have a condition on the outcome; where it takes none, the document stands as it is. */
static gboolean tell_case(DocumentDesk *desk, StoreConn *conn, Case *c, const char *document,
                          CaseSignerState outcome, gint64 now, GError **error)
{
    g_autofree char *event = g_strconcat(outcomes[outcome], ".", document, NULL);
    if (!flow_awaits(pack_chart(c->pack), &c->flow, event, DOCUMENT_SYSTEM.roles, c->row)) return TRUE;
    return case_move(desk->room, conn, c, event, NULL, NULL, &DOCUMENT_SYSTEM, now, error);
}

typedef struct {
    DocumentDesk *desk;
    StoreConn *conn;
    Case *c;
    CasePaper *paper;
    const PackDocument *document;
    gint64 now;
} Signing;

static gboolean take(const Signing *s, const char *signer, const char *name, const DocumentAnswer *answer,
                     const json_t *said, const CaseActor *actor, GError **error)
{
    const CasePaperAnswer kept = { .signer = signer,
                                   .name = name,
                                   .state = answer->deed,
                                   .said = said,
                                   .device_at = answer->device_at,
                                   .in_order = s->document->in_order };
    if (!case_paper_answer(s->desk->room, s->conn, s->c, s->paper, &kept, actor, s->now, error)) return FALSE;
    gboolean all = answer->deed == CASE_SIGNER_SIGNED && everybody_signed(s->paper);
    if (all && !seal(s->desk, s->conn, s->c, s->document, s->paper, s->now, error)) return FALSE;
    return (answer->deed == CASE_SIGNER_SIGNED && !all) ||
           tell_case(s->desk, s->conn, s->c, s->paper->id, answer->deed, s->now, error);
}

static void put_done(const CasePaper *paper, int signer, BaseJson *out)
{
    base_json_object(out);
    base_json_put_text(out, "state",
                       case_signer_state_name(g_array_index(paper->signers, CaseSigner, signer).state));
    base_json_put_text(out, "document_state", case_paper_state_name(paper->state));
    base_json_end_object(out);
}

/* `paper` and `signer` were found; `actor` is known to be the signer. */
static gboolean answer_as(DocumentDesk *desk, StoreConn *conn, CasePaper *paper, int signer, const char *name,
                          const DocumentAnswer *answer, const CaseActor *actor, gint64 now, BaseJson *out,
                          GError **error)
{
    g_autoptr(Case) c = case_load(desk->room, conn, &paper->case_id, error);
    if (!c || !may_answer(c, paper, &g_array_index(paper->signers, CaseSigner, signer), answer, error))
        return FALSE;
    json_t *values = case_paper_private(conn, paper, "", error);
    if (!values) return FALSE;
    const Signing s = { desk, conn, c, paper, template_of(desk->room, c, values, paper->id), now };
    json_decref(values);
    if (!s.document)
        return refuse(error, DOCUMENT_ERROR_CHANGED, "the service has no such document any more");
    json_t *said = said_by(answer, error);
    g_autofree char *id = g_strdup(g_array_index(paper->signers, CaseSigner, signer).id);
    gboolean ok = said && take(&s, id, name, answer, said, actor, error);
    json_decref(said);
    if (ok) put_done(paper, signer, out);
    return ok;
}

/* Two signatures of officials are two persons', whatever roles one of them has. */
static gboolean signed_already(const CasePaper *paper, const char *login)
{
    for (guint i = 0; i < paper->signers->len; i++) {
        const CaseSigner *signer = &g_array_index(paper->signers, CaseSigner, i);
        if (signer->state == CASE_SIGNER_SIGNED && g_strcmp0(signer->by, login) == 0) return TRUE;
    }
    return FALSE;
}

gboolean document_answer(DocumentDesk *desk, StoreConn *conn, const BaseId *id, const char *document,
                         int version, const DocumentAnswer *answer, const GuardUser *user, gint64 now,
                         BaseJson *out, GError **error)
{
    g_auto(CasePaper) paper = { 0 };
    if (!case_paper_find(conn, id, document, version, &paper, error)) return FALSE;
    int signer = case_paper_signer(&paper, answer->signer);
    const char *who = signer < 0 ? "" : g_array_index(paper.signers, CaseSigner, signer).who;
    if (!guard_has_role(user, who)) /* nobody who signs in has a party's role */
        return refuse(error, DOCUMENT_ERROR_STATE, "this signature is another's to give");
    if (signed_already(&paper, user->login))
        return refuse(
            error, DOCUMENT_ERROR_STATE,
            "you have signed this version already; a further signature is another person's to give");
    const CaseActor actor = { .actor = user->login,
                              .roles = (const char *const[]){ who, NULL },
                              .org = user->org,
                              .unit = user->unit };
    g_autoptr(Case) c = case_load(desk->room, conn, id, error);
    return c && case_stands(c, &actor, error) &&
           answer_as(desk, conn, &paper, signer, user->name, answer, &actor, now, out, error);
}

/* ---- by link ---- */

static gboolean follow(StoreConn *conn, const char *link, CasePaper *paper, int *signer, GError **error)
{
    guint8 hash[32] = { 0 };
    g_autofree char *id = NULL;
    GError *failed = NULL;
    gboolean sound = guard_link_hash(link, hash);
    gboolean found = case_paper_by_link(conn, hash, paper, &id, &failed) && sound;
    if (failed && !g_error_matches(failed, CASE_ERROR, CASE_ERROR_UNKNOWN)) {
        g_propagate_error(error, failed);
        return FALSE;
    }
    g_clear_error(&failed);
    *signer = found ? case_paper_signer(paper, id) : -1;
    return *signer >= 0 || refuse(error, DOCUMENT_ERROR_LINK, "this link leads nowhere");
}

gboolean document_answer_by_link(DocumentDesk *desk, StoreConn *conn, const char *link,
                                 const DocumentAnswer *answer, gint64 now, BaseJson *out, GError **error)
{
    g_auto(CasePaper) paper = { 0 };
    int signer;
    if (!follow(conn, link, &paper, &signer, error)) return FALSE;
    g_autofree char *who = g_strdup(g_array_index(paper.signers, CaseSigner, signer).who);
    const CaseActor party = { .actor = who, .roles = (const char *const[]){ who, NULL } };
    return answer_as(desk, conn, &paper, signer, NULL, answer, &party, now, out, error);
}

GBytes *document_shown(DocumentDesk *desk, StoreConn *conn, const char *link, gint64 now, GError **error)
{
    g_auto(CasePaper) paper = { 0 };
    int signer;
    if (!follow(conn, link, &paper, &signer, error)) return NULL;
    g_autoptr(Case) c = case_load(desk->room, conn, &paper.case_id, error);
    if (!c) return NULL;
    if (paper.state == CASE_PAPER_VOID || paper.state == CASE_PAPER_SUPERSEDED) {
        refuse(error, DOCUMENT_ERROR_CHANGED, "this version does not count any more; look at the newest one");
        return NULL;
    }
    const CaseSigner *is = &g_array_index(paper.signers, CaseSigner, signer);
    const CaseActor party = { .actor = is->who, .roles = (const char *const[]){ is->who, NULL } };
    return case_paper_note(desk->room, conn, c, &paper, "shown", is->id, &party, now, error)
               ? document_pdf(conn, &paper, error)
               : NULL;
}

GBytes *document_pdf(StoreConn *conn, const CasePaper *paper, GError **error)
{
    GBytes *bytes = NULL;
    document_file(conn, paper->state == CASE_PAPER_SEALED || paper->sealed_at ? paper->final : paper->sha256,
                  &bytes, error);
    return bytes;
}

/* Who is asked now, before this one; NULL: nobody is. */
static const char *turn_of(const CasePaper *paper, const PackDocument *document, const char *lang)
{
    for (guint i = 0; document && i < paper->signers->len; i++)
        if (g_array_index(paper->signers, CaseSigner, i).state == CASE_SIGNER_ASKED)
            return !strcmp(lang, "en") ? document->signers[i].title_en : document->signers[i].title_zh;
    return NULL;
}

gboolean document_page(DocumentDesk *desk, StoreConn *conn, const char *link, BaseJson *out, GError **error)
{
    g_auto(CasePaper) paper = { 0 };
    int i;
    if (!follow(conn, link, &paper, &i, error)) return FALSE;
    g_autoptr(Case) c = case_load(desk->room, conn, &paper.case_id, error);
    if (!c) return FALSE;
    const PackDocument *document = pack_document(c->pack, paper.id);
    const CaseSigner *signer = &g_array_index(paper.signers, CaseSigner, i);
    gboolean open = paper.state != CASE_PAPER_SIGNING || document_awaits(c, paper.id),
             final = paper.sealed_at != 0;
    char hex[2 * CASE_PAPER_HASH + 1];
    sodium_bin2hex(hex, sizeof hex, final ? paper.final : paper.sha256, CASE_PAPER_HASH);
    base_json_object(out);
    base_json_put_text(out, "title_zh", document ? document->title_zh : paper.id);
    base_json_put_text(out, "title_en", document ? document->title_en : paper.id);
    base_json_put_text(out, "number", paper.number);
    base_json_put_int(out, "version", paper.version);
    base_json_put_text(out, "signer_zh", document ? document->signers[i].title_zh : signer->id);
    base_json_put_text(out, "signer_en", document ? document->signers[i].title_en : signer->id);
    base_json_put_text(out, "state", case_signer_state_name(signer->state));
    base_json_put_text(out, "document_state", case_paper_state_name(open ? paper.state : CASE_PAPER_VOID));
    base_json_put_int(out, "pages", paper.pages);
    base_json_put_text(out, "sha256", hex);
    base_json_put_int(out, "at", paper.at);
    if (signer->state == CASE_SIGNER_WAITING && turn_of(&paper, document, "zh")) {
        base_json_put_text(out, "waits_for_zh", turn_of(&paper, document, "zh"));
        base_json_put_text(out, "waits_for_en", turn_of(&paper, document, "en"));
    }
    base_json_end_object(out);
    return TRUE;
}
