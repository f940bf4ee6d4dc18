/* lawful.c - what a pack must never hold: biometric, ethnic, religious, political and sexual attributes of
 * people, and scores of persons. Refused by name (Chinese, English, pinyin; in ids, titles and source
 * columns) and by value (lists and maps that spell such an attribute out under an innocent name).
 *
 * Law: 个人信息保护法 (2021) art. 6 (only what the purpose needs; this covers every attribute and score here)
 * and art. 28 (sensitive information, named there: biometrics, religious belief, specific identity ...: only
 * for a specific purpose, when sufficiently necessary and strictly protected). None of the services here has
 * such a purpose, so the attributes have no place in a pack at all. This is a net with a known mesh: it stops
 * mistakes and plain attempts; who publishes a pack still answers for it. */
#include "pack/inside.h"
#include <string.h>

typedef struct {
    const char *what;           /* for the refusal */
    const char *const *chinese; /* anywhere in the text */
    const char *const *words;   /* whole words of Latin text, "_" between words that go together */
} Attribute;

#define SET(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const Attribute attributes[] = {
    { "an ethnic attribute", SET("民族", "族别", "种族", "族裔", "少数民族"),
      SET("ethnic", "ethnicity", "ethnics", "race", "racial", "nation", "minzu", "zuqun", "zubie",
          "zhongzu") },
    { "a religious attribute", SET("宗教", "信仰", "教派", "信教"),
      SET("religion", "religious", "faith", "church_member", "zongjiao", "xinyang", "jiaopai") },
    { "a political attribute", SET("政治面貌", "党派", "党员", "政治倾向", "政见", "政治观点", "政治立场"),
      SET("political", "politics", "party_member", "party_membership", "partisan", "zhengzhimianmao",
          "zhengzhi_mianmao", "dangpai", "dangyuan") },
    { "an attribute of sexual life", SET("性取向", "性倾向"),
      SET("sexual", "sexuality", "sexual_orientation", "xingquxiang") },
    { "a biometric attribute",
      SET("指纹", "掌纹", "人脸", "面部特征", "面部识别", "刷脸", "虹膜", "视网膜", "声纹", "步态",
          "静脉识别", "基因", "血型", "生物特征", "生物识别"),
      SET("fingerprint", "fingerprints", "palmprint", "palm_print", "face_id", "faceid", "face_image",
          "face_feature", "face_features", "face_photo", "face_template", "facial", "iris", "retina",
          "voiceprint", "voice_print", "gait", "palm_vein", "dna", "gene", "genes", "genetic", "genome",
          "biometric", "biometrics", "blood_type", "blood_group", "zhiwen", "renlian", "hongmo", "shengwen",
          "xuexing", "butai") },
};

static const char *const score_chinese[] = { "评分", "积分", "打分", "得分", "信用分", "分值", NULL };
static const char *const score_words[] = { "score", "scores", "scoring", "pingfen", "jifen", "dafen", NULL };
static const char *const person_chinese[] = { "人",   "市民", "居民", "村民", "公民", "群众", "当事",
                                              "个人", "住户", "信用", "信任", "风险", NULL };
static const char *const person_words[] = { "person",   "personal",   "caller",  "resident", "citizen",
                                            "people",   "individual", "suspect", "victim",   "requester",
                                            "reporter", "people",     "credit",  "social",   "trust",
                                            "risk",     "human",      "user",    "customer", "renyuan",
                                            "geren",    "jumin",      "shimin",  NULL };

/* What is done to persons, of which nobody may set a number to be reached. */
static const char *const force_chinese[] = { "抓获",   "逮捕", "拘留", "抓捕", "嫌疑人",
                                             "涉案人", "处罚", "罚款", NULL };
static const char *const force_words[] = { "arrest",    "arrests",    "arrested", "suspect", "suspects",
                                           "detention", "detentions", "detained", "penalty", "penalties",
                                           "fine",      "fines",      "fined",    "zhuahuo", "juliu",
                                           "xianyiren", "daibu",      NULL };
static const char *const goal_chinese[] = { "目标", "任务数", "计划", "指标数", "定额", NULL };
static const char *const goal_words[] = { "target", "targets", "quota",   "quotas", "goal",
                                          "goals",  "planned", "zhibiao", NULL };

/* ---- names ---- */
static const char *first_held(const char *text, const char *const *parts)
{
    for (; *parts; parts++) {
        if (strstr(text, *parts)) {
            return *parts;
        }
    }
    return NULL;
}

/* Lower case, words parted by one '_', one '_' before and after: "callerFaceID" -> "_caller_face_id_". */
static char *as_words(const char *text)
{
    GString *out = g_string_new("_");
    for (const char *p = text; *p; p++) {
        const gboolean hump = g_ascii_isupper(*p) && p > text && g_ascii_islower(p[-1]);
        if (hump || !g_ascii_isalnum(*p)) {
            if (out->str[out->len - 1] != '_') {
                g_string_append_c(out, '_');
            }
        }
        if (g_ascii_isalnum(*p)) {
            g_string_append_c(out, g_ascii_tolower(*p));
        }
    }
    if (out->str[out->len - 1] != '_') {
        g_string_append_c(out, '_');
    }
    return g_string_free(out, FALSE);
}

static gboolean stands_alone(const char *in, const char *word)
{
    const gsize length = strlen(word);
    for (const char *at = strstr(in, word); at; at = strstr(at + 1, word)) {
        if (at[-1] == '_' && at[length] == '_') {
            return TRUE;
        }
    }
    return FALSE;
}

/* The same letters, however they are parted: "_min_zu_" and "minzu". */
static gboolean same_letters(const char *in, const char *word)
{
    while (TRUE) {
        in += strspn(in, "_");
        word += strspn(word, "_");
        if (!*in || *in != *word) {
            return !*in && !*word;
        }
        in++;
        word++;
    }
}

/* `in` is from as_words. */
static const char *first_word(const char *in, const char *const *words)
{
    for (; *words; words++) {
        if (stands_alone(in, *words) || same_letters(in, *words)) {
            return *words;
        }
    }
    return NULL;
}

static gboolean is_score(const char *text)
{
    g_autofree char *in = as_words(text);
    return first_held(text, score_chinese) || first_word(in, score_words);
}

static gboolean is_person(const char *text)
{
    g_autofree char *in = as_words(text);
    return first_held(text, person_chinese) || first_word(in, person_words);
}

/* What merely contains such a word: streets, locks, food, offices; and in Latin text. */
static const char *const ordinary_chinese[] = { "民族路",       "民族街",   "民族大道",     "民族医院",
                                                "民族宗教事务", "民族事务", "党员活动",     "党员之家",
                                                "党员志愿",     "指纹锁",   "人脸识别门禁", "转基因",
                                                "宗教场所",     NULL };
static const char *const ordinary_words[] = { "good_faith", "race_track", "boat_race", "road_race",
                                              "relay_race", "horse_race", NULL };

static char *without(const char *text, const char *const *phrases)
{
    char *left = g_strdup(text);
    for (; *phrases; phrases++) {
        const gsize n = strlen(*phrases);
        for (char *at = strstr(left, *phrases); at; at = strstr(at, *phrases))
            memmove(at, at + n, strlen(at + n) + 1);
    }
    return left;
}

/* The attribute that the text names, NULL: none; and the word by which it does. */
static const Attribute *named_by(const char *text, const char **word)
{
    g_autofree char *words = as_words(text), *in = without(words, ordinary_words),
                    *chinese = without(text, ordinary_chinese);
    for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++) {
        *word = first_held(chinese, attributes[i].chinese);
        if (!*word && in[1]) *word = first_word(in, attributes[i].words);
        if (*word) return &attributes[i];
    }
    return NULL;
}

static void check_name(PackRefusals *refusals, PackSpot spot, const char *text)
{
    const char *word;
    const Attribute *attribute = text ? named_by(text, &word) : NULL;
    if (attribute) {
        pack_refuse(
            refusals, PACK_RULE(lawful, attribute), spot,
            "'%s' names %s; no pack may hold it (个人信息保护法 art. 6 and 28, docs/law.md): remove it", text,
            attribute->what);
    }
}

gboolean pack_lawful_text(const char *text, const char **what, const char **word)
{
    const Attribute *attribute = named_by(text, word);
    *what = attribute ? attribute->what : NULL;
    return !attribute;
}

/* "nationality" means 国籍 to some and 民族 to others: only a title can tell. */
static void check_nationality(PackRefusals *refusals, const PackFile *file, const json_t *field)
{
    static const char *const words[] = { "nationality", "nationalities", NULL };
    const char *id = pack_text(field, "id"), *zh = pack_text(field, "zh");
    g_autofree char *in = as_words(id ? id : "");
    if (id && zh && first_word(in, words) && !strstr(zh, "国籍")) {
        pack_refuse(refusals, PACK_RULE(lawful, nationality), PACK_AT_VALUE(file, field, "id"),
                    "'%s' may mean ethnicity; if citizenship is meant, say 国籍 in its title", id);
    }
}

/* A score is of something; a score of nothing named, or of a person, is refused. */
static void check_score(PackRefusals *refusals, const PackFile *file, const json_t *field)
{
    static const char *const alone[] = { "评分", "积分", "打分", "得分", "分值", "score", "Score", NULL };
    const char *id = pack_text(field, "id"), *zh = pack_text(field, "zh"), *en = pack_text(field, "en");
    if (!id || !zh || !en || !(is_score(id) || is_score(zh) || is_score(en))) {
        return;
    }
    const gboolean person = is_person(id) || is_person(zh) || is_person(en) ||
                            g_strcmp0(pack_text(field, "class"), "private") == 0;
    if (person || g_strv_contains(alone, zh) || g_strv_contains(alone, en)) {
        pack_refuse(
            refusals, PACK_RULE(lawful, score), PACK_AT_VALUE(file, field, "id"),
            "'%s' looks like a score of persons; no pack may hold one. If a thing is scored, name the thing",
            id);
    }
}

static gboolean says(const json_t *item, const char *const *chinese, const char *const *words)
{
    static const char *const keys[] = { "id", "zh", "en" };
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *text = pack_text(item, keys[i]);
        g_autofree char *in = as_words(text ? text : "");
        if (text && (first_held(text, chinese) || first_word(in, words))) return TRUE;
    }
    return FALSE;
}

/* Arrests and fines are counted, never aimed at. A share that should fall may have a target. */
static void check_quota(PackRefusals *refusals, PackSpot spot, const json_t *item, gboolean aimed)
{
    if (aimed && says(item, force_chinese, force_words)) {
        pack_refuse(
            refusals, PACK_RULE(lawful, quota), spot,
            "'%s' sets arrests or fines as a target; they are results and may be counted, never aimed "
            "at: take the target away",
            pack_text(item, "id"));
    }
}

static void check_figures(PackRefusals *refusals, const PackFile *file)
{
    const json_t *figures = json_object_get(file->tree, "indicators");
    for (gsize i = 0; i < json_array_size(figures); i++) {
        const json_t *figure = json_array_get(figures, i);
        const gboolean more = !json_is_false(json_object_get(figure, "higher_is_better"));
        check_quota(refusals, PACK_AT_VALUE(file, figure, "target"), figure,
                    json_object_get(figure, "target") && more);
    }
}

static void check_titled(PackRefusals *refusals, const PackFile *file, const json_t *item)
{
    static const char *const keys[] = { "id", "zh", "en" };
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        check_name(refusals, PACK_AT_VALUE(file, item, keys[i]), pack_text(item, keys[i]));
    }
}

/* ---- values ---- */
typedef struct {
    const char *what;
    guint enough; /* how many different values give it away */
    const char *const *values;
    const char *const *ordinary; /* of the Chinese ones, those that may mean something else: one of the others
                                    is enough; NULL: never */
} Vocabulary;

static const Vocabulary vocabularies[] = {
    { "ethnic groups", 2,
      SET("汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族",
          "侗族", "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族",
          "高山族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族", "达斡尔族",
          "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族", "普米族", "塔吉克族",
          "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族", "京族", "塔塔尔族",
          "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族", "han", "mongol", "hui", "zang",
          "tibetan", "uygur", "uyghur", "miao", "zhuang", "buyei", "manchu", "dong", "tujia", "kazak",
          "kazakh", "dai", "hanzu", "huizu", "zangzu", "weiwuerzu", "miaozu", "zhuangzu", "manzu",
          "menggu_zu", "mengguzu"),
      SET("水族") },
    { "religions", 2,
      SET("佛教", "道教", "伊斯兰教", "天主教", "基督教", "东正教", "犹太教", "无宗教信仰", "buddhism",
          "buddhist", "taoism", "taoist", "islam", "muslim", "catholic", "catholicism", "protestant",
          "christian", "christianity", "jewish", "judaism", "hindu", "hinduism", "atheist", "fojiao",
          "daojiao", "jidujiao", "yisilanjiao"),
      SET("") },
    { "political standing", 2,
      SET("党员", "中共党员", "中共预备党员", "预备党员", "团员", "共青团员", "群众", "无党派", "无党派人士",
          "民革党员", "民盟盟员", "民建会员", "民进会员", "农工党党员", "致公党党员", "九三学社社员",
          "台盟盟员", "民主党派", "communist", "party_member", "league_member", "democrat", "republican",
          "dangyuan", "tuanyuan", "qunzhong"),
      SET("群众", "党员", "团员") },
    { "blood types", 3, SET("a", "b", "ab", "o", "a型", "b型", "ab型", "o型"), NULL },
};

static gboolean is_value(const Vocabulary *v, const char *text)
{
    g_autofree char *bare = g_strstrip(g_ascii_strdown(text, -1));
    for (char *p = bare; *p; p++) {
        if (*p == ' ' || *p == '-') *p = '_';
    }
    return g_strv_contains(v->values, bare);
}

/* The different values of one vocabulary among `texts`. */
static guint count_values(const Vocabulary *v, const GPtrArray *texts)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < texts->len; i++) {
        if (is_value(v, texts->pdata[i])) {
            g_hash_table_add(seen, texts->pdata[i]);
        }
    }
    return g_hash_table_size(seen);
}

/* "AB" must be among blood types, or lists A, B, O of anything would be taken for them. */
static gboolean gives_away(const Vocabulary *v, const GPtrArray *texts)
{
    gboolean ab = v->enough == 2;
    for (guint i = 0; i < texts->len && !ab; i++) {
        g_autofree char *low = g_ascii_strdown(texts->pdata[i], -1);
        ab = strcmp(low, "ab") == 0 || strcmp(low, "ab型") == 0;
    }
    return ab && count_values(v, texts) >= v->enough;
}

/* "汉族" means one thing only. */
static const char *sure_value(const Vocabulary *v, const GPtrArray *texts)
{
    for (guint i = 0; v->ordinary && i < texts->len; i++) {
        const char *text = texts->pdata[i];
        if ((guchar)*text >= 0x80 && is_value(v, text) && !g_strv_contains(v->ordinary, text)) {
            return text;
        }
    }
    return NULL;
}

static void check_values(PackRefusals *refusals, PackSpot spot, const GPtrArray *texts)
{
    for (gsize i = 0; i < G_N_ELEMENTS(vocabularies); i++) {
        const char *sure = sure_value(&vocabularies[i], texts);
        if (sure && !gives_away(&vocabularies[i], texts)) {
            pack_refuse(refusals, PACK_RULE(lawful, value), spot,
                        "'%s' is one of %s, whatever the name says; no pack may hold it: remove it", sure,
                        vocabularies[i].what);
            return;
        }
        if (gives_away(&vocabularies[i], texts)) {
            pack_refuse(refusals, PACK_RULE(lawful, values), spot,
                        "the values here are %s, whatever the name says; no pack may hold them: remove them",
                        vocabularies[i].what);
            return;
        }
    }
}

static void add_text(GPtrArray *texts, const char *text)
{
    if (text) {
        g_ptr_array_add(texts, g_strdup(text));
    }
}

/* The texts in quotes of a condition. */
static void add_quoted(GPtrArray *texts, const char *condition)
{
    for (const char *p = condition ? strchr(condition, '\'') : NULL; p;) {
        const char *end = strchr(p + 1, '\'');
        if (!end) {
            return;
        }
        g_ptr_array_add(texts, g_strndup(p + 1, end - p - 1));
        p = strchr(end + 1, '\'');
    }
}

/* The texts of a tree: names (keys) are judged one by one, values are gathered. */
static void gather_values(const json_t *value, GPtrArray *texts)
{
    const char *key;
    json_t *item;
    add_text(texts, json_string_value(value));
    for (gsize i = 0; i < json_array_size(value); i++) {
        gather_values(json_array_get(value, i), texts);
    }
    json_object_foreach((json_t *)value, key, item)
    {
        gather_values(item, texts);
    }
}

/* ---- files ---- */
static void check_types(PackRefusals *refusals, const PackFile *file)
{
    const json_t *fields = json_object_get(file->tree, "fields");
    for (gsize i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        check_titled(refusals, file, field);
        check_nationality(refusals, file, field);
        check_score(refusals, file, field);
        check_quota(refusals, PACK_AT_VALUE(file, field, "id"), field, says(field, goal_chinese, goal_words));
    }
    json_t *lists = json_object_get(file->tree, "lists"), *lines;
    const char *id;
    json_object_foreach(lists, id, lines)
    {
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        check_name(refusals, PACK_AT_KEY(file, lists, id), id);
        for (gsize i = 0; i < json_array_size(lines); i++) {
            const json_t *line = json_array_get(lines, i);
            add_text(texts, pack_text(line, "code"));
            add_text(texts, pack_text(line, "zh"));
            add_text(texts, pack_text(line, "en"));
        }
        check_values(refusals, PACK_AT_KEY(file, lists, id), texts);
    }
}

static void check_from(PackRefusals *refusals, const PackFile *file, const json_t *line)
{
    const json_t *from = json_object_get(line, "from");
    check_name(refusals, PACK_AT_VALUE(file, line, "from"), json_string_value(from));
    for (gsize i = 0; i < json_array_size(from); i++) {
        check_name(refusals, PACK_AT_ITEM(file, from, i), json_string_value(json_array_get(from, i)));
    }
}

static void check_map(PackRefusals *refusals, const PackFile *file, const json_t *line)
{
    json_t *map = json_object_get(line, "map"), *value;
    const char *key;
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    json_object_foreach(map, key, value)
    {
        add_text(texts, key);
        add_text(texts, json_string_value(value));
    }
    add_text(texts, pack_text(line, "default"));
    check_values(refusals, map ? PACK_AT_KEY(file, line, "map") : PACK_AT_VALUE(file, line, "default"),
                 texts);
}

static void check_intake(PackRefusals *refusals, const PackFile *file)
{
    const json_t *mappings = json_object_get(file->tree, "mappings");
    for (gsize i = 0; i < json_array_size(mappings); i++) {
        const json_t *lines = json_object_get(json_array_get(mappings, i), "fields");
        for (gsize k = 0; k < json_array_size(lines); k++) {
            check_from(refusals, file, json_array_get(lines, k));
            check_map(refusals, file, json_array_get(lines, k));
        }
    }
}

/* What plans say of their cases, all of them together. */
static void check_plans(PackRefusals *refusals, const PackFile *file)
{
    const json_t *plans = json_object_get(file->tree, "plans");
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < json_array_size(plans); i++) {
        const json_t *plan = json_array_get(plans, i);
        check_titled(refusals, file, plan);
        gather_values(json_object_get(plan, "signal"), texts);
    }
    check_values(refusals, PACK_AT_FILE(file), texts);
}

static void check_decision(PackRefusals *refusals, const PackFile *file)
{
    const json_t *rows = json_object_get(file->tree, "rows");
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *key;
        json_t *value;
        add_quoted(texts, pack_text(row, "when"));
        for (gsize k = 0; k < json_array_size(row); k++) { /* cells of a table */
            add_quoted(texts, json_string_value(json_array_get(row, k)));
            add_text(texts, json_string_value(json_array_get(row, k)));
        }
        json_object_foreach(json_object_get(row, "set"), key, value)
        {
            add_text(texts, json_string_value(value));
        }
    }
    check_values(refusals, PACK_AT_KEY(file, file->tree, "rows"), texts);
}

/* Forms: the names of their properties, and every value they list; what they say is swept. */
static void check_form(PackRefusals *refusals, const PackFile *file)
{
    json_t *properties = json_object_get(file->tree, "properties"), *property;
    const char *id;
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    json_object_foreach(properties, id, property)
    {
        check_name(refusals, PACK_AT_KEY(file, properties, id), id);
    }
    gather_values(file->tree, texts);
    check_values(refusals, PACK_AT_FILE(file), texts);
}

/* Scenarios: the sampled values of all of them together, which show what the fields are for. */
static void check_samples(PackRefusals *refusals, const GPtrArray *files)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    const PackFile *last = NULL;
    for (guint i = 0; i < files->len; i++) {
        const PackFile *file = files->pdata[i];
        if (g_str_has_prefix(file->name, "scenarios/")) {
            const json_t *steps = json_object_get(file->tree, "steps");
            gather_values(json_object_get(json_object_get(file->tree, "signal"), "data"), texts);
            for (gsize k = 0; k < json_array_size(steps); k++) {
                gather_values(json_object_get(json_array_get(steps, k), "with"), texts);
            }
            last = file;
        }
    }
    if (last) {
        check_values(refusals, PACK_AT_FILE(last), texts);
    }
}

void pack_lawful_check(const GPtrArray *files, PackRefusals *refusals)
{
    check_samples(refusals, files);
    pack_sweep(files, refusals);
    for (guint i = 0; i < files->len; i++) {
        const PackFile *file = files->pdata[i];
        if (g_str_has_prefix(file->name, "forms/")) {
            check_form(refusals, file);
        }
        if (strcmp(file->name, "types.yaml") == 0) {
            check_types(refusals, file);
        } else if (strcmp(file->name, "indicators.yaml") == 0) {
            check_figures(refusals, file);
        } else if (strcmp(file->name, "intake.yaml") == 0) {
            check_intake(refusals, file);
        } else if (strcmp(file->name, "plans.yaml") == 0) {
            check_plans(refusals, file);
        } else if (g_str_has_prefix(file->name, "decisions/")) {
            check_decision(refusals, file);
        }
    }
}
