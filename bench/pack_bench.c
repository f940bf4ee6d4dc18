/* pack_bench.c - how long a pack of at least 6,000 lines takes to load: reading, checking, compiling,
 * hashing. The promise: under 100 ms. Exit status 1 when it is broken. Usage: pack_bench [--json] */
#include "pack/pack.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROUNDS 7
#define PROMISE_MS 100.0

#define N_CODES 2000
#define N_FIELDS 60
#define N_ROWS 300
#define N_FORMS 20
#define N_PAPERS 20

typedef struct {
    char *folder;
    gsize lines, bytes;
} Made;

static void put(Made *made, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(made->folder, name, NULL);
    for (const char *p = text; *p; p++) {
        made->lines += *p == '\n';
    }
    made->bytes += strlen(text);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void put_types(Made *made)
{
    g_autoptr(GString) text = g_string_new("lists:\n  kind:\n");
    for (guint i = 0; i < N_CODES; i++) {
        g_string_append_printf(text, "    - {code: c%u, zh: 类别第%u号, en: Kind number %u}\n", i, i, i);
    }
    g_string_append(text, "  grade:\n");
    for (guint i = 0; i < 10; i++) {
        g_string_append_printf(text, "    - {code: g%u, zh: 第%u级, en: Grade %u}\n", i, i, i);
    }
    g_string_append(text, "fields:\n");
    for (guint i = 0; i < N_FIELDS; i++) {
        g_string_append_printf(
            text, "  - id: f%u\n    zh: 字段%u\n    en: Field %u\n    type: text\n    class: open\n%s", i, i,
            i,
            i < 10   ? "    list: kind\n"
            : i < 30 ? "    list: grade\n"
                     : "    max: 100\n");
    }
    g_string_append(text, "  - {id: phone, zh: 电话, en: Phone, type: text, class: private}\n");
    put(made, "types.yaml", text->str);
}

static void put_intake(Made *made)
{
    g_autoptr(GString) text = g_string_new("mappings:\n");
    for (guint m = 0; m < 20; m++) {
        g_string_append_printf(text,
                               "  - id: m%u\n    zh: 映射\n    en: Mapping\n    channel: call\n    fields:\n "
                               "     - {to: phone, from: p}\n",
                               m);
        for (guint i = 0; i < N_FIELDS; i++) {
            g_string_append_printf(text, "      - {to: f%u, from: [a%u, b%u]}\n", i, i, i);
        }
        g_string_append(text, "    decide: [route]\n");
    }
    put(made, "intake.yaml", text->str);
}

static void put_route(Made *made)
{
    g_autoptr(GString) text = g_string_new("hit: first\nrows:\n");
    for (guint i = 0; i < N_ROWS; i++) {
        g_string_append_printf(
            text, "  - when: \"f%u = 'c%u' AND level <= 2\"\n    set:\n      org: O%u\n      level: %u\n",
            i % N_FIELDS, i, i, 1 + i % 4);
    }
    put(made, "decisions/route.yaml", text->str);
}

/* A table of three inputs whose rows the linter compares with one another, and looks for gaps in. */
static void put_table(Made *made)
{
    g_autoptr(GString) text =
        g_string_new("hit: unique\ninputs: [f0, f1, level]\noutputs: [org, f2]\ndefault: [O, c0]\nrows:\n");
    for (guint i = 0; i < N_ROWS; i++) {
        g_string_append_printf(text, "  - [\"'c%u'\", \"not 'c%u'\", \"<= %u\", O%u, c%u]\n", i, i + 1,
                               1 + i % 4, i, i);
    }
    put(made, "decisions/grade.yaml", text->str);
}

/* Each over ten fields, with a layout and a condition. */
static void put_forms(Made *made)
{
    for (guint f = 0; f < N_FORMS; f++) {
        g_autoptr(GString) text = g_string_new("{\n  \"properties\": {\n");
        g_autofree char *name = g_strdup_printf("forms/form%u.json", f);
        for (guint i = 0; i < 10; i++) {
            g_string_append_printf(text,
                                   "    \"f%u\": {\"x-help\": {\"zh\": \"说明\", \"en\": \"Help\"}}%s\n",
                                   (f + i) % N_FIELDS, i < 9 ? "," : "");
        }
        g_string_append_printf(text,
                               "  },\n  \"required\": [\"f%u\"],\n  \"if\": {\"properties\": {\"f%u\": "
                               "{\"const\": \"c1\"}}},\n  \"then\": {\"required\": [\"f%u\"]}\n}\n",
                               f, f, f + 1);
        put(made, name, text->str);
    }
}

/* Each of thirty lines that name ten fields. */
static void put_papers(Made *made)
{
    for (guint d = 0; d < N_PAPERS; d++) {
        g_autoptr(GString) text =
            g_string_new("title: {zh: 文书, en: Paper}\nretention: 10 year\ntext: |\n  # 文书\n");
        g_autofree char *name = g_strdup_printf("documents/paper%u.yaml", d);
        for (guint i = 0; i < 30; i++) {
            g_string_append_printf(text, "  第 %u 项：{f%u}，依法依规办理，特此告知。\n\n", i,
                                   (d + i % 10) % N_FIELDS);
        }
        put(made, name, text->str);
    }
}

/* A line for each form and each document, with conditions that the linter compares with one another. */
static char *make_lines(void)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < N_FORMS; i++) {
        g_string_append_printf(
            text,
            "  - \"new -> new : note [f0 = 'c%u' AND level = 1] by officer / form(form%u), "
            "document(paper%u)\"\n",
            i, i, i % N_PAPERS);
    }
    return g_string_free(text, FALSE);
}

static void put_procedure(Made *made)
{
    g_autofree char *lines = make_lines();
    g_autofree char *text = g_strconcat(
        "states:\n  - {id: new, zh: 新, en: New}\n  - {id: done, zh: 完, en: Done, final: true}\nevents:\n"
        "  opened: {zh: 开, en: Open}\n  finish: {zh: 完, en: Finish}\n  note: {zh: 记, en: Note}\n"
        "transitions:\n  - \"new -> new : opened / start(limit)\"\n  - \"new -> done : finish by officer\"\n",
        lines, NULL);
    put(made, "procedure.yaml", text);
}

static void put_rest(Made *made)
{
    put(made, "pack.yaml",
        "id: large\ntitle: {zh: 大, en: Large}\nowner: {zh: 某, en: Some}\nprefix: LG\nroles: "
        "[officer]\nlaw:\n  - {document: 某法}\n");
    put(made, "clocks.yaml",
        "calendars:\n  day: {}\nclocks:\n  - {id: limit, zh: 限, en: Limit, for: handler, budget: 2 hour, "
        "calendar: day}\n");
    put(made, "access.yaml",
        "purposes:\n  handle: {zh: 办, en: Handle}\nrules:\n  - {role: officer, purpose: handle, basis: "
        "某法, scope: all, full: [phone]}\n");
    put(made, "scenarios/one.yaml",
        "title: {zh: 一, en: One}\nsignal: {mapping: m0, at: \"2026-11-23 09:00\", data: {p: "
        "\"1\"}}\nsteps:\n  - {at: \"2026-11-23 "
        "09:01\", do: finish, by: officer, want: {state: done}}\n");
}

static Made make_large(void)
{
    Made made = { .folder = g_dir_make_tmp("pack-bench-XXXXXX", NULL) };
    static const char *const subs[] = { "decisions", "scenarios", "forms", "documents" };
    for (gsize i = 0; i < G_N_ELEMENTS(subs); i++) {
        g_autofree char *path = g_build_filename(made.folder, subs[i], NULL);
        g_mkdir(path, 0700);
    }
    put_types(&made);
    put_intake(&made);
    put_route(&made);
    put_table(&made);
    put_forms(&made);
    put_papers(&made);
    put_procedure(&made);
    put_rest(&made);
    return made;
}

static void remove_all(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_all(inner);
    }
    g_remove(path);
}

/* Time of this process alone: other work on the machine does not count. Loading waits for nothing but the
 * disk cache. */
static gint64 cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (gint64)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static double load_ms(const char *folder)
{
    g_autoptr(GError) error = NULL;
    const gint64 start = cpu_us();
    g_autoptr(Pack) pack = pack_load(folder, &error);
    const double ms = (double)(cpu_us() - start) / 1000;
    if (!pack) {
        g_printerr("%s\n", error->message);
        exit(2);
    }
    return ms;
}

int main(int argc, char **argv)
{
    Made made = make_large();
    double best = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        best = MIN(best, load_ms(made.folder));
    }
    const gboolean kept = best < PROMISE_MS && made.lines >= 6000;
    if (argc > 1 && strcmp(argv[1], "--json") == 0) {
        printf(
            "{\"bench\":\"pack\",\"lines\":%zu,\"bytes\":%zu,\"ms\":%.1f,\"promise_ms\":%.0f,\"kept\":%s}\n",
            made.lines, made.bytes, best, PROMISE_MS, kept ? "true" : "false");
    } else {
        printf("pack of %zu lines, %zu bytes, %d conditions, %d forms, %d documents: %.1f ms (promise: under "
               "%.0f ms) %s\n",
               made.lines, made.bytes, N_ROWS + N_FORMS, N_FORMS, N_PAPERS, best, PROMISE_MS,
               kept ? "kept" : "BROKEN");
    }
    remove_all(made.folder);
    g_free(made.folder);
    return kept ? 0 : 1;
}
