/* rebuild.c - the projections made again from the ledger alone. Live and rebuilt rows come from the same
 * case_apply. */
#include "loop/case/life.h"

/* ---- the tables that are made ---- */

const CaseTable case_tables[] = {
    { "signal", 2,
      "SELECT source, ref, id, channel, at, received_at, pack, disposition, case_id, reason, person FROM "
      "signal"
      " ORDER BY source, ref" },
    { "case_file", 1, "SELECT * FROM case_file ORDER BY id" },
    { "case_private", 1, "SELECT * FROM case_private ORDER BY case_id" },
    { "task", 3, "SELECT * FROM task ORDER BY case_id, kind, generation" },
    { "clock", 2, "SELECT * FROM clock ORDER BY case_id, id" },
    { "notice", 3, "SELECT * FROM notice ORDER BY case_id, seq, id" },
    { "relation", 4,
      "SELECT case_id, seq, other, kind, at, ended_at, budget, base FROM relation ORDER BY 1, 2, 3, 4" },
    { "paper", 3, "SELECT * FROM paper ORDER BY case_id, id, version" },
    { "paper_signer", 4, "SELECT * FROM paper_signer ORDER BY case_id, paper, version, id" },
    { "paper_private", 4, "SELECT * FROM paper_private ORDER BY case_id, paper, version, signer" },
    { "register_entry", 4, "SELECT * FROM register_entry ORDER BY pack, register, key, since" },
    { "rating", 1, "SELECT * FROM rating ORDER BY case_id" },
    { "unit", 1, "SELECT * FROM unit ORDER BY id" },
    { "org", 1, "SELECT * FROM org ORDER BY id" },
    { "cell", 5,
      "SELECT indicator, pack, period, org, area, num, den, left_out FROM cell ORDER BY 1, 2, 3, 4, 5" },
    { "cell_event", 4,
      "SELECT indicator, pack, period, seq, num, den, left_out, reason FROM cell_event ORDER BY 1, 2, 3, 4" },
    { "cell_out", 6,
      "SELECT indicator, pack, period, org, area, reason, n FROM cell_out ORDER BY 1, 2, 3, 4, 5, 6" },
    { "cell_value", 6,
      "SELECT indicator, pack, period, org, area, value, n FROM cell_value ORDER BY 1, 2, 3, 4, 5, 6" },
    { "report", 4, "SELECT * FROM report ORDER BY pack, id, period, edition" },
    { "day_notice", 1, "SELECT * FROM day_notice ORDER BY seq" },
    { "reprojection", 1, "SELECT * FROM reprojection ORDER BY seq" },
    { "plan", 2, "SELECT * FROM plan ORDER BY pack, id" },
    { "counter", 1, "SELECT * FROM counter ORDER BY name" },
};
const gsize case_n_tables = G_N_ELEMENTS(case_tables);

/* ---- one event ---- */

static gboolean signal_event(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error)
{
    gboolean fresh, joined = !strcmp(event->kind, "signal.joined");
    CaseSignal signal = { .disposition = joined ? "joined" : "rejected" };
    case_signal_read(body, &signal);
    signal.reason = json_string_value(json_object_get(body, "reason"));
    signal.person = json_string_value(json_object_get(body, "person"));
    return case_claim_signal(conn, &signal, joined ? &event->case_id : NULL, &fresh, error);
}

static const CaseKit *version_of(CaseReplay *r, const LedgerEvent *event, const json_t *body, GError **error)
{
    const char *version = json_string_value(json_object_get(body, "version"));
    const CaseKit *kit = version ? case_kit(r->room, version) : NULL;
    if (!kit)
        g_set_error(error, CASE_ERROR, CASE_ERROR_PACK,
                    "event %" G_GINT64_FORMAT
                    " is of a pack version that is not loaded (%.12s); add the pack first",
                    event->seq, version ? version : "none");
    return kit;
}

static Case *case_of(CaseReplay *r, const LedgerEvent *event, const json_t *body, GError **error)
{
    if (strcmp(event->kind, "case.opened") != 0) return case_load(r->room, r->conn, &event->case_id, error);
    const CaseKit *kit = version_of(r, event, body, error);
    return kit ? case_new(kit, &event->case_id) : NULL;
}

/* The version the event speaks in: a migration brings its own. */
static const CaseKit *kit_after(CaseReplay *r, const Case *c, const LedgerEvent *event, const json_t *body,
                                GError **error)
{
    return strcmp(event->kind, "case.migrated") != 0 ? c->kit : version_of(r, event, body, error);
}

/* Takes over `body`. */
static gboolean case_event(CaseReplay *r, const LedgerEvent *event, json_t *body, GError **error)
{
    g_auto(CaseEvent) e = { .hold = body };
    g_auto(CaseWas) was = { 0 };
    g_autoptr(Case) c = case_of(r, event, body, error);
    const CaseKit *kit = c ? kit_after(r, c, event, body, error) : NULL;
    if (!kit || !case_event_read(kit, event, body, &e, error)) return FALSE;
    e.opened_at = e.deed == CASE_OPENED ? e.at : c->opened_at;
    if (e.deed != CASE_OPENED) case_was(c, &was);
    gboolean fresh = TRUE;
    if (e.deed == CASE_OPENED && !case_claim_signal(r->conn, &e.signal, &e.id, &fresh, error)) return FALSE;
    case_take(c, &e);
    return case_apply(r->room, r->conn, c, &was, &e, event->seq, error);
}

static gboolean family_event(CaseReplay *r, const LedgerEvent *event, const json_t *body, GError **error)
{
    for (guint i = 0; i < r->room->n_families; i++)
        if (g_str_has_prefix(event->kind, r->room->family[i].name) &&
            !r->room->family[i].run(r->room, r->conn, event, body, r->room->family[i].data, error))
            return FALSE;
    return TRUE;
}

/* Takes over `body`. Kinds that are not named here, and of no family, have no rows. */
static gboolean apply_body(CaseReplay *r, const LedgerEvent *event, json_t *body, GError **error)
{
    if (g_str_has_prefix(event->kind, "case.")) return case_event(r, event, body, error);
    gboolean ok = TRUE;
    if (g_str_has_prefix(event->kind, "signal."))
        ok = signal_event(r->conn, event, body, error);
    else if (g_str_has_prefix(event->kind, "notice."))
        ok = case_apply_post(r->conn, event, body, error);
    else if (g_str_has_prefix(event->kind, "register."))
        ok = case_apply_register(r->conn, event, body, error);
    else if (g_str_has_prefix(event->kind, "document."))
        ok = case_apply_paper(r->conn, event, body, error);
    else if (g_str_has_prefix(event->kind, "calendar.") || !strcmp(event->kind, "clock.reprojected"))
        ok = case_days_apply(r->conn, event, body, error);
    else if (!strcmp(event->kind, "org.put"))
        ok = case_apply_org(r->conn, body, error);
    else if (!strcmp(event->kind, "unit.put"))
        ok = case_apply_unit(r->conn, body, event->at, error);
    else if (!strcmp(event->kind, "unit.moved"))
        ok = case_apply_unit_move(r->conn, body, event->at, error);
    else
        ok = family_event(r, event, body, error);
    json_decref(body);
    return ok;
}

static gboolean has_rows(const CaseRoom *room, const char *kind)
{
    static const char *const families[] = { "calendar.", "clock.",    "case.", "signal.", "notice.",
                                            "document.", "register.", "org.",  "unit." };
    for (gsize i = 0; i < G_N_ELEMENTS(families); i++)
        if (g_str_has_prefix(kind, families[i])) return TRUE;
    for (guint i = 0; i < room->n_families; i++)
        if (g_str_has_prefix(kind, room->family[i].name)) return TRUE;
    return FALSE;
}

static gboolean each(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf, gpointer data,
                     GError **error)
{
    (void)salt, (void)leaf;
    CaseReplay *r = data;
    if (r->progress && event->seq % 1000 == 0) r->progress(event->seq, r->size, r->data);
    if (!has_rows(r->room, event->kind)) return TRUE;
    json_t *body = base_json_parse(event->body, strlen(event->body), BASE_JSON_LARGE, error);
    return body && apply_body(r, event, body, error);
}

gboolean case_replay(CaseReplay *r, StoreConn *ledger, GError **error)
{
    r->size = ledger_size(ledger);
    if (r->size && !ledger_walk(ledger, 1, r->size, TRUE, each, r, error)) return FALSE;
    if (r->progress) r->progress(r->size, r->size, r->data);
    return TRUE;
}

/* ---- in place ---- */

static gboolean empty(StoreConn *conn, GError **error)
{
    for (const char *const *table = store_projections(); *table; table++) {
        g_autofree char *sql = g_strdup_printf("DELETE FROM %s", *table);
        if (!store_run(conn, g_intern_string(sql), NULL, 0, error)) return FALSE;
    }
    return TRUE;
}

static gboolean rebuild_job(StoreConn *conn, gpointer data, GError **error)
{
    CaseReplay *r = data;
    r->conn = conn;
    return empty(conn, error) && case_replay(r, conn, error);
}

gboolean case_rebuild(CaseRoom *room, StoreProgress progress, gpointer data, GError **error)
{
    CaseReplay r = { .room = room, .progress = progress, .data = data };
    return store_write(room->store, rebuild_job, &r, error);
}
