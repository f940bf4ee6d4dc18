/* api.h - the city's counter: serves routes.def over HTTP, pushes what happens, and hands out the console's
 * files.
 *
 * Everything under it is given: the cases' room with its store and guard, the city's clock, the folder of the
 * built console. Sessions and limits run on real time, the city's events on the city's clock. */
#pragma once
#include "api/http.h"
#include "base/clock.h"
#include "desk/document/document.h"
#include "desk/notice/notice.h"
#include "loop/case/case.h"

typedef struct Api Api;

typedef struct {
    CaseRoom *room;          /* enrolled already; it, its store and guard must outlive the Api */
    NoticeDesk *notices;     /* must outlive the Api too; NULL: no receipts are taken */
    DocumentDesk *documents; /* the same; NULL: there are no documents */
    BaseClock clock;
    const char *city_zh, *city_en;
    const char *web; /* folder of the built console; NULL or absent: none is served */
    const char *map; /* GeoJSON text of the city, copied; NULL: an empty collection */
    HttpOptions http;
    guint sign_ins;                 /* tries per address: this many at once [10] ... */
    guint sign_in_every_ms;         /* ... and one more each such time [6000] */
    guint reports, report_every_ms; /* of the public, by address: the same [10, 6000] */
    guint listeners;                /* of the stream, at once [1024] */
} ApiOptions;

/* Listens, but answers nobody yet; port 0 has its number now. While nobody writes to
 * the store (store_watch); nobody may write to it after api_free.
 */
Api *api_new(const ApiOptions *options, GError **error);
gboolean api_start(Api *api, GError **error);
void api_stop(Api *api); /* ends the streams, lets those in hand finish (10 s at most), then stops; may be
                            called twice */
void api_free(Api *api); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Api, api_free)
guint16 api_port(const Api *api);
/* What stands in the folders of services and was refused, as [{folder, refusals: [text]}]; copied. From any
 * thread. */
void api_say_troubles(Api *api, const char *json);
