/* paper_body_fuzz.c - whatever is taken as a template can be written, with values and without. */
#include "engine/paper/body.h"

static const char *value(const char *field, gpointer data)
{
    return *field % 2 == GPOINTER_TO_INT(data) ? "值 {x} | y" : NULL;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(PaperBody) body = paper_body_parse(text, NULL);
    for (int odd = 0; body && odd < 2; odd++) {
        g_autoptr(PaperDoc) doc = paper_new(&(PaperHead){ .style = PAPER_REPORT });
        paper_body_write(body, value, GINT_TO_POINTER(odd), doc);
    }
    return 0;
}
