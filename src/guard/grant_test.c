/* grant_test.c - who sees what of one case, that the looking is written down first, and that nothing else
 * opens. */
#include "guard/room_for_test.h"

#define FACTS                                                                                                   \
    "{\"address\":\"江海市东港区人民路88号\",\"age\":41,\"name\":\"张三\",\"note\":\"\",\"phone\":" \
    "\"13800000001\","                                                                                          \
    "\"plates\":[\"江A00001\"],\"text\":\"楼上漏水三天\"}"

static const char *const some_full[] = { "name", "text", NULL };
static const char *const some_partial[] = { "phone", "name", "age", "address", "note", NULL };
static const char *const some_existence[] = { "phone", "plates", "email", NULL };
static const BaseId the_case = { { 0x01, 0x93, 7 } }, another_case = { { 0x01, 0x93, 8 } };

typedef enum { OWN_UNIT, OWN_ORG, STRANGER, RELATIONS } Relation;

static GuardCase case_for(Relation relation, gboolean final)
{
    return (GuardCase){ .id = the_case,
                        .number = "GD-1",
                        .pack = "workorder",
                        .final = final,
                        .org = relation == STRANGER ? "west" : "east",
                        .unit = relation == OWN_UNIT ? "east-1" : NULL };
}

/* What law and packs.md say, by hand: [scope][relation] while the case is open. */
static const gboolean in_scope[3][RELATIONS] = {
    [GUARD_SCOPE_UNIT] = { TRUE, FALSE, FALSE },
    [GUARD_SCOPE_ORG] = { TRUE, TRUE, FALSE },
    [GUARD_SCOPE_ALL] = { TRUE, TRUE, TRUE },
};

static void expect(Room *room, const GuardUser *user, const GuardCase *about, const GuardRule *rule,
                   const char *purpose, gboolean want)
{
    g_autoptr(GError) error = NULL;
    gint64 before = room_events(room);
    g_autoptr(Grant) grant =
        guard_grant_open(room->guard, user, about, rule, rule ? 1 : 0, purpose, T0, &error);
    g_assert_cmpint(grant != NULL, ==, want);
    g_assert_cmpint(room_events(room), ==, before + want);
    if (!want) g_assert_error(error, GUARD_ERROR, GUARD_ERROR_PURPOSE);
}

static void only_what_a_rule_gives_opens(void)
{
    static const char *const roles[] = { "handler", "unit", "leader", "admin", "auditor" };
    static const char *const purposes[] = { "handle", "handle ", "", NULL };
    Room room;
    int cells = 0;
    room_open(&room);
    for (gsize role = 0; role < G_N_ELEMENTS(roles); role++)
        for (int scope = 0; scope < 3; scope++)
            for (int relation = 0; relation < RELATIONS; relation++)
                for (int bits = 0; bits < 4; bits++)
                    for (gsize p = 0; p < G_N_ELEMENTS(purposes); p++, cells++) {
                        gboolean final = bits & 1, open_only = bits >> 1;
                        const GuardRule rule = { "handler", "handle",  "信访工作条例 22",
                                                 scope,     open_only, some_full };
                        GuardUser user = user_of("li.si", "east", "east-1",
                                                 (const char *const[]){ "callcentre", roles[role], NULL });
                        GuardCase about = case_for(relation, final);
                        gboolean want =
                            role == 0 && p == 0 && in_scope[scope][relation] && !(final && open_only);
                        g_test_message("%s scope %d relation %d final %d open_only %d purpose %s",
                                       roles[role], scope, relation, final, open_only, purposes[p]);
                        expect(&room, &user, &about, &rule, purposes[p], want);
                    }
    g_assert_cmpint(cells, ==, 720);
    room_close(&room);
}

static void missing_names_never_meet(void)
{
    static const GuardRule unit = { "unit", "handle", "b", GUARD_SCOPE_UNIT, FALSE, some_full },
                           org = { "unit", "handle", "b", GUARD_SCOPE_ORG, FALSE, some_full };
    const char *const roles[] = { "unit", NULL };
    Room room;
    room_open(&room);
    GuardCase about = { .id = the_case, .number = "GD-1", .pack = "workorder", .org = "", .unit = NULL };
    GuardUser user = user_of("li.si", "", NULL, roles);
    expect(&room, &user, &about, &unit, "handle", FALSE);
    expect(&room, &user, &about, &org, "handle", FALSE);
    about.unit = user.unit = (char *)"";
    expect(&room, &user, &about, &unit, "handle", FALSE);
    user.roles = NULL;
    expect(&room, &user, &about, &org, "handle", FALSE);
    expect(&room, &user, &about, NULL, "handle", FALSE);
    room_close(&room);
}

static gboolean put_job(StoreConn *conn, gpointer facts, GError **error)
{
    return guard_private_put(conn, &the_case, facts, error);
}

static Grant *open_all(Room *room, const GuardRule *rules, gsize n)
{
    static const char *const roles[] = { "handler", NULL };
    g_autoptr(GError) error = NULL;
    GuardUser user = user_of("li.si", "east", NULL, roles);
    GuardCase about = case_for(OWN_ORG, FALSE);
    Grant *grant = guard_grant_open(room->guard, &user, &about, rules, n, "handle", T0, &error);
    g_assert_no_error(error);
    return grant;
}

static const GuardRule rules[] = {
    { "leader", "handle", "not this", GUARD_SCOPE_ALL, FALSE, some_partial },
    { "handler", "callback", "not this", GUARD_SCOPE_ALL, FALSE, some_partial },
    { "handler", "handle", "信访工作条例 22", GUARD_SCOPE_ORG, TRUE, some_full, some_partial,
      some_existence },
    { "handler", "handle", "too late", GUARD_SCOPE_ALL, FALSE, some_partial },
};

static void the_reading_is_in_the_ledger_before_the_row_leaves(void)
{
    Room room;
    room_open(&room);
    g_assert_true(store_write(room.store, put_job, (gpointer)FACTS, NULL));
    g_autoptr(Grant) grant = open_all(&room, rules, G_N_ELEMENTS(rules));
    gint64 seq = guard_grant_seq(grant);
    g_assert_cmpint(seq, ==, room_events(&room));
    g_autofree char *event = room_event(&room, seq);
    g_assert_cmpstr(
        event, ==,
        "read li.si consultation 信访工作条例 22 handle {\"sight\":{\"name\":\"full\",\"text\":\"full\","
        "\"phone\":\"partial\",\"age\":\"partial\",\"address\":\"partial\",\"note\":\"partial\","
        "\"plates\":\"existence\",\"email\":\"existence\"},\"fields\":[\"name\",\"text\",\"phone\","
        "\"age\",\"address\",\"note\",\"plates\",\"email\"],\"role\":\"handler\",\"org\":\"east\"}");
    g_assert_cmpstr(guard_grant_basis(grant), ==, "信访工作条例 22");
    g_autoptr(StoreConn) conn = store_read_begin(room.store, NULL);
    json_t *seen = guard_private_read(conn, grant, NULL);
    g_assert_cmpint(ledger_size(conn), ==, seq);
    json_decref(seen);
    g_clear_pointer(&conn, store_read_end);
    room_close(&room);
}

static void copy_of(const char *from, const char *to, const char *name)
{
    g_autofree char *a = g_build_filename(from, name, NULL), *b = g_build_filename(to, name, NULL),
                    *bytes = NULL;
    gsize n;
    g_assert_true(g_file_get_contents(a, &bytes, &n, NULL));
    g_assert_true(g_file_set_contents(b, bytes, (gssize)n, NULL));
}

/* Files copied while the store is open, as a crash would leave them: the event is in them already. */
static void the_reading_is_in_the_files_when_the_grant_exists(void)
{
    Room room;
    g_autoptr(GError) error = NULL;
    g_autofree char *live = g_dir_make_tmp("bihuan-live-XXXXXX", NULL),
                    *crashed = g_dir_make_tmp("bihuan-copy-XXXXXX", NULL);
    room_open(&room);
    guard_close(room.guard);
    store_close(room.store);
    room.store = store_sqlite_open(&(StoreOptions){ .path = live }, &error);
    g_assert_no_error(error);
    room.guard = guard_open(room.store, room.keys, FALSE, base_chance_seeded(7), &error);
    g_autoptr(Grant) grant = open_all(&room, rules, G_N_ELEMENTS(rules));
    copy_of(live, crashed, "store.db");
    copy_of(live, crashed, "store.db-wal");
    Room after = { .store = store_sqlite_open(&(StoreOptions){ .path = crashed }, &error) };
    g_assert_no_error(error);
    g_autofree char *event = room_event(&after, guard_grant_seq(grant));
    g_assert_true(g_str_has_prefix(event, "read li.si consultation "));
    store_close(after.store);
    room_close(&room);
    folder_remove(live);
    folder_remove(crashed);
}

static void each_field_is_seen_as_granted(void)
{
    Room room;
    room_open(&room);
    g_assert_true(store_write(room.store, put_job, (gpointer)FACTS, NULL));
    g_autoptr(Grant) grant = open_all(&room, rules, G_N_ELEMENTS(rules));
    g_autoptr(StoreConn) conn = store_read_begin(room.store, NULL);
    json_t *seen = guard_private_read(conn, grant, NULL);
    char *text = json_dumps(seen, JSON_COMPACT | JSON_SORT_KEYS);
    g_assert_cmpstr(
        text, ==,
        "{\"address\":\"江海市东港区人民路***\",\"age\":\"4**\",\"name\":\"张三\",\"phone\":\"138****0001\","
        "\"plates\":true,\"text\":\"楼上漏水三天\"}");
    free(text);
    json_decref(seen);
    g_clear_pointer(&conn, store_read_end);
    room_close(&room);
}

static void without_the_event_there_is_no_grant(void)
{
    static const char *const roles[] = { "handler", NULL };
    Room room;
    room_open(&room);
    g_assert_true(store_write(room.store, put_job, (gpointer)FACTS, NULL));
    room_ledger_refuses(&room, TRUE);
    for (int i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        GuardUser user = user_of("li.si", "east", NULL, roles);
        GuardCase about = case_for(OWN_ORG, FALSE);
        g_assert_null(
            guard_grant_open(room.guard, &user, &about, rules, G_N_ELEMENTS(rules), "handle", T0, &error));
        g_assert_nonnull(error);
        g_assert_cmpint(room_events(&room), ==, 0);
    }
    room_ledger_refuses(&room, FALSE);
    g_autoptr(Grant) grant = open_all(&room, rules, G_N_ELEMENTS(rules));
    g_assert_cmpint(guard_grant_seq(grant), ==, 1);
    room_close(&room);
}

static gboolean other_put_job(StoreConn *conn, gpointer facts, GError **error)
{
    return guard_private_put(conn, &another_case, facts, error);
}

static void a_grant_opens_its_own_case_only(void)
{
    Room room;
    room_open(&room);
    g_assert_true(store_write(room.store, other_put_job, (gpointer)FACTS, NULL));
    g_autoptr(Grant) grant = open_all(&room, rules, G_N_ELEMENTS(rules));
    g_autoptr(StoreConn) conn = store_read_begin(room.store, NULL);
    json_t *seen = guard_private_read(conn, grant, NULL);
    g_assert_cmpuint(json_object_size(seen), ==, 0);
    json_decref(seen);
    g_clear_pointer(&conn, store_read_end);
    room_close(&room);
}

static void private_facts_are_replaced_and_refused_whole(void)
{
    static const struct {
        const char *facts;
        gboolean put;
        const char *now;
    } table[] = {
        { "{\"name\":\"张三\"}", TRUE, "{\"name\":\"张三\"}" },
        { "{\"phone\":\"1\"}", TRUE, "{\"phone\":\"1\"}" },
        { "[1]", FALSE, "{\"phone\":\"1\"}" },
        { "{\"name\":", FALSE, "{\"phone\":\"1\"}" },
        { "{\"a\":1,\"a\":2}", FALSE, "{\"phone\":\"1\"}" },
        { "{}", TRUE, "{}" },
    };
    Room room;
    room_open(&room);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].facts);
        g_assert_cmpint(store_write(room.store, put_job, (gpointer)table[i].facts, NULL), ==, table[i].put);
        g_autoptr(StoreConn) conn = store_read_begin(room.store, NULL);
        json_t *facts = guard_private_engine(conn, &the_case, NULL);
        char *text = json_dumps(facts, JSON_COMPACT);
        g_assert_cmpstr(text, ==, table[i].now);
        free(text);
        json_decref(facts);
    }
    room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/grant/only_what_a_rule_gives_opens", only_what_a_rule_gives_opens);
    g_test_add_func("/grant/missing_names_never_meet", missing_names_never_meet);
    g_test_add_func("/grant/the_reading_is_in_the_ledger_before_the_row_leaves",
                    the_reading_is_in_the_ledger_before_the_row_leaves);
    g_test_add_func("/grant/the_reading_is_in_the_files_when_the_grant_exists",
                    the_reading_is_in_the_files_when_the_grant_exists);
    g_test_add_func("/grant/each_field_is_seen_as_granted", each_field_is_seen_as_granted);
    g_test_add_func("/grant/without_the_event_there_is_no_grant", without_the_event_there_is_no_grant);
    g_test_add_func("/grant/a_grant_opens_its_own_case_only", a_grant_opens_its_own_case_only);
    g_test_add_func("/private/facts_are_replaced_and_refused_whole",
                    private_facts_are_replaced_and_refused_whole);
    return g_test_run();
}
