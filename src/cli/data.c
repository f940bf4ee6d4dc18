/* data.c - commands about what the ledger holds: intake, report, verify, rebuild. */
#include "cli/command.h"
#include "loop/intake/intake.h"
#include "loop/measure/measure.h"
#include <sys/ioctl.h>

static char *pack, *mapping, *encoding, *period, *by;
static gboolean csv;

/* ---- intake ---- */

static void show_progress(const IntakeCount *count, gpointer data)
{
    command_progress(count->bytes_done, count->bytes_all, (gpointer) "reading");
    (void)data;
}

static void show_bad_row(gsize line, const char *why, gpointer data)
{
    int *shown = data;
    if (command_given.json || ++*shown > 20) return;
    command_progress_end();
    fprintf(stderr, "line %" G_GSIZE_FORMAT ": %s\n", line, why);
    if (*shown == 20) fprintf(stderr, "(further refused rows are counted only)\n");
}

static gboolean map_file(const char *path, GMappedFile **out, GError **error)
{
    *out = g_mapped_file_new(path, FALSE, error);
    return *out != NULL;
}

static int read_table(Home *home, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GMappedFile) file = NULL;
    BaseEncoding named;
    if (encoding && !base_encoding_parse(encoding, &named)) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE,
                    "no encoding \"%s\"; UTF-8, GB18030, UTF-16LE, UTF-16BE, BIG5 are known", encoding);
        return command_fail(error, command_given.json);
    }
    if (!map_file(path, &file, &error)) return command_fail(error, command_given.json);
    int shown = 0;
    CaseActor actor = { .actor = command_login(), .roles = (const char *const[]){ "dispatcher", NULL } };
    IntakeOptions options = { .pack = pack,
                              .mapping = mapping,
                              .encoding = encoding ? &named : NULL,
                              .actor = &actor,
                              .progress = show_progress,
                              .bad_row = show_bad_row,
                              .data = &shown,
                              .now = base_clock_real_now() };
    IntakeCount count = { 0 };
    gint64 start = g_get_monotonic_time();
    gboolean well = intake_table(home->room, (const guint8 *)g_mapped_file_get_contents(file),
                                 g_mapped_file_get_length(file), &options, &count, &error);
    command_progress_end();
    double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    if (!well) return command_fail(error, command_given.json);
    if (command_given.json)
        printf("{\"rows\":%" G_GINT64_FORMAT ",\"opened\":%" G_GINT64_FORMAT ",\"again\":%" G_GINT64_FORMAT
               ",\"bad\":%" G_GINT64_FORMAT ",\"seconds\":%.3f}\n",
               count.rows, count.opened, count.again, count.bad, seconds);
    else
        printf("%" G_GINT64_FORMAT " rows: %" G_GINT64_FORMAT " cases opened, %" G_GINT64_FORMAT
               " known already, %" G_GINT64_FORMAT " refused; %.1f s, %.0f signals/s\n",
               count.rows, count.opened, count.again, count.bad, seconds,
               (double)count.opened / MAX(seconds, 1e-3));
    if (count.bad && !command_given.json)
        fputs("mend the refused rows and read the table again: rows that were read are known\n", stderr);
    return count.bad ? 1 : 0;
}

int command_intake(int argc, char **argv)
{
    const GOptionEntry entries[] = {
        COMMAND_FOLDER,
        COMMAND_PACKS,
        COMMAND_JSON,
        { "pack", 0, 0, G_OPTION_ARG_STRING, &pack, "the service", "ID" },
        { "mapping", 0, 0, G_OPTION_ARG_STRING, &mapping,
          "which of the pack's mappings; else the first that fits", "ID" },
        { "encoding", 0, 0, G_OPTION_ARG_STRING, &encoding, "of the table; else found by its bytes", "NAME" },
        { NULL },
    };
    int status = command_options("intake", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    if (argc != 2 || !pack) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE,
                    "--pack and one file are needed, for example: bihuan intake --pack workorder may.csv");
        return command_fail(error, command_given.json);
    }
    g_auto(Home) home = { 0 };
    if (!command_home(&home, COMMAND_OPEN, &error)) return command_fail(error, command_given.json);
    return read_table(&home, argv[1]);
}

/* ---- report ---- */

static void print_value(const json_t *value, GString *line)
{
    const json_t *result = json_object_get(value, "value");
    const char *unit = json_string_value(json_object_get(value, "unit_zh"));
    g_autofree char *shown =
        json_is_number(result)
            ? g_strdup_printf("%.1f", json_number_value(result) * (g_strcmp0(unit, "%") == 0 ? 100 : 1))
            : g_strdup("");
    const char *text[] = { json_string_value(json_object_get(value, "pack")),
                           json_string_value(json_object_get(value, "id")),
                           json_string_value(json_object_get(value, "title_zh")),
                           json_string_value(json_object_get(value, "group")),
                           shown,
                           unit };
    for (gsize i = 0; i < G_N_ELEMENTS(text); i++)
        base_csv_write_field(line, text[i] ? text[i] : "", i == 0);
    static const char *const counts[] = { "num", "den", "left_out" };
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
        g_string_append_printf(line, ",%" JSON_INTEGER_FORMAT,
                               json_integer_value(json_object_get(value, counts[i])));
}

/* Columns padded to their width as a terminal shows it: CJK characters take two places. */
static int shown_width(const char *text)
{
    int width = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        width += g_unichar_iswide(g_utf8_get_char(p)) ? 2 : 1;
    return width;
}

static void print_table(const GString *rows)
{
    int width[9] = { 0 };
    g_auto(GStrv) lines = g_strsplit(rows->str, "\n", 0);
    for (int pass = 0; pass < 2; pass++)
        for (char **line = lines; *line && **line; line++) {
            g_auto(GStrv) cells = g_strsplit(*line, ",", 9);
            for (int i = 0; cells[i]; i++) {
                if (pass == 0)
                    width[i] = MAX(width[i], shown_width(cells[i]));
                else
                    printf("%s%*s", cells[i], cells[i + 1] ? width[i] - shown_width(cells[i]) + 2 : 0, "");
            }
            if (pass) putchar('\n');
        }
}

int command_report(int argc, char **argv)
{
    if (argc > 1 && *argv[1] != '-') return command_edition(argc, argv);
    const GOptionEntry entries[] = {
        COMMAND_FOLDER,
        COMMAND_PACKS,
        COMMAND_JSON,
        { "pack", 0, 0, G_OPTION_ARG_STRING, &pack, "one service only", "ID" },
        { "period", 0, 0, G_OPTION_ARG_STRING, &period,
          "2026-11-23, 2026-11, 2026-Q4, 2026-H2 or 2026; else all time", "P" },
        { "by", 0, 0, G_OPTION_ARG_STRING, &by, "org, org_tree or area", "GROUP" },
        { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, "as a table for a spreadsheet", NULL },
        { NULL },
    };
    int status = command_options("report", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    g_auto(Home) home = { 0 };
    if (!command_home(&home, COMMAND_OPEN, &error)) return command_fail(error, command_given.json);
    g_autoptr(StoreConn) conn = store_read_begin(home.store, &error);
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson out = base_json_to(text);
    MeasureQuery query = { .pack = pack, .period = period, .by = by };
    if (!conn || !measure_view(home.room, conn, &query, &out, &error))
        return command_fail(error, command_given.json);
    if (command_given.json) {
        puts(text->str);
        return 0;
    }
    json_t *view = base_json_parse(text->str, text->len, BASE_JSON_LARGE, &error);
    if (!view) return command_fail(error, command_given.json);
    g_autoptr(GString) rows = g_string_new("pack,indicator,title,group,value,unit,num,den,left out\n");
    const json_t *values = json_object_get(view, "values");
    for (gsize i = 0; i < json_array_size(values); i++) {
        print_value(json_array_get(values, i), rows);
        g_string_append_c(rows, '\n');
    }
    if (csv)
        fputs(rows->str, stdout);
    else
        print_table(rows);
    json_decref(view);
    return 0;
}

/* ---- rebuild and verify ---- */

int command_rebuild(int argc, char **argv)
{
    const GOptionEntry entries[] = { COMMAND_FOLDER, COMMAND_PACKS, { NULL } };
    int status = command_options("rebuild", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    g_auto(Home) home = { 0 };
    gboolean well = command_home(&home, COMMAND_OPEN, &error) &&
                    case_rebuild(home.room, command_progress, (gpointer) "rebuilding", &error);
    command_progress_end();
    if (!well) return command_fail(error, FALSE);
    puts("every projection was made again from the ledger");
    return 0;
}

int command_verify(int argc, char **argv)
{
    const GOptionEntry entries[] = { COMMAND_FOLDER, COMMAND_PACKS, COMMAND_JSON, { NULL } };
    int status = command_options("verify", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    g_auto(Home) home = { 0 };
    g_autoptr(GPtrArray) differences = g_ptr_array_new_with_free_func(g_free);
    gboolean well = command_home(&home, COMMAND_OPEN, &error) &&
                    case_verify(home.room, command_progress, (gpointer) "verifying", differences, &error);
    command_progress_end();
    if (!well) return command_fail(error, command_given.json);
    if (command_given.json) printf("{\"differences\":%u}\n", differences->len);
    for (guint i = 0; i < differences->len && !command_given.json; i++)
        puts(differences->pdata[i]);
    if (!differences->len && !command_given.json) puts("every row is what the ledger says");
    return differences->len ? 1 : 0;
}
