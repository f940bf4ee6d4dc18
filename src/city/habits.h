/* habits.h - what people do next when a case stands in a state: a table. Each state's first habit must always
 * be possible: it is what people fall back on when another is refused by the procedure's conditions. */
#pragma once
#include <glib.h>

typedef struct {
    const char *pack, *state, *event; /* event NULL: nobody acts, and a clock decides */
    const char *role;                 /* a staff role, "unit", "handler", or "resident" */
    const char *skill;                /* only cases that need this skill; NULL: any */
    guint weight;                     /* among the habits of this state */
    double least, most; /* minutes after the case came to stand there; a unit's "arrive" adds its way */
    const char *fields; /* JSON object that the event brings, or NULL */
} Habit;

/* Habits of one state of a pack, one after another; *n 0 when nobody acts there. */
const Habit *habit_first(const char *pack, const char *state, gsize *n);
