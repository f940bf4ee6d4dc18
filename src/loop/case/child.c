/* child.c - cases that come of a case: child(pack, mapping) of a procedure, and the parts of a split. */
#include "loop/case/life.h"
#include "loop/case/relate.h"
#include "loop/case/view.h"

/* ---- the parent's private facts, for the child alone ---- */

static void take_private(json_t *from, json_t *to, GString *names, const char *key)
{
    json_t *value = json_object_get(from, key);
    if (!value || json_is_null(value)) return;
    json_object_set(to, key, value);
    g_string_append_printf(names, "%s\"%s\"", names->len ? "," : "", key);
}

/* Names of fields, never values. */
static gboolean log_sharing(CaseRoom *room, StoreConn *conn, const Case *parent, const BaseId *child,
                            const GString *names, const CaseActor *actor, gint64 now, GError **error)
{
    char id[BASE_ID_TEXT];
    if (!names->len) return TRUE;
    base_id_write(child, id);
    g_autofree char *body = g_strdup_printf("{\"to\":\"%s\",\"fields\":[%s]}", id, names->str);
    LedgerEvent event = {
        .at = now, .kind = "facts.shared", .operation = "disclosure", .case_id = parent->id, .body = body
    };
    return case_log(room, conn, &event, actor, parent->kit, error);
}

/* ---- child(pack, mapping) ---- */

static json_t *open_input(const Case *parent, const PackMapping *mapping, gint64 now)
{
    json_t *in = json_object();
    const char *key;
    json_t *value;
    json_object_foreach(parent->facts, key, value)
    {
        if (pack_mapping_reads(mapping, key) != PACK_READS_NOT) json_object_set(in, key, value);
    }
    const struct {
        const char *key;
        json_t *value;
    } more[] = {
        { "parent_number", json_string(parent->number) },
        { "title", json_string(parent->title) },
        { "place", json_string(parent->place) },
        { "area", json_string(parent->area) },
        { "at", json_integer(now) },
        { "level", json_integer(parent->level) },
        { "org", json_string(parent->org) },
        { "lat", json_real(base_geo_sound(parent->point) ? parent->point.lat : 0) },
        { "lon", json_real(base_geo_sound(parent->point) ? parent->point.lon : 0) },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(more); i++) {
        if (pack_mapping_reads(mapping, more[i].key) != PACK_READS_NOT && !json_object_get(in, more[i].key))
            json_object_set(in, more[i].key, more[i].value);
        json_decref(more[i].value);
    }
    return in;
}

/* A private fact goes over only where the mapping takes it into private fields: who may see those, the
 * child's own access rules say. */
static gboolean private_input(StoreConn *conn, const Case *parent, const PackMapping *mapping, json_t *in,
                              GString *names, GError **error)
{
    json_t *facts = guard_private_engine(conn, &parent->id, error);
    if (!facts) return FALSE;
    const char *key;
    json_t *value;
    json_object_foreach(facts, key, value)
    {
        if (pack_mapping_reads(mapping, key) == PACK_READS_PRIVATE) take_private(facts, in, names, key);
    }
    json_decref(facts);
    return TRUE;
}

static gboolean find_mapping(CaseRoom *room, const Case *c, const FlowEffect *effect, const Pack **pack,
                             const PackMapping **mapping, GError **error)
{
    *pack = case_room_pack(room, effect->text);
    *mapping = *pack ? pack_mapping(*pack, effect->text2) : NULL;
    if (*mapping) return TRUE;
    g_set_error(error, CASE_ERROR, CASE_ERROR_PACK, "pack %s opens child(%s, %s), but %s", pack_id(c->pack),
                effect->text, effect->text2,
                *pack ? "that pack has no such mapping" : "there is no such pack");
    return FALSE;
}

static gboolean open_child(CaseRoom *room, StoreConn *conn, const Case *parent, const Pack *pack,
                           const char *source, PackSignal *signal, const BaseId *id, const CaseActor *actor,
                           gint64 now, GError **error)
{
    char ref[BASE_ID_TEXT];
    const CaseRelation relation = { .kind = CASE_PARENT, .other = parent->id };
    base_id_write(id, ref);
    g_free(signal->ref);
    signal->ref = g_strdup(ref); /* its own id: a child is opened once */
    if (!signal->org || !*signal->org) {
        g_free(signal->org);
        signal->org = g_strdup(parent->org);
    }
    return case_open_related(room, conn, pack, source, signal, id, &relation, actor, now, error);
}

gboolean case_run_child(CaseRoom *room, StoreConn *conn, Case *c, const FlowEffect *effect, const BaseId *id,
                        const CaseActor *actor, gint64 now, GError **error)
{
    const Pack *pack;
    const PackMapping *mapping;
    PackSignal signal = { 0 };
    g_autoptr(GString) names = g_string_new(NULL);
    if (!find_mapping(room, c, effect, &pack, &mapping, error)) return FALSE;
    json_t *in = open_input(c, mapping, now);
    gboolean ok = private_input(conn, c, mapping, in, names, error) &&
                  pack_map_json(pack, mapping, in, now, &signal, error) &&
                  log_sharing(room, conn, c, id, names, actor, now, error) &&
                  open_child(room, conn, c, pack, "child", &signal, id, actor, now, error);
    json_decref(in);
    pack_signal_clear(&signal);
    return ok;
}

void case_draft_children(CaseRoom *room, CaseEvent *e, const GArray *effects)
{
    for (guint i = 0; effects && i < effects->len; i++) {
        if (g_array_index(effects, FlowEffect, i).kind != FLOW_DO_CHILD || e->n_relations == CASE_MAX_MOVES)
            continue;
        e->relation[e->n_relations++] =
            (CaseRelation){ .kind = CASE_CHILD, .other = base_id_make(guard_chance(room->guard), e->at) };
        e->children++;
        e->children_open++;
    }
}

/* ---- splitting ---- */

static gboolean part_facts(const Case *parent, json_t *private_facts, const CasePart *part, PackSignal *out,
                           GString *names, GError **error)
{
    json_t *open = NULL, *hidden = NULL;
    GError *refused = NULL;
    out->open = json_object();
    out->private_facts = json_object();
    for (gsize i = 0; i < pack_fields(parent->pack); i++) {
        const char *id = pack_field_at(parent->pack, i)->id;
        if (g_str_has_prefix(id, "rating")) continue;
        json_t *value = json_object_get(parent->facts, id);
        if (value) json_object_set(out->open, id, value);
        take_private(private_facts, out->private_facts, names, id);
    }
    if (!part->fields || !json_object_size(part->fields)) return TRUE;
    if (!pack_take_fields(parent->pack, part->fields, &open, &hidden, &refused)) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS, "%s", refused->message);
        g_error_free(refused);
        return FALSE;
    }
    json_object_update(out->open, open);
    json_object_update(out->private_facts, hidden);
    json_decref(open);
    json_decref(hidden);
    return TRUE;
}

static gboolean open_part(CaseRoom *room, StoreConn *conn, const Case *parent, json_t *private_facts,
                          const CasePart *part, const BaseId *id, const CaseActor *actor, gint64 now,
                          GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    PackSignal s = { .channel = g_strdup("split"),
                     .place = g_strdup(parent->place),
                     .area = g_strdup(parent->area),
                     .title = g_strdup(parent->title),
                     .org = g_strdup(part->org),
                     .at = now,
                     .lat = parent->point.lat,
                     .lon = parent->point.lon,
                     .level = parent->level };
    gboolean ok = part_facts(parent, private_facts, part, &s, names, error) &&
                  log_sharing(room, conn, parent, id, names, actor, now, error) &&
                  open_child(room, conn, parent, case_room_pack(room, pack_id(parent->pack)), "split", &s, id,
                             actor, now, error);
    pack_signal_clear(&s);
    return ok;
}

static gboolean parts_sound(const CasePart *parts, guint n, GError **error)
{
    gboolean sound = n >= 2 && n <= CASE_MAX_PARTS;
    for (guint i = 0; i < n && sound; i++)
        sound = parts[i].org && *parts[i].org;
    if (!sound)
        g_set_error(error, CASE_ERROR, CASE_ERROR_FIELDS,
                    "a split has 2 to %d parts, each with its organisation", CASE_MAX_PARTS);
    return sound;
}

static Case *load_ticked(CaseRoom *room, StoreConn *conn, const BaseId *id, gint64 now, GError **error)
{
    g_autoptr(Case) c = case_load(room, conn, id, error);
    return c && (c->closed_at || case_tick(room, conn, c, now, error)) ? g_steal_pointer(&c) : NULL;
}

gboolean case_split(CaseRoom *room, StoreConn *conn, const BaseId *id, const CasePart *parts, guint n,
                    const char *reason, const CaseActor *actor, gint64 now, BaseId *ids, GError **error)
{
    CaseRelation relations[CASE_MAX_PARTS];
    if (!parts_sound(parts, n, error)) return FALSE;
    g_autoptr(Case) parent = load_ticked(room, conn, id, now, error);
    if (!parent) return FALSE;
    for (guint i = 0; i < n; i++) {
        ids[i] = base_id_make(guard_chance(room->guard), now);
        relations[i] = (CaseRelation){ .kind = CASE_CHILD, .other = ids[i] };
    }
    const CaseChange change = {
        .note = reason, .relations = relations, .n_relations = n, .children = (int)n, .children_open = (int)n
    };
    if (!case_move(room, conn, parent, "split", NULL, &change, actor, now, error)) return FALSE;
    json_t *hidden = guard_private_engine(conn, id, error);
    gboolean ok = hidden != NULL;
    for (guint i = 0; i < n && ok; i++)
        ok = open_part(room, conn, parent, hidden, &parts[i], &ids[i], actor, now, error);
    json_decref(hidden);
    return ok;
}

/* Nobody has moved it since it was opened. */
static gboolean take_unbegun(CaseRoom *room, StoreConn *conn, const BaseId *parent, GArray *out,
                             GError **error)
{
    g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    if (!case_relations(conn, parent, CASE_CHILD, children, error)) return FALSE;
    for (guint i = 0; i < children->len && out->len < CASE_MAX_MOVES; i++) {
        CaseRelation r = g_array_index(children, CaseRelation, i);
        g_autoptr(Case) c = case_load(room, conn, &r.other, error);
        if (!c) return FALSE;
        r.ends = TRUE;
        if (c->moved_at == c->opened_at && case_awaits(c, "withdrawn")) g_array_append_val(out, r);
    }
    return TRUE;
}

gboolean case_unsplit(CaseRoom *room, StoreConn *conn, const BaseId *id, const char *reason,
                      const CaseActor *actor, gint64 now, GError **error)
{
    g_autoptr(GArray) unbegun = g_array_new(FALSE, FALSE, sizeof(CaseRelation));
    g_autoptr(Case) parent = load_ticked(room, conn, id, now, error);
    if (!parent || !take_unbegun(room, conn, id, unbegun, error)) return FALSE;
    int n = (int)unbegun->len;
    const CaseChange change = { .note = reason,
                                .relations = (const CaseRelation *)unbegun->data,
                                .n_relations = unbegun->len,
                                .children = -n,
                                .children_open = -n };
    if (!case_move(room, conn, parent, "unsplit", NULL, &change, actor, now, error)) return FALSE;
    for (guint i = 0; i < unbegun->len; i++) {
        g_autoptr(Case) c =
            load_ticked(room, conn, &g_array_index(unbegun, CaseRelation, i).other, now, error);
        if (!c || !case_move(room, conn, c, "withdrawn", NULL, NULL, &CASE_SYSTEM, now, error)) return FALSE;
    }
    return TRUE;
}

/* ---- seeing ---- */

static gboolean put_related(CaseRoom *room, StoreConn *conn, const BaseId *id, gint64 now, BaseJson *out,
                            GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT kind, other, at, ended_at FROM relation WHERE case_id = ?1 ORDER BY seq",
        STORE_ID(id));
    while (rows && store_step(rows, &failed)) {
        BaseId other;
        store_id(rows, 1, &other);
        base_json_object(out);
        base_json_put_text(out, "kind", store_text(rows, 0));
        base_json_put_int(out, "at", store_int(rows, 2));
        if (store_type(rows, 3) != STORE_NULL) base_json_put_int(out, "ended_at", store_int(rows, 3));
        base_json_key(out, "brief");
        if (!case_view_brief(room, conn, &other, now, out, error)) return FALSE;
        base_json_end_object(out);
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

#define PROPOSE_WITHIN (72 * BASE_HOUR)

static gboolean put_proposals(CaseRoom *room, StoreConn *conn, const BaseId *id, gint64 now, BaseJson *out,
                              GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT o.id FROM case_file c JOIN case_file o ON o.pack = c.pack AND o.final = 0 AND o.id <> c.id"
        " AND o.place = c.place AND o.title = c.title AND o.opened_at BETWEEN c.opened_at - ?2 AND"
        " c.opened_at + ?2 WHERE c.id = ?1 AND c.final = 0 AND c.place <> '' ORDER BY o.opened_at LIMIT 10",
        STORE_ID(id), STORE_I(PROPOSE_WITHIN));
    while (rows && store_step(rows, &failed)) {
        BaseId other;
        store_id(rows, 0, &other);
        if (!case_view_brief(room, conn, &other, now, out, error)) return FALSE;
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

gboolean case_view_relations(CaseRoom *room, StoreConn *conn, const BaseId *id, gint64 now, BaseJson *out,
                             GError **error)
{
    base_json_object(out);
    base_json_key(out, "relations");
    base_json_array(out);
    if (!put_related(room, conn, id, now, out, error)) return FALSE;
    base_json_end_array(out);
    base_json_key(out, "proposals");
    base_json_array(out);
    if (!put_proposals(room, conn, id, now, out, error)) return FALSE;
    base_json_end_array(out);
    base_json_end_object(out);
    return TRUE;
}
