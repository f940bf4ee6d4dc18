/* fire.c - somebody does something to a case: are they the one to do it, do the fields fit, what does the
 * chart say. */
#include "loop/case/life.h"

/* ---- standing ---- */

/* Roles that act on their own cases only; the others by right (guard/rights.def). */
static gboolean has_standing(const Case *c, const char *role, const CaseActor *actor)
{
    if (!strcmp(role, "unit")) return c->unit && !g_strcmp0(actor->unit, c->unit);
    if (!strcmp(role, "handler")) return !g_strcmp0(actor->org, c->org);
    return TRUE;
}

gboolean case_standing(const Case *c, const CaseActor *actor, const char *roles[CASE_MAX_ROLES + 1])
{
    gboolean all = TRUE;
    guint n = 0;
    for (gsize i = 0; actor->roles[i] && n < CASE_MAX_ROLES; i++) {
        if (has_standing(c, actor->roles[i], actor))
            roles[n++] = actor->roles[i];
        else
            all = FALSE;
    }
    roles[n] = NULL;
    return all;
}

gboolean case_stands(const Case *c, const CaseActor *actor, GError **error)
{
    const char *roles[CASE_MAX_ROLES + 1];
    case_standing(c, actor, roles);
    if (roles[0]) return TRUE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_RELATION, "case %s is with another unit or organisation",
                c->number);
    return FALSE;
}

/* ---- fields ---- */

typedef struct {
    json_t *open, *private_facts;
    const json_t *fields; /* as brought */
    int rating;           /* 0: none brought */
} Brought;

static void brought_clear(Brought *b)
{
    json_decref(b->open);
    json_decref(b->private_facts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Brought, brought_clear)

static gboolean take_rating(json_t *rest, Brought *b, GError **error)
{
    const json_t *value = json_object_get(rest, "rating");
    if (!value) return TRUE;
    if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > 5) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "rating is a whole number from 1 to 5");
        return FALSE;
    }
    b->rating = (int)json_integer_value(value);
    return TRUE;
}

/* "rating" is a fact of every case; a pack need not declare it. */
/* Nobody rates in the resident's name. */
static gboolean only_residents_rate(const json_t *fields, const CaseActor *actor, GError **error)
{
    if (g_strv_contains(actor->roles, "resident") ||
        (!json_object_get(fields, "rating") && !json_object_get(fields, "rating_text")))
        return TRUE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS,
                "rating and rating_text are the resident's alone to give; they come by the resident's link");
    return FALSE;
}

static gboolean take_fields(const Case *c, const json_t *fields, const CaseActor *actor, Brought *b,
                            GError **error)
{
    b->fields = fields;
    if (!fields || !json_object_size(fields)) return TRUE;
    if (!only_residents_rate(fields, actor, error)) return FALSE;
    json_t *rest = json_copy((json_t *)fields);
    GError *refused = NULL;
    gboolean ok = take_rating(rest, b, error);
    if (ok && b->rating && !pack_field(c->pack, "rating")) json_object_del(rest, "rating");
    if (ok && !pack_take_fields(c->pack, rest, &b->open, &b->private_facts, &refused)) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "%s", refused->message);
        g_error_free(refused);
        ok = FALSE;
    }
    json_decref(rest);
    return ok;
}

static gboolean brings(const Brought *b, const char *field)
{
    const json_t *open = json_object_get(b->open, field), *hidden = json_object_get(b->private_facts, field);
    return (open && !json_is_null(open)) || (hidden && !json_is_null(hidden)) ||
           (b->rating && !strcmp(field, "rating"));
}

/* ---- deciding ---- */

typedef struct {
    const char *event, *by_role;
    RuleValue *row;
    FlowCase after;
    GArray *effects;
    gint64 now;
} Decision;

static void prepare_row(const Case *c, const CaseEvent *e, const Brought *b, RuleValue *row)
{
    memcpy(row, c->row, sizeof *row * c->kit->columns);
    case_row_fields(c->kit, b->open, row);
    case_row_event(c->kit, e, row);
    row[c->kit->fact[FACT_TO_STATE]].type = RULE_NULL;
    row[c->kit->fact[FACT_CHILDREN]] = (RuleValue){ .type = RULE_INT, .integer = e->children };
    row[c->kit->fact[FACT_CHILDREN_OPEN]] = (RuleValue){ .type = RULE_INT, .integer = e->children_open };
    if (e->rate != CASE_RATE_NONE)
        row[c->kit->fact[FACT_RATING]] =
            (RuleValue){ .type = b->rating ? RULE_INT : RULE_NULL, .integer = b->rating };
}

static gboolean try_role(const Case *c, Decision *d, const char *role, GError **error)
{
    const char *const alone[] = { role, NULL };
    d->after = c->flow;
    d->row[c->kit->fact[FACT_BY_ROLE]] = (RuleValue){ .type = RULE_TEXT, .text = role };
    d->by_role = role;
    g_array_set_size(d->effects, 0);
    return flow_fire(c->kit->chart, &d->after, d->event, alone, d->row, d->now, d->effects, error);
}

/* One role after the other, so that the record can say in which one it was done. The codes of FLOW_ERROR
 * ascend from vague to telling. */
static gboolean decide(const Case *c, const CaseActor *actor, Decision *d, GError **error)
{
    const char *roles[CASE_MAX_ROLES + 1];
    gboolean all = case_standing(c, actor, roles);
    if (!roles[0]) roles[0] = "nobody", roles[1] = NULL;
    g_autoptr(GError) best = NULL;
    for (guint i = 0; roles[i]; i++) {
        GError *refused = NULL;
        if (try_role(c, d, roles[i], &refused)) return TRUE;
        if (best && best->code >= refused->code) {
            g_error_free(refused);
        } else {
            g_clear_error(&best);
            best = refused;
        }
    }
    if (!all && best->code == FLOW_ERROR_ROLE)
        g_set_error(error, CASE_ERROR, CASE_ERROR_RELATION, "case %s is with another unit or organisation",
                    c->number);
    else
        g_propagate_error(error, g_steal_pointer(&best));
    return FALSE;
}

static void list_missing(const FlowTransition *t, const Brought *b, GString *missing)
{
    for (gsize i = 0; t->needs && t->needs[i]; i++)
        if (!brings(b, t->needs[i]))
            g_string_append_printf(missing, "%s%s", missing->len ? ", " : "", t->needs[i]);
}

/* The chart sees what a field holds, not whether this event brought it. */
static gboolean check_needs(const Case *c, const Decision *d, const Brought *b, GError **error)
{
    const char *const alone[] = { d->by_role, NULL };
    g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_autoptr(GString) missing = g_string_new(NULL);
    flow_choice(c->kit->chart, &c->flow, d->event, alone, d->row, chosen);
    for (guint i = 0; i < chosen->len; i++) {
        const FlowTransition t = flow_chart_transition_at(c->kit->chart, g_array_index(chosen, gsize, i));
        list_missing(&t, b, missing);
    }
    if (missing->len)
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "event '%s' must bring: %s", d->event,
                    missing->str);
    return !missing->len && pack_event_fits(c->pack, chosen, b->fields, error);
}

/* ---- moving ---- */

void case_draft_base(CaseEvent *e, const Case *c, const char *event, gint64 now)
{
    *e = (CaseEvent){ .deed = CASE_MOVED,
                      .kit = c->kit,
                      .id = c->id,
                      .at = now,
                      .event = event,
                      .from = flow_rest(c->kit->chart, &c->flow),
                      .level = c->level,
                      .late = c->late,
                      .org = c->org,
                      .area = c->area,
                      .unit = c->unit,
                      .opened_at = c->opened_at };
    case_draft_states(e, &c->flow);
    e->returns = (int)json_integer_value(json_object_get(c->facts, "returns"));
    e->reopens = (int)json_integer_value(json_object_get(c->facts, "reopens"));
    e->rating = (int)json_integer_value(json_object_get(c->facts, "rating"));
    e->waiting = json_string_value(json_object_get(c->facts, "waiting"));
    e->children = (int)json_integer_value(json_object_get(c->facts, "children"));
    e->children_open = (int)json_integer_value(json_object_get(c->facts, "children_open"));
}

static void draft_brought(CaseEvent *e, const Brought *b)
{
    e->facts = json_copy(b->open);
    e->private_facts = json_incref(b->private_facts);
    e->returns += !strcmp(e->event, "return");
    e->reopens += !strcmp(e->event, "reopen");
    if (b->rating) {
        e->rating = b->rating;
        e->rate = CASE_RATE_ANSWERED;
    }
    if (strcmp(e->event, "rate_lapsed")) return;
    e->rate = CASE_RATE_LAPSED;
    e->rating = 0; /* an answer of before is none to this question */
}

static void draft_change(CaseEvent *e, const CaseChange *change)
{
    if (!change) return;
    e->note = change->note;
    if (change->org) e->org = change->org;
    for (guint i = 0; i < change->n_relations && i < CASE_MAX_MOVES; i++)
        e->relation[e->n_relations++] = change->relations[i];
    e->children += change->children;
    e->children_open += change->children_open;
    if (!change->unit) return;
    e->unit = *change->unit ? change->unit : NULL;
    e->send = e->unit != NULL;
    if (e->unit) e->waiting = NULL;
}

static gboolean run(Case *c, const CaseActor *actor, const Brought *b, CaseEvent *e, Decision *d,
                    GError **error)
{
    d->event = e->event;
    d->now = e->at;
    g_autofree RuleValue *row = g_new(RuleValue, c->kit->columns);
    d->row = row;
    prepare_row(c, e, b, row);
    case_row_actor(c->kit, actor, row);
    if (!decide(c, actor, d, error) || !check_needs(c, d, b, error)) return FALSE;
    e->by_role = d->by_role;
    return case_draft_flow(e, c, &d->after, d->effects, error);
}

gboolean case_move(CaseRoom *room, StoreConn *conn, Case *c, const char *event, const json_t *fields,
                   const CaseChange *change, const CaseActor *actor, gint64 now, GError **error)
{
    g_auto(Brought) b = { 0 };
    g_auto(CaseEvent) e = { 0 };
    g_autoptr(GArray) effects = g_array_sized_new(FALSE, FALSE, sizeof(FlowEffect), 16);
    if (!take_fields(c, fields, actor, &b, error)) return FALSE;
    if (!event && case_awaits(c, "assigned")) event = "assigned";
    case_draft_base(&e, c, event ? event : "assigned", now);
    draft_brought(&e, &b);
    draft_change(&e, change);
    e.happened_at = actor->happened_at;
    Decision d = { .effects = effects };
    e.by_role = actor->roles[0];
    return (!event || run(c, actor, &b, &e, &d, error)) &&
           case_record(room, conn, c, &e, effects, actor, error);
}

gboolean case_note(CaseRoom *room, StoreConn *conn, Case *c, const char *event, const CaseChange *change,
                   const CaseActor *actor, gint64 now, GError **error)
{
    g_auto(CaseEvent) e = { 0 };
    case_draft_base(&e, c, event, now);
    draft_change(&e, change);
    e.by_role = actor->roles[0];
    return case_record(room, conn, c, &e, NULL, actor, error);
}

static gboolean something_due(const Case *c, gint64 now)
{
    for (int i = 0; i < FLOW_MAX_CLOCKS; i++)
        if (c->next[i] <= now) return TRUE;
    return FALSE;
}

/* These say something of two cases; relate.h does them. */
static gboolean needs_no_other(const char *event, GError **error)
{
    static const char *const of_two[] = { "merge", "unmerge", "split", "unsplit", NULL };
    if (!g_strv_contains(of_two, event)) return TRUE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS,
                "'%s' concerns another case too; say which, by its own route", event);
    return FALSE;
}

static gboolean refuse_time(const char *how, gint64 off, const char *hint, GError **error)
{
    g_set_error(error, CASE_ERROR, CASE_ERROR_TIME, "happened_at is %" G_GINT64_FORMAT " min %s; %s",
                off / BASE_MINUTE, how, hint);
    return FALSE;
}

/* What a device says of its own time is believed within bounds, and never corrected: the record keeps what
 * was said, or refuses it. */
static gboolean check_time(const Case *c, gint64 claimed, gint64 now, GError **error)
{
    if (!claimed) return TRUE;
    if (claimed > now + CASE_CLOCK_AHEAD)
        return refuse_time("ahead of the city's clock", claimed - now, "set the device's clock", error);
    if (claimed < now - CASE_SENT_LATE)
        return refuse_time("ago, and a week is the most", now - MAX(claimed, 0),
                           "do it anew without happened_at and say in words when it was", error);
    if (claimed < c->opened_at - CASE_CLOCK_AHEAD)
        return refuse_time("before the case was opened", c->opened_at - claimed, "set the device's clock",
                           error);
    return TRUE;
}

gboolean case_fire(CaseRoom *room, StoreConn *conn, const BaseId *id, const char *event, const json_t *fields,
                   const CaseActor *actor, gint64 now, GError **error)
{
    if (!needs_no_other(event, error)) return FALSE;
    g_autoptr(Case) c = case_load(room, conn, id, error);
    if (!c || !check_time(c, actor->happened_at, now, error)) return FALSE;
    /* What was due before is passed first, so that the answer does not hang on when somebody ticked. */
    if (something_due(c, now) && !case_tick(room, conn, c, now, error)) return FALSE;
    return case_move(room, conn, c, event, fields, NULL, actor, now, error);
}
