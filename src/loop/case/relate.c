/* relate.c - merging and undoing it; what the end of one case means to those it is related to. */
#include "loop/case/relate.h"
#include "loop/case/life.h"

static const char *const kinds[] = { "leads", "follows", "child", "parent" };

const char *case_relation_name(CaseRelationKind kind)
{
    return kinds[kind];
}

gboolean case_relation_parse(const char *name, CaseRelationKind *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (!g_strcmp0(name, kinds[i])) {
            *out = i;
            return TRUE;
        }
    return FALSE;
}

gboolean case_write_relations(StoreConn *conn, const CaseEvent *e, gint64 seq, GError **error)
{
    for (guint i = 0; i < e->n_relations; i++) {
        const CaseRelation *r = &e->relation[i];
        gboolean ok =
            r->ends ? STORE_RUN(
                          conn, error,
                          "UPDATE relation SET ended_at = ?4 WHERE case_id = ?1 AND other = ?2 AND kind = ?3"
                          " AND ended_at IS NULL",
                          STORE_ID(&e->id), STORE_ID(&r->other), STORE_T(kinds[r->kind]), STORE_I(e->at))
                    : STORE_RUN(conn, error,
                                "INSERT INTO relation(case_id, seq, other, kind, at, budget, base)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                                STORE_ID(&e->id), STORE_I(seq), STORE_ID(&r->other), STORE_T(kinds[r->kind]),
                                STORE_I(e->at), r->budget ? STORE_I(r->budget) : STORE_NIL,
                                r->base ? STORE_I(r->base) : STORE_NIL);
        if (!ok) return FALSE;
    }
    return TRUE;
}

gboolean case_relations(StoreConn *conn, const BaseId *id, CaseRelationKind kind, GArray *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, error,
                                            "SELECT other, budget, base FROM relation WHERE case_id = ?1 AND "
                                            "kind = ?2 AND ended_at IS NULL ORDER BY seq",
                                            STORE_ID(id), STORE_T(kinds[kind]));
    while (rows && store_step(rows, &failed)) {
        CaseRelation r = { .kind = kind, .budget = store_int(rows, 1), .base = store_int(rows, 2) };
        store_id(rows, 0, &r.other);
        g_array_append_val(out, r);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean refuse(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, CASE_ERROR, CASE_ERROR_RELATION, what);
    return FALSE;
}

/* ---- the leader's resident clock ---- */

static int resident_clock(const Case *c)
{
    for (int i = 0; i < flow_chart_clocks(c->kit->chart); i++)
        if (i != c->kit->rating_clock && flow_chart_clock_def(c->kit->chart, i)->resident) return i;
    return -1;
}

static gint64 resident_due(const Case *c, int clock)
{
    return clock < 0 || c->flow.clock[clock].state != FLOW_CLOCK_RUNNING ? G_MAXINT64 : c->due[clock];
}

/* The budget with which the leader's clock is due when the follower's is; 0: one of them does not run. */
static gint64 budget_until(const Case *leader, const Case *follower)
{
    int mine = resident_clock(leader);
    gint64 due = resident_due(follower, resident_clock(follower));
    if (due == G_MAXINT64 || resident_due(leader, mine) == G_MAXINT64) return 0;
    due = MAX(due, leader->flow.clock[mine].since);
    return MAX(flow_clock_consumed(leader->kit->chart, &leader->flow, mine, due), 1);
}

static gint64 least_budget(const GArray *followers, const BaseId *without, gint64 base)
{
    gint64 least = base;
    for (guint i = 0; i < followers->len; i++) {
        const CaseRelation *r = &g_array_index(followers, CaseRelation, i);
        if (r->budget && !(without && base_id_equal(&r->other, without))) least = MIN(least, r->budget);
    }
    return least;
}

static gint64 base_budget(const GArray *followers)
{
    for (guint i = 0; i < followers->len; i++)
        if (g_array_index(followers, CaseRelation, i).base)
            return g_array_index(followers, CaseRelation, i).base;
    return 0;
}

static void draft_budget(CaseEvent *e, const Case *c, int clock, gint64 budget)
{
    FlowCase after = c->flow;
    if (clock < 0 || after.clock[clock].state == FLOW_CLOCK_STOPPED || budget == after.clock[clock].budget)
        return;
    after.clock[clock].budget = budget;
    e->clocks |= 1u << clock;
    e->clock[clock] = after.clock[clock];
    case_due_dates(c->kit, &after, clock, &e->due[clock]);
}

/* ---- the leader's two events; its chart is not asked: its state does not change ---- */

static gboolean tell_leader(CaseRoom *room, StoreConn *conn, Case *leader, const char *event, gint64 budget,
                            const CaseRelation *relation, const char *reason, const CaseActor *actor,
                            gint64 now, GError **error)
{
    g_auto(CaseEvent) e = { 0 };
    case_draft_base(&e, leader, event, now);
    e.by_role = actor->roles[0];
    e.note = reason;
    e.relation[0] = *relation;
    e.n_relations = 1;
    draft_budget(&e, leader, resident_clock(leader), budget);
    return case_record(room, conn, leader, &e, NULL, actor, error) &&
           (leader->closed_at || case_tick(room, conn, leader, now, error));
}

static gboolean lead(CaseRoom *room, StoreConn *conn, Case *leader, const Case *follower, const char *reason,
                     const CaseActor *actor, gint64 now, GError **error)
{
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    int clock = resident_clock(leader);
    gint64 has = clock < 0 ? 0 : leader->flow.clock[clock].budget, wants = budget_until(leader, follower);
    if (!case_relations(conn, &leader->id, CASE_LEADS, others, error)) return FALSE;
    /* What it would have without any follower: an extension in between counts for it. */
    gint64 base = base_budget(others);
    base = base ? base + has - least_budget(others, NULL, base) : has;
    CaseRelation r = { .kind = CASE_LEADS, .other = follower->id, .budget = wants, .base = base };
    return tell_leader(room, conn, leader, "leads", wants ? MIN(has, wants) : has, &r, reason, actor, now,
                       error);
}

static gboolean lead_no_more(CaseRoom *room, StoreConn *conn, Case *leader, const BaseId *follower,
                             const char *reason, const CaseActor *actor, gint64 now, GError **error)
{
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    int clock = resident_clock(leader);
    gint64 has = clock < 0 ? 0 : leader->flow.clock[clock].budget;
    if (!case_relations(conn, &leader->id, CASE_LEADS, others, error)) return FALSE;
    gint64 base = base_budget(others);
    gint64 extended = base ? has - least_budget(others, NULL, base) : 0;
    gint64 left = base ? least_budget(others, follower, base) + extended : has;
    CaseRelation r = { .kind = CASE_LEADS, .other = *follower, .ends = TRUE };
    return tell_leader(room, conn, leader, "leads_no_more", left, &r, reason, actor, now, error);
}

/* ---- merging ---- */

static gboolean leads_nobody(StoreConn *conn, const Case *c, GError **error)
{
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    if (!case_relations(conn, &c->id, CASE_LEADS, others, error)) return FALSE;
    return !others->len ||
           refuse(error, "case %s leads %u others; undo their merging or merge them elsewhere first",
                  c->number, others->len);
}

/* Who could not be merged (closed, done, a follower) cannot lead: that keeps the tree one step deep. */
static gboolean may_lead(const Case *leader, const Case *follower, const CaseActor *actor, GError **error)
{
    const char *roles[CASE_MAX_ROLES + 1];
    case_standing(leader, actor, roles);
    if (base_id_equal(&leader->id, &follower->id))
        return refuse(error, "case %s cannot be merged into itself", leader->number);
    if (strcmp(pack_id(leader->pack), pack_id(follower->pack)) != 0)
        return refuse(error, "cases %s and %s are of two services", leader->number, follower->number);
    if (!case_stands(leader, actor, error)) return FALSE;
    return flow_awaits(leader->kit->chart, &leader->flow, "merge", roles, leader->row) ||
           refuse(error,
                  "case %s cannot lead; it is closed, done, or merged itself, or this is not yours to do",
                  leader->number);
}

static gboolean ticked(CaseRoom *room, StoreConn *conn, const BaseId *id, gint64 now, Case **out,
                       GError **error)
{
    g_autoptr(Case) c = case_load(room, conn, id, error);
    if (!c || (!c->closed_at && !case_tick(room, conn, c, now, error))) return FALSE;
    *out = g_steal_pointer(&c);
    return TRUE;
}

gboolean case_merge(CaseRoom *room, StoreConn *conn, const BaseId *leader_id, const BaseId *follower_id,
                    const char *reason, const CaseActor *actor, gint64 now, GError **error)
{
    g_autoptr(Case) leader = NULL;
    g_autoptr(Case) follower = NULL;
    if (!ticked(room, conn, leader_id, now, &leader, error) ||
        !ticked(room, conn, follower_id, now, &follower, error) ||
        !may_lead(leader, follower, actor, error) || !leads_nobody(conn, follower, error))
        return FALSE;
    const CaseRelation follows = { .kind = CASE_FOLLOWS, .other = *leader_id };
    const CaseChange change = { .note = reason, .relations = &follows, .n_relations = 1 };
    return case_move(room, conn, follower, "merge", NULL, &change, actor, now, error) &&
           lead(room, conn, leader, follower, reason, actor, now, error);
}

gboolean case_unmerge(CaseRoom *room, StoreConn *conn, const BaseId *follower_id, const char *reason,
                      const CaseActor *actor, gint64 now, GError **error)
{
    g_autoptr(Case) leader = NULL;
    g_autoptr(Case) follower = NULL;
    g_autoptr(GArray) leads = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    if (!ticked(room, conn, follower_id, now, &follower, error) ||
        !case_relations(conn, follower_id, CASE_FOLLOWS, leads, error))
        return FALSE;
    if (!leads->len) return refuse(error, "case %s follows no other", follower->number);
    CaseRelation follows = g_array_index(leads, CaseRelation, 0);
    follows.ends = TRUE;
    if (!ticked(room, conn, &follows.other, now, &leader, error) || !case_stands(leader, actor, error))
        return FALSE;
    const CaseChange change = { .note = reason, .relations = &follows, .n_relations = 1 };
    return case_move(room, conn, follower, "unmerge", NULL, &change, actor, now, error) &&
           lead_no_more(room, conn, leader, follower_id, reason, actor, now, error);
}

/* ---- what the end of one means to the others ---- */

static gboolean tell_follower(CaseRoom *room, StoreConn *conn, const Case *leader, const BaseId *id,
                              gboolean *told, gint64 now, GError **error)
{
    const CaseRelation ended = { .kind = CASE_FOLLOWS, .other = leader->id, .ends = TRUE };
    const CaseChange change = { .relations = &ended, .n_relations = 1 };
    g_autoptr(Case) c = case_load(room, conn, id, error);
    if (!c) return FALSE;
    *told = case_awaits(c, "leader_closed");
    return !*told || case_move(room, conn, c, "leader_closed", NULL, &change, &CASE_SYSTEM, now, error);
}

/* From here each goes its own way: the leader, too, says so. */
static gboolean tell_followers(CaseRoom *room, StoreConn *conn, Case *leader, gint64 now, GError **error)
{
    CaseRelation ended[CASE_MAX_MOVES];
    CaseChange change = { .relations = ended };
    g_autoptr(GArray) followers = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    if (!case_relations(conn, &leader->id, CASE_LEADS, followers, error)) return FALSE;
    for (guint i = 0; i < followers->len; i++) {
        const BaseId *id = &g_array_index(followers, CaseRelation, i).other;
        gboolean told;
        if (!tell_follower(room, conn, leader, id, &told, now, error)) return FALSE;
        if (told)
            ended[change.n_relations++] = (CaseRelation){ .kind = CASE_LEADS, .other = *id, .ends = TRUE };
        if (change.n_relations < CASE_MAX_MOVES && (i + 1 < followers->len || !change.n_relations)) continue;
        if (!case_note(room, conn, leader, "followers_done", &change, &CASE_SYSTEM, now, error)) return FALSE;
        change.n_relations = 0;
    }
    return TRUE;
}

static gboolean has_open_child(StoreConn *conn, const BaseId *parent, const BaseId *child, gboolean *has,
                               GError **error)
{
    g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    *has = FALSE;
    if (!case_relations(conn, parent, CASE_CHILD, children, error)) return FALSE;
    for (guint i = 0; i < children->len; i++)
        *has |= base_id_equal(&g_array_index(children, CaseRelation, i).other, child);
    return TRUE;
}

/* Awaited or not, the parent counts it. */
static gboolean tell_parent(CaseRoom *room, StoreConn *conn, const Case *child, gint64 now, GError **error)
{
    gboolean counts = FALSE;
    g_autoptr(GArray) parents = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    if (!case_relations(conn, &child->id, CASE_PARENT, parents, error)) return FALSE;
    if (!parents->len) return TRUE;
    const BaseId *id = &g_array_index(parents, CaseRelation, 0).other;
    if (!has_open_child(conn, id, &child->id, &counts, error)) return FALSE;
    g_autoptr(Case) parent = counts ? case_load(room, conn, id, error) : NULL;
    if (!parent) return !counts;
    const CaseRelation ended = { .kind = CASE_CHILD, .other = child->id, .ends = TRUE };
    const CaseChange change = { .relations = &ended, .n_relations = 1, .children_open = -1 };
    const char *event = case_awaits(parent, "child_closed") ? "child_closed" : NULL;
    return event ? case_move(room, conn, parent, event, NULL, &change, &CASE_SYSTEM, now, error)
                 : case_note(room, conn, parent, "child_closed", &change, &CASE_SYSTEM, now, error);
}

/* ---- a leader's clock that runs again ---- */

/* What stood for a follower is replaced by what is true now. */
static gboolean lead_again(CaseRoom *room, StoreConn *conn, Case *leader, const CaseRelation *stands,
                           gint64 now, GError **error)
{
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    g_autoptr(Case) follower = case_load(room, conn, &stands->other, error);
    if (!follower || !case_relations(conn, &leader->id, CASE_LEADS, others, error)) return FALSE;
    const int clock = resident_clock(leader);
    const gint64 has = leader->flow.clock[clock].budget, wants = budget_until(leader, follower);
    if (!wants || (stands->budget && wants >= stands->budget)) return TRUE;
    gint64 base = base_budget(others);
    base = base ? base + has - least_budget(others, NULL, base) : has;
    const CaseRelation change[] = {
        { .kind = CASE_LEADS, .other = stands->other, .ends = TRUE },
        { .kind = CASE_LEADS, .other = stands->other, .budget = wants, .base = base },
    };
    g_auto(CaseEvent) e = { 0 };
    case_draft_base(&e, leader, "leads", now);
    e.by_role = CASE_SYSTEM.roles[0];
    e.n_relations = G_N_ELEMENTS(change);
    memcpy(e.relation, change, sizeof change);
    draft_budget(&e, leader, clock, MIN(has, wants));
    return case_record(room, conn, leader, &e, NULL, &CASE_SYSTEM, error);
}

static gboolean runs_again(const Case *c, const GArray *effects)
{
    const int clock = resident_clock(c);
    for (guint i = 0; effects && i < effects->len; i++) {
        const FlowEffect *effect = &g_array_index(effects, FlowEffect, i);
        if (effect->kind == FLOW_DO_CLOCK && effect->index == clock &&
            (effect->clock_deed == FLOW_CLOCK_RESUME || effect->clock_deed == FLOW_CLOCK_START))
            return c->flow.clock[clock].state == FLOW_CLOCK_RUNNING;
    }
    return FALSE;
}

/* While it stood, its followers' residents waited on: the earliest of their deadlines is the leader's again.
 */
static gboolean take_deadlines(CaseRoom *room, StoreConn *conn, Case *leader, gint64 now, GError **error)
{
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    if (!case_relations(conn, &leader->id, CASE_LEADS, others, error)) return FALSE;
    for (guint i = 0; i < others->len; i++)
        if (!lead_again(room, conn, leader, &g_array_index(others, CaseRelation, i), now, error))
            return FALSE;
    return TRUE;
}

gboolean case_tell_related(CaseRoom *room, StoreConn *conn, Case *c, gboolean ended, const GArray *effects,
                           gint64 now, GError **error)
{
    gboolean done = ended;
    for (guint i = 0; effects && i < effects->len; i++)
        done |= g_array_index(effects, FlowEffect, i).kind == FLOW_DO_RATE;
    return (done || !runs_again(c, effects) || take_deadlines(room, conn, c, now, error)) &&
           (!done || tell_followers(room, conn, c, now, error)) &&
           (!ended || tell_parent(room, conn, c, now, error));
}
