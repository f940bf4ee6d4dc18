/* script_test.c - what a service could never do is refused when its script is read, with the place; the
 * scripts of our own services are read; and what is drawn stays within what they say. */
#include "city/day.h"
#include <string.h>

#define MONDAY ((gint64)1795363200000) /* 2026-11-23 00:00 in China */

#define HABITS "habits:\n  received:\n"
#define SIGNALS "signals: {mapping: demo, day: 5, hours: always, channels: {call: 1}, "

static Pack *pack_of(const char *id)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "packs", id, NULL);
    g_autoptr(GError) error = NULL;
    Pack *pack = pack_load(folder, &error);
    g_assert_no_error(error);
    return pack;
}

/* Scripts of workorder: what is wrong, and how the refusal begins. */
static const struct {
    const char *name, *text, *refusal;
} wrong[] = {
    { "no_yaml", "pack: [", "s:" },
    { "another_service", "pack: incident\n", "s:1:7: this is the script of workorder" },
    { "an_unknown_key", "pack: workorder\nhabit: {}\n",
      "s:2:1: \"habit\" is no key here; these are: pack signals habits" },
    { "no_habits", "pack: workorder\n", "s:1:1: habits are wanted here" },
    { "an_unknown_state", "pack: workorder\nhabits:\n  nowhere:\n    - {weight: 1, by: handler}\n",
      "s:3:3: workorder has no state \"nowhere\"" },
    { "a_final_state", "pack: workorder\nhabits:\n  closed:\n    - {weight: 1, by: handler}\n",
      "s:3:3: workorder has no state \"closed\"" },
    { "an_event_that_leads_nowhere",
      "pack: workorder\n" HABITS "    - {weight: 1, by: handler, do: signin, after: [1, 2]}\n",
      "s:4:7: no transition takes \"signin\" in received" },
    { "another_role",
      "pack: workorder\n" HABITS "    - {weight: 1, by: handler, do: submit, after: [1, 2]}\n",
      "s:4:7: \"submit\" is not for handler in received" },
    { "a_field_that_is_needed",
      "pack: workorder\n" HABITS "    - {weight: 1, by: callcentre, do: answer, after: [1, 2]}\n",
      "s:4:7: \"answer\" needs reply_text" },
    { "an_unknown_code",
      "pack: workorder\n" HABITS
      "    - {weight: 1, by: callcentre, do: cancel, after: [1, 2], with: {cancel_reason: bored}}\n",
      "s:4:84: field 'cancel_reason' is not a code" },
    { "one_unknown_code_of_some",
      "pack: workorder\n" HABITS "    - {weight: 1, by: callcentre, do: cancel, after: [1, 2], with: "
      "{cancel_reason: {one: {duplicate: 1, bored: 1}}}}\n",
      "s:4:84: field 'cancel_reason' is not a code" },
    { "an_unknown_document",
      "pack: workorder\n" HABITS "    - {weight: 1, by: resident, sign: letter, after: [1, 2]}\n",
      "s:4:39: workorder has no document letter" },
    { "no_weight", "pack: workorder\n" HABITS "    - {by: callcentre, do: submit, after: [1, 2]}\n",
      "s:4:7: weight is wanted here: a whole number from 1" },
    { "time_backwards",
      "pack: workorder\n" HABITS "    - {weight: 1, by: callcentre, do: submit, after: [2, 1]}\n",
      "s:4:54: after is [least, most] in minutes" },
    { "a_condition_on_nothing",
      "pack: workorder\n" HABITS
      "    - {weight: 1, by: callcentre, do: submit, after: [1, 2], when: \"moon = 'full'\"}\n",
      "s:4:68: " },
    { "an_unknown_mapping",
      "pack: workorder\nsignals: {mapping: other, day: 5, hours: always, channels: {call: 1}, matters: "
      "[{category: noise, weight: 1, texts: [a]}]}\n",
      "s:2:20: intake.yaml of workorder has no mapping other" },
    { "an_unknown_category",
      "pack: workorder\n" SIGNALS "matters: [{category: moon, weight: 1, texts: [a]}]}\n",
      "s:2:80: the mapping demo does not take such a signal" },
    { "a_column_nobody_reads",
      "pack: workorder\n" SIGNALS
      "columns: {moon: phone}, matters: [{category: noise, weight: 1, texts: [a]}]}\n",
      "s:2:80: the mapping demo reads no column moon" },
    { "hours_of_none",
      "pack: workorder\nsignals: {mapping: demo, day: 5, hours: never, channels: {call: 1}, matters: "
      "[{category: noise, weight: 1, texts: [a]}]}\n",
      "s:2:41: hours are office" },
    { "too_many", "pack: workorder\nsignals: {mapping: demo, day: 100001}\n", "s:2:31: day is wanted here" },
};

static void what_could_never_be_is_refused(void)
{
    g_autoptr(Pack) pack = pack_of("workorder");
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Script) script = script_parse("s", wrong[i].text, strlen(wrong[i].text), pack, &error);
        g_assert_null(script);
        g_assert_nonnull(error);
        if (!g_str_has_prefix(error->message, wrong[i].refusal)) {
            g_test_message("%s: wanted \"%s\", got \"%s\"", wrong[i].name, wrong[i].refusal, error->message);
            g_test_fail();
        }
    }
}

static Script *script_of(const Pack *pack)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "data", "city", NULL);
    g_autoptr(GError) error = NULL;
    Script *script = script_load(folder, pack, &error);
    g_assert_no_error(error);
    return script;
}

/* Every script in the folder is of a service that is there, and is read. */
static void our_own_are_read(void)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "data", "city", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    guint n = 0;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(name, ".yaml")) continue;
        g_autofree char *id = g_strndup(name, strlen(name) - strlen(".yaml"));
        g_autoptr(Pack) pack = pack_of(id);
        g_autoptr(Script) script = script_of(pack);
        g_assert_nonnull(script);
        n++;
    }
    g_assert_cmpuint(n, >=, 3);
}

static guint rows_of(const Script *script, gint64 midnight, double share, guint64 seed)
{
    g_autoptr(World) world = world_new(1, 1);
    g_autofree char *table =
        day_table(world, script, midnight, share * script_signals(script)->day, FALSE, seed);
    g_auto(GStrv) lines = g_strsplit(table, "\n", 0);
    return g_strv_length(lines) - 2; /* without the header, and after the last newline */
}

static void a_day_brings_what_its_share_says(void)
{
    g_autoptr(Pack) pack = pack_of("workorder");
    g_autoptr(Script) script = script_of(pack);
    g_assert_cmpuint(rows_of(script, MONDAY, 1, 1), ==, script_signals(script)->day);
    guint n = 0;
    for (int i = 0; i < 300; i++)
        n += rows_of(script, MONDAY + i * BASE_DAY, 0.5 / script_signals(script)->day, (guint64)i);
    g_assert_cmpuint(n, >, 110); /* one every other day */
    g_assert_cmpuint(n, <, 190);
}

static const char offices[] =
    "pack: workorder\n"
    "signals:\n"
    "  mapping: demo\n  day: 40\n  hours: office\n  channels: {call: 1}\n"
    "  matters: [{category: noise, weight: 1, texts: [a]}]\n"
    "habits:\n  received: [{weight: 1, by: callcentre, do: submit, after: [1, 2]}]\n";

static void offices_open_on_working_days(void)
{
    g_autoptr(Pack) pack = pack_of("workorder");
    g_autoptr(GError) error = NULL;
    g_autoptr(Script) script = script_parse("s", offices, strlen(offices), pack, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(rows_of(script, MONDAY, 1, 1), ==, 40);
    g_assert_cmpuint(rows_of(script, MONDAY - BASE_DAY, 1, 1), ==, 0);
}

/* {from, to} evenly, {one} by weight. */
static void values_are_drawn_within_what_is_said(void)
{
    g_autoptr(Pack) pack = pack_of("workorder");
    static const char text[] =
        "pack: workorder\nhabits:\n  replied:\n    - {weight: 1, by: callcentre, do: unreached, after: [1, "
        "2], "
        "with: {attempts: {from: 3, to: 5}}}\n    - {weight: 1, by: callcentre, do: callback, after: [1, 2], "
        "with: {solved: {one: {true: 9, false: 1}}}}\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(Script) script = script_parse("s", text, strlen(text), pack, &error);
    g_assert_no_error(error);
    gsize n;
    const Habit *habits = script_habits(script, "replied", &n);
    BaseChance chance = base_chance_seeded(1);
    int seen[6] = { 0 }, solved = 0;
    for (int i = 0; i < 3000; i++) {
        json_t *attempts = script_draw(&g_array_index(habits[0].with, ScriptValue, 0), &chance, 0);
        json_t *good = script_draw(&g_array_index(habits[1].with, ScriptValue, 0), &chance, 0);
        g_assert_true(json_is_boolean(good));
        g_assert_cmpint(json_integer_value(attempts), >=, 3);
        g_assert_cmpint(json_integer_value(attempts), <=, 5);
        seen[json_integer_value(attempts)]++;
        solved += json_is_true(good);
        json_decref(attempts);
        json_decref(good);
    }
    for (int i = 3; i <= 5; i++)
        g_assert_cmpint(seen[i], >, 900);
    g_assert_cmpint(solved, >, 2600);
    g_assert_cmpint(solved, <, 2800);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/script/what_could_never_be_is_refused", what_could_never_be_is_refused);
    g_test_add_func("/script/our_own_are_read", our_own_are_read);
    g_test_add_func("/script/a_day_brings_what_its_share_says", a_day_brings_what_its_share_says);
    g_test_add_func("/script/offices_open_on_working_days", offices_open_on_working_days);
    g_test_add_func("/script/values_are_drawn_within_what_is_said", values_are_drawn_within_what_is_said);
    return g_test_run();
}
