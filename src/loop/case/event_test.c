/* event_test.c - what was written to the ledger reads back as what it was, and writes as the same bytes. */
#include "loop/case/life.h"
#include "loop/case/town_for_test.h"

typedef struct {
    Town *town;
    StoreConn *conn;
    guint read, claimed;
} Walk;

static gboolean again(const LedgerEvent *event, const guint8 *salt, const guint8 *leaf, gpointer data,
                      GError **error)
{
    Walk *walk = data;
    if (!g_str_has_prefix(event->kind, "case.")) return TRUE;
    g_autoptr(Case) c = case_load(walk->town->room, walk->conn, &event->case_id, error);
    g_auto(CaseEvent) e = { 0 };
    json_t *body = base_json_parse(event->body, strlen(event->body), BASE_JSON_LARGE, error);
    g_assert_true(body && case_event_read(c->kit, event, body, &e, error));
    e.opened_at = c->opened_at;
    g_autoptr(GString) text = g_string_new(NULL);
    case_event_write(&e, text);
    g_assert_cmpstr(text->str, ==, event->body);
    g_assert_cmpstr(case_event_kind(&e), ==, event->kind);
    walk->read++;
    walk->claimed += e.happened_at != 0;
    return TRUE;
}

static void every_event_writes_again_as_the_same_bytes(void)
{
    static const char *const packs[] = { "src/loop/case/pack_for_test", "packs/incident", "packs/workorder" };
    for (gsize i = 0; i < G_N_ELEMENTS(packs); i++) {
        g_autoptr(GError) error = NULL;
        Town town;
        town_open(&town, 11 + i, packs[i]);
        town_stand_in(&town);
        town_live(&town, 300);
        g_autoptr(StoreConn) conn = store_read_begin(town.store, &error);
        Walk walk = { .town = &town, .conn = conn };
        g_assert_true(ledger_walk(conn, 1, ledger_size(conn), TRUE, again, &walk, &error));
        g_assert_cmpuint(walk.read, >, 100);
        g_assert_cmpuint(walk.claimed, >, 10);
        g_clear_pointer(&conn, store_read_end);
        town_close(&town);
    }
}

static void a_body_that_does_not_fit_the_chart_is_refused(void)
{
    static const char *const bodies[] = {
        "{}",
        "[]",
        "{\"event\": \"signin\", \"to_state\": \"nowhere\", \"org\": \"D1\", \"area\": \"\"}",
        "{\"event\": \"signin\", \"to_state\": \"offered\", \"area\": \"\"}",
        "{\"event\": \"x\", \"to_state\": \"offered\", \"org\": \"D1\", \"area\": \"\", \"clocks\": "
        "{\"none\": []}}",
        "{\"event\": \"x\", \"to_state\": \"offered\", \"org\": \"D1\", \"area\": \"\", \"clocks\": "
        "{\"whole\": [1]}}",
        "{\"event\": \"x\", \"to_state\": \"offered\", \"org\": \"D1\", \"area\": \"\", \"tasks\": "
        "[[\"none\", 1, \"done\"]]}",
        "{\"event\": \"x\", \"to_state\": \"offered\", \"org\": \"D1\", \"area\": \"\", \"tasks\": "
        "[[\"handle\", 1, \"gone\"]]}",
        "{\"event\": \"x\", \"to_state\": \"offered\", \"org\": \"D1\", \"area\": \"\", \"notices\": "
        "[[\"a\"]]}",
        "{\"event\": \"x\", \"to_state\": \"offered\", \"org\": \"D1\", \"area\": \"\", \"rate\": {\"is\": "
        "\"invited\"}}",
        "{\"event\": \"x\", \"to_state\": \"offered\", \"org\": \"D1\", \"area\": \"\", \"rate\": {\"is\": "
        "\"loved\"}}",
    };
    Town town;
    town_open(&town, 1, "src/loop/case/pack_for_test");
    const CaseKit *kit = case_kit_of(town.room, town_the_pack(&town));
    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_test_message("%s", bodies[i]);
        g_autoptr(GError) error = NULL;
        g_auto(CaseEvent) e = { 0 };
        const LedgerEvent event = { .seq = 7, .kind = "case.moved", .body = bodies[i] };
        g_assert_false(case_event_read(kit, &event, json_loads(bodies[i], 0, NULL), &e, &error));
        g_assert_error(error, CASE_ERROR, CASE_ERROR_PACK);
    }
    town_close(&town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/event/every_event_writes_again_as_the_same_bytes",
                    every_event_writes_again_as_the_same_bytes);
    g_test_add_func("/event/a_body_that_does_not_fit_the_chart_is_refused",
                    a_body_that_does_not_fit_the_chart_is_refused);
    return g_test_run();
}
