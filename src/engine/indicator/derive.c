/* derive.c - figures made of other figures: formulas over their values, and weighted scores. Does not know
 * where the values come from; it says which it needs (uses) and computes with what it is given. */
#include "engine/indicator/inside.h"
#include <math.h>

/* Of each indicator four columns, in this order. The last is made of the first and the third. */
enum { NAME_SAME, NAME_PERIOD_BEFORE, NAME_YEAR_BEFORE, NAME_YEAR_ON_YEAR, N_NAMES };

static const char *const forms[N_NAMES] = { "%s", "period_before(%s)", "year_before(%s)",
                                            "year_on_year(%s)" };

static char *name_of(const char *id, int form)
{
    g_auto(GStrv) parts = g_strsplit(forms[form], "%s", 2);
    return g_strconcat(parts[0], id, parts[1], NULL);
}

RuleSchema *indicator_names(const char *const *ids, gsize n, gsize *bad)
{
    g_autoptr(RuleSchema) schema = rule_schema_new();
    for (gsize i = 0; i < n; i++)
        for (int form = 0; form < N_NAMES; form++) {
            g_autofree char *name = name_of(ids[i], form);
            if (rule_schema_add(schema, name, RULE_REAL) == (int)(i * N_NAMES) + form) continue;
            *bad = i;
            return NULL;
        }
    return g_steal_pointer(&schema);
}

static void use(Indicator *indicator, gsize of, IndicatorShift shift)
{
    for (guint i = 0; i < indicator->uses->len; i++) {
        const IndicatorUse *u = &g_array_index(indicator->uses, IndicatorUse, i);
        if (u->of == of && u->shift == shift) return;
    }
    g_array_append_vals(indicator->uses, &(IndicatorUse){ of, shift }, 1);
}

static void find_uses(Indicator *indicator)
{
    for (int column = 0; column < indicator->columns; column++) {
        if (!rule_reads(indicator->num, column)) continue;
        gsize of = (gsize)(column / N_NAMES);
        int form = column % N_NAMES;
        if (form != NAME_YEAR_ON_YEAR) use(indicator, of, (IndicatorShift)form);
        if (form == NAME_YEAR_ON_YEAR) {
            use(indicator, of, INDICATOR_SAME);
            use(indicator, of, INDICATOR_YEAR_BEFORE);
        }
    }
}

Indicator *indicator_derived_new(const char *id, const char *expr, const RuleSchema *names,
                                 gboolean empty_is_zero, GError **error)
{
    g_autoptr(Indicator) indicator = indicator_blank(id, INDICATOR_DERIVED, empty_is_zero);
    indicator->columns = rule_schema_size(names);
    if (!(indicator->num = rule_parse_scalar(expr, names, error))) {
        g_prefix_error(error, "expr: ");
        return NULL;
    }
    if (rule_type(indicator->num) != RULE_REAL) {
        g_set_error(error, INDICATOR_ERROR, INDICATOR_ERROR_TYPE,
                    "expr: column 1: not a number made of figures; write arithmetic over ids of indicators");
        return NULL;
    }
    find_uses(indicator);
    return g_steal_pointer(&indicator);
}

Indicator *indicator_score_new(const char *id, const IndicatorPart *parts, gsize n, gboolean empty_is_zero)
{
    Indicator *indicator = indicator_blank(id, INDICATOR_SCORE, empty_is_zero);
    g_array_append_vals(indicator->parts, parts, (guint)n);
    for (gsize i = 0; i < n; i++)
        use(indicator, parts[i].of, INDICATOR_SAME);
    return indicator;
}

const IndicatorUse *indicator_uses(const Indicator *indicator, gsize *n)
{
    *n = indicator->uses->len;
    return (const IndicatorUse *)(gpointer)indicator->uses->data;
}

const IndicatorPart *indicator_parts(const Indicator *indicator, gsize *n)
{
    *n = indicator->parts->len;
    return (const IndicatorPart *)(gpointer)indicator->parts->data;
}

static double given(const Indicator *indicator, const double *values, gsize of, IndicatorShift shift)
{
    for (guint i = 0; i < indicator->uses->len; i++) {
        const IndicatorUse *u = &g_array_index(indicator->uses, IndicatorUse, i);
        if (u->of == of && u->shift == shift) return values[i];
    }
    return NAN;
}

/* What is not finite is NULL to a rule, so an empty input makes every sum with it empty. */
static gboolean derive_formula(const Indicator *indicator, const double *values, double *out)
{
    g_autofree RuleValue *row = g_new(RuleValue, indicator->columns);
    for (int column = 0; column < indicator->columns; column++) {
        gsize of = (gsize)(column / N_NAMES);
        int form = column % N_NAMES;
        double x =
            given(indicator, values, of, form == NAME_YEAR_ON_YEAR ? INDICATOR_SAME : (IndicatorShift)form);
        if (form == NAME_YEAR_ON_YEAR) x = x / given(indicator, values, of, INDICATOR_YEAR_BEFORE) - 1;
        row[column] = (RuleValue){ .type = RULE_REAL, .real = x };
    }
    RuleValue value = rule_value(indicator->num, row);
    if (value.type != RULE_REAL) return FALSE;
    *out = value.real;
    return TRUE;
}

static gboolean derive_score(const Indicator *indicator, const double *values, double *out)
{
    double score = 0;
    for (guint i = 0; i < indicator->parts->len; i++) {
        const IndicatorPart *part = &g_array_index(indicator->parts, IndicatorPart, i);
        double x = given(indicator, values, part->of, INDICATOR_SAME);
        if (!isfinite(x) && !indicator->empty_is_zero) return FALSE;
        if (isfinite(x)) score += part->weight * CLAMP((x - part->zero) / (part->full - part->zero), 0, 1);
    }
    *out = score;
    return TRUE;
}

gboolean indicator_derive(const Indicator *indicator, const double *values, double *out)
{
    if (indicator->kind == INDICATOR_SCORE) return derive_score(indicator, values, out);
    g_assert(indicator->kind == INDICATOR_DERIVED);
    if (derive_formula(indicator, values, out)) return TRUE;
    if (indicator->empty_is_zero) *out = 0;
    return indicator->empty_is_zero;
}
