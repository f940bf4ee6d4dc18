/* schema.c - the tables, as numbered migrations. A migration is never changed once landed; add the next one.
 *
 * Kinds of table: the ledger and its tree (append-only); projections of the ledger (store_projections(): may
 * be emptied and rebuilt); and what is no fact of the city (users, sessions, idempotency keys, pack texts).
 * Citus-clean: ids are made by us, every unique constraint holds the distribution key. */
#include "store/schema.h"

static const char *const migrations[] = {
    /* 1 */
    "CREATE TABLE event("
    " seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, operation TEXT NOT NULL, case_id "
    "BLOB,"
    " actor TEXT NOT NULL, basis TEXT NOT NULL, purpose TEXT NOT NULL, salt BLOB NOT NULL, leaf BLOB NOT "
    "NULL,"
    " body TEXT NOT NULL, private TEXT);"
    "CREATE INDEX event_case ON event(case_id, seq) WHERE case_id IS NOT NULL;"
    "CREATE TABLE tile(level INTEGER NOT NULL, idx INTEGER NOT NULL, root BLOB NOT NULL,"
    " PRIMARY KEY(level, idx)) WITHOUT ROWID;"
    "CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, at INTEGER NOT NULL, note TEXT NOT NULL);"

    "CREATE TABLE user(login TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, org TEXT NOT NULL,"
    " unit TEXT, password TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0, locked_until INTEGER NOT NULL "
    "DEFAULT 0,"
    " disabled INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE session(hash BLOB PRIMARY KEY, login TEXT NOT NULL, created_at INTEGER NOT NULL,"
    " seen_at INTEGER NOT NULL, csrf BLOB) WITHOUT ROWID;"
    "CREATE TABLE idempotency(actor TEXT NOT NULL, key TEXT NOT NULL, request BLOB NOT NULL, status INTEGER "
    "NOT NULL,"
    " reply TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(actor, key)) WITHOUT ROWID;"
    "CREATE TABLE pack_version(hash TEXT PRIMARY KEY, id TEXT NOT NULL, text TEXT NOT NULL,"
    " published_at INTEGER NOT NULL) WITHOUT ROWID;"

    "CREATE TABLE signal(id BLOB PRIMARY KEY, source TEXT NOT NULL, ref TEXT NOT NULL, channel TEXT NOT NULL,"
    " at INTEGER NOT NULL, received_at INTEGER NOT NULL, pack TEXT NOT NULL,"
    " disposition TEXT NOT NULL, case_id BLOB, reason TEXT, person TEXT, UNIQUE(source, ref)) WITHOUT ROWID;"
    "CREATE TABLE case_file(id BLOB PRIMARY KEY, number TEXT NOT NULL, pack TEXT NOT NULL, version TEXT NOT "
    "NULL,"
    " state TEXT NOT NULL, final INTEGER NOT NULL, title TEXT NOT NULL, level INTEGER NOT NULL,"
    " org TEXT NOT NULL, area TEXT NOT NULL, place TEXT NOT NULL, lat REAL, lon REAL, unit TEXT,"
    " opened_at INTEGER NOT NULL, moved_at INTEGER NOT NULL, closed_at INTEGER, due_at INTEGER,"
    " late INTEGER NOT NULL, facts TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX case_number ON case_file(number);"
    "CREATE INDEX case_open ON case_file(pack, opened_at) WHERE final = 0;"
    "CREATE TABLE case_private(case_id BLOB PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE task(case_id BLOB NOT NULL, kind TEXT NOT NULL, generation INTEGER NOT NULL, state TEXT "
    "NOT NULL,"
    " role TEXT NOT NULL, org TEXT NOT NULL, unit TEXT, offered_at INTEGER NOT NULL, changed_at INTEGER NOT "
    "NULL,"
    " PRIMARY KEY(case_id, kind, generation)) WITHOUT ROWID;"
    "CREATE INDEX task_open_unit ON task(unit) WHERE state IN ('offered', 'accepted') AND unit IS NOT NULL;"
    "CREATE INDEX task_open_org ON task(org) WHERE state IN ('offered', 'accepted');"
    "CREATE TABLE clock(case_id BLOB NOT NULL, id TEXT NOT NULL, state INTEGER NOT NULL, consumed INTEGER "
    "NOT NULL,"
    " since INTEGER NOT NULL, budget INTEGER NOT NULL, started INTEGER NOT NULL, stopped INTEGER NOT NULL,"
    " rung INTEGER NOT NULL, expired INTEGER NOT NULL, next_at INTEGER, due_at INTEGER, provisional INTEGER "
    "NOT NULL,"
    " PRIMARY KEY(case_id, id)) WITHOUT ROWID;"
    "CREATE INDEX clock_next ON clock(next_at) WHERE next_at IS NOT NULL;"
    "CREATE TABLE notice(case_id BLOB NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, channel TEXT NOT "
    "NULL,"
    " receiver TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(case_id, seq, id)) WITHOUT ROWID;"
    "CREATE TABLE rating(case_id BLOB PRIMARY KEY, token BLOB NOT NULL, invited_at INTEGER NOT NULL,"
    " answered_at INTEGER, lapsed_at INTEGER, level INTEGER) WITHOUT ROWID;"
    "CREATE INDEX rating_token ON rating(token);"
    "CREATE TABLE unit(id TEXT PRIMARY KEY, name TEXT NOT NULL, org TEXT NOT NULL, skills TEXT NOT NULL,"
    " lat REAL NOT NULL, lon REAL NOT NULL, state TEXT NOT NULL, case_id BLOB, since INTEGER NOT NULL) "
    "WITHOUT ROWID;"
    "CREATE TABLE org(id TEXT PRIMARY KEY, name TEXT NOT NULL, parent TEXT, area TEXT NOT NULL, kind TEXT "
    "NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE cell(indicator TEXT NOT NULL, pack TEXT NOT NULL, period TEXT NOT NULL, org TEXT NOT NULL,"
    " area TEXT NOT NULL, num INTEGER NOT NULL, den INTEGER NOT NULL, left_out INTEGER NOT NULL,"
    " PRIMARY KEY(indicator, pack, period, org, area)) WITHOUT ROWID;"
    "CREATE TABLE cell_event(indicator TEXT NOT NULL, pack TEXT NOT NULL, period TEXT NOT NULL, seq INTEGER "
    "NOT NULL,"
    " num INTEGER NOT NULL, den INTEGER NOT NULL, left_out INTEGER NOT NULL,"
    " PRIMARY KEY(indicator, pack, period, seq)) WITHOUT ROWID;"
    "CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;",
    /* What becomes of a notice; and the tries to send it, which are no fact of the city. */
    "ALTER TABLE notice ADD COLUMN state TEXT NOT NULL DEFAULT 'queued';"
    "ALTER TABLE notice ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE notice ADD COLUMN gateway TEXT;"
    "ALTER TABLE notice ADD COLUMN reason TEXT;"
    "ALTER TABLE notice ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE notice ADD COLUMN handed_at INTEGER;"
    "ALTER TABLE notice ADD COLUMN actor TEXT;"
    "UPDATE notice SET changed_at = at;"
    "UPDATE notice SET state = 'handed', gateway = 'console', handed_at = at WHERE channel = 'console';"
    "CREATE INDEX notice_queued ON notice(channel, at) WHERE state = 'queued';"
    "CREATE INDEX notice_handed ON notice(gateway, handed_at) WHERE state = 'handed';"
    "CREATE INDEX notice_inbox ON notice(receiver, at) WHERE state = 'handed' AND channel = 'console';"
    "CREATE TABLE notice_try(case_id BLOB NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,"
    " tries INTEGER NOT NULL, next_at INTEGER NOT NULL, why TEXT NOT NULL, PRIMARY KEY(case_id, seq, id))"
    " WITHOUT ROWID;",
    /* Facts taken out of figures by reason; values that are ranked */
    "ALTER TABLE cell_event ADD COLUMN reason TEXT;"
    "CREATE TABLE cell_out(indicator TEXT NOT NULL, pack TEXT NOT NULL, period TEXT NOT NULL, org TEXT NOT "
    "NULL,"
    " area TEXT NOT NULL, reason TEXT NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY(indicator, pack, period, org, area, reason)) WITHOUT ROWID;"
    "CREATE TABLE cell_value(indicator TEXT NOT NULL, pack TEXT NOT NULL, period TEXT NOT NULL, org TEXT NOT "
    "NULL,"
    " area TEXT NOT NULL, value INTEGER NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY(indicator, pack, period, org, area, value)) WITHOUT ROWID;",
    /* Configurations of several states, extended clocks */
    "ALTER TABLE case_file ADD COLUMN states TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE clock ADD COLUMN extended INTEGER NOT NULL DEFAULT 0;",
    /* Frozen editions of reports. `digest` is of the figures as they follow from the ledger. */
    "CREATE TABLE report(pack TEXT NOT NULL, id TEXT NOT NULL, period TEXT NOT NULL, edition INTEGER NOT "
    "NULL,"
    " seq INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, version TEXT NOT NULL, digest TEXT NOT "
    "NULL,"
    " body TEXT NOT NULL, PRIMARY KEY(pack, id, period, edition)) WITHOUT ROWID;",
    /* Cases and other cases */
    "CREATE TABLE relation(case_id BLOB NOT NULL, seq INTEGER NOT NULL, other BLOB NOT NULL, kind TEXT NOT "
    "NULL,"
    " at INTEGER NOT NULL, ended_at INTEGER, budget INTEGER, base INTEGER,"
    " PRIMARY KEY(case_id, seq, other, kind)) WITHOUT ROWID;",
    /* Working days that were announced */
    "CREATE TABLE day_notice(seq INTEGER PRIMARY KEY, body TEXT NOT NULL);",
    /* What the clocks say already; a change of working days would write it a million times */
    "ALTER TABLE case_file DROP COLUMN due_at;",
    /* Documents. What is sealed is kept as it was given out, under its SHA-256; keys that sealed stay known.
     */
    "CREATE TABLE paper(case_id BLOB NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT "
    "NULL,"
    " at INTEGER NOT NULL, number TEXT NOT NULL, code TEXT NOT NULL, pages INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL, final BLOB, sealed_at INTEGER, PRIMARY KEY(case_id, id, version)) WITHOUT ROWID;"
    "CREATE INDEX paper_code ON paper(code);"
    "CREATE TABLE paper_signer(case_id BLOB NOT NULL, paper TEXT NOT NULL, version INTEGER NOT NULL, id TEXT "
    "NOT NULL,"
    " place INTEGER NOT NULL, who TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,"
    " device_at INTEGER NOT NULL, by TEXT, name TEXT, link BLOB,"
    " PRIMARY KEY(case_id, paper, version, id)) WITHOUT ROWID;"
    "CREATE INDEX paper_link ON paper_signer(link) WHERE link IS NOT NULL;"
    "CREATE TABLE paper_private(case_id BLOB NOT NULL, paper TEXT NOT NULL, version INTEGER NOT NULL,"
    " signer TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY(case_id, paper, version, signer)) WITHOUT ROWID;"
    "CREATE TABLE paper_file(sha256 BLOB PRIMARY KEY, case_id BLOB NOT NULL, bytes BLOB NOT NULL,"
    " statement TEXT, ed25519 BLOB, ed25519_key TEXT, sm2 BLOB, sm2_key TEXT);"
    "CREATE TABLE seal_key(id TEXT PRIMARY KEY, pem TEXT NOT NULL) WITHOUT ROWID;",
    /* Which events about many cases may be about one; ids as text */
    "CREATE TABLE reprojection(seq INTEGER PRIMARY KEY, first TEXT NOT NULL, last TEXT NOT NULL);"
    "INSERT INTO reprojection SELECT seq, body ->> '$.moved[0][0]', body ->> '$.moved[#-1][0]' FROM event"
    " WHERE kind = 'clock.reprojected';",
    /* What is to come next of each plan, and what came last. Dates are days since 1970. */
    "CREATE TABLE plan(pack TEXT NOT NULL, id TEXT NOT NULL, digest TEXT NOT NULL, since INTEGER NOT NULL,"
    " last_date INTEGER, last_day INTEGER, last_at INTEGER, last_case BLOB, last_missed INTEGER NOT NULL,"
    " next_date INTEGER, next_day INTEGER, next_at INTEGER, opened INTEGER NOT NULL, missed INTEGER NOT NULL,"
    " PRIMARY KEY(pack, id)) WITHOUT ROWID;"
    "CREATE INDEX plan_next ON plan(next_at) WHERE next_at IS NOT NULL;",
    /* Links of parties carry their case; none is stored */
    "DROP INDEX rating_token;"
    "ALTER TABLE rating DROP COLUMN token;",
    /* Entries of registers */
    "CREATE TABLE register_entry(pack TEXT NOT NULL, register TEXT NOT NULL, key TEXT NOT NULL,"
    " since INTEGER NOT NULL, until INTEGER, facts TEXT NOT NULL, PRIMARY KEY(pack, register, key, since))"
    " WITHOUT ROWID;",
};

static const char *const projections[] = {
    "signal",     "case_file",    "case_private",   "task",          "clock",      "notice",
    "relation",   "paper",        "paper_signer",   "paper_private", "rating",     "unit",
    "org",        "cell",         "cell_event",     "cell_out",      "cell_value", "report",
    "day_notice", "reprojection", "register_entry", "plan",          "counter",    NULL
};

const char *const *store_migrations(gsize *n)
{
    *n = G_N_ELEMENTS(migrations);
    return migrations;
}

int store_schema_version(void)
{
    return G_N_ELEMENTS(migrations);
}

const char *const *store_projections(void)
{
    return projections;
}
