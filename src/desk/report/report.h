/* report.h - a frozen edition (the body that loop/measure gives, with digest and at beside it) as a file.
 *
 * `lang`: "zh" or "en". The same edition gives the same bytes. Cost: some ms a page or sheet. Threads: any;
 * nothing is shared. Errors: engine/paper's, or REPORT_FILE_ERROR when the workbook cannot be written. */
#pragma once
#include <glib.h>
#include <jansson.h>

#define REPORT_FILE_ERROR (g_quark_from_static_string("report-file"))
enum { REPORT_FILE_ERROR_WRITE };

GBytes *report_pdf(const json_t *edition, const char *lang, GError **error);
GBytes *report_xlsx(const json_t *edition, const char *lang, GError **error);
char *report_csv(const json_t *edition, const char *lang); /* UTF-8 with its mark, as spreadsheets want it */
/* "月度办理情况 2026-11 第2版"; caller frees. */
char *report_name(const json_t *edition, const char *lang);
