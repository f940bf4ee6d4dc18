/* keys.c - the keys' folder: the log's Ed25519 key, the residents' key, and beside them a copy of the newest
 * checkpoint.
 *
 * Folder 0700, files 0600, ours: anything that others may read is refused. A file is written whole under
 * another name, brought to disk, and then given its name, so that a crash leaves the old file or the new one.
 * Forms: log.key is the signer's key of C2SP notes, "PRIVATE+KEY+bihuan+<hash>+<base64>"; residents.key is
 * "residents+<hash>+<base64>". The hash finds damage. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "guard/inside.h"
#include "guard/note.h"

#define KEY_LOG "log.key"
#define KEY_RESIDENTS "residents.key"
#define FILE_MAX (1 << 20)

static gboolean refuse(GError **error, const Guard *guard, const char *name, const char *why)
{
    g_set_error(error, GUARD_ERROR, GUARD_ERROR_KEY, "%s/%s: %s", guard->keys, name, why);
    return FALSE;
}

/* ---- files ---- */

static gboolean others_shut_out(const Guard *guard, const char *name, int fd, GError **error)
{
    struct stat st;
    if (fstat(fd, &st) != 0) return refuse(error, guard, name, g_strerror(errno));
    if (st.st_mode & 077)
        return refuse(error, guard, name,
                      S_ISDIR(st.st_mode) ? "others may read it: chmod 700"
                                          : "others may read it: chmod 600");
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return refuse(error, guard, name, "belongs to another user");
    return TRUE;
}

/* The open folder, or -1. */
static int folder_open(const Guard *guard, GError **error)
{
    int folder = open(guard->keys, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        refuse(error, guard, "",
               errno == ENOENT ? "the keys' folder is not there; \"bihuan init\" makes it"
                               : g_strerror(errno));
        return -1;
    }
    if (others_shut_out(guard, "", folder, error)) return folder;
    close(folder);
    return -1;
}

static char *read_whole(const Guard *guard, const char *name, int fd, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char part[4096];
    ssize_t n;
    while ((n = read(fd, part, sizeof part)) > 0 && text->len <= FILE_MAX)
        g_string_append_len(text, part, n);
    sodium_memzero(part, sizeof part);
    if (n < 0) {
        refuse(error, guard, name, g_strerror(errno));
        return NULL;
    }
    if (text->len > FILE_MAX || memchr(text->str, 0, text->len)) {
        refuse(error, guard, name, "is damaged");
        return NULL;
    }
    return g_strdup(text->str);
}

char *guard_keys_read(const Guard *guard, const char *name, gboolean *absent, GError **error)
{
    int folder = folder_open(guard, error);
    if (folder < 0) return NULL;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int why = errno;
    close(folder);
    if (absent) *absent = fd < 0 && why == ENOENT;
    if (fd < 0) {
        if (!absent || why != ENOENT) refuse(error, guard, name, g_strerror(why));
        return NULL;
    }
    char *text = others_shut_out(guard, name, fd, error) ? read_whole(guard, name, fd, error) : NULL;
    close(fd);
    return text;
}

static gboolean write_whole(int fd, const char *text)
{
    gsize left = strlen(text);
    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return FALSE;
        text += n;
        left -= (gsize)n;
    }
    return fsync(fd) == 0;
}

/* Under another name first; without `replace`, link(2) refuses where a rename would overwrite. */
static gboolean file_place(int folder, const char *name, const char *text, gboolean replace)
{
    guint8 drawn[8];
    char hex[17], spare[64];
    randombytes_buf(drawn, sizeof drawn);
    sodium_bin2hex(hex, sizeof hex, drawn, sizeof drawn);
    g_snprintf(spare, sizeof spare, ".%.24s.%s", name, hex);
    int fd = openat(folder, spare, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return FALSE;
    gboolean placed = fchmod(fd, 0600) == 0 && write_whole(fd, text);
    placed = close(fd) == 0 && placed;
    if (placed && replace) placed = renameat(folder, spare, folder, name) == 0;
    if (placed && !replace) placed = linkat(folder, spare, folder, name, 0) == 0;
    int why = errno;
    if (!placed || !replace) unlinkat(folder, spare, 0);
    errno = why;
    return placed && fsync(folder) == 0;
}

gboolean guard_keys_write(const Guard *guard, const char *name, const char *text, gboolean replace,
                          GError **error)
{
    int folder = folder_open(guard, error);
    if (folder < 0) return FALSE;
    gboolean placed = file_place(folder, name, text, replace);
    int why = errno;
    close(folder);
    return placed || refuse(error, guard, name, g_strerror(why));
}

/* ---- keys ---- */

/* "<label>+<hash in hex>+<base64 of bytes>\n" */
static char *key_write(const char *label, guint32 hash, const guint8 *bytes, gsize n)
{
    g_autofree char *base64 = g_base64_encode(bytes, n);
    char *text = g_strdup_printf("%s+%08x+%s\n", label, hash, base64);
    sodium_memzero(base64, strlen(base64));
    return text;
}

static gboolean key_parse(const char *text, const char *label, guint8 *bytes, gsize n, guint32 *hash)
{
    gsize skip = strlen(label);
    if (!g_str_has_prefix(text, label) || strlen(text) < skip + 10 || text[skip] != '+' ||
        text[skip + 9] != '+')
        return FALSE;
    const char *base64 = text + skip + 10, *end;
    size_t got;
    guint8 head[4];
    if (sodium_hex2bin(head, sizeof head, text + skip + 1, 8, NULL, &got, NULL) != 0 || got != sizeof head)
        return FALSE;
    *hash = (guint32)head[0] << 24 | (guint32)head[1] << 16 | (guint32)head[2] << 8 | head[3];
    return sodium_base642bin(bytes, n, base64, strlen(base64), "\n", &got, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           got == n && !*end;
}

static guint32 residents_hash(const guint8 *key)
{
    guint8 out[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(out, key, crypto_auth_hmacsha256_KEYBYTES);
    return (guint32)out[0] << 24 | (guint32)out[1] << 16 | (guint32)out[2] << 8 | out[3];
}

/* First byte: the note's kind of signature; then the seed. */
static gboolean log_key_take(Guard *guard, const char *text)
{
    guint8 bytes[1 + crypto_sign_SEEDBYTES];
    guint32 hash;
    gboolean sound =
        key_parse(text, "PRIVATE+KEY+" GUARD_NAME, bytes, sizeof bytes, &hash) && bytes[0] == NOTE_ED25519;
    if (sound) {
        crypto_sign_seed_keypair(guard->public, guard->secret, bytes + 1);
        sound = guard_note_key_hash(guard->public) == hash;
    }
    sodium_memzero(bytes, sizeof bytes);
    return sound;
}

static gboolean residents_key_take(Guard *guard, const char *text)
{
    guint32 hash;
    return key_parse(text, "residents", guard->residents, sizeof guard->residents, &hash) &&
           residents_hash(guard->residents) == hash;
}

static char *log_key_draw(Guard *guard)
{
    guint8 bytes[1 + crypto_sign_SEEDBYTES] = { NOTE_ED25519 }, public[crypto_sign_PUBLICKEYBYTES],
                     secret[crypto_sign_SECRETKEYBYTES];
    randombytes_buf(bytes + 1, crypto_sign_SEEDBYTES);
    crypto_sign_seed_keypair(public, secret, bytes + 1);
    char *text = key_write("PRIVATE+KEY+" GUARD_NAME, guard_note_key_hash(public), bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(secret, sizeof secret);
    return text;
}

/* Events hold hashes of links, so a run that must replay to the bit draws this key from its seed; the log's
 * key signs what is, and comes from the system always. */
static char *residents_key_draw(Guard *guard)
{
    guint8 bytes[crypto_auth_hmacsha256_KEYBYTES];
    if (guard->chance.system)
        randombytes_buf(bytes, sizeof bytes);
    else
        base_chance_bytes(&guard->chance, bytes, sizeof bytes);
    char *text = key_write("residents", residents_hash(bytes), bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    return text;
}

static gboolean key_load(Guard *guard, const char *name, gboolean make, char *(*draw)(Guard *),
                         gboolean (*take)(Guard *, const char *), GError **error)
{
    gboolean absent = FALSE;
    char *text = guard_keys_read(guard, name, make ? &absent : NULL, error);
    if (!text && absent) {
        text = draw(guard);
        if (!guard_keys_write(guard, name, text, FALSE, error)) g_clear_pointer(&text, g_free);
    }
    if (!text) return FALSE;
    gboolean taken = take(guard, text);
    sodium_memzero(text, strlen(text));
    g_free(text);
    return taken || refuse(error, guard, name, "is damaged; bring it back from the backup of the keys");
}

/* ---- secrets of gateways ---- */

static char *gateway_secret_draw(void)
{
    guint8 bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    g_autofree char *base64 = g_base64_encode(bytes, sizeof bytes);
    char *text = g_strconcat("whsec_", base64, "\n", NULL);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(base64, strlen(base64));
    return text;
}

char *guard_gateway_secret(const Guard *guard, const char *name, gboolean make, GError **error)
{
    gboolean absent = FALSE, sound = *name && strlen(name) <= 24 &&
                                     strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
    if (!sound) {
        refuse(error, guard, "", "a gateway's name is 1 to 24 of a-z, 0-9 and -");
        return NULL;
    }
    g_autofree char *file = g_strconcat("gateway-", name, NULL);
    char *text = guard_keys_read(guard, file, make ? &absent : NULL, error);
    if (!text && absent) {
        text = gateway_secret_draw();
        if (!guard_keys_write(guard, file, text, FALSE, error)) g_clear_pointer(&text, g_free);
    }
    return text ? g_strchomp(text) : NULL;
}

gboolean guard_keys_load(Guard *guard, gboolean make, GError **error)
{
    if (make && g_mkdir_with_parents(guard->keys, 0700) != 0)
        return refuse(error, guard, "", g_strerror(errno));
    return key_load(guard, KEY_LOG, make, log_key_draw, log_key_take, error) &&
           key_load(guard, KEY_RESIDENTS, make, residents_key_draw, residents_key_take, error);
}
