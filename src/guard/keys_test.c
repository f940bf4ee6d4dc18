/* keys_test.c - the keys' folder: made once, shut to others, refused when damaged; and the residents' links
 * made of it. */
#include <sys/stat.h>
#include "guard/inside.h"
#include "guard/room_for_test.h"

static mode_t mode_of(const char *folder, const char *name)
{
    struct stat st;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_cmpint(stat(path, &st), ==, 0);
    return st.st_mode & 0777;
}

static void keys_are_made_once_and_shut(void)
{
    Room room;
    room_open(&room);
    g_assert_cmpint(mode_of(room.keys, "log.key"), ==, 0600);
    g_assert_cmpint(mode_of(room.keys, "residents.key"), ==, 0600);
    g_autofree char *one = guard_public_key(room.guard);
    g_autoptr(Guard) again = guard_open(room.store, room.keys, TRUE, base_chance_seeded(1), NULL);
    g_autofree char *two = guard_public_key(again);
    g_assert_cmpstr(one, ==, two);
    g_assert_true(g_str_has_prefix(one, "bihuan+"));
    room_close(&room);
}

static void a_folder_is_made_only_when_asked(void)
{
    Room room;
    g_autoptr(GError) error = NULL;
    room_open(&room);
    g_autofree char *absent = g_build_filename(room.keys, "deep", NULL);
    g_assert_null(guard_open(room.store, absent, FALSE, base_chance_seeded(1), &error));
    g_assert_error(error, GUARD_ERROR, GUARD_ERROR_KEY);
    g_autoptr(Guard) made = guard_open(room.store, absent, TRUE, base_chance_seeded(1), NULL);
    g_assert_nonnull(made);
    g_assert_cmpint(mode_of(absent, "."), ==, 0700);
    folder_remove(absent);
    room_close(&room);
}

static void unsafe_or_damaged_keys_are_refused(void)
{
    static const struct {
        const char *name, *file, *text; /* text NULL: as it is */
        mode_t folder, mode;
        gboolean removed;
    } table[] = {
        { "folder open to the group", NULL, NULL, 0750, 0, FALSE },
        { "key readable by others", "log.key", NULL, 0700, 0604, FALSE },
        { "key readable by the group", "residents.key", NULL, 0700, 0640, FALSE },
        { "key missing", "log.key", NULL, 0700, 0, TRUE },
        { "other key missing", "residents.key", NULL, 0700, 0, TRUE },
        { "empty", "log.key", "", 0700, 0600, FALSE },
        { "cut off", "log.key", "PRIVATE+KEY+bihuan+0123", 0700, 0600, FALSE },
        { "another name", "log.key", "PRIVATE+KEY+other+00000000+AQ==", 0700, 0600, FALSE },
        { "not base64", "residents.key", "residents+00000000+????", 0700, 0600, FALSE },
        { "hash does not fit", "residents.key",
          "residents+00000000+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 0700, 0600, FALSE },
        { "log hash does not fit", "log.key",
          "PRIVATE+KEY+bihuan+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", 0700, 0600, FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Room room;
        g_autoptr(GError) error = NULL;
        g_test_message("%s", table[i].name);
        room_open(&room);
        g_autofree char *path = g_build_filename(room.keys, table[i].file ? table[i].file : "log.key", NULL);
        if (table[i].text) g_assert_true(g_file_set_contents(path, table[i].text, -1, NULL));
        if (table[i].mode) g_assert_cmpint(g_chmod(path, table[i].mode), ==, 0);
        if (table[i].removed) g_remove(path);
        g_chmod(room.keys, (int)table[i].folder);
        g_assert_null(guard_open(room.store, room.keys, FALSE, base_chance_seeded(1), &error));
        g_assert_error(error, GUARD_ERROR, GUARD_ERROR_KEY);
        g_chmod(room.keys, 0700);
        room_close(&room);
    }
}

static void a_link_of_files_is_not_followed(void)
{
    Room room;
    g_autoptr(GError) error = NULL;
    room_open(&room);
    g_autofree char *path = g_build_filename(room.keys, "log.key", NULL);
    g_autofree char *aside = g_build_filename(room.keys, "aside", NULL);
    g_assert_cmpint(g_rename(path, aside), ==, 0);
    g_assert_cmpint(symlink(aside, path), ==, 0);
    g_assert_null(guard_open(room.store, room.keys, FALSE, base_chance_seeded(1), &error));
    g_assert_error(error, GUARD_ERROR, GUARD_ERROR_KEY);
    room_close(&room);
}

static void a_file_is_replaced_whole_or_not_at_all(void)
{
    Room room;
    g_autoptr(GError) error = NULL;
    room_open(&room);
    g_assert_true(guard_keys_write(room.guard, "x", "one", TRUE, NULL));
    g_assert_true(guard_keys_write(room.guard, "x", "two", TRUE, NULL));
    g_assert_false(guard_keys_write(room.guard, "x", "three", FALSE, &error));
    g_assert_error(error, GUARD_ERROR, GUARD_ERROR_KEY);
    g_autofree char *text = guard_keys_read(room.guard, "x", NULL, NULL);
    g_assert_cmpstr(text, ==, "two");
    g_autoptr(GDir) dir = g_dir_open(room.keys, 0, NULL);
    int files = 0;
    while (g_dir_read_name(dir))
        files++;
    g_assert_cmpint(files, ==, 5);
    room_close(&room);
}

static void a_link_is_the_same_again_and_different_for_another_case_or_party(void)
{
    Room room, other;
    const BaseId one = { { 1 } }, two = { { 2 } };
    char a[GUARD_PARTY_LINK], b[GUARD_PARTY_LINK], c[GUARD_PARTY_LINK], d[GUARD_PARTY_LINK],
        e[GUARD_PARTY_LINK];
    BaseId claimed;
    room_open(&room);
    other = (Room){ .store = store_memory_open(NULL), .keys = g_dir_make_tmp("bihuan-guard-XXXXXX", NULL) };
    other.guard = guard_open(other.store, other.keys, TRUE, base_chance_system(), NULL);
    guard_party_link(room.guard, &one, "resident", a);
    guard_party_link(room.guard, &one, "resident", b);
    guard_party_link(room.guard, &two, "resident", c);
    guard_party_link(other.guard, &one, "resident", d);
    guard_party_link(room.guard, &one, "respondent", e);
    g_assert_cmpuint(strlen(a), ==, GUARD_PARTY_LINK - 1);
    g_assert_cmpstr(a, ==, b);
    g_assert_cmpstr(a, !=, c);
    g_assert_cmpstr(a, !=, d);
    g_assert_cmpstr(a, !=, e);
    g_assert_true(guard_party_case(a, &claimed));
    g_assert_cmpmem(claimed.b, 16, one.b, 16);
    g_assert_true(guard_party_fits(room.guard, a, "resident"));
    g_assert_false(guard_party_fits(room.guard, a, "respondent"));
    g_assert_false(guard_party_fits(other.guard, a, "resident"));
    room_close(&other);
    room_close(&room);
}

static void a_seeded_run_has_the_same_links_but_a_key_of_its_own(void)
{
    Room one, two;
    const BaseId id = { { 1 } };
    char a[GUARD_PARTY_LINK], b[GUARD_PARTY_LINK];
    room_open(&one);
    room_open(&two);
    guard_party_link(one.guard, &id, "resident", a);
    guard_party_link(two.guard, &id, "resident", b);
    g_autofree char *key = guard_public_key(one.guard), *other = guard_public_key(two.guard);
    g_assert_cmpstr(a, ==, b);
    g_assert_cmpstr(key, !=, other);
    room_close(&two);
    room_close(&one);
}

/* Each bit of a link counts. */
static void no_changed_link_fits(void)
{
    Room room;
    const BaseId id = { { 1 } };
    char link[GUARD_PARTY_LINK];
    room_open(&room);
    guard_party_link(room.guard, &id, "resident", link);
    for (gsize i = 0; i < GUARD_PARTY_LINK - 1; i++) {
        char changed[GUARD_PARTY_LINK];
        memcpy(changed, link, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        g_assert_false(guard_party_fits(room.guard, changed, "resident"));
    }
    g_assert_false(guard_party_fits(room.guard, "", "resident"));
    g_assert_false(guard_party_fits(room.guard, NULL, "resident"));
    room_close(&room);
}

static void only_32_hex_digits_are_a_link(void)
{
    static const char *const table[] = { NULL,
                                         "",
                                         "0",
                                         "0123456789abcdef0123456789abcde",
                                         "0123456789abcdef0123456789abcdef0",
                                         "0123456789abcdef0123456789abcdeg",
                                         "0123456789abcdef 123456789abcdef" };
    guint8 hash[32] = { 0 }, untouched[32] = { 0 };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        g_assert_false(guard_link_hash(table[i], hash));
    g_assert_cmpmem(hash, 32, untouched, 32);
    g_assert_true(guard_link_hash("0123456789abcdef0123456789abcdef", hash));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/keys/are_made_once_and_shut", keys_are_made_once_and_shut);
    g_test_add_func("/keys/a_folder_is_made_only_when_asked", a_folder_is_made_only_when_asked);
    g_test_add_func("/keys/unsafe_or_damaged_ones_are_refused", unsafe_or_damaged_keys_are_refused);
    g_test_add_func("/keys/a_link_of_files_is_not_followed", a_link_of_files_is_not_followed);
    g_test_add_func("/keys/a_file_is_replaced_whole_or_not_at_all", a_file_is_replaced_whole_or_not_at_all);
    g_test_add_func("/resident/a_link_is_the_same_again_and_different_for_another_case_or_party",
                    a_link_is_the_same_again_and_different_for_another_case_or_party);
    g_test_add_func("/resident/a_seeded_run_has_the_same_links_but_a_key_of_its_own",
                    a_seeded_run_has_the_same_links_but_a_key_of_its_own);
    g_test_add_func("/resident/no_changed_link_fits", no_changed_link_fits);
    g_test_add_func("/resident/only_32_hex_digits_are_a_link", only_32_hex_digits_are_a_link);
    return g_test_run();
}
