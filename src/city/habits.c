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
    { "incident", "on_scene", "report",     "unit",         "patrol",  12, 15,  60,   "{\"result\":\"case_filed\",\"report_text\":\"已立案侦查\"}" },
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
    { "workorder", "received",  "submit",   "callcentre", NULL, 48, 1,  12,   NULL },
    { "workorder", "received",  "answer",   "callcentre", NULL, 50, 2,  8,    "{\"reply_text\":\"已当场解答\"}" },
    { "workorder", "received",  "cancel",   "callcentre", NULL,  2, 2,  20,   "{\"cancel_reason\":\"duplicate\"}" },
    { "workorder", "offered",   "signin",   "handler",    NULL, 88, 5,  150,  NULL },
    { "workorder", "offered",   "signin",   "handler",    NULL,  5, 240, 420, NULL },
    { "workorder", "offered",   "return",   "handler",    NULL,  7, 10, 200,  "{\"reason\":\"not_ours\"}" },
    { "workorder", "arbitration", "rule",   "dispatcher", NULL, 60, 10, 200,  "{\"department\":\"CITYMGMT\"}" },
    { "workorder", "arbitration", "rule",   "dispatcher", NULL, 40, 10, 200,  "{\"department\":\"HOUSING\"}" },
    { "workorder", "handling",  "reply",    "handler",    NULL, 60, 60, 900,  "{\"result\":\"solved\",\"evidence\":\"photo\",\"reply_text\":\"已到现场处理完毕\"}" },
    { "workorder", "handling",  "reply",    "handler",    NULL, 30, 200, 1900, "{\"result\":\"explained\",\"evidence\":\"document\",\"reply_text\":\"已书面答复\"}" },
    { "workorder", "handling",  "reply",    "handler",    NULL,  5, 2000, 3600, "{\"result\":\"partly\",\"evidence\":\"record\",\"reply_text\":\"部分解决，余下列入计划\"}" },
    { "workorder", "handling",  "suspend",  "dispatcher", NULL,  3, 60, 1500, "{\"ground\":\"planned_work\"}" },
    { "workorder", "handling",  "urge",     "callcentre", NULL,  2, 600, 2000, NULL },
    { "workorder", "suspended", "resume",   "handler",    NULL, 80, 600, 5000, NULL },
    { "workorder", "suspended", NULL,       "handler",    NULL, 20, 0,  0,    NULL },
    { "workorder", "replied",   "callback", "callcentre", NULL, 84, 30, 700,  "{\"solved\":true}" },
    { "workorder", "replied",   "callback", "callcentre", NULL,  6, 30, 700,  "{\"solved\":false}" },
    { "workorder", "replied",   "unreached", "callcentre", NULL, 6, 300, 1200, "{\"attempts\":3}" },
    { "workorder", "replied",   "reopen",   "callcentre", NULL,  4, 30, 700,  "{\"reason\":\"not_solved\"}" },
    { "workorder", "verified",  NULL,       "resident",   NULL, 52, 0,  0,    NULL },
    { "workorder", "verified",  "rate",     "resident",   NULL, 28, 5,  3000, "{\"level\":5}" },
    { "workorder", "verified",  "rate",     "resident",   NULL, 14, 5,  3000, "{\"level\":4,\"text\":\"处理及时\"}" },
    { "workorder", "verified",  "rate",     "resident",   NULL,  3, 5,  3000, "{\"level\":3}" },
    { "workorder", "verified",  "rate",     "resident",   NULL,  2, 5,  2000, "{\"level\":2,\"text\":\"没有根本解决\"}" },
    { "workorder", "verified",  "rate",     "resident",   NULL,  1, 5,  1000, "{\"level\":1,\"text\":\"推来推去\"}" },
    { "workorder", "review",    "review_close", "dispatcher", NULL, 75, 60, 1200, "{\"resolution\":\"explained\"}" },
    { "workorder", "review",    "reopen",   "dispatcher", NULL, 25, 60, 900,  "{\"reason\":\"not_solved\"}" },
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
