/* post.c - the states of a notice, their events and rows. */
#include "loop/case/post.h"
#include "loop/case/life.h"

static const char *const names[] = { "queued", "handed", "delivered", "failed", "expired" };

const char *case_post_state_name(CasePostState state)
{
    return names[state];
}

gboolean case_post_state_parse(const char *name, CasePostState *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (!g_strcmp0(name, names[i])) {
            *out = i;
            return TRUE;
        }
    return FALSE;
}

gboolean case_post_may_follow(CasePostState from, CasePostState to)
{
    static const gboolean lawful[][G_N_ELEMENTS(names)] = {
        /* clang-format off */
        /* from \ to            queued handed delivered failed expired */
        [CASE_POST_QUEUED]    = { FALSE, TRUE,  TRUE,  TRUE,  TRUE  }, /* delivered: it was sent, and we died before saying so */
        [CASE_POST_HANDED]    = { FALSE, FALSE, TRUE,  TRUE,  TRUE  },
        [CASE_POST_DELIVERED] = { FALSE, FALSE, FALSE, FALSE, FALSE },
        [CASE_POST_FAILED]    = { TRUE,  FALSE, FALSE, FALSE, FALSE }, /* queued: a person has it sent again */
        [CASE_POST_EXPIRED]   = { TRUE,  FALSE, TRUE,  TRUE,  FALSE }, /* a late receipt is still one */
        /* clang-format on */
    };
    return lawful[from][to];
}

void case_post_clear(CasePost *post)
{
    g_free(post->id);
    g_free(post->channel);
    g_free(post->receiver);
    g_free(post->gateway);
    g_free(post->reason);
    g_free(post->actor);
    *post = (CasePost){ 0 };
}

void case_post_take(const StoreRows *rows, CasePost *out)
{
    store_id(rows, 0, &out->case_id);
    out->seq = store_int(rows, 1);
    out->id = g_strdup(store_text(rows, 2));
    out->channel = g_strdup(store_text(rows, 3));
    out->receiver = g_strdup(store_text(rows, 4));
    out->at = store_int(rows, 5);
    case_post_state_parse(store_text(rows, 6), &out->state);
    out->generation = (int)store_int(rows, 7);
    out->gateway = g_strdup(store_text(rows, 8));
    out->changed_at = store_int(rows, 9);
    out->handed_at = store_int(rows, 10);
    out->reason = g_strdup(store_text(rows, 11));
    out->actor = g_strdup(store_text(rows, 12));
}

/* ---- the name of a message ---- */

void case_post_message(const CasePost *post, char out[CASE_POST_MESSAGE])
{
    char id[BASE_ID_TEXT];
    base_id_write(&post->case_id, id);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, post->id, -1);
    g_snprintf(out, CASE_POST_MESSAGE, "%s.%" G_GINT64_FORMAT ".%.8s.%d", id, post->seq, hash,
               post->generation);
}

static gboolean parse_message(const char *message, BaseId *id, gint64 *seq)
{
    char text[BASE_ID_TEXT];
    if (strlen(message) >= CASE_POST_MESSAGE || strlen(message) < BASE_ID_TEXT) return FALSE;
    g_strlcpy(text, message, sizeof text);
    *seq = g_ascii_strtoll(message + BASE_ID_TEXT, NULL, 10);
    return message[BASE_ID_TEXT - 1] == '.' && base_id_parse(text, id);
}

static gboolean unknown(GError **error)
{
    g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "no such notice; it may have been sent again since");
    return FALSE;
}

gboolean case_post_find(StoreConn *conn, const char *message, CasePost *out, GError **error)
{
    BaseId id;
    gint64 seq;
    GError *failed = NULL;
    if (!parse_message(message, &id, &seq)) return unknown(error);
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error, "SELECT " CASE_POST_COLUMNS " FROM notice n WHERE n.case_id = ?1 AND n.seq = ?2",
        STORE_ID(&id), STORE_I(seq));
    while (rows && store_step(rows, &failed)) {
        g_auto(CasePost) post = { 0 };
        char name[CASE_POST_MESSAGE];
        case_post_take(rows, &post);
        case_post_message(&post, name);
        if (strcmp(name, message) != 0) continue;
        *out = post;
        post = (CasePost){ 0 };
        return TRUE;
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed ? unknown(error) : FALSE;
}

/* ---- changing ---- */

static const CaseKit *kit_of(CaseRoom *room, StoreConn *conn, const BaseId *id, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, error, "SELECT version FROM case_file WHERE id = ?1", STORE_ID(id));
    const CaseKit *kit = rows && store_step(rows, &failed) ? case_kit(room, store_text(rows, 0)) : NULL;
    if (failed) g_propagate_error(error, failed);
    return kit;
}

static char *body_of(const CasePost *post, const char *gateway, const char *reason)
{
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_put_int(&j, "seq", post->seq);
    base_json_put_text(&j, "id", post->id);
    base_json_put_text(&j, "channel", post->channel);
    base_json_put_text(&j, "receiver", post->receiver);
    base_json_put_int(&j, "generation", post->generation);
    if (gateway) base_json_put_text(&j, "gateway", gateway);
    if (reason) base_json_put_text(&j, "reason", reason);
    base_json_end_object(&j);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean write_row(StoreConn *conn, const CasePost *p, GError **error)
{
    return STORE_RUN(
        conn, error,
        "UPDATE notice SET state = ?4, generation = ?5, gateway = ?6, reason = ?7, changed_at = ?8,"
        " handed_at = ?9, actor = ?10 WHERE case_id = ?1 AND seq = ?2 AND id = ?3",
        STORE_ID(&p->case_id), STORE_I(p->seq), STORE_T(p->id), STORE_T(names[p->state]),
        STORE_I(p->generation), STORE_T(p->gateway), STORE_T(p->reason), STORE_I(p->changed_at),
        p->handed_at ? STORE_I(p->handed_at) : STORE_NIL, STORE_T(p->actor));
}

static void replace(char **place, const char *text)
{
    char *old = *place;
    *place = g_strdup(text);
    g_free(old);
}

/* What the event says, into the notice: live and on rebuild alike. */
static void take(CasePost *p, CasePostState to, const char *gateway, const char *reason, const char *actor,
                 gint64 at)
{
    p->state = to;
    p->changed_at = at;
    if (to == CASE_POST_HANDED) p->handed_at = at;
    if (to == CASE_POST_QUEUED) p->handed_at = 0;
    if (gateway || to == CASE_POST_QUEUED) replace(&p->gateway, gateway);
    replace(&p->reason, reason);
    replace(&p->actor, actor);
}

gboolean case_post_move(CaseRoom *room, StoreConn *conn, CasePost *post, CasePostState to,
                        const char *gateway, const char *reason, const CaseActor *actor, gint64 now,
                        gboolean *moved, GError **error)
{
    GError *failed = NULL;
    *moved = FALSE;
    if (!case_post_may_follow(post->state, to)) return TRUE;
    const CaseKit *kit = kit_of(room, conn, &post->case_id, &failed);
    if (failed) {
        g_propagate_error(error, failed);
        return FALSE;
    }
    post->generation += to == CASE_POST_QUEUED;
    g_autofree char *body = body_of(post, gateway, reason), *kind = g_strconcat("notice.", names[to], NULL);
    LedgerEvent event = { .at = now, .kind = kind, .operation = "-", .case_id = post->case_id, .body = body };
    *moved = TRUE;
    take(post, to, gateway, reason, actor->actor, now);
    return case_log(room, conn, &event, actor, kit, error) && write_row(conn, post, error);
}

/* ---- from the ledger ---- */

static gboolean row_of(StoreConn *conn, const BaseId *id, const json_t *body, CasePost *out, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT " CASE_POST_COLUMNS " FROM notice n WHERE n.case_id = ?1 AND n.seq = ?2 AND n.id = ?3",
        STORE_ID(id), STORE_I(json_integer_value(json_object_get(body, "seq"))),
        STORE_T(json_string_value(json_object_get(body, "id"))));
    if (rows && store_step(rows, &failed)) case_post_take(rows, out);
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

gboolean case_apply_post(StoreConn *conn, const LedgerEvent *event, const json_t *body, GError **error)
{
    CasePostState to;
    g_auto(CasePost) post = { 0 };
    if (!case_post_state_parse(event->kind + strlen("notice."), &to))
        return TRUE; /* "disclosed" has no row */
    if (!row_of(conn, &event->case_id, body, &post, error)) return FALSE;
    if (!post.id) {
        g_set_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN, "event %" G_GINT64_FORMAT " (%s) is of no notice",
                    event->seq, event->kind);
        return FALSE;
    }
    post.generation = (int)json_integer_value(json_object_get(body, "generation"));
    take(&post, to, json_string_value(json_object_get(body, "gateway")),
         json_string_value(json_object_get(body, "reason")), event->actor, event->at);
    return write_row(conn, &post, error);
}

/* ---- the resident's address ---- */

static gboolean log_disclosure(CaseRoom *room, StoreConn *conn, const Case *c, const CasePost *post,
                               const char *gateway, gint64 now, GError **error)
{
    const CaseActor sender = { .actor = "system:notice", .roles = (const char *const[]){ "system", NULL } };
    char message[CASE_POST_MESSAGE];
    case_post_message(post, message);
    g_autoptr(GString) out = g_string_new(NULL);
    BaseJson j = base_json_to(out);
    base_json_object(&j);
    base_json_put_text(&j, "message", message);
    base_json_put_text(&j, "id", post->id);
    base_json_put_text(&j, "channel", post->channel);
    base_json_put_text(&j, "gateway", gateway);
    base_json_put_text(&j, "field", pack_party(c->pack, post->receiver)->contact);
    base_json_end_object(&j);
    LedgerEvent event = {
        .at = now, .kind = "notice.disclosed", .operation = "disclosure", .case_id = c->id, .body = out->str
    };
    return case_log(room, conn, &event, &sender, c->kit, error);
}

gboolean case_post_disclose(CaseRoom *room, StoreConn *conn, const Case *c, const CasePost *post,
                            const char *gateway, gint64 now, char **address, GError **error)
{
    *address = NULL;
    const PackParty *party = pack_party(c->pack, post->receiver);
    const char *field = party ? party->contact : NULL;
    if (!field) return TRUE;
    json_t *facts = guard_private_engine(conn, &c->id, error);
    if (!facts) return FALSE;
    const char *value = json_string_value(json_object_get(facts, field));
    g_autofree char *copy = value && *value ? g_strdup(value) : NULL;
    json_decref(facts);
    if (copy && !log_disclosure(room, conn, c, post, gateway, now, error)) return FALSE;
    *address = g_steal_pointer(&copy);
    return TRUE;
}
