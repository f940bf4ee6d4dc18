/* The strict profile: what is typed, what stays text, where things stand, and the limits. */
#include "pack/pack.h"
#include "pack/yaml.h"
#include <string.h>

static json_t *parse(const char *text, PackPlaces *places)
{
    g_autoptr(GError) error = NULL;
    json_t *tree = pack_yaml_parse(text, strlen(text), places, &error);
    g_assert_no_error(error);
    return tree;
}

static void only_json_scalars_are_typed(void)
{
    static const struct {
        const char *yaml, *json;
    } table[] = {
        /* clang-format off */
        { "1", "1" }, { "-7", "-7" }, { "0", "0" }, { "1.5", "1.5" }, { "-1.5e3", "-1500.0" }, { "true", "true" },
        { "false", "false" }, { "null", "null" }, { "9223372036854775807", "9223372036854775807" },
        { "no", "\"no\"" }, { "on", "\"on\"" }, { "yes", "\"yes\"" }, { "True", "\"True\"" }, { "~", "\"~\"" }, { "", "\"\"" },
        { "08", "\"08\"" }, { "+1", "\"+1\"" }, { "1:20", "\"1:20\"" }, { "0x10", "\"0x10\"" }, { ".5", "\".5\"" }, { "1.", "\"1.\"" },
        { "1e", "\"1e\"" }, { "-", "[\"\"]" }, { "2026-11-23", "\"2026-11-23\"" }, { ".inf", "\".inf\"" }, { "'1'", "\"1\"" },
        { "\"true\"", "\"true\"" }, { "|\n    a\n    b\n", "\"a\\nb\\n\"" }, { "甲 乙", "\"甲 乙\"" },
        { "[1, two, {three: 3}]", "[1,\"two\",{\"three\":3}]" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = strcmp(table[i].yaml, "-") == 0 ? g_strdup("k:\n  -\n")
                                                                : g_strdup_printf("k: %s\n", table[i].yaml);
        g_autoptr(PackPlaces) places = pack_places_new();
        json_t *tree = parse(text, places);
        char *got = json_dumps(json_object_get(tree, "k"), JSON_ENCODE_ANY | JSON_COMPACT);
        g_test_message("%s", table[i].yaml);
        g_assert_cmpstr(got, ==, table[i].json);
        free(got);
        json_decref(tree);
    }
}

static void every_node_knows_its_place(void)
{
    g_autoptr(PackPlaces) places = pack_places_new();
    json_t *tree = parse("# 注释\n甲: 乙\nlist:\n  - a\n  - {在: 此, b: true}\n", places);
    const json_t *list = json_object_get(tree, "list"), *item = json_array_get(list, 1);
    const struct {
        const char *name;
        PackPlace got;
        guint line, column;
    } table[] = {
        { "key", pack_places_key(places, tree, "甲"), 2, 1 },
        { "value", pack_places_value(places, tree, "甲"), 2, 4 },
        { "first item", pack_places_item(places, list, 0), 4, 5 },
        { "second item", pack_places_item(places, list, 1), 5, 5 },
        { "inner value", pack_places_value(places, item, "在"), 5, 9 },
        { "a shared value like true", pack_places_value(places, item, "b"), 5, 15 },
        { "not there", pack_places_value(places, tree, "丙"), 0, 0 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_assert_cmpuint(table[i].got.line, ==, table[i].line);
        g_assert_cmpuint(table[i].got.column, ==, table[i].column);
    }
    json_decref(tree);
}

static void assert_refused(const char *text, gsize length, const char *what)
{
    g_autoptr(PackPlaces) places = pack_places_new();
    g_autoptr(GError) error = NULL;
    g_assert_null(pack_yaml_parse(text, length, places, &error));
    g_assert_error(error, PACK_ERROR, PACK_ERROR_YAML);
    g_assert_nonnull(strstr(error->message, what));
}

static char *repeated(const char *before, const char *part, gsize n, const char *after)
{
    GString *text = g_string_new(before);
    for (gsize i = 0; i < n; i++) {
        g_string_append(text, part);
    }
    g_string_append(text, after);
    return g_string_free(text, FALSE);
}

static void limits_hold_to_the_last(void)
{
    g_autofree char *deep = repeated("k: ", "[", PACK_YAML_DEPTH - 1, "");
    g_autofree char *deep_ok = repeated(deep, "]", PACK_YAML_DEPTH - 1, "\n");
    g_autofree char *deeper = repeated("k: [", "[", PACK_YAML_DEPTH - 1, "");
    g_autofree char *abyss = repeated("k: ", "[", 500000, "");
    g_autofree char *many = repeated("k:\n", "- a\n", PACK_YAML_NODES, "");
    g_autofree char *large = repeated("# ", "x", PACK_YAML_BYTES, "\nk: v\n");
    g_autoptr(PackPlaces) places = pack_places_new();
    json_decref(parse(deep_ok, places));
    assert_refused(deeper, strlen(deeper), "nested too deeply");
    assert_refused(abyss, strlen(abyss), "nested too deeply");
    assert_refused(many, strlen(many), "too many values");
    assert_refused(large, strlen(large), "over 2 MiB");
    assert_refused("k: a\0b", 6, "NUL");
    assert_refused("k: \"a\\0b\"", 9, "NUL");
}

static void a_byte_order_mark_is_passed_over(void)
{
    g_autoptr(PackPlaces) places = pack_places_new();
    json_t *tree = parse("\xEF\xBB\xBFk: v\n", places);
    g_assert_cmpstr(json_string_value(json_object_get(tree, "k")), ==, "v");
    json_decref(tree);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/yaml/only_json_scalars_are_typed", only_json_scalars_are_typed);
    g_test_add_func("/pack/yaml/every_node_knows_its_place", every_node_knows_its_place);
    g_test_add_func("/pack/yaml/limits_hold_to_the_last", limits_hold_to_the_last);
    g_test_add_func("/pack/yaml/a_byte_order_mark_is_passed_over", a_byte_order_mark_is_passed_over);
    return g_test_run();
}
