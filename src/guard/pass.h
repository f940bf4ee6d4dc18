/* pass.h - one pass over the events in order, which knows the root at every size it comes by, for the audit:
 * checking ten thousand checkpoints costs one reading of the ledger. Trusts no kept subtree; trusts the
 * leaves, which ledger_check() has held against their rows. */
#pragma once
#include "guard/guard.h"

typedef struct {
    StoreRows *rows;
    gint64 size;                  /* events passed */
    gint64 unplain;               /* first event that holds something its hash does not cover; 0: none */
    guint8 edge[48][LEDGER_HASH]; /* edge[h]: the last full subtree of 2^h leaves, of use where bit h of size
                                     is set */
} GuardPass;

gboolean guard_pass_begin(GuardPass *pass, StoreConn *conn, GError **error);
void guard_pass_end(GuardPass *pass);
/* Go on to `size` events, or to the end when there are fewer. FALSE only when it cannot be read. */
gboolean guard_pass_to(GuardPass *pass, gint64 size, GError **error);
void guard_pass_root(const GuardPass *pass,
                     guint8 out[LEDGER_HASH]); /* RFC 9162, 2.1.1, over the events passed */
