/* want.c - what a scenario wants against what is: states, tasks, clocks, notices, facts. */
#include "pack/scenario.h"
#include <string.h>

static void want_text(PackRun *run, const json_t *in, const char *key, const char *what, const char *got)
{
    const char *wanted = pack_text(in, key);
    if (wanted && g_strcmp0(wanted, got) != 0) {
        pack_run_fail(run, in, key, "wanted %s %s, got %s", what, wanted, got ? got : "none");
    }
}

static const char *clock_state(const PackRun *run, int clock)
{
    static const char *const names[] = { "none", "running", "paused", "stopped" };
    return names[run->flow.clock[clock].state];
}

static void want_tasks(PackRun *run, const json_t *tasks)
{
    const char *id;
    json_t *value;
    json_object_foreach((json_t *)tasks, id, value)
    {
        const int task = flow_chart_task_find(run->pack->chart, id);
        want_text(run, tasks, id, id,
                  task < 0 ? "no such task" : flow_task_state_name(run->flow.task[task].state));
    }
}

static void want_clocks(PackRun *run, const json_t *clocks)
{
    const char *id;
    json_t *value;
    json_object_foreach((json_t *)clocks, id, value)
    {
        const int clock = flow_chart_clock_find(run->pack->chart, id);
        want_text(run, clocks, id, id, clock < 0 ? "no such clock" : clock_state(run, clock));
    }
}

static void want_due(PackRun *run, const json_t *due)
{
    const char *id;
    json_t *value;
    json_object_foreach((json_t *)due, id, value)
    {
        const int clock = flow_chart_clock_find(run->pack->chart, id);
        const gint64 at = clock < 0 ? G_MAXINT64 : flow_clock_due(run->pack->chart, &run->flow, clock, NULL);
        char text[17] = "never";
        if (at != G_MAXINT64) {
            base_time_write(at, run->pack->utc_offset, text);
        }
        want_text(run, due, id, id, text);
    }
}

static char *joined(const GPtrArray *texts)
{
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < texts->len; i++) {
        g_string_append_printf(all, "%s%s", i ? ", " : "", (const char *)texts->pdata[i]);
    }
    return g_string_free(all, FALSE);
}

/* Exactly these, in this order. One text stands for a list of one; "none" for none. */
static void want_list(PackRun *run, const json_t *want, const char *key, const GPtrArray *got)
{
    const json_t *list = json_object_get(want, key);
    if (!list) {
        return;
    }
    g_autoptr(GPtrArray) wanted = g_ptr_array_new();
    for (gsize i = 0; i < json_array_size(list); i++) {
        g_ptr_array_add(wanted, (char *)json_string_value(json_array_get(list, i)));
    }
    if (json_is_string(list) && strcmp(json_string_value(list), "none") != 0) {
        g_ptr_array_add(wanted, (char *)json_string_value(list));
    }
    g_autofree char *a = joined(wanted), *b = joined(got);
    if (strcmp(a, b) != 0) {
        pack_run_fail(run, want, key, "wanted %s [%s], got [%s]", key, a, b);
    }
}

/* What a document made in this step must say, somewhere in its text. */
static void want_said(PackRun *run, const json_t *papers, const char *id, const char *wanted)
{
    const char *said = pack_text(run->papers, id);
    if (!g_ptr_array_find_with_equal_func(run->documents, id, g_str_equal, NULL)) {
        pack_run_fail(run, papers, id, "wanted document %s, which this step does not make", id);
    } else if (!said || !strstr(said, wanted)) {
        pack_run_fail(run, papers, id, "wanted document %s to say \"%s\", got \"%s\"", id, wanted, said);
    }
}

static void want_papers(PackRun *run, const json_t *papers)
{
    const char *id;
    json_t *wanted;
    json_object_foreach((json_t *)papers, id, wanted)
    {
        if (json_is_string(wanted)) want_said(run, papers, id, json_string_value(wanted));
        for (gsize i = 0; i < json_array_size(wanted); i++) {
            want_said(run, papers, id, json_string_value(json_array_get(wanted, i)));
        }
    }
}

static char *value_text(RuleValue value)
{
    json_t *json = pack_run_json(value);
    char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));
    json_decref(json);
    return text;
}

static void want_facts(PackRun *run, const json_t *facts)
{
    const char *id;
    json_t *value;
    pack_run_fill_row(run);
    json_object_foreach((json_t *)facts, id, value)
    {
        const int column = rule_schema_find(run->pack->schema, id);
        char *got = column < 0 ? NULL : value_text(run->row[column]);
        char *wanted = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));
        if (g_strcmp0(wanted, got) != 0) {
            pack_run_fail(run, facts, id, "wanted %s %s, got %s", id, wanted,
                          got ? got : "no such open field or fact");
        }
        free(got);
        free(wanted);
    }
}

/* The organisation that is responsible now. */
static void want_org(PackRun *run, const json_t *want)
{
    want_text(run, want, "org", "org", run->org);
}

/* One state: where the case rests. Several with blanks between: every active leaf. */
static void want_state(PackRun *run, const json_t *want)
{
    const char *wanted = pack_text(want, "state");
    g_autoptr(GString) leaves = g_string_new(NULL);
    flow_states_write(run->pack->chart, &run->flow, leaves);
    g_string_truncate(leaves, strcspn(leaves->str, ";"));
    const char *rest = flow_chart_state_id(run->pack->chart, flow_rest(run->pack->chart, &run->flow));
    want_text(run, want, "state", "state", wanted && strchr(wanted, ' ') ? leaves->str : rest);
}

void pack_run_compare(PackRun *run, const json_t *want)
{
    const json_t *rated = json_object_get(want, "rated");
    want_state(run, want);
    want_org(run, want);
    want_tasks(run, json_object_get(want, "tasks"));
    want_clocks(run, json_object_get(want, "clocks"));
    want_due(run, json_object_get(want, "due"));
    want_list(run, want, "notices", run->notices);
    want_list(run, want, "engines", run->engines);
    want_list(run, want, "fired", run->fired);
    want_list(run, want, "documents", run->documents);
    want_list(run, want, "signs", run->signs);
    want_papers(run, json_object_get(want, "paper"));
    want_facts(run, json_object_get(want, "facts"));
    if (rated && json_is_true(rated) != run->rated) {
        pack_run_fail(run, want, "rated", "wanted %s invitation to rate, got %s",
                      json_is_true(rated) ? "an" : "no", run->rated ? "one" : "none");
    }
}
