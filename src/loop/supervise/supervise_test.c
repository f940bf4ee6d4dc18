/* supervise_test.c - what is due is found and passed, once, oldest first; beside it, looking at every case.
 */
#include "loop/case/town_for_test.h"
#include "loop/supervise/supervise.h"

#define PACK "src/loop/case/pack_for_test"

typedef struct {
    int limit, handled;
} Batch;

static gboolean batch_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    Batch *batch = data;
    return supervise_tick(town->room, conn, town->now, batch->limit, &batch->handled, error);
}

static int tick(Town *town, int limit)
{
    g_autoptr(GError) error = NULL;
    Batch batch = { .limit = limit, .handled = -1 };
    g_assert_true(town_write(town, batch_job, &batch, &error));
    g_assert_no_error(error);
    return batch.handled;
}

static gint64 next_due(Town *town)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    gint64 next = 0;
    g_assert_true(supervise_next(conn, &next, &error));
    g_assert_no_error(error);
    return next;
}

static gint64 rungs(Town *town)
{
    return town_number(town, "SELECT count(*) FROM event WHERE kind = 'case.rung'");
}

/* Every case and every clock looked at: how many cases are due, and when the next thing is. */
static guint slow_due(Town *town, gint64 *next)
{
    guint due = 0;
    *next = G_MAXINT64;
    for (guint i = 0; i < town->cases->len; i++) {
        g_autoptr(Case) c = town_load(town, &g_array_index(town->cases, BaseId, i));
        gint64 first = G_MAXINT64;
        for (int k = 0; k < flow_chart_clocks(pack_chart(c->pack)); k++)
            first = MIN(first, flow_clock_next(pack_chart(c->pack), &c->flow, k, NULL));
        due += first <= town->now;
        *next = MIN(*next, first);
    }
    return due;
}

static void nothing_is_due_where_nothing_is_open(void)
{
    Town town;
    town_open(&town, 1, PACK);
    g_assert_cmpint(next_due(&town), ==, G_MAXINT64);
    g_assert_cmpint(tick(&town, 10), ==, 0);
    town_close(&town);
}

/* The sign-in clock: 2 hours, rungs at 50 % and 100 %. */
static void each_rung_is_passed_once_and_not_before_its_time(void)
{
    static const struct {
        const char *name;
        gint64 after; /* the signal */
        int handled;
        gint64 rungs;
    } table[] = {
        { "at once", 0, 0, 0 },
        { "a moment before half", BASE_HOUR - 1, 0, 0 },
        { "half", BASE_HOUR, 1, 1 },
        { "half again", BASE_HOUR, 0, 1 },
        { "a moment before the whole", 2 * BASE_HOUR - 1, 0, 1 },
        { "the whole, and the expiry with it", 2 * BASE_HOUR, 1, 3 },
        { "an hour later", 3 * BASE_HOUR, 0, 3 },
    };
    Town town;
    town_open(&town, 2, PACK);
    town_signal(&town, "light", "electric");
    g_assert_cmpint(next_due(&town), ==, T0 + BASE_HOUR);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        town.now = T0 + table[i].after;
        g_assert_cmpint(tick(&town, 10), ==, table[i].handled);
        g_assert_cmpint(rungs(&town), ==, table[i].rungs);
        g_assert_cmpint(next_due(&town), >, town.now);
    }
    g_assert_cmpint(town_number(&town, "SELECT late FROM case_file"), ==, 1);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void the_one_that_waited_longest_comes_first(void)
{
    Town town;
    town_open(&town, 3, PACK);
    for (int i = 0; i < 5; i++) {
        town_signal(&town, "water", "plumbing");
        town.now += BASE_MINUTE;
    }
    town.now = T0 + 90 * BASE_MINUTE;
    static const int handled[] = { 2, 2, 1, 0 };
    for (gsize i = 0; i < G_N_ELEMENTS(handled); i++) {
        g_assert_cmpint(tick(&town, 2), ==, handled[i]);
        gint64 youngest =
            town_number(&town, "SELECT max(c.opened_at) FROM event e JOIN case_file c ON c.id = e.case_id "
                               "WHERE e.kind = 'case.rung'");
        g_assert_cmpint(youngest, ==, T0 + MIN((gint64)i * 2 + 1, 4) * BASE_MINUTE);
    }
    g_assert_cmpint(tick(&town, 0), ==, 0);
    town_close(&town);
}

static void a_case_with_several_clocks_due_is_handled_once(void)
{
    Town town;
    town_open(&town, 4, PACK);
    town_signal(&town, "light", "electric");
    town.now += 20 * BASE_DAY;
    g_assert_cmpint(tick(&town, 10), ==, 1);
    g_assert_cmpint(tick(&town, 10), ==, 0);
    g_assert_cmpint(rungs(&town), ==,
                    6); /* two rungs and the expiry of each clock, of "whole" and of "signin" */
    town_close(&town);
}

/* On expiry of "handle" the chart takes the unit back (event lapse). */
static void an_expiry_fires_its_event_where_it_is_awaited(void)
{
    Town town;
    town_open(&town, 5, PACK);
    BaseId id = town_signal(&town, "light", "electric");
    g_autoptr(Case) offered = town_load(&town, &id);
    g_assert_true(town_fire(&town, &id, "signin", "handler", offered->org, NULL, NULL, NULL));
    g_assert_true(town_fire(&town, &id, "send", "handler", offered->org, NULL, NULL, NULL));
    town.now += BASE_DAY;
    g_assert_cmpint(tick(&town, 10), ==, 1);
    g_autoptr(Case) taken_back = town_load(&town, &id);
    const FlowChart *chart = pack_chart(taken_back->pack);
    g_assert_cmpstr(flow_chart_state_id(chart, flow_rest(chart, &taken_back->flow)), ==, "handling");
    g_assert_cmpint(taken_back->flow.task[flow_chart_task_find(chart, "visit")].state, ==, FLOW_TASK_LAPSED);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static gboolean refuse_release(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now,
                               gpointer data, GError **error)
{
    if (strcmp(call, "release") != 0) return TRUE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "no unit is let go today");
    return FALSE;
}

/* "handle" expires in the middle of what "whole" and others still have to say. */
static void an_expiry_whose_event_is_refused_is_told_and_holds_up_nothing(void)
{
    Town town;
    town_open(&town, 5, PACK);
    case_room_enrol_draft(town.room, "dispatch", refuse_release, NULL);
    const BaseId id = town_signal(&town, "light", "electric");
    g_autoptr(Case) offered = town_load(&town, &id);
    g_assert_true(town_fire(&town, &id, "signin", "handler", offered->org, NULL, NULL, NULL));
    g_assert_true(town_fire(&town, &id, "send", "handler", offered->org, NULL, NULL, NULL));
    town.now += 30 * BASE_DAY;
    g_assert_cmpint(tick(&town, 10), ==, 1);
    g_assert_cmpint(tick(&town, 10), ==, 0);
    g_assert_cmpint(next_due(&town), ==, G_MAXINT64);
    g_autoptr(Case) still = town_load(&town, &id);
    const FlowChart *chart = pack_chart(still->pack);
    g_assert_cmpstr(flow_chart_state_id(chart, flow_rest(chart, &still->flow)), ==, "sent");
    g_assert_true(still->late);
    g_assert_cmpint(town_number(&town,
                                "SELECT count(*) FROM event WHERE body ->> 'event' = 'expiry_refused' AND "
                                "body ->> 'note' = 'no unit is let go today'"),
                    ==, 1);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE body ->> 'event' = 'lapse'"), ==, 0);
    g_assert_cmpint(town_number(&town, "SELECT count(DISTINCT body ->> 'clock') FROM event WHERE kind = "
                                       "'case.rung' AND body ->> 'event' = 'expired'"),
                    ==, 2);
    town_assert_rebuilt_equal(&town);
    GuardAudit audit;
    g_assert_true(guard_audit_verify(town.guard, NULL, NULL, NULL, &audit, NULL) && audit.sound);
    town_close(&town);
}

/* A call that nobody touches: going from next instant to next instant meets each rung of "sort" (2 minutes)
 * and of "resident" (24 hours), and then there is nothing left to wait for. */
static void going_from_next_to_next_meets_every_rung(void)
{
    static const gint64 minutes[] = { 2, 3, 12 * 60, 24 * 60 * 8 / 10, 24 * 60, 36 * 60 };
    Town town;
    town_open(&town, 6, "packs/incident");
    town_signal(&town, "light", "electric");
    for (gsize i = 0; i < G_N_ELEMENTS(minutes); i++) {
        town.now = next_due(&town);
        g_assert_cmpint(town.now, ==, T0 + minutes[i] * BASE_MINUTE);
        g_assert_cmpint(tick(&town, 10), ==, 1);
    }
    g_assert_cmpint(next_due(&town), ==, G_MAXINT64);
    g_assert_cmpint(rungs(&town), ==, 6 + 2);
    town_close(&town);
}

static void supervise_all(Town *town, int limit)
{
    gint64 next;
    guint due = slow_due(town, &next);
    g_assert_cmpint(next_due(town), ==, next);
    guint handled = 0;
    int now;
    do
        handled += (guint)(now = tick(town, limit));
    while (now == limit);
    g_assert_cmpuint(handled, ==, due);
    g_assert_cmpuint(slow_due(town, &next), ==, 0);
    g_assert_cmpint(next_due(town), ==, next);
}

static void the_index_says_what_looking_at_every_case_says(void)
{
    guint32 seed = (guint32)g_test_rand_int();
    g_test_message("seed %u", seed);
    Town town;
    town_open(&town, seed, PACK);
    for (int round = 0; round < 40; round++) {
        for (guint n = town_below(&town, 4); n > 0; n--)
            town_signal(&town, "light", "electric");
        for (guint n = town_below(&town, 8); n > 0 && town.cases->len; n--)
            town_do_something(&town, &g_array_index(town.cases, BaseId, town_below(&town, town.cases->len)));
        town.now += (gint64)town_below(&town, 30 * 60) * BASE_MINUTE;
        supervise_all(&town, 1 + (int)town_below(&town, 5));
    }
    g_test_message("%u cases, %" G_GINT64_FORMAT " rungs and expiries", town.cases->len, rungs(&town));
    g_assert_cmpint(rungs(&town), >, 0);
    g_assert_cmpint(
        town_number(&town,
                    "SELECT count(*) FROM (SELECT 1 FROM event WHERE kind = 'case.rung' GROUP BY case_id, "
                    "body HAVING count(*) > 1)"),
        ==, 0);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

typedef struct {
    guint n;
    BaseId id;
} Stuck;

static void take_stuck(const BaseId *id, const GError *why, gpointer data)
{
    Stuck *stuck = data;
    g_assert_nonnull(why);
    stuck->id = *id;
    stuck->n++;
}

static gboolean lose_version(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    (void)town;
    return STORE_RUN(conn, error, "UPDATE case_file SET version = 'gone' WHERE id = ?1",
                     STORE_ID((BaseId *)data));
}

static void a_case_that_cannot_be_passed_holds_up_no_other(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    town_open(&town, 1, PACK);
    town_stand_in(&town);
    BaseId lost = town_signal(&town, "light", "electric");
    town.now += 1;
    town_signal(&town, "light", "electric");
    town_signal(&town, "light", "electric");
    g_assert_true(town_write(&town, lose_version, &lost, NULL));
    town.now += BASE_HOUR;
    Batch batch = { .limit = 10 };
    g_assert_false(town_write(&town, batch_job, &batch, &error));
    g_assert_cmpint(rungs(&town), ==, 0);
    for (int again = 0; again < 2; again++) {
        g_autoptr(GError) none = NULL;
        Stuck stuck = { 0 };
        g_assert_true(supervise_each(town.room, town.now, 10, take_stuck, &stuck, &none));
        g_assert_cmpuint(stuck.n, ==, 1);
        g_assert_true(base_id_equal(&stuck.id, &lost));
        g_assert_cmpint(rungs(&town), ==, 2);
    }
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/supervise/nothing_is_due_where_nothing_is_open", nothing_is_due_where_nothing_is_open);
    g_test_add_func("/supervise/each_rung_is_passed_once_and_not_before_its_time",
                    each_rung_is_passed_once_and_not_before_its_time);
    g_test_add_func("/supervise/the_one_that_waited_longest_comes_first",
                    the_one_that_waited_longest_comes_first);
    g_test_add_func("/supervise/a_case_with_several_clocks_due_is_handled_once",
                    a_case_with_several_clocks_due_is_handled_once);
    g_test_add_func("/supervise/an_expiry_fires_its_event_where_it_is_awaited",
                    an_expiry_fires_its_event_where_it_is_awaited);
    g_test_add_func("/supervise/an_expiry_whose_event_is_refused_is_told_and_holds_up_nothing",
                    an_expiry_whose_event_is_refused_is_told_and_holds_up_nothing);
    g_test_add_func("/supervise/going_from_next_to_next_meets_every_rung",
                    going_from_next_to_next_meets_every_rung);
    g_test_add_func("/supervise/the_index_says_what_looking_at_every_case_says",
                    the_index_says_what_looking_at_every_case_says);
    g_test_add_func("/supervise/a_case_that_cannot_be_passed_holds_up_no_other",
                    a_case_that_cannot_be_passed_holds_up_no_other);
    return g_test_run();
}
