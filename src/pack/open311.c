/* open311.c - what a pack offers to outside systems: the mapping that says `open311: true`, its services
 * (codes that `service_code` may hold) and what else it asks for. */
#include "pack/inside.h"
#include <string.h>

#define CODE "service_code"

static gboolean offered(const PackMapping *mapping)
{
    return json_is_true(json_object_get(mapping->item, "open311"));
}

static const PackMapLine *service_line(const PackMapping *mapping)
{
    for (guint i = 0; i < mapping->lines->len; i++) {
        const PackMapLine *line = mapping->lines->pdata[i];
        if (line->from && line->from[0] && !strcmp(line->from[0], CODE) && !line->from[1]) return line;
    }
    return NULL;
}

/* Run once over every mapping of a pack that is written. */
void pack_check_open311(PackMaking *m, const PackFile *file, const PackMapping *mapping)
{
    if (!offered(mapping)) return;
    const PackMapLine *line = service_line(mapping);
    const PackField *field = line ? line->field : NULL;
    if (!field || field->klass != PACK_OPEN || !field->list || !line->required || line->pattern)
        pack_refuse(m->refusals, PACK_RULE(open311, service), PACK_AT_VALUE(file, mapping->item, "open311"),
                    "nothing tells the service; add a line {to: <open field with a code list>, from: " CODE
                    ", required: true}");
    if (pack_open311(m->pack) != mapping)
        pack_refuse(m->refusals, PACK_RULE(open311, service), PACK_AT_VALUE(file, mapping->item, "open311"),
                    "mapping '%s' says so already; a pack has one", pack_open311(m->pack)->id);
}

const PackMapping *pack_open311(const Pack *pack)
{
    for (guint i = 0; i < pack->mappings->len; i++)
        if (offered(pack->mappings->pdata[i])) return pack->mappings->pdata[i];
    return NULL;
}

const char *pack_open311_field(const PackMapping *mapping)
{
    return service_line(mapping)->field->id;
}

/* With a `map` its keys are the services, otherwise every code is one. */
gboolean pack_open311_service(const Pack *pack, gsize i, PackService *out)
{
    const PackMapping *mapping = pack_open311(pack);
    if (!mapping) return FALSE;
    const PackMapLine *line = service_line(mapping);
    json_t *codes = line->map ? (json_t *)line->map : g_hash_table_lookup(pack->lists, line->field->list),
           *value;
    const char *key;
    json_object_foreach(codes, key, value)
    {
        if (i-- > 0) continue;
        const char *code = line->map ? json_string_value(value) : key;
        *out = (PackService){ .code = key,
                              .value = code,
                              .title_zh = pack_code_title(pack, line->field->list, code, "zh"),
                              .title_en = pack_code_title(pack, line->field->list, code, "en") };
        return TRUE;
    }
    return FALSE;
}

gboolean pack_open311_ask(const PackMapping *mapping, gsize i, PackAsk *out)
{
    for (guint l = 0; l < mapping->lines->len; l++) {
        const PackMapLine *line = mapping->lines->pdata[l];
        if (!line->from || !line->from[0] || line == service_line(mapping) || i-- > 0) continue;
        *out = (PackAsk){ .key = line->from[0], .field = line->field, .required = line->required };
        return TRUE;
    }
    return FALSE;
}

const json_t *pack_code_list(const Pack *pack, const char *list)
{
    return g_hash_table_lookup(pack->lists, list);
}
