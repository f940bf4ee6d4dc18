/* json.h - JSON in, strictly and within limits; JSON out, appended to a string without a tree.
 *
 * Reading: RFC 8259 only, valid UTF-8, no repeated keys, no NUL in text or keys, whole text consumed, limits
 * on bytes and depth. What was audited can then be read in one way only. The tree is jansson's; json_decref
 * frees it. Writing: BaseJson appends to a GString; commas are put by the writer. Text is escaped so that it
 * may stand inside HTML script data too (`<`, U+2028, U+2029). Canonical form: keys sorted by code point, no
 * spaces, integers as such, reals to 17 digits. It is our own, not RFC 8785: there keys go by UTF-16 unit. */
#pragma once
#include <glib.h>
#include <jansson.h>

#define BASE_JSON_ERROR (g_quark_from_static_string("base-json"))
enum { BASE_JSON_ERROR_SYNTAX, BASE_JSON_ERROR_LIMIT };

typedef struct {
    gsize bytes; /* longest text */
    guint depth; /* deepest nesting of arrays and objects */
} BaseJsonLimits;
#define BASE_JSON_REQUEST ((BaseJsonLimits){ .bytes = 1 << 20, .depth = 32 })
#define BASE_JSON_LARGE ((BaseJsonLimits){ .bytes = 64 << 20, .depth = 64 })

/* New reference, or NULL with "line:column: what, hint". Any JSON value may be the root. Cost: O(n). */
json_t *base_json_parse(const char *text, gsize length, BaseJsonLimits limits, GError **error);

char *base_json_canonical(const json_t *value); /* caller frees (g_free) */

typedef struct {
    GString *out;
    gboolean comma; /* a value stands before the next one */
} BaseJson;

BaseJson base_json_to(GString *out);
void base_json_object(BaseJson *j); /* { */
void base_json_end_object(BaseJson *j);
void base_json_array(BaseJson *j); /* [ */
void base_json_end_array(BaseJson *j);
void base_json_key(BaseJson *j, const char *key);
void base_json_text(BaseJson *j, const char *text); /* NULL writes null */
void base_json_int(BaseJson *j, gint64 value);
void base_json_real(BaseJson *j, double value); /* not finite writes null */
void base_json_bool(BaseJson *j, gboolean value);
void base_json_null(BaseJson *j);
void base_json_raw(BaseJson *j, const char *json); /* already JSON, trusted; NULL writes null */
void base_json_tree(BaseJson *j, const json_t *value);
/* key and value in one */
void base_json_put_text(BaseJson *j, const char *key, const char *text);
void base_json_put_int(BaseJson *j, const char *key, gint64 value);
void base_json_put_real(BaseJson *j, const char *key, double value);
void base_json_put_bool(BaseJson *j, const char *key, gboolean value);
void base_json_put_raw(BaseJson *j, const char *key, const char *json);
