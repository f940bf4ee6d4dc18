/* limit.h - so many tries at once from one address, and one more every so often (a token bucket per address).
 * Threads: any; one lock. Memory: at most LIMIT_MOST addresses; full buckets are forgotten. */
#pragma once
#include <glib.h>

#define LIMIT_MOST 10000

typedef struct Limit Limit;
Limit *limit_new(guint burst, guint every_ms);
void limit_free(Limit *limit);
/* Take one; FALSE when there is none, with the ms until the next in `wait`. `now`: monotonic ms. */
gboolean limit_take(Limit *limit, const char *address, gint64 now, gint64 *wait);
