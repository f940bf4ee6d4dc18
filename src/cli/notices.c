/* notices.c - the command about notices on their way: pump, list, retry, secret. */
#include "cli/command.h"
#include "desk/notice/notice.h"
#include <string.h>

static char *state, *number;

static NoticeDesk *open_desk(const Home *home, GError **error)
{
    NoticeOptions how = { .room = home->room, .folder = home->folder, .chance = base_chance_system() };
    return notice_desk_new(&how, error);
}

/* Rounds until a round finds nothing more to do at once. */
static gboolean pump(const Home *home, GError **error)
{
    NoticeCount all = { 0 }, one;
    g_autoptr(NoticeDesk) desk = open_desk(home, error);
    if (!desk) return FALSE;
    do {
        gint64 now = base_clock_real_now();
        if (!notice_pump(desk, now, now, &one, error)) return FALSE;
        all.handed += one.handed;
        all.tried += one.tried;
        all.failed += one.failed;
        all.expired += one.expired;
        all.receipts += one.receipts;
    } while (one.more);
    printf("%u handed over, %u to be tried again, %u failed, %u expired, %u receipts\n", all.handed,
           all.tried, all.failed, all.expired, all.receipts);
    return TRUE;
}

static void print_post(const CasePost *post, const char *case_number)
{
    char message[CASE_POST_MESSAGE], when[17];
    case_post_message(post, message);
    base_time_write(post->changed_at, BASE_CHINA_OFFSET, when);
    printf("%-20s %-9s %-16s %-8s %-9s %-10s %s%s%s\n", case_number, case_post_state_name(post->state), when,
           post->channel, post->receiver, post->gateway ? post->gateway : "-", message,
           post->reason ? "  " : "", post->reason ? post->reason : "");
}

static gboolean list(const Home *home, GError **error)
{
    GError *failed = NULL;
    g_autoptr(StoreConn) conn = store_read_begin(home->store, error);
    if (!conn) return FALSE;
    g_autoptr(StoreRows) rows = STORE_QUERY(
        conn, error,
        "SELECT " CASE_POST_COLUMNS ", c.number FROM notice n JOIN case_file c ON c.id = n.case_id"
        " WHERE (?1 IS NULL OR n.state = ?1) AND (?2 IS NULL OR c.number = ?2) AND n.channel <> 'console'"
        " ORDER BY n.changed_at DESC, n.seq DESC LIMIT 200",
        STORE_T(state), STORE_T(number));
    while (rows && store_step(rows, &failed)) {
        g_auto(CasePost) post = { 0 };
        case_post_take(rows, &post);
        print_post(&post, store_text(rows, CASE_POST_N_COLUMNS));
    }
    if (failed) g_propagate_error(error, failed);
    return rows && !failed;
}

typedef struct {
    const Home *home;
    const char *message;
} Retry;

static gboolean retry_job(StoreConn *conn, gpointer data, GError **error)
{
    const Retry *retry = data;
    const CaseActor actor = { .actor = command_login(), .roles = (const char *const[]){ "system", NULL } };
    return notice_again(retry->home->room, conn, retry->message, &actor, base_clock_real_now(), error);
}

/* Told once, here, so that it can be given to who runs the gateway. */
static gboolean secret(const Home *home, const char *name, GError **error)
{
    g_autofree char *text = guard_gateway_secret(home->guard, name, TRUE, error);
    if (text) printf("%s\n", text);
    return text != NULL;
}

int command_notices(int argc, char **argv)
{
    const GOptionEntry entries[] = {
        COMMAND_FOLDER,
        COMMAND_PACKS,
        { "state", 0, 0, G_OPTION_ARG_STRING, &state, "of list: queued, handed, delivered, failed, expired",
          "S" },
        { "number", 0, 0, G_OPTION_ARG_STRING, &number, "of list: of the case with this number", "N" },
        { NULL },
    };
    int status = command_options("notices", entries, &argc, &argv);
    if (status >= 0) return status;
    g_autoptr(GError) error = NULL;
    const char *what = argc > 1 ? argv[1] : "";
    gboolean named = !strcmp(what, "retry") || !strcmp(what, "secret"),
             known = named ? argc == 3 : argc == 2 && (!strcmp(what, "pump") || !strcmp(what, "list"));
    if (!known) {
        g_set_error(&error, CLI_ERROR, CLI_ERROR_USE,
                    "say one of: pump, list, retry MESSAGE, secret GATEWAY");
        return command_fail(error, FALSE);
    }
    g_auto(Home) home = { 0 };
    if (!command_home(&home, *what == 's' ? COMMAND_LEDGER_ONLY : COMMAND_OPEN, &error))
        return command_fail(error, FALSE);
    Retry retry = { &home, argc > 2 ? argv[2] : NULL };
    gboolean well = *what == 'p'   ? pump(&home, &error)
                    : *what == 'l' ? list(&home, &error)
                    : *what == 's' ? secret(&home, argv[2], &error)
                                   : store_write(home.store, retry_job, &retry, &error);
    return well ? 0 : command_fail(error, FALSE);
}
