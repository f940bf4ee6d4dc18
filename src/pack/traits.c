/* traits.c - what most procedures need, written once (data/traits/traits.yaml): a pack's `traits:` become
 * states, events, transitions, clocks, fields and notices of its own.
 *
 * Here the settings of a trait are read and put into the places of its template; weave.c puts the pieces into
 * the pack's trees. What was made stands in the canonical form beside what was written ("expanded"), so that
 * a stored version governs its cases as it did, whatever a later program's traits say. */
#include "pack/traits.h"
#include "pack/traits.gen.h"
#include <string.h>

/* ---- the templates ---- */

static json_t *templates(void)
{
    static gsize once;
    static json_t *tree;
    if (g_once_init_enter(&once)) {
        g_autoptr(GError) error = NULL;
        tree = pack_yaml_parse(traits_yaml, strlen(traits_yaml), NULL, &error);
        if (!tree) g_error("data/traits/traits.yaml:%s", error->message);
        g_once_init_leave(&once, 1);
    }
    return tree;
}

const json_t *pack_trait_template(const char *name)
{
    return json_object_get(templates(), name);
}

static const char *nearest_trait(const char *name)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    const char *key;
    json_t *value;
    json_object_foreach(templates(), key, value)
    {
        g_ptr_array_add(known, (gpointer)key);
    }
    g_ptr_array_add(known, NULL);
    return pack_nearest(name, (const char *const *)known->pdata);
}

/* ---- settings ---- */

static char *scalar_text(const json_t *value)
{
    if (json_is_string(value)) return g_strdup(json_string_value(value));
    if (json_is_integer(value)) return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_boolean(value)) return g_strdup(json_is_true(value) ? "true" : "false");
    return NULL;
}

static gboolean refuse(PackTrait *t, const char *key, const char *what)
{
    const PackSpot spot = key && json_object_get(t->item, key) ? PACK_AT_VALUE(t->file, t->item, key)
                                                               : PACK_AT_ITEM(t->file, t->traits, t->index);
    pack_refuse(t->refusals, PACK_RULE(trait, setting), spot, "trait %s: %s", t->name, what);
    return FALSE;
}

static gboolean setting_sound(PackTrait *t, const char *key, const json_t *wanted, const json_t *value)
{
    const gboolean list = json_is_true(json_object_get(wanted, "list"));
    g_autofree char *what = NULL;
    if (!wanted) {
        g_autoptr(GString) known = g_string_new(NULL);
        const char *name;
        json_t *each;
        json_object_foreach(json_object_get(t->template, "takes"), name, each)
        {
            g_string_append_printf(known, "%s%s", known->len ? ", " : "", name);
        }
        what = g_strdup_printf("unknown setting '%s'; known here: %s", key, known->str);
    } else if (json_is_array(value) && !list) {
        what = g_strdup_printf("'%s' is one thing, not a list", key);
    }
    return !what || refuse(t, key, what);
}

static gboolean settings_known(PackTrait *t)
{
    const json_t *takes = json_object_get(t->template, "takes");
    const char *key;
    json_t *value;
    gboolean good = TRUE;
    json_object_foreach((json_t *)t->item, key, value)
    {
        if (strcmp(key, "use") != 0) good = setting_sound(t, key, json_object_get(takes, key), value) && good;
    }
    return good;
}

static gboolean settings_take(PackTrait *t)
{
    const char *key;
    json_t *wanted;
    gboolean good = settings_known(t);
    json_object_foreach(json_object_get(t->template, "takes"), key, wanted)
    {
        json_t *value = json_object_get(t->item, key);
        if (!value) value = json_object_get(wanted, "default");
        if (value)
            json_object_set(t->values, key, value);
        else if (json_is_true(json_object_get(wanted, "need"))) {
            g_autofree char *what = g_strdup_printf("'%s' is missing; say it, as in %s: ...", key, key);
            good = refuse(t, NULL, what);
        }
    }
    return good;
}

/* Several values: "a|b|c", which is how a line of a procedure says several. */
char *pack_trait_value(const PackTrait *t, const char *name)
{
    const json_t *value = json_object_get(t->values, name);
    if (!json_is_array(value)) return scalar_text(value);
    g_autoptr(GString) all = g_string_new(NULL);
    for (gsize i = 0; i < json_array_size(value); i++) {
        g_autofree char *each = scalar_text(json_array_get(value, i));
        g_string_append_printf(all, "%s%s", i ? "|" : "", each ? each : "");
    }
    return g_string_free(g_steal_pointer(&all), FALSE);
}

gsize pack_trait_values(const PackTrait *t, const char *name)
{
    const json_t *value = json_object_get(t->values, name);
    return json_is_array(value) ? json_array_size(value) : value != NULL;
}

char *pack_trait_nth(const PackTrait *t, const char *name, gsize i)
{
    const json_t *value = json_object_get(t->values, name);
    return scalar_text(json_is_array(value) ? json_array_get(value, i) : value);
}

static void compute(PackTrait *t, const char *name, char *text)
{
    json_object_set_new(t->values, name, json_string(text));
    g_free(text);
}

/* Settings that follow from others. */
static void settings_compute(PackTrait *t)
{
    g_autofree char *join = pack_trait_value(t, "join");
    if (join && strcmp(join, "all") == 0)
        compute(t, "joined", g_strdup("children_open = 0"));
    else if (join && strcmp(join, "any") == 0)
        compute(t, "joined", g_strdup("children > children_open"));
    else if (join)
        compute(t, "joined", g_strdup_printf("children - children_open >= %s", join));
    if (pack_trait_values(t, "from") > 1)
        compute(t, "back", g_strdup(PACK_OPEN_MEMORY));
    else if (pack_trait_values(t, "from"))
        compute(t, "back", pack_trait_value(t, "from"));
    g_autoptr(GString) all = g_string_new(NULL);
    for (gsize i = 0; i < pack_trait_values(t, "parties"); i++) {
        g_autofree char *party = pack_trait_nth(t, "parties", i);
        g_string_append_printf(all, "%sconsent_%s", i ? " AND " : "", party);
    }
    if (all->len) compute(t, "all_consented", g_strdup(all->str));
    g_autoptr(GString) lapse = g_string_new(NULL);
    for (gsize i = 0; i < pack_trait_values(t, "tasks"); i++) {
        g_autofree char *task = pack_trait_nth(t, "tasks", i);
        g_string_append_printf(lapse, "%slapse(%s)", i ? ", " : "", task);
    }
    if (lapse->len) compute(t, "lapse_all", g_strdup(lapse->str));
}

/* ---- filling the places of a template ---- */

static gboolean given(const PackTrait *t, const char *name)
{
    return json_object_get(t->values, name) != NULL;
}

/* At "{?x}" or "{!x}": the text behind its "{/}" when the part is left out, else behind the mark itself. */
static const char *part(const PackTrait *t, const char *at)
{
    const char *close = strchr(at, '}');
    g_autofree char *name = g_strndup(at + 2, (gsize)(close - at - 2));
    if (given(t, name) == (at[1] == '?')) return close + 1;
    const char *end = strstr(close, "{/}");
    g_assert(end); /* our own template */
    return end + 3;
}

static char *fill_text(const PackTrait *t, const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    while (*text) {
        if (text[0] != '{') {
            g_string_append_c(out, *text++);
        } else if (g_str_has_prefix(text, "{/}")) {
            text += 3;
        } else if (text[1] == '?' || text[1] == '!') {
            text = part(t, text);
        } else {
            const char *close = strchr(text, '}');
            g_autofree char *name = g_strndup(text + 1, (gsize)(close - text - 1));
            g_autofree char *value = pack_trait_value(t, name);
            if (value)
                g_string_append(out, value);
            else
                g_string_append_len(out, text, close + 1 - text); /* {number}: a place of a notice */
            text = close + 1;
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* A text that is nothing but one place takes the value as it is; NULL when it was not given. */
static json_t *fill_whole(const PackTrait *t, const char *text)
{
    const gsize n = strlen(text);
    if (n < 3 || text[0] != '{' || text[n - 1] != '}' || strchr("?!/", text[1]) ||
        strchr(text, '}') != text + n - 1)
        return NULL;
    g_autofree char *name = g_strndup(text + 1, n - 2);
    json_t *value = json_object_get(t->values, name);
    return json_is_object(value) ? json_incref(value) : NULL;
}

static json_t *fill_object(const PackTrait *t, const json_t *template)
{
    json_t *out = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)template, key, value)
    {
        if (strcmp(key, "if") == 0 || strcmp(key, "each") == 0) continue;
        json_t *filled = pack_trait_fill(t, value);
        if (json_is_string(filled) && g_str_has_prefix(json_string_value(filled), "{") &&
            json_is_string(value) && strcmp(json_string_value(filled), json_string_value(value)) == 0)
            json_decref(filled); /* a setting that was not given: no key */
        else
            json_object_set_new(out, key, filled);
    }
    return out;
}

json_t *pack_trait_fill(const PackTrait *t, const json_t *template)
{
    if (json_is_object(template)) return fill_object(t, template);
    if (json_is_array(template)) {
        json_t *out = json_array();
        for (gsize i = 0; i < json_array_size(template); i++)
            json_array_append_new(out, pack_trait_fill(t, json_array_get(template, i)));
        return out;
    }
    if (!json_is_string(template)) return json_incref((json_t *)template);
    json_t *whole = fill_whole(t, json_string_value(template));
    if (whole) return whole;
    g_autofree char *text = fill_text(t, json_string_value(template));
    return json_string(text);
}

/* The pieces that one item of a template becomes: none, one, or one for each value. */
void pack_trait_pieces(PackTrait *t, const json_t *template, PackPiece take)
{
    const char *only = pack_text(template, "if"), *each = pack_text(template, "each");
    if (only && !given(t, only)) return;
    for (gsize i = 0; i < (each ? pack_trait_values(t, each) : 1); i++) {
        g_autofree char *it = each ? pack_trait_nth(t, each, i) : NULL;
        if (it) json_object_set_new(t->values, "it", json_string(it));
        json_t *piece = pack_trait_fill(t, template);
        take(t, piece);
        json_decref(piece);
    }
}

/* ---- the whole ---- */

static void expand_one(PackWeave *w, const json_t *traits, gsize i, gboolean later)
{
    PackTrait t = { .weave = w, .file = w->procedure, .refusals = w->refusals, .traits = traits, .index = i };
    t.item = json_array_get(traits, i);
    t.name = pack_text(t.item, "use");
    t.template = pack_trait_template(t.name);
    if (!t.template && later) return; /* said the first time */
    if (!t.template) {
        const char *near = nearest_trait(t.name);
        pack_refuse(w->refusals, PACK_RULE(known, trait), PACK_AT_VALUE(w->procedure, t.item, "use"),
                    "no trait '%s'%s%s%s", t.name, near ? "; did you mean '" : "; docs/packs.md lists them",
                    near ? near : "", near ? "'?" : "");
        return;
    }
    t.values = json_object();
    if (settings_take(&t)) {
        settings_compute(&t);
        pack_weave(&t, later);
    }
    json_decref(t.values);
}

json_t *pack_traits_expand(const GPtrArray *files, PackRefusals *refusals)
{
    const PackFile *procedure = pack_file_find(files, "procedure.yaml"),
                   *made = pack_file_find(files, PACK_EXPANDED);
    if (made) return json_incref(made->tree);
    const json_t *traits = procedure ? json_object_get(procedure->tree, "traits") : NULL;
    if (!traits) return NULL;
    PackWeave w = { .files = files, .refusals = refusals, .procedure = procedure };
    pack_weave_begin(&w);
    const guint before = refusals->texts->len;
    for (gsize i = 0; i < json_array_size(traits); i++)
        expand_one(&w, traits, i, FALSE);
    for (gsize i = 0; refusals->texts->len == before && i < json_array_size(traits); i++)
        expand_one(&w, traits, i, TRUE);
    return pack_weave_end(&w);
}
