/* new.c - a small service that works, written into a folder with words that teach. */
#include "cli/command.h"
#include "cli/new_pack.gen.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    char *id, *title, *prefix;
} NewPack;

static void new_pack_clear(NewPack *p)
{
    g_free(p->id);
    g_free(p->title);
    g_free(p->prefix);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NewPack, new_pack_clear)

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean refuse(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (error) *error = g_error_new_valist(CLI_ERROR, CLI_ERROR_USE, format, args);
    va_end(args);
    return FALSE;
}

/* Ids of services stand in addresses and case numbers: plain letters. */
static gboolean id_sound(const char *id, GError **error)
{
    const gsize n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return (*id && !id[n] && g_ascii_isalpha(*id) && n <= 32) ||
           refuse(
               error,
               "\"%s\" cannot be a service's id; small letters, digits, _ and -, 32 at most: --id my-service",
               id);
}

static gboolean name_it(NewPack *p, const char *folder, const char *id, const char *title, GError **error)
{
    g_autofree char *base = g_path_get_basename(folder);
    p->id = g_strdup(id ? id : base);
    if (!id_sound(p->id, error)) return FALSE;
    if (title && strpbrk(title, "\"\\\n")) return refuse(error, "a title is one line without quotes");
    p->title = g_strdup(title ? title : p->id);
    p->prefix = g_ascii_strup(p->id, MIN(strcspn(p->id, "-_0123456789"), 2));
    return TRUE;
}

/* A folder that holds something is somebody's work. */
static gboolean folder_free(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    if (dir && g_dir_read_name(dir)) return refuse(error, "%s is not empty; nothing was written", folder);
    return TRUE;
}

static char *filled(const NewPack *p, const char *text)
{
    GString *out = g_string_new(text);
    g_string_replace(out, "{id}", p->id, 0);
    g_string_replace(out, "{title}", p->title, 0);
    g_string_replace(out, "{title_en}", p->title, 0);
    g_string_replace(out, "{prefix}", p->prefix, 0);
    return g_string_free(out, FALSE);
}

static gboolean write_file(const NewPack *p, const char *folder, gsize i, GError **error)
{
    g_autofree char *path = g_build_filename(folder, new_pack[i].name, NULL),
                    *parent = g_path_get_dirname(path);
    const gboolean cover = strcmp(new_pack[i].name, "pack.yaml") == 0;
    g_autofree char *text = cover ? filled(p, new_pack[i].text) : g_strdup(new_pack[i].text);
    if (g_mkdir_with_parents(parent, 0755) != 0)
        return refuse(error, "%s cannot be made: %s", parent, g_strerror(errno));
    return g_file_set_contents(path, text, -1, error);
}

int command_pack_new(const char *folder, const char *id, const char *title)
{
    g_autoptr(GError) error = NULL;
    g_auto(NewPack) p = { 0 };
    gboolean well = name_it(&p, folder, id, title, &error) && folder_free(folder, &error);
    for (gsize i = 0; well && i < G_N_ELEMENTS(new_pack); i++)
        well = write_file(&p, folder, i, &error);
    if (!well) return command_fail(error, FALSE);
    printf("%s: a small service that works; %zu files with notes in them\n", folder, G_N_ELEMENTS(new_pack));
    printf("next:  bihuan pack check %s      what is to be mended, with file, line and a hint\n", folder);
    printf("       bihuan pack test %s       its examples\n", folder);
    printf("       bihuan serve --watch --packs %s   (see docs/packs.md, \"Your own service in an hour\")\n",
           folder);
    return 0;
}
