/* api_request_fuzz.c - any bytes as body, query and path of every route: the check answers, and what it lets
 * through is typed as its table says. */
#include "api/call.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void typed_as_said(const CheckType *type, const json_t *object)
{
    for (gsize i = 0; i < type->n; i++) {
        const CheckField *f = &type->fields[i];
        const json_t *value = json_object_get(object, f->name);
        if (!value || json_is_null(value))
            g_assert_true(f->optional);
        else if (f->list)
            g_assert_true(json_is_array(value));
        else if (f->kind == CHECK_INT)
            g_assert_true(json_integer_value(value) >= f->min && json_integer_value(value) <= f->max);
        else if (f->kind == CHECK_TEXT || f->kind == CHECK_ID)
            g_assert_true(json_is_string(value));
    }
    g_assert_cmpuint(json_object_size(object), <=, type->n);
}

static void try_pairs(const CheckType *type, const GPtrArray *pairs)
{
    json_t *object = pairs ? check_pairs(type, pairs, "query", NULL, NULL) : NULL;
    if (object) typed_as_said(type, object);
    json_decref(object);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    gsize n;
    const ApiRoute *routes = route_table(&n), *route;
    g_autofree char *text = g_strndup((const char *)data, size), *allowed = NULL;
    g_autoptr(GPtrArray) pairs = check_split_query(text), values = NULL;
    json_t *body = base_json_parse((const char *)data, size, BASE_JSON_REQUEST, NULL);
    for (gsize i = 0; i < n; i++) {
        try_pairs(routes[i].query, pairs);
        if (body && routes[i].body && check_object(routes[i].body, body, "body", NULL, NULL))
            typed_as_said(routes[i].body, body);
    }
    if (route_find("GET", text, &route, &values, &allowed) == ROUTE_FOUND) try_pairs(route->params, values);
    json_decref(body);
    return 0;
}
