/* check.c - holds a request against its table. See check.h. */
#include "api/check.h"
#include "base/id.h"
#include "base/text.h"
#include <math.h>
#include <string.h>

static const CheckField *field_of(const CheckType *type, const char *name)
{
    for (gsize i = 0; i < type->n; i++)
        if (!strcmp(type->fields[i].name, name)) return &type->fields[i];
    return NULL;
}

static char *known_names(const CheckType *type)
{
    if (type->n == 0) return g_strdup("none is known here");
    GString *text = g_string_new("known:");
    for (gsize i = 0; i < type->n; i++)
        g_string_append_printf(text, " %s", type->fields[i].name);
    return g_string_free(text, FALSE);
}

G_GNUC_PRINTF(5, 6)
static gboolean refuse(char **where, const char *at, const char *name, GError **error, const char *format,
                       ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    if (where) *where = name ? g_strdup_printf("%s.%s", at, name) : g_strdup(at);
    g_set_error_literal(error, CHECK_ERROR, CHECK_ERROR_FIELD, why);
    return FALSE;
}

/* A field's name from outside is echoed only when it is a plain word. */
static const char *shown(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!g_ascii_isalnum(*c) && *c != '_' && *c != '-') return "?";
    return *name && strlen(name) <= 64 ? name : "?";
}

static const char *scalar_fault(const CheckField *f, const json_t *value)
{
    switch (f->kind) {
    case CHECK_TEXT:
        if (!json_is_string(value)) return "must be text";
        return f->max && g_utf8_strlen(json_string_value(value), -1) > f->max ? "text is too long" : NULL;
    case CHECK_INT:
    case CHECK_TIME:
        if (!json_is_integer(value)) return "must be a whole number";
        if (f->kind == CHECK_INT &&
            (json_integer_value(value) < f->min || json_integer_value(value) > f->max))
            return "number is out of range";
        return NULL;
    case CHECK_REAL:
        return json_is_number(value) && isfinite(json_number_value(value)) ? NULL : "must be a number";
    case CHECK_BOOL:
        return json_is_boolean(value) ? NULL : "must be true or false";
    case CHECK_ID: {
        BaseId id;
        return json_is_string(value) && base_id_parse(json_string_value(value), &id) ? NULL
                                                                                     : "must be an id (UUID)";
    }
    case CHECK_ARRAY:
        return json_is_array(value) ? NULL : "must be a list";
    case CHECK_JSON:
    case CHECK_TYPE:
        return json_is_object(value) ? NULL : "must be an object";
    }
    g_assert_not_reached();
}

static gboolean value_sound(const CheckField *f, const json_t *value, const char *at, char **where,
                            GError **error)
{
    const char *fault = scalar_fault(f, value);
    if (fault)
        return f->kind == CHECK_INT && json_is_integer(value)
                   ? refuse(where, at, f->name, error, "%s; %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, fault,
                            f->min, f->max)
                   : refuse(where, at, f->name, error, "%s", fault);
    if (f->kind != CHECK_TYPE) return TRUE;
    g_autofree char *inside = g_strdup_printf("%s.%s", at, f->name);
    return check_object(f->type, value, inside, where, error);
}

static gboolean field_sound(const CheckField *f, const json_t *value, const char *at, char **where,
                            GError **error)
{
    if (!f->list) return value_sound(f, value, at, where, error);
    if (!json_is_array(value)) return refuse(where, at, f->name, error, "must be a list");
    if (json_array_size(value) > CHECK_LIST_MAX)
        return refuse(where, at, f->name, error, "list is too long; at most %d items", CHECK_LIST_MAX);
    for (gsize i = 0; i < json_array_size(value); i++)
        if (!value_sound(f, json_array_get(value, i), at, where, error)) return FALSE;
    return TRUE;
}

static gboolean none_missing(const CheckType *type, const json_t *object, const char *at, char **where,
                             GError **error)
{
    for (gsize i = 0; i < type->n; i++) {
        const json_t *value = json_object_get(object, type->fields[i].name);
        if (!type->fields[i].optional && (!value || json_is_null(value)))
            return refuse(where, at, type->fields[i].name, error, "is missing");
    }
    return TRUE;
}

gboolean check_object(const CheckType *type, const json_t *object, const char *at, char **where,
                      GError **error)
{
    if (!json_is_object(object)) return refuse(where, at, NULL, error, "must be an object");
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        const CheckField *f = field_of(type, key);
        if (!f) {
            g_autofree char *known = known_names(type);
            return refuse(where, at, shown(key), error, "unknown field; %s", known);
        }
        if (!(f->optional && json_is_null(value)) && !field_sound(f, value, at, where, error)) return FALSE;
    }
    return none_missing(type, object, at, where, error);
}

/* The text as a value of the field's kind; when it is not one, the text itself, which the check then refuses.
 */
static json_t *typed(const CheckField *f, const char *text)
{
    char *end = NULL;
    switch (f->kind) {
    case CHECK_INT:
    case CHECK_TIME: {
        gint64 number;
        if (g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL))
            return json_integer(number);
        break;
    }
    case CHECK_REAL: {
        double number = g_ascii_strtod(text, &end);
        if (*text && !*end && isfinite(number)) return json_real(number);
        break;
    }
    case CHECK_BOOL:
        if (!strcmp(text, "true") || !strcmp(text, "false")) return json_boolean(*text == 't');
        break;
    default:
        break;
    }
    return json_string(text);
}

json_t *check_pairs(const CheckType *type, const GPtrArray *pairs, const char *at, char **where,
                    GError **error)
{
    json_t *object = json_object();
    for (guint i = 0; i + 1 < pairs->len; i += 2) {
        const char *name = g_ptr_array_index(pairs, i);
        const CheckField *f = field_of(type, name);
        if (f && json_object_get(object, name)) {
            refuse(where, at, name, error, "is given twice");
            json_decref(object);
            return NULL;
        }
        json_object_set_new(object, name, f ? typed(f, g_ptr_array_index(pairs, i + 1)) : json_null());
    }
    if (!check_object(type, object, at, where, error)) g_clear_pointer(&object, json_decref);
    return object;
}

char *check_unescape(const char *text, gssize length, gboolean plus_is_space)
{
    GString *out = g_string_sized_new(length < 0 ? 32 : length);
    const char *end = text + (length < 0 ? (gssize)strlen(text) : length);
    for (const char *c = text; c < end; c++) {
        int byte = (guchar)*c;
        if (*c == '%') {
            int high = end - c > 2 ? g_ascii_xdigit_value(c[1]) : -1,
                low = high < 0 ? -1 : g_ascii_xdigit_value(c[2]);
            byte = low < 0 ? 0 : high * 16 + low;
            c += 2;
        } else if (*c == '+' && plus_is_space) {
            byte = ' ';
        }
        if (byte == 0) {
            g_string_free(out, TRUE);
            return NULL;
        }
        g_string_append_c(out, (char)byte);
    }
    gboolean sound = base_text_is_utf8(out->str, out->len);
    return g_string_free(out, !sound);
}

GPtrArray *check_split_query(const char *query)
{
    g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(query ? query : "", "&", -1);
    for (char **part = parts; *part; part++) {
        if (!**part) continue;
        const char *equals = strchr(*part, '=');
        char *name = check_unescape(*part, equals ? equals - *part : -1, TRUE);
        char *value = name ? check_unescape(equals ? equals + 1 : "", -1, TRUE) : NULL;
        if (!value) {
            g_free(name);
            return NULL;
        }
        g_ptr_array_add(pairs, name);
        g_ptr_array_add(pairs, value);
    }
    return g_steal_pointer(&pairs);
}
