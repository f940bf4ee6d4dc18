/* task.c - the life of a task as one table: who may follow whom. */
#include "engine/flow/flow.h"

#define BIT(state) (1u << FLOW_TASK_##state)

/* A task that has ended, or is done, may be followed by the next one of its kind, which begins as offered.
 * What is done may be sent back by whoever verifies it. */
static const struct {
    const char *name;
    guint followers;
} table[] = {
    /* clang-format off */
    [FLOW_TASK_NONE]       = { "none",       BIT(OFFERED) },
    [FLOW_TASK_OFFERED]    = { "offered",    BIT(ACCEPTED) | BIT(RETURNED) | BIT(REASSIGNED) | BIT(LAPSED) },
    [FLOW_TASK_ACCEPTED]   = { "accepted",   BIT(DONE) | BIT(RETURNED) | BIT(REASSIGNED) | BIT(LAPSED) },
    [FLOW_TASK_DONE]       = { "done",       BIT(VERIFIED) | BIT(RETURNED) | BIT(OFFERED) },
    [FLOW_TASK_VERIFIED]   = { "verified",   BIT(OFFERED) },
    [FLOW_TASK_RETURNED]   = { "returned",   BIT(OFFERED) },
    [FLOW_TASK_REASSIGNED] = { "reassigned", BIT(OFFERED) },
    [FLOW_TASK_LAPSED]     = { "lapsed",     BIT(OFFERED) },
    /* clang-format on */
};

const char *flow_task_state_name(FlowTaskState state)
{
    g_return_val_if_fail((guint)state < G_N_ELEMENTS(table), NULL);
    return table[state].name;
}

gboolean flow_task_state_parse(const char *name, FlowTaskState *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        if (g_str_equal(table[i].name, name)) {
            *out = (FlowTaskState)i;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean flow_task_may_follow(FlowTaskState from, FlowTaskState to)
{
    return (guint)from < G_N_ELEMENTS(table) && (guint)to < G_N_ELEMENTS(table) &&
           (table[from].followers >> to & 1);
}
