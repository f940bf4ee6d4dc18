/* open311.h - what the two files of Open311 share. */
#pragma once
#include "api/call.h"
#include "api/georeport.h"

gboolean open311_answer(ApiCall *call, const char *root, json_t *tree,
                        GeoReportFormat format);            /* takes `tree` */
gboolean open311_unknown(GError **error, const char *what); /* FALSE, and 404 */
gboolean open311_wrong(GError **error, const char *what);   /* FALSE, and 400 */
/* The source of signals that came in by the pack's open mapping, and the beginning of their references: the
 * day (UTC), so that a span of days is a range of the index. Caller frees. */
char *open311_source(const Pack *pack);
char *open311_day(gint64 at);

gboolean open311_requests(ApiCall *call, GeoReportFormat format, GError **error);
gboolean open311_updates(ApiCall *call, GeoReportFormat format, GError **error);
gboolean open311_request(ApiCall *call, const char *number, GeoReportFormat format, GError **error);
