/* together.c - what only packs beside one another show: cases that one opens of another, and roles that the
 * program must know for anybody to hold them. */
#include "pack/inside.h"
#include <string.h>

void pack_mention_clear(gpointer data)
{
    g_free(((PackMention *)data)->at);
}

void pack_mention(GArray *mentions, PackSpot spot, const char *name, const char *also)
{
    const PackMention mention = { name, also, pack_spot_text(spot) };
    g_array_append_val(mentions, mention);
}

typedef struct {
    const Pack *const *packs;
    gsize n;
    gboolean all;
    const Pack *pack; /* the one that is looked at */
    PackRefusals *refusals;
} Together;

static void refuse(const Together *t, const PackRule *rule, const PackMention *at, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
static void refuse(const Together *t, const PackRule *rule, const PackMention *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    pack_refuse_text(t->refusals, rule, g_strdup_printf("%s/%s: %s", t->pack->id, at->at, what));
}

static const Pack *find(const Together *t, const char *id)
{
    for (gsize i = 0; i < t->n; i++) {
        if (strcmp(t->packs[i]->id, id) == 0) return t->packs[i];
    }
    return NULL;
}

static const char *nearest(const Together *t, const char *id)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    for (gsize i = 0; i < t->n; i++)
        g_ptr_array_add(known, (gpointer)t->packs[i]->id);
    g_ptr_array_add(known, NULL);
    return pack_nearest(id, (const char *const *)known->pdata);
}

/* ---- child(pack, mapping) ---- */

/* loop/case/child.c gives these to every child, and the parent's fields; private ones only where the mapping
 * takes them into private fields. */
static gboolean parent_gives(const Pack *parent, const PackMapping *mapping, const char *key)
{
    static const char *const always[] = { "parent_number", "title", "place", "area", "at",
                                          "level",         "org",   "lat",   "lon",  NULL };
    const PackField *field = pack_field(parent, key);
    return g_strv_contains(always, key) ||
           (field && (field->klass == PACK_OPEN || pack_mapping_reads(mapping, key) == PACK_READS_PRIVATE));
}

static gboolean fed(const Pack *parent, const PackMapping *mapping, const PackMapLine *line)
{
    gboolean some = line->fallback || !line->required;
    for (const char *const *key = (const char *const *)line->from; key && *key && !some; key++)
        some = parent_gives(parent, mapping, *key);
    return some;
}

static void sound_child(const Together *t, const PackMention *child)
{
    const Pack *pack = find(t, child->name);
    const PackMapping *mapping = pack ? pack_mapping(pack, child->also) : NULL;
    if (!pack && t->all) {
        const char *near = nearest(t, child->name);
        refuse(t, PACK_RULE(child, service), child, "child(%s, %s): no such service%s%s%s", child->name,
               child->also, near ? "; did you mean '" : " beside this one", near ? near : "",
               near ? "'?" : "");
    } else if (pack && !mapping) {
        refuse(t, PACK_RULE(child, mapping), child,
               "child(%s, %s): %s has no such mapping in its intake.yaml; write it there", child->name,
               child->also, child->name);
    }
    for (guint i = 0; mapping && i < mapping->lines->len; i++) {
        const PackMapLine *line = mapping->lines->pdata[i];
        if (!fed(t->pack, mapping, line))
            refuse(
                t, PACK_RULE(child, fed), child,
                "child(%s, %s): that mapping requires '%s', which no field of this service fills; give it a "
                "default, or take it from a key that is there",
                child->name, child->also, line->to);
    }
}

/* ---- the whole ---- */

GPtrArray *pack_check_together(const Pack *const *packs, gsize n, gboolean all, PackRoleKnown known)
{
    g_autoptr(PackRefusals) refusals = pack_refusals_new();
    for (gsize i = 0; i < n; i++) {
        const Together t = { packs, n, all, packs[i], refusals };
        for (guint k = 0; k < packs[i]->children->len; k++)
            sound_child(&t, &g_array_index(packs[i]->children, PackMention, k));
        for (guint k = 0; k < packs[i]->roles->len; k++) {
            const PackMention *role = &g_array_index(packs[i]->roles, PackMention, k);
            if (!known(role->name))
                refuse(&t, PACK_RULE(role, held), role,
                       "role '%s' is none of the program's, so nobody can hold it; see src/guard/rights.def",
                       role->name);
        }
    }
    return g_steal_pointer(&refusals->texts);
}
