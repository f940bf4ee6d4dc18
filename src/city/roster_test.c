/* roster_test.c - 22 organisations mediate in the city, and the service's register holds them all. */
#include "city/roster.h"
#include "loop/case/register.h"
#include "loop/case/town_for_test.h"

static gboolean settle_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    (void)data;
    return roster_settle(town->room, conn, town->now, error);
}

static void the_register_holds_twenty_two(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    town_open(&town, 7, "packs/mediation");
    town_write(&town, settle_job, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM register_entry"), ==, 22);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM org WHERE kind = 'mediation'"), ==, 22);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

/* The demo plays whatever services there are. */
static void without_the_service_they_are_organisations_only(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    town_open(&town, 7, "packs/workorder");
    town_write(&town, settle_job, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM register_entry"), ==, 0);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM org WHERE kind = 'mediation'"), ==, 22);
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/roster/the_register_holds_twenty_two", the_register_holds_twenty_two);
    g_test_add_func("/roster/without_the_service_they_are_organisations_only",
                    without_the_service_they_are_organisations_only);
    return g_test_run();
}
