/* json.c - strict reading on jansson, and the appending writer. */
#include "base/json.h"
#include "base/text.h"
#include <math.h>
#include <string.h>

/* jansson recurses once per level and knows no limit of ours, so the depth is counted first, in one pass. */
static gboolean depth_within(const char *text, gsize length, guint limit, gsize *at)
{
    guint depth = 0;
    gboolean quoted = FALSE;
    for (gsize i = 0; i < length; i++) {
        char c = text[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = FALSE;
        } else if (c == '"') {
            quoted = TRUE;
        } else if (c == '[' || c == '{') {
            if (++depth > limit) {
                *at = i;
                return FALSE;
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return TRUE;
}

json_t *base_json_parse(const char *text, gsize length, BaseJsonLimits limits, GError **error)
{
    if (length > limits.bytes) {
        g_set_error(error, BASE_JSON_ERROR, BASE_JSON_ERROR_LIMIT,
                    "1:1: the JSON text has %" G_GSIZE_FORMAT " bytes, at most %" G_GSIZE_FORMAT
                    " are read; send it in parts",
                    length, limits.bytes);
        return NULL;
    }
    gsize at = 0;
    if (!depth_within(text, length, limits.depth, &at)) {
        g_set_error(error, BASE_JSON_ERROR, BASE_JSON_ERROR_LIMIT,
                    "byte %" G_GSIZE_FORMAT ": nested deeper than %u levels; flatten it", at + 1,
                    limits.depth);
        return NULL;
    }
    json_error_t why;
    json_t *value = json_loadb(text, length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &why);
    if (!value)
        g_set_error(error, BASE_JSON_ERROR, BASE_JSON_ERROR_SYNTAX,
                    "%d:%d: %s; JSON as in RFC 8259 is needed", why.line, why.column,
                    g_utf8_validate(why.text, -1, NULL) ? why.text : "not UTF-8");
    return value;
}

char *base_json_canonical(const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

/* ---- writing ---- */

BaseJson base_json_to(GString *out)
{
    return (BaseJson){ .out = out, .comma = FALSE };
}

static void before_value(BaseJson *j)
{
    if (j->comma) g_string_append_c(j->out, ',');
    j->comma = TRUE;
}

static void append_quoted(GString *out, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    g_string_append_c(out, '"');
    const char *plain = text;
    for (const char *p = text;; p++) {
        guint8 c = (guint8)*p;
        gboolean separator =
            c == 0xe2 && (guint8)p[1] == 0x80 && ((guint8)p[2] | 1) == 0xa9; /* U+2028, U+2029 */
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && !separator) continue;
        g_string_append_len(out, plain, p - plain);
        if (c == '\0') break;
        if (separator) {
            g_string_append(out, (guint8)p[2] == 0xa8 ? "\\u2028" : "\\u2029");
            p += 2;
        } else if (c == '"' || c == '\\') {
            g_string_append_c(out, '\\');
            g_string_append_c(out, (char)c);
        } else if (c == '\n') {
            g_string_append(out, "\\n");
        } else {
            g_string_append(out, "\\u00");
            g_string_append_c(out, hex[c >> 4]);
            g_string_append_c(out, hex[c & 15]);
        }
        plain = p + 1;
    }
    g_string_append_c(out, '"');
}

static void open_with(BaseJson *j, char bracket)
{
    before_value(j);
    g_string_append_c(j->out, bracket);
    j->comma = FALSE;
}

static void close_with(BaseJson *j, char bracket)
{
    g_string_append_c(j->out, bracket);
    j->comma = TRUE;
}

void base_json_object(BaseJson *j)
{
    open_with(j, '{');
}

void base_json_end_object(BaseJson *j)
{
    close_with(j, '}');
}

void base_json_array(BaseJson *j)
{
    open_with(j, '[');
}

void base_json_end_array(BaseJson *j)
{
    close_with(j, ']');
}

void base_json_key(BaseJson *j, const char *key)
{
    before_value(j);
    append_quoted(j->out, key);
    g_string_append_c(j->out, ':');
    j->comma = FALSE;
}

void base_json_text(BaseJson *j, const char *text)
{
    before_value(j);
    if (text)
        append_quoted(j->out, text);
    else
        g_string_append(j->out, "null");
}

void base_json_int(BaseJson *j, gint64 value)
{
    char digits[21], *p = digits + sizeof digits;
    guint64 rest = value < 0 ? -(guint64)value : (guint64)value;
    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) *--p = '-';
    before_value(j);
    g_string_append_len(j->out, p, digits + sizeof digits - p);
}

void base_json_real(BaseJson *j, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    before_value(j);
    if (!isfinite(value)) {
        g_string_append(j->out, "null");
        return;
    }
    g_ascii_formatd(text, sizeof text, "%.15g", value);
    if (g_ascii_strtod(text, NULL) != value) g_ascii_formatd(text, sizeof text, "%.17g", value);
    g_string_append(j->out, text);
    if (!strpbrk(text, ".e")) g_string_append(j->out, ".0"); /* stays a real when read back */
}

void base_json_bool(BaseJson *j, gboolean value)
{
    before_value(j);
    g_string_append(j->out, value ? "true" : "false");
}

void base_json_null(BaseJson *j)
{
    base_json_raw(j, NULL);
}

void base_json_raw(BaseJson *j, const char *json)
{
    before_value(j);
    g_string_append(j->out, json ? json : "null");
}

static void put_pairs(BaseJson *j, const json_t *object)
{
    const char *key;
    json_t *each;
    json_object_foreach((json_t *)object, key, each)
    {
        base_json_key(j, key);
        base_json_tree(j, each);
    }
}

void base_json_tree(BaseJson *j, const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_OBJECT:
        base_json_object(j);
        put_pairs(j, value);
        base_json_end_object(j);
        return;
    case JSON_ARRAY:
        base_json_array(j);
        for (gsize i = 0; i < json_array_size(value); i++)
            base_json_tree(j, json_array_get(value, i));
        base_json_end_array(j);
        return;
    case JSON_STRING:
        base_json_text(j, json_string_value(value));
        return;
    case JSON_INTEGER:
        base_json_int(j, json_integer_value(value));
        return;
    case JSON_REAL:
        base_json_real(j, json_real_value(value));
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        base_json_bool(j, json_is_true(value));
        return;
    case JSON_NULL:
        base_json_null(j);
        return;
    }
}

void base_json_put_text(BaseJson *j, const char *key, const char *text)
{
    base_json_key(j, key);
    base_json_text(j, text);
}

void base_json_put_int(BaseJson *j, const char *key, gint64 value)
{
    base_json_key(j, key);
    base_json_int(j, value);
}

void base_json_put_real(BaseJson *j, const char *key, double value)
{
    base_json_key(j, key);
    base_json_real(j, value);
}

void base_json_put_bool(BaseJson *j, const char *key, gboolean value)
{
    base_json_key(j, key);
    base_json_bool(j, value);
}

void base_json_put_raw(BaseJson *j, const char *key, const char *json)
{
    base_json_key(j, key);
    base_json_raw(j, json);
}
