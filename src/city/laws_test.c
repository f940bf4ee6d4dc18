/* laws_test.c - the eight laws of packs.md on random services: packs drawn at random run through the whole
 * loop, whatever people try, and now and then the store fails at every statement of a deed in turn. A story
 * that breaks a law is shrunk to the deeds it needs.
 *
 * LAWS_EVENTS: how many deeds (3200 when not said); LAWS_SEED: begin with this service. */
#include "city/wild_for_test.h"
#include "loop/case/town_for_test.h"
#include "loop/close/close.h"
#include "loop/dispatch/dispatch.h"
#include "loop/measure/report.h"
#include "loop/supervise/supervise.h"
#include "store/sqlite.h"

#define DEEDS 160 /* of a story */
#define HOLD(ok, ...)                                                                                        \
    if (!(ok)) return g_strdup_printf(__VA_ARGS__)

typedef struct {
    guint64 seed; /* all that the deed draws, so that it stays the same when others are left out */
    gint64 gap;   /* after the one before */
} Deed;

typedef struct Tally {
    guint64 failed, events;              /* the store let fail; in the ledger */
    guint64 closed, rated, held, frozen; /* cases; answers; suspensions; editions */
} Tally;

typedef struct {
    Town town;
    Dispatch *dispatch;
    BaseChance draw; /* of the deed being done */
    gint64 looked;   /* private facts read under a grant */
    gboolean faults; /* fail at each statement of some deeds first */
    struct Tally *tally;
} World;

/* ---- a store that fails at the k-th statement of a job ---- */

static struct {
    StoreConnOps ops;
    const StoreConnOps *real;
    gint64 left; /* statements until it fails; 0: it does not */
} fault;

static gboolean fault_step(StoreConn *conn, void *statement, gboolean *row, GError **error)
{
    if (conn->store->queue.in_job && fault.left && --fault.left == 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "the lights went out");
        return FALSE;
    }
    return fault.real->step(conn, statement, row, error);
}

static void fault_put(Store *store)
{
    fault.real = store->writer->ops;
    fault.ops = *fault.real;
    fault.ops.step = fault_step;
    fault.left = 0;
    store->writer->ops = &fault.ops;
}

static gboolean fault_was(const GError *error)
{
    return strstr(error->message, "the lights went out") != NULL;
}

/* Every row of every table, as one hash. */
static void digest_table(StoreConn *conn, const char *table, GChecksum *sum)
{
    g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", table);
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreRows) rows = store_query(conn, sql, NULL, 0, &error);
    g_assert_no_error(error);
    while (store_step(rows, &error)) {
        for (int i = 0; i < store_columns(rows); i++) {
            gsize length = 0;
            const void *bytes = store_blob(rows, i, &length);
            g_checksum_update(sum, (const guchar *)&length, sizeof length);
            if (length) g_checksum_update(sum, bytes, (gssize)length);
        }
    }
    g_assert_no_error(error);
}

static char *digest(Town *town)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL ORDER BY name", NULL,
        0, &error);
    while (store_step(rows, &error))
        g_ptr_array_add(tables, g_strdup(store_text(rows, 0)));
    g_clear_pointer(&rows, store_rows_free);
    for (guint i = 0; i < tables->len; i++)
        digest_table(conn, tables->pdata[i], sum);
    g_assert_no_error(error);
    return g_strdup(g_checksum_get_string(sum));
}

/* The store as its pages stand: a job that was undone leaves them to the byte. */
typedef struct {
    guint8 *bytes;
    gint64 size;
} Image;

static Image image(Town *town)
{
    sqlite3_int64 size = 0;
    guint8 *bytes = sqlite3_serialize(town->store->writer->session, "main", &size, 0);
    g_assert_nonnull(bytes);
    return (Image){ bytes, size };
}

static gboolean image_is(Town *town, const Image *was)
{
    const Image now = image(town);
    const gboolean same = now.size == was->size && !memcmp(now.bytes, was->bytes, (gsize)now.size);
    sqlite3_free(now.bytes);
    return same;
}

typedef gboolean (*Job)(Town *town, StoreConn *conn, gpointer data, GError **error);

/* The deed with the store failing at its first statement, its second, and so on, each time as if nothing had
 * been; then done. `*out` is a reason when something had. */
static gboolean do_after_failures(World *w, Job job, gpointer data, char **out, GError **error)
{
    BaseChance *chance = guard_chance(w->town.guard), before = *chance, drawn = w->town.chance;
    const Image was = image(&w->town);
    gboolean done = FALSE, met = TRUE;
    for (gint64 k = 1; met && !*out; k++) {
        g_autoptr(GError) why = NULL;
        *chance = before;
        w->town.chance = drawn;
        fault.left = k;
        done = town_write(&w->town, job, data, &why);
        met = fault.left == 0;
        fault.left = 0;
        if (!met && why) g_propagate_error(error, g_steal_pointer(&why));
        if (!met) continue;
        w->tally->failed++;
        if (done)
            *out = g_strdup_printf("statement %d failed and nobody minded", (int)k);
        else if (!fault_was(why))
            *out = g_strdup_printf("statement %d failed and was told as: %s", (int)k, why->message);
        else if (!image_is(&w->town, &was))
            *out = g_strdup_printf("statement %d failed and something of the deed stayed", (int)k);
    }
    sqlite3_free(was.bytes);
    return !met && done;
}

static gboolean world_write(World *w, Job job, gpointer data, char **out, GError **error)
{
    gboolean sampled = base_chance_below(&w->draw, 12) == 0;
    if (w->faults && sampled) return do_after_failures(w, job, data, out, error);
    return town_write(&w->town, job, data, error);
}

/* ---- deeds ---- */

static const char *const all_roles[] = { "handler", "callcentre", "unit", "duty_officer" };

static BaseId some_case(World *w)
{
    const GArray *cases = w->town.cases;
    return g_array_index(cases, BaseId, base_chance_below(&w->draw, cases->len));
}

static void refused(World *w, const char *what, const GError *error)
{
    g_ptr_array_add(w->town.refusals, g_strdup_printf("%s: %s", what, error->message));
}

static char *do_signal(World *w)
{
    g_autoptr(GError) error = NULL;
    char *why = NULL;
    char ref[32];
    g_snprintf(ref, sizeof ref, "R%u",
               w->town.signals - (w->town.signals && !base_chance_below(&w->draw, 6)));
    TownSignal s = { .source = "form", .ref = ref, .at = { 30.0, 120.0 } };
    w->town.chance = w->draw;
    if (world_write(w, town_open_job, &s, &why, &error) && !why && !s.again) {
        w->town.signals++;
        g_array_append_val(w->town.cases, s.id);
    }
    if (error) refused(w, "signal", error);
    return why;
}

typedef struct {
    const BaseId *id; /* NULL: rejected */
    char *ref;
} Other;

static gboolean other_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const Other *o = data;
    const CaseActor web = { .actor = "web", .roles = (const char *const[]){ "callcentre", NULL } };
    PackSignal signal = { .channel = (char *)"web", .ref = o->ref, .at = town->now };
    if (o->id) return case_join(town->room, conn, o->id, "form", &signal, &web, town->now, error);
    return case_reject(town->room, conn, "form", &signal, town_the_pack(town), "twice", "operator", town->now,
                       error);
}

static char *do_other_signal(World *w)
{
    g_autoptr(GError) error = NULL;
    char *why = NULL;
    BaseId id = some_case(w);
    g_autofree char *ref = g_strdup_printf("O%d", (int)base_chance_below(&w->draw, 1000));
    Other o = { base_chance_below(&w->draw, 2) ? &id : NULL, ref };
    world_write(w, other_job, &o, &why, &error);
    if (error) refused(w, "other signal", error);
    return why;
}

static gboolean pass_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    int handled = 0;
    return supervise_tick(town->room, conn, town->now, 1000, &handled, error);
}

static char *do_pass(World *w)
{
    g_autoptr(GError) error = NULL;
    char *why = NULL;
    w->town.now += (gint64)base_chance_below(&w->draw, 60) * BASE_HOUR;
    world_write(w, pass_job, NULL, &why, &error);
    if (error) refused(w, "passing", error); /* a service that goes round for ever holds its own clocks up */
    return why;
}

typedef struct {
    BaseId id;
    int level;
} Answer;

static gboolean rate_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    const Answer *a = data;
    return close_rate(town->room, conn, &a->id, a->level, CANARY, town->now, error);
}

static gboolean is_asking(World *w, const BaseId *id)
{
    g_autoptr(Case) c = town_load(&w->town, id);
    const FlowChart *chart = pack_chart(c->pack);
    return flow_active(chart, &c->flow, flow_chart_state_find(chart, "asking"));
}

static char *do_rate(World *w)
{
    g_autoptr(GError) error = NULL;
    char *why = NULL;
    BaseId id = some_case(w);
    for (int tries = 0; tries < 8 && !is_asking(w, &id); tries++)
        id = some_case(w);
    Answer a = { .id = id, .level = (int)base_chance_below(&w->draw, 7) };
    world_write(w, rate_job, &a, &why, &error);
    if (error) refused(w, "rating", error);
    return why;
}

static gboolean freeze_job(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    gint64 edition;
    char period[11];
    indicator_period(INDICATOR_MONTH, town->now, BASE_CHINA_OFFSET, period);
    const MeasureFreeze freeze = {
        .pack = "wild", .report = "monthly", .period = period, .why = data, .actor = "boss", .now = town->now
    };
    return measure_report_freeze(town->room, conn, &freeze, &edition, error);
}

/* Law 7: the month so far is frozen; again with a reason, or without. */
static char *do_freeze(World *w)
{
    g_autoptr(GError) error = NULL;
    char *why = NULL;
    char *reason = base_chance_below(&w->draw, 4) ? (char *)"more came in" : NULL;
    world_write(w, freeze_job, reason, &why, &error);
    if (error) refused(w, "freezing", error);
    return why;
}

/* Law 8: somebody looks, or is not let. */
static char *do_look(World *w)
{
    g_autoptr(GError) error = NULL;
    BaseId id = some_case(w);
    const char *const roles[] = { all_roles[base_chance_below(&w->draw, 4)], NULL };
    GuardUser user = town_user("D1", NULL, roles);
    GuardCase about = { 0 };
    g_autoptr(GPtrArray) hold = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreConn) conn = store_read_begin(w->town.store, &error);
    HOLD(case_view_about(conn, &id, &about, hold, &error), "a case cannot be asked about: %s",
         error->message);
    g_clear_pointer(&conn, store_read_end);
    gsize n;
    const GuardRule *rules = case_view_rules(w->town.room, town_the_pack(&w->town), &n);
    g_autoptr(Grant) grant =
        guard_grant_open(w->town.guard, &user, &about, rules, n, "handle", w->town.now, &error);
    HOLD((grant != NULL) == !strcmp(roles[0], "callcentre"), "%s: granted against the pack's rules",
         roles[0]);
    if (!grant) return NULL;
    w->looked++;
    g_autoptr(StoreConn) after = store_read_begin(w->town.store, NULL);
    json_t *facts = guard_private_read(after, grant, NULL);
    gboolean given = json_object_get(facts, "caller") != NULL;
    json_decref(facts);
    HOLD(given, "the granted field is not given");
    return NULL;
}

/* What the chart knows for where the case is, mostly by who may do it. */
static char *do_event(World *w)
{
    BaseId id = some_case(w);
    g_autoptr(Case) c = town_load(&w->town, &id);
    const FlowChart *chart = pack_chart(c->pack);
    g_autoptr(GArray) possible = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        FlowTransition t = flow_chart_transition_at(chart, i);
        gboolean people = strcmp(t.roles[0], "system") && strcmp(t.roles[0], "resident");
        if (!t.event || !people || !flow_active(chart, &c->flow, t.from)) continue;
        for (int often = g_str_equal(t.event, "finish") ? 4 : 1; often > 0; often--)
            g_array_append_val(possible, i);
    }
    if (!possible->len) return NULL;
    FlowTransition t = flow_chart_transition_at(
        chart, g_array_index(possible, gsize, base_chance_below(&w->draw, possible->len)));
    json_t *fields = json_object();
    w->town.chance = w->draw;
    for (gsize i = 0; t.needs[i]; i++)
        json_object_set_new(fields, t.needs[i], town_value(&w->town, pack_field(c->pack, t.needs[i])));
    gboolean wrong = base_chance_below(&w->draw, 10) == 0;
    const char *const roles[] = { wrong ? all_roles[base_chance_below(&w->draw, 4)] : t.roles[0], NULL };
    TownDeed d = {
        id, t.event, fields, { .actor = roles[0], .roles = roles, .org = c->org, .unit = c->unit }
    };
    g_autoptr(GError) error = NULL;
    char *why = NULL;
    world_write(w, town_fire_job, &d, &why, &error);
    if (error) refused(w, t.event, error);
    json_decref(fields);
    return why;
}

static char *do_deed(World *w, const Deed *d)
{
    w->draw = base_chance_seeded(d->seed);
    w->town.now += d->gap;
    guint64 dice = base_chance_below(&w->draw, 20);
    if (dice == 19 && base_chance_below(&w->draw, 4) == 0) return do_freeze(w);
    if (dice < 2 || !w->town.cases->len) return do_signal(w);
    if (dice == 2) return do_other_signal(w);
    if (dice < 5) return do_pass(w);
    if (dice < 7) return do_rate(w);
    if (dice == 7) return do_look(w);
    return do_event(w);
}

/* ---- the laws ---- */

static const struct {
    const char *law, *rows; /* which there must be none of */
} laws[] = {
    { "1: a signal without exactly one disposition",
      "signal WHERE disposition NOT IN ('opened', 'joined', 'rejected')" },
    { "1: a signal that opened or joined no case",
      "signal WHERE disposition IN ('opened', 'joined') AND (case_id IS NULL OR case_id NOT IN (SELECT id "
      "FROM case_file))" },
    { "1: a rejection without a reason and a person",
      "event WHERE kind = 'signal.rejected' AND (body ->> 'reason' IS NULL OR body ->> 'person' IS NULL)" },
    { "1: a case not opened by one signal", "case_file c WHERE (SELECT count(*) FROM signal s WHERE "
                                            "s.case_id = c.id AND disposition = 'opened') <> 1" },
    { "2: an open case nobody is responsible for", "case_file WHERE org = ''" },
    { "2: an open case without a running clock",
      "case_file c WHERE final = 0 AND NOT EXISTS (SELECT 1 FROM clock WHERE case_id = c.id AND state = 1)" },
    { "2: a resident's clock that stands without ground, approver and end",
      "case_file c JOIN clock k ON k.case_id = c.id AND k.id = 'whole' AND k.state = 2 WHERE final = 0 AND "
      "(facts ->> 'ground' IS NULL OR NOT EXISTS (SELECT 1 FROM clock s WHERE s.case_id = c.id AND s.id = "
      "'suspension' AND s.state = 1) OR NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = c.id AND body "
      "->> "
      "'event' = 'hold' AND body ->> 'by_role' = 'callcentre'))" },
    { "2: a resident's clock that stands while the case is in hand",
      "case_file c JOIN clock k ON k.case_id = c.id AND k.id = 'whole' AND k.state <> 1 WHERE final = 0 AND "
      "c.state "
      "<> 'held'" },
    { "3: a closed case without evidence",
      "case_file WHERE final = 1 AND (closed_at IS NULL OR facts ->> 'answer' IS NULL)" },
    { "3: a closed case with a running clock",
      "case_file c WHERE final = 1 AND EXISTS (SELECT 1 FROM clock WHERE case_id = c.id AND state = 1)" },
    { "3: a closed case with an open task",
      "case_file c JOIN task t ON t.case_id = c.id WHERE final = 1 AND t.state IN ('offered', 'accepted')" },
    { "3: two open tasks of a kind", "(SELECT case_id, kind FROM task WHERE state IN ('offered', 'accepted') "
                                     "GROUP BY 1, 2 HAVING count(*) > 1)" },
    { "4: the resident's clock started again",
      "(SELECT case_id, body -> 'clocks' -> 'whole' k FROM event WHERE k IS NOT NULL GROUP BY case_id HAVING "
      "count(DISTINCT k ->> 4) > 1)" },
    { "4: a rung of the resident's clock told twice",
      "(SELECT case_id FROM event WHERE kind = 'case.rung' AND body ->> 'clock' = 'whole' GROUP BY case_id, "
      "body ->> "
      "'percent', body ->> 'event' HAVING count(*) > 1)" },
    { "5: a service that was done and nobody was asked",
      "event e WHERE body ->> 'event' = 'finish' AND NOT EXISTS (SELECT 1 FROM rating r WHERE r.case_id = "
      "e.case_id)" },
    { "5: a service rated twice",
      "(SELECT case_id FROM event WHERE body ->> 'event' = 'rate' GROUP BY case_id HAVING count(*) > 1)" },
    { "5: a bad rating that did not go back to work", "event WHERE body ->> 'event' = 'rate' AND body ->> "
                                                      "'rating' <= 2 AND body ->> 'reopens' < 3 AND body ->> "
                                                      "'to_state' = 'closed'" },
    { "5: silence taken for praise",
      "event WHERE body ->> 'event' = 'rate_lapsed' AND body ->> 'rating' IS NOT NULL" },
    { "7: a frozen report that changed",
      "report r WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.seq = r.seq "
      "AND e.kind = 'report.frozen' AND e.body = r.body)" },
    { "7: a frozen report that is gone", "event e WHERE kind = 'report.frozen' AND NOT EXISTS (SELECT 1 FROM "
                                         "report r WHERE r.seq = e.seq)" },
    { "7: a correction that does not name the old and say why",
      "report r WHERE edition <> 1 AND (body -> 'corrects' ->> 'edition' IS NOT r.edition - 1 OR body -> "
      "'corrects' ->> 'why' IS NULL)" },
    { "8: a private value in the open", "event WHERE body LIKE '%" CANARY "%'" },
    { "8: a private value in the open",
      "case_file WHERE facts LIKE '%" CANARY "%' OR title LIKE '%" CANARY "%' OR place LIKE '%" CANARY "%'" },
    { "8: a look without a case or a basis",
      "event WHERE operation = 'consultation' AND (case_id IS NULL OR basis = '')" },
    { "8: an event of a case without a basis",
      "event WHERE kind LIKE 'case.%' AND (basis = '' OR purpose = '')" },
};

static char *hold_rows(World *w)
{
    for (gsize i = 0; i < G_N_ELEMENTS(laws); i++) {
        g_autofree char *sql = g_strconcat("SELECT count(*) FROM ", laws[i].rows, NULL);
        HOLD(town_number(&w->town, g_intern_string(sql)) == 0, "law %s", laws[i].law);
    }
    HOLD(town_number(&w->town, "SELECT count(*) FROM event WHERE operation = 'consultation'") == w->looked,
         "law 8: looks and entries in the log differ");
    for (guint i = 0; i < w->town.refusals->len; i++)
        HOLD(!strstr(w->town.refusals->pdata[i], CANARY), "law 8: a private value in a refusal");
    return NULL;
}

/* Invariants of every case, and law 6: every row, figures included, comes out of the ledger again. */
static char *hold_again(World *w)
{
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < w->town.cases->len; i++) {
        g_autoptr(Case) c = town_load(&w->town, &g_array_index(w->town.cases, BaseId, i));
        const char *unsound = NULL;
        HOLD(flow_sound(pack_chart(c->pack), &c->flow, &unsound), "case %s: %s", c->number, unsound);
    }
    g_autoptr(GPtrArray) differences = g_ptr_array_new_with_free_func(g_free);
    HOLD(case_verify(w->town.room, NULL, NULL, differences, &error), "not made again: %s", error->message);
    HOLD(!differences->len, "law 6: made again, other: %s", (char *)differences->pdata[0]);
    GuardAudit audit;
    HOLD(guard_audit_verify(w->town.guard, NULL, NULL, NULL, &audit, &error), "not audited: %s",
         error->message);
    HOLD(audit.sound, "law 7: the ledger is not what it was: %s", audit.why);
    return NULL;
}

/* ---- stories ---- */

static guint64 number_from(const char *variable, guint64 otherwise)
{
    return g_getenv(variable) ? g_ascii_strtoull(g_getenv(variable), NULL, 10) : otherwise;
}

static gboolean world_open(World *w, guint64 seed)
{
    BaseChance chance = base_chance_seeded(seed);
    Pack *pack = wild_pack(&chance);
    if (!pack) return FALSE;
    town_open_with(&w->town, seed, pack);
    w->dispatch = dispatch_new(w->town.room);
    close_enrol(w->town.room);
    measure_enrol(w->town.room);
    fault_put(w->town.store);
    return TRUE;
}

static void world_close(World *w)
{
    dispatch_free(w->dispatch);
    w->town.store->writer->ops = fault.real;
    town_close(&w->town);
}

/* A reason when a law is broken. `root`: digest at the end. */
static char *live(guint64 seed, const GArray *story, gboolean faults, Tally *tally, char **root)
{
    World w = { .faults = faults, .tally = tally };
    if (!world_open(&w, seed)) return NULL;
    char *why = NULL;
    for (guint i = 0; !why && i < story->len; i++) {
        why = do_deed(&w, &g_array_index(story, Deed, i));
        if (!why && i % 40 == 39) why = hold_rows(&w);
    }
    if (!why) why = hold_rows(&w);
    if (!why) why = hold_again(&w);
    *root = digest(&w.town);
    tally->events += (guint64)town_number(&w.town, "SELECT count(*) FROM event");
    tally->closed += (guint64)town_number(&w.town, "SELECT count(*) FROM case_file WHERE final = 1");
    tally->rated +=
        (guint64)town_number(&w.town, "SELECT count(*) FROM event WHERE body ->> 'event' = 'rate'");
    tally->held +=
        (guint64)town_number(&w.town, "SELECT count(*) FROM event WHERE body ->> 'event' = 'hold'");
    tally->frozen += (guint64)town_number(&w.town, "SELECT count(*) FROM report");
    world_close(&w);
    return why;
}

static char *live_twice(guint64 seed, const GArray *story, Tally *tally, gboolean *taken)
{
    g_autofree char *plain = NULL, *after_failures = NULL;
    char *why = live(seed, story, FALSE, tally, &plain);
    *taken = plain != NULL;
    if (why || !plain) return why;
    why = live(seed, story, TRUE, tally, &after_failures);
    if (!why && g_strcmp0(plain, after_failures) != 0)
        why = g_strdup("deeds done after failures are other deeds");
    return why;
}

static GArray *story_drawn(guint64 seed)
{
    BaseChance chance = base_chance_seeded(~seed);
    GArray *story = g_array_new(FALSE, FALSE, sizeof(Deed));
    for (int i = 0; i < DEEDS; i++) {
        Deed d = { base_chance_u64(&chance), (gint64)base_chance_below(&chance, 90) * BASE_MINUTE };
        g_array_append_val(story, d);
    }
    return story;
}

/* Leaves out deeds while some law is still broken. */
static void shrink(guint64 seed, GArray *story)
{
    Tally tally = { 0 };
    gboolean taken;
    for (guint n = MAX(1, story->len / 2); n; n /= 2) {
        for (guint i = 0; i + n <= story->len;) {
            g_autoptr(GArray) less = g_array_copy(story);
            g_array_remove_range(less, i, n);
            g_autofree char *why = live_twice(seed, less, &tally, &taken);
            if (why)
                g_array_remove_range(story, i, n);
            else
                i++;
        }
    }
}

static void the_eight_laws_hold_on_random_services(void)
{
    guint64 wanted = number_from("LAWS_EVENTS", 3200),
            seed = number_from("LAWS_SEED", (guint32)g_test_rand_int());
    guint64 deeds = 0, services = 0, not_taken = 0;
    Tally tally = { 0 };
    g_test_message("first seed %" G_GUINT64_FORMAT, seed);
    for (; deeds < wanted; seed++, services++) {
        g_autoptr(GArray) story = story_drawn(seed);
        gboolean taken = FALSE;
        g_autofree char *why = live_twice(seed, story, &tally, &taken);
        deeds += taken ? story->len : 0;
        not_taken += !taken;
        if (!why) continue;
        shrink(seed, story);
        g_autofree char *least = live_twice(seed, story, &tally, &taken);
        BaseChance chance = base_chance_seeded(seed);
        g_autoptr(Pack) pack = wild_pack(&chance);
        json_t *procedure = json_loads(pack_canonical(pack), 0, NULL);
        char *lines = json_dumps(json_object_get(procedure, "procedure.yaml"), JSON_INDENT(1));
        g_error("seed %" G_GUINT64_FORMAT ": %s\nsmallest, %u deeds: %s\n%s", seed, why, story->len, least,
                lines);
    }
    g_test_message(
        "%" G_GUINT64_FORMAT " deeds on %" G_GUINT64_FORMAT " services, each twice: %" G_GUINT64_FORMAT
        " events, %" G_GUINT64_FORMAT " cases closed, %" G_GUINT64_FORMAT " answers, %" G_GUINT64_FORMAT
        " suspensions, %" G_GUINT64_FORMAT " editions; the store failed %" G_GUINT64_FORMAT " times",
        deeds, services, tally.events, tally.closed, tally.rated, tally.held, tally.frozen, tally.failed);
    g_assert_cmpuint(tally.failed, >, services);
    g_assert_cmpuint(not_taken, <, services / 4);
    g_assert_cmpuint(tally.closed, >, services);
    g_assert_cmpuint(tally.rated, >, services / 4);
    g_assert_cmpuint(tally.held, >, services / 4);
    g_assert_cmpuint(tally.frozen, >, services / 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/city/the_eight_laws_hold_on_random_services", the_eight_laws_hold_on_random_services);
    return g_test_run();
}
