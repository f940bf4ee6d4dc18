/* gate.c - accepting, and reading the first head by peeking. See gate.h. */
#include "api/gate.h"
#include "api/head.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define TURN_MS 100              /* how often deadlines are looked at */
#define LINGER_US G_USEC_PER_SEC /* a refused client has this long to read why */
#define EVENTS 64

typedef struct { /* one who waits at the gate */
    int fd;
    HeadScan scan;
    struct sockaddr_storage address;
    socklen_t length;
} Guest;

struct Gate {
    int listener, epoll;
    guint16 port;
    guint head_ms;
    Peers *peers;
    GateEnter enter;
    gpointer data;
    GThread *thread;
    gint stopping, closing;    /* atomic */
    GHashTable *guests;        /* fd -> Guest; the thread's own */
    guint64 refused, cut;      /* atomic */
    char head[HEAD_BYTES + 1]; /* the thread's own */
};

static int listen_on(const char *address, guint16 port, GError **error)
{
    char service[8];
    g_snprintf(service, sizeof service, "%u", port);
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                              .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int fd = -1, on = 1;
    if (getaddrinfo(address, service, &hints, &found) == 0)
        fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    else
        errno = EADDRNOTAVAIL;
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, 1024)) {
            int why = errno;
            close(fd);
            fd = -1;
            errno = why;
        }
    }
    if (fd < 0)
        g_set_error(error, GATE_ERROR, GATE_ERROR_LISTEN,
                    "cannot listen on %s port %u: %s; another program may hold it", address, port,
                    g_strerror(errno));
    if (found) freeaddrinfo(found);
    return fd;
}

static guint16 port_of(int fd)
{
    union {
        struct sockaddr_in6 v6;
        struct sockaddr_in v4;
        struct sockaddr any;
    } at = { 0 };
    socklen_t n = sizeof at;
    if (getsockname(fd, &at.any, &n) < 0) return 0;
    return g_ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
}

static void watch(Gate *gate, int fd, guint32 events)
{
    struct epoll_event event = { .events = events, .data.fd = fd };
    epoll_ctl(gate->epoll, EPOLL_CTL_ADD, fd, &event);
}

/* The guest leaves the gate's books; the socket stays open. */
static void forget(Gate *gate, int fd)
{
    epoll_ctl(gate->epoll, EPOLL_CTL_DEL, fd, NULL);
    g_hash_table_remove(gate->guests, GINT_TO_POINTER(fd));
}

static void send_away(Gate *gate, int fd)
{
    forget(gate, fd);
    peers_drop(gate->peers, fd);
    close(fd);
}

static void drain(Gate *gate, int fd)
{
    for (;;) {
        gssize n = recv(fd, gate->head, sizeof gate->head, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
            send_away(gate, fd);
            return;
        }
        if (n < 0) return;
    }
}

/* Says why, then waits a little for the client to hang up: closing with unread bytes would tear the answer
 * away. */
static void refuse(Gate *gate, int fd, const char *status, const char *code, const char *why)
{
    g_autofree char *body = g_strdup_printf("{\"error\":\"%s\",\"code\":\"%s\"}", why, code);
    g_autofree char *reply =
        g_strdup_printf("HTTP/1.1 %s\r\nContent-Type: application/problem+json\r\nContent-Length: %zu\r\n"
                        "Cache-Control: no-store\r\nConnection: close\r\n\r\n%s",
                        status, strlen(body), body);
    __atomic_fetch_add(&gate->refused, 1, __ATOMIC_RELAXED);
    if (send(fd, reply, strlen(reply), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
        send_away(gate, fd);
        return;
    }
    shutdown(fd, SHUT_WR);
    peers_phase(gate->peers, fd, PEER_LINGER, g_get_monotonic_time() + LINGER_US);
    Guest *guest = g_hash_table_lookup(gate->guests, GINT_TO_POINTER(fd));
    guest->scan.why = why;
    drain(gate, fd);
}

static void hand_over(Gate *gate, Guest *guest)
{
    int fd = guest->fd;
    struct sockaddr_storage address = guest->address;
    socklen_t length = guest->length;
    forget(gate, fd);
    gate->enter(fd, (struct sockaddr *)&address, length, gate->data);
}

static void listen_to(Gate *gate, Guest *guest)
{
    if (guest->scan.why) {
        drain(gate, guest->fd);
        return;
    }
    gssize n = recv(guest->fd, gate->head, sizeof gate->head, MSG_PEEK | MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        send_away(gate, guest->fd);
        return;
    }
    switch (n < 0 ? HEAD_MORE : head_scan(&guest->scan, gate->head, (gsize)n)) {
    case HEAD_SOUND:
        hand_over(gate, guest);
        return;
    case HEAD_BAD:
        refuse(gate, guest->fd, "400 Bad Request", "http/head", guest->scan.why);
        return;
    case HEAD_LARGE:
        refuse(gate, guest->fd, "431 Request Header Fields Too Large", "http/head", guest->scan.why);
        return;
    case HEAD_MORE:
        return;
    }
}

/* A client that hangs up its sending half in the middle of a head will never finish it. */
static void on_event(Gate *gate, const struct epoll_event *event)
{
    Guest *guest = g_hash_table_lookup(gate->guests, GINT_TO_POINTER(event->data.fd));
    if (!guest) return;
    if (event->events & (EPOLLERR | EPOLLHUP)) {
        send_away(gate, guest->fd);
        return;
    }
    int fd = guest->fd;
    listen_to(gate, guest);
    guest = g_hash_table_lookup(gate->guests, GINT_TO_POINTER(fd));
    if (guest && (event->events & EPOLLRDHUP) && !guest->scan.why)
        refuse(gate, fd, "400 Bad Request", "http/head", "the request ends before its head does");
}

static void let_in(Gate *gate)
{
    for (;;) {
        struct sockaddr_storage address = { 0 };
        socklen_t length = sizeof address;
        int fd = accept4(gate->listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC),
            on = 1;
        if (fd < 0) return;
        if (!peers_take(gate->peers, fd, (struct sockaddr *)&address,
                        g_get_monotonic_time() + (gint64)gate->head_ms * 1000)) {
            __atomic_fetch_add(&gate->refused, 1, __ATOMIC_RELAXED);
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Guest *guest = g_new0(Guest, 1);
        *guest = (Guest){ .fd = fd, .address = address, .length = length };
        g_hash_table_insert(gate->guests, GINT_TO_POINTER(fd), guest);
        watch(gate, fd, EPOLLIN | EPOLLRDHUP | EPOLLET);
    }
}

static void overdue(int fd, PeerPhase phase, gpointer data)
{
    Gate *gate = data;
    Guest *guest = g_hash_table_lookup(gate->guests, GINT_TO_POINTER(fd));
    if (phase == PEER_HEAD && guest && guest->scan.at > 0)
        refuse(gate, fd, "408 Request Timeout", "http/slow", "the head took too long");
    else
        send_away(gate, fd);
}

static void close_door(Gate *gate)
{
    if (gate->listener < 0) return;
    close(gate->listener);
    gate->listener = -1;
    g_autoptr(GList) fds = g_hash_table_get_keys(gate->guests);
    for (GList *l = fds; l; l = l->next)
        send_away(gate, GPOINTER_TO_INT(l->data));
}

static gpointer gate_run(gpointer data)
{
    Gate *gate = data;
    struct epoll_event events[EVENTS];
    while (!g_atomic_int_get(&gate->closing)) {
        int n = epoll_wait(gate->epoll, events, EVENTS, TURN_MS);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == gate->listener)
                let_in(gate);
            else
                on_event(gate, &events[i]);
        }
        guint cut = peers_overdue(gate->peers, g_get_monotonic_time(), overdue, gate);
        __atomic_fetch_add(&gate->cut, cut, __ATOMIC_RELAXED);
        if (g_atomic_int_get(&gate->stopping)) close_door(gate);
    }
    close_door(gate);
    return NULL;
}

Gate *gate_open(const GateOptions *options, GError **error)
{
    int listener = listen_on(options->address, options->port, error);
    if (listener < 0) return NULL;
    Gate *gate = g_new0(Gate, 1);
    gate->listener = listener;
    gate->epoll = epoll_create1(EPOLL_CLOEXEC);
    gate->port = port_of(listener);
    gate->head_ms = options->head_ms;
    gate->peers = options->peers;
    gate->enter = options->enter;
    gate->data = options->data;
    gate->guests = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return gate;
}

void gate_start(Gate *gate)
{
    watch(gate, gate->listener, EPOLLIN);
    gate->thread = g_thread_new("gate", gate_run, gate);
}

void gate_stop(Gate *gate)
{
    g_atomic_int_set(&gate->stopping, 1);
}

void gate_close(Gate *gate)
{
    if (!gate) return;
    g_atomic_int_set(&gate->closing, 1);
    if (gate->thread)
        g_thread_join(gate->thread);
    else
        close_door(gate);
    close(gate->epoll);
    g_hash_table_unref(gate->guests);
    g_free(gate);
}

guint16 gate_port(const Gate *gate)
{
    return gate->port;
}

guint64 gate_refused(const Gate *gate)
{
    return __atomic_load_n(&gate->refused, __ATOMIC_RELAXED);
}

guint64 gate_cut(const Gate *gate)
{
    return __atomic_load_n(&gate->cut, __ATOMIC_RELAXED);
}
