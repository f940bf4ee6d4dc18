/* scxml_test.c - the W3C's SCXML test suite (2015), read as a specification: its 122 automatic tests of
 * chapters 3 to 6 and appendix D.1 that need no invoke, script or HTTP (test 403 counts as its three parts),
 * each in a small chart of our own. Nothing of the suite is copied here. */
#include "engine/flow/scxml_actions_for_test.h"
#include "engine/flow/scxml_events_for_test.h"
#include "engine/flow/scxml_states_for_test.h"

#define W3C_TESTS 122

static void states_history_and_the_order_of_things(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(scxml_states); i++)
        scxml_play(&scxml_states[i]);
}

static void actions_data_and_conditions(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(scxml_actions); i++)
        scxml_play(&scxml_actions[i]);
}

static void events_delays_and_queues(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(scxml_events); i++)
        scxml_play(&scxml_events[i]);
}

static void count(const Scxml *rows, gsize n, int of[3], GHashTable *seen)
{
    for (gsize i = 0; i < n; i++) {
        of[rows[i].how]++;
        g_assert_true(g_hash_table_add(seen, (gpointer)rows[i].number));
    }
}

static void every_w3c_test_has_a_row_or_a_reason(void)
{
    int of[3] = { 0 };
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    count(scxml_states, G_N_ELEMENTS(scxml_states), of, seen);
    count(scxml_actions, G_N_ELEMENTS(scxml_actions), of, seen);
    count(scxml_events, G_N_ELEMENTS(scxml_events), of, seen);
    g_test_message("%d of %d W3C tests shown as stated, %d by what ours does in their place, %d not ours",
                   of[SCXML_AS_IS], W3C_TESTS, of[SCXML_OURS], of[SCXML_NOT_OURS]);
    g_assert_cmpint(of[0] + of[1] + of[2], ==, W3C_TESTS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scxml/states_history_and_the_order_of_things", states_history_and_the_order_of_things);
    g_test_add_func("/scxml/actions_data_and_conditions", actions_data_and_conditions);
    g_test_add_func("/scxml/events_delays_and_queues", events_delays_and_queues);
    g_test_add_func("/scxml/every_w3c_test_has_a_row_or_a_reason", every_w3c_test_has_a_row_or_a_reason);
    return g_test_run();
}
