/* grant.h - what a grant holds; for grant.c, which makes one, and private.c, which obeys it. */
#pragma once
#include "guard/guard.h"

typedef enum { SIGHT_FULL, SIGHT_PARTIAL, SIGHT_EXISTENCE, SIGHTS } GuardSight;

struct Grant {
    BaseId case_id;
    gint64 seq;
    char *basis;
    char **fields[SIGHTS]; /* a field stands in one of them: the first that names it */
};
