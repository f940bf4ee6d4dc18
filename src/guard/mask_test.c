/* mask_test.c - what is left of a value. */
#include "guard/guard.h"

static void enough_to_recognise_too_little_to_learn(void)
{
    static const struct {
        const char *field, *value, *want;
    } table[] = {
        /* clang-format off */
        { "name", "张三", "张*" },                    { "name", "张三丰", "张*" },
        { "caller_name", "欧阳一", "欧阳*" },         { "name", "欧阳", "欧*" },
        { "name", "司马相如", "司马*" },              { "name", "买买提·艾力", "买*" },
        { "name", "张", "*" },                        { "姓名", "李四", "李*" },
        { "name", "Maria Rossi", "M*" },              { "name", "𠮷野", "𠮷*" },
        { "name", "", "" },                           { "name", "\xe5\xbc", "***" },
        { "phone", "13800000001", "138****0001" },    { "caller_phone", "+86 138-0000-0001", "138****0001" },
        { "phone", "8613800000001", "138****0001" },  { "手机号", "１３８００００００００１"/* full width */, "138****0001" },
        { "phone", "010-66660001", "010****0001" },   { "phone", "66660001", "****001" },
        { "phone", "110", "****" },                   { "phone", "none", "****" },
        { "id_number", "990101194910010001", "990101********0001" },
        { "id_number", "99010119491001001X", "990101********001X" },
        { "身份证号", "990101491001001", "990101******001" },
        { "passport", "E12345678", "E******78" },     { "id_number", "12345", "****" },
        { "address", "江海市东港区人民路88号3单元402室", "江海市东港区人民路***" },
        { "address", "东港区幸福街道中山大道1号", "东港区幸福街道中山大道***" },
        { "address", "东港区幸福街道", "东港区幸福街道***" },
        { "address", "解放路步行街12号", "解放路***" },
        { "address", "海棠镇柳树村3组", "海棠镇***" },
        { "home_address", "棉花胡同3号", "棉花胡同***" },
        { "address", "路边", "***" },                 { "address", "柳树村3组", "***" },
        { "address", "12 Main Street, Apt 4B", "*** Main Street" },
        { "address", "Apt 4, 12 Main Street", "***" }, { "address", "12", "***" },
        { "plate", "江A12345", "江***5" },            { "plate", "ABC", "A**" },
        { "email", "a", "*" },                        { "rating_text", "来得很快，谢谢", "来***谢" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *got = guard_mask(table[i].field, table[i].value);
        g_test_message("row %zu: %s", i, table[i].field);
        g_assert_cmpstr(got, ==, table[i].want);
    }
}

/* On any text: valid UTF-8 comes out, and never the value itself. */
static void any_text_is_masked_into_text(void)
{
    static const char *const fields[] = { "name", "phone", "id_number", "address", "text" };
    static const gunichar drawn[] = { 'a',
                                      '1',
                                      ' ',
                                      ',',
                                      0x5f20 /* 张 */,
                                      0x6b27,
                                      0x9633,
                                      0x8def /* 路 */,
                                      0x8857 /* 街 */,
                                      0x9053 /* 道 */,
                                      0x533a,
                                      0xff11,
                                      0x1f600,
                                      0x300,
                                      0x20bb7 };
    guint64 seed = g_test_rand_int();
    BaseChance chance = base_chance_seeded(seed);
    g_test_message("seed %" G_GUINT64_FORMAT, seed);
    for (int i = 0; i < 20000; i++) {
        g_autoptr(GString) value = g_string_new(NULL);
        for (guint64 n = 1 + base_chance_below(&chance, 20); n > 0; n--)
            g_string_append_unichar(value, drawn[base_chance_below(&chance, G_N_ELEMENTS(drawn))]);
        g_autofree char *got =
            guard_mask(fields[base_chance_below(&chance, G_N_ELEMENTS(fields))], value->str);
        g_assert_true(g_utf8_validate(got, -1, NULL));
        g_assert_nonnull(strchr(got, '*'));
        g_assert_cmpstr(got, !=, value->str);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mask/enough_to_recognise_too_little_to_learn", enough_to_recognise_too_little_to_learn);
    g_test_add_func("/mask/any_text_is_masked_into_text", any_text_is_masked_into_text);
    return g_test_run();
}
