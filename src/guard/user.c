/* user.c - accounts: adding, changing, disabling, listing. Each change is an event that names roles and
 * organisation, never the person's name or password, and ends the sessions that stood on the old account. */
#include "base/json.h"
#include "guard/inside.h"

void guard_user_free(GuardUser *user)
{
    if (!user) return;
    g_free(user->login);
    g_free(user->name);
    g_free(user->org);
    g_free(user->unit);
    g_strfreev(user->roles);
    g_free(user);
}

GuardUser *guard_user_make(const char *login, const char *name, const char *org, const char *unit,
                           const char *roles)
{
    GuardUser *user = g_new0(GuardUser, 1);
    user->login = g_strdup(login);
    user->name = g_strdup(name);
    user->org = g_strdup(org);
    user->unit = g_strdup(unit);
    user->roles = g_strsplit(roles, " ", -1);
    return user;
}

GuardUser *guard_user_copy(const GuardUser *user)
{
    GuardUser *copy = g_new0(GuardUser, 1);
    copy->login = g_strdup(user->login);
    copy->name = g_strdup(user->name);
    copy->org = g_strdup(user->org);
    copy->unit = g_strdup(user->unit);
    copy->roles = g_strdupv(user->roles);
    return copy;
}

/* ---- what is refused ---- */

/* Names that stand in the ledger for somebody who is not an account. */
static gboolean login_reserved(const char *login)
{
    static const char *const reserved[] = { "resident", "unknown", "system", NULL };
    return g_strv_contains(reserved, login);
}

gboolean guard_login_sound(const char *login)
{
    gsize n = login ? strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") : 0;
    return n >= 2 && n <= 64 && !login[n] && !login_reserved(login);
}

static gboolean text_sound(const char *text)
{
    if (!text || !*text || !g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) > 64) return FALSE;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p))) return FALSE;
    return TRUE;
}

static gboolean user_sound(const GuardUser *user, GError **error)
{
    const char *why = NULL;
    if (!guard_login_sound(user->login))
        why = "login: 2 to 64 of a-z 0-9 . _ -, and not resident, unknown or system";
    else if (!text_sound(user->name))
        why = "name: 1 to 64 characters of text";
    else if (!text_sound(user->org))
        why = "organisation: 1 to 64 characters of text";
    else if (user->unit && !text_sound(user->unit))
        why = "unit: 1 to 64 characters of text, or none";
    if (why) {
        g_set_error_literal(error, GUARD_ERROR, GUARD_ERROR_USER, why);
        return FALSE;
    }
    return guard_roles_sound(user->roles, error);
}

/* ---- adding and changing ---- */

typedef struct {
    Guard *guard;
    const GuardUser *user;
    const char *hash; /* NULL: keep the password */
    gint64 now, at;
    const char *actor;
} PutJob;

static char *user_body(const GuardUser *user)
{
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_put_text(&j, "login", user->login);
    base_json_put_text(&j, "org", user->org);
    base_json_put_text(&j, "unit", user->unit);
    base_json_key(&j, "roles");
    base_json_array(&j);
    for (char **role = user->roles; *role; role++)
        base_json_text(&j, *role);
    base_json_end_array(&j);
    base_json_end_object(&j);
    return g_strdup(out->str);
}

static gboolean user_log(StoreConn *conn, Guard *guard, const char *kind, const char *body, gint64 at,
                         const char *actor, GError **error)
{
    LedgerEvent event = { .at = at, .kind = kind, .operation = "-", .actor = actor, .body = body };
    return guard_log(conn, guard, &event, error) > 0;
}

static gboolean user_known(StoreConn *conn, const char *login, gboolean *known, GError **error)
{
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT 1 FROM \"user\" WHERE login = ?1", STORE_T(login));
    if (!rows) return FALSE;
    GError *failed = NULL;
    *known = store_step(rows, &failed);
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

static gboolean user_write(StoreConn *conn, const PutJob *put, const char *roles, gboolean known,
                           GError **error)
{
    const GuardUser *user = put->user;
    if (!known)
        return STORE_RUN(conn, error,
                         "INSERT INTO \"user\"(login, name, roles, org, unit, password, created_at)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                         STORE_T(user->login), STORE_T(user->name), STORE_T(roles), STORE_T(user->org),
                         STORE_T(user->unit), STORE_T(put->hash), STORE_I(put->now));
    return STORE_RUN(
        conn, error,
        "UPDATE \"user\" SET name = ?2, roles = ?3, org = ?4, unit = ?5, password = COALESCE(?6, password),"
        " failures = 0, locked_until = 0, disabled = 0 WHERE login = ?1",
        STORE_T(user->login), STORE_T(user->name), STORE_T(roles), STORE_T(user->org), STORE_T(user->unit),
        STORE_T(put->hash));
}

static gboolean sessions_drop(StoreConn *conn, const char *login, GError **error)
{
    return STORE_RUN(conn, error, "DELETE FROM session WHERE login = ?1", STORE_T(login));
}

static gboolean put_job(StoreConn *conn, gpointer data, GError **error)
{
    PutJob *put = data;
    gboolean known;
    if (!user_known(conn, put->user->login, &known, error)) return FALSE;
    if (!known && !put->hash) {
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_USER, "a new account needs a password");
        return FALSE;
    }
    g_autofree char *roles = g_strjoinv(" ", put->user->roles);
    g_autofree char *body = user_body(put->user);
    return user_write(conn, put, roles, known, error) && sessions_drop(conn, put->user->login, error) &&
           user_log(conn, put->guard, known ? "user.changed" : "user.added", body, put->at, put->actor,
                    error);
}

gboolean guard_user_put(Guard *guard, const GuardUser *user, const char *password, gint64 now, gint64 at,
                        const char *actor, GError **error)
{
    char hash[crypto_pwhash_STRBYTES];
    if (!user_sound(user, error)) return FALSE;
    if (password && !guard_password_sound(user->login, password, error)) return FALSE;
    if (password && !guard_password_hash(guard, password, hash, error)) return FALSE;
    PutJob put = { guard, user, password ? hash : NULL, now, at, actor };
    if (!store_write(guard->store, put_job, &put, error)) return FALSE;
    guard_sessions_end(guard, user->login);
    return TRUE;
}

/* ---- disabling ---- */

typedef struct {
    Guard *guard;
    const char *login;
    gint64 at;
    const char *actor;
} DisableJob;

static gboolean disable_job(StoreConn *conn, gpointer data, GError **error)
{
    DisableJob *job = data;
    if (!STORE_RUN(conn, error, "UPDATE \"user\" SET disabled = 1 WHERE login = ?1 AND disabled = 0",
                   STORE_T(job->login)))
        return FALSE;
    if (store_changes(conn) == 0) {
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_USER,
                    "there is no such account, or it is disabled already");
        return FALSE;
    }
    g_autofree char *body = g_strdup_printf("{\"login\":\"%s\"}", job->login);
    return sessions_drop(conn, job->login, error) &&
           user_log(conn, job->guard, "user.disabled", body, job->at, job->actor, error);
}

gboolean guard_user_disable(Guard *guard, const char *login, gint64 at, const char *actor, GError **error)
{
    DisableJob job = { guard, login, at, actor };
    if (!store_write(guard->store, disable_job, &job, error)) return FALSE;
    guard_sessions_end(guard, login);
    return TRUE;
}

/* ---- listing ---- */

GPtrArray *guard_user_list(Guard *guard, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(guard->store, error);
    if (!conn) return NULL;
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT login, name, org, unit, roles FROM \"user\" WHERE disabled = 0 ORDER BY login", NULL, 0,
        error);
    if (!rows) return NULL;
    g_autoptr(GPtrArray) users = g_ptr_array_new_with_free_func((GDestroyNotify)guard_user_free);
    GError *failed = NULL;
    while (store_step(rows, &failed))
        g_ptr_array_add(users, guard_user_make(store_text(rows, 0), store_text(rows, 1), store_text(rows, 2),
                                               store_text(rows, 3), store_text(rows, 4)));
    if (failed) {
        g_propagate_error(error, failed);
        return NULL;
    }
    return g_steal_pointer(&users);
}
