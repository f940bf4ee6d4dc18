/* days_fuzz.c - a notice that is accepted reads back the same from the ledger's form, and lays over the
 * built-in days without losing one of its own. */
#include "base/days.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(BaseDays) days = base_days_read((const char *)data, size, NULL);
    if (!days) return 0;
    g_autoptr(GString) first = g_string_new(NULL), second = g_string_new(NULL);
    BaseJson j = base_json_to(first), k = base_json_to(second);
    base_days_write(days, &j);
    json_t *body = base_json_parse(first->str, first->len, BASE_JSON_LARGE, NULL);
    g_autoptr(BaseDays) again = base_days_take(body, NULL);
    json_decref(body);
    g_assert_nonnull(again);
    base_days_write(again, &k);
    g_assert_true(g_string_equal(first, second));
    g_autoptr(BaseDays) both = base_days_over(base_days_built_in(), days);
    for (gsize i = 0; i < base_days_size(days); i++) {
        BaseDay row = base_days_at(days, i);
        g_assert_cmpint(base_days_work(both, row.calendar, row.day), ==, row.works);
    }
    return 0;
}
