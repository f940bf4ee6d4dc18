/* sign.h - signatures of messages as Standard Webhooks 1.0 says: HMAC-SHA-256 over "id.timestamp.body", in
 * base64 behind "v1,"; several, with blanks between them, while a secret is being changed.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
#pragma once
#include <glib.h>

#define NOTICE_ERROR (g_quark_from_static_string("notice"))
enum {
    NOTICE_ERROR_CONFIG,    /* gateways.json is refused; the text says where and why */
    NOTICE_ERROR_GATEWAY,   /* no such gateway, or it cannot be opened */
    NOTICE_ERROR_SIGNATURE, /* a receipt that is not signed by its gateway; one text for every reason */
    NOTICE_ERROR_RECEIPT,   /* a receipt that says nothing we know */
    NOTICE_ERROR_STATE      /* this notice cannot be sent again now */
};
#define NOTICE_TOLERANCE 300 /* s that a timestamp may be off, before and after */

/* "whsec_" and base64 of 24 to 64 bytes. FALSE: it is not. */
gboolean notice_secret_sound(const char *secret);
/* "v1,<base64>"; caller frees. The secret must be sound. */
char *notice_sign(const char *secret, const char *id, gint64 seconds, const char *body, gsize length);
/* Any argument may be NULL (absent header). Constant time in the signature. */
gboolean notice_signed(const char *secret, const char *id, const char *timestamp, const char *signatures,
                       const char *body, gsize length, gint64 now_seconds);
