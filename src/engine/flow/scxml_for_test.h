/* scxml_for_test.h - runs one row of the SCXML tables: builds its chart, fires its story, and looks where it
 * rests and what was said on the way. The slow oracle walks beside it.
 *
 * Every chart also gets the final states "pass" and "fail", a task "job", and, ahead of its own lines, ways
 * that nobody takes ("never") to every state and out of every state, so that sealing finds nothing to refuse
 * in a chart that is there to show one thing. The row has n = m = k = 0, flag = false, word and event NULL.
 */
#pragma once
#include "engine/flow/naive_for_test.h"

typedef enum {
    SCXML_AS_IS,   /* the assertion as W3C states it, in our words */
    SCXML_OURS,    /* what ours does in the place of something it has no counterpart for */
    SCXML_NOT_OURS /* nothing to show; `says` tells why */
} ScxmlHow;

typedef struct {
    const char *number; /* of the test in the W3C suite */
    ScxmlHow how;
    const char *says;
    const char *states, *lines;
    const char *story;   /* "go" fire as system, "go@role" as that role, "!go" refused, "+60" minutes pass */
    const char *rests;   /* ids of the active leaves */
    const char *said;    /* notices in order; NULL: not looked at */
    const char *clocks;  /* "t 60 late; u 30" */
    const char *refused; /* the chart itself is refused, and the refusal holds this */
} Scxml;

typedef struct {
    const Scxml *row_of;
    Draft draft;
    RuleSchema *schema;
    BaseCalendar *always;
    FlowChart *chart;
    FlowCase c;
    Naive naive;
    RuleValue row[DRAFT_COLUMNS];
    gint64 now;
    GArray *effects;
    GString *said;
} Play;

static inline void play_add_ways(Play *p)
{
    Draft own = draft_new();
    guint n = p->draft.states->len;
    const char *first = draft_state_at(&p->draft, 0)->id;
    for (guint i = 0; i < n; i++) {
        const DraftState *s = draft_state_at(&p->draft, (int)i);
        g_autofree char *in = g_strdup_printf("%s -> %s : never.%s", first, s->id, s->id);
        if (i > 0) draft_read_line(&own, in);
        g_autofree char *out =
            g_strdup_printf("%s -> pass : never.pass; %s -> fail : never.fail", s->id, s->id);
        g_auto(GStrv) each = g_strsplit(out, ";", -1);
        for (int e = 0; s->parent < 0 && s->kind != FLOW_STATE_FINAL && e < 2; e++)
            draft_read_line(&own, each[e]);
    }
    g_ptr_array_extend_and_steal(own.lines, g_steal_pointer(&p->draft.lines));
    p->draft.lines = g_steal_pointer(&own.lines);
    g_ptr_array_unref(own.states);
    g_ptr_array_unref(own.clocks);
    g_ptr_array_unref(own.tasks);
    draft_state(&p->draft, "pass", -1, FLOW_STATE_FINAL);
    draft_state(&p->draft, "fail", -1, FLOW_STATE_FINAL);
}

/* "t 60 late" or "t 60 late 30 n = 2": a budget, the event, and another budget with its condition */
static inline void play_add_clocks(Play *p, const char *text)
{
    g_auto(GStrv) each = g_strsplit(text ? text : "", ";", -1);
    for (gsize i = 0; each[i] && *each[i]; i++) {
        g_auto(GStrv) part = g_strsplit(g_strstrip(each[i]), " ", 5);
        DraftClock *k = draft_clock(&p->draft, part[0], g_ascii_strtoll(part[1], NULL, 10), part[2]);
        k->def.calendar = p->always;
        if (!part[2] || !part[3]) continue;
        k->budget =
            (FlowBudget){ g_intern_string(part[4]), g_ascii_strtoll(part[3], NULL, 10) * BASE_MINUTE };
        k->def.n_budgets = 1;
    }
}

static inline void play_open(Play *p, const Scxml *row)
{
    *p = (Play){ .row_of = row, .draft = draft_new(), .schema = draft_schema(), .now = 1000 * BASE_DAY };
    p->always = base_calendar_new("always", NULL, 0, BASE_CHINA_OFFSET);
    p->chart = flow_chart_new("scxml", p->schema);
    p->effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    p->said = g_string_new(NULL);
    for (int i = 0; i < 3; i++)
        p->row[i] = (RuleValue){ .type = RULE_INT };
    p->row[3] = (RuleValue){ .type = RULE_BOOL };
    play_add_clocks(p, row->clocks);
    g_ptr_array_add(p->draft.tasks, (gpointer) "job");
    draft_read(&p->draft, row->states, row->lines);
    play_add_ways(p);
}

static inline void play_close(Play *p)
{
    flow_chart_free(p->chart);
    draft_clear(&p->draft);
    rule_schema_free(p->schema);
    base_calendar_free(p->always);
    g_array_unref(p->effects);
    g_string_free(p->said, TRUE);
}

/* Says so and goes on: the other rows are played too. */
static inline void play_fail(Play *p, const char *what, const char *got)
{
    g_autofree char *chart = draft_text(&p->draft);
    g_test_message("W3C %s: %s\n%s: %s\n%s", p->row_of->number, p->row_of->says, what, got, chart);
    g_test_fail();
}

/* What the deed meant for the row, and what it said. */
static inline void play_carry(Play *p)
{
    for (guint i = 0; i < p->effects->len; i++) {
        const FlowEffect *e = &g_array_index(p->effects, FlowEffect, i);
        if (e->kind == FLOW_DO_SET) p->row[e->index] = e->value;
        if (e->kind == FLOW_DO_SET && e->value.type == RULE_TEXT)
            p->row[e->index].text = g_intern_string(e->value.text);
        if (e->kind == FLOW_DO_NOTICE)
            g_string_append_printf(p->said, "%s%s", p->said->len ? " " : "", e->text);
    }
}

static inline void play_compare(Play *p, int code, int want)
{
    const char *why;
    if (code != want) play_fail(p, "the oracle differs about the refusal", want < 0 ? "taken" : "refused");
    if (!flow_sound(p->chart, &p->c, &why)) play_fail(p, "unsound", why);
    for (guint s = 0; s < p->draft.states->len; s++) {
        if (flow_active(p->chart, &p->c, (int)s) != ints_has(p->naive.configuration, (int)s))
            play_fail(p, "the oracle differs about state", draft_state_at(&p->draft, (int)s)->id);
    }
    g_autofree char *got = write_effects(p->chart, p->effects);
    g_ptr_array_add(p->naive.log, NULL);
    g_autofree char *due = g_strjoinv(", ", (char **)p->naive.log->pdata);
    g_ptr_array_set_size(p->naive.log, 0);
    if (!g_str_equal(got, due)) play_fail(p, due, got);
}

static inline gboolean play_fire(Play *p, const char *event, const char *role)
{
    const char *roles[] = { role ? role : "system", NULL };
    RuleValue before[G_N_ELEMENTS(p->row)];
    memcpy(before, p->row, sizeof before);
    g_array_set_size(p->effects, 0);
    g_autoptr(GError) error = NULL;
    gboolean fired = flow_fire(p->chart, &p->c, event, roles, p->row, p->now, p->effects, &error);
    int want = naive_fire(&p->naive, event, roles, p->row, p->now);
    play_compare(p, fired ? -1 : error->code, want);
    g_assert_cmpmem(before, sizeof before, p->row, sizeof before); /* the row is the caller's */
    play_carry(p);
    return fired;
}

/* Time passes; what expires fires its event, as the loop does it. */
static inline void play_pass(Play *p, gint64 minutes)
{
    p->now += minutes * BASE_MINUTE;
    g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    flow_tick(p->chart, &p->c, p->now, due);
    naive_prepare(&p->naive, p->row, p->now);
    naive_tick(&p->naive, p->now);
    g_ptr_array_set_size(p->naive.log, 0);
    for (guint i = 0; i < due->len; i++) {
        const FlowEffect *e = &g_array_index(due, FlowEffect, i);
        if (e->kind == FLOW_DO_EXPIRE && e->text && !flow_ended(p->chart, &p->c)) play_fire(p, e->text, NULL);
    }
}

static inline void play_step(Play *p, const char *step)
{
    if (*step == '+') {
        play_pass(p, g_ascii_strtoll(step + 1, NULL, 10));
        return;
    }
    gboolean refused = *step == '!';
    g_auto(GStrv) part = g_strsplit(step + refused, "@", 2);
    if (play_fire(p, part[0], part[1]) == refused) play_fail(p, "taken, or refused, against the story", step);
}

static inline void play_story(Play *p)
{
    p->naive = naive_new(&p->draft, p->chart, p->schema);
    g_autoptr(GError) error = NULL;
    gboolean begun = flow_begin(p->chart, &p->c, p->row, p->now, p->effects, &error);
    play_compare(p, begun ? -1 : error->code, naive_begin(&p->naive, p->row, p->now));
    if (!begun) play_fail(p, "it does not begin", error->message);
    play_carry(p);
    g_auto(GStrv) steps = g_strsplit(p->row_of->story ? p->row_of->story : "", " ", -1);
    for (gsize i = 0; steps[i]; i++) {
        if (*steps[i]) play_step(p, steps[i]);
    }
    g_autoptr(GString) rests = g_string_new(NULL);
    flow_states_write(p->chart, &p->c, rests);
    char *memory = strchr(rests->str, ';');
    if (memory) g_string_truncate(rests, (gsize)(memory - rests->str));
    if (!g_str_equal(rests->str, p->row_of->rests)) play_fail(p, "it rests in", rests->str);
    if (p->row_of->said && !g_str_equal(p->said->str, p->row_of->said)) play_fail(p, "it said", p->said->str);
    naive_clear(&p->naive);
}

static inline void scxml_play(const Scxml *row)
{
    g_test_message("%s: %s", row->number, row->says);
    if (row->how == SCXML_NOT_OURS) return;
    Play p;
    play_open(&p, row);
    g_autoptr(GError) error = NULL;
    gboolean built = draft_build(&p.draft, p.chart, "unit", &error);
    if (built && row->refused) play_fail(&p, "the chart is taken, not refused with", row->refused);
    if (!built && (!row->refused || !strstr(error->message, row->refused)))
        play_fail(&p, "the chart is refused", error->message);
    if (built) play_story(&p);
    play_close(&p);
}
