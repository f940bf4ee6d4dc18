/* case_test.c - what a case does, deed by deed. Random histories are in laws_test.c. */
#include "loop/case/life.h"
#include "loop/case/town_for_test.h"

#define PACK "src/loop/case/pack_for_test"

static void open_town(Town *town)
{
    town_open(town, 1, PACK);
    town_stand_in(town);
}

static json_t *fields_of(const char *text)
{
    json_t *fields = json_loads(text, 0, NULL);
    g_assert_nonnull(fields);
    return fields;
}

static gboolean fire(Town *town, const BaseId *id, const char *event, const char *role, const char *org,
                     const char *fields, GError **error)
{
    json_t *json = fields ? fields_of(fields) : NULL;
    gboolean ok = town_fire(town, id, event, role, org, NULL, json, error);
    json_decref(json);
    return ok;
}

static void must(Town *town, const BaseId *id, const char *event, const char *role, const char *org,
                 const char *fields)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(fire(town, id, event, role, org, fields, &error));
    g_assert_no_error(error);
}

static const char *state_of(const Case *c)
{
    return flow_chart_state_id(pack_chart(c->pack), flow_rest(pack_chart(c->pack), &c->flow));
}

static void a_signal_opens_a_case_with_an_addressee_and_a_clock(void)
{
    Town town;
    open_town(&town);
    BaseId id = town_signal(&town, "light", "electric");
    g_autoptr(Case) c = town_load(&town, &id);
    g_assert_cmpstr(state_of(c), ==, "offered");
    g_assert_cmpstr(c->number, ==, "SY-20261123-000001");
    g_assert_cmpstr(json_string_value(json_object_get(c->facts, "kind")), ==, "light");
    g_assert_cmpint(c->flow.clock[1].state, ==, FLOW_CLOCK_RUNNING);
    g_assert_cmpint(c->due[1], ==, T0 + 2 * BASE_HOUR);
    g_assert_cmpint(
        town_number(&town, "SELECT count(*) FROM task WHERE state = 'offered' AND kind = 'handle'"), ==, 1);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM signal WHERE disposition = 'opened'"), ==, 1);
    town_close(&town);
}

/* Every state of the configuration, and what is remembered, as read from the rows. */
static void hold_states(Town *town, const BaseId *id, const char *rest, const char *want)
{
    g_autoptr(Case) c = town_load(town, id);
    g_autoptr(GString) states = g_string_new(NULL);
    flow_states_write(pack_chart(c->pack), &c->flow, states);
    g_assert_cmpstr(states->str, ==, want);
    g_assert_cmpstr(state_of(c), ==, rest);
}

static void a_case_in_several_states_is_kept_and_rebuilt_with_what_it_remembers(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_town(&town);
    BaseId id = town_signal(&town, "light", "electric");
    g_autoptr(Case) c = town_load(&town, &id);
    must(&town, &id, "signin", "handler", c->org, NULL);
    must(&town, &id, "hold", "handler", c->org, NULL);
    hold_states(&town, &id, "held", "held; before = handling");
    must(&town, &id, "go_on", "handler", c->org, NULL);
    hold_states(&town, &id, "handling", "handling; before = handling");
    must(&town, &id, "reply", "handler", c->org, "{\"answer\": \"done\"}");
    must(&town, &id, "callback", "callcentre", NULL, "{\"solved\": true}");
    hold_states(&town, &id, "asking", "waiting unfiled; before = handling");
    must(&town, &id, "file", "callcentre", NULL, NULL);
    g_assert_true(case_rebuild(town.room, NULL, NULL, &error));
    hold_states(&town, &id, "asking", "waiting filed; before = handling");
    town_close(&town);
}

static void the_same_signal_again_changes_nothing(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_town(&town);
    BaseId id = town_signal(&town, "light", "electric");
    gint64 events = town_number(&town, "SELECT count(*) FROM event");
    TownSignal again = { .source = "form", .ref = "S1", .kind = "water", .skill = "plumbing" };
    g_assert_true(town_write(&town, town_open_job, &again, &error));
    g_assert_true(again.again);
    g_assert_true(base_id_equal(&again.id, &id));
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event"), ==, events);
    TownSignal other = { .source = "phone", .ref = "S1", .kind = "water", .skill = "plumbing" };
    g_assert_true(town_write(&town, town_open_job, &other, &error));
    g_assert_false(other.again); /* another source's S1 is another signal */
    town_close(&town);
}

static void numbers_count_within_a_local_day(void)
{
    static const struct {
        gint64 at;
        const char *want;
    } table[] = {
        { T0, "SY-20261123-000001" },
        { T0 + BASE_HOUR, "SY-20261123-000002" },
        { T0 + 14 * BASE_HOUR + 59 * BASE_MINUTE, "SY-20261123-000003" },
        { T0 + 15 * BASE_HOUR, "SY-20261124-000001" },
    };
    Town town;
    open_town(&town);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        town.now = table[i].at;
        BaseId id = town_signal(&town, "light", "electric");
        g_autoptr(Case) c = town_load(&town, &id);
        g_assert_cmpstr(c->number, ==, table[i].want);
    }
    town_close(&town);
}

static void a_refused_deed_changes_nothing(void)
{
    static const struct {
        const char *name, *event, *role, *org, *fields;
        int code; /* of CASE_ERROR; -1: of the flow engine */
    } table[] = {
        /* clang-format off */
        { "not this organisation's", "signin",   "handler",    "D2", NULL,                       CASE_ERROR_RELATION },
        { "nobody's organisation",   "signin",   "handler",    NULL, NULL,                       CASE_ERROR_RELATION },
        { "not this role's",         "signin",   "callcentre", "D1", NULL,                       -1 },
        { "not awaited here",        "reply",    "handler",    "D1", "{\"answer\": \"x\"}",      -1 },
        { "no such event",           "explode",  "handler",    "D1", NULL,                       -1 },
        { "no such field",           "signin",   "handler",    "D1", "{\"colour\": 1}",          CASE_ERROR_FIELDS },
        { "a field of another type", "signin",   "handler",    "D1", "{\"parts\": \"many\"}",    CASE_ERROR_FIELDS },
        { "a code not in the list",  "signin",   "handler",    "D1", "{\"kind\": \"fog\"}",      CASE_ERROR_FIELDS },
        { "a rating out of range",   "signin",   "handler",    "D1", "{\"rating\": 6}",          CASE_ERROR_FIELDS },
        /* clang-format on */
    };
    Town town;
    open_town(&town);
    BaseId id = town_signal(&town, "light", "electric");
    gint64 events = town_number(&town, "SELECT count(*) FROM event");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_autoptr(GError) error = NULL;
        g_assert_false(
            fire(&town, &id, table[i].event, table[i].role, table[i].org, table[i].fields, &error));
        if (table[i].code >= 0)
            g_assert_error(error, CASE_ERROR, table[i].code);
        else
            g_assert_true(error->domain == FLOW_ERROR);
        g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event"), ==, events);
        g_autoptr(Case) c = town_load(&town, &id);
        g_assert_cmpstr(state_of(c), ==, "offered");
    }
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void an_event_must_bring_what_it_needs(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_town(&town);
    BaseId id = town_signal(&town, "light", "electric");
    must(&town, &id, "signin", "handler", "D1", NULL);
    must(&town, &id, "reply", "handler", "D1", "{\"answer\": \"done\"}");
    must(&town, &id, "callback", "callcentre", NULL, "{\"solved\": false}");
    must(&town, &id, "reply", "handler", "D1", "{\"answer\": \"done again\"}");
    /* `solved` is known from the first call, but this one did not bring it */
    g_assert_false(fire(&town, &id, "callback", "callcentre", NULL, NULL, &error));
    g_assert_error(error, CASE_ERROR, CASE_ERROR_FIELDS);
    town_close(&town);
}

static void returning_moves_the_case_and_not_the_residents_clock(void)
{
    Town town;
    open_town(&town);
    BaseId id = town_signal(&town, "water", "plumbing");
    g_autoptr(Case) before = town_load(&town, &id);
    g_assert_cmpstr(before->org, ==, "D2");
    town.now += BASE_HOUR;
    must(&town, &id, "return", "handler", "D2", NULL);
    g_autoptr(Case) after = town_load(&town, &id);
    g_assert_cmpstr(after->org, ==, "D3");
    g_assert_cmpint(after->level, ==, 2);
    g_assert_cmpint(json_integer_value(json_object_get(after->facts, "returns")), ==, 1);
    g_assert_cmpint(after->due[0], ==, before->due[0]);
    g_assert_cmpint(after->due[1], ==, before->due[1] + BASE_HOUR);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM task WHERE org = 'D3' AND state = 'offered'"),
                    ==, 1);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM task WHERE org = 'D2' AND state = 'returned'"),
                    ==, 1);
    town_close(&town);
}

static void rungs_and_expiries_fire_once_and_first(void)
{
    Town town;
    open_town(&town);
    BaseId id = town_signal(&town, "light", "electric");
    town_pass(&town, BASE_HOUR);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE kind = 'case.rung'"), ==, 1);
    town_pass(&town, 0);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE kind = 'case.rung'"), ==, 1);
    town.now += 2 * BASE_HOUR; /* nobody ticks: the deed itself passes what is due before it */
    must(&town, &id, "signin", "handler", "D1", NULL);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE kind = 'case.rung'"), ==, 3);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE body ->> 'event' = 'expired'"), ==,
                    1);
    g_autoptr(Case) c = town_load(&town, &id);
    g_assert_true(c->late);
    town_pass(
        &town,
        BASE_DAY); /* the handler's day is over: the clock's own event is refused here, and only recorded */
    g_autoptr(Case) later = town_load(&town, &id);
    g_assert_cmpstr(state_of(later), ==, "handling");
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static gboolean turn_away(Town *town, StoreConn *conn, gpointer data, GError **error)
{
    TownSignal s = { .source = "form", .kind = "light", .skill = "electric" };
    char ref[16] = "R1";
    PackSignal signal;
    town_fill_signal(town, &s, ref, &signal);
    gboolean ok = case_reject(town->room, conn, "form", &signal, town_the_pack(town), "not in this city",
                              "clerk", town->now, error);
    g_strlcpy(ref, "J1", sizeof ref);
    const CaseActor clerk = { .actor = "clerk", .roles = (const char *const[]){ "callcentre", NULL } };
    ok = ok && case_join(town->room, conn, data, "form", &signal, &clerk, town->now, error);
    json_decref(signal.open);
    json_decref(signal.private_facts);
    return ok;
}

static void a_signal_may_also_be_turned_away_or_join(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_town(&town);
    BaseId id = town_signal(&town, "light", "electric");
    g_assert_true(town_write(&town, turn_away, &id, &error));
    g_assert_true(town_write(&town, turn_away, &id, &error)); /* once more: nothing */
    g_assert_no_error(error);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM signal"), ==, 3);
    g_assert_cmpint(
        town_number(&town, "SELECT count(*) FROM signal WHERE disposition = 'rejected' AND person = 'clerk'"
                           " AND reason IS NOT NULL AND case_id IS NULL"),
        ==, 1);
    g_assert_cmpint(
        town_number(&town,
                    "SELECT count(*) FROM signal WHERE disposition = 'joined' AND case_id IS NOT NULL"),
        ==, 1);
    town_assert_rebuilt_equal(&town);
    town_close(&town);
}

static void an_older_version_is_loaded_with_the_store(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    open_town(&town);
    BaseId id = town_signal(&town, "light", "electric");
    g_autoptr(Case) before = town_load(&town, &id);
    g_autofree char *newer = g_strdup(pack_canonical(town_the_pack(&town)));
    char *spot = strstr(newer, "Test office");
    memcpy(spot, "Best", 4);
    Pack *pack = pack_from_canonical(newer, &error);
    g_assert_no_error(error);
    g_autoptr(CaseRoom) room = case_room_new(town.store, town.guard, BASE_CHINA_OFFSET);
    g_assert_true(case_room_add_pack(room, pack, T0, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(case_room_packs(room)->len, ==, 1);
    g_assert_true(case_room_pack(room, "errand") == pack);
    g_autoptr(StoreConn) conn = store_read_begin(town.store, &error);
    g_autoptr(Case) c = case_load(room, conn, &id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(pack_version(c->pack), ==, pack_version(before->pack));
    g_assert_cmpstr(pack_version(c->pack), !=, pack_version(pack));
    g_clear_pointer(&conn, store_read_end);
    town_close(&town);
}

static gboolean tamper(StoreConn *conn, gpointer sql, GError **error)
{
    return store_run(conn, sql, NULL, 0, error);
}

static void what_was_written_past_the_ledger_is_found(void)
{
    static const struct {
        const char *sql, *want;
    } table[] = {
        { "UPDATE case_file SET org = 'D9'", ": org D9, D1" },
        { "UPDATE case_private SET facts = '{\"caller\":\"somebody\"}'", ": facts differs" },
        { "DELETE FROM task", ": row absent live, rebuilt" },
        { "UPDATE clock SET since = since + 1 WHERE id = 'whole'", ",whole: since " },
        { "INSERT INTO org(id, name, area, kind) VALUES('D0', 'x', '', 'x')",
          "org D0: row live, absent rebuilt" },
        { "UPDATE counter SET value = 7 WHERE name LIKE 'open %'", "counter open errand: value 7, 1" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].sql);
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) differences = g_ptr_array_new_with_free_func(g_free);
        Town town;
        open_town(&town);
        town_signal(&town, "light", "electric");
        town_assert_rebuilt_equal(&town);
        g_assert_true(store_write(town.store, tamper, (gpointer)table[i].sql, &error));
        g_assert_true(case_verify(town.room, NULL, NULL, differences, &error));
        g_assert_cmpuint(differences->len, ==, 1);
        g_assert_nonnull(strstr(differences->pdata[0], table[i].want));
        g_assert_true(case_rebuild(town.room, NULL, NULL, &error));
        town_assert_rebuilt_equal(&town);
        town_close(&town);
    }
}

static void every_projection_is_compared(void)
{
    for (const char *const *table = store_projections(); *table; table++) {
        gsize i = 0;
        while (i < case_n_tables && strcmp(case_tables[i].table, *table) != 0)
            i++;
        if (i == case_n_tables) g_error("%s is made again, and not compared", *table);
    }
}

static void a_case_without_an_addressee_is_not_opened(void)
{
    g_autoptr(GError) error = NULL;
    Town town;
    town_open(&town, 1, PACK); /* nobody answers assign(route) here */
    TownSignal s = { .source = "form", .kind = "light", .skill = "electric", .nobodys = TRUE };
    g_assert_false(town_write(&town, town_open_job, &s, &error));
    g_assert_error(error, CASE_ERROR, CASE_ERROR_FIELDS);
    g_assert_cmpint(town_number(&town, "SELECT count(*) FROM signal"), ==, 0);
    town_close(&town);
}

/* ---- lists ---- */

static json_t *list(Town *town, CaseQuery query)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    BaseJson out = base_json_to(text);
    g_assert_true(case_view_list(town->room, conn, &query, town->now, &out, &error));
    return base_json_parse(text->str, text->len, BASE_JSON_REQUEST, &error);
}

static void a_list_takes_what_was_asked_newest_first(void)
{
    static const struct {
        const char *name;
        CaseQuery query;
        const char *want; /* last digits of the numbers */
    } table[] = {
        { "all", { .limit = 200 }, "54321" },
        { "open only", { .open_only = TRUE, .limit = 200 }, "5432" },
        { "one pack's open", { .pack = "errand", .open_only = TRUE, .limit = 200 }, "5432" },
        { "another pack's", { .pack = "other", .limit = 200 }, "" },
        { "a page", { .limit = 2 }, "54" },
        { "the page after", { .limit = 2, .before = T0 + 3 * BASE_MINUTE }, "32" },
        { "a state", { .state = "handling", .limit = 9 }, "2" },
        { "an organisation", { .org = "D2", .open_only = TRUE, .limit = 9 }, "53" },
        { "a number", { .number = "SY-20261123-000004", .limit = 9 }, "4" },
        { "a number of a closed one",
          { .number = "SY-20261123-000001", .open_only = TRUE, .limit = 9 },
          "1" },
        { "late ones", { .late_only = TRUE, .limit = 9 }, "" },
    };
    Town town;
    open_town(&town);
    for (int i = 0; i < 5; i++) {
        town_signal(&town, i % 2 ? "light" : "water", "electric");
        town.now += BASE_MINUTE;
    }
    const BaseId *id = &g_array_index(town.cases, BaseId, 0);
    must(&town, &g_array_index(town.cases, BaseId, 1), "signin", "handler", "D1", NULL);
    must(&town, id, "signin", "handler", "D2", NULL);
    must(&town, id, "reply", "handler", "D2", "{\"answer\": \"x\"}");
    must(&town, id, "callback", "callcentre", NULL, "{\"solved\": true}");
    must(&town, id, "rate", "resident", NULL, "{\"rating\": 3}");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        json_t *got = list(&town, table[i].query), *cases = json_object_get(got, "cases");
        g_autoptr(GString) digits = g_string_new(NULL);
        for (gsize k = 0; k < json_array_size(cases); k++) {
            const char *number = json_string_value(json_object_get(json_array_get(cases, k), "number"));
            g_string_append(digits, number + strlen(number) - 1);
        }
        g_assert_cmpstr(digits->str, ==, table[i].want);
        g_assert_cmpint((gint64)json_integer_value(json_object_get(got, "open")), ==,
                        strcmp(table[i].name, "another pack's") ? 4 : 0);
        json_decref(got);
    }
    town_close(&town);
}

static json_t *tasks_of(Town *town, const char *role, const char *org, const char *unit)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(StoreConn) conn = store_read_begin(town->store, &error);
    BaseJson out = base_json_to(text);
    const char *const roles[] = { role, NULL };
    GuardUser user = town_user(org, unit, roles);
    g_assert_true(case_view_tasks(town->room, conn, &user, town->now, &out, &error));
    json_t *parsed = base_json_parse(text->str, text->len, BASE_JSON_REQUEST, &error);
    json_t *tasks = json_incref(json_object_get(parsed, "tasks"));
    json_decref(parsed);
    return tasks;
}

static void a_task_is_seen_by_its_addressee_with_what_they_can_do(void)
{
    static const struct {
        const char *role, *org, *unit, *want; /* offers */
    } table[] = {
        { "handler", "D1", NULL, "signin return" },
        { "handler", "D2", NULL, NULL },
        { "unit", "D1", "U1", NULL },
        { "callcentre", "D1", NULL, NULL },
    };
    Town town;
    open_town(&town);
    town_signal(&town, "light", "electric");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        json_t *tasks = tasks_of(&town, table[i].role, table[i].org, table[i].unit);
        g_assert_cmpuint(json_array_size(tasks), ==, table[i].want ? 1 : 0);
        const json_t *offers = json_object_get(json_array_get(tasks, 0), "offers");
        g_autoptr(GString) events = g_string_new(NULL);
        for (gsize k = 0; k < json_array_size(offers); k++)
            g_string_append_printf(events, "%s%s", k ? " " : "",
                                   json_string_value(json_object_get(json_array_get(offers, k), "event")));
        if (table[i].want) g_assert_cmpstr(events->str, ==, table[i].want);
        json_decref(tasks);
    }
    town_close(&town);
}

/* ---- when it was done, by the device ---- */

static gboolean signin_claiming(Town *town, const BaseId *id, const char *org, gint64 happened_at,
                                GError **error)
{
    static const char *const roles[] = { "handler", NULL };
    TownDeed d = { *id, "signin", NULL, { .actor = "x", .roles = roles, .org = org } };
    d.actor.happened_at = happened_at;
    return town_write(town, town_fire_job, &d, error);
}

#define LAST_CLAIM "SELECT json_extract(body, '$.happened_at') FROM event ORDER BY seq DESC LIMIT 1"
#define LAST_AT "SELECT at FROM event ORDER BY seq DESC LIMIT 1"

static void a_devices_time_stands_beside_the_time_received(void)
{
    static const struct {
        const char *name;
        gint64 claimed; /* after T0, when the case was opened; it is received a day later */
        gboolean believed;
    } table[] = {
        /* clang-format off */
        { "done at once, sent a day later",        1,                                     TRUE },
        { "a little before the opening",           -CASE_CLOCK_AHEAD,                     TRUE },
        { "before the case was there",             -CASE_CLOCK_AHEAD - 1,                 FALSE },
        { "as it is received",                     BASE_DAY,                              TRUE },
        { "the device is a little ahead",          BASE_DAY + CASE_CLOCK_AHEAD,           TRUE },
        { "the device is too far ahead",           BASE_DAY + CASE_CLOCK_AHEAD + 1,       FALSE },
        { "too long ago",                          BASE_DAY - CASE_SENT_LATE - 1,         FALSE },
        { "the first instant of all",              1 - T0,                                FALSE },
        { "the smallest number there is",          G_MININT64,                            FALSE },
        { "the largest number there is",           G_MAXINT64 - T0,                       FALSE },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_autoptr(GError) error = NULL;
        Town town;
        open_town(&town);
        BaseId id = town_signal(&town, "light", "electric");
        g_autoptr(Case) c = town_load(&town, &id);
        const gint64 claimed = table[i].claimed == G_MININT64 ? G_MININT64 : T0 + table[i].claimed;
        town.now = T0 + BASE_DAY;
        const gint64 before = town_number(&town, "SELECT count(*) FROM event");
        g_assert_cmpint(signin_claiming(&town, &id, c->org, claimed, &error), ==, table[i].believed);
        if (table[i].believed) {
            g_assert_no_error(error);
            g_assert_cmpint(town_number(&town, LAST_CLAIM), ==, claimed);
            g_assert_cmpint(town_number(&town, LAST_AT), ==, town.now);
        } else {
            g_assert_error(error, CASE_ERROR, CASE_ERROR_TIME);
            g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event"), ==, before);
        }
        town_assert_rebuilt_equal(&town);
        town_close(&town);
    }
}

static void no_clock_goes_by_a_devices_time(void)
{
    gint64 stopped[2];
    for (int claims = 0; claims < 2; claims++) {
        g_autoptr(GError) error = NULL;
        Town town;
        open_town(&town);
        BaseId id = town_signal(&town, "light", "electric");
        g_autoptr(Case) before = town_load(&town, &id);
        town.now = T0 + BASE_HOUR;
        signin_claiming(&town, &id, before->org, claims ? T0 + BASE_MINUTE : 0, &error);
        g_assert_no_error(error);
        g_assert_cmpint(town_number(&town, "SELECT count(*) FROM event WHERE body LIKE '%happened_at%'"), ==,
                        claims);
        g_autoptr(Case) after = town_load(&town, &id);
        stopped[claims] = after->flow.clock[1].consumed + after->due[1];
        town_close(&town);
    }
    g_assert_cmpint(stopped[0], ==, stopped[1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/case/a_signal_opens_a_case_with_an_addressee_and_a_clock",
                    a_signal_opens_a_case_with_an_addressee_and_a_clock);
    g_test_add_func("/case/a_case_in_several_states_is_kept_and_rebuilt_with_what_it_remembers",
                    a_case_in_several_states_is_kept_and_rebuilt_with_what_it_remembers);
    g_test_add_func("/case/the_same_signal_again_changes_nothing", the_same_signal_again_changes_nothing);
    g_test_add_func("/case/numbers_count_within_a_local_day", numbers_count_within_a_local_day);
    g_test_add_func("/case/a_refused_deed_changes_nothing", a_refused_deed_changes_nothing);
    g_test_add_func("/case/an_event_must_bring_what_it_needs", an_event_must_bring_what_it_needs);
    g_test_add_func("/case/returning_moves_the_case_and_not_the_residents_clock",
                    returning_moves_the_case_and_not_the_residents_clock);
    g_test_add_func("/case/rungs_and_expiries_fire_once_and_first", rungs_and_expiries_fire_once_and_first);
    g_test_add_func("/case/a_signal_may_also_be_turned_away_or_join",
                    a_signal_may_also_be_turned_away_or_join);
    g_test_add_func("/case/an_older_version_is_loaded_with_the_store",
                    an_older_version_is_loaded_with_the_store);
    g_test_add_func("/case/what_was_written_past_the_ledger_is_found",
                    what_was_written_past_the_ledger_is_found);
    g_test_add_func("/case/every_projection_is_compared", every_projection_is_compared);
    g_test_add_func("/case/a_case_without_an_addressee_is_not_opened",
                    a_case_without_an_addressee_is_not_opened);
    g_test_add_func("/case/a_list_takes_what_was_asked_newest_first",
                    a_list_takes_what_was_asked_newest_first);
    g_test_add_func("/case/a_task_is_seen_by_its_addressee_with_what_they_can_do",
                    a_task_is_seen_by_its_addressee_with_what_they_can_do);
    g_test_add_func("/case/a_devices_time_stands_beside_the_time_received",
                    a_devices_time_stands_beside_the_time_received);
    g_test_add_func("/case/no_clock_goes_by_a_devices_time", no_clock_goes_by_a_devices_time);
    return g_test_run();
}
