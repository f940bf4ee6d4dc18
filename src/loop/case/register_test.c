/* register_test.c - entries are valid from until; the one that fits best is chosen; a case adds and ends its
 * own. */
#include "loop/case/register.h"
#include "loop/case/town_for_test.h"

#define PACK "src/loop/case/register_for_test"

static gboolean put_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const CaseActor keeper = { .actor = "clerk", .roles = (const char *const[]){ "dispatcher", NULL } };
    json_t *facts = json_loads(data, 0, NULL);
    gboolean ok = case_register_put(town->room, conn, town_the_pack(town), "mediators", facts, town->now, 0,
                                    &keeper, town->now, error);
    json_decref(facts);
    return ok;
}

static void put(Town *town, const char *facts)
{
    g_autoptr(GError) error = NULL;
    town_write(town, put_job, (gpointer)facts, &error);
    g_assert_no_error(error);
}

static guint count_at(Town *town, gint64 at)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) entries = case_entries_new();
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    g_assert_true(case_register_read(conn, "dispute", "mediators", at, entries, &error));
    return entries->len;
}

static void open_town(Town *town)
{
    town_open(town, 5, PACK);
    put(town, "{\"code\": \"M1\", \"org\": \"D1\", \"kind\": \"rent\", \"rank\": 2}");
    put(town, "{\"code\": \"M2\", \"org\": \"D2\", \"kind\": \"rent\", \"rank\": 1}");
    put(town, "{\"code\": \"M3\", \"org\": \"D3\", \"kind\": \"noise\", \"rank\": 1}");
}

static json_t *chosen(Town *town, const BaseId *id, const char *decision)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    g_autoptr(Case) c = case_load(town->room, conn, id, &error);
    json_t *set = NULL;
    g_assert_true(
        case_decide(town->room, conn, c, pack_decision(c->pack, decision), town->now, &set, &error));
    g_assert_no_error(error);
    return set;
}

static void assert_org(json_t *set, const char *org)
{
    g_assert_cmpstr(json_string_value(json_object_get(set, "org")), ==, org);
    json_decref(set);
}

static BaseId dispute(Town *town, const char *kind)
{
    g_autoptr(GError) error = NULL;
    TownSignal s = { .source = "form", .kind = kind, .skill = "none", .at = { 30, 120 } };
    g_assert_true(town_write(town, town_open_job, &s, &error));
    g_assert_no_error(error);
    town->signals++;
    return s.id;
}

static void an_entry_is_valid_until_another_takes_its_place(void)
{
    Town town;
    open_town(&town);
    gint64 then = town.now;
    town.now += BASE_DAY;
    put(&town, "{\"code\": \"M1\", \"org\": \"D3\", \"kind\": \"noise\", \"rank\": 2}");
    g_assert_cmpuint(count_at(&town, then), ==, 3);
    g_assert_cmpuint(count_at(&town, town.now), ==, 3);
    g_assert_cmpuint(count_at(&town, then - 1), ==, 0);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM register_entry"), ==, 4);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void of_those_that_fit_the_first_in_the_order_is_chosen(void)
{
    Town town;
    open_town(&town);
    BaseId rent = dispute(&town, "rent"), noise = dispute(&town, "noise");
    assert_org(chosen(&town, &rent, "by_rank"), "D2");
    assert_org(chosen(&town, &noise, "by_rank"), "D3");
    town_close(&town);
}

/* Cases are with D1 when they come in: whoever has less to do is chosen. */
static void the_least_loaded_is_chosen(void)
{
    Town town;
    open_town(&town);
    BaseId rent = dispute(&town, "rent");
    assert_org(chosen(&town, &rent, "by_load"), "D2");
    town_close(&town);
}

static void refused(Town *town, const char *facts, int domain_is_pack)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(town_write(town, put_job, (gpointer)facts, &error));
    g_assert_true(error->domain == (domain_is_pack ? PACK_ERROR : CASE_ERROR));
}

static void senseless_entries_are_refused(void)
{
    Town town;
    open_town(&town);
    refused(&town, "{\"org\": \"D1\"}", TRUE);
    refused(&town, "{\"code\": \"M9\", \"kind\": \"nothing\"}", TRUE);
    refused(&town, "{\"code\": \"M9\", \"colour\": \"red\"}", TRUE);
    refused(&town, "{\"code\": \"\"}", TRUE);
    town_close(&town);
}

static gboolean stranger_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const CaseActor stranger = { .actor = "x", .roles = (const char *const[]){ "handler", NULL } };
    return case_register_end(town->room, conn, town_the_pack(town), "mediators", "M1", town->now + 1,
                             &stranger, town->now, error);
}

static void only_its_keeper_changes_a_register(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_town(&town);
    g_assert_false(town_write(&town, stranger_job, NULL, &error));
    g_assert_error(error, CASE_ERROR, CASE_ERROR_RELATION);
    town_close(&town);
}

static void a_decision_sees_what_the_one_before_it_set(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_town(&town);
    town_stand_in(&town);
    BaseId id = dispute(&town, "rent");
    g_assert_true(town_fire(&town, &id, "pass", "handler", "D1", NULL, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_file WHERE org = 'D3'"), ==, 1);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void a_case_adds_an_entry_and_ends_it(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_town(&town);
    BaseId id = dispute(&town, "rent");
    g_assert_true(town_fire(&town, &id, "list", "handler", "D1", NULL, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(town_number(&town,
                                "SELECT count(*) FROM register_entry WHERE register = 'premises' AND until "
                                "IS NULL"),
                    ==, 1);
    town.now += BASE_HOUR;
    g_assert_true(town_fire(&town, &id, "clear", "handler", "D1", NULL, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(town_number(&town,
                                "SELECT count(*) FROM register_entry WHERE register = 'premises' AND until "
                                "IS NULL"),
                    ==, 0);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/register/" #name, name)
    ADD(an_entry_is_valid_until_another_takes_its_place);
    ADD(of_those_that_fit_the_first_in_the_order_is_chosen);
    ADD(the_least_loaded_is_chosen);
    ADD(senseless_entries_are_refused);
    ADD(only_its_keeper_changes_a_register);
    ADD(a_decision_sees_what_the_one_before_it_set);
    ADD(a_case_adds_an_entry_and_ends_it);
    return g_test_run();
}
