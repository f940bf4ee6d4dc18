/* documents.c - documents/: what the papers of a case say, who signs them, and whether the procedure makes
 * them, asks for the signatures and awaits what becomes of it. */
#include "pack/inside.h"
#include <stdio.h>
#include <string.h>

/* What a text may name besides the pack's fields; a field of the same name comes first. */
static const char *const places[] = { "number", "document_number", "version", "org_name",  "area",
                                      "place",  "title",           "today",   "opened_at", NULL };

/* ---- the text ---- */
static const char *nearest_place(const Pack *pack, const char *name)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    for (const char *const *place = places; *place; place++)
        g_ptr_array_add(known, (gpointer)*place);
    for (gsize i = 0; i < pack_fields(pack); i++)
        g_ptr_array_add(known, (gpointer)pack_field_at(pack, i)->id);
    g_ptr_array_add(known, NULL);
    return pack_nearest(name, (const char *const *)known->pdata);
}

static gboolean read_place(const char *message, guint *line, guint *column)
{
    char *rest;
    if (!g_str_has_prefix(message, "line ")) return FALSE;
    *line = (guint)g_ascii_strtoull(message + strlen("line "), &rest, 10);
    if (!g_str_has_prefix(rest, ", column ")) return FALSE;
    *column = (guint)g_ascii_strtoull(rest + strlen(", column "), NULL, 10);
    return TRUE;
}

/* "line 3, column 7: what" of a template stands at its place in the file. */
static void refuse_text(PackMaking *m, const PackFile *file, const char *message)
{
    guint line = 1, column = 1;
    const char *what = strstr(message, ": ");
    if (!read_place(message, &line, &column)) what = NULL;
    pack_refuse(m->refusals, PACK_RULE(document, text), PACK_AT_TEXT(file, file->tree, "text", line, column),
                "%s", what ? what + 2 : message);
}

static void name_field(GPtrArray *fields, const PackField *field)
{
    if (field && !g_ptr_array_find(fields, field->id, NULL)) g_ptr_array_add(fields, (gpointer)field->id);
}

static void take_place(PackMaking *m, const PackFile *file, const PaperPlace *place, GPtrArray *fields)
{
    const PackSpot spot = PACK_AT_TEXT(file, file->tree, "text", place->line, place->column);
    const PackField *field = pack_field(m->pack, place->id);
    if (!field && !g_strv_contains(places, place->id)) {
        const char *near = nearest_place(m->pack, place->id);
        pack_refuse(m->refusals, PACK_RULE(known, place), spot, "{%s} is not known; %s{%s}, %s", place->id,
                    near ? "did you mean " : "write ", near ? near : "number",
                    "or another field of types.yaml");
    } else if (field && field->klass == PACK_PRIVATE && !pack_text(file->tree, "purpose")) {
        pack_refuse(m->refusals, PACK_RULE(document, purpose), spot,
                    "{%s} is a private field; say with `purpose` for which purpose of access.yaml it is read",
                    place->id);
    }
    name_field(fields, field);
}

static const PaperBody *take_body(PackMaking *m, const PackFile *file, GPtrArray *fields)
{
    g_autoptr(GError) error = NULL;
    PaperBody *body = paper_body_parse(pack_text(file->tree, "text"), &error);
    if (!body) {
        refuse_text(m, file, error->message);
        return NULL;
    }
    gsize n;
    const PaperPlace *place = paper_body_places(body, &n);
    for (gsize i = 0; i < n; i++)
        take_place(m, file, &place[i], fields);
    return body;
}

/* ---- signers ---- */
static gboolean is_signer(const PackMaking *m, const char *who)
{
    return g_hash_table_contains(m->roles, who) && strcmp(who, "system") != 0;
}

static void sound_who(PackMaking *m, const PackFile *file, const json_t *item)
{
    const PackSpot spot = PACK_AT_VALUE(file, item, "who");
    const char *who = pack_text(item, "who");
    if (!is_signer(m, who)) {
        pack_refuse(m->refusals, PACK_RULE(known, role), spot,
                    "role '%s' is not among the roles of pack.yaml; a signer is `resident` or one of these",
                    who);
    } else if (pack_party(m->pack, who) && !pack_party(m->pack, who)->contact) {
        pack_refuse(m->refusals, PACK_RULE(document, signer), spot,
                    "%s cannot be asked; name the field with the phone number as `contact` in pack.yaml",
                    who);
    }
}

static void sound_signer_name(PackMaking *m, const PackFile *file, const json_t *item, const char *name)
{
    const PackField *field = pack_field(m->pack, name);
    if (!field || field->type != RULE_TEXT) {
        pack_refuse(m->refusals, PACK_RULE(document, signer_name), PACK_AT_VALUE(file, item, "name"),
                    "'%s' is not a text field of types.yaml; name the one that holds the signer's name",
                    name);
    } else if (field->klass == PACK_PRIVATE && !pack_text(file->tree, "purpose")) {
        pack_refuse(m->refusals, PACK_RULE(document, purpose), PACK_AT_VALUE(file, item, "name"),
                    "'%s' is a private field; say with `purpose` for which purpose of access.yaml it is read",
                    name);
    }
}

static PackSigner take_signer(PackMaking *m, const PackFile *file, const json_t *item, GPtrArray *fields)
{
    const json_t *title = json_object_get(item, "title");
    const PackSigner signer = { pack_text(item, "id"), pack_text(title, "zh"), pack_text(title, "en"),
                                pack_text(item, "who"), pack_text(item, "name") };
    sound_who(m, file, item);
    if (signer.name) {
        sound_signer_name(m, file, item, signer.name);
        name_field(fields, pack_field(m->pack, signer.name));
    }
    return signer;
}

static const PackSigner *take_signers(PackMaking *m, const PackFile *file, GPtrArray *fields)
{
    const json_t *list = json_object_get(file->tree, "signers");
    const gsize n = json_array_size(list);
    PackSigner *signers = g_new0(PackSigner, n + 1);
    g_ptr_array_add(m->pack->hold, signers);
    for (gsize i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        signers[i] = take_signer(m, file, item, fields);
        for (gsize k = 0; k < i; k++) {
            if (strcmp(signers[k].id, signers[i].id) == 0) {
                pack_refuse(m->refusals, PACK_RULE(name, twice), PACK_AT_VALUE(file, item, "id"),
                            "signer '%s' stands twice; remove one", signers[i].id);
                break;
            }
        }
    }
    return signers;
}

/* ---- who may read it ---- */
static gboolean shows_all(const Pack *pack, const PackAccess *access, const char *const *fields)
{
    for (; *fields; fields++) {
        if (pack_field(pack, *fields)->klass == PACK_PRIVATE && !g_strv_contains(access->full, *fields))
            return FALSE;
    }
    return TRUE;
}

/* Some access rule shows every private field of the document; `role`, `purpose` NULL: any. */
static gboolean somebody_reads(const Pack *pack, const PackDocument *document, const char *role,
                               const char *purpose)
{
    for (gsize i = 0; i < pack_access(pack); i++) {
        const PackAccess *access = pack_access_at(pack, i);
        if ((!role || strcmp(access->role, role) == 0) &&
            (!purpose || strcmp(access->purpose, purpose) == 0) && shows_all(pack, access, document->fields))
            return TRUE;
    }
    return FALSE;
}

static char *private_fields(const Pack *pack, const PackDocument *document)
{
    GString *all = g_string_new(NULL);
    for (const char *const *field = document->fields; *field; field++) {
        if (pack_field(pack, *field)->klass == PACK_PRIVATE)
            g_string_append_printf(all, "%s%s", all->len ? ", " : "", *field);
    }
    return g_string_free(all, FALSE);
}

static void sound_purpose(PackMaking *m, const PackFile *file, const PackDocument *document)
{
    const PackSpot spot = PACK_AT_VALUE(file, file->tree, "purpose");
    g_autofree char *hidden = private_fields(m->pack, document);
    if (!json_object_get(m->pack->purposes, document->purpose)) {
        pack_refuse_unknown(m->refusals, PACK_RULE(known, purpose), spot, document->purpose,
                            pack_known_in(m->pack->purposes), "no purpose '%s' in access.yaml",
                            document->purpose);
    } else if (!*hidden) {
        pack_refuse(m->refusals, PACK_RULE(document, purpose), spot,
                    "the document names no private field, so everybody may read it; remove `purpose`");
    } else if (!somebody_reads(m->pack, document, NULL, document->purpose)) {
        pack_refuse(m->refusals, PACK_RULE(document, reader), spot,
                    "no access rule of purpose '%s' shows %s in full to anybody; nobody could read the "
                    "document",
                    document->purpose, hidden);
    }
}

/* Nobody signs what he cannot read. The resident reads the document that his link leads to. */
static void sound_readers(PackMaking *m, const PackFile *file, const PackDocument *document)
{
    const json_t *list = json_object_get(file->tree, "signers");
    for (gsize i = 0; i < document->n_signers; i++) {
        const char *who = document->signers[i].who;
        if (!pack_party(m->pack, who) && is_signer(m, who) && !somebody_reads(m->pack, document, who, NULL)) {
            g_autofree char *hidden = private_fields(m->pack, document);
            pack_refuse(m->refusals, PACK_RULE(document, reader),
                        PACK_AT_VALUE(file, json_array_get(list, i), "who"),
                        "no access rule shows %s in full to role '%s', who could not read what is to be "
                        "signed; write one",
                        hidden, who);
        }
    }
}

/* ---- the whole ---- */
/* What becomes of signatures is an event of the case; these are its titles when the pack gives none. */
static void title_signings(PackMaking *m, const PackDocument *document)
{
    static const struct {
        const char *deed, *zh, *en;
    } deeds[] = { { "signed", "《%s》已签署", "%s: signed" },
                  { "refused", "《%s》被拒签", "%s: a signer refused" },
                  { "objected", "《%s》被提出异议", "%s: a signer objected" } };
    for (gsize i = 0; document->n_signers && i < G_N_ELEMENTS(deeds); i++) {
        g_auto(GStrv) zh = g_strsplit(deeds[i].zh, "%s", 2), en = g_strsplit(deeds[i].en, "%s", 2);
        g_autofree char *event = g_strdup_printf("%s.%s", deeds[i].deed, document->id),
                        *title_zh = g_strjoinv(document->title_zh, zh),
                        *title_en = g_strjoinv(document->title_en, en);
        json_object_set_new(m->pack->signings, event,
                            json_pack("{s:s, s:s}", "zh", title_zh, "en", title_en));
    }
}

static const char *id_of(PackMaking *m, const PackFile *file)
{
    const char *base = strrchr(file->name, '/') + 1, *end = strrchr(base, '.');
    char *id = g_strndup(base, end ? (gsize)(end - base) : strlen(base));
    g_ptr_array_add(m->pack->hold, id);
    if (!pack_is_name(id)) {
        pack_refuse(m->refusals, PACK_RULE(shape, name), PACK_AT_FILE(file),
                    "the file's name is the document's; a letter, then letters, digits, _ or -");
    }
    return id;
}

/* 机关文件材料归档范围和文书档案保管期限规定 (国家档案局令第8号, 2006): permanent, 30 years, 10 years. */
static int years_of(const char *retention)
{
    return strcmp(retention, "30 year") == 0 ? 30 : strcmp(retention, "10 year") == 0 ? 10 : 0;
}

static void compile_document(PackMaking *m, const PackFile *file)
{
    const json_t *tree = file->tree, *title = json_object_get(tree, "title"),
                 *issuer = json_object_get(tree, "issuer");
    GPtrArray *fields = g_ptr_array_new();
    PackDocument document = { .id = id_of(m, file),
                              .title_zh = pack_text(title, "zh"),
                              .title_en = pack_text(title, "en"),
                              .issuer_zh = pack_text(issuer, "zh"),
                              .issuer_en = pack_text(issuer, "en"),
                              .report = g_strcmp0(pack_text(tree, "style"), "report") == 0,
                              .in_order = g_strcmp0(pack_text(tree, "order"), "listed") == 0,
                              .retention = years_of(pack_text(tree, "retention")),
                              .purpose = pack_text(tree, "purpose"),
                              .body = take_body(m, file, fields),
                              .signers = take_signers(m, file, fields),
                              .n_signers = json_array_size(json_object_get(tree, "signers")) };
    g_ptr_array_add(fields, NULL);
    document.fields = (const char *const *)g_ptr_array_free(fields, FALSE);
    g_ptr_array_add(m->pack->hold, (gpointer)document.fields);
    if (document.purpose) sound_purpose(m, file, &document);
    sound_readers(m, file, &document);
    title_signings(m, &document);
    g_array_append_val(m->pack->documents, document);
}

static void document_clear(gpointer data)
{
    paper_body_free((PaperBody *)((PackDocument *)data)->body);
}

void pack_compile_documents(PackMaking *m)
{
    g_array_set_clear_func(m->pack->documents, document_clear);
    for (guint i = 0; i < m->files->len; i++) {
        const PackFile *file = m->files->pdata[i];
        if (g_str_has_prefix(file->name, "documents/")) compile_document(m, file);
    }
}

/* ---- in the procedure ---- */
static const char *nearest_document(const Pack *pack, const char *id)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    for (gsize i = 0; i < pack_documents(pack); i++)
        g_ptr_array_add(known, (gpointer)pack_document_at(pack, i)->id);
    g_ptr_array_add(known, NULL);
    return pack_nearest(id, (const char *const *)known->pdata);
}

void pack_document_action(PackMaking *m, PackSpot spot, const FlowEffect *action)
{
    const gboolean sign = action->kind == FLOW_DO_SIGN;
    const PackDocument *document = pack_document(m->pack, action->text);
    GHashTable *seen = sign ? m->asked : m->made;
    if (!document) {
        const char *near = nearest_document(m->pack, action->text);
        pack_refuse(m->refusals, PACK_RULE(known, document), spot, "no document '%s'; %s%s%s", action->text,
                    near ? "did you mean '" : "add documents/", near ? near : action->text,
                    near ? "'?" : ".yaml");
    } else if (sign && !document->n_signers) {
        pack_refuse(m->refusals, PACK_RULE(document, unsigned), spot,
                    "sign(%s): the document has no signers; add `signers` to documents/%s.yaml", document->id,
                    document->id);
    } else if (!g_hash_table_contains(seen, document->id)) {
        g_hash_table_insert(seen, (gpointer)document->id, g_memdup2(&spot, sizeof spot));
    }
}

/* Does "signed", "signed.*", "signed.x" or "*" take the event "signed.x" (SCXML, 3.12.1)? */
static gboolean takes(const char *descriptor, const char *event)
{
    g_autofree char *stem = g_strdup(descriptor);
    if (strcmp(stem, "*") == 0) return TRUE;
    if (g_str_has_suffix(stem, ".*")) stem[strlen(stem) - 2] = '\0';
    return g_str_has_prefix(event, stem) && (event[strlen(stem)] == '.' || event[strlen(stem)] == '\0');
}

static gboolean system_awaits(const FlowChart *chart, const char *event)
{
    for (gsize i = 0; i < flow_chart_transitions(chart); i++) {
        const FlowTransition t = flow_chart_transition_at(chart, i);
        if (!t.events || !g_strv_contains(t.roles, "system")) continue;
        for (const char *const *each = t.events; *each; each++) {
            if (takes(*each, event)) return TRUE;
        }
    }
    return FALSE;
}

static void sound_outcomes(PackMaking *m, const PackDocument *document, const PackSpot *asked)
{
    static const char *const deeds[] = { "signed", "refused", "objected" };
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        g_autofree char *event = g_strdup_printf("%s.%s", deeds[i], document->id);
        if (!system_awaits(m->pack->chart, event)) {
            pack_refuse(m->refusals, PACK_RULE(document, unawaited), *asked,
                        "sign(%s), but nothing awaits %s from system; write the transition for it",
                        document->id, event);
        }
    }
}

void pack_documents_used(PackMaking *m)
{
    for (gsize i = 0; i < pack_documents(m->pack); i++) {
        const PackDocument *document = pack_document_at(m->pack, i);
        g_autofree char *name = g_strdup_printf("documents/%s.yaml", document->id);
        const PackFile *file = pack_file_find(m->files, name);
        const PackSpot *asked = g_hash_table_lookup(m->asked, document->id);
        if (!file) continue; /* its name was refused */
        if (!g_hash_table_contains(m->made, document->id)) {
            pack_refuse(m->refusals, PACK_RULE(document, unmade), PACK_AT_FILE(file),
                        "nobody makes this document; add document(%s) to a transition", document->id);
        }
        if (document->n_signers && !asked) {
            pack_refuse(m->refusals, PACK_RULE(document, unasked), PACK_AT_KEY(file, file->tree, "signers"),
                        "nobody asks for these signatures; add sign(%s) to a transition, or remove `signers`",
                        document->id);
        }
        if (asked) sound_outcomes(m, document, asked);
    }
}

gsize pack_documents(const Pack *pack)
{
    return pack->documents->len;
}

const PackDocument *pack_document_at(const Pack *pack, gsize i)
{
    return &g_array_index(pack->documents, PackDocument, i);
}

const PackDocument *pack_document(const Pack *pack, const char *id)
{
    for (gsize i = 0; i < pack_documents(pack); i++) {
        if (strcmp(pack_document_at(pack, i)->id, id) == 0) return pack_document_at(pack, i);
    }
    return NULL;
}
