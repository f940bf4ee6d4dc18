/* call.h - one call of one route, as a handler sees it: who, what (checked), and where the answer goes.
 *
 * The room's own header. A handler writes its reply into call->out and returns TRUE, or sets an error;
 * problem.c turns that into status and text. Requests reach it only after session, right, key, path, query
 * and body were found good. */
#pragma once
#include "api/api.h"
#include "api/check.h"
#include "api/files.h"
#include "api/limit.h"
#include "api/metrics.h"
#include "base/json.h"
#include "desk/portal/portal.h"

typedef struct ApiCall ApiCall;
typedef struct Stream Stream;
typedef gboolean (*ApiHandler)(ApiCall *call, GError **error);

enum { ROUTE_WRITE = 1, ROUTE_STREAM = 2, ROUTE_URGENT = 4, ROUTE_SLOW = 8, ROUTE_CSV = 16, ROUTE_FORM = 32 };
typedef struct {
    const char *method, *path, *name;
    const char *right; /* NULL: nobody signs in; "session": anyone signed in */
    ApiHandler handle;
    const CheckType *body, *query, *params; /* body NULL: none, CSV or a form */
    int flags;
} ApiRoute;

typedef enum { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD } RouteFind;
/* The route; on FOUND `values` gets name, value, ... of the path's places. `allowed`: methods of the path,
 * "GET, POST". */
RouteFind route_find(const char *method, const char *path, const ApiRoute **route, GPtrArray **values,
                     char **allowed);
const ApiRoute *route_table(gsize *n);
const char *route_document(void); /* OpenAPI, as JSON text */

struct Api {
    CaseRoom *room;
    Store *store;
    Guard *guard;
    NoticeDesk *notices;
    DocumentDesk *documents;
    BaseClock clock;
    char *city_zh, *city_en;
    GBytes *map;
    Files *files;
    Limit *sign_ins, *reports;
    Metrics metrics;
    Stream *stream;
    HttpServer *http;
    gint large_bodies; /* atomic: imports being received or read */
    gint swept_hour;   /* atomic: when old keys were last swept */
    gboolean stopped;
    GMutex trouble_lock;
    char *troubles; /* JSON list; NULL: none */
    GMutex note_lock;
    char *note;        /* the last checkpoint told */
    gint64 note_until; /* monotonic ms up to which it is told again */
};

struct ApiCall {
    Api *api;
    const ApiRoute *route;
    HttpRequest *http;
    GPtrArray *path_values;
    gboolean holds_large;
    json_t *params, *query, *body; /* checked; body NULL: none */
    GuardUser *user;               /* NULL when nobody signs in for the route */
    const char *token;             /* of the session */
    char *cookie;
    gint64 now, real_now; /* the city's instant; in a write, that of the job */
    GString *reply;
    BaseJson out;
    char *where; /* of a refusal */
};

#define API_ERROR (g_quark_from_static_string("api"))
enum {
    API_ERROR_PATH,
    API_ERROR_METHOD,
    API_ERROR_ORIGIN,
    API_ERROR_TYPE,       /* Content-Type */
    API_ERROR_BODY,       /* not JSON, or not there */
    API_ERROR_KEY,        /* no Idempotency-Key, or a senseless one */
    API_ERROR_KEY_REUSED, /* the same key with another request */
    API_ERROR_TOO_MANY,   /* from this address */
    API_ERROR_UNKNOWN,    /* no such thing */
    API_ERROR_NOT_YOURS,
    API_ERROR_FULL
};

char *api_troubles(Api *api); /* JSON list; caller frees */

/* ---- for handlers ---- */
const char *call_text(const json_t *object, const char *name); /* NULL when absent or null */
gint64 call_int(const json_t *object, const char *name, gint64 otherwise);
gboolean call_bool(const json_t *object, const char *name);
BaseId call_id(const json_t *object, const char *name);
CaseActor call_actor(const ApiCall *call);
gint64 call_happened_at(const ApiCall *call); /* FireEvent's; 0: not said */

/* A deed inside one durable job together with the call's Idempotency-Key: it happens once however often it is
 * asked for, and a repeated request gets the first reply. The deed writes its reply into call->out. */
typedef gboolean (*ApiDeed)(ApiCall *call, StoreConn *conn, GError **error);
gboolean call_write(ApiCall *call, ApiDeed deed, GError **error);
/* For deeds that run their own jobs and may safely be repeated: was it done already (then the reply is in
 * place)? */
gboolean call_seen(ApiCall *call, gboolean *seen, GError **error);
gboolean call_keep(ApiCall *call, GError **error);
gboolean call_key_sound(const char *key);

/* ---- refusals (problem.c) ---- */
guint problem_status(const GError *error);
void problem_reply(HttpRequest *request, const GError *error,
                   const char *where); /* logs what is our own mistake */

/* ---- Open311's own way to say no, in the format that was asked for (open311.c) ---- */
gboolean open311_asked(const ApiCall *call);
void open311_refuse(ApiCall *call, const GError *error);

/* ---- the stream (stream.c) ---- */
Stream *stream_new(CaseRoom *room, const BaseClock *clock, guint listeners);
void stream_start(Stream *stream);
void stream_end(Stream *stream); /* every listener's stream ends; none is taken any more */
void stream_free(Stream *stream);
gboolean stream_join(Stream *stream, HttpRequest *request, const char *login, const char *token,
                     gint64 last_id, GError **error); /* last_id -1: from now */
/* A listener goes with its session: those of this token, or (NULL) all of the account's. */
void stream_dismiss(Stream *stream, const char *login, const char *token);
typedef struct {
    guint listeners;
    guint64 frames, gaps, cut;
    gint64 last_seq;
} StreamCount;
StreamCount stream_count(Stream *stream);
