/* Cases that open by themselves: on their day, once, whatever happens to the program, to the clock and to the
 * calendar. */
#include "loop/intake/plan.h"
#include "loop/case/days.h"
#include "loop/case/town_for_test.h"
#include "store/sqlite.h"
#include <string.h>

#define FOLDER "src/loop/case/pack_for_test"

/* A plan of the test pack, with rule and such put in. */
#define PLAN(id, days)                                                                                       \
    "{\"id\":\"" id "\",\"zh\":\"查\",\"en\":\"Check\"," days ",\"mapping\":\"form\",\"signal\":"            \
    "{\"id\":\"{date}\",\"at\":\"{date} {time}\",\"kind\":\"light\",\"org\":\"D1\"}}"
#define MONDAYS "\"rule\":\"FREQ=WEEKLY;BYDAY=MO\",\"at\":\"09:00\",\"from\":\"2026-11-02\""
#define DAILY "\"rule\":\"FREQ=DAILY\",\"at\":\"09:00\",\"from\":\"2026-11-02\""
#define ON_WORKDAYS ",\"calendar\":\"office\""

static gint64 at(const char *local)
{
    gint64 t = 0;
    g_assert_true(base_time_parse(local, BASE_CHINA_OFFSET, &t));
    return t;
}

/* `plans` "": none. */
static Pack *pack_with(const char *plans)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) plain = town_pack(FOLDER);
    json_t *whole = json_loads(pack_canonical(plain), 0, NULL);
    g_autofree char *file = g_strdup_printf("{\"plans\":[%s]}", plans);
    if (*plans) json_object_set_new(whole, "plans.yaml", json_loads(file, 0, NULL));
    char *text = json_dumps(whole, JSON_SORT_KEYS | JSON_COMPACT);
    Pack *pack = pack_from_canonical(text, &error);
    g_assert_no_error(error);
    free(text);
    json_decref(whole);
    return pack;
}

typedef struct {
    Town town;
    PlanDesk desk;
    int limit;
    int killed; /* which job of a tick does not come to its end; 0: none */
} Desk;

static void begin(Desk *d)
{
    plan_enrol(d->town.room);
    town_stand_in(&d->town);
    d->desk = (PlanDesk){ .room = d->town.room };
}

static void desk_open(Desk *d, const char *plans, const char *now)
{
    *d = (Desk){ .limit = 200 };
    town_open_with(&d->town, 1, pack_with(plans));
    d->town.now = at(now);
    begin(d);
}

static void desk_close(Desk *d)
{
    town_close(&d->town);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_close)

/* As after a crash: all that was in memory is gone. */
static void start_again(Desk *d, const char *plans)
{
    g_autoptr(GError) error = NULL;
    case_room_free(d->town.room);
    d->town.room = case_room_new(d->town.store, d->town.guard, BASE_CHINA_OFFSET);
    g_assert_true(case_room_add_pack(d->town.room, pack_with(plans), d->town.now, &error));
    begin(d);
    g_assert_true(case_days_load(d->town.room, d->town.now, &error));
    g_assert_no_error(error);
}

typedef struct {
    Desk *desk;
    int handled;
    gboolean dies;
} Tick;

static gboolean tick_job(StoreConn *conn, gpointer data, GError **error)
{
    Tick *t = data;
    if (!plan_tick(&t->desk->desk, conn, t->desk->town.now, t->desk->limit, &t->handled, error)) return FALSE;
    if (t->dies) g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "killed");
    return !t->dies;
}

/* Ticks until nothing is due; FALSE when it was killed on the way. */
static gboolean pass(Desk *d)
{
    for (int n = 1;; n++) {
        g_autoptr(GError) error = NULL;
        Tick t = { .desk = d, .dies = n == d->killed };
        if (!store_write(d->town.store, tick_job, &t, &error)) {
            g_assert_true(g_str_has_suffix(error->message, "killed"));
            return FALSE;
        }
        if (t.handled < d->limit) return TRUE;
    }
}

static void pass_to(Desk *d, const char *now)
{
    d->town.now = at(now);
    g_assert_true(pass(d));
}

static gint64 cases(Desk *d)
{
    return town_number(&d->town, "SELECT count(*) FROM case_file");
}

static gint64 events(Desk *d, const char *kind)
{
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM event WHERE kind = '%s'", kind);
    return town_number(&d->town, g_intern_string(sql));
}

/* References of the cases that opened, oldest first. */
static char *dates(Desk *d)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(d->town.store, NULL);
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT ref, source FROM signal WHERE source LIKE 'plan:%' ORDER BY ref", NULL, 0, NULL);
    while (store_step(rows, NULL))
        g_string_append_printf(out, "%s%s", out->len ? " " : "", store_text(rows, 0));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *next_of(Desk *d)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(d->town.store, NULL);
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT next_at FROM plan", NULL, 0, &error);
    g_assert_true(store_step(rows, &error));
    if (store_type(rows, 0) == STORE_NULL) return g_strdup("never");
    char text[17];
    base_time_write(store_int(rows, 0), BASE_CHINA_OFFSET, text);
    return g_strdup(text);
}

static void assert_dates(Desk *d, const char *want)
{
    g_autofree char *got = dates(d);
    g_assert_cmpstr(got, ==, want);
    town_assert_rebuilt_equal(&d->town);
}

static void assert_next(Desk *d, const char *want)
{
    g_autofree char *got = next_of(d);
    g_assert_cmpstr(got, ==, want);
}

/* ---- as planned ---- */

static void a_plan_opens_its_case_on_its_day_once(void)
{
    g_auto(Desk) d;
    desk_open(&d, PLAN("p", MONDAYS), "2026-11-23 12:00");
    pass_to(&d, "2026-11-23 12:00");
    assert_dates(&d, ""); /* this Monday was before it */
    assert_next(&d, "2026-11-30 09:00");
    pass_to(&d, "2026-11-30 08:59");
    assert_dates(&d, "");
    pass_to(&d, "2026-11-30 09:00");
    pass_to(&d, "2026-11-30 09:01");
    assert_dates(&d, "2026-11-30");
    assert_next(&d, "2026-12-07 09:00");
    g_assert_cmpint(cases(&d), ==, 1);
    g_assert_cmpint(town_number(&d.town, "SELECT count(*) FROM case_file WHERE org = 'D1'"), ==, 1);
    g_assert_cmpint(events(&d, "plan.opened"), ==, 1);
    g_assert_cmpint(events(&d, "plan.missed"), ==, 0);
}

static void a_day_of_rest_moves_the_case_but_not_its_reference(void)
{
    g_auto(Desk) d;
    desk_open(&d, PLAN("p", DAILY ON_WORKDAYS), "2026-11-27 12:00"); /* a Friday */
    pass_to(&d, "2026-11-27 12:00");
    assert_next(&d, "2026-11-30 09:00"); /* the Saturday, on Monday; with it meet Sunday and Monday */
    pass_to(&d, "2026-11-30 09:00");
    assert_dates(&d, "2026-11-28");
    pass_to(&d, "2026-12-01 09:00");
    assert_dates(&d, "2026-11-28 2026-12-01");
}

static void a_plan_has_an_end(void)
{
    g_auto(Desk) d;
    desk_open(&d, PLAN("p", MONDAYS ",\"until\":\"2026-12-01\""), "2026-11-23 12:00");
    pass_to(&d, "2026-11-23 12:00");
    pass_to(&d, "2026-11-30 10:00");
    pass_to(&d, "2026-12-30 10:00");
    assert_dates(&d, "2026-11-30");
    assert_next(&d, "never");
}

/* ---- missed ---- */

static void what_is_missed_opens_late_or_is_noted(void)
{
    static const struct {
        const char *name, *plan, *now, *dates;
        int opened, missed;
    } table[] = {
        /* clang-format off */
        { "within its grace",      PLAN("p", MONDAYS), "2026-12-01 09:00", "2026-11-30", 1, 0 },
        { "a minute later",        PLAN("p", MONDAYS), "2026-12-01 09:01", "2026-11-30", 0, 1 },
        { "noted",                 PLAN("p", MONDAYS ",\"missed\":\"note\""), "2026-12-01 09:01", "", 0, 1 },
        { "noted, but in time",    PLAN("p", MONDAYS ",\"missed\":\"note\""), "2026-12-08 09:00", "2026-12-07", 1, 1 },
        { "a grace of hours",      PLAN("p", MONDAYS ",\"grace\":\"2 hour\""), "2026-11-30 11:01", "2026-11-30", 0, 1 },
        { "of a working day",      PLAN("p", MONDAYS ON_WORKDAYS ",\"grace\":\"5 workday\""), "2026-12-06 23:00", "2026-11-30", 1, 0 },
        { "three of them",         PLAN("p", MONDAYS), "2026-12-18 09:00", "2026-11-30 2026-12-07 2026-12-14", 0, 3 },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(Desk) d;
        g_test_message("%s", table[i].name);
        desk_open(&d, table[i].plan, "2026-11-23 12:00");
        pass_to(&d, "2026-11-23 12:00");
        pass_to(&d, table[i].now);
        assert_dates(&d, table[i].dates);
        g_assert_cmpint(events(&d, "plan.opened"), ==, table[i].opened);
        g_assert_cmpint(events(&d, "plan.missed"), ==, table[i].missed);
    }
}

static void of_a_year_missed_the_latest_are_opened(void)
{
    g_auto(Desk) d;
    desk_open(&d, PLAN("p", DAILY), "2026-11-23 12:00");
    pass_to(&d, "2026-11-23 12:00");
    d.limit = 50;
    pass_to(&d, "2027-11-23 12:00");
    g_assert_cmpint(cases(&d), ==, PLAN_MOST_LATE); /* the last of them in time */
    g_assert_cmpint(events(&d, "plan.opened"), ==, 1);
    g_assert_cmpint(events(&d, "plan.missed"), ==, 364);
    assert_next(&d, "2027-11-24 09:00");
    town_assert_rebuilt_equal(&d.town);
}

/* ---- what is changed ---- */

static void another_rule_counts_from_now_on(void)
{
    g_auto(Desk) d;
    desk_open(&d, PLAN("p", MONDAYS), "2026-11-23 08:00");
    pass_to(&d, "2026-11-23 08:00");
    pass_to(&d, "2026-11-23 09:00");
    start_again(&d, PLAN("p", DAILY));
    pass_to(&d, "2026-11-25 12:00"); /* a Wednesday: nothing of Tuesday, nothing of this morning */
    assert_dates(&d, "2026-11-23");
    assert_next(&d, "2026-11-26 09:00");
    start_again(&d, PLAN("p", "\"rule\":\"FREQ=DAILY\",\"at\":\"18:00\",\"from\":\"2026-11-02\""));
    pass_to(&d, "2026-11-26 09:00");
    assert_dates(&d, "2026-11-23");
    pass_to(&d, "2026-11-26 18:00");
    start_again(&d, PLAN("p", "\"rule\":\"FREQ=DAILY\",\"at\":\"20:00\",\"from\":\"2026-11-02\""));
    pass_to(&d, "2026-11-26 20:00"); /* this date has had its case */
    assert_dates(&d, "2026-11-23 2026-11-26");
    assert_next(&d, "2026-11-27 20:00");
}

static void a_service_that_comes_in_while_the_city_runs_is_followed(void)
{
    g_auto(Desk) d;
    g_autoptr(GError) error = NULL;
    desk_open(&d, PLAN("p", MONDAYS), "2026-11-23 12:00");
    pass_to(&d, "2026-11-23 12:00");
    g_assert_true(case_room_add_pack(d.town.room, pack_with(PLAN("p", DAILY)), d.town.now, &error));
    pass_to(&d, "2026-11-24 09:00");
    assert_dates(&d, ""); /* the rule is another one since this tick */
    assert_next(&d, "2026-11-25 09:00");
    pass_to(&d, "2026-11-25 09:00");
    assert_dates(&d, "2026-11-25");
}

static void other_words_change_no_day(void)
{
    g_auto(Desk) d;
    desk_open(&d, PLAN("p", MONDAYS), "2026-11-23 12:00");
    pass_to(&d, "2026-11-23 12:00");
    d.town.now = at("2026-12-09 09:00"); /* two Mondays while it stood still */
    start_again(&d, PLAN("p", MONDAYS ",\"missed\":\"note\""));
    g_assert_true(pass(&d));
    assert_dates(&d, "");
    g_assert_cmpint(events(&d, "plan.missed"), ==, 2);
    g_assert_cmpint(events(&d, "plan.set"), ==, 1);
}

static void a_plan_taken_out_ends_and_one_put_back_begins_anew(void)
{
    g_auto(Desk) d;
    desk_open(&d, PLAN("p", MONDAYS), "2026-11-23 12:00");
    pass_to(&d, "2026-11-23 12:00");
    start_again(&d, "");
    pass_to(&d, "2026-12-02 09:00");
    assert_next(&d, "never");
    g_assert_cmpint(events(&d, "plan.ended"), ==, 1);
    start_again(&d, PLAN("p", MONDAYS));
    pass_to(&d, "2026-12-03 09:00");
    pass_to(&d, "2026-12-07 09:00");
    assert_dates(&d, "2026-12-07");
}

static void announce(Desk *d, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(BaseDays) days = base_days_read(text, strlen(text), &error);
    g_assert_no_error(error);
    gint64 moved;
    g_assert_true(case_days_change(d->town.room, days, "test", d->town.now, &moved, &error));
    g_assert_no_error(error);
}

static void other_working_days_move_what_is_to_come(void)
{
    g_auto(Desk) d;
    desk_open(&d, PLAN("p", MONDAYS ON_WORKDAYS), "2026-11-23 12:00");
    pass_to(&d, "2026-11-23 12:00");
    announce(&d, "2026-11-30\toff\t搬迁\n");
    assert_next(&d, "2026-12-01 09:00");
    start_again(&d, PLAN("p", MONDAYS ON_WORKDAYS));
    pass_to(&d, "2026-11-30 10:00");
    assert_dates(&d, "");
    pass_to(&d, "2026-12-01 09:00");
    assert_dates(&d, "2026-11-30");
    announce(&d, "2026-12-01\toff\t搬迁\n"); /* too late for it */
    pass_to(&d, "2026-12-02 10:00");
    assert_dates(&d, "2026-11-30");
    assert_next(&d, "2026-12-07 09:00");
}

/* ---- what happens to the program ---- */

static void a_clock_set_back_opens_nothing_twice(void)
{
    g_auto(Desk) d;
    desk_open(&d, PLAN("p", MONDAYS), "2026-11-23 08:00");
    pass_to(&d, "2026-11-23 08:00");
    pass_to(&d, "2026-11-30 09:00");
    d.town.now = at("2026-11-22 09:00");
    start_again(&d, PLAN("p", MONDAYS));
    g_assert_true(pass(&d));
    pass_to(&d, "2026-11-30 09:00");
    assert_dates(&d, "2026-11-23 2026-11-30");
    pass_to(&d, "2026-12-07 09:00");
    assert_dates(&d, "2026-11-23 2026-11-30 2026-12-07");
}

static void killed_at_any_job_it_goes_on_where_it_was(void)
{
    for (int killed = 1; killed <= 5; killed++) {
        g_auto(Desk) d;
        desk_open(&d, PLAN("p", MONDAYS) "," PLAN("q", DAILY ",\"missed\":\"note\""), "2026-11-23 12:00");
        pass_to(&d, "2026-11-23 12:00");
        d.limit = 3;
        d.killed = killed;
        d.town.now = at("2026-12-08 12:00"); /* two Mondays, 15 days */
        for (int deaths = 0; !pass(&d); deaths++) {
            g_assert_cmpint(deaths, <, 20);
            start_again(&d, PLAN("p", MONDAYS) "," PLAN("q", DAILY ",\"missed\":\"note\""));
            if (killed == 1) d.killed = 0;
        }
        g_assert_cmpint(cases(&d), ==, 3); /* today's is in time */
        g_assert_cmpint(events(&d, "plan.missed"), ==, 16);
        town_assert_rebuilt_equal(&d.town);
    }
}

static gboolean no_water(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now,
                         gpointer data, GError **error)
{
    if (g_strcmp0(json_string_value(json_object_get(c->facts, "kind")), "water") != 0) return TRUE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "no water today");
    return FALSE;
}

static void note_refused(const char *plan, const GError *why, gpointer data)
{
    g_string_append_printf(data, "%s: %s;", plan, why->message);
}

static void one_that_cannot_open_does_not_hold_up_the_others(void)
{
    g_auto(Desk) d;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) refused = g_string_new(NULL);
    g_auto(GStrv) water = g_strsplit(PLAN("a", MONDAYS), "light", 2);
    g_autofree char *first = g_strjoinv("water", water),
                    *plans = g_strconcat(first, ",", PLAN("b", MONDAYS), NULL);
    desk_open(&d, plans, "2026-11-23 12:00");
    case_room_enrol_draft(d.town.room, "assign", no_water, NULL);
    pass_to(&d, "2026-11-23 12:00");
    d.town.now = at("2026-11-30 09:00");
    Tick t = { .desk = &d };
    g_autofree char *more = g_strconcat(plans, ",", PLAN("c", DAILY), NULL);
    g_assert_true(case_room_add_pack(d.town.room, pack_with(more), d.town.now, &error));
    g_assert_false(store_write(d.town.store, tick_job, &t, &error));
    g_assert_cmpstr(error->message, ==, "plan errand/a: no water today");
    g_clear_error(&error);
    g_assert_true(plan_each(&d.desk, d.town.now, 10, note_refused, refused, &error));
    g_assert_cmpstr(refused->str, ==, "errand/a: plan errand/a: no water today;");
    assert_dates(&d, "2026-11-30");
    g_assert_cmpint(town_number(&d.town, "SELECT count(*) FROM plan"), ==, 3);
}

/* ---- a store that fails at the k-th statement of a job ---- */

static struct {
    StoreConnOps ops;
    const StoreConnOps *real;
    gint64 left; /* statements until it fails; 0: it does not */
} fault;

static gboolean fault_step(StoreConn *conn, void *statement, gboolean *row, GError **error)
{
    if (conn->store->queue.in_job && fault.left && --fault.left == 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "killed");
        return FALSE;
    }
    return fault.real->step(conn, statement, row, error);
}

static void fault_put(Store *store)
{
    fault.real = store->writer->ops;
    fault.ops = *fault.real;
    fault.ops.step = fault_step;
    store->writer->ops = &fault.ops;
}

static void a_store_that_fails_at_any_statement_loses_and_doubles_nothing(void)
{
    static const char *const plans = PLAN("p", MONDAYS) "," PLAN("q", DAILY ",\"missed\":\"note\"");
    g_auto(Desk) d;
    desk_open(&d, plans, "2026-11-23 12:00");
    fault_put(d.town.store);
    gint64 failed = 0;
    for (int days = 0; days < 8; days++, d.town.now += BASE_DAY) /* the first sets them, the others open */
        for (gint64 k = 1;; k++) {
            const gint64 before = town_number(&d.town, "SELECT count(*) FROM event");
            fault.left = k;
            const gboolean well = pass(&d);
            fault.left = 0;
            if (well) break;
            g_assert_cmpint(town_number(&d.town, "SELECT count(*) FROM event"), ==, before);
            d.desk.packs = NULL;
            failed++;
        }
    g_assert_cmpint(failed, >, 100);
    g_assert_cmpint(events(&d, "plan.set"), ==, 2);
    g_assert_cmpint(events(&d, "plan.opened"), ==, 8); /* a Monday, seven days */
    g_assert_cmpint(cases(&d), ==, 8);
    town_assert_rebuilt_equal(&d.town);
}

static void people_see_what_came_and_what_is_to_come(void)
{
    g_auto(Desk) d;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    desk_open(
        &d,
        PLAN("p", "\"rule\":\"FREQ=WEEKLY;BYDAY=MO\",\"at\":\"09:00\",\"from\":\"2026-09-01\"" ON_WORKDAYS),
        "2026-09-21 08:00");
    pass_to(&d, "2026-09-21 08:00");
    pass_to(&d, "2026-09-21 09:00");
    g_autoptr(StoreConn) conn = store_read_begin(d.town.store, NULL);
    g_assert_true(plan_view(d.town.room, conn, d.town.now, 2, &j, &error));
    json_t *view = json_loads(out->str, 0, NULL), *plan = json_array_get(json_object_get(view, "plans"), 0);
    g_assert_cmpstr(json_string_value(json_object_get(plan, "rule")), ==, "FREQ=WEEKLY;BYDAY=MO");
    g_assert_cmpint(json_integer_value(json_object_get(plan, "opened")), ==, 1);
    const json_t *last = json_object_get(plan, "last"), *ahead = json_object_get(plan, "ahead");
    g_assert_cmpstr(json_string_value(json_object_get(last, "date")), ==, "2026-09-21");
    g_assert_false(json_is_true(json_object_get(last, "missed")));
    g_assert_cmpuint(json_array_size(ahead), ==, 2);
    g_assert_cmpstr(json_string_value(json_object_get(json_array_get(ahead, 0), "day")), ==, "2026-09-28");
    g_assert_cmpstr(json_string_value(json_object_get(json_array_get(ahead, 1), "date")), ==, "2026-10-05");
    g_assert_cmpstr(json_string_value(json_object_get(json_array_get(ahead, 1), "day")), ==, "2026-10-08");
    json_decref(view);
}

/* ---- whatever happens ---- */

/* Any plan: `keeps`: on every date of its rule, whatever the calendar. */
static char *any_plan(BaseChance *chance, gboolean *keeps)
{
    static const char *const rules[] = { "FREQ=DAILY",
                                         "FREQ=DAILY;INTERVAL=3",
                                         "FREQ=WEEKLY;BYDAY=MO,SA",
                                         "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
                                         "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
                                         "FREQ=MONTHLY;BYDAY=-1FR",
                                         "FREQ=YEARLY;BYMONTH=1,10;BYMONTHDAY=1" };
    static const char *const moves[] = { "", ON_WORKDAYS ",\"move\":\"none\"", ON_WORKDAYS,
                                         ON_WORKDAYS ",\"move\":\"previous_workday\"",
                                         ON_WORKDAYS ",\"move\":\"skip\"" };
    static const char *const missed[] = { "", ",\"missed\":\"note\"", ",\"grace\":\"1 hour\"" };
    const char *rule = rules[base_chance_below(chance, G_N_ELEMENTS(rules))];
    const guint move = (guint)base_chance_below(chance, G_N_ELEMENTS(moves));
    g_auto(GStrv) parts = g_strsplit(PLAN("p", "@"), "@", 2);
    *keeps = move < 2;
    return g_strdup_printf("%s\"rule\":\"%s\",\"at\":\"%02d:30\",\"from\":\"2026-0%d-01\"%s%s%s", parts[0],
                           rule, (int)base_chance_below(chance, 24), 1 + (int)base_chance_below(chance, 9),
                           moves[move], missed[base_chance_below(chance, G_N_ELEMENTS(missed))], parts[1]);
}

static BaseOccurrence occurrence_in(const json_t *body, const char *key)
{
    const json_t *o = json_object_get(body, key);
    BaseOccurrence out = { .at = json_integer_value(json_object_get(o, "at")) };
    if (!o) return (BaseOccurrence){ .at = G_MAXINT64 };
    g_assert_true(base_day_parse(json_string_value(json_object_get(o, "date")), &out.date));
    g_assert_true(base_day_parse(json_string_value(json_object_get(o, "day")), &out.day));
    return out;
}

typedef struct {
    BaseOccurrence last, announced; /* last.date 0: none yet */
    gint64 opened, seen;
} Chain;

/* What came is what was said to come, later than all before it; a plan on every date leaves none out. */
static void follow(Chain *c, const char *kind, const json_t *body, const PackPlan *keeping)
{
    c->seen++;
    if (!strcmp(kind, "plan.set")) {
        c->announced = occurrence_in(body, "next");
        return;
    }
    const BaseOccurrence came = occurrence_in(body, "came");
    BaseOccurrence want;
    g_assert_cmpint(came.date, ==, c->announced.date);
    g_assert_cmpint(came.at, ==, c->announced.at);
    g_assert_cmpint(came.date, >, c->last.date);
    g_assert_cmpint(came.day, >, c->last.day);
    if (keeping && c->last.date) {
        g_assert_true(base_recur_next(keeping->recur, &c->last, &want));
        g_assert_cmpint(came.date, ==, want.date);
    }
    c->opened += json_object_get(body, "case") != NULL;
    c->last = came;
    c->announced = occurrence_in(body, "next");
}

static void hold_to_the_ledger(Desk *d, gboolean keeps)
{
    g_autoptr(GError) error = NULL;
    const PackPlan *plan = pack_plan(town_the_pack(&d->town), "p");
    const gint64 there = cases(d);
    g_autoptr(StoreConn) conn = store_read_begin(d->town.store, &error);
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT kind, body FROM event WHERE kind LIKE 'plan.%' ORDER BY seq", NULL, 0, &error);
    Chain c = { 0 };
    while (store_step(rows, &error)) {
        json_t *body = json_loads(store_text(rows, 1), 0, NULL);
        follow(&c, store_text(rows, 0), body, keeps ? plan : NULL);
        json_decref(body);
    }
    g_assert_no_error(error);
    g_assert_cmpint(c.opened, ==, there);
    g_assert_cmpint(c.announced.at, >, d->town.now);
}

/* Hours and days; at times a year; at times back. */
static void time_passes(Desk *d, BaseChance *chance)
{
    const guint dice = (guint)base_chance_below(chance, 40);
    const gint64 step = (gint64)base_chance_below(chance, 20 * 24) * BASE_HOUR;
    d->town.now += dice == 0 ? 400 * BASE_DAY : dice < 4 ? -step : step;
}

static void days_change(Desk *d, BaseChance *chance)
{
    char date[11];
    base_day_write(
        (gint32)((d->town.now + BASE_CHINA_OFFSET) / BASE_DAY + (gint64)base_chance_below(chance, 20)), date);
    g_autofree char *text =
        g_strdup_printf("%s\t%s\t调整\n", date, base_chance_below(chance, 2) ? "off" : "work");
    announce(d, text);
}

static void live(Desk *d, const char *plan, BaseChance *chance)
{
    for (int i = 0; i < 40 && d->town.now < at("2090-01-01 00:00"); i++) {
        time_passes(d, chance);
        d->limit = 1 + (int)base_chance_below(chance, 40);
        d->killed = base_chance_below(chance, 3) ? 0 : 1 + (int)base_chance_below(chance, 4);
        if (base_chance_below(chance, 6) == 0) days_change(d, chance);
        while (!pass(d)) {
            start_again(d, plan);
            d->killed = (int)base_chance_below(chance, 4);
        }
        if (base_chance_below(chance, 6) == 0) start_again(d, plan);
    }
    d->killed = 0;
    g_assert_true(pass(d));
}

static void whatever_happens_each_occurrence_is_there_once(void)
{
    const char *runs = g_getenv("PLAN_RUNS");
    guint64 seed = (guint32)g_test_rand_int();
    for (int i = 0; i < (runs ? atoi(runs) : 10); i++, seed++) {
        g_auto(Desk) d;
        gboolean keeps;
        g_test_message("seed %" G_GUINT64_FORMAT, seed);
        BaseChance chance = base_chance_seeded(seed);
        g_autofree char *plan = any_plan(&chance, &keeps);
        desk_open(&d, plan, "2026-09-15 10:00");
        g_assert_true(pass(&d));
        live(&d, plan, &chance);
        hold_to_the_ledger(&d, keeps);
        town_assert_rebuilt_equal(&d.town);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/intake/plan/" #test, test)
    ADD(a_plan_opens_its_case_on_its_day_once);
    ADD(a_day_of_rest_moves_the_case_but_not_its_reference);
    ADD(a_plan_has_an_end);
    ADD(what_is_missed_opens_late_or_is_noted);
    ADD(of_a_year_missed_the_latest_are_opened);
    ADD(another_rule_counts_from_now_on);
    ADD(a_service_that_comes_in_while_the_city_runs_is_followed);
    ADD(other_words_change_no_day);
    ADD(a_plan_taken_out_ends_and_one_put_back_begins_anew);
    ADD(other_working_days_move_what_is_to_come);
    ADD(a_clock_set_back_opens_nothing_twice);
    ADD(killed_at_any_job_it_goes_on_where_it_was);
    ADD(one_that_cannot_open_does_not_hold_up_the_others);
    ADD(a_store_that_fails_at_any_statement_loses_and_doubles_nothing);
    ADD(people_see_what_came_and_what_is_to_come);
    ADD(whatever_happens_each_occurrence_is_there_once);
    return g_test_run();
}
