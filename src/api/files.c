/* files.c - the console's files from memory. See files.h. */
#include "api/files.h"
#include "api/check.h"
#include <sodium.h>
#include <string.h>

#define DEEPEST 8

typedef struct {
    GBytes *plain, *gzip; /* gzip NULL: none */
    const char *type;
    char *etag;
    gboolean page;
} File;

struct Files {
    GHashTable *by_name; /* "/assets/x.js" -> File */
};

static const struct {
    const char *ending, *type;
} types[] = {
    /* clang-format off */
    { ".html",    "text/html; charset=utf-8" },
    { ".js",      "text/javascript; charset=utf-8" },
    { ".mjs",     "text/javascript; charset=utf-8" },
    { ".css",     "text/css; charset=utf-8" },
    { ".json",    "application/json" },
    { ".geojson", "application/geo+json" },
    { ".svg",     "image/svg+xml" },
    { ".png",     "image/png" },
    { ".ico",     "image/x-icon" },
    { ".woff2",   "font/woff2" },
    { ".txt",     "text/plain; charset=utf-8" },
    { ".webmanifest", "application/manifest+json" },
    /* clang-format on */
};

static const char *type_of(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(name, types[i].ending)) return types[i].type;
    return "application/octet-stream";
}

static void file_free(gpointer data)
{
    File *file = data;
    g_bytes_unref(file->plain);
    g_clear_pointer(&file->gzip, g_bytes_unref);
    g_free(file->etag);
    g_free(file);
}

static GBytes *bytes_of(const char *path)
{
    char *text;
    gsize length;
    if (!g_file_get_contents(path, &text, &length, NULL)) return NULL;
    return g_bytes_new_take(text, length);
}

static void take_file(Files *files, const char *path, const char *name)
{
    GBytes *plain = g_str_has_suffix(name, ".gz") ? NULL : bytes_of(path);
    if (!plain) return;
    g_autofree char *packed = g_strconcat(path, ".gz", NULL);
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, plain);
    File *file = g_new0(File, 1);
    *file = (File){ .plain = plain,
                    .gzip = bytes_of(packed),
                    .type = type_of(name),
                    .etag = g_strdup_printf("\"%.32s\"", hash) };
    file->page =
        g_strstr_len(g_bytes_get_data(plain, NULL), (gssize)g_bytes_get_size(plain), FILES_NONCE) != NULL &&
        g_str_has_suffix(name, ".html");
    g_hash_table_insert(files->by_name, g_strdup(name), file);
}

static void take_folder(Files *files, const char *folder, const char *prefix, int depth)
{
    g_autoptr(GDir) dir = depth < DEEPEST ? g_dir_open(folder, 0, NULL) : NULL;
    const char *entry;
    while (dir && (entry = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, entry, NULL),
                        *name = g_strconcat(prefix, "/", entry, NULL);
        if (*entry == '.' || g_file_test(path, G_FILE_TEST_IS_SYMLINK)) continue;
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            take_folder(files, path, name, depth + 1);
        else
            take_file(files, path, name);
    }
}

Files *files_load(const char *folder)
{
    Files *files = g_new0(Files, 1);
    files->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, file_free);
    if (folder) take_folder(files, folder, "", 0);
    return files;
}

void files_free(Files *files)
{
    if (!files) return;
    g_hash_table_unref(files->by_name);
    g_free(files);
}

static const char *page_of(const char *path)
{
    static const char *const open[][2] = {
        { "/r/", "/r.html" },
        { "/s/", "/s.html" },
        { "/v/", "/v.html" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(open); i++)
        if (g_str_has_prefix(path, open[i][0])) return open[i][1];
    return g_str_equal(path, "/v") ? "/v.html" : "/index.html";
}

static const File *file_of(const Files *files, const char *path)
{
    const File *file = g_hash_table_lookup(files->by_name, path);
    if (file || strchr(path, '.')) return file;
    return g_hash_table_lookup(files->by_name, page_of(path));
}

/* 'self' alone, but for what the map needs (its worker comes from a blob), pictures made on the page, and
 * styles under the page's nonce. */
static void put_policy(HttpRequest *request, const char *nonce)
{
    g_autofree char *style = nonce ? g_strdup_printf(" 'nonce-%s'", nonce) : g_strdup("");
    g_autofree char *policy = g_strdup_printf("default-src 'none'; script-src 'self'; style-src 'self'%s; "
                                              "img-src 'self' data: blob:; font-src 'self' data:; "
                                              "connect-src 'self'; worker-src 'self' blob:; manifest-src "
                                              "'self'; base-uri 'none'; form-action 'self'; "
                                              "frame-ancestors 'none'",
                                              style);
    http_reply_header(request, "Content-Security-Policy", policy);
}

static void reply_page(HttpRequest *request, const File *file)
{
    guint8 raw[18];
    char nonce[sodium_base64_ENCODED_LEN(sizeof raw, sodium_base64_VARIANT_ORIGINAL)];
    randombytes_buf(raw, sizeof raw);
    sodium_bin2base64(nonce, sizeof nonce, raw, sizeof raw, sodium_base64_VARIANT_ORIGINAL);
    gsize length;
    const char *text = g_bytes_get_data(file->plain, &length);
    GString *page = g_string_new_len(text, (gssize)length);
    g_string_replace(page, FILES_NONCE, nonce, 0);
    put_policy(request, nonce);
    http_reply_header(request, "Cache-Control", "no-store");
    http_reply(request, 200, file->type, g_string_free_to_bytes(page));
}

static gboolean takes_gzip(HttpRequest *request)
{
    const char *encodings = http_header(request, "Accept-Encoding");
    return encodings && strstr(encodings, "gzip") && !strstr(encodings, "gzip;q=0");
}

static void reply_file(HttpRequest *request, const File *file, gboolean lasting)
{
    const char *known = http_header(request, "If-None-Match");
    gboolean gzip = file->gzip && takes_gzip(request);
    put_policy(request, NULL);
    http_reply_header(request, "Cache-Control", lasting ? "public, max-age=31536000, immutable" : "no-cache");
    http_reply_header(request, "ETag", file->etag);
    http_reply_header(request, "Vary", "Accept-Encoding");
    if (known && strstr(known, file->etag)) {
        http_reply(request, 304, file->type, NULL);
        return;
    }
    if (gzip) http_reply_header(request, "Content-Encoding", "gzip");
    http_reply(request, 200, file->type, g_bytes_ref(gzip ? file->gzip : file->plain));
}

gboolean files_reply(const Files *files, HttpRequest *request, const char *path)
{
    g_autofree char *name = check_unescape(path, -1, FALSE);
    const File *file = name ? file_of(files, name) : NULL;
    if (!file) return FALSE;
    if (file->page)
        reply_page(request, file);
    else
        reply_file(request, file, g_str_has_prefix(name, "/assets/"));
    return TRUE;
}
