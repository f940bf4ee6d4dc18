/* calendar.c - the command about working days: what counts, what a notice would change, making it so. */
#include "cli/command.h"
#include "loop/case/days.h"
#include <string.h>

#define SHOWN 20

static gboolean json;
static gint year;

static BaseDays *read_notice(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(path, &text, &length, error)) return NULL;
    BaseDays *days = base_days_read(text, length, error);
    if (!days) g_prefix_error(error, "%s: ", path);
    return days;
}

static int year_of(gint32 day)
{
    int of_year, month, day_of_month;
    base_day_split(day, &of_year, &month, &day_of_month);
    return of_year;
}

static int show(const Home *home)
{
    const BaseDays *days = case_days(home->room);
    for (gsize i = 0; i < base_days_size(days); i++) {
        const BaseDay row = base_days_at(days, i);
        char date[11];
        base_day_write(row.day, date);
        if (year && year_of(row.day) != year) continue;
        printf("%s\t%s\t%s\t%s\n", date, row.works ? "work" : "off", row.name ? row.name : "",
               row.calendar ? row.calendar : "");
    }
    printf("# published up to %d; later years follow Monday to Friday and are provisional\n",
           base_days_last_published(days));
    return 0;
}

static void print_instant(const char *word, const json_t *at)
{
    char text[17] = "never";
    if (json_is_integer(at)) base_time_write(json_integer_value(at), BASE_CHINA_OFFSET, text);
    printf("%s%s", word, text);
}

static void print_survey(const json_t *found)
{
    const json_t *days = json_object_get(found, "days"), *first = json_object_get(found, "first");
    for (gsize i = 0; i < json_array_size(days); i++)
        printf("  %s becomes a day %s\n", json_string_value(json_array_get(json_array_get(days, i), 0)),
               json_is_true(json_array_get(json_array_get(days, i), 1)) ? "worked" : "off");
    printf("%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
           " running clocks move (at most %d of each are shown)\n",
           json_integer_value(json_object_get(found, "moved")),
           json_integer_value(json_object_get(found, "clocks")), SHOWN);
    for (gsize i = 0; i < json_array_size(first); i++) {
        const json_t *clock = json_array_get(first, i);
        printf("  %s %s", json_string_value(json_object_get(clock, "number")),
               json_string_value(json_object_get(clock, "clock")));
        print_instant(": ", json_object_get(clock, "was"));
        print_instant(" -> ", json_object_get(clock, "becomes"));
        putchar('\n');
    }
}

static gboolean survey(const Home *home, const BaseDays *days, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(home->store, error);
    BaseJson j = base_json_to(text);
    if (!conn || !case_days_survey(home->room, conn, days, SHOWN, &j, error)) return FALSE;
    if (json) {
        puts(text->str);
        return TRUE;
    }
    json_t *found = base_json_parse(text->str, text->len, BASE_JSON_LARGE, error);
    if (found) print_survey(found);
    json_decref(found);
    return found != NULL;
}

static gboolean apply(const Home *home, const BaseDays *days, GError **error)
{
    gint64 moved = 0;
    if (!case_days_change(home->room, days, command_login(), base_clock_real_now(), &moved, error))
        return FALSE;
    printf("in force; %" G_GINT64_FORMAT " clocks were projected anew\n", moved);
    return TRUE;
}

int command_calendar(int argc, char **argv)
{
    const GOptionEntry entries[] = { COMMAND_FOLDER,
                                     COMMAND_PACKS,
                                     { "year", 0, 0, G_OPTION_ARG_INT, &year, "show: of this year only",
                                       "Y" },
                                     { "json", 0, 0, G_OPTION_ARG_NONE, &json, "check: as JSON", NULL },
                                     { NULL } };
    int status = command_options("calendar", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    g_auto(Home) home = { 0 };
    const char *deed = argc > 1 ? argv[1] : "";
    const gboolean shows = !strcmp(deed, "show"), applies = !strcmp(deed, "apply");
    if ((shows ? argc != 2 : argc != 3) || (!shows && !applies && strcmp(deed, "check") != 0)) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE,
                    "say show, check FILE or apply FILE; a year's file of holiday-cn, or rows of date, off "
                    "or work, name");
        return command_fail(error, FALSE);
    }
    g_autoptr(BaseDays) days = shows ? NULL : read_notice(argv[2], &error);
    if ((!shows && !days) || !command_home(&home, COMMAND_OPEN, &error)) return command_fail(error, FALSE);
    if (shows) return show(&home);
    if (!survey(&home, days, &error) || (applies && !apply(&home, days, &error)))
        return command_fail(error, FALSE);
    if (!applies && !json) puts("nothing was changed; apply does it");
    return 0;
}
