/* gate.h - the door to the street: accepts connections, reads the head of their first request without taking
 * it from the socket, and hands over only those whose head is whole and sound (head.h).
 *
 * A connection that trickles costs one socket and no memory of the library; a wrong byte is answered 400 at
 * once, a head that is not whole in time 408. Also cuts those past the deadline of any later phase (peer.h).
 * Threads: one of its own. */
#pragma once
#include "api/peer.h"

#define GATE_ERROR (g_quark_from_static_string("api-gate"))
enum { GATE_ERROR_LISTEN };

typedef struct Gate Gate;

/* Takes over the socket `fd`, in which a whole sound head waits. */
typedef void (*GateEnter)(int fd, const struct sockaddr *address, socklen_t length, gpointer data);

typedef struct {
    const char *address; /* numeric */
    guint16 port;        /* 0: any free one */
    guint head_ms;       /* for the first head in all */
    Peers *peers;
    GateEnter enter;
    gpointer data;
} GateOptions;

Gate *gate_open(const GateOptions *options, GError **error); /* listens; nobody is let in yet */
void gate_start(Gate *gate);
void gate_stop(Gate *gate); /* stops listening and closes those who wait; deadlines are watched on */
void gate_close(Gate *gate);
guint16 gate_port(const Gate *gate);
guint64 gate_refused(const Gate *gate); /* heads refused since the start */
guint64 gate_cut(const Gate *gate);     /* connections cut at a deadline since the start */
