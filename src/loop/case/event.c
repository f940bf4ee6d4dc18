/* event.c - what happened to a case, as the open JSON body of a ledger event, and back. Every body holds the
 * state after the event in full where figures need it, so that SQL over the ledger alone can compute them
 * again. */
#include "loop/case/life.h"

#include <math.h>

static const char *const kinds[] = { "case.opened", "case.moved", "case.rung", "case.migrated" };
static const char *const rates[] = { NULL, "invited", "answered", "lapsed" };

const char *case_event_kind(const CaseEvent *e)
{
    return kinds[e->deed];
}

void case_event_clear(CaseEvent *e)
{
    json_decref(e->facts);
    json_decref(e->private_facts);
    json_decref(e->renamed_tasks);
    json_decref(e->renamed_private);
    json_decref(e->hold);
    if (e->texts) g_ptr_array_unref(e->texts);
    memset(e, 0, sizeof *e);
}

/* ---- writing ---- */

static void put_instant(BaseJson *j, gint64 t)
{
    if (t == G_MAXINT64)
        base_json_null(j);
    else
        base_json_int(j, t);
}

static void write_clocks(BaseJson *j, const CaseEvent *e)
{
    base_json_key(j, "clocks");
    base_json_object(j);
    for (int i = 0; i < FLOW_MAX_CLOCKS; i++) {
        if (!(e->clocks & 1u << i)) continue;
        const FlowClock *k = &e->clock[i];
        base_json_key(j, flow_chart_clock_def(e->kit->chart, i)->id);
        base_json_array(j);
        const gint64 numbers[] = { k->state,   k->consumed, k->since, k->budget,
                                   k->started, k->stopped,  k->rung,  k->expired };
        for (gsize n = 0; n < G_N_ELEMENTS(numbers); n++)
            base_json_int(j, numbers[n]);
        put_instant(j, e->due[i].next);
        put_instant(j, e->due[i].due);
        base_json_int(j, e->due[i].provisional);
        if (k->extended) base_json_int(j, k->extended);
        base_json_end_array(j);
    }
    base_json_end_object(j);
}

static void write_tasks(BaseJson *j, const CaseEvent *e)
{
    base_json_key(j, "tasks");
    base_json_array(j);
    for (guint i = 0; i < e->n_tasks; i++) {
        base_json_array(j);
        base_json_text(j, flow_chart_task_id(e->kit->chart, e->task[i].kind));
        base_json_int(j, e->task[i].generation);
        base_json_text(j, flow_task_state_name(e->task[i].state));
        base_json_end_array(j);
    }
    base_json_end_array(j);
}

static void write_notices(BaseJson *j, const CaseEvent *e)
{
    base_json_key(j, "notices");
    base_json_array(j);
    for (guint i = 0; i < e->n_notices; i++) {
        base_json_array(j);
        base_json_text(j, e->notice[i].id);
        base_json_text(j, e->notice[i].channel);
        base_json_text(j, e->notice[i].receiver);
        base_json_end_array(j);
    }
    base_json_end_array(j);
}

static void write_relations(BaseJson *j, const CaseEvent *e)
{
    char other[BASE_ID_TEXT];
    base_json_key(j, "relations");
    base_json_array(j);
    for (guint i = 0; i < e->n_relations; i++) {
        const CaseRelation *r = &e->relation[i];
        base_id_write(&r->other, other);
        base_json_array(j);
        base_json_text(j, case_relation_name(r->kind));
        base_json_text(j, other);
        base_json_bool(j, r->ends);
        base_json_int(j, r->budget);
        base_json_int(j, r->base);
        base_json_end_array(j);
    }
    base_json_end_array(j);
}

static void write_rate(BaseJson *j, const CaseEvent *e)
{
    base_json_key(j, "rate");
    base_json_object(j);
    base_json_put_text(j, "is", rates[e->rate]);
    base_json_end_object(j);
}

void case_signal_write(BaseJson *j, const CaseSignal *signal)
{
    char id[BASE_ID_TEXT];
    base_id_write(&signal->id, id);
    base_json_key(j, "signal");
    base_json_object(j);
    base_json_put_text(j, "id", id);
    base_json_put_text(j, "source", signal->source);
    base_json_put_text(j, "ref", signal->ref);
    base_json_put_text(j, "channel", signal->channel);
    base_json_put_int(j, "at", signal->at);
    base_json_put_int(j, "received_at", signal->received_at);
    base_json_end_object(j);
}

/* A flat chart's configuration is the state it rests in. */
static void write_states(BaseJson *j, const CaseEvent *e)
{
    FlowCase flow = { .active = e->active };
    if (flow_chart_flat(e->kit->chart)) return;
    memcpy(flow.remembered, e->remembered, sizeof flow.remembered);
    g_autoptr(GString) text = g_string_new(NULL);
    flow_states_write(e->kit->chart, &flow, text);
    base_json_put_text(j, "states", text->str);
}

static void write_migration(BaseJson *j, const CaseEvent *e)
{
    base_json_put_text(j, "version", pack_version(e->kit->pack));
    base_json_key(j, "renamed");
    base_json_object(j);
    base_json_key(j, "tasks");
    base_json_tree(j, e->renamed_tasks);
    base_json_key(j, "private");
    base_json_tree(j, e->renamed_private);
    base_json_end_object(j);
}

static void write_opening(BaseJson *j, const CaseEvent *e)
{
    base_json_put_text(j, "version", pack_version(e->kit->pack));
    base_json_put_text(j, "number", e->number);
    case_signal_write(j, &e->signal);
    base_json_put_text(j, "title", e->title);
    base_json_put_text(j, "place", e->place);
    base_json_put_real(j, "lat", e->point.lat);
    base_json_put_real(j, "lon", e->point.lon);
}

static const char *state_id(const CaseEvent *e, int state)
{
    return state < 0 ? NULL : flow_chart_state_id(e->kit->chart, state);
}

/* The facts every event states, in the names of PACK_FACTS. */
static void write_state(BaseJson *j, const CaseEvent *e)
{
    base_json_put_text(j, "event", e->event);
    base_json_put_text(j, "from_state", state_id(e, e->from));
    base_json_put_text(j, "to_state", state_id(e, e->to));
    base_json_put_text(j, "by_role", e->by_role);
    base_json_put_text(j, "org", e->org);
    base_json_put_text(j, "area", e->area);
    base_json_put_text(j, "unit", e->unit);
    base_json_put_int(j, "level", e->level);
    base_json_put_int(j, "minutes", (e->at - e->opened_at) / BASE_MINUTE);
    base_json_put_bool(j, "late", e->late);
    base_json_put_int(j, "returns", e->returns);
    base_json_put_int(j, "reopens", e->reopens);
    if (e->rating) base_json_put_int(j, "rating", e->rating);
    if (case_event_counts(e)) {
        base_json_put_int(j, "children", e->children);
        base_json_put_int(j, "children_open", e->children_open);
    }
    if (e->rung_clock) {
        base_json_put_text(j, "clock", e->rung_clock);
        base_json_put_int(j, "percent", e->rung_percent);
    }
}

void case_event_write(const CaseEvent *e, GString *out)
{
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_put_text(&j, "pack", pack_id(e->kit->pack));
    if (e->deed == CASE_OPENED) write_opening(&j, e);
    if (e->deed == CASE_MIGRATED) write_migration(&j, e);
    write_state(&j, e);
    write_states(&j, e);
    if (e->happened_at) base_json_put_int(&j, "happened_at", e->happened_at);
    if (e->send) base_json_put_bool(&j, "sent", TRUE);
    if (e->free) base_json_put_bool(&j, "freed", TRUE);
    if (e->waiting) base_json_put_text(&j, "waiting", e->waiting);
    if (e->note) base_json_put_text(&j, "note", e->note);
    if (e->facts) {
        base_json_key(&j, "facts");
        base_json_tree(&j, e->facts);
    }
    if (e->clocks) write_clocks(&j, e);
    if (e->n_tasks) write_tasks(&j, e);
    if (e->n_notices) write_notices(&j, e);
    if (e->n_relations) write_relations(&j, e);
    if (e->rate) write_rate(&j, e);
    base_json_end_object(&j);
}

/* ---- reading: only our own bodies, so what is missing is damage and said so ---- */

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static gint64 int_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static double real_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

void case_signal_read(const json_t *body, CaseSignal *signal)
{
    const json_t *s = json_object_get(body, "signal");
    const char *id = text_of(s, "id");
    if (id) base_id_parse(id, &signal->id);
    signal->source = text_of(s, "source");
    signal->ref = text_of(s, "ref");
    signal->channel = text_of(s, "channel");
    signal->pack = text_of(body, "pack");
    signal->at = int_of(s, "at");
    signal->received_at = int_of(s, "received_at");
}

static gint64 read_instant(const json_t *value)
{
    return json_is_integer(value) ? json_integer_value(value) : G_MAXINT64;
}

static gboolean read_clocks(CaseEvent *e, json_t *clocks)
{
    const char *id;
    json_t *v;
    json_object_foreach(clocks, id, v)
    {
        int i = flow_chart_clock_find(e->kit->chart, id);
        if (i < 0 || json_array_size(v) < 11) return FALSE;
        gint64 n[8];
        for (int k = 0; k < 8; k++)
            n[k] = json_integer_value(json_array_get(v, k));
        e->clocks |= 1u << i;
        e->clock[i] = (FlowClock){ .state = n[0],
                                   .consumed = n[1],
                                   .since = n[2],
                                   .budget = n[3],
                                   .started = n[4],
                                   .stopped = n[5],
                                   .rung = n[6],
                                   .expired = n[7] != 0,
                                   .extended = (guint8)json_integer_value(json_array_get(v, 11)) };
        e->due[i] = (CaseDue){ read_instant(json_array_get(v, 8)), read_instant(json_array_get(v, 9)),
                               json_integer_value(json_array_get(v, 10)) != 0 };
    }
    return TRUE;
}

static gboolean read_tasks(CaseEvent *e, json_t *tasks)
{
    for (gsize i = 0; i < json_array_size(tasks); i++) {
        json_t *v = json_array_get(tasks, i);
        const char *kind = json_string_value(json_array_get(v, 0)),
                   *state = json_string_value(json_array_get(v, 2));
        if (!kind || !state || i >= CASE_MAX_MOVES) return FALSE;
        e->task[i].kind = flow_chart_task_find(e->kit->chart, kind);
        e->task[i].generation = json_integer_value(json_array_get(v, 1));
        if (e->task[i].kind < 0 || !flow_task_state_parse(state, &e->task[i].state)) return FALSE;
        e->n_tasks++;
    }
    return TRUE;
}

static gboolean read_notices(CaseEvent *e, json_t *notices)
{
    for (gsize i = 0; i < json_array_size(notices); i++) {
        json_t *v = json_array_get(notices, i);
        if (json_array_size(v) != 3 || i >= CASE_MAX_MOVES) return FALSE;
        e->notice[i].id = json_string_value(json_array_get(v, 0));
        e->notice[i].channel = json_string_value(json_array_get(v, 1));
        e->notice[i].receiver = json_string_value(json_array_get(v, 2));
        e->n_notices++;
    }
    return TRUE;
}

static gboolean read_relations(CaseEvent *e, json_t *relations)
{
    for (gsize i = 0; i < json_array_size(relations); i++) {
        json_t *v = json_array_get(relations, i);
        const char *other = json_string_value(json_array_get(v, 1));
        if (json_array_size(v) != 5 || i >= CASE_MAX_MOVES || !other) return FALSE;
        CaseRelation *r = &e->relation[e->n_relations++];
        r->ends = json_is_true(json_array_get(v, 2));
        r->budget = json_integer_value(json_array_get(v, 3));
        r->base = json_integer_value(json_array_get(v, 4));
        if (!case_relation_parse(json_string_value(json_array_get(v, 0)), &r->kind) ||
            !base_id_parse(other, &r->other))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_rate(CaseEvent *e, json_t *rate)
{
    const char *is = text_of(rate, "is");
    for (int i = CASE_RATE_INVITED; is && i <= CASE_RATE_LAPSED; i++)
        if (!strcmp(is, rates[i])) e->rate = i;
    return !rate || e->rate;
}

static gboolean read_states(CaseEvent *e, const json_t *body)
{
    FlowCase flow;
    const char *text = text_of(body, flow_chart_flat(e->kit->chart) ? "to_state" : "states");
    if (!text || !flow_states_read(e->kit->chart, text, &flow)) return FALSE;
    e->active = flow.active;
    memcpy(e->remembered, flow.remembered, sizeof e->remembered);
    return TRUE;
}

static gboolean read_state(CaseEvent *e, const json_t *body)
{
    const char *from = text_of(body, "from_state"), *to = text_of(body, "to_state");
    e->event = text_of(body, "event");
    e->from = from ? flow_chart_state_find(e->kit->chart, from) : -1;
    e->to = to ? flow_chart_state_find(e->kit->chart, to) : -1;
    e->by_role = text_of(body, "by_role");
    e->org = text_of(body, "org");
    e->area = text_of(body, "area");
    e->unit = text_of(body, "unit");
    e->level = (int)int_of(body, "level");
    e->late = json_is_true(json_object_get(body, "late"));
    e->returns = (int)int_of(body, "returns");
    e->reopens = (int)int_of(body, "reopens");
    e->rating = (int)int_of(body, "rating");
    e->children = (int)int_of(body, "children");
    e->children_open = (int)int_of(body, "children_open");
    e->rung_clock = text_of(body, "clock");
    e->rung_percent = (int)int_of(body, "percent");
    e->send = json_is_true(json_object_get(body, "sent"));
    e->free = json_is_true(json_object_get(body, "freed"));
    e->waiting = text_of(body, "waiting");
    e->note = text_of(body, "note");
    e->happened_at = int_of(body, "happened_at");
    return e->event && e->to >= 0 && e->org && e->area;
}

static gboolean read_opening(CaseEvent *e, const json_t *body)
{
    case_signal_read(body, &e->signal);
    e->signal.disposition = "opened";
    e->number = text_of(body, "number");
    e->title = text_of(body, "title");
    e->place = text_of(body, "place");
    e->point = (BasePoint){ real_of(body, "lat"), real_of(body, "lon") };
    return e->number && e->title && e->place && e->signal.source && e->signal.ref && e->signal.channel;
}

static gboolean read_private(CaseEvent *e, const LedgerEvent *event, GError **error)
{
    if (!event->private_body) return TRUE;
    json_t *body = base_json_parse(event->private_body, strlen(event->private_body), BASE_JSON_LARGE, error);
    e->private_facts = json_incref(json_object_get(body, "facts"));
    json_decref(body);
    return body != NULL;
}

gboolean case_event_read(const CaseKit *kit, const LedgerEvent *event, json_t *body, CaseEvent *e,
                         GError **error)
{
    e->hold = body;
    e->kit = kit;
    e->id = event->case_id;
    e->at = event->at;
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (!strcmp(event->kind, kinds[i])) e->deed = i;
    e->facts = json_incref(json_object_get(body, "facts"));
    const json_t *renamed = json_object_get(body, "renamed");
    e->renamed_tasks = json_incref(json_object_get(renamed, "tasks"));
    e->renamed_private = json_incref(json_object_get(renamed, "private"));
    gboolean sound =
        read_state(e, body) && read_states(e, body) && (e->deed != CASE_OPENED || read_opening(e, body)) &&
        read_clocks(e, json_object_get(body, "clocks")) && read_tasks(e, json_object_get(body, "tasks")) &&
        read_notices(e, json_object_get(body, "notices")) &&
        read_relations(e, json_object_get(body, "relations")) && read_rate(e, json_object_get(body, "rate"));
    if (!sound) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_PACK,
                    "event %" G_GINT64_FORMAT " (%s) does not fit pack %s", event->seq, event->kind,
                    pack_id(kit->pack));
        return FALSE;
    }
    return read_private(e, event, error);
}
