/* watch.h - in development: a service that is changed in its folder is taken over while the city is served.
 *
 * Looks at the folders twice a second, in a thread of its own. A folder that has come to rest is checked with
 * its scenarios; a sound one becomes the version that new cases get, a refused one changes nothing and is
 * told on stderr and in the console. Stop it before the store is closed. */
#pragma once
#include "api/api.h"
#include "cli/home.h"

typedef struct Watch Watch;
Watch *watch_start(Home *home, const char *packs, Api *api, const BaseClock *clock); /* all must outlive it */
void watch_stop(Watch *watch);                                                       /* NULL is fine */
