/* A city's working days change: what runs is projected anew, in the ledger and in the rows, and goes on after
 * a crash. */
#include "loop/case/days.h"
#include "loop/case/life.h"
#include "loop/case/town_for_test.h"

#define FOLDER "src/loop/case/pack_for_test"

static gint64 at(const char *local)
{
    gint64 t = 0;
    g_assert_true(base_time_parse(local, BASE_CHINA_OFFSET, &t));
    return t;
}

static BaseDays *days_of(const char *text)
{
    g_autoptr(GError) error = NULL;
    BaseDays *days = base_days_read(text, strlen(text), &error);
    g_assert_no_error(error);
    return days;
}

static gint64 due_of(Town *town, const BaseId *id, const char *clock)
{
    g_autoptr(Case) c = town_load(town, id);
    return c->due[flow_chart_clock_find(pack_chart(c->pack), clock)];
}

static gint64 change(Town *town, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(BaseDays) days = days_of(text);
    gint64 moved = -1;
    g_assert_true(case_days_change(town->room, days, "test", town->now, &moved, &error));
    g_assert_no_error(error);
    return moved;
}

/* "whole": 5 workday on office days, from Monday 2026-11-23 09:00. */
static BaseId monday_case(Town *town)
{
    town_open(town, 1, FOLDER);
    town_stand_in(town);
    town->now = at("2026-11-23 09:00");
    return town_signal(town, "light", "electric");
}

static void a_closure_moves_every_deadline_it_touches(void)
{
    Town town;
    const BaseId id = monday_case(&town);
    const gint64 signin = due_of(&town, &id, "signin");
    g_assert_cmpint(due_of(&town, &id, "whole"), ==, at("2026-11-30 09:00"));
    g_assert_cmpint(change(&town, "2026-11-25\toff\t搬迁\n"), ==, 1);
    g_assert_cmpint(due_of(&town, &id, "whole"), ==, at("2026-12-01 09:00"));
    g_assert_cmpint(due_of(&town, &id, "signin"), ==, signin); /* natural time knows no holidays */
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE kind = 'clock.reprojected'"), ==, 1);
    town_assert_rebuilt_equal(&town);
    g_assert_cmpint(change(&town, "2026-11-28\twork\t调休\n"), ==, 1);
    g_assert_cmpint(due_of(&town, &id, "whole"), ==, at("2026-11-30 09:00"));
    g_assert_cmpint(change(&town, "2026-11-22\toff\t已过\n"), ==, 0); /* what is past touches nothing */
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void a_case_opened_afterwards_counts_by_the_new_days(void)
{
    Town town;
    monday_case(&town);
    change(&town, "2026-11-24\toff\t搬迁\n");
    const BaseId later = town_signal(&town, "water", "plumbing");
    g_assert_cmpint(due_of(&town, &later, "whole"), ==, at("2026-12-01 09:00"));
    town_close(&town);
}

static void a_survey_changes_nothing(void)
{
    Town town;
    const BaseId id = monday_case(&town);
    g_autoptr(GError) error = NULL;
    g_autoptr(BaseDays) days = days_of("2026-11-25\toff\t搬迁\n");
    g_autoptr(StoreConn) conn = store_read_begin(town.store, &error);
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson j = base_json_to(text);
    g_assert_true(case_days_survey(town.room, conn, days, 10, &j, &error));
    g_assert_no_error(error);
    json_t *found = json_loads(text->str, 0, NULL);
    const json_t *first = json_array_get(json_object_get(found, "first"), 0);
    g_assert_cmpint(json_integer_value(json_object_get(found, "moved")), ==, 1);
    g_assert_cmpint(json_integer_value(json_object_get(first, "was")), ==, at("2026-11-30 09:00"));
    g_assert_cmpint(json_integer_value(json_object_get(first, "becomes")), ==, at("2026-12-01 09:00"));
    g_assert_cmpint(due_of(&town, &id, "whole"), ==, at("2026-11-30 09:00"));
    json_decref(found);
    g_clear_pointer(&conn, store_read_end);
    town_close(&town);
}

static json_t *timeline_of(Town *town, const BaseId *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson j = base_json_to(text);
    g_assert_true(case_view_timeline(town->room, conn, id, &j, &error));
    g_assert_no_error(error);
    json_t *timeline = json_loads(text->str, 0, NULL);
    g_assert_nonnull(timeline);
    return timeline;
}

/* Nobody else's: the event is about both. */
static void a_timeline_tells_of_the_cases_own_clocks(void)
{
    Town town;
    const BaseId ids[] = { monday_case(&town), town_signal(&town, "water", "plumbing") };
    change(&town, "2026-11-25\toff\t搬迁\n");
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        char id[BASE_ID_TEXT];
        base_id_write(&ids[i], id);
        json_t *timeline = timeline_of(&town, &ids[i]), *events = json_object_get(timeline, "events");
        const json_t *last = json_array_get(events, json_array_size(events) - 1),
                     *moved = json_object_get(json_object_get(last, "body"), "moved"),
                     *only = json_array_get(moved, 0);
        g_assert_cmpstr(json_string_value(json_object_get(last, "kind")), ==, "clock.reprojected");
        g_assert_cmpuint(json_array_size(moved), ==, 1);
        g_assert_cmpstr(json_string_value(json_array_get(only, 0)), ==, id);
        g_assert_cmpstr(json_string_value(json_array_get(only, 1)), ==, "whole");
        g_assert_cmpint(json_integer_value(json_array_get(only, 3)), ==, at("2026-12-01 09:00"));
        json_decref(timeline);
    }
    const BaseId later = town_signal(&town, "water", "plumbing");
    json_t *timeline = timeline_of(&town, &later);
    g_assert_cmpuint(json_array_size(json_object_get(timeline, "events")), ==, 1);
    json_decref(timeline);
    town_close(&town);
}

/* Every clock stands as it would be projected now. */
static void assert_projected(Town *town, const BaseId *id)
{
    g_autoptr(Case) c = town_load(town, id);
    for (int i = 0; i < flow_chart_clocks(c->kit->chart); i++) {
        CaseDue want;
        case_due_dates(c->kit, &c->flow, i, &want);
        g_assert_cmpint(c->next[i], ==, want.next);
        g_assert_cmpint(c->due[i], ==, want.due);
    }
}

static void do_as(Town *town, const BaseId *id, const char *event, const char *role, const char *fields)
{
    g_autoptr(GError) error = NULL;
    json_t *given = json_loads(fields, 0, NULL);
    town_fire(town, id, event, role, "D1", NULL, given, &error);
    g_assert_no_error(error);
    json_decref(given);
}

/* The case after the one whose clocks were just written: the resident is called back, and its clock stops. */
static gboolean call_back_job(StoreConn *conn, gpointer data, GError **error)
{
    static const char *const roles[] = { "callcentre", NULL };
    const CaseActor actor = { .actor = "callcentre", .roles = roles };
    Town *town = data;
    json_t *fields = json_pack("{s:b}", "solved", TRUE);
    const gboolean ok = case_fire(town->room, conn, &g_array_index(town->cases, BaseId, town->signals),
                                  "callback", fields, &actor, town->now, error);
    json_decref(fields);
    return ok;
}

static void overtake(gint64 first, gint64 last, gpointer data)
{
    Town *town = data;
    (void)first, (void)last;
    if (town->room && town->room->chunk == 1 && ++town->signals < town->cases->len)
        store_write_later(town->store, call_back_job, town, NULL);
}

/* A deed between the look at a clock and the writing of it: what was looked at counts no more. */
static void a_clock_that_was_overtaken_is_looked_at_again(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    char *folder = g_dir_make_tmp("bihuan-days-XXXXXX", NULL);
    Store *store = store_sqlite_open(&(StoreOptions){ .path = folder }, &error);
    g_assert_no_error(error);
    store_watch(store, overtake, &town);
    town = (Town){ 0 };
    town_open_on(&town, 1, store, town_pack(FOLDER));
    town_stand_in(&town);
    for (int i = 0; i < 30; i++) {
        const BaseId id = town_signal(&town, "light", "electric");
        do_as(&town, &id, "signin", "handler", "{}");
        do_as(&town, &id, "reply", "handler", "{\"answer\": \"done\"}");
    }
    town.signals = 0; /* from here on: whose turn it is */
    town.room->chunk = 1;
    g_assert_cmpint(change(&town, "2026-11-25\toff\t搬迁\n"), >, 0);
    for (guint i = 0; i < town.cases->len; i++)
        assert_projected(&town, &g_array_index(town.cases, BaseId, i));
    town_assert_rebuilt_equal(&town);
    town_close(&town);
    town_folder_remove(folder);
}

static gboolean announce(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const char *body = "{\"years\":[],\"days\":[[\"2026-11-25\",\"off\",\"搬迁\",null,null]]}";
    LedgerEvent event = {
        .at = town->now, .kind = "calendar.changed", .operation = "alteration", .actor = "test", .body = body
    };
    (void)data;
    return guard_log(conn, town->guard, &event, error) && case_days_apply(conn, &event, NULL, error);
}

/* We died right after the announcement: at the next start the days count, and what was not projected is. */
static void what_was_broken_off_goes_on_at_the_next_start(void)
{
    Town town;
    g_autoptr(GError) error = NULL;
    const BaseId id = monday_case(&town);
    g_assert_true(town_write(&town, announce, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(due_of(&town, &id, "whole"), ==, at("2026-11-30 09:00"));
    g_assert_true(case_days_load(town.room, town.now, &error));
    g_assert_no_error(error);
    g_assert_cmpint(due_of(&town, &id, "whole"), ==, at("2026-12-01 09:00"));
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM counter WHERE name = 'calendar pending'"), ==,
                    0);
    town_assert_rebuilt_equal(&town);
    const gint64 events = town_number(&town, "SELECT count(*) FROM event");
    g_assert_true(case_days_load(town.room, town.now, &error));
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event"), ==, events);
    town_close(&town);
}

static void a_published_year_is_provisional_no_more(void)
{
    Town town;
    const BaseId id = monday_case(&town);
    g_autoptr(GString) notice = g_string_new(NULL);
    (void)id;
    town.now = at("2026-12-30 09:00");
    const BaseId late = town_signal(&town, "water", "plumbing");
    (void)late;
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM clock WHERE provisional = 1 AND state = 1"), >,
                    0);
    g_string_append(
        notice, "2027-01-01\toff\t元旦\t2027\n2027-01-02\toff\t元旦\t2027\n2027-01-03\toff\t元旦\t2027\n");
    g_string_append(notice,
                    "2027-02-05\toff\t春节\t2027\n2027-02-06\toff\t春节\t2027\n2027-02-07\toff\t春节\t2027\n"
                    "2027-02-08\toff\t春节\t2027\n2027-02-09\toff\t春节\t2027\n");
    g_assert_cmpint(change(&town, notice->str), >, 0);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM clock WHERE provisional = 1 AND state = 1"), ==,
                    0);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/days/a_closure_moves_every_deadline_it_touches",
                    a_closure_moves_every_deadline_it_touches);
    g_test_add_func("/days/a_case_opened_afterwards_counts_by_the_new_days",
                    a_case_opened_afterwards_counts_by_the_new_days);
    g_test_add_func("/days/a_survey_changes_nothing", a_survey_changes_nothing);
    g_test_add_func("/days/a_timeline_tells_of_the_cases_own_clocks",
                    a_timeline_tells_of_the_cases_own_clocks);
    g_test_add_func("/days/a_clock_that_was_overtaken_is_looked_at_again",
                    a_clock_that_was_overtaken_is_looked_at_again);
    g_test_add_func("/days/what_was_broken_off_goes_on_at_the_next_start",
                    what_was_broken_off_goes_on_at_the_next_start);
    g_test_add_func("/days/a_published_year_is_provisional_no_more", a_published_year_is_provisional_no_more);
    return g_test_run();
}
