/* diagram_test.c - every pack that ships is drawn, in both languages, and nothing overlaps. */
#include "pack/pack.h"
#include <string.h>

static Pack *load(const char *name)
{
    g_autofree char *folder = g_build_filename(g_getenv("G_TEST_SRCDIR"), "packs", name, NULL);
    g_autoptr(GError) error = NULL;
    Pack *pack = pack_load(folder, &error);
    g_assert_no_error(error);
    return pack;
}

static void shipped_packs_are_drawn_soundly(void)
{
    static const char *const names[] = { "incident", "workorder" }, *const langs[] = { "zh", "en" };
    for (gsize i = 0; i < 4; i++) {
        g_autoptr(Pack) pack = load(names[i / 2]);
        g_autoptr(Draw) draw = pack_diagram(pack, langs[i % 2]);
        g_autofree char *why = NULL, *svg = pack_diagram_svg(pack, langs[i % 2]);
        if (!draw_sound(draw, &why)) g_error("%s %s: %s", names[i / 2], langs[i % 2], why);
        g_assert_nonnull(strstr(svg, pack_state_title(pack, "closed", langs[i % 2])));
    }
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
        { "returns + 1 < 2",                         "returns + 1 < 2",     "returns + 1 < 2" },
        { "to_state = 'closed'",                     "到达环节 = 已办结",   NULL },
        { "category LIKE 'th%'",                     "警情类别以「th」开头", NULL },
        { "in(closed)",                              "正在「已办结」",      NULL },
        /* clang-format on */
    };
    g_autoptr(Pack) pack = load("incident");
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
    g_test_add_func("/diagram/shipped", shipped_packs_are_drawn_soundly);
    g_test_add_func("/diagram/words", plain_conditions_are_said_in_words);
    return g_test_run();
}
