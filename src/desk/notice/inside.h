/* inside.h - what the files of this room share and nobody else includes.
 *
 * Threads: config is read-only after notice_desk_new; `gates[].pause` and `failures` are the pump's own;
 * `health` is under `lock`. */
#pragma once
#include "desk/notice/notice.h"

#define NOTICE_GATES 8
#define NOTICE_CHANNELS 3 /* sms, app, voice; console goes nowhere */
#define NOTICE_BATCH 64
extern const char *const notice_channels[NOTICE_CHANNELS];

typedef struct {
    char *name;
    NoticeGateway *gateway;
    char *secret; /* of a webhook and its receipts; NULL */
    guint tries;  /* before a notice is given up */
    gint64 expire,
        receipt;    /* ms: older is not sent; without a receipt for so long it expires, 0: none is awaited */
    gint64 pause;   /* the gateway is left alone until this instant */
    guint failures; /* in a row */
    NoticeHealth health;
} NoticeGate;

typedef struct {
    NoticeGate gate[NOTICE_GATES];
    guint n;
    int by_channel[NOTICE_CHANNELS]; /* index into gate; -1: none */
    char *public_url;                /* before "/r/<link>"; "" when not said */
    json_t *languages;               /* {receiver: "en"}; NULL: zh for all */
} NoticeConfig;
void notice_config_clear(NoticeConfig *config);
/* `text`: gateways.json. Opens the gateways; relative paths begin at `folder`. */
gboolean notice_config_read(const char *text, gsize length, const char *folder, const Guard *guard,
                            NoticeConfig *out, GError **error);
gboolean notice_config_simulated(const char *folder, NoticeConfig *out, GError **error);
const char *notice_language(const NoticeConfig *config, const char *receiver);

struct NoticeDesk {
    CaseRoom *room;
    NoticeConfig config;
    BaseChance chance;
    GMutex lock;
    /* worker.c */
    BaseClock clock;
    guint every_ms;
    GThread *thread;
    GMutex rest_lock;
    GCond changed;
    gboolean stop;
};

/* 5 s, doubled with each try, at most `most`; half of it certain, the rest by chance (so that what failed
 * together does not come back together). ms. */
gint64 notice_backoff(BaseChance *chance, guint tries, gint64 most);
extern const CaseActor NOTICE_SYSTEM; /* "system:notice" */
