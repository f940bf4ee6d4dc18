/* routes.c - finding the row of routes.def for a method and a path. */
#include "api/call.h"
#include "api/handlers.gen.h"
#include "api/routes.gen.h"
#include "api/openapi.gen.h"
#include <string.h>

const ApiRoute *route_table(gsize *n)
{
    *n = G_N_ELEMENTS(routes);
    return routes;
}

const char *route_document(void)
{
    return openapi_json;
}

static gsize part_length(const char *path)
{
    return strcspn(path, "/");
}

/* Does the path have the pattern's shape? Places are not yet undone of their escapes. */
static gboolean shape_fits(const char *pattern, const char *path)
{
    while (*pattern == '/' && *path == '/') {
        gsize n = part_length(++pattern), m = part_length(++path);
        if (*pattern == '{' ? m == 0 : n != m || strncmp(pattern, path, n) != 0) return FALSE;
        pattern += n;
        path += m;
    }
    return !*pattern && !*path;
}

static GPtrArray *places(const char *pattern, const char *path)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    while (*pattern == '/') {
        gsize n = part_length(++pattern), m = part_length(++path);
        if (*pattern == '{') {
            char *value = check_unescape(path, (gssize)m, FALSE);
            if (!value) return NULL;
            g_ptr_array_add(values, g_strndup(pattern + 1, n - 2));
            g_ptr_array_add(values, value);
        }
        pattern += n;
        path += m;
    }
    return g_steal_pointer(&values);
}

RouteFind route_find(const char *method, const char *path, const ApiRoute **route, GPtrArray **values,
                     char **allowed)
{
    g_autoptr(GString) methods = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
        if (!shape_fits(routes[i].path, path)) continue;
        if (!strcmp(routes[i].method, method)) {
            *route = &routes[i];
            *values = places(routes[i].path, path);
            return *values ? ROUTE_FOUND : ROUTE_NO_PATH;
        }
        g_string_append_printf(methods, "%s%s", methods->len ? ", " : "", routes[i].method);
    }
    if (methods->len == 0) return ROUTE_NO_PATH;
    *allowed = g_string_free(g_steal_pointer(&methods), FALSE);
    return ROUTE_NO_METHOD;
}
