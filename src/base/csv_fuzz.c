/* csv_fuzz.c - any bytes are rows, bad rows, or a refusal; never a crash. */
#include "base/csv.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(BaseCsv) csv = base_csv_new(data, size, NULL, (BaseCsvLimits){ 64, 4096 }, &error);
    char **fields;
    gsize n;
    const char *why;
    for (BaseCsvStep step = BASE_CSV_ROW; csv && (step == BASE_CSV_ROW || step == BASE_CSV_BAD_ROW);) {
        step = base_csv_next(csv, &fields, &n, &why, &error);
        for (gsize i = 0; step == BASE_CSV_ROW && i < n; i++)
            g_assert_true(g_utf8_validate(fields[i], -1, NULL));
    }
    return 0;
}
