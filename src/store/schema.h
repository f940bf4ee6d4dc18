/* schema.h - the numbered migrations, for the stores that run them. */
#pragma once
#include "store/store.h"

const char *const *store_migrations(gsize *n); /* migration i brings version i to i + 1 */
