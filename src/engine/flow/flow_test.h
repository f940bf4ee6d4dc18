/* flow_test.h - small things that the tests of this room share. */
#pragma once
#include "engine/flow/flow.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    RuleSchema *schema;
    BaseCalendar *always, *office;
    FlowChart *chart;
    int n, flag, word; /* columns */
} Desk;

static inline Desk desk_new(void)
{
    static const BaseShift shifts[] = { { 9 * 60, 12 * 60 }, { 13 * 60, 17 * 60 } };
    Desk d = { .schema = rule_schema_new() };
    d.n = rule_schema_add(d.schema, "n", RULE_INT);
    d.flag = rule_schema_add(d.schema, "flag", RULE_BOOL);
    d.word = rule_schema_add(d.schema, "word", RULE_TEXT);
    rule_schema_add(d.schema, "share", RULE_REAL);
    d.always = base_calendar_new("always", NULL, 0, BASE_CHINA_OFFSET);
    d.office = base_calendar_new("office", shifts, G_N_ELEMENTS(shifts), BASE_CHINA_OFFSET);
    d.chart = flow_chart_new("test", d.schema);
    return d;
}

static inline void desk_clear(Desk *d)
{
    flow_chart_free(d->chart);
    rule_schema_free(d->schema);
    base_calendar_free(d->always);
    base_calendar_free(d->office);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

#define DESK_COLUMNS 4

static inline gint64 at(const char *local)
{
    gint64 t = 0;
    g_assert_true(base_time_parse(local, BASE_CHINA_OFFSET, &t));
    return t;
}

static inline void states(Desk *d, const char *names) /* blanks between; "*" behind a name: final */
{
    g_auto(GStrv) each = g_strsplit(names, " ", -1);
    for (gsize i = 0; each[i]; i++) {
        gboolean final = g_str_has_suffix(each[i], "*");
        if (final) each[i][strlen(each[i]) - 1] = '\0';
        FlowStateDef def = { .id = each[i], .kind = final ? FLOW_STATE_FINAL : FLOW_STATE_PLAIN };
        g_autoptr(GError) error = NULL;
        flow_chart_state(d->chart, &def, &error);
        g_assert_no_error(error);
    }
}

static inline void line(Desk *d, const char *text)
{
    g_autoptr(GError) error = NULL;
    flow_chart_transition(d->chart, text, &error);
    g_assert_no_error(error);
}

static inline void seal(Desk *d)
{
    g_autoptr(GError) error = NULL;
    flow_chart_seal(d->chart, &error);
    g_assert_no_error(error);
}

static inline gboolean same_clock(const FlowClock *a, const FlowClock *b)
{
    gboolean since = a->state != FLOW_CLOCK_RUNNING || a->since == b->since;
    return a->state == b->state && a->consumed == b->consumed && since && a->budget == b->budget &&
           a->started == b->started && a->stopped == b->stopped && a->rung == b->rung &&
           a->extended == b->extended && a->expired == b->expired;
}

static inline gboolean same_case(const FlowCase *a, const FlowCase *b)
{
    gboolean same = !memcmp(&a->active, &b->active, sizeof a->active) &&
                    !memcmp(a->remembered, b->remembered, sizeof a->remembered);
    for (int k = 0; k < FLOW_MAX_CLOCKS; k++)
        same = same && same_clock(&a->clock[k], &b->clock[k]);
    for (int t = 0; t < FLOW_MAX_TASKS; t++)
        same = same && a->task[t].state == b->task[t].state && a->task[t].generation == b->task[t].generation;
    return same;
}

/* Effects as people would write them, for comparing. */
static inline void write_effect(GString *out, const FlowChart *chart, const FlowEffect *e)
{
    static const char *const deeds[] = { "start", "stop", "pause", "resume", "extend" };
    if (out->len) g_string_append(out, ", ");
    if (e->kind == FLOW_DO_TASK)
        g_string_append_printf(out, "%s %s", flow_chart_task_id(chart, e->index),
                               flow_task_state_name(e->task_state));
    else if (e->kind == FLOW_DO_CLOCK)
        g_string_append_printf(out, "%s %s", deeds[e->clock_deed], flow_chart_clock_def(chart, e->index)->id);
    else if (e->kind == FLOW_DO_NOTICE)
        g_string_append_printf(out, "notice %s", e->text);
    else if (e->kind == FLOW_DO_ASSIGN)
        g_string_append_printf(out, "assign %s", e->text);
    else if (e->kind == FLOW_DO_ENGINE)
        g_string_append_printf(out, "engine %s %s", e->text, e->text2);
    else if (e->kind == FLOW_DO_DOCUMENT)
        g_string_append_printf(out, "document %s", e->text);
    else if (e->kind == FLOW_DO_SIGN)
        g_string_append_printf(out, "sign %s", e->text);
    else if (e->kind == FLOW_DO_CHILD)
        g_string_append_printf(out, "child %s %s", e->text, e->text2);
    else if (e->kind == FLOW_DO_LINK)
        g_string_append_printf(out, "link %s", e->text);
    else if (e->kind == FLOW_DO_REGISTER)
        g_string_append_printf(out, "register %s %s", e->text, e->text2);
    else if (e->kind == FLOW_DO_RAISE)
        g_string_append_printf(out, "raise %s", e->text);
    else if (e->kind == FLOW_DO_RATE)
        g_string_append(out, "rate");
    else if (e->kind == FLOW_DO_RUNG)
        g_string_append_printf(out, "rung %s %d", flow_chart_clock_def(chart, e->index)->id, e->rung);
    else if (e->kind == FLOW_DO_EXPIRE)
        g_string_append_printf(out, "expire %s %s", flow_chart_clock_def(chart, e->index)->id,
                               e->text ? e->text : "-");
    else if (e->value.type == RULE_INT)
        g_string_append_printf(out, "set %d %" G_GINT64_FORMAT, e->index, e->value.integer);
    else if (e->value.type == RULE_REAL)
        g_string_append_printf(out, "set %d %g", e->index, e->value.real);
    else
        g_string_append_printf(out, "set %d %s", e->index, e->value.type == RULE_TEXT ? e->value.text : "-");
}

static inline char *write_effects(const FlowChart *chart, const GArray *effects)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < effects->len; i++)
        write_effect(out, chart, &g_array_index(effects, FlowEffect, i));
    return g_string_free(out, FALSE);
}

/* In the initial configuration, of a chart that does nothing on the way there. */
static inline FlowCase begun(const FlowChart *chart)
{
    static const RuleValue row[DESK_COLUMNS];
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    g_autoptr(GError) error = NULL;
    FlowCase c;
    flow_begin(chart, &c, row, 0, effects, &error);
    g_assert_no_error(error);
    return c;
}

/* In these states: "a b; h = x". */
static inline FlowCase in_states(const FlowChart *chart, const char *text)
{
    FlowCase c = { 0 };
    g_assert_true(flow_states_read(chart, text, &c));
    return c;
}

static inline void hold_sound(const FlowChart *chart, const FlowCase *c)
{
    const char *why;
    if (!flow_sound(chart, c, &why)) g_error("unsound: %s", why);
}
