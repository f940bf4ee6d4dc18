/* limit_test.c - how many tries an address has. */
#include "api/limit.h"

static void tries_run_out_and_come_back_one_by_one(void)
{
    static const struct {
        const char *name, *address;
        gint64 now;
        gboolean given;
        gint64 wait;
    } table[] = {
        /* clang-format off */
        { "first",              "a", 1000, TRUE,  0 },
        { "second",             "a", 1000, TRUE,  0 },
        { "one too many",       "a", 1000, FALSE, 100 },
        { "another address",    "b", 1000, TRUE,  0 },
        { "still too early",    "a", 1099, FALSE, 1 },
        { "one has come back",  "a", 1100, TRUE,  0 },
        { "and is used up",     "a", 1100, FALSE, 100 },
        { "never more than two", "a", 9000, TRUE, 0 },
        { "the second of them", "a", 9000, TRUE,  0 },
        { "the third",          "a", 9000, FALSE, 100 },
        /* clang-format on */
    };
    Limit *limit = limit_new(2, 100);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        gint64 wait;
        g_test_message("%s", table[i].name);
        g_assert_cmpint(limit_take(limit, table[i].address, table[i].now, &wait), ==, table[i].given);
        g_assert_cmpint(wait, ==, table[i].wait);
    }
    limit_free(limit);
}

static void too_many_addresses_share_one_bucket(void)
{
    Limit *limit = limit_new(1, 1000);
    gint64 wait;
    for (int i = 0; i < LIMIT_MOST; i++) {
        g_autofree char *address = g_strdup_printf("10.%d", i);
        g_assert_true(limit_take(limit, address, 0, &wait));
    }
    g_assert_true(limit_take(limit, "new", 0, &wait));
    g_assert_false(limit_take(limit, "newer", 0, &wait));
    g_assert_true(limit_take(limit, "newest", 1000, &wait)); /* full buckets were forgotten */
    limit_free(limit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limit/tries_run_out_and_come_back_one_by_one", tries_run_out_and_come_back_one_by_one);
    g_test_add_func("/limit/too_many_addresses_share_one_bucket", too_many_addresses_share_one_bucket);
    return g_test_run();
}
