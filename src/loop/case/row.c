/* row.c - a case as the row that conditions are judged on: the pack's fields, then the facts every case has.
 */
#include "loop/case/life.h"

#define TEXT(x) ((RuleValue){ .type = (x) ? RULE_TEXT : RULE_NULL, .text = (x) })
#define INT(x) ((RuleValue){ .type = RULE_INT, .integer = (x) })
#define BOOL(x) ((RuleValue){ .type = RULE_BOOL, .boolean = (x) })
#define NIL ((RuleValue){ .type = RULE_NULL })

static RuleValue field_value(RuleType type, const json_t *value)
{
    if (type == RULE_TEXT && json_is_string(value)) return TEXT(json_string_value(value));
    if (type == RULE_INT && json_is_integer(value)) return INT(json_integer_value(value));
    if (type == RULE_REAL && json_is_number(value))
        return (RuleValue){ .type = RULE_REAL, .real = json_number_value(value) };
    if (type == RULE_BOOL && json_is_boolean(value)) return BOOL(json_is_true(value));
    return NIL;
}

void case_row_fields(const CaseKit *kit, const json_t *facts, RuleValue *row)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)facts, key, value)
    {
        const PackField *field = pack_field(kit->pack, key);
        if (field && field->column >= 0) row[field->column] = field_value(field->type, value);
    }
}

static RuleValue count_of(const Case *c, const char *key)
{
    return INT(json_integer_value(json_object_get(c->facts, key)));
}

void case_row_forget(Case *c)
{
    static const CaseFactName fleeting[] = { FACT_EVENT,      FACT_FROM_STATE,   FACT_BY_ROLE,
                                             FACT_RUNG_CLOCK, FACT_RUNG_PERCENT, FACT_ACTOR,
                                             FACT_ACTOR_ORG };
    for (gsize i = 0; i < G_N_ELEMENTS(fleeting); i++)
        c->row[c->kit->fact[fleeting[i]]] = NIL;
}

void case_row_case(Case *c)
{
    const int *at = c->kit->fact;
    RuleValue *row = c->row;
    case_row_fields(c->kit, c->facts, row);
    const int rest = flow_rest(c->kit->chart, &c->flow);
    row[at[FACT_TO_STATE]] = rest < 0 ? NIL : TEXT(flow_chart_state_id(c->kit->chart, rest));
    row[at[FACT_ORG]] = TEXT(c->org);
    row[at[FACT_AREA]] = TEXT(c->area);
    row[at[FACT_UNIT]] = TEXT(c->unit);
    row[at[FACT_LEVEL]] = INT(c->level);
    row[at[FACT_NOW]] = INT(c->moved_at);
    row[at[FACT_OPENED_AT]] = INT(c->opened_at);
    row[at[FACT_CLOSED_AT]] = c->closed_at ? INT(c->closed_at) : NIL;
    row[at[FACT_MINUTES]] = INT((c->moved_at - c->opened_at) / BASE_MINUTE);
    row[at[FACT_LATE]] = BOOL(c->late);
    row[at[FACT_RETURNS]] = count_of(c, "returns");
    row[at[FACT_REOPENS]] = count_of(c, "reopens");
    row[at[FACT_CHILDREN]] = count_of(c, "children");
    row[at[FACT_CHILDREN_OPEN]] = count_of(c, "children_open");
    json_t *rating = json_object_get(c->facts, "rating");
    row[at[FACT_RATING]] = json_is_integer(rating) ? INT(json_integer_value(rating)) : NIL;
    case_row_forget(c);
}

void case_row_event(const CaseKit *kit, const CaseEvent *e, RuleValue *row)
{
    const int *at = kit->fact;
    row[at[FACT_EVENT]] = TEXT(e->event);
    row[at[FACT_FROM_STATE]] = e->from < 0 ? NIL : TEXT(flow_chart_state_id(kit->chart, e->from));
    row[at[FACT_BY_ROLE]] = TEXT(e->by_role);
    row[at[FACT_NOW]] = INT(e->at);
    row[at[FACT_MINUTES]] = INT((e->at - e->opened_at) / BASE_MINUTE);
    row[at[FACT_RUNG_CLOCK]] = TEXT(e->rung_clock);
    row[at[FACT_RUNG_PERCENT]] = e->rung_clock ? INT(e->rung_percent) : NIL;
}

void case_row_actor(const CaseKit *kit, const CaseActor *actor, RuleValue *row)
{
    row[kit->fact[FACT_ACTOR]] = TEXT(actor ? actor->actor : NULL);
    row[kit->fact[FACT_ACTOR_ORG]] = TEXT(actor ? actor->org : NULL);
}

json_t *case_row_json(const RuleValue *value)
{
    switch (value->type) {
    case RULE_BOOL:
        return json_boolean(value->boolean);
    case RULE_INT:
        return json_integer(value->integer);
    case RULE_REAL:
        return json_real(value->real);
    case RULE_TEXT:
        return json_string(value->text);
    default:
        return json_null();
    }
}
