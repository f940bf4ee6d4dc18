/* session.c - signing in and out, who one is; the users' list and its changes. */
#include "api/call.h"
#include "api/handlers.gen.h"

#define COOKIE_FORM "__Host-bihuan=%s; Path=/; Secure; HttpOnly; SameSite=Strict"

static void put_texts(BaseJson *j, const char *key, char **texts)
{
    base_json_key(j, key);
    base_json_array(j);
    for (char **text = texts; *text; text++)
        base_json_text(j, *text);
    base_json_end_array(j);
}

static void put_user(BaseJson *j, const GuardUser *user)
{
    base_json_put_text(j, "login", user->login);
    base_json_put_text(j, "name", user->name);
    base_json_put_text(j, "org", user->org);
    if (user->unit) base_json_put_text(j, "unit", user->unit);
    put_texts(j, "roles", user->roles);
}

static void put_city(ApiCall *call)
{
    const Api *api = call->api;
    BaseJson *j = &call->out;
    base_json_key(j, "city");
    base_json_object(j);
    base_json_put_text(j, "name_zh", api->city_zh);
    base_json_put_text(j, "name_en", api->city_en);
    base_json_put_int(j, "now", call->now);
    base_json_put_real(j, "speed", api->clock.speed);
    base_json_put_bool(j, "simulated", api->clock.simulated);
    base_json_put_int(j, "utc_offset", case_room_offset(api->room));
    base_json_end_object(j);
}

static void put_me(ApiCall *call, const GuardUser *user)
{
    g_auto(GStrv) rights = guard_rights_of(user);
    base_json_object(&call->out);
    put_user(&call->out, user);
    put_texts(&call->out, "rights", rights);
    put_city(call);
    base_json_end_object(&call->out);
}

static gboolean may_try(ApiCall *call, GError **error)
{
    gint64 wait;
    if (limit_take(call->api->sign_ins, http_address(call->http), g_get_monotonic_time() / 1000, &wait))
        return TRUE;
    g_autofree char *seconds = g_strdup_printf("%" G_GINT64_FORMAT, wait / 1000 + 1);
    http_reply_header(call->http, "Retry-After", seconds);
    g_set_error(error, API_ERROR, API_ERROR_TOO_MANY, "too many sign-ins from this address; wait %s s",
                seconds);
    return FALSE;
}

gboolean api_sign_in(ApiCall *call, GError **error)
{
    char token[GUARD_TOKEN];
    if (!may_try(call, error)) return FALSE;
    if (!guard_sign_in(call->api->guard, call_text(call->body, "login"), call_text(call->body, "password"),
                       call->real_now, call->now, token, &call->user, error))
        return FALSE;
    g_autofree char *cookie = g_strdup_printf(COOKIE_FORM, token);
    http_reply_header(call->http, "Set-Cookie", cookie);
    put_me(call, call->user);
    return TRUE;
}

static void put_done(ApiCall *call)
{
    base_json_object(&call->out);
    base_json_put_bool(&call->out, "ok", TRUE);
    base_json_end_object(&call->out);
}

gboolean api_sign_out(ApiCall *call, GError **error)
{
    if (!guard_sign_out(call->api->guard, call->token, call->now, error)) return FALSE;
    stream_dismiss(call->api->stream, call->user->login, call->token);
    http_reply_header(call->http, "Set-Cookie",
                      "__Host-bihuan=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    put_done(call);
    return TRUE;
}

gboolean api_me(ApiCall *call, GError **error)
{
    put_me(call, call->user);
    return TRUE;
}

gboolean api_user_list(ApiCall *call, GError **error)
{
    g_autoptr(GPtrArray) users = guard_user_list(call->api->guard, error);
    if (!users) return FALSE;
    base_json_object(&call->out);
    base_json_key(&call->out, "users");
    base_json_array(&call->out);
    for (guint i = 0; i < users->len; i++) {
        base_json_object(&call->out);
        put_user(&call->out, g_ptr_array_index(users, i));
        base_json_end_object(&call->out);
    }
    base_json_end_array(&call->out);
    base_json_end_object(&call->out);
    return TRUE;
}

static char **texts_of(const json_t *list)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    gsize i;
    json_t *item;
    json_array_foreach((json_t *)list, i, item) g_strv_builder_add(builder, json_string_value(item));
    return g_strv_builder_end(builder);
}

/* Putting the same user twice leaves the same user, so the key may be kept after the deed. */
gboolean api_user_put(ApiCall *call, GError **error)
{
    gboolean seen;
    if (!call_seen(call, &seen, error) || seen) return seen;
    g_auto(GStrv) roles = texts_of(json_object_get(call->body, "roles"));
    GuardUser user = { .login = (char *)call_text(call->params, "login"),
                       .name = (char *)call_text(call->body, "name"),
                       .org = (char *)call_text(call->body, "org"),
                       .unit = (char *)call_text(call->body, "unit"),
                       .roles = roles };
    if (!guard_user_put(call->api->guard, &user, call_text(call->body, "password"), call->real_now, call->now,
                        call->user->login, error))
        return FALSE;
    stream_dismiss(call->api->stream, user.login, NULL);
    put_done(call);
    return call_keep(call, error);
}
