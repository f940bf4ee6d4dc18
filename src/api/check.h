/* check.h - what a request may hold: tables made from routes.def, and the walk that holds a request against
 * them.
 *
 * Unknown fields, wrong types, texts too long and numbers out of range are refused, naming the field; a
 * handler then reads without asking again. Threads: tables are constant. Cost: O(fields given x fields
 * known), a dozen each. */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef enum {
    CHECK_TEXT,
    CHECK_INT,
    CHECK_REAL,
    CHECK_BOOL,
    CHECK_ID,
    CHECK_TIME,
    CHECK_JSON,
    CHECK_ARRAY, /* of whatever; the handler looks */
    CHECK_TYPE
} CheckKind;

typedef struct CheckType CheckType;
typedef struct {
    const char *name;
    CheckKind kind;
    gboolean optional, list;
    gint64 min, max; /* text: max characters, 0 for none; int: both */
    const CheckType *type;
} CheckField;
struct CheckType {
    const char *name;
    const CheckField *fields;
    gsize n;
};

#define CHECK_ERROR (g_quark_from_static_string("api-check"))
enum { CHECK_ERROR_FIELD };

#define CHECK_LIST_MAX 1000 /* items of one list */

/* Is `object` of this type? On refusal `where` (may be NULL) gets "at.field"; caller frees. */
gboolean check_object(const CheckType *type, const json_t *object, const char *at, char **where,
                      GError **error);

/* Texts of a query string or a path become typed values: a new object, or NULL as above. `pairs` is name,
 * value, name, value ... A name given twice is refused. */
json_t *check_pairs(const CheckType *type, const GPtrArray *pairs, const char *at, char **where,
                    GError **error);

/* "a=1&b=%E4" into name, value, name, value ... (char *, freed with the array). NULL when an escape is
 * broken, a NUL is hidden in it, or the result is not UTF-8. */
GPtrArray *check_split_query(const char *query);
char *check_unescape(const char *text, gssize length, gboolean plus_is_space);
