/* ring.h - the last frames that were pushed, for any number of readers at their own pace.
 *
 * A frame is built once and shared. Frames come in the order of their ledger numbers; a reader who comes back
 * with the last number it saw goes on from there, as long as the ring still holds what followed. The newest
 * tick stands beside the ring: it is only ever the newest that anyone wants. Threads: one writer, many
 * readers; one lock, held for copies of a few kB. */
#pragma once
#include <glib.h>

#define RING_FRAMES 4096

typedef struct Ring Ring;
typedef struct {
    guint64 next; /* frame to read next */
    guint64 tick; /* number of the tick seen last */
    GBytes *now;  /* being read */
    gsize at;
} RingReader;

Ring *ring_new(gint64 seq); /* ledger number before the first frame */
void ring_free(Ring *ring);
void ring_put(Ring *ring, gint64 seq, GBytes *frame); /* takes the reference; seq never falls */
void ring_tick(Ring *ring, GBytes *frame);            /* takes the reference */
void ring_reach(Ring *ring, gint64 seq); /* all up to seq is put, though the last need not be a frame */
gint64 ring_seq(Ring *ring);

/* Begin after ledger number `seq` (-1: from now on); `reached`: the number as of now. FALSE: what followed is
 * no longer here; the reader begins from now. */
gboolean ring_begin(Ring *ring, RingReader *reader, gint64 seq, gint64 *reached);
/* Bytes copied; 0: all read; -1: the reader was so slow that the ring went round it. */
gssize ring_read(Ring *ring, RingReader *reader, char *out, gsize room);
void ring_leave(RingReader *reader);
