/* yaml.c - libyaml's events, narrowed to the strict profile, as a jansson tree.
 *
 * Why not libyaml's document tree: it resolves anchors before we can refuse them, and has no limits. Depth is
 * limited here before libyaml has read further, so its own nesting stays small too. */
#include "pack/yaml.h"
#include "pack/pack.h"
#include <math.h>
#include <string.h>
#include <yaml.h>

/* ---- places ---- */
typedef struct {
    const json_t *in;
    const char *key; /* NULL: an array's item */
    gsize index;
    PackPlace at_key, at_value;
    guint indent; /* of a block's lines, plus 1; 0: no block */
} Slot;

struct PackPlaces {
    gint holders;
    GHashTable *slots; /* of Slot, itself the key */
    GStringChunk *keys;
};

static guint slot_hash(gconstpointer p)
{
    const Slot *slot = p;
    return g_direct_hash(slot->in) * 31 + (slot->key ? g_str_hash(slot->key) : (guint)slot->index);
}

static gboolean slot_equal(gconstpointer a, gconstpointer b)
{
    const Slot *x = a, *y = b;
    return x->in == y->in && x->index == y->index && g_strcmp0(x->key, y->key) == 0;
}

PackPlaces *pack_places_new(void)
{
    PackPlaces *places = g_new0(PackPlaces, 1);
    places->slots = g_hash_table_new_full(slot_hash, slot_equal, g_free, NULL);
    places->keys = g_string_chunk_new(4096);
    places->holders = 1;
    return places;
}

PackPlaces *pack_places_ref(PackPlaces *places)
{
    if (places) {
        g_atomic_int_inc(&places->holders);
    }
    return places;
}

void pack_places_free(PackPlaces *places)
{
    if (!places || !g_atomic_int_dec_and_test(&places->holders)) {
        return;
    }
    g_hash_table_unref(places->slots);
    g_string_chunk_free(places->keys);
    g_free(places);
}

static Slot *places_put(PackPlaces *places, const json_t *in, const char *key, gsize index, PackPlace at_key,
                        PackPlace at_value)
{
    if (!places) return NULL;
    Slot *slot = g_new0(Slot, 1);
    *slot =
        (Slot){ in, key ? g_string_chunk_insert_const(places->keys, key) : NULL, index, at_key, at_value, 0 };
    g_hash_table_add(places->slots, slot);
    return slot;
}

static const Slot *places_find(const PackPlaces *places, const json_t *in, const char *key, gsize index)
{
    static const Slot unknown;
    const Slot wanted = { .in = in, .key = key, .index = index };
    const Slot *found = places ? g_hash_table_lookup(places->slots, &wanted) : NULL;
    return found ? found : &unknown;
}

PackPlace pack_places_key(const PackPlaces *places, const json_t *object, const char *key)
{
    return places_find(places, object, key, 0)->at_key;
}

PackPlace pack_places_value(const PackPlaces *places, const json_t *object, const char *key)
{
    return places_find(places, object, key, 0)->at_value;
}

PackPlace pack_places_item(const PackPlaces *places, const json_t *array, gsize index)
{
    return places_find(places, array, NULL, index)->at_value;
}

PackPlace pack_places_text(const PackPlaces *places, const json_t *object, const char *key, guint line,
                           guint column)
{
    const Slot *slot = places_find(places, object, key, 0);
    if (!slot->indent) return slot->at_value;
    return (PackPlace){ slot->at_value.line + line, slot->indent - 1 + column };
}

static void places_put_within(PackPlaces *places, const json_t *node, PackPlace at)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)node, key, value)
    {
        places_put(places, node, key, 0, at, at);
        places_put_within(places, value, at);
    }
    for (gsize i = 0; i < json_array_size(node); i++) {
        places_put(places, node, NULL, i, at, at);
        places_put_within(places, json_array_get(node, i), at);
    }
}

void pack_places_put_item(PackPlaces *places, const json_t *array, gsize index, const json_t *whole,
                          PackPlace at)
{
    places_put(places, array, NULL, index, at, at);
    if (places && whole) places_put_within(places, whole, at);
}

void pack_places_put_key(PackPlaces *places, const json_t *object, const char *key, PackPlace at)
{
    places_put(places, object, key, 0, at, at);
}

void pack_places_copy(PackPlaces *places, const json_t *from, const json_t *to)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)from, key, value)
    {
        const Slot *slot = places_find(places, from, key, 0);
        Slot *copy = places_put(places, to, key, 0, slot->at_key, slot->at_value);
        copy->indent = slot->indent;
        pack_places_copy(places, value, json_object_get(to, key));
    }
    for (gsize i = 0; i < json_array_size(from); i++) {
        const Slot *slot = places_find(places, from, NULL, i);
        places_put(places, to, NULL, i, slot->at_key, slot->at_value);
        pack_places_copy(places, json_array_get(from, i), json_array_get(to, i));
    }
}

/* ---- events ---- */
typedef struct {
    yaml_parser_t parser;
    const char *line, *end; /* line number `at_line` from 0 of the text: walks forward with the blocks met */
    gsize at_line;
    PackPlaces *places;
    guint depth;
    gsize nodes;
    GError **error;
} Reader;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(yaml_event_t, yaml_event_delete)

static PackPlace place_of(yaml_mark_t mark)
{
    return (PackPlace){ (guint)mark.line + 1, (guint)mark.column + 1 };
}

static gboolean refuse(Reader *r, PackPlace at, const char *what)
{
    g_set_error(r->error, PACK_ERROR, PACK_ERROR_YAML, "%u:%u: %s", at.line, at.column, what);
    return FALSE;
}

static const char *anchor_of(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return (const char *)event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return (const char *)event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return (const char *)event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

static const char *tag_of(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return (const char *)event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return (const char *)event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return (const char *)event->data.mapping_start.tag;
    default:
        return NULL;
    }
}

/* The next event, refused when it is outside the profile. */
static gboolean next_event(Reader *r, yaml_event_t *event)
{
    if (!yaml_parser_parse(&r->parser, event)) {
        memset(event, 0, sizeof *event);
        g_autofree char *what =
            g_strdup_printf("%s; %s", r->parser.problem ? r->parser.problem : "not YAML",
                            r->parser.context ? r->parser.context : "check quotes and indentation");
        return refuse(r, place_of(r->parser.problem_mark), what);
    }
    const PackPlace at = place_of(event->start_mark);
    if (event->type == YAML_ALIAS_EVENT) {
        return refuse(r, at, "aliases (*name) are not taken; write the value out");
    }
    if (anchor_of(event)) {
        return refuse(r, at, "anchors (&name) are not taken; write the value out where it is needed");
    }
    if (tag_of(event)) {
        return refuse(r, at, "tags (!name) are not taken; put text in quotes instead");
    }
    if (event->type == YAML_DOCUMENT_START_EVENT &&
        (event->data.document_start.version_directive ||
         event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end)) {
        return refuse(r, at, "directives (%YAML, %TAG) are not taken; begin with the first key");
    }
    return TRUE;
}

/* ---- values ---- */
static const char *digits(const char *p)
{
    while (g_ascii_isdigit(*p)) {
        p++;
    }
    return p;
}

/* Is it a JSON number, exactly (RFC 8259, 6)? */
static gboolean is_number(const char *text, gboolean *whole)
{
    const char *p = text + (*text == '-');
    *whole = TRUE;
    if (!g_ascii_isdigit(*p)) {
        return FALSE;
    }
    p = *p == '0' ? p + 1 : digits(p);
    if (*p == '.') {
        *whole = FALSE;
        const char *fraction = p + 1;
        p = digits(fraction);
        if (p == fraction) {
            return FALSE;
        }
    }
    if (*p == 'e' || *p == 'E') {
        *whole = FALSE;
        const char *exponent = p + 1 + (p[1] == '+' || p[1] == '-');
        p = digits(exponent);
        if (p == exponent) {
            return FALSE;
        }
    }
    return *p == '\0';
}

static json_t *number(Reader *r, PackPlace at, const char *text, gboolean whole)
{
    gint64 integer;
    if (whole && g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &integer, NULL)) {
        return json_integer(integer);
    }
    const double real = whole ? INFINITY : g_ascii_strtod(text, NULL);
    if (!isfinite(real)) {
        refuse(r, at, "number out of range; put it in quotes if it is a name");
        return NULL;
    }
    return json_real(real);
}

static json_t *scalar(Reader *r, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const gsize length = event->data.scalar.length;
    const PackPlace at = place_of(event->start_mark);
    if (memchr(text, '\0', length)) {
        refuse(r, at, "a NUL inside a text; remove it");
        return NULL;
    }
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        gboolean whole;
        if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
            return json_boolean(*text == 't');
        }
        if (strcmp(text, "null") == 0) {
            return json_null();
        }
        if (is_number(text, &whole)) {
            return number(r, at, text, whole);
        }
    }
    json_t *value = json_stringn(text, length);
    if (!value) {
        refuse(r, at, "text is not UTF-8; save the file as UTF-8");
    }
    return value;
}

/* Where the next line begins; the end when there is none. */
static const char *next_line(const Reader *r, const char *line)
{
    const char *feed = memchr(line, '\n', (gsize)(r->end - line));
    return feed ? feed + 1 : r->end;
}

static gsize blanks(const char *from, const char *end)
{
    gsize n = 0;
    while (from + n < end && from[n] == ' ')
        n++;
    return n;
}

/* How far the lines of a block stand in, plus 1: its first line that is not blank says so, less what blanks
 * the text itself begins with. 0: no block. */
static guint block_indent(Reader *r, const yaml_event_t *event)
{
    if (event->type != YAML_SCALAR_EVENT || event->data.scalar.style != YAML_LITERAL_SCALAR_STYLE) return 0;
    const char *text = (const char *)event->data.scalar.value, *end = text + event->data.scalar.length;
    for (; r->at_line <= event->start_mark.line; r->at_line++)
        r->line = next_line(r, r->line);
    const char *line = r->line;
    while (line + blanks(line, r->end) < r->end && strchr("\r\n", line[blanks(line, r->end)]))
        line = next_line(r, line);
    while (text < end && *text == '\n')
        text++;
    const gsize there = blanks(line, r->end), own = blanks(text, end);
    return 1 + (guint)(there > own ? there - own : 0);
}

static json_t *value_of(Reader *r, yaml_event_t *event);

static json_t *sequence(Reader *r)
{
    json_t *array = json_array();
    while (TRUE) {
        g_auto(yaml_event_t) event = { 0 };
        if (!next_event(r, &event)) {
            break;
        }
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            return array;
        }
        const PackPlace at = place_of(event.start_mark);
        json_t *item = value_of(r, &event);
        if (!item) {
            break;
        }
        places_put(r->places, array, NULL, json_array_size(array), at, at);
        json_array_append_new(array, item);
    }
    json_decref(array);
    return NULL;
}

static gboolean sound_key(Reader *r, const json_t *object, const yaml_event_t *event)
{
    const PackPlace at = place_of(event->start_mark);
    if (event->type != YAML_SCALAR_EVENT) {
        return refuse(r, at, "a key must be one text, not a list or an object; write key: value");
    }
    const char *key = (const char *)event->data.scalar.value;
    if (strlen(key) != event->data.scalar.length || !*key) {
        return refuse(r, at, "a key must not be empty or hold a NUL");
    }
    if (strcmp(key, "<<") == 0) {
        return refuse(r, at, "merge keys (<<) are not taken; write the keys out");
    }
    if (json_object_get(object, key)) {
        g_autofree char *what = g_strdup_printf("key '%s' stands twice in one object; remove one", key);
        return refuse(r, at, what);
    }
    return TRUE;
}

/* One key and its value. */
static gboolean pair(Reader *r, json_t *object, const yaml_event_t *key_event)
{
    g_auto(yaml_event_t) event = { 0 };
    if (!sound_key(r, object, key_event) || !next_event(r, &event)) {
        return FALSE;
    }
    const char *key = (const char *)key_event->data.scalar.value;
    const PackPlace at = place_of(event.start_mark);
    const guint indent = r->places ? block_indent(r, &event) : 0;
    json_t *value = value_of(r, &event);
    if (!value) {
        return FALSE;
    }
    Slot *slot = places_put(r->places, object, key, 0, place_of(key_event->start_mark), at);
    if (slot) slot->indent = indent;
    if (json_object_set_new(object, key, value) != 0) {
        return refuse(r, at, "key is not UTF-8; save the file as UTF-8");
    }
    return TRUE;
}

static json_t *mapping(Reader *r)
{
    json_t *object = json_object();
    while (TRUE) {
        g_auto(yaml_event_t) event = { 0 };
        if (!next_event(r, &event)) {
            break;
        }
        if (event.type == YAML_MAPPING_END_EVENT) {
            return object;
        }
        if (!pair(r, object, &event)) {
            break;
        }
    }
    json_decref(object);
    return NULL;
}

static json_t *value_of(Reader *r, yaml_event_t *event)
{
    if (++r->nodes > PACK_YAML_NODES) {
        refuse(r, place_of(event->start_mark), "too many values in one file; split the pack");
        return NULL;
    }
    if (event->type == YAML_SCALAR_EVENT) {
        return scalar(r, event);
    }
    if (++r->depth > PACK_YAML_DEPTH) {
        refuse(r, place_of(event->start_mark), "nested too deeply; a pack needs far less");
        return NULL;
    }
    json_t *value = event->type == YAML_SEQUENCE_START_EVENT ? sequence(r) : mapping(r);
    r->depth--;
    return value;
}

/* ---- the document ---- */
static json_t *document(Reader *r)
{
    g_auto(yaml_event_t) start = { 0 }, begin = { 0 }, root = { 0 };
    if (!next_event(r, &start) || !next_event(r, &begin)) {
        return NULL;
    }
    if (begin.type != YAML_DOCUMENT_START_EVENT) {
        refuse(r, place_of(begin.start_mark), "the file is empty; see docs/packs.md for its keys");
        return NULL;
    }
    if (!next_event(r, &root)) {
        return NULL;
    }
    if (root.type == YAML_SCALAR_EVENT) {
        refuse(r, place_of(root.start_mark), "the file must be an object, not one text; write key: value");
        return NULL;
    }
    return value_of(r, &root);
}

static gboolean nothing_follows(Reader *r)
{
    g_auto(yaml_event_t) end = { 0 }, last = { 0 };
    if (!next_event(r, &end) || !next_event(r, &last)) {
        return FALSE;
    }
    if (last.type != YAML_STREAM_END_EVENT) {
        return refuse(r, place_of(last.start_mark), "several documents (---) in one file; keep one");
    }
    return TRUE;
}

static gboolean sound_bytes(Reader *r, const char *text, gsize length)
{
    if (length > PACK_YAML_BYTES) {
        return refuse(r, (PackPlace){ 1, 1 }, "file over 2 MiB; split the pack");
    }
    const char *end;
    if (!g_utf8_validate_len(text, length, &end)) {
        PackPlace at = { 1, 1 };
        for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
            at = *p == '\n' ? (PackPlace){ at.line + 1, 1 } : (PackPlace){ at.line, at.column + 1 };
        }
        return refuse(r, at, "not UTF-8 (or a NUL); save the file as UTF-8");
    }
    return TRUE;
}

json_t *pack_yaml_parse(const char *text, gsize length, PackPlaces *places, GError **error)
{
    Reader r = { .places = places, .error = error };
    if (!sound_bytes(&r, text, length)) {
        return NULL;
    }
    yaml_parser_initialize(&r.parser);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    const gsize bom = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    r.line = text + bom;
    r.end = text + length;
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text + bom, length - bom);
    json_t *tree = document(&r);
    if (tree && !nothing_follows(&r)) {
        json_decref(tree);
        tree = NULL;
    }
    yaml_parser_delete(&r.parser);
    return tree;
}
