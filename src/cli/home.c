/* home.c - opens and closes a city's folder in the order that things depend on each other. */
#include "cli/home.h"
#include "desk/notice/notice.h"
#include "loop/case/days.h"
#include "loop/case/migrate.h"
#include "loop/close/close.h"
#include "loop/intake/plan.h"
#include "loop/measure/measure.h"
#include <errno.h>
#include <sys/stat.h>

char *home_folder(const char *given)
{
    const char *named = given ? given : g_getenv("BIHUAN_FOLDER");
    return g_strdup(named ? named : "var/city");
}

char *home_packs(const char *given)
{
    const char *named = given ? given : g_getenv("BIHUAN_PACKS");
    return g_strdup(named ? named : "packs");
}

/* A city whose database is gone is not an empty city: a disk may not be mounted. */
static gboolean find_city(const char *folder, GError **error)
{
    g_autofree char *store = g_build_filename(folder, "store", NULL),
                    *file = g_build_filename(store, "store.db", NULL);
    struct stat is;
    if (stat(file, &is) == 0 && is.st_size > 0) return TRUE;
    if (errno == EACCES)
        g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER, "%s cannot be opened: %s", store, g_strerror(errno));
    else if (g_file_test(store, G_FILE_TEST_IS_DIR))
        g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER,
                    "%s is not there or empty; is its disk mounted? Else restore a backup", file);
    else
        g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER,
                    "%s holds no city; make one with: bihuan init --folder %s", folder, folder);
    return FALSE;
}

static gboolean ready_folder(const char *folder, gboolean create, GError **error)
{
    if (!create) return find_city(folder, error);
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER, "%s cannot be made: %s", folder, g_strerror(errno));
        return FALSE;
    }
    return TRUE;
}

static gboolean open_store(Home *home, const HomeOptions *options, GError **error)
{
    if (options->in_memory) {
        home->store = store_memory_open(error);
        return home->store != NULL;
    }
    if (!ready_folder(home->folder, options->create, error)) return FALSE;
    g_autofree char *path = g_build_filename(home->folder, "store", NULL);
    StoreOptions how = { .path = path };
    home->store = store_sqlite_open(&how, error);
    return home->store != NULL;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

static gboolean sound_together(const Home *home, const char *folder, GError **error)
{
    const GPtrArray *packs = case_room_packs(home->room);
    g_autoptr(GPtrArray) refusals =
        pack_check_together((const Pack *const *)packs->pdata, packs->len, TRUE, guard_role_known);
    if (refusals->len)
        g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER, "%s/%s", folder, (char *)refusals->pdata[0]);
    return !refusals->len;
}

static gboolean add_packs(Home *home, const HomeOptions *options, GError **error)
{
    g_autofree char *folder = home_packs(options->packs);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir) {
        g_prefix_error(error, "the packs cannot be read (--packs): ");
        return FALSE;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(folder, name, "pack.yaml", NULL);
        if (g_file_test(file, G_FILE_TEST_EXISTS))
            g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    }
    g_ptr_array_sort(names, by_name);
    for (guint i = 0; i < names->len; i++) {
        Pack *pack = pack_load(names->pdata[i], error);
        if (!pack || !case_room_add_pack(home->room, pack, options->at, error)) return FALSE;
    }
    return sound_together(home, folder, error);
}

/* A version that only adds to the one a case is on is taken over at once. */
static gboolean take_over_additions(const Home *home, const HomeOptions *options, GError **error)
{
    const GPtrArray *packs = case_room_packs(home->room);
    for (guint i = 0; i < packs->len; i++) {
        int moved;
        g_autoptr(CaseMigration) m = case_migration_new(home->room, pack_id(packs->pdata[i]), NULL, error);
        if (!m || !case_migrate_all(home->room, m, &CASE_SYSTEM, options->at, TRUE, &moved, error))
            return FALSE;
    }
    return TRUE;
}

/* An open case whose service is not there could not be moved, and its clocks would stand still. */
static gboolean packs_complete(const Home *home, const HomeOptions *options, GError **error)
{
    g_autofree char *folder = home_packs(options->packs);
    GError *failed = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(home->store, error);
    if (!conn) return FALSE;
    g_autoptr(StoreRows) rows = store_query(
        conn, "SELECT pack, count(*) FROM case_file WHERE final = 0 GROUP BY pack", NULL, 0, error);
    while (rows && store_step(rows, &failed)) {
        if (case_room_pack(home->room, store_text(rows, 0))) continue;
        g_set_error(error, CLI_ERROR, CLI_ERROR_FOLDER,
                    "pack %s is not in %s (--packs), but %" G_GINT64_FORMAT " open cases are of it",
                    store_text(rows, 0), folder, store_int(rows, 1));
        return FALSE;
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

gboolean home_open(Home *home, const HomeOptions *options, GError **error)
{
    home->folder = home_folder(options->folder);
    if (!open_store(home, options, error)) return FALSE;
    g_autofree char *keys = options->in_memory ? g_dir_make_tmp("bihuan-keys-XXXXXX", error)
                                               : g_build_filename(home->folder, "keys", NULL);
    if (!keys) return FALSE;
    home->guard =
        guard_open(home->store, keys, options->create || options->in_memory, options->chance, error);
    if (!home->guard) return FALSE;
    home->room = case_room_new(home->store, home->guard, BASE_CHINA_OFFSET);
    home->dispatch = dispatch_new(home->room);
    close_enrol(home->room);
    g_autofree char *url = notice_public_url(home->folder);
    home->documents = document_desk_new(home->room, url);
    measure_enrol(home->room);
    plan_enrol(home->room);
    return options->without_packs ||
           (add_packs(home, options, error) && packs_complete(home, options, error) &&
            case_days_load(home->room, options->at, error) && take_over_additions(home, options, error));
}

void home_close(Home *home)
{
    g_clear_pointer(&home->dispatch, dispatch_free);
    g_clear_pointer(&home->room, case_room_free);
    g_clear_pointer(&home->documents, document_desk_free);
    g_clear_pointer(&home->guard, guard_close);
    g_clear_pointer(&home->store, store_close);
    g_clear_pointer(&home->folder, g_free);
}
