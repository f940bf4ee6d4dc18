/* portal_test.c - a link shows its party what is theirs and lets them do what the procedure lets them, and
 * nothing else. */
#include "desk/portal/portal.h"
#include "loop/case/town_for_test.h"

#define PACK "src/pack/documents_for_test/agreement"

static void city_open(Town *town, BaseId *id)
{
    town_open(town, 3, PACK);
    *id = town_signal(town, NULL, NULL);
}

static json_t *page(Town *town, const char *link, GError **error)
{
    const PackParty *party;
    g_autoptr(StoreConn) conn = store_read_begin(town->store, error);
    g_autoptr(Case) c = portal_follow(town->room, conn, link, &party, error);
    if (!c) return NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    base_json_object(&out);
    g_assert_true(portal_page(town->room, conn, c, party, town->now, &out, error));
    base_json_end_object(&out);
    g_assert_null(strstr(text->str, CANARY));
    return base_json_parse(text->str, text->len, BASE_JSON_REQUEST, error);
}

static void link_of(Town *town, const BaseId *id, const char *party, char link[GUARD_PARTY_LINK])
{
    guard_party_link(town->guard, id, party, link);
}

static gboolean offers(const json_t *page, const char *event)
{
    const json_t *list = json_object_get(page, "offers");
    for (gsize i = 0; i < json_array_size(list); i++)
        if (!strcmp(json_string_value(json_object_get(json_array_get(list, i), "event")), event)) return TRUE;
    return FALSE;
}

typedef struct {
    const char *link, *event, *fields;
    gint64 happened_at;
} Act;

static gboolean act_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const Act *a = data;
    const PackParty *party;
    json_t *fields = a->fields ? json_loads(a->fields, 0, NULL) : NULL;
    g_autoptr(Case) c = portal_follow(town->room, conn, a->link, &party, error);
    gboolean ok =
        c && portal_act(town->room, conn, c, party, a->event, fields, a->happened_at, town->now, error);
    json_decref(fields);
    return ok;
}

static void each_party_sees_what_it_can_do(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    BaseId id;
    char mine[GUARD_PARTY_LINK], theirs[GUARD_PARTY_LINK];
    city_open(&town, &id);
    link_of(&town, &id, "resident", mine);
    link_of(&town, &id, "respondent", theirs);
    json_t *a = page(&town, mine, &error), *b = page(&town, theirs, &error);
    g_assert_no_error(error);
    g_assert_true(offers(a, "withdraw") && offers(a, "supplement"));
    g_assert_true(!offers(b, "withdraw") && offers(b, "supplement"));
    g_assert_cmpstr(json_string_value(json_object_get(b, "party_zh")), ==, "被申请人");
    g_assert_cmpuint(json_array_size(json_object_get(a, "steps")), ==, 1);
    json_decref(a);
    json_decref(b);
    town_close(&town);
}

static void a_party_does_what_the_procedure_lets_it(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    BaseId id;
    char mine[GUARD_PARTY_LINK], theirs[GUARD_PARTY_LINK];
    city_open(&town, &id);
    link_of(&town, &id, "resident", mine);
    link_of(&town, &id, "respondent", theirs);
    Act add = { theirs, "supplement", "{\"supplement\": \"" CANARY "\"}", town.now - BASE_MINUTE },
        end = { theirs, "withdraw", NULL, 0 }, rate = { mine, "rate", "{\"rating\": 5}", 0 };
    g_assert_true(town_write(&town, act_job, &add, &error));
    g_assert_no_error(error);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE actor = 'respondent'"), ==, 1);
    g_assert_cmpint(town_number(&town, "SELECT json_extract(body, '$.happened_at') FROM event "
                                       "WHERE actor = 'respondent'"),
                    ==, add.happened_at);
    g_assert_false(town_write(&town, act_job, &end, &error));
    g_assert_error(error, FLOW_ERROR, FLOW_ERROR_ROLE);
    g_clear_error(&error);
    g_assert_false(town_write(&town, act_job, &rate, &error));
    g_assert_error(error, CASE_ERROR, CASE_ERROR_FIELDS);
    g_clear_error(&error);
    end.link = mine;
    g_assert_true(town_write(&town, act_job, &end, &error));
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_file WHERE state = 'failed'"), ==, 1);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void a_party_sees_who_looked_for_what_and_why(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    BaseId id;
    char mine[GUARD_PARTY_LINK];
    city_open(&town, &id);
    link_of(&town, &id, "resident", mine);
    GuardUser user = town_user("D1", NULL, (const char *const[]){ "handler", NULL });
    GuardCase about = { 0 };
    g_autoptr(GPtrArray) hold = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreConn) conn = store_read_begin(town.store, &error);
    g_assert_true(case_view_about(conn, &id, &about, hold, &error));
    g_clear_pointer(&conn, store_read_end);
    gsize n;
    const GuardRule *rules = case_view_rules(town.room, town_the_pack(&town), &n);
    g_autoptr(Grant) grant =
        guard_grant_open(town.guard, &user, &about, rules, n, "mediate", town.now, &error);
    g_assert_no_error(error);
    json_t *seen = page(&town, mine, &error), *look = json_array_get(json_object_get(seen, "looks"), 0);
    g_assert_cmpstr(json_string_value(json_object_get(look, "role")), ==, "handler");
    g_assert_cmpstr(json_string_value(json_object_get(look, "purpose_zh")), ==, "调解");
    g_assert_cmpstr(json_string_value(json_object_get(look, "basis")), ==, "人民调解法第二十二条");
    g_assert_null(json_object_get(look, "actor"));
    json_decref(seen);
    town_close(&town);
}

static void made_up_links_all_lead_to_the_same_nowhere(void)
{
    Town town;
    BaseId id, other = { { 9 } };
    char mine[GUARD_PARTY_LINK], wrong[GUARD_PARTY_LINK], nobody[GUARD_PARTY_LINK], none[GUARD_PARTY_LINK];
    city_open(&town, &id);
    link_of(&town, &id, "resident", mine);
    link_of(&town, &id, "handler", nobody);
    link_of(&town, &other, "resident", none);
    g_strlcpy(wrong, mine, sizeof wrong);
    wrong[40] = wrong[40] == 'A' ? 'B' : 'A';
    const char *const links[] = { wrong, nobody, none, "", "zz", "../../etc/passwd" };
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(page(&town, links[i], &error));
        g_assert_error(error, PORTAL_ERROR, PORTAL_ERROR_LINK);
        g_assert_cmpstr(error->message, ==, "this link leads nowhere");
    }
    town_close(&town);
}

static void only_public_mappings_are_for_the_public(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    BaseId id;
    city_open(&town, &id);
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    portal_services(town.room, &out);
    json_t *list = json_loads(text->str, 0, NULL);
    g_assert_cmpuint(json_array_size(json_object_get(list, "services")), ==, 1);
    json_decref(list);
    g_assert_nonnull(portal_mapping(town.room, "agreement", "json", &error));
    g_assert_null(portal_mapping(town.room, "agreement", "nothing", &error));
    g_assert_error(error, PORTAL_ERROR, PORTAL_ERROR_PUBLIC);
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/portal/" #name, name)
    ADD(each_party_sees_what_it_can_do);
    ADD(a_party_does_what_the_procedure_lets_it);
    ADD(a_party_sees_who_looked_for_what_and_why);
    ADD(made_up_links_all_lead_to_the_same_nowhere);
    ADD(only_public_mappings_are_for_the_public);
    return g_test_run();
}
