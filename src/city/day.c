/* day.c - a day of calls and complaints: how many by hour, about what, in which words. */
#include "city/day.h"
#include "base/csv.h"
#include <string.h>

typedef struct {
    const char *category; /* code of the pack's list */
    guint weight;
    const char *texts[3];
} Matter;

/* clang-format off */
static const Matter calls[] = {
    { "theft",            130, { "电动车停在楼下被偷，充电器还在", "手机在公交站被扒走，刚刚发现", "店里少了两条烟，监控拍到人" } },
    { "fraud",             90, { "接到冒充客服的电话，转走八千元", "网上刷单被骗，对方已拉黑", "老人要给陌生账户汇款，请来劝阻" } },
    { "fight",             60, { "烧烤摊两桌人打起来了，有人流血", "停车场两名司机动手", "楼上邻居打架，声音很大" } },
    { "dispute",          150, { "租客押金不退，双方堵在门口", "工地欠薪，十几人聚集", "邻里因漏水争执不下" } },
    { "traffic_accident", 170, { "两车追尾，占用中间车道，无人受伤", "电动车与轿车相撞，骑车人腿部受伤", "货车侧翻，洒落货物" } },
    { "traffic_jam",       60, { "路口信号灯不亮，车辆堵死", "违停占道，公交车过不去", "事故车未移，后方排长队" } },
    { "fire",              28, { "居民楼六层冒黑烟", "厨房起火，火势变大", "垃圾堆着火，靠近配电箱" } },
    { "gas_leak",          14, { "楼道里煤气味很重", "餐馆气瓶漏气，人员已出来", "施工挖断燃气管" } },
    { "medical",          150, { "老人胸痛，出冷汗", "孕妇要生了，需要救护车", "有人晕倒在路边，呼吸微弱" } },
    { "missing",           24, { "七岁孩子在商场走失，穿红衣服", "患病老人早上出门未归", "同学离开学校联系不上" } },
    { "nuisance",          70, { "半夜广场音响太大", "有人酒后在楼道吵闹", "施工队夜间敲打" } },
    { "help",              90, { "被反锁在阳台", "猫卡在围栏里，够不着", "手被机器夹住，需要帮助" } },
};
static const Matter complaints[] = {
    { "noise",       110, { "楼下工地凌晨还在打桩，影响孩子睡觉", "广场舞音响从早响到晚", "空调外机噪声大，多次反映无人处理" } },
    { "garbage",      95, { "小区垃圾两天没有清运，气味很大", "河边堆了建筑垃圾", "垃圾桶满溢，老鼠很多" } },
    { "road",         80, { "路面有大坑，晚上看不见", "井盖松动，车一压就响", "路灯坏了三盏" } },
    { "water",        70, { "停水一整天没有通知", "水压太低，七楼上不来水", "自来水发黄" } },
    { "heating",      30, { "暖气不热，室内只有十四度", "缴了费还没有供暖", "管道漏水，楼道结冰" } },
    { "parking",      85, { "消防通道被私家车占用", "物业乱收停车费", "盲道上停满共享单车" } },
    { "property",     80, { "电梯坏了一周没人修", "物业不公开维修资金账目", "外墙脱落砸到车" } },
    { "wages",        45, { "公司拖欠三个月工资", "辞职后不结算工资", "工地干完活包工头不见了" } },
    { "food",         40, { "外卖里吃出虫子", "超市卖过期牛奶", "饭店卫生差，后厨有蟑螂" } },
    { "pollution",    40, { "工厂夜里排刺鼻的气", "河水变黑发臭", "露天烧烤油烟进屋" } },
    { "bus",          35, { "公交线路改了没有告示", "站牌信息不对，白等一小时", "司机拒载老人" } },
    { "consultation", 90, { "咨询居住证怎么办理", "问一下医保异地备案", "想了解新生儿落户的材料" } },
};
/* Relative load by hour: little at night, two peaks. */
static const guint8 hours[24] = { 22, 16, 12, 9, 8, 12, 26, 48, 68, 76, 74, 70, 62, 60, 64, 68, 72, 82, 88, 80, 70, 60, 46, 32 };
/* clang-format on */

static const Matter *draw_matter(BaseChance *chance, const Matter *matters, gsize n)
{
    guint total = 0;
    for (gsize i = 0; i < n; i++)
        total += matters[i].weight;
    guint drawn = (guint)base_chance_below(chance, total);
    for (gsize i = 0;; i++) {
        if (drawn < matters[i].weight) return &matters[i];
        drawn -= matters[i].weight;
    }
}

static gint64 draw_instant(BaseChance *chance, gint64 midnight)
{
    guint total = 0, hour = 0;
    for (int i = 0; i < 24; i++)
        total += hours[i];
    guint drawn = (guint)base_chance_below(chance, total);
    while (drawn >= hours[hour])
        drawn -= hours[hour++];
    return midnight + hour * BASE_HOUR + (gint64)base_chance_below(chance, BASE_HOUR);
}

typedef struct {
    gint64 at;
    char *line;
} Row;

static int by_time(gconstpointer a, gconstpointer b)
{
    const Row *x = a, *y = b;
    return x->at != y->at ? (x->at < y->at ? -1 : 1) : strcmp(x->line, y->line);
}

static void row_clear(gpointer row)
{
    g_free(((Row *)row)->line);
}

static void add_row(GArray *rows, BaseChance *chance, gint64 at, const char *channel, const char *category,
                    const char *text, BasePoint where, const char *address, int area)
{
    char name[32], phone[12], when[17], number[2][G_ASCII_DTOSTR_BUF_SIZE];
    world_person(chance, name, phone);
    base_time_write(at, BASE_CHINA_OFFSET, when);
    g_autofree char *full_time = g_strdup_printf("%s:%02d", when, (int)(at / 1000 % 60));
    const char *fields[] = { full_time,
                             channel,
                             name,
                             phone,
                             category,
                             address,
                             g_ascii_formatd(number[0], sizeof number[0], "%.6f", where.lat),
                             g_ascii_formatd(number[1], sizeof number[1], "%.6f", where.lon),
                             world_area_id(area),
                             text };
    g_autoptr(GString) line = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        base_csv_write_field(line, fields[i], i == 0);
    Row row = { at, g_strdup(line->str) };
    g_array_append_val(rows, row);
}

static void add_matter(GArray *rows, const World *world, BaseChance *chance, gint64 at, const char *channel,
                       const char *category, const char *text)
{
    BasePoint where;
    int area;
    char address[96];
    world_place(world, chance, &where, &area, address);
    add_row(rows, chance, at, channel, category, text, where, address, area);
}

/* One big fire that many see: calls within a quarter of an hour, a few hundred metres apart. */
static void add_storm(GArray *rows, const World *world, BaseChance *chance, gint64 midnight, guint n)
{
    BasePoint fire;
    int area;
    char address[96];
    world_place(world, chance, &fire, &area, address);
    gint64 start = midnight + 15 * BASE_HOUR + 12 * BASE_MINUTE;
    for (guint i = 0; i < n; i++) {
        BasePoint seen = { fire.lat + (base_chance_unit(chance) - 0.5) * 0.004,
                           fire.lon + (base_chance_unit(chance) - 0.5) * 0.004 };
        add_row(rows, chance, start + (gint64)base_chance_below(chance, 15 * BASE_MINUTE), "call", "fire",
                "仓库起火，浓烟很大，远处都能看见", seen, address, area);
    }
}

char *day_table(const World *world, const char *pack, gint64 midnight, double share, guint64 seed)
{
    gboolean incident = strcmp(pack, "incident") == 0;
    BaseChance chance = base_chance_seeded(seed * 2 + incident);
    const Matter *matters = incident ? calls : complaints;
    gsize n_matters = incident ? G_N_ELEMENTS(calls) : G_N_ELEMENTS(complaints);
    static const char *const channels[2][4] = { { "call", "web", "mini_program", "call" },
                                                { "call", "call", "call", "alarm" } };
    guint n = (guint)((incident ? 700 : 450) * share);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(rows, row_clear);
    for (guint i = 0; i < n; i++) {
        const Matter *matter = draw_matter(&chance, matters, n_matters);
        gint64 at = draw_instant(&chance, midnight);
        const char *channel = channels[incident][base_chance_below(&chance, 4)];
        add_matter(rows, world, &chance, at, channel, matter->category,
                   matter->texts[base_chance_below(&chance, 3)]);
    }
    if (incident && share >= 0.2) add_storm(rows, world, &chance, midnight, 9);
    g_array_sort(rows, by_time);
    GString *table = g_string_new("at,channel,caller_name,caller_phone,category,place,lat,lon,area,text\n");
    for (guint i = 0; i < rows->len; i++)
        g_string_append_printf(table, "%s\n", g_array_index(rows, Row, i).line);
    return g_string_free(table, FALSE);
}
