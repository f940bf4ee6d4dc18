/* draw.c - a document on paper: the template's text, lines to sign on or signatures, the code to check it by.
 */
#include "desk/document/inside.h"
#include <string.h>

static const char *look(const char *place, gpointer data)
{
    return json_string_value(json_object_get((const json_t *)data, place));
}

static const char *name_of(const DocumentDraw *d, gsize i)
{
    const CaseSigner *is = d->paper ? &g_array_index(d->paper->signers, CaseSigner, i) : NULL;
    g_autofree char *key = g_strconcat("_name.", d->document->signers[i].id, NULL);
    const char *name = json_string_value(json_object_get(d->values, key));
    return is && is->name ? is->name : name;
}

static void write_when(gint64 at, gint64 utc_offset, GString *out)
{
    g_autoptr(GDateTime) local = g_date_time_new_from_unix_utc((at + utc_offset) / 1000);
    g_autofree char *text = g_date_time_format(local, "%Y-%m-%d %H:%M");
    g_string_append(out, text);
}

static gboolean put_sign(PaperDoc *doc, const DocumentDraw *d, gsize i, GError **error)
{
    const CaseSigner *is = d->paper ? &g_array_index(d->paper->signers, CaseSigner, i) : NULL;
    g_autoptr(PaperStrokes) strokes = NULL;
    g_autoptr(GString) note = g_string_new(NULL);
    if (is) {
        char *text = json_dumps(d->signed_by[i], JSON_COMPACT);
        strokes = text ? paper_strokes_parse(text, strlen(text), error) : NULL;
        free(text);
        if (!strokes) return FALSE;
        write_when(is->at, d->utc_offset, note);
    }
    const PaperSign sign = { .title = d->document->signers[i].title_zh,
                             .name = name_of(d, i),
                             .note = note->len ? note->str : NULL,
                             .strokes = strokes };
    paper_sign_line(doc, &sign);
    return TRUE;
}

static void put_code(PaperDoc *doc, const DocumentDraw *d)
{
    gboolean known = *d->public_url != '\0';
    g_autofree char *shown =
        g_strdup_printf("%.4s-%.4s-%.4s-%.4s", d->code, d->code + 4, d->code + 8, d->code + 12);
    g_autofree char *text = g_strdup_printf("%s/v/%s", known ? d->public_url : "bihuan:", d->code);
    g_autofree char *caption =
        known
            ? g_strdup_printf("验证码 %s　第%d版%s\n扫码，或在 %s/v 输入验证码，核对真伪", shown, d->version,
                              d->document->n_signers && !d->paper ? "（待签）" : "", d->public_url)
            : g_strdup_printf("验证码 %s　第%d版%s", shown, d->version,
                              d->document->n_signers && !d->paper ? "（待签）" : "");
    paper_qr(doc, text, caption);
}

GBytes *document_draw(const DocumentDraw *d, guint *pages, GError **error)
{
    const PaperHead head = { .style = d->document->report ? PAPER_REPORT : PAPER_LETTER,
                             .lang = "zh",
                             .title = d->document->title_zh,
                             .issuer = d->document->issuer_zh,
                             .number = d->number,
                             .now = d->at };
    const char *history = json_string_value(json_object_get(d->values, "_history"));
    g_autoptr(PaperDoc) doc = paper_new(&head);
    paper_body_write(d->document->body, look, (gpointer)d->values, doc);
    if (history) paper_text(doc, PAPER_NOTE, history);
    for (gsize i = 0; i < d->document->n_signers; i++)
        if (!put_sign(doc, d, i, error)) return NULL;
    put_code(doc, d);
    return paper_finish_counted(doc, pages, error);
}
