/* write.c - a deed happens once however often it is asked for: the key and the reply are stored in the deed's
 * own job.
 *
 * Keys are kept by who asks (a login, or a resident's link hashed) and remember the SHA-256 of the request;
 * the same key with another request is refused. A key is good for a day. */
#include "api/call.h"
#include <sodium.h>
#include <string.h>

#define KEY_MOST 64
#define KEY_LIFE BASE_DAY

gboolean call_key_sound(const char *key)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-";
    gsize n = key ? strlen(key) : 0;
    return n > 0 && n <= KEY_MOST && strspn(key, good) == n;
}

static void hash_part(crypto_hash_sha256_state *state, const void *bytes, gsize length)
{
    guint64 n = GUINT64_TO_BE(length);
    crypto_hash_sha256_update(state, (const guint8 *)&n, sizeof n);
    crypto_hash_sha256_update(state, bytes, length);
}

static void request_hash(const ApiCall *call, guint8 out[crypto_hash_sha256_BYTES])
{
    const char *query = http_query(call->http) ? http_query(call->http) : "";
    gsize length;
    const guint8 *body = http_body(call->http, &length);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    hash_part(&state, call->route->method, strlen(call->route->method));
    hash_part(&state, http_path(call->http), strlen(http_path(call->http)));
    hash_part(&state, query, strlen(query));
    hash_part(&state, body, length);
    crypto_hash_sha256_final(&state, out);
}

/* Who the key belongs to. A link is a secret, so only its hash is kept. */
static char *key_owner(const ApiCall *call)
{
    const char *link = call_text(call->params, "link");
    if (call->user) return g_strdup(call->user->login);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, link ? link : "", -1);
    return g_strdup_printf("resident:%.24s", hash);
}

static const char *key_of(const ApiCall *call)
{
    return http_header(call->http, "Idempotency-Key");
}

/* FALSE with no error: not seen. TRUE: the stored reply is in place. */
static gboolean replay(ApiCall *call, StoreConn *conn, GError **error)
{
    guint8 hash[crypto_hash_sha256_BYTES];
    gsize length = 0;
    g_autofree char *owner = key_owner(call);
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT request, reply FROM idempotency WHERE actor = ?1 AND key = ?2",
                    STORE_T(owner), STORE_T(key_of(call)));
    if (!rows || !store_step(rows, error)) return FALSE;
    request_hash(call, hash);
    const void *kept = store_blob(rows, 0, &length);
    if (length != sizeof hash || memcmp(kept, hash, sizeof hash) != 0) {
        g_set_error(error, API_ERROR, API_ERROR_KEY_REUSED,
                    "this Idempotency-Key was used for another request; take a new one for a new deed");
        return FALSE;
    }
    g_string_assign(call->reply, store_text(rows, 1));
    return TRUE;
}

/* Keys of yesterday go, once an hour, in the job of whoever comes first. */
static gboolean sweep(ApiCall *call, StoreConn *conn, GError **error)
{
    gint hour = (gint)(call->real_now / BASE_HOUR);
    gint last = g_atomic_int_get(&call->api->swept_hour);
    if (hour <= last || !g_atomic_int_compare_and_exchange(&call->api->swept_hour, last, hour)) return TRUE;
    return STORE_RUN(conn, error, "DELETE FROM idempotency WHERE at < ?1",
                     STORE_I(call->real_now - KEY_LIFE));
}

static gboolean keep(ApiCall *call, StoreConn *conn, GError **error)
{
    guint8 hash[crypto_hash_sha256_BYTES];
    g_autofree char *owner = key_owner(call);
    request_hash(call, hash);
    return sweep(call, conn, error) &&
           STORE_RUN(conn, error,
                     "INSERT INTO idempotency(actor, key, request, status, reply, at) VALUES(?1, ?2, ?3, "
                     "200, ?4, ?5)",
                     STORE_T(owner), STORE_T(key_of(call)), STORE_B(hash, sizeof hash),
                     STORE_T(call->reply->str), STORE_I(call->real_now));
}

typedef struct {
    ApiCall *call;
    ApiDeed deed;
} Writing;

static gboolean write_job(StoreConn *conn, gpointer data, GError **error)
{
    Writing *w = data;
    ApiCall *call = w->call;
    GError *refusal = NULL;
    if (replay(call, conn, &refusal)) return TRUE;
    if (refusal) {
        g_propagate_error(error, refusal);
        return FALSE;
    }
    call->now = base_clock_now(&call->api->clock);
    g_string_truncate(call->reply, 0);
    call->out = base_json_to(call->reply);
    return w->deed(call, conn, error) && keep(call, conn, error);
}

gboolean call_write(ApiCall *call, ApiDeed deed, GError **error)
{
    Writing w = { call, deed };
    return store_write(call->api->store, write_job, &w, error);
}

gboolean call_seen(ApiCall *call, gboolean *seen, GError **error)
{
    GError *refusal = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(call->api->store, error);
    if (!conn) return FALSE;
    *seen = replay(call, conn, &refusal);
    if (refusal) g_propagate_error(error, refusal);
    return !refusal;
}

/* Two of the same request at once may both come here; the first reply stays. */
static gboolean keep_job(StoreConn *conn, gpointer data, GError **error)
{
    ApiCall *call = data;
    GError *refusal = NULL;
    if (replay(call, conn, &refusal)) return TRUE;
    if (refusal) {
        g_propagate_error(error, refusal);
        return FALSE;
    }
    return keep(call, conn, error);
}

gboolean call_keep(ApiCall *call, GError **error)
{
    return store_write(call->api->store, keep_job, call, error);
}
