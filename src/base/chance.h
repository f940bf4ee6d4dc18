/* chance.h - where random numbers come from: the system for real runs, a seed for runs that must replay.
 *
 * Threads: one BaseChance per thread, or under the caller's lock.
 * Knows nothing of what is drawn. Not a source of keys: keys and tokens come from libsodium in guard/. */
#pragma once
#include <glib.h>

typedef struct {
    guint64 s[4];    /* xoshiro256** state (Blackman, Vigna 2018); unused when `system` */
    gboolean system; /* draw from getrandom(2) instead */
    gint64 id_ms;    /* id.c's: instant and drawn part of the last id */
    guint64 id_low;
} BaseChance;

BaseChance base_chance_seeded(guint64 seed); /* same seed, same sequence, on every machine */
BaseChance base_chance_system(void);
guint64 base_chance_u64(BaseChance *chance);
void base_chance_bytes(BaseChance *chance, guint8 *out, gsize n);
guint64 base_chance_below(BaseChance *chance, guint64 bound); /* 0..bound-1, without modulo bias; bound > 0 */
double base_chance_unit(BaseChance *chance);                  /* 0 <= x < 1 */
