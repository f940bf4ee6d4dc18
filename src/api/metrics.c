/* metrics.c - counting replies. Format: Prometheus text 0.0.4. */
#include "api/metrics.h"

static const gint64 bounds[METRICS_BUCKETS] = {
    1000, 2500, 5000, 10000, 25000, 50000, 250000, 1000000
}; /* us */

static void add(guint64 *at, guint64 n)
{
    __atomic_fetch_add(at, n, __ATOMIC_RELAXED);
}

static guint64 get(const guint64 *at)
{
    return __atomic_load_n(at, __ATOMIC_RELAXED);
}

void metrics_count(Metrics *m, guint status, gint64 micros)
{
    int bucket = 0;
    while (bucket < METRICS_BUCKETS && micros > bounds[bucket])
        bucket++;
    add(&m->by_class[MIN(status / 100, 5)], 1);
    add(&m->by_time[bucket], 1);
    add(&m->micros, (guint64)micros);
}

void metrics_line(GString *out, const char *name, const char *type, const char *help, gint64 value)
{
    g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" G_GINT64_FORMAT "\n", name, help, name,
                           type, name, value);
}

void metrics_write(const Metrics *m, GString *out)
{
    g_string_append(
        out, "# HELP bihuan_replies_total replies by class of status\n# TYPE bihuan_replies_total counter\n");
    for (int c = 1; c < 6; c++)
        g_string_append_printf(out, "bihuan_replies_total{class=\"%dxx\"} %" G_GUINT64_FORMAT "\n", c,
                               get(&m->by_class[c]));
    g_string_append(
        out, "# HELP bihuan_reply_seconds from head to reply\n# TYPE bihuan_reply_seconds histogram\n");
    guint64 sum = 0;
    for (int b = 0; b < METRICS_BUCKETS; b++) {
        sum += get(&m->by_time[b]);
        g_string_append_printf(out, "bihuan_reply_seconds_bucket{le=\"%g\"} %" G_GUINT64_FORMAT "\n",
                               (double)bounds[b] / 1e6, sum);
    }
    sum += get(&m->by_time[METRICS_BUCKETS]);
    g_string_append_printf(out,
                           "bihuan_reply_seconds_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n"
                           "bihuan_reply_seconds_sum %.6f\nbihuan_reply_seconds_count %" G_GUINT64_FORMAT
                           "\n",
                           sum, (double)get(&m->micros) / 1e6, sum);
}
