/* read.c - a pack's files: from a folder (with the place of every node), or from the canonical form. */
#include "base/json.h"
#include "pack/inside.h"
#include <string.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#define MAX_FILES 500

static const char *const known_files[] = { "pack.yaml",    "types.yaml",   "intake.yaml", "procedure.yaml",
                                           "clocks.yaml",  "notices.yaml", "access.yaml", "indicators.yaml",
                                           "reports.yaml", "plans.yaml",   NULL };
static const char *const known_folders[] = { "decisions", "documents", "forms", "scenarios", NULL };

void pack_file_free(PackFile *file)
{
    g_free(file->name);
    json_decref(file->tree);
    pack_places_free(file->places);
    g_free(file);
}

static PackFile *file_new(const char *name, json_t *tree, PackPlaces *places)
{
    PackFile *file = g_new0(PackFile, 1);
    file->name = g_strdup(name);
    file->tree = tree;
    file->places = places;
    return file;
}

PackFile *pack_file_ref(const PackFile *file)
{
    return file_new(file->name, json_incref(file->tree), pack_places_ref(file->places));
}

/* "12:3: what" from the parser stands after the file's name as it is. */
static void refuse_raw(PackRefusals *refusals, const PackRule *rule, const char *name, const char *what)
{
    pack_refuse_text(refusals, rule, g_strdup_printf("%s:%s", name, what));
}

/* Not a pipe, at which one would wait, and nothing without an end. */
static gboolean is_small_file(const char *path)
{
    GStatBuf is;
    return g_stat(path, &is) == 0 && S_ISREG(is.st_mode) && (guint64)is.st_size <= 2 * PACK_YAML_BYTES;
}

static void read_file(const char *folder, const char *name, GPtrArray *files, PackRefusals *refusals)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    gsize length;
    g_autoptr(GError) error = NULL;
    if (!is_small_file(path) || !g_file_get_contents(path, &text, &length, &error)) {
        refuse_raw(refusals, PACK_RULE(file, unread), name,
                   "1:1: cannot be read; check that it is a file, its rights, and that it is under 2 MiB");
        return;
    }
    g_autoptr(PackPlaces) places = pack_places_new();
    /* JSON is YAML too: checked as what it is, then read with the places of its nodes */
    json_t *json =
        g_str_has_suffix(name, ".json") ? base_json_parse(text, length, BASE_JSON_LARGE, &error) : NULL;
    json_decref(json);
    json_t *tree = error ? NULL : pack_yaml_parse(text, length, places, &error);
    if (tree) {
        g_ptr_array_add(files, file_new(name, tree, g_steal_pointer(&places)));
    } else {
        refuse_raw(refusals, PACK_RULE(file, yaml), name, error->message);
    }
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *names_in(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, by_name);
    return names;
}

static gboolean belongs(const char *folder, const char *name)
{
    return g_str_has_suffix(name, strcmp(folder, "forms") == 0 ? ".json" : ".yaml") && *name != '.';
}

static void refuse_name(PackRefusals *refusals, const char *name)
{
    const char *near = pack_nearest(name, known_files);
    near = near ? near : pack_nearest(name, known_folders);
    g_autofree char *what =
        g_strdup_printf("1:1: not a part of a pack; %s%s", near ? "did you mean " : "see docs/packs.md, ",
                        near ? near : "\"Files\"");
    refuse_raw(refusals, PACK_RULE(file, unknown), name, what);
}

static void read_subfolder(const char *folder, const char *sub, GPtrArray *files, PackRefusals *refusals)
{
    g_autofree char *path = g_build_filename(folder, sub, NULL);
    g_autoptr(GPtrArray) names = names_in(path);
    for (guint i = 0; i < names->len && i < MAX_FILES; i++) {
        g_autofree char *name = g_strdup_printf("%s/%s", sub, (const char *)names->pdata[i]);
        if (belongs(sub, names->pdata[i])) {
            read_file(folder, name, files, refusals);
        } else {
            refuse_name(refusals, name);
        }
    }
}

GPtrArray *pack_read_folder(const char *folder, PackRefusals *refusals)
{
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)pack_file_free);
    g_autoptr(GPtrArray) names = names_in(folder);
    for (guint i = 0; i < names->len && i < MAX_FILES; i++) {
        const char *name = names->pdata[i];
        if (g_strv_contains(known_files, name)) {
            read_file(folder, name, files, refusals);
        } else if (g_strv_contains(known_folders, name)) {
            read_subfolder(folder, name, files, refusals);
        } else if (!g_str_has_suffix(name, ".md")) {
            refuse_name(refusals, name);
        }
    }
    if (!names->len) {
        refuse_raw(refusals, PACK_RULE(file, unread), folder,
                   " no such folder, or an empty one; give the folder that holds pack.yaml");
    }
    return files;
}

GPtrArray *pack_read_canonical(const char *text, GError **error)
{
    json_t *whole = base_json_parse(text, strlen(text), BASE_JSON_LARGE, error);
    if (!whole || !json_is_object(whole)) {
        if (whole) {
            g_set_error(error, PACK_ERROR, PACK_ERROR_READ,
                        "a canonical pack is one JSON object of its files");
        }
        json_decref(whole);
        return NULL;
    }
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)pack_file_free);
    const char *name;
    json_t *tree;
    json_object_foreach(whole, name, tree)
    {
        g_ptr_array_add(files, file_new(name, json_incref(tree), NULL));
    }
    json_decref(whole);
    return files;
}

json_t *pack_whole(const GPtrArray *files)
{
    json_t *whole = json_object();
    for (guint i = 0; i < files->len; i++) {
        const PackFile *file = files->pdata[i];
        json_object_set(whole, file->name, file->tree);
    }
    return whole;
}

const PackFile *pack_file_find(const GPtrArray *files, const char *name)
{
    for (guint i = 0; i < files->len; i++) {
        const PackFile *file = files->pdata[i];
        if (strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}
