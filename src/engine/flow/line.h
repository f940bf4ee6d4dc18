/* line.h - the reader that line.c and action.c share: where it stands in a text, and how it refuses. */
#pragma once
#include "engine/flow/chart.h"
#include <string.h>

typedef struct {
    FlowChart *chart;
    const char *line, *at;
    ChartBlock *block; /* where actions go */
    ChartDeed *deed;   /* NULL: the actions of a state, not of a transition */
    GArray *froms;     /* int */
    GError **error;
} Line;

/* Refuse with the column of `where`. */
gboolean line_refuse(const Line *l, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* A refusal of engine/rule about the text at `start`, told as one about this line. */
gboolean line_refuse_rule(const Line *l, const char *start, const GError *rule_error);
gboolean line_sound(Line *l); /* short enough, and UTF-8 */
void line_skip(Line *l);
gboolean line_take(Line *l, const char *sign);
gboolean line_want(Line *l, const char *sign, const char *hint);
/* The next name, kept; NULL with an error. `where` gets its place. */
const char *line_word(Line *l, const char *what, const char **where);
/* First unquoted `close`, a ')' only outside of inner parentheses; NULL when there is none. */
const char *line_find_close(const char *text, char close);
/* The text up to `end` without the blanks around it; moves behind it. */
char *line_text_until(Line *l, const char *end, const char **start);
int line_state(Line *l); /* -1 with an error */

/* action.c: "action(args), action" up to the end. */
gboolean line_actions(Line *l);
