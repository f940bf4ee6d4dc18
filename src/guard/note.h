/* note.h - checkpoints as signed notes (C2SP signed-note, tlog-checkpoint), written and read strictly.
 *
 *   bihuan                         origin, which is also the name of the key
 *   1234                           size: events under the root
 *   <base64 of the root>
 *   at 1795449600000               extension line: when it was signed, the city's ms since 1970
 *                                  an empty line ends what is signed
 *   — bihuan <base64 of key hash (4 bytes) and Ed25519 signature>       further lines: others who co-signed
 * Knows nothing of files, stores or time. */
#pragma once
#include <glib.h>

#define NOTE_ERROR (g_quark_from_static_string("note"))
enum { NOTE_ERROR_FORM, NOTE_ERROR_SIGNATURE };

#define NOTE_ED25519 0x01 /* C2SP: kind of signature */
#define NOTE_MAX (64 << 10)

typedef struct {
    gint64 size, at;
    guint8 root[32];
} GuardNote;

guint32
guard_note_key_hash(const guint8 public[32]);       /* SHA-256(name, newline, kind, key), first four bytes */
char *guard_note_verifier(const guint8 public[32]); /* "bihuan+<hash>+<base64>" */
char *guard_note_sign(const GuardNote *note, const guint8 secret[64]);
/* Read a note and check our signature on it. NOTE_ERROR_FORM: not a note of ours; NOTE_ERROR_SIGNATURE: none
 * by this key, or one that does not fit. `out` is written only on success. */
gboolean guard_note_open(const char *text, const guint8 public[32], GuardNote *out, GError **error);
