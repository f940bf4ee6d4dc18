/* about.c - what the page of a service tells people besides what the console works with: the files as they
 * count, the examples, and every condition in plain words where it has any. */
#include "base/json.h"
#include "pack/inside.h"
#include <string.h>

/* Files whose content is in the console's JSON already. Scenarios hold sample calls, and are run instead. */
static gboolean told_elsewhere(const char *name)
{
    static const char *const names[] = { "types.yaml",      "intake.yaml", "procedure.yaml",
                                         "indicators.yaml", PACK_EXPANDED, NULL };
    static const char *const folders[] = { "decisions/", "forms/", "scenarios/" };
    gboolean told = g_strv_contains(names, name);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        told = told || g_str_has_prefix(name, folders[i]);
    }
    return told;
}

static void put_tree(BaseJson *j, const char *key, const json_t *tree)
{
    g_autofree char *text = base_json_canonical(tree);
    base_json_put_raw(j, key, text);
}

static void put_files(BaseJson *j, const Pack *pack)
{
    const json_t *expanded = json_object_get(pack->whole, PACK_EXPANDED);
    const char *name;
    json_t *tree;
    base_json_key(j, "files");
    base_json_object(j);
    json_object_foreach(pack->whole, name, tree)
    {
        const json_t *counts = json_object_get(expanded, name);
        if (!told_elsewhere(name)) put_tree(j, name, counts ? counts : tree);
    }
    base_json_end_object(j);
}

static void put_scenarios(BaseJson *j, const Pack *pack)
{
    base_json_key(j, "scenarios");
    base_json_array(j);
    for (guint i = 0; i < pack->scenarios->len; i++) {
        const PackFile *file = pack->scenarios->pdata[i];
        const json_t *title = json_object_get(file->tree, "title");
        base_json_object(j);
        base_json_put_text(j, "file", file->name);
        base_json_put_text(j, "title_zh", pack_text(title, "zh"));
        base_json_put_text(j, "title_en", pack_text(title, "en"));
        base_json_put_int(j, "steps", (gint64)json_array_size(json_object_get(file->tree, "steps")));
        base_json_end_object(j);
    }
    base_json_end_array(j);
}

/* ---- conditions in words ---- */
typedef struct {
    BaseJson *j;
    const Pack *pack;
    GHashTable *said;
} Words;

static void put_words(Words *w, const char *condition)
{
    if (!condition || !*condition || !g_hash_table_add(w->said, (gpointer)condition)) return;
    g_autofree char *zh = pack_words(w->pack, condition, "zh"), *en = pack_words(w->pack, condition, "en");
    if (strcmp(zh, condition) == 0 && strcmp(en, condition) == 0) return;
    base_json_key(w->j, condition);
    base_json_array(w->j);
    base_json_text(w->j, zh);
    base_json_text(w->j, en);
    base_json_end_array(w->j);
}

static void put_words_of_clocks(Words *w)
{
    const FlowChart *chart = w->pack->chart;
    for (int i = 0; i < flow_chart_clocks(chart); i++) {
        const FlowClockDef *def = flow_chart_clock_def(chart, i);
        for (gsize k = 0; k < def->n_budgets; k++) {
            put_words(w, def->budgets[k].when);
        }
    }
}

static void put_words_of_decisions(Words *w)
{
    GHashTableIter iter;
    gpointer decision;
    g_hash_table_iter_init(&iter, w->pack->decisions);
    while (g_hash_table_iter_next(&iter, NULL, &decision)) {
        const json_t *rows = json_object_get(((const PackDecision *)decision)->source, "rows");
        for (gsize i = 0; i < json_array_size(rows); i++) {
            put_words(w, pack_text(json_array_get(rows, i), "when"));
        }
    }
}

static void put_words_of_figures(Words *w)
{
    for (gsize i = 0; i < pack_indicators(w->pack); i++) {
        const PackIndicator *figure = pack_indicator_at(w->pack, i);
        put_words(w, figure->when);
        put_words(w, figure->num);
        put_words(w, figure->den);
        for (gsize k = 0; k < figure->n_excluded; k++) {
            put_words(w, figure->excluded[k].when);
        }
    }
}

static void put_all_words(BaseJson *j, const Pack *pack)
{
    g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);
    Words w = { j, pack, said };
    base_json_key(j, "words");
    base_json_object(j);
    for (gsize i = 0; i < flow_chart_transitions(pack->chart); i++) {
        put_words(&w, flow_chart_transition_at(pack->chart, i).guard);
    }
    put_words_of_clocks(&w);
    put_words_of_decisions(&w);
    put_words_of_figures(&w);
    base_json_end_object(j);
}

char *pack_about_json(const Pack *pack)
{
    const json_t *traits = json_object_get(json_object_get(pack->whole, "procedure.yaml"), "traits"),
                 *registers = json_object_get(json_object_get(pack->whole, "types.yaml"), "registers");
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson json = base_json_to(out), *j = &json;
    base_json_object(j);
    put_files(j, pack);
    if (traits) put_tree(j, "traits", traits);
    if (registers) put_tree(j, "registers", registers);
    put_scenarios(j, pack);
    put_all_words(j, pack);
    base_json_end_object(j);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
