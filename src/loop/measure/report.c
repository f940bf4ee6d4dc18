/* report.c - freezing editions, giving them out, and keeping their rows on rebuild. */
#include "loop/measure/report.h"
#include "loop/measure/edition.h"

/* ---- reading ---- */

/* Body of the last edition, or of `edition`; NULL with no error: there is none. */
static json_t *read_body(StoreConn *conn, const char *pack, const char *report, const char *period,
                         gint64 edition, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT body FROM report WHERE pack = ?1 AND id = ?2 AND period = ?3 AND (?4 = 0 OR edition = ?4)"
        " ORDER BY edition DESC LIMIT 1",
        STORE_T(pack), STORE_T(report), STORE_T(period), STORE_I(edition));
    json_t *body = NULL;
    if (rows && store_step(rows, &failed)) {
        const char *text = store_text(rows, 0);
        body = base_json_parse(text, strlen(text), BASE_JSON_LARGE, error);
    }
    if (failed) g_propagate_error(error, failed);
    return body;
}

static gboolean find_report(CaseRoom *room, const char *pack_name, const char *id, EditionOf *of,
                            GError **error)
{
    of->pack = case_room_pack(room, pack_name);
    of->report = of->pack ? pack_report(of->pack, id) : NULL;
    if (!of->report) g_set_error(error, REPORT_ERROR, REPORT_ERROR_UNKNOWN, "there is no such report");
    return of->report != NULL;
}

static gboolean sound_period(CaseRoom *room, const MeasureFreeze *f, const EditionOf *of, GError **error)
{
    IndicatorPeriod period;
    char current[11], before[11];
    if (!indicator_period_parse(f->period, &period) || period != of->report->period) {
        indicator_period(of->report->period, f->now, case_room_offset(room), current);
        g_set_error(error, REPORT_ERROR, REPORT_ERROR_UNKNOWN, "this report is by %s; write a period like %s",
                    pack_period_word(of->report->period), current);
        return FALSE;
    }
    if (!indicator_period_before(f->period, before) ||
        indicator_period_end(before, case_room_offset(room)) <= f->now)
        return TRUE;
    g_set_error(error, REPORT_ERROR, REPORT_ERROR_EARLY, "%s has not begun", f->period);
    return FALSE;
}

/* ---- freezing ---- */

static json_t *make(CaseRoom *room, StoreConn *conn, const MeasureFreeze *f, gboolean *same, GError **error)
{
    EditionOf of = { .period = f->period, .why = f->why, .size = ledger_size(conn), .now = f->now };
    GError *failed = NULL;
    if (!find_report(room, f->pack, f->report, &of, error) || !sound_period(room, f, &of, error)) return NULL;
    json_t *last = read_body(conn, f->pack, f->report, f->period, 0, &failed);
    if (failed) {
        g_propagate_error(error, failed);
        return NULL;
    }
    of.last = last;
    json_t *body = edition_make(room, conn, &of, error);
    *same = body && last && edition_same(body, last);
    json_decref(last);
    return body;
}

json_t *measure_report_draft(CaseRoom *room, StoreConn *conn, const MeasureFreeze *freeze, GError **error)
{
    gboolean same;
    json_t *body = make(room, conn, freeze, &same, error);
    if (body) json_object_set_new(body, "same", json_boolean(same));
    return body;
}

static char *digest_of(const char *text)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static gboolean keep(StoreConn *conn, const json_t *body, const LedgerEvent *event, const char *digest,
                     GError **error)
{
    g_autofree char *text = base_json_canonical(body);
    return STORE_RUN(conn, error,
                     "INSERT INTO report(pack, id, period, edition, seq, at, actor, version, digest, body)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                     STORE_T(json_string_value(json_object_get(body, "pack"))),
                     STORE_T(json_string_value(json_object_get(body, "report"))),
                     STORE_T(json_string_value(json_object_get(body, "period"))),
                     STORE_I(json_integer_value(json_object_get(body, "edition"))), STORE_I(event->seq),
                     STORE_I(event->at), STORE_T(event->actor),
                     STORE_T(json_string_value(json_object_get(body, "version"))), STORE_T(digest),
                     STORE_T(text));
}

static gboolean may_freeze(const json_t *body, const char *why, gboolean same, GError **error)
{
    gint64 edition = (gint64)json_integer_value(json_object_get(body, "edition"));
    if (edition == 1) return TRUE;
    if (same)
        g_set_error(error, REPORT_ERROR, REPORT_ERROR_UNCHANGED,
                    "edition %" G_GINT64_FORMAT " says the same figures; there is nothing to correct",
                    edition - 1);
    else if (!why || !*why)
        g_set_error(error, REPORT_ERROR, REPORT_ERROR_REASON,
                    "edition %" G_GINT64_FORMAT " stands; say why another one is made", edition - 1);
    else
        return TRUE;
    return FALSE;
}

gboolean measure_report_freeze(CaseRoom *room, StoreConn *conn, const MeasureFreeze *freeze, gint64 *edition,
                               GError **error)
{
    gboolean same, ok = FALSE;
    json_t *body = make(room, conn, freeze, &same, error);
    if (body && may_freeze(body, freeze->why, same, error)) {
        g_autofree char *text = base_json_canonical(body), *digest = digest_of(text);
        LedgerEvent event = {
            .at = freeze->now, .kind = "report.frozen", .operation = "-", .actor = freeze->actor, .body = text
        };
        ok = guard_log(conn, case_room_guard(room), &event, error) > 0 &&
             keep(conn, body, &event, digest, error);
        if (ok) *edition = (gint64)json_integer_value(json_object_get(body, "edition"));
    }
    json_decref(body);
    return ok;
}

/* ---- rebuilding ---- */

typedef struct {
    gint64 size, now;
    gboolean past;
} Again;

/* The body as it follows from the lines or cells, and from nothing that the body says of figures. */
static json_t *make_again(CaseRoom *room, StoreConn *conn, const json_t *body, Again how, GError **error)
{
    const char *version = json_string_value(json_object_get(body, "version"));
    const char *pack = json_string_value(json_object_get(body, "pack")),
               *report = json_string_value(json_object_get(body, "report"));
    gint64 before = (gint64)json_integer_value(json_object_get(body, "edition")) - 1;
    EditionOf of = { .pack = version ? case_room_pack_version(room, version) : NULL,
                     .period = json_string_value(json_object_get(body, "period")),
                     .why = json_string_value(json_object_get(json_object_get(body, "corrects"), "why")),
                     .size = how.size,
                     .now = how.now,
                     .past = how.past };
    GError *failed = NULL;
    of.report = of.pack && report ? pack_report(of.pack, report) : NULL;
    if (!of.report || !of.period || !pack) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_PACK,
                    "the report is of a pack version that is not loaded (%.12s)", version ? version : "none");
        return NULL;
    }
    json_t *last = before > 0 ? read_body(conn, pack, report, of.period, before, &failed) : NULL;
    of.last = last;
    json_t *again = failed ? NULL : edition_make(room, conn, &of, &failed);
    json_decref(last);
    if (failed) g_propagate_error(error, failed);
    return again;
}

static gboolean replayed(CaseRoom *room, StoreConn *conn, const LedgerEvent *event, const json_t *body,
                         gpointer data, GError **error)
{
    (void)data;
    if (strcmp(event->kind, "report.frozen") != 0) return TRUE;
    json_t *again = make_again(room, conn, body, (Again){ event->seq - 1, event->at, FALSE }, error);
    g_autofree char *text = again ? base_json_canonical(again) : NULL,
                    *digest = text ? digest_of(text) : NULL;
    json_decref(again);
    if (!digest) g_prefix_error(error, "event %" G_GINT64_FORMAT ": ", event->seq);
    return digest && keep(conn, body, event, digest, error);
}

void measure_report_enrol(CaseRoom *room)
{
    case_room_enrol_family(room, "report.", replayed, NULL);
}

/* ---- giving out ---- */

gboolean measure_report_meant_for(CaseRoom *room, const char *pack_name, const char *report,
                                  const char *const *roles)
{
    const Pack *pack = case_room_pack(room, pack_name);
    const PackReport *found = pack ? pack_report(pack, report) : NULL;
    for (const char *const *role = roles; found && role && *role; role++)
        if (g_strv_contains(found->audience, *role)) return TRUE;
    return found && !roles;
}

/* Of an edition; `last` the number of the newest one. */
static void describe(json_t *out, const StoreRows *rows, const char *text)
{
    g_autofree char *digest = digest_of(text);
    json_object_set_new(out, "seq", json_integer(store_int(rows, 4)));
    json_object_set_new(out, "at", json_integer(store_int(rows, 5)));
    json_object_set_new(out, "actor", json_string(store_text(rows, 6)));
    json_object_set_new(out, "digest", json_string(digest));
    json_object_set_new(out, "sound", json_boolean(!strcmp(digest, store_text(rows, 7))));
    json_object_set_new(out, "last", json_boolean(store_int(rows, 8) == store_int(rows, 3)));
}

#define EDITIONS                                                                                             \
    "SELECT pack, id, period, edition, seq, at, actor, digest, (SELECT max(edition) FROM report r WHERE"     \
    " r.pack = report.pack AND r.id = report.id AND r.period = report.period), body FROM report"

static void write_edition(BaseJson *out, const StoreRows *rows, const json_t *body)
{
    static const char *const copied[] = { "pack",    "report",  "title_zh", "title_en", "period",
                                          "edition", "version", "size",     "ended" };
    const char *why = json_string_value(json_object_get(json_object_get(body, "corrects"), "why"));
    json_t *one = json_object();
    for (gsize i = 0; i < G_N_ELEMENTS(copied); i++)
        json_object_set(one, copied[i], json_object_get(body, copied[i]));
    describe(one, rows, store_text(rows, 9));
    if (why) json_object_set_new(one, "why", json_string(why));
    base_json_tree(out, one);
    json_decref(one);
}

gboolean measure_report_list(CaseRoom *room, StoreConn *conn, const char *const *roles, BaseJson *out,
                             GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        store_query(conn, EDITIONS " ORDER BY at DESC, seq DESC LIMIT 1000", NULL, 0, error);
    base_json_object(out);
    base_json_key(out, "editions");
    base_json_array(out);
    while (rows && store_step(rows, &failed)) {
        if (!measure_report_meant_for(room, store_text(rows, 0), store_text(rows, 1), roles)) continue;
        const char *text = store_text(rows, 9);
        json_t *body = base_json_parse(text, strlen(text), BASE_JSON_LARGE, &failed);
        if (!body) break;
        write_edition(out, rows, body);
        json_decref(body);
    }
    base_json_end_array(out);
    base_json_end_object(out);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

json_t *measure_report_get(CaseRoom *room, StoreConn *conn, const char *pack, const char *report,
                           const char *period, gint64 edition, GError **error)
{
    (void)room;
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    EDITIONS " WHERE pack = ?1 AND id = ?2 AND period = ?3 AND (?4 = 0 OR edition = ?4)"
                             " ORDER BY edition DESC LIMIT 1",
                    STORE_T(pack), STORE_T(report), STORE_T(period), STORE_I(edition));
    if (!rows) return NULL;
    json_t *body = NULL;
    if (store_step(rows, &failed)) {
        const char *text = store_text(rows, 9);
        body = base_json_parse(text, strlen(text), BASE_JSON_LARGE, error);
        if (body) describe(body, rows, text);
    } else if (!failed) {
        g_set_error(error, REPORT_ERROR, REPORT_ERROR_UNKNOWN, "there is no such edition");
    }
    if (failed) g_propagate_error(error, failed);
    return body;
}

/* ---- checking ---- */

static json_t *compare(const json_t *body, const json_t *again)
{
    g_autofree char *text = base_json_canonical(again), *digest = digest_of(text);
    json_t *check = json_object();
    json_object_set(check, "edition", json_object_get(body, "edition"));
    json_object_set(check, "digest", json_object_get(body, "digest"));
    json_object_set(check, "sound", json_object_get(body, "sound"));
    json_object_set_new(check, "again", json_string(digest));
    json_object_set_new(check, "same",
                        json_boolean(!g_strcmp0(digest, json_string_value(json_object_get(body, "digest")))));
    json_object_set_new(
        check, "differences",
        edition_differences(json_object_get(body, "sections"), json_object_get(again, "sections")));
    return check;
}

json_t *measure_report_check(CaseRoom *room, StoreConn *conn, const char *pack, const char *report,
                             const char *period, gint64 edition, GError **error)
{
    json_t *body = measure_report_get(room, conn, pack, report, period, edition, error);
    if (!body) return NULL;
    Again how = { (gint64)json_integer_value(json_object_get(body, "size")),
                  (gint64)json_integer_value(json_object_get(body, "at")), TRUE };
    json_t *again = make_again(room, conn, body, how, error), *check = again ? compare(body, again) : NULL;
    json_decref(body);
    json_decref(again);
    return check;
}
