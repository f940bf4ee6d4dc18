/* config.c - gateways.json: which channel goes by which gateway.
 *
 *   { "public_url": "https://12345.example",              before a resident's link
 *     "languages": {"resident": "zh"},                     zh is the default for everybody
 *     "hosts": ["sms.example"],                            the only ones a webhook may name
 *     "gateways": {"sms":   {"kind": "webhook", "url": "https://sms.example/in", "ca": "ca.pem"},
 *                  "spool": {"kind": "file", "folder": "outbox", "receipts": "receipts"}},
 *     "channels": {"sms": "sms", "app": "spool", "voice": "spool"} }
 * Each gateway may say tries, expire_minutes, receipt_minutes; a webhook also connect_ms, timeout_ms. Its
 * secret is the file keys/gateway-NAME (bihuan notices secret NAME). */
#include "desk/notice/inside.h"
#include "base/calendar.h"
#include <curl/curl.h>
#include <sodium.h>
#include <string.h>

const char *const notice_channels[NOTICE_CHANNELS] = { "sms", "app", "voice" };

static gboolean refuse(GError **error, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
static gboolean refuse(GError **error, const char *where, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, NOTICE_ERROR, NOTICE_ERROR_CONFIG, "gateways.json: %s: %s", where, what);
    return FALSE;
}

/* ---- shapes ---- */

static gboolean keys_known(const json_t *object, const char *where, const char *const *known, GError **error)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object)) return refuse(error, where, "an object is wanted");
    json_object_foreach((json_t *)object, key, value)
    {
        if (g_strv_contains(known, key)) continue;
        g_autofree char *all = g_strjoinv(", ", (char **)known);
        return refuse(error, where, "no key '%s'; there are %s", key, all);
    }
    return TRUE;
}

static gboolean take_number(const json_t *object, const char *where, const char *key, gint64 least,
                            gint64 most, gint64 otherwise, gint64 *out, GError **error)
{
    const json_t *value = json_object_get(object, key);
    *out = value ? json_integer_value(value) : otherwise;
    if (value && (!json_is_integer(value) || *out < least || *out > most))
        return refuse(error, where, "%s is a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                      key, least, most);
    return TRUE;
}

static gboolean take_text(const json_t *object, const char *where, const char *key, gboolean needed,
                          const char **out, GError **error)
{
    const json_t *value = json_object_get(object, key);
    *out = json_string_value(value);
    if (*out && **out) return TRUE;
    return value || needed ? refuse(error, where, "%s is wanted, a text", key) : TRUE;
}

static char *path_in(const char *folder, const char *path)
{
    return !path ? NULL : g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(folder, path, NULL);
}

/* ---- where a webhook may go ---- */

static gboolean is_loopback(const char *host)
{
    return !strcmp(host, "127.0.0.1") || !strcmp(host, "localhost") || !strcmp(host, "[::1]");
}

static gboolean host_listed(const json_t *hosts, const char *host)
{
    for (gsize i = 0; i < json_array_size(hosts); i++)
        if (!g_ascii_strcasecmp(json_string_value(json_array_get(hosts, i)), host)) return TRUE;
    return FALSE;
}

static gboolean parts_of(const char *url, char **scheme, char **host, gboolean *plain)
{
    char *user = NULL, *fragment = NULL;
    CURLU *parsed = curl_url();
    gboolean ok = curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
                  curl_url_get(parsed, CURLUPART_SCHEME, scheme, 0) == CURLUE_OK &&
                  curl_url_get(parsed, CURLUPART_HOST, host, 0) == CURLUE_OK;
    *plain = curl_url_get(parsed, CURLUPART_USER, &user, 0) != CURLUE_OK &&
             curl_url_get(parsed, CURLUPART_FRAGMENT, &fragment, 0) != CURLUE_OK;
    curl_free(user);
    curl_free(fragment);
    curl_url_cleanup(parsed);
    return ok;
}

static gboolean url_allowed(const char *url, const json_t *hosts, const char *where, GError **error)
{
    char *scheme = NULL, *host = NULL;
    gboolean plain = FALSE, ok = FALSE;
    if (!parts_of(url, &scheme, &host, &plain) || !plain)
        refuse(error, where, "url is not one; https://host/path, without a name or a fragment");
    else if (!host_listed(hosts, host))
        refuse(error, where, "host %s is not among hosts; list those that may be sent to", host);
    else if (strcmp(scheme, "https") != 0 && !(is_loopback(host) && !strcmp(scheme, "http")))
        refuse(error, where, "url must begin with https; http goes to this machine only");
    else
        ok = TRUE;
    curl_free(scheme);
    curl_free(host);
    return ok;
}

/* ---- one gateway ---- */

static gboolean open_file(const json_t *item, const char *where, const char *folder, NoticeGate *g,
                          GError **error)
{
    static const char *const known[] = { "kind",     "tries", "expire_minutes", "receipt_minutes", "folder",
                                         "receipts", NULL };
    const char *out, *in;
    if (!keys_known(item, where, known, error) || !take_text(item, where, "folder", TRUE, &out, error) ||
        !take_text(item, where, "receipts", FALSE, &in, error))
        return FALSE;
    g_autofree char *spool = path_in(folder, out), *drop = path_in(folder, in);
    g->gateway = notice_file_gateway(spool, drop, FALSE, error);
    return g->gateway != NULL;
}

static gboolean take_secret(NoticeGate *g, const Guard *guard, const char *where, GError **error)
{
    g->secret = guard_gateway_secret(guard, g->name, FALSE, error);
    if (!g->secret) {
        g_prefix_error(error, "gateways.json: %s: ", where);
        return FALSE;
    }
    return notice_secret_sound(g->secret) ||
           refuse(error, where, "its secret is not \"whsec_\" and base64 of 24 to 64 bytes");
}

static gboolean open_webhook(const json_t *item, const char *where, const char *folder, const json_t *hosts,
                             const Guard *guard, NoticeGate *g, GError **error)
{
    static const char *const known[] = { "kind", "tries", "expire_minutes", "receipt_minutes",
                                         "url",  "ca",    "connect_ms",     "timeout_ms",
                                         NULL };
    const char *url, *ca;
    gint64 connect, whole;
    if (!keys_known(item, where, known, error) || !take_text(item, where, "url", TRUE, &url, error) ||
        !take_text(item, where, "ca", FALSE, &ca, error) || !url_allowed(url, hosts, where, error) ||
        !take_number(item, where, "connect_ms", 1, 60000, 3000, &connect, error) ||
        !take_number(item, where, "timeout_ms", 1, 60000, 10000, &whole, error) ||
        !take_secret(g, guard, where, error))
        return FALSE;
    g_autofree char *authorities = path_in(folder, ca);
    NoticeWebhookOptions how = { url, g->secret, authorities, (guint)connect, (guint)whole };
    g->gateway = notice_webhook_gateway(&how, error);
    return g->gateway != NULL;
}

static gboolean take_limits(const json_t *item, const char *where, NoticeGate *g, GError **error)
{
    gint64 tries, expire, receipt;
    if (!take_number(item, where, "tries", 1, 100, 12, &tries, error) ||
        !take_number(item, where, "expire_minutes", 1, 43200, 1440, &expire, error) ||
        !take_number(item, where, "receipt_minutes", 0, 43200, 0, &receipt, error))
        return FALSE;
    g->tries = (guint)tries;
    g->expire = expire * BASE_MINUTE;
    g->receipt = receipt * BASE_MINUTE;
    return TRUE;
}

static gboolean open_gate(const char *name, const json_t *item, const char *folder, const json_t *hosts,
                          const Guard *guard, NoticeConfig *out, GError **error)
{
    g_autofree char *where = g_strdup_printf("gateways.%s", name);
    const char *kind = json_string_value(json_object_get(item, "kind"));
    if (out->n == NOTICE_GATES) return refuse(error, where, "there are more than %d", NOTICE_GATES);
    if (!strcmp(name, "console")) return refuse(error, where, "the console is no gateway; take another name");
    NoticeGate *g = &out->gate[out->n++];
    g->name = g_strdup(name);
    gboolean ok = !g_strcmp0(kind, "file")      ? open_file(item, where, folder, g, error)
                  : !g_strcmp0(kind, "webhook") ? open_webhook(item, where, folder, hosts, guard, g, error)
                                                : refuse(error, where, "kind is \"file\" or \"webhook\"");
    if (!ok || !take_limits(item, where, g, error)) return FALSE;
    g->health = (NoticeHealth){ .name = g->name, .kind = g->gateway->kind, .up = TRUE };
    return TRUE;
}

/* ---- the whole ---- */

static gboolean take_gates(const json_t *root, const char *folder, const Guard *guard, NoticeConfig *out,
                           GError **error)
{
    const json_t *gates = json_object_get(root, "gateways"), *hosts = json_object_get(root, "hosts");
    const char *name;
    json_t *item;
    if (!json_is_object(gates)) return refuse(error, "gateways", "an object is wanted, of gateways by name");
    for (gsize i = 0; i < json_array_size(hosts); i++)
        if (!json_is_string(json_array_get(hosts, i)))
            return refuse(error, "hosts", "a list of texts is wanted");
    json_object_foreach((json_t *)gates, name, item)
    {
        if (!open_gate(name, item, folder, hosts, guard, out, error)) return FALSE;
    }
    return TRUE;
}

static int gate_named(const NoticeConfig *config, const char *name)
{
    for (guint i = 0; i < config->n; i++)
        if (!g_strcmp0(config->gate[i].name, name)) return (int)i;
    return -1;
}

static gboolean take_channels(const json_t *root, NoticeConfig *out, GError **error)
{
    static const char *const known[] = { "sms", "app", "voice", NULL };
    const json_t *channels = json_object_get(root, "channels");
    if (!keys_known(channels, "channels", known, error)) return FALSE;
    for (int i = 0; i < NOTICE_CHANNELS; i++) {
        const json_t *name = json_object_get(channels, notice_channels[i]);
        out->by_channel[i] = name ? gate_named(out, json_string_value(name)) : -1;
        if (name && out->by_channel[i] < 0)
            return refuse(error, "channels", "%s names no gateway of this file", notice_channels[i]);
    }
    return TRUE;
}

static gboolean take_languages(const json_t *root, NoticeConfig *out, GError **error)
{
    const char *receiver;
    json_t *lang, *all = json_object_get(root, "languages");
    if (all && !json_is_object(all))
        return refuse(error, "languages", "an object is wanted: receiver, language");
    json_object_foreach(all, receiver, lang)
    {
        const char *word = json_string_value(lang);
        if (g_strcmp0(word, "zh") != 0 && g_strcmp0(word, "en") != 0)
            return refuse(error, "languages", "a language is \"zh\" or \"en\"");
    }
    out->languages = json_incref(all);
    return TRUE;
}

static gboolean take_public_url(const json_t *root, NoticeConfig *out, GError **error)
{
    const char *url;
    if (!take_text(root, "public_url", "public_url", FALSE, &url, error)) return FALSE;
    if (url && !g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://127.0.0.1"))
        return refuse(error, "public_url", "it begins with https://");
    out->public_url = g_strdup(url ? url : "");
    while (g_str_has_suffix(out->public_url, "/"))
        out->public_url[strlen(out->public_url) - 1] = 0;
    return TRUE;
}

static gboolean take_whole(const json_t *root, const char *folder, const Guard *guard, NoticeConfig *out,
                           GError **error)
{
    static const char *const known[] = { "public_url", "languages", "hosts", "gateways", "channels", NULL };
    return keys_known(root, "the file", known, error) && take_public_url(root, out, error) &&
           take_languages(root, out, error) && take_gates(root, folder, guard, out, error) &&
           take_channels(root, out, error);
}

gboolean notice_config_read(const char *text, gsize length, const char *folder, const Guard *guard,
                            NoticeConfig *out, GError **error)
{
    *out = (NoticeConfig){ .by_channel = { -1, -1, -1 } };
    json_t *root = base_json_parse(text, length, BASE_JSON_REQUEST, error);
    if (!root) {
        g_prefix_error(error, "gateways.json:");
        return FALSE;
    }
    gboolean ok = take_whole(root, folder, guard, out, error);
    json_decref(root);
    if (!ok) notice_config_clear(out);
    return ok;
}

char *notice_public_url(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "gateways.json", NULL), *text = NULL;
    NoticeConfig config = { 0 };
    json_t *root = g_file_get_contents(path, &text, NULL, NULL)
                       ? base_json_parse(text, strlen(text), BASE_JSON_REQUEST, NULL)
                       : NULL;
    char *url = take_public_url(root, &config, NULL) ? g_strdup(config.public_url) : g_strdup("");
    g_free(config.public_url);
    json_decref(root);
    return url;
}

gboolean notice_config_simulated(const char *folder, NoticeConfig *out, GError **error)
{
    *out = (NoticeConfig){ .n = 1, .public_url = g_strdup("") };
    NoticeGate *g = &out->gate[0];
    g_autofree char *spool = g_build_filename(folder, "outbox", NULL);
    *g = (NoticeGate){ .name = g_strdup("simulated"), .tries = 12, .expire = BASE_DAY };
    g->gateway = notice_file_gateway(spool, NULL, TRUE, error);
    if (!g->gateway) {
        notice_config_clear(out);
        return FALSE;
    }
    g->health = (NoticeHealth){ .name = g->name, .kind = g->gateway->kind, .up = TRUE };
    return TRUE;
}

void notice_config_clear(NoticeConfig *config)
{
    for (guint i = 0; i < config->n; i++) {
        NoticeGate *g = &config->gate[i];
        if (g->gateway) g->gateway->free(g->gateway);
        if (g->secret) sodium_memzero(g->secret, strlen(g->secret));
        g_free(g->secret);
        g_free(g->name);
    }
    json_decref(config->languages);
    g_free(config->public_url);
    *config = (NoticeConfig){ .by_channel = { -1, -1, -1 } };
}

const char *notice_language(const NoticeConfig *config, const char *receiver)
{
    const char *lang = json_string_value(json_object_get(config->languages, receiver));
    return lang ? lang : "zh";
}
