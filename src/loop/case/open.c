/* open.c - what becomes of a signal: it opens a case, joins one, or is turned away with a reason and a name.
 * Exactly one of the three, once: (source, ref) is claimed before anything else. */
#include "loop/case/life.h"

#include <math.h>

static CaseSignal signal_of(CaseRoom *room, const Pack *pack, const char *source, const PackSignal *signal,
                            gint64 now)
{
    return (CaseSignal){ .id = base_id_make(guard_chance(room->guard), now),
                         .source = source,
                         .ref = signal->ref,
                         .channel = signal->channel ? signal->channel : "",
                         .pack = pack_id(pack),
                         .at = signal->at,
                         .received_at = now };
}

static const CaseKit *kit_for(CaseRoom *room, const Pack *pack, const PackSignal *signal, GError **error)
{
    const CaseKit *kit = case_kit_of(room, pack);
    if (!kit)
        g_set_error(error, CASE_ERROR, CASE_ERROR_PACK, "pack %s is not in this room", pack_id(pack));
    else if (!signal->ref || !*signal->ref)
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS,
                    "a signal without a reference cannot be told from its repetition");
    else
        return kit;
    return NULL;
}

static gboolean known_case(StoreConn *conn, const CaseSignal *signal, BaseId *id, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT case_id FROM signal WHERE source = ?1 AND ref = ?2",
                    STORE_T(signal->source), STORE_T(signal->ref));
    if (rows && store_step(rows, &failed)) store_id(rows, 0, id);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* ---- case numbers: "JQ-20261123-000017" ---- */

static gboolean last_number(StoreConn *conn, const char *name, gint64 *last, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT value FROM counter WHERE name = ?1", STORE_T(name));
    *last = rows && store_step(rows, &failed) ? store_int(rows, 0) : 0;
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean next_number(CaseRoom *room, StoreConn *conn, const Pack *pack, gint64 now, char out[64],
                            GError **error)
{
    char day[11], name[64];
    indicator_period(INDICATOR_DAY, now, room->utc_offset, day);
    g_snprintf(name, sizeof name, "number %s-%.4s%.2s%.2s", pack_number_prefix(pack), day, day + 5, day + 8);
    gint64 last;
    if (!last_number(conn, name, &last, error)) return FALSE;
    g_snprintf(out, 64, "%s-%06" G_GINT64_FORMAT, name + strlen("number "), last + 1);
    return TRUE;
}

/* ---- opening ---- */

static void draft_opening(CaseEvent *e, const CaseKit *kit, const PackSignal *s, const char *number,
                          gint64 now)
{
    *e = (CaseEvent){ .deed = CASE_OPENED,
                      .kit = kit,
                      .id = e->id,
                      .signal = e->signal,
                      .relation = { e->relation[0] },
                      .n_relations = e->n_relations,
                      .at = now,
                      .opened_at = now,
                      .number = number,
                      .title = s->title ? s->title : "",
                      .area = s->area ? s->area : "",
                      .place = s->place ? s->place : "",
                      .org = s->org ? s->org : "",
                      .event = "opened",
                      .from = -1,
                      .level = s->level,
                      .point = { s->lat, s->lon } };
    if (!base_geo_sound(e->point)) e->point = (BasePoint){ NAN, NAN };
    e->facts = s->open ? json_copy(s->open) : json_object();
    e->private_facts = json_incref(s->private_facts);
}

/* What beginning has set is seen by the first event. */
static void row_takes(Case *c, const GArray *effects)
{
    for (guint i = 0; i < effects->len; i++) {
        const FlowEffect *effect = &g_array_index(effects, FlowEffect, i);
        if (effect->kind == FLOW_DO_SET) c->row[effect->index] = effect->value;
    }
}

/* Where a case begins may lie deep in the chart. */
static gboolean awaits_opened(const FlowChart *chart, const FlowCase *begun)
{
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        FlowTransition t = flow_chart_transition_at(chart, i);
        if (!g_strcmp0(t.event, "opened") && t.from >= 0 && flow_active(chart, begun, t.from)) return TRUE;
    }
    return FALSE;
}

/* Where the chart awaits "opened", arriving is its first move; what starts the clocks stands there. */
static gboolean first_move(Case *c, CaseEvent *e, const CaseActor *actor, GArray *effects, GError **error)
{
    FlowCase after = { 0 };
    e->by_role = actor->roles[0];
    case_take(c, e); /* for its row; the configuration comes next */
    if (!flow_begin(c->kit->chart, &after, c->row, e->at, effects, error)) return FALSE;
    case_draft_states(e, &after);
    case_take(c, e);
    row_takes(c, effects);
    if (!awaits_opened(c->kit->chart, &after)) return case_draft_flow(e, c, &after, effects, error);
    e->by_role = "system";
    e->from = e->to;
    case_row_event(c->kit, e, c->row);
    return flow_fire(c->kit->chart, &after, "opened", CASE_SYSTEM.roles, c->row, e->at, effects, error) &&
           case_draft_flow(e, c, &after, effects, error);
}

static gboolean open_fresh(CaseRoom *room, StoreConn *conn, CaseEvent *e, const CaseKit *kit,
                           const PackSignal *signal, const CaseActor *actor, gint64 now, GError **error)
{
    char number[64];
    if (!next_number(room, conn, kit->pack, now, number, error)) return FALSE;
    draft_opening(e, kit, signal, number, now);
    g_autoptr(Case) c = case_new(kit, &e->id);
    g_autoptr(GArray) effects = g_array_sized_new(FALSE, FALSE, sizeof(FlowEffect), 16);
    return first_move(c, e, actor, effects, error) && case_record(room, conn, c, e, effects, actor, error);
}

gboolean case_open_related(CaseRoom *room, StoreConn *conn, const Pack *pack, const char *source,
                           const PackSignal *signal, const BaseId *id, const CaseRelation *relation,
                           const CaseActor *actor, gint64 now, GError **error)
{
    const CaseKit *kit = kit_for(room, pack, signal, error);
    if (!kit) return FALSE;
    gboolean fresh;
    g_auto(CaseEvent) e = { .id = *id, .signal = signal_of(room, pack, source, signal, now) };
    e.signal.disposition = "opened";
    if (!case_claim_signal(conn, &e.signal, id, &fresh, error)) return FALSE;
    g_assert(fresh); /* its reference is an id that was just drawn */
    e.relation[0] = *relation;
    e.n_relations = 1;
    return open_fresh(room, conn, &e, kit, signal, actor, now, error);
}

gboolean case_open(CaseRoom *room, StoreConn *conn, const Pack *pack, const char *source,
                   const PackSignal *signal, const CaseActor *actor, gint64 now, BaseId *id, gboolean *again,
                   GError **error)
{
    const CaseKit *kit = kit_for(room, pack, signal, error);
    if (!kit) return FALSE;
    g_auto(CaseEvent) e = { .id = base_id_make(guard_chance(room->guard), now) };
    e.signal = signal_of(room, pack, source, signal, now);
    e.signal.disposition = "opened";
    gboolean fresh;
    if (!case_claim_signal(conn, &e.signal, &e.id, &fresh, error)) return FALSE;
    *again = !fresh;
    *id = e.id;
    if (!fresh) return known_case(conn, &e.signal, id, error);
    return open_fresh(room, conn, &e, kit, signal, actor, now, error);
}

/* ---- the other two dispositions ---- */

static char *signal_body(const CaseSignal *s, const PackSignal *signal)
{
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_put_text(&j, "pack", s->pack);
    case_signal_write(&j, s);
    base_json_put_text(&j, "event", s->disposition);
    if (s->reason) base_json_put_text(&j, "reason", s->reason);
    if (s->person) base_json_put_text(&j, "person", s->person);
    if (signal->open && json_object_size(signal->open)) {
        base_json_key(&j, "facts");
        base_json_tree(&j, signal->open);
    }
    base_json_end_object(&j);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean dispose(CaseRoom *room, StoreConn *conn, const CaseKit *kit, CaseSignal *s,
                        const PackSignal *signal, const BaseId *case_id, const CaseActor *actor, gint64 now,
                        GError **error)
{
    gboolean fresh;
    if (!case_claim_signal(conn, s, case_id, &fresh, error)) return FALSE;
    if (!fresh) return TRUE;
    g_autofree char *body = signal_body(s, signal), *private_body = case_private_body(signal->private_facts);
    LedgerEvent event = { .at = now,
                          .kind = case_id ? "signal.joined" : "signal.rejected",
                          .operation = "collection",
                          .body = body,
                          .private_body = private_body };
    if (case_id) event.case_id = *case_id;
    return case_log(room, conn, &event, actor, kit, error);
}

gboolean case_reject(CaseRoom *room, StoreConn *conn, const char *source, const PackSignal *signal,
                     const Pack *pack, const char *reason, const char *person, gint64 now, GError **error)
{
    const CaseKit *kit = kit_for(room, pack, signal, error);
    if (!kit) return FALSE;
    const CaseActor actor = { .actor = person, .roles = (const char *const[]){ NULL } };
    CaseSignal s = signal_of(room, pack, source, signal, now);
    s.disposition = "rejected";
    s.reason = reason;
    s.person = person;
    return dispose(room, conn, kit, &s, signal, NULL, &actor, now, error);
}

gboolean case_join(CaseRoom *room, StoreConn *conn, const BaseId *id, const char *source,
                   const PackSignal *signal, const CaseActor *actor, gint64 now, GError **error)
{
    g_autoptr(Case) c = case_load(room, conn, id, error);
    const CaseKit *kit = c ? kit_for(room, c->pack, signal, error) : NULL;
    if (!kit) return FALSE;
    CaseSignal s = signal_of(room, c->pack, source, signal, now);
    s.disposition = "joined";
    return dispose(room, conn, kit, &s, signal, id, actor, now, error);
}
