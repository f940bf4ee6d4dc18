/* note_test.c - a checkpoint's text: what was signed reads back, and nothing near it does. */
#include "guard/inside.h"
#include "guard/note.h"

static guint8 public[32], secret[64];

static void keys_from_seed(guint8 first)
{
    guint8 seed[32] = { first };
    g_assert_cmpint(sodium_init(), >=, 0);
    crypto_sign_seed_keypair(public, secret, seed);
}

static const GuardNote sample = { .size = 1234, .at = G_GINT64_CONSTANT(1795449600000), .root = { 1, 2, 3 } };

static void what_was_signed_reads_back(void)
{
    static const gint64 sizes[] = { 0, 1, 9, 10, 65536, G_MAXINT64 };
    keys_from_seed(1);
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        GuardNote note = sample, got = { 0 };
        g_autoptr(GError) error = NULL;
        note.size = sizes[i];
        g_autofree char *text = guard_note_sign(&note, secret);
        g_assert_true(guard_note_open(text, public, &got, &error));
        g_assert_no_error(error);
        g_assert_cmpint(got.size, ==, note.size);
        g_assert_cmpint(got.at, ==, note.at);
        g_assert_cmpmem(got.root, 32, note.root, 32);
    }
}

static void it_looks_as_c2sp_says(void)
{
    keys_from_seed(1);
    g_autofree char *text = guard_note_sign(&sample, secret);
    g_autofree char *key = guard_note_verifier(public);
    g_auto(GStrv) line = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(line), ==, 7);
    g_assert_cmpstr(line[0], ==, "bihuan");
    g_assert_cmpstr(line[1], ==, "1234");
    g_assert_cmpstr(line[2], ==, "AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    g_assert_cmpstr(line[3], ==, "at 1795449600000");
    g_assert_cmpstr(line[4], ==, "");
    g_assert_true(g_str_has_prefix(line[5], "— bihuan "));
    g_assert_true(g_str_has_prefix(key, "bihuan+"));
    g_assert_cmpuint(strlen(key), ==, strlen("bihuan+01234567+") + 44);
}

static void another_key_does_not_fit(void)
{
    GuardNote got;
    g_autoptr(GError) error = NULL;
    keys_from_seed(1);
    g_autofree char *text = guard_note_sign(&sample, secret);
    keys_from_seed(2);
    g_assert_false(guard_note_open(text, public, &got, &error));
    g_assert_error(error, NOTE_ERROR, NOTE_ERROR_SIGNATURE);
}

static void each_flipped_bit_is_found(void)
{
    keys_from_seed(1);
    g_autofree char *text = guard_note_sign(&sample, secret);
    for (gsize i = 0; text[i]; i++)
        for (int bit = 0; bit < 8; bit++) {
            GuardNote got = { .size = -1 };
            g_autofree char *bent = g_strdup(text);
            bent[i] = (char)(bent[i] ^ 1 << bit);
            g_test_message("byte %zu bit %d", i, bit);
            g_assert_false(guard_note_open(bent, public, &got, NULL));
            g_assert_cmpint(got.size, ==, -1);
        }
}

static void each_cut_is_found(void)
{
    keys_from_seed(1);
    g_autofree char *text = guard_note_sign(&sample, secret);
    for (gsize n = 0; text[n]; n++) {
        GuardNote got;
        g_autofree char *cut = g_strndup(text, n);
        g_assert_false(guard_note_open(cut, public, &got, NULL));
    }
}

static void who_co_signs_does_not_disturb(void)
{
    GuardNote got;
    keys_from_seed(2);
    g_autofree char *foreign = guard_note_sign(&sample, secret);
    keys_from_seed(1);
    g_autofree char *text = guard_note_sign(&sample, secret);
    const char *ours = strstr(text, "— "), *theirs = strstr(foreign, "— ");
    g_autofree char *witness = g_strdup_printf("%s— prosecutor.example AAAAAAA=\n%s", text, theirs);
    g_autofree char *twice = g_strconcat(text, ours, NULL);
    g_autofree char *rubbish = g_strconcat(text, "bihuan\n", NULL);
    g_autofree char *blank = g_strconcat(text, "\n", NULL);
    g_assert_true(guard_note_open(witness, public, &got, NULL));
    g_assert_false(guard_note_open(foreign, public, &got, NULL));
    g_assert_false(guard_note_open(twice, public, &got, NULL));
    g_assert_false(guard_note_open(rubbish, public, &got, NULL));
    g_assert_false(guard_note_open(blank, public, &got, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/note/what_was_signed_reads_back", what_was_signed_reads_back);
    g_test_add_func("/note/it_looks_as_c2sp_says", it_looks_as_c2sp_says);
    g_test_add_func("/note/another_key_does_not_fit", another_key_does_not_fit);
    g_test_add_func("/note/each_flipped_bit_is_found", each_flipped_bit_is_found);
    g_test_add_func("/note/each_cut_is_found", each_cut_is_found);
    g_test_add_func("/note/who_co_signs_does_not_disturb", who_co_signs_does_not_disturb);
    return g_test_run();
}
