/* webhook.c - the gateway of signed HTTPS requests, by libcurl: one POST a notice, one connection kept. */
#include "desk/notice/gateway.h"
#include "desk/notice/sign.h"
#include "base/json.h"
#include <curl/curl.h>
#include <sodium.h>
#include <string.h>

#define REPLY_MOST (16 << 10)

typedef struct {
    NoticeGateway seam;
    char *url, *secret, *ca;
    guint connect_ms, timeout_ms;
    CURL *curl;
    gint stopping; /* atomic */
} Webhook;

/* ---- one request ---- */

/* {"type": "notice", "data": {...}}: the shape that Standard Webhooks asks for. */
static GString *body_of(const NoticeItem *item)
{
    GString *out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_put_text(&j, "type", "notice");
    base_json_key(&j, "data");
    base_json_object(&j);
    base_json_put_text(&j, "message", item->message);
    base_json_put_text(&j, "channel", item->channel);
    base_json_put_text(&j, "receiver", item->receiver);
    if (item->address) base_json_put_text(&j, "to", item->address);
    if (item->unit) base_json_put_text(&j, "unit", item->unit);
    if (item->org) base_json_put_text(&j, "org", item->org);
    base_json_put_text(&j, "lang", item->lang);
    base_json_put_text(&j, "text", item->text);
    base_json_put_text(&j, "number", item->number);
    base_json_end_object(&j);
    base_json_end_object(&j);
    return out;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *name, const char *value)
{
    g_autofree char *line = g_strdup_printf("%s: %s", name, value);
    return curl_slist_append(list, line);
}

static struct curl_slist *headers_of(const Webhook *w, const NoticeItem *item, const GString *body,
                                     gint64 seconds)
{
    g_autofree char *signature = notice_sign(w->secret, item->message, seconds, body->str, body->len);
    g_autofree char *timestamp = g_strdup_printf("%" G_GINT64_FORMAT, seconds);
    struct curl_slist *list = add_header(NULL, "webhook-id", item->message);
    list = add_header(list, "webhook-timestamp", timestamp);
    list = add_header(list, "webhook-signature", signature);
    list = add_header(list, "Content-Type", "application/json");
    return curl_slist_append(list, "Expect:"); /* no waiting for "100 Continue" */
}

/* A reply's body says nothing we need; one that does not end is cut off. */
static size_t on_reply(char *bytes, size_t size, size_t n, void *data)
{
    gsize *got = data;
    *got += size * n;
    return *got > REPLY_MOST ? 0 : size * n;
}

static int on_progress(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    return g_atomic_int_get(&((Webhook *)data)->stopping);
}

static void judge(long status, NoticeResult *result)
{
    gboolean again = status == 408 || status == 425 || status == 429 || status >= 500;
    result->outcome = status >= 200 && status < 300 ? NOTICE_ACCEPTED
                      : again                       ? NOTICE_FAILED
                                                    : NOTICE_REFUSED;
    if (result->outcome != NOTICE_ACCEPTED)
        g_snprintf(result->why, sizeof result->why, "HTTP status %ld", status);
}

/* FALSE: nobody was there, and the others of the batch need not be tried. A reply that was too long was one.
 */
static gboolean judge_curl(const Webhook *w, CURLcode code, gsize got, NoticeResult *result)
{
    long status = 0;
    curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && got > REPLY_MOST && status)) {
        judge(status, result);
        return TRUE;
    }
    result->outcome = code == CURLE_ABORTED_BY_CALLBACK ? NOTICE_NOT_TRIED : NOTICE_FAILED;
    g_snprintf(result->why, sizeof result->why, "%s", curl_easy_strerror(code));
    return FALSE;
}

static gboolean post(Webhook *w, const NoticeItem *item, gint64 seconds, NoticeResult *result)
{
    gsize got = 0;
    GString *body = body_of(item);
    struct curl_slist *headers = headers_of(w, item, body, seconds);
    curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, body->str);
    curl_easy_setopt(w->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
    curl_easy_setopt(w->curl, CURLOPT_WRITEDATA, &got);
    CURLcode code = curl_easy_perform(w->curl);
    gboolean there = judge_curl(w, code, got, result);
    curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, NULL);
    curl_slist_free_all(headers);
    sodium_memzero(body->str, body->len);
    g_string_free(body, TRUE);
    return there;
}

static void deliver(NoticeGateway *seam, const NoticeItem *items, gsize n, gint64 real_now,
                    NoticeResult *results)
{
    Webhook *w = (Webhook *)seam;
    gint64 start = g_get_monotonic_time();
    for (gsize i = 0; i < n && !g_atomic_int_get(&w->stopping); i++) {
        gint64 now = real_now + (g_get_monotonic_time() - start) / 1000;
        if (!post(w, &items[i], now / 1000, &results[i])) return;
    }
}

/* ---- made and ended ---- */

static void stop(NoticeGateway *seam)
{
    g_atomic_int_set(&((Webhook *)seam)->stopping, 1);
}

static void free_gateway(NoticeGateway *seam)
{
    Webhook *w = (Webhook *)seam;
    if (w->curl) curl_easy_cleanup(w->curl);
    if (w->secret) sodium_memzero(w->secret, strlen(w->secret));
    g_free(w->secret);
    g_free(w->url);
    g_free(w->ca);
    g_free(w);
}

static void set_up(Webhook *w)
{
    CURL *c = w->curl;
    curl_easy_setopt(c, CURLOPT_URL, w->url);
    curl_easy_setopt(c, CURLOPT_POST, 1L);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http"); /* which of them, config.c has decided */
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (w->ca) curl_easy_setopt(c, CURLOPT_CAINFO, w->ca);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)w->connect_ms);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)w->timeout_ms);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "bihuan/" BIHUAN_VERSION);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_reply);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, w);
}

NoticeGateway *notice_webhook_gateway(const NoticeWebhookOptions *o, GError **error)
{
    static gsize once;
    if (g_once_init_enter(&once))
        g_once_init_leave(&once, curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? 1 : 2);
    Webhook *w = g_new0(Webhook, 1);
    w->seam = (NoticeGateway){ .kind = "webhook", .deliver = deliver, .stop = stop, .free = free_gateway };
    w->url = g_strdup(o->url);
    w->secret = g_strdup(o->secret);
    w->ca = g_strdup(o->ca);
    w->connect_ms = o->connect_ms;
    w->timeout_ms = o->timeout_ms;
    w->curl = once == 1 ? curl_easy_init() : NULL;
    if (!w->curl) {
        g_set_error(error, NOTICE_ERROR, NOTICE_ERROR_GATEWAY, "libcurl does not start");
        free_gateway(&w->seam);
        return NULL;
    }
    set_up(w);
    return &w->seam;
}
