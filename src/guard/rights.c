/* rights.c - which role may do what. The table is rights.def; tools/gen_rights.py makes rights.gen.h of it.
 */
#include "guard/inside.h"
#include "guard/rights.gen.h"

static int right_bit(const char *right)
{
    for (gsize i = 0; right && i < G_N_ELEMENTS(right_names); i++)
        if (g_str_equal(right_names[i], right)) return (int)i;
    return -1;
}

static guint64 rights_of_role(const char *role)
{
    for (gsize i = 0; role && i < G_N_ELEMENTS(role_rights); i++)
        if (g_str_equal(role_rights[i].role, role)) return role_rights[i].rights;
    return 0;
}

static guint64 rights_of(const GuardUser *user)
{
    guint64 all = 0;
    for (char **role = user ? user->roles : NULL; role && *role; role++)
        all |= rights_of_role(*role);
    return all;
}

gboolean guard_right_known(const char *right)
{
    return right_bit(right) >= 0;
}

gboolean guard_role_known(const char *role)
{
    return rights_of_role(role) != 0;
}

gboolean guard_may(const GuardUser *user, const char *right)
{
    int bit = right_bit(right);
    return bit >= 0 && (rights_of(user) >> bit & 1);
}

char **guard_rights_of(const GuardUser *user)
{
    guint64 rights = rights_of(user);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    for (gsize i = 0; i < G_N_ELEMENTS(right_names); i++)
        if (rights >> i & 1) g_strv_builder_add(names, right_names[i]);
    return g_strv_builder_end(names);
}

gboolean guard_has_role(const GuardUser *user, const char *role)
{
    return user && role && user->roles && g_strv_contains((const char *const *)user->roles, role);
}

/* GB/T 22239-2019 8.1.5: who runs the system, who secures it and who audits it are three people, and none of
 * them works on cases: an administrator with another role could read what he keeps from himself. */
gboolean guard_roles_sound(char *const *roles, GError **error)
{
    static const char *const apart[] = { "admin", "security", "auditor", NULL };
    const char *officer = NULL;
    for (char *const *role = roles; role && *role; role++) {
        if (!guard_role_known(*role)) {
            g_set_error(error, GUARD_ERROR, GUARD_ERROR_USER, "role \"%s\" is not in guard/rights.def",
                        *role);
            return FALSE;
        }
        if (!g_strv_contains(apart, *role)) continue;
        if (officer && !g_str_equal(officer, *role)) {
            g_set_error(error, GUARD_ERROR, GUARD_ERROR_USER,
                        "%s and %s must be two people: give one of the roles to another account", officer,
                        *role);
            return FALSE;
        }
        officer = *role;
    }
    if (!roles || !*roles) {
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_USER, "an account needs at least one role");
        return FALSE;
    }
    for (char *const *role = roles; officer && *role; role++) {
        if (g_str_equal(*role, officer)) continue;
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_USER, "%s stands alone: give %s to another account",
                    officer, *role);
        return FALSE;
    }
    return TRUE;
}
