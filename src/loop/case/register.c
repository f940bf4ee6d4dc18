/* register.c - entries of registers: their events and rows, and choosing one for a case. */
#include "loop/case/register.h"
#include "loop/case/life.h"

static void entry_clear(gpointer data)
{
    CaseEntry *entry = data;
    g_free(entry->key);
    json_decref(entry->facts);
}

GArray *case_entries_new(void)
{
    GArray *entries = g_array_new(FALSE, TRUE, sizeof(CaseEntry));
    g_array_set_clear_func(entries, entry_clear);
    return entries;
}

static gboolean finish(StoreRows *rows, GError *failed, GError **error)
{
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

gboolean case_register_read(StoreConn *conn, const char *pack, const char *reg, gint64 at, GArray *out,
                            GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    "SELECT key, since, until, facts FROM register_entry WHERE pack = ?1 AND register = ?2 "
                    "AND since <= ?3"
                    " AND (until IS NULL OR until > ?3) ORDER BY key LIMIT ?4",
                    STORE_T(pack), STORE_T(reg), STORE_I(at), STORE_I(CASE_REGISTER_MOST));
    while (rows && store_step(rows, &failed)) {
        const char *text = store_text(rows, 3);
        CaseEntry entry = { .key = g_strdup(store_text(rows, 0)),
                            .since = store_int(rows, 1),
                            .until = store_int(rows, 2),
                            .facts = base_json_parse(text, strlen(text), BASE_JSON_REQUEST, &failed) };
        g_array_append_val(out, entry);
    }
    return finish(rows, failed, error);
}

/* ---- from an event to rows ---- */

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static gint64 int_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static gboolean end_rows(StoreConn *conn, const json_t *body, gint64 until, GError **error)
{
    return STORE_RUN(
        conn, error,
        "UPDATE register_entry SET until = ?4 WHERE pack = ?1 AND register = ?2 AND key = ?3 AND "
        "since < ?4 AND (until IS NULL OR until > ?4)",
        STORE_T(text_of(body, "pack")), STORE_T(text_of(body, "register")), STORE_T(text_of(body, "key")),
        STORE_I(until));
}

static gboolean put_row(StoreConn *conn, const json_t *body, GError **error)
{
    gint64 until = int_of(body, "until");
    char *facts = json_dumps(json_object_get(body, "facts"), JSON_COMPACT | JSON_SORT_KEYS);
    gboolean ok = STORE_RUN(
        conn, error,
        "INSERT INTO register_entry(pack, register, key, since, until, facts) VALUES(?1, ?2, ?3, ?4, "
        "?5, ?6) ON CONFLICT(pack, register, key, since) DO UPDATE SET until = excluded.until, facts "
        "= excluded.facts",
        STORE_T(text_of(body, "pack")), STORE_T(text_of(body, "register")), STORE_T(text_of(body, "key")),
        STORE_I(int_of(body, "since")), until ? STORE_I(until) : STORE_NIL, STORE_T(facts));
    free(facts);
    return ok;
}

gboolean case_apply_register(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error)
{
    if (!strcmp(event->kind, "register.ended")) return end_rows(conn, body, int_of(body, "until"), error);
    return strcmp(event->kind, "register.put") != 0 ||
           (end_rows(conn, body, int_of(body, "since"), error) && put_row(conn, body, error));
}

/* ---- changing ---- */

static const PackRegister *kept_by(const Pack *pack, const char *id, const CaseActor *actor, GError **error)
{
    const PackRegister *reg = pack_register(pack, id);
    if (!reg) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "no register '%s' in pack %s", id, pack_id(pack));
        return NULL;
    }
    if (g_strv_contains(actor->roles, reg->keeper) || g_strv_contains(actor->roles, "system")) return reg;
    g_set_error(error, CASE_ERROR, CASE_ERROR_RELATION, "register '%s' is kept by role %s", id, reg->keeper);
    return NULL;
}

/* Takes the body. */
static gboolean log_register(CaseRoom *room, StoreConn *conn, const char *kind, const BaseId *case_id,
                             json_t *body, const CaseActor *actor, gint64 now, GError **error)
{
    g_autofree char *text = base_json_canonical(body);
    LedgerEvent event = { .at = now, .kind = kind, .operation = "-", .actor = actor->actor, .body = text };
    if (case_id) event.case_id = *case_id;
    gboolean ok =
        guard_log(conn, room->guard, &event, error) > 0 && case_apply_register(conn, &event, body, error);
    json_decref(body);
    return ok;
}

/* Takes the facts. */
static json_t *body_of(const Pack *pack, const PackRegister *reg, json_t *facts, gint64 since, gint64 until)
{
    json_t *body = json_pack("{s:s, s:s, s:O, s:I}", "pack", pack_id(pack), "register", reg->id, "key",
                             json_object_get(facts, reg->key), "since", (json_int_t)since);
    json_object_set_new(body, "facts", facts);
    if (until) json_object_set_new(body, "until", json_integer(until));
    return body;
}

gboolean case_register_put(CaseRoom *room, StoreConn *conn, const Pack *pack, const char *id,
                           const json_t *facts, gint64 since, gint64 until, const CaseActor *actor,
                           gint64 now, GError **error)
{
    const PackRegister *reg = kept_by(pack, id, actor, error);
    json_t *taken = reg ? pack_register_take(pack, reg, facts, error) : NULL;
    if (!taken) return FALSE;
    if (until && until <= since) {
        json_decref(taken);
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "an entry ends after it begins");
        return FALSE;
    }
    return log_register(room, conn, "register.put", NULL, body_of(pack, reg, taken, since, until), actor, now,
                        error);
}

static gboolean is_there(StoreConn *conn, const Pack *pack, const char *reg, const char *key, gint64 at,
                         GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, error,
                                            "SELECT 1 FROM register_entry WHERE pack = ?1 AND register = ?2 "
                                            "AND key = ?3 AND since < ?4 AND (until "
                                            "IS NULL OR until > ?4)",
                                            STORE_T(pack_id(pack)), STORE_T(reg), STORE_T(key), STORE_I(at));
    gboolean found = rows && store_step(rows, &failed);
    if (!finish(rows, failed, error)) return FALSE;
    if (!found)
        g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "no such entry of register '%s' is valid then",
                    reg);
    return found;
}

gboolean case_register_end(CaseRoom *room, StoreConn *conn, const Pack *pack, const char *id, const char *key,
                           gint64 until, const CaseActor *actor, gint64 now, GError **error)
{
    const PackRegister *reg = kept_by(pack, id, actor, error);
    if (!reg || !is_there(conn, pack, id, key, until, error)) return FALSE;
    return log_register(room, conn, "register.ended", NULL,
                        json_pack("{s:s, s:s, s:s, s:I}", "pack", pack_id(pack), "register", id, "key", key,
                                  "until", (json_int_t)until),
                        actor, now, error);
}

/* ---- out of a case: register(add, x), register(end, x) ---- */

static json_t *said_by(const Case *c, const char *field)
{
    json_t *fact = json_object_get(c->facts, field);
    if (fact) return json_incref(fact);
    const char *text = !strcmp(field, "org")      ? c->org
                       : !strcmp(field, "area")   ? c->area
                       : !strcmp(field, "place")  ? c->place
                       : !strcmp(field, "number") ? c->number
                                                  : NULL;
    return text ? json_string(text) : NULL;
}

static json_t *entry_of(const Case *c, const PackRegister *reg)
{
    json_t *facts = json_object();
    for (gsize i = 0; i < reg->n_fields; i++) {
        json_t *value = said_by(c, reg->fields[i].id);
        if (value) json_object_set_new(facts, reg->fields[i].id, value);
    }
    return facts;
}

gboolean case_run_register(CaseRoom *room, StoreConn *conn, const Case *c, const FlowEffect *effect,
                           gint64 now, GError **error)
{
    const PackRegister *reg = pack_register(c->pack, effect->text2);
    json_t *facts = entry_of(c, reg), *taken = pack_register_take(c->pack, reg, facts, error), *body;
    json_decref(facts);
    if (!taken) return FALSE;
    gboolean add = !strcmp(effect->text, "add");
    if (add)
        body = body_of(c->pack, reg, taken, now, 0);
    else {
        body = json_pack("{s:s, s:s, s:O, s:I}", "pack", pack_id(c->pack), "register", reg->id, "key",
                         json_object_get(taken, reg->key), "until", (json_int_t)now);
        json_decref(taken);
    }
    return log_register(room, conn, add ? "register.put" : "register.ended", &c->id, body, &CASE_SYSTEM, now,
                        error);
}

/* ---- choosing ---- */

static gboolean take_loads(StoreConn *conn, const char *pack, GHashTable *loads, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT org, count(*) FROM case_file WHERE pack = ?1 AND final = 0 GROUP BY org",
        STORE_T(pack));
    while (rows && store_step(rows, &failed))
        g_hash_table_insert(loads, g_strdup(store_text(rows, 0)), GINT_TO_POINTER((int)store_int(rows, 1)));
    return finish(rows, failed, error);
}

/* Those that fit, best first, as PackEntry whose facts belong to `entries`. */
static GArray *fitting(StoreConn *conn, const Case *c, const PackDecision *decision, gint64 now,
                       GArray *entries, GError **error)
{
    const char *org = pack_decision_org(decision);
    g_autoptr(GHashTable) loads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!case_register_read(conn, pack_id(c->pack), pack_decision_register(decision)->id, now, entries,
                            error) ||
        (org && !take_loads(conn, pack_id(c->pack), loads, error)))
        return NULL;
    GArray *fit = g_array_new(FALSE, TRUE, sizeof(PackEntry));
    for (guint i = 0; i < entries->len; i++) {
        PackEntry entry = { .facts = g_array_index(entries, CaseEntry, i).facts };
        const char *named = org ? text_of(entry.facts, org) : NULL;
        if (!pack_choice_fits(decision, c->row, entry.facts)) continue;
        if (named) entry.load = GPOINTER_TO_INT(g_hash_table_lookup(loads, named));
        g_array_append_val(fit, entry);
    }
    return fit;
}

gboolean case_decide(CaseRoom *room, StoreConn *conn, const Case *c, const PackDecision *decision, gint64 now,
                     json_t **set, GError **error)
{
    (void)room;
    if (!pack_decision_register(decision)) {
        *set = pack_decide(decision, c->row);
        return TRUE;
    }
    g_autoptr(GArray) entries = case_entries_new();
    g_autoptr(GArray) fit = fitting(conn, c, decision, now, entries, error);
    if (fit) *set = pack_choose(decision, c->row, (const PackEntry *)fit->data, fit->len);
    return fit != NULL;
}

static int better(gconstpointer a, gconstpointer b, gpointer decision)
{
    return pack_choice_compare(decision, a, b);
}

gboolean case_view_candidates(CaseRoom *room, StoreConn *conn, const Case *c, const PackDecision *decision,
                              gint64 now, BaseJson *out, GError **error)
{
    (void)room;
    const PackRegister *reg = pack_decision_register(decision);
    if (!reg) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "this decision does not choose from a register");
        return FALSE;
    }
    g_autoptr(GArray) entries = case_entries_new();
    g_autoptr(GArray) fit = fitting(conn, c, decision, now, entries, error);
    if (!fit) return FALSE;
    g_array_sort_with_data(fit, better, (gpointer)decision);
    base_json_array(out);
    for (guint i = 0; i < fit->len; i++) {
        const PackEntry *entry = &g_array_index(fit, PackEntry, i);
        json_t *set = pack_choice_set(decision, entry->facts);
        base_json_object(out);
        base_json_put_text(out, "key", text_of(entry->facts, reg->key));
        base_json_put_int(out, "load", entry->load);
        base_json_key(out, "facts");
        base_json_tree(out, entry->facts);
        base_json_key(out, "set");
        base_json_tree(out, set);
        base_json_end_object(out);
        json_decref(set);
    }
    base_json_end_array(out);
    return TRUE;
}
