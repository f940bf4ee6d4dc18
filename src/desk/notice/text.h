/* text.h - a notice's words: the pack's template with its places filled from open facts. */
#pragma once
#include "loop/case/case.h"

/* `event`: facts that the event brought, which go before the case's own (either may be NULL). Codes become
 * their titles in `lang` ("zh", "en"), times local; a place without a value becomes "-". `link` is what
 * {link} becomes, `sign` what {sign_link} does (NULL: "-"). Caller frees. */
char *notice_text(const Case *c, const PackNotice *notice, const json_t *event, const char *lang,
                  gint64 utc_offset, const char *link, const char *sign);
