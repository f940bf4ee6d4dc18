/* Open cases on a newer version: what is carried over, what stays, what a survey says before; and pure
 * additions. */
#include "loop/case/migrate.h"
#include "loop/case/town_for_test.h"

#define FOLDER "src/loop/case/pack_for_test"

/* ---- another version of the same pack ---- */

typedef struct {
    const char *find, *put;
} Change;

static char *changed(const char *text, const Change *changes)
{
    char *out = g_strdup(text);
    for (; changes->find; changes++) {
        g_auto(GStrv) parts = g_strsplit(out, changes->find, -1);
        g_assert_nonnull(parts[1]);
        g_free(out);
        out = g_strjoinv(changes->put, parts);
    }
    return out;
}

static void publish(Town *town, const Change *changes)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = changed(pack_canonical(town_the_pack(town)), changes);
    Pack *pack = pack_from_canonical(text, &error);
    g_assert_no_error(error);
    g_assert_true(case_room_add_pack(town->room, pack, town->now, &error));
    g_assert_no_error(error);
}

static json_t *survey(Town *town, const char *map, gint64 now)
{
    g_autoptr(GError) error = NULL;
    json_t *tree = map ? json_loads(map, 0, NULL) : NULL;
    g_autoptr(CaseMigration) m = case_migration_new(town->room, pack_id(town_the_pack(town)), tree, &error);
    g_assert_no_error(error);
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson j = base_json_to(text);
    g_assert_true(case_migration_survey(town->room, conn, m, now, 10, &j, &error));
    g_assert_no_error(error);
    json_decref(tree);
    return json_loads(text->str, 0, NULL);
}

static int move_all(Town *town, const char *map, gboolean additive)
{
    g_autoptr(GError) error = NULL;
    int moved = -1;
    json_t *tree = map ? json_loads(map, 0, NULL) : NULL;
    g_autoptr(CaseMigration) m = case_migration_new(town->room, pack_id(town_the_pack(town)), tree, &error);
    g_assert_no_error(error);
    case_migration_because(m, "new rules");
    g_assert_true(case_migrate_all(town->room, m, &CASE_SYSTEM, town->now, additive, &moved, &error));
    g_assert_no_error(error);
    json_decref(tree);
    return moved;
}

static gint64 number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void fire(Town *town, const BaseId *id, const char *event, const char *role, json_t *fields)
{
    g_autoptr(GError) error = NULL;
    town_fire(town, id, event, role, "D1", NULL, fields, &error);
    g_assert_no_error(error);
    json_decref(fields);
}

/* In hand since two hours, six hours ago taken: at T0 + 8 h. */
static BaseId case_in_hand(Town *town)
{
    const BaseId id = town_signal(town, "light", "electric");
    town->now += 2 * BASE_HOUR;
    fire(town, &id, "signin", "handler", NULL);
    town->now += 6 * BASE_HOUR;
    return id;
}

static const Change renamed[] = {
    { "\"handling\"", "\"working\"" }, { "handling ->", "working ->" },
    { "-> handling", "-> working" },   { "\"budget\":\"24 hour\"", "\"budget\":\"12 hour\"" },
    { "\"phone\"", "\"telephone\"" },  { "\"id\":\"visit\",\"role\"", "\"id\":\"call\",\"role\"" },
    { "task(visit)", "task(call)" },   { "accept(visit)", "accept(call)" },
    { "lapse(visit)", "lapse(call)" }, { NULL, NULL },
};
#define MAP                                                                                                  \
    "{\"states\": {\"handling\": \"working\"}, \"fields\": {\"phone\": \"telephone\"}, "                     \
    "\"tasks\": {\"visit\": \"call\"}}"

static void what_has_no_counterpart_stays_and_says_why(void)
{
    Town town;
    town_open(&town, 1, FOLDER);
    town_stand_in(&town);
    case_in_hand(&town);
    publish(&town, renamed);
    json_t *found = survey(&town, NULL, town.now);
    const json_t *kept = json_array_get(json_object_get(found, "kept"), 0);
    g_assert_cmpint(number_of(found, "cases"), ==, 1);
    g_assert_cmpint(number_of(found, "carried"), ==, 0);
    g_assert_nonnull(
        strstr(json_string_value(json_object_get(kept, "why")), "state handling has no counterpart"));
    json_decref(found);
    g_assert_cmpint(move_all(&town, NULL, FALSE), ==, 0);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE kind = 'case.migrated'"), ==, 0);
    town_close(&town);
}

static void a_survey_names_every_deadline_that_would_move(void)
{
    Town town;
    town_open(&town, 2, FOLDER);
    town_stand_in(&town);
    const BaseId id = case_in_hand(&town);
    g_autoptr(Case) before = town_load(&town, &id);
    publish(&town, renamed);
    const gint64 events = town_number(&town, "SELECT count(*) FROM event");
    json_t *found = survey(&town, MAP, town.now);
    const json_t *moved = json_array_get(json_object_get(found, "deadlines"), 0);
    g_assert_cmpint(number_of(found, "carried"), ==, 1);
    g_assert_cmpint(number_of(found, "deadline_count"), ==, 1);
    g_assert_cmpstr(json_string_value(json_object_get(moved, "clock")), ==, "handle");
    g_assert_cmpint(number_of(moved, "was"), ==, T0 + 26 * BASE_HOUR);
    g_assert_cmpint(number_of(moved, "becomes"), ==, T0 + 14 * BASE_HOUR);
    json_decref(found);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event"), ==, events);
    town_close(&town);
}

static void a_case_moves_with_all_it_has(void)
{
    Town town;
    town_open(&town, 3, FOLDER);
    town_stand_in(&town);
    const BaseId id = case_in_hand(&town);
    fire(&town, &id, "send", "handler", NULL);
    g_autoptr(Case) before = town_load(&town, &id);
    publish(&town, renamed);
    g_assert_cmpint(move_all(&town, MAP, FALSE), ==, 1);
    g_autoptr(Case) after = town_load(&town, &id);
    const FlowChart *chart = pack_chart(after->pack);
    const int whole = flow_chart_clock_find(chart, "whole"), handle = flow_chart_clock_find(chart, "handle");
    g_assert_true(after->pack == town_the_pack(&town));
    g_assert_cmpstr(flow_chart_state_id(chart, flow_rest(chart, &after->flow)), ==, "sent");
    g_assert_cmpint(after->flow.clock[whole].started, ==, before->flow.clock[0].started);
    g_assert_cmpint(after->due[whole], ==, before->due[0]);
    g_assert_cmpint(after->due[handle], ==, T0 + 14 * BASE_HOUR);
    g_assert_cmpint(after->flow.task[flow_chart_task_find(chart, "call")].state, ==, FLOW_TASK_OFFERED);
    g_assert_cmpstr(after->number, ==, before->number);
    g_assert_cmpstr(after->org, ==, before->org);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_private WHERE facts LIKE '%telephone%'"),
                    ==, 1);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_private WHERE facts LIKE '%\"phone\"%'"),
                    ==, 0);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM task WHERE kind = 'visit'"), ==, 0);
    g_assert_cmpint(
        town_number(
            &town, "SELECT count(*) FROM event WHERE kind = 'case.migrated' AND body LIKE '%\"new rules\"%'"),
        ==, 1);
    town_assert_rebuilt_equal(&town);
    g_assert_cmpint(move_all(&town, MAP, FALSE), ==, 0); /* what has moved does not move again */
    town.now += BASE_HOUR;
    fire(&town, &id, "report", "duty_officer", json_pack("{s:s}", "finding", "x"));
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void rebuilding_walks_over_the_move(void)
{
    Town town;
    g_autoptr(GError) error = NULL;
    town_open(&town, 4, FOLDER);
    town_stand_in(&town);
    case_in_hand(&town);
    publish(&town, renamed);
    g_assert_cmpint(move_all(&town, MAP, FALSE), ==, 1);
    g_assert_true(case_rebuild(town.room, NULL, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_file WHERE state = 'working'"), ==, 1);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void only_pure_additions_are_taken_over_unasked(void)
{
    static const struct {
        const char *name;
        Change change[2];
        int moved;
    } table[] = {
        { "a notice's words", { { "\"en\":\"", "\"en\":\"Really: " } }, 1 },
        { "a code more",
          { { "{\"code\":\"light\"",
              "{\"code\":\"noise\",\"en\":\"Noise\",\"zh\":\"噪声\"},{\"code\":\"light\"" } },
          1 },
        { "a budget", { { "\"budget\":\"24 hour\"", "\"budget\":\"25 hour\"" } }, 0 },
        { "a transition", { { "[returns < 3]", "[returns < 4]" } }, 0 },
        { "a right to read", { { "\"partial\":[\"phone\"]", "\"partial\":[\"phone\",\"finding\"]" } }, 0 },
        { "a shorter text", { { "\"max\":100,\"type\":\"text\"", "\"max\":90,\"type\":\"text\"" } }, 0 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Town town;
        g_test_message("%s", table[i].name);
        town_open(&town, 5, FOLDER);
        town_stand_in(&town);
        case_in_hand(&town);
        publish(&town, table[i].change);
        g_assert_cmpint(move_all(&town, NULL, TRUE), ==, table[i].moved);
        town_assert_rebuilt_equal(&town);
        town_close(&town);
    }
}

static void a_map_that_names_what_is_not_there_is_refused(void)
{
    static const struct {
        const char *map, *what;
    } table[] = {
        { "{\"states\": {\"nowhere\": \"working\"}}", "no older version of" },
        { "{\"states\": {\"handling\": \"nowhere\"}}", "'handling' would become 'nowhere'" },
        { "{\"states\": {\"handling\": null}}", "cannot be dropped" },
        { "{\"clocks\": [1]}", "an object old: new" },
        { "{\"start\": [\"nothing\"]}", "no clock 'nothing'" },
        { "{\"roles\": {}}", "'roles' is not understood" },
        { "[1]", "the map is an object" },
    };
    Town town;
    town_open(&town, 6, FOLDER);
    publish(&town, renamed);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        json_t *map = json_loads(table[i].map, 0, NULL);
        g_assert_null(case_migration_new(town.room, pack_id(town_the_pack(&town)), map, &error));
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, table[i].what));
        json_decref(map);
    }
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/migrate/what_has_no_counterpart_stays_and_says_why",
                    what_has_no_counterpart_stays_and_says_why);
    g_test_add_func("/migrate/a_survey_names_every_deadline_that_would_move",
                    a_survey_names_every_deadline_that_would_move);
    g_test_add_func("/migrate/a_case_moves_with_all_it_has", a_case_moves_with_all_it_has);
    g_test_add_func("/migrate/rebuilding_walks_over_the_move", rebuilding_walks_over_the_move);
    g_test_add_func("/migrate/only_pure_additions_are_taken_over_unasked",
                    only_pure_additions_are_taken_over_unasked);
    g_test_add_func("/migrate/a_map_that_names_what_is_not_there_is_refused",
                    a_map_that_names_what_is_not_there_is_refused);
    return g_test_run();
}
