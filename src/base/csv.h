/* csv.h - rows out of CSV as offices write it (RFC 4180 and its neighbours), within limits.
 *
 * Takes a whole file in memory (mapped). Finds the encoding (text.h), the separator (comma, tab, semicolon,
 * or an Excel "sep=" line), and the line ends (LF, CRLF, CR). A row that is broken (a bad character, a field
 * over the limit, a NUL) is reported with its line number and skipped; sound rows go on. What makes the whole
 * file senseless (a quote never closed, too many columns) is an error. Threads: a reader belongs to one
 * thread. Cost: O(bytes), no allocation per row after the first. */
#pragma once
#include "base/text.h"

#define BASE_CSV_ERROR (g_quark_from_static_string("base-csv"))
enum { BASE_CSV_ERROR_QUOTE, BASE_CSV_ERROR_COLUMNS, BASE_CSV_ERROR_EMPTY, BASE_CSV_ERROR_ENCODING };

typedef struct {
    gsize columns, field_bytes;
} BaseCsvLimits;
#define BASE_CSV_LIMITS ((BaseCsvLimits){ .columns = 1024, .field_bytes = 256 << 10 })

typedef struct BaseCsv BaseCsv;

/* `bytes` must outlive the reader. `encoding` NULL: guessed. No header is read yet. */
BaseCsv *base_csv_new(const guint8 *bytes, gsize length, const BaseEncoding *encoding, BaseCsvLimits limits,
                      GError **error);
void base_csv_free(BaseCsv *csv); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BaseCsv, base_csv_free)

typedef enum { BASE_CSV_ROW, BASE_CSV_BAD_ROW, BASE_CSV_END, BASE_CSV_BROKEN } BaseCsvStep;

/* The next row: `fields` (UTF-8, NUL-ended) and `n` stay the reader's and live until the next call.
 * BAD_ROW: `why` (the reader's) says what is wrong; go on. BROKEN: `error` is set; nothing more can be read.
 * Empty lines are skipped. A one-field row is a row. */
BaseCsvStep base_csv_next(BaseCsv *csv, char ***fields, gsize *n, const char **why, GError **error);
gsize base_csv_line(const BaseCsv *csv);  /* 1-based line where the last row began */
gsize base_csv_bytes(const BaseCsv *csv); /* bytes read so far, for progress */
BaseEncoding base_csv_encoding(const BaseCsv *csv);

/* Append one field as CSV: quoted where needed; a text that a spreadsheet would run (= + - @ tab CR first)
 * gets an apostrophe before it. */
void base_csv_write_field(GString *out, const char *text, gboolean first);
