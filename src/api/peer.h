/* peer.h - every open connection by its socket: who is at the other end, in which phase it is, and until when
 * it may be.
 *
 * The library counts silence only; a client that sends a byte now and then would never be cut. Here each
 * phase has a deadline in all: peers_overdue() names those past it, and the gate shuts them down. A socket's
 * number is dropped before it is closed, so a shutdown under the lock never meets a stranger's socket.
 * Threads: any; one lock. Cost: O(1) each, peers_overdue O(open connections). */
#pragma once
#include <glib.h>
#include <sys/socket.h>

typedef enum {
    PEER_FREE,
    PEER_HEAD,   /* in the gate, its first head is on the way */
    PEER_LINGER, /* in the gate, refused, being given time to read why */
    PEER_IDLE,   /* between requests, or sending a later head */
    PEER_BODY,
    PEER_WORK,  /* we are working, or pushing: no deadline */
    PEER_REPLY, /* reading its reply */
    PEER_CUT    /* shut down, about to go */
} PeerPhase;

typedef struct Peers Peers;

Peers *peers_new(guint most, guint per_address); /* open connections in all and from one address */
void peers_free(Peers *peers);

/* Take in socket `fd`; FALSE when there are too many already, in all or from its address. `until`: monotonic
 * us. */
gboolean peers_take(Peers *peers, int fd, const struct sockaddr *address, gint64 until);
/* G_MAXINT64: no deadline. Nothing happens to one that was cut. */
void peers_phase(Peers *peers, int fd, PeerPhase phase, gint64 until);
void peers_drop(Peers *peers, int fd);
guint peers_count(Peers *peers);

/* Shut down every connection past its deadline that is not the gate's; call `each` with those that are.
 * Returns how many were shut down. */
guint peers_overdue(Peers *peers, gint64 now, void (*each)(int fd, PeerPhase phase, gpointer data),
                    gpointer data);

#define PEER_ADDRESS 46
/* The address as text without the port; an IPv4 address in IPv6 clothes is an IPv4 address. */
void peer_address(const struct sockaddr *address, char out[PEER_ADDRESS]);
