/* say.h - what a file says of an edition, in words of one language; for the desks of this room. */
#pragma once
#include "desk/report/report.h"

typedef struct {
    const json_t *edition;
    gboolean zh;
} Say;

const char *say_text(const Say *say, const json_t *object, const char *key); /* key_zh or key_en; "" */
const json_t *say_definition(const Say *say, const json_t *value);           /* of its indicator */
gboolean say_is_share(const json_t *definition);
char *say_number(const json_t *definition, const json_t *number); /* "—" when there is none; caller frees */
char *say_target(const Say *say, const json_t *definition);       /* "≥ 90%", or "" */
int say_met(const json_t *definition, const json_t *value);       /* 1 met, 0 not, -1: neither */
char *say_change(const json_t *now, const json_t *then);          /* "+12.5%", or "—" */
char *say_excluded(const Say *say, const json_t *value);          /* "3（测试 2，重复 1）", or "" */
char *say_formula(const Say *say, const json_t *definition);
char *say_group(const Say *say, const json_t *section, const json_t *value);
/* Of a correction, four texts for each value that differs: where, which, as it was, as it is; NULL-ended. */
char **say_differences(const Say *say);
/* Lines of head: name and value by turns, NULL-ended. */
char **say_head(const Say *say);
const char *say_word(const Say *say, const char *zh, const char *en) G_GNUC_FORMAT(2) G_GNUC_FORMAT(3);
