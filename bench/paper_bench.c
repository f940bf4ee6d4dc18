/* paper_bench.c - how many pages a second a letter-like document of Chinese text and tables takes to make,
 * and how long a letter of one page. The promise: 100 pages/s. Exit status 1 when it is broken. Usage:
 * paper_bench [--json] */
#include "engine/paper/paper.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROUNDS 3
#define PROMISE 100.0

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds for a document of `parts` paragraphs, each with a small table; pages into `pages`. */
static double make(int parts, guint *pages)
{
    static const PaperColumn columns[] = { { "事项", 3, PAPER_LEFT }, { "数值", 1, PAPER_RIGHT } };
    static const char *const cells[] = { "按期办结", "97.2%", "群众满意", "95.8%", "平均用时", "3.1 天" };
    const double start = cpu_seconds();
    g_autoptr(PaperDoc) doc =
        paper_new(&(PaperHead){ .style = PAPER_LETTER, .issuer = "江州市", .number = "第 1 号" });
    for (int i = 0; i < parts; i++) {
        paper_text(
            doc, PAPER_BODY,
            "您于二〇二六年十一月二十三日通过热线反映的事项收悉。我局接件后立即安排人员到场核查，并于当日十八"
            "时"
            "前办结，现将办理情况答复如下：该路段共有路灯十四盏，其中三盏因电缆接头进水跳闸，均已恢复供电。");
        paper_table(doc, columns, 2, cells, 3);
    }
    paper_qr(doc, "https://example.org/v/K7Q2M9XTRD4HWPAC3", "核验码 K7Q2M-9XTRD-4HWPA-C3");
    g_autoptr(GBytes) pdf = paper_finish_counted(doc, pages, NULL);
    g_assert_nonnull(pdf);
    return cpu_seconds() - start;
}

int main(int argc, char **argv)
{
    double rate = 0, letter = 1e9;
    guint pages = 0, one = 0;
    for (int i = 0; i < ROUNDS; i++) {
        const double took = make(200, &pages);
        rate = MAX(rate, pages / took);
        letter = MIN(letter, make(2, &one) * 1000);
    }
    const gboolean kept = rate >= PROMISE;
    if (argc > 1 && strcmp(argv[1], "--json") == 0)
        printf("{\"bench\":\"paper\",\"pages\":%u,\"pages_per_s\":%.0f,\"letter_ms\":%.1f,\"promise\":%.0f,"
               "\"kept\":%s}\n",
               pages, rate, letter, PROMISE, kept ? "true" : "false");
    else
        printf("%u pages: %.0f pages/s (promise: %.0f); a letter of %u page: %.1f ms  %s\n", pages, rate,
               PROMISE, one, letter, kept ? "kept" : "BROKEN");
    return kept ? 0 : 1;
}
