/* town.c - the command that tells a city its organisations and units, from tables as offices keep them. */
#include "cli/command.h"
#include "base/csv.h"
#include <string.h>

#define MOST_COLUMNS 8

typedef struct {
    const char *what;                      /* "orgs", "units" */
    const char *columns[MOST_COLUMNS + 1]; /* NULL-ended, in the order of the fields below */
    gboolean (*put)(CaseRoom *room, StoreConn *conn, char **field, gint64 now, GError **error);
} Register;

static gboolean put_org(CaseRoom *room, StoreConn *conn, char **f, gint64 now, GError **error)
{
    return case_put_org(room, conn, f[0], f[1], *f[2] ? f[2] : NULL, f[3], f[4], command_login(), now, error);
}

static gboolean put_unit(CaseRoom *room, StoreConn *conn, char **f, gint64 now, GError **error)
{
    char *ends[2];
    BasePoint at = { g_ascii_strtod(f[4], &ends[0]), g_ascii_strtod(f[5], &ends[1]) };
    if (*ends[0] || *ends[1] || !base_geo_sound(at)) {
        g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER,
                    "lat and lon are no place on earth; degrees in WGS-84 are needed");
        return FALSE;
    }
    return case_put_unit(room, conn, f[0], f[1], f[2], f[3], at, command_login(), now, error);
}

static const Register registers[] = {
    { "orgs", { "id", "name", "parent", "area", "kind", NULL }, put_org },
    { "units", { "id", "name", "org", "skills", "lat", "lon", NULL }, put_unit },
};

typedef struct {
    const Register *of;
    CaseRoom *room;
    BaseCsv *csv;
    gint64 now, rows;
} Reading;

/* Position of each column in the table's header; FALSE names the first that is missing. */
static gboolean find_columns(Reading *r, gsize at[MOST_COLUMNS], GError **error)
{
    char **header;
    gsize n;
    const char *why = "the table is empty";
    if (base_csv_next(r->csv, &header, &n, &why, error) != BASE_CSV_ROW) {
        if (error && !*error) g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER, "line 1: %s", why);
        return FALSE;
    }
    for (gsize c = 0; r->of->columns[c]; c++) {
        for (at[c] = 0; at[c] < n && strcmp(header[at[c]], r->of->columns[c]) != 0; at[c]++)
            continue;
        if (at[c] == n) {
            g_autofree char *wanted = g_strjoinv(", ", (char **)r->of->columns);
            g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER, "the table has no column \"%s\"; it needs %s",
                        r->of->columns[c], wanted);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean put_row(Reading *r, StoreConn *conn, char **row, gsize n, const gsize at[MOST_COLUMNS],
                        GError **error)
{
    char *field[MOST_COLUMNS], empty[] = "";
    for (gsize c = 0; r->of->columns[c]; c++) {
        field[c] = at[c] < n ? row[at[c]] : empty;
        if (c < 2 && !*field[c]) {
            g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER, "%s is empty", r->of->columns[c]);
            return FALSE;
        }
    }
    return r->of->put(r->room, conn, field, r->now, error);
}

/* All rows or none: a register half read is worse than the old one. */
static gboolean read_register(StoreConn *conn, gpointer data, GError **error)
{
    Reading *r = data;
    gsize at[MOST_COLUMNS], n;
    char **row;
    const char *why;
    if (!find_columns(r, at, error)) return FALSE;
    for (BaseCsvStep step; (step = base_csv_next(r->csv, &row, &n, &why, error)) != BASE_CSV_END; r->rows++) {
        if (step == BASE_CSV_BROKEN) return FALSE;
        if (step == BASE_CSV_BAD_ROW) {
            g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER, "line %" G_GSIZE_FORMAT ": %s",
                        base_csv_line(r->csv), why);
            return FALSE;
        }
        if (!put_row(r, conn, row, n, at, error)) {
            g_prefix_error(error, "line %" G_GSIZE_FORMAT ": ", base_csv_line(r->csv));
            return FALSE;
        }
    }
    return TRUE;
}

static int take(const Register *of, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &error);
    if (!file) return command_fail(error, FALSE);
    g_autoptr(BaseCsv) csv = base_csv_new((const guint8 *)g_mapped_file_get_contents(file),
                                          g_mapped_file_get_length(file), NULL, BASE_CSV_LIMITS, &error);
    g_auto(Home) home = { 0 };
    if (!csv || !command_home(&home, COMMAND_LEDGER_ONLY, &error)) return command_fail(error, FALSE);
    Reading reading = { .of = of, .room = home.room, .csv = csv, .now = base_clock_real_now() };
    if (!store_write(home.store, read_register, &reading, &error)) return command_fail(error, FALSE);
    printf("%" G_GINT64_FORMAT " %s\n", reading.rows, of->what);
    return 0;
}

int command_town(int argc, char **argv)
{
    const GOptionEntry entries[] = { COMMAND_FOLDER, { NULL } };
    int status = command_options("town", entries, &argc, &argv);
    if (status >= 0) return status;
    for (gsize i = 0; argc == 3 && i < G_N_ELEMENTS(registers); i++)
        if (strcmp(argv[1], registers[i].what) == 0) return take(&registers[i], argv[2]);
    g_autoptr(GError) error = NULL;
    g_set_error(&error, CLI_ERROR, CLI_ERROR_USE,
                "say orgs or units, and a table: orgs has id, name, parent, area, kind; units has id, name, "
                "org, skills, lat, lon");
    return command_fail(error, FALSE);
}
