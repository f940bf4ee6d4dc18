/* indicators.c - indicators.yaml: figures over facts, and figures made of other figures, which must not go
 * round in a circle. */
#include "pack/inside.h"
#include <math.h>
#include <string.h>

/* Figures of figures are computed anew for each period and group that is asked about, so both are bounded. */
#define MOST_STEPS 3
#define MOST_USES 32

static IndicatorKind kind_of(const char *word)
{
    for (int kind = 0; kind <= INDICATOR_SCORE; kind++) {
        if (strcmp(word, indicator_kind_name((IndicatorKind)kind)) == 0) {
            return (IndicatorKind)kind;
        }
    }
    g_assert_not_reached(); /* the shape knows no other */
}

/* ---- which keys a kind has ---- */
static const struct {
    const char *key;
    guint needs, takes; /* bit per kind */
    const char *why;
} keys[] = {
#define BIT(kind) (1u << INDICATOR_##kind)
#define FACTS (BIT(RATIO) | BIT(COUNT) | BIT(MEAN) | BIT(PERCENTILE))
    { "when", FACTS, FACTS, "which facts speak to it?" },
    { "num", FACTS, FACTS, "what adds up, or is ranked?" },
    { "den", BIT(RATIO), BIT(RATIO), "of which facts is it a share?" },
    { "p", BIT(PERCENTILE), BIT(PERCENTILE), "of how many in a hundred? 50 is the median" },
    { "expr", BIT(DERIVED), BIT(DERIVED), "arithmetic over ids of other indicators" },
    { "parts", BIT(SCORE), BIT(SCORE), "which indicators, with which weights?" },
    { "excluded", 0, FACTS, "" },
    { "empty", 0, ~BIT(COUNT), "" },
#undef BIT
#undef FACTS
};

static gboolean sound_keys(PackMaking *m, const PackFile *file, const json_t *item, IndicatorKind kind)
{
    gboolean ok = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const gboolean there = json_object_get(item, keys[i].key) != NULL;
        const guint bit = 1u << kind;
        if (!there && (keys[i].needs & bit)) {
            pack_refuse(m->refusals, PACK_RULE(figure, keys), PACK_AT_VALUE(file, item, "kind"),
                        "a %s needs `%s`; %s", indicator_kind_name(kind), keys[i].key, keys[i].why);
            ok = FALSE;
        } else if (there && !(keys[i].takes & bit)) {
            pack_refuse(m->refusals, PACK_RULE(figure, keys), PACK_AT_KEY(file, item, keys[i].key),
                        "a %s has no `%s`; remove it, or choose another kind", indicator_kind_name(kind),
                        keys[i].key);
            ok = FALSE;
        }
    }
    if (kind != INDICATOR_COUNT && !json_object_get(item, "empty")) {
        pack_refuse(m->refusals, PACK_RULE(figure, empty), PACK_AT_VALUE(file, item, "kind"),
                    "a %s may be of nothing; say what it is then, `empty: none` (no value) or `empty: zero`",
                    indicator_kind_name(kind));
    }
    return ok;
}

/* ---- over facts ---- */
/* A figure of what one person did is a score of that person. */
static void about_nobody(PackMaking *m, PackSpot spot, const char *text)
{
    const char *person = text ? pack_names_person(m, text) : NULL;
    if (person) {
        pack_refuse(
            m->refusals, PACK_RULE(figure, person), spot,
            "names '%s', which is a person; figures are about organisations and areas, never about one "
            "person",
            person);
    }
}

static gboolean sound_parts(PackMaking *m, const PackFile *file, const json_t *item)
{
    static const char *const parts[] = { "when", "num", "den" };
    const json_t *excluded = json_object_get(item, "excluded");
    gboolean ok = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        const char *text = pack_text(item, parts[i]);
        ok = (!text || pack_names_open_only(m, PACK_AT_VALUE(file, item, parts[i]), text)) && ok;
        about_nobody(m, PACK_AT_VALUE(file, item, parts[i]), text);
    }
    for (gsize i = 0; i < json_array_size(excluded); i++) {
        const json_t *one = json_array_get(excluded, i);
        ok = pack_names_open_only(m, PACK_AT_VALUE(file, one, "when"), pack_text(one, "when")) && ok;
        about_nobody(m, PACK_AT_VALUE(file, one, "when"), pack_text(one, "when"));
        for (gsize k = 0; k < i; k++) {
            if (strcmp(pack_text(json_array_get(excluded, k), "id"), pack_text(one, "id")) == 0) {
                pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, one, "id"),
                            "exclusion '%s' stands twice; remove one", pack_text(one, "id"));
                ok = FALSE;
            }
        }
    }
    return ok;
}

static void take_exclusions(PackMaking *m, const json_t *list, PackIndicator *out)
{
    PackExclusion *excluded = g_new0(PackExclusion, json_array_size(list) + 1);
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i), *reason = json_object_get(one, "reason");
        excluded[i] = (PackExclusion){ pack_text(one, "id"), pack_text(one, "when"), pack_text(reason, "zh"),
                                       pack_text(reason, "en") };
    }
    g_ptr_array_add(m->pack->hold, excluded);
    out->excluded = excluded;
    out->n_excluded = json_array_size(list);
}

static gboolean empty_is_zero(const json_t *item)
{
    return g_strcmp0(pack_text(item, "empty"), "zero") == 0;
}

static Indicator *over_facts(PackMaking *m, const PackFile *file, const json_t *item, IndicatorKind kind,
                             const PackIndicator *as, GError **error)
{
    g_autofree IndicatorExclusion *excluded = g_new0(IndicatorExclusion, as->n_excluded + 1);
    if (!sound_parts(m, file, item)) {
        return NULL;
    }
    for (gsize i = 0; i < as->n_excluded; i++) {
        excluded[i] = (IndicatorExclusion){ as->excluded[i].id, as->excluded[i].when };
    }
    const IndicatorDef def = { .id = as->id,
                               .kind = kind,
                               .when = as->when,
                               .num = as->num,
                               .den = as->den,
                               .excluded = excluded,
                               .n_excluded = as->n_excluded,
                               .percentile = (int)json_integer_value(json_object_get(item, "p")),
                               .empty_is_zero = empty_is_zero(item) };
    return indicator_new(&def, m->pack->schema, error);
}

static void take_indicator(PackMaking *m, const PackFile *file, const json_t *items, gsize i)
{
    const json_t *item = json_array_get(items, i), *unit = json_object_get(item, "unit");
    const json_t *target = json_object_get(item, "target"),
                 *higher = json_object_get(item, "higher_is_better");
    const IndicatorKind kind = kind_of(pack_text(item, "kind"));
    PackIndicator taken = { .id = pack_text(item, "id"),
                            .title_zh = pack_text(item, "zh"),
                            .title_en = pack_text(item, "en"),
                            .unit_zh = pack_text(unit, "zh"),
                            .unit_en = pack_text(unit, "en"),
                            .when = pack_text(item, "when"),
                            .num = pack_text(item, "num"),
                            .den = pack_text(item, "den"),
                            .expr = pack_text(item, "expr"),
                            .higher_is_better = higher ? json_is_true(higher) : TRUE,
                            .target = target ? json_number_value(target) : NAN };
    g_autoptr(GError) error = NULL;
    take_exclusions(m, json_object_get(item, "excluded"), &taken);
    if (sound_keys(m, file, item, kind) && kind <= INDICATOR_PERCENTILE) {
        taken.indicator = over_facts(m, file, item, kind, &taken, &error);
    }
    if (error) {
        pack_refuse(m->refusals, PACK_RULE(figure, sound), PACK_AT_ITEM(file, items, i), "%s",
                    error->message);
    }
    if (pack_indicator_find(m->pack, taken.id) >= 0) {
        pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, item, "id"),
                    "indicator '%s' stands twice; remove one", taken.id);
    }
    g_array_append_val(m->pack->indicators, taken);
}

/* ---- over figures ---- */
static void name_figures(PackMaking *m, const PackFile *file, const json_t *items)
{
    g_autofree const char **ids = g_new0(const char *, m->pack->indicators->len + 1);
    gsize bad = 0;
    for (guint i = 0; i < m->pack->indicators->len; i++) {
        ids[i] = pack_indicator_at(m->pack, i)->id;
    }
    m->pack->figures = indicator_names(ids, m->pack->indicators->len, &bad);
    const gboolean twice = pack_indicator_find(m->pack, ids[bad] ? ids[bad] : "") != (int)bad;
    if (!m->pack->figures && !twice) {
        pack_refuse(m->refusals, PACK_RULE(figure, sound),
                    PACK_AT_VALUE(file, json_array_get(items, bad), "id"),
                    "too long an id: formulas could not name it");
    }
}

static double full_of(PackMaking *m, const PackFile *file, const json_t *part, const PackIndicator *of)
{
    const json_t *full = json_object_get(part, "full");
    const gboolean target = g_strcmp0(json_string_value(full), "target") == 0;
    const double value = target ? of->target : json_is_number(full) ? json_number_value(full) : NAN;
    if (target && isnan(value)) {
        pack_refuse(m->refusals, PACK_RULE(figure, part), PACK_AT_VALUE(file, part, "full"),
                    "'%s' has no target; write a number", of->id);
    } else if (isnan(value)) {
        pack_refuse(m->refusals, PACK_RULE(figure, part), PACK_AT_VALUE(file, part, "full"),
                    "a number, or the word target");
    } else if (value == json_number_value(json_object_get(part, "zero"))) {
        pack_refuse(m->refusals, PACK_RULE(figure, part), PACK_AT_VALUE(file, part, "zero"),
                    "the same as `full`; there must be a way from one to the other");
    }
    return value;
}

static Indicator *score(PackMaking *m, const PackFile *file, const json_t *item)
{
    const json_t *list = json_object_get(item, "parts");
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(IndicatorPart));
    gint64 sum = 0;
    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *part = json_array_get(list, i);
        const int of = pack_indicator_find(m->pack, pack_text(part, "of"));
        sum += json_integer_value(json_object_get(part, "weight"));
        if (of < 0) {
            pack_refuse_unknown(
                m->refusals, PACK_RULE(known, indicator), PACK_AT_VALUE(file, part, "of"),
                pack_text(part, "of"),
                pack_known_in(json_object_get(pack_tree(m, "indicators.yaml", NULL), "indicators")),
                "no indicator '%s' in this file", pack_text(part, "of"));
            continue;
        }
        const IndicatorPart made = { (gsize)of, (double)json_integer_value(json_object_get(part, "weight")),
                                     full_of(m, file, part, pack_indicator_at(m->pack, (gsize)of)),
                                     json_number_value(json_object_get(part, "zero")) };
        g_array_append_val(parts, made);
    }
    if (sum != 100) {
        pack_refuse(m->refusals, PACK_RULE(figure, weights), PACK_AT_VALUE(file, item, "parts"),
                    "weights add up to %" G_GINT64_FORMAT "; make it 100", sum);
    }
    return indicator_score_new(pack_text(item, "id"), (const IndicatorPart *)(gpointer)parts->data,
                               parts->len, empty_is_zero(item));
}

static void derive(PackMaking *m, const PackFile *file, const json_t *items, gsize i)
{
    const json_t *item = json_array_get(items, i);
    PackIndicator *made = &g_array_index(m->pack->indicators, PackIndicator, i);
    const IndicatorKind kind = kind_of(pack_text(item, "kind"));
    g_autoptr(GError) error = NULL;
    if (kind == INDICATOR_SCORE && json_object_get(item, "parts")) {
        made->indicator = score(m, file, item);
    }
    if (kind == INDICATOR_DERIVED && made->expr && m->pack->figures) {
        made->indicator =
            indicator_derived_new(made->id, made->expr, m->pack->figures, empty_is_zero(item), &error);
    }
    if (error) {
        pack_refuse(m->refusals, PACK_RULE(figure, sound), PACK_AT_VALUE(file, item, "expr"), "%s",
                    error->message);
    }
}

/* One round: a figure is one step above the highest that it is made of. */
static void climb(const Pack *pack, int *steps)
{
    for (guint i = 0; i < pack->indicators->len; i++) {
        gsize n = 0;
        const Indicator *indicator = pack_indicator_at(pack, i)->indicator;
        const IndicatorUse *uses = indicator ? indicator_uses(indicator, &n) : NULL;
        for (gsize k = 0; k < n; k++) {
            steps[i] = MAX(steps[i], steps[uses[k].of] + 1);
        }
    }
}

static void sound_steps(PackMaking *m, const PackFile *file, const json_t *items)
{
    g_autofree int *steps = g_new0(int, m->pack->indicators->len + 1);
    for (int round = 0; round <= MOST_STEPS; round++) {
        climb(m->pack, steps);
    }
    for (guint i = 0; i < m->pack->indicators->len; i++) {
        gsize n = 0;
        const PackIndicator *made = pack_indicator_at(m->pack, i);
        if (steps[i] > MOST_STEPS) {
            pack_refuse(m->refusals, PACK_RULE(figure, steps), PACK_AT_ITEM(file, items, i),
                        "'%s' is made of itself, or by more than %d steps from figures over facts; break the "
                        "circle, or write the formula out",
                        made->id, MOST_STEPS);
        }
        if (made->indicator && (indicator_uses(made->indicator, &n), n > MOST_USES)) {
            pack_refuse(m->refusals, PACK_RULE(figure, steps), PACK_AT_ITEM(file, items, i),
                        "'%s' is made of more than %d values", made->id, MOST_USES);
        }
    }
}

static void compile_derived(PackMaking *m, const PackFile *file, const json_t *items)
{
    name_figures(m, file, items);
    for (gsize i = 0; i < json_array_size(items); i++) {
        derive(m, file, items, i);
    }
    sound_steps(m, file, items);
}

void pack_compile_indicators(PackMaking *m)
{
    const PackFile *file;
    const json_t *items = json_object_get(pack_tree(m, "indicators.yaml", &file), "indicators");
    for (gsize i = 0; i < json_array_size(items); i++) {
        take_indicator(m, file, items, i);
    }
    compile_derived(m, file, items);
}

/* ---- for those who ask ---- */
gsize pack_indicators(const Pack *pack)
{
    return pack->indicators->len;
}

const PackIndicator *pack_indicator_at(const Pack *pack, gsize i)
{
    return &g_array_index(pack->indicators, PackIndicator, i);
}

int pack_indicator_find(const Pack *pack, const char *id)
{
    for (guint i = 0; i < pack->indicators->len; i++) {
        if (strcmp(pack_indicator_at(pack, i)->id, id) == 0) {
            return (int)i;
        }
    }
    return -1;
}

gboolean pack_period_of(const char *period, IndicatorShift shift, char out[11])
{
    if (shift == INDICATOR_SAME) {
        g_strlcpy(out, period, 11);
        return TRUE;
    }
    return shift == INDICATOR_PERIOD_BEFORE ? indicator_period_before(period, out)
                                            : indicator_year_before(period, out);
}

gboolean pack_indicator_value(const Pack *pack, gsize i, const char *period, PackFigure figure, gpointer data,
                              double *out)
{
    const Indicator *indicator = pack_indicator_at(pack, i)->indicator;
    gsize n;
    const IndicatorUse *uses = indicator_uses(indicator, &n);
    if (indicator_kind(indicator) <= INDICATOR_PERCENTILE) {
        return figure(i, period, data, out);
    }
    g_autofree double *values = g_new(double, n + 1);
    for (gsize k = 0; k < n; k++) {
        char at[11];
        if (!pack_period_of(period, uses[k].shift, at) ||
            !pack_indicator_value(pack, uses[k].of, at, figure, data, &values[k])) {
            values[k] = NAN;
        }
    }
    return indicator_derive(indicator, values, out);
}
