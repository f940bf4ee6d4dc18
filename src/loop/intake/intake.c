/* intake.c - tables are read on the caller's thread, a chunk ahead of the writer, which opens the cases. */
#include "loop/intake/intake.h"
#include <string.h>

#define CHUNK 500         /* rows of one durable job */
#define AHEAD 2           /* chunks read while others are written */
#define TITLE_ROWS 10     /* offices put titles above the header */
#define BAD_LINES_KEPT 50 /* in the ledger's record of an import */

typedef struct {
    const Pack *pack;
    const char *source; /* "pack/mapping" */
    PackBinding *binding;
    char *file_ref; /* head of the file's SHA-256, for the record */
    const Guard *guard;
    GHashTable *seen; /* mark of a row -> how often it stood in this table; both owned by the table */
    GString *text;    /* of a row, for its mark */
    GString *bad;     /* line numbers of refused rows, for the record */
    guint bad_kept;
    IntakeCount count;
} Reading;

static void reading_clear(Reading *reading)
{
    pack_binding_free(reading->binding);
    g_free((char *)reading->source);
    g_free(reading->file_ref);
    if (reading->seen) g_hash_table_unref(reading->seen);
    if (reading->text) g_string_free(reading->text, TRUE);
    if (reading->bad) g_string_free(reading->bad, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static void signal_clear(gpointer signal)
{
    pack_signal_clear(signal);
}

static GArray *signals_new(void)
{
    GArray *signals = g_array_sized_new(FALSE, TRUE, sizeof(PackSignal), CHUNK);
    g_array_set_clear_func(signals, signal_clear);
    return signals;
}

/* Bind the named mapping, or the first of the pack's whose columns are all in this row. */
static gboolean bind_header(Reading *reading, const char *wanted, char **header, gsize n, GError **error)
{
    const Pack *pack = reading->pack;
    for (gsize i = 0; i < pack_mappings(pack); i++) {
        const PackMapping *mapping = pack_mapping_at(pack, i);
        if (wanted && strcmp(wanted, pack_mapping_id(mapping)) != 0) continue;
        g_clear_error(error);
        reading->binding = pack_bind(pack, mapping, header, n, error);
        if (reading->binding) {
            reading->source = g_strdup_printf("%s/%s", pack_id(pack), pack_mapping_id(mapping));
            return TRUE;
        }
    }
    return FALSE;
}

/* The header is the first row that a mapping fits; titles may stand above it. */
static gboolean find_header(Reading *reading, BaseCsv *csv, const char *wanted, GError **error)
{
    g_autoptr(GError) first = NULL;
    for (int row = 0; row < TITLE_ROWS; row++) {
        char **fields;
        gsize n;
        const char *why;
        BaseCsvStep step = base_csv_next(csv, &fields, &n, &why, error);
        if (step == BASE_CSV_BROKEN) return FALSE;
        if (step == BASE_CSV_END) break;
        g_autoptr(GError) refusal = NULL;
        if (step == BASE_CSV_ROW && bind_header(reading, wanted, fields, n, &refusal)) return TRUE;
        if (!first && refusal) first = g_steal_pointer(&refusal);
    }
    g_set_error(error, INTAKE_ERROR, INTAKE_ERROR_MAPPING,
                "no mapping of pack %s fits the table's header: %s", pack_id(reading->pack),
                first ? first->message : "the table has no row that could be one");
    return FALSE;
}

static gboolean begin(Reading *reading, CaseRoom *room, const guint8 *bytes, gsize length,
                      const IntakeOptions *options, BaseCsv **csv, GError **error)
{
    reading->pack = case_room_pack(room, options->pack);
    if (!reading->pack) {
        g_set_error(error, INTAKE_ERROR, INTAKE_ERROR_MAPPING, "there is no pack \"%s\"", options->pack);
        return FALSE;
    }
    if (options->mapping && !pack_mapping(reading->pack, options->mapping)) {
        g_set_error(error, INTAKE_ERROR, INTAKE_ERROR_MAPPING, "pack %s has no mapping \"%s\"", options->pack,
                    options->mapping);
        return FALSE;
    }
    *csv = base_csv_new(bytes, length, options->encoding, BASE_CSV_LIMITS, error);
    if (!*csv || !find_header(reading, *csv, options->mapping, error)) return FALSE;
    g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length);
    reading->file_ref = g_strndup(sum, 16);
    reading->bad = g_string_new(NULL);
    reading->guard = case_room_guard(room);
    reading->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    reading->text = g_string_new(NULL);
    reading->count.bytes_all = (gint64)length;
    return TRUE;
}

static void refuse_row(Reading *reading, const IntakeOptions *options, gsize line, const char *why)
{
    reading->count.bad++;
    if (options->bad_row) options->bad_row(line, why, options->data);
    if (reading->bad_kept++ < BAD_LINES_KEPT)
        g_string_append_printf(reading->bad, "%s%" G_GSIZE_FORMAT, reading->bad->len ? "," : "", line);
}

/* A row without a reference of its own is known by what it says and, among equal rows, by which of them it
 * is: so a table that is read again after some of its rows were mended opens only those. The time stands
 * first so that an index of many takes them at its end. */
static char *ref_of_row(Reading *reading, char **fields, gsize n, gint64 at)
{
    char mark[GUARD_LINK];
    g_string_truncate(reading->text, 0);
    for (gsize i = 0; i < n; i++)
        g_string_append_len(reading->text, fields[i], (gssize)strlen(fields[i]) + 1);
    guard_row_mark(reading->guard, reading->text->str, reading->text->len, mark);
    guint times = GPOINTER_TO_UINT(g_hash_table_lookup(reading->seen, mark)) + 1;
    g_hash_table_replace(reading->seen, g_strdup(mark), GUINT_TO_POINTER(times));
    return g_strdup_printf("%013" G_GINT64_FORMAT "-%s-%u", at, mark, times);
}

static gboolean read_signal(Reading *reading, char **fields, gsize n, gint64 now, PackSignal *signal,
                            GError **error)
{
    if (!pack_bind_row(reading->binding, fields, n, now, signal, error)) return FALSE;
    if (!signal->ref) signal->ref = ref_of_row(reading, fields, n, signal->at);
    return TRUE;
}

/* Read rows into `signals` (and their lines into `lines`) until it holds `most` or the table ends (*end).
 * FALSE: the table is broken. */
static gboolean read_rows(Reading *reading, BaseCsv *csv, const IntakeOptions *options, guint most,
                          GArray *signals, GArray *lines, gboolean *end, GError **error)
{
    while (signals->len < most) {
        char **fields;
        gsize n;
        const char *why;
        BaseCsvStep step = base_csv_next(csv, &fields, &n, &why, error);
        if (step == BASE_CSV_BROKEN) return FALSE;
        *end = step == BASE_CSV_END;
        if (*end) break;
        reading->count.rows++;
        gsize line = base_csv_line(csv);
        PackSignal signal = { 0 };
        g_autoptr(GError) refusal = NULL;
        if (step == BASE_CSV_BAD_ROW)
            refuse_row(reading, options, line, why);
        else if (read_signal(reading, fields, n, options->now, &signal, &refusal)) {
            g_array_append_val(signals, signal);
            g_array_append_val(lines, line);
        } else {
            refuse_row(reading, options, line, refusal->message);
        }
    }
    reading->count.bytes_done = (gint64)base_csv_bytes(csv);
    return TRUE;
}

/* ---- writing, a chunk behind ---- */

typedef struct Chunk Chunk;

typedef struct {
    CaseRoom *room;
    Reading *reading;
    const IntakeOptions *options;
    GMutex lock;
    GCond done;
    guint in_flight;
    gint64 opened, again;
    GError *error;
    GSList *refused; /* of Chunk: undone because of one of their rows; to be opened row by row */
} Pipeline;

struct Chunk {
    Pipeline *pipeline;
    GArray *signals, *lines;
    guint from, to; /* the rows of this job */
    gint64 opened, again;
};

static void chunk_free(Chunk *chunk)
{
    g_array_unref(chunk->signals);
    g_array_unref(chunk->lines);
    g_free(chunk);
}

static gboolean open_chunk(StoreConn *conn, gpointer data, GError **error)
{
    Chunk *chunk = data;
    const Pipeline *p = chunk->pipeline;
    chunk->opened = chunk->again = 0;
    for (guint i = chunk->from; i < chunk->to; i++) {
        const PackSignal *signal = &g_array_index(chunk->signals, PackSignal, i);
        gint64 now = p->options->now ? p->options->now : signal->at;
        gboolean again = FALSE;
        BaseId id;
        if (!case_open(p->room, conn, p->reading->pack, p->reading->source, signal, p->options->actor, now,
                       &id, &again, error))
            return FALSE;
        if (again)
            chunk->again++;
        else
            chunk->opened++;
    }
    return TRUE;
}

/* On the writer's thread. */
static void chunk_done(gboolean ok, const GError *error, gpointer data)
{
    Chunk *chunk = data;
    Pipeline *p = chunk->pipeline;
    g_mutex_lock(&p->lock);
    if (ok) {
        p->opened += chunk->opened;
        p->again += chunk->again;
    } else if (error->domain == CASE_ERROR) {
        p->refused = g_slist_prepend(p->refused, g_steal_pointer(&chunk));
    } else if (!p->error) {
        p->error = g_error_copy(error);
    }
    p->in_flight--;
    g_cond_signal(&p->done);
    g_mutex_unlock(&p->lock);
    if (chunk) chunk_free(chunk);
}

/* Wait until fewer than `limit` chunks are being written. FALSE when one of them failed. */
static gboolean wait_below(Pipeline *p, guint limit)
{
    g_mutex_lock(&p->lock);
    while (p->in_flight >= limit)
        g_cond_wait(&p->done, &p->lock);
    gboolean well = p->error == NULL;
    g_mutex_unlock(&p->lock);
    return well;
}

static void send_chunk(Pipeline *p, GArray *signals, GArray *lines)
{
    Chunk *chunk = g_new0(Chunk, 1);
    chunk->pipeline = p;
    chunk->signals = g_array_ref(signals);
    chunk->lines = g_array_ref(lines);
    chunk->to = signals->len;
    g_mutex_lock(&p->lock);
    p->in_flight++;
    g_mutex_unlock(&p->lock);
    store_write_later(case_room_store(p->room), open_chunk, chunk, chunk_done);
}

/* A row that the loop refuses (nobody is responsible for it) spoils itself alone, not the chunk it came in.
 */
static gboolean open_one_by_one(Pipeline *p, Chunk *chunk, GError **error)
{
    for (guint i = 0; i < chunk->signals->len; i++) {
        g_autoptr(GError) refusal = NULL;
        chunk->from = i;
        chunk->to = i + 1;
        if (store_write(case_room_store(p->room), open_chunk, chunk, &refusal)) {
            p->opened += chunk->opened;
            p->again += chunk->again;
        } else if (refusal->domain == CASE_ERROR) {
            refuse_row(p->reading, p->options, g_array_index(chunk->lines, gsize, i), refusal->message);
        } else {
            g_propagate_error(error, g_steal_pointer(&refusal));
            return FALSE;
        }
    }
    return TRUE;
}

/* All chunks are done and those refused are gone through. */
static gboolean settle(Pipeline *p, GError **error)
{
    gboolean well = wait_below(p, 1);
    if (!well) g_propagate_error(error, g_steal_pointer(&p->error));
    for (GSList *each = p->refused; each; each = each->next) {
        well = well && open_one_by_one(p, each->data, error);
        chunk_free(each->data);
    }
    g_clear_pointer(&p->refused, g_slist_free);
    return well;
}

static void tell_progress(Pipeline *p)
{
    if (!p->options->progress) return;
    IntakeCount so_far = p->reading->count;
    g_mutex_lock(&p->lock);
    so_far.opened = p->opened;
    so_far.again = p->again;
    g_mutex_unlock(&p->lock);
    p->options->progress(&so_far, p->options->data);
}

static gboolean read_and_send(Pipeline *p, BaseCsv *csv, GError **error)
{
    for (gboolean end = FALSE; !end;) {
        g_autoptr(GArray) signals = signals_new(), lines = g_array_new(FALSE, FALSE, sizeof(gsize));
        if (!read_rows(p->reading, csv, p->options, CHUNK, signals, lines, &end, error)) return FALSE;
        if (!wait_below(p, AHEAD)) return TRUE; /* settle() has the error */
        if (signals->len > 0) send_chunk(p, signals, lines);
        tell_progress(p);
    }
    return TRUE;
}

/* ---- the record that somebody imported a table ---- */

typedef struct {
    CaseRoom *room;
    const Reading *reading;
    const IntakeOptions *options;
} Record;

static gboolean log_import(StoreConn *conn, gpointer data, GError **error)
{
    const Record *record = data;
    const IntakeCount *count = &record->reading->count;
    g_autoptr(GString) body = g_string_new(NULL);
    BaseJson j = base_json_to(body);
    base_json_object(&j);
    base_json_put_text(&j, "source", record->reading->source);
    base_json_put_text(&j, "file", record->reading->file_ref);
    base_json_put_int(&j, "rows", count->rows);
    base_json_put_int(&j, "opened", count->opened);
    base_json_put_int(&j, "again", count->again);
    base_json_put_int(&j, "bad", count->bad);
    base_json_put_text(&j, "bad_lines", record->reading->bad->str);
    base_json_end_object(&j);
    LedgerEvent event = { .at = record->options->now,
                          .kind = "import",
                          .operation = "collection",
                          .actor = record->options->actor->actor,
                          .basis = record->options->actor->basis,
                          .purpose = record->options->actor->purpose,
                          .body = body->str };
    return guard_log(conn, case_room_guard(record->room), &event, error) > 0;
}

gboolean intake_table(CaseRoom *room, const guint8 *bytes, gsize length, const IntakeOptions *options,
                      IntakeCount *count, GError **error)
{
    g_auto(Reading) reading = { 0 };
    g_autoptr(BaseCsv) csv = NULL;
    if (!begin(&reading, room, bytes, length, options, &csv, error)) return FALSE;
    Pipeline p = { .room = room, .reading = &reading, .options = options };
    g_mutex_init(&p.lock);
    g_cond_init(&p.done);
    gboolean well = read_and_send(&p, csv, error);
    well = settle(&p, well ? error : NULL) && well;
    g_mutex_clear(&p.lock);
    g_cond_clear(&p.done);
    reading.count.opened = p.opened;
    reading.count.again = p.again;
    *count = reading.count;
    Record record = { room, &reading, options };
    return well && store_write(case_room_store(room), log_import, &record, error);
}

static int by_time(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const PackSignal *)a)->at, y = ((const PackSignal *)b)->at;
    return (x > y) - (x < y);
}

GArray *intake_read(CaseRoom *room, const guint8 *bytes, gsize length, const IntakeOptions *options,
                    IntakeCount *count, GError **error)
{
    g_auto(Reading) reading = { 0 };
    g_autoptr(BaseCsv) csv = NULL;
    if (!begin(&reading, room, bytes, length, options, &csv, error)) return NULL;
    g_autoptr(GArray) signals = signals_new(), lines = g_array_new(FALSE, FALSE, sizeof(gsize));
    gboolean end = FALSE;
    if (!read_rows(&reading, csv, options, G_MAXUINT, signals, lines, &end, error)) return NULL;
    g_array_sort(signals, by_time); /* GArray's sort is stable (merge sort) */
    *count = reading.count;
    return g_steal_pointer(&signals);
}

gboolean intake_json(CaseRoom *room, StoreConn *conn, const Pack *pack, const PackMapping *mapping,
                     const json_t *object, const char *source, const char *ref, const CaseActor *actor,
                     gint64 now, BaseId *id, const char **outcome, GError **error)
{
    PackSignal signal = { 0 };
    if (!pack_map_json(pack, mapping, object, now, &signal, error)) return FALSE;
    if (ref) {
        g_free(signal.ref);
        signal.ref = g_strdup(ref);
    }
    if (!signal.ref) { /* nobody gave it a name: it gets one, and a retry is held by its idempotency key */
        BaseId name = base_id_make(guard_chance(case_room_guard(room)), now);
        signal.ref = g_malloc(BASE_ID_TEXT);
        base_id_write(&name, signal.ref);
    }
    gboolean again = FALSE;
    gboolean well = case_open(room, conn, pack, source, &signal, actor, now, id, &again, error);
    if (well) *outcome = again ? "again" : "opened";
    pack_signal_clear(&signal);
    return well;
}
