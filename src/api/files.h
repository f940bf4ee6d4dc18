/* files.h - the built console, read once into memory and handed out by exact name.
 *
 * A name that is not in the table does not exist: no path of a request ever reaches the file system. A path
 * without a dot is the console's own (index.html), but for the pages without sign-in: /r/<link> the
 * resident's (r.html), /s/<link> a signer's (s.html), /v and /v/<code> for checking a document (v.html).
 * Files under /assets/ bear their hash in their name and never change; the others carry an ETag. `name.gz`
 * beside a file is sent to those who take gzip. A page that holds FILES_NONCE gets a fresh nonce there and in
 * its Content-Security-Policy, for styles made at run time. Threads: read-only after loading. Memory: the
 * folder's size. */
#pragma once
#include "api/http.h"

#define FILES_NONCE "__BIHUAN_NONCE__"

typedef struct Files Files;
Files *files_load(const char *folder); /* a folder that is absent or NULL gives an empty table */
void files_free(Files *files);
/* Put the reply for a GET or HEAD of `path` (escaped, without query); FALSE when there is no such file. */
gboolean files_reply(const Files *files, HttpRequest *request, const char *path);
