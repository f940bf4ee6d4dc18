/* mask.c - a value with enough left to recognise it by and too little to learn it from.
 *
 * The kind of a field is read from its id: phone, identity number, address, name, or other. Masks have a
 * fixed number of stars where the length of what is hidden would tell something. Works on characters, never
 * on bytes. */
#include "guard/guard.h"

typedef enum { KIND_OTHER, KIND_PHONE, KIND_NUMBER, KIND_ADDRESS, KIND_NAME } Kind;

static const struct {
    const char *part;
    Kind kind;
} kinds[] = {
    /* clang-format off: the first that is part of the id decides */
    { "phone", KIND_PHONE },       { "mobile", KIND_PHONE },    { "tel", KIND_PHONE },
    { "电话", KIND_PHONE },        { "手机", KIND_PHONE },      { "id_no", KIND_NUMBER },
    { "id_num", KIND_NUMBER },     { "id_card", KIND_NUMBER },  { "idcard", KIND_NUMBER },
    { "identity", KIND_NUMBER },   { "passport", KIND_NUMBER }, { "身份证", KIND_NUMBER },
    { "证件", KIND_NUMBER },       { "address", KIND_ADDRESS }, { "addr", KIND_ADDRESS },
    { "residence", KIND_ADDRESS }, { "地址", KIND_ADDRESS },    { "住址", KIND_ADDRESS },
    { "住处", KIND_ADDRESS },      { "name", KIND_NAME },       { "caller", KIND_NAME },
    { "requester", KIND_NAME },    { "姓名", KIND_NAME },       { "名字", KIND_NAME },
    /* clang-format on */
};

static const char *const compound_surnames[] = {
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟",
    "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离",
    "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "子车", "亓官", "司寇", "巫马", "公西", "颛孙", "壤驷",
    "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐", "段干", "百里", "呼延", "东郭",
    "南门", "羊舌", "微生", "公户", "公玉", "梁丘", "左丘", "东门", "西门", "第五", NULL,
};

static Kind kind_of(const char *field)
{
    g_autofree char *lower = g_utf8_strdown(field, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strstr(lower, kinds[i].part)) return kinds[i].kind;
    return KIND_OTHER;
}

/* `head` characters, `stars` stars, `tail` characters of a text that has more than head + tail. */
static char *keep(const char *text, glong head, int stars, glong tail)
{
    const char *left = g_utf8_offset_to_pointer(text, head);
    const char *right = g_utf8_offset_to_pointer(text, g_utf8_strlen(text, -1) - tail);
    g_autoptr(GString) out = g_string_new_len(text, left - text);
    for (int i = 0; i < stars; i++)
        g_string_append_c(out, '*');
    return g_strdup(g_string_append(out, right)->str);
}

/* 张三 -> 张*, 欧阳一一 -> 欧阳*, Maria -> M*. One star, however long the name; of two characters the second
 * is hidden even when both could be a surname. */
static char *mask_name(const char *text)
{
    glong n = g_utf8_strlen(text, -1), head = 1;
    for (const char *const *surname = compound_surnames; n > 2 && *surname; surname++)
        if (g_str_has_prefix(text, *surname)) head = 2;
    if (n < 2) return g_strdup("*");
    return g_strdup_printf("%.*s*", (int)(g_utf8_offset_to_pointer(text, head) - text), text);
}

/* Digits of any script as ASCII; the country's 86 goes. */
static char *digits_of(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        int digit = g_unichar_digit_value(g_utf8_get_char(p));
        if (digit >= 0) g_string_append_c(out, (char)('0' + digit));
    }
    if (out->len == 13 && g_str_has_prefix(out->str, "86")) g_string_erase(out, 0, 2);
    return g_strdup(out->str);
}

/* 13800000001 -> 138****0001; shorter numbers keep the last three. */
static char *mask_phone(const char *text)
{
    g_autofree char *digits = digits_of(text);
    gsize n = strlen(digits);
    if (n >= 11) return keep(digits, 3, 4, 4);
    return n >= 7 ? keep(digits, 0, 4, 3) : g_strdup("****");
}

/* Identity numbers keep region and the last four (of fifteen: three); anything else its ends. */
static char *mask_number(const char *text)
{
    glong n = g_utf8_strlen(text, -1);
    if (n == 18) return keep(text, 6, 8, 4);
    if (n == 15) return keep(text, 6, 6, 3);
    return n >= 6 ? keep(text, 1, (int)MIN(n - 3, 16), 2) : g_strdup("****");
}

/* The end of the first road in a Chinese address, or NULL. 街道 is a subdistrict, not a road. */
static const char *road_end(const char *text)
{
    static const char *const roads[] = { "大道", "大街", "胡同", "路", "街", "巷", "弄", NULL };
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        if (g_str_has_prefix(p, "街道")) {
            p = g_utf8_next_char(p);
            continue;
        }
        for (const char *const *road = roads; p > text && *road; road++)
            if (g_str_has_prefix(p, *road)) return p + strlen(*road);
    }
    return NULL;
}

/* The end of the last part that is a place of many: subdistrict, district, town, city. */
static const char *area_end(const char *text)
{
    static const char *const areas[] = { "街道", "省", "市", "区", "县", "镇", "乡", NULL };
    const char *end = NULL;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        for (const char *const *area = areas; p > text && *area; area++)
            if (g_str_has_prefix(p, *area)) end = p + strlen(*area);
    return end;
}

/* 江海市人民路88号3单元 -> 江海市人民路***; without a road the area is kept; "12 Main Street, 4B" -> "***
 * Main Street". */
static char *mask_address(const char *text)
{
    const char *end = road_end(text);
    if (!end) end = area_end(text);
    if (end) return g_strdup_printf("%.*s***", (int)(end - text), text);
    const char *number = text + strspn(text, "0123456789-"), *comma = strchr(number, ',');
    gsize length = comma ? (gsize)(comma - number) : strlen(number);
    g_autofree char *street = g_strndup(number, length);
    gboolean named = number > text && *number == ' ' && !street[strcspn(street, "0123456789#")];
    return named ? g_strdup_printf("***%s", street) : g_strdup("***");
}

static char *mask_other(const char *text)
{
    glong n = g_utf8_strlen(text, -1);
    if (n >= 4) return keep(text, 1, 3, 1);
    return n >= 2 ? g_strdup_printf("%.*s**", (int)(g_utf8_next_char(text) - text), text) : g_strdup("*");
}

char *guard_mask(const char *field, const char *value)
{
    if (!*value) return g_strdup("");
    if (!g_utf8_validate(value, -1, NULL)) return g_strdup("***");
    switch (kind_of(field)) {
    case KIND_PHONE:
        return mask_phone(value);
    case KIND_NUMBER:
        return mask_number(value);
    case KIND_ADDRESS:
        return mask_address(value);
    case KIND_NAME:
        return mask_name(value);
    default:
        return mask_other(value);
    }
}
