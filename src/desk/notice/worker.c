/* worker.c - the thread that sends while a city is served. */
#include "desk/notice/inside.h"

static gboolean rested(NoticeDesk *desk, gint64 ms)
{
    g_mutex_lock(&desk->rest_lock);
    gint64 until = g_get_monotonic_time() + ms * 1000;
    while (!desk->stop && g_cond_wait_until(&desk->changed, &desk->rest_lock, until))
        continue;
    gboolean go_on = !desk->stop;
    g_mutex_unlock(&desk->rest_lock);
    return go_on;
}

#define TROUBLE_MS 5000 /* until the next look when the store or a folder refused */

static gpointer work(gpointer data)
{
    NoticeDesk *desk = data;
    gint64 rest;
    do {
        NoticeCount count;
        g_autoptr(GError) error = NULL;
        gboolean well =
            notice_pump(desk, base_clock_now(&desk->clock), base_clock_real_now(), &count, &error);
        if (!well) g_warning("notices wait: %s", error->message);
        rest = !well ? TROUBLE_MS : count.more ? 1 : desk->every_ms;
    } while (rested(desk, rest));
    return NULL;
}

void notice_worker_start(NoticeDesk *desk, const BaseClock *clock, guint every_ms)
{
    desk->clock = *clock;
    desk->every_ms = every_ms;
    desk->thread = g_thread_new("notices", work, desk);
}

void notice_worker_stop(NoticeDesk *desk)
{
    if (!desk->thread) return;
    g_mutex_lock(&desk->rest_lock);
    desk->stop = TRUE;
    g_cond_signal(&desk->changed);
    g_mutex_unlock(&desk->rest_lock);
    for (guint i = 0; i < desk->config.n; i++)
        if (desk->config.gate[i].gateway->stop)
            desk->config.gate[i].gateway->stop(desk->config.gate[i].gateway);
    g_thread_join(g_steal_pointer(&desk->thread));
}
