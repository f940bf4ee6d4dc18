/* Traits in use: packs that use them all, whose scenarios show what each gives; and what
 * is refused. */
#include "pack/inside.h"
#include <string.h>

static char *folder_of(const char *name)
{
    return g_test_build_filename(G_TEST_DIST, "src", "pack", "traits_for_test", name, NULL);
}

static void hold_sound(const char *name)
{
    g_autofree char *folder = folder_of(name);
    g_autoptr(GPtrArray) refusals = pack_check(folder);
    for (guint i = 0; i < refusals->len; i++)
        g_test_message("%s", (char *)refusals->pdata[i]);
    g_assert_cmpuint(refusals->len, ==, 0);
}

static void packs_that_use_traits_go_their_ways(void)
{
    hold_sound("order");
    hold_sound("consent");
    hold_sound("visit");
}

static void a_stored_version_holds_what_traits_made_of_it(void)
{
    g_autofree char *folder = folder_of("order");
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_load(folder, &error);
    g_assert_no_error(error);
    g_autoptr(Pack) again = pack_from_canonical(pack_canonical(pack), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(pack_version(again), ==, pack_version(pack));
    g_assert_cmpstr(pack_console_json(again), ==, pack_console_json(pack));
    g_assert_nonnull(strstr(pack_canonical(pack), "\"expanded\":{"));
}

/* The program's traits do not count for a stored version: an expansion that was changed there governs. */
static void what_stands_in_a_stored_version_governs(void)
{
    g_autofree char *folder = folder_of("consent");
    g_autoptr(GError) error = NULL;
    g_autoptr(Pack) pack = pack_load(folder, &error);
    g_assert_no_error(error);
    g_auto(GStrv) parts = g_strsplit(pack_canonical(pack), "consent_applicant AND consent_respondent", 2);
    g_autofree char *other = g_strjoinv("consent_applicant OR consent_respondent", parts);
    g_autoptr(Pack) governed = pack_from_canonical(other, &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(pack_console_json(governed), "consent_applicant OR consent_respondent"));
}

static const struct {
    const char *name, *put, *what;
} broken[] = {
    /* clang-format off */
    { "no such trait",      "{use: consentd, parties: [a], at: asking, to: sessions, refused: refused}", "no trait 'consentd'; did you mean 'consented'?" },
    { "a setting missing",  "{use: consented, parties: [a], at: asking, to: sessions}", "trait consented: 'refused' is missing" },
    { "a setting unknown",  "{use: consented, parties: [a], at: asking, to: sessions, refused: refused, when: x}", "unknown setting 'when'; known here: parties" },
    { "a list for one",     "{use: consented, parties: [a], at: [asking, sessions], to: sessions, refused: refused}", "'at' is one thing, not a list" },
    { "no such state",      "{use: consented, parties: [a], at: asking, to: nowhere, refused: refused}", "nowhere is no state" },
    { "no such clock",      "{use: extendable, clock: nothing, in: asking, by: 1 day}", "trait extendable: no clock 'nothing'" },
    { "rungs and roles",    "{use: escalating, clock: answer, at: [50], to: [handler, dispatcher]}", "equally long" },
    { "no such event",      "{use: four_eyes, event: approve, after: agree}", "no transition of event 'approve'" },
    { "too many persons",   "{use: four_eyes, event: agree, after: agree, persons: 10}", "from 1 to 9 persons" },
    { "no rest days",       "{use: recurring, at: asking, to: sessions, missed: refused, calendar: always, rule: FREQ=DAILY, from: 2026-09-01, mapping: json, signal: {kind: rent}}", "no rest days" },
    { "no rule",            "{use: recurring, at: asking, to: sessions, missed: refused, calendar: always, move: none, rule: FREQ=NEVER, from: 2026-09-01, mapping: json, signal: {kind: rent}}", "column 6: wants DAILY" },
    { "no such mapping",    "{use: recurring, at: asking, to: sessions, missed: refused, calendar: always, move: none, rule: FREQ=DAILY, from: 2026-09-01, mapping: form, signal: {kind: rent}}", "no such mapping" },
    { "not an object",      "consented", "an object with `use`" },
    /* clang-format on */
};

static void copy_with(const char *from, const char *to, const char *put)
{
    g_autoptr(GDir) dir = g_dir_open(from, 0, NULL);
    g_mkdir_with_parents(to, 0700);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *source = g_build_filename(from, name, NULL),
                        *target = g_build_filename(to, name, NULL);
        g_autofree char *text = NULL;
        if (g_file_test(source, G_FILE_TEST_IS_DIR)) {
            copy_with(source, target, NULL);
            continue;
        }
        g_assert_true(g_file_get_contents(source, &text, NULL, NULL));
        char *list = put ? strstr(text, "traits:\n") : NULL;
        if (list && strcmp(name, "procedure.yaml") == 0) *list = '\0';
        g_autofree char *whole = list ? g_strdup_printf("%straits:\n  - %s\n", text, put) : g_strdup(text);
        g_assert_true(g_file_set_contents(target, whole, -1, NULL));
    }
}

static void remove_all(const char *folder)
{
    g_autofree char *command = g_strdup_printf("rm -rf %s", folder);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
}

static void a_trait_used_wrongly_is_refused_at_its_line(void)
{
    g_autofree char *from = folder_of("consent");
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autofree char *folder = g_dir_make_tmp("traits-XXXXXX", NULL);
        copy_with(from, folder, broken[i].put);
        g_autoptr(GPtrArray) refusals = pack_check(folder);
        g_test_message("%s: %s", broken[i].name, refusals->len ? (char *)refusals->pdata[0] : "nothing");
        g_assert_cmpuint(refusals->len, >, 0);
        g_assert_true(g_str_has_prefix(refusals->pdata[0], "procedure.yaml:13:"));
        g_assert_nonnull(strstr(refusals->pdata[0], broken[i].what));
        remove_all(folder);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/traits/packs_that_use_traits_go_their_ways", packs_that_use_traits_go_their_ways);
    g_test_add_func("/pack/traits/a_stored_version_holds_what_traits_made_of_it",
                    a_stored_version_holds_what_traits_made_of_it);
    g_test_add_func("/pack/traits/what_stands_in_a_stored_version_governs",
                    what_stands_in_a_stored_version_governs);
    g_test_add_func("/pack/traits/a_trait_used_wrongly_is_refused_at_its_line",
                    a_trait_used_wrongly_is_refused_at_its_line);
    return g_test_run();
}
