/* head_fuzz.c - the head read at once and byte by byte gives the same verdict at the same place. */
#include "api/head.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    HeadScan whole = { 0 }, slow = { 0 };
    HeadVerdict once = head_scan(&whole, (const char *)data, size), last = HEAD_MORE;
    for (gsize n = 0; n <= size && last == HEAD_MORE; n++)
        last = head_scan(&slow, (const char *)data, n);
    g_assert_cmpint(once, ==, last);
    g_assert_cmpuint(whole.at, ==, slow.at);
    return 0;
}
