/* tick.c - passing what is due on a case's clocks: each rung and each expiry is one event, oldest first; an
 * expiry's own event follows it where the chart awaits it. */
#include "loop/case/life.h"

/* The first thing due, as a step of its own: the effects after it may be overtaken by what it brings about.
 */
static gboolean first_due(const Case *c, gint64 now, GArray *effects, FlowCase *step, FlowEffect *due)
{
    FlowCase all = c->flow;
    g_array_set_size(effects, 0);
    flow_tick(c->kit->chart, &all, now, effects);
    if (!effects->len) return FALSE;
    *due = g_array_index(effects, FlowEffect, 0);
    *step = c->flow;
    FlowClock *clock = &step->clock[due->index];
    if (due->kind == FLOW_DO_RUNG)
        clock->rung = (guint8)(due->rung + 1);
    else
        clock->expired = TRUE;
    return TRUE;
}

static void draft_due(CaseEvent *e, const Case *c, const FlowCase *step, const FlowEffect *due)
{
    const FlowClockDef *def = flow_chart_clock_def(c->kit->chart, due->index);
    gboolean rung = due->kind == FLOW_DO_RUNG;
    case_draft_base(e, c, rung ? "rung" : "expired", e->at);
    e->deed = CASE_RUNG;
    e->by_role = "system";
    e->rung_clock = def->id;
    e->rung_percent = rung ? flow_rung_percent(c->kit->chart, &c->flow, due->index, due->rung) : 100;
    e->clocks = 1u << due->index;
    e->clock[due->index] = step->clock[due->index];
    case_due_dates(c->kit, step, due->index, &e->due[due->index]);
    if (!rung && due->index != c->kit->rating_clock) e->late = TRUE;
}

/* A rung tells those whom the pack names. */
static void draft_telling(const Case *c, const FlowEffect *due, GArray *telling)
{
    g_array_set_size(telling, 0);
    if (due->kind != FLOW_DO_RUNG) return;
    const char *id =
        pack_rung_notice(c->pack, flow_chart_clock_def(c->kit->chart, due->index)->id, due->rung);
    FlowEffect notice = { .kind = FLOW_DO_NOTICE, .text = id };
    if (id) g_array_append_val(telling, notice);
}

gboolean case_awaits(const Case *c, const char *event)
{
    return flow_awaits(c->kit->chart, &c->flow, event, CASE_SYSTEM.roles, c->row);
}

typedef struct {
    CaseRoom *room;
    Case *c;
    const char *event;
    gint64 now;
} Expiry;

static gboolean fire_part(StoreConn *conn, gpointer data, GError **error)
{
    const Expiry *x = data;
    return case_move(x->room, conn, x->c, x->event, NULL, NULL, &CASE_SYSTEM, x->now, error);
}

/* What a refused part did to the case in memory is forgotten. */
static gboolean load_again(CaseRoom *room, StoreConn *conn, Case *c, GError **error)
{
    g_autoptr(Case) again = case_load(room, conn, &c->id, error);
    if (!again) return FALSE;
    const Case refused = *c;
    *c = *again;
    *again = refused;
    return TRUE;
}

/* The expiry's own event. The clock has expired whatever becomes of it: a refusal is told in the case's own
 * timeline, and its other clocks go on. What the store could not do is no refusal. */
static gboolean fire_expiry(CaseRoom *room, StoreConn *conn, Case *c, const char *event, gint64 now,
                            GError **error)
{
    Expiry x = { room, c, event, now };
    GError *why = NULL;
    if (store_try(conn, fire_part, &x, &why)) return TRUE;
    if (why->domain == STORE_ERROR || why->domain == LEDGER_ERROR) {
        g_propagate_error(error, why);
        return FALSE;
    }
    const CaseChange change = { .note = why->message };
    const gboolean ok = load_again(room, conn, c, error) &&
                        case_note(room, conn, c, "expiry_refused", &change, &CASE_SYSTEM, now, error);
    g_error_free(why);
    return ok;
}

static gboolean pass(CaseRoom *room, StoreConn *conn, Case *c, const FlowCase *step, const FlowEffect *due,
                     gint64 now, GError **error)
{
    g_auto(CaseEvent) e = { .at = now };
    g_autoptr(GArray) telling = g_array_new(FALSE, TRUE, sizeof(FlowEffect));
    draft_due(&e, c, step, due);
    draft_telling(c, due, telling);
    if (!case_record(room, conn, c, &e, telling, &CASE_SYSTEM, error)) return FALSE;
    if (due->kind != FLOW_DO_EXPIRE || !due->text || !case_awaits(c, due->text)) return TRUE;
    return fire_expiry(room, conn, c, due->text, now, error);
}

gboolean case_tick(CaseRoom *room, StoreConn *conn, Case *c, gint64 now, GError **error)
{
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    FlowCase step;
    FlowEffect due;
    while (first_due(c, now, effects, &step, &due))
        if (!pass(room, conn, c, &step, &due, now, error)) return FALSE;
    return TRUE;
}
