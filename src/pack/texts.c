/* texts.c - notices.yaml, access.yaml: what goes out, who sees what. */
#include "pack/inside.h"
#include <string.h>

static gboolean known_role(PackMaking *m, const PackFile *file, const json_t *item, const char *key)
{
    const char *role = pack_text(item, key);
    if (g_hash_table_contains(m->roles, role)) {
        return TRUE;
    }
    pack_refuse_unknown(m->refusals, PACK_RULE(known, role), PACK_AT_VALUE(file, item, key), role,
                        pack_known_keys(m->roles), "role '%s' is not among the roles of pack.yaml", role);
    return FALSE;
}

/* ---- notices ---- */
/* Some access rule lets the role see something of a case. */
static gboolean sees_cases(PackMaking *m, const char *role)
{
    const json_t *rules = json_object_get(pack_tree(m, "access.yaml", NULL), "rules");
    for (gsize i = 0; i < json_array_size(rules); i++) {
        if (strcmp(pack_text(json_array_get(rules, i), "role"), role) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static void sound_place(PackMaking *m, PackSpot spot, const char *name, const PackNotice *notice)
{
    const PackField *field = pack_field(m->pack, name);
    const gboolean link = strcmp(name, "link") == 0 || strcmp(name, "sign_link") == 0;
    if (link && !pack_party(m->pack, notice->receiver)) {
        pack_refuse(m->refusals, PACK_RULE(notice, link), spot,
                    "{%s} is a party's own; only notices to the resident or another party may hold it", name);
    } else if (field && field->klass == PACK_PRIVATE) {
        pack_refuse(m->refusals, PACK_RULE(private, notice), spot,
                    "{%s} is a private field; notices hold open fields only", name);
    } else if (field && !pack_party(m->pack, notice->receiver) && !sees_cases(m, notice->receiver)) {
        pack_refuse(
            m->refusals, PACK_RULE(notice, reader), spot,
            "{%s} tells role '%s' of the case, which no access rule lets see one; add a rule, or leave "
            "it out",
            name, notice->receiver);
    } else if (!field && !link && strcmp(name, "number") != 0) {
        pack_refuse(m->refusals, PACK_RULE(known, place), spot,
                    "{%s} is not known; an open field, {number}, {link} or {sign_link}", name);
    }
}

static void sound_text(PackMaking *m, const PackFile *file, const json_t *item, const char *lang,
                       const PackNotice *notice)
{
    const PackSpot spot = PACK_AT_VALUE(file, item, lang);
    for (const char *p = strchr(pack_text(item, lang), '{'); p; p = strchr(p + 1, '{')) {
        const char *end = strchr(p, '}');
        if (!end) {
            pack_refuse(m->refusals, PACK_RULE(text, brace), spot,
                        "a { without its }; close it, or leave it out");
            return;
        }
        g_autofree char *name = g_strndup(p + 1, end - p - 1);
        sound_place(m, spot, name, notice);
    }
}

void pack_compile_notices(PackMaking *m)
{
    const PackFile *file;
    const json_t *items = json_object_get(pack_tree(m, "notices.yaml", &file), "notices");
    for (gsize i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const PackNotice notice = { pack_text(item, "id"), pack_text(item, "channel"),
                                    pack_text(item, "receiver"), pack_text(item, "zh"),
                                    pack_text(item, "en") };
        known_role(m, file, item, "receiver");
        sound_text(m, file, item, "zh", &notice);
        sound_text(m, file, item, "en", &notice);
        if (pack_notice(m->pack, notice.id)) {
            pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, item, "id"),
                        "notice '%s' stands twice; remove one", notice.id);
        }
        g_array_append_val(m->pack->notices, notice);
    }
}

const PackNotice *pack_notice(const Pack *pack, const char *id)
{
    for (guint i = 0; i < pack->notices->len; i++) {
        const PackNotice *notice = &g_array_index(pack->notices, PackNotice, i);
        if (strcmp(notice->id, id) == 0) {
            return notice;
        }
    }
    return NULL;
}

/* ---- access ---- */
static const char *const *compile_seen(PackMaking *m, const PackFile *file, const json_t *item,
                                       const char *key, GHashTable *covered)
{
    const json_t *list = json_object_get(item, key);
    for (gsize i = 0; i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i));
        const PackField *field = pack_field(m->pack, id);
        if (!field || field->klass != PACK_PRIVATE) {
            pack_refuse(m->refusals, field ? PACK_RULE(access, open) : PACK_RULE(known, field),
                        PACK_AT_ITEM(file, list, i), "'%s' is %s; access rules name private fields", id,
                        field ? "an open field, which everybody sees" : "not a field");
        }
        g_hash_table_add(covered, (char *)id);
    }
    static const char *const none[] = { NULL };
    return list ? pack_texts(m->pack, list) : none;
}

static void compile_access(PackMaking *m, const PackFile *file, const json_t *item, GHashTable *covered)
{
    const char *purpose = pack_text(item, "purpose");
    const json_t *titles = json_object_get(m->pack->purposes, purpose);
    if (!titles) {
        pack_refuse_unknown(m->refusals, PACK_RULE(known, purpose), PACK_AT_VALUE(file, item, "purpose"),
                            purpose, pack_known_in(m->pack->purposes),
                            "no purpose '%s' under purposes: above", purpose);
        return;
    }
    if (known_role(m, file, item, "role") && strcmp(pack_text(item, "role"), "system") == 0) {
        pack_refuse(m->refusals, PACK_RULE(access, system), PACK_AT_VALUE(file, item, "role"),
                    "the system reads nothing; name a role of people");
    }
    const PackAccess access = { .role = pack_text(item, "role"),
                                .purpose = purpose,
                                .purpose_zh = pack_text(titles, "zh"),
                                .purpose_en = pack_text(titles, "en"),
                                .basis = pack_text(item, "basis"),
                                .scope = pack_text(item, "scope"),
                                .open_only = json_is_true(json_object_get(item, "open_only")),
                                .full = compile_seen(m, file, item, "full", covered),
                                .partial = compile_seen(m, file, item, "partial", covered),
                                .existence = compile_seen(m, file, item, "existence", covered) };
    g_array_append_val(m->pack->access, access);
}

/* Data that nobody has a purpose to read must not be collected (个人信息保护法, art. 6). */
static void every_field_has_a_purpose(PackMaking *m, GHashTable *covered)
{
    const PackFile *file;
    const json_t *fields = json_object_get(pack_tree(m, "types.yaml", &file), "fields");
    for (gsize i = 0; i < json_array_size(fields); i++) {
        const json_t *item = json_array_get(fields, i);
        const char *id = pack_text(item, "id");
        if (strcmp(pack_text(item, "class"), "private") == 0 && !g_hash_table_contains(covered, id)) {
            pack_refuse(m->refusals, PACK_RULE(private, purpose), PACK_AT_VALUE(file, item, "id"),
                        "no access rule lets anybody read the private field '%s'; what serves no purpose is "
                        "not collected",
                        id);
        }
    }
}

void pack_compile_access(PackMaking *m)
{
    const PackFile *file;
    const json_t *tree = pack_tree(m, "access.yaml", &file), *rules = json_object_get(tree, "rules");
    g_autoptr(GHashTable) covered = g_hash_table_new(g_str_hash, g_str_equal);
    m->pack->purposes = json_object_get(tree, "purposes");
    for (gsize i = 0; i < json_array_size(rules); i++) {
        compile_access(m, file, json_array_get(rules, i), covered);
    }
    every_field_has_a_purpose(m, covered);
}

gsize pack_access(const Pack *pack)
{
    return pack->access->len;
}

const PackAccess *pack_access_at(const Pack *pack, gsize i)
{
    return &g_array_index(pack->access, PackAccess, i);
}
