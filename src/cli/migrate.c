/* migrate.c - the command that moves open cases to the newest version of their service: first on paper. */
#include "cli/command.h"
#include "loop/case/migrate.h"
#include "pack/yaml.h"
#include <string.h>

#define SHOWN 20

static json_t *read_map(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(path, &text, &length, error)) return NULL;
    json_t *map = pack_yaml_parse(text, length, NULL, error);
    if (!map) g_prefix_error(error, "%s:", path);
    return map;
}

static void print_instant(const char *word, const json_t *at, gint64 offset)
{
    char text[17] = "never";
    if (json_is_integer(at)) base_time_write(json_integer_value(at), offset, text);
    printf("%s%s", word, text);
}

static void print_list(const json_t *survey, gint64 offset)
{
    const json_t *kept = json_object_get(survey, "kept"), *moved = json_object_get(survey, "deadlines");
    for (gsize i = 0; i < json_array_size(kept); i++) {
        const json_t *c = json_array_get(kept, i);
        printf("  stays    %s (%s): %s\n", json_string_value(json_object_get(c, "number")),
               json_string_value(json_object_get(c, "state")), json_string_value(json_object_get(c, "why")));
    }
    for (gsize i = 0; i < json_array_size(moved); i++) {
        const json_t *d = json_array_get(moved, i);
        printf("  deadline %s %s", json_string_value(json_object_get(d, "number")),
               json_string_value(json_object_get(d, "clock")));
        print_instant(": ", json_object_get(d, "was"), offset);
        print_instant(" -> ", json_object_get(d, "becomes"), offset);
        putchar('\n');
    }
}

static void print_survey(const json_t *survey, gint64 offset)
{
    printf("%" JSON_INTEGER_FORMAT " open cases on older versions; %" JSON_INTEGER_FORMAT
           " can be carried over, "
           "%" JSON_INTEGER_FORMAT " stay; %" JSON_INTEGER_FORMAT
           " deadlines would move (at most %d of each are shown)\n",
           json_integer_value(json_object_get(survey, "cases")),
           json_integer_value(json_object_get(survey, "carried")),
           json_integer_value(json_object_get(survey, "kept_count")),
           json_integer_value(json_object_get(survey, "deadline_count")), SHOWN);
    print_list(survey, offset);
}

static gboolean survey(const Home *home, const CaseMigration *m, gint64 now, gboolean as_json, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(home->store, error);
    BaseJson j = base_json_to(text);
    if (!conn || !case_migration_survey(home->room, conn, m, now, as_json ? G_MAXINT : SHOWN, &j, error))
        return FALSE;
    if (as_json) {
        puts(text->str);
        return TRUE;
    }
    json_t *tree = base_json_parse(text->str, text->len, BASE_JSON_LARGE, error);
    if (tree) print_survey(tree, case_room_offset(home->room));
    json_decref(tree);
    return tree != NULL;
}

static gboolean apply(const Home *home, const CaseMigration *m, gint64 now, GError **error)
{
    const CaseActor actor = { .actor = command_login(), .roles = (const char *const[]){ "system", NULL } };
    int moved = 0;
    if (!case_migrate_all(home->room, m, &actor, now, FALSE, &moved, error)) return FALSE;
    printf("%d cases moved\n", moved);
    return TRUE;
}

int command_pack_migrate(const char *pack, const char *map_file, const char *why, gboolean really,
                         gboolean as_json)
{
    g_autoptr(GError) error = NULL;
    g_auto(Home) home = { 0 };
    json_t *map = map_file ? read_map(map_file, &error) : NULL;
    const gint64 now = base_clock_real_now();
    gboolean well = !error && command_home(&home, COMMAND_OPEN, &error);
    g_autoptr(CaseMigration) m = well ? case_migration_new(home.room, pack, map, &error) : NULL;
    if (m) case_migration_because(m, why);
    well = m && survey(&home, m, now, as_json, &error) && (!really || apply(&home, m, now, &error));
    if (well && !really && !as_json) puts("nothing was changed; --apply does it");
    json_decref(map);
    return well ? 0 : command_fail(error, as_json);
}
