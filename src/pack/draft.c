/* draft.c - what a document of a scenario says: the template with its places filled from the scenario's case.
 * The desk that makes real ones (desk/document) fills them from the ledger and draws them. */
#include "pack/scenario.h"
#include <string.h>

static char *day_of(gint64 at, gint64 utc_offset)
{
    g_autoptr(GDateTime) local = g_date_time_new_from_unix_utc((at + utc_offset) / 1000);
    return g_strdup_printf("%d年%d月%d日", g_date_time_get_year(local), g_date_time_get_month(local),
                           g_date_time_get_day_of_month(local));
}

static void put(json_t *values, const char *place, const char *text)
{
    if (text && *text) json_object_set_new(values, place, json_string(text));
}

/* A scenario's case has no number: the prefix stands for it. */
static void put_case(json_t *values, const PackRun *run, const char *document)
{
    g_autofree char *today = day_of(run->now, run->pack->utc_offset),
                    *opened = day_of(run->opened_at, run->pack->utc_offset),
                    *version = g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                               json_integer_value(json_object_get(run->versions, document)));
    put(values, "number", run->pack->prefix);
    put(values, "document_number", run->pack->prefix);
    put(values, "version", version);
    put(values, "org_name", run->org);
    put(values, "area", run->area);
    put(values, "place", run->place);
    put(values, "title", run->title);
    put(values, "today", today);
    put(values, "opened_at", opened);
}

static void put_fields(json_t *values, const PackRun *run, const PackDocument *document)
{
    for (const char *const *id = document->fields; *id; id++) {
        const PackField *field = pack_field(run->pack, *id);
        const json_t *from = field->klass == PACK_PRIVATE ? run->hidden : run->facts;
        g_autoptr(GString) text = g_string_new(NULL);
        pack_say(run->pack, field, json_object_get(from, *id), "zh", run->pack->utc_offset, text);
        json_object_del(values, *id); /* a field goes before a place of the same name */
        put(values, *id, text->str);
    }
}

static const char *look(const char *place, gpointer values)
{
    return pack_text(values, place);
}

void pack_run_draft(PackRun *run, const char *id)
{
    const PackDocument *document = pack_document(run->pack, id);
    const json_int_t before = json_integer_value(json_object_get(run->versions, id));
    json_t *values = json_object();
    json_object_set_new(run->versions, id, json_integer(before + 1));
    put_case(values, run, id);
    put_fields(values, run, document);
    g_autofree char *text = paper_body_text(document->body, look, values);
    json_object_set_new(run->papers, id, json_string(text));
    json_decref(values);
}
