/* document_test.c - documents are drawn from the case's facts, signed for what was shown, sealed, void when
 * somebody does not agree; and nothing private stands where everybody looks. */
#include "desk/document/inside.h"
#include "loop/case/town_for_test.h"
#include <openssl/evp.h>
#include <openssl/pem.h>

#define PACK "src/pack/documents_for_test/agreement"
#define STROKES "[[100,100,400,500,700,120,900,480],[120,520,800,560]]"
#define TERMS "{\"terms\": \"" CANARY " within ten days\"}"

typedef struct {
    Town town;
    DocumentDesk *desk;
    BaseId id;
} Office;

static void office_open(Office *o)
{
    town_open(&o->town, 7, PACK);
    o->desk = document_desk_new(o->town.room, "https://city.example");
    o->id = town_signal(&o->town, NULL, NULL);
}

static void office_close(Office *o)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) differences = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(case_verify(o->town.room, NULL, NULL, differences, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < differences->len; i++)
        g_test_message("%s", (char *)differences->pdata[i]);
    g_assert_cmpuint(differences->len, ==, 0);
    town_close(&o->town);
    document_desk_free(o->desk);
}

static void must(Office *o, const char *event, const char *fields)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) c = town_load(&o->town, &o->id);
    json_t *json = json_loads(fields, 0, NULL);
    g_assert_true(town_fire(&o->town, &o->id, event, "handler", c->org, NULL, json, &error));
    g_assert_no_error(error);
    json_decref(json);
}

static CasePaper newest(Office *o, const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(o->town.store, &error);
    CasePaper paper = { 0 };
    g_assert_true(case_paper_find(conn, &o->id, id, 0, &paper, &error));
    g_assert_no_error(error);
    return paper;
}

static void assert_state(Office *o, const char *state)
{
    g_autoptr(Case) c = town_load(&o->town, &o->id);
    g_assert_cmpstr(flow_chart_state_id(pack_chart(c->pack), flow_rest(pack_chart(c->pack), &c->flow)), ==,
                    state);
}

static char *hex(const guint8 hash[CASE_PAPER_HASH])
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < CASE_PAPER_HASH; i++)
        g_string_append_printf(text, "%02x", hash[i]);
    return g_string_free(text, FALSE);
}

/* ---- answers ---- */

typedef struct {
    Office *o;
    const char *signer, *strokes, *reason;
    const char *sha256; /* NULL: of the newest version */
    CaseSignerState deed;
    int version; /* 0: the newest */
    const char *org;
} Answer;

static gboolean answer_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const Answer *a = data;
    CasePaper paper = { 0 };
    if (!case_paper_find(conn, &a->o->id, "agreement", 0, &paper, error)) return FALSE;
    int version = a->version ? a->version : paper.version;
    g_autofree char *shown = a->sha256 ? g_strdup(a->sha256) : hex(paper.sha256);
    json_t *strokes = a->strokes ? json_loads(a->strokes, 0, NULL) : NULL;
    const DocumentAnswer answer = {
        .signer = a->signer, .sha256 = shown, .reason = a->reason, .strokes = strokes, .deed = a->deed
    };
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    GuardUser user = town_user(a->org ? a->org : "D1", NULL, (const char *const[]){ "handler", NULL });
    char link[GUARD_LINK];
    guard_sign_link(town->guard, &a->o->id, "agreement", version, a->signer, link);
    gboolean ok = !strcmp(a->signer, "applicant")
                      ? document_answer_by_link(a->o->desk, conn, link, &answer, town->now, &out, error)
                      : document_answer(a->o->desk, conn, &a->o->id, "agreement", version, &answer, &user,
                                        town->now, &out, error);
    json_decref(strokes);
    case_paper_clear(&paper);
    return ok;
}

static gboolean answer(Office *o, Answer a, GError **error)
{
    a.o = o;
    return town_write(&o->town, answer_job, &a, error);
}

static void sign(Office *o, const char *signer)
{
    g_autoptr(GError) error = NULL;
    gboolean ok =
        answer(o, (Answer){ .signer = signer, .strokes = STROKES, .deed = CASE_SIGNER_SIGNED }, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static void refused(Office *o, Answer a, int code)
{
    g_autoptr(GError) error = NULL;
    gint64 events = town_number(&o->town, "SELECT count(*) FROM event");
    g_assert_false(answer(o, a, &error));
    g_assert_error(error, DOCUMENT_ERROR, code);
    g_assert_cmpint(town_number(&o->town, "SELECT count(*) FROM event"), ==, events);
}

/* ---- what is seen ---- */

static json_t *seen(GString *text)
{
    g_autoptr(GError) error = NULL;
    json_t *json = base_json_parse(text->str, text->len, BASE_JSON_REQUEST, &error);
    g_assert_no_error(error);
    return json;
}

static json_t *verified(Office *o, const char *code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(o->town.store, &error);
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    g_assert_true(document_verify(o->desk, conn, code, &out, &error));
    g_assert_no_error(error);
    g_assert_null(strstr(text->str, CANARY));
    return seen(text);
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static gboolean signature_fits(const json_t *proof, const char *key, const char *pem_key, gboolean sm2)
{
    gsize n;
    const char *statement = text_of(proof, "statement"), *pem = text_of(proof, pem_key);
    g_autofree guchar *signature = g_base64_decode(text_of(proof, key), &n);
    BIO *in = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *public = PEM_read_bio_PUBKEY(in, NULL, NULL, NULL);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how = NULL;
    g_assert_cmpint(EVP_DigestVerifyInit(md, &how, sm2 ? EVP_sm3() : NULL, NULL, public), ==, 1);
    if (sm2) g_assert_cmpint(EVP_PKEY_CTX_set1_id(how, "1234567812345678", 16), ==, 1);
    gboolean fits = EVP_DigestVerify(md, signature, n, (const guchar *)statement, strlen(statement)) == 1;
    EVP_MD_CTX_free(md);
    EVP_PKEY_free(public);
    BIO_free(in);
    return fits;
}

static GBytes *pdf_of(Office *o, const CasePaper *paper)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(o->town.store, &error);
    GBytes *bytes = document_pdf(conn, paper, &error);
    g_assert_no_error(error);
    g_assert_cmpint(strncmp(g_bytes_get_data(bytes, NULL), "%PDF", 4), ==, 0);
    return bytes;
}

static gboolean settle_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    Office *o = data;
    g_auto(CasePaper) paper = { 0 };
    return case_paper_find(conn, &o->id, "receipt", 0, &paper, error) &&
           document_settle(o->desk, conn, &paper, town->now, error);
}

static void want(Office *o)
{
    g_autoptr(GError) error = NULL;
    town_write(&o->town, settle_job, o, &error);
    g_assert_no_error(error);
}

static void a_document_without_signers_is_drawn_and_sealed_when_it_is_wanted(void)
{
    Office o;
    office_open(&o);
    CasePaper before = newest(&o, "receipt");
    g_assert_cmpint(before.state, ==, CASE_PAPER_MADE);
    g_assert_cmpint(town_number(&o.town, "SELECT count(*) FROM paper_file"), ==, 0);
    o.town.now += BASE_DAY;
    want(&o);
    want(&o);
    CasePaper paper = newest(&o, "receipt");
    g_assert_cmpint(paper.state, ==, CASE_PAPER_SEALED);
    g_assert_cmpint(town_number(&o.town, "SELECT count(*) FROM event WHERE kind = 'document.sealed'"), ==, 1);
    g_autoptr(GBytes) bytes = pdf_of(&o, &paper);
    guint8 drawn[CASE_PAPER_HASH];
    document_hash(bytes, drawn);
    g_assert_cmpmem(drawn, sizeof drawn, paper.final, sizeof drawn);
    case_paper_clear(&before);
    json_t *proof = verified(&o, paper.code);
    g_autofree char *hash = hex(paper.final);
    g_assert_true(json_is_true(json_object_get(proof, "found")));
    g_assert_cmpstr(text_of(proof, "sha256"), ==, hash);
    g_assert_nonnull(strstr(text_of(proof, "statement"), hash));
    g_assert_true(signature_fits(proof, "ed25519", "ed25519_key", FALSE));
    g_assert_true(signature_fits(proof, "sm2", "sm2_key", TRUE));
    json_decref(proof);
    case_paper_clear(&paper);
    office_close(&o);
}

static void a_code_is_read_as_people_type_it(void)
{
    Office o;
    office_open(&o);
    CasePaper paper = newest(&o, "receipt");
    g_autofree char *typed = g_strdup_printf(" %.4s-%.4s-%.4s-%.4s", paper.code, paper.code + 4,
                                             paper.code + 8, paper.code + 12),
                    *small = g_ascii_strdown(typed, -1);
    for (char *p = small; *p; p++)
        *p = *p == '0' ? 'o' : *p == '1' ? 'l' : *p;
    json_t *proof = verified(&o, small), *none = verified(&o, "0000-0000-0000-0000"),
           *bad = verified(&o, "../x");
    g_assert_true(json_is_true(json_object_get(proof, "found")));
    g_assert_true(json_is_false(json_object_get(none, "found")));
    g_assert_true(json_is_false(json_object_get(bad, "found")));
    json_decref(proof);
    json_decref(none);
    json_decref(bad);
    case_paper_clear(&paper);
    office_close(&o);
}

static void signers_sign_in_their_order_and_the_last_one_seals(void)
{
    Office o;
    office_open(&o);
    must(&o, "propose", TERMS);
    assert_state(&o, "signing");
    CasePaper before = newest(&o, "agreement");
    g_assert_cmpint(before.state, ==, CASE_PAPER_SIGNING);
    refused(&o, (Answer){ .signer = "mediator", .strokes = STROKES, .deed = CASE_SIGNER_SIGNED },
            DOCUMENT_ERROR_STATE);
    sign(&o, "applicant");
    assert_state(&o, "signing");
    refused(&o, (Answer){ .signer = "applicant", .strokes = STROKES, .deed = CASE_SIGNER_SIGNED },
            DOCUMENT_ERROR_STATE);
    sign(&o, "mediator");
    assert_state(&o, "signed");
    CasePaper after = newest(&o, "agreement");
    g_assert_cmpint(after.state, ==, CASE_PAPER_SEALED);
    g_autoptr(GBytes) shown = pdf_of(&o, &before);
    g_autoptr(GBytes) sealed = pdf_of(&o, &after);
    guint8 hash[CASE_PAPER_HASH];
    document_hash(sealed, hash);
    g_assert_cmpmem(hash, sizeof hash, after.final, sizeof hash);
    g_assert_false(g_bytes_equal(shown, sealed));
    case_paper_clear(&before);
    case_paper_clear(&after);
    office_close(&o);
}

static void only_what_was_shown_can_be_signed_and_only_with_a_signature(void)
{
    const Answer wrong[] = {
        { .signer = "applicant", .strokes = STROKES, .deed = CASE_SIGNER_SIGNED, .sha256 = "00" },
        { .signer = "applicant", .deed = CASE_SIGNER_SIGNED },
        { .signer = "applicant", .strokes = "[[1,1]]", .deed = CASE_SIGNER_SIGNED },
        { .signer = "applicant", .strokes = "{\"x\": 1}", .deed = CASE_SIGNER_SIGNED },
        { .signer = "applicant", .deed = CASE_SIGNER_OBJECTED },
        { .signer = "applicant", .reason = "", .deed = CASE_SIGNER_REFUSED },
        { .signer = "nobody", .strokes = STROKES, .deed = CASE_SIGNER_SIGNED },
    };
    const int codes[] = { DOCUMENT_ERROR_CHANGED, DOCUMENT_ERROR_ANSWER, DOCUMENT_ERROR_ANSWER,
                          DOCUMENT_ERROR_ANSWER,  DOCUMENT_ERROR_ANSWER, DOCUMENT_ERROR_ANSWER,
                          DOCUMENT_ERROR_STATE };
    Office o;
    office_open(&o);
    must(&o, "propose", TERMS);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
        refused(&o, wrong[i], codes[i]);
    office_close(&o);
}

static void an_objection_voids_what_was_signed_and_a_new_version_is_signed(void)
{
    Office o;
    office_open(&o);
    must(&o, "propose", TERMS);
    sign(&o, "applicant");
    GError *error = NULL;
    answer(&o, (Answer){ .signer = "mediator", .reason = CANARY, .deed = CASE_SIGNER_OBJECTED }, &error);
    g_assert_no_error(error);
    assert_state(&o, "corrected");
    CasePaper first = newest(&o, "agreement");
    g_assert_cmpint(first.state, ==, CASE_PAPER_VOID);
    g_assert_cmpint(g_array_index(first.signers, CaseSigner, 0).state, ==, CASE_SIGNER_VOID);
    g_assert_cmpint(g_array_index(first.signers, CaseSigner, 1).state, ==, CASE_SIGNER_OBJECTED);
    must(&o, "correct", TERMS);
    refused(&o,
            (Answer){ .signer = "applicant", .strokes = STROKES, .deed = CASE_SIGNER_SIGNED, .version = 1 },
            DOCUMENT_ERROR_CHANGED);
    sign(&o, "applicant");
    sign(&o, "mediator");
    assert_state(&o, "signed");
    CasePaper second = newest(&o, "agreement");
    g_assert_cmpint(second.version, ==, 2);
    g_assert_cmpint(second.state, ==, CASE_PAPER_SEALED);
    json_t *proof = verified(&o, first.code);
    g_assert_cmpstr(text_of(proof, "state"), ==, "void");
    g_assert_cmpstr(text_of(proof, "superseded_by"), ==, second.number);
    json_decref(proof);
    case_paper_clear(&first);
    case_paper_clear(&second);
    office_close(&o);
}

static void who_refuses_ends_it_where_the_procedure_says_so(void)
{
    Office o;
    office_open(&o);
    must(&o, "propose", TERMS);
    GError *error = NULL;
    answer(&o, (Answer){ .signer = "applicant", .reason = CANARY, .deed = CASE_SIGNER_REFUSED }, &error);
    g_assert_no_error(error);
    assert_state(&o, "failed");
    refused(&o, (Answer){ .signer = "applicant", .strokes = STROKES, .deed = CASE_SIGNER_SIGNED },
            DOCUMENT_ERROR_CHANGED);
    office_close(&o);
}

static gboolean tick_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    g_autoptr(Case) c = case_load(town->room, conn, data, error);
    return c && case_tick(town->room, conn, c, town->now, error);
}

static void no_signature_is_taken_when_the_case_waits_no_more(void)
{
    GError *error = NULL;
    Office o;
    office_open(&o);
    must(&o, "propose", TERMS);
    o.town.now += 31 * BASE_DAY;
    g_assert_true(town_write(&o.town, tick_job, &o.id, &error));
    g_assert_no_error(error);
    assert_state(&o, "failed");
    refused(&o, (Answer){ .signer = "applicant", .strokes = STROKES, .deed = CASE_SIGNER_SIGNED },
            DOCUMENT_ERROR_STATE);
    office_close(&o);
}

static void another_organisations_official_cannot_sign(void)
{
    g_autoptr(GError) error = NULL;
    Office o;
    office_open(&o);
    must(&o, "propose", TERMS);
    sign(&o, "applicant");
    g_assert_false(answer(
        &o, (Answer){ .signer = "mediator", .strokes = STROKES, .deed = CASE_SIGNER_SIGNED, .org = "D2" },
        &error));
    g_assert_error(error, CASE_ERROR, CASE_ERROR_RELATION);
    office_close(&o);
}

static void nothing_private_stands_in_open_bodies_or_lists(void)
{
    g_autoptr(GError) error = NULL;
    Office o;
    office_open(&o);
    must(&o, "propose", TERMS);
    sign(&o, "applicant");
    g_assert_cmpint(town_number(&o.town, "SELECT count(*) FROM event WHERE body LIKE '%" CANARY "%'"), ==, 0);
    g_assert_cmpint(town_number(&o.town, "SELECT count(*) FROM event WHERE private LIKE '%" CANARY "%'"), >,
                    0);
    g_assert_cmpint(town_number(&o.town, "SELECT count(*) FROM event WHERE body LIKE '%400,500%'"), ==, 0);
    {
        g_autoptr(StoreConn) conn = store_read_begin(o.town.store, &error);
        g_autoptr(GString) text = g_string_new(NULL);
        BaseJson out = base_json_to(text);
        GuardUser user = town_user("D1", NULL, (const char *const[]){ "handler", NULL });
        g_assert_true(document_view_case(o.desk, conn, &o.id, &user, TRUE, &out, &error));
        g_assert_null(strstr(text->str, CANARY));
        json_t *list = seen(text);
        g_assert_cmpuint(json_array_size(json_object_get(list, "documents")), ==, 2);
        json_decref(list);
    }
    office_close(&o);
}

static gboolean link_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    const Office *o = data;
    const CaseActor actor = { .actor = "handler",
                              .roles = (const char *const[]){ "handler", NULL },
                              .org = "D1" };
    if (!document_link(o->desk, conn, &o->id, "agreement", 1, "applicant", &actor, town->now, &out, error))
        return FALSE;
    json_t *said = seen(text);
    g_autofree char *url =
        g_strconcat("https://city.example", json_string_value(json_object_get(said, "path")), NULL);
    g_assert_cmpstr(json_string_value(json_object_get(said, "url")), ==, url);
    g_assert_nonnull(strstr(url, ".example/s/"));
    json_decref(said);
    return TRUE;
}

static void a_signers_link_names_the_address_the_public_reaches(void)
{
    g_autoptr(GError) error = NULL;
    Office o;
    office_open(&o);
    must(&o, "propose", TERMS);
    gboolean ok = town_write(&o.town, link_job, &o, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpint(town_number(&o.town, "SELECT count(*) FROM event WHERE kind = 'document.linked'"), ==, 1);
    office_close(&o);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/document/" #name, name)
    ADD(a_document_without_signers_is_drawn_and_sealed_when_it_is_wanted);
    ADD(a_code_is_read_as_people_type_it);
    ADD(signers_sign_in_their_order_and_the_last_one_seals);
    ADD(only_what_was_shown_can_be_signed_and_only_with_a_signature);
    ADD(an_objection_voids_what_was_signed_and_a_new_version_is_signed);
    ADD(who_refuses_ends_it_where_the_procedure_says_so);
    ADD(no_signature_is_taken_when_the_case_waits_no_more);
    ADD(another_organisations_official_cannot_sign);
    ADD(a_signers_link_names_the_address_the_public_reaches);
    ADD(nothing_private_stands_in_open_bodies_or_lists);
    return g_test_run();
}
