/* notice_receipt_fuzz.c - any bytes as a receipt: refused or read, and what is read is one of two states. */
#include "base/json.h"
#include "desk/notice/gateway.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    NoticeReceipt receipt = { 0 };
    json_t *object = base_json_parse((const char *)data, size, BASE_JSON_REQUEST, NULL);
    if (object && notice_receipt_read(object, &receipt, NULL)) {
        g_assert_true(receipt.state == CASE_POST_DELIVERED || receipt.state == CASE_POST_FAILED);
        notice_receipt_clear(&receipt);
    }
    json_decref(object);
    return 0;
}
