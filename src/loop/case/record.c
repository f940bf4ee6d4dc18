/* record.c - the last steps of every deed: the draft is completed, written to the ledger, applied, and what
 * it makes due is handed on (invariant 1). */
#include "loop/case/life.h"

/* ---- from the flow engine's answer to a draft ---- */

static gboolean refuse_more(const CaseEvent *e, GError **error)
{
    g_set_error(error, CASE_ERROR, CASE_ERROR_PACK,
                "pack %s: event '%s' has more than %d task moves or notices", pack_id(e->kit->pack), e->event,
                CASE_MAX_MOVES);
    return FALSE;
}

static gboolean draft_task(CaseEvent *e, const Case *before, const FlowEffect *effect, GError **error)
{
    if (e->n_tasks == CASE_MAX_MOVES) return refuse_more(e, error);
    guint32 generation = before->flow.task[effect->index].generation;
    for (guint i = 0; i < e->n_tasks; i++)
        if (e->task[i].kind == effect->index) generation = e->task[i].generation;
    if (effect->task_state == FLOW_TASK_OFFERED) generation++;
    e->task[e->n_tasks].kind = effect->index;
    e->task[e->n_tasks].generation = generation;
    e->task[e->n_tasks++].state = effect->task_state;
    return TRUE;
}

static gboolean clock_equal(const FlowClock *a, const FlowClock *b)
{
    return a->state == b->state && a->consumed == b->consumed && a->since == b->since &&
           a->budget == b->budget && a->started == b->started && a->stopped == b->stopped &&
           a->rung == b->rung && a->expired == b->expired && a->extended == b->extended;
}

static void draft_clocks(CaseEvent *e, const Case *before, const FlowCase *after)
{
    for (int i = 0; i < flow_chart_clocks(e->kit->chart); i++) {
        if (i != e->kit->rating_clock && after->clock[i].expired) e->late = TRUE;
        if (clock_equal(&before->flow.clock[i], &after->clock[i])) continue;
        e->clocks |= 1u << i;
        e->clock[i] = after->clock[i];
        case_due_dates(e->kit, after, i, &e->due[i]);
    }
}

static const char *keep(CaseEvent *e, const char *text)
{
    if (!e->texts) e->texts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(e->texts, g_strdup(text));
    return e->texts->pdata[e->texts->len - 1];
}

static gboolean refuse_set(const CaseEvent *e, const char *name, GError **error)
{
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS,
                "pack %s sets '%s', which is no open field, org, area or level", pack_id(e->kit->pack), name);
    return FALSE;
}

static gboolean draft_set(CaseEvent *e, const char *name, json_t *value, GError **error)
{
    const PackField *field = pack_field(e->kit->pack, name);
    const char *text = json_string_value(value);
    if (!strcmp(name, "org") && text)
        e->org = keep(e, text);
    else if (!strcmp(name, "area") && text)
        e->area = keep(e, text);
    else if (!strcmp(name, "level") && json_is_integer(value))
        e->level = (int)json_integer_value(value);
    else if (!field || field->klass != PACK_OPEN)
        return refuse_set(e, name, error);
    else if (e->facts || (e->facts = json_object()))
        json_object_set(e->facts, name, value);
    return TRUE;
}

void case_draft_states(CaseEvent *e, const FlowCase *flow)
{
    e->to = flow_rest(e->kit->chart, flow);
    e->active = flow->active;
    memcpy(e->remembered, flow->remembered, sizeof e->remembered);
}

gboolean case_draft_flow(CaseEvent *e, const Case *before, const FlowCase *after, const GArray *effects,
                         GError **error)
{
    case_draft_states(e, after);
    for (guint i = 0; i < effects->len; i++) {
        const FlowEffect *effect = &g_array_index(effects, FlowEffect, i);
        if (effect->kind == FLOW_DO_TASK && !draft_task(e, before, effect, error)) return FALSE;
        if (effect->kind != FLOW_DO_SET) continue;
        json_t *value = case_row_json(&effect->value);
        gboolean ok = draft_set(e, rule_schema_name(pack_schema(e->kit->pack), effect->index), value, error);
        json_decref(value);
        if (!ok) return FALSE;
    }
    draft_clocks(e, before, after);
    if (flow_ended(e->kit->chart, after)) {
        e->free = e->unit != NULL;
        e->waiting = NULL;
    }
    return TRUE;
}

/* ---- what stages add to a draft ---- */

void case_draft_unit(Case *c, const char *unit)
{
    c->draft->unit = keep(c->draft, unit);
    c->draft->send = TRUE;
    c->draft->waiting = NULL;
}

void case_draft_free(Case *c)
{
    c->draft->free = c->draft->unit != NULL;
    c->draft->waiting = NULL;
}

void case_draft_wait(Case *c, const char *skill)
{
    c->draft->waiting = keep(c->draft, skill);
    c->draft->unit = NULL;
}

void case_draft_note(Case *c, const char *note)
{
    c->draft->note = keep(c->draft, note);
}

gboolean case_draft_notice(Case *c, const PackNotice *notice, GError **error)
{
    CaseEvent *e = c->draft;
    if (e->n_notices == CASE_MAX_MOVES) return refuse_more(e, error);
    e->notice[e->n_notices].id = notice->id;
    e->notice[e->n_notices].channel = notice->channel;
    e->notice[e->n_notices++].receiver = notice->receiver;
    return TRUE;
}

void case_draft_invite(Case *c)
{
    c->draft->rate = CASE_RATE_INVITED;
}

gboolean case_draft_set(Case *c, const char *field, const json_t *value, GError **error)
{
    return draft_set(c->draft, field, (json_t *)value, error);
}

/* ---- to the ledger and the rows ---- */

static const GuardRule *rule_of(const CaseKit *kit, const CaseActor *actor)
{
    for (gsize i = 0; i < kit->n_rules; i++)
        if (g_strv_contains(actor->roles, kit->rules[i].role)) return &kit->rules[i];
    return kit->n_rules ? &kit->rules[0] : NULL;
}

gboolean case_log(CaseRoom *room, StoreConn *conn, LedgerEvent *event, const CaseActor *actor,
                  const CaseKit *kit, GError **error)
{
    const GuardRule *rule = !kit || (actor->basis && actor->purpose) ? NULL : rule_of(kit, actor);
    event->actor = actor->actor;
    event->basis = actor->basis ? actor->basis : rule ? rule->basis : NULL;
    event->purpose = actor->purpose ? actor->purpose : rule ? rule->purpose : NULL;
    return guard_log(conn, room->guard, event, error) > 0;
}

char *case_private_body(const json_t *facts)
{
    if (!facts || !json_object_size(facts)) return NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_key(&j, "facts");
    base_json_tree(&j, facts);
    base_json_end_object(&j);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static const char *operation_of(const CaseEvent *e)
{
    for (guint i = 0; i < e->n_relations; i++)
        if (e->relation[i].kind == CASE_LEADS || e->relation[i].kind == CASE_FOLLOWS) return "combination";
    return e->deed == CASE_OPENED ? "collection" : "alteration";
}

static gint64 log_case(CaseRoom *room, StoreConn *conn, const CaseEvent *e, const CaseActor *actor,
                       GError **error)
{
    g_autoptr(GString) body = g_string_sized_new(1024);
    case_event_write(e, body);
    g_autofree char *private_body = case_private_body(e->private_facts);
    LedgerEvent event = { .at = e->at,
                          .kind = case_event_kind(e),
                          .case_id = e->id,
                          .body = body->str,
                          .operation = operation_of(e),
                          .private_body = private_body };
    return case_log(room, conn, &event, actor, e->kit, error) ? event.seq : 0;
}

static gboolean hand_on(CaseRoom *room, const GArray *enrolled, StoreConn *conn, Case *c,
                        const GArray *effects, gint64 now, GError **error)
{
    for (guint i = 0; effects && i < effects->len; i++) {
        const FlowEffect *effect = &g_array_index(effects, FlowEffect, i);
        const char *stage = NULL, *call = effect->text;
        switch (effect->kind) {
        case FLOW_DO_ASSIGN:
            stage = "assign";
            break;
        case FLOW_DO_NOTICE:
            stage = "notice";
            break;
        case FLOW_DO_RATE:
            stage = "rate";
            break;
        case FLOW_DO_DOCUMENT:
            stage = "document";
            break;
        case FLOW_DO_SIGN:
            stage = "sign";
            break;
        case FLOW_DO_ENGINE:
            stage = effect->text, call = effect->text2;
            break;
        default:
            break;
        }
        if (effect->kind == FLOW_DO_REGISTER && enrolled == room->after &&
            !case_run_register(room, conn, c, effect, now, error))
            return FALSE;
        if (stage && !case_run_stage(room, enrolled, stage, conn, c, call, now, error)) return FALSE;
        if (effect->kind == FLOW_DO_ASSIGN && c->draft)
            case_take(c, c->draft); /* the next decision sees it */
    }
    return TRUE;
}

/* A unit that came free, in whatever way, may serve somebody who waits. */
static gboolean tell_freed(CaseRoom *room, StoreConn *conn, Case *c, const CaseWas *was, const CaseEvent *e,
                           GError **error)
{
    gboolean freed = was->unit && (e->free || g_strcmp0(was->unit, e->unit));
    return !freed || case_run_stage(room, room->after, "freed", conn, c, was->unit, e->at, error);
}

static gboolean complete(CaseRoom *room, StoreConn *conn, Case *c, CaseEvent *e, const GArray *effects,
                         GError **error)
{
    case_take(c, e);
    c->draft = e;
    gboolean ok = hand_on(room, room->drafts, conn, c, effects, e->at, error);
    c->draft = NULL;
    if (ok && effects && effects->len) case_take(c, e);
    return ok;
}

static gboolean has_addressee(const CaseEvent *e, GError **error)
{
    if (*e->org) return TRUE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS,
                "no organisation is responsible; pack %s must name one by its mapping or by assign()",
                pack_id(e->kit->pack));
    return FALSE;
}

/* The ids were drawn while the event was drafted, in the order of the effects. */
static gboolean run_children(CaseRoom *room, StoreConn *conn, Case *c, const CaseEvent *e, guint first,
                             const GArray *effects, const CaseActor *actor, GError **error)
{
    for (guint i = 0; effects && i < effects->len && first < e->n_relations; i++) {
        const FlowEffect *effect = &g_array_index(effects, FlowEffect, i);
        if (effect->kind == FLOW_DO_CHILD &&
            !case_run_child(room, conn, c, effect, &e->relation[first++].other, actor, e->at, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean record(CaseRoom *room, StoreConn *conn, Case *c, CaseEvent *e, const GArray *effects,
                       const CaseActor *actor, GError **error)
{
    g_auto(CaseWas) was = { 0 };
    if (e->deed != CASE_OPENED) case_was(c, &was);
    guint children = e->n_relations;
    case_draft_children(room, e, effects);
    if (!complete(room, conn, c, e, effects, error) || !has_addressee(e, error)) return FALSE;
    gint64 seq = log_case(room, conn, e, actor, error);
    return seq && case_apply(room, conn, c, &was, e, seq, error) &&
           tell_freed(room, conn, c, &was, e, error) &&
           hand_on(room, room->after, conn, c, effects, e->at, error) &&
           run_children(room, conn, c, e, children, effects, actor, error) &&
           case_tell_related(room, conn, c, was.open && c->closed_at, effects, e->at, error);
}

gboolean case_record(CaseRoom *room, StoreConn *conn, Case *c, CaseEvent *e, const GArray *effects,
                     const CaseActor *actor, GError **error)
{
    if (room->depth >= CASE_MAX_DEPTH) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_PACK,
                    "pack %s: an event led to %d further ones; is there a circle?", pack_id(e->kit->pack),
                    CASE_MAX_DEPTH);
        return FALSE;
    }
    room->depth++;
    gboolean ok = record(room, conn, c, e, effects, actor, error);
    room->depth--;
    return ok;
}
