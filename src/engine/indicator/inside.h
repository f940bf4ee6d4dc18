/* inside.h - what an indicator is made of, for the desks of this room alone. */
#pragma once
#include "engine/indicator/indicator.h"

struct Indicator {
    char *id;
    IndicatorKind kind;
    Rule *when, *num, *den; /* when, den may be NULL; a derived one keeps its formula in num */
    GPtrArray *out_when;    /* Rule *, of each exclusion */
    GPtrArray *out_id;      /* char * */
    int percentile;
    gboolean empty_is_zero;
    GArray *uses;  /* IndicatorUse */
    GArray *parts; /* IndicatorPart */
    int columns;   /* of the schema of names */
};

Indicator *indicator_blank(const char *id, IndicatorKind kind, gboolean empty_is_zero);
