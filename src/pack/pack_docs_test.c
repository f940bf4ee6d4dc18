/* docs/packs.md is true: its examples have the shapes that the linter wants, and it speaks of every key there
 * is, and lists every rule. */
#include "pack/pack.h"
#include "pack/schema.h"
#include <string.h>

static char *docs_text(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "docs", "packs.md", NULL);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* "## decisions/(star).yaml" speaks of a file like decisions/example.yaml. */
static char *file_of_heading(const char *line)
{
    g_auto(GStrv) parts = g_strsplit(line + strlen("## "), "*", 2);
    return g_strjoinv("example", parts);
}

static void check_example(const char *name, const char *text)
{
    g_autoptr(PackPlaces) places = pack_places_new();
    g_autoptr(PackRefusals) refusals = pack_refusals_new();
    g_autoptr(GError) error = NULL;
    json_t *tree = pack_yaml_parse(text, strlen(text), places, &error);
    g_assert_no_error(error);
    const PackFile file = { (char *)name, tree, places };
    g_test_message("%s", name);
    g_assert_nonnull(pack_shape_of(name, tree));
    pack_shape_check(pack_shape_of(name, tree), tree, PACK_AT_FILE(&file), refusals);
    for (guint i = 0; i < refusals->texts->len; i++) {
        g_test_message("%s", (char *)refusals->texts->pdata[i]);
    }
    g_assert_cmpuint(refusals->texts->len, ==, 0);
    json_decref(tree);
}

static void every_example_has_its_shape(void)
{
    g_autofree char *text = docs_text(), *name = NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) example = NULL;
    guint seen = 0;
    for (char **line = lines; *line; line++) {
        if (g_str_has_prefix(*line, "## ")) {
            g_free(name);
            name = file_of_heading(*line);
        } else if (strcmp(*line, "```yaml") == 0) {
            example = g_string_new(NULL);
        } else if (example && strcmp(*line, "```") == 0) {
            check_example(name, example->str);
            g_string_free(g_steal_pointer(&example), TRUE);
            seen++;
        } else if (example) {
            g_string_append_printf(example, "%s\n", *line);
        }
    }
    g_assert_cmpuint(seen, >=, 13);
}

static void want_keys(const PackShape *shape, const char *docs)
{
    static int depth; /* states hold states */
    if (depth > 8) return;
    depth++;
    for (const PackShapeKey *key = shape->keys; key && key->key; key++) {
        if (!strstr(docs, key->key)) {
            g_test_message("docs/packs.md does not speak of '%s'", key->key);
            g_test_fail();
        }
        want_keys(key->shape, docs);
    }
    if (shape->of) {
        want_keys(shape->of, docs);
    }
    depth--;
}

static void every_key_is_spoken_of(void)
{
    static const char *const names[] = { "pack.yaml",        "types.yaml",
                                         "intake.yaml",      "procedure.yaml",
                                         "clocks.yaml",      "notices.yaml",
                                         "indicators.yaml",  "reports.yaml",
                                         "access.yaml",      "plans.yaml",
                                         "decisions/a.yaml", "documents/a.yaml",
                                         "scenarios/a.yaml", NULL };
    g_autofree char *docs = docs_text();
    for (const char *const *name = names; *name; name++) {
        want_keys(pack_shape_of(*name, NULL), docs);
    }
    json_t *table = json_pack("{s:[]}", "inputs");
    want_keys(pack_shape_of("decisions/a.yaml", table), docs);
    json_decref(table);
}

static void every_trait_and_its_settings_are_spoken_of(void)
{
    g_autofree char *docs = docs_text();
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "data", "traits", "traits.yaml", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    json_t *traits = pack_yaml_parse(text, strlen(text), NULL, NULL), *trait, *setting;
    const char *name, *key;
    json_object_foreach(traits, name, trait)
    {
        g_autofree char *begins = g_strdup_printf("| `%s` |", name);
        const char *line = strstr(docs, begins);
        g_assert_nonnull(line);
        g_autofree char *row = g_strndup(line, strcspn(line, "\n"));
        json_object_foreach(json_object_get(trait, "takes"), key, setting)
        {
            g_test_message("%s: %s", name, key);
            g_assert_nonnull(strstr(row, key));
        }
    }
    json_decref(traits);
}

/* The table of rules is rules.def, row by row. */
static void every_rule_stands_in_the_table(void)
{
    g_autofree char *docs = docs_text();
    g_autoptr(GString) want = g_string_new("| --- | --- | --- |\n");
    gsize n;
    const PackRule *rules = pack_rules(&n);
    for (gsize i = 0; i < n; i++) {
        g_string_append_printf(want, "| `%s` | %s | %s |\n", rules[i].id, rules[i].zh, rules[i].en);
    }
    const char *chapter = strstr(docs, "\n## Every rule of the linter\n");
    g_assert_nonnull(chapter);
    const char *table = strstr(chapter, "| --- |");
    g_assert_nonnull(table);
    const char *end = strstr(table, "\n\n");
    g_autofree char *got = end ? g_strndup(table, (gsize)(end + 1 - table)) : g_strdup(table);
    g_assert_cmpstr(got, ==, want->str);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/docs/every_example_has_its_shape", every_example_has_its_shape);
    g_test_add_func("/pack/docs/every_key_is_spoken_of", every_key_is_spoken_of);
    g_test_add_func("/pack/docs/every_trait_and_its_settings_are_spoken_of",
                    every_trait_and_its_settings_are_spoken_of);
    g_test_add_func("/pack/docs/every_rule_stands_in_the_table", every_rule_stands_in_the_table);
    return g_test_run();
}
