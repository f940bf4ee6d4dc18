/* tree.c - from text to PostgreSQL's tree: one statement, one expression, nothing else; and places in the
 * text.
 *
 * libpg_query 15 reads "SELECT WHERE <text>" and writes JSON. Its `location` counts bytes of that statement,
 * its error positions count characters; both become "column N" of the text. Thread-safe: the parser keeps its
 * state per thread. */
#include "engine/rule/compile.h"
#include <pg_query.h>
#include <string.h>

#define BEFORE "SELECT WHERE "
enum { N_BEFORE = sizeof BEFORE - 1 };

const char *rule_tree_source(const RuleSource *source, int location)
{
    glong at = MAX(0, location - N_BEFORE);
    return source->text + MIN(at, (glong)strlen(source->text));
}

static void refuse_column(const RuleSource *source, int code, glong column, const char *what,
                          const char *hint)
{
    g_set_error(source->error, RULE_ERROR, code, "column %ld: %s; %s", column, what, hint);
}

int rule_refuse(const RuleSource *source, int code, int location, const char *what, const char *hint)
{
    const char *at = rule_tree_source(source, location);
    refuse_column(source, code, g_utf8_strlen(source->text, at - source->text) + 1, what, hint);
    return -1;
}

int rule_tree_location(json_t *node)
{
    int best = G_MAXINT;
    const char *key;
    json_t *inside, *own = json_object_get(node, "location");
    gsize i;
    if (json_integer_value(own) >= N_BEFORE) return (int)json_integer_value(own);
    json_object_foreach(node, key, inside) /* an own location of -1 is "unknown" */
    {
        if (inside != own) best = MIN(best, rule_tree_location(inside));
    }
    json_array_foreach(node, i, inside)
    {
        best = MIN(best, rule_tree_location(inside));
    }
    return best;
}

int rule_tree_own_location(json_t *expr)
{
    return (int)json_integer_value(json_object_get(expr, "location"));
}

const char *rule_tree_text(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* Names come as lists of strings: a.b, pg_catalog.abs. */
char *rule_tree_name(json_t *list)
{
    GString *name = g_string_new(NULL);
    gsize i;
    json_t *part;
    json_array_foreach(list, i, part) g_string_append_printf(
        name, "%s%s", i ? "." : "", rule_tree_text(json_object_get(part, "String"), "sval"));
    return g_string_free(name, FALSE);
}

gboolean rule_tree_only(json_t *object, const char *const *keys)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        if (!g_strv_contains(keys, key)) return FALSE;
    }
    return TRUE;
}

/* A word of SQL where a name should stand is the mistake most often made. */
static void refuse_syntax(const RuleSource *source, const PgQueryError *error)
{
    if (strstr(error->message, "memory exhausted") || strstr(error->message, "stack depth")) {
        refuse_column(source, RULE_ERROR_LIMIT, 1, "nested too deep", "split it into several conditions");
        return;
    }
    glong length = g_utf8_strlen(source->text, -1);
    glong column = CLAMP((glong)error->cursorpos - N_BEFORE, 1, length + 1);
    gboolean ended = strstr(error->message, "end of input") != NULL;
    refuse_column(
        source, RULE_ERROR_SYNTAX, column, error->message,
        ended ? "a value or a closing bracket is missing"
              : "text goes in 'single quotes', a column named like a word of SQL in \"double quotes\"");
}

static gboolean check_text(const RuleSource *source)
{
    const char *end;
    if (strlen(source->text) > RULE_MAX_TEXT) {
        refuse_column(source, RULE_ERROR_LIMIT, 1, "the text is over 16 KiB",
                      "put long lists into a named list, IN (@name)");
        return FALSE;
    }
    if (!g_utf8_validate(source->text, -1, &end)) {
        refuse_column(source, RULE_ERROR_SYNTAX, g_utf8_strlen(source->text, end - source->text) + 1,
                      "not UTF-8", "save the text as UTF-8");
        return FALSE;
    }
    if (source->text[strspn(source->text, " \t\r\n")] == '\0') {
        refuse_column(source, RULE_ERROR_SYNTAX, 1, "there is no expression",
                      "write one, such as level >= 3");
        return FALSE;
    }
    return TRUE;
}

/* The WHERE of a statement that has nothing else. */
static json_t *take_where(const RuleSource *source, json_t *select)
{
    static const char *const keys[] = { "whereClause", "limitOption", "op", NULL };
    const char *operation = json_string_value(json_object_get(select, "op"));
    const char *limit = json_string_value(json_object_get(select, "limitOption"));
    if (rule_tree_only(select, keys) && g_strcmp0(operation, "SETOP_NONE") == 0 &&
        g_strcmp0(limit, "LIMIT_OPTION_DEFAULT") == 0)
        return json_object_get(select, "whereClause");
    json_object_del(select, "whereClause"); /* point at what is beside it */
    rule_refuse(source, RULE_ERROR_REFUSED, rule_tree_location(select), "more than an expression",
                "write only what would stand after WHERE, without ORDER BY and the like");
    return NULL;
}

static json_t *take_expression(const RuleSource *source, json_t *tree)
{
    json_t *statements = json_object_get(tree, "stmts");
    json_t *first = json_array_get(statements, 0);
    if (json_array_size(statements) > 1 || json_object_get(first, "stmt_len")) {
        int location = (int)json_integer_value(json_object_get(first, "stmt_len"));
        rule_refuse(source, RULE_ERROR_REFUSED, location, "a semicolon", "one expression only, without ;");
        return NULL;
    }
    return take_where(source, json_object_get(json_object_get(first, "stmt"), "SelectStmt"));
}

json_t *rule_tree_parse(const RuleSource *source)
{
    if (!check_text(source)) return NULL;
    g_autofree char *statement = g_strconcat(BEFORE, source->text, NULL);
    PgQueryParseResult result = pg_query_parse(statement);
    json_t *expression = NULL;
    if (result.error) {
        refuse_syntax(source, result.error);
    } else {
        json_error_t why;
        json_t *tree = json_loads(result.parse_tree, 0, &why);
        if (tree)
            expression = json_incref(take_expression(source, tree));
        else /* the parser writes sound JSON: only jansson's depth limit, 2048, is left */
            refuse_column(source, RULE_ERROR_LIMIT, 1, "nested too deep", "split it into several conditions");
        json_decref(tree);
    }
    pg_query_free_parse_result(result);
    return expression;
}
