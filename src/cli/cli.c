/* cli.c - the table of commands, help, completion. */
#include "cli/cli.h"
#include "cli/command.h"
#include <locale.h>
#include <string.h>
#include <unistd.h>

static const Command commands[] = {
    { "init", "make an empty city in a folder", "[--folder DIR]", 0, command_init },
    { "serve", "open a city to its people over HTTP", "[--folder DIR] [--port N] [--address A]", 0,
      command_serve },
    { "demo", "make a city that does not exist and play a day in it",
      "[--folder DIR] [--speed X] | --virtual [--days N] | --incidents FILE.csv --complaints FILE.csv", 0,
      command_demo },
    { "intake", "read a table of signals into cases", "--pack P [--mapping M] FILE.csv", 1, command_intake },
    { "report", "indicators by organisation, area and period; editions of reports",
      "[--pack P] [--period 2026-11] [--by org] [--csv | --json] | list | verify | freeze PACK REPORT PERIOD"
      " [--why TEXT] | show PACK REPORT PERIOD | export PACK REPORT PERIOD --pdf FILE --xlsx FILE",
      4, command_report },
    { "audit", "verify the ledger, or print its checkpoint", "verify [--witness NOTE] | checkpoint | key", 1,
      command_audit },
    { "verify", "rebuild every projection aside and compare it with the live one", "[--json]", 0,
      command_verify },
    { "rebuild", "make every projection again from the ledger", "", 0, command_rebuild },
    { "backup", "copy a city, also while it is served, and check the copy", "TO-DIR", 1, command_backup },
    { "restore", "make a city from a backup and check it", "FROM-DIR [--folder DIR]", 1, command_restore },
    { "pack", "check services as data, run their scenarios",
      "new DIR [--id ID] [--title T] | check DIR... [--against DIR] | test DIR | show DIR | draw DIR | rules "
      "| "
      "migrate "
      "SERVICE "
      "[--map FILE] [--apply]",
      1000, command_pack },
    { "plan", "cases that open by themselves: the next ten days of each, and why on those days",
      "list [PACK-DIR] [--from DATE]", 2, command_plan },
    { "calendar", "working days: what counts, and what a notice changes",
      "show [--year Y] | check FILE | apply FILE", 2, command_calendar },
    { "user", "add, list, disable people who may sign in",
      "add LOGIN --name N --org O --roles R,R | list | disable LOGIN", 2, command_user },
    { "town", "take over the registers of organisations and units",
      "orgs TABLE.csv | units TABLE.csv [--folder DIR]", 2, command_town },
    { "notices", "send notices that wait, list them, send one again, make a gateway's secret",
      "pump | list [--state S] [--number N] | retry MESSAGE | secret GATEWAY", 2, command_notices },
    { "completion", "print the completion script for bash", "", 0, command_completion },
    { NULL, NULL, NULL, 0, NULL },
};

const Command *const command_table = commands;

static int help(FILE *out)
{
    fprintf(out, "bihuan 闭环: closes a city's loops\n\n  bihuan COMMAND [options]\n\n");
    for (const Command *c = commands; c->name; c++)
        fprintf(out, "  %-11s %s\n", c->name, c->what);
    fprintf(
        out,
        "\nbihuan COMMAND --help says more. Exit status: 0 done, 1 refused or not sound, 2 used wrongly.\n"
        "BIHUAN_FOLDER and BIHUAN_PACKS stand in for --folder (var/city) and --packs (packs).\n");
    return out == stdout ? 0 : 2;
}

int command_options(const char *name, const GOptionEntry *entries, int *argc, char ***argv)
{
    const Command *command = commands;
    while (strcmp(command->name, name) != 0)
        command++;
    g_autoptr(GOptionContext) context = g_option_context_new(command->use);
    g_autofree char *program = g_strconcat("bihuan ", name, NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_set_summary(context, command->what);
    g_option_context_add_main_entries(context, entries, NULL);
    g_set_prgname(program);
    if (g_option_context_parse(context, argc, argv, &error)) {
        if (*argc - 1 <= command->arguments) return -1;
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE, "\"%s\" is one argument too many",
                    (*argv)[command->arguments + 1]);
    }
    fprintf(stderr, "%s: %s; see %s --help\n", program, error->message, program);
    return 2;
}

gboolean command_port(gint port, GError **error)
{
    if (port >= 0 && port <= G_MAXUINT16) return TRUE;
    g_set_error(error, CLI_ERROR, CLI_ERROR_USE, "--port is from 0 to %d, not %d", G_MAXUINT16, port);
    return FALSE;
}

CommandGiven command_given;

gboolean command_home(Home *home, CommandHow how, GError **error)
{
    HomeOptions options = { .folder = command_given.folder,
                            .packs = command_given.packs,
                            .create = how == COMMAND_CREATE,
                            .without_packs = how == COMMAND_LEDGER_ONLY,
                            .chance = base_chance_system(),
                            .at = base_clock_real_now() };
    return home_open(home, &options, error);
}

int command_fail(const GError *error, gboolean json)
{
    if (json) {
        json_t *problem = json_pack("{s:s}", "error", error ? error->message : "unknown");
        json_dumpf(problem, stderr, JSON_COMPACT);
        fputc('\n', stderr);
        json_decref(problem);
    } else {
        fprintf(stderr, "%s: %s\n", g_get_prgname(), error ? error->message : "refused without a word");
    }
    return g_error_matches(error, CLI_ERROR, CLI_ERROR_USE) ? 2 : 1;
}

static gboolean drawn;

void command_progress(gint64 done, gint64 total, gpointer word)
{
    static gint64 last;
    gint64 now = g_get_monotonic_time();
    if (!isatty(STDERR_FILENO) || (now - last < 100000 && done < total)) return;
    last = now;
    drawn = TRUE;
    fprintf(stderr, "\r%s %3d %%", (const char *)word, total > 0 ? (int)(done * 100 / total) : 0);
}

void command_progress_end(void)
{
    if (drawn) fputs("\r\033[K", stderr);
    drawn = FALSE;
}

const char *command_login(void)
{
    static char login[80];
    g_snprintf(login, sizeof login, "cli:%s", g_get_user_name());
    return login;
}

int command_completion(int argc, char **argv)
{
    static const GOptionEntry none[] = { { NULL } };
    int status = command_options("completion", none, &argc, &argv);
    if (status >= 0) return status;
    printf("_bihuan() {\n  local cur=${COMP_WORDS[COMP_CWORD]}\n  if [ \"$COMP_CWORD\" = 1 ]; then\n    "
           "COMPREPLY=($(compgen -W \"");
    for (const Command *c = commands; c->name; c++)
        printf("%s%s", c == commands ? "" : " ", c->name);
    printf("\" -- \"$cur\"))\n  elif [[ $cur == -* ]]; then\n"
           "    COMPREPLY=($(compgen -W \"$(bihuan \"${COMP_WORDS[1]}\" --help 2>/dev/null | grep -oE -- "
           "'--[a-z-]+' | sort -u)\" -- \"$cur\"))\n"
           "  else\n    COMPREPLY=($(compgen -f -- \"$cur\"))\n  fi\n}\ncomplete -F _bihuan bihuan\n");
    return 0;
}

int cli_main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8"); /* names in arguments are UTF-8 whatever the terminal's locale says */
    g_set_prgname("bihuan");
    if (argc < 2) return help(stderr);
    if (strcmp(argv[1], "help") == 0 && argc > 2) { /* help COMMAND is COMMAND --help */
        argv[1] = argv[2];
        argv[2] = (char *)"--help";
    }
    static const char *const asking[] = { "--help", "-h", "help", NULL };
    if (g_strv_contains(asking, argv[1])) return help(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        printf("bihuan %s\n", BIHUAN_VERSION);
        return 0;
    }
    for (const Command *c = commands; c->name; c++)
        if (strcmp(argv[1], c->name) == 0) return c->run(argc - 1, argv + 1);
    fprintf(stderr, "bihuan: there is no command \"%s\"; bihuan --help lists them\n", argv[1]);
    return 2;
}
