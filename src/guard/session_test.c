/* session_test.c - signing in, the lock, the limits of a session. Times are given, nothing waits. */
#include <time.h>
#include "guard/room_for_test.h"

static const char *const leader[] = { "leader", NULL };
static const gint64 minute = 60 * 1000, hour = 60 * 60 * 1000;

static gboolean try(Room *room, const char *login, const char *password, gint64 now)
{
    char token[GUARD_TOKEN];
    g_autoptr(GError) error = NULL;
    gboolean in = guard_sign_in(room->guard, login, password, now, now, token, NULL, &error);
    if (!in) g_assert_error(error, GUARD_ERROR, GUARD_ERROR_SIGN_IN);
    return in;
}

static gboolean lives(Room *room, const char *token, gint64 now)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GuardUser) user = guard_session_user(room->guard, token, now, &error);
    if (!user) g_assert_error(error, GUARD_ERROR, GUARD_ERROR_SESSION);
    return user != NULL;
}

static void every_refusal_reads_the_same(void)
{
    static const struct {
        const char *name, *login, *password, *event;
    } table[] = {
        { "wrong password", "chen", "four words of chants",
          "sign-in.refused chen -   {\"why\":\"password\",\"failures\":1,\"locks\":false}" },
        { "no such login", "chan", PASSWORD, "sign-in.refused unknown -   {\"why\":\"unknown\"}" },
        { "a password typed as login", "S3cret words!", PASSWORD,
          "sign-in.refused unknown -   {\"why\":\"unknown\"}" },
        { "empty", "", "", "sign-in.refused unknown -   {\"why\":\"unknown\"}" },
        { "nothing", NULL, NULL, "sign-in.refused unknown -   {\"why\":\"unknown\"}" },
        { "SQL", "' OR 1=1 --", PASSWORD, "sign-in.refused unknown -   {\"why\":\"unknown\"}" },
    };
    Room room;
    g_autofree char *text = NULL;
    room_open(&room);
    room_add(&room, "chen", leader);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        char token[GUARD_TOKEN] = "untouched";
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i].name);
        g_assert_false(
            guard_sign_in(room.guard, table[i].login, table[i].password, T0, T0, token, NULL, &error));
        g_assert_error(error, GUARD_ERROR, GUARD_ERROR_SIGN_IN);
        g_assert_cmpstr(token, ==, "untouched");
        if (!text) text = g_strdup(error->message);
        g_assert_cmpstr(error->message, ==, text);
        g_autofree char *event = room_event(&room, room_events(&room));
        g_assert_cmpstr(event, ==, table[i].event);
    }
    room_close(&room);
}

static double cpu_of(Room *room, const char *login)
{
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    g_assert_false(try(room, login, "wrong words of chance", T0));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

static void an_unknown_login_costs_the_same_work(void)
{
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    cpu_of(&room, "warm-up");
    double known = cpu_of(&room, "chen") + cpu_of(&room, "chen"),
           unknown = cpu_of(&room, "chan") + cpu_of(&room, "chan");
    g_test_message("known %.3f s, unknown %.3f s", known, unknown);
    g_assert_cmpfloat(unknown, >, known * 0.4);
    g_assert_cmpfloat(unknown, <, known * 2.5);
    room_close(&room);
}

static void five_failures_lock_for_ten_minutes(void)
{
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    for (int i = 0; i < GUARD_LOCK_AFTER; i++)
        g_assert_false(try(&room, "chen", "wrong words of chance", T0));
    g_autofree char *locks = room_event(&room, room_events(&room));
    g_assert_cmpstr(locks, ==,
                    "sign-in.refused chen -   {\"why\":\"password\",\"failures\":5,\"locks\":true}");
    g_assert_false(try(&room, "chen", PASSWORD, T0));
    g_assert_false(try(&room, "chen", PASSWORD, T0 + GUARD_LOCK_FOR - 1));
    g_autofree char *locked = room_event(&room, room_events(&room));
    g_assert_cmpstr(locked, ==, "sign-in.refused chen -   {\"why\":\"locked\"}");
    g_assert_true(try(&room, "chen", PASSWORD, T0 + GUARD_LOCK_FOR));
    room_close(&room);
}

static void four_failures_and_a_success_do_not_lock(void)
{
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < GUARD_LOCK_AFTER - 1; i++)
            g_assert_false(try(&room, "chen", "wrong words of chance", T0));
        g_assert_true(try(&room, "chen", PASSWORD, T0));
    }
    room_close(&room);
}

static gpointer guess(gpointer room)
{
    return GINT_TO_POINTER(try(room, "chen", "wrong words of chance", T0));
}

static void guesses_at_the_same_time_count_like_guesses_in_turn(void)
{
    GThread *thread[GUARD_LOCK_AFTER];
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    for (int i = 0; i < GUARD_LOCK_AFTER; i++)
        thread[i] = g_thread_new("guess", guess, &room);
    for (int i = 0; i < GUARD_LOCK_AFTER; i++)
        g_assert_false(GPOINTER_TO_INT(g_thread_join(thread[i])));
    g_assert_false(try(&room, "chen", PASSWORD, T0));
    room_close(&room);
}

static void a_session_ends_by_silence_and_by_age(void)
{
    char token[GUARD_TOKEN], again[GUARD_TOKEN];
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, token, NULL, NULL));
    g_assert_true(lives(&room, token, T0 + GUARD_IDLE));
    g_assert_true(lives(&room, token, T0 + 2 * GUARD_IDLE));
    g_assert_false(lives(&room, token, T0 + 3 * GUARD_IDLE + 1));
    g_assert_false(lives(&room, token, T0 + 3 * GUARD_IDLE + 1));
    g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0 + hour, T0, again, NULL, NULL));
    gint64 now = T0 + hour;
    for (; now < T0 + hour + GUARD_ABSOLUTE; now += 10 * minute)
        g_assert_true(lives(&room, again, now));
    g_assert_true(lives(&room, again, T0 + hour + GUARD_ABSOLUTE));
    g_assert_false(lives(&room, again, T0 + hour + GUARD_ABSOLUTE + 1));
    room_close(&room);
}

static void a_restart_keeps_a_session_to_the_minute(void)
{
    static const struct {
        const char *name;
        gint64 used, asked;
        gboolean lives;
    } table[] = {
        { "never used again", 0, GUARD_IDLE, TRUE },
        { "silent for too long", 0, GUARD_IDLE + 1, FALSE },
        { "use after 30 s is not written", 30 * 1000, GUARD_IDLE + 1, FALSE },
        { "use after a minute is", 60 * 1000, GUARD_IDLE + 60 * 1000, TRUE },
        { "and no longer", 60 * 1000, GUARD_IDLE + 60 * 1000 + 1, FALSE },
    };
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        char token[GUARD_TOKEN];
        g_test_message("%s", table[i].name);
        g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, token, NULL, NULL));
        g_assert_true(lives(&room, token, T0 + table[i].used));
        guard_close(room.guard);
        room.guard = guard_open(room.store, room.keys, FALSE, base_chance_seeded(8), NULL);
        g_assert_cmpint(lives(&room, token, T0 + table[i].asked), ==, table[i].lives);
    }
    room_close(&room);
}

static void every_sign_in_is_a_new_session(void)
{
    char one[GUARD_TOKEN], two[GUARD_TOKEN];
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, one, NULL, NULL));
    g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, two, NULL, NULL));
    g_assert_cmpuint(strlen(one), ==, GUARD_TOKEN - 1);
    g_assert_cmpstr(one, !=, two);
    g_assert_true(guard_sign_out(room.guard, one, T0, NULL));
    g_autofree char *event = room_event(&room, room_events(&room));
    g_assert_cmpstr(event, ==, "sign-out chen -   {}");
    g_assert_false(lives(&room, one, T0));
    g_assert_true(lives(&room, two, T0));
    room_close(&room);
}

static void only_a_token_that_was_given_opens(void)
{
    static const char *const table[] = { NULL,
                                         "",
                                         "0",
                                         "zz",
                                         "not a token at all",
                                         "0000000000000000000000000000000000000000000000000000000000000000",
                                         "00000000000000000000000000000000000000000000000000000000000000000",
                                         "000000000000000000000000000000000000000000000000000000000000000G" };
    char token[GUARD_TOKEN];
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, token, NULL, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(lives(&room, table[i], T0));
        g_assert_false(guard_sign_out(room.guard, table[i], T0, &error));
        g_assert_error(error, GUARD_ERROR, GUARD_ERROR_SESSION);
    }
    g_autofree char *upper = g_ascii_strup(token, -1);
    g_assert_false(lives(&room, upper, T0) && !g_str_equal(upper, token));
    token[10] = token[10] == '0' ? '1' : '0';
    g_assert_false(lives(&room, token, T0));
    room_close(&room);
}

static void the_store_never_sees_a_token(void)
{
    char token[GUARD_TOKEN];
    guint8 raw[32];
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, token, NULL, NULL));
    for (int i = 0; i < 32; i++)
        raw[i] = (guint8)(g_ascii_xdigit_value(token[2 * i]) << 4 | g_ascii_xdigit_value(token[2 * i + 1]));
    g_autoptr(StoreConn) conn = store_read_begin(room.store, NULL);
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT hash FROM session", NULL, 0, NULL);
    gsize n;
    g_assert_true(store_step(rows, NULL));
    const void *kept = store_blob(rows, 0, &n);
    g_assert_cmpuint(n, ==, 32);
    g_assert_cmpint(memcmp(kept, raw, 32), !=, 0);
    g_clear_pointer(&rows, store_rows_free);
    g_clear_pointer(&conn, store_read_end);
    room_close(&room);
}

static void no_event_no_session(void)
{
    char token[GUARD_TOKEN];
    Room room;
    room_open(&room);
    room_add(&room, "chen", leader);
    room_ledger_refuses(&room, TRUE);
    g_assert_false(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, token, NULL, NULL));
    room_ledger_refuses(&room, FALSE);
    g_autoptr(StoreConn) conn = store_read_begin(room.store, NULL);
    g_autoptr(StoreRows) rows = store_query(conn, "SELECT 1 FROM session", NULL, 0, NULL);
    g_assert_false(store_step(rows, NULL));
    g_clear_pointer(&rows, store_rows_free);
    g_clear_pointer(&conn, store_read_end);
    room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/session/every_refusal_reads_the_same", every_refusal_reads_the_same);
    g_test_add_func("/session/an_unknown_login_costs_the_same_work", an_unknown_login_costs_the_same_work);
    g_test_add_func("/session/five_failures_lock_for_ten_minutes", five_failures_lock_for_ten_minutes);
    g_test_add_func("/session/four_failures_and_a_success_do_not_lock",
                    four_failures_and_a_success_do_not_lock);
    g_test_add_func("/session/guesses_at_the_same_time_count_like_guesses_in_turn",
                    guesses_at_the_same_time_count_like_guesses_in_turn);
    g_test_add_func("/session/a_session_ends_by_silence_and_by_age", a_session_ends_by_silence_and_by_age);
    g_test_add_func("/session/a_restart_keeps_a_session_to_the_minute",
                    a_restart_keeps_a_session_to_the_minute);
    g_test_add_func("/session/every_sign_in_is_a_new_session", every_sign_in_is_a_new_session);
    g_test_add_func("/session/only_a_token_that_was_given_opens", only_a_token_that_was_given_opens);
    g_test_add_func("/session/the_store_never_sees_a_token", the_store_never_sees_a_token);
    g_test_add_func("/session/no_event_no_session", no_event_no_session);
    return g_test_run();
}
