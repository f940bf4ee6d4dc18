/* keep.c - commands that keep a city: init, backup, restore, audit, user. */
#include "cli/command.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static char *witness, *name, *org, *unit, *roles;
static gboolean from_stdin;

int command_init(int argc, char **argv)
{
    const GOptionEntry entries[] = { COMMAND_FOLDER, COMMAND_PACKS, { NULL } };
    int status = command_options("init", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    g_autofree char *where = home_folder(command_given.folder),
                    *store = g_build_filename(where, "store", NULL);
    if (g_file_test(store, G_FILE_TEST_EXISTS)) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_FOLDER, "%s holds a city already; it was left as it is",
                    where);
        return command_fail(error, FALSE);
    }
    g_auto(Home) home = { 0 };
    if (!command_home(&home, COMMAND_CREATE, &error)) return command_fail(error, FALSE);
    g_autofree char *key = guard_public_key(home.guard);
    printf("a city was made in %s\nits log is signed with %s\n", where, key);
    printf("next: bihuan user add LOGIN --name NAME --org ORG --roles admin --folder %s\n", where);
    return 0;
}

/* ---- copies ---- */

static gboolean copy_file(const char *from, const char *to, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize length;
    if (!g_file_get_contents(from, &bytes, &length, error)) return FALSE;
    return g_file_set_contents_full(
        to, bytes, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

static gboolean copy_keys(const char *from_home, const char *to_home, GError **error)
{
    g_autofree char *from = g_build_filename(from_home, "keys", NULL),
                    *to = g_build_filename(to_home, "keys", NULL);
    g_autoptr(GDir) dir = g_dir_open(from, 0, error);
    if (!dir) return FALSE;
    if (g_mkdir_with_parents(to, 0700) != 0) {
        g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER, "%s cannot be made: %s", to, g_strerror(errno));
        return FALSE;
    }
    for (const char *file; (file = g_dir_read_name(dir));) {
        g_autofree char *source = g_build_filename(from, file, NULL),
                        *target = g_build_filename(to, file, NULL);
        if (!copy_file(source, target, error)) return FALSE;
    }
    return TRUE;
}

static gboolean is_free(const char *path, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) return TRUE;
    g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER,
                "%s is there already; a copy is only made into a place that is free", path);
    return FALSE;
}

/* Open the copy and check its ledger from the first leaf to the last checkpoint. */
static gboolean check_home(const char *where, GuardAudit *audit, GError **error)
{
    g_auto(Home) home = { 0 };
    HomeOptions options = { .folder = where, .without_packs = TRUE, .chance = base_chance_system() };
    gboolean read =
        home_open(&home, &options, error) &&
        guard_audit_verify(home.guard, NULL, command_progress, (gpointer) "checking the copy", audit, error);
    command_progress_end();
    if (read && !audit->sound) {
        g_set_error(error, CLI_ERROR, CLI_ERROR_UNSOUND, "the copy in %s is not sound: %s", where,
                    audit->why);
        return FALSE;
    }
    return read;
}

static gboolean copy_store(const char *from_home, const char *to_home, GError **error)
{
    g_autofree char *from = g_build_filename(from_home, "store", NULL),
                    *to = g_build_filename(to_home, "store", NULL);
    StoreOptions beside = { .path = from, .read_only = TRUE }; /* the city may be served meanwhile */
    g_autoptr(Store) store = store_sqlite_open(&beside, error);
    gboolean well = store && store_backup(store, to, command_progress, (gpointer) "copying", error);
    command_progress_end();
    return well;
}

static int copy_city(const char *from, const char *to, const char *deed)
{
    g_autoptr(GError) error = NULL;
    GuardAudit audit = { 0 };
    g_autofree char *store = g_build_filename(to, "store", NULL);
    if (!is_free(store, &error)) return command_fail(error, FALSE);
    if (g_mkdir_with_parents(to, 0700) != 0) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_FOLDER, "%s cannot be made: %s", to, g_strerror(errno));
        return command_fail(error, FALSE);
    }
    if (!copy_keys(from, to, &error) || !copy_store(from, to, &error) || !check_home(to, &audit, &error))
        return command_fail(error, FALSE);
    printf("%s to %s: %" G_GINT64_FORMAT " events, every leaf and checkpoint sound\n", deed, to,
           audit.ledger.events);
    return 0;
}

int command_backup(int argc, char **argv)
{
    const GOptionEntry entries[] = { COMMAND_FOLDER, { NULL } };
    int status = command_options("backup", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    if (argc != 2) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE,
                    "one folder to copy into is needed. It will hold the city's keys: keep it safe");
        return command_fail(error, FALSE);
    }
    g_autofree char *from = home_folder(command_given.folder);
    return copy_city(from, argv[1], "backed up");
}

int command_restore(int argc, char **argv)
{
    const GOptionEntry entries[] = { COMMAND_FOLDER, { NULL } };
    int status = command_options("restore", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    if (argc != 2) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE, "one folder to restore from is needed");
        return command_fail(error, FALSE);
    }
    g_autofree char *to = home_folder(command_given.folder);
    return copy_city(argv[1], to, "restored");
}

/* ---- audit ---- */

static int audit_verify(Home *home)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *note = NULL;
    GuardAudit audit = { 0 };
    if (witness && !g_file_get_contents(witness, &note, NULL, &error))
        return command_fail(error, command_given.json);
    gboolean read =
        guard_audit_verify(home->guard, note, command_progress, (gpointer) "verifying", &audit, &error);
    command_progress_end();
    if (!read) return command_fail(error, command_given.json);
    if (command_given.json) {
        json_t *out =
            json_pack("{s:b, s:I, s:I, s:s}", "sound", audit.sound, "events", (json_int_t)audit.ledger.events,
                      "checkpoints", (json_int_t)audit.checkpoints, "why", audit.why);
        json_dumpf(out, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(out);
    } else if (audit.sound) {
        printf("sound: %" G_GINT64_FORMAT " events, %" G_GINT64_FORMAT " checkpoints%s\n",
               audit.ledger.events, audit.checkpoints, witness ? ", and the witness's" : "");
    } else {
        printf("NOT sound: %s\n", audit.why);
    }
    return audit.sound ? 0 : 1;
}

int command_audit(int argc, char **argv)
{
    const GOptionEntry entries[] = { COMMAND_FOLDER,
                                     COMMAND_JSON,
                                     { "witness", 0, 0, G_OPTION_ARG_FILENAME, &witness,
                                       "a checkpoint that somebody else kept", "FILE" },
                                     { NULL } };
    int status = command_options("audit", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    const char *what = argc == 2 ? argv[1] : "";
    g_auto(Home) home = { 0 };
    if (strcmp(what, "verify") != 0 && strcmp(what, "checkpoint") != 0 && strcmp(what, "key") != 0) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE, "say one of: verify, checkpoint, key");
        return command_fail(error, command_given.json);
    }
    if (!command_home(&home, COMMAND_LEDGER_ONLY, &error)) return command_fail(error, command_given.json);
    if (*what == 'v') return audit_verify(&home);
    g_autofree char *text = *what == 'k' ? guard_public_key(home.guard)
                                         : guard_checkpoint(home.guard, base_clock_real_now(), &error);
    if (!text) return command_fail(error, command_given.json);
    printf("%s%s", text, g_str_has_suffix(text, "\n") ? "" : "\n");
    return 0;
}

/* ---- users ---- */

static char *read_line(FILE *in)
{
    char line[512];
    if (!fgets(line, sizeof line, in)) return NULL;
    return g_strdup(g_strchomp(line));
}

static char *ask_password(void)
{
    struct termios before, quiet;
    if (from_stdin || !isatty(STDIN_FILENO)) return read_line(stdin);
    fputs("password: ", stderr);
    tcgetattr(STDIN_FILENO, &before);
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    char *password = read_line(stdin);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return password;
}

static gboolean add_user(Home *home, const char *login, GError **error)
{
    if (!name || !org || !roles) {
        g_set_error(error, CLI_ERROR, CLI_ERROR_USE, "--name, --org and --roles are needed");
        return FALSE;
    }
    g_auto(GStrv) list = g_strsplit(roles, ",", 16);
    g_autofree char *password = ask_password(), *login_copy = g_strdup(login);
    gint64 now = base_clock_real_now();
    GuardUser user = { .login = login_copy, .name = name, .org = org, .unit = unit, .roles = list };
    return guard_user_put(home->guard, &user, password ? password : "", now, now, command_login(), error);
}

static gboolean list_users(Home *home, GError **error)
{
    g_autoptr(GPtrArray) users = guard_user_list(home->guard, error);
    for (guint i = 0; users && i < users->len; i++) {
        const GuardUser *user = users->pdata[i];
        g_autofree char *joined = g_strjoinv(",", user->roles);
        printf("%-20s %-16s %-12s %-10s %s\n", user->login, user->name, user->org,
               user->unit ? user->unit : "-", joined);
    }
    return users != NULL;
}

int command_user(int argc, char **argv)
{
    const GOptionEntry entries[] = {
        COMMAND_FOLDER,
        { "name", 0, 0, G_OPTION_ARG_STRING, &name, "the person's name", "NAME" },
        { "org", 0, 0, G_OPTION_ARG_STRING, &org, "the organisation's id", "ORG" },
        { "unit", 0, 0, G_OPTION_ARG_STRING, &unit, "the unit whose account this is", "UNIT" },
        { "roles", 0, 0, G_OPTION_ARG_STRING, &roles, "with commas; src/guard/rights.def lists them", "R,R" },
        { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &from_stdin, "read the password from standard input",
          NULL },
        { NULL },
    };
    int status = command_options("user", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    g_auto(Home) home = { 0 };
    const char *what = argc > 1 ? argv[1] : "";
    gboolean adds = strcmp(what, "add") == 0 && argc == 3, ends = strcmp(what, "disable") == 0 && argc == 3;
    if (!adds && !ends && !(strcmp(what, "list") == 0 && argc == 2)) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE, "say one of: add LOGIN, list, disable LOGIN");
        return command_fail(error, FALSE);
    }
    if (!command_home(&home, COMMAND_LEDGER_ONLY, &error)) return command_fail(error, FALSE);
    gboolean well =
        adds   ? add_user(&home, argv[2], &error)
        : ends ? guard_user_disable(home.guard, argv[2], base_clock_real_now(), command_login(), &error)
               : list_users(&home, &error);
    if (!well) return command_fail(error, FALSE);
    if (adds || ends) printf("%s was %s\n", argv[2], adds ? "added" : "disabled, and signed out everywhere");
    return 0;
}
