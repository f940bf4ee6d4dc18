/* laws_test.c - random histories of the town: the laws of packs.md hold after every one of them, whatever
 * people tried. A failure prints its seed; BIHUAN_SEED runs that one alone. */
#include "loop/case/town_for_test.h"

#define HISTORIES 6
#define STEPS 200

static const char *const packs[] = { "src/loop/case/pack_for_test", "packs/incident", "packs/workorder" };

static void live(Town *town, guint64 seed, guint steps, const char *pack)
{
    town_open(town, seed, pack);
    town_stand_in(town);
    town_live(town, steps);
}

static void for_each_history(void (*check)(Town *town))
{
    const char *only = g_getenv("BIHUAN_SEED");
    guint64 first = only ? g_ascii_strtoull(only, NULL, 10) : 1, last = only ? first : HISTORIES;
    for (gsize i = 0; i < G_N_ELEMENTS(packs); i++)
        for (guint64 seed = first; seed <= last; seed++) {
            g_test_message("%s, seed %" G_GUINT64_FORMAT, packs[i], seed);
            Town town;
            live(&town, seed, STEPS, packs[i]);
            check(&town);
            town_close(&town);
        }
}

/* A number out of the store; "$" stands for the pack's id, or a clock's. */
static gint64 number_of(Town *town, const char *text, const char *name)
{
    g_autoptr(GString) sql = g_string_new(text);
    g_string_replace(sql, "$", name, 0);
    return town_number(town, g_intern_string(sql->str));
}

static void for_each_resident_clock(Town *town, const char *text)
{
    const FlowChart *chart = pack_chart(town_the_pack(town));
    for (int i = 0; i < flow_chart_clocks(chart); i++)
        if (flow_chart_clock_def(chart, i)->resident)
            g_assert_cmpint(number_of(town, text, flow_chart_clock_def(chart, i)->id), ==, 0);
}

#define NONE(town, sql) g_assert_cmpint(town_number(town, "SELECT count(*) FROM " sql), ==, 0)

/* Laws 1 to 3 as SQL over the rows: what must not be there. */
static void no_law_is_broken(Town *town)
{
    NONE(town, "signal WHERE disposition NOT IN ('opened', 'joined', 'rejected')");
    NONE(town, "signal WHERE disposition IN ('opened', 'joined') AND case_id IS NULL");
    NONE(town, "case_file c WHERE (SELECT count(*) FROM signal s WHERE s.case_id = c.id AND disposition = "
               "'opened') <> 1");
    NONE(town, "case_file WHERE org = ''");
    NONE(town, "case_file c WHERE final = 0 AND NOT EXISTS (SELECT 1 FROM clock WHERE case_id = c.id AND "
               "state = 1)");
    NONE(town,
         "case_file c WHERE final = 1 AND EXISTS (SELECT 1 FROM clock WHERE case_id = c.id AND state = 1)");
    NONE(
        town,
        "case_file c JOIN task t ON t.case_id = c.id WHERE final = 1 AND t.state IN ('offered', 'accepted')");
    NONE(town, "(SELECT case_id, kind FROM task WHERE state IN ('offered', 'accepted') GROUP BY 1, 2 HAVING "
               "count(*) > 1)");
    NONE(town, "case_file WHERE (final = 1) <> (closed_at IS NOT NULL)");
    NONE(town, "unit u WHERE state IN ('sent', 'on_scene') AND NOT EXISTS"
               " (SELECT 1 FROM case_file c WHERE c.id = u.case_id AND c.final = 0 AND c.unit = u.id)");
    for_each_resident_clock(
        town, "SELECT count(*) FROM (SELECT case_id, body ->> 'percent' p, body ->> 'event' e FROM event"
              " WHERE kind = 'case.rung' AND body ->> 'clock' = '$'"
              " GROUP BY 1, 2, 3 HAVING count(*) > 1)");
    NONE(town, "task t WHERE state <> (SELECT x.value ->> 2 FROM event e, json_each(e.body, '$.tasks') x"
               " WHERE e.case_id = t.case_id AND x.value ->> 0 = t.kind AND x.value ->> 1 = t.generation"
               " ORDER BY e.seq DESC, x.key DESC LIMIT 1)");
    const char *id = pack_id(town_the_pack(town));
    g_assert_cmpint(number_of(town, "SELECT value FROM counter WHERE name = 'open $'", id), ==,
                    town_number(town, "SELECT count(*) FROM case_file WHERE final = 0"));
    g_assert_cmpint(number_of(town, "SELECT coalesce(sum(value), 0) FROM counter WHERE name = 'late $'", id),
                    ==, town_number(town, "SELECT count(*) FROM case_file WHERE final = 0 AND late = 1"));
}

static void every_case_is_sound(Town *town)
{
    for (guint i = 0; i < town->cases->len; i++) {
        g_autoptr(Case) c = town_load(town, &g_array_index(town->cases, BaseId, i));
        const char *why = NULL;
        if (!flow_sound(pack_chart(c->pack), &c->flow, &why)) g_error("case %s: %s", c->number, why);
    }
}

static void laws(Town *town)
{
    g_test_message("%u cases, %u refusals, %d final", town->cases->len, town->refusals->len,
                   (int)town_number(town, "SELECT count(*) FROM case_file WHERE final = 1"));
    no_law_is_broken(town);
    every_case_is_sound(town);
}

static void random_histories_break_no_law(void)
{
    for_each_history(laws);
}

/* Law 4. The ledger alone tells: the resident's clock started once. */
static void started_once(Town *town)
{
    for_each_resident_clock(town,
                            "SELECT count(*) FROM (SELECT case_id, body -> 'clocks' -> '$' k FROM event"
                            " WHERE k IS NOT NULL GROUP BY case_id HAVING count(DISTINCT k ->> 4) > 1)");
}

static void the_residents_clock_never_starts_again(void)
{
    for_each_history(started_once);
}

static void rows_made_again_are_the_same(void)
{
    for_each_history(town_assert_rebuilt_equal);
}

static void rebuilt_in_place(Town *town)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(case_rebuild(town->room, NULL, NULL, &error));
    g_assert_no_error(error);
    town_assert_rebuilt_equal(town);
    laws(town);
    town_live(town, 20); /* and life goes on */
    town_assert_rebuilt_equal(town);
}

static void rebuilding_in_place_gives_a_town_that_goes_on(void)
{
    for_each_history(rebuilt_in_place);
}

static void the_same_seed_gives_the_same_ledger(void)
{
    guint8 root[2][LEDGER_HASH];
    gint64 size[2];
    for (int i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        Town town;
        live(&town, 42, STEPS, packs[0]);
        g_autoptr(StoreConn) conn = store_read_begin(town.store, &error);
        size[i] = ledger_size(conn);
        g_assert_true(ledger_root(conn, size[i], root[i], &error));
        g_clear_pointer(&conn, store_read_end);
        town_close(&town);
    }
    g_assert_cmpint(size[0], ==, size[1]);
    g_assert_cmpmem(root[0], LEDGER_HASH, root[1], LEDGER_HASH);
}

/* ---- what leaves the room ---- */

static void view_everything(Town *town, BaseJson *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    const char *const roles[] = { "handler", "callcentre", "unit", NULL };
    GuardUser user = town_user("D1", "U1", roles);
    CaseQuery query = { .limit = 200 };
    base_json_array(out);
    case_view_list(town->room, conn, &query, town->now, out, &error);
    query.open_only = TRUE;
    case_view_list(town->room, conn, &query, town->now, out, &error);
    case_view_units(conn, out, &error);
    case_view_tasks(town->room, conn, &user, town->now, out, &error);
    for (guint i = 0; i < town->cases->len; i++) {
        const BaseId *id = &g_array_index(town->cases, BaseId, i);
        case_view_brief(town->room, conn, id, town->now, out, &error);
        case_view_timeline(town->room, conn, id, out, &error);
    }
    base_json_end_array(out);
    g_assert_no_error(error);
}

static void no_canary(Town *town)
{
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    g_assert_cmpint(town_number(town, "SELECT count(*) FROM case_private WHERE facts LIKE '%" CANARY "%'"), >,
                    0);
    view_everything(town, &out);
    json_t *parsed = base_json_parse(text->str, text->len, BASE_JSON_LARGE, NULL);
    g_assert_nonnull(parsed); /* and it is one JSON text */
    json_decref(parsed);
    g_assert_null(strstr(text->str, CANARY));
    NONE(town, "event WHERE body LIKE '%" CANARY "%'");
    NONE(town, "case_file WHERE facts LIKE '%" CANARY "%' OR title LIKE '%" CANARY
               "%' OR place LIKE '%" CANARY "%'");
    for (guint i = 0; i < town->refusals->len; i++)
        g_assert_null(strstr(town->refusals->pdata[i], CANARY));
}

static void private_values_are_in_no_list_timeline_or_refusal(void)
{
    for_each_history(no_canary);
}

static void private_values_leave_under_a_grant(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    live(&town, 3, 1, packs[0]);
    BaseId id = town_signal(&town, "light", "electric");
    const char *const roles[] = { "callcentre", NULL };
    GuardUser user = town_user("D1", NULL, roles);
    g_autoptr(GPtrArray) hold = g_ptr_array_new_with_free_func(g_free);
    GuardCase about = { 0 };
    g_autoptr(StoreConn) conn = store_read_begin(town.store, &error);
    g_assert_true(case_view_about(conn, &id, &about, hold, &error));
    g_clear_pointer(&conn, store_read_end);
    gsize n;
    const GuardRule *rules = case_view_rules(town.room, town_the_pack(&town), &n);
    g_assert_null(guard_grant_open(town.guard, &user, &about, rules, n, "visit", town.now, &error));
    g_assert_error(error, GUARD_ERROR, GUARD_ERROR_PURPOSE);
    g_clear_error(&error);
    g_autoptr(Grant) grant =
        guard_grant_open(town.guard, &user, &about, rules, n, "handle", town.now, &error);
    g_assert_no_error(error);
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    conn = store_read_begin(town.store, &error);
    g_assert_true(case_view_whole(town.room, conn, &id, &user, grant, town.now, &out, &error));
    g_assert_no_error(error);
    json_t *whole = base_json_parse(text->str, text->len, BASE_JSON_REQUEST, &error);
    g_assert_no_error(error);
    json_t *hidden = json_object_get(whole, "private");
    g_assert_cmpstr(json_string_value(json_object_get(hidden, "caller")), ==, CANARY);
    g_assert_cmpstr(json_string_value(json_object_get(hidden, "phone")), !=, CANARY "-phone");
    g_assert_cmpstr(json_string_value(json_object_get(whole, "purpose")), ==, "handle");
    g_assert_cmpint(json_integer_value(json_object_get(whole, "audit_seq")), ==, guard_grant_seq(grant));
    g_assert_cmpint((gint64)json_array_size(json_object_get(whole, "clocks")), ==, 2);
    g_assert_cmpint((gint64)json_array_size(json_object_get(whole, "tasks")), ==, 1);
    json_decref(whole);
    g_clear_pointer(&conn, store_read_end);
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/laws/random_histories_break_no_law", random_histories_break_no_law);
    g_test_add_func("/laws/the_residents_clock_never_starts_again", the_residents_clock_never_starts_again);
    g_test_add_func("/laws/rows_made_again_are_the_same", rows_made_again_are_the_same);
    g_test_add_func("/laws/rebuilding_in_place_gives_a_town_that_goes_on",
                    rebuilding_in_place_gives_a_town_that_goes_on);
    g_test_add_func("/laws/the_same_seed_gives_the_same_ledger", the_same_seed_gives_the_same_ledger);
    g_test_add_func("/laws/private_values_are_in_no_list_timeline_or_refusal",
                    private_values_are_in_no_list_timeline_or_refusal);
    g_test_add_func("/laws/private_values_leave_under_a_grant", private_values_leave_under_a_grant);
    return g_test_run();
}
