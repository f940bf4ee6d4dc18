/* diagram_test.c - every pack is drawn, in both languages, and nothing overlaps. */
#include "base/json.h"
#include "pack/mini_pack.h"
#include "pack/pack.h"
#include <string.h>

static Pack *load(const char *name)
{
    g_autofree char *folder = g_build_filename(g_getenv("G_TEST_SRCDIR"), name, NULL);
    g_autoptr(GError) error = NULL;
    Pack *pack = pack_load(folder, &error);
    g_assert_no_error(error);
    return pack;
}

/* Drawn in both languages, every state in it. */
static void assert_drawn(const Pack *pack)
{
    static const char *const langs[] = { "zh", "en" };
    for (gsize i = 0; i < 2; i++) {
        g_autoptr(Draw) draw = pack_diagram(pack, langs[i]);
        g_autofree char *why = NULL, *svg = pack_diagram_svg(pack, langs[i]);
        if (!draw_sound(draw, &why)) g_error("%s %s: %s", pack_id(pack), langs[i], why);
        g_assert_cmpint(draw_nodes(draw), >, flow_chart_states(pack_chart(pack)));
        g_assert_nonnull(strstr(svg, pack_title(pack, langs[i])));
    }
}

static void packs_are_drawn_soundly(void)
{
    static const char *const names[] = { "packs/incident", "packs/workorder",
                                         "src/pack/traits_for_test/order", "src/pack/traits_for_test/consent",
                                         "src/pack/documents_for_test/agreement" };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(Pack) pack = load(names[i]);
        assert_drawn(pack);
    }
}

/* Twelve steps, three regions of three, twelve more: forty states with what is around them. */
static char *large_procedure(void)
{
    g_autoptr(GString)
        states = g_string_new("states:\n  - id: open\n    zh: 在办\n    en: Open\n    states:\n"),
        lines = g_string_new("transitions:\n  - \"s0 -> s0 : opened by system / task(work), "
                             "start(limit), document(paper), sign(paper)\"\n"
                             "  - \"s0 -> s0 : signed.paper|refused.paper|objected.paper by system\"\n");
    for (int i = 0; i < 24; i++) {
        if (i == 12) {
            g_string_append(states,
                            "      - id: both\n        zh: 并行\n        en: Both\n        parallel: true\n"
                            "        states:\n");
            for (int r = 0; r < 3; r++) {
                g_string_append_printf(states, "          - {id: r%d, zh: 分区, en: Region, states: [", r);
                for (int k = 0; k < 3; k++) {
                    g_string_append_printf(
                        states, "{id: r%dk%d, zh: 送达当事人并取得回证, en: Serve the papers}, ", r, k);
                    g_string_append_printf(lines, "  - \"r%dk%d -> r%dk%d : next by unit\"\n", r, k, r,
                                           (k + 1) % 3);
                }
                g_string_append(states, "]}\n");
            }
        }
        g_string_append_printf(
            states,
            "      - {id: s%d, zh: 会同有关部门现场勘查并提出处理意见, en: Look at the place "
            "together with whoever else is competent}\n",
            i);
        g_autofree char *to = i == 11 ? g_strdup("both") : g_strdup_printf("s%d", i == 23 ? 3 : i + 1);
        g_string_append_printf(lines, "  - \"s%d -> %s : next [rating <= 2 OR kind = 'a'] by unit\"\n", i,
                               to);
        if (i % 5 == 4) g_string_append_printf(lines, "  - \"s%d -> s%d : back by officer\"\n", i, i / 2);
    }
    g_string_append(
        states,
        "      - {id: memory, zh: 原环节, en: Where it was, history: deep}\n"
        "  - {id: waiting, zh: 挂起, en: Suspended, suspended: true}\n"
        "  - {id: done, zh: 完, en: Done, final: true}\n"
        "tasks:\n  - {id: work, role: unit, zh: 办, en: Work}\n"
        "events:\n  opened: {zh: 开, en: Open}\n  next: {zh: 办理并告知当事人, en: Go on and tell}\n"
        "  back: {zh: 退回, en: Back}\n  wait: {zh: 挂起, en: Suspend}\n  finish: {zh: 完, en: Finish}\n");
    g_string_append(lines, "  - \"both -> s12 : back by officer\"\n  - \"open -> waiting : wait by unit\"\n  "
                           "- \"waiting -> memory : next by unit\"\n"
                           "  - \"open -> done : finish by unit / done(work), notice(told)\"\n");
    g_string_append(states, lines->str);
    return g_string_free(g_steal_pointer(&states), FALSE);
}

static void a_large_one_is_too(void)
{
    g_autofree char *procedure = large_procedure();
    char *folder = mini_write("procedure.yaml", NULL, procedure);
    g_autofree char *scenario = g_build_filename(folder, "scenarios", "one.yaml", NULL);
    g_assert_true(
        g_file_set_contents(scenario,
                            "title: {zh: 一, en: One}\n"
                            "signal: {mapping: json, at: \"2026-11-23 09:00\", data: {kind: a}}\n"
                            "steps:\n"
                            "  - {at: \"2026-11-23 10:00\", do: next, by: unit, want: {state: s1}}\n",
                            -1, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_load(folder, &error);
    g_assert_no_error(error);
    g_assert_cmpint(flow_chart_states(pack_chart(pack)), >=, 40);
    assert_drawn(pack);
    mini_remove(folder);
}

static void lines_say_what_they_are_about(void)
{
    g_autoptr(Pack) pack = load("packs/incident");
    g_autoptr(Draw) draw = pack_diagram(pack, "zh");
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson json = base_json_to(out);
    draw_json(draw, &json);
    static const char *const want[] = {
        "\"refs\":[\"received>offered triage\"]",
        "{\"kind\":\"event\",\"text\":\"分诊派警\",\"ref\":null,\"name\":\"分诊派警\"}",
        "\"ref\":\"sort\",\"name\":\"分诊派警\"",
        "{\"kind\":\"task\",\"text\":\"▸ 任务：出警\",\"ref\":\"respond\",\"name\":\"出警\"}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(want); i++) {
        if (!strstr(out->str, want[i])) g_error("%s is not in it", want[i]);
    }
}

static void opening_into_another_state_is_a_way(void)
{
    g_autoptr(Pack) pack = load("packs/campaign");
    g_autoptr(Draw) draw = pack_diagram(pack, "zh");
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson json = base_json_to(out);
    draw_json(draw, &json);
    g_assert_nonnull(strstr(out->str, "received>called opened"));
    g_assert_nonnull(strstr(out->str, "received>planning opened"));
}

static void plain_conditions_are_said_in_words(void)
{
    static const struct {
        const char *condition, *zh, *en;
    } table[] = {
        /* clang-format off */
        { "rating <= 2",                             "满意度 ≤ 2",          NULL },
        { "returns < 2",                             "退回次数 < 2",        "times returned < 2" },
        { "unit IS NOT NULL",                        "已有处置单元",        "unit is known" },
        { "returns < 2 AND late = true",             "退回次数 < 2 且 已超时 = 是", "times returned < 2 and late = yes" },
        { "late",                                    "已超时 = 是",         "late = yes" },
        { "late AND (returns < 2 OR NOT late)",      "已超时 = 是 且 （退回次数 < 2 或 已超时 = 否）", "late = yes and (times returned < 2 or late = no)" },
        { "(late OR returns < 2)",                   "已超时 = 是 或 退回次数 < 2", NULL },
        { "coalesce(returns, 0) = 1",                "退回次数 = 1",        "times returned = 1" },
        { "unit <> actor",                           "处置单元 ≠ 办理人",   NULL },
        { "unit = ' OR ' AND late",                  "处置单元 =  OR  且 已超时 = 是", NULL },
        { "nobody <> actor",                         "nobody <> actor",     NULL },
        { "late OR nobody",                          "late OR nobody",      NULL },
        { "returns + 1 < 2",                         "returns + 1 < 2",     "returns + 1 < 2" },
        { "to_state = 'closed'",                     "到达环节 = 已办结",   NULL },
        { "category LIKE 'th%'",                     "警情类别以「th」开头", NULL },
        { "in(closed)",                              "正在「已办结」",      NULL },
        /* clang-format on */
    };
    g_autoptr(Pack) pack = load("packs/incident");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *zh = pack_words(pack, table[i].condition, "zh"),
                        *en = pack_words(pack, table[i].condition, "en");
        if (i > 0) g_assert_cmpstr(zh, ==, table[i].zh);
        if (table[i].en) g_assert_cmpstr(en, ==, table[i].en);
        g_test_message("%s: %s / %s", table[i].condition, zh, en);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/diagram/packs", packs_are_drawn_soundly);
    g_test_add_func("/diagram/large", a_large_one_is_too);
    g_test_add_func("/diagram/refs", lines_say_what_they_are_about);
    g_test_add_func("/diagram/opening", opening_into_another_state_is_a_way);
    g_test_add_func("/diagram/words", plain_conditions_are_said_in_words);
    return g_test_run();
}
