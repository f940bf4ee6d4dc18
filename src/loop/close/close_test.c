/* close_test.c - the resident is asked once, answers once or not at all; notices stand in the outbox. */
#include "loop/case/town_for_test.h"
#include "loop/close/close.h"

#define PACK "src/loop/case/pack_for_test"

static void open_office(Town *town)
{
    town_open(town, 1, PACK);
    close_enrol(town->room);
    case_room_enrol_draft(town->room, "assign", town_route, NULL);
}

static void must(Town *town, const BaseId *id, const char *event, const char *role, const char *fields)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) c = town_load(town, id);
    json_t *json = fields ? json_loads(fields, 0, NULL) : NULL;
    g_assert_true(town_fire(town, id, event, role, c->org, c->unit, json, &error));
    g_assert_no_error(error);
    json_decref(json);
}

static BaseId answered(Town *town)
{
    BaseId id = town_signal(town, "light", "electric");
    must(town, &id, "signin", "handler", NULL);
    must(town, &id, "reply", "handler", "{\"answer\": \"new lamp\"}");
    return id;
}

static BaseId asked(Town *town)
{
    BaseId id = answered(town);
    must(town, &id, "callback", "callcentre", "{\"solved\": true}");
    return id;
}

typedef struct {
    BaseId id;
    int level;
} Answer;

static gboolean rate(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const Answer *a = data;
    return close_rate(town->room, conn, &a->id, a->level, CANARY, town->now, error);
}

static json_t *page(Town *town, const BaseId *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    g_autoptr(Case) c = case_load(town->room, conn, id, &error);
    BaseJson out = base_json_to(text);
    base_json_object(&out);
    g_assert_true(close_put_rating(conn, c, town->now, &out, &error));
    base_json_end_object(&out);
    json_t *parsed = base_json_parse(text->str, text->len, BASE_JSON_REQUEST, &error);
    g_assert_no_error(error);
    return parsed;
}

static void assert_page(Town *town, const BaseId *id, gboolean can_rate, gboolean lapsed, int level)
{
    json_t *seen = page(town, id);
    g_assert_true(json_is_true(json_object_get(seen, "can_rate")) == can_rate);
    g_assert_true(json_is_true(json_object_get(seen, "lapsed")) == lapsed);
    g_assert_cmpint((gint64)json_integer_value(json_object_get(seen, "level")), ==, level);
    json_decref(seen);
}

static void an_invitation_is_answered_once(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_office(&town);
    BaseId id = asked(&town);
    assert_page(&town, &id, TRUE, FALSE, 0);
    Answer answer = { id, 4 };
    g_assert_true(town_write(&town, rate, &answer, &error));
    g_assert_no_error(error);
    assert_page(&town, &id, FALSE, FALSE, 4);
    g_assert_cmpint(town_number(&town, "SELECT level FROM rating WHERE answered_at IS NOT NULL"), ==, 4);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_file WHERE state = 'closed'"), ==, 1);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE body LIKE '%" CANARY "%'"), ==, 0);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_private WHERE facts LIKE '%rating_text%'"),
                    ==, 1);
    g_assert_false(town_write(&town, rate, &answer, &error));
    g_assert_error(error, CLOSE_ERROR, CLOSE_ERROR_ANSWERED);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void a_refused_answer_says_why(void)
{
    Town town;
    open_office(&town);
    BaseId id = asked(&town);
    const struct {
        int level, code;
    } table[] = { { 0, CLOSE_ERROR_LEVEL }, { 6, CLOSE_ERROR_LEVEL } };
    gint64 events = town_number(&town, "SELECT count(*) FROM event");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        Answer answer = { id, table[i].level };
        g_assert_false(town_write(&town, rate, &answer, &error));
        g_assert_error(error, CLOSE_ERROR, table[i].code);
    }
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event"), ==, events);
    g_autoptr(GError) error = NULL;
    Answer early = { answered(&town), 5 };
    g_assert_false(town_write(&town, rate, &early, &error));
    g_assert_error(error, CLOSE_ERROR, CLOSE_ERROR_NOT_ASKED);
    town_close(&town);
}

/* Whether somebody ticked or not, the window is the same. */
static void silence_lapses_and_is_no_rating(void)
{
    for (int ticked = 0; ticked < 2; ticked++) {
        g_autoptr(GError) error = NULL;
        Town town;
        open_office(&town);
        BaseId id = asked(&town);
        town.now += 7 * BASE_DAY;
        if (ticked) town_pass(&town, 0);
        assert_page(&town, &id, FALSE, TRUE, 0);
        Answer answer = { id, 5 };
        g_assert_false(town_write(&town, rate, &answer, &error));
        g_assert_error(error, CLOSE_ERROR, CLOSE_ERROR_LAPSED);
        town_pass(&town, 0);
        g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_file WHERE state = 'closed'"), ==, 1);
        g_assert_cmpint(
            town_number(&town, "SELECT count(*) FROM rating WHERE lapsed_at IS NOT NULL AND level IS NULL"),
            ==, 1);
        g_assert_cmpint(town_number(&town, "SELECT late FROM case_file"), ==,
                        0); /* the resident's silence is not our delay */
        town_assert_rebuilt_equal(&town);
        town_close(&town);
    }
}

static void a_reopened_case_asks_again_unless_answered(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_office(&town);
    BaseId id = asked(&town);
    must(&town, &id, "reopen", "callcentre", NULL);
    Answer answer = { id, 5 };
    g_assert_false(town_write(&town, rate, &answer, &error)); /* the case is being worked on again */
    g_assert_error(error, CLOSE_ERROR, CLOSE_ERROR_LAPSED);
    g_clear_error(&error);
    town.now += BASE_HOUR;
    must(&town, &id, "reply", "handler", "{\"answer\": \"again\"}");
    must(&town, &id, "callback", "callcentre", "{\"solved\": true}");
    g_assert_cmpint(town_number(&town, "SELECT invited_at FROM rating"), ==, town.now);
    g_assert_true(town_write(&town, rate, &answer, &error));
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM rating"), ==, 1);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void notices_stand_in_the_outbox(void)
{
    Town town;
    open_office(&town);
    answered(&town);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM notice WHERE id = 'answered' AND channel = 'sms'"
                                       " AND receiver = 'resident'"),
                    ==, 1);
    BaseId other = town_signal(&town, "light", "electric");
    (void)other;
    town_pass(&town, BASE_HOUR); /* half of the time to sign in */
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM notice WHERE id = 'hurry'"), ==, 1);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/close/an_invitation_is_answered_once", an_invitation_is_answered_once);
    g_test_add_func("/close/a_refused_answer_says_why", a_refused_answer_says_why);
    g_test_add_func("/close/silence_lapses_and_is_no_rating", silence_lapses_and_is_no_rating);
    g_test_add_func("/close/a_reopened_case_asks_again_unless_answered",
                    a_reopened_case_asks_again_unless_answered);
    g_test_add_func("/close/notices_stand_in_the_outbox", notices_stand_in_the_outbox);
    return g_test_run();
}
