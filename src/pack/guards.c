/* guards.c - conditions of transitions: one that never holds, and two of the same state, event and role that
 * hold together though neither is the other's "else".
 *
 * What engine/rule/meet decides is decided exactly; of other conditions nothing is said. Where two overlap,
 * the order of the lines would decide silently; the pack says that it means that with `order: first`. */
#include "engine/rule/meet.h"
#include "pack/inside.h"
#include <string.h>

typedef struct {
    PackMaking *m;
    const PackFile *file;
    const json_t *lines;
    const GArray *line_of; /* gsize, of each transition of the chart */
    gsize said;            /* the line that was refused last */
    gsize written;         /* lines the pack has itself; those of traits come after them, on purpose */
    RuleDomain *domains;   /* of each column, whoever fires what */
    RuleValue *row;
} Guards;

/* ---- what columns may hold ---- */

static void bound(Guards *g, PackFact fact, gint64 min, gint64 max)
{
    g->domains[g->m->pack->fact[fact]] =
        (RuleDomain){ .never_null = TRUE, .bounded = TRUE, .min = min, .max = max };
}

static void facts_hold(Guards *g)
{
    static const PackFact counts[] = { PACK_FACT_MINUTES, PACK_FACT_RETURNS, PACK_FACT_REOPENS,
                                       PACK_FACT_CHILDREN, PACK_FACT_CHILDREN_OPEN };
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
        bound(g, counts[i], 0, G_MAXINT64);
    bound(g, PACK_FACT_LEVEL, 1, 4);
    g->domains[g->m->pack->fact[PACK_FACT_LATE]].never_null = TRUE;
}

static void field_holds(Guards *g, const PackField *field)
{
    RuleDomain *d = &g->domains[field->column];
    const json_t *codes = field->list ? g_hash_table_lookup(g->m->pack->lists, field->list) : NULL;
    d->bounded = field->type != RULE_TEXT && (field->min != G_MININT64 || field->max != G_MAXINT64);
    d->min = field->min;
    d->max = field->max;
    if (!codes) return;
    const char **values = g_new(const char *, json_object_size(codes) + 1), *code;
    json_t *line;
    json_object_foreach((json_t *)codes, code, line)
    {
        values[d->n_values++] = code;
    }
    d->values = values;
    g_ptr_array_add(g->m->pack->hold, values);
}

static void make_domains(Guards *g)
{
    const Pack *pack = g->m->pack;
    g->domains = g_new0(RuleDomain, rule_schema_size(pack->schema) + 1);
    g->row = g_new0(RuleValue, rule_schema_size(pack->schema) + 1);
    for (gsize i = 0; i < pack_fields(pack); i++) {
        if (pack_field_at(pack, i)->column >= 0) field_holds(g, pack_field_at(pack, i));
    }
    facts_hold(g);
}

/* What the event brings is there when its condition is looked at. */
static void brought(const Guards *g, const FlowTransition *t, RuleDomain *domains)
{
    for (const char *const *need = t->needs; *need; need++) {
        const PackField *field = pack_field(g->m->pack, *need);
        if (field && field->column >= 0) domains[field->column].never_null = TRUE;
    }
}

/* Neither a party nor the system is of an organisation, and a party has no name but the role's. */
static void fired_by(const Guards *g, const char *const *role, RuleDomain *domains)
{
    static const char *const nobody[] = { NULL };
    const int *fact = g->m->pack->fact;
    const gboolean party = pack_party(g->m->pack, *role) != NULL;
    domains[fact[PACK_FACT_BY_ROLE]] = (RuleDomain){ .never_null = TRUE, .values = role, .n_values = 1 };
    domains[fact[PACK_FACT_ACTOR]].never_null = TRUE;
    if (party) { /* is named like the role */
        domains[fact[PACK_FACT_ACTOR]].values = role;
        domains[fact[PACK_FACT_ACTOR]].n_values = 1;
    }
    if (party || strcmp(*role, "system") == 0) domains[fact[PACK_FACT_ACTOR_ORG]].values = nobody;
}

/* The one party by whom alone the field is set to who acts, NULL: there is none. */
static const char *const *set_by_one_party(const Guards *g, int column)
{
    const FlowChart *chart = g->m->pack->chart;
    const char *const *party = NULL;
    g_autofree char *set = g_strdup_printf("set(%s, actor)", rule_schema_name(g->m->pack->schema, column));
    for (guint i = 0; i < g->line_of->len; i++) {
        const FlowTransition t = flow_chart_transition_at(chart, i);
        const json_t *line = json_array_get(g->lines, g_array_index(g->line_of, gsize, i));
        if (!strstr(json_string_value(line), set)) continue;
        if (t.roles[1] || !pack_party(g->m->pack, t.roles[0]) || (party && strcmp(*party, t.roles[0]) != 0))
            return NULL;
        party = t.roles;
    }
    return party;
}

/* Where a condition compares who acts with who acted, and only one party ever did, it was that party. */
static void acted_before(const Guards *g, const FlowTransition *t, RuleDomain *domains)
{
    const Pack *pack = g->m->pack;
    if (!t->condition || !rule_reads(t->condition, pack->fact[PACK_FACT_ACTOR])) return;
    for (gsize i = 0; i < pack_fields(pack); i++) {
        const PackField *field = pack_field_at(pack, i);
        const char *const *party =
            field->type == RULE_TEXT && field->column >= 0 && rule_reads(t->condition, field->column)
                ? set_by_one_party(g, field->column)
                : NULL;
        if (party)
            domains[field->column] = (RuleDomain){ .never_null = TRUE, .values = party, .n_values = 1 };
    }
}

/* Can both (or one, `b` NULL) be true when somebody with this role fires them? */
static RuleMeet meet(Guards *g, const FlowTransition *a, const FlowTransition *b, const char *const *role)
{
    const Rule *rules[2];
    gsize n = 0;
    const gsize columns = (gsize)rule_schema_size(g->m->pack->schema);
    g_autofree RuleDomain *domains = g_memdup2(g->domains, columns * sizeof *g->domains);
    brought(g, a, domains);
    if (b) brought(g, b, domains);
    fired_by(g, role, domains);
    if (!b) acted_before(g, a, domains);
    if (a->condition) rules[n++] = a->condition;
    if (b && b->condition) rules[n++] = b->condition;
    return rule_meet(g->m->pack->schema, rules, n, domains, g->row);
}

/* ---- in(state) ---- */

static gboolean in_agrees(const Guards *g, const FlowTransition *t, int from)
{
    for (gsize i = 0; i < t->n_ins; i++) {
        const int state = t->ins[i].state;
        int up = from;
        while (up >= 0 && up != state)
            up = flow_chart_state_parent(g->m->pack->chart, up);
        if (t->ins[i].wanted ? !flow_chart_together(g->m->pack->chart, from, state) : up == state)
            return FALSE;
    }
    return TRUE;
}

static gboolean ins_agree(const Guards *g, const FlowTransition *a, const FlowTransition *b)
{
    for (gsize i = 0; i < a->n_ins; i++) {
        for (gsize k = 0; k < b->n_ins; k++) {
            const FlowIn x = a->ins[i], y = b->ins[k];
            if (x.state == y.state
                    ? x.wanted != y.wanted
                    : x.wanted && y.wanted && !flow_chart_together(g->m->pack->chart, x.state, y.state))
                return FALSE;
        }
    }
    return TRUE;
}

/* ---- never ---- */

static PackSpot spot_of(const Guards *g, gsize transition)
{
    return PACK_AT_ITEM(g->file, g->lines, g_array_index(g->line_of, gsize, transition));
}

static void sound_guard(Guards *g, gsize i)
{
    const FlowTransition t = flow_chart_transition_at(g->m->pack->chart, i);
    if (!t.guard) return;
    if (!in_agrees(g, &t, t.from) || !ins_agree(g, &t, &t)) {
        pack_refuse(g->m->refusals, PACK_RULE(flow, never), spot_of(g, i),
                    "[%s] never holds: a case that is in %s is never so; mend in(), or remove the line",
                    t.guard, flow_chart_state_id(g->m->pack->chart, t.from));
        return;
    }
    for (const char *const *role = t.roles; t.condition && *role; role++) {
        if (meet(g, &t, NULL, role) == RULE_MEET_NEVER)
            pack_refuse(g->m->refusals, PACK_RULE(flow, never), spot_of(g, i),
                        "[%s] never holds when %s fires it, so nobody of that role ever can; mend the "
                        "condition, or leave the role out",
                        t.guard, *role);
    }
}

/* ---- together ---- */

static gboolean reads_of_the_event(const Guards *g, const FlowTransition *t)
{
    static const PackFact facts[] = { PACK_FACT_EVENT, PACK_FACT_FROM_STATE, PACK_FACT_TO_STATE };
    for (gsize i = 0; t->condition && i < G_N_ELEMENTS(facts); i++) {
        if (rule_reads(t->condition, g->m->pack->fact[facts[i]])) return TRUE;
    }
    return FALSE;
}

static gboolean share_an_event(const FlowTransition *a, const FlowTransition *b)
{
    if (!a->event || !b->event) return !a->event && !b->event;
    for (const char *const *event = a->events; *event; event++) {
        if (g_strv_contains(b->events, *event)) return TRUE;
    }
    return FALSE;
}

static void say_value(const Guards *g, int column, GString *out)
{
    const RuleValue v = g->row[column];
    g_string_append_printf(out, "%s%s ", out->len ? ", " : "", rule_schema_name(g->m->pack->schema, column));
    if (v.type == RULE_NULL)
        g_string_append(out, "empty");
    else if (v.type == RULE_BOOL)
        g_string_append(out, v.boolean ? "true" : "false");
    else if (v.type == RULE_INT)
        g_string_append_printf(out, "= %" G_GINT64_FORMAT, v.integer);
    else if (v.type == RULE_REAL)
        g_string_append_printf(out, "= %.15g", v.real);
    else if (rule_meet_other(v.text))
        g_string_append(out, "anything else");
    else
        g_string_append_printf(out, "= '%s'", v.text);
}

static char *witness(const Guards *g, const FlowTransition *a, const FlowTransition *b)
{
    GString *out = g_string_new(NULL);
    for (int i = 0; i < rule_schema_size(g->m->pack->schema); i++) {
        if ((a->condition && rule_reads(a->condition, i)) || (b->condition && rule_reads(b->condition, i)))
            say_value(g, i, out);
    }
    return g_string_free(out, FALSE);
}

static gboolean overlap(Guards *g, const FlowTransition *a, const FlowTransition *b, gsize earlier,
                        gsize later)
{
    for (const char *const *role = b->roles; *role; role++) {
        if (!g_strv_contains(a->roles, *role) || meet(g, a, b, role) != RULE_MEET_SOMETIMES) continue;
        g_autofree char *when = witness(g, a, b);
        pack_refuse(g->m->refusals, PACK_RULE(flow, overlap), spot_of(g, later),
                    "line %u takes this event too%s%s; part their conditions, leave the last without one, or "
                    "say `order: first`",
                    pack_spot_line(spot_of(g, earlier)), *when ? ", for " : "", when);
        return TRUE;
    }
    return FALSE;
}

static void sound_pairs(Guards *g, gsize later)
{
    const FlowTransition b = flow_chart_transition_at(g->m->pack->chart, later);
    const gsize line = g_array_index(g->line_of, gsize, later);
    if (!b.guard || line >= g->written || line == g->said || reads_of_the_event(g, &b)) return;
    for (gsize i = 0; i < later; i++) {
        const FlowTransition a = flow_chart_transition_at(g->m->pack->chart, i);
        if (a.from == b.from && a.guard && share_an_event(&a, &b) && !reads_of_the_event(g, &a) &&
            ins_agree(g, &a, &b) && overlap(g, &a, &b, i, later)) {
            g->said = line; /* one is enough to see what is wrong with it */
            return;
        }
    }
}

/* A line for several states is several transitions; what is wrong with it is said once. */
static gboolean first_of_its_line(const Guards *g, gsize i)
{
    return !i || g_array_index(g->line_of, gsize, i) != g_array_index(g->line_of, gsize, i - 1);
}

void pack_guards_sound(PackMaking *m, const PackFile *file, const json_t *lines, const GArray *line_of)
{
    const json_t *own = json_object_get(m->pack->whole, "procedure.yaml");
    Guards g = { .m = m, .file = file, .lines = lines, .line_of = line_of, .said = G_MAXSIZE };
    g.written = json_array_size(json_object_get(own, "transitions"));
    make_domains(&g);
    for (gsize i = 0; i < line_of->len; i++) {
        if (first_of_its_line(&g, i)) sound_guard(&g, i);
        if (!json_object_get(own, "order")) sound_pairs(&g, i);
    }
    g_free(g.domains);
    g_free(g.row);
}
