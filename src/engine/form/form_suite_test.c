/* form_suite_test.c - the official JSON-Schema-Test-Suite, where a copy of it is at hand:
 *
 *     FORM_SUITE=.../JSON-Schema-Test-Suite/tests/draft2020-12 meson test form_suite_test
 *
 * A schema that form.h does not take (README: what is left out) counts as out of scope, a different answer as
 * a failure. Without the variable the test is skipped: the suite is not ours to copy. */
#include "base/json.h"
#include "engine/form/form.h"
#include <string.h>

typedef struct {
    guint right, wrong, left_out;
} Count;

static void run_group(const char *file, const json_t *group, Count *count)
{
    const json_t *tests = json_object_get(group, "tests");
    g_autoptr(GError) error = NULL;
    g_autoptr(FormSchema) schema = form_schema_new(json_object_get(group, "schema"), NULL, &error);
    if (!schema) {
        count->left_out += (guint)json_array_size(tests);
        g_test_message("%s: %s: left out: %s", file, json_string_value(json_object_get(group, "description")),
                       error->message);
    }
    for (gsize i = 0; schema && i < json_array_size(tests); i++) {
        const json_t *test = json_array_get(tests, i);
        const gboolean want = json_is_true(json_object_get(test, "valid"));
        g_autoptr(GPtrArray) refusals = form_refusals_new();
        const gboolean got = form_check(schema, json_object_get(test, "data"), refusals);
        g_assert_true(got == (refusals->len == 0));
        g_assert_true(got == form_check(schema, json_object_get(test, "data"), NULL));
        count->right += got == want;
        if (got != want) {
            count->wrong++;
            g_test_message(
                "%s: %s: %s: wanted %s", file, json_string_value(json_object_get(group, "description")),
                json_string_value(json_object_get(test, "description")), want ? "valid" : "invalid");
        }
    }
}

static void run_file(const char *folder, const char *name, Count *count)
{
    g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    json_t *groups = base_json_parse(text, strlen(text), BASE_JSON_LARGE, &error);
    Count here = { 0 };
    for (gsize i = 0; i < json_array_size(groups); i++) {
        run_group(name, json_array_get(groups, i), &here);
    }
    json_decref(groups);
    g_test_message("%s: %u right, %u wrong, %u left out%s%s", name, here.right, here.wrong, here.left_out,
                   error ? ", cannot be read: " : "", error ? error->message : "");
    count->right += here.right;
    count->wrong += here.wrong;
    count->left_out += here.left_out;
}

static void the_official_suite_agrees(void)
{
    const char *root = g_getenv("FORM_SUITE");
    static const char *const folders[] = { "", "optional/format" };
    static const char *const ours[] = { "date.json", "date-time.json", "time.json", "email.json",
                                        "uri.json",  "uuid.json",      NULL };
    if (!root) {
        g_test_skip("FORM_SUITE is not set");
        return;
    }
    Count count = { 0 };
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *folder = g_build_filename(root, folders[i], NULL);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        g_assert_nonnull(dir);
        for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
            const gboolean remark = i == 0 && strcmp(name, "format.json") == 0; /* format is a rule here */
            if (g_str_has_suffix(name, ".json") && !remark && (i == 0 || g_strv_contains(ours, name))) {
                run_file(folder, name, &count);
            }
        }
    }
    g_test_message("all: %u right, %u wrong, %u left out", count.right, count.wrong, count.left_out);
    g_assert_cmpuint(count.wrong, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/form/the_official_suite_agrees", the_official_suite_agrees);
    return g_test_run();
}
