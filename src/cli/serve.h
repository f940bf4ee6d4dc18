/* serve.h - what serve and demo share: the server's wait, and the pacer, a thread that passes clocks when
 * they are due, opens what is planned, and lets the play's people act. */
#pragma once
#include "api/api.h"
#include "city/play.h"
#include "cli/command.h"
#include "loop/intake/plan.h"

#define NOTICES_MS 500 /* between rounds of sending */

typedef struct Pacer Pacer;
struct Pacer {
    Home *home;
    BaseClock clock;
    Play *play; /* NULL: clocks and plans only */
    gboolean (*next_day)(Pacer *pacer,
                         GError **error); /* NULL: none; asked after every job, on the pacer's thread */
    gpointer data;
    int handled;
    /* its own */
    GThread *thread;
    GMutex lock;
    GCond changed;
    gboolean stop;
    gint64 sign_at;    /* monotonic time of the next checkpoint */
    PlanDesk plans;    /* plan_each begins it anew after a refused job */
    GHashTable *stuck; /* ids of cases that cannot be passed, plans that cannot open; said once each */
};
void pacer_start(Pacer *pacer);
void pacer_stop(Pacer *pacer); /* may be called when it was not started */

void serve_wait(void);              /* until SIGINT or SIGTERM */
char *serve_web(const char *given); /* folder of the console; caller frees */
