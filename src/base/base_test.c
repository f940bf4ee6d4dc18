/* base_test.c - ids, chance, JSON out and in, points. */
#include "base/clock.h"
#include "base/geo.h"
#include "base/id.h"
#include "base/json.h"
#include "base/text.h"
#include <math.h>
#include <string.h>

static void an_id_reads_back_as_written(void)
{
    BaseChance chance = base_chance_seeded(7);
    char text[BASE_ID_TEXT], again[BASE_ID_TEXT];
    for (int i = 0; i < 1000; i++) {
        BaseId id = base_id_make(&chance, 1700000000000 + i), back;
        base_id_write(&id, text);
        g_assert_true(base_id_parse(text, &back));
        base_id_write(&back, again);
        g_assert_cmpstr(text, ==, again);
        g_assert_true(base_id_equal(&id, &back));
        g_assert_cmpint(text[14], ==, '7');
    }
}

static void ids_sort_by_the_time_they_were_made(void)
{
    BaseChance chance = base_chance_seeded(8);
    BaseId before = base_id_make(&chance, 1000);
    for (gint64 now = 1001; now < 2000; now++) {
        BaseId id = base_id_make(&chance, now);
        g_assert_cmpint(memcmp(before.b, id.b, 16), <, 0);
        before = id;
    }
}

static void ids_of_one_millisecond_ascend_and_differ(void)
{
    BaseChance chance = base_chance_seeded(9);
    BaseId before = base_id_make(&chance, 1700000000000);
    for (int i = 0; i < 100000; i++) {
        BaseId id = base_id_make(&chance, 1700000000000);
        g_assert_cmpint(memcmp(before.b, id.b, 16), <, 0);
        before = id;
    }
}

static void what_is_not_an_id_is_refused_and_leaves_the_target(void)
{
    static const char *const table[] = { "",
                                         "x",
                                         "0190a4b4-0000-7000-8000-00000000000",
                                         "0190a4b4-0000-7000-8000-0000000000000",
                                         "0190A4B4-0000-7000-8000-000000000000",
                                         "0190a4b400000-7000-8000-000000000000",
                                         "0190a4b4-0000-7000-8000-00000000000g" };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        BaseId id = { { 42 } };
        g_assert_false(base_id_parse(table[i], &id));
        g_assert_cmpint(id.b[0], ==, 42);
    }
}

static void the_same_seed_gives_the_same_numbers_within_bounds(void)
{
    BaseChance a = base_chance_seeded(99), b = base_chance_seeded(99);
    guint seen[7] = { 0 };
    for (int i = 0; i < 7000; i++) {
        guint64 x = base_chance_below(&a, 7);
        g_assert_cmpuint(x, ==, base_chance_below(&b, 7));
        seen[x]++;
    }
    for (int i = 0; i < 7; i++)
        g_assert_cmpuint(seen[i], >, 850);
}

static void json_writes_what_json_reads(void)
{
    static const char *const table[] = {
        "{\"a\":1,\"b\":[true,false,null],\"c\":{\"d\":\"\\u0001\\n\\\"\\\\\"},\"e\":-9223372036854775808,"
        "\"f\":0.1}",
        "[]",
        "\"天安门 \\u003cscript>\\u2028\"",
        "9007199254740993",
        "{\"\":{}}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        json_t *tree = base_json_parse(table[i], strlen(table[i]), BASE_JSON_REQUEST, &error);
        g_assert_no_error(error);
        g_autoptr(GString) out = g_string_new(NULL);
        BaseJson j = base_json_to(out);
        base_json_tree(&j, tree);
        json_t *again = base_json_parse(out->str, out->len, BASE_JSON_REQUEST, &error);
        g_assert_no_error(error);
        g_assert_true(json_equal(tree, again));
        g_assert_null(strchr(out->str, '<'));
        json_decref(tree);
        json_decref(again);
    }
}

static void json_that_could_be_read_two_ways_is_refused(void)
{
    static const struct {
        const char *text;
        int code;
    } table[] = {
        { "{\"a\":1,\"a\":2}", BASE_JSON_ERROR_SYNTAX },
        { "{\"a\":1} x", BASE_JSON_ERROR_SYNTAX },
        { "\"\\ud800\"", BASE_JSON_ERROR_SYNTAX },
        { "\"\xc0\xaf\"", BASE_JSON_ERROR_SYNTAX },
        { "[1,]", BASE_JSON_ERROR_SYNTAX },
        { "NaN", BASE_JSON_ERROR_SYNTAX },
        { "", BASE_JSON_ERROR_SYNTAX },
        { "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", BASE_JSON_ERROR_LIMIT },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("row %" G_GSIZE_FORMAT, i); /* a text may not be UTF-8, and TAP is */
        g_assert_null(base_json_parse(table[i].text, strlen(table[i].text), BASE_JSON_REQUEST, &error));
        g_assert_error(error, BASE_JSON_ERROR, table[i].code);
    }
}

static void the_canonical_form_sorts_keys(void)
{
    g_autoptr(GError) error = NULL;
    const char *text = "{ \"b\" : 1, \"a\" : [ 2 , { \"d\": 1, \"c\": 2 } ] }";
    json_t *tree = base_json_parse(text, strlen(text), BASE_JSON_REQUEST, &error);
    g_autofree char *canonical = base_json_canonical(tree);
    g_assert_cmpstr(canonical, ==, "{\"a\":[2,{\"c\":2,\"d\":1}],\"b\":1}");
    json_decref(tree);
}

static void a_degree_of_latitude_is_about_111_kilometres(void)
{
    g_assert_cmpfloat(fabs(base_geo_distance((BasePoint){ 30, 114 }, (BasePoint){ 31, 114 }) - 111195), <,
                      10);
    g_assert_cmpfloat(base_geo_distance((BasePoint){ 30, 114 }, (BasePoint){ 30, 114 }), ==, 0);
    g_assert_false(base_geo_sound((BasePoint){ NAN, 1 }));
    g_assert_false(base_geo_sound((BasePoint){ 0, 0 }));
    g_assert_false(base_geo_sound((BasePoint){ 91, 0 }));
    g_assert_true(base_geo_sound((BasePoint){ -90, 180 }));
}

static void a_played_clock_runs_at_its_speed_from_its_start(void)
{
    BaseClock clock = base_clock_played(1000, 1e6);
    g_assert_cmpint(base_clock_now(&clock), >=, 1000);
    clock.real_start -= 5;
    g_assert_cmpint(base_clock_now(&clock), >=, 1000 + 5000000);
}

static void edits_count_characters_not_bytes(void)
{
    static const struct {
        const char *a, *b;
        gsize want;
    } table[] = {
        { "", "", 0 },         { "abc", "", 3 },    { "kitten", "sitting", 3 },
        { "时限", "时钟", 1 }, { "abc", "abc", 0 }, { "ab", "ba", 2 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_assert_cmpuint(base_text_edits(table[i].a, table[i].b), ==, table[i].want);
        g_assert_cmpuint(base_text_edits(table[i].b, table[i].a), ==, table[i].want);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/an_id_reads_back_as_written", an_id_reads_back_as_written);
    g_test_add_func("/base/ids_sort_by_the_time_they_were_made", ids_sort_by_the_time_they_were_made);
    g_test_add_func("/base/ids_of_one_millisecond_ascend", ids_of_one_millisecond_ascend_and_differ);
    g_test_add_func("/base/what_is_not_an_id_is_refused", what_is_not_an_id_is_refused_and_leaves_the_target);
    g_test_add_func("/base/the_same_seed_gives_the_same_numbers",
                    the_same_seed_gives_the_same_numbers_within_bounds);
    g_test_add_func("/base/json_writes_what_json_reads", json_writes_what_json_reads);
    g_test_add_func("/base/json_that_could_be_read_two_ways_is_refused",
                    json_that_could_be_read_two_ways_is_refused);
    g_test_add_func("/base/the_canonical_form_sorts_keys", the_canonical_form_sorts_keys);
    g_test_add_func("/base/a_degree_of_latitude_is_about_111_kilometres",
                    a_degree_of_latitude_is_about_111_kilometres);
    g_test_add_func("/base/a_played_clock_runs_at_its_speed",
                    a_played_clock_runs_at_its_speed_from_its_start);
    g_test_add_func("/base/edits_count_characters_not_bytes", edits_count_characters_not_bytes);
    return g_test_run();
}
