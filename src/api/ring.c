/* ring.c - frames by number modulo RING_FRAMES. See ring.h.
 * Invariants: 1 frames' seq never falls; 2 the frames of every event after `floor` and up to
 * `reached` are in the ring. */
#include "api/ring.h"
#include <string.h>

struct Ring {
    GMutex lock;
    guint64 head; /* frames put so far */
    struct {
        gint64 seq;
        GBytes *bytes;
    } frame[RING_FRAMES];
    gint64 floor, reached;
    guint64 ticks;
    GBytes *tick;
};

Ring *ring_new(gint64 seq)
{
    Ring *ring = g_new0(Ring, 1);
    g_mutex_init(&ring->lock);
    ring->floor = ring->reached = seq;
    return ring;
}

void ring_free(Ring *ring)
{
    if (!ring) return;
    for (guint i = 0; i < RING_FRAMES; i++)
        g_clear_pointer(&ring->frame[i].bytes, g_bytes_unref);
    g_clear_pointer(&ring->tick, g_bytes_unref);
    g_mutex_clear(&ring->lock);
    g_free(ring);
}

void ring_put(Ring *ring, gint64 seq, GBytes *frame)
{
    g_mutex_lock(&ring->lock);
    g_assert(seq >= ring->reached); /* invariant 1 */
    guint i = ring->head++ % RING_FRAMES;
    if (ring->frame[i].bytes) {
        ring->floor = ring->frame[i].seq; /* invariant 2 */
        g_bytes_unref(ring->frame[i].bytes);
    }
    ring->frame[i].seq = ring->reached = seq;
    ring->frame[i].bytes = frame;
    g_mutex_unlock(&ring->lock);
}

void ring_tick(Ring *ring, GBytes *frame)
{
    g_mutex_lock(&ring->lock);
    g_clear_pointer(&ring->tick, g_bytes_unref);
    ring->tick = frame;
    ring->ticks++;
    g_mutex_unlock(&ring->lock);
}

void ring_reach(Ring *ring, gint64 seq)
{
    g_mutex_lock(&ring->lock);
    ring->reached = MAX(ring->reached, seq);
    g_mutex_unlock(&ring->lock);
}

gint64 ring_seq(Ring *ring)
{
    g_mutex_lock(&ring->lock);
    gint64 seq = ring->reached;
    g_mutex_unlock(&ring->lock);
    return seq;
}

/* First frame after `seq`, by halving: their numbers never fall. */
static guint64 frame_after(const Ring *ring, gint64 seq)
{
    guint64 low = ring->head > RING_FRAMES ? ring->head - RING_FRAMES : 0, high = ring->head;
    while (low < high) {
        guint64 middle = low + (high - low) / 2;
        if (ring->frame[middle % RING_FRAMES].seq > seq)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

gboolean ring_begin(Ring *ring, RingReader *reader, gint64 seq, gint64 *reached)
{
    g_mutex_lock(&ring->lock);
    gboolean here = seq < 0 || (seq >= ring->floor && seq <= ring->reached);
    *reader = (RingReader){ .next = here && seq >= 0 ? frame_after(ring, seq) : ring->head };
    *reached = ring->reached;
    g_mutex_unlock(&ring->lock);
    return here;
}

/* The next thing to say, or NULL. */
static GBytes *pick(Ring *ring, RingReader *reader)
{
    if (reader->next < ring->head) return g_bytes_ref(ring->frame[reader->next++ % RING_FRAMES].bytes);
    if (reader->tick == ring->ticks || !ring->tick) return NULL;
    reader->tick = ring->ticks;
    return g_bytes_ref(ring->tick);
}

gssize ring_read(Ring *ring, RingReader *reader, char *out, gsize room)
{
    gsize done = 0;
    g_mutex_lock(&ring->lock);
    gboolean overtaken = ring->head - reader->next > RING_FRAMES;
    while (!overtaken && done < room) {
        if (!reader->now && !(reader->now = pick(ring, reader))) break;
        gsize length;
        const char *bytes = g_bytes_get_data(reader->now, &length);
        gsize n = MIN(room - done, length - reader->at);
        memcpy(out + done, bytes + reader->at, n);
        done += n;
        reader->at += n;
        if (reader->at == length) ring_leave(reader);
    }
    g_mutex_unlock(&ring->lock);
    return overtaken ? -1 : (gssize)done;
}

void ring_leave(RingReader *reader)
{
    g_clear_pointer(&reader->now, g_bytes_unref);
    reader->at = 0;
}
