/* intake_test.c - tables become cases once each; what is refused is told, and spoils nothing else. On the
 * real packs. */
#include "loop/intake/intake.h"
#include <string.h>

typedef struct {
    Store *store;
    Guard *guard;
    CaseRoom *room;
    char *keys;
    GString *bad; /* "line why;" */
} Desk;

static const CaseActor CLERK = { .actor = "clerk", .roles = (const char *const[]){ "dispatcher", NULL } };

static void desk_open(Desk *d)
{
    g_autoptr(GError) error = NULL;
    d->store = store_memory_open(&error);
    d->keys = g_dir_make_tmp("intake-XXXXXX", &error);
    d->guard = guard_open(d->store, d->keys, TRUE, base_chance_seeded(1), &error);
    g_assert_no_error(error);
    d->room = case_room_new(d->store, d->guard, BASE_CHINA_OFFSET);
    d->bad = g_string_new(NULL);
    static const char *const packs[] = { "incident", "workorder" };
    for (gsize i = 0; i < G_N_ELEMENTS(packs); i++) {
        g_autofree char *folder = g_build_filename(g_getenv("G_TEST_SRCDIR"), "packs", packs[i], NULL);
        Pack *pack = pack_load(folder, &error);
        g_assert_no_error(error);
        g_assert_true(case_room_add_pack(d->room, pack, 1000, &error));
    }
}

static void desk_close(Desk *d)
{
    case_room_free(d->room);
    guard_close(d->guard);
    store_close(d->store);
    g_string_free(d->bad, TRUE);
    g_free(d->keys);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_close)

static void note_bad(gsize line, const char *why, gpointer data)
{
    g_string_append_printf(((Desk *)data)->bad, "%" G_GSIZE_FORMAT " %s;", line, why);
}

static gboolean read_in(Desk *d, const char *pack, const char *mapping, const char *table, IntakeCount *count,
                        GError **error)
{
    IntakeOptions options = {
        .pack = pack, .mapping = mapping, .actor = &CLERK, .bad_row = note_bad, .data = d
    };
    options.now = 1795400000000;
    g_string_truncate(d->bad, 0);
    return intake_table(d->room, (const guint8 *)table, strlen(table), &options, count, error);
}

static gint64 number(Desk *d, const char *sql)
{
    g_autoptr(StoreConn) conn = store_read_begin(d->store, NULL);
    g_autoptr(StoreRows) rows = store_query(conn, sql, NULL, 0, NULL);
    g_assert_true(store_step(rows, NULL));
    return store_int(rows, 0);
}

#define HEADER "at,channel,caller_name,caller_phone,category,place,lat,lon,area,text\n"

static void a_table_opens_each_row_once(void)
{
    g_auto(Desk) d = { 0 };
    g_autoptr(GError) error = NULL;
    IntakeCount count;
    const char *table = HEADER "2026-11-23 08:00,call,张三,12900000001,theft,青云路1号,30.3,114.6,A1,丢了车\n"
                               "2026-11-23 08:05,call,李四,12900000002,fire,青云路2号,30.3,114.6,A1,冒烟\n";
    desk_open(&d);
    g_assert_true(read_in(&d, "incident", "demo", table, &count, &error));
    g_assert_no_error(error);
    g_assert_cmpint(count.rows, ==, 2);
    g_assert_cmpint(count.opened, ==, 2);
    g_assert_true(read_in(&d, "incident", "demo", table, &count, &error));
    g_assert_cmpint(count.opened, ==, 0);
    g_assert_cmpint(count.again, ==, 2);
    g_assert_cmpint(number(&d, "SELECT count(*) FROM case_file"), ==, 2);
    g_assert_cmpint(number(&d, "SELECT count(*) FROM event WHERE kind = 'import'"), ==, 2);
}

static void a_bad_row_is_told_with_its_line_and_spoils_no_other(void)
{
    g_auto(Desk) d = { 0 };
    g_autoptr(GError) error = NULL;
    IntakeCount count;
    desk_open(&d);
    g_assert_true(read_in(&d, "incident", "demo",
                          HEADER "2026-11-23 08:00,call,,,nonsense,x,,,A1,\n"
                                 "never,call,,,theft,x,,,A1,\n"
                                 "2026-11-23 08:00,call,,,theft,x,,,A1,\n",
                          &count, &error));
    g_assert_cmpint(count.opened, ==, 1);
    g_assert_cmpint(count.bad, ==, 2);
    g_assert_nonnull(strstr(d.bad->str, "2 "));
    g_assert_nonnull(strstr(d.bad->str, "3 "));
}

static void a_row_nobody_answers_for_spoils_only_itself(void)
{
    g_auto(Desk) d = { 0 };
    g_autoptr(GError) error = NULL;
    IntakeCount count;
    const char *header =
        "Unique Key,Created Date,Agency,Complaint Type,Descriptor,Incident Address,Cross Street 1,City,"
        "Borough,Open Data Channel Type,Latitude,Longitude\n";
    g_autoptr(GString) table = g_string_new(header);
    for (int i = 1; i <= 700; i++) /* two chunks */
        g_string_append_printf(table,
                               "%d,10/21/18 0:00,%s,Noise - Vehicle,Car,1 A ST,B,C,QUEENS,PHONE,40.7,-73.8\n",
                               i, i == 3 || i == 600 ? " " : "NYPD");
    desk_open(&d);
    g_assert_true(read_in(&d, "workorder", "nyc311", table->str, &count, &error));
    g_assert_no_error(error);
    g_assert_cmpint(count.rows, ==, 700);
    g_assert_cmpint(count.opened, ==, 698);
    g_assert_cmpint(count.bad, ==, 2);
    g_assert_cmpint(number(&d, "SELECT count(*) FROM case_file"), ==, 698);
}

static void a_mended_table_opens_only_what_was_mended(void)
{
    g_auto(Desk) d = { 0 };
    g_autoptr(GError) error = NULL;
    IntakeCount count;
    const char *one = "2026-11-23 08:00,call,,,theft,x,,,A1,\n",
               *other = "2026-11-23 08:00,call,,,fire,x,,,A1,\n";
    g_autofree char *spoiled =
        g_strconcat(HEADER, one, "2026-11-23 08:00,call,,,nonsense,x,,,A1,\n", one, NULL);
    g_autofree char *mended = g_strconcat(HEADER, other, one, one, NULL); /* in another order, too */
    desk_open(&d);
    g_assert_true(read_in(&d, "incident", "demo", spoiled, &count, &error));
    g_assert_cmpint(count.opened, ==, 2); /* equal rows are two calls */
    g_assert_cmpint(count.bad, ==, 1);
    g_assert_true(read_in(&d, "incident", "demo", mended, &count, &error));
    g_assert_no_error(error);
    g_assert_cmpint(count.opened, ==, 1);
    g_assert_cmpint(count.again, ==, 2);
}

static void the_header_may_stand_under_a_title(void)
{
    g_auto(Desk) d = { 0 };
    g_autoptr(GError) error = NULL;
    IntakeCount count;
    desk_open(&d);
    g_assert_true(read_in(&d, "incident", NULL,
                          "十一月警情汇总\n制表：指挥中心\n" HEADER "2026-11-23 08:00,call,,,theft,x,,,A1,\n",
                          &count, &error));
    g_assert_cmpint(count.opened, ==, 1);
}

static void what_no_mapping_fits_is_refused_and_changes_nothing(void)
{
    static const struct {
        const char *name, *pack, *mapping, *table;
    } table[] = {
        { "another table's header", "incident", NULL, "name,age\nx,1\n" },
        { "nothing", "incident", NULL, "" },
        { "no such mapping", "incident", "none", HEADER },
        { "no such pack", "none", NULL, HEADER },
        { "a quote never closed", "incident", "demo", HEADER "\"2026" },
    };
    g_auto(Desk) d = { 0 };
    desk_open(&d);
    gint64 before = number(&d, "SELECT count(*) FROM event");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        IntakeCount count;
        g_test_message("%s", table[i].name);
        g_assert_false(read_in(&d, table[i].pack, table[i].mapping, table[i].table, &count, &error));
        g_assert_nonnull(error);
    }
    g_assert_cmpint(number(&d, "SELECT count(*) FROM event"), ==, before);
}

static void replay_gives_signals_in_the_order_of_their_time(void)
{
    g_auto(Desk) d = { 0 };
    g_autoptr(GError) error = NULL;
    IntakeCount count;
    const char *table =
        HEADER "2026-11-23 09:00,call,,,theft,late,,,A1,\n2026-11-23 08:00,call,,,fire,early,,,A1,\n";
    IntakeOptions options = { .pack = "incident", .mapping = "demo" };
    desk_open(&d);
    g_autoptr(GArray) signals =
        intake_read(d.room, (const guint8 *)table, strlen(table), &options, &count, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(signals->len, ==, 2);
    g_assert_cmpstr(g_array_index(signals, PackSignal, 0).place, ==, "early");
    g_assert_cmpint(number(&d, "SELECT count(*) FROM signal"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/intake/a_table_opens_each_row_once", a_table_opens_each_row_once);
    g_test_add_func("/intake/a_bad_row_is_told_with_its_line",
                    a_bad_row_is_told_with_its_line_and_spoils_no_other);
    g_test_add_func("/intake/a_row_nobody_answers_for_spoils_only_itself",
                    a_row_nobody_answers_for_spoils_only_itself);
    g_test_add_func("/intake/a_mended_table_opens_only_what_was_mended",
                    a_mended_table_opens_only_what_was_mended);
    g_test_add_func("/intake/the_header_may_stand_under_a_title", the_header_may_stand_under_a_title);
    g_test_add_func("/intake/what_no_mapping_fits_is_refused",
                    what_no_mapping_fits_is_refused_and_changes_nothing);
    g_test_add_func("/intake/replay_gives_signals_in_the_order_of_their_time",
                    replay_gives_signals_in_the_order_of_their_time);
    return g_test_run();
}
