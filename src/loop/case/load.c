/* load.c - one case out of its rows, as the flow engine wants it. */
#include "loop/case/life.h"

#include <math.h>

Case *case_new(const CaseKit *kit, const BaseId *id)
{
    Case *c = g_new0(Case, 1);
    c->id = *id;
    c->kit = kit;
    c->pack = kit->pack;
    c->point = (BasePoint){ NAN, NAN };
    c->row = g_new0(RuleValue, kit->columns);
    return c;
}

void case_free(Case *c)
{
    if (!c) return;
    g_free(c->number);
    g_free(c->title);
    g_free(c->org);
    g_free(c->area);
    g_free(c->place);
    g_free(c->unit);
    json_decref(c->facts);
    g_free(c->row);
    g_free(c);
}

void case_due_dates(const CaseKit *kit, const FlowCase *flow, int clock, CaseDue *out)
{
    gboolean next_provisional = FALSE, due_provisional = FALSE;
    out->next = flow_clock_next(kit->chart, flow, clock, &next_provisional);
    out->due = flow_clock_due(kit->chart, flow, clock, &due_provisional);
    out->provisional = due_provisional;
}

/* ---- rows ---- */

static void unknown(const BaseId *id, GError **error)
{
    char text[BASE_ID_TEXT];
    base_id_write(id, text);
    g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "no case %s", text);
}

static double real_or_nan(const StoreRows *rows, int column)
{
    return store_type(rows, column) == STORE_NULL ? NAN : store_real(rows, column);
}

/* Takes over `facts`. */
static Case *from_row(const CaseKit *kit, const BaseId *id, const StoreRows *rows, const FlowCase *flow,
                      json_t *facts)
{
    Case *c = case_new(kit, id);
    c->facts = facts;
    c->number = g_strdup(store_text(rows, 1));
    c->flow = *flow;
    c->title = g_strdup(store_text(rows, 3));
    c->level = (int)store_int(rows, 4);
    c->org = g_strdup(store_text(rows, 5));
    c->area = g_strdup(store_text(rows, 6));
    c->place = g_strdup(store_text(rows, 7));
    c->point = (BasePoint){ real_or_nan(rows, 8), real_or_nan(rows, 9) };
    c->unit = g_strdup(store_text(rows, 10));
    c->opened_at = store_int(rows, 11);
    c->moved_at = store_int(rows, 12);
    c->closed_at = store_int(rows, 13);
    c->late = store_int(rows, 14) != 0;
    return c;
}

static Case *read_row(CaseRoom *room, const BaseId *id, const StoreRows *rows, GError **error)
{
    const CaseKit *kit = case_kit(room, store_text(rows, 0));
    FlowCase flow = { 0 };
    const char *states = store_text(rows, 16);
    if (!kit || !flow_states_read(kit->chart, *states ? states : store_text(rows, 2), &flow)) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_PACK,
                    "case %s: its pack's version %.12s is not loaded, or has no state %s",
                    store_text(rows, 1), store_text(rows, 0), store_text(rows, 2));
        return NULL;
    }
    const char *facts = store_text(rows, 15);
    json_t *parsed = base_json_parse(facts, strlen(facts), BASE_JSON_LARGE, error);
    return parsed ? from_row(kit, id, rows, &flow, parsed) : NULL;
}

static Case *load_file(CaseRoom *room, StoreConn *conn, const BaseId *id, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT version, number, state, title, level, org, area, place, lat, lon, unit, opened_at, moved_at,"
        " closed_at, late, facts, states FROM case_file WHERE id = ?1",
        STORE_ID(id));
    if (!rows) return NULL;
    if (store_step(rows, &failed)) return read_row(room, id, rows, error);
    if (failed)
        g_propagate_error(error, failed);
    else
        unknown(id, error);
    return NULL;
}

static gboolean load_clocks(StoreConn *conn, Case *c, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, error,
                                            "SELECT id, state, consumed, since, budget, started, stopped, "
                                            "rung, expired, next_at, due_at, extended"
                                            " FROM clock WHERE case_id = ?1",
                                            STORE_ID(&c->id));
    while (rows && store_step(rows, &failed)) {
        int i = flow_chart_clock_find(c->kit->chart, store_text(rows, 0));
        if (i < 0) continue;
        c->flow.clock[i] = (FlowClock){ .state = store_int(rows, 1),
                                        .consumed = store_int(rows, 2),
                                        .since = store_int(rows, 3),
                                        .budget = store_int(rows, 4),
                                        .started = store_int(rows, 5),
                                        .stopped = store_int(rows, 6),
                                        .rung = store_int(rows, 7),
                                        .expired = store_int(rows, 8) != 0,
                                        .extended = (guint8)store_int(rows, 11) };
        c->next[i] = store_type(rows, 9) == STORE_NULL ? G_MAXINT64 : store_int(rows, 9);
        c->due[i] = store_type(rows, 10) == STORE_NULL ? G_MAXINT64 : store_int(rows, 10);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean load_tasks(StoreConn *conn, Case *c, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT kind, generation, state FROM task WHERE case_id = ?1 ORDER BY kind, generation",
        STORE_ID(&c->id));
    while (rows && store_step(rows, &failed)) {
        int i = flow_chart_task_find(c->kit->chart, store_text(rows, 0));
        if (i < 0) continue;
        c->flow.task[i].generation = (guint32)store_int(rows, 1);
        flow_task_state_parse(store_text(rows, 2), &c->flow.task[i].state);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

Case *case_load(CaseRoom *room, StoreConn *conn, const BaseId *id, GError **error)
{
    g_autoptr(Case) c = load_file(room, conn, id, error);
    if (!c) return NULL;
    for (int i = 0; i < FLOW_MAX_CLOCKS; i++)
        c->next[i] = c->due[i] = G_MAXINT64;
    if (!load_clocks(conn, c, error) || !load_tasks(conn, c, error)) return NULL;
    case_row_case(c);
    return g_steal_pointer(&c);
}
