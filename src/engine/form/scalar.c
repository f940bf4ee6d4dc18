/* scalar.c - one value by itself: its type, the values allowed, numbers and texts. */
#include "engine/form/inside.h"
#include <math.h>
#include <string.h>

const char *form_type_name(guint bit)
{
    static const char *const names[] = {
        "null", "boolean", "integer", "number", "string", "array", "object"
    };
    return names[g_bit_nth_lsf(bit, -1)];
}

guint form_types_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return FORM_IS_OBJECT;
    case JSON_ARRAY:
        return FORM_IS_ARRAY;
    case JSON_STRING:
        return FORM_IS_STRING;
    case JSON_INTEGER:
        return FORM_IS_INTEGER | FORM_IS_NUMBER;
    case JSON_REAL:
        return json_real_value(value) == floor(json_real_value(value)) ? FORM_IS_INTEGER | FORM_IS_NUMBER
                                                                       : FORM_IS_NUMBER;
    case JSON_NULL:
        return FORM_IS_NULL;
    default:
        return FORM_IS_BOOLEAN;
    }
}

/* long double holds every 64-bit integer here, so 9007199254740993 and its neighbours stay apart. */
static long double number_of(const json_t *value)
{
    return json_is_integer(value) ? (long double)json_integer_value(value)
                                  : (long double)json_real_value(value);
}

static gboolean same_objects(const json_t *a, const json_t *b)
{
    const char *key;
    json_t *item;
    if (json_object_size(a) != json_object_size(b)) {
        return FALSE;
    }
    json_object_foreach((json_t *)a, key, item)
    {
        const json_t *other = json_object_get(b, key);
        if (!other || !form_same(item, other)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean same_arrays(const json_t *a, const json_t *b)
{
    if (json_array_size(a) != json_array_size(b)) {
        return FALSE;
    }
    for (gsize i = 0; i < json_array_size(a); i++) {
        if (!form_same(json_array_get(a, i), json_array_get(b, i))) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean form_same(const json_t *a, const json_t *b)
{
    if (json_is_number(a) && json_is_number(b)) {
        return number_of(a) == number_of(b);
    }
    if (json_typeof(a) != json_typeof(b)) {
        return FALSE;
    }
    return json_is_object(a) ? same_objects(a, b) : json_is_array(a) ? same_arrays(a, b) : json_equal(a, b);
}

static gboolean is_multiple(const json_t *value, const json_t *of)
{
    if (json_is_integer(value) && json_is_integer(of)) {
        return json_integer_value(value) % json_integer_value(of) == 0;
    }
    const double v = json_number_value(value), m = json_number_value(of), quotient = v / m;
    if (isfinite(quotient) && fabs(quotient) > 1e9) { /* too large to tell an integer from its neighbour */
        return fmod(v, m) == 0 || (v == floor(v) && m < 1 && fabs(1 / m - round(1 / m)) < 1e-9 / m);
    }
    if (!isfinite(quotient)) {
        return fmod(v, m) == 0;
    }
    return fabs(quotient - round(quotient)) < 1e-9 * MAX(1.0, fabs(quotient));
}

static gboolean numbers(FormWalk *w, const FormNode *node, const json_t *value)
{
    const struct {
        const json_t *limit;
        const char *keyword;
        FormCode code;
        gboolean fits;
    } rules[] = {
        { node->minimum, "minimum", FORM_MINIMUM,
          !node->minimum || number_of(value) >= number_of(node->minimum) },
        { node->maximum, "maximum", FORM_MAXIMUM,
          !node->maximum || number_of(value) <= number_of(node->maximum) },
        { node->above, "exclusiveMinimum", FORM_ABOVE,
          !node->above || number_of(value) > number_of(node->above) },
        { node->below, "exclusiveMaximum", FORM_BELOW,
          !node->below || number_of(value) < number_of(node->below) },
        { node->multiple, "multipleOf", FORM_MULTIPLE,
          !node->multiple || is_multiple(value, node->multiple) },
    };
    gboolean ok = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (!rules[i].fits) {
            g_autofree char *wanted = g_strdup_printf("%.15Lg", number_of(rules[i].limit));
            ok = form_refuse(w, node, rules[i].keyword, rules[i].code, wanted);
        }
    }
    return ok;
}

/* ---- texts ---- */
GRegex *form_regex(const char *pattern, GError **error)
{
    if (strlen(pattern) > FORM_MAX_PATTERN || g_str_has_prefix(pattern, "(*")) {
        g_set_error(error, FORM_ERROR, FORM_ERROR_LIMIT,
                    "a pattern over %d bytes, or one that begins with (*; make it simpler", FORM_MAX_PATTERN);
        return NULL;
    }
    /* PCRE's own brake: a pattern that tries too much gives up instead of running for years */
    g_autofree char *limited = g_strdup_printf("(*LIMIT_MATCH=100000)(*LIMIT_DEPTH=2000)%s", pattern);
    g_autoptr(GError) why = NULL;
    GRegex *regex = g_regex_new(limited, G_REGEX_DOLLAR_ENDONLY, 0, &why);
    if (!regex) {
        g_set_error(error, FORM_ERROR, FORM_ERROR_VALUE,
                    "not a regular expression; see PCRE (pcrepattern(3))");
    }
    return regex;
}

gboolean form_regex_holds(FormWalk *w, const GRegex *regex, const char *text, gboolean *too_costly)
{
    g_autoptr(GError) error = NULL;
    const gboolean holds = g_regex_match_full(regex, text, -1, 0, 0, NULL, &error);
    *too_costly = error != NULL;
    w->steps += 10; /* weighs about as much */
    return holds;
}

static gboolean text_form(FormWalk *w, const FormNode *node, const char *text)
{
    gboolean ok = TRUE, too_costly;
    if (node->pattern && !form_regex_holds(w, node->pattern, text, &too_costly)) {
        ok = form_refuse(w, node, "pattern", too_costly ? FORM_COST : FORM_PATTERN, NULL);
    }
    if (node->format && !form_format_holds(node->format, text)) {
        ok = form_refuse(w, node, "format", FORM_FORMAT, node->format);
    }
    return ok;
}

static gboolean texts(FormWalk *w, const FormNode *node, const char *text)
{
    const glong length = g_utf8_strlen(text, -1);
    gboolean ok = TRUE;
    if (node->min_length >= 0 && length < node->min_length) {
        ok = form_refuse_count(w, node, "minLength", FORM_MIN_LENGTH, node->min_length);
    }
    if (node->max_length >= 0 && length > node->max_length) {
        ok = form_refuse_count(w, node, "maxLength", FORM_MAX_LENGTH, node->max_length);
    }
    return text_form(w, node, text) && ok;
}

/* ---- type and values ---- */
static gboolean refuse_type(FormWalk *w, const FormNode *node)
{
    g_autoptr(GString) wanted = g_string_new(NULL);
    for (guint bit = FORM_IS_NULL; bit <= FORM_IS_OBJECT; bit <<= 1) {
        if (node->types & bit) {
            g_string_append_printf(wanted, "%s%s", wanted->len ? "|" : "", form_type_name(bit));
        }
    }
    return form_refuse(w, node, "type", FORM_TYPE, wanted->str);
}

static char *value_text(const json_t *value)
{
    if (json_is_string(value)) {
        return g_strdup(json_string_value(value));
    }
    char *dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY), *text = g_strdup(dumped);
    free(dumped);
    return text;
}

static gboolean refuse_enum(FormWalk *w, const FormNode *node)
{
    g_autoptr(GString) wanted = g_string_new(NULL);
    const gsize n = json_array_size(node->enumeration);
    for (gsize i = 0; i < n && i < 12; i++) {
        g_autofree char *text = value_text(json_array_get(node->enumeration, i));
        g_string_append_printf(wanted, "%s%s", i ? ", " : "", text);
    }
    if (n > 12) {
        g_string_append(wanted, " …");
    }
    return form_refuse(w, node, "enum", FORM_ENUM, wanted->str);
}

static gboolean among(FormWalk *w, const json_t *values, const json_t *value)
{
    const gsize n = json_array_size(values);
    w->steps += (guint)(n / 8);
    for (gsize i = 0; i < n; i++) {
        if (form_same(json_array_get(values, i), value)) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean form_scalar(FormWalk *w, const FormNode *node, const json_t *value)
{
    if (node->types && !(form_types_of(value) & node->types)) {
        return refuse_type(w, node);
    }
    gboolean ok = TRUE;
    if (node->enumeration && !among(w, node->enumeration, value)) {
        ok = refuse_enum(w, node);
    }
    if (node->constant && !form_same(node->constant, value)) {
        g_autofree char *wanted = value_text(node->constant);
        ok = form_refuse(w, node, "const", FORM_CONST, wanted);
    }
    if (json_is_number(value)) {
        ok = numbers(w, node, value) && ok;
    } else if (json_is_string(value)) {
        ok = texts(w, node, json_string_value(value)) && ok;
    }
    return ok;
}
