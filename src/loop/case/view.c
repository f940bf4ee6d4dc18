/* view.c - lists of cases and units: open facts only, in the shapes of api/routes.def. */
#include "loop/case/view.h"
#include "loop/case/life.h"

/* A case is due when the earliest of its running clocks is. */
#define BRIEF                                                                                                \
    "SELECT id, number, pack, state, final, title, level, org, area, place, lat, lon, unit, opened_at,"      \
    " moved_at, closed_at, (SELECT min(k.due_at) FROM clock k WHERE k.case_id = case_file.id AND"            \
    " k.state = 1 AND k.id <> '" CASE_RATING_CLOCK "'), late FROM case_file "

static void put_real(BaseJson *out, const char *key, const StoreRows *rows, int column)
{
    if (store_type(rows, column) != STORE_NULL) base_json_put_real(out, key, store_real(rows, column));
}

static void put_instant(BaseJson *out, const char *key, const StoreRows *rows, int column)
{
    if (store_type(rows, column) != STORE_NULL) base_json_put_int(out, key, store_int(rows, column));
}

static void put_id(BaseJson *out, const char *key, const StoreRows *rows, int column)
{
    BaseId id;
    char text[BASE_ID_TEXT];
    if (!store_id(rows, column, &id)) return;
    base_id_write(&id, text);
    base_json_put_text(out, key, text);
}

/* A row of BRIEF as CaseBrief. */
static void write_brief(BaseJson *out, const StoreRows *rows)
{
    base_json_object(out);
    put_id(out, "id", rows, 0);
    base_json_put_text(out, "number", store_text(rows, 1));
    base_json_put_text(out, "pack", store_text(rows, 2));
    base_json_put_text(out, "state", store_text(rows, 3));
    base_json_put_bool(out, "final", store_int(rows, 4) != 0);
    base_json_put_text(out, "title", store_text(rows, 5));
    base_json_put_int(out, "level", store_int(rows, 6));
    base_json_put_text(out, "org", store_text(rows, 7));
    base_json_put_text(out, "area", store_text(rows, 8));
    base_json_put_text(out, "place", store_text(rows, 9));
    put_real(out, "lat", rows, 10);
    put_real(out, "lon", rows, 11);
    if (store_text(rows, 12)) base_json_put_text(out, "unit", store_text(rows, 12));
    base_json_put_int(out, "opened_at", store_int(rows, 13));
    base_json_put_int(out, "moved_at", store_int(rows, 14));
    put_instant(out, "closed_at", rows, 15);
    put_instant(out, "due_at", rows, 16);
    base_json_put_bool(out, "late", store_int(rows, 17) != 0);
    base_json_end_object(out);
}

static gboolean finish(StoreRows *rows, GError *failed, GError **error)
{
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

gboolean case_view_brief(CaseRoom *room, StoreConn *conn, const BaseId *id, gint64 now, BaseJson *out,
                         GError **error)
{
    (void)room, (void)now;
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, error, BRIEF "WHERE id = ?1", STORE_ID(id));
    if (rows && store_step(rows, &failed))
        write_brief(out, rows);
    else if (rows && !failed)
        g_set_error(&failed, CASE_ERROR, CASE_ERROR_UNKNOWN, "no such case");
    return finish(rows, failed, error);
}

/* ---- lists ---- */

typedef struct {
    gint64 opened_at;
    char *json;
} Line;

static void line_clear(gpointer line)
{
    g_free(((Line *)line)->json);
}

static void take_line(GArray *lines, const StoreRows *rows)
{
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson j = base_json_to(text);
    write_brief(&j, rows);
    Line line = { store_int(rows, 13), g_string_free(g_steal_pointer(&text), FALSE) };
    g_array_append_val(lines, line);
}

#define REST                                                                                                 \
    " AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR org = ?3) AND (?4 IS NULL OR unit = ?4)"             \
    " AND late >= ?5 AND opened_at < ?6"

static StoreRows *rows_of(StoreConn *conn, const CaseQuery *q, const char *pack, GError **error)
{
    const StoreValue values[] = { STORE_T(q->number ? q->number : pack),
                                  STORE_T(q->state),
                                  STORE_T(q->org),
                                  STORE_T(q->unit),
                                  STORE_I(q->late_only),
                                  STORE_I(q->before ? q->before : G_MAXINT64),
                                  STORE_I(q->limit) };
    const gsize n = G_N_ELEMENTS(values);
    if (q->number) return store_query(conn, BRIEF "WHERE number = ?1" REST " LIMIT ?7", values, n, error);
    if (q->open_only)
        return store_query(conn,
                           BRIEF "WHERE final = 0 AND pack = ?1" REST " ORDER BY opened_at DESC LIMIT ?7",
                           values, n, error);
    /* Ids begin with the instant of opening, so the newest come first without a sort. */
    return store_query(conn, BRIEF "WHERE (?1 IS NULL OR pack = ?1)" REST " ORDER BY id DESC LIMIT ?7",
                       values, n, error);
}

static gboolean take_lines(StoreConn *conn, const CaseQuery *q, const char *pack, GArray *lines,
                           GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = rows_of(conn, q, pack, error);
    while (rows && store_step(rows, &failed))
        take_line(lines, rows);
    return finish(rows, failed, error);
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const Line *)a)->opened_at, y = ((const Line *)b)->opened_at;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* Open cases are indexed by pack: one walk each, merged. */
static gboolean collect(CaseRoom *room, StoreConn *conn, const CaseQuery *q, GArray *lines, GError **error)
{
    if (q->pack || !q->open_only || q->number) return take_lines(conn, q, q->pack, lines, error);
    const GPtrArray *packs = case_room_packs(room);
    for (guint i = 0; i < packs->len; i++)
        if (!take_lines(conn, q, pack_id(packs->pdata[i]), lines, error)) return FALSE;
    g_array_sort(lines, newest_first);
    return TRUE;
}

/* "open" or "late" cases of a pack, or of all, as apply.c counts them. */
static gboolean counted(CaseRoom *room, StoreConn *conn, const char *what, const char *pack, gint64 *sum,
                        GError **error)
{
    *sum = 0;
    const GPtrArray *packs = case_room_packs(room);
    for (guint i = 0; i < packs->len; i++) {
        const char *id = pack_id(packs->pdata[i]);
        if (pack && strcmp(pack, id) != 0) continue;
        char name[96];
        g_snprintf(name, sizeof name, "%s %s", what, id);
        GError *failed = NULL;
        g_autoptr(StoreRows) rows =
            STORE_QUERY(conn, error, "SELECT value FROM counter WHERE name = ?1", STORE_T(name));
        if (rows && store_step(rows, &failed)) *sum += store_int(rows, 0);
        if (!finish(rows, failed, error)) return FALSE;
    }
    return TRUE;
}

gboolean case_view_list(CaseRoom *room, StoreConn *conn, const CaseQuery *query, gint64 now, BaseJson *out,
                        GError **error)
{
    (void)now;
    CaseQuery q = *query;
    q.limit = CLAMP(q.limit, 1, 200);
    gint64 open, late;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));
    g_array_set_clear_func(lines, line_clear);
    if (!collect(room, conn, &q, lines, error) || !counted(room, conn, "open", q.pack, &open, error) ||
        !counted(room, conn, "late", q.pack, &late, error))
        return FALSE;
    base_json_object(out);
    base_json_key(out, "cases");
    base_json_array(out);
    for (guint i = 0; i < MIN(lines->len, (guint)q.limit); i++)
        base_json_raw(out, g_array_index(lines, Line, i).json);
    base_json_end_array(out);
    base_json_put_int(out, "open", open);
    base_json_put_int(out, "late", late);
    base_json_end_object(out);
    return TRUE;
}

gboolean case_view_find(StoreConn *conn, const char *number, BaseId *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT id FROM case_file WHERE number = ?1", STORE_T(number));
    gboolean found = rows && store_step(rows, &failed) && store_id(rows, 0, out);
    if (rows && !found && !failed)
        g_set_error(&failed, CASE_ERROR, CASE_ERROR_UNKNOWN, "no case has this number");
    return finish(rows, failed, error) && found;
}

/* ---- what a grant is decided on ---- */

static const char *hold_text(GPtrArray *hold, const StoreRows *rows, int column)
{
    const char *text = store_text(rows, column);
    if (!text) return NULL;
    g_ptr_array_add(hold, g_strdup(text));
    return hold->pdata[hold->len - 1];
}

gboolean case_view_about(StoreConn *conn, const BaseId *id, GuardCase *about, GPtrArray *hold, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT number, pack, org, unit, final FROM case_file WHERE id = ?1", STORE_ID(id));
    if (rows && store_step(rows, &failed)) {
        about->id = *id;
        about->number = hold_text(hold, rows, 0);
        about->pack = hold_text(hold, rows, 1);
        about->org = hold_text(hold, rows, 2);
        about->unit = hold_text(hold, rows, 3);
        about->final = store_int(rows, 4) != 0;
    } else if (rows && !failed) {
        g_set_error(&failed, CASE_ERROR, CASE_ERROR_UNKNOWN, "no such case");
    }
    return finish(rows, failed, error);
}

const GuardRule *case_view_rules(CaseRoom *room, const Pack *pack, gsize *n)
{
    const CaseKit *kit = case_kit_of(room, pack);
    *n = kit ? kit->n_rules : 0;
    return kit ? kit->rules : NULL;
}

/* ---- units ---- */

static void write_skills(BaseJson *out, const char *skills)
{
    g_auto(GStrv) each = g_strsplit_set(skills, ", ", -1);
    base_json_key(out, "skills");
    base_json_array(out);
    for (char **skill = each; *skill; skill++)
        if (**skill) base_json_text(out, *skill);
    base_json_end_array(out);
}

static void write_unit(BaseJson *out, const StoreRows *rows)
{
    base_json_object(out);
    base_json_put_text(out, "id", store_text(rows, 0));
    base_json_put_text(out, "name", store_text(rows, 1));
    base_json_put_text(out, "org", store_text(rows, 2));
    write_skills(out, store_text(rows, 3));
    base_json_put_real(out, "lat", store_real(rows, 4));
    base_json_put_real(out, "lon", store_real(rows, 5));
    base_json_put_text(out, "state", store_text(rows, 6));
    put_id(out, "case_id", rows, 7);
    base_json_put_int(out, "since", store_int(rows, 8));
    base_json_end_object(out);
}

#define UNIT "SELECT id, name, org, skills, lat, lon, state, case_id, since FROM unit "

gboolean case_view_units(StoreConn *conn, BaseJson *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = store_query(conn, UNIT "ORDER BY id", NULL, 0, error);
    base_json_object(out);
    base_json_key(out, "units");
    base_json_array(out);
    while (rows && store_step(rows, &failed))
        write_unit(out, rows);
    base_json_end_array(out);
    base_json_end_object(out);
    return finish(rows, failed, error);
}

gboolean case_view_unit(StoreConn *conn, const char *id, BaseJson *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, error, UNIT "WHERE id = ?1", STORE_T(id));
    if (rows && store_step(rows, &failed))
        write_unit(out, rows);
    else if (rows && !failed)
        g_set_error(&failed, CASE_ERROR, CASE_ERROR_UNKNOWN, "no unit %s", id);
    return finish(rows, failed, error);
}
