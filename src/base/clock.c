/* clock.c - the only place below cli/ that asks the system what time it is. */
#include "base/clock.h"

gint64 base_clock_real_now(void)
{
    return g_get_real_time() / 1000;
}

BaseClock base_clock_real(void)
{
    gint64 now = base_clock_real_now();
    return (BaseClock){ .real_start = now, .city_start = now, .speed = 1 };
}

BaseClock base_clock_played(gint64 city_start, double speed)
{
    return (BaseClock){
        .real_start = base_clock_real_now(), .city_start = city_start, .speed = speed, .simulated = TRUE
    };
}

gint64 base_clock_now(const BaseClock *clock)
{
    gint64 real = base_clock_real_now();
    if (!clock->simulated) return real;
    return clock->city_start + (gint64)((double)(real - clock->real_start) * clock->speed);
}
