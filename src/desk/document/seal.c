/* seal.c - bytes kept under their SHA-256; what is final with the city's signatures over a statement that
 * names it. */
#include "desk/document/inside.h"
#include <sodium.h>

void document_hash(GBytes *bytes, guint8 out[CASE_PAPER_HASH])
{
    gsize n;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    crypto_hash_sha256(out, data, n);
}

char *document_statement(const char *case_number, const CasePaper *paper,
                         const guint8 sha256[CASE_PAPER_HASH], gint64 at)
{
    char hex[2 * CASE_PAPER_HASH + 1];
    sodium_bin2hex(hex, sizeof hex, sha256, CASE_PAPER_HASH);
    json_t *s = json_object();
    json_object_set_new(s, "is", json_string("bihuan-seal-1"));
    json_object_set_new(s, "case", json_string(case_number));
    json_object_set_new(s, "document", json_string(paper->number));
    json_object_set_new(s, "version", json_integer(paper->version));
    json_object_set_new(s, "code", json_string(paper->code));
    json_object_set_new(s, "sha256", json_string(hex));
    json_object_set_new(s, "at", json_integer(at));
    char *text = base_json_canonical(s);
    json_decref(s);
    return text;
}

/* The name of a key: the first 16 hex digits of its PEM's SHA-256. */
static gboolean keep_key(StoreConn *conn, const char *pem, char id[17], GError **error)
{
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, pem, -1);
    g_strlcpy(id, hash, 17);
    return STORE_RUN(conn, error, "INSERT INTO seal_key(id, pem) VALUES(?1, ?2) ON CONFLICT(id) DO NOTHING",
                     STORE_T(id), STORE_T(pem));
}

static gboolean keep_plain(StoreConn *conn, const BaseId *case_id, GBytes *bytes,
                           const guint8 sha256[CASE_PAPER_HASH], GError **error)
{
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    return STORE_RUN(
        conn, error,
        "INSERT INTO paper_file(sha256, case_id, bytes) VALUES(?1, ?2, ?3) ON CONFLICT(sha256) DO "
        "NOTHING",
        STORE_B(sha256, CASE_PAPER_HASH), STORE_ID(case_id), STORE_B(data, n));
}

static gboolean keep_seal(DocumentDesk *desk, StoreConn *conn, const guint8 sha256[CASE_PAPER_HASH],
                          const char *statement, GError **error)
{
    const Guard *guard = case_room_guard(desk->room);
    char key[GUARD_SEALS][17];
    g_autoptr(GBytes) ed25519 = guard_seal(guard, GUARD_SEAL_ED25519, statement, strlen(statement), error);
    g_autoptr(GBytes) sm2 =
        ed25519 ? guard_seal(guard, GUARD_SEAL_SM2, statement, strlen(statement), error) : NULL;
    if (!sm2) return FALSE;
    for (GuardSealKind kind = 0; kind < GUARD_SEALS; kind++)
        if (!keep_key(conn, guard_seal_key(guard, kind), key[kind], error)) return FALSE;
    return STORE_RUN(
        conn, error,
        "UPDATE paper_file SET statement = ?2, ed25519 = ?3, ed25519_key = ?4, sm2 = ?5, sm2_key = ?6 WHERE "
        "sha256 = ?1",
        STORE_B(sha256, CASE_PAPER_HASH), STORE_T(statement),
        STORE_B(g_bytes_get_data(ed25519, NULL), g_bytes_get_size(ed25519)), STORE_T(key[GUARD_SEAL_ED25519]),
        STORE_B(g_bytes_get_data(sm2, NULL), g_bytes_get_size(sm2)), STORE_T(key[GUARD_SEAL_SM2]));
}

gboolean document_keep(DocumentDesk *desk, StoreConn *conn, const BaseId *case_id, GBytes *bytes,
                       const guint8 sha256[CASE_PAPER_HASH], const char *statement, GError **error)
{
    return keep_plain(conn, case_id, bytes, sha256, error) &&
           (!statement || keep_seal(desk, conn, sha256, statement, error));
}

gboolean document_file(StoreConn *conn, const guint8 sha256[CASE_PAPER_HASH], GBytes **out, GError **error)
{
    GError *failed = NULL;
    gsize n = 0;
    g_autoptr(StoreRows) rows = STORE_QUERY(conn, error, "SELECT bytes FROM paper_file WHERE sha256 = ?1",
                                            STORE_B(sha256, CASE_PAPER_HASH));
    *out = NULL;
    if (rows && store_step(rows, &failed)) {
        const void *bytes = store_blob(rows, 0, &n);
        *out = g_bytes_new(bytes, n);
    }
    if (rows && !failed && !*out)
        g_set_error(&failed, CASE_ERROR, CASE_ERROR_UNKNOWN, "the file of this document was erased");
    if (failed) g_propagate_error(error, failed);
    return *out != NULL;
}
