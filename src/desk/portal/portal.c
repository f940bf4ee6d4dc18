/* portal.c - following a link, the page behind it, and acting as a party. */
#include "desk/portal/portal.h"
#include <string.h>

static gboolean nowhere(GError **error)
{
    g_set_error(error, PORTAL_ERROR, PORTAL_ERROR_LINK, "this link leads nowhere");
    return FALSE;
}

/* Every party is tried, so that the answer takes as long whoever it is. */
static const PackParty *party_of(CaseRoom *room, const Case *c, const char *link)
{
    const PackParty *found = NULL;
    for (gsize i = 0; i < pack_parties(c->pack); i++)
        if (guard_party_fits(case_room_guard(room), link, pack_party_at(c->pack, i)->id))
            found = pack_party_at(c->pack, i);
    return found;
}

Case *portal_follow(CaseRoom *room, StoreConn *conn, const char *link, const PackParty **party,
                    GError **error)
{
    BaseId id;
    GError *failed = NULL;
    if (!guard_party_case(link, &id)) {
        nowhere(error);
        return NULL;
    }
    g_autoptr(Case) c = case_load(room, conn, &id, &failed);
    if (failed && !g_error_matches(failed, CASE_ERROR, CASE_ERROR_UNKNOWN)) {
        g_propagate_error(error, failed);
        return NULL;
    }
    g_clear_error(&failed);
    *party = c ? party_of(room, c, link) : NULL;
    if (*party) return g_steal_pointer(&c);
    nowhere(error);
    return NULL;
}

/* ---- the page ---- */

static gboolean finish(StoreRows *rows, GError *failed, GError **error)
{
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static void put_titles(BaseJson *out, const char *zh, const char *en)
{
    base_json_put_text(out, "title_zh", zh);
    base_json_put_text(out, "title_en", en);
}

static void put_state(const Case *c, BaseJson *out)
{
    const FlowChart *chart = pack_chart(c->pack);
    const char *state = flow_chart_state_id(chart, flow_rest(chart, &c->flow));
    base_json_put_text(out, "state", pack_state_title(c->pack, state, "zh"));
    base_json_put_text(out, "state_en", pack_state_title(c->pack, state, "en"));
    base_json_put_bool(out, "final", c->closed_at != 0);
}

/* The clock that is for the resident; what handlers owe each other is theirs. */
static void put_due(const Case *c, BaseJson *out)
{
    const FlowChart *chart = pack_chart(c->pack);
    gint64 due = G_MAXINT64;
    for (int i = 0; i < flow_chart_clocks(chart); i++) {
        const FlowClockDef *def = flow_chart_clock_def(chart, i);
        if (def->resident && strcmp(def->id, "rating") != 0 && c->flow.clock[i].state == FLOW_CLOCK_RUNNING)
            due = MIN(due, flow_clock_due(chart, &c->flow, i, NULL));
    }
    if (due != G_MAXINT64) base_json_put_int(out, "due_at", due);
}

/* NULL: it cannot be read, which the auditor is told and not the party. */
static json_t *body_of(const StoreRows *rows, int column)
{
    const char *text = store_text(rows, column);
    return base_json_parse(text, strlen(text), BASE_JSON_LARGE, NULL);
}

static void put_step(const Case *c, gint64 at, const json_t *body, BaseJson *out)
{
    const char *event = json_string_value(json_object_get(body, "event"));
    if (!event) return;
    const char *zh = pack_event_title(c->pack, event, "zh"), *en = pack_event_title(c->pack, event, "en");
    if (!zh) return; /* what has no words is the machine's own */
    base_json_object(out);
    base_json_put_int(out, "at", at);
    put_titles(out, zh, en);
    base_json_end_object(out);
}

static gboolean put_steps(StoreConn *conn, const Case *c, BaseJson *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, error,
                                            "SELECT at, body FROM event WHERE case_id = ?1 AND kind IN "
                                            "('case.opened', 'case.moved') ORDER BY seq",
                                            STORE_ID(&c->id));
    base_json_key(out, "steps");
    base_json_array(out);
    while (rows && store_step(rows, &failed)) {
        json_t *body = body_of(rows, 1);
        put_step(c, store_int(rows, 0), body, out);
        json_decref(body);
    }
    base_json_end_array(out);
    return finish(rows, failed, error);
}

static void put_offer(const Case *c, const FlowTransition *t, BaseJson *out)
{
    base_json_object(out);
    base_json_put_text(out, "event", t->event);
    put_titles(out, pack_event_title(c->pack, t->event, "zh"), pack_event_title(c->pack, t->event, "en"));
    base_json_key(out, "needs");
    base_json_array(out);
    for (gsize i = 0; t->needs && t->needs[i]; i++)
        base_json_text(out, t->needs[i]);
    base_json_end_array(out);
    base_json_put_text(out, "form", t->form);
    base_json_end_object(out);
}

/* A rating has its own place on the page. */
static void put_offers(const Case *c, const PackParty *party, BaseJson *out)
{
    const FlowChart *chart = pack_chart(c->pack);
    const char *const roles[] = { party->id, NULL };
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_autoptr(GPtrArray) seen = g_ptr_array_new();
    flow_offers(chart, &c->flow, roles, c->row, offers);
    base_json_key(out, "offers");
    base_json_array(out);
    for (guint i = 0; i < offers->len; i++) {
        FlowTransition t = flow_chart_transition_at(chart, g_array_index(offers, gsize, i));
        if (!strcmp(t.event, "rate") || g_ptr_array_find_with_equal_func(seen, t.event, g_str_equal, NULL))
            continue;
        g_ptr_array_add(seen, (gpointer)t.event);
        put_offer(c, &t, out);
    }
    base_json_end_array(out);
}

/* ---- who looked ---- */

static void put_purpose(const Case *c, const char *purpose, BaseJson *out)
{
    for (gsize i = 0; i < pack_access(c->pack); i++) {
        const PackAccess *a = pack_access_at(c->pack, i);
        if (strcmp(a->purpose, purpose) != 0) continue;
        base_json_put_text(out, "purpose_zh", a->purpose_zh);
        base_json_put_text(out, "purpose_en", a->purpose_en);
        return;
    }
}

/* In which role, for what, on which basis: an official's name is not told, the auditor knows it. */
static gboolean put_looks(StoreConn *conn, const Case *c, BaseJson *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT at, body, purpose, basis FROM event WHERE case_id = ?1 AND kind = 'read' ORDER BY seq DESC"
        " LIMIT 200",
        STORE_ID(&c->id));
    base_json_key(out, "looks");
    base_json_array(out);
    while (rows && store_step(rows, &failed)) {
        json_t *body = body_of(rows, 1);
        base_json_object(out);
        base_json_put_int(out, "at", store_int(rows, 0));
        base_json_put_text(out, "role", json_string_value(json_object_get(body, "role")));
        put_purpose(c, store_text(rows, 2), out);
        base_json_put_text(out, "basis", store_text(rows, 3));
        base_json_put_text(out, "org", json_string_value(json_object_get(body, "org")));
        base_json_key(out, "fields");
        base_json_tree(out, json_object_get(body, "fields"));
        base_json_end_object(out);
        json_decref(body);
    }
    base_json_end_array(out);
    return finish(rows, failed, error);
}

gboolean portal_page(CaseRoom *room, StoreConn *conn, const Case *c, const PackParty *party, gint64 now,
                     BaseJson *out, GError **error)
{
    (void)room, (void)now;
    base_json_put_text(out, "number", c->number);
    base_json_put_text(out, "title", c->title);
    base_json_put_text(out, "place", c->place);
    base_json_put_int(out, "opened_at", c->opened_at);
    base_json_put_text(out, "party", party->id);
    base_json_put_text(out, "party_zh", party->title_zh);
    base_json_put_text(out, "party_en", party->title_en);
    base_json_put_text(out, "service_zh", pack_title(c->pack, "zh"));
    base_json_put_text(out, "service_en", pack_title(c->pack, "en"));
    put_state(c, out);
    put_due(c, out);
    put_offers(c, party, out);
    return put_steps(conn, c, out, error) && put_looks(conn, c, out, error);
}

/* ---- acting ---- */

gboolean portal_act(CaseRoom *room, StoreConn *conn, const Case *c, const PackParty *party, const char *event,
                    const json_t *fields, gint64 happened_at, gint64 now, GError **error)
{
    const CaseActor actor = { .actor = party->id,
                              .roles = (const char *const[]){ party->id, NULL },
                              .happened_at = happened_at };
    if (strcmp(event, "rate") != 0) return case_fire(room, conn, &c->id, event, fields, &actor, now, error);
    g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "a rating is given on its own");
    return FALSE;
}

/* ---- services for the public ---- */

static void put_mapping(const PackMapping *mapping, BaseJson *out)
{
    base_json_object(out);
    base_json_put_text(out, "id", pack_mapping_id(mapping));
    base_json_put_text(out, "title_zh", pack_mapping_title(mapping, "zh"));
    base_json_put_text(out, "title_en", pack_mapping_title(mapping, "en"));
    base_json_end_object(out);
}

static void put_service(const Pack *pack, BaseJson *out)
{
    base_json_object(out);
    base_json_put_raw(out, "pack", pack_console_json(pack));
    base_json_key(out, "mappings");
    base_json_array(out);
    for (gsize i = 0; i < pack_mappings(pack); i++)
        if (pack_mapping_public(pack_mapping_at(pack, i))) put_mapping(pack_mapping_at(pack, i), out);
    base_json_end_array(out);
    base_json_end_object(out);
}

static gboolean is_public(const Pack *pack)
{
    for (gsize i = 0; i < pack_mappings(pack); i++)
        if (pack_mapping_public(pack_mapping_at(pack, i))) return TRUE;
    return FALSE;
}

void portal_services(CaseRoom *room, BaseJson *out)
{
    const GPtrArray *packs = case_room_packs(room);
    base_json_object(out);
    base_json_key(out, "services");
    base_json_array(out);
    for (guint i = 0; i < packs->len; i++)
        if (is_public(packs->pdata[i])) put_service(packs->pdata[i], out);
    base_json_end_array(out);
    base_json_end_object(out);
}

const PackMapping *portal_mapping(CaseRoom *room, const char *pack_name, const char *mapping, GError **error)
{
    const Pack *pack = case_room_pack(room, pack_name);
    const PackMapping *found = pack ? pack_mapping(pack, mapping) : NULL;
    if (found && pack_mapping_public(found)) return found;
    g_set_error(error, PORTAL_ERROR, PORTAL_ERROR_PUBLIC,
                "no such service for the public; see /api/services");
    return NULL;
}
