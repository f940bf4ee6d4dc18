/* chance.c - xoshiro256** seeded by splitmix64 (Blackman and Vigna, 2018); or getrandom(2). */
#include "base/chance.h"
#include <string.h>
#include <sys/random.h>

static guint64 splitmix(guint64 *x)
{
    guint64 z = *x += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static guint64 turn(guint64 x, int k)
{
    return (x << k) | (x >> (64 - k));
}

BaseChance base_chance_seeded(guint64 seed)
{
    BaseChance chance = { .system = FALSE };
    for (int i = 0; i < 4; i++)
        chance.s[i] = splitmix(&seed);
    return chance;
}

BaseChance base_chance_system(void)
{
    return (BaseChance){ .system = TRUE };
}

guint64 base_chance_u64(BaseChance *chance)
{
    if (chance->system) {
        guint64 x;
        while (getrandom(&x, sizeof x, 0) != sizeof x)
            continue; /* only EINTR can happen for 8 bytes */
        return x;
    }
    guint64 *s = chance->s, result = turn(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turn(s[3], 45);
    return result;
}

void base_chance_bytes(BaseChance *chance, guint8 *out, gsize n)
{
    for (gsize i = 0; i < n; i += 8) {
        guint64 x = GUINT64_TO_LE(base_chance_u64(chance));
        memcpy(out + i, &x, MIN((gsize)8, n - i));
    }
}

/* Lemire's multiplication with rejection (2019). */
guint64 base_chance_below(BaseChance *chance, guint64 bound)
{
    unsigned __int128 m = (unsigned __int128)base_chance_u64(chance) * bound;
    guint64 floor = -bound % bound;
    while ((guint64)m < floor)
        m = (unsigned __int128)base_chance_u64(chance) * bound;
    return (guint64)(m >> 64);
}

double base_chance_unit(BaseChance *chance)
{
    return (double)(base_chance_u64(chance) >> 11) * 0x1p-53;
}
