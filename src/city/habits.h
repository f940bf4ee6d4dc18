/* habits.h - what people do next when a case stands in a state: a table. */
#pragma once
#include <glib.h>

typedef struct {
    const char *pack, *state, *event;
    const char *role;    /* who: a staff role, "unit", "handler", or "resident" (who rates or keeps silent) */
    gboolean needs_unit; /* only once a unit is named */
    guint weight;        /* among the habits of this state */
    double least, most;  /* minutes after the case came to stand there */
    const char *fields;  /* JSON object that the event brings, or NULL; "level" of a rating likewise */
} Habit;

/* Habits of one state of a pack; *n 0 when nobody acts there. */
const Habit *habit_first(const char *pack, const char *state, gsize *n);
