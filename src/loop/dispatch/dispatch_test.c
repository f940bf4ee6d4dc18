/* dispatch_test.c - who is sent, and whom a free unit serves. */
#include "loop/case/town_for_test.h"
#include "loop/dispatch/dispatch.h"

#include <math.h>

#define PACK "src/loop/case/pack_for_test"

typedef struct {
    Town town;
    Dispatch *dispatch;
} Post;

static void open_post(Post *post, guint64 seed)
{
    town_open(&post->town, seed, PACK);
    post->dispatch = dispatch_new(post->town.room);
    case_room_enrol_draft(post->town.room, "rate", town_invite, NULL);
    case_room_enrol_draft(post->town.room, "notice", town_notify, NULL);
}

static void close_post(Post *post)
{
    dispatch_free(post->dispatch);
    town_close(&post->town);
}

/* ---- choosing ---- */

typedef struct {
    const char *id, *state;
    BasePoint at;
} SetUnit;

static gboolean set_unit(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const SetUnit *u = data;
    return case_set_unit(town->room, conn, u->id, u->state, NULL, u->at, "test", town->now, error);
}

static void put_at(Town *town, const char *id, const char *state, double lat, double lon)
{
    g_autoptr(GError) error = NULL;
    SetUnit u = { id, state, { lat, lon } };
    g_assert_true(town_write(town, set_unit, &u, &error));
    g_assert_no_error(error);
}

static char *chosen(Town *town, const char *skill, BasePoint from, guint k)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(DispatchCandidate));
    g_autoptr(GPtrArray) hold = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    g_assert_true(dispatch_candidates(conn, skill, from, k, out, hold, &error));
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < out->len; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", g_array_index(out, DispatchCandidate, i).unit);
    return g_string_free(text, FALSE);
}

static void the_nearest_free_unit_with_the_skill_goes(void)
{
    static const struct {
        const char *name, *skill;
        BasePoint from;
        guint k;
        const char *want;
    } table[] = {
        /* U1..U4 stand at 30.01 .. 30.04; U2 and U4 can do plumbing too */
        /* clang-format off */
        { "nearest first",             "electric", { 30.0, 120.0 },  4, "U1 U2 U3 U4" },
        { "from the other side",       "electric", { 30.05, 120.0 }, 4, "U4 U3 U2 U1" },
        { "at most k",                 "electric", { 30.05, 120.0 }, 2, "U4 U3" },
        { "a tie goes to the smaller", "electric", { 30.025, 120.0 }, 2, "U2 U3" },
        { "the second word of skills", "plumbing", { 30.0, 120.0 },  4, "U2 U4" },
        { "no part of a word",         "plumb",    { 30.0, 120.0 },  4, "" },
        { "nobody has it",             "diving",   { 30.0, 120.0 },  4, "" },
        { "any will do",               "",         { 30.0, 120.0 },  1, "U1" },
        { "place not known",           "plumbing", { NAN, NAN },     4, "U2 U4" },
        /* clang-format on */
    };
    Post post;
    open_post(&post, 1);
    put_at(&post.town, "U2", "free", 30.02, 120.0);
    put_at(&post.town, "U3", "free", 30.03, 120.0);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_autofree char *got = chosen(&post.town, table[i].skill, table[i].from, table[i].k);
        g_assert_cmpstr(got, ==, table[i].want);
    }
    put_at(&post.town, "U1", "off", 30.01, 120.0);
    g_autofree char *got = chosen(&post.town, "electric", (BasePoint){ 30.0, 120.0 }, 1);
    g_assert_cmpstr(got, ==, "U2");
    close_post(&post);
}

/* The obvious way, as the oracle: every unit, sorted by distance, then id. */
static void the_nearest_are_those_that_sorting_all_gives(void)
{
    Post post;
    open_post(&post, 1);
    Town *town = &post.town;
    const char *const ids[] = { "U1", "U2", "U3", "U4" };
    for (int round = 0; round < 200; round++) {
        BasePoint at[4], from = { 30.0 + town_below(town, 5) * 0.01, 120.0 + town_below(town, 5) * 0.01 };
        for (int i = 0; i < 4; i++) {
            at[i] = (BasePoint){ 30.0 + town_below(town, 5) * 0.01, 120.0 + town_below(town, 5) * 0.01 };
            put_at(town, ids[i], "free", at[i].lat, at[i].lon);
        }
        gboolean taken[4] = { FALSE };
        g_autoptr(GString) want = g_string_new(NULL);
        guint k = 1 + town_below(town, 4);
        for (guint n = 0; n < k; n++) {
            int best = -1;
            for (int i = 0; i < 4; i++)
                if (!taken[i] &&
                    (best < 0 || base_geo_distance(from, at[i]) < base_geo_distance(from, at[best])))
                    best = i;
            taken[best] = TRUE;
            g_string_append_printf(want, "%s%s", n ? " " : "", ids[best]);
        }
        g_autofree char *got = chosen(town, "electric", from, k);
        g_assert_cmpstr(got, ==, want->str);
    }
    close_post(&post);
}

/* ---- serving ---- */

static void must(Town *town, const BaseId *id, const char *event, const char *role, json_t *fields)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) c = town_load(town, id);
    g_assert_true(town_fire(town, id, event, role, c->org, c->unit, fields, &error));
    g_assert_no_error(error);
    json_decref(fields);
}

static BaseId sent(Town *town, const char *kind)
{
    BaseId id = town_signal(town, kind, "plumbing");
    must(town, &id, "signin", "handler", NULL);
    must(town, &id, "send", "handler", NULL);
    return id;
}

static void assert_unit(Town *town, const BaseId *id, const char *want)
{
    g_autoptr(Case) c = town_load(town, id);
    g_assert_cmpstr(c->unit, ==, want);
}

static void who_waits_is_served_by_urgency_then_age(void)
{
    Post post;
    open_post(&post, 1);
    Town *town = &post.town;
    BaseId first = sent(town, "light"), second = sent(town, "light"); /* takes both plumbers */
    BaseId waits = sent(town, "light");
    town->now += BASE_MINUTE;
    BaseId urgent = town_signal(town, "water", "plumbing");
    must(town, &urgent, "return", "handler", NULL); /* which makes it level 2 */
    must(town, &urgent, "signin", "handler", NULL);
    must(town, &urgent, "send", "handler", NULL);
    assert_unit(town, &waits, NULL);
    assert_unit(town, &urgent, NULL);
    g_autoptr(Case) a = town_load(town, &first);
    g_assert_nonnull(a->unit);
    must(town, &first, "report", "unit", json_pack("{s:s}", "finding", "x"));
    assert_unit(town, &urgent, a->unit);
    assert_unit(town, &first, a->unit); /* the case keeps the name of who did it */
    assert_unit(town, &waits, NULL);
    must(town, &second, "report", "unit", json_pack("{s:s}", "finding", "x"));
    g_autoptr(Case) b = town_load(town, &second);
    assert_unit(town, &waits, b->unit);
    g_assert_cmpint(town_number(town, "SELECT count(*) FROM counter WHERE name LIKE 'waiting%'"), ==, 0);
    g_assert_cmpint(town_number(town, "SELECT count(*) FROM task WHERE kind = 'visit' AND unit IS NOT NULL"
                                      " AND state = 'offered'"),
                    ==, 2);
    town_assert_rebuilt_equal(town);
    close_post(&post);
}

static void a_unit_that_comes_on_duty_serves_too(void)
{
    Post post;
    open_post(&post, 1);
    Town *town = &post.town;
    put_at(town, "U2", "off", 30.0, 120.0);
    put_at(town, "U4", "off", 30.0, 120.0);
    BaseId waits = sent(town, "light");
    assert_unit(town, &waits, NULL);
    put_at(town, "U1", "free", 30.0, 120.0); /* has not the skill */
    assert_unit(town, &waits, NULL);
    put_at(town, "U4", "free", 30.0, 120.0);
    assert_unit(town, &waits, "U4");
    town_assert_rebuilt_equal(town);
    close_post(&post);
}

/* A case waits only while nobody who could go is free; a unit is at one case; random days. */
static void nobody_waits_while_somebody_could_go(void)
{
    for (guint64 seed = 1; seed <= 12; seed++) {
        g_test_message("seed %" G_GUINT64_FORMAT, seed);
        Post post;
        open_post(&post, seed);
        for (int day = 0; day < 5; day++) {
            town_live(&post.town, 30);
            g_assert_cmpint(
                town_number(&post.town,
                            "SELECT count(*) FROM case_file c JOIN unit u ON u.state = 'free'"
                            " AND instr(',' || u.skills || ',', ',' || (c.facts ->> 'skill') || ',')"
                            " WHERE c.facts ->> 'waiting' IS NOT NULL"),
                ==, 0);
            g_assert_cmpint(town_number(&post.town,
                                        "SELECT count(*) FROM unit u JOIN case_file c ON c.id = u.case_id"
                                        " WHERE u.state = 'sent' AND (c.final = 1 OR c.unit <> u.id)"),
                            ==, 0);
            g_assert_cmpint(
                town_number(&post.town, "SELECT count(*) FROM counter WHERE name LIKE 'waiting %'"), ==,
                town_number(&post.town,
                            "SELECT count(*) FROM case_file WHERE facts ->> 'waiting' IS NOT NULL"));
        }
        town_assert_rebuilt_equal(&post.town);
        close_post(&post);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dispatch/the_nearest_free_unit_with_the_skill_goes",
                    the_nearest_free_unit_with_the_skill_goes);
    g_test_add_func("/dispatch/the_nearest_are_those_that_sorting_all_gives",
                    the_nearest_are_those_that_sorting_all_gives);
    g_test_add_func("/dispatch/who_waits_is_served_by_urgency_then_age",
                    who_waits_is_served_by_urgency_then_age);
    g_test_add_func("/dispatch/a_unit_that_comes_on_duty_serves_too", a_unit_that_comes_on_duty_serves_too);
    g_test_add_func("/dispatch/nobody_waits_while_somebody_could_go", nobody_waits_while_somebody_could_go);
    return g_test_run();
}
