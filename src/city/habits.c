/* habits.c - the table, and finding a state's stretch of it. Shares are those of an ordinary city day: one
 * call in twenty is cancelled, one unit in twenty-five is busy or does not answer, two residents in five
 * rate. */
#include "city/habits.h"
#include <string.h>

static const Habit habits[] = {
    /* clang-format off */
    { "incident", "received", "triage",     "duty_officer", NULL,      94, 0.3, 1.7,  NULL },
    { "incident", "received", "cancel",     "duty_officer", NULL,       4, 0.5, 1.9,  "{\"cancel_reason\":\"duplicate\"}" },
    { "incident", "received", "cancel",     "duty_officer", NULL,       1, 0.5, 1.9,  "{\"cancel_reason\":\"mistaken\"}" },
    { "incident", "received", "transfer",   "duty_officer", NULL,       1, 0.5, 1.9,  "{\"reason\":\"not_police\"}" },
    { "incident", "offered",  "accept",     "unit",         NULL,      92, 0.2, 1.8,  NULL },
    { "incident", "offered",  "decline",    "unit",         NULL,       4, 0.3, 2.0,  "{\"reason\":\"busy\"}" },
    { "incident", "offered",  NULL,         "unit",         NULL,       4, 0,   0,    NULL },
    { "incident", "enroute",  "arrive",     "unit",         NULL,      99, 0.3, 1.5,  NULL },
    { "incident", "enroute",  "return",     "unit",         NULL,       1, 1.0, 4.0,  "{\"reason\":\"vehicle\"}" },
    { "incident", "on_scene", "report",     "unit",         NULL,      50, 8,   40,   "{\"result\":\"handled\"}" },
    { "incident", "on_scene", "report",     "unit",         "patrol",  22, 12,  50,   "{\"result\":\"mediated\"}" },
    { "incident", "on_scene", "report",     "unit",         "patrol",  12, 15,  60,   "{\"result\":\"case_filed\"}" },
    { "incident", "on_scene", "report",     "unit",         "patrol",  10, 5,   15,   "{\"result\":\"nothing_found\"}" },
    { "incident", "on_scene", "report",     "unit",         "traffic", 60, 10,  35,   "{\"result\":\"cleared\"}" },
    { "incident", "on_scene", "report",     "unit",         "fire",    60, 20,  80,   "{\"result\":\"extinguished\"}" },
    { "incident", "on_scene", "report",     "unit",         "fire",    20, 10,  40,   "{\"result\":\"rescued\"}" },
    { "incident", "on_scene", "report",     "unit",         "medical", 90, 15,  45,   "{\"result\":\"transported\"}" },
    { "incident", "on_scene", "return",     "unit",         NULL,       1, 3,   10,   "{\"reason\":\"not_found\"}" },
    { "incident", "reported", "dispose",    "duty_officer", NULL,      70, 2,   45,   "{\"evidence\":\"record\"}" },
    { "incident", "reported", "dispose",    "duty_officer", NULL,      29, 2,   60,   "{\"evidence\":\"body_camera\"}" },
    { "incident", "reported", "redo",       "duty_officer", NULL,       1, 5,   30,   "{\"reason\":\"incomplete\"}" },
    { "incident", "disposed", NULL,         "resident",     NULL,      60, 0,   0,    NULL },
    { "incident", "disposed", "rate",       "resident",     NULL,      25, 5,   900,  "{\"level\":5}" },
    { "incident", "disposed", "rate",       "resident",     NULL,      11, 5,   900,  "{\"level\":4,\"text\":\"来得及时\"}" },
    { "incident", "disposed", "rate",       "resident",     NULL,       2, 5,   900,  "{\"level\":3}" },
    { "incident", "disposed", "rate",       "resident",     NULL,       1, 5,   600,  "{\"level\":2,\"text\":\"等了很久\"}" },
    { "incident", "disposed", "rate",       "resident",     NULL,       1, 5,   300,  "{\"level\":1,\"text\":\"没有解决问题\"}" },
    { "incident", "review",   "review_close", "callcentre", NULL,      80, 30,  900,  "{\"resolution\":\"explained\"}" },
    { "incident", "review",   "reopen",     "callcentre",   NULL,      20, 30,  600,  "{\"reason\":\"incomplete\"}" },
    /* clang-format on */
};

const Habit *habit_first(const char *pack, const char *state, gsize *n)
{
    gsize first = 0, end = G_N_ELEMENTS(habits);
    while (first < end && (strcmp(habits[first].pack, pack) != 0 || strcmp(habits[first].state, state) != 0))
        first++;
    for (*n = 0; first + *n < end; (*n)++)
        if (strcmp(habits[first + *n].pack, pack) != 0 || strcmp(habits[first + *n].state, state) != 0) break;
    return habits + first;
}
