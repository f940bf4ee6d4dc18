/* disk_test.c - the harness's own test: does the disk lose what it should, and keep what it must? A harness
 * that loses too much accuses the innocent; one that loses too little proves nothing. */
#include "disk.h"
#include <string.h>

enum { TRIES = 400, SECTOR = 512 };

typedef struct {
    sqlite3_file *file;
    int flags;
} Handle;

static Handle open_file(const char *name, int type)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("disk");
    Handle handle = { .file = g_malloc0((gsize)vfs->szOsFile) };
    g_assert_cmpint(
        vfs->xOpen(vfs, name, handle.file, type | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &handle.flags),
        ==, SQLITE_OK);
    return handle;
}

static void close_file(Handle handle)
{
    handle.file->pMethods->xClose(handle.file);
    g_free(handle.file);
}

static void put(Handle handle, char byte, int sectors, sqlite3_int64 at)
{
    g_autofree char *bytes = g_strnfill((gsize)(sectors * SECTOR), byte);
    g_assert_cmpint(handle.file->pMethods->xWrite(handle.file, bytes, sectors * SECTOR, at * SECTOR), ==,
                    SQLITE_OK);
}

static void sync_file(Handle handle)
{
    handle.file->pMethods->xSync(handle.file, SQLITE_SYNC_NORMAL);
}

/* What sector `i` of `name` holds: the byte it is full of, '-' missing, '?' a mixture. */
static char sector_of(const Disk *disk, const char *name, guint i)
{
    const GByteArray *bytes = disk_file(disk, name);
    if (!bytes || bytes->len < (i + 1) * SECTOR) return '-';
    for (guint k = 1; k < SECTOR; k++)
        if (bytes->data[i * SECTOR + k] != bytes->data[i * SECTOR]) return '?';
    char byte = (char)bytes->data[i * SECTOR];
    return byte ? byte : '0';
}

/* Run `deed` on many disks, cut each at its end, and collect what its sectors were found to hold: a set of
 * letters. */
typedef void (*Deed)(Disk *disk);

static char *outcomes(Deed deed, const char *name, guint sectors)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    guint64 seed = (guint64)g_test_rand_int();
    g_test_message("seed %" G_GUINT64_FORMAT, seed);
    for (guint i = 0; i < TRIES; i++) {
        g_autoptr(Disk) disk = disk_new(seed + i);
        disk_mount(disk);
        deed(disk);
        g_autoptr(Disk) found = disk_found(disk, 1);
        for (guint k = 0; k < sectors; k++) {
            char c = sector_of(found, name, k);
            if (!strchr(seen->str, c)) g_string_append_c(seen, c);
        }
    }
    return g_strdup(seen->str);
}

static Handle named_safely(void)
{
    Handle log = open_file("city-wal", SQLITE_OPEN_WAL);
    put(log, 'a', 4, 0);
    sync_file(log);
    return log;
}

static void write_and_sync(Disk *disk)
{
    close_file(named_safely());
}

static void write_over(Disk *disk)
{
    Handle log = named_safely();
    put(log, 'b', 2, 1);
    close_file(log);
}

static void write_over_and_sync(Disk *disk)
{
    Handle log = named_safely();
    put(log, 'b', 4, 0);
    sync_file(log);
    close_file(log);
}

static void sync_without_a_name(Disk *disk)
{
    Handle file = open_file("city-wal", SQLITE_OPEN_MAIN_DB);
    put(file, 'a', 4, 0);
    sync_file(file);
    close_file(file);
}

static void cut_short(Disk *disk)
{
    Handle log = named_safely();
    log.file->pMethods->xTruncate(log.file, 0);
    close_file(log);
}

static void delete_without_sync(Disk *disk)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("disk");
    close_file(named_safely());
    vfs->xDelete(vfs, "city-wal", 0);
}

static void delete_and_sync(Disk *disk)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("disk");
    close_file(named_safely());
    vfs->xDelete(vfs, "city-wal", 1);
}

static void sync_on_a_lying_disk(Disk *disk)
{
    disk_lie(disk);
    close_file(named_safely());
}

static void cut_before_the_sync(Disk *disk)
{
    disk_cut_at(disk, 3); /* made, written, synced */
    close_file(named_safely());
}

static void the_disk_loses_what_it_may_and_keeps_what_it_must(void)
{
    static const struct {
        const char *name;
        Deed deed;
        const char *must, *may; /* letters that must be seen; that may be seen too */
    } table[] = {
        /* clang-format off */
        { "written and synced stays",             write_and_sync,       "a",  "" },
        { "not synced: old, new or torn",         write_over,           "ab?", "" },
        { "synced again: new only",               write_over_and_sync,  "b",  "" },
        { "a file synced, its name not",          sync_without_a_name,  "-a", "" },
        { "cut short: all or nothing",            cut_short,            "-a", "" },
        { "deleted, folder not synced",           delete_without_sync,  "-a", "" },
        { "deleted, folder synced",               delete_and_sync,      "-",  "" },
        { "a lying disk keeps nothing for sure",  sync_on_a_lying_disk, "-a", "0?" },
        { "a cut before the sync is before it",   cut_before_the_sync,  "-a", "0?" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_autofree char *seen = outcomes(table[i].deed, "city-wal", 4);
        for (const char *c = table[i].must; *c; c++)
            if (!strchr(seen, *c)) g_error("%s: '%c' was never found, only \"%s\"", table[i].name, *c, seen);
        for (const char *c = seen; *c; c++)
            if (!strchr(table[i].must, *c) && !strchr(table[i].may, *c))
                g_error("%s: '%c' was found", table[i].name, *c);
    }
}

static void cutting_short_is_never_half_done(void)
{
    for (guint i = 0; i < TRIES; i++) {
        g_autoptr(Disk) disk = disk_new(i);
        disk_mount(disk);
        cut_short(disk);
        g_autoptr(Disk) found = disk_found(disk, 1);
        guint length = disk_file(found, "city-wal")->len;
        g_assert_true(length == 0 || length == 4 * SECTOR);
    }
}

static void a_seed_replays(void)
{
    for (guint64 seed = 0; seed < 50; seed++) {
        g_autoptr(Disk) a = disk_new(seed), b = disk_new(seed);
        disk_mount(a);
        write_over(a);
        disk_mount(b);
        write_over(b);
        g_autoptr(Disk) x = disk_found(a, 1);
        g_autoptr(Disk) y = disk_found(b, 1);
        const GByteArray *p = disk_file(x, "city-wal"), *q = disk_file(y, "city-wal");
        g_assert_cmpmem(p->data, p->len, q->data, q->len);
    }
}

static void what_happens_after_the_cut_is_not_found(void)
{
    g_autoptr(Disk) disk = disk_new(1);
    disk_mount(disk);
    Handle log = named_safely();
    disk_cut_at(disk, disk_steps(disk) + 1);
    sync_file(log);
    g_assert_true(disk_is_cut(disk));
    put(log, 'z', 4, 0);
    sync_file(log);
    close_file(log);
    g_autoptr(Disk) found = disk_found(disk, 1);
    g_assert_cmpint(sector_of(found, "city-wal", 0), ==, 'a');
    g_assert_cmpint(sector_of(disk, "city-wal", 0), ==, 'z');
}

static void locks_keep_connections_apart(void)
{
    g_autoptr(Disk) disk = disk_new(1);
    disk_mount(disk);
    Handle a = open_file("city", SQLITE_OPEN_MAIN_DB), b = open_file("city", SQLITE_OPEN_MAIN_DB);
    const sqlite3_io_methods *m = a.file->pMethods;
    int exclusive = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE, shared = SQLITE_SHM_LOCK | SQLITE_SHM_SHARED;
    g_assert_cmpint(m->xLock(a.file, SQLITE_LOCK_SHARED), ==, SQLITE_OK);
    g_assert_cmpint(m->xLock(b.file, SQLITE_LOCK_SHARED), ==, SQLITE_OK);
    g_assert_cmpint(m->xLock(a.file, SQLITE_LOCK_EXCLUSIVE), ==, SQLITE_BUSY);
    g_assert_cmpint(m->xUnlock(b.file, SQLITE_LOCK_NONE), ==, SQLITE_OK);
    g_assert_cmpint(m->xLock(a.file, SQLITE_LOCK_EXCLUSIVE), ==, SQLITE_OK);
    g_assert_cmpint(m->xLock(b.file, SQLITE_LOCK_SHARED), ==, SQLITE_BUSY);
    g_assert_cmpint(m->xShmLock(a.file, 3, 1, shared), ==, SQLITE_OK);
    g_assert_cmpint(m->xShmLock(b.file, 3, 1, shared), ==, SQLITE_OK);
    g_assert_cmpint(m->xShmLock(b.file, 0, 3, exclusive), ==, SQLITE_OK);
    g_assert_cmpint(m->xShmLock(a.file, 3, 2, exclusive), ==, SQLITE_BUSY);
    g_assert_cmpint(m->xShmLock(a.file, 1, 1, shared), ==, SQLITE_BUSY);
    g_assert_cmpint(m->xShmLock(b.file, 0, 3, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE), ==, SQLITE_OK);
    g_assert_cmpint(m->xShmLock(a.file, 1, 1, shared), ==, SQLITE_OK);
    close_file(a);
    close_file(b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/disk/the_disk_loses_what_it_may_and_keeps_what_it_must",
                    the_disk_loses_what_it_may_and_keeps_what_it_must);
    g_test_add_func("/disk/cutting_short_is_never_half_done", cutting_short_is_never_half_done);
    g_test_add_func("/disk/a_seed_replays", a_seed_replays);
    g_test_add_func("/disk/what_happens_after_the_cut_is_not_found", what_happens_after_the_cut_is_not_found);
    g_test_add_func("/disk/locks_keep_connections_apart", locks_keep_connections_apart);
    return g_test_run();
}
