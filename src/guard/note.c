/* note.c - C2SP signed notes for our checkpoints. A note is accepted only when writing what was read gives
 * the same text again, so there is one text for one checkpoint. */
#include "guard/inside.h"
#include "guard/note.h"

#define SIGNATURES_MAX 100
#define DASH "\xe2\x80\x94 " /* em dash and a space begin a signature line */

static void key_hash_bytes(const guint8 public[32], guint8 out[4])
{
    guint8 hash[crypto_hash_sha256_BYTES], text[sizeof GUARD_NAME + 1 + 32];
    memcpy(text, GUARD_NAME "\n", sizeof GUARD_NAME);
    text[sizeof GUARD_NAME] = NOTE_ED25519;
    memcpy(text + sizeof GUARD_NAME + 1, public, 32);
    crypto_hash_sha256(hash, text, sizeof text);
    memcpy(out, hash, 4);
}

guint32 guard_note_key_hash(const guint8 public[32])
{
    guint8 b[4];
    key_hash_bytes(public, b);
    return (guint32)b[0] << 24 | (guint32)b[1] << 16 | (guint32)b[2] << 8 | b[3];
}

char *guard_note_verifier(const guint8 public[32])
{
    guint8 bytes[33] = { NOTE_ED25519 };
    memcpy(bytes + 1, public, 32);
    g_autofree char *base64 = g_base64_encode(bytes, sizeof bytes);
    return g_strdup_printf(GUARD_NAME "+%08x+%s", guard_note_key_hash(public), base64);
}

static char *body_write(const GuardNote *note)
{
    g_autofree char *root = g_base64_encode(note->root, sizeof note->root);
    return g_strdup_printf(GUARD_NAME "\n%" G_GINT64_FORMAT "\n%s\nat %" G_GINT64_FORMAT "\n", note->size,
                           root, note->at);
}

char *guard_note_sign(const GuardNote *note, const guint8 secret[64])
{
    guint8 line[4 + crypto_sign_BYTES];
    g_autofree char *body = body_write(note);
    key_hash_bytes(secret + 32, line); /* libsodium keeps the public key in the second half */
    crypto_sign_detached(line + 4, NULL, (const guint8 *)body, strlen(body), secret);
    g_autofree char *base64 = g_base64_encode(line, sizeof line);
    return g_strdup_printf("%s\n" DASH GUARD_NAME " %s\n", body, base64);
}

static gboolean form(GError **error, const char *why)
{
    g_set_error(error, NOTE_ERROR, NOTE_ERROR_FORM, "not a checkpoint of %s: %s", GUARD_NAME, why);
    return FALSE;
}

static gboolean base64_parse(const char *text, gsize length, guint8 *out, gsize room, gsize *got)
{
    return sodium_base642bin(out, room, text, length, NULL, got, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
}

static gboolean body_parse(const char *body, GuardNote *out, GError **error)
{
    g_auto(GStrv) line = g_strsplit(body, "\n", 6);
    gsize got;
    if (g_strv_length(line) != 5 || !g_str_equal(line[0], GUARD_NAME) || *line[4])
        return form(error, "want origin, size, root and time, one a line");
    if (!g_ascii_string_to_signed(line[1], 10, 0, G_MAXINT64, &out->size, NULL))
        return form(error, "the size is no number");
    if (!base64_parse(line[2], strlen(line[2]), out->root, sizeof out->root, &got) || got != sizeof out->root)
        return form(error, "the root is not 32 bytes of base64");
    if (!g_str_has_prefix(line[3], "at ") ||
        !g_ascii_string_to_signed(line[3] + 3, 10, G_MININT64, G_MAXINT64, &out->at, NULL))
        return form(error, "the time is no number");
    g_autofree char *again = body_write(out);
    return g_str_equal(again, body) || form(error, "written in another way than ours");
}

typedef enum { LINE_BAD_FORM, LINE_FOREIGN, LINE_FITS, LINE_FORGED } LineKind;

/* One signature line: "— name base64(hash, signature)". */
static LineKind line_check(const char *line, const char *body, const guint8 public[32])
{
    guint8 bytes[1024], ours[4];
    gsize got;
    if (!g_str_has_prefix(line, DASH)) return LINE_BAD_FORM;
    const char *name = line + strlen(DASH), *space = strchr(name, ' ');
    if (!space || space == name || memchr(name, '+', (gsize)(space - name))) return LINE_BAD_FORM;
    if (!base64_parse(space + 1, strlen(space + 1), bytes, sizeof bytes, &got) || got < 5)
        return LINE_BAD_FORM;
    key_hash_bytes(public, ours);
    gboolean named =
        (gsize)(space - name) == strlen(GUARD_NAME) && memcmp(name, GUARD_NAME, strlen(GUARD_NAME)) == 0;
    if (!named || memcmp(bytes, ours, sizeof ours) != 0) return LINE_FOREIGN;
    if (got != sizeof ours + crypto_sign_BYTES) return LINE_FORGED;
    return crypto_sign_verify_detached(bytes + 4, (const guint8 *)body, strlen(body), public) == 0
               ? LINE_FITS
               : LINE_FORGED;
}

static gboolean signatures_check(const char *lines, const char *body, const guint8 public[32], GError **error)
{
    g_auto(GStrv) line = g_strsplit(lines, "\n", SIGNATURES_MAX + 2);
    guint n = g_strv_length(line), fits = 0;
    if (n < 2 || n > SIGNATURES_MAX + 1 || *line[n - 1]) return form(error, "want 1 to 100 signature lines");
    for (guint i = 0; i + 1 < n; i++) {
        LineKind kind = line_check(line[i], body, public);
        if (kind == LINE_BAD_FORM) return form(error, "a signature line is \"— name base64\"");
        if (kind == LINE_FORGED) fits = SIGNATURES_MAX + 1;
        if (kind == LINE_FITS) fits++;
    }
    if (fits == 1) return TRUE;
    g_set_error(error, NOTE_ERROR, NOTE_ERROR_SIGNATURE,
                "the checkpoint is not signed once by this log's key");
    return FALSE;
}

gboolean guard_note_open(const char *text, const guint8 public[32], GuardNote *out, GError **error)
{
    if (strlen(text) > NOTE_MAX || !g_utf8_validate(text, -1, NULL))
        return form(error, "too long, or not UTF-8");
    const char *split = g_strrstr(text, "\n\n");
    if (!split) return form(error, "no empty line before the signatures");
    g_autofree char *body = g_strndup(text, (gsize)(split + 1 - text));
    GuardNote note;
    if (!body_parse(body, &note, error) || !signatures_check(split + 2, body, public, error)) return FALSE;
    *out = note;
    return TRUE;
}
