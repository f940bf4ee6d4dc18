/* town_for_test.h - a small town in memory for the tests of the loop's rooms: a store, a guard,
 * organisations, units, the pack in loop/case/pack_for_test, and a driver that does at random whatever the
 * chart offers. */
#pragma once
#include <glib/gstdio.h>
#include "loop/case/case.h"
#include "loop/case/view.h"

#define T0 G_GINT64_CONSTANT(1795395600000) /* Monday 2026-11-23 09:00 in China */
#define CANARY "canary-7f3a"                /* stands in every private value */

typedef struct {
    Store *store;
    Guard *guard;
    CaseRoom *room;
    char *keys;
    BaseChance chance;
    gint64 now;
    GArray *cases; /* BaseId */
    guint signals;
    GPtrArray *refusals; /* texts of what was refused */
    json_t *console;     /* of the pack, once it was asked for */
} Town;

typedef struct {
    Town *town;
    gboolean (*run)(Town *town, StoreConn *conn, gpointer data, GError **error);
    gpointer data;
} TownJob;

static inline gboolean town_job(StoreConn *conn, gpointer data, GError **error)
{
    TownJob *job = data;
    return job->run(job->town, conn, job->data, error);
}

static inline gboolean town_write(Town *town, gboolean (*run)(Town *, StoreConn *, gpointer, GError **),
                                  gpointer data, GError **error)
{
    TownJob job = { town, run, data };
    return store_write(town->store, town_job, &job, error);
}

static inline gboolean town_settle(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    (void)data;
    for (int i = 1; i <= 3; i++) {
        char org[8], name[16];
        g_snprintf(org, sizeof org, "D%d", i);
        g_snprintf(name, sizeof name, "第%d处", i);
        if (!case_put_org(town->room, conn, org, name, NULL, "A1", "department", "setup", town->now, error))
            return FALSE;
    }
    for (int i = 1; i <= 4; i++) {
        char unit[8];
        g_snprintf(unit, sizeof unit, "U%d", i);
        if (!case_put_unit(town->room, conn, unit, unit, "D1", i % 2 ? "electric" : "electric,plumbing",
                           (BasePoint){ 30.0 + i * 0.01, 120.0 }, "setup", town->now, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- who answers where the rooms above are not linked ---- */
static inline gboolean town_send(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now,
                                 gpointer data, GError **error)
{
    char unit[8];
    g_snprintf(unit, sizeof unit, "U%d", 1 + c->id.b[15] % 5); /* U5 does not exist: nobody is free */
    if (!strcmp(call, "release"))
        case_draft_free(c);
    else if (strcmp(unit, "U5"))
        case_draft_unit(c, unit);
    else
        case_draft_wait(c, "plumbing");
    return TRUE;
}

static inline gboolean town_route(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now,
                                  gpointer data, GError **error)
{
    json_t *set = pack_decide(pack_decision(c->pack, call), c->row), *value;
    const char *field;
    gboolean ok = TRUE;
    json_object_foreach(set, field, value) ok = ok && case_draft_set(c, field, value, error);
    json_decref(set);
    return ok;
}

static inline gboolean town_invite(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now,
                                   gpointer data, GError **error)
{
    case_draft_invite(c);
    return TRUE;
}

static inline gboolean town_notify(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now,
                                   gpointer data, GError **error)
{
    return case_draft_notice(c, pack_notice(c->pack, call), error);
}

static inline void town_stand_in(Town *town)
{
    case_room_enrol_draft(town->room, "dispatch", town_send, NULL);
    case_room_enrol_draft(town->room, "assign", town_route, NULL);
    case_room_enrol_draft(town->room, "rate", town_invite, NULL);
    case_room_enrol_draft(town->room, "notice", town_notify, NULL);
}

static inline Pack *town_pack(const char *folder)
{
    g_autoptr(GError) error = NULL;
    const char *root = g_getenv("G_TEST_SRCDIR");
    g_autofree char *path = g_build_filename(root ? root : ".", folder, NULL);
    Pack *pack = pack_load(path, &error);
    g_assert_no_error(error);
    return pack;
}

/* Takes the store and the pack. */
static inline void town_open_on(Town *town, guint64 seed, Store *store, Pack *pack)
{
    g_autoptr(GError) error = NULL;
    *town = (Town){ .store = store, .now = T0, .chance = base_chance_seeded(seed) };
    town->keys = g_dir_make_tmp("bihuan-town-XXXXXX", &error);
    g_assert_no_error(error);
    town->guard = guard_open(town->store, town->keys, TRUE, base_chance_seeded(seed), &error);
    g_assert_no_error(error);
    town->room = case_room_new(town->store, town->guard, BASE_CHINA_OFFSET);
    g_assert_true(case_room_add_pack(town->room, pack, T0, &error));
    g_assert_no_error(error);
    town->cases = g_array_new(FALSE, FALSE, sizeof(BaseId));
    town->refusals = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(town_write(town, town_settle, NULL, &error));
    g_assert_no_error(error);
}

static inline void town_open_with(Town *town, guint64 seed, Pack *pack)
{
    g_autoptr(GError) error = NULL;
    Store *store = store_memory_open(&error);
    g_assert_no_error(error);
    town_open_on(town, seed, store, pack);
}

static inline void town_open(Town *town, guint64 seed, const char *folder)
{
    town_open_with(town, seed, town_pack(folder));
}

/* A flat folder and its name. */
static inline void town_folder_remove(char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_remove(path);
    }
    g_rmdir(folder);
    g_free(folder);
}

static inline void town_close(Town *town)
{
    case_room_free(town->room);
    guard_close(town->guard);
    store_close(town->store);
    town_folder_remove(town->keys);
    g_array_unref(town->cases);
    g_ptr_array_unref(town->refusals);
    json_decref(town->console);
}

static inline const Pack *town_the_pack(Town *town)
{
    return case_room_packs(town->room)->pdata[0];
}

/* One number out of the store. */
static inline gint64 town_number(Town *town, const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    g_autoptr(StoreRows) rows = store_query(conn, sql, NULL, 0, &error);
    g_assert_no_error(error);
    g_assert_true(store_step(rows, &error));
    gint64 n = store_int(rows, 0);
    while (store_step(rows, &error))
        continue;
    return n;
}

/* ---- values ---- */

static inline guint town_below(Town *town, guint n)
{
    return (guint)base_chance_below(&town->chance, n);
}

/* The codes of a list stand in what the pack tells the console. */
static inline json_t *town_code(Town *town, const char *list)
{
    if (!town->console) town->console = json_loads(pack_console_json(town_the_pack(town)), 0, NULL);
    const json_t *codes = json_object_get(json_object_get(town->console, "lists"), list);
    const json_t *line = json_array_get(codes, town_below(town, (guint)json_array_size(codes)));
    return json_incref(json_object_get(line, "code"));
}

/* Some value that the field takes; texts of private fields carry the canary. */
static inline json_t *town_value(Town *town, const PackField *field)
{
    gint64 low = MAX(field->min, 0), high = MIN(field->max, low + 9);
    if (field->list) return town_code(town, field->list);
    switch (field->type) {
    case RULE_BOOL:
        return json_boolean(town_below(town, 3) > 0);
    case RULE_INT:
        return json_integer(low + (gint64)town_below(town, (guint)(high - low + 1)));
    case RULE_REAL:
        return json_real((double)(low + (gint64)town_below(town, (guint)(high - low + 1))));
    default:
        return json_string(field->klass == PACK_PRIVATE ? CANARY : "some text");
    }
}

static inline GuardUser town_user(const char *org, const char *unit, const char *const *roles)
{
    return (GuardUser){ (char *)"somebody", (char *)"某某", (char *)org, (char *)unit, (char **)roles };
}

/* ---- signals ---- */

typedef struct {
    const char *source, *ref; /* ref NULL: a new one */
    const char *kind, *skill; /* kind NULL: facts at random, for any pack */
    BasePoint at;
    gboolean nobodys; /* no organisation is named */
    BaseId id;
    gboolean again;
} TownSignal;

static inline void town_random_facts(Town *town, PackSignal *out)
{
    const Pack *pack = town_the_pack(town);
    out->open = json_object();
    out->private_facts = json_object();
    for (gsize i = 0; i < pack_fields(pack); i++) {
        const PackField *field = pack_field_at(pack, i);
        json_t *to = field->klass == PACK_PRIVATE ? out->private_facts : field->list ? out->open : NULL;
        if (to && strncmp(field->id, "rating", 6))
            json_object_set_new(to, field->id, town_value(town, field));
    }
}

static inline void town_fill_signal(Town *town, const TownSignal *s, char *ref, PackSignal *out)
{
    *out = (PackSignal){ .channel = (char *)"web",
                         .ref = ref,
                         .place = (char *)"梧桐路1号",
                         .area = (char *)"A1",
                         .title = (char *)"差事",
                         .lat = s->at.lat,
                         .lon = s->at.lon,
                         .level = 3 };
    out->org = s->nobodys ? NULL : (char *)"D1";
    if (!s->kind) {
        town_random_facts(town, out);
        return;
    }
    out->open = json_pack("{s:s, s:s}", "kind", s->kind, "skill", s->skill);
    out->private_facts = json_pack("{s:s, s:s}", "caller", CANARY, "phone", CANARY "-phone");
}

static inline gboolean town_open_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    TownSignal *s = data;
    const CaseActor web = { .actor = "web", .roles = (const char *const[]){ "callcentre", NULL } };
    PackSignal signal;
    char ref[16];
    g_snprintf(ref, sizeof ref, "S%u", town->signals + 1);
    if (s->ref) g_strlcpy(ref, s->ref, sizeof ref);
    town_fill_signal(town, s, ref, &signal);
    signal.at = town->now;
    gboolean ok = case_open(town->room, conn, town_the_pack(town), s->source, &signal, &web, town->now,
                            &s->id, &s->again, error);
    json_decref(signal.open);
    json_decref(signal.private_facts);
    return ok;
}

static inline BaseId town_signal(Town *town, const char *kind, const char *skill)
{
    g_autoptr(GError) error = NULL;
    TownSignal s = {
        .source = "form", .kind = kind, .skill = skill, .at = { 30.0 + town_below(town, 50) * 0.001, 120.0 }
    };
    g_assert_true(town_write(town, town_open_job, &s, &error));
    g_assert_no_error(error);
    town->signals++;
    g_array_append_val(town->cases, s.id);
    return s.id;
}

/* ---- deeds ---- */

typedef struct {
    BaseId id;
    const char *event;
    const json_t *fields;
    CaseActor actor;
} TownDeed;

static inline gboolean town_fire_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const TownDeed *d = data;
    return case_fire(town->room, conn, &d->id, d->event, d->fields, &d->actor, town->now, error);
}

static inline gboolean town_fire(Town *town, const BaseId *id, const char *event, const char *role,
                                 const char *org, const char *unit, const json_t *fields, GError **error)
{
    const char *const roles[] = { role, NULL };
    TownDeed d = { *id, event, fields, { .actor = role, .roles = roles, .org = org, .unit = unit } };
    d.actor.happened_at = town->now / BASE_MINUTE % 2 ? town->now : 0; /* some say it */
    return town_write(town, town_fire_job, &d, error);
}

static inline Case *town_load(Town *town, const BaseId *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    Case *c = case_load(town->room, conn, id, &error);
    g_assert_no_error(error);
    return c;
}

/* Something that the chart knows for the state the case is in, by whoever may do it; refusals are kept. */
static inline void town_do_something(Town *town, const BaseId *id)
{
    g_autoptr(Case) c = town_load(town, id);
    const FlowChart *chart = pack_chart(c->pack);
    g_autoptr(GArray) possible = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        FlowTransition t = flow_chart_transition_at(chart, i);
        gboolean by_clock = !strcmp(t.roles[0], "system") && !t.roles[1];
        if (t.event && flow_active(chart, &c->flow, t.from) && !by_clock) g_array_append_val(possible, i);
    }
    if (!possible->len) return;
    FlowTransition t =
        flow_chart_transition_at(chart, g_array_index(possible, gsize, town_below(town, possible->len)));
    json_t *fields = json_object();
    for (gsize i = 0; t.needs && t.needs[i]; i++)
        json_object_set_new(fields, t.needs[i], town_value(town, pack_field(c->pack, t.needs[i])));
    guint n = g_strv_length((char **)t.roles);
    g_autoptr(GError) error = NULL;
    if (!town_fire(town, id, t.event, t.roles[town_below(town, n)], c->org, c->unit, fields, &error))
        g_ptr_array_add(town->refusals, g_strdup_printf("%s: %s", t.event, error->message));
    json_decref(fields);
}

static inline gboolean town_tick_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    (void)data;
    for (guint i = 0; i < town->cases->len; i++) {
        g_autoptr(Case) c = case_load(town->room, conn, &g_array_index(town->cases, BaseId, i), error);
        if (!c || !case_tick(town->room, conn, c, town->now, error)) return FALSE;
    }
    return TRUE;
}

static inline void town_pass(Town *town, gint64 ms)
{
    g_autoptr(GError) error = NULL;
    town->now += ms;
    g_assert_true(town_write(town, town_tick_job, NULL, &error));
    g_assert_no_error(error);
}

/* Days of a town at random: signals, deeds, time. */
static inline void town_live(Town *town, guint steps)
{
    for (guint i = 0; i < steps; i++) {
        guint dice = town_below(town, 10);
        if ((dice == 0 || !town->cases->len) && !pack_field(town_the_pack(town), "kind"))
            town_signal(town, NULL, NULL);
        else if (dice == 0 || !town->cases->len)
            town_signal(town, town_below(town, 2) ? "light" : "water",
                        town_below(town, 2) ? "electric" : "plumbing");
        else if (dice == 1)
            town_pass(town, (gint64)town_below(town, 40) * BASE_HOUR);
        else
            town_do_something(town, &g_array_index(town->cases, BaseId, town_below(town, town->cases->len)));
        town->now += (gint64)town_below(town, 20) * BASE_MINUTE;
    }
}

/* Live rows and rows made again from the ledger are the same. */
static inline void town_assert_rebuilt_equal(Town *town)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) differences = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(case_verify(town->room, NULL, NULL, differences, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < differences->len; i++)
        g_test_message("%s", (char *)differences->pdata[i]);
    g_assert_cmpuint(differences->len, ==, 0);
}
