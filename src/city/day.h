/* day.h - what a day brings to a service, drawn from a seed, as a table that the mapping of its script reads:
 * more by day than by night, or in office hours, now and then a storm about one thing. */
#pragma once
#include "city/script.h"
#include "city/world.h"

/* CSV with the columns of the script, which has signals. `share` scales their number. Caller frees. */
char *day_table(const World *world, const Script *script, gint64 midnight, double share, guint64 seed);
