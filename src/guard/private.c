/* private.c - the table of personal data: the only SQL in the program that names it stands here. */
#include "base/json.h"
#include "guard/grant.h"
#include "guard/inside.h"

/* New reference; an empty object when there is no row. */
static json_t *facts_load(StoreConn *conn, const BaseId *case_id, GError **error)
{
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT facts FROM case_private WHERE case_id = ?1", STORE_ID(case_id));
    if (!rows) return NULL;
    GError *failed = NULL;
    if (!store_step(rows, &failed)) {
        if (failed) g_propagate_error(error, failed);
        return failed ? NULL : json_object();
    }
    const char *text = store_text(rows, 0);
    return base_json_parse(text, strlen(text), BASE_JSON_REQUEST, error);
}

static gboolean absent(const json_t *value)
{
    return !value || json_is_null(value) || (json_is_string(value) && !*json_string_value(value));
}

/* Numbers are masked as their text; what has parts is only said to be there. */
static json_t *mask_value(const char *field, const json_t *value)
{
    g_autofree char *text = json_is_string(value) ? g_strdup(json_string_value(value))
                            : json_is_integer(value)
                                ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value))
                                : NULL;
    if (!text) return json_true();
    g_autofree char *masked = guard_mask(field, text);
    return json_string(masked);
}

static json_t *seen_as(GuardSight sight, const char *field, json_t *value)
{
    switch (sight) {
    case SIGHT_FULL:
        return json_incref(value);
    case SIGHT_PARTIAL:
        return mask_value(field, value);
    default:
        return json_true();
    }
}

json_t *guard_private_read(StoreConn *conn, const Grant *grant, GError **error)
{
    json_t *facts = facts_load(conn, &grant->case_id, error);
    if (!facts) return NULL;
    json_t *seen = json_object();
    for (int sight = 0; sight < SIGHTS; sight++) {
        for (char **field = grant->fields[sight]; *field; field++) {
            json_t *value = json_object_get(facts, *field);
            if (!absent(value)) json_object_set_new(seen, *field, seen_as(sight, *field, value));
        }
    }
    json_decref(facts);
    return seen;
}

gboolean guard_private_put(StoreConn *conn, const BaseId *case_id, const char *facts, GError **error)
{
    json_t *parsed = base_json_parse(facts, strlen(facts), BASE_JSON_REQUEST, error);
    if (!parsed) return FALSE;
    gboolean object = json_is_object(parsed), empty = object && json_object_size(parsed) == 0;
    json_decref(parsed);
    if (!object) {
        g_set_error(error, GUARD_ERROR, GUARD_ERROR_PURPOSE, "private facts must be a JSON object");
        return FALSE;
    }
    if (empty)
        return STORE_RUN(conn, error, "DELETE FROM case_private WHERE case_id = ?1", STORE_ID(case_id));
    return STORE_RUN(conn, error,
                     "INSERT INTO case_private(case_id, facts) VALUES(?1, ?2)"
                     " ON CONFLICT(case_id) DO UPDATE SET facts = excluded.facts",
                     STORE_ID(case_id), STORE_T(facts));
}

json_t *guard_private_engine(StoreConn *conn, const BaseId *case_id, GError **error)
{
    return facts_load(conn, case_id, error);
}
