/* day.h - what a day brings: calls to 110 and complaints to 12345 in Chinese, drawn from a seed, as two
 * tables that the packs' "demo" mappings read. More by day than by night; a storm of calls about one fire in
 * the afternoon. */
#pragma once
#include "city/world.h"

/* CSV with the header of packs/<pack>/intake.yaml, mapping demo; `pack` is "incident" or "workorder". `share`
 * scales the number of signals (1: about 700 calls, 450 complaints). Caller frees. */
char *day_table(const World *world, const char *pack, gint64 midnight, double share, guint64 seed);
