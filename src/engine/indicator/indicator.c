/* indicator.c - what one fact adds to a figure, and what a sum of facts says. Holds no sums itself. */
#include "engine/indicator/indicator.h"

struct Indicator {
    char *id;
    IndicatorKind kind;
    Rule *when, *num, *den; /* when, den may be NULL */
};

static gboolean check_parts(IndicatorKind kind, const char *den, GError **error)
{
    if (kind == INDICATOR_RATIO && !den) {
        g_set_error(error, INDICATOR_ERROR, INDICATOR_ERROR_MISSING,
                    "den: a ratio needs one; write true to count every fact");
        return FALSE;
    }
    if (kind != INDICATOR_RATIO && den) {
        g_set_error(error, INDICATOR_ERROR, INDICATOR_ERROR_MISSING,
                    "den: a %s has none; leave it out or make it a ratio",
                    kind == INDICATOR_MEAN ? "mean" : "count");
        return FALSE;
    }
    return TRUE;
}

/* A part that adds up: 1 when true, or a whole number. Decimals do not, for their sum depends on the order.
 */
static Rule *parse_part(const char *part, const char *text, const RuleSchema *schema, GError **error)
{
    g_autoptr(Rule) rule = rule_parse_scalar(text, schema, error);
    if (!rule) {
        g_prefix_error(error, "%s: ", part);
        return NULL;
    }
    RuleType type = rule_type(rule);
    if (type != RULE_BOOL && type != RULE_INT) {
        g_set_error(error, INDICATOR_ERROR, INDICATOR_ERROR_TYPE,
                    "%s: column 1: neither a condition nor a whole number; count in a smaller unit, such as "
                    "minutes or cents",
                    part);
        return NULL;
    }
    return g_steal_pointer(&rule);
}

Indicator *indicator_new(const char *id, IndicatorKind kind, const char *when, const char *num,
                         const char *den, const RuleSchema *schema, GError **error)
{
    g_autoptr(Indicator) indicator = g_new0(Indicator, 1);
    indicator->id = g_strdup(id);
    indicator->kind = kind;
    if (!check_parts(kind, den, error)) return NULL;
    if (when && !(indicator->when = rule_parse(when, schema, error))) {
        g_prefix_error(error, "when: ");
        return NULL;
    }
    if (!(indicator->num = parse_part("num", num, schema, error))) return NULL;
    if (den && !(indicator->den = parse_part("den", den, schema, error))) return NULL;
    return g_steal_pointer(&indicator);
}

void indicator_free(Indicator *indicator)
{
    if (!indicator) return;
    g_free(indicator->id);
    rule_free(indicator->when);
    rule_free(indicator->num);
    rule_free(indicator->den);
    g_free(indicator);
}

const char *indicator_id(const Indicator *indicator)
{
    return indicator->id;
}

IndicatorKind indicator_kind(const Indicator *indicator)
{
    return indicator->kind;
}

/* FALSE when the part is not known of this fact. */
static gboolean amount(const Rule *part, const RuleValue *row, gint64 *out)
{
    RuleValue value = rule_value(part, row);
    *out = value.type == RULE_BOOL ? value.boolean : value.integer;
    return value.type != RULE_NULL;
}

gboolean indicator_weigh(const Indicator *indicator, const RuleValue *row, IndicatorDelta *delta)
{
    gint64 num, den = indicator->kind == INDICATOR_MEAN;
    if (indicator->when && !rule_holds(indicator->when, row)) return FALSE;
    if (!amount(indicator->num, row, &num) || (indicator->den && !amount(indicator->den, row, &den)))
        *delta = (IndicatorDelta){ .left_out = 1 };
    else
        *delta = (IndicatorDelta){ .num = num, .den = den };
    return TRUE;
}

/* Round the ring of 64 bits: beyond it a sum is wrong, yet the same in any order (invariant 1). */
static gint64 ring_add(gint64 a, gint64 b)
{
    return (gint64)((guint64)a + (guint64)b);
}

void indicator_add(IndicatorDelta *sum, IndicatorDelta delta)
{
    sum->num = ring_add(sum->num, delta.num);
    sum->den = ring_add(sum->den, delta.den);
    sum->left_out = ring_add(sum->left_out, delta.left_out);
}

gboolean indicator_result(IndicatorKind kind, IndicatorDelta sum, double *out)
{
    if (kind == INDICATOR_COUNT) {
        *out = (double)sum.num;
        return TRUE;
    }
    if (sum.den == 0) return FALSE;
    *out = (double)sum.num / (double)sum.den;
    return TRUE;
}
