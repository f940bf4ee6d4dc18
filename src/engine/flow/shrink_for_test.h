/* shrink_for_test.h - a failing chart and story made small: whatever can be left out while it still fails is
 * left out, until nothing more can (delta debugging, Zeller 2002, one piece at a time after the halves). */
#pragma once
#include "engine/flow/draw_for_test.h"

typedef struct {
    Draft draft;
    GArray *story; /* Step */
} Failing;

/* A reason when it fails, NULL when it does not, or is no chart at all. */
typedef char *(*FailsFunc)(const Failing *f, gpointer with);

static inline GPtrArray *shrink_copy_texts(const GPtrArray *from)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(out, g_strdup(g_ptr_array_index(from, i)));
    return out;
}

static inline void shrink_copy_state(Draft *out, const DraftState *s)
{
    DraftState *copy = draft_state(out, s->id, s->parent, s->kind);
    copy->initial = g_strdup(s->initial);
    for (int i = 0; i < 3; i++) {
        g_ptr_array_unref(copy->on[i]);
        copy->on[i] = shrink_copy_texts(s->on[i]);
    }
}

static inline Draft shrink_copy(const Draft *d)
{
    Draft out = draft_new();
    for (guint i = 0; i < d->states->len; i++)
        shrink_copy_state(&out, draft_state_at(d, (int)i));
    for (guint i = 0; i < d->lines->len; i++) {
        DraftLine *l = g_memdup2(draft_line_at(d, i), sizeof(DraftLine));
        l->from = g_strdup(l->from);
        l->to = g_strdup(l->to);
        l->events = g_strdup(l->events);
        l->guard = g_strdup(l->guard);
        l->roles = g_strdup(l->roles);
        l->actions = shrink_copy_texts(l->actions);
        g_ptr_array_add(out.lines, l);
    }
    for (guint i = 0; i < d->clocks->len; i++) {
        DraftClock *k = g_memdup2(draft_clock_at(d, i), sizeof(DraftClock));
        k->run_in = k->run_in ? shrink_copy_texts(k->run_in) : NULL;
        g_ptr_array_add(out.clocks, k);
    }
    for (guint i = 0; i < d->tasks->len; i++)
        g_ptr_array_add(out.tasks, g_ptr_array_index(d->tasks, i));
    return out;
}

/* ---- what can be left out: each returns FALSE when there is no i-th such thing ---- */

static inline gboolean drop_line(Draft *d, guint i)
{
    if (i >= d->lines->len) return FALSE;
    g_ptr_array_remove_index(d->lines, i);
    return TRUE;
}

static inline gboolean drop_clock(Draft *d, guint i)
{
    if (i >= d->clocks->len) return FALSE;
    g_ptr_array_remove_index(d->clocks, i);
    return TRUE;
}

static inline gboolean drop_state(Draft *d, guint i)
{
    if (i >= d->states->len) return FALSE;
    int gone = (int)i, parent = draft_state_at(d, gone)->parent;
    for (guint s = 0; s < d->states->len; s++) {
        DraftState *state = draft_state_at(d, (int)s);
        if (state->parent == gone) state->parent = parent;
        if (state->parent > gone) state->parent--;
    }
    g_ptr_array_remove_index(d->states, i);
    return TRUE;
}

/* All lists of actions, lines' and states', as one long list. */
static inline gboolean drop_action(Draft *d, guint i)
{
    for (guint l = 0; l < d->lines->len + 3 * d->states->len; l++) {
        guint s = l - d->lines->len;
        GPtrArray *list =
            l < d->lines->len ? draft_line_at(d, l)->actions : draft_state_at(d, (int)(s / 3))->on[s % 3];
        if (i < list->len) {
            g_ptr_array_remove_index(list, i);
            return TRUE;
        }
        i -= list->len;
    }
    return FALSE;
}

static inline gboolean drop_detail(Draft *d, guint i)
{
    guint lines = 3 * d->lines->len, clocks = lines + d->states->len;
    if (i < lines) {
        DraftLine *l = draft_line_at(d, i / 3);
        if (i % 3 == 0) g_clear_pointer(&l->guard, g_free);
        if (i % 3 == 1) g_clear_pointer(&l->roles, g_free);
        if (i % 3 == 2) l->internal = FALSE;
        return TRUE;
    }
    if (i < clocks) {
        g_clear_pointer(&draft_state_at(d, (int)(i - lines))->initial, g_free);
        return TRUE;
    }
    if (i - clocks >= 5 * d->clocks->len) return FALSE;
    DraftClock *k = draft_clock_at(d, (i - clocks) / 5);
    guint what = (i - clocks) % 5;
    if (what == 0) g_clear_pointer(&k->run_in, g_ptr_array_unref);
    if (what == 1) k->def.n_rungs = 0;
    if (what == 2) k->def.n_budgets = 0;
    if (what == 3) k->def.next_day = FALSE;
    if (what == 4) k->def.on_expiry = NULL;
    return TRUE;
}

/* ---- shrinking ---- */

static inline gboolean shrink_draft(Failing *f, FailsFunc fails, gpointer with,
                                    gboolean (*drop)(Draft *, guint))
{
    gboolean smaller = FALSE;
    for (guint i = 0;;) {
        g_autofree char *was = draft_text(&f->draft);
        Failing less = { shrink_copy(&f->draft), f->story };
        gboolean any = drop(&less.draft, i);
        g_autofree char *text = draft_text(&less.draft);
        g_autofree char *why = any && !g_str_equal(was, text) ? fails(&less, with) : NULL;
        if (why) {
            draft_clear(&f->draft);
            f->draft = less.draft;
            smaller = TRUE;
            continue;
        }
        draft_clear(&less.draft);
        if (!any) return smaller;
        i++;
    }
}

static inline gboolean shrink_story(Failing *f, FailsFunc fails, gpointer with)
{
    gboolean smaller = FALSE;
    for (guint n = MAX(1, f->story->len / 2); n; n /= 2) {
        for (guint i = 0; i + n <= f->story->len;) {
            Failing less = { f->draft, g_array_copy(f->story) };
            g_array_remove_range(less.story, i, n);
            g_autofree char *why = less.story->len ? fails(&less, with) : NULL;
            if (why) {
                g_array_unref(f->story);
                f->story = less.story;
                smaller = TRUE;
                continue;
            }
            g_array_unref(less.story);
            i++;
        }
    }
    return smaller;
}

/* Consumes nothing of `f` but makes it small; the reason for which the smallest fails. */
static inline char *shrink(Failing *f, FailsFunc fails, gpointer with)
{
    gboolean (*const drops[])(Draft *, guint) = { drop_line, drop_action, drop_detail, drop_clock,
                                                  drop_state };
    gboolean smaller = TRUE;
    while (smaller) {
        smaller = shrink_story(f, fails, with);
        for (gsize i = 0; i < G_N_ELEMENTS(drops); i++)
            smaller |= shrink_draft(f, fails, with, drops[i]);
    }
    return fails(f, with);
}

static inline char *failing_text(const Failing *f)
{
    g_autofree char *chart = draft_text(&f->draft);
    GString *out = g_string_new(chart);
    for (guint i = 0; i < f->story->len; i++) {
        const Step *s = &g_array_index(f->story, Step, i);
        g_string_append_printf(out, "  at %" G_GINT64_FORMAT "%s: %s by %s, %s; n", s->now,
                               s->tick ? " tick" : "", s->event, s->roles[0], s->roles[1]);
        g_string_append_printf(out, s->row[0].type ? " %" G_GINT64_FORMAT : " -", s->row[0].integer);
        g_string_append_printf(out, " flag %s word %s\n",
                               s->row[3].type ? s->row[3].boolean ? "true" : "false" : "-",
                               s->row[4].type ? s->row[4].text : "-");
    }
    return g_string_free(out, FALSE);
}
