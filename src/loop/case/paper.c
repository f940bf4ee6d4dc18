/* paper.c - documents of a case: their events, and the rows that follow from them, live and on rebuild alike.
 */
#include "loop/case/paper.h"
#include "loop/case/life.h"
#include <sodium.h>

static const char *const states[] = { "made", "signing", "sealed", "void", "superseded" };
static const char *const signer_states[] = { "waiting", "asked", "signed", "refused", "objected", "void" };

const char *case_paper_state_name(CasePaperState state)
{
    return states[state];
}

const char *case_signer_state_name(CaseSignerState state)
{
    return signer_states[state];
}

static guint state_of(const char *name, const char *const *names, guint n)
{
    for (guint i = 0; i < n; i++)
        if (!g_strcmp0(name, names[i])) return i;
    return 0;
}

static void signer_clear(gpointer data)
{
    CaseSigner *signer = data;
    g_free(signer->id);
    g_free(signer->who);
    g_free(signer->by);
    g_free(signer->name);
}

void case_paper_clear(CasePaper *paper)
{
    g_free(paper->id);
    g_free(paper->number);
    if (paper->signers) g_array_unref(paper->signers);
    *paper = (CasePaper){ 0 };
}

static void record_free(gpointer data)
{
    case_paper_clear(data);
    g_free(data);
}

GPtrArray *case_paper_list_new(void)
{
    return g_ptr_array_new_with_free_func(record_free);
}

int case_paper_signer(const CasePaper *paper, const char *id)
{
    for (guint i = 0; i < paper->signers->len; i++)
        if (!g_strcmp0(g_array_index(paper->signers, CaseSigner, i).id, id)) return (int)i;
    return -1;
}

/* ---- rows to a paper ---- */

#define COLUMNS "case_id, id, version, state, at, number, code, pages, sha256, final, sealed_at FROM paper "

static void take_hash(const StoreRows *rows, int column, guint8 out[CASE_PAPER_HASH])
{
    gsize n = 0;
    const void *bytes = store_blob(rows, column, &n);
    if (bytes && n == CASE_PAPER_HASH) memcpy(out, bytes, n);
}

static void take_paper(const StoreRows *rows, CasePaper *out)
{
    store_id(rows, 0, &out->case_id);
    out->id = g_strdup(store_text(rows, 1));
    out->version = (int)store_int(rows, 2);
    out->state = state_of(store_text(rows, 3), states, G_N_ELEMENTS(states));
    out->at = store_int(rows, 4);
    out->number = g_strdup(store_text(rows, 5));
    g_strlcpy(out->code, store_text(rows, 6), sizeof out->code);
    out->pages = (int)store_int(rows, 7);
    take_hash(rows, 8, out->sha256);
    take_hash(rows, 9, out->final);
    out->sealed_at = store_int(rows, 10);
    out->signers = g_array_new(FALSE, TRUE, sizeof(CaseSigner));
    g_array_set_clear_func(out->signers, signer_clear);
}

static gboolean finish(StoreRows *rows, GError *failed, GError **error)
{
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean take_signers(StoreConn *conn, CasePaper *paper, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT id, who, state, at, device_at, by, name FROM paper_signer WHERE case_id = ?1 AND paper = ?2"
        " AND version = ?3 ORDER BY place",
        STORE_ID(&paper->case_id), STORE_T(paper->id), STORE_I(paper->version));
    while (rows && store_step(rows, &failed)) {
        CaseSigner signer = { .id = g_strdup(store_text(rows, 0)),
                              .who = g_strdup(store_text(rows, 1)),
                              .state =
                                  state_of(store_text(rows, 2), signer_states, G_N_ELEMENTS(signer_states)),
                              .at = store_int(rows, 3),
                              .device_at = store_int(rows, 4),
                              .by = g_strdup(store_text(rows, 5)),
                              .name = g_strdup(store_text(rows, 6)) };
        g_array_append_val(paper->signers, signer);
    }
    return finish(rows, failed, error);
}

static gboolean unknown(GError **error)
{
    g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "no such document");
    return FALSE;
}

/* Takes the rows. */
static gboolean first_paper(StoreConn *conn, StoreRows *taken, CasePaper *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = taken;
    gboolean found = rows && store_step(rows, &failed);
    if (found) take_paper(rows, out);
    if (!finish(rows, failed, error)) return FALSE;
    g_clear_pointer(&rows, store_rows_free);
    return found ? take_signers(conn, out, error) : unknown(error);
}

gboolean case_paper_find(StoreConn *conn, const BaseId *case_id, const char *id, int version, CasePaper *out,
                         GError **error)
{
    return first_paper(conn,
                       STORE_QUERY(conn, error,
                                   "SELECT " COLUMNS "WHERE case_id = ?1 AND id = ?2 AND (?3 = 0 OR version "
                                   "= ?3) ORDER BY version DESC LIMIT 1",
                                   STORE_ID(case_id), STORE_T(id), STORE_I(version)),
                       out, error);
}

gboolean case_paper_by_code(StoreConn *conn, const char *code, CasePaper *out, GError **error)
{
    return first_paper(conn, STORE_QUERY(conn, error, "SELECT " COLUMNS "WHERE code = ?1", STORE_T(code)),
                       out, error);
}

gboolean case_paper_by_link(StoreConn *conn, const guint8 link[32], CasePaper *out, char **signer,
                            GError **error)
{
    GError *failed = NULL;
    BaseId case_id;
    g_autofree char *id = NULL, *who = NULL;
    int version = 0;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT case_id, paper, version, id FROM paper_signer WHERE link = ?1",
                    STORE_B(link, 32));
    if (rows && store_step(rows, &failed)) {
        store_id(rows, 0, &case_id);
        id = g_strdup(store_text(rows, 1));
        version = (int)store_int(rows, 2);
        who = g_strdup(store_text(rows, 3));
    }
    if (!finish(rows, failed, error)) return FALSE;
    g_clear_pointer(&rows, store_rows_free);
    if (!id) return unknown(error);
    *signer = g_steal_pointer(&who);
    return case_paper_find(conn, &case_id, id, version, out, error);
}

gboolean case_paper_all(StoreConn *conn, const BaseId *case_id, GPtrArray *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT " COLUMNS "WHERE case_id = ?1 ORDER BY at DESC, id, version DESC",
                    STORE_ID(case_id));
    while (rows && store_step(rows, &failed)) {
        CasePaper *paper = g_new0(CasePaper, 1);
        take_paper(rows, paper);
        g_ptr_array_add(out, paper);
    }
    if (!finish(rows, failed, error)) return FALSE;
    g_clear_pointer(&rows, store_rows_free);
    for (guint i = 0; i < out->len; i++)
        if (!take_signers(conn, out->pdata[i], error)) return FALSE;
    return TRUE;
}

/* ---- links ---- */

char *case_paper_path(CaseRoom *room, const CasePaper *paper, const char *signer)
{
    char link[GUARD_LINK];
    guard_sign_link(case_room_guard(room), &paper->case_id, paper->id, paper->version, signer, link);
    return g_strconcat("/s/", link, NULL);
}

char *case_paper_party_path(CaseRoom *room, StoreConn *conn, const Case *c, const char *party, GError **error)
{
    g_autoptr(GPtrArray) papers = case_paper_list_new();
    if (!case_paper_all(conn, &c->id, papers, error)) return NULL;
    for (guint i = 0; i < papers->len; i++) {
        const CasePaper *paper = papers->pdata[i];
        for (guint k = 0; k < paper->signers->len && paper->state == CASE_PAPER_SIGNING; k++) {
            const CaseSigner *signer = &g_array_index(paper->signers, CaseSigner, k);
            if (signer->state == CASE_SIGNER_ASKED && !strcmp(signer->who, party))
                return case_paper_path(room, paper, signer->id);
        }
    }
    return NULL;
}

/* ---- private ---- */

json_t *case_paper_facts(StoreConn *conn, const Case *c, const PackDocument *document, GError **error)
{
    json_t *all = guard_private_engine(conn, &c->id, error), *named = json_object();
    for (const char *const *field = document->fields; all && *field; field++) {
        json_t *value = json_object_get(c->facts, *field);
        if (!value) value = json_object_get(all, *field);
        if (value) json_object_set(named, *field, value);
    }
    if (!all) g_clear_pointer(&named, json_decref);
    json_decref(all);
    return named;
}

json_t *case_paper_private(StoreConn *conn, const CasePaper *paper, const char *signer, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    "SELECT said FROM paper_private WHERE case_id = ?1 AND paper = ?2"
                    " AND version = ?3 AND signer = ?4",
                    STORE_ID(&paper->case_id), STORE_T(paper->id), STORE_I(paper->version), STORE_T(signer));
    json_t *said = NULL;
    if (rows && store_step(rows, &failed))
        said = base_json_parse(store_text(rows, 0), strlen(store_text(rows, 0)), BASE_JSON_REQUEST, &failed);
    if (!finish(rows, failed, error)) return NULL;
    return said ? said : json_null();
}

/* ---- from an event to rows ---- */

typedef struct {
    StoreConn *conn;
    const BaseId *case_id;
    gint64 at;
    const char *actor, *id;
    gint64 version;
    const json_t *body, *said; /* said: of the private body; NULL */
} Deed;

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static gboolean hash_of(const json_t *object, const char *key, guint8 out[CASE_PAPER_HASH])
{
    const char *hex = text_of(object, key);
    size_t n = 0;
    return hex && strlen(hex) == (gsize)2 * CASE_PAPER_HASH &&
           sodium_hex2bin(out, CASE_PAPER_HASH, hex, strlen(hex), NULL, &n, NULL) == 0 &&
           n == CASE_PAPER_HASH;
}

static gboolean bad(const Deed *d, GError **error)
{
    g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "an event of document %s says nothing we know",
                d->id ? d->id : "?");
    return FALSE;
}

static gboolean set_state(const Deed *d, CasePaperState state, GError **error)
{
    return STORE_RUN(d->conn, error,
                     "UPDATE paper SET state = ?4 WHERE case_id = ?1 AND id = ?2 AND version = ?3",
                     STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version), STORE_T(states[state]));
}

static gboolean keep_said(const Deed *d, const char *signer, GError **error)
{
    if (!d->said) return TRUE;
    char *text = json_dumps(d->said, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    gboolean ok = STORE_RUN(
        d->conn, error,
        "INSERT INTO paper_private(case_id, paper, version, signer, said) VALUES(?1, ?2, ?3, ?4, ?5)",
        STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version), STORE_T(signer), STORE_T(text));
    free(text);
    return ok;
}

/* What was signed of earlier versions does not count any more. */
static gboolean supersede(const Deed *d, GError **error)
{
    return STORE_RUN(d->conn, error,
                     "UPDATE paper_signer SET state = 'void', at = ?4 WHERE case_id = ?1 AND paper = ?2 AND "
                     "version < ?3 AND state IN ('waiting', 'asked', 'signed')",
                     STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version), STORE_I(d->at)) &&
           STORE_RUN(d->conn, error,
                     "UPDATE paper SET state = 'superseded' WHERE case_id = ?1 AND id = ?2 AND version < ?3"
                     " AND state <> 'void'",
                     STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version));
}

static gboolean put_signer(const Deed *d, const json_t *item, gsize place, GError **error)
{
    guint8 link[CASE_PAPER_HASH];
    gboolean has = hash_of(item, "link", link);
    return STORE_RUN(d->conn, error,
                     "INSERT INTO paper_signer(case_id, paper, version, id, place, who, state, at, device_at,"
                     " link) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, 0, ?8)",
                     STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version), STORE_T(text_of(item, "id")),
                     STORE_I((gint64)place), STORE_T(text_of(item, "who")), STORE_I(d->at),
                     has ? STORE_B(link, sizeof link) : STORE_NIL);
}

static gboolean apply_made(const Deed *d, GError **error)
{
    guint8 hash[CASE_PAPER_HASH];
    const json_t *signers = json_object_get(d->body, "signers");
    if (!hash_of(d->body, "sha256", hash)) return bad(d, error);
    if (!supersede(d, error) ||
        !STORE_RUN(
            d->conn, error,
            "INSERT INTO paper(case_id, id, version, state, at, number, code, pages, sha256) VALUES(?1, "
            "?2, ?3, 'made', ?4, ?5, ?6, ?7, ?8)",
            STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version), STORE_I(d->at),
            STORE_T(text_of(d->body, "number")), STORE_T(text_of(d->body, "code")),
            STORE_I(json_integer_value(json_object_get(d->body, "pages"))), STORE_B(hash, sizeof hash)))
        return FALSE;
    for (gsize i = 0; i < json_array_size(signers); i++)
        if (!put_signer(d, json_array_get(signers, i), i, error)) return FALSE;
    return keep_said(d, "", error);
}

/* The first who waits; or everybody. */
static gboolean ask(const Deed *d, gboolean in_order, GError **error)
{
    return STORE_RUN(
        d->conn, error,
        "UPDATE paper_signer SET state = 'asked', at = ?4 WHERE case_id = ?1 AND paper = ?2 AND version = ?3"
        " AND state = 'waiting' AND (?5 = 0 OR place = (SELECT min(w.place) FROM paper_signer w WHERE "
        "w.case_id = ?1 AND w.paper = ?2 AND w.version = ?3 AND w.state IN ('waiting', 'asked')))",
        STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version), STORE_I(d->at), STORE_I(in_order));
}

static gboolean in_order(const Deed *d)
{
    return json_is_true(json_object_get(d->body, "in_order"));
}

static gboolean apply_asked(const Deed *d, GError **error)
{
    return set_state(d, CASE_PAPER_SIGNING, error) && ask(d, in_order(d), error);
}

static gboolean set_signer(const Deed *d, CaseSignerState state, GError **error)
{
    const char *signer = text_of(d->body, "signer"), *name = text_of(d->body, "name");
    if (!signer) return bad(d, error);
    return STORE_RUN(d->conn, error,
                     "UPDATE paper_signer SET state = ?5, at = ?6, device_at = ?7, by = ?8, name = ?9 WHERE"
                     " case_id = ?1 AND paper = ?2 AND version = ?3 AND id = ?4",
                     STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version), STORE_T(signer),
                     STORE_T(signer_states[state]), STORE_I(d->at),
                     STORE_I(json_integer_value(json_object_get(d->body, "device_at"))),
                     STORE_T(name ? d->actor : NULL), STORE_T(name)) &&
           keep_said(d, signer, error);
}

static gboolean apply_signed(const Deed *d, GError **error)
{
    return set_signer(d, CASE_SIGNER_SIGNED, error) && (!in_order(d) || ask(d, TRUE, error));
}

static gboolean apply_voided(const Deed *d, CaseSignerState state, GError **error)
{
    return set_signer(d, state, error) && set_state(d, CASE_PAPER_VOID, error) &&
           STORE_RUN(d->conn, error,
                     "UPDATE paper_signer SET state = 'void', at = ?4 WHERE case_id = ?1 AND paper = ?2 AND "
                     "version = ?3 AND state IN ('waiting', 'asked', 'signed')",
                     STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version), STORE_I(d->at));
}

static gboolean apply_sealed(const Deed *d, GError **error)
{
    guint8 hash[CASE_PAPER_HASH];
    if (!hash_of(d->body, "sha256", hash)) return bad(d, error);
    return STORE_RUN(d->conn, error,
                     "UPDATE paper SET state = CASE state WHEN 'superseded' THEN state ELSE 'sealed' END, "
                     "final = ?4, sealed_at = ?5, pages = ?6 WHERE case_id"
                     " = ?1 AND id = ?2 AND version = ?3",
                     STORE_ID(d->case_id), STORE_T(d->id), STORE_I(d->version), STORE_B(hash, sizeof hash),
                     STORE_I(d->at), STORE_I(json_integer_value(json_object_get(d->body, "pages"))));
}

static gboolean apply(const char *what, const Deed *d, GError **error)
{
    if (!d->id || !d->version) return bad(d, error);
    if (!strcmp(what, "made")) return apply_made(d, error);
    if (!strcmp(what, "asked")) return apply_asked(d, error);
    if (!strcmp(what, "signed")) return apply_signed(d, error);
    if (!strcmp(what, "refused")) return apply_voided(d, CASE_SIGNER_REFUSED, error);
    if (!strcmp(what, "objected")) return apply_voided(d, CASE_SIGNER_OBJECTED, error);
    return strcmp(what, "sealed") != 0 || apply_sealed(d, error); /* "linked", "shown": no row */
}

gboolean case_apply_paper(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error)
{
    json_t *hidden = event->private_body ? base_json_parse(event->private_body, strlen(event->private_body),
                                                           BASE_JSON_REQUEST, error)
                                         : NULL;
    if (event->private_body && !hidden) return FALSE;
    const Deed d = { .conn = conn,
                     .case_id = &event->case_id,
                     .at = event->at,
                     .actor = event->actor,
                     .id = text_of(body, "document"),
                     .version = json_integer_value(json_object_get(body, "version")),
                     .body = body,
                     .said = json_object_get(hidden, "said") };
    gboolean ok = apply(event->kind + strlen("document."), &d, error);
    json_decref(hidden);
    return ok;
}

/* ---- logging ---- */

static json_t *body_new(const char *id, int version)
{
    json_t *body = json_object();
    json_object_set_new(body, "document", json_string(id));
    json_object_set_new(body, "version", json_integer(version));
    return body;
}

static char *hidden_body(const json_t *said)
{
    if (!said) return NULL;
    json_t *hidden = json_object();
    json_object_set(hidden, "said", (json_t *)said);
    char *text = base_json_canonical(hidden);
    json_decref(hidden);
    return text;
}

/* Takes the body. */
static gboolean log_paper(CaseRoom *room, StoreConn *conn, const Case *c, const char *what, json_t *body,
                          const json_t *said, const CaseActor *actor, gint64 now, GError **error)
{
    const gboolean shown = !strcmp(what, "shown"), linked = !strcmp(what, "linked");
    g_autofree char *kind = g_strconcat("document.", what, NULL), *text = base_json_canonical(body),
                    *hidden = hidden_body(said);
    LedgerEvent event = { .at = now,
                          .kind = kind,
                          .operation = shown    ? "consultation"
                                       : linked ? "disclosure"
                                                : "alteration",
                          .case_id = c->id,
                          .body = text,
                          .private_body = hidden };
    gboolean ok =
        case_log(room, conn, &event, actor, c->kit, error) && case_apply_paper(conn, &event, body, error);
    json_decref(body);
    return ok;
}

static gboolean log_and_read(CaseRoom *room, StoreConn *conn, const Case *c, CasePaper *paper,
                             const char *what, json_t *body, const json_t *said, const CaseActor *actor,
                             gint64 now, GError **error)
{
    if (!log_paper(room, conn, c, what, body, said, actor, now, error)) return FALSE;
    g_autofree char *id = g_strdup(paper->id);
    int version = paper->version;
    case_paper_clear(paper);
    return case_paper_find(conn, &c->id, id, version, paper, error);
}

static const CaseActor CLERK = { .actor = "system:document",
                                 .roles = (const char *const[]){ "system", NULL } };

static void put_hash(json_t *body, const char *key, const guint8 hash[CASE_PAPER_HASH])
{
    char hex[2 * CASE_PAPER_HASH + 1];
    sodium_bin2hex(hex, sizeof hex, hash, CASE_PAPER_HASH);
    json_object_set_new(body, key, json_string(hex));
}

static json_t *signers_of(const PackDocument *document, const char *const *links)
{
    json_t *list = json_array();
    for (gsize i = 0; i < document->n_signers; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "id", json_string(document->signers[i].id));
        json_object_set_new(one, "who", json_string(document->signers[i].who));
        if (links[i]) json_object_set_new(one, "link", json_string(links[i]));
        json_array_append_new(list, one);
    }
    return list;
}

gboolean case_paper_make(CaseRoom *room, StoreConn *conn, const Case *c, const PackDocument *document,
                         const CasePaperMade *made, gint64 now, GError **error)
{
    json_t *body = body_new(document->id, made->version), *fields = json_array();
    for (const char *const *field = document->fields; *field; field++)
        json_array_append_new(fields, json_string(*field));
    json_object_set_new(body, "number", json_string(made->number));
    json_object_set_new(body, "code", json_string(made->code));
    json_object_set_new(body, "pages", json_integer(made->pages));
    json_object_set_new(body, "fields", fields);
    json_object_set_new(body, "signers", signers_of(document, made->link_hashes));
    put_hash(body, "sha256", made->sha256);
    return log_paper(room, conn, c, "made", body, made->values, &CLERK, now, error);
}

gboolean case_paper_ask(CaseRoom *room, StoreConn *conn, const Case *c, CasePaper *paper, gboolean ordered,
                        gint64 now, GError **error)
{
    json_t *body = body_new(paper->id, paper->version);
    json_object_set_new(body, "in_order", json_boolean(ordered));
    return log_and_read(room, conn, c, paper, "asked", body, NULL, &CLERK, now, error);
}

gboolean case_paper_answer(CaseRoom *room, StoreConn *conn, const Case *c, CasePaper *paper,
                           const CasePaperAnswer *answer, const CaseActor *actor, gint64 now, GError **error)
{
    json_t *body = body_new(paper->id, paper->version);
    json_object_set_new(body, "signer", json_string(answer->signer));
    put_hash(body, "sha256", paper->sha256);
    if (answer->name) json_object_set_new(body, "name", json_string(answer->name));
    if (answer->device_at) json_object_set_new(body, "device_at", json_integer(answer->device_at));
    if (answer->in_order) json_object_set_new(body, "in_order", json_true());
    return log_and_read(room, conn, c, paper, signer_states[answer->state], body, answer->said, actor, now,
                        error);
}

gboolean case_paper_seal(CaseRoom *room, StoreConn *conn, const Case *c, CasePaper *paper,
                         const guint8 sha256[CASE_PAPER_HASH], int pages, gint64 now, GError **error)
{
    json_t *body = body_new(paper->id, paper->version);
    json_object_set_new(body, "pages", json_integer(pages));
    put_hash(body, "sha256", sha256);
    return log_and_read(room, conn, c, paper, "sealed", body, NULL, &CLERK, now, error);
}

gboolean case_paper_note(CaseRoom *room, StoreConn *conn, const Case *c, const CasePaper *paper,
                         const char *what, const char *signer, const CaseActor *actor, gint64 now,
                         GError **error)
{
    json_t *body = body_new(paper->id, paper->version);
    json_object_set_new(body, "signer", json_string(signer));
    return log_paper(room, conn, c, what, body, NULL, actor, now, error);
}
