/* indicator.c - what one fact adds to a figure, and what a sum of facts says. Holds no sums itself. */
#include "engine/indicator/inside.h"

const char *indicator_kind_name(IndicatorKind kind)
{
    static const char *const names[] = { "ratio", "count", "mean", "percentile", "derived", "score" };
    return names[kind];
}

static gboolean check_parts(const IndicatorDef *def, GError **error)
{
    if (def->kind == INDICATOR_RATIO && !def->den) {
        g_set_error(error, INDICATOR_ERROR, INDICATOR_ERROR_MISSING,
                    "den: a ratio needs one; write true to count every fact");
        return FALSE;
    }
    if (def->kind != INDICATOR_RATIO && def->den) {
        g_set_error(error, INDICATOR_ERROR, INDICATOR_ERROR_MISSING,
                    "den: a %s has none; leave it out or make it a ratio", indicator_kind_name(def->kind));
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

Indicator *indicator_blank(const char *id, IndicatorKind kind, gboolean empty_is_zero)
{
    Indicator *indicator = g_new0(Indicator, 1);
    indicator->id = g_strdup(id);
    indicator->kind = kind;
    indicator->empty_is_zero = empty_is_zero;
    indicator->out_when = g_ptr_array_new_with_free_func((GDestroyNotify)rule_free);
    indicator->out_id = g_ptr_array_new_with_free_func(g_free);
    indicator->uses = g_array_new(FALSE, FALSE, sizeof(IndicatorUse));
    indicator->parts = g_array_new(FALSE, FALSE, sizeof(IndicatorPart));
    return indicator;
}

static gboolean take_exclusions(Indicator *indicator, const IndicatorDef *def, const RuleSchema *schema,
                                GError **error)
{
    for (gsize i = 0; i < def->n_excluded; i++) {
        Rule *when = rule_parse(def->excluded[i].when, schema, error);
        if (!when) {
            g_prefix_error(error, "excluded %s: ", def->excluded[i].id);
            return FALSE;
        }
        g_ptr_array_add(indicator->out_when, when);
        g_ptr_array_add(indicator->out_id, g_strdup(def->excluded[i].id));
    }
    return TRUE;
}

Indicator *indicator_new(const IndicatorDef *def, const RuleSchema *schema, GError **error)
{
    g_assert(def->kind <= INDICATOR_PERCENTILE);
    g_autoptr(Indicator) indicator = indicator_blank(def->id, def->kind, def->empty_is_zero);
    indicator->percentile = def->percentile;
    if (!check_parts(def, error)) return NULL;
    if (def->when && !(indicator->when = rule_parse(def->when, schema, error))) {
        g_prefix_error(error, "when: ");
        return NULL;
    }
    if (!(indicator->num = parse_part("num", def->num, schema, error))) return NULL;
    if (def->den && !(indicator->den = parse_part("den", def->den, schema, error))) return NULL;
    return take_exclusions(indicator, def, schema, error) ? g_steal_pointer(&indicator) : NULL;
}

void indicator_free(Indicator *indicator)
{
    if (!indicator) return;
    g_free(indicator->id);
    rule_free(indicator->when);
    rule_free(indicator->num);
    rule_free(indicator->den);
    g_ptr_array_unref(indicator->out_when);
    g_ptr_array_unref(indicator->out_id);
    g_array_unref(indicator->uses);
    g_array_unref(indicator->parts);
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

gboolean indicator_empty_is_zero(const Indicator *indicator)
{
    return indicator->empty_is_zero;
}

int indicator_percentile(const Indicator *indicator)
{
    return indicator->percentile;
}

/* FALSE when the part is not known of this fact. */
static gboolean amount(const Rule *part, const RuleValue *row, gint64 *out)
{
    RuleValue value = rule_value(part, row);
    *out = value.type == RULE_BOOL ? value.boolean : value.integer;
    return value.type != RULE_NULL;
}

const char *indicator_excludes(const Indicator *indicator, const RuleValue *row)
{
    for (guint i = 0; i < indicator->out_when->len; i++)
        if (rule_holds(indicator->out_when->pdata[i], row)) return indicator->out_id->pdata[i];
    return NULL;
}

gboolean indicator_weigh(const Indicator *indicator, const RuleValue *row, IndicatorDelta *delta)
{
    gint64 num, den = indicator->kind == INDICATOR_MEAN || indicator->kind == INDICATOR_PERCENTILE;
    if (indicator->kind > INDICATOR_PERCENTILE) return FALSE;
    if (indicator->when && !rule_holds(indicator->when, row)) return FALSE;
    if (indicator_excludes(indicator, row))
        *delta = (IndicatorDelta){ .excluded = 1 };
    else if (!amount(indicator->num, row, &num) || (indicator->den && !amount(indicator->den, row, &den)))
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
    sum->excluded = ring_add(sum->excluded, delta.excluded);
}

gboolean indicator_result(const Indicator *indicator, IndicatorDelta sum, double *out)
{
    g_assert(indicator->kind <= INDICATOR_MEAN);
    if (indicator->kind == INDICATOR_COUNT)
        *out = (double)sum.num;
    else if (sum.den != 0)
        *out = (double)sum.num / (double)sum.den;
    else if (indicator->empty_is_zero)
        *out = 0;
    else
        return FALSE;
    return TRUE;
}

gboolean indicator_rank(const Indicator *indicator, const IndicatorSeen *seen, gsize n, double *out)
{
    gint64 all = 0, passed = 0;
    for (gsize i = 0; i < n; i++)
        all += seen[i].n;
    if (all == 0) {
        if (indicator->empty_is_zero) *out = 0;
        return indicator->empty_is_zero;
    }
    gint64 rank = all / 100 * indicator->percentile + (all % 100 * indicator->percentile + 99) / 100;
    for (gsize i = 0; i < n; i++) {
        passed += seen[i].n;
        if (passed < rank) continue;
        *out = (double)seen[i].value;
        break;
    }
    return TRUE;
}
