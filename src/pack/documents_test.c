/* Documents in a pack: what the compiled pack says of them. What is refused stands in pack_broken_test.c. */
#include "pack/pack.h"
#include <string.h>

static char *agreement(void)
{
    return g_test_build_filename(G_TEST_DIST, "src", "pack", "documents_for_test", "agreement", NULL);
}

static Pack *load(void)
{
    g_autofree char *folder = agreement();
    g_autoptr(GError) error = NULL;
    Pack *pack = pack_load(folder, &error);
    g_assert_no_error(error);
    return pack;
}

static void a_pack_with_signatures_is_sound(void)
{
    g_autofree char *folder = agreement();
    g_autoptr(GPtrArray) refusals = pack_check(folder);
    for (guint i = 0; i < refusals->len; i++)
        g_test_message("%s", (char *)refusals->pdata[i]);
    g_assert_cmpuint(refusals->len, ==, 0);
}

static void hold_agreement(const PackDocument *d)
{
    static const char *const fields[] = { "applicant_name", "kind", "amount", "terms", NULL };
    g_assert_cmpstr(d->title_zh, ==, "人民调解协议书");
    g_assert_cmpstr(d->issuer_en, ==, "Mediation committee");
    g_assert_true(d->in_order && !d->report);
    g_assert_cmpint(d->retention, ==, 30);
    g_assert_cmpstr(d->purpose, ==, "mediate");
    g_assert_true(g_strv_equal(d->fields, fields));
    g_assert_cmpuint(d->n_signers, ==, 2);
    g_assert_cmpstr(d->signers[0].who, ==, "resident");
    g_assert_cmpstr(d->signers[0].name, ==, "applicant_name");
    g_assert_cmpstr(d->signers[1].id, ==, "mediator");
    g_assert_null(d->signers[1].name);
}

static void a_document_says_who_signs_and_what_it_names(void)
{
    g_autoptr(Pack) pack = load();
    g_assert_cmpuint(pack_documents(pack), ==, 2);
    g_assert_null(pack_document(pack, "agreements"));
    hold_agreement(pack_document(pack, "agreement"));
    const PackDocument *receipt = pack_document_at(pack, 1);
    g_assert_cmpstr(receipt->id, ==, "receipt");
    g_assert_true(receipt->report && !receipt->in_order);
    g_assert_true(!receipt->purpose && !receipt->issuer_zh && receipt->n_signers == 0);
    g_assert_cmpstr(receipt->fields[0], ==, "kind");
    g_assert_null(receipt->fields[1]);
}

static void a_stored_version_makes_the_same_documents(void)
{
    g_autoptr(Pack) pack = load();
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) again = pack_from_canonical(pack_canonical(pack), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(pack_version(again), ==, pack_version(pack));
    g_assert_cmpstr(pack_console_json(again), ==, pack_console_json(pack));
    g_assert_cmpuint(pack_documents(again), ==, 2);
    hold_agreement(pack_document(again, "agreement"));
}

static void what_becomes_of_signatures_has_a_title(void)
{
    g_autoptr(Pack) pack = load();
    g_assert_cmpstr(pack_event_title(pack, "signed.agreement", "zh"), ==, "《人民调解协议书》已签署");
    g_assert_cmpstr(pack_event_title(pack, "objected.agreement", "en"), ==,
                    "Mediation agreement: a signer objected");
    g_assert_cmpstr(pack_event_title(pack, "signed.receipt", "zh"), ==, "signed.receipt");
}

static void the_console_knows_documents_and_signers_by_their_titles(void)
{
    g_autoptr(Pack) pack = load();
    json_t *console = json_loads(pack_console_json(pack), JSON_REJECT_DUPLICATES, NULL);
    const json_t *documents = json_object_get(console, "documents");
    g_assert_cmpuint(json_array_size(documents), ==, pack_documents(pack));
    for (gsize i = 0; i < json_array_size(documents); i++) {
        const json_t *one = json_array_get(documents, i);
        const PackDocument *document = pack_document_at(pack, i);
        g_assert_cmpstr(json_string_value(json_object_get(one, "id")), ==, document->id);
        g_assert_cmpstr(json_string_value(json_object_get(one, "title_en")), ==, document->title_en);
        g_assert_cmpuint(json_array_size(json_object_get(one, "signers")), ==, document->n_signers);
    }
    json_decref(console);
}

/* The pack of the stored version with a piece of its text replaced. */
static Pack *changed(const Pack *pack, const char *find, const char *put)
{
    g_auto(GStrv) parts = g_strsplit(pack_canonical(pack), find, 2);
    g_autofree char *text = g_strjoinv(put, parts);
    g_autoptr(GError) error = NULL;
    g_assert_nonnull(parts[1]);
    Pack *after = pack_from_canonical(text, &error);
    g_assert_no_error(error);
    return after;
}

static void running_cases_keep_the_paper_their_parties_were_told_of(void)
{
    static const struct {
        const char *name, *find, *put, *why;
    } table[] = {
        /* clang-format off */
        { "a title",      "\"zh\":\"人民调解协议书\"", "\"zh\":\"调解协议书\"", NULL },
        { "the issuer",   "某区人民调解委员会", "某街道人民调解委员会", NULL },
        { "a signer's title", "\"en\":\"Mediator\"", "\"en\":\"The mediator\"", NULL },
        { "the text",     "自当事人签名", "自双方当事人签名", "documents/agreement.yaml is another" },
        { "the order",    "\"order\":\"listed\"", "\"order\":\"any\"", "documents/agreement.yaml is another" },
        { "a name",       ",\"who\":\"handler\"", ",\"name\":\"applicant_name\",\"who\":\"handler\"", "documents/agreement.yaml is another" },
        { "how long",     "\"retention\":\"10 year\"", "\"retention\":\"permanent\"", "documents/receipt.yaml is another" },
        /* clang-format on */
    };
    g_autoptr(Pack) before = load();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Pack) after = changed(before, table[i].find, table[i].put);
        g_autofree char *why = NULL;
        g_test_message("%s", table[i].name);
        g_assert_true(pack_additive(before, after, &why) == !table[i].why);
        g_assert_cmpstr(why, ==, table[i].why);
    }
}

static void the_drawing_says_what_is_made_and_who_signs(void)
{
    g_autoptr(Pack) pack = load();
    g_autofree char *zh = pack_diagram_svg(pack, "zh"), *en = pack_diagram_svg(pack, "en");
    g_assert_nonnull(strstr(zh, "出具《人民调解协议书》"));
    g_assert_nonnull(strstr(zh, "请申请人、人民调解员签名"));
    g_assert_nonnull(strstr(zh, "《人民调解协议书》已签署"));
    g_assert_nonnull(strstr(en, "agreement is made<"));
    g_assert_nonnull(strstr(en, "Applicant, Mediator<"));
}

static void the_console_has_a_title_for_what_becomes_of_signatures(void)
{
    g_autoptr(Pack) pack = load();
    g_assert_nonnull(strstr(pack_console_json(pack),
                            "{\"id\":\"refused.agreement\",\"title_zh\":\"《人民调解协议书》被拒签\""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/documents/a_pack_with_signatures_is_sound", a_pack_with_signatures_is_sound);
    g_test_add_func("/pack/documents/a_document_says_who_signs_and_what_it_names",
                    a_document_says_who_signs_and_what_it_names);
    g_test_add_func("/pack/documents/a_stored_version_makes_the_same_documents",
                    a_stored_version_makes_the_same_documents);
    g_test_add_func("/pack/documents/what_becomes_of_signatures_has_a_title",
                    what_becomes_of_signatures_has_a_title);
    g_test_add_func("/pack/documents/the_console_knows_documents_and_signers_by_their_titles",
                    the_console_knows_documents_and_signers_by_their_titles);
    g_test_add_func("/pack/documents/running_cases_keep_the_paper_their_parties_were_told_of",
                    running_cases_keep_the_paper_their_parties_were_told_of);
    g_test_add_func("/pack/documents/the_drawing_says_what_is_made_and_who_signs",
                    the_drawing_says_what_is_made_and_who_signs);
    g_test_add_func("/pack/documents/the_console_has_a_title_for_what_becomes_of_signatures",
                    the_console_has_a_title_for_what_becomes_of_signatures);
    return g_test_run();
}
