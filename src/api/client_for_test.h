/* client_for_test.h - a client of raw bytes over a socket, so that requests may be as wrong as they like.
 */
#pragma once
#include <arpa/inet.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

G_GNUC_UNUSED static int client_open(guint16 port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = g_htons(port),
                              .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&at, sizeof at), ==, 0);
    return fd;
}

G_GNUC_UNUSED static gboolean client_send(int fd, const char *bytes, gsize n)
{
    while (n) {
        gssize sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0) return FALSE;
        bytes += sent;
        n -= (gsize)sent;
    }
    return TRUE;
}

/* Appends what comes to `got` until `enough` (may be NULL) is in it, the other end closes (TRUE), or `ms`
 * pass. */
G_GNUC_UNUSED static gboolean client_hear(int fd, GString *got, const char *enough, int ms)
{
    gint64 until = g_get_monotonic_time() + (gint64)ms * 1000;
    char bytes[16384];
    while (!enough || !strstr(got->str, enough)) {
        struct pollfd one = { .fd = fd, .events = POLLIN };
        gint64 left = (until - g_get_monotonic_time()) / 1000;
        if (left <= 0 || poll(&one, 1, (int)left) <= 0) return FALSE;
        gssize n = recv(fd, bytes, sizeof bytes, 0);
        if (n <= 0) return TRUE;
        g_string_append_len(got, bytes, n);
    }
    return FALSE;
}

typedef struct {
    int status; /* of the last reply; 0: none came */
    gboolean closed;
    GString *all;
    const char *body; /* of the last reply, as it came */
} ClientReply;

G_GNUC_UNUSED static void client_reply_clear(ClientReply *reply)
{
    g_string_free(reply->all, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClientReply, client_reply_clear)

G_GNUC_UNUSED static void client_judge(ClientReply *reply)
{
    for (const char *at = reply->all->str; (at = strstr(at, "HTTP/1.1 ")); at += 9) {
        const char *end = strstr(at, "\r\n\r\n");
        reply->status = atoi(at + 9);
        reply->body = end ? end + 4 : "";
    }
}

/* Send these bytes on a connection of their own and hear until it is closed or `ms` pass. */
G_GNUC_UNUSED static ClientReply client_raw(guint16 port, const char *bytes, gsize n, int ms)
{
    ClientReply reply = { .all = g_string_new(NULL), .body = "" };
    int fd = client_open(port);
    client_send(fd, bytes, n);
    reply.closed = client_hear(fd, reply.all, NULL, ms);
    client_judge(&reply);
    close(fd);
    return reply;
}

/* One request with Connection: close. `headers` are whole lines. */
G_GNUC_UNUSED static ClientReply client_ask(guint16 port, const char *method, const char *target,
                                            const char *headers, const char *body, gssize length)
{
    gsize n = length < 0 ? strlen(body) : (gsize)length;
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%s %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n%s", method,
                           target, port, headers);
    if (n) g_string_append_printf(text, "Content-Length: %zu\r\n", n);
    g_string_append(text, "\r\n");
    g_string_append_len(text, body, (gssize)n);
    return client_raw(port, text->str, text->len, 10000);
}
