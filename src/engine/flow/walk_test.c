/* walk_test.c - random histories on random charts: after every step every law of the room, and the same
 * configuration, effects and refusal as the slow oracle of naive_for_test.h; at the end the same case however
 * often somebody ticked. What fails is shrunk and printed as lines.
 *
 * FLOW_EVENTS: how many events to fire (30000 when not said); FLOW_SEED: begin with this chart. */
#include "engine/flow/naive_for_test.h"
#include "engine/flow/shrink_for_test.h"

#define STEPS 60
#define HOLD(ok, ...)                                                                                        \
    if (!(ok)) return g_strdup_printf(__VA_ARGS__)

typedef struct {
    const Failing *f;
    const FlowChart *chart;
    FlowCase c;
    Naive *naive; /* NULL: not beside this walk */
    GArray *effects;
    GString *log;
    int rungs[FLOW_MAX_CLOCKS], expiries[FLOW_MAX_CLOCKS]; /* since the last start */
    gint64 consumed[FLOW_MAX_CLOCKS], started[FLOW_MAX_CLOCKS];
    gboolean begun[FLOW_MAX_CLOCKS];
    guint64 fired;
} Walk;

/* ---- clocks, watched from outside ---- */

static void watch_start(Walk *k, int clock)
{
    if (flow_chart_clock_def(k->chart, clock)->resident && k->begun[clock]) return;
    k->begun[clock] = TRUE;
    k->rungs[clock] = k->expiries[clock] = 0;
    k->consumed[clock] = 0;
    k->started[clock] = k->c.clock[clock].started;
}

/* Time that was added may let it expire once more. */
static void watch_extension(Walk *k, int clock)
{
    if (!k->c.clock[clock].expired) k->expiries[clock] = 0;
}

static char *watch_effects(Walk *k, guint from)
{
    for (guint i = from; i < k->effects->len; i++) {
        const FlowEffect *e = &g_array_index(k->effects, FlowEffect, i);
        write_effect(k->log, k->chart, e);
        HOLD(e->kind != FLOW_DO_RAISE, "an internal event is among the effects");
        if (e->kind == FLOW_DO_CLOCK && e->clock_deed == FLOW_CLOCK_START) watch_start(k, e->index);
        if (e->kind == FLOW_DO_CLOCK && e->clock_deed == FLOW_CLOCK_EXTEND) watch_extension(k, e->index);
        if (e->kind == FLOW_DO_RUNG)
            HOLD(e->rung == k->rungs[e->index]++, "rung %d fired out of turn", e->rung);
        if (e->kind == FLOW_DO_EXPIRE) HOLD(++k->expiries[e->index] == 1, "a clock expired twice");
    }
    return NULL;
}

static char *hold_clock(Walk *k, int i, gint64 now)
{
    const FlowClock *clock = &k->c.clock[i];
    if (clock->state == FLOW_CLOCK_NONE) return NULL;
    gint64 consumed = flow_clock_consumed(k->chart, &k->c, i, now);
    HOLD(consumed >= k->consumed[i], "clock %d gives back what was consumed", i);
    k->consumed[i] = consumed;
    HOLD(clock->started == k->started[i], "clock %d started again unseen", i);
    HOLD(clock->rung == k->rungs[i] && clock->expired == k->expiries[i], "clock %d counts rungs of its own",
         i);
    HOLD(!flow_ended(k->chart, &k->c) || clock->state == FLOW_CLOCK_STOPPED,
         "clock %d goes on in an ended case", i);
    return NULL;
}

/* ---- laws of a case ---- */

static char *hold_text(const Walk *k)
{
    g_autoptr(GString) text = g_string_new(NULL), again = g_string_new(NULL);
    flow_states_write(k->chart, &k->c, text);
    FlowCase read = k->c;
    memset(&read.active, 0xff, sizeof read.active);
    memset(&read.remembered, 0xff, sizeof read.remembered);
    HOLD(flow_states_read(k->chart, text->str, &read), "its own text is not read: %s", text->str);
    HOLD(same_case(&read, &k->c), "read back, %s is another case", text->str);
    flow_states_write(k->chart, &read, again);
    HOLD(g_str_equal(again->str, text->str), "%s is written as %s", text->str, again->str);
    return NULL;
}

static char *hold_laws(Walk *k, gint64 now)
{
    const char *unsound;
    HOLD(flow_sound(k->chart, &k->c, &unsound), "unsound: %s", unsound);
    for (int i = 0; i < flow_chart_clocks(k->chart); i++) {
        char *why = hold_clock(k, i, now);
        if (why) return why;
    }
    for (int i = 0; flow_ended(k->chart, &k->c) && i < flow_chart_tasks(k->chart); i++)
        HOLD(k->c.task[i].state != FLOW_TASK_OFFERED && k->c.task[i].state != FLOW_TASK_ACCEPTED,
             "task %d is open in an ended case", i);
    return hold_text(k);
}

/* ---- beside the oracle ---- */

static char *compare_history(const Walk *k)
{
    int number = 0;
    for (int h = 0; h < (int)k->f->draft.states->len; h++) {
        if (!isHistoryState(k->naive, h)) continue;
        for (int s = 0; s < (int)k->f->draft.states->len; s++) {
            gboolean due = k->naive->history[h] && ints_has(k->naive->history[h], s);
            HOLD(flow_set_has(&k->c.remembered[number], s) == due, "history %d remembers otherwise about %d",
                 h, s);
        }
        number++;
    }
    return NULL;
}

static char *compare_case(const Walk *k)
{
    for (int s = 0; s < (int)k->f->draft.states->len; s++)
        HOLD(flow_active(k->chart, &k->c, s) == ints_has(k->naive->configuration, s),
             "the oracle differs: s%d is %sactive", s, flow_active(k->chart, &k->c, s) ? "" : "not ");
    FlowCase timed = k->c;
    memcpy(timed.clock, k->naive->timed.clock, sizeof timed.clock);
    memcpy(timed.task, k->naive->timed.task, sizeof timed.task);
    HOLD(same_case(&timed, &k->c), "the oracle differs about a clock or a task");
    return compare_history(k);
}

static char *compare_effects(const Walk *k, guint from)
{
    g_autoptr(GString) got = g_string_new(NULL);
    for (guint i = from; i < k->effects->len; i++)
        write_effect(got, k->chart, &g_array_index(k->effects, FlowEffect, i));
    g_ptr_array_add(k->naive->log, NULL);
    g_autofree char *due = g_strjoinv(", ", (char **)k->naive->log->pdata);
    HOLD(g_str_equal(got->str, due), "the oracle does \"%s\", not \"%s\"", due, got->str);
    return compare_case(k);
}

/* ---- walking ---- */

static char *pass_time(Walk *k, gint64 now)
{
    guint before = k->effects->len;
    flow_tick(k->chart, &k->c, now, k->effects);
    char *why = watch_effects(k, before);
    for (int i = 0; !why && i < flow_chart_clocks(k->chart); i++)
        HOLD(flow_clock_next(k->chart, &k->c, i, NULL) > now, "something due is left behind");
    if (why || !k->naive) return why;
    k->naive->now = now;
    g_ptr_array_set_size(k->naive->log, 0);
    naive_tick(k->naive, now);
    return compare_effects(k, before);
}

static char *after_deed(Walk *k, const Step *s, const FlowCase *was, guint mark, gboolean done,
                        const GError *error, int want)
{
    int code = done ? -1 : error->code;
    if (k->naive)
        HOLD(code == want, "the oracle differs: code %d, not %d %s", want, code, error ? error->message : "");
    HOLD(done || same_case(was, &k->c), "a refusal changed the case: %s", error->message);
    HOLD(done || k->effects->len == mark, "a refusal left effects: %s", error->message);
    char *why = k->naive ? compare_effects(k, mark) : NULL;
    if (!why) why = watch_effects(k, mark);
    return why ? why : hold_laws(k, s->now);
}

static char *walk_step(Walk *k, const Step *s, gboolean tick)
{
    char *why = tick ? pass_time(k, s->now) : NULL;
    if (why) return why;
    g_autoptr(GError) error = NULL;
    FlowCase was = k->c;
    guint mark = k->effects->len;
    int want = k->naive ? naive_fire(k->naive, s->event, s->roles, s->row, s->now) : 0;
    gboolean done = flow_fire(k->chart, &k->c, s->event, s->roles, s->row, s->now, k->effects, &error);
    k->fired += done;
    return after_deed(k, s, &was, mark, done, error, want);
}

static char *walk_begin(Walk *k, const Step *s, gboolean *begun)
{
    g_autoptr(GError) error = NULL;
    FlowCase was = k->c;
    int want = k->naive ? naive_begin(k->naive, s->row, s->now) : 0;
    *begun = flow_begin(k->chart, &k->c, s->row, s->now, k->effects, &error);
    if (*begun) return after_deed(k, s, &was, 0, TRUE, NULL, want);
    HOLD(!k->naive || error->code == want, "the oracle begins with %d, not %d %s", want, error->code,
         error->message);
    return NULL;
}

typedef enum { TICK_AS_DRAWN, TICK_NEVER, TICK_ALWAYS } Ticks;

static char *walk_story(Walk *k, Ticks ticks)
{
    gboolean begun;
    const GArray *story = k->f->story;
    char *why = walk_begin(k, &g_array_index(story, Step, 0), &begun);
    for (guint i = 0; !why && begun && i < story->len; i++) {
        const Step *s = &g_array_index(story, Step, i);
        why = walk_step(k, s, ticks == TICK_AS_DRAWN ? s->tick : ticks == TICK_ALWAYS);
        if (why) {
            char *where = g_strdup_printf("step %u: %s", i + 1, why);
            g_free(why);
            return where;
        }
    }
    return why || !begun ? why : pass_time(k, g_array_index(story, Step, story->len - 1).now);
}

typedef struct {
    const RuleSchema *schema;
    gboolean lies; /* of the oracle */
    gboolean sealed;
    guint64 fired;
} With;

/* One walk; the reason it fails, or NULL and its log and last case. */
static char *walk(const Failing *f, const FlowChart *chart, Naive *naive, Ticks ticks, char **log,
                  FlowCase *last, guint64 *fired)
{
    Walk k = { .f = f, .chart = chart, .naive = naive };
    k.effects = g_array_new(FALSE, FALSE, sizeof(FlowEffect));
    k.log = g_string_new(NULL);
    char *why = walk_story(&k, ticks);
    *log = g_string_free(k.log, FALSE);
    *last = k.c;
    *fired += k.fired;
    g_array_unref(k.effects);
    return why;
}

/* As drawn beside the oracle, then the same again, ticking never, and ticking always. */
static char *walk_four_times(const Failing *f, const FlowChart *chart, Naive *naive, guint64 *fired)
{
    static const char *const names[] = { "again", "never ticking", "always ticking" };
    static const Ticks ticks[] = { TICK_AS_DRAWN, TICK_NEVER, TICK_ALWAYS };
    FlowCase first, other;
    guint64 ignored = 0;
    g_autofree char *first_log = NULL;
    char *why = walk(f, chart, naive, TICK_AS_DRAWN, &first_log, &first, fired);
    for (gsize i = 0; !why && i < G_N_ELEMENTS(ticks); i++) {
        g_autofree char *log = NULL;
        why = walk(f, chart, NULL, ticks[i], &log, &other, &ignored);
        HOLD(why || g_str_equal(log, first_log), "%s, other effects: %s; %s", names[i], first_log, log);
        HOLD(why || same_case(&first, &other), "%s, another case", names[i]);
    }
    return why;
}

static char *fails(const Failing *f, gpointer data)
{
    With *with = data;
    g_autoptr(FlowChart) chart = flow_chart_new("drawn", with->schema);
    with->sealed = draft_build(&f->draft, chart, "unit", NULL);
    if (!with->sealed) return NULL;
    g_auto(Naive) naive = naive_new(&f->draft, chart, with->schema);
    naive.lies = with->lies;
    return walk_four_times(f, chart, &naive, &with->fired);
}

/* ---- drawing, and shrinking what fails ---- */

static GArray *story_drawn(Drawn *d)
{
    GArray *story = g_array_new(FALSE, FALSE, sizeof(Step));
    gint64 now = at("2026-09-20 08:00");
    for (int n = 0; n < STEPS; n++) {
        Step s = draw_step(d, now);
        now = s.now;
        g_array_append_val(story, s);
    }
    return story;
}

/* Drawn lines may hide one another, which sealing refuses: the line it names is left out. */
static gboolean drawn_sealed(Drawn *d)
{
    for (int tries = 0; tries < 30; tries++) {
        g_autoptr(FlowChart) chart = flow_chart_new("drawn", d->schema);
        g_autoptr(GError) error = NULL;
        if (draft_build(&d->draft, chart, "unit", &error)) return TRUE;
        if (g_getenv("FLOW_WHY")) g_test_message("%s", error->message);
        guint more = d->draft.lines->len - d->ways;
        if (!more) return FALSE;
        g_ptr_array_remove_index(d->draft.lines, d->ways + (guint)below(d->chance, (int)more));
    }
    return FALSE;
}

/* The failing chart of this seed made small, as text; NULL when nothing fails. */
static char *seed_failing(guint64 seed, gboolean lies, guint64 *events, guint64 *fired, guint *pieces)
{
    BaseChance chance = base_chance_seeded(seed);
    g_auto(Drawn) d = drawn_new(&chance);
    if (!drawn_sealed(&d)) return NULL;
    With with = { .schema = d.schema, .lies = lies };
    Failing f = { shrink_copy(&d.draft), story_drawn(&d) };
    g_autofree char *why = fails(&f, &with);
    *events += f.story->len;
    *fired += with.fired;
    char *text = NULL;
    if (why) {
        g_autofree char *least = shrink(&f, fails, &with);
        g_autofree char *chart = failing_text(&f);
        text = g_strdup_printf("seed %" G_GUINT64_FORMAT ": %s\nsmallest: %s\n%s", seed, why, least, chart);
        *pieces = f.draft.lines->len + f.story->len;
    }
    draft_clear(&f.draft);
    g_array_unref(f.story);
    return text;
}

static guint64 number_from(const char *variable, guint64 otherwise)
{
    return g_getenv(variable) ? g_ascii_strtoull(g_getenv(variable), NULL, 10) : otherwise;
}

static void laws_hold_on_random_histories(void)
{
    guint64 wanted = number_from("FLOW_EVENTS", 30000), events = 0, fired = 0, charts = 0, sound = 0;
    guint64 seed = number_from("FLOW_SEED", (guint32)g_test_rand_int());
    g_test_message("first seed %" G_GUINT64_FORMAT, seed);
    for (; events < wanted; charts++, seed++) {
        guint64 before = events;
        guint pieces;
        g_autofree char *text = seed_failing(seed, FALSE, &events, &fired, &pieces);
        if (text) g_error("%s", text);
        sound += events > before;
    }
    g_test_message("%" G_GUINT64_FORMAT " events, %" G_GUINT64_FORMAT " taken, on %" G_GUINT64_FORMAT
                   " sound charts of %" G_GUINT64_FORMAT,
                   events, fired, sound, charts);
    g_assert_cmpuint(sound, >, charts / 2);
    g_assert_cmpuint(fired, >, events / 10);
}

/* An oracle that puts raised events in front is found out, and its chart is made small enough to read. */
static void a_difference_is_found_and_made_small(void)
{
    guint64 events = 0, fired = 0, seed = 1;
    guint pieces = 0;
    g_autofree char *text = NULL;
    while (!text && seed < 500)
        text = seed_failing(seed++, TRUE, &events, &fired, &pieces);
    g_assert_nonnull(text);
    g_test_message("%s", text);
    g_assert_cmpuint(pieces, <, 16);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/laws_hold_on_random_histories", laws_hold_on_random_histories);
    g_test_add_func("/flow/a_difference_is_found_and_made_small", a_difference_is_found_and_made_small);
    return g_test_run();
}
