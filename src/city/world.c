/* world.c - the drawing of the city: an outline with some noise, a river through it, a centre and five outer
 * districts, a bent grid of streets. */
#include "city/world.h"
#include "base/json.h"
#include <math.h>
#include <string.h>

#define OUTLINE 72        /* corners of the city's outline */
#define RADIUS_M 11000.0  /* mean distance from the centre to the outline */
#define CENTRE_SHARE 0.34 /* of the radius: the inner district */
#define STREET_EVERY_M 900.0
#define METRES_PER_DEGREE 111195.0

struct World {
    BasePoint centre;
    double outline[OUTLINE];      /* metres from the centre, by direction */
    double turn[WORLD_AREAS - 1]; /* directions at which the outer districts begin, radians */
    double bend, phase;           /* of the grid and the river */
    GArray *streets, *units;
};

static const char *const area_names[WORLD_AREAS] = { "中心城区", "东湖区", "南屏区",
                                                     "西岭区",   "北港区", "高新区" };

static const WorldOrg orgs[] = {
    { "PS-A1", "中心城区派出所", "A1", "police" },
    { "PS-A2", "东湖派出所", "A2", "police" },
    { "PS-A3", "南屏派出所", "A3", "police" },
    { "PS-A4", "西岭派出所", "A4", "police" },
    { "PS-A5", "北港派出所", "A5", "police" },
    { "PS-A6", "高新区派出所", "A6", "police" },
    { "TRAF", "交通警察支队", "", "police" },
    { "FIRE", "消防救援支队", "", "fire" },
    { "EMS", "急救中心", "", "medical" },
    { "COMMAND", "指挥中心", "", "centre" },
    { "HOTLINE", "12345热线中心", "", "centre" },
    { "HOUSING", "住房和城乡建设局", "", "department" },
    { "CITYMGMT", "城市管理局", "", "department" },
    { "WATER", "水务局", "", "department" },
    { "ENV", "生态环境局", "", "department" },
    { "TRANSPORT", "交通运输局", "", "department" },
    { "MARKET", "市场监督管理局", "", "department" },
    { "LABOUR", "人力资源和社会保障局", "", "department" },
};

const char *world_area_id(int area)
{
    static const char *const ids[WORLD_AREAS] = { "A1", "A2", "A3", "A4", "A5", "A6" };
    return ids[area];
}

const char *world_area_name(int area)
{
    return area_names[area];
}

const WorldOrg *world_orgs(gsize *n)
{
    *n = G_N_ELEMENTS(orgs);
    return orgs;
}

static void shift(BasePoint *p, double lat, double lon)
{
    p->lat += lat;
    p->lon += lon;
}

void world_move(World *world, BasePoint middle)
{
    double lat = middle.lat - world->centre.lat, lon = middle.lon - world->centre.lon;
    world->centre = middle;
    for (guint i = 0; i < world->streets->len; i++) {
        shift(&g_array_index(world->streets, WorldStreet, i).from, lat, lon);
        shift(&g_array_index(world->streets, WorldStreet, i).to, lat, lon);
    }
    for (guint i = 0; i < world->units->len; i++)
        shift(&g_array_index(world->units, WorldUnit, i).at, lat, lon);
}

static BasePoint at_metres(const World *world, double east, double north)
{
    return (BasePoint){ world->centre.lat + north / METRES_PER_DEGREE,
                        world->centre.lon +
                            east / (METRES_PER_DEGREE * cos(world->centre.lat * G_PI / 180)) };
}

static double direction_of(double east, double north)
{
    double a = atan2(north, east);
    return a < 0 ? a + 2 * G_PI : a;
}

static double outline_at(const World *world, double direction)
{
    double i = direction / (2 * G_PI) * OUTLINE;
    int low = (int)i % OUTLINE, high = (low + 1) % OUTLINE;
    return world->outline[low] + (world->outline[high] - world->outline[low]) * (i - floor(i));
}

/* District of a place given in metres from the centre; -1 outside the city. */
static int area_of(const World *world, double east, double north)
{
    double far = hypot(east, north), direction = direction_of(east, north),
           edge = outline_at(world, direction);
    if (far > edge) return -1;
    if (far < edge * CENTRE_SHARE) return 0;
    int area = WORLD_AREAS - 1;
    for (int i = 0; i < WORLD_AREAS - 1; i++)
        if (direction >= world->turn[i]) area = i + 1;
    return area;
}

static void draw_outline(World *world, BaseChance *chance)
{
    double phase[4];
    for (int k = 0; k < 4; k++)
        phase[k] = base_chance_unit(chance) * 2 * G_PI;
    for (int i = 0; i < OUTLINE; i++) {
        double a = 2 * G_PI * i / OUTLINE, noise = 0;
        for (int k = 0; k < 4; k++)
            noise += sin(a * (k + 2) + phase[k]) / (k + 3);
        world->outline[i] = RADIUS_M * (1 + 0.35 * noise);
    }
    for (int i = 0; i < WORLD_AREAS - 1; i++)
        world->turn[i] = 2 * G_PI * (i + 0.25 * base_chance_unit(chance)) / (WORLD_AREAS - 1);
}

static char *street_name(BaseChance *chance, GHashTable *taken, gboolean major)
{
    static const char *const heads[] = { "梧桐", "青云", "长宁", "安顺", "永和", "明德", "新华", "春晖",
                                         "清河", "望江", "文昌", "朝阳", "建设", "光明", "翠湖", "银杏",
                                         "金桥", "石门", "松涛", "竹林", "白鹭", "渔港", "龙泉", "凤鸣",
                                         "学府", "科技", "创业", "兴业", "丰收", "和平", "友谊", "滨江",
                                         "花园", "桃源", "云帆", "海棠", "丹桂", "紫薇", "听涛", "迎宾" };
    static const char *const turns[] = {
        "", "东", "西", "南", "北", "一", "二", "三", "四", "五", "六", "七"
    };
    for (gsize round = 0;; round++) {
        const char *head = heads[base_chance_below(chance, G_N_ELEMENTS(heads))];
        const char *turn = round ? turns[base_chance_below(chance, G_N_ELEMENTS(turns))] : "";
        char *name = g_strconcat(head, turn, major ? "大道" : "路", NULL);
        if (g_hash_table_add(taken, name)) return g_strdup(name);
    }
}

/* One line of the grid, cut into stretches that lie in the city. */
static void add_street(World *world, BaseChance *chance, GHashTable *taken, gboolean along, double offset,
                       gboolean major)
{
    char *name = NULL;
    double from_e = 0, from_n = 0;
    gboolean inside = FALSE;
    double tilt = world->bend;
    for (int step = 0; step * 300 <= 3.2 * RADIUS_M; step++) {
        double s = step * 300 - 1.6 * RADIUS_M;
        double sway = 220 * sin(s / 3100 + offset / 1700 + world->phase);
        double u = along ? s : offset + sway, v = along ? offset + sway : s;
        double east = u * cos(tilt) - v * sin(tilt), north = u * sin(tilt) + v * cos(tilt);
        gboolean now = area_of(world, east, north) >= 0;
        if (now && inside) {
            if (!name) name = street_name(chance, taken, major);
            WorldStreet stretch = { .name = g_strdup(name),
                                    .from = at_metres(world, from_e, from_n),
                                    .to = at_metres(world, east, north),
                                    .area = area_of(world, (from_e + east) / 2, (from_n + north) / 2),
                                    .major = major };
            if (stretch.area < 0) stretch.area = area_of(world, east, north);
            g_array_append_val(world->streets, stretch);
        }
        inside = now;
        from_e = east;
        from_n = north;
    }
    g_free(name);
}

static void draw_streets(World *world, BaseChance *chance)
{
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = -17; i <= 17; i++) {
        gboolean major = i % 4 == 0;
        if (!major && base_chance_below(chance, 5) == 0) continue;
        add_street(world, chance, taken, TRUE,
                   i * STREET_EVERY_M + (major ? 0 : 140 * (base_chance_unit(chance) - 0.5)), major);
        add_street(world, chance, taken, FALSE,
                   i * STREET_EVERY_M + (major ? 0 : 140 * (base_chance_unit(chance) - 0.5)), major);
    }
}

static const WorldStreet *street_in(const World *world, BaseChance *chance, int area)
{
    for (;;) {
        const WorldStreet *s =
            &g_array_index(world->streets, WorldStreet, base_chance_below(chance, world->streets->len));
        if (area < 0 || s->area == area) return s;
    }
}

static void add_unit(World *world, BaseChance *chance, const char *skill, const char *org, const char *mark,
                     const char *label, int area, int number)
{
    const WorldStreet *street = street_in(world, chance, area);
    WorldUnit unit = { .at = street->from };
    g_snprintf(unit.id, sizeof unit.id, "%s%02d", mark, number);
    g_snprintf(unit.name, sizeof unit.name, "%s%02d", label, number);
    g_strlcpy(unit.skill, skill, sizeof unit.skill);
    g_strlcpy(unit.org, org, sizeof unit.org);
    g_array_append_val(world->units, unit);
}

static void draw_units(World *world, BaseChance *chance, int crews)
{
    int patrol = 1;
    for (int area = 0; area < WORLD_AREAS; area++) {
        g_autofree char *org = g_strconcat("PS-", world_area_id(area), NULL);
        for (int i = 0; i < crews * (area == 0 ? 8 : 5); i++)
            add_unit(world, chance, "patrol", org, "P", "巡逻", area, patrol++);
    }
    for (int i = 1; i <= 10 * crews; i++)
        add_unit(world, chance, "traffic", "TRAF", "T", "交警", -1, i);
    for (int i = 1; i <= 6 * crews; i++)
        add_unit(world, chance, "fire", "FIRE", "F", "消防", (i - 1) % WORLD_AREAS, i);
    for (int i = 1; i <= 14 * crews; i++)
        add_unit(world, chance, "medical", "EMS", "M", "急救", (i - 1) % WORLD_AREAS, i);
}

static void street_clear(gpointer street)
{
    g_free(((WorldStreet *)street)->name);
}

World *world_new(guint64 seed, guint crews)
{
    BaseChance chance = base_chance_seeded(seed ^ 0xb1a0u);
    World *world = g_new0(World, 1);
    world->centre = (BasePoint){ 30.30, 114.60 };
    world->bend = 0.35 * (base_chance_unit(&chance) - 0.5);
    world->phase = base_chance_unit(&chance) * 2 * G_PI;
    world->streets = g_array_new(FALSE, TRUE, sizeof(WorldStreet));
    g_array_set_clear_func(world->streets, street_clear);
    world->units = g_array_new(FALSE, TRUE, sizeof(WorldUnit));
    draw_outline(world, &chance);
    draw_streets(world, &chance);
    draw_units(world, &chance, (int)CLAMP(crews, 1, 10));
    return world;
}

void world_free(World *world)
{
    if (!world) return;
    g_array_unref(world->streets);
    g_array_unref(world->units);
    g_free(world);
}

const WorldUnit *world_units(const World *world, gsize *n)
{
    *n = world->units->len;
    return (const WorldUnit *)world->units->data;
}

const WorldStreet *world_streets(const World *world, gsize *n)
{
    *n = world->streets->len;
    return (const WorldStreet *)world->streets->data;
}

void world_place(const World *world, BaseChance *chance, BasePoint *at, int *area, char address[96])
{
    /* Two in five places lie in the centre, and one in five on a main street. */
    int wanted = base_chance_below(chance, 5) < 2 ? 0 : -1;
    const WorldStreet *street = street_in(world, chance, wanted);
    for (int i = 0; i < 2 && !street->major; i++)
        if (base_chance_below(chance, 5) == 0) street = street_in(world, chance, wanted);
    double share = base_chance_unit(chance);
    at->lat = street->from.lat + (street->to.lat - street->from.lat) * share;
    at->lon = street->from.lon + (street->to.lon - street->from.lon) * share;
    *area = street->area;
    g_snprintf(address, 96, "%s%s%u号", area_names[street->area], street->name,
               1 + (guint)base_chance_below(chance, 398));
}

void world_person(BaseChance *chance, char name[32], char phone[12])
{
    static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵",
                                            "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
                                            "何", "林", "高", "罗", "郑", "梁", "谢", "欧阳" };
    static const char *const given[] = { "伟",   "芳",   "娜",   "敏",   "静",   "丽",   "强",   "磊",
                                         "军",   "洋",   "勇",   "艳",   "杰",   "娟",   "涛",   "明",
                                         "超",   "霞",   "平",   "刚",   "桂英", "建国", "志强", "秀兰",
                                         "海燕", "小红", "文博", "子涵", "雨桐", "浩然", "嘉怡", "思远" };
    g_snprintf(name, 32, "%s%s", surnames[base_chance_below(chance, G_N_ELEMENTS(surnames))],
               given[base_chance_below(chance, G_N_ELEMENTS(given))]);
    g_snprintf(phone, 12, "12%09u", (guint)base_chance_below(chance, 1000000000));
}

/* ---- the map ---- */

static void put_point(BaseJson *j, BasePoint p)
{
    base_json_array(j);
    base_json_real(j, round(p.lon * 1e6) / 1e6);
    base_json_real(j, round(p.lat * 1e6) / 1e6);
    base_json_end_array(j);
}

static void begin_feature(BaseJson *j, const char *kind, const char *id, const char *name, const char *shape)
{
    base_json_object(j);
    base_json_put_text(j, "type", "Feature");
    base_json_key(j, "properties");
    base_json_object(j);
    base_json_put_text(j, "kind", kind);
    base_json_put_text(j, "id", id);
    base_json_put_text(j, "name", name);
    base_json_end_object(j);
    base_json_key(j, "geometry");
    base_json_object(j);
    base_json_put_text(j, "type", shape);
    base_json_key(j, "coordinates");
    base_json_array(j);
}

static void end_feature(BaseJson *j)
{
    base_json_end_array(j);
    base_json_end_object(j);
    base_json_end_object(j);
}

static BasePoint polar(const World *world, double direction, double share)
{
    double far = outline_at(world, fmod(direction + 4 * G_PI, 2 * G_PI)) * share;
    return at_metres(world, far * cos(direction), far * sin(direction));
}

static void put_district(const World *world, BaseJson *j, int area)
{
    begin_feature(j, "district", world_area_id(area), area_names[area], "Polygon");
    base_json_array(j);
    double from = area ? world->turn[area - 1] : 0;
    double to = area == 0                 ? 2 * G_PI
                : area == WORLD_AREAS - 1 ? world->turn[0] + 2 * G_PI
                                          : world->turn[area];
    int steps = 60;
    for (int i = 0; i <= steps; i++)
        put_point(j, polar(world, from + (to - from) * i / steps, area ? 1 : CENTRE_SHARE));
    for (int i = steps; area && i >= 0; i--)
        put_point(j, polar(world, from + (to - from) * i / steps, CENTRE_SHARE));
    if (area) put_point(j, polar(world, from, 1));
    base_json_end_array(j);
    end_feature(j);
}

static void put_river(const World *world, BaseJson *j)
{
    begin_feature(j, "river", "R1", "闭环河", "LineString");
    for (int step = 0; step * 250 <= 3 * RADIUS_M; step++) {
        double s = step * 250 - 1.5 * RADIUS_M;
        put_point(j, at_metres(world, s, 2600 + 1500 * sin(s / 5200 + world->phase) + 500 * sin(s / 1900)));
    }
    end_feature(j);
}

static void put_streets(const World *world, BaseJson *j)
{
    const WorldStreet *last = NULL;
    for (guint i = 0; i < world->streets->len; i++) {
        const WorldStreet *s = &g_array_index(world->streets, WorldStreet, i);
        gboolean goes_on = last && strcmp(last->name, s->name) == 0 && last->to.lat == s->from.lat &&
                           last->to.lon == s->from.lon;
        if (!goes_on) {
            if (last) end_feature(j);
            begin_feature(j, s->major ? "avenue" : "street", s->name, s->name, "LineString");
            put_point(j, s->from);
        }
        put_point(j, s->to);
        last = s;
    }
    if (last) end_feature(j);
}

char *world_geojson(const World *world)
{
    GString *out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_put_text(&j, "type", "FeatureCollection");
    base_json_key(&j, "features");
    base_json_array(&j);
    for (int area = 0; area < WORLD_AREAS; area++)
        put_district(world, &j, area);
    put_river(world, &j);
    put_streets(world, &j);
    base_json_end_array(&j);
    base_json_end_object(&j);
    return g_string_free(out, FALSE);
}

gboolean world_settle(const World *world, CaseRoom *room, StoreConn *conn, gint64 now, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(orgs); i++)
        if (!case_put_org(room, conn, orgs[i].id, orgs[i].name, NULL, orgs[i].area, orgs[i].kind,
                          "system:demo", now, error))
            return FALSE;
    for (guint i = 0; i < world->units->len; i++) {
        const WorldUnit *u = &g_array_index(world->units, WorldUnit, i);
        if (!case_put_unit(room, conn, u->id, u->name, u->org, u->skill, u->at, "system:demo", now, error))
            return FALSE;
    }
    return TRUE;
}
