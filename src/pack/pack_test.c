/* The packs that ship: sound, their scenarios pass, and a pack is the same whether it comes from its folder
 * or from the canonical text kept in a store. */
#include "pack/mini_pack.h"
#include "pack/pack.h"
#include <string.h>

static const char *const ids[] = { "incident", "workorder" };

static char *folder_of(const char *id)
{
    return g_test_build_filename(G_TEST_DIST, "packs", id, NULL);
}

static Pack *shipped(const char *id)
{
    g_autofree char *folder = folder_of(id);
    g_autoptr(GError) error = NULL;
    Pack *pack = pack_load(folder, &error);
    g_assert_no_error(error);
    return pack;
}

static void both_packs_are_sound(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *folder = folder_of(ids[i]);
        g_autoptr(GPtrArray) refusals = pack_check(folder);
        for (guint k = 0; k < refusals->len; k++) {
            g_test_message("%s", (char *)refusals->pdata[k]);
        }
        g_assert_cmpuint(refusals->len, ==, 0);
    }
}

static void scenarios_pass(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *folder = folder_of(ids[i]);
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) error = NULL;
        const gboolean ok = pack_run_scenarios(folder, lines, &error);
        for (guint k = 0; k < lines->len; k++) {
            g_test_message("%s", (char *)lines->pdata[k]);
        }
        g_assert_no_error(error);
        g_assert_true(ok);
        g_assert_cmpuint(lines->len, >=, 6);
    }
}

/* A pack from its canonical text is the pack: same text, same version, same console, same verdicts. */
static void canonical_text_gives_the_same_pack(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(Pack) one = shipped(ids[i]);
        g_autoptr(GError) error = NULL;
        g_autoptr(Pack) two = pack_from_canonical(pack_canonical(one), &error);
        g_assert_no_error(error);
        g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, pack_canonical(one), -1);
        g_assert_cmpstr(pack_version(one), ==, hash);
        g_assert_cmpstr(pack_version(two), ==, hash);
        g_assert_cmpstr(pack_canonical(two), ==, pack_canonical(one));
        g_assert_cmpstr(pack_console_json(two), ==, pack_console_json(one));
        g_assert_cmpuint(flow_chart_transitions(pack_chart(two)), ==,
                         flow_chart_transitions(pack_chart(one)));
        g_assert_cmpuint(pack_access(two), ==, pack_access(one));
        g_assert_cmpint(pack_rating_window(two), ==, pack_rating_window(one));
    }
}

static void canonical_text_that_is_damaged_is_refused(void)
{
    static const char *const texts[] = {
        "", "[]", "{", "{}", "{\"pack.yaml\":{}}", "{\"pack.yaml\":[]}", "{\"x.yaml\":{}}"
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", texts[i]);
        g_assert_null(pack_from_canonical(texts[i], &error));
        g_assert_nonnull(error);
    }
}

/* Where keys stand in the files, and comments, make no other version; a changed value does. */
static void version_depends_on_meaning_only(void)
{
    char *plain = mini_write(NULL, NULL, NULL);
    char *order = mini_write("pack.yaml", "id: mini\ntitle: {zh: 小, en: Mini}",
                             "# 小包\ntitle: {en: Mini, zh: 小}\nid: mini");
    char *other = mini_write("pack.yaml", "Mini", "mini");
    g_autoptr(Pack) a = pack_load(plain, NULL);
    g_autoptr(Pack) b = pack_load(order, NULL);
    g_autoptr(Pack) c = pack_load(other, NULL);
    g_assert_cmpstr(pack_version(a), ==, pack_version(b));
    g_assert_cmpstr(pack_version(a), !=, pack_version(c));
    mini_remove(plain);
    mini_remove(order);
    mini_remove(other);
}

static void questions_are_answered(void)
{
    g_autoptr(Pack) pack = shipped("incident");
    g_assert_cmpstr(pack_id(pack), ==, "incident");
    g_assert_cmpstr(pack_number_prefix(pack), ==, "JQ");
    g_assert_cmpstr(pack_title(pack, "zh"), ==, "110 接处警");
    g_assert_cmpstr(pack_state_title(pack, "enroute", "zh"), ==, "出警中");
    g_assert_cmpstr(pack_state_title(pack, "nowhere", "zh"), ==, "nowhere");
    g_assert_cmpstr(pack_event_title(pack, "accept", "en"), ==, "Accept");
    g_assert_cmpstr(pack_event_title(pack, "vanish", "en"), ==, "vanish");
    g_assert_cmpstr(pack_clock_title(pack, "arrive", "zh"), ==, "到达现场");
    g_assert_cmpstr(pack_code_title(pack, "category", "fire", "en"), ==, "Fire");
    g_assert_null(pack_code_title(pack, "category", "nothing", "en"));
    g_assert_null(pack_field(pack, "nothing"));
    g_assert_cmpint(pack_field(pack, "caller_phone")->column, ==, -1);
    g_assert_cmpint(pack_field(pack, "rating")->column, ==, rule_schema_find(pack_schema(pack), "rating"));
    g_assert_cmpint(pack_rating_window(pack), ==, 72 * BASE_HOUR);
    g_assert_cmpstr(pack_rung_notice(pack, "arrive", 1), ==, "arrive_soon");
    g_assert_null(pack_rung_notice(pack, "arrive", 0));
    g_assert_nonnull(pack_calendar(pack, "duty-24x7"));
    g_assert_null(pack_calendar(pack, "moon"));
    g_assert_cmpint(rule_schema_find(pack_schema(pack), "caller_phone"), ==, -1);
}

/* Hours of summer, a day closed for a move, and later notices than the built-in ones. */
static void a_calendar_has_seasons_and_days_of_its_own(void)
{
    char *folder = mini_write("clocks.yaml", "day: {}",
                              "day: {shifts: [\"9:00-12:00\"], seasons: [{from: 06-01, to: 09-30, shifts: "
                              "[\"8:00-12:00\"]}], days: [{date: 2026-12-01, is: off, zh: 搬, en: Move}]}");
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_load(folder, &error);
    mini_remove(folder);
    g_assert_no_error(error);
    const BaseCalendar *day = pack_calendar(pack, "day");
    gint64 june, december, later;
    g_assert_true(base_time_parse("2026-06-01", BASE_CHINA_OFFSET, &june));
    g_assert_true(base_time_parse("2026-12-01", BASE_CHINA_OFFSET, &december));
    g_assert_true(base_time_parse("2026-12-03", BASE_CHINA_OFFSET, &later));
    g_assert_cmpint(base_calendar_spent(day, BASE_MEASURE_OFFICE, june, june + BASE_DAY), ==, 4 * BASE_HOUR);
    g_assert_cmpint(base_calendar_spent(day, BASE_MEASURE_OFFICE, december, december + 2 * BASE_DAY), ==,
                    3 * BASE_HOUR);
    static const char notice[] = "2026-12-03\toff\t停电\n";
    g_autoptr(BaseDays) row = base_days_read(notice, strlen(notice), NULL);
    g_autoptr(BaseDays) days = base_days_over(base_days_built_in(), row);
    g_assert_true(base_calendar_works(day, later));
    pack_set_days(pack, days);
    g_assert_false(base_calendar_works(day, later));
    g_assert_false(base_calendar_works(day, december));
}

/* The facts stand in the schema under the names that the header promises, and can be said in a condition. */
static void every_fact_can_be_named(void)
{
    g_autoptr(Pack) pack = shipped("workorder");
#define X(name, kind)                                                                                        \
    {                                                                                                        \
        const int column = rule_schema_find(pack_schema(pack), name);                                        \
        g_assert_cmpint(column, >=, 0);                                                                      \
        g_assert_cmpint(rule_schema_type(pack_schema(pack), column), ==, kind);                              \
        g_autoptr(Rule) rule = rule_parse(name " IS NOT NULL", pack_schema(pack), NULL);                     \
        g_assert_nonnull(rule);                                                                              \
    }
    PACK_FACTS
#undef X
}

static void wants_org(const PackDecision *decision, const RuleValue *row, const char *org)
{
    json_t *set = pack_decide(decision, row);
    g_assert_cmpstr(json_string_value(json_object_get(set, "org")), ==, org);
    json_decref(set);
}

static void the_first_row_that_holds_decides(void)
{
    g_autoptr(Pack) pack = shipped("incident");
    const PackDecision *send = pack_decision(pack, "send");
    g_autofree RuleValue *row = g_new0(RuleValue, rule_schema_size(pack_schema(pack)));
    row[pack_field(pack, "category")->column] = (RuleValue){ .type = RULE_TEXT, .text = "fire" };
    wants_org(send, row, "FIRE");
    row[pack_field(pack, "category")->column].text = "theft";
    wants_org(send, row, "POLICE");
    g_assert_null(pack_decision(pack, "nothing"));
    g_autoptr(Pack) other = shipped("workorder");
    g_autofree RuleValue *blank = g_new0(RuleValue, rule_schema_size(pack_schema(other)));
    g_assert_null(pack_decide(pack_decision(other, "ruling"), blank));
}

static void the_console_gets_no_access_rules(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(Pack) pack = shipped(ids[i]);
        json_t *console = json_loads(pack_console_json(pack), JSON_REJECT_DUPLICATES, NULL);
        static const char *const parts[] = { "states", "events",     "transitions", "tasks",   "clocks",
                                             "fields", "indicators", "mappings",    "purposes" };
        for (gsize k = 0; k < G_N_ELEMENTS(parts); k++) {
            g_assert_cmpuint(json_array_size(json_object_get(console, parts[k])), >, 0);
        }
        g_assert_cmpstr(json_string_value(json_object_get(console, "version")), ==, pack_version(pack));
        g_assert_null(strstr(pack_console_json(pack), "basis"));
        g_assert_null(strstr(pack_console_json(pack), "个人信息保护法"));
        json_decref(console);
    }
}

/* A rule that came later must not leave running cases without the version that governs them; what could not
 * be run at all is refused all the same. */
static void a_stored_version_is_not_judged_by_later_rules(void)
{
    char *folder = mini_write(NULL, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_load(folder, &error);
    g_assert_no_error(error);
    g_autofree char *never = mini_replace(pack_canonical(pack), "kind = 'a' OR minutes > 1", "minutes < 0");
    g_autoptr(Pack) stored = pack_from_canonical(never, &error);
    g_assert_no_error(error);
    g_assert_nonnull(stored);
    g_autofree char *broken = mini_replace(pack_canonical(pack), "kind = 'a' OR minutes > 1", "minute < 0");
    g_assert_null(pack_from_canonical(broken, &error));
    g_assert_error(error, PACK_ERROR, PACK_ERROR_MEANING);
    mini_remove(folder);
}

static void a_page_tells_the_same_of_a_folder_and_of_a_store(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(Pack) pack = shipped(ids[i]);
        g_autoptr(Pack) stored = pack_from_canonical(pack_canonical(pack), NULL);
        g_autofree char *told = pack_about_json(pack), *again = pack_about_json(stored);
        json_t *one = json_loads(told, JSON_REJECT_DUPLICATES, NULL), *two = json_loads(again, 0, NULL);
        const json_t *files = json_object_get(one, "files");
        g_assert_true(one && json_equal(one, two));
        g_assert_nonnull(json_object_get(files, "access.yaml"));
        g_assert_null(json_object_get(files, "types.yaml"));
        g_assert_null(strstr(told, "\"signal\"")); /* no sample calls */
        g_assert_cmpuint(json_object_size(json_object_get(one, "words")), >, 5);
        json_decref(one);
        json_decref(two);
    }
}

/* With their places when the pack came from a folder; by the file alone when it came from a store. */
static void what_fails_in_a_scenario_is_told_step_by_step(void)
{
    char *folder = mini_write("scenarios/one.yaml", "state: done", "state: new");
    g_autoptr(Pack) pack = pack_load(folder, NULL);
    g_autoptr(Pack) stored = pack_from_canonical(pack_canonical(pack), NULL);
    g_autoptr(PackScenarioResult) result = pack_scenario_run(pack, 0);
    g_autoptr(PackScenarioResult) again = pack_scenario_run(stored, 0);
    g_assert_cmpuint(result->steps->len, ==, 4); /* the signal, two steps, the figures */
    g_assert_false(result->ok);
    for (guint i = 0; i < 4; i++) {
        const GPtrArray *failures = g_array_index(result->steps, PackStep, i).failures;
        g_assert_cmpuint(failures->len, ==, i == 2 ? 1 : 0);
    }
    g_assert_cmpstr(g_array_index(result->steps, PackStep, 2).failures->pdata[0], ==,
                    "scenarios/one.yaml:5:66: wanted state new, got done");
    g_assert_cmpstr(g_array_index(again->steps, PackStep, 2).failures->pdata[0], ==,
                    "scenarios/one.yaml: wanted state new, got done");
    mini_remove(folder);
}

static void clocks_that_start_one_another_without_end_are_stopped(void)
{
    static const char *const changes[][2] = {
        { "\"opened\":{", "\"again\":{\"en\":\"Again\",\"zh\":\"又\"},\"opened\":{" },
        { "\"transitions\":[", "\"transitions\":[\"new -> new : again by system / start(limit)\"," },
        { "\"2 hour\"", "\"1 minute\",\"on_expiry\":\"again\"" },
        { "2026-11-23 10:00", "2027-11-22 10:00" },
        { "2026-11-23 10:30", "2027-11-23 10:30" },
    };
    char *folder = mini_write(NULL, NULL, NULL);
    g_autoptr(Pack) pack = pack_load(folder, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup(pack_canonical(pack));
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        char *changed = mini_replace(text, changes[i][0], changes[i][1]);
        g_free(text);
        text = changed;
    }
    g_autoptr(Pack) endless = pack_from_canonical(text, &error);
    g_assert_no_error(error);
    g_autoptr(PackScenarioResult) result = pack_scenario_run(endless, 0);
    const GPtrArray *failures = g_array_index(result->steps, PackStep, 1).failures;
    g_assert_nonnull(strstr(failures->pdata[0], "more than 20000 rungs and expiries"));
    mini_remove(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/both_packs_are_sound", both_packs_are_sound);
    g_test_add_func("/pack/scenarios_pass", scenarios_pass);
    g_test_add_func("/pack/a_page_tells_the_same_of_a_folder_and_of_a_store",
                    a_page_tells_the_same_of_a_folder_and_of_a_store);
    g_test_add_func("/pack/what_fails_in_a_scenario_is_told_step_by_step",
                    what_fails_in_a_scenario_is_told_step_by_step);
    g_test_add_func("/pack/clocks_that_start_one_another_without_end_are_stopped",
                    clocks_that_start_one_another_without_end_are_stopped);
    g_test_add_func("/pack/canonical_text_gives_the_same_pack", canonical_text_gives_the_same_pack);
    g_test_add_func("/pack/canonical_text_that_is_damaged_is_refused",
                    canonical_text_that_is_damaged_is_refused);
    g_test_add_func("/pack/version_depends_on_meaning_only", version_depends_on_meaning_only);
    g_test_add_func("/pack/questions_are_answered", questions_are_answered);
    g_test_add_func("/pack/a_calendar_has_seasons_and_days_of_its_own",
                    a_calendar_has_seasons_and_days_of_its_own);
    g_test_add_func("/pack/every_fact_can_be_named", every_fact_can_be_named);
    g_test_add_func("/pack/the_first_row_that_holds_decides", the_first_row_that_holds_decides);
    g_test_add_func("/pack/the_console_gets_no_access_rules", the_console_gets_no_access_rules);
    g_test_add_func("/pack/a_stored_version_is_not_judged_by_later_rules",
                    a_stored_version_is_not_judged_by_later_rules);
    return g_test_run();
}
