/* command.h - what every command of the program shares: its row in the table, its options, progress and
 * output. */
#pragma once
#include "cli/home.h"
#include <stdio.h>

typedef struct {
    const char *name, *what;           /* what: one line for the list */
    const char *use;                   /* behind the name: arguments and an example or two */
    int arguments;                     /* how many it takes at most */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
} Command;

extern const Command *const command_table; /* ends with a NULL name */

int command_init(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_intake(int argc, char **argv);
int command_report(int argc, char **argv);
int command_edition(int argc, char **argv); /* report with a word behind it */
int command_audit(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_rebuild(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_pack(int argc, char **argv);
int command_pack_migrate(const char *pack, const char *map_file, const char *why, gboolean really,
                         gboolean as_json);
int command_pack_new(const char *folder, const char *id, const char *title);
int command_plan(int argc, char **argv);
int command_calendar(int argc, char **argv);
int command_user(int argc, char **argv);
int command_town(int argc, char **argv);
int command_notices(int argc, char **argv);
int command_completion(int argc, char **argv);

/* Parse options; prints help or the refusal. -1: go on; else the exit status. What is left in argv are
 * arguments. */
int command_options(const char *name, const GOptionEntry *entries, int *argc, char ***argv);
/* Options that many commands take, and the city they mean. */
typedef struct {
    char *folder, *packs;
    gboolean json;
} CommandGiven;
extern CommandGiven command_given;
/* clang-format off */
#define COMMAND_FOLDER { "folder", 0, 0, G_OPTION_ARG_FILENAME, &command_given.folder, "the city's folder", "DIR" }
#define COMMAND_PACKS { "packs", 0, 0, G_OPTION_ARG_FILENAME, &command_given.packs, "where the services are", "DIR" }
#define COMMAND_JSON { "json", 0, 0, G_OPTION_ARG_NONE, &command_given.json, "output for scripts", NULL }
/* clang-format on */
typedef enum { COMMAND_OPEN, COMMAND_LEDGER_ONLY, COMMAND_CREATE } CommandHow;
gboolean command_home(Home *home, CommandHow how, GError **error);
gboolean command_port(gint port, GError **error); /* is it one? */
/* Print an error as people read it (or as JSON on stderr when `json`); returns the exit status for it. */
int command_fail(const GError *error, gboolean json);
/* Progress on stderr when it is a terminal: "rebuilding  45 %". `data` is the word. */
void command_progress(gint64 done, gint64 total, gpointer word);
void command_progress_end(void);
const char *command_login(void); /* who runs this, for the ledger: "cli:<system user>" */
