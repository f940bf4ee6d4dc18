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

typedef const char *const *Names; /* NULL-ended */

static Names names_of(const GuardRule *rule, GuardSight sight)
{
    static const char *const none[] = { NULL };
    Names names = sight == SIGHT_FULL ? rule->full : sight == SIGHT_PARTIAL ? rule->partial : rule->existence;
    return names ? names : none;
}

/* A field that a rule names twice is seen as the first list says, which is the widest. */
static gboolean named_before(const GuardRule *rule, GuardSight sight, Names at)
{
    for (GuardSight wider = SIGHT_FULL; wider <= sight; wider++)
        for (Names name = names_of(rule, wider); *name && name != at; name++)
            if (g_str_equal(*name, *at)) return TRUE;
    return FALSE;
}

static char **fields_of(const GuardRule *rule, GuardSight sight)
{
    g_autoptr(GStrvBuilder) fields = g_strv_builder_new();
    for (Names name = names_of(rule, sight); *name; name++)
        if (!named_before(rule, sight, name)) g_strv_builder_add(fields, *name);
    return g_strv_builder_end(fields);
}

/* {"sight":{"name":"full","phone":"partial"},"fields":["name","phone"],"role":"handler","org":"D1"}: names,
 * never values. */
static char *read_body(const GuardRule *rule, const GuardUser *user)
{
    g_autoptr(GString) list = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson fields = base_json_to(list), j = base_json_to(out);
    base_json_array(&fields);
    base_json_object(&j);
    base_json_key(&j, "sight");
    base_json_object(&j);
    for (GuardSight sight = SIGHT_FULL; sight < SIGHTS; sight++) {
        g_auto(GStrv) names = fields_of(rule, sight);
        for (char **name = names; *name; name++) {
            base_json_text(&fields, *name);
            base_json_put_text(&j, *name, sight_names[sight]);
        }
    }
    base_json_end_object(&j);
    base_json_end_array(&fields);
    base_json_put_raw(&j, "fields", list->str);
    base_json_put_text(&j, "role", rule->role);
    base_json_put_text(&j, "org", user->org);
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

/* Only after the event is on disk. */
static Grant *grant_make(const GuardCase *about, const GuardRule *rule, gint64 seq)
{
    Grant *grant = g_new0(Grant, 1);
    grant->case_id = about->id;
    grant->seq = seq;
    grant->basis = g_strdup(rule->basis);
    for (GuardSight sight = SIGHT_FULL; sight < SIGHTS; sight++)
        grant->fields[sight] = fields_of(rule, sight);
    return grant;
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
    g_autofree char *body = read_body(rule, user);
    ReadJob job = { guard,
                    { .at = at,
                      .kind = "read",
                      .operation = "consultation",
                      .case_id = about->id,
                      .actor = user->login,
                      .basis = rule->basis,
                      .purpose = purpose,
                      .body = body } };
    return store_write(guard->store, read_job, &job, error) ? grant_make(about, rule, job.event.seq) : NULL;
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
