/* watch.c - see watch.h. A folder's stamp is made of the names, sizes and times of its files; it is looked at
 * when the stamp is another than the one last judged, and the same twice running (an editor may still be
 * writing). */
#include "cli/watch.h"
#include "base/json.h"
#include "loop/case/migrate.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LOOK_US (G_USEC_PER_SEC / 2)

typedef struct {
    guint64 judged, seen; /* stamps */
    GPtrArray *refusals;  /* of char *; NULL: sound */
} Folder;

struct Watch {
    Home *home;
    Api *api;
    const BaseClock *clock;
    char *packs;
    GHashTable *folders; /* path -> Folder */
    GThread *thread;
    GMutex lock;
    GCond changed;
    gboolean stop;
};

static void folder_free(gpointer data)
{
    Folder *folder = data;
    g_clear_pointer(&folder->refusals, g_ptr_array_unref);
    g_free(folder);
}

static guint64 stamp(const char *path, int depth)
{
    GStatBuf is;
    if (g_stat(path, &is) != 0) return 0;
    guint64 sum = g_str_hash(path) * G_GUINT64_CONSTANT(1000003) + (guint64)is.st_size +
                  (guint64)is.st_mtim.tv_sec * 31 + (guint64)is.st_mtim.tv_nsec;
    g_autoptr(GDir) dir = S_ISDIR(is.st_mode) && depth < 3 ? g_dir_open(path, 0, NULL) : NULL;
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        sum += stamp(inner, depth + 1);
    }
    return sum;
}

/* ---- taking a version ---- */

static void take_over_additions(Watch *w, const char *id)
{
    int moved = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(CaseMigration) m = case_migration_new(w->home->room, id, NULL, &error);
    if (!m ||
        !case_migrate_all(w->home->room, m, &CASE_SYSTEM, base_clock_now(w->clock), TRUE, &moved, &error))
        g_warning("running cases of %s stay on their version: %s", id, error->message);
    if (moved) fprintf(stderr, "%d running cases go on with it\n", moved);
}

/* Beside the services that are in use; of those not there yet nothing is said, they may come next. */
static gboolean fits_the_others(const Watch *w, const char *path, const Pack *pack)
{
    const GPtrArray *used = case_room_packs(w->home->room);
    g_autoptr(GPtrArray) packs = g_ptr_array_new();
    g_ptr_array_add(packs, (gpointer)pack);
    for (guint i = 0; i < used->len; i++) {
        if (strcmp(pack_id(used->pdata[i]), pack_id(pack)) != 0) g_ptr_array_add(packs, used->pdata[i]);
    }
    g_autoptr(GPtrArray) refusals =
        pack_check_together((const Pack *const *)packs->pdata, packs->len, FALSE, guard_role_known);
    if (refusals->len) g_warning("%s is not taken: %s", path, (const char *)refusals->pdata[0]);
    return !refusals->len;
}

static void take(Watch *w, const char *path)
{
    g_autoptr(GError) error = NULL;
    Pack *pack = pack_load(path, &error);
    const Pack *now = pack ? case_room_pack(w->home->room, pack_id(pack)) : NULL;
    if (now && strcmp(pack_version(now), pack_version(pack)) == 0) {
        pack_free(pack); /* only words that nobody compiles were changed */
        return;
    }
    if (pack && !fits_the_others(w, path, pack)) {
        pack_free(pack);
        return;
    }
    g_autofree char *id = pack ? g_strdup(pack_id(pack)) : NULL;
    if (!pack || !case_room_add_pack(w->home->room, pack, base_clock_now(w->clock), &error)) {
        g_warning("%s is not taken: %s", path, error->message);
        return;
    }
    fprintf(stderr, "%s: version %.12s is in use\n", id, pack_version(case_room_pack(w->home->room, id)));
    take_over_additions(w, id);
}

static void judge(Watch *w, const char *path, Folder *folder)
{
    g_clear_pointer(&folder->refusals, g_ptr_array_unref);
    GPtrArray *refusals = pack_check(path);
    if (!refusals->len) {
        g_ptr_array_unref(refusals);
        take(w, path);
        return;
    }
    for (guint i = 0; i < refusals->len; i++)
        fprintf(stderr, "%s/%s\n", path, (const char *)refusals->pdata[i]);
    fprintf(stderr, "%u to mend; the version in use stays\n", refusals->len);
    folder->refusals = refusals;
}

/* ---- looking ---- */

static void tell(const Watch *w)
{
    GHashTableIter each;
    gpointer path, value;
    g_autoptr(GString) text = g_string_new(NULL);
    BaseJson j = base_json_to(text);
    base_json_array(&j);
    g_hash_table_iter_init(&each, w->folders);
    while (g_hash_table_iter_next(&each, &path, &value)) {
        const Folder *folder = value;
        g_autofree char *name = g_path_get_basename(path);
        if (!folder->refusals) continue;
        base_json_object(&j);
        base_json_put_text(&j, "folder", name);
        base_json_key(&j, "refusals");
        base_json_array(&j);
        for (guint i = 0; i < folder->refusals->len; i++)
            base_json_text(&j, folder->refusals->pdata[i]);
        base_json_end_array(&j);
        base_json_end_object(&j);
    }
    base_json_end_array(&j);
    api_say_troubles(w->api, text->str);
}

static gboolean look_at(Watch *w, const char *name, gboolean first)
{
    char *path = g_build_filename(w->packs, name, NULL);
    g_autofree char *cover = g_build_filename(path, "pack.yaml", NULL);
    Folder *folder = g_hash_table_lookup(w->folders, path);
    if (!folder && g_file_test(cover, G_FILE_TEST_EXISTS))
        g_hash_table_insert(w->folders, g_strdup(path), folder = g_new0(Folder, 1));
    const guint64 now = folder ? stamp(path, 0) : 0;
    const gboolean due = folder && now != folder->judged && now == folder->seen && !first;
    if (folder) folder->seen = now;
    if (folder && (due || first)) folder->judged = now; /* at the beginning all of them were just loaded */
    if (due) judge(w, path, folder);
    g_free(path);
    return due;
}

static void look(Watch *w, gboolean first)
{
    gboolean news = FALSE;
    g_autoptr(GDir) dir = g_dir_open(w->packs, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (*name != '.') news |= look_at(w, name, first);
    if (news) tell(w);
}

static gpointer watching(gpointer data)
{
    Watch *w = data;
    look(w, TRUE);
    g_mutex_lock(&w->lock);
    while (!w->stop) {
        if (g_cond_wait_until(&w->changed, &w->lock, g_get_monotonic_time() + LOOK_US)) continue;
        g_mutex_unlock(&w->lock);
        look(w, FALSE);
        g_mutex_lock(&w->lock);
    }
    g_mutex_unlock(&w->lock);
    return NULL;
}

Watch *watch_start(Home *home, const char *packs, Api *api, const BaseClock *clock)
{
    Watch *w = g_new0(Watch, 1);
    w->home = home;
    w->api = api;
    w->clock = clock;
    w->packs = home_packs(packs);
    w->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, folder_free);
    g_mutex_init(&w->lock);
    g_cond_init(&w->changed);
    w->thread = g_thread_new("watch", watching, w);
    return w;
}

void watch_stop(Watch *w)
{
    if (!w) return;
    g_mutex_lock(&w->lock);
    w->stop = TRUE;
    g_cond_signal(&w->changed);
    g_mutex_unlock(&w->lock);
    g_thread_join(w->thread);
    g_hash_table_unref(w->folders);
    g_mutex_clear(&w->lock);
    g_cond_clear(&w->changed);
    g_free(w->packs);
    g_free(w);
}
