/* metrics.h - counts for whoever watches the server, in Prometheus' text format. No names, no addresses, no
 * cases. Threads: any; relaxed atomics, one cache line shared. */
#pragma once
#include <glib.h>

#define METRICS_BUCKETS 8
typedef struct {
    guint64 by_class[6];                  /* replies by first digit of the status */
    guint64 by_time[METRICS_BUCKETS + 1]; /* replies by duration; the last is "longer" */
    guint64 micros;                       /* all durations together */
} Metrics;

void metrics_count(Metrics *metrics, guint status, gint64 micros);
void metrics_write(const Metrics *metrics, GString *out);
void metrics_line(GString *out, const char *name, const char *type, const char *help, gint64 value);
