/* peer.c - open connections by socket number. See peer.h. */
#include "api/peer.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

typedef struct {
    PeerPhase phase;
    gint64 until;
    char *address; /* key of `counts` */
} Peer;

struct Peers {
    GMutex lock;
    Peer *at; /* by socket number */
    int size;
    guint open, most, per_address;
    GHashTable *counts; /* address -> how many */
};

Peers *peers_new(guint most, guint per_address)
{
    Peers *p = g_new0(Peers, 1);
    g_mutex_init(&p->lock);
    p->most = most;
    p->per_address = per_address;
    p->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return p;
}

void peers_free(Peers *p)
{
    if (!p) return;
    for (int fd = 0; fd < p->size; fd++)
        g_free(p->at[fd].address);
    g_hash_table_unref(p->counts);
    g_free(p->at);
    g_mutex_clear(&p->lock);
    g_free(p);
}

void peer_address(const struct sockaddr *address, char out[PEER_ADDRESS])
{
    *out = '\0';
    if (address->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, out, PEER_ADDRESS);
    } else if (address->sa_family == AF_INET6) {
        const struct in6_addr *a = &((const struct sockaddr_in6 *)address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(a))
            inet_ntop(AF_INET, &a->s6_addr[12], out, PEER_ADDRESS);
        else
            inet_ntop(AF_INET6, a, out, PEER_ADDRESS);
    }
}

static guint counted(Peers *p, const char *address)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(p->counts, address));
}

static void drop_locked(Peers *p, int fd)
{
    if (fd >= p->size || p->at[fd].phase == PEER_FREE) return;
    Peer *peer = &p->at[fd];
    guint left = counted(p, peer->address) - 1;
    if (left)
        g_hash_table_insert(p->counts, g_strdup(peer->address), GUINT_TO_POINTER(left));
    else
        g_hash_table_remove(p->counts, peer->address);
    g_clear_pointer(&peer->address, g_free);
    peer->phase = PEER_FREE;
    p->open--;
}

static void make_room(Peers *p, int fd)
{
    if (fd < p->size) return;
    int size = MAX(fd + 1, p->size * 2);
    p->at = g_renew(Peer, p->at, size);
    memset(p->at + p->size, 0, (gsize)(size - p->size) * sizeof(Peer));
    p->size = size;
}

gboolean peers_take(Peers *p, int fd, const struct sockaddr *address, gint64 until)
{
    char text[PEER_ADDRESS];
    peer_address(address, text);
    g_mutex_lock(&p->lock);
    drop_locked(p, fd);
    gboolean room = p->open < p->most && counted(p, text) < p->per_address;
    if (room) {
        make_room(p, fd);
        p->at[fd] = (Peer){ .phase = PEER_HEAD, .until = until, .address = g_strdup(text) };
        g_hash_table_insert(p->counts, g_strdup(text), GUINT_TO_POINTER(counted(p, text) + 1));
        p->open++;
    }
    g_mutex_unlock(&p->lock);
    return room;
}

void peers_phase(Peers *p, int fd, PeerPhase phase, gint64 until)
{
    g_mutex_lock(&p->lock);
    if (fd >= 0 && fd < p->size && p->at[fd].phase != PEER_FREE && p->at[fd].phase != PEER_CUT) {
        p->at[fd].phase = phase;
        p->at[fd].until = until;
    }
    g_mutex_unlock(&p->lock);
}

void peers_drop(Peers *p, int fd)
{
    g_mutex_lock(&p->lock);
    drop_locked(p, fd);
    g_mutex_unlock(&p->lock);
}

guint peers_count(Peers *p)
{
    g_mutex_lock(&p->lock);
    guint open = p->open;
    g_mutex_unlock(&p->lock);
    return open;
}

guint peers_overdue(Peers *p, gint64 now, void (*each)(int fd, PeerPhase phase, gpointer data), gpointer data)
{
    g_autoptr(GArray) gates = g_array_new(FALSE, FALSE, sizeof(int));
    guint cut = 0;
    g_mutex_lock(&p->lock);
    for (int fd = 0; fd < p->size; fd++) {
        Peer *peer = &p->at[fd];
        if (peer->phase == PEER_FREE || peer->phase == PEER_CUT || peer->until > now) continue;
        if (peer->phase == PEER_HEAD || peer->phase == PEER_LINGER) {
            g_array_append_val(gates, fd);
        } else {
            peer->phase = PEER_CUT;
            shutdown(fd, SHUT_RDWR);
            cut++;
        }
    }
    g_mutex_unlock(&p->lock);
    for (guint i = 0; i < gates->len; i++) {
        int fd = g_array_index(gates, int, i);
        each(fd, p->at[fd].phase, data);
    }
    return cut;
}
