/* http.h - the one seam over the HTTP library (libmicrohttpd 0.9.75): requests in, replies and streams out.
 *
 * A request goes through three calls of the handler: `plan` when its head is in (event loop, must not wait):
 * what body may come, who shall serve; `serve` when its body is whole (a worker, which may wait; or the loop
 * for INLINE); `done` when the reply is on its way out. Nothing else here knows what a request is about.
 * Limits in all, not of silence: head, body and reply each have a deadline (peer.h); heads over 8 KiB, bodies
 * over what `plan` allows, and more connections than agreed are refused. Threads: an HttpRequest belongs to
 * one thread at a time; HttpStream may be woken from any. */
#pragma once
#include <glib.h>

typedef struct HttpServer HttpServer;
typedef struct HttpRequest HttpRequest;
typedef struct HttpStream HttpStream;

typedef struct {             /* 0 takes the default in brackets */
    const char *address;     /* numeric [127.0.0.1] */
    guint16 port;            /* 0: any free one */
    guint threads;           /* event loops [cores] */
    guint workers;           /* [24] */
    guint queue;             /* requests that may wait for a worker [256] */
    guint connections;       /* [4096] */
    guint per_address;       /* [512] */
    guint head_ms;           /* a connection's first head, in all [10 s] */
    guint idle_ms;           /* between requests, with the next head [75 s] */
    guint body_ms, large_ms; /* a body up to 1 MiB [20 s], a larger one [120 s] */
    guint reply_ms;          /* taking the reply [60 s] */
} HttpOptions;

typedef enum { HTTP_INLINE, HTTP_NORMAL, HTTP_URGENT, HTTP_SLOW } HttpLane;
typedef struct {
    HttpLane lane;
    gsize body; /* most bytes that may come; 0: none */
} HttpPlan;

typedef struct {
    /* FALSE: refused, and the reply is in the request already; the connection is closed after it. */
    gboolean (*plan)(HttpRequest *request, HttpPlan *plan, gpointer data);
    void (*serve)(HttpRequest *request, gpointer data);
    /* Turned away for overload (503), a body over the plan (413), a method nobody knows (405), a head or body
     * that is not sound (400): put a reply with this status. */
    void (*refuse)(HttpRequest *request, guint status, gpointer data);
    void (*done)(HttpRequest *request, guint status, gint64 micros, gpointer data);
    gpointer data;
} HttpHandler;

HttpServer *http_server_new(const HttpOptions *options, const HttpHandler *handler,
                            GError **error); /* listens */
gboolean http_server_start(HttpServer *server, GError **error);
/* Stop listening, let those in hand finish (at most `drain_ms`), then stop. Streams must have been ended
 * before. */
void http_server_stop(HttpServer *server, guint drain_ms);
void http_server_free(HttpServer *server);
guint16 http_server_port(const HttpServer *server);

typedef struct {
    guint connections, waiting;
    guint64 refused_heads, cut, turned_away;
} HttpCount;
HttpCount http_server_count(HttpServer *server);

/* ---- what came; texts live as long as the request ---- */
const char *http_method(const HttpRequest *request);
const char *http_path(const HttpRequest *request);  /* as sent, still escaped, without the query */
const char *http_query(const HttpRequest *request); /* as sent, or NULL */
const char *http_header(const HttpRequest *request, const char *name); /* NULL when absent */
char *http_cookie(const HttpRequest *request, const char *name);       /* caller frees; NULL when absent */
const char *http_address(const HttpRequest *request);
const guint8 *http_body(const HttpRequest *request, gsize *length);
void http_attach(HttpRequest *request, gpointer data, GDestroyNotify free_data); /* goes with the request */
gpointer http_attached(const HttpRequest *request);

/* ---- what goes; the last reply put counts ---- */
void http_reply(HttpRequest *request, guint status, const char *type, GBytes *body); /* takes the reference */
void http_reply_header(HttpRequest *request, const char *name,
                       const char *value); /* in any order with http_reply */

/* Instead of a reply: a stream. `read` is called on an event loop when there is room: bytes put into `out`, 0
 * for nothing now (sleeps until woken), -1 for the end. `closed` is called once, when the stream is over;
 * after it returns the stream must not be woken any more. */
typedef gssize (*HttpStreamRead)(gpointer data, char *out, gsize room);
HttpStream *http_reply_stream(HttpRequest *request, const char *type, HttpStreamRead read,
                              void (*closed)(gpointer data), gpointer data);
void http_stream_wake(HttpStream *stream);
