/* desk.c - the desk set up from gateways.json, and how it is doing. */
#include "desk/notice/inside.h"

static gboolean read_config(NoticeDesk *desk, const NoticeOptions *o, GError **error)
{
    g_autofree char *path = g_build_filename(o->folder, "gateways.json", NULL), *text = NULL;
    gsize length = 0;
    if (o->simulated) return notice_config_simulated(o->folder, &desk->config, error);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) return TRUE;
    return g_file_get_contents(path, &text, &length, error) &&
           notice_config_read(text, length, o->folder, case_room_guard(o->room), &desk->config, error);
}

NoticeDesk *notice_desk_new(const NoticeOptions *o, GError **error)
{
    NoticeDesk *desk = g_new0(NoticeDesk, 1);
    desk->room = o->room;
    desk->chance = o->chance;
    desk->config = (NoticeConfig){ .by_channel = { -1, -1, -1 } };
    g_mutex_init(&desk->lock);
    g_mutex_init(&desk->rest_lock);
    g_cond_init(&desk->changed);
    if (!read_config(desk, o, error)) g_clear_pointer(&desk, notice_desk_free);
    return desk;
}

void notice_desk_free(NoticeDesk *desk)
{
    if (!desk) return;
    notice_worker_stop(desk);
    notice_config_clear(&desk->config);
    g_mutex_clear(&desk->lock);
    g_mutex_clear(&desk->rest_lock);
    g_cond_clear(&desk->changed);
    g_free(desk);
}

guint notice_gateways(const NoticeDesk *desk)
{
    return desk->config.n;
}

void notice_health(NoticeDesk *desk, guint i, NoticeHealth *out)
{
    g_mutex_lock(&desk->lock);
    *out = desk->config.gate[i].health;
    g_mutex_unlock(&desk->lock);
}
