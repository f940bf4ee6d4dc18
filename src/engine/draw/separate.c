/* separate.c - positions as near as possible to the wished ones that keep order and distance: least squares
 * under x[i] - x[i-1] >= apart[i]. Take the distances out, then pool adjacent violators (Ayer et al., 1955).
 * O(n). */
#include "engine/draw/inside.h"

typedef struct {
    double mean, weight;
    int size;
} Pool;

void draw_separate(const double *wish, const double *apart, const double *weight, int n, double *out)
{
    g_autofree Pool *pool = g_new(Pool, (gsize)MAX(n, 1));
    g_autofree double *offset = g_new(double, (gsize)MAX(n, 1));
    int pools = 0, at = 0;
    for (int i = 0; i < n; i++) {
        offset[i] = i > 0 ? offset[i - 1] + apart[i] : 0;
        Pool p = { wish[i] - offset[i], weight[i], 1 };
        for (; pools > 0 && pool[pools - 1].mean > p.mean; pools--) {
            const Pool *last = &pool[pools - 1];
            const double total = last->weight + p.weight;
            p = (Pool){ (last->mean * last->weight + p.mean * p.weight) / total, total, last->size + p.size };
        }
        pool[pools++] = p;
    }
    for (int k = 0; k < pools; k++) {
        for (int i = 0; i < pool[k].size; i++, at++) {
            out[at] = pool[k].mean + offset[at];
        }
    }
}
