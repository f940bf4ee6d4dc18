/* dispatch.c - units to cases, cases to units. Choosing is pure: the same rows give the same unit. */
#include "loop/dispatch/dispatch.h"
#include "loop/case/register.h"

#include <math.h>

struct Dispatch {
    CaseRoom *room;
};

static const CaseActor DISPATCHER = { .actor = "system:dispatch",
                                      .roles = (const char *const[]){ "system", NULL } };

/* "fire,rescue" has "fire"; every unit has "". */
static gboolean has_skill(const char *skills, const char *skill)
{
    gsize n = strlen(skill);
    for (const char *at = skills; n; at++) {
        at += strspn(at, ", ");
        gsize word = strcspn(at, ", ");
        if (word == n && !memcmp(at, skill, n)) return TRUE;
        at += word;
        if (!*at) return FALSE;
    }
    return TRUE;
}

/* ---- a unit for a case ---- */

/* Keeps the k nearest so far, in order. Rows come by id, so of equals the smaller stays before. */
static void take_candidate(const StoreRows *rows, BasePoint from, guint k, GArray *out, GPtrArray *hold)
{
    BasePoint to = { store_real(rows, 2), store_real(rows, 3) };
    DispatchCandidate candidate = { NULL, base_geo_sound(from) ? base_geo_distance(from, to) : NAN };
    guint at = out->len;
    while (at > 0 && candidate.metres < g_array_index(out, DispatchCandidate, at - 1).metres)
        at--;
    if (at >= k) return;
    g_ptr_array_add(hold, g_strdup(store_text(rows, 0)));
    candidate.unit = hold->pdata[hold->len - 1];
    g_array_insert_val(out, at, candidate);
    if (out->len > k) g_array_set_size(out, k);
}

gboolean dispatch_candidates(StoreConn *conn, const char *skill, BasePoint from, guint k, GArray *out,
                             GPtrArray *hold, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT id, skills, lat, lon FROM unit WHERE state = 'free' ORDER BY id", NULL, 0, error);
    while (rows && store_step(rows, &failed))
        if (has_skill(store_text(rows, 1), skill)) take_candidate(rows, from, k, out, hold);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static void say_distance(Case *c, double metres)
{
    char note[64];
    g_snprintf(note, sizeof note, isnan(metres) ? "nearest: place not known" : "nearest: %.0f m", metres);
    case_draft_note(c, note);
}

static gboolean nearest(StoreConn *conn, Case *c, GError **error)
{
    const char *fact = json_string_value(json_object_get(c->facts, "skill")), *skill = fact ? fact : "";
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(DispatchCandidate));
    g_autoptr(GPtrArray) hold = g_ptr_array_new_with_free_func(g_free);
    if (!dispatch_candidates(conn, skill, c->point, 1, found, hold, error)) return FALSE;
    if (found->len) {
        const DispatchCandidate *best = &g_array_index(found, DispatchCandidate, 0);
        case_draft_unit(c, best->unit);
        say_distance(c, best->metres);
    } else {
        case_draft_wait(c, skill);
    }
    return TRUE;
}

static gboolean draft(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now, gpointer data,
                      GError **error)
{
    (void)room, (void)now, (void)data;
    if (!strcmp(call, "nearest")) return nearest(conn, c, error);
    if (!strcmp(call, "release")) {
        case_draft_free(c);
        return TRUE;
    }
    g_set_error(error, CASE_ERROR, CASE_ERROR_PACK,
                "engine(dispatch, %s) is not known; there are nearest and release", call);
    return FALSE;
}

/* ---- a case for a unit ---- */

typedef struct {
    gboolean free;
    char *skills;
    BasePoint at;
} FreeUnit;

static void free_unit_clear(FreeUnit *unit)
{
    g_free(unit->skills);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FreeUnit, free_unit_clear)

static gboolean load_unit(StoreConn *conn, const char *id, FreeUnit *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT skills, lat, lon FROM unit WHERE id = ?1 AND state = 'free'", STORE_T(id));
    if (rows && store_step(rows, &failed)) {
        out->free = TRUE;
        out->skills = g_strdup(store_text(rows, 0));
        out->at = (BasePoint){ store_real(rows, 1), store_real(rows, 2) };
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

typedef struct {
    char own[BASE_ID_TEXT]; /* the case the unit just left; "" none */
    char *best;             /* "<level> <opened at> <id>": compares as urgency, age, id do */
    gboolean own_waits;
} Line;

/* The first in one skill's line (loop/case/README says how a place in it is written). */
static gboolean first_waiting(StoreConn *conn, const char *skill, Line *line, GError **error)
{
    g_autofree char *from = g_strdup_printf("waiting %s ", skill),
                    *to = g_strdup_printf("waiting %s!", skill);
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT name FROM counter WHERE name >= ?1 AND name < ?2 ORDER BY name LIMIT 2",
        STORE_T(from), STORE_T(to));
    while (rows && store_step(rows, &failed)) {
        const char *key = store_text(rows, 0) + strlen(from);
        if (*line->own && g_str_has_suffix(key, line->own)) {
            line->own_waits = TRUE;
        } else if (!line->best || strcmp(key, line->best) < 0) {
            g_free(line->best);
            line->best = g_strdup(key);
        }
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean look_along(StoreConn *conn, const char *skills, Line *line, GError **error)
{
    g_auto(GStrv) each = g_strsplit_set(skills, ", ", -1);
    if (!first_waiting(conn, "", line, error)) return FALSE;
    for (char **skill = each; *skill; skill++)
        if (**skill && !first_waiting(conn, *skill, line, error)) return FALSE;
    return TRUE;
}

static gboolean send_to(CaseRoom *room, StoreConn *conn, Case *next, const char *unit, BasePoint at,
                        gint64 now, GError **error)
{
    g_autofree char *note = base_geo_sound(next->point)
                                ? g_strdup_printf("waited: %.0f m", base_geo_distance(at, next->point))
                                : NULL;
    const CaseChange change = { .unit = unit, .note = note };
    return case_move(room, conn, next, NULL, NULL, &change, &DISPATCHER, now, error);
}

/* A unit that left a case without another to take its place goes back to it only when nobody else waits. */
static gboolean serve(CaseRoom *room, StoreConn *conn, Case *c, const char *unit, const FreeUnit *u,
                      gint64 now, GError **error)
{
    Line line = { "" };
    BaseId id;
    if (c) base_id_write(&c->id, line.own);
    gboolean ok = look_along(conn, u->skills, &line, error);
    g_autofree char *best = line.best;
    if (!ok || (!best && !(c && line.own_waits))) return ok;
    if (!best) return send_to(room, conn, c, unit, u->at, now, error);
    if (!base_id_parse(strrchr(best, ' ') + 1, &id)) return TRUE;
    g_autoptr(Case) next = case_load(room, conn, &id, error);
    /* What is due on its clocks comes first, and may take it out of the line. */
    if (!next || !case_tick(room, conn, next, now, error)) return FALSE;
    return !json_object_get(next->facts, "waiting") || send_to(room, conn, next, unit, u->at, now, error);
}

/* Mostly nobody does. */
static gboolean anybody_waits(StoreConn *conn, gboolean *waits, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT 1 FROM counter WHERE name >= 'waiting ' AND name < 'waiting!' LIMIT 1", NULL, 0, error);
    *waits = rows && store_step(rows, &failed);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

static gboolean freed(CaseRoom *room, StoreConn *conn, Case *c, const char *unit, gint64 now, gpointer data,
                      GError **error)
{
    (void)data;
    g_auto(FreeUnit) u = { 0 };
    gboolean waits;
    if (!anybody_waits(conn, &waits, error)) return FALSE;
    if (!waits) return TRUE;
    if (!load_unit(conn, unit, &u, error)) return FALSE;
    return !u.free || serve(room, conn, c, unit, &u, now, error);
}

/* ---- an organisation for a case ---- */

static gboolean assign(CaseRoom *room, StoreConn *conn, Case *c, const char *call, gint64 now, gpointer data,
                       GError **error)
{
    (void)data;
    const PackDecision *decision = pack_decision(c->pack, call);
    if (!decision) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_PACK, "pack %s has no decision '%s'", pack_id(c->pack),
                    call);
        return FALSE;
    }
    json_t *set = NULL, *value;
    const char *field;
    gboolean ok = case_decide(room, conn, c, decision, now, &set, error);
    json_object_foreach(set, field, value) ok = ok && case_draft_set(c, field, value, error);
    json_decref(set);
    return ok;
}

Dispatch *dispatch_new(CaseRoom *room)
{
    Dispatch *dispatch = g_new0(Dispatch, 1);
    dispatch->room = room;
    case_room_enrol_draft(room, "dispatch", draft, dispatch);
    case_room_enrol_draft(room, "assign", assign, dispatch);
    case_room_enrol(room, "freed", freed, dispatch);
    return dispatch;
}

void dispatch_free(Dispatch *dispatch)
{
    g_free(dispatch);
}
