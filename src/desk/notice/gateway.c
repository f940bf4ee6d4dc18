/* gateway.c - what goes to a gateway and what comes back, as plain things. */
#include "desk/notice/gateway.h"
#include "desk/notice/sign.h"
#include <sodium.h>
#include <string.h>

void notice_item_clear(NoticeItem *item)
{
    if (item->address) sodium_memzero(item->address, strlen(item->address));
    g_free(item->channel);
    g_free(item->receiver);
    g_free(item->lang);
    g_free(item->text);
    g_free(item->address);
    g_free(item->unit);
    g_free(item->org);
    g_free(item->number);
    *item = (NoticeItem){ 0 };
}

void notice_receipt_clear(NoticeReceipt *receipt)
{
    g_free(receipt->message);
    g_free(receipt->reason);
    *receipt = (NoticeReceipt){ 0 };
}

#define REASON_MOST 200

static gboolean only_known_keys(const json_t *object, GError **error)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!strcmp(key, "message") || !strcmp(key, "state") || !strcmp(key, "reason")) continue;
        g_set_error(error, NOTICE_ERROR, NOTICE_ERROR_RECEIPT,
                    "a receipt has message, state and reason; one of its keys is none of them");
        return FALSE;
    }
    return TRUE;
}

gboolean notice_receipt_read(const json_t *object, NoticeReceipt *out, GError **error)
{
    const char *message = json_string_value(json_object_get(object, "message")),
               *state = json_string_value(json_object_get(object, "state")),
               *reason = json_string_value(json_object_get(object, "reason"));
    CasePostState to;
    if (!json_is_object(object) || !message || strlen(message) >= CASE_POST_MESSAGE ||
        !case_post_state_parse(state, &to) || (to != CASE_POST_DELIVERED && to != CASE_POST_FAILED) ||
        (reason && g_utf8_strlen(reason, -1) > REASON_MOST)) {
        g_set_error(
            error, NOTICE_ERROR, NOTICE_ERROR_RECEIPT,
            "a receipt is {\"message\": name, \"state\": \"delivered\" or \"failed\", \"reason\": text "
            "of at most %d characters}",
            REASON_MOST);
        return FALSE;
    }
    if (!only_known_keys(object, error)) return FALSE;
    *out = (NoticeReceipt){ g_strdup(message), g_strdup(reason), to };
    return TRUE;
}
