/* Any JSON as the body of a case event: refused, or it writes to a text that reads and writes as itself. */
#include "loop/case/life.h"
#include "loop/case/town_for_test.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static char *written(const CaseKit *kit, const char *kind, const char *text, gsize length)
{
    static const char *const bodies = "{\"facts\":{\"caller\":\"x\"}}";
    const LedgerEvent event = { .seq = 1, .kind = kind, .body = text, .private_body = bodies };
    g_auto(CaseEvent) e = { 0 };
    json_t *body = base_json_parse(text, length, BASE_JSON_REQUEST, NULL);
    if (!body || !case_event_read(kit, &event, body, &e, NULL)) return NULL;
    GString *out = g_string_new(NULL);
    case_event_write(&e, out);
    return g_string_free(out, FALSE);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static Town town; /* one for all inputs */
    if (!town.room) town_open(&town, 1, "src/loop/case/pack_for_test");
    if (!size) return 0;
    const CaseKit *kit = case_kit_of(town.room, town_the_pack(&town));
    const char *kind = data[0] % 3 == 0 ? "case.opened" : data[0] % 3 == 1 ? "case.moved" : "case.rung";
    g_autofree char *once = written(kit, kind, (const char *)data + 1, size - 1);
    g_autofree char *twice = once ? written(kit, kind, once, strlen(once)) : NULL;
    g_assert_true(!once || !g_strcmp0(once, twice));
    return 0;
}
