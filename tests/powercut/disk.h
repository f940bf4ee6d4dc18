/* disk.h - a disk that loses power: files in memory behind a SQLite VFS named "disk".
 *
 * What is written is seen at once and is safe only after a sync of its file; a name (made, deleted) is safe
 * only after a sync of the folder, which SQLite asks for by the first sync of a new journal or log and by
 * some deletes. Until then each 512-byte sector, each length and each name may be found old, new, or
 * (sectors) torn, and the machine may have written any of them by itself earlier. A power cut is a
 * photograph: at the chosen step the disk notes what would be found after the cut and then goes on as if
 * nothing had happened, so the program under test needs no way to die. What it says after the cut does not
 * count. Threads: one. One disk is mounted at a time. */
#pragma once
#include "base/chance.h"
#include <sqlite3.h>

typedef struct Disk Disk;

Disk *disk_new(guint64 seed);
void disk_free(Disk *disk); /* NULL is fine; unmounts it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Disk, disk_free)
void disk_mount(Disk *disk); /* registers the VFS the first time; files are opened on this disk from now on */

void disk_cut_at(Disk *disk,
                 guint64 step); /* steps are writes, truncations, syncs, deletions and creations, from 1 */
guint64 disk_steps(const Disk *disk); /* so far */
gboolean disk_is_cut(const Disk *disk);
/* What was found after the cut, as a disk of its own, all of it safe; cuts now when it was not cut yet. Once.
 */
Disk *disk_found(Disk *disk, guint64 seed);
Disk *disk_copy(const Disk *disk, guint64 seed); /* as it is now, all of it safe */

/* Faults to order. */
void disk_lie(Disk *disk);        /* syncs succeed and do nothing */
void disk_fail_syncs(Disk *disk); /* syncs fail */

/* For the harness's own tests: the content of a file, NULL when there is none. */
const GByteArray *disk_file(const Disk *disk, const char *name);
