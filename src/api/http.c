/* http.c - libmicrohttpd behind the seam of http.h: the gate lets in, event loops read and write, workers
 * serve.
 *
 * A request is suspended while a worker has it and resumed for its reply; a stream is suspended while it has
 * nothing to say. Nothing here blocks an event loop. */
#include "api/http.h"
#include "api/gate.h"
#include "api/head.h"
#include "api/pool.h"
#include <microhttpd.h>
#include <string.h>
#include <sys/resource.h>

#define MEMORY_LIMIT ((size_t)16384) /* of the library, per connection: head, fields, write buffer */
#define STREAM_BLOCK 8192
#define SMALL_BODY (1 << 20)

struct HttpServer {
    HttpOptions options;
    HttpHandler handler;
    Peers *peers;
    Gate *gate;
    Pool *pool;
    struct MHD_Daemon *daemon;
    gint in_hand; /* atomic: requests between head and completion */
};

typedef enum { STAGE_NEW, STAGE_BODY, STAGE_ANSWERED } Stage;

struct HttpRequest {
    HttpServer *server;
    struct MHD_Connection *connection;
    int fd;
    Stage stage;
    char *path, *query;
    const char *method;
    char address[PEER_ADDRESS];
    HttpPlan plan;
    GByteArray *body;
    gboolean too_large, counted;
    gint64 began;
    gpointer attached;
    GDestroyNotify free_attached;
    guint status;
    char *type;
    GBytes *reply;
    GPtrArray *headers; /* name, value, ... */
    HttpStream *stream;
};

struct HttpStream {
    GMutex lock;
    struct MHD_Connection *connection;
    gboolean asleep;
    HttpStreamRead read;
    void (*closed)(gpointer data);
    gpointer data;
};

/* ---- requests ---- */
static void *request_new(void *cls, const char *uri, struct MHD_Connection *connection)
{
    HttpRequest *r = g_new0(HttpRequest, 1);
    r->server = cls;
    r->connection = connection;
    r->began = g_get_monotonic_time();
    const char *mark = strchr(uri, '?');
    r->path = mark ? g_strndup(uri, (gsize)(mark - uri)) : g_strdup(uri);
    r->query = mark ? g_strdup(mark + 1) : NULL;
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    r->fd = fd ? fd->connect_fd : -1;
    const union MHD_ConnectionInfo *from =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (from && from->client_addr) peer_address(from->client_addr, r->address);
    return r;
}

static void request_free(HttpRequest *r)
{
    if (r->attached && r->free_attached) r->free_attached(r->attached);
    if (r->body) g_byte_array_unref(r->body);
    g_clear_pointer(&r->reply, g_bytes_unref);
    g_clear_pointer(&r->headers, g_ptr_array_unref);
    g_free(r->path);
    g_free(r->query);
    g_free(r->type);
    g_free(r);
}

static void phase(HttpRequest *r, PeerPhase phase, guint ms)
{
    gint64 until = ms ? g_get_monotonic_time() + (gint64)ms * 1000 : G_MAXINT64;
    peers_phase(r->server->peers, r->fd, phase, until);
}

const char *http_method(const HttpRequest *r)
{
    return r->method;
}

const char *http_path(const HttpRequest *r)
{
    return r->path;
}

const char *http_query(const HttpRequest *r)
{
    return r->query;
}

const char *http_header(const HttpRequest *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

char *http_cookie(const HttpRequest *r, const char *name)
{
    return g_strdup(MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND, name));
}

const char *http_address(const HttpRequest *r)
{
    return r->address;
}

const guint8 *http_body(const HttpRequest *r, gsize *length)
{
    *length = r->body ? r->body->len : 0;
    return r->body ? r->body->data : (const guint8 *)"";
}

void http_attach(HttpRequest *r, gpointer data, GDestroyNotify free_data)
{
    r->attached = data;
    r->free_attached = free_data;
}

gpointer http_attached(const HttpRequest *r)
{
    return r->attached;
}

void http_reply(HttpRequest *r, guint status, const char *type, GBytes *body)
{
    g_clear_pointer(&r->reply, g_bytes_unref);
    g_free(r->type);
    r->status = status;
    r->type = g_strdup(type);
    r->reply = body;
}

void http_reply_header(HttpRequest *r, const char *name, const char *value)
{
    if (!r->headers) r->headers = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(r->headers, g_strdup(name));
    g_ptr_array_add(r->headers, g_strdup(value));
}

/* ---- streams ---- */
static ssize_t stream_more(void *cls, uint64_t pos, char *out, size_t room)
{
    HttpStream *s = cls;
    g_mutex_lock(&s->lock);
    gssize n = s->read(s->data, out, room);
    if (n == 0) {
        s->asleep = TRUE;
        MHD_suspend_connection(s->connection);
    }
    g_mutex_unlock(&s->lock);
    return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void stream_over(void *cls)
{
    HttpStream *s = cls;
    s->closed(s->data);
    g_mutex_clear(&s->lock);
    g_free(s);
}

HttpStream *http_reply_stream(HttpRequest *r, const char *type, HttpStreamRead read,
                              void (*closed)(gpointer data), gpointer data)
{
    HttpStream *s = g_new0(HttpStream, 1);
    *s = (HttpStream){ .connection = r->connection, .read = read, .closed = closed, .data = data };
    g_mutex_init(&s->lock);
    http_reply(r, 200, type, NULL);
    return r->stream = s;
}

void http_stream_wake(HttpStream *s)
{
    g_mutex_lock(&s->lock);
    if (s->asleep) {
        s->asleep = FALSE;
        MHD_resume_connection(s->connection);
    }
    g_mutex_unlock(&s->lock);
}

/* ---- the reply ---- */
static void bytes_over(void *bytes)
{
    g_bytes_unref(bytes);
}

static struct MHD_Response *response_of(HttpRequest *r)
{
    if (r->stream) {
        HttpStream *stream = g_steal_pointer(&r->stream);
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_more, stream,
                                                 stream_over);
    }
    GBytes *body = r->reply ? g_steal_pointer(&r->reply) : g_bytes_new(NULL, 0);
    gsize length;
    const void *at = g_bytes_get_data(body, &length);
    return MHD_create_response_from_buffer_with_free_callback_cls(length, (void *)at, bytes_over, body);
}

static enum MHD_Result send_reply(HttpRequest *r)
{
    g_assert(r->status);
    gboolean stream = r->stream != NULL;
    struct MHD_Response *response = response_of(r);
    if (r->type) MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, r->type);
    for (guint i = 0; r->headers && i + 1 < r->headers->len; i += 2)
        MHD_add_response_header(response, g_ptr_array_index(r->headers, i),
                                g_ptr_array_index(r->headers, i + 1));
    phase(r, stream ? PEER_WORK : PEER_REPLY, stream ? 0 : r->server->options.reply_ms);
    enum MHD_Result queued = MHD_queue_response(r->connection, r->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result refuse(HttpRequest *r, guint status)
{
    r->server->handler.refuse(r, status, r->server->handler.data);
    http_reply_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
    return send_reply(r);
}

/* ---- from head to worker ---- */
static enum MHD_Result field_judged(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    HeadScan *scan = cls;
    scan->why = head_field(scan, name, value ? value : "");
    return scan->why ? MHD_NO : MHD_YES;
}

/* The library reads later requests of a connection itself; what it is lenient about is judged here. */
static gboolean fields_sound(HttpRequest *r, const char *version)
{
    HeadScan scan = { .http_1_0 = strcmp(version, MHD_HTTP_VERSION_1_1) != 0 };
    MHD_get_connection_values(r->connection, MHD_HEADER_KIND, field_judged, &scan);
    if (!scan.why) scan.why = head_end(&scan);
    for (const char *c = r->path; *c && !scan.why; c++)
        if ((guchar)*c <= 0x20 || (guchar)*c >= 0x7f) scan.why = "target";
    return !scan.why;
}

static gboolean body_announced(HttpRequest *r, guint64 *length)
{
    const char *text = http_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
    *length = text ? g_ascii_strtoull(text, NULL, 10) : 0;
    return *length > 0 || http_header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

static gboolean method_known(const char *method)
{
    static const char *const known[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", NULL };
    return g_strv_contains(known, method);
}

static enum MHD_Result take_head(HttpRequest *r, const char *method, const char *version)
{
    HttpServer *server = r->server;
    guint64 length;
    r->method = method;
    r->counted = TRUE;
    g_atomic_int_inc(&server->in_hand);
    if (!fields_sound(r, version)) return refuse(r, 400);
    if (!method_known(method)) return refuse(r, 405);
    if (!server->handler.plan(r, &r->plan, server->handler.data)) {
        http_reply_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
        return send_reply(r);
    }
    gboolean body = body_announced(r, &length);
    if (body && r->plan.body == 0) return refuse(r, 400);
    if (length > r->plan.body) return refuse(r, 413);
    r->stage = STAGE_BODY;
    phase(r, PEER_BODY, length > SMALL_BODY ? server->options.large_ms : server->options.body_ms);
    return MHD_YES;
}

/* A chunked body over the limit cannot be answered before its end: read on a little, then hang up. */
static enum MHD_Result take_body(HttpRequest *r, const char *bytes, size_t *n)
{
    gsize have = r->body ? r->body->len : 0;
    if (have + *n > r->plan.body) {
        if (r->too_large) return MHD_NO;
        r->too_large = TRUE;
        g_byte_array_set_size(r->body ? r->body : (r->body = g_byte_array_new()), 0);
    }
    if (!r->body) r->body = g_byte_array_new();
    g_byte_array_append(r->body, (const guint8 *)bytes, (guint)*n);
    *n = 0;
    return MHD_YES;
}

static void work(gpointer data)
{
    HttpRequest *r = data;
    r->server->handler.serve(r, r->server->handler.data);
    r->stage = STAGE_ANSWERED;
    MHD_resume_connection(r->connection);
}

static enum MHD_Result hand_over(HttpRequest *r)
{
    static const PoolLane lanes[] = {
        [HTTP_NORMAL] = POOL_NORMAL, [HTTP_URGENT] = POOL_URGENT, [HTTP_SLOW] = POOL_SLOW
    };
    HttpServer *server = r->server;
    if (r->too_large) return refuse(r, 413);
    if (r->plan.lane == HTTP_INLINE) {
        server->handler.serve(r, server->handler.data);
        return send_reply(r);
    }
    PoolLane lane = lanes[r->plan.lane];
    if (!pool_admit(server->pool, lane)) return refuse(r, 503);
    phase(r, PEER_WORK, 0);
    MHD_suspend_connection(r->connection);
    pool_push(server->pool, lane, work, r);
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes, size_t *n,
                                  void **con_cls)
{
    HttpRequest *r = *con_cls;
    switch (r->stage) {
    case STAGE_NEW:
        return take_head(r, method, version);
    case STAGE_BODY:
        return *n ? take_body(r, bytes, n) : hand_over(r);
    case STAGE_ANSWERED:
        return send_reply(r);
    }
    return MHD_NO;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                         enum MHD_RequestTerminationCode why)
{
    HttpServer *server = cls;
    HttpRequest *r = *con_cls;
    *con_cls = NULL;
    if (!r) return;
    phase(r, PEER_IDLE, server->options.idle_ms);
    if (r->status)
        server->handler.done(r, r->status, g_get_monotonic_time() - r->began, server->handler.data);
    if (r->counted) g_atomic_int_dec_and_test(&server->in_hand);
    if (r->stream) stream_over(r->stream);
    request_free(r);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    HttpServer *server = cls;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (!info) return;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) peers_drop(server->peers, info->connect_fd);
}

/* Escapes are undone by those who know what they stand in (check.h). */
static size_t leave_escaped(void *cls, struct MHD_Connection *connection, char *text)
{
    return strlen(text);
}

static void on_entered(int fd, const struct sockaddr *address, socklen_t length, gpointer data)
{
    HttpServer *server = data;
    gint64 until = g_get_monotonic_time() + (gint64)server->options.head_ms * 1000;
    peers_phase(server->peers, fd, PEER_IDLE, until);
    if (MHD_add_connection(server->daemon, fd, address, length) != MHD_YES) peers_drop(server->peers, fd);
}

/* ---- the server ---- */
static void put_default(guint *value, guint otherwise)
{
    if (*value == 0) *value = otherwise;
}

static HttpOptions with_defaults(const HttpOptions *given)
{
    HttpOptions o = *given;
    o.address = g_strdup(o.address ? o.address : "127.0.0.1");
    put_default(&o.threads, g_get_num_processors());
    put_default(&o.workers, 24);
    put_default(&o.queue, 256);
    put_default(&o.connections, 4096);
    put_default(&o.per_address, 512);
    put_default(&o.head_ms, 10000);
    put_default(&o.idle_ms, 75000);
    put_default(&o.body_ms, 20000);
    put_default(&o.large_ms, 120000);
    put_default(&o.reply_ms, 60000);
    return o;
}

static void allow_sockets(guint most)
{
    struct rlimit limit;
    rlim_t want = most + 256;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < want) {
        limit.rlim_cur = MIN(want, limit.rlim_max);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

HttpServer *http_server_new(const HttpOptions *options, const HttpHandler *handler, GError **error)
{
    HttpServer *server = g_new0(HttpServer, 1);
    server->options = with_defaults(options);
    server->handler = *handler;
    server->peers = peers_new(server->options.connections, server->options.per_address);
    GateOptions gate = { server->options.address, server->options.port, server->options.head_ms,
                         server->peers,           on_entered,           server };
    server->gate = gate_open(&gate, error);
    if (!server->gate) g_clear_pointer(&server, http_server_free);
    return server;
}

gboolean http_server_start(HttpServer *server, GError **error)
{
    const HttpOptions *o = &server->options;
    allow_sockets(o->connections);
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0,
        NULL, NULL, on_request, server, MHD_OPTION_THREAD_POOL_SIZE, o->threads > 1 ? o->threads : 0,
        MHD_OPTION_CONNECTION_LIMIT, o->connections + o->threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        MEMORY_LIMIT, MHD_OPTION_CONNECTION_TIMEOUT, o->idle_ms / 1000 + 1, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, request_new, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        server, MHD_OPTION_END);
    if (!server->daemon) {
        g_set_error(error, GATE_ERROR, GATE_ERROR_LISTEN,
                    "the HTTP library does not start; are there too few threads or sockets?");
        return FALSE;
    }
    server->pool = pool_new(o->workers, o->queue);
    gate_start(server->gate);
    return TRUE;
}

static void drain(HttpServer *server, guint ms)
{
    gint64 until = g_get_monotonic_time() + (gint64)ms * 1000;
    while (g_atomic_int_get(&server->in_hand) > 0 && g_get_monotonic_time() < until)
        g_usleep(5000);
}

void http_server_stop(HttpServer *server, guint drain_ms)
{
    if (!server->daemon) return;
    gate_stop(server->gate);
    drain(server, drain_ms);
    pool_end(server->pool); /* nobody is suspended after this */
    g_clear_pointer(&server->daemon, MHD_stop_daemon);
    g_clear_pointer(&server->pool, pool_free);
}

void http_server_free(HttpServer *server)
{
    if (!server) return;
    http_server_stop(server, 0);
    gate_close(server->gate);
    peers_free(server->peers);
    g_free((char *)server->options.address);
    g_free(server);
}

guint16 http_server_port(const HttpServer *server)
{
    return gate_port(server->gate);
}

HttpCount http_server_count(HttpServer *server)
{
    return (HttpCount){ .connections = peers_count(server->peers),
                        .waiting = server->pool ? pool_waiting(server->pool) : 0,
                        .refused_heads = gate_refused(server->gate),
                        .cut = gate_cut(server->gate),
                        .turned_away = server->pool ? pool_turned_away(server->pool) : 0 };
}
