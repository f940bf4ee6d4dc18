/* report.c - report list, freeze, show, export, verify: editions of reports, frozen and handed round. */
#include "cli/command.h"
#include "desk/report/report.h"
#include "loop/measure/report.h"

static char *why, *pdf, *xlsx, *table, *lang;
static int edition;

static const char *language(void)
{
    return lang && !strcmp(lang, "en") ? "en" : "zh";
}

static int list(Home *home, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(home->store, error);
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    if (!conn || !measure_report_list(home->room, conn, NULL, &out, error)) return 1;
    if (command_given.json) return puts(text->str) < 0;
    json_t *all = base_json_parse(text->str, text->len, BASE_JSON_LARGE, error);
    const json_t *editions = json_object_get(all, "editions");
    for (gsize i = 0; i < json_array_size(editions); i++) {
        const json_t *e = json_array_get(editions, i);
        g_autofree char *name = report_name(e, language());
        printf("%s  %s  %s  %.16s%s\n", json_string_value(json_object_get(e, "pack")),
               json_string_value(json_object_get(e, "report")), name,
               json_string_value(json_object_get(e, "digest")),
               json_is_true(json_object_get(e, "sound")) ? "" : "  does not follow from the ledger");
    }
    json_decref(all);
    return 0;
}

typedef struct {
    CaseRoom *room;
    MeasureFreeze of;
    gint64 edition;
} Deed;

static gboolean freeze_job(StoreConn *conn, gpointer data, GError **error)
{
    Deed *deed = data;
    return measure_report_freeze(deed->room, conn, &deed->of, &deed->edition, error);
}

static int freeze(Home *home, char **what, GError **error)
{
    Deed deed = { home->room,
                  { .pack = what[0],
                    .report = what[1],
                    .period = what[2],
                    .why = why,
                    .actor = command_login(),
                    .now = base_clock_real_now() },
                  0 };
    if (!store_write(home->store, freeze_job, &deed, error)) return 1;
    printf("%s %s %s: edition %" G_GINT64_FORMAT " is frozen\n", what[0], what[1], what[2], deed.edition);
    return 0;
}

static json_t *get(Home *home, char **what, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(home->store, error);
    return conn ? measure_report_get(home->room, conn, what[0], what[1], what[2], edition, error) : NULL;
}

static int show(Home *home, char **what, GError **error)
{
    json_t *body = get(home, what, error);
    if (!body) return 1;
    if (command_given.json) {
        g_autofree char *text = base_json_canonical(body);
        puts(text);
    } else {
        g_autofree char *text = report_csv(body, language());
        fputs(text + strlen("\xef\xbb\xbf"), stdout);
    }
    json_decref(body);
    return 0;
}

static gboolean save(const char *path, GBytes *bytes, GError **error)
{
    gsize n;
    const char *data = bytes ? g_bytes_get_data(bytes, &n) : NULL;
    gboolean well = data && g_file_set_contents(path, data, (gssize)n, error);
    if (bytes) g_bytes_unref(bytes);
    return well;
}

static int export(Home *home, char **what, GError **error)
{
    json_t *body = get(home, what, error);
    if (!body) return 1;
    g_autofree char *text = table ? report_csv(body, language()) : NULL;
    gboolean well = (!pdf || save(pdf, report_pdf(body, language(), error), error)) &&
                    (!xlsx || save(xlsx, report_xlsx(body, language(), error), error)) &&
                    (!table || g_file_set_contents(table, text, -1, error));
    json_decref(body);
    return !well;
}

/* The ledger is replayed aside; each edition must come out as it was frozen. */
static int verify(Home *home, GError **error)
{
    g_autoptr(GPtrArray) differences = g_ptr_array_new_with_free_func(g_free);
    guint wrong = 0;
    gboolean well = case_verify(home->room, command_progress, (gpointer) "verifying", differences, error);
    command_progress_end();
    if (!well) return 1;
    for (guint i = 0; i < differences->len; i++)
        if (g_str_has_prefix(differences->pdata[i], "report ")) {
            wrong++;
            puts(differences->pdata[i]);
        }
    if (command_given.json) printf("{\"differences\":%u}\n", wrong);
    if (!wrong && !command_given.json) puts("every edition is what the ledger says, to the byte");
    return wrong ? 1 : 0;
}

int command_edition(int argc, char **argv)
{
    const GOptionEntry entries[] = {
        COMMAND_FOLDER,
        COMMAND_PACKS,
        COMMAND_JSON,
        { "edition", 0, 0, G_OPTION_ARG_INT, &edition, "which edition; else the last", "N" },
        { "why", 0, 0, G_OPTION_ARG_STRING, &why, "why a further edition is made", "TEXT" },
        { "pdf", 0, 0, G_OPTION_ARG_FILENAME, &pdf, "write a PDF", "FILE" },
        { "xlsx", 0, 0, G_OPTION_ARG_FILENAME, &xlsx, "write a workbook", "FILE" },
        { "csv", 0, 0, G_OPTION_ARG_FILENAME, &table, "write a table", "FILE" },
        { "lang", 0, 0, G_OPTION_ARG_STRING, &lang, "zh (the default) or en", "LANG" },
        { NULL },
    };
    int status = command_options("report", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    g_auto(Home) home = { 0 };
    const char *deed = argv[1];
    gboolean of_one =
        argc == 5 && (!strcmp(deed, "freeze") || !strcmp(deed, "show") || !strcmp(deed, "export"));
    if (!of_one && !(argc == 2 && (!strcmp(deed, "list") || !strcmp(deed, "verify")))) {
        g_set_error(
            &error, CLI_ERROR, CLI_ERROR_USE,
            "say one of: list, verify, freeze PACK REPORT PERIOD, show PACK REPORT PERIOD, export PACK "
            "REPORT PERIOD --pdf FILE");
        return command_fail(error, command_given.json);
    }
    if (!command_home(&home, COMMAND_OPEN, &error)) return command_fail(error, command_given.json);
    status = *deed == 'l'   ? list(&home, &error)
             : *deed == 'v' ? verify(&home, &error)
             : *deed == 'f' ? freeze(&home, argv + 2, &error)
             : *deed == 's' ? show(&home, argv + 2, &error)
                            : export(&home, argv + 2, &error);
    return error ? command_fail(error, command_given.json) : status;
}
