/* day.h - what a day brings to a service, drawn from a seed, as a table that the mapping of its script reads:
 * more by day than by night, or in office hours, now and then a storm about one thing. */
#pragma once
#include "city/script.h"
#include "city/world.h"

/* Does the script, which has signals, get some on the day that begins at `midnight`? */
gboolean day_is_open(const Script *script, gint64 midnight);
/* CSV with the columns of the script. `signals`: how many come in when it is open; what is not whole by
 * chance. `storms`: may something big happen? Caller frees. */
char *day_table(const World *world, const Script *script, gint64 midnight, double signals, gboolean storms,
                guint64 seed);
