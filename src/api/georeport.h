/* georeport.h - the shapes of GeoReport v2 (Open311): one tree written as JSON or XML, forms and times read.
 *
 * Source: GeoReport v2, wiki.open311.org/GeoReport_v2: plural elements hold singular ones, null is an empty
 * element, times are W3C's (ISO 8601 with an offset; ours are UTC). Threads: any; pure. */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef enum { GEOREPORT_JSON, GEOREPORT_XML } GeoReportFormat;
/* "requests.xml": the name before the last dot (caller frees) and the format; NULL when it is neither. */
char *georeport_page(const char *page, GeoReportFormat *format);
/* Caller frees. `root` names XML's outermost element, and of a list also its items. O(bytes). Characters that
 * XML 1.0 has no place for are left out of XML. */
char *georeport_write(const json_t *tree, const char *root, GeoReportFormat format);

#define GEOREPORT_ARGUMENTS 64 /* of one form */
#define GEOREPORT_TEXT 4000    /* characters of a value */
/* name=value&...: an object of texts; `attribute[x]` under "attribute". Refused (CHECK_ERROR): more than the
 * limits, a broken escape, no UTF-8, a name twice (but media_url, whose first counts). */
json_t *georeport_form(const guint8 *body, gsize length, GError **error);

char *georeport_time(gint64 at); /* "2026-11-23T09:00:00Z"; caller frees */
/* With an offset or Z, or a day alone; FALSE when it is neither. */
gboolean georeport_read_time(const char *text, gint64 *out);
