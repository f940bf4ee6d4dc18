/* packs.c - the command about services as data. */
#include "cli/command.h"
#include <string.h>

static gboolean json, really;
static char *language, *out_file, *map_file, *reason, *against, *id, *title;

/* What the difference to an older folder means for cases that run. */
static int compare(const Pack *pack)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;
    g_autoptr(Pack) older = pack_load(against, &error);
    if (!older) return command_fail(error, json);
    if (pack_additive(older, pack, &why))
        puts("a pure addition to it: running cases take it over at once");
    else
        printf("a new version: running cases stay on theirs (%s); bihuan pack migrate moves them\n", why);
    return 0;
}

static int migrate(const char *pack)
{
    return command_pack_migrate(pack, map_file, reason, really, json);
}

static int make_new(const char *folder)
{
    return command_pack_new(folder, id, title);
}

static int say_together(const Pack *const *packs, gsize n, gboolean all)
{
    g_autoptr(GPtrArray) refusals = pack_check_together(packs, n, all, guard_role_known);
    for (guint i = 0; i < refusals->len; i++)
        puts(refusals->pdata[i]);
    if (refusals->len) printf("%u to mend\n", refusals->len);
    return refusals->len ? 1 : 0;
}

static int check(const char *folder)
{
    g_autoptr(GPtrArray) refusals = pack_check(folder);
    for (guint i = 0; i < refusals->len; i++)
        puts(refusals->pdata[i]);
    if (refusals->len) {
        printf("%u to mend\n", refusals->len);
        return 1;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_load(folder, &error);
    if (!pack) return command_fail(error, json);
    const Pack *one = pack;
    if (say_together(&one, 1, FALSE)) return 1;
    printf("%s is sound: %s, version %s\n", pack_id(pack), pack_title(pack, "zh"), pack_version(pack));
    return against ? compare(pack) : 0;
}

/* Of several folders also what only shows beside one another. */
static int check_all(char **folders, gsize n)
{
    g_autoptr(GPtrArray) packs = g_ptr_array_new_with_free_func((GDestroyNotify)pack_free);
    int status = 0;
    for (gsize i = 0; i < n; i++) {
        Pack *pack = check(folders[i]) == 0 ? pack_load(folders[i], NULL) : NULL;
        if (pack) g_ptr_array_add(packs, pack);
        status = pack ? status : 1;
    }
    return say_together((const Pack *const *)packs->pdata, packs->len, status == 0) || status;
}

static int run_scenarios(const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    gboolean well = pack_run_scenarios(folder, lines, &error);
    for (guint i = 0; i < lines->len; i++)
        puts(lines->pdata[i]);
    if (!well && error) return command_fail(error, json);
    return well ? 0 : 1;
}

static int show(const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_load(folder, &error);
    if (!pack) return command_fail(error, json);
    puts(pack_canonical(pack));
    return 0;
}

static int draw(const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_load(folder, &error);
    if (!pack) return command_fail(error, json);
    if (language && strcmp(language, "zh") != 0 && strcmp(language, "en") != 0) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE, "--lang is zh or en, not %s", language);
        return command_fail(error, json);
    }
    g_autofree char *svg = pack_diagram_svg(pack, language ? language : "zh");
    if (!out_file) fputs(svg, stdout);
    if (out_file && !g_file_set_contents(out_file, svg, -1, &error)) return command_fail(error, json);
    return 0;
}

static int list_rules(void)
{
    gsize n;
    const PackRule *rules = pack_rules(&n);
    for (gsize i = 0; i < n; i++)
        printf("%-20s %s\n%-20s %s\n", rules[i].id, rules[i].en, "", rules[i].zh);
    return 0;
}

int command_pack(int argc, char **argv)
{
    const GOptionEntry entries[] = {
        COMMAND_FOLDER,
        COMMAND_PACKS,
        { "json", 0, 0, G_OPTION_ARG_NONE, &json, "errors for scripts", NULL },
        { "against", 0, 0, G_OPTION_ARG_FILENAME, &against,
          "check: what changes beside an older folder of it", "DIR" },
        { "map", 0, 0, G_OPTION_ARG_FILENAME, &map_file,
          "migrate: what becomes of old states, clocks, fields", "FILE" },
        { "why", 0, 0, G_OPTION_ARG_STRING, &reason, "migrate: the reason, said in the event of each case",
          "TEXT" },
        { "apply", 0, 0, G_OPTION_ARG_NONE, &really, "migrate: not only on paper", NULL },
        { "id", 0, 0, G_OPTION_ARG_STRING, &id, "new: the service's id; otherwise the folder's name", "ID" },
        { "title", 0, 0, G_OPTION_ARG_STRING, &title, "new: what people call it", "TITLE" },
        { "lang", 0, 0, G_OPTION_ARG_STRING, &language, "draw: language of the texts, zh (the default) or en",
          "LANG" },
        { "out", 0, 0, G_OPTION_ARG_FILENAME, &out_file, "draw: where to; not said: standard output",
          "FILE.svg" },
        { NULL }
    };
    int status = command_options("pack", entries, &argc, &argv);
    if (status >= 0) return status;
    static const struct {
        const char *name;
        int (*run)(const char *folder);
    } deeds[] = { { "check", check }, { "test", run_scenarios }, { "show", show },
                  { "draw", draw },   { "migrate", migrate },    { "new", make_new } };
    if (argc == 2 && strcmp(argv[1], "rules") == 0) return list_rules();
    if (argc > 3 && strcmp(argv[1], "check") == 0) return check_all(argv + 2, (gsize)argc - 2);
    for (gsize i = 0; argc == 3 && i < G_N_ELEMENTS(deeds); i++)
        if (strcmp(argv[1], deeds[i].name) == 0) return deeds[i].run(argv[2]);
    g_autoptr(GError) error = NULL;
    g_set_error(&error, CLI_ERROR, CLI_ERROR_USE,
                "say new, check, test, show or draw and a pack's folder (check: or several), migrate and a "
                "service, or rules: "
                "bihuan pack "
                "check packs/incident");
    return command_fail(error, json);
}
