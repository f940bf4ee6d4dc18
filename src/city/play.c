/* play.c - a heap of acts in the order of time. Each act names the case's event it answers; when the case has
 * moved on since, the act is dropped, as a person who comes too late would drop it. */
#include "city/play.h"
#include "city/script.h"
#include "loop/close/close.h"
#include "loop/intake/plan.h"
#include "loop/supervise/supervise.h"
#include <string.h>

typedef struct {
    gint64 at;
    guint64 order;      /* of making, so that equal times have one order */
    const Habit *habit; /* NULL: a signal arrives */
    const Pack *pack;   /* of the habit's script */
    guint source, index;
    BaseId case_id;
} Act;

typedef struct {
    const Pack *pack;
    char *name;
    GArray *signals;
} Source;

typedef struct { /* an act that a case waits for, where it stands in a state */
    const char *state;
    guint64 order;
} Pending;

struct Play {
    CaseRoom *room;
    BaseChance chance;
    GArray *heap;       /* of Act; the earliest first */
    GPtrArray *sources; /* of Source */
    DocumentDesk *documents;
    GHashTable *scripts; /* const Pack * -> Script, or NULL: not played */
    char *folder;        /* of scripts; NULL: nobody acts */
    GHashTable *waits;   /* BaseId -> GArray of Pending, each state once */
    PlanDesk plans;
    guint64 orders;
    gint64 now, arrived, horizon; /* of the last signal handed over; 0: none */
};

/* ---- the heap ---- */

static gboolean earlier(const Act *a, const Act *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void push(Play *play, Act act)
{
    act.order = play->orders++;
    g_array_append_val(play->heap, act);
    Act *heap = (Act *)play->heap->data;
    for (guint i = play->heap->len - 1; i > 0 && earlier(&heap[i], &heap[(i - 1) / 2]); i = (i - 1) / 2) {
        Act above = heap[(i - 1) / 2];
        heap[(i - 1) / 2] = heap[i];
        heap[i] = above;
    }
}

static Act pop(Play *play)
{
    Act *heap = (Act *)play->heap->data, first = heap[0];
    guint n = play->heap->len - 1;
    heap[0] = heap[n];
    g_array_set_size(play->heap, n);
    for (guint i = 0, child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && earlier(&heap[child + 1], &heap[child])) child++;
        if (!earlier(&heap[child], &heap[i])) break;
        Act below = heap[child];
        heap[child] = heap[i];
        heap[i] = below;
    }
    return first;
}

/* ---- what happened asks somebody to act ---- */

#define WAY_FACTOR 1.35 /* streets against a straight line (shared/bench: 60 x 40 km grid) */
#define METRES_A_MINUTE (42 * 1000 / 60.0) /* with right of way, through a city */

/* Could this habit be, of this case? */
static gboolean fits(const Habit *habit, const Case *c)
{
    if (!c->unit && strcmp(habit->by, "unit") == 0) return FALSE;
    return !habit->when || rule_holds(habit->when, c->row);
}

static const Habit *choose(Play *play, const Habit *habits, gsize n, const Case *c)
{
    guint total = 0;
    for (gsize i = 0; i < n; i++)
        total += fits(&habits[i], c) ? habits[i].weight : 0;
    if (!total) return NULL;
    guint drawn = (guint)base_chance_below(&play->chance, total);
    for (gsize i = 0;; i++) {
        if (!fits(&habits[i], c)) continue;
        if (drawn < habits[i].weight) return &habits[i];
        drawn -= habits[i].weight;
    }
}

/* What people do when another is refused: the first that could be. */
static const Habit *usual(const Habit *habits, gsize n, const Case *c)
{
    for (gsize i = 0; i < n; i++)
        if (fits(&habits[i], c)) return &habits[i];
    return NULL;
}

/* A version that came in meanwhile gets the script as it is now; what its people could not do, nobody does.
 */
static const Script *script_of(Play *play, const Pack *pack)
{
    gpointer script;
    if (g_hash_table_lookup_extended(play->scripts, pack, NULL, &script)) return script;
    g_autoptr(GError) why = NULL;
    script = play->folder ? script_load(play->folder, pack, &why) : NULL;
    if (why) g_warning("nobody plays the new version of %s: %s", pack_id(pack), why->message);
    g_hash_table_insert(play->scripts, (gpointer)pack, script);
    return script;
}

static gboolean where_is(StoreConn *conn, const char *unit, BasePoint *at, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT lat, lon FROM unit WHERE id = ?1", STORE_T(unit));
    if (rows && store_step(rows, &failed)) *at = (BasePoint){ store_real(rows, 0), store_real(rows, 1) };
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

/* Minutes until somebody does this; a unit that is to arrive drives first. */
static gboolean delay_of(Play *play, StoreConn *conn, const Habit *habit, const Case *c, double *minutes,
                         GError **error)
{
    *minutes = habit->least + (habit->most - habit->least) * base_chance_unit(&play->chance);
    if (g_strcmp0(habit->event, "arrive") != 0 || !c->unit || !base_geo_sound(c->point)) return TRUE;
    BasePoint from = c->point;
    if (!where_is(conn, c->unit, &from, error)) return FALSE;
    *minutes += base_geo_distance(from, c->point) * WAY_FACTOR / METRES_A_MINUTE;
    return TRUE;
}

static Pending *pending_in(const GArray *waits, const char *state)
{
    for (guint i = 0; i < waits->len; i++)
        if (strcmp(g_array_index(waits, Pending, i).state, state) == 0)
            return &g_array_index(waits, Pending, i);
    return NULL;
}

/* Could the event have led out of this state? By the chart: a transition from it, or from what it lies in,
 * that goes somewhere. */
static gboolean may_have_left(const FlowChart *chart, int state, const char *event)
{
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        FlowTransition t = flow_chart_transition_at(chart, i);
        if (t.to < 0 || !script_takes(&t, event)) continue;
        for (int s = state; s >= 0; s = flow_chart_state_parent(chart, s))
            if (s == t.from) return TRUE;
    }
    return FALSE;
}

static void forget_left(const Case *c, GArray *waits)
{
    const FlowChart *chart = pack_chart(c->pack);
    const char *event = c->row[rule_schema_find(pack_schema(c->pack), "event")].text;
    for (guint i = waits->len; i-- > 0;) {
        int state = flow_chart_state_find(chart, g_array_index(waits, Pending, i).state);
        if (state < 0 || !flow_active(chart, &c->flow, state) || may_have_left(chart, state, event))
            g_array_remove_index_fast(waits, i);
    }
}

/* Somebody will act on the case where it stands in this state; or nobody. */
static gboolean draw_act(Play *play, StoreConn *conn, const Case *c, const Script *script, const char *state,
                         GArray *waits, gint64 at, GError **error)
{
    gsize n;
    double minutes;
    const Habit *habits = script_habits(script, state, &n), *habit = n ? choose(play, habits, n, c) : NULL;
    if (!habit || (!habit->event && !habit->sign)) return TRUE;
    if (!delay_of(play, conn, habit, c, &minutes, error)) return FALSE;
    Pending pending = { habit->state, play->orders };
    g_array_append_val(waits, pending);
    push(play, (Act){ .at = at + (gint64)(minutes * BASE_MINUTE),
                      .habit = habit,
                      .pack = script_pack(script),
                      .case_id = c->id });
    return TRUE;
}

static GArray *waits_of(Play *play, const BaseId *id)
{
    GArray *waits = g_hash_table_lookup(play->waits, id);
    if (waits) return waits;
    waits = g_array_new(FALSE, FALSE, sizeof(Pending));
    g_hash_table_insert(play->waits, g_memdup2(id, sizeof *id), waits);
    return waits;
}

/* In each state the case stands in and waits for nobody. */
static gboolean draw_acts(Play *play, StoreConn *conn, const Case *c, gint64 at, GError **error)
{
    const FlowChart *chart = pack_chart(c->pack);
    const Script *script = script_of(play, c->pack);
    GArray *waits = waits_of(play, &c->id);
    for (int state = 0; script && state < flow_chart_states(chart); state++) {
        const char *id = flow_chart_state_id(chart, state);
        if (!flow_active(chart, &c->flow, state) || pending_in(waits, id)) continue;
        if (!draw_act(play, conn, c, script, id, waits, at, error)) return FALSE;
    }
    return TRUE;
}

static gboolean on_fact(CaseRoom *room, StoreConn *conn, const Case *c, gint64 seq, gint64 at, gpointer data,
                        GError **error)
{
    (void)room;
    (void)seq;
    Play *play = data;
    const FlowChart *chart = pack_chart(c->pack);
    if (c->row[rule_schema_find(pack_schema(c->pack), "rung_clock")].type != RULE_NULL) return TRUE;
    if (flow_ended(chart, &c->flow)) {
        g_hash_table_remove(play->waits, &c->id);
        return TRUE;
    }
    forget_left(c, waits_of(play, &c->id));
    return draw_acts(play, conn, c, at, error);
}

/* ---- acting ---- */

static gboolean act_signal(Play *play, StoreConn *conn, const Act *act, GError **error)
{
    static const char *const roles[] = { "dispatcher", NULL };
    static const CaseActor desk = { .actor = "sim:desk", .roles = roles };
    const Source *source = play->sources->pdata[act->source];
    const PackSignal *signal = &g_array_index(source->signals, PackSignal, act->index);
    BaseId id;
    gboolean again;
    if (!case_open(play->room, conn, source->pack, source->name, signal, &desk, act->at, &id, &again, error))
        return FALSE;
    play->arrived++;
    if (act->index + 1 < source->signals->len)
        push(play, (Act){ .at = MAX(act->at, g_array_index(source->signals, PackSignal, act->index + 1).at),
                          .source = act->source,
                          .index = act->index + 1 });
    return TRUE;
}

static gboolean act_resident(Play *play, StoreConn *conn, const Act *act, const json_t *fields,
                             GError **error)
{
    return close_rate(play->room, conn, &act->case_id,
                      (int)json_integer_value(json_object_get(fields, "level")),
                      json_string_value(json_object_get(fields, "text")), act->at, error);
}

/* A unit that arrives is where the case is. */
static gboolean arrive_there(Play *play, StoreConn *conn, const Case *c, const CaseActor *actor, gint64 at,
                             GError **error)
{
    if (!base_geo_sound(c->point)) return TRUE;
    return case_set_unit(play->room, conn, c->unit, "on_scene", &c->id, c->point, actor->actor, at, error);
}

static gboolean act_staff(Play *play, StoreConn *conn, Case *c, const Act *act, const json_t *fields,
                          gboolean colleague, GError **error)
{
    const char *by = act->habit->by, *roles[] = { by, NULL };
    gboolean by_unit = strcmp(by, "unit") == 0, by_party = pack_party(c->pack, by) != NULL;
    g_autofree char *name =
        by_party ? g_strdup(by)
                 : g_strdup_printf("sim:%s%s", by_unit ? c->unit : by, colleague && !by_unit ? "-2" : "");
    CaseActor actor = { .actor = name, .roles = roles };
    if (!by_party) actor.org = c->org;
    if (by_unit) actor.unit = c->unit;
    if (!case_move(play->room, conn, c, act->habit->event, fields, NULL, &actor, act->at, error))
        return FALSE;
    return !by_unit || strcmp(act->habit->event, "arrive") != 0 ||
           arrive_there(play, conn, c, &actor, act->at, error);
}

static json_t *draw_fields(Play *play, const Habit *habit)
{
    json_t *fields = json_object();
    for (guint i = 0; i < habit->with->len; i++) {
        const ScriptValue *value = &g_array_index(habit->with, ScriptValue, i);
        json_object_set_new(fields, value->name, script_draw(value, &play->chance, 0));
    }
    return fields;
}

static gboolean act_as(Play *play, StoreConn *conn, Case *c, const Act *act, gboolean colleague,
                       GError **error)
{
    json_t *fields = draw_fields(play, act->habit);
    gboolean rates = strcmp(act->habit->by, "resident") == 0 && strcmp(act->habit->event, "rate") == 0;
    gboolean well = rates ? act_resident(play, conn, act, fields, error)
                          : act_staff(play, conn, c, act, fields, colleague, error);
    json_decref(fields);
    return well;
}

/* ---- signing ---- */

static gboolean is_asked(const CasePaper *paper, const char *signer)
{
    int i = case_paper_signer(paper, signer);
    return i >= 0 && g_array_index(paper->signers, CaseSigner, i).state == CASE_SIGNER_ASKED;
}

/* Whose turn it is: this habit's signer, or of the others here the first who is asked; NULL: nobody is. */
static const Habit *whose_turn(Play *play, const Act *act, const CasePaper *paper)
{
    gsize n;
    const Habit *habits = script_habits(script_of(play, act->pack), act->habit->state, &n);
    if (is_asked(paper, act->habit->by)) return act->habit;
    for (gsize i = 0; i < n; i++)
        if (g_strcmp0(habits[i].sign, act->habit->sign) == 0 && is_asked(paper, habits[i].by))
            return &habits[i];
    return NULL;
}

static gboolean sign_as(Play *play, StoreConn *conn, const Case *c, CasePaper *paper, const char *signer,
                        gint64 at, GError **error)
{
    char shown[2 * CASE_PAPER_HASH + 1];
    for (gsize i = 0; i < CASE_PAPER_HASH; i++)
        g_snprintf(shown + 2 * i, 3, "%02x", paper->sha256[i]);
    json_t *strokes = json_pack("[[i, i, i, i, i, i]]", 100, 500, 400, 300, 900, 480);
    DocumentAnswer answer = {
        .signer = signer, .sha256 = shown, .strokes = strokes, .deed = CASE_SIGNER_SIGNED
    };
    const char *who = g_array_index(paper->signers, CaseSigner, case_paper_signer(paper, signer)).who;
    g_autofree char *login = g_strdup_printf("sim:%s", who);
    const GuardUser user = { .login = login,
                             .name = login,
                             .org = c->org,
                             .unit = c->unit,
                             .roles = (char *[]){ (char *)who, NULL } };
    g_autoptr(GString) said = g_string_new(NULL);
    BaseJson out = base_json_to(said);
    g_autofree char *path = pack_party(c->pack, who) ? case_paper_path(play->room, paper, signer) : NULL;
    gboolean well =
        path ? document_answer_by_link(play->documents, conn, path + strlen("/s/"), &answer, at, &out, error)
             : document_answer(play->documents, conn, &c->id, paper->id, paper->version, &answer, &user, at,
                               &out, error);
    json_decref(strokes);
    return well;
}

/* A signature alone moves nothing: until the last one the case still waits for the others. */
static gboolean act_sign(Play *play, StoreConn *conn, const Case *c, const Act *act, GError **error)
{
    g_auto(CasePaper) paper = { 0 };
    if (!case_paper_find(conn, &act->case_id, act->habit->sign, 0, &paper, error)) return FALSE;
    const Habit *turn = whose_turn(play, act, &paper);
    if (!turn) return TRUE;
    if (!sign_as(play, conn, c, &paper, turn->by, act->at, error)) return FALSE;
    g_autoptr(Case) after = case_load(play->room, conn, &act->case_id, error);
    return after && (flow_ended(pack_chart(after->pack), &after->flow) ||
                     draw_acts(play, conn, after, act->at, error));
}

/* ---- an act, when its time has come ---- */

/* Does the case still wait for this act? Then no longer. */
static gboolean is_awaited(Play *play, const Act *act)
{
    GArray *waits = g_hash_table_lookup(play->waits, &act->case_id);
    Pending *pending = waits ? pending_in(waits, act->habit->state) : NULL;
    if (!pending || pending->order != act->order) return FALSE;
    g_array_remove_index_fast(waits, (guint)(pending - (Pending *)waits->data));
    return TRUE;
}

/* Who is refused by a condition asks a colleague, for many services want two pairs of eyes; or else does what
 * is usual. */
static gboolean act_habit(Play *play, StoreConn *conn, const Act *act, GError **error)
{
    if (!is_awaited(play, act)) return TRUE; /* the case has moved on */
    g_autoptr(Case) c = case_load(play->room, conn, &act->case_id, error);
    if (!c) return FALSE;
    if (act->habit->sign) return act_sign(play, conn, c, act, error);
    gsize n;
    const Habit *habits = script_habits(script_of(play, act->pack), act->habit->state, &n),
                *tries[] = { act->habit, act->habit, usual(habits, n, c), NULL };
    tries[3] = tries[2];
    g_autoptr(GError) refusal = NULL;
    gboolean refused = TRUE;
    for (int i = 0; refused && i < 4 && tries[i] && tries[i]->event; i++) {
        Act now = *act;
        now.habit = tries[i];
        g_clear_error(&refusal);
        if (act_as(play, conn, c, &now, i % 2 == 1, &refusal)) return TRUE;
        refused = g_error_matches(refusal, FLOW_ERROR, FLOW_ERROR_GUARD);
    }
    g_propagate_prefixed_error(
        error, g_steal_pointer(&refusal),
        "the simulated %s could not \"%s\" in state %s of %s, nor what is usual there: ", act->habit->by,
        act->habit->event, act->habit->state, pack_id(act->pack));
    return FALSE;
}

/* Plans go on for ever; the play does until its last signal. */
static gboolean open_planned(Play *play, StoreConn *conn, gint64 at, int *acted, GError **error)
{
    play->now = MAX(play->now, at);
    return plan_tick(&play->plans, conn, play->now, 50, acted, error);
}

static gboolean step_once(Play *play, StoreConn *conn, gint64 until, int *acted, GError **error)
{
    gint64 due, planned = G_MAXINT64,
                act_at = play->heap->len > 0 ? g_array_index(play->heap, Act, 0).at : G_MAXINT64;
    if (!supervise_next(conn, &due, error)) return FALSE;
    const gint64 first = MIN(due, act_at), to = MIN(MIN(first, until), play->horizon);
    if (play->horizon && !plan_next(&play->plans, conn, to, &planned, error)) return FALSE;
    if (planned <= to) return open_planned(play, conn, planned, acted, error);
    if (first > until) return TRUE;
    play->now = MAX(play->now, first);
    if (due <= act_at) return supervise_tick(play->room, conn, due, 50, acted, error);
    Act act = pop(play);
    *acted = 1;
    return act.habit ? act_habit(play, conn, &act, error) : act_signal(play, conn, &act, error);
}

gboolean play_step(Play *play, StoreConn *conn, gint64 until, int limit, int *acted, GError **error)
{
    *acted = 0;
    gboolean well = TRUE;
    for (int once = 1; well && once > 0 && *acted < limit; *acted += once) {
        once = 0;
        well = step_once(play, conn, until, &once, error);
    }
    return well;
}

/* ---- making ---- */

static guint id_hash(gconstpointer id)
{
    guint hash;
    memcpy(&hash, ((const BaseId *)id)->b + 12, sizeof hash); /* drawn bits */
    return hash;
}

static gboolean id_equal(gconstpointer a, gconstpointer b)
{
    return base_id_equal(a, b);
}

static void source_free(gpointer data)
{
    Source *source = data;
    g_free(source->name);
    g_array_unref(source->signals);
    g_free(source);
}

Play *play_new(CaseRoom *room, DocumentDesk *documents, guint64 seed)
{
    Play *play = g_new0(Play, 1);
    play->room = room;
    play->documents = documents;
    play->plans = (PlanDesk){ .room = room };
    play->chance = base_chance_seeded(seed ^ 0x91a7u);
    play->heap = g_array_new(FALSE, FALSE, sizeof(Act));
    play->sources = g_ptr_array_new_with_free_func(source_free);
    play->waits = g_hash_table_new_full(id_hash, id_equal, g_free, (GDestroyNotify)g_array_unref);
    play->scripts = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)script_free);
    case_room_listen(room, on_fact, play);
    return play;
}

void play_free(Play *play)
{
    if (!play) return;
    g_array_unref(play->heap);
    g_ptr_array_unref(play->sources);
    g_hash_table_unref(play->waits);
    g_hash_table_unref(play->scripts);
    g_free(play->folder);
    g_free(play);
}

gboolean play_learn(Play *play, const char *folder, GError **error)
{
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, SCRIPT_ERROR, SCRIPT_ERROR_READ,
                    "%s cannot be read; it holds how services are played", folder);
        return FALSE;
    }
    const GPtrArray *packs = case_room_packs(play->room);
    for (guint i = 0; i < packs->len; i++) {
        g_autoptr(GError) why = NULL;
        Script *script = script_load(folder, packs->pdata[i], &why);
        if (why) {
            g_propagate_error(error, g_steal_pointer(&why));
            return FALSE;
        }
        g_hash_table_insert(play->scripts, packs->pdata[i], script);
    }
    play->folder = g_strdup(folder);
    return TRUE;
}

const Script *play_script(Play *play, const Pack *pack)
{
    return script_of(play, pack);
}

void play_signals(Play *play, const Pack *pack, const char *name, GArray *signals)
{
    Source *source = g_new0(Source, 1);
    source->pack = pack;
    source->name = g_strdup(name);
    source->signals = signals;
    g_ptr_array_add(play->sources, source);
    if (signals->len == 0) return;
    play->horizon = MAX(play->horizon, g_array_index(signals, PackSignal, signals->len - 1).at);
    push(play, (Act){ .at = g_array_index(signals, PackSignal, 0).at, .source = play->sources->len - 1 });
}

gint64 play_now(const Play *play)
{
    return play->now;
}

gint64 play_arrived(const Play *play)
{
    return play->arrived;
}

gint64 play_expected(const Play *play)
{
    gint64 n = 0;
    for (guint i = 0; i < play->sources->len; i++)
        n += ((Source *)play->sources->pdata[i])->signals->len;
    return n;
}

static int by_value(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

gboolean play_middle(const Play *play, BasePoint *out)
{
    g_autoptr(GArray) lat = g_array_new(FALSE, FALSE, sizeof(double)),
                      lon = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < play->sources->len; i++) {
        const Source *source = play->sources->pdata[i];
        for (guint k = 0; k < source->signals->len; k++) {
            const PackSignal *signal = &g_array_index(source->signals, PackSignal, k);
            if (!base_geo_sound((BasePoint){ signal->lat, signal->lon })) continue;
            g_array_append_val(lat, signal->lat);
            g_array_append_val(lon, signal->lon);
        }
    }
    if (lat->len == 0) return FALSE;
    g_array_sort(lat, by_value);
    g_array_sort(lon, by_value);
    *out = (BasePoint){ g_array_index(lat, double, lat->len / 2), g_array_index(lon, double, lon->len / 2) };
    return TRUE;
}

gint64 play_first(const Play *play)
{
    gint64 first = 0;
    for (guint i = 0; i < play->sources->len; i++) {
        const GArray *signals = ((Source *)play->sources->pdata[i])->signals;
        if (signals->len > 0 && (!first || g_array_index(signals, PackSignal, 0).at < first))
            first = g_array_index(signals, PackSignal, 0).at;
    }
    return first;
}
