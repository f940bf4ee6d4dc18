/* user_test.c - who may have an account, what changing one does, and which rights the roles give. */
#include "guard/room_for_test.h"

#define ROLES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void bad_accounts_are_refused(void)
{
    static const char ok[] = PASSWORD,
                      long_login[] = "a123456789012345678901234567890123456789012345678901234567890abcd";
    static const struct {
        const char *name, *login, *shown, *org, *unit, *password;
        const char *roles[4];
    } table[] = {
        /* clang-format off */
        { "login of one character",     "a",         "某", "city", NULL, ok, { "leader" } },
        { "login of 65 characters",     long_login,  "某", "city", NULL, ok, { "leader" } },
        { "login in capitals",          "Wang",      "某", "city", NULL, ok, { "leader" } },
        { "login with a space",         "wang li",   "某", "city", NULL, ok, { "leader" } },
        { "login in Chinese",           "王力",      "某", "city", NULL, ok, { "leader" } },
        { "login that means a system",  "system",    "某", "city", NULL, ok, { "leader" } },
        { "login that means a resident", "resident", "某", "city", NULL, ok, { "leader" } },
        { "no name",                    "wang",      "",   "city", NULL, ok, { "leader" } },
        { "name with a line break",     "wang",      "a\nb", "city", NULL, ok, { "leader" } },
        { "name that is not UTF-8",     "wang",      "\xff", "city", NULL, ok, { "leader" } },
        { "no organisation",            "wang",      "某", "",     NULL, ok, { "leader" } },
        { "empty unit",                 "wang",      "某", "city", "",   ok, { "leader" } },
        { "no role",                    "wang",      "某", "city", NULL, ok, { NULL } },
        { "unknown role",               "wang",      "某", "city", NULL, ok, { "king" } },
        { "admin and auditor",          "wang",      "某", "city", NULL, ok, { "admin", "auditor" } },
        { "admin and security",         "wang",      "某", "city", NULL, ok, { "security", "leader", "admin" } },
        { "security and auditor",       "wang",      "某", "city", NULL, ok, { "auditor", "security" } },
        { "admin and a look at cases",  "wang",      "某", "city", NULL, ok, { "admin", "duty_officer" } },
        { "auditor who also acts",      "wang",      "某", "city", NULL, ok, { "unit", "auditor" } },
        { "nine characters",            "wang",      "某", "city", NULL, "a1b2c3d4e", { "leader" } },
        { "nine Chinese characters",    "wang",      "某", "city", NULL, "一二三四五六七八九", { "leader" } },
        { "everybody's password",       "wang",      "某", "city", NULL, "Password123", { "leader" } },
        { "two characters repeated",    "wang",      "某", "city", NULL, "abababababab", { "leader" } },
        { "the login itself",           "wang.li.zh", "某", "city", NULL, "Wang.Li.Zh", { "leader" } },
        { "password not UTF-8",         "wang",      "某", "city", NULL, "\xff\xfe 12345678", { "leader" } },
        { "a new one without password", "wang",      "某", "city", NULL, NULL, { "leader" } },
        /* clang-format on */
    };
    Room room;
    room_open(&room);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i].name);
        GuardUser user = { (char *)table[i].login, (char *)table[i].shown, (char *)table[i].org,
                           (char *)table[i].unit, (char **)table[i].roles };
        g_assert_false(guard_user_put(room.guard, &user, table[i].password, T0, T0, "test", &error));
        g_assert_error(error, GUARD_ERROR, GUARD_ERROR_USER);
        g_assert_cmpint(room_events(&room), ==, 0);
    }
    room_close(&room);
}

static void an_account_is_kept_as_given(void)
{
    Room room;
    room_open(&room);
    GuardUser user = user_of("liu.unit-7", "东港分局", "unit-7", ROLES("unit", "handler"));
    g_assert_true(guard_user_put(room.guard, &user, PASSWORD, T0, T0, "root", NULL));
    g_autoptr(GPtrArray) users = guard_user_list(room.guard, NULL);
    g_assert_cmpuint(users->len, ==, 1);
    const GuardUser *got = users->pdata[0];
    g_assert_cmpstr(got->login, ==, "liu.unit-7");
    g_assert_cmpstr(got->name, ==, "某某");
    g_assert_cmpstr(got->org, ==, "东港分局");
    g_assert_cmpstr(got->unit, ==, "unit-7");
    g_assert_cmpstrv(got->roles, ROLES("unit", "handler"));
    g_autofree char *event = room_event(&room, 1);
    g_assert_cmpstr(event, ==,
                    "user.added root -   {\"login\":\"liu.unit-7\",\"org\":\"东港分局\",\"unit\":\"unit-7\","
                    "\"roles\":[\"unit\",\"handler\"]}");
    room_close(&room);
}

static void a_change_ends_sessions_and_may_keep_the_password(void)
{
    char token[GUARD_TOKEN];
    Room room;
    g_autoptr(GError) error = NULL;
    room_open(&room);
    room_add(&room, "chen", ROLES("leader"));
    g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, token, NULL, NULL));
    GuardUser changed = user_of("chen", "city", NULL, ROLES("analyst"));
    g_assert_true(guard_user_put(room.guard, &changed, NULL, T0, T0, "root", NULL));
    g_assert_null(guard_session_user(room.guard, token, T0, &error));
    g_assert_error(error, GUARD_ERROR, GUARD_ERROR_SESSION);
    g_autoptr(GuardUser) user = NULL;
    g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, token, &user, NULL));
    g_assert_cmpstrv(user->roles, ROLES("analyst"));
    g_autofree char *event = room_event(&room, 3);
    g_assert_true(g_str_has_prefix(event, "user.changed root - "));
    room_close(&room);
}

static void a_disabled_account_is_out(void)
{
    char token[GUARD_TOKEN], other[GUARD_TOKEN];
    Room room;
    g_autoptr(GError) error = NULL;
    room_open(&room);
    room_add(&room, "chen", ROLES("leader"));
    room_add(&room, "zhao", ROLES("leader"));
    g_assert_true(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, token, NULL, NULL));
    g_assert_true(guard_sign_in(room.guard, "zhao", PASSWORD, T0, T0, other, NULL, NULL));
    g_assert_true(guard_user_disable(room.guard, "chen", T0, "root", NULL));
    g_autofree char *event = room_event(&room, 5);
    g_assert_cmpstr(event, ==, "user.disabled root -   {\"login\":\"chen\"}");
    g_assert_null(guard_session_user(room.guard, token, T0, NULL));
    g_assert_false(guard_sign_in(room.guard, "chen", PASSWORD, T0, T0, token, NULL, &error));
    g_assert_error(error, GUARD_ERROR, GUARD_ERROR_SIGN_IN);
    g_autoptr(GuardUser) still = guard_session_user(room.guard, other, T0, NULL);
    g_assert_nonnull(still);
    g_autoptr(GPtrArray) users = guard_user_list(room.guard, NULL);
    g_assert_cmpuint(users->len, ==, 1);
    g_assert_false(guard_user_disable(room.guard, "chen", T0, "root", NULL));
    g_assert_false(guard_user_disable(room.guard, "nobody'); --", T0, "root", NULL));
    room_close(&room);
}

static void no_event_no_account(void)
{
    Room room;
    room_open(&room);
    room_add(&room, "chen", ROLES("leader"));
    room_ledger_refuses(&room, TRUE);
    GuardUser user = user_of("zhao", "city", NULL, ROLES("leader"));
    g_assert_false(guard_user_put(room.guard, &user, PASSWORD, T0, T0, "root", NULL));
    g_assert_false(guard_user_disable(room.guard, "chen", T0, "root", NULL));
    g_autoptr(GPtrArray) users = guard_user_list(room.guard, NULL);
    g_assert_cmpuint(users->len, ==, 1);
    room_close(&room);
}

/* The law's side of rights.def, written by hand: what a role must not have, whatever else changes. */
static void roles_keep_their_bounds(void)
{
    static const struct {
        const char *role, *right;
        gboolean may;
    } table[] = {
        { "admin", "user.edit", TRUE },        { "admin", "case.view", FALSE },
        { "admin", "case.list", FALSE },       { "admin", "audit.view", FALSE },
        { "auditor", "audit.view", TRUE },     { "auditor", "case.view", FALSE },
        { "auditor", "user.edit", FALSE },     { "auditor", "case.fire", FALSE },
        { "security", "user.edit", FALSE },    { "security", "case.view", FALSE },
        { "leader", "case.fire", TRUE },       { "analyst", "case.fire", FALSE },
        { "unit", "user.list", FALSE },        { "unit", "case.view", TRUE },
        { "handler", "signal.import", FALSE }, { "king", "case.view", FALSE },
        { "leader", "no.such", FALSE },        { "leader", NULL, FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        GuardUser user = user_of("x", "city", NULL, ROLES(table[i].role));
        g_test_message("%s %s", table[i].role, table[i].right);
        g_assert_cmpint(guard_may(&user, table[i].right), ==, table[i].may);
    }
    g_assert_false(guard_may(NULL, "case.view"));
    g_assert_true(guard_right_known("case.view"));
    g_assert_false(guard_right_known("case"));
    g_assert_true(guard_role_known("unit"));
    g_assert_false(guard_role_known("units"));
}

static void rights_of_two_roles_are_put_together(void)
{
    GuardUser user = user_of("x", "city", NULL, ROLES("security", "analyst"));
    g_auto(GStrv) rights = guard_rights_of(&user);
    g_assert_cmpstrv(rights, ROLES("audit.proof", "case.list", "case.view", "inbox", "map.view",
                                   "measure.events", "measure.view", "report.freeze", "stream", "user.list"));
    g_assert_true(guard_has_role(&user, "analyst"));
    g_assert_false(guard_has_role(&user, "admin"));
    g_assert_false(guard_has_role(NULL, "admin"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/user/bad_accounts_are_refused", bad_accounts_are_refused);
    g_test_add_func("/user/an_account_is_kept_as_given", an_account_is_kept_as_given);
    g_test_add_func("/user/a_change_ends_sessions_and_may_keep_the_password",
                    a_change_ends_sessions_and_may_keep_the_password);
    g_test_add_func("/user/a_disabled_account_is_out", a_disabled_account_is_out);
    g_test_add_func("/user/no_event_no_account", no_event_no_account);
    g_test_add_func("/rights/roles_keep_their_bounds", roles_keep_their_bounds);
    g_test_add_func("/rights/rights_of_two_roles_are_put_together", rights_of_two_roles_are_put_together);
    return g_test_run();
}
