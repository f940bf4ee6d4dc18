/* file.c - the gateway of a folder: a batch appears in it as one file of JSON lines, whole and on disk, or
 * not at all; the site's own system takes the file away. Receipts are files that it moves into another
 * folder. */
#include "desk/notice/gateway.h"
#include "desk/notice/sign.h"
#include "base/json.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECEIPT_FILES 64 /* at a time */
#define RECEIPT_BYTES (1 << 20)

typedef struct {
    NoticeGateway seam;
    char *folder, *receipts;
    gboolean simulated;
    GPtrArray *read; /* paths of receipts given out and not yet settled */
} FileGateway;

/* ---- out ---- */

static void put_line(GString *out, const NoticeItem *item, gboolean simulated)
{
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_put_text(&j, "message", item->message);
    base_json_put_text(&j, "channel", item->channel);
    base_json_put_text(&j, "receiver", item->receiver);
    if (item->address) base_json_put_text(&j, "to", item->address);
    if (item->unit) base_json_put_text(&j, "unit", item->unit);
    if (item->org) base_json_put_text(&j, "org", item->org);
    base_json_put_text(&j, "lang", item->lang);
    base_json_put_text(&j, "text", item->text);
    base_json_put_text(&j, "number", item->number);
    if (simulated) base_json_put_bool(&j, "simulated", TRUE);
    base_json_end_object(&j);
    g_string_append_c(out, '\n');
}

static gboolean write_whole(int fd, const GString *text)
{
    for (gsize done = 0; done < text->len;) {
        ssize_t n = write(fd, text->str + done, text->len - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return FALSE;
        done += (gsize)n;
    }
    return fsync(fd) == 0;
}

/* Under a name with a dot first, then moved: who watches the folder never sees half a file. Group may read,
 * so that the other system need not be us. */
static gboolean place(const char *folder, const char *name, const GString *text)
{
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) return FALSE;
    g_autofree char *spare = g_strconcat(".", name, NULL);
    int fd = openat(dir, spare, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
    gboolean placed = fd >= 0 && write_whole(fd, text);
    if (fd >= 0) placed = close(fd) == 0 && placed;
    placed = placed && renameat(dir, spare, dir, name) == 0 && fsync(dir) == 0;
    int why = errno;
    if (!placed) unlinkat(dir, spare, 0);
    close(dir);
    errno = why;
    return placed;
}

static void deliver(NoticeGateway *seam, const NoticeItem *items, gsize n, gint64 real_now,
                    NoticeResult *results)
{
    FileGateway *g = (FileGateway *)seam;
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < n; i++)
        put_line(text, &items[i], g->simulated);
    g_autofree char *name = g_strdup_printf("%013" G_GINT64_FORMAT "-%s.jsonl", real_now, items[0].message);
    gboolean placed = place(g->folder, name, text);
    results[0].outcome = placed ? NOTICE_ACCEPTED : NOTICE_FAILED;
    if (!placed) g_snprintf(results[0].why, sizeof results[0].why, "%s: %s", g->folder, g_strerror(errno));
    for (gsize i = 1; placed && i < n; i++)
        results[i].outcome = NOTICE_ACCEPTED;
    memset(text->str, 0, text->len);
}

/* ---- in ---- */

static gboolean read_line(const char *line, GArray *out, GError **error)
{
    NoticeReceipt receipt;
    json_t *object = base_json_parse(line, strlen(line), BASE_JSON_REQUEST, error);
    gboolean ok = object && notice_receipt_read(object, &receipt, error);
    json_decref(object);
    if (ok) g_array_append_val(out, receipt);
    return ok;
}

/* All lines or none, so that a file is mended and moved back as a whole. */
static gboolean read_lines(char *text, GArray *out, GError **error)
{
    guint before = out->len;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!*g_strstrip(lines[i]) || read_line(lines[i], out, error)) continue;
        g_prefix_error(error, "line %u: ", i + 1);
        g_array_set_size(out, before);
        return FALSE;
    }
    return TRUE;
}

static gboolean read_file(const char *path, GArray *out, GError **error)
{
    struct stat is;
    g_autofree char *text = NULL;
    if (g_lstat(path, &is) != 0 || !S_ISREG(is.st_mode) || is.st_size > RECEIPT_BYTES) {
        g_set_error(error, NOTICE_ERROR, NOTICE_ERROR_RECEIPT, "no plain file of at most 1 MiB");
        return FALSE;
    }
    return g_file_get_contents(path, &text, NULL, error) && read_lines(text, out, error);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *waiting(const FileGateway *g, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(g->receipts, 0, error);
    if (!dir) return NULL;
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));)
        if (*name != '.' && g_str_has_suffix(name, ".jsonl"))
            g_ptr_array_add(paths, g_build_filename(g->receipts, name, NULL));
    g_ptr_array_sort(paths, by_name);
    if (paths->len > RECEIPT_FILES) g_ptr_array_set_size(paths, RECEIPT_FILES);
    return paths;
}

/* A file that cannot be read is put aside as NAME.bad, so that the others go on. */
static gboolean receipts(NoticeGateway *seam, GArray *out, GError **error)
{
    FileGateway *g = (FileGateway *)seam;
    g_ptr_array_set_size(g->read, 0);
    g_autoptr(GPtrArray) paths = waiting(g, error);
    for (guint i = 0; paths && i < paths->len; i++) {
        g_autoptr(GError) refused = NULL;
        const char *path = paths->pdata[i];
        if (read_file(path, out, &refused)) {
            g_ptr_array_add(g->read, g_strdup(path));
            continue;
        }
        g_autofree char *aside = g_strconcat(path, ".bad", NULL);
        g_warning("receipts in %s are not taken, put aside as .bad: %s", path, refused->message);
        g_rename(path, aside);
    }
    return paths != NULL;
}

static void settled(NoticeGateway *seam)
{
    FileGateway *g = (FileGateway *)seam;
    for (guint i = 0; i < g->read->len; i++)
        g_unlink(g->read->pdata[i]);
    g_ptr_array_set_size(g->read, 0);
}

/* ---- made and ended ---- */

static void free_gateway(NoticeGateway *seam)
{
    FileGateway *g = (FileGateway *)seam;
    g_free(g->folder);
    g_free(g->receipts);
    g_ptr_array_unref(g->read);
    g_free(g);
}

static gboolean make_folder(const char *path, GError **error)
{
    if (!path || g_mkdir_with_parents(path, 0750) == 0) return TRUE;
    g_set_error(error, NOTICE_ERROR, NOTICE_ERROR_GATEWAY, "%s cannot be made: %s", path, g_strerror(errno));
    return FALSE;
}

NoticeGateway *notice_file_gateway(const char *folder, const char *drop, gboolean simulated, GError **error)
{
    if (!make_folder(folder, error) || !make_folder(drop, error)) return NULL;
    FileGateway *g = g_new0(FileGateway, 1);
    g->seam = (NoticeGateway){ .kind = "file", .deliver = deliver, .settled = settled, .free = free_gateway };
    if (drop) g->seam.receipts = receipts;
    g->folder = g_strdup(folder);
    g->receipts = g_strdup(drop);
    g->simulated = simulated;
    g->read = g_ptr_array_new_with_free_func(g_free);
    return &g->seam;
}
