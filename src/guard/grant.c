/* grant.c - may this person look at this case for this purpose, and the record that they did.
 *
 * The first rule of the pack that fits decides; what no rule gives is refused. The event "read" names case,
 * basis, purpose and fields, and is on disk before the grant exists, so that no way leads to a row that leads
 * past the ledger. */
#include "base/json.h"
#include "guard/grant.h"
#include "guard/inside.h"

static const char *const sight_names[SIGHTS] = { "full", "partial", "existence" };

static gboolean same(const char *a, const char *b)
{
    return a && b && *a && g_str_equal(a, b);
}

static gboolean scope_fits(GuardScope scope, const GuardUser *user, const GuardCase *about)
{
    switch (scope) {
    case GUARD_SCOPE_UNIT:
        return same(user->unit, about->unit);
    case GUARD_SCOPE_ORG:
        return same(user->org, about->org);
    case GUARD_SCOPE_ALL:
        return TRUE;
    }
    return FALSE;
}

static const GuardRule *rule_find(const GuardUser *user, const GuardCase *about, const GuardRule *rules,
                                  gsize n, const char *purpose)
{
    for (gsize i = 0; i < n; i++)
        if (same(rules[i].purpose, purpose) && guard_has_role(user, rules[i].role) &&
            scope_fits(rules[i].scope, user, about) && !(rules[i].open_only && about->final))
            return &rules[i];
    return NULL;
}

/* The rule's fields, each under the widest sight that names it. */
static void fields_take(Grant *grant, const GuardRule *rule)
{
    const char *const *given[SIGHTS] = { rule->full, rule->partial, rule->existence };
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (int sight = 0; sight < SIGHTS; sight++) {
        g_autoptr(GStrvBuilder) names = g_strv_builder_new();
        for (const char *const *field = given[sight]; field && *field; field++)
            if (g_hash_table_add(seen, (gpointer)*field)) g_strv_builder_add(names, *field);
        grant->fields[sight] = g_strv_builder_end(names);
    }
}

/* {"fields":["name","phone"],"sight":{"name":"full","phone":"partial"},"role":"handler"}: names, never
 * values. */
static char *read_body(const Grant *grant, const char *role)
{
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_key(&j, "fields");
    base_json_array(&j);
    for (int sight = 0; sight < SIGHTS; sight++)
        for (char **field = grant->fields[sight]; *field; field++)
            base_json_text(&j, *field);
    base_json_end_array(&j);
    base_json_key(&j, "sight");
    base_json_object(&j);
    for (int sight = 0; sight < SIGHTS; sight++)
        for (char **field = grant->fields[sight]; *field; field++)
            base_json_put_text(&j, *field, sight_names[sight]);
    base_json_end_object(&j);
    base_json_put_text(&j, "role", role);
    base_json_end_object(&j);
    return g_strdup(out->str);
}

typedef struct {
    Guard *guard;
    LedgerEvent event;
} ReadJob;

static gboolean read_job(StoreConn *conn, gpointer data, GError **error)
{
    ReadJob *job = data;
    return guard_log(conn, job->guard, &job->event, error) > 0;
}

Grant *guard_grant_open(Guard *guard, const GuardUser *user, const GuardCase *about, const GuardRule *rules,
                        gsize n, const char *purpose, gint64 at, GError **error)
{
    const GuardRule *rule = rule_find(user, about, rules, n, purpose);
    if (!rule) {
        g_set_error(
            error, GUARD_ERROR, GUARD_ERROR_PURPOSE,
            "no rule of the pack lets this account see case %s for \"%s\"; ask who is in charge of the case",
            about->number, purpose ? purpose : "");
        return NULL;
    }
    g_autoptr(Grant) grant = g_new0(Grant, 1);
    grant->case_id = about->id;
    grant->basis = g_strdup(rule->basis);
    fields_take(grant, rule);
    g_autofree char *body = read_body(grant, rule->role);
    ReadJob job = { guard,
                    { .at = at,
                      .kind = "read",
                      .operation = "consultation",
                      .case_id = about->id,
                      .actor = user->login,
                      .basis = rule->basis,
                      .purpose = purpose,
                      .body = body } };
    if (!store_write(guard->store, read_job, &job, error)) return NULL;
    grant->seq = job.event.seq;
    return g_steal_pointer(&grant);
}

void guard_grant_free(Grant *grant)
{
    if (!grant) return;
    for (int sight = 0; sight < SIGHTS; sight++)
        g_strfreev(grant->fields[sight]);
    g_free(grant->basis);
    g_free(grant);
}

gint64 guard_grant_seq(const Grant *grant)
{
    return grant->seq;
}

const char *guard_grant_basis(const Grant *grant)
{
    return grant->basis;
}
