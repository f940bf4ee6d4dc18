/* session.c - signing in, being somebody, signing out.
 *
 * A session id is 256 random bits, told once; store and cache know its SHA-256 only. Every sign-in makes a
 * new one, and none is ever taken from a client. The cache answers without the store; the idle limit is
 * written back at most once a minute, so a restart ends a session at most that much early. The lock: five
 * failures in a row close an account for ten minutes. It is decided inside the write job, one attempt after
 * the other, so that guesses sent at the same time count like guesses sent in turn. */
#include "guard/inside.h"

typedef struct {
    guint8 hash[GUARD_HASH];
    GuardUser *user;
    gint64 created, seen, written;
} Session;

static void session_free(gpointer data)
{
    Session *session = data;
    guard_user_free(session->user);
    g_free(session);
}

static guint hash_of_hash(gconstpointer key)
{
    guint h;
    memcpy(&h, key, sizeof h);
    return h;
}

static gboolean hash_equal(gconstpointer a, gconstpointer b)
{
    return sodium_memcmp(a, b, GUARD_HASH) == 0;
}

void guard_sessions_init(Guard *guard)
{
    g_mutex_init(&guard->session_lock);
    guard->sessions = g_hash_table_new_full(hash_of_hash, hash_equal, NULL, session_free);
}

static gboolean session_of_login(gpointer key, gpointer value, gpointer login)
{
    return g_str_equal(((Session *)value)->user->login, login);
}

void guard_sessions_end(Guard *guard, const char *login)
{
    g_mutex_lock(&guard->session_lock);
    guard->generation++;
    g_hash_table_foreach_remove(guard->sessions, session_of_login, (gpointer)login);
    g_mutex_unlock(&guard->session_lock);
}

static gboolean session_over(gint64 created, gint64 seen, gint64 now)
{
    return now - seen > GUARD_IDLE || now - created > GUARD_ABSOLUTE;
}

static gboolean session_swept(gpointer key, gpointer value, gpointer now)
{
    Session *session = value;
    return session_over(session->created, session->seen, *(gint64 *)now);
}

static gboolean token_hash(const char *token, guint8 out[GUARD_HASH])
{
    guint8 raw[GUARD_HASH];
    if (!token || strlen(token) != GUARD_TOKEN - 1 || token[strspn(token, "0123456789abcdef")]) return FALSE;
    sodium_hex2bin(raw, sizeof raw, token, GUARD_TOKEN - 1, NULL, NULL, NULL);
    crypto_hash_sha256(out, raw, sizeof raw);
    sodium_memzero(raw, sizeof raw);
    return TRUE;
}

/* ---- signing in ---- */

typedef struct {
    Guard *guard;
    const char *login;
    char *password; /* hash that was tried; NULL: no such account */
    gboolean fits, signed_in;
    gint64 now, at;
    guint8 session[GUARD_HASH];
    GuardUser *user;
} SignIn;

static gboolean sign_in_look_up(SignIn *in, GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(in->guard->store, error);
    if (!conn) return FALSE;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT password FROM \"user\" WHERE login = ?1 AND disabled = 0", STORE_T(in->login));
    if (!rows) return FALSE;
    GError *failed = NULL;
    if (store_step(rows, &failed)) in->password = g_strdup(store_text(rows, 0));
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

static gboolean sign_in_log(StoreConn *conn, SignIn *in, const char *kind, const char *actor,
                            const char *body, GError **error)
{
    LedgerEvent event = { .at = in->at, .kind = kind, .operation = "-", .actor = actor, .body = body };
    return guard_log(conn, in->guard, &event, error) > 0;
}

/* What was typed as an unknown login is not kept: people type passwords there. */
static gboolean sign_in_unknown(StoreConn *conn, SignIn *in, GError **error)
{
    return sign_in_log(conn, in, "sign-in.refused", "unknown", "{\"why\":\"unknown\"}", error);
}

static gboolean sign_in_locked(StoreConn *conn, SignIn *in, GError **error)
{
    return sign_in_log(conn, in, "sign-in.refused", in->login, "{\"why\":\"locked\"}", error);
}

static gboolean sign_in_wrong(StoreConn *conn, SignIn *in, gint64 failures, GError **error)
{
    gboolean lock = ++failures >= GUARD_LOCK_AFTER;
    g_autofree char *body = g_strdup_printf("{\"why\":\"password\",\"failures\":%d,\"locks\":%s}",
                                            (int)failures, lock ? "true" : "false");
    return STORE_RUN(conn, error, "UPDATE \"user\" SET failures = ?2, locked_until = ?3 WHERE login = ?1",
                     STORE_T(in->login), STORE_I(lock ? 0 : failures),
                     STORE_I(lock ? in->now + GUARD_LOCK_FOR : 0)) &&
           sign_in_log(conn, in, "sign-in.refused", in->login, body, error);
}

/* Also the day's housekeeping: sessions that are over by more than the write-back may lag are dropped. */
static gboolean sign_in_right(StoreConn *conn, SignIn *in, GError **error)
{
    in->signed_in = TRUE;
    return STORE_RUN(conn, error, "UPDATE \"user\" SET failures = 0, locked_until = 0 WHERE login = ?1",
                     STORE_T(in->login)) &&
           STORE_RUN(conn, error, "DELETE FROM session WHERE seen_at < ?1 OR created_at < ?2",
                     STORE_I(in->now - GUARD_IDLE - GUARD_WRITE_BACK), STORE_I(in->now - GUARD_ABSOLUTE)) &&
           STORE_RUN(conn, error,
                     "INSERT INTO session(hash, login, created_at, seen_at) VALUES(?1, ?2, ?3, ?3)",
                     STORE_B(in->session, GUARD_HASH), STORE_T(in->login), STORE_I(in->now)) &&
           sign_in_log(conn, in, "sign-in", in->login, NULL, error);
}

static gboolean sign_in_job(StoreConn *conn, gpointer data, GError **error)
{
    SignIn *in = data;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    "SELECT password, failures, locked_until, name, org, unit, roles FROM \"user\""
                    " WHERE login = ?1 AND disabled = 0",
                    STORE_T(in->login));
    if (!rows) return FALSE;
    GError *failed = NULL;
    if (!store_step(rows, &failed)) {
        if (failed) g_propagate_error(error, failed);
        return !failed && sign_in_unknown(conn, in, error);
    }
    gint64 failures = store_int(rows, 1), locked_until = store_int(rows, 2);
    gboolean right = in->fits && g_strcmp0(in->password, store_text(rows, 0)) == 0;
    in->user = guard_user_make(in->login, store_text(rows, 3), store_text(rows, 4), store_text(rows, 5),
                               store_text(rows, 6));
    store_rows_free(g_steal_pointer(&rows));
    if (in->now < locked_until) return sign_in_locked(conn, in, error);
    return right ? sign_in_right(conn, in, error) : sign_in_wrong(conn, in, failures, error);
}

static void session_keep(Guard *guard, const guint8 hash[GUARD_HASH], const GuardUser *user, gint64 created,
                         gint64 seen)
{
    Session *session = g_new0(Session, 1);
    memcpy(session->hash, hash, GUARD_HASH);
    session->user = guard_user_copy(user);
    session->created = created;
    session->seen = session->written = seen;
    g_hash_table_replace(guard->sessions, session->hash, session);
}

static void sign_in_done(SignIn *in, const guint8 raw[GUARD_HASH], char token[GUARD_TOKEN], GuardUser **user)
{
    g_mutex_lock(&in->guard->session_lock);
    g_hash_table_foreach_remove(in->guard->sessions, session_swept, &in->now);
    g_mutex_unlock(&in->guard->session_lock);
    sodium_bin2hex(token, GUARD_TOKEN, raw, GUARD_HASH);
    if (user) *user = g_steal_pointer(&in->user);
}

gboolean guard_sign_in(Guard *guard, const char *login, const char *password, gint64 now, gint64 at,
                       char token[GUARD_TOKEN], GuardUser **user, GError **error)
{
    guint8 raw[GUARD_HASH];
    randombytes_buf(raw, sizeof raw);
    SignIn in = { .guard = guard, .login = guard_login_sound(login) ? login : "?", .now = now, .at = at };
    crypto_hash_sha256(in.session, raw, sizeof raw);
    gboolean asked = sign_in_look_up(&in, error);
    if (asked) {
        in.fits = guard_password_fits(guard, in.password, password ? password : "");
        asked = store_write(guard->store, sign_in_job, &in, error);
    }
    if (asked && in.signed_in) sign_in_done(&in, raw, token, user);
    if (asked && !in.signed_in)
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_SIGN_IN,
                    "login and password do not fit, or the account is locked for a while");
    sodium_memzero(raw, sizeof raw);
    g_free(in.password);
    guard_user_free(in.user);
    return asked && in.signed_in;
}

/* ---- being somebody ---- */

typedef struct {
    guint8 hash[GUARD_HASH];
    gint64 seen;
} SeenJob;

static gboolean seen_job(StoreConn *conn, gpointer data, GError **error)
{
    SeenJob *job = data;
    return STORE_RUN(conn, error, "UPDATE session SET seen_at = ?2 WHERE hash = ?1 AND seen_at < ?2",
                     STORE_B(job->hash, GUARD_HASH), STORE_I(job->seen));
}

static void seen_done(gboolean ok, const GError *error, gpointer data)
{
    g_free(data);
}

/* The cached session, if it lives; `write` gets a job when its idle limit should be written back. Under the
 * lock. */
static GuardUser *session_use(Guard *guard, const guint8 hash[GUARD_HASH], gint64 now, SeenJob **write)
{
    Session *session = g_hash_table_lookup(guard->sessions, hash);
    if (!session) return NULL;
    if (session_over(session->created, session->seen, now)) {
        g_hash_table_remove(guard->sessions, hash);
        return NULL;
    }
    session->seen = MAX(session->seen, now);
    if (session->seen - session->written >= GUARD_WRITE_BACK) {
        session->written = session->seen;
        *write = g_memdup2(&(SeenJob){ .seen = session->seen }, sizeof **write);
        memcpy((*write)->hash, hash, GUARD_HASH);
    }
    return guard_user_copy(session->user);
}

/* From the store into the cache, unless sessions ended meanwhile. FALSE only when the store fails. */
static gboolean session_fetch(Guard *guard, const guint8 hash[GUARD_HASH], gint64 now, guint64 generation,
                              GError **error)
{
    g_autoptr(StoreConn) conn = store_read_begin(guard->store, error);
    if (!conn) return FALSE;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error,
                    "SELECT s.created_at, s.seen_at, u.login, u.name, u.org, u.unit, u.roles FROM session s"
                    " JOIN \"user\" u ON u.login = s.login WHERE s.hash = ?1 AND u.disabled = 0",
                    STORE_B(hash, GUARD_HASH));
    if (!rows) return FALSE;
    GError *failed = NULL;
    if (store_step(rows, &failed) && !session_over(store_int(rows, 0), store_int(rows, 1), now)) {
        g_autoptr(GuardUser) user =
            guard_user_make(store_text(rows, 2), store_text(rows, 3), store_text(rows, 4),
                            store_text(rows, 5), store_text(rows, 6));
        g_mutex_lock(&guard->session_lock);
        if (guard->generation == generation && !g_hash_table_contains(guard->sessions, hash))
            session_keep(guard, hash, user, store_int(rows, 0), store_int(rows, 1));
        g_mutex_unlock(&guard->session_lock);
    }
    if (failed) g_propagate_error(error, failed);
    return !failed;
}

GuardUser *guard_session_user(Guard *guard, const char *token, gint64 now, GError **error)
{
    guint8 hash[GUARD_HASH];
    GuardUser *user = NULL;
    SeenJob *write = NULL;
    gboolean known = token_hash(token, hash);
    for (int round = 0; known && !user && round < 2; round++) {
        g_mutex_lock(&guard->session_lock);
        guint64 generation = guard->generation;
        user = session_use(guard, hash, now, &write);
        g_mutex_unlock(&guard->session_lock);
        if (!user && round == 0 && !session_fetch(guard, hash, now, generation, error)) return NULL;
    }
    if (write) store_write_later(guard->store, seen_job, write, seen_done);
    if (!user)
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_SESSION, "nobody is signed in here, or not any more");
    return user;
}

/* ---- signing out ---- */

typedef struct {
    Guard *guard;
    guint8 hash[GUARD_HASH];
    gint64 at;
} SignOut;

static gboolean sign_out_job(StoreConn *conn, gpointer data, GError **error)
{
    SignOut *out = data;
    g_autofree char *login = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT login FROM session WHERE hash = ?1", STORE_B(out->hash, GUARD_HASH));
    if (!rows) return FALSE;
    GError *failed = NULL;
    if (store_step(rows, &failed))
        login = g_strdup(store_text(rows, 0));
    else if (failed)
        g_propagate_error(error, failed);
    else
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_SESSION, "nobody is signed in here, or not any more");
    store_rows_free(g_steal_pointer(&rows));
    LedgerEvent event = { .at = out->at, .kind = "sign-out", .operation = "-", .actor = login };
    return login &&
           STORE_RUN(conn, error, "DELETE FROM session WHERE hash = ?1", STORE_B(out->hash, GUARD_HASH)) &&
           guard_log(conn, out->guard, &event, error) > 0;
}

gboolean guard_sign_out(Guard *guard, const char *token, gint64 at, GError **error)
{
    SignOut out = { .guard = guard, .at = at };
    if (!token_hash(token, out.hash)) {
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_SESSION, "nobody is signed in here, or not any more");
        return FALSE;
    }
    if (!store_write(guard->store, sign_out_job, &out, error)) return FALSE;
    g_mutex_lock(&guard->session_lock);
    guard->generation++;
    g_hash_table_remove(guard->sessions, out.hash);
    g_mutex_unlock(&guard->session_lock);
    return TRUE;
}
