/* plan.c - the command about plans: which cases will open by themselves, and why on that day. */
#include "cli/command.h"
#include "loop/case/days.h"
#include <string.h>

#define SHOWN 10

typedef struct {
    const Pack *pack;
    const PackPlan *plan;
    const BaseDays *days;
    gint64 from;
    int shown;
} Listing;

static gboolean print_day(const BaseOccurrence *o, gpointer data)
{
    static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    Listing *l = data;
    char day[11], date[11];
    if (o->at < l->from) return TRUE;
    base_day_write(o->day, day);
    base_day_write(o->date, date);
    printf("  %s %s", day, weekdays[(o->day + 3) % 7]);
    if (o->day != o->date)
        printf("  instead of %s %s: %s", date, weekdays[(o->date + 3) % 7],
               pack_plan_rest(l->pack, l->plan, o->date, l->days, "zh"));
    if (l->plan->moves && g_ascii_strtoll(MAX(o->day, o->date) == o->day ? day : date, NULL, 10) >
                              base_days_last_published(l->days))
        printf("  (provisional: that year's holidays are not announced)");
    putchar('\n');
    return ++l->shown < SHOWN;
}

static void list_pack(const Pack *pack, const BaseDays *days, gint64 from)
{
    for (gsize i = 0; i < pack_plans(pack); i++) {
        const PackPlan *plan = pack_plan_at(pack, i);
        Listing l = { pack, plan, days, from, 0 };
        printf("%s/%s %s, %s at %s\n", pack_id(pack), plan->id, plan->title_zh,
               json_string_value(json_object_get(plan->item, "rule")),
               json_string_value(json_object_get(plan->item, "at")));
        base_recur_walk(plan->recur, NULL, print_day, &l);
        if (l.shown < SHOWN) puts("  and none after");
    }
}

/* A service by itself, on the days that the program knows. */
static int list_folder(const char *folder, gint64 from)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_load(folder, &error);
    if (!pack) return command_fail(error, FALSE);
    list_pack(pack, base_days_built_in(), from);
    return 0;
}

static int list_city(gint64 from)
{
    g_autoptr(GError) error = NULL;
    g_auto(Home) home = { 0 };
    if (!command_home(&home, COMMAND_OPEN, &error)) return command_fail(error, FALSE);
    const GPtrArray *packs = case_room_packs(home.room);
    for (guint i = 0; i < packs->len; i++)
        list_pack(packs->pdata[i], case_days(home.room), from);
    return 0;
}

int command_plan(int argc, char **argv)
{
    g_autofree char *from_text = NULL;
    gint64 from = base_clock_real_now();
    const GOptionEntry entries[] = { COMMAND_FOLDER,
                                     COMMAND_PACKS,
                                     { "from", 0, 0, G_OPTION_ARG_STRING, &from_text,
                                       "from this day on; now when not said", "DATE" },
                                     { NULL } };
    int status = command_options("plan", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    if (argc < 2 || strcmp(argv[1], "list") != 0) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE, "say list, or list and a pack's folder");
        return command_fail(error, FALSE);
    }
    if (from_text && !base_time_parse(from_text, BASE_CHINA_OFFSET, &from)) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE, "--from takes a date, like 2026-11-23");
        return command_fail(error, FALSE);
    }
    return argc == 3 ? list_folder(argv[2], from) : list_city(from);
}
