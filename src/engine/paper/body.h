/* body.h - the text of a template, as officials write it, and putting a case's facts into it.
 *
 * One line is one paragraph. How a line begins says what it is:
 *   # title   ## heading   ### heading   < no indent   > right   ^ centred   ; small note   --- a rule
 *   | a | b | a table's row; after the first row "|---|:--:|--:|" makes it the head, its dashes the widths
 * and its colons left, centred and right columns Empty lines are left out. In a line: {field} the field's
 * value
 *   {?field} ... {/field}       only if the field has a value; {!field} ... {/field} only if it has none.
 * Alone on their lines they hold whole lines, also rows; at most PAPER_BODY_DEPTH deep
 *   {{ and }}                   the braces themselves
 * Threads: a body is read-only once parsed. Cost: O(text). */
#pragma once
#include "engine/paper/paper.h"

#define PAPER_BODY_BYTES (64 << 10)
#define PAPER_BODY_DEPTH 8

typedef struct PaperBody PaperBody;
/* NULL and PAPER_ERROR_TEMPLATE "line L, column C: what; hint", both from 1, in characters. */
PaperBody *paper_body_parse(const char *text, GError **error);
void paper_body_free(PaperBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperBody, paper_body_free)

typedef struct { /* where a field stands, conditions too */
    const char *id;
    guint line, column;
} PaperPlace;
const PaperPlace *paper_body_places(const PaperBody *body, gsize *n); /* in reading order */

/* The value of a field as people read it; NULL or "" when it has none. Called for fields of the body only. */
typedef const char *(*PaperLook)(const char *field, gpointer data);
void paper_body_write(const PaperBody *body, PaperLook look, gpointer data, PaperDoc *doc);
/* The same words without their marks: a paragraph or row a line, cells apart by " | ". Caller frees. */
char *paper_body_text(const PaperBody *body, PaperLook look, gpointer data);
