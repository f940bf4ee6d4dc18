/* mini_pack.h - the smallest sound pack, for tests that break one thing of it at a time. */
#pragma once
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    const char *name, *text;
} MiniFile;

static const MiniFile mini_files[] = {
    /* clang-format off */
    { "pack.yaml",
      "id: mini\n"
      "title: {zh: 小, en: Mini}\n"
      "owner: {zh: 某, en: Some}\n"
      "prefix: MN\n"
      "roles: [officer, unit]\n"
      "title_field: kind\n"
      "law:\n"
      "  - {document: 某法}\n" },
    { "types.yaml",
      "lists:\n"
      "  kind:\n"
      "    - {code: a, zh: 甲, en: A}\n"
      "    - {code: b, zh: 乙, en: B}\n"
      "fields:\n"
      "  - {id: kind, zh: 类别, en: Kind, type: text, class: open, list: kind}\n"
      "  - {id: rating, zh: 满意度, en: Rating, type: int, class: open, min: 1, max: 5}\n"
      "  - {id: phone, zh: 电话, en: Phone, type: text, class: private, max: 20}\n"
      "  - {id: rating_text, zh: 意见, en: Words, type: text, class: private}\n"
      "registers:\n"
      "  - {id: desks, zh: 窗口, en: Desks, key: code, keeper: officer, fields: [{id: code, zh: 码, en: Code, type: text}, {id: org, zh: 单位, en: Org, type: text}]}\n" },
    { "decisions/desk.yaml",
      "from: desks\n"
      "order: [load]\n"
      "set: {org: org}\n" },
    { "intake.yaml",
      "mappings:\n"
      "  - id: json\n"
      "    zh: 录入\n"
      "    en: Form\n"
      "    channel: call\n"
      "    fields:\n"
      "      - {to: kind, from: kind, required: true}\n"
      "      - {to: phone, from: phone}\n"
      "    decide: [send]\n"
      "  - {id: table, zh: 表, en: Table, channel: table, fields: [{to: kind, from: category, required: true}]}\n" },
    { "decisions/send.yaml",
      "hit: first\n"
      "rows:\n"
      "  - {when: \"kind = 'a'\", set: {org: X, level: 1}}\n"
      "  - {set: {org: Y}}\n" },
    { "procedure.yaml",
      "states:\n"
      "  - {id: new, zh: 新, en: New}\n"
      "  - {id: done, zh: 完, en: Done, final: true}\n"
      "tasks:\n"
      "  - {id: work, role: unit, zh: 办, en: Work}\n"
      "events:\n"
      "  opened: {zh: 开, en: Open}\n"
      "  finish: {zh: 完, en: Finish}\n"
      "transitions:\n"
      "  - \"new -> new : opened by system / task(work), start(limit), document(paper), sign(paper)\"\n"
      "  - \"new -> done : finish [kind = 'a' OR minutes > 1] by unit / notice(told)\"\n"
      "  - \"new -> new : signed.paper|refused.paper|objected.paper by system\"\n" },
    { "clocks.yaml",
      "calendars:\n"
      "  day: {}\n"
      "clocks:\n"
      "  - {id: limit, zh: 限, en: Limit, for: handler, budget: 2 hour, calendar: day, rungs: [{at: 50}, {at: 100}]}\n" },
    { "notices.yaml",
      "notices:\n"
      "  - {id: told, channel: sms, receiver: resident, zh: \"{number} {link}\", en: \"{number} {kind}\"}\n" },
    { "indicators.yaml",
      "indicators:\n"
      "  - {id: n, zh: 数, en: N, kind: count, when: \"event = 'finish'\", num: \"minutes >= 0\", unit: {zh: 件, en: n}}\n" },
    { "access.yaml",
      "purposes:\n"
      "  handle: {zh: 办, en: Handle}\n"
      "rules:\n"
      "  - {role: officer, purpose: handle, basis: 某法, scope: all, full: [phone, rating_text]}\n" },
    { "documents/paper.yaml",
      "title: {zh: 单, en: Paper}\n"
      "retention: 10 year\n"
      "purpose: handle\n"
      "signers:\n"
      "  - {id: boss, title: {zh: 签字, en: Signs}, who: officer, name: phone}\n"
      "text: |\n"
      "  # 单\n"
      "  编号 {number}，{kind}\n"
      "  {?phone}电话 {phone}{/phone}\n" },
    { "scenarios/one.yaml",
      "title: {zh: 一, en: One}\n"
      "signal: {mapping: json, at: \"2026-11-23 09:00\", data: {kind: a}}\n"
      "steps:\n"
      "  - {at: \"2026-11-23 10:00\", want: {state: new, fired: [limit 50]}}\n"
      "  - {at: \"2026-11-23 10:30\", do: finish, by: unit, want: {state: done, tasks: {work: lapsed}, notices: told}}\n"
      "figures: {n: [1, 0]}\n" },
    /* clang-format on */
};

static inline char *mini_replace(const char *text, const char *find, const char *put)
{
    const char *at = strstr(text, find);
    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, put, at + strlen(find));
}

/* A folder of its own, with `find` in `file` replaced by `put` (file NULL: nothing; find NULL: the file left
 * out, or, with `put`, written anew). mini_remove() takes it away and frees the name. */
static inline char *mini_write(const char *file, const char *find, const char *put)
{
    char *folder = g_dir_make_tmp("pack-XXXXXX", NULL);
    g_autofree char *decisions = g_build_filename(folder, "decisions", NULL);
    g_autofree char *documents = g_build_filename(folder, "documents", NULL);
    g_autofree char *scenarios = g_build_filename(folder, "scenarios", NULL);
    g_autofree char *forms = g_build_filename(folder, "forms", NULL);
    g_mkdir(decisions, 0700);
    g_mkdir(documents, 0700);
    g_mkdir(forms, 0700);
    g_mkdir(scenarios, 0700);
    gboolean met = !file;
    for (gsize i = 0; i < G_N_ELEMENTS(mini_files); i++) {
        const gboolean here = file && strcmp(mini_files[i].name, file) == 0;
        g_autofree char *path = g_build_filename(folder, mini_files[i].name, NULL);
        g_autofree char *text = here && find ? mini_replace(mini_files[i].text, find, put)
                                             : g_strdup(here && put ? put : mini_files[i].text);
        met = met || here;
        if (!(here && !find && !put)) {
            g_assert_true(g_file_set_contents(path, text, -1, NULL));
        }
    }
    if (!met) {
        g_autofree char *path = g_build_filename(folder, file, NULL), *within = g_path_get_dirname(path);
        g_mkdir_with_parents(within, 0700);
        g_assert_true(g_file_set_contents(path, put, -1, NULL));
    }
    return folder;
}

static inline void mini_empty(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        mini_empty(path);
        g_remove(path);
    }
}

static inline void mini_remove(char *folder)
{
    mini_empty(folder);
    g_rmdir(folder);
    g_free(folder);
}
