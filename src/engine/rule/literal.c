/* literal.c - numbers, texts, true, false and NULL as they stand in a condition. */
#include "engine/rule/compile.h"
#include <errno.h>
#include <math.h>
#include <string.h>

/* libpg_query 15 writes no number for a whole number that is zero or below. Read its digits from the text:
 * the literal's place is that of its first minus sign, and before the digits stand only blanks, brackets,
 * signs and comments. Being zero or below, it is what the digits say, negated. */
static gint64 number_in_text(const char *at)
{
    int comments = 0;
    for (; *at && (comments || !g_ascii_isdigit(*at)); at++) {
        if (at[0] == '/' && at[1] == '*')
            comments++, at++;
        else if (at[0] == '*' && at[1] == '/' && comments)
            comments--, at++;
        else if (!comments && at[0] == '-' && at[1] == '-')
            at += strcspn(at, "\r\n") - 1;
    }
    return -g_ascii_strtoll(at, NULL, 10);
}

static int add_constant(RuleCompiler *c, RuleValue value)
{
    int at = rule_add_node(c, RULE_OP_CONST, value.type, -1);
    rule_node_at(c, at)->constant = value;
    return at;
}

static int compile_number(RuleCompiler *c, const char *digits, int location)
{
    char *end;
    if (digits[strspn(digits, "-0123456789")] == '\0') {
        errno = 0;
        gint64 whole = g_ascii_strtoll(digits, &end, 10);
        if (errno == ERANGE)
            return rule_refuse(&c->source, RULE_ERROR_LIMIT, location, "the number does not fit 64 bits",
                               "a decimal is written with a point");
        return add_constant(c, (RuleValue){ .type = RULE_INT, .integer = whole });
    }
    double real = g_ascii_strtod(digits, &end);
    if (!isfinite(real))
        return rule_refuse(&c->source, RULE_ERROR_LIMIT, location, "the number is too large",
                           "at most about 1.7e308");
    return add_constant(c, (RuleValue){ .type = RULE_REAL, .real = real });
}

int rule_compile_const(RuleCompiler *c, json_t *expr)
{
    json_t *part;
    int location = rule_tree_own_location(expr);
    if (json_is_true(json_object_get(expr, "isnull")))
        return add_constant(c, (RuleValue){ .type = RULE_NULL });
    if ((part = json_object_get(expr, "boolval")))
        return add_constant(
            c, (RuleValue){ .type = RULE_BOOL, .boolean = json_is_true(json_object_get(part, "boolval")) });
    if ((part = json_object_get(expr, "ival"))) {
        json_t *number = json_object_get(part, "ival");
        gint64 whole =
            number ? json_integer_value(number) : number_in_text(rule_tree_source(&c->source, location));
        return add_constant(c, (RuleValue){ .type = RULE_INT, .integer = whole });
    }
    if ((part = json_object_get(expr, "fval")))
        return compile_number(c, rule_tree_text(part, "fval"), location);
    if ((part = json_object_get(expr, "sval")) && *rule_tree_source(&c->source, location) == '\'') {
        const char *text = g_string_chunk_insert_const(c->rule->strings, rule_tree_text(part, "sval"));
        return add_constant(c, (RuleValue){ .type = RULE_TEXT, .text = text });
    }
    return rule_refuse(&c->source, RULE_ERROR_REFUSED, location, "this way of writing a text is not taken",
                       "write it in plain 'single quotes', a quote in it twice");
}
