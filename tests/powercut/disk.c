/* disk.c - the model of disk.h and the SQLite VFS in front of it. */
#include "disk.h"
#include <string.h>

enum { SECTOR = 512, LOCKS = 8, SHARED_PAGE = 32768 };

typedef struct {
    GByteArray *live, *safe; /* as programs see it; as it is on the platter */
    GByteArray *dirty;       /* one byte a sector: live and safe may differ */
    /* locks between connections; not on the platter */
    guint shared_locks;
    gpointer reserved, exclusive;
    GPtrArray *memory; /* pages of the log's index */
    guint memory_shared[LOCKS];
    guint memory_exclusive;
} Inode;

struct Disk {
    GPtrArray *inodes;       /* all there ever were */
    GHashTable *live, *safe; /* name -> Inode */
    BaseChance chance;
    guint64 steps, cut_at;
    Disk *found;
    gboolean cut, lies, fails;
};

typedef struct {
    sqlite3_file base;
    Disk *disk;
    Inode *inode;
    char *name; /* to delete on close; NULL */
    gboolean sync_folder;
    int lock;
    guint memory_shared, memory_exclusive;
} DiskFile;

static Disk *mounted;

static void inode_free(gpointer data)
{
    Inode *inode = data;
    g_byte_array_unref(inode->live);
    g_byte_array_unref(inode->safe);
    g_byte_array_unref(inode->dirty);
    g_ptr_array_unref(inode->memory);
    g_free(inode);
}

static Inode *inode_new(Disk *disk)
{
    Inode *inode = g_new0(Inode, 1);
    inode->live = g_byte_array_new();
    inode->safe = g_byte_array_new();
    inode->dirty = g_byte_array_new();
    inode->memory = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(disk->inodes, inode);
    return inode;
}

Disk *disk_new(guint64 seed)
{
    Disk *disk = g_new0(Disk, 1);
    disk->inodes = g_ptr_array_new_with_free_func(inode_free);
    disk->live = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    disk->safe = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    disk->chance = base_chance_seeded(seed);
    return disk;
}

void disk_free(Disk *disk)
{
    if (!disk) return;
    if (mounted == disk) mounted = NULL;
    disk_free(disk->found);
    g_ptr_array_unref(disk->inodes);
    g_hash_table_unref(disk->live);
    g_hash_table_unref(disk->safe);
    g_free(disk);
}

static void set_length(GByteArray *bytes, guint length)
{
    guint before = bytes->len;
    g_byte_array_set_size(bytes, length);
    if (length > before) memset(bytes->data + before, 0, length - before);
}

static void mark(Inode *inode, guint from, guint to)
{
    guint last = (to + SECTOR - 1) / SECTOR;
    if (inode->dirty->len < last) set_length(inode->dirty, last);
    if (last > from / SECTOR) memset(inode->dirty->data + from / SECTOR, 1, last - from / SECTOR);
}

/* Bytes of sector `i` within `bytes`; fewer at the end, none beyond it. */
static guint sector_length(const GByteArray *bytes, guint i)
{
    return bytes->len > i * SECTOR ? MIN(SECTOR, bytes->len - i * SECTOR) : 0;
}

/* --- what is found after a cut --- */

/* The platter never wrote these bytes: old ones, or nothing, or rubbish. */
static void sector_unwritten(Disk *disk, const Inode *inode, guint i, guint8 *out, guint length)
{
    guint old = MIN(length, sector_length(inode->safe, i));
    memset(out, 0, length);
    if (old < length && base_chance_below(&disk->chance, 4) == 0)
        base_chance_bytes(&disk->chance, out, length);
    if (old) memcpy(out, inode->safe->data + i * SECTOR, old);
}

static void sector_found(Disk *disk, const Inode *inode, guint i, double kept, guint8 *out, guint length)
{
    guint fresh = MIN(length, sector_length(inode->live, i));
    guint torn =
        base_chance_below(&disk->chance, 16) == 0 ? (guint)base_chance_below(&disk->chance, SECTOR) : SECTOR;
    sector_unwritten(disk, inode, i, out, length);
    if (base_chance_unit(&disk->chance) < kept && fresh)
        memcpy(out, inode->live->data + i * SECTOR, MIN(fresh, torn));
}

/* File systems grow a file bit by bit and shrink it at once: a log that was cut short in the middle would be
 * a believable older log. */
static guint length_found(Disk *disk, const Inode *inode, double kept)
{
    guint live = inode->live->len, safe = inode->safe->len;
    if (base_chance_unit(&disk->chance) < kept) return live;
    if (live <= safe || base_chance_below(&disk->chance, 2)) return safe;
    return MIN(live, safe + SECTOR * (guint)base_chance_below(&disk->chance, (live - safe) / SECTOR + 1));
}

static void inode_found(Disk *disk, const Inode *inode, double kept, GByteArray *out)
{
    set_length(out, length_found(disk, inode, kept));
    for (guint i = 0; i * SECTOR < out->len; i++) {
        guint length = sector_length(out, i);
        gboolean dirty = i < inode->dirty->len && inode->dirty->data[i];
        if (dirty || sector_length(inode->safe, i) < length)
            sector_found(disk, inode, i, kept, out->data + i * SECTOR, length);
        else
            memcpy(out->data + i * SECTOR, inode->safe->data + i * SECTOR, length);
    }
}

static void name_keep(Disk *to, const char *name, const GByteArray *bytes)
{
    Inode *inode = inode_new(to);
    g_byte_array_append(inode->live, bytes->data, bytes->len);
    g_byte_array_append(inode->safe, bytes->data, bytes->len);
    g_hash_table_replace(to->live, g_strdup(name), inode);
    g_hash_table_replace(to->safe, g_strdup(name), inode);
}

static void name_found(Disk *disk, const char *name, double kept)
{
    Inode *live = g_hash_table_lookup(disk->live, name), *safe = g_hash_table_lookup(disk->safe, name);
    Inode *inode = live == safe || base_chance_unit(&disk->chance) < kept ? live : safe;
    if (!inode || g_hash_table_contains(disk->found->live, name)) return;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    inode_found(disk, inode, kept, bytes);
    name_keep(disk->found, name, bytes);
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

/* All, nothing, or any share of what was not safe. In the order of names, so that a seed replays. */
static void photograph(Disk *disk)
{
    double kept = base_chance_unit(&disk->chance) * 2 - 0.5;
    g_autoptr(GList) names =
        g_list_concat(g_hash_table_get_keys(disk->live), g_hash_table_get_keys(disk->safe));
    names = g_list_sort(names, by_name);
    disk->cut = TRUE;
    disk->found = disk_new(0);
    for (GList *i = names; i; i = i->next)
        name_found(disk, i->data, kept);
}

void disk_cut_at(Disk *disk, guint64 step)
{
    disk->cut_at = step;
}

guint64 disk_steps(const Disk *disk)
{
    return disk->steps;
}

gboolean disk_is_cut(const Disk *disk)
{
    return disk->cut;
}

Disk *disk_found(Disk *disk, guint64 seed)
{
    if (!disk->cut) photograph(disk);
    Disk *found = g_steal_pointer(&disk->found);
    found->chance = base_chance_seeded(seed);
    return found;
}

Disk *disk_copy(const Disk *disk, guint64 seed)
{
    Disk *copy = disk_new(seed);
    GHashTableIter iter;
    gpointer name, inode;
    g_hash_table_iter_init(&iter, disk->live);
    while (g_hash_table_iter_next(&iter, &name, &inode))
        name_keep(copy, name, ((Inode *)inode)->live);
    return copy;
}

void disk_lie(Disk *disk)
{
    disk->lies = TRUE;
}

void disk_fail_syncs(Disk *disk)
{
    disk->fails = TRUE;
}

const GByteArray *disk_file(const Disk *disk, const char *name)
{
    Inode *inode = g_hash_table_lookup(disk->live, name);
    return inode ? inode->live : NULL;
}

/* --- steps --- */

static void step(Disk *disk)
{
    if (++disk->steps == disk->cut_at && !disk->cut) photograph(disk);
}

static void sector_write_back(Inode *inode, guint i)
{
    guint length = sector_length(inode->live, i), end = i * SECTOR + length;
    if (!length) return;
    if (inode->safe->len < end) set_length(inode->safe, end);
    memcpy(inode->safe->data + i * SECTOR, inode->live->data + i * SECTOR, length);
    inode->dirty->data[i] = 0;
}

/* The machine writes back when it likes. */
static void trickle(Disk *disk, Inode *inode)
{
    if (base_chance_below(&disk->chance, 8)) return;
    for (guint i = 0; i < inode->dirty->len; i++)
        if (inode->dirty->data[i] && base_chance_below(&disk->chance, 4) == 0) sector_write_back(inode, i);
}

static void inode_sync(Inode *inode)
{
    for (guint i = 0; i < inode->dirty->len; i++)
        if (inode->dirty->data[i]) sector_write_back(inode, i);
    set_length(inode->safe, inode->live->len);
    set_length(inode->dirty, 0);
}

static void folder_sync(Disk *disk)
{
    GHashTableIter iter;
    gpointer name, inode;
    g_hash_table_remove_all(disk->safe);
    g_hash_table_iter_init(&iter, disk->live);
    while (g_hash_table_iter_next(&iter, &name, &inode))
        g_hash_table_insert(disk->safe, g_strdup(name), inode);
}

/* --- the VFS: files --- */

static DiskFile *of(sqlite3_file *file)
{
    return (DiskFile *)file;
}

static int file_unlock(sqlite3_file *file, int level);
static int memory_unmap(sqlite3_file *file, int delete);

static int file_close(sqlite3_file *file)
{
    DiskFile *f = of(file);
    file_unlock(file, SQLITE_LOCK_NONE);
    memory_unmap(file, 0);
    if (f->name) g_hash_table_remove(f->disk->live, f->name);
    g_free(f->name);
    return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    GByteArray *live = of(file)->inode->live;
    guint have = live->len > at ? MIN((guint)n, live->len - (guint)at) : 0;
    if (have) memcpy(out, live->data + at, have);
    if (have == (guint)n) return SQLITE_OK;
    memset((guint8 *)out + have, 0, (guint)n - have);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *file, const void *in, int n, sqlite3_int64 at)
{
    DiskFile *f = of(file);
    Inode *inode = f->inode;
    guint end = (guint)at + (guint)n, before = inode->live->len;
    if (before < end) set_length(inode->live, end);
    memcpy(inode->live->data + at, in, (gsize)n);
    mark(inode, MIN((guint)at, before), end);
    step(f->disk);
    trickle(f->disk, inode);
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    DiskFile *f = of(file);
    guint before = f->inode->live->len;
    set_length(f->inode->live, (guint)size);
    mark(f->inode, MIN(before, (guint)size), MAX(before, (guint)size));
    step(f->disk);
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags)
{
    DiskFile *f = of(file);
    step(f->disk);
    if (f->disk->fails) return SQLITE_IOERR_FSYNC;
    if (f->disk->lies) return SQLITE_OK;
    inode_sync(f->inode);
    if (!f->sync_folder) return SQLITE_OK;
    f->sync_folder = FALSE;
    step(f->disk);
    folder_sync(f->disk);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = of(file)->inode->live->len;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level)
{
    DiskFile *f = of(file);
    Inode *inode = f->inode;
    if (f->lock >= level) return SQLITE_OK;
    if (inode->exclusive && inode->exclusive != f) return SQLITE_BUSY;
    if (level >= SQLITE_LOCK_RESERVED && inode->reserved && inode->reserved != f) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_EXCLUSIVE && inode->shared_locks > 1) return SQLITE_BUSY;
    if (f->lock == SQLITE_LOCK_NONE) inode->shared_locks++;
    if (level >= SQLITE_LOCK_RESERVED) inode->reserved = f;
    if (level == SQLITE_LOCK_EXCLUSIVE) inode->exclusive = f;
    f->lock = level;
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *file, int level)
{
    DiskFile *f = of(file);
    Inode *inode = f->inode;
    if (f->lock <= level) return SQLITE_OK;
    if (inode->reserved == f) inode->reserved = NULL;
    if (inode->exclusive == f) inode->exclusive = NULL;
    if (level == SQLITE_LOCK_NONE) inode->shared_locks--;
    f->lock = level;
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *file, int *out)
{
    *out = of(file)->inode->reserved != NULL;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
    return SQLITE_NOTFOUND;
}

/* As SQLite's own VFS for Unix says of any disk. */
static int file_sector(sqlite3_file *file)
{
    return 4096;
}

static int file_traits(sqlite3_file *file)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* --- the log's index: memory shared between the connections of this process --- */

static int memory_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    GPtrArray *memory = of(file)->inode->memory;
    g_assert(size == SHARED_PAGE);
    while (extend && memory->len <= (guint)page)
        g_ptr_array_add(memory, g_malloc0(SHARED_PAGE));
    *out = memory->len > (guint)page ? g_ptr_array_index(memory, page) : NULL;
    return SQLITE_OK;
}

static void memory_unlock(DiskFile *f, guint mask)
{
    for (guint i = 0; i < LOCKS; i++)
        if (f->memory_shared & mask & (1u << i)) f->inode->memory_shared[i]--;
    f->inode->memory_exclusive &= ~(f->memory_exclusive & mask);
    f->memory_shared &= ~mask;
    f->memory_exclusive &= ~mask;
}

static int memory_lock(sqlite3_file *file, int from, int n, int flags)
{
    DiskFile *f = of(file);
    guint mask = ((1u << n) - 1) << from;
    if (flags & SQLITE_SHM_UNLOCK) {
        memory_unlock(f, mask);
        return SQLITE_OK;
    }
    if (f->inode->memory_exclusive & mask & ~f->memory_exclusive) return SQLITE_BUSY;
    if (flags & SQLITE_SHM_SHARED) {
        if (!(f->memory_shared & mask)) f->inode->memory_shared[from]++;
        f->memory_shared |= mask;
        return SQLITE_OK;
    }
    for (int i = from; i < from + n; i++)
        if (f->inode->memory_shared[i]) return SQLITE_BUSY;
    f->inode->memory_exclusive |= mask;
    f->memory_exclusive |= mask;
    return SQLITE_OK;
}

static void memory_barrier(sqlite3_file *file)
{
}

static int memory_unmap(sqlite3_file *file, int delete)
{
    DiskFile *f = of(file);
    memory_unlock(f, (1u << LOCKS) - 1);
    if (delete) g_ptr_array_set_size(f->inode->memory, 0);
    return SQLITE_OK;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = memory_map,
    .xShmLock = memory_lock,
    .xShmBarrier = memory_barrier,
    .xShmUnmap = memory_unmap,
};

/* --- the VFS: names --- */

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    DiskFile *f = of(file);
    *f = (DiskFile){ .disk = mounted };
    f->inode = name ? g_hash_table_lookup(mounted->live, name) : NULL;
    if (!f->inode && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
    if (!f->inode) {
        f->inode = inode_new(mounted);
        if (name) g_hash_table_insert(mounted->live, g_strdup(name), f->inode);
        f->sync_folder = flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL);
        step(mounted);
    }
    if (name && flags & SQLITE_OPEN_DELETEONCLOSE) f->name = g_strdup(name);
    if (out_flags) *out_flags = flags;
    f->base.pMethods = &file_methods;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    if (!g_hash_table_remove(mounted->live, name)) return SQLITE_IOERR_DELETE_NOENT;
    step(mounted);
    if (sync && mounted->fails) return SQLITE_IOERR_DIR_FSYNC;
    if (sync && !mounted->lies) folder_sync(mounted);
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    const GByteArray *bytes = disk_file(mounted, name);
    *out = bytes && (flags != SQLITE_ACCESS_EXISTS || bytes->len);
    return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
    return g_strlcpy(out, name, (gsize)n) < (gsize)n ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int vfs_chance(sqlite3_vfs *vfs, int n, char *out)
{
    base_chance_bytes(&mounted->chance, (guint8 *)out, (gsize)n);
    return n;
}

static int vfs_sleep(sqlite3_vfs *vfs, int micros)
{
    return micros;
}

static int vfs_time(sqlite3_vfs *vfs, double *out)
{
    *out = 2460000.5;
    return SQLITE_OK;
}

static int vfs_error(sqlite3_vfs *vfs, int n, char *out)
{
    return 0;
}

void disk_mount(Disk *disk)
{
    static sqlite3_vfs vfs = {
        .iVersion = 1,
        .szOsFile = sizeof(DiskFile),
        .mxPathname = 512,
        .zName = "disk",
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_name,
        .xRandomness = vfs_chance,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_error,
    };
    mounted = disk;
    if (!sqlite3_vfs_find("disk")) sqlite3_vfs_register(&vfs, 0);
}
