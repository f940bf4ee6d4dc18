/* relate_test.c - cases and other cases: one leading case for several residents, parts for several
 * organisations, a case that comes of a case; and undoing each. */
#include "loop/case/relate.h"
#include "loop/case/town_for_test.h"

#define ORDER "src/pack/traits_for_test/order"
#define ERRAND "src/loop/case/pack_for_test"

typedef struct {
    Town *town;
    BaseId leader, follower, ids[CASE_MAX_PARTS];
    const char *role, *org;
    CasePart parts[CASE_MAX_PARTS];
    guint n;
} Deed;

static CaseActor actor_of(const Deed *d, const char *const *roles)
{
    return (CaseActor){ .actor = "desk", .roles = roles, .org = d->org ? d->org : "D1" };
}

static gboolean merge_job(StoreConn *conn, gpointer data, GError **error)
{
    Deed *d = data;
    const char *const roles[] = { d->role ? d->role : "dispatcher", NULL };
    const CaseActor actor = actor_of(d, roles);
    return case_merge(d->town->room, conn, &d->leader, &d->follower, "同一处", &actor, d->town->now, error);
}

static gboolean unmerge_job(StoreConn *conn, gpointer data, GError **error)
{
    Deed *d = data;
    const char *const roles[] = { d->role ? d->role : "dispatcher", NULL };
    const CaseActor actor = actor_of(d, roles);
    return case_unmerge(d->town->room, conn, &d->follower, "并错", &actor, d->town->now, error);
}

static gboolean split_job(StoreConn *conn, gpointer data, GError **error)
{
    Deed *d = data;
    const char *const roles[] = { "dispatcher", NULL };
    const CaseActor actor = actor_of(d, roles);
    return case_split(d->town->room, conn, &d->leader, d->parts, d->n, "两家分办", &actor, d->town->now,
                      d->ids, error);
}

static gboolean unsplit_job(StoreConn *conn, gpointer data, GError **error)
{
    Deed *d = data;
    const char *const roles[] = { "dispatcher", NULL };
    const CaseActor actor = actor_of(d, roles);
    return case_unsplit(d->town->room, conn, &d->leader, "不必分", &actor, d->town->now, error);
}

static gboolean run(Deed *d, StoreJob job, GError **error)
{
    return store_write(d->town->store, job, d, error);
}

static void must(Deed *d, StoreJob job)
{
    g_autoptr(GError) error = NULL;
    const gboolean ok = run(d, job, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static void refused(Deed *d, StoreJob job, GQuark domain, int code)
{
    g_autoptr(GError) error = NULL;
    gint64 before = town_number(d->town, "SELECT max(seq) FROM event");
    g_assert_false(run(d, job, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, domain, code);
    g_assert_cmpint(town_number(d->town, "SELECT max(seq) FROM event"), ==, before);
}

static void open_orders(Town *town, guint64 seed)
{
    town_open(town, seed, ORDER);
    town_stand_in(town);
}

static void fire(Town *town, const BaseId *id, const char *event, const char *role, const char *field,
                 const char *value)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) c = town_load(town, id);
    json_t *fields = field ? json_pack("{s:s}", field, value) : NULL;
    town_fire(town, id, event, role, c->org, NULL, fields, &error);
    g_assert_no_error(error);
    json_decref(fields);
}

/* An order that is in hand. */
static BaseId in_hand(Town *town)
{
    BaseId id = town_signal(town, NULL, NULL);
    fire(town, &id, "submit", "dispatcher", NULL, NULL);
    fire(town, &id, "signin", "handler", NULL, NULL);
    return id;
}

static char *state_of(Town *town, const BaseId *id)
{
    g_autoptr(Case) c = town_load(town, id);
    return g_strdup(flow_chart_state_id(pack_chart(c->pack), flow_rest(pack_chart(c->pack), &c->flow)));
}

static void state_is(Town *town, const BaseId *id, const char *want)
{
    g_autofree char *state = state_of(town, id);
    g_assert_cmpstr(state, ==, want);
}

static FlowClock resident(Town *town, const BaseId *id, gint64 *due)
{
    g_autoptr(Case) c = town_load(town, id);
    int i = flow_chart_clock_find(pack_chart(c->pack), "resident");
    if (due) *due = c->due[i];
    return c->flow.clock[i];
}

/* What everybody could do now, and what the clocks say: what undoing must bring back. */
static char *picture(Town *town, const BaseId *id)
{
    g_autoptr(Case) c = town_load(town, id);
    g_autoptr(GString) out = g_string_new(NULL);
    static const char *const roles[] = {
        "dispatcher", "handler", "leader", "callcentre", "system", "resident"
    };
    flow_states_write(pack_chart(c->pack), &c->flow, out);
    g_string_truncate(out, strcspn(out->str, ";")); /* it may remember more than before */
    for (gsize r = 0; r < G_N_ELEMENTS(roles); r++) {
        const char *const alone[] = { roles[r], NULL };
        g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(gsize));
        flow_offers(pack_chart(c->pack), &c->flow, alone, c->row, offers);
        for (guint i = 0; i < offers->len; i++)
            g_string_append_printf(out, " %s:%zu", roles[r], g_array_index(offers, gsize, i));
    }
    FlowClock clock = resident(town, id, NULL);
    g_string_append_printf(out, " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, clock.budget, clock.started);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- merging ---- */

static void the_earliest_resident_deadline_wins_and_undoing_gives_it_back(void)
{
    Town town;
    gint64 early, late, now_due;
    open_orders(&town, 1);
    BaseId follower = in_hand(&town);
    town.now += 30 * BASE_HOUR;
    BaseId leader = in_hand(&town);
    resident(&town, &follower, &early);
    resident(&town, &leader, &late);
    g_assert_cmpint(early, <, late);
    g_autofree char *leader_was = picture(&town, &leader), *follower_was = picture(&town, &follower);
    Deed d = { .town = &town, .leader = leader, .follower = follower };
    must(&d, merge_job);
    state_is(&town, &follower, "merged");
    resident(&town, &leader, &now_due);
    g_assert_cmpint(now_due, ==, early);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE operation = 'combination'"), ==, 2);
    g_assert_cmpint(resident(&town, &follower, NULL).state, ==, FLOW_CLOCK_RUNNING);
    town.now += BASE_HOUR;
    must(&d, unmerge_job);
    g_autofree char *leader_is = picture(&town, &leader), *follower_is = picture(&town, &follower);
    g_assert_cmpstr(leader_is, ==, leader_was);
    g_assert_cmpstr(follower_is, ==, follower_was);
    resident(&town, &leader, &now_due);
    g_assert_cmpint(now_due, ==, late);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

/* Stopped for a while since: the residents of its followers waited on. */
static void a_clock_that_runs_again_takes_the_earliest_deadline_over(void)
{
    Town town;
    gint64 early[2], is;
    open_orders(&town, 4);
    BaseId id[3];
    for (int i = 0; i < 3; i++) {
        id[i] = in_hand(&town);
        town.now += 26 * BASE_HOUR;
        if (i < 2) resident(&town, &id[i], &early[i]);
    }
    Deed d[2] = { { .town = &town, .leader = id[2], .follower = id[0] },
                  { .town = &town, .leader = id[2], .follower = id[1] } };
    must(&d[0], merge_job);
    must(&d[1], merge_job);
    fire(&town, &id[2], "suspend", "dispatcher", "suspend_ground", "materials");
    town.now += 3 * BASE_DAY;
    fire(&town, &id[2], "resume", "handler", NULL, NULL);
    resident(&town, &id[2], &is);
    g_assert_cmpint(is, ==, early[0]);
    must(&d[0], unmerge_job);
    resident(&town, &id[2], &is);
    g_assert_cmpint(is, ==, early[1]);
    must(&d[1], unmerge_job);
    g_assert_cmpint(resident(&town, &id[2], NULL).budget, ==, 20 * BASE_DAY);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static char *replaced(const char *text, const char *what, const char *by)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);
    g_assert_cmpuint(g_strv_length(parts), >, 1);
    return g_strjoinv(by, parts);
}

/* The same service, where another clock than the resident's runs while a reply waits for approval. */
static Pack *pausing_pack(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = town_pack(ORDER);
    g_autofree char *without = replaced(pack_canonical(pack), "\"approval\",\"replied\"", "\"replied\"");
    g_autofree char *with =
        replaced(without, "\"run_in\":[\"offered\"]", "\"run_in\":[\"offered\",\"approval\"]");
    g_autofree char *text =
        replaced(with, "needs(reply_text), done(handle)", "needs(reply_text), done(handle), start(signin)");
    Pack *changed = pack_from_canonical(text, &error);
    g_assert_no_error(error);
    return changed;
}

static void approve(Town *town, const BaseId *id, const char *who)
{
    static const char *const roles[] = { "leader", NULL };
    g_autoptr(GError) error = NULL;
    TownDeed d = { *id, "approve", NULL, { .actor = who, .roles = roles, .org = "D1" } };
    town_write(town, town_fire_job, &d, &error);
    g_assert_no_error(error);
}

static void a_leader_that_stood_when_they_were_merged_takes_the_deadline_over_when_it_runs(void)
{
    Town town;
    gint64 early, is;
    town_open_with(&town, 6,
                   pausing_pack()); /* of this seed the leader is a noise: it is checked, not done at once */
    town_stand_in(&town);
    const BaseId follower = in_hand(&town);
    resident(&town, &follower, &early);
    town.now += 26 * BASE_HOUR;
    const BaseId leader = in_hand(&town);
    fire(&town, &leader, "reply", "handler", "reply_text", "done");
    g_assert_cmpint(resident(&town, &leader, NULL).state, ==, FLOW_CLOCK_PAUSED);
    Deed d = { .town = &town, .leader = leader, .follower = follower };
    must(&d, merge_job);
    town.now += 2 * BASE_DAY;
    approve(&town, &leader, "l1");
    approve(&town, &leader, "l2");
    resident(&town, &leader, &is);
    g_assert_cmpint(is, ==, early);
    must(&d, unmerge_job);
    g_assert_cmpint(resident(&town, &leader, NULL).budget, ==, 20 * BASE_DAY);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

/* Whatever order they are undone in: the leader has what the rest of them leaves it. */
static void followers_may_leave_in_any_order(void)
{
    for (int first = 0; first < 2; first++) {
        Town town;
        gint64 due[3], is;
        open_orders(&town, 2);
        BaseId id[3];
        for (int i = 0; i < 3; i++) { /* the leader is the youngest */
            id[i] = in_hand(&town);
            town.now += 26 * BASE_HOUR;
            resident(&town, &id[i], &due[i]);
        }
        Deed d[2] = { { .town = &town, .leader = id[2], .follower = id[0] },
                      { .town = &town, .leader = id[2], .follower = id[1] } };
        must(&d[first], merge_job);
        must(&d[!first], merge_job);
        resident(&town, &id[2], &is);
        g_assert_cmpint(is, ==, due[0]);
        must(&d[first], unmerge_job);
        resident(&town, &id[2], &is);
        g_assert_cmpint(is, ==, due[first ? 0 : 1]);
        must(&d[!first], unmerge_job);
        resident(&town, &id[2], &is);
        g_assert_cmpint(is, ==, due[2]);
        town_assert_rebuilt_equal(&town);
        town_close(&town);
    }
}

static void what_cannot_be_merged_is_refused_and_changes_nothing(void)
{
    Town town;
    open_orders(&town, 3);
    BaseId a = in_hand(&town), b = in_hand(&town), c = in_hand(&town), fresh = town_signal(&town, NULL, NULL);
    Deed itself = { .town = &town, .leader = a, .follower = a };
    refused(&itself, merge_job, CASE_ERROR, CASE_ERROR_RELATION);
    Deed wrong_role = { .town = &town, .leader = a, .follower = b, .role = "callcentre" };
    refused(&wrong_role, merge_job, CASE_ERROR, CASE_ERROR_RELATION);
    Deed elsewhere = { .town = &town, .leader = a, .follower = b, .role = "handler", .org = "D3" };
    refused(&elsewhere, merge_job, CASE_ERROR, CASE_ERROR_RELATION);
    g_autoptr(GError) alone = NULL;
    g_assert_false(town_fire(&town, &b, "merge", "dispatcher", "D1", NULL, NULL, &alone)); /* into what? */
    g_assert_error(alone, CASE_ERROR, CASE_ERROR_FIELDS);
    Deed d = { .town = &town, .leader = a, .follower = b };
    refused(&d, unmerge_job, CASE_ERROR, CASE_ERROR_RELATION);
    must(&d, merge_job);
    refused(&d, merge_job, FLOW_ERROR, FLOW_ERROR_NOT_AWAITED);
    Deed crosswise = { .town = &town, .leader = b, .follower = a };
    refused(&crosswise, merge_job, CASE_ERROR, CASE_ERROR_RELATION);
    Deed chain = { .town = &town, .leader = b, .follower = c };
    refused(&chain, merge_job, CASE_ERROR, CASE_ERROR_RELATION);
    Deed leads_others = { .town = &town, .leader = c, .follower = a };
    refused(&leads_others, merge_job, CASE_ERROR, CASE_ERROR_RELATION);
    Deed unknown = { .town = &town, .leader = { { 1 } }, .follower = c };
    refused(&unknown, merge_job, CASE_ERROR, CASE_ERROR_UNKNOWN);
    (void)fresh;
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void a_follower_is_told_and_asked_by_itself_when_its_leader_is_done(void)
{
    Town town;
    open_orders(&town, 4);
    BaseId follower = in_hand(&town), leader = in_hand(&town);
    Deed d = { .town = &town, .leader = leader, .follower = follower };
    must(&d, merge_job);
    fire(&town, &leader, "reply", "handler", "reply_text", "已修");
    fire(&town, &leader, "approve", "leader", NULL, NULL);
    TownDeed second = {
        leader,
        "approve",
        NULL,
        { .actor = "second", .roles = (const char *const[]){ "leader", NULL }, .org = "D1" }
    };
    g_assert_true(town_write(&town, town_fire_job, &second, NULL));
    g_autofree char *sampled = state_of(&town, &leader); /* a light goes unchecked */
    if (!strcmp(sampled, "replied")) fire(&town, &leader, "confirm", "callcentre", "check_result", "属实");
    state_is(&town, &leader, "rating");
    state_is(&town, &follower, "rating");
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM rating"), ==, 2);
    g_assert_cmpint(
        town_number(
            &town,
            "SELECT count(DISTINCT case_id) FROM notice WHERE receiver = 'resident' AND id = 'ask_rating'"),
        ==, 2);
    refused(&d, unmerge_job, CASE_ERROR, CASE_ERROR_RELATION); /* it follows nobody any more */
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

/* ---- splitting ---- */

static void parts_go_to_their_organisations_and_undoing_withdraws_them(void)
{
    Town town;
    open_orders(&town, 5);
    BaseId parent = in_hand(&town);
    FlowClock before = resident(&town, &parent, NULL);
    Deed d = { .town = &town, .leader = parent, .parts = { { "D2", NULL }, { "D3", NULL } }, .n = 2 };
    Deed one = d, nobody = d;
    one.n = 1;
    refused(&one, split_job, CASE_ERROR, CASE_ERROR_FIELDS);
    nobody.parts[1].org = "";
    refused(&nobody, split_job, CASE_ERROR, CASE_ERROR_FIELDS);
    g_autofree char *was = picture(&town, &parent);
    must(&d, split_job);
    state_is(&town, &parent, "split");
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_file WHERE org IN ('D2', 'D3')"), ==, 2);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM relation WHERE kind = 'parent'"), ==, 2);
    g_assert_cmpint(
        town_number(&town,
                    "SELECT count(*) FROM event WHERE kind = 'facts.shared' AND operation = 'disclosure'"
                    " AND body LIKE '%phone%' AND body NOT LIKE '%" CANARY "%'"),
        ==, 2);
    g_assert_cmpint(
        town_number(&town,
                    "SELECT json_extract(facts, '$.children_open') FROM case_file WHERE state = 'split'"),
        ==, 2);
    FlowClock after = resident(&town, &parent, NULL);
    g_assert_cmpint(after.started, ==, before.started);
    g_assert_cmpint(after.state, ==, FLOW_CLOCK_RUNNING);
    must(&d, unsplit_job);
    g_autofree char *is = picture(&town, &parent);
    g_assert_cmpstr(is, ==, was);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_file WHERE final = 1"), ==, 2);
    town_assert_rebuilt_equal(&town);
    must(&d, split_job); /* again: old parts count no more */
    fire(&town, &d.ids[0], "submit", "dispatcher", NULL, NULL);
    refused(&d, unsplit_job, FLOW_ERROR, FLOW_ERROR_GUARD); /* one was begun */
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

/* ---- a case that comes of a case ---- */

static void a_child_takes_open_facts_and_the_private_ones_its_mapping_names(void)
{
    Town town;
    g_autoptr(GError) error = NULL;
    town_open(&town, 6, ERRAND);
    town_stand_in(&town);
    BaseId parent = town_signal(&town, "light", "electric");
    fire(&town, &parent, "signin", "handler", NULL, NULL);
    fire(&town, &parent, "followup", "system", NULL, NULL);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_file"), ==, 2);
    g_assert_cmpint(town_number(&town,
                                "SELECT count(*) FROM case_file WHERE json_extract(facts, '$.answer') ="
                                " 'SY-20261123-000001' AND org = 'D1' AND number = 'SY-20261123-000002'"),
                    ==, 1);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM case_private WHERE facts LIKE '%phone%'"), ==,
                    1); /* the parent's alone */
    g_assert_cmpint(
        town_number(&town,
                    "SELECT count(*) FROM event WHERE kind = 'facts.shared' AND body LIKE '%\"caller\"%'"),
        ==, 1);
    town_fire(&town, &parent, "followup", "system", "D1", NULL, NULL, &error);
    g_assert_error(error, FLOW_ERROR, FLOW_ERROR_GUARD); /* children = 0 no more */
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

/* ---- at random ---- */

static void random_merging_breaks_no_law(void)
{
    for (guint64 seed = 20; seed < 26; seed++) {
        Town town;
        open_orders(&town, seed);
        gint64 started[64] = { 0 };
        for (int i = 0; i < 150; i++) {
            g_autoptr(GError) error = NULL;
            if (town.cases->len < 12) town_signal(&town, NULL, NULL);
            guint a = town_below(&town, town.cases->len), b = town_below(&town, town.cases->len);
            Deed d = { .town = &town,
                       .leader = g_array_index(town.cases, BaseId, a),
                       .follower = g_array_index(town.cases, BaseId, b),
                       .parts = { { "D2", NULL }, { "D3", NULL } },
                       .n = 2 };
            static const StoreJob jobs[] = { merge_job, merge_job, unmerge_job, split_job, unsplit_job };
            guint dice = town_below(&town, 9);
            if (dice < G_N_ELEMENTS(jobs))
                run(&d, jobs[dice], &error);
            else
                town_do_something(&town, &d.leader);
            town_pass(&town, (gint64)town_below(&town, 300) * BASE_MINUTE);
            for (guint k = 0; k < town.cases->len; k++) {
                const char *why;
                g_autoptr(Case) c = town_load(&town, &g_array_index(town.cases, BaseId, k));
                gint64 at = resident(&town, &c->id, NULL).started;
                if (!flow_sound(pack_chart(c->pack), &c->flow, &why))
                    g_error("seed %u: %s", (guint)seed, why);
                g_assert_true(!started[k] || at == started[k]); /* the resident's clock never starts again */
                started[k] = at;
            }
        }
        g_assert_cmpint(town_number(&town, "SELECT count(*) FROM relation WHERE kind = 'follows'"), >, 0);
        g_assert_cmpint(
            town_number(&town, "SELECT count(*) FROM relation a JOIN relation b ON a.case_id = b.case_id"
                               " WHERE a.kind = 'follows' AND b.kind = 'leads' AND a.ended_at IS NULL AND"
                               " b.ended_at IS NULL"),
            ==, 0); /* one step deep */
        town_assert_rebuilt_equal(&town);
        town_close(&town);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/relate/the_earliest_resident_deadline_wins_and_undoing_gives_it_back",
                    the_earliest_resident_deadline_wins_and_undoing_gives_it_back);
    g_test_add_func("/relate/a_clock_that_runs_again_takes_the_earliest_deadline_over",
                    a_clock_that_runs_again_takes_the_earliest_deadline_over);
    g_test_add_func("/relate/a_leader_that_stood_when_they_were_merged_takes_the_deadline_over_when_it_runs",
                    a_leader_that_stood_when_they_were_merged_takes_the_deadline_over_when_it_runs);
    g_test_add_func("/relate/followers_may_leave_in_any_order", followers_may_leave_in_any_order);
    g_test_add_func("/relate/what_cannot_be_merged_is_refused_and_changes_nothing",
                    what_cannot_be_merged_is_refused_and_changes_nothing);
    g_test_add_func("/relate/a_follower_is_told_and_asked_by_itself_when_its_leader_is_done",
                    a_follower_is_told_and_asked_by_itself_when_its_leader_is_done);
    g_test_add_func("/relate/parts_go_to_their_organisations_and_undoing_withdraws_them",
                    parts_go_to_their_organisations_and_undoing_withdraws_them);
    g_test_add_func("/relate/a_child_takes_open_facts_and_the_private_ones_its_mapping_names",
                    a_child_takes_open_facts_and_the_private_ones_its_mapping_names);
    g_test_add_func("/relate/random_merging_breaks_no_law", random_merging_breaks_no_law);
    return g_test_run();
}
