/* recur_fuzz.c - a rule that is accepted gives days that go upwards, each working unless it is kept. */
#include "base/recur.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const BaseShift shifts[] = { { 540, 1020 } };
    static BaseCalendar *calendar;
    if (!calendar) calendar = base_calendar_new("office", shifts, 1, BASE_CHINA_OFFSET);
    if (size < 2 || memchr(data, 0, size)) return 0;
    g_autofree char *rule = g_strndup((const char *)data + 1, size - 1);
    BaseRecurDef def = { rule,     base_day_of(2026, 1, 31), base_day_of(2031, 12, 31), 540, data[0] % 4,
                         calendar, BASE_CHINA_OFFSET };
    g_autoptr(BaseRecur) recur = base_recur_new(&def, NULL);
    BaseOccurrence last, next;
    if (!recur || !base_recur_next(recur, NULL, &last)) return 0;
    for (int i = 0; i < 50 && base_recur_next(recur, &last, &next); i++, last = next) {
        g_assert_cmpint(next.date, >, last.date);
        g_assert_cmpint(next.day, >, last.day);
        g_assert_cmpint(next.date, <=, def.until);
        if (def.move != BASE_MOVE_KEEP) g_assert_true(base_calendar_works(calendar, next.at));
    }
    return 0;
}
