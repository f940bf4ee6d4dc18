/* csv.c - one pass over the bytes of a table. Rows are cut on bytes (no byte of a GB18030 or Big5 character
 * can be a quote, a separator or a line end), then each field is turned into UTF-8. UTF-16 is turned as a
 * whole first. */
#include "base/csv.h"
#include <string.h>

struct BaseCsv {
    const guint8 *p, *start, *end;
    char *turned; /* the file as UTF-8 when it was UTF-16 */
    BaseEncoding encoding;
    GIConv iconv; /* for GB18030 and Big5; (GIConv)-1 otherwise */
    BaseCsvLimits limits;
    char separator;
    gsize line, row_line;
    GString *raw;     /* fields of the row, each NUL-ended */
    GString *decoded; /* the same in UTF-8, when turned by iconv */
    GArray *offsets;  /* of each field in raw */
    GPtrArray *fields;
    char why[160];
};

static char separator_of(const guint8 *p, const guint8 *end)
{
    gsize n[3] = { 0 };
    static const char candidates[] = "\t,;";
    gboolean quoted = FALSE;
    for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
        if (*p == '"') quoted = !quoted;
        const char *hit = quoted || !*p ? NULL : strchr(candidates, *p);
        if (hit) n[hit - candidates]++;
    }
    gsize best =
        n[0] >= n[1] && n[0] >= n[2] && n[0] > 0 ? 0 : 1; /* a table of one column is taken for commas */
    return candidates[n[2] > n[best] ? 2 : best];
}

static void skip_line_end(BaseCsv *csv)
{
    gboolean carriage = *csv->p == '\r';
    csv->p++;
    if (carriage && csv->p < csv->end && *csv->p == '\n') csv->p++;
    csv->line++;
}

/* Excel's first line "sep=;" names the separator. */
static void read_separator(BaseCsv *csv)
{
    gsize left = (gsize)(csv->end - csv->p);
    if (left >= 5 && g_ascii_strncasecmp((const char *)csv->p, "sep=", 4) == 0 &&
        (left == 5 || csv->p[5] == '\r' || csv->p[5] == '\n')) {
        csv->separator = (char)csv->p[4];
        csv->p += 5;
        if (csv->p < csv->end) skip_line_end(csv);
        return;
    }
    csv->separator = separator_of(csv->p, csv->end);
}

static gboolean turn_utf16(BaseCsv *csv, GError **error)
{
    gsize length, at = 0;
    csv->turned = base_text_decode(csv->p, (gsize)(csv->end - csv->p), csv->encoding, &length, &at);
    if (!csv->turned) {
        g_set_error(error, BASE_CSV_ERROR, BASE_CSV_ERROR_ENCODING,
                    "byte %" G_GSIZE_FORMAT " is not %s; save the table as UTF-8 or GB18030", at + 1,
                    base_encoding_name(csv->encoding));
        return FALSE;
    }
    csv->p = csv->start = (const guint8 *)csv->turned;
    csv->end = csv->p + length;
    return TRUE;
}

BaseCsv *base_csv_new(const guint8 *bytes, gsize length, const BaseEncoding *encoding, BaseCsvLimits limits,
                      GError **error)
{
    gsize bom = 0;
    g_autoptr(BaseCsv) csv = g_new0(BaseCsv, 1);
    csv->encoding = base_encoding_guess(bytes, length, &bom);
    if (encoding) csv->encoding = *encoding;
    csv->iconv = (GIConv)-1;
    csv->limits = limits;
    csv->line = csv->row_line = 1;
    csv->start = bytes;
    csv->p = bytes + bom;
    csv->end = bytes + length;
    csv->raw = g_string_new(NULL);
    csv->decoded = g_string_new(NULL);
    csv->offsets = g_array_new(FALSE, FALSE, sizeof(gsize));
    csv->fields = g_ptr_array_new();
    if (csv->encoding == BASE_TEXT_UTF16LE || csv->encoding == BASE_TEXT_UTF16BE) {
        if (!turn_utf16(csv, error)) return NULL;
    } else if (csv->encoding != BASE_TEXT_UTF8) {
        csv->iconv = g_iconv_open("UTF-8", base_encoding_name(csv->encoding));
        g_assert(csv->iconv != (GIConv)-1); /* part of the C library */
    }
    read_separator(csv);
    return g_steal_pointer(&csv);
}

void base_csv_free(BaseCsv *csv)
{
    if (!csv) return;
    if (csv->iconv != (GIConv)-1) g_iconv_close(csv->iconv);
    g_free(csv->turned);
    if (csv->raw) g_string_free(csv->raw, TRUE);
    if (csv->decoded) g_string_free(csv->decoded, TRUE);
    if (csv->offsets) g_array_free(csv->offsets, TRUE);
    if (csv->fields) g_ptr_array_free(csv->fields, TRUE);
    g_free(csv);
}

gsize base_csv_line(const BaseCsv *csv)
{
    return csv->row_line;
}

gsize base_csv_bytes(const BaseCsv *csv)
{
    return (gsize)(csv->p - csv->start);
}

BaseEncoding base_csv_encoding(const BaseCsv *csv)
{
    return csv->encoding;
}

static gboolean at_field_end(const BaseCsv *csv)
{
    return csv->p >= csv->end || *csv->p == (guint8)csv->separator || *csv->p == '\n' || *csv->p == '\r';
}

/* The quoted part of a field; p stands behind the opening quote. FALSE: the file ends inside. */
static gboolean read_quoted(BaseCsv *csv)
{
    for (;;) {
        const guint8 *plain = csv->p;
        while (csv->p < csv->end && *csv->p != '"') {
            csv->line +=
                *csv->p == '\n' || (*csv->p == '\r' && (csv->p + 1 == csv->end || csv->p[1] != '\n'));
            csv->p++;
        }
        g_string_append_len(csv->raw, (const char *)plain, csv->p - plain);
        if (csv->p >= csv->end) return FALSE;
        csv->p++;
        if (csv->p >= csv->end || *csv->p != '"') return TRUE;
        g_string_append_c(csv->raw, '"');
        csv->p++;
    }
}

static gboolean read_field(BaseCsv *csv)
{
    g_array_append_val(csv->offsets, csv->raw->len);
    if (csv->p < csv->end && *csv->p == '"') {
        csv->p++;
        if (!read_quoted(csv)) return FALSE;
    }
    const guint8 *plain = csv->p;
    while (!at_field_end(csv))
        csv->p++;
    g_string_append_len(csv->raw, (const char *)plain, csv->p - plain);
    g_string_append_c(csv->raw, '\0');
    return TRUE;
}

static gsize field_length(const BaseCsv *csv, gsize i)
{
    gsize next = i + 1 < csv->offsets->len ? g_array_index(csv->offsets, gsize, i + 1) : csv->raw->len;
    return next - g_array_index(csv->offsets, gsize, i) - 1;
}

static gboolean is_ascii(const char *p, gsize n)
{
    guint8 high = 0;
    for (gsize i = 0; i < n; i++)
        high |= (guint8)p[i];
    return high < 0x80;
}

/* Turn a field by the open iconv, appending to `decoded`. FALSE: a byte does not belong. */
static gboolean turn_field(BaseCsv *csv, char *p, gsize n)
{
    gsize at = csv->decoded->len, room = n * 4 + 4, left = room;
    g_string_set_size(csv->decoded, at + room);
    char *out = csv->decoded->str + at;
    g_iconv(csv->iconv, NULL, NULL, NULL, NULL);
    gboolean well = g_iconv(csv->iconv, &p, &n, &out, &left) != (gsize)-1 && n == 0;
    g_string_set_size(csv->decoded, at + room - left);
    g_string_append_c(csv->decoded, '\0');
    return well;
}

/* Every field within its limit, without NUL, in its encoding; `fields` point at the UTF-8. FALSE: `why` is
 * set. */
static gboolean sound_fields(BaseCsv *csv)
{
    gboolean turn = csv->iconv != (GIConv)-1;
    g_string_truncate(csv->decoded, 0);
    g_ptr_array_set_size(csv->fields, 0);
    for (gsize i = 0; i < csv->offsets->len; i++) {
        char *p = csv->raw->str + g_array_index(csv->offsets, gsize, i);
        gsize n = field_length(csv, i), turned_at = csv->decoded->len;
        const char *fault = NULL;
        if (n > csv->limits.field_bytes)
            fault = "is longer than a field may be";
        else if (memchr(p, 0, n))
            fault = "holds a NUL byte";
        else if (turn ? !turn_field(csv, p, n) : !is_ascii(p, n) && !base_text_is_utf8(p, n))
            fault = "holds bytes that are not of the table's encoding";
        if (fault) {
            g_snprintf(csv->why, sizeof csv->why, "field %" G_GSIZE_FORMAT " %s (%s)", i + 1, fault,
                       base_encoding_name(csv->encoding));
            return FALSE;
        }
        g_ptr_array_add(csv->fields, turn ? GSIZE_TO_POINTER(turned_at) : p);
    }
    for (gsize i = 0; turn && i < csv->fields->len; i++)
        csv->fields->pdata[i] = csv->decoded->str + GPOINTER_TO_SIZE(csv->fields->pdata[i]);
    return TRUE;
}

static void skip_empty_lines(BaseCsv *csv)
{
    while (csv->p < csv->end && (*csv->p == '\n' || *csv->p == '\r'))
        skip_line_end(csv);
}

BaseCsvStep base_csv_next(BaseCsv *csv, char ***fields, gsize *n, const char **why, GError **error)
{
    skip_empty_lines(csv);
    csv->row_line = csv->line;
    if (csv->p >= csv->end) return BASE_CSV_END;
    g_string_truncate(csv->raw, 0);
    g_array_set_size(csv->offsets, 0);
    for (;;) {
        if (!read_field(csv)) {
            g_set_error(error, BASE_CSV_ERROR, BASE_CSV_ERROR_QUOTE,
                        "line %" G_GSIZE_FORMAT ": a quote is opened and never closed; close it or double it",
                        csv->row_line);
            return BASE_CSV_BROKEN;
        }
        if (csv->offsets->len > csv->limits.columns) {
            g_set_error(error, BASE_CSV_ERROR, BASE_CSV_ERROR_COLUMNS,
                        "line %" G_GSIZE_FORMAT ": more than %" G_GSIZE_FORMAT
                        " columns; is the separator right?",
                        csv->row_line, csv->limits.columns);
            return BASE_CSV_BROKEN;
        }
        if (csv->p >= csv->end || *csv->p != (guint8)csv->separator) break;
        csv->p++;
    }
    if (csv->p < csv->end) skip_line_end(csv);
    if (!sound_fields(csv)) {
        *why = csv->why;
        return BASE_CSV_BAD_ROW;
    }
    *fields = (char **)csv->fields->pdata;
    *n = csv->fields->len;
    return BASE_CSV_ROW;
}

void base_csv_write_field(GString *out, const char *text, gboolean first)
{
    if (!first) g_string_append_c(out, ',');
    gboolean runs = *text && strchr("=+-@\t\r", *text), quote = strpbrk(text, "\",\r\n") != NULL;
    if (quote) g_string_append_c(out, '"');
    if (runs) g_string_append_c(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '"') g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    if (quote) g_string_append_c(out, '"');
}
