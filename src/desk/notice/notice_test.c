/* notice_test.c - from an event that calls for a notice to its receipt, with a gateway of the test's own and
 * with the folder's: nothing is lost, nothing is told twice as two, nothing personal goes further than it
 * must. */
#include "desk/notice/inside.h"
#include "loop/case/town_for_test.h"

#define PACK "src/loop/case/pack_for_test"

/* ---- a gateway that does as it is told ---- */
typedef struct {
    NoticeGateway seam;
    NoticeOutcome outcome; /* of every notice */
    const char *why;
    GPtrArray *lines; /* "message channel receiver to text" of each that was handed over */
} Told;

static void told_deliver(NoticeGateway *seam, const NoticeItem *items, gsize n, gint64 real_now,
                         NoticeResult *results)
{
    Told *told = (Told *)seam;
    for (gsize i = 0; i < n; i++) {
        g_ptr_array_add(told->lines,
                        g_strdup_printf("%s %s %s %s %s", items[i].message, items[i].channel,
                                        items[i].receiver, items[i].address ? items[i].address : "-",
                                        items[i].text));
        results[i].outcome = told->outcome;
        g_strlcpy(results[i].why, told->why ? told->why : "", sizeof results[i].why);
    }
}

static void told_free(NoticeGateway *seam)
{
    g_ptr_array_unref(((Told *)seam)->lines);
    g_free(seam);
}

typedef struct {
    Town town;
    NoticeDesk *desk;
    Told *told;
    char *folder;
} Post;

static void post_open(Post *p, guint64 seed)
{
    g_autoptr(GError) error = NULL;
    town_open(&p->town, seed, PACK);
    town_stand_in(&p->town);
    p->folder = g_dir_make_tmp("bihuan-notice-XXXXXX", &error);
    NoticeOptions o = { .room = p->town.room, .folder = p->folder, .chance = base_chance_seeded(seed) };
    p->desk = notice_desk_new(&o, &error);
    g_assert_no_error(error);
    p->told = g_new0(Told, 1);
    p->told->seam = (NoticeGateway){ .kind = "told", .deliver = told_deliver, .free = told_free };
    p->told->outcome = NOTICE_ACCEPTED;
    p->told->lines = g_ptr_array_new_with_free_func(g_free);
    NoticeConfig *config = &p->desk->config;
    config->n = 1;
    config->gate[0] = (NoticeGate){ .name = g_strdup("told"),
                                    .gateway = &p->told->seam,
                                    .secret = g_strdup("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                    .tries = 3,
                                    .expire = BASE_DAY,
                                    .receipt = 2 * BASE_DAY };
    config->by_channel[0] = 0;
    config->public_url = g_strdup("https://city.example");
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        if (g_file_test(inside, G_FILE_TEST_IS_DIR))
            remove_tree(inside);
        else
            g_remove(inside);
    }
    g_rmdir(path);
}

static void post_close(Post *p)
{
    notice_desk_free(p->desk);
    remove_tree(p->folder);
    g_free(p->folder);
    town_close(&p->town);
}

static NoticeCount pump(Post *p)
{
    NoticeCount count;
    g_autoptr(GError) error = NULL;
    g_assert_true(notice_pump(p->desk, p->town.now, p->town.now, &count, &error));
    g_assert_no_error(error);
    return count;
}

/* A case whose resident is told the answer by text message. */
static BaseId answered(Post *p)
{
    g_autoptr(GError) error = NULL;
    BaseId id = town_signal(&p->town, "light", "electric");
    json_t *fields = json_pack("{s:s}", "answer", "修好了");
    g_assert_true(town_fire(&p->town, &id, "signin", "handler", "D1", NULL, NULL, &error));
    g_assert_true(town_fire(&p->town, &id, "reply", "handler", "D1", NULL, fields, &error));
    g_assert_no_error(error);
    json_decref(fields);
    return id;
}

static char *message_of(Post *p, const char *notice)
{
    g_autoptr(GError) error = NULL;
    g_auto(CasePost) post = { 0 };
    char name[CASE_POST_MESSAGE];
    g_autoptr(StoreConn) conn = store_read_begin(p->town.store, &error);
    g_autoptr(StoreRows) rows =
        STORE_QUERY(conn, &error,
                    "SELECT " CASE_POST_COLUMNS " FROM notice n WHERE n.id = ?1 ORDER BY n.seq DESC LIMIT 1",
                    STORE_T(notice));
    g_assert_true(store_step(rows, &error));
    case_post_take(rows, &post);
    case_post_message(&post, name);
    return g_strdup(name);
}

typedef struct {
    Post *post;
    NoticeReceipt receipt;
    const char *gateway, *message;
    const GuardUser *user;
    CaseActor actor;
    gboolean changed;
} Deed;

static gboolean receipt_job(StoreConn *conn, gpointer data, GError **error)
{
    Deed *d = data;
    return notice_receipt_take(d->post->desk, conn, d->gateway, &d->receipt, d->post->town.now, &d->changed,
                               error);
}

static gboolean again_job(StoreConn *conn, gpointer data, GError **error)
{
    Deed *d = data;
    return notice_again(d->post->town.room, conn, d->message, &d->actor, d->post->town.now, error);
}

static gboolean read_job(StoreConn *conn, gpointer data, GError **error)
{
    Deed *d = data;
    return notice_read(d->post->town.room, conn, d->message, d->user, d->post->town.now, error);
}

static gint64 in_state(Post *p, const char *state)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT count(*) FROM notice WHERE channel = 'sms' AND state = '%s'", state);
    return town_number(&p->town, sql);
}

/* ---- what holds ---- */

static void a_notice_goes_out_once_and_its_receipt_is_kept(void)
{
    Post p;
    g_autoptr(GError) error = NULL;
    post_open(&p, 1);
    answered(&p);
    g_assert_cmpuint(pump(&p).handed, ==, 1);
    g_assert_cmpuint(pump(&p).handed, ==, 0);
    g_assert_cmpuint(p.told->lines->len, ==, 1);
    g_assert_cmpint(in_state(&p, "handed"), ==, 1);
    g_autofree char *message = message_of(&p, "answered");
    g_assert_true(g_str_has_prefix(p.told->lines->pdata[0], message));
    g_assert_nonnull(
        strstr(p.told->lines->pdata[0], "sms resident " CANARY "-phone SY-20261123-000001已答复"));
    Deed d = { .post = &p, .gateway = "told", .receipt = { message, NULL, CASE_POST_DELIVERED } };
    g_assert_true(store_write(p.town.store, receipt_job, &d, &error));
    g_assert_true(d.changed);
    g_assert_cmpint(in_state(&p, "delivered"), ==, 1);
    gint64 before = town_number(&p.town, "SELECT max(seq) FROM event");
    g_assert_true(store_write(p.town.store, receipt_job, &d, &error));
    g_assert_false(d.changed);
    d.receipt.state = CASE_POST_FAILED;
    g_assert_true(store_write(p.town.store, receipt_job, &d, &error));
    g_assert_false(d.changed);
    g_assert_cmpint(town_number(&p.town, "SELECT max(seq) FROM event"), ==, before);
    town_assert_rebuilt_equal(&p.town);
    post_close(&p);
}

static void the_address_is_disclosed_by_an_event_without_its_value(void)
{
    Post p;
    post_open(&p, 2);
    answered(&p);
    pump(&p);
    g_assert_cmpint(town_number(&p.town, "SELECT count(*) FROM event WHERE kind = 'notice.disclosed'"
                                         " AND operation = 'disclosure' AND body LIKE '%\"field\":\"phone\"%'"
                                         " AND body LIKE '%\"gateway\":\"told\"%' AND private IS NULL"),
                    ==, 1);
    g_assert_cmpint(town_number(&p.town, "SELECT count(*) FROM event WHERE body LIKE '%" CANARY "%'"), ==, 0);
    /* The event came first: before the one that says it was handed over. */
    g_assert_cmpint(town_number(&p.town, "SELECT (SELECT seq FROM event WHERE kind = 'notice.disclosed')"
                                         " < (SELECT seq FROM event WHERE kind = 'notice.handed')"),
                    ==, 1);
    post_close(&p);
}

/* We die between the gateway's taking it and our writing that down: nothing of the second job remains. */
static void what_was_not_recorded_goes_again_under_the_same_name(void)
{
    Post p;
    post_open(&p, 3);
    answered(&p);
    p.told->outcome = NOTICE_NOT_TRIED; /* as if the record were lost */
    pump(&p);
    g_assert_cmpint(in_state(&p, "queued"), ==, 1);
    p.told->outcome = NOTICE_ACCEPTED;
    pump(&p);
    g_assert_cmpuint(p.told->lines->len, ==, 2);
    g_assert_cmpstr(p.told->lines->pdata[0], ==, p.told->lines->pdata[1]);
    g_assert_cmpint(in_state(&p, "handed"), ==, 1);
    post_close(&p);
}

static void a_receipt_may_be_quicker_than_our_own_record(void)
{
    Post p;
    g_autoptr(GError) error = NULL;
    post_open(&p, 4);
    answered(&p);
    g_autofree char *message = message_of(&p, "answered");
    Deed d = { .post = &p, .gateway = "told", .receipt = { message, NULL, CASE_POST_DELIVERED } };
    g_assert_true(store_write(p.town.store, receipt_job, &d, &error));
    g_assert_cmpint(in_state(&p, "delivered"), ==, 1);
    g_assert_cmpuint(pump(&p).handed, ==, 0);
    town_assert_rebuilt_equal(&p.town);
    post_close(&p);
}

static void a_gateway_that_fails_is_tried_again_later_and_given_up(void)
{
    Post p;
    post_open(&p, 5);
    answered(&p);
    p.told->outcome = NOTICE_FAILED;
    p.told->why = "HTTP status 503";
    g_assert_cmpuint(pump(&p).tried, ==, 1);
    g_assert_cmpuint(pump(&p).tried, ==, 0); /* not at once */
    NoticeHealth health;
    notice_health(p.desk, 0, &health);
    g_assert_false(health.up);
    for (int i = 0; i < 2; i++) {
        p.town.now += 2 * BASE_MINUTE;
        pump(&p);
    }
    g_assert_cmpuint(p.told->lines->len, ==, 3);
    g_assert_cmpint(in_state(&p, "failed"), ==, 1);
    g_assert_cmpint(
        town_number(&p.town,
                    "SELECT count(*) FROM notice WHERE reason = 'given up after 3 tries: HTTP status 503'"),
        ==, 1);
    g_assert_cmpint(town_number(&p.town, "SELECT count(*) FROM notice_try"), ==, 0);
    town_assert_rebuilt_equal(&p.town);
    post_close(&p);
}

static void a_refused_notice_can_be_sent_again_by_who_has_the_case(void)
{
    Post p;
    g_autoptr(GError) error = NULL;
    post_open(&p, 6);
    answered(&p);
    p.told->outcome = NOTICE_REFUSED;
    p.told->why = "HTTP status 400";
    pump(&p);
    g_assert_cmpint(in_state(&p, "failed"), ==, 1);
    g_autofree char *message = message_of(&p, "answered");
    Deed d = { .post = &p, .message = message };
    d.actor =
        (CaseActor){ .actor = "elsewhere", .roles = (const char *const[]){ "handler", NULL }, .org = "D2" };
    g_assert_false(store_write(p.town.store, again_job, &d, &error));
    g_assert_error(error, CASE_ERROR, CASE_ERROR_RELATION);
    g_clear_error(&error);
    d.actor.org = "D1";
    g_assert_true(store_write(p.town.store, again_job, &d, &error));
    g_assert_cmpint(in_state(&p, "queued"), ==, 1);
    g_assert_false(store_write(p.town.store, again_job, &d, &error)); /* that name is gone */
    g_assert_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN);
    g_autofree char *second = message_of(&p, "answered");
    g_assert_cmpstr(second, !=, message);
    p.told->outcome = NOTICE_ACCEPTED;
    pump(&p);
    g_assert_cmpint(in_state(&p, "handed"), ==, 1);
    town_assert_rebuilt_equal(&p.town);
    post_close(&p);
}

static void what_is_too_old_expires_with_its_reason(void)
{
    static const struct {
        const char *name, *reason;
        gboolean gateway, handed;
        gint64 pass;
        const char *state;
    } rows[] = {
        /* clang-format off */
        { "a day, not a minute more", "too old to be sent",          TRUE,  FALSE, BASE_DAY,                   "expired" },
        { "a minute less",            "",                            TRUE,  FALSE, BASE_DAY - BASE_MINUTE,     "handed" },
        { "nobody carries it",        "its channel has no gateway",  FALSE, FALSE, BASE_DAY,                   "expired" },
        { "no receipt in two days",   "no receipt came in time",     TRUE,  TRUE,  2 * BASE_DAY,               "expired" },
        { "there is time yet",        "",                            TRUE,  TRUE,  2 * BASE_DAY - BASE_MINUTE, "handed" },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].name);
        Post p;
        post_open(&p, 7);
        answered(&p);
        if (!rows[i].gateway) p.desk->config.by_channel[0] = -1;
        if (rows[i].handed) pump(&p);
        p.town.now += rows[i].pass;
        pump(&p);
        g_assert_cmpint(in_state(&p, rows[i].state), ==, 1);
        g_autofree char *sql = g_strdup_printf(
            "SELECT count(*) FROM notice WHERE channel = 'sms' AND coalesce(reason, '') = '%s'",
            rows[i].reason);
        g_assert_cmpint(town_number(&p.town, sql), ==, 1);
        town_assert_rebuilt_equal(&p.town);
        post_close(&p);
    }
}

static void a_receipt_of_another_gateway_is_not_taken(void)
{
    Post p;
    g_autoptr(GError) error = NULL;
    post_open(&p, 8);
    answered(&p);
    pump(&p);
    g_autofree char *message = message_of(&p, "answered");
    const char *const names[] = { message, "", "no such name",
                                  "00000000-0000-7000-8000-000000000000.1.00000000.1" };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        Deed d = { .post = &p,
                   .gateway = i ? "told" : "other",
                   .receipt = { (char *)names[i], NULL, CASE_POST_DELIVERED } };
        g_assert_false(store_write(p.town.store, receipt_job, &d, &error));
        g_assert_error(error, CASE_ERROR, CASE_ERROR_UNKNOWN);
        g_clear_error(&error);
    }
    g_assert_cmpint(in_state(&p, "handed"), ==, 1);
    post_close(&p);
}

/* ---- the inbox ---- */

static gint64 unread(Post *p, const char *role, const char *org)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(p->town.store, &error);
    g_autoptr(GString) text = g_string_new(NULL);
    const char *const roles[] = { role, NULL };
    GuardUser user = town_user(org, NULL, roles);
    BaseJson j = base_json_to(text);
    g_assert_true(notice_view_inbox(p->town.room, conn, &user, 10, &j, &error));
    json_t *inbox = json_loads(text->str, 0, NULL);
    gint64 n = json_integer_value(json_object_get(inbox, "unread"));
    g_assert_cmpint(n, ==, (gint64)json_array_size(json_object_get(inbox, "letters")));
    g_assert_null(strstr(text->str, CANARY));
    json_decref(inbox);
    return n;
}

static void the_inbox_is_the_roles_and_the_organisations(void)
{
    Post p;
    g_autoptr(GError) error = NULL;
    post_open(&p, 9);
    BaseId id = town_signal(&p.town, "light", "electric");
    town_pass(&p.town, 30 * BASE_DAY); /* "hurry" to the handler, by three rungs */
    (void)id;
    g_assert_cmpint(
        town_number(&p.town, "SELECT count(*) FROM notice WHERE channel = 'console' AND state = 'handed'"),
        ==, 3);
    g_assert_cmpint(unread(&p, "handler", "D1"), ==, 3);
    g_assert_cmpint(unread(&p, "handler", "D2"), ==, 0);
    g_assert_cmpint(unread(&p, "callcentre", "D1"), ==, 0);
    g_autofree char *message = message_of(&p, "hurry");
    const char *const roles[] = { "handler", NULL };
    GuardUser other = town_user("D2", NULL, roles), mine = town_user("D1", NULL, roles);
    Deed d = { .post = &p, .message = message, .user = &other };
    g_assert_true(store_write(p.town.store, read_job, &d, &error));
    g_assert_cmpint(unread(&p, "handler", "D1"), ==, 3);
    d.user = &mine;
    g_assert_true(store_write(p.town.store, read_job, &d, &error));
    g_assert_true(store_write(p.town.store, read_job, &d, &error));
    g_assert_cmpint(unread(&p, "handler", "D1"), ==, 2);
    g_assert_cmpint(
        town_number(&p.town,
                    "SELECT count(*) FROM event WHERE kind = 'notice.delivered' AND actor = 'somebody'"),
        ==, 1);
    town_assert_rebuilt_equal(&p.town);
    post_close(&p);
}

/* ---- the folder ---- */

static gboolean put_file(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return g_file_set_contents(path, text, -1, NULL);
}

static char *only_file(const char *folder, guint *n)
{
    char *found = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    *n = 0;
    for (const char *name; dir && (name = g_dir_read_name(dir)); (*n)++) {
        g_free(found);
        found = g_build_filename(folder, name, NULL);
    }
    return found;
}

static void a_folder_takes_batches_and_gives_receipts(void)
{
    Post p;
    guint n;
    g_autoptr(GError) error = NULL;
    post_open(&p, 10);
    notice_config_clear(&p.desk->config);
    static const char text[] =
        "{\"gateways\": {\"spool\": {\"kind\": \"file\", \"folder\": \"out\", \"receipts\": \"in\"}},"
        " \"channels\": {\"sms\": \"spool\"}, \"languages\": {\"resident\": \"en\"}}";
    g_assert_true(notice_config_read(text, strlen(text), p.folder, p.town.guard, &p.desk->config, &error));
    answered(&p);
    answered(&p);
    g_assert_cmpuint(pump(&p).handed, ==, 2);
    g_autofree char *out = g_build_filename(p.folder, "out", NULL),
                    *in = g_build_filename(p.folder, "in", NULL), *file = only_file(out, &n), *lines = NULL;
    g_assert_cmpuint(n, ==, 1);
    g_assert_true(g_file_get_contents(file, &lines, NULL, NULL));
    g_assert_nonnull(strstr(lines, "000001 was answered"));
    g_assert_nonnull(strstr(lines, "\"to\":\"" CANARY "-phone\""));
    g_autofree char *message = message_of(&p, "answered");
    g_autofree char *good = g_strdup_printf("{\"message\": \"%s\", \"state\": \"delivered\"}\n\n", message);
    g_autofree char *half = g_strconcat(good, "{\"message\": 1}\n", NULL);
    put_file(in, "half.jsonl", half);
    put_file(in, "being-written.tmp", good);
    g_test_expect_message("bihuan", G_LOG_LEVEL_WARNING, "*half.jsonl*line 3*");
    g_assert_cmpuint(pump(&p).receipts, ==, 0);
    g_test_assert_expected_messages();
    put_file(in, "good.jsonl", good);
    put_file(in, "twice.jsonl", good);
    g_assert_cmpuint(pump(&p).receipts, ==, 1);
    g_free(only_file(in, &n));
    g_assert_cmpuint(n, ==, 2); /* half.jsonl.bad and the one being written */
    g_assert_cmpint(in_state(&p, "delivered"), ==, 1);
    post_close(&p);
}

static void a_bad_configuration_is_refused_and_says_where(void)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        /* clang-format off */
        { "not JSON",        "{",                                                     "gateways.json:1:" },
        { "a key too many",  "{\"gateway\": {}}",                                     "no key 'gateway'; there are public_url" },
        { "no gateways",     "{\"channels\": {}}",                                    "gateways: an object is wanted" },
        { "no such kind",    "{\"gateways\": {\"a\": {\"kind\": \"pigeon\"}}, \"channels\": {}}", "gateways.a: kind is" },
        { "no folder",       "{\"gateways\": {\"a\": {\"kind\": \"file\"}}, \"channels\": {}}", "folder is wanted" },
        { "no such channel", "{\"gateways\": {}, \"channels\": {\"fax\": \"a\"}}",    "no key 'fax'; there are sms, app, voice" },
        { "the console",     "{\"gateways\": {}, \"channels\": {\"console\": \"a\"}}", "no key 'console'" },
        { "nobody there",    "{\"gateways\": {}, \"channels\": {\"sms\": \"a\"}}",    "sms names no gateway" },
        { "host not listed", "{\"hosts\": [\"b.example\"], \"gateways\": {\"a\": {\"kind\": \"webhook\", \"url\": \"https://a.example/\"}}, \"channels\": {}}", "a.example is not among hosts" },
        { "a longer host",   "{\"hosts\": [\"b.example\"], \"gateways\": {\"a\": {\"kind\": \"webhook\", \"url\": \"https://b.example.a.example/\"}}, \"channels\": {}}", "not among hosts" },
        { "a name before",   "{\"hosts\": [\"b.example\"], \"gateways\": {\"a\": {\"kind\": \"webhook\", \"url\": \"https://b.example@a.example/\"}}, \"channels\": {}}", "url is not one" },
        { "plain http",      "{\"hosts\": [\"b.example\"], \"gateways\": {\"a\": {\"kind\": \"webhook\", \"url\": \"http://b.example/\"}}, \"channels\": {}}", "must begin with https" },
        { "a file's URL",    "{\"hosts\": [\"b.example\"], \"gateways\": {\"a\": {\"kind\": \"webhook\", \"url\": \"file:///etc/passwd\"}}, \"channels\": {}}", "url" },
        { "no secret",       "{\"hosts\": [\"b.example\"], \"gateways\": {\"a\": {\"kind\": \"webhook\", \"url\": \"https://b.example/\"}}, \"channels\": {}}", "gateway-a" },
        { "too many tries",  "{\"gateways\": {\"a\": {\"kind\": \"file\", \"folder\": \"o\", \"tries\": 101}}, \"channels\": {}}", "tries is a whole number from 1 to 100" },
        { "no such tongue",  "{\"languages\": {\"resident\": \"fr\"}, \"gateways\": {}, \"channels\": {}}", "\"zh\" or \"en\"" },
        { "a plain link",    "{\"public_url\": \"http://city.example\", \"gateways\": {}, \"channels\": {}}", "https://" },
        /* clang-format on */
    };
    Post p;
    post_open(&p, 11);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        NoticeConfig config;
        g_test_message("%s", rows[i].name);
        g_assert_false(
            notice_config_read(rows[i].text, strlen(rows[i].text), p.folder, p.town.guard, &config, &error));
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, rows[i].want));
    }
    post_close(&p);
}

static void waiting_grows_and_is_bounded(void)
{
    BaseChance chance = base_chance_seeded(12);
    for (guint tries = 0; tries < 40; tries++) {
        gint64 whole = MIN(G_GINT64_CONSTANT(5000) << MIN(tries, 20u), BASE_HOUR);
        gint64 wait = notice_backoff(&chance, tries, BASE_HOUR);
        g_assert_cmpint(wait, >=, whole / 2);
        g_assert_cmpint(wait, <=, whole);
    }
}

/* Random days: notices of every kind, a gateway of every mood, receipts of every sort. */
static void random_days_leave_rows_that_the_ledger_gives_again(void)
{
    Post p;
    post_open(&p, 13);
    for (int i = 0; i < 300; i++) {
        g_autoptr(GError) error = NULL;
        if (town_below(&p.town, 3) == 0) answered(&p);
        p.told->outcome = town_below(&p.town, 4);
        p.told->why = "said the test";
        pump(&p);
        p.town.now += (gint64)town_below(&p.town, 600) * BASE_MINUTE;
        if (!p.told->lines->len) continue;
        char *line = p.told->lines->pdata[town_below(&p.town, p.told->lines->len)];
        g_autofree char *message = g_strndup(line, strcspn(line, " "));
        Deed d = { .post = &p,
                   .gateway = "told",
                   .message = message,
                   .receipt = { message, NULL,
                                town_below(&p.town, 2) ? CASE_POST_DELIVERED : CASE_POST_FAILED } };
        d.actor = (CaseActor){ .actor = "desk", .roles = (const char *const[]){ "callcentre", NULL } };
        store_write(p.town.store, town_below(&p.town, 2) ? receipt_job : again_job, &d, &error);
    }
    g_assert_cmpint(in_state(&p, "delivered"), >, 0);
    g_assert_cmpint(in_state(&p, "expired") + in_state(&p, "failed"), >, 0);
    town_assert_rebuilt_equal(&p.town);
    post_close(&p);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notice/a_notice_goes_out_once_and_its_receipt_is_kept",
                    a_notice_goes_out_once_and_its_receipt_is_kept);
    g_test_add_func("/notice/the_address_is_disclosed_by_an_event_without_its_value",
                    the_address_is_disclosed_by_an_event_without_its_value);
    g_test_add_func("/notice/what_was_not_recorded_goes_again_under_the_same_name",
                    what_was_not_recorded_goes_again_under_the_same_name);
    g_test_add_func("/notice/a_receipt_may_be_quicker_than_our_own_record",
                    a_receipt_may_be_quicker_than_our_own_record);
    g_test_add_func("/notice/a_gateway_that_fails_is_tried_again_later_and_given_up",
                    a_gateway_that_fails_is_tried_again_later_and_given_up);
    g_test_add_func("/notice/a_refused_notice_can_be_sent_again_by_who_has_the_case",
                    a_refused_notice_can_be_sent_again_by_who_has_the_case);
    g_test_add_func("/notice/what_is_too_old_expires_with_its_reason",
                    what_is_too_old_expires_with_its_reason);
    g_test_add_func("/notice/a_receipt_of_another_gateway_is_not_taken",
                    a_receipt_of_another_gateway_is_not_taken);
    g_test_add_func("/notice/the_inbox_is_the_roles_and_the_organisations",
                    the_inbox_is_the_roles_and_the_organisations);
    g_test_add_func("/notice/a_folder_takes_batches_and_gives_receipts",
                    a_folder_takes_batches_and_gives_receipts);
    g_test_add_func("/notice/a_bad_configuration_is_refused_and_says_where",
                    a_bad_configuration_is_refused_and_says_where);
    g_test_add_func("/notice/waiting_grows_and_is_bounded", waiting_grows_and_is_bounded);
    g_test_add_func("/notice/random_days_leave_rows_that_the_ledger_gives_again",
                    random_days_leave_rows_that_the_ledger_gives_again);
    return g_test_run();
}
