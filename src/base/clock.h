/* clock.h - the city's clock: real time, or time that runs at another speed from another instant
 * (demonstrations). Only main.c and cli/ make one; everything below is given `now`. Sessions and limits use
 * real time always. */
#pragma once
#include <glib.h>

typedef struct {
    gint64 real_start, city_start; /* ms since 1970: this real instant is that city instant */
    double speed;                  /* city milliseconds per real millisecond; 1 for a real city */
    gboolean simulated;
} BaseClock;

BaseClock base_clock_real(void);
BaseClock base_clock_played(gint64 city_start, double speed); /* starts now; says it is simulated */
gint64 base_clock_now(const BaseClock *clock);                /* the city's ms since 1970 */
gint64 base_clock_real_now(void);
