/* room.c - what is real in this room: the packs with every version that cases still hold, and who is
 * enrolled. */
#include "loop/case/life.h"

const CaseActor CASE_SYSTEM = { .actor = "system:case", .roles = (const char *const[]){ "system", NULL } };

#define X(name, type) name,
static const char *const fact_names[] = { PACK_FACTS };
#undef X
G_STATIC_ASSERT(G_N_ELEMENTS(fact_names) == N_FACTS);

static void kit_free(gpointer data)
{
    CaseKit *kit = data;
    pack_free(kit->pack);
    g_free(kit->rules);
    g_free(kit);
}

static void kit_free_each(gpointer kit, gpointer data)
{
    (void)data;
    kit_free(kit);
}

static void enrolled_clear(gpointer data)
{
    g_free(((CaseEnrolled *)data)->stage);
}

CaseRoom *case_room_new(Store *store, Guard *guard, gint64 utc_offset)
{
    CaseRoom *room = g_new0(CaseRoom, 1);
    room->store = store;
    room->guard = guard;
    room->utc_offset = utc_offset;
    room->kits = g_ptr_array_new();
    room->packs = g_ptr_array_new();
    room->past = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    room->drafts = g_array_new(FALSE, FALSE, sizeof(CaseEnrolled));
    room->after = g_array_new(FALSE, FALSE, sizeof(CaseEnrolled));
    g_array_set_clear_func(room->drafts, enrolled_clear);
    g_array_set_clear_func(room->after, enrolled_clear);
    return room;
}

void case_room_free(CaseRoom *room)
{
    if (!room) return;
    g_ptr_array_foreach(room->kits, (GFunc)kit_free_each, NULL);
    g_ptr_array_unref(room->packs);
    g_ptr_array_unref(room->kits);
    g_ptr_array_unref(room->past);
    base_days_unref(room->days);
    g_array_unref(room->drafts);
    g_array_unref(room->after);
    g_free(room);
}

Store *case_room_store(CaseRoom *room)
{
    return room->store;
}

Guard *case_room_guard(CaseRoom *room)
{
    return room->guard;
}

gint64 case_room_offset(const CaseRoom *room)
{
    return room->utc_offset;
}

/* ---- packs ---- */

static GuardScope scope_of(const char *text)
{
    return !strcmp(text, "unit")  ? GUARD_SCOPE_UNIT
           : !strcmp(text, "org") ? GUARD_SCOPE_ORG
                                  : GUARD_SCOPE_ALL;
}

static void take_rules(CaseKit *kit)
{
    kit->n_rules = pack_access(kit->pack);
    kit->rules = g_new0(GuardRule, kit->n_rules);
    for (gsize i = 0; i < kit->n_rules; i++) {
        const PackAccess *a = pack_access_at(kit->pack, i);
        kit->rules[i] = (GuardRule){ .role = a->role,
                                     .purpose = a->purpose,
                                     .basis = a->basis,
                                     .scope = scope_of(a->scope),
                                     .open_only = a->open_only,
                                     .full = a->full,
                                     .partial = a->partial,
                                     .existence = a->existence };
    }
}

static CaseKit *kit_new(Pack *pack)
{
    CaseKit *kit = g_new0(CaseKit, 1);
    kit->pack = pack;
    kit->chart = pack_chart(pack);
    const RuleSchema *schema = pack_schema(pack);
    kit->columns = rule_schema_size(schema);
    for (int i = 0; i < N_FACTS; i++) {
        kit->fact[i] = rule_schema_find(schema, fact_names[i]);
        g_assert(kit->fact[i] >= 0); /* pack.h promises them */
    }
    kit->rating_clock = flow_chart_clock_find(kit->chart, CASE_RATING_CLOCK);
    take_rules(kit);
    return kit;
}

/* ---- lists that are replaced, never changed ---- */

static GPtrArray *list_now(GPtrArray *const *list)
{
    return __atomic_load_n(list, __ATOMIC_ACQUIRE);
}

/* The list with one more, in the place of `less` or (NULL) at its end. */
static void list_grow(CaseRoom *room, GPtrArray **list, gpointer more, gconstpointer less)
{
    GPtrArray *was = *list, *now = g_ptr_array_sized_new(was->len + 1);
    for (guint i = 0; i < was->len; i++)
        g_ptr_array_add(now, was->pdata[i] == less ? more : was->pdata[i]);
    if (!less) g_ptr_array_add(now, more);
    g_atomic_pointer_set(list, now);
    g_ptr_array_add(room->past, was);
}

const GPtrArray *case_kits(const CaseRoom *room)
{
    return list_now(&room->kits);
}

const CaseKit *case_kit(const CaseRoom *room, const char *version)
{
    const GPtrArray *kits = list_now(&room->kits);
    for (guint i = 0; i < kits->len; i++) {
        const CaseKit *kit = kits->pdata[i];
        if (!strcmp(pack_version(kit->pack), version)) return kit;
    }
    return NULL;
}

const CaseKit *case_kit_of(const CaseRoom *room, const Pack *pack)
{
    const GPtrArray *kits = list_now(&room->kits);
    for (guint i = 0; i < kits->len; i++)
        if (((const CaseKit *)kits->pdata[i])->pack == pack) return kits->pdata[i];
    return NULL;
}

typedef struct {
    CaseRoom *room;
    const Pack *pack;
    gint64 at;
} Publish;

/* The text is kept beside the ledger; the event says when this version began to govern. */
static gboolean publish(StoreConn *conn, gpointer data, GError **error)
{
    const Publish *p = data;
    if (!STORE_RUN(conn, error,
                   "INSERT INTO pack_version(hash, id, text, published_at) VALUES(?1, ?2, ?3, ?4) ON "
                   "CONFLICT(hash) DO NOTHING",
                   STORE_T(pack_version(p->pack)), STORE_T(pack_id(p->pack)),
                   STORE_T(pack_canonical(p->pack)), STORE_I(p->at)))
        return FALSE;
    if (!store_changes(conn)) return TRUE;
    g_autoptr(GString) body = g_string_new(NULL);
    BaseJson j = base_json_to(body);
    base_json_object(&j);
    base_json_put_text(&j, "pack", pack_id(p->pack));
    base_json_put_text(&j, "version", pack_version(p->pack));
    base_json_end_object(&j);
    LedgerEvent event = {
        .at = p->at, .kind = "pack.published", .operation = "-", .actor = "system:case", .body = body->str
    };
    return guard_log(conn, p->room->guard, &event, error) > 0;
}

/* Versions of this pack that the store has and this run was not given. */
static GPtrArray *stored_versions(CaseRoom *room, const char *id, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreConn) conn = store_read_begin(room->store, error);
    if (!conn) return NULL;
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT hash, text FROM pack_version WHERE id = ?1 ORDER BY published_at, hash",
        STORE_T(id));
    while (rows && store_step(rows, &failed))
        if (!case_kit(room, store_text(rows, 0))) g_ptr_array_add(texts, g_strdup(store_text(rows, 1)));
    if (failed) g_propagate_error(error, failed);
    return rows && !failed ? g_steal_pointer(&texts) : NULL;
}

static gboolean load_stored(CaseRoom *room, const char *id, GError **error)
{
    g_autoptr(GPtrArray) texts = stored_versions(room, id, error);
    for (guint i = 0; texts && i < texts->len; i++) {
        Pack *old = pack_from_canonical(texts->pdata[i], error);
        if (!old) {
            g_prefix_error(error, "an older version of pack %s, kept in the store: ", id);
            return FALSE;
        }
        if (room->days) pack_set_days(old, room->days);
        list_grow(room, &room->kits, kit_new(old), NULL);
    }
    return texts != NULL;
}

/* Its text is in the store before the first case can be of it. */
gboolean case_room_add_pack(CaseRoom *room, Pack *pack, gint64 at, GError **error)
{
    const Pack *older = case_room_pack(room, pack_id(pack));
    Publish job = { room, pack, at };
    if (!store_write(room->store, publish, &job, error)) {
        pack_free(pack);
        return FALSE;
    }
    if (room->days) pack_set_days(pack, room->days);
    list_grow(room, &room->kits, kit_new(pack), NULL);
    list_grow(room, &room->packs, pack, older);
    return load_stored(room, pack_id(pack), error);
}

gint64 case_room_versions(const CaseRoom *room)
{
    return list_now(&room->kits)->len;
}

const Pack *case_room_pack(const CaseRoom *room, const char *id)
{
    const GPtrArray *packs = list_now(&room->packs);
    for (guint i = 0; i < packs->len; i++)
        if (!strcmp(pack_id(packs->pdata[i]), id)) return packs->pdata[i];
    return NULL;
}

const Pack *case_room_pack_version(const CaseRoom *room, const char *hash)
{
    const CaseKit *kit = case_kit(room, hash);
    return kit ? kit->pack : NULL;
}

GPtrArray *case_room_packs(const CaseRoom *room)
{
    return list_now(&room->packs);
}

/* ---- who is enrolled ---- */

static void enrol(GArray *list, const char *stage, CaseStage run, gpointer data)
{
    CaseEnrolled e = { g_strdup(stage), run, data };
    g_array_append_val(list, e);
}

void case_room_enrol(CaseRoom *room, const char *stage, CaseStage run, gpointer data)
{
    enrol(room->after, stage, run, data);
}

void case_room_enrol_draft(CaseRoom *room, const char *stage, CaseStage run, gpointer data)
{
    enrol(room->drafts, stage, run, data);
}

gboolean case_run_stage(CaseRoom *room, const GArray *enrolled, const char *stage, StoreConn *conn, Case *c,
                        const char *call, gint64 now, GError **error)
{
    for (guint i = 0; i < enrolled->len; i++) {
        const CaseEnrolled *e = &g_array_index(enrolled, CaseEnrolled, i);
        if (!strcmp(e->stage, stage) && !e->run(room, conn, c, call, now, e->data, error)) return FALSE;
    }
    return TRUE;
}

void case_room_listen(CaseRoom *room, CaseFact fact, gpointer data)
{
    g_assert(room->n_listeners < G_N_ELEMENTS(room->listener));
    room->listener[room->n_listeners].run = fact;
    room->listener[room->n_listeners++].data = data;
}

void case_room_enrol_family(CaseRoom *room, const char *family, CaseReplayed run, gpointer data)
{
    g_assert(room->n_families < G_N_ELEMENTS(room->family));
    room->family[room->n_families].name = family;
    room->family[room->n_families].run = run;
    room->family[room->n_families++].data = data;
}
