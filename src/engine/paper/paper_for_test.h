/* paper_for_test.h - what readers of a PDF see: its text and its facts, by poppler's programs. */
#pragma once
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include "engine/paper/paper.h"

static inline char *run_on_pdf(GBytes *pdf, const char *program, const char *option)
{
    g_autofree char *path = NULL, *out = NULL;
    GError *error = NULL;
    int fd = g_file_open_tmp("paper-XXXXXX.pdf", &path, &error);
    g_assert_no_error(error);
    close(fd);
    g_file_set_contents(path, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), &error);
    g_assert_no_error(error);
    const char *const argv[] = { program, option ? option : path,
                                 option ? path : (program[3] == 't' ? "-" : NULL),
                                 option && program[3] == 't' ? "-" : NULL, NULL };
    int status = 0;
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    g_unlink(path);
    return g_steal_pointer(&out);
}

static inline char *text_of(GBytes *pdf)
{
    return run_on_pdf(pdf, "pdftotext", "-layout");
}

/* Its text without blanks and line ends, for words that may be broken over lines. */
static inline char *words_of(GBytes *pdf)
{
    char *text = text_of(pdf), *to = text;
    for (const char *from = text; *from; from++)
        if (!g_ascii_isspace(*from)) *to++ = *from;
    *to = 0;
    return text;
}

static inline GBytes *finished(PaperDoc *doc)
{
    GError *error = NULL;
    GBytes *pdf = paper_finish(doc, &error);
    g_assert_no_error(error);
    return pdf;
}

/* With PAPER_KEEP=DIR, tests leave their PDFs there for people to look at. */
static inline void keep(GBytes *pdf, const char *name)
{
    const char *folder = g_getenv("PAPER_KEEP");
    g_autofree char *path = folder ? g_build_filename(folder, name, NULL) : NULL;
    if (path) g_file_set_contents(path, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), NULL);
}
