/* ring_test.c - what a reader of the ring gets, against a list that keeps everything. */
#include "api/ring.h"
#include <string.h>

static GBytes *word(gint64 n)
{
    char *text = g_strdup_printf("%" G_GINT64_FORMAT " ", n);
    return g_bytes_new_take(text, strlen(text));
}

static gssize read_all(Ring *ring, RingReader *reader, GString *out, gsize step)
{
    char bytes[64];
    gssize n;
    while ((n = ring_read(ring, reader, bytes, MIN(step, sizeof bytes))) > 0)
        g_string_append_len(out, bytes, n);
    return n;
}

/* Frames with numbers that jump and repeat; a reader that begins anywhere gets all after its number, or is
 * told. */
static void a_reader_gets_all_after_its_number_or_is_told(void)
{
    Ring *ring = ring_new(10);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 seq = 10, reached;
    for (int i = 0; i < RING_FRAMES * 2; i++) {
        seq += g_test_rand_int_range(0, 3);
        ring_put(ring, seq, word(seq));
        g_array_append_val(all, seq);
    }
    for (int i = 0; i < 200; i++) {
        RingReader reader;
        gint64 from = g_test_rand_int_range(0, (gint32)seq + 5);
        g_autoptr(GString) got = g_string_new(NULL), want = g_string_new(NULL);
        gboolean here = ring_begin(ring, &reader, from, &reached);
        gint64 floor = g_array_index(all, gint64, all->len - RING_FRAMES - 1);
        g_assert_cmpint(here, ==, from >= floor && from <= seq);
        for (guint k = 0; here && k < all->len; k++)
            if (g_array_index(all, gint64, k) > from)
                g_string_append_printf(want, "%" G_GINT64_FORMAT " ", g_array_index(all, gint64, k));
        g_assert_cmpint(read_all(ring, &reader, got, (gsize)g_test_rand_int_range(1, 40)), ==, 0);
        g_assert_cmpstr(got->str, ==, want->str);
        g_assert_cmpint(reached, ==, seq);
    }
    ring_free(ring);
}

static void a_reader_that_is_overtaken_is_let_go(void)
{
    Ring *ring = ring_new(0);
    RingReader slow, quick;
    gint64 reached;
    g_autoptr(GString) got = g_string_new(NULL);
    ring_begin(ring, &slow, -1, &reached);
    ring_begin(ring, &quick, -1, &reached);
    for (gint64 seq = 1; seq <= RING_FRAMES; seq++)
        ring_put(ring, seq, word(seq));
    g_assert_cmpint(read_all(ring, &quick, got, 64), ==, 0);
    ring_put(ring, RING_FRAMES + 1, word(0));
    g_assert_cmpint(read_all(ring, &slow, got, 64), ==, -1);
    g_assert_cmpint(read_all(ring, &quick, got, 64), ==, 0);
    ring_free(ring);
}

static void only_the_newest_tick_is_told_and_once(void)
{
    Ring *ring = ring_new(0);
    RingReader reader;
    gint64 reached;
    g_autoptr(GString) got = g_string_new(NULL);
    ring_begin(ring, &reader, -1, &reached);
    ring_tick(ring, word(1));
    ring_tick(ring, word(2));
    ring_put(ring, 7, word(7));
    read_all(ring, &reader, got, 1);
    read_all(ring, &reader, got, 1);
    g_assert_cmpstr(got->str, ==, "7 2 ");
    ring_free(ring);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ring/a_reader_gets_all_after_its_number_or_is_told",
                    a_reader_gets_all_after_its_number_or_is_told);
    g_test_add_func("/ring/a_reader_that_is_overtaken_is_let_go", a_reader_that_is_overtaken_is_let_go);
    g_test_add_func("/ring/only_the_newest_tick_is_told_and_once", only_the_newest_tick_is_told_and_once);
    return g_test_run();
}
