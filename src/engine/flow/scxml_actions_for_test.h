/* scxml_actions_for_test.h - chapters 4 and 5 (to 5.9) of SCXML in charts of our own: executable content,
 * data, conditions. Our actions are a closed list without branches and loops, and our data is the row: where
 * SCXML has <if> we have guards in document order, where it has <foreach> a chart goes round. */
#pragma once
#include "engine/flow/scxml_for_test.h"

static const Scxml scxml_actions[] = {
    /* clang-format off */
    /* 4.2, 4.3: raise, if */
    { "144", SCXML_AS_IS, "raise() puts its event behind those that wait",
      "s0 s1", "entry s0: raise(foo), raise(bar); s0 -> s1 : foo; s0 -> fail : *; s1 -> pass : bar; s1 -> fail : *",
      "", "pass" },
    { "147", SCXML_OURS, "of several guarded ways the first that holds is taken, and it alone acts",
      "s0 s1", "s0 -> s1 : auto [flag] / notice(foo); s0 -> s1 : auto [NOT flag] / notice(bar); "
      "s0 -> s1 : auto / notice(baz); s1 -> pass : auto / notice(bat)", "", "pass", "bar bat" },
    { "148", SCXML_OURS, "when no guard holds, the way without one is taken",
      "s0 s1", "s0 -> s1 : auto [flag] / notice(foo); s0 -> s1 : auto [n = 1] / notice(bar); "
      "s0 -> s1 : auto / notice(baz); s1 -> pass : auto / notice(bat)", "", "pass", "baz bat" },
    { "149", SCXML_OURS, "when no guard holds and every way has one, nothing is done",
      "s0 s1", "s0 -> s1 : auto [flag] / notice(foo); s0 -> s1 : auto [n = 1] / notice(bar); "
      "s0 -> pass : go / notice(bat)", "go", "pass", "bat" },
    /* 4.6: foreach */
    { "150", SCXML_OURS, "nothing is declared while a case runs: foreach is no action",
      "s0", "entry s0: foreach(item, list)", .refused = "foreach is no action" },
    { "151", SCXML_OURS, "nothing is declared while a case runs: a field nobody declared cannot be set",
      "s0", "entry s0: set(index, 1)", .refused = "index is no field" },
    { "152", SCXML_OURS, "an action that cannot be done ends its block, and error.execution says so",
      "s0 s1", "entry s0: accept(job), set(n, 1), raise(foo); s0 -> s1 : error.execution; s0 -> fail : *; "
      "s1 -> pass : auto [n = 0]; s1 -> fail : auto", "", "pass" },
    { "153", SCXML_OURS, "going round counts from the first to the last in order",
      "s0", "s0 -> s0 : auto [n < 3] / set(n, n + 1), set(k, k * 10 + n); s0 -> pass : auto [k = 123]; "
      "s0 -> fail : auto", "", "pass" },
    { "155", SCXML_OURS, "going round does the actions once each time",
      "s0", "s0 -> - : auto [n < 3] / set(n, n + 1), set(m, m + n); s0 -> pass : auto [m = 6]; s0 -> fail : auto",
      "", "pass" },
    { "156", SCXML_OURS, "an error on the way round ends the block that would have gone on",
      "s0", "entry s0: raise(next); s0 -> - : next / set(n, n + 1), accept(job), raise(next); "
      "s0 -> pass : error.execution [n = 1]; s0 -> fail : *", "", "pass" },
    { "525", SCXML_NOT_OURS, "a row holds no collections, so none can be changed while it is gone through" },
    /* 4.9: blocks */
    { "158", SCXML_AS_IS, "the actions of a block are done as written",
      "s0", "s0 -> pass : auto / notice(a), notice(b), notice(c)", "", "pass", "a b c" },
    { "159", SCXML_AS_IS, "after an action that fails the rest of its block is not done",
      "s0", "entry s0: accept(job), set(n, 1); s0 -> - : error.execution; s0 -> fail : auto [n = 1]; s0 -> pass : auto",
      "", "pass" },
    /* 5.3: data */
    { "277", SCXML_OURS, "an expression without a value leaves NULL, and the field can be set later",
      "s0 s1", "entry s0: set(n, 1 / m); s0 -> s1 : auto [n IS NULL]; s0 -> fail : auto; entry s1: set(n, 1); "
      "s1 -> pass : auto [n = 1]; s1 -> fail : auto", "", "pass" },
    { "279", SCXML_OURS, "the row is there before the first state is entered",
      "s0", "s0 -> pass : auto [n = 0]; s0 -> fail : auto", "", "pass" },
    { "280", SCXML_OURS, "a field is NULL until the state that sets it is entered, and set for all that comes after",
      "s0 s1", "s0 -> s1 : auto [word IS NULL]; s0 -> fail : auto; entry s1: set(word, 'x'); "
      "s1 -> pass : auto [word = 'x']; s1 -> fail : auto", "", "pass" },
    { "550", SCXML_OURS, "an expression is worked out when its action is done",
      "s0", "entry s0: set(n, 1), set(m, n + 1); s0 -> pass : auto [m = 2]; s0 -> fail : auto", "", "pass" },
    { "551", SCXML_OURS, "a literal in the chart is a value",
      "s0", "entry s0: set(word, 'in line'); s0 -> pass : auto [word = 'in line']; s0 -> fail : auto", "", "pass" },
    { "552", SCXML_NOT_OURS, "nothing is fetched while a chart is read or a case runs" },
    /* 5.4: assign */
    { "286", SCXML_OURS, "setting what is no field is refused before any case runs",
      "s0", "entry s0: set(nowhere, 1), raise(foo)", .refused = "nowhere is no field" },
    { "287", SCXML_AS_IS, "set() puts a value in a field",
      "s0", "entry s0: set(n, 1); s0 -> pass : auto [n = 1]; s0 -> fail : auto", "", "pass" },
    { "487", SCXML_AS_IS, "a value that the field cannot hold is an error.execution, and the block ends",
      "s0", "entry s0: set(word, 'x'), set(n, word), raise(foo); s0 -> pass : error.execution; s0 -> fail : *", "", "pass" },
    /* 5.5, 5.6, 5.7: donedata, content, param */
    { "294", SCXML_OURS, "what a final state sets is there when its done event is worked on",
      "s0{ a f* }", "a -> f : auto; entry f: set(n, 1); s0 -> pass : done.state.s0 [n = 1]; s0 -> fail : *",
      "", "pass" },
    { "527", SCXML_OURS, "what a final state works out is there when its done event is worked on",
      "s0{ a f* }", "a -> f : auto; entry f: set(m, 7), set(n, m * 3); s0 -> pass : done.state.s0 [n = 21]; "
      "s0 -> fail : *", "", "pass" },
    { "528", SCXML_OURS, "an error in a final state's entry comes before its done event",
      "s0{ a f* } s1", "a -> f : auto; entry f: accept(job), set(n, 1); s0 -> s1 : error.execution; "
      "s0 -> fail : done.state.s0; s1 -> pass : done.state.s0 [n = 0]; s1 -> fail : *", "", "pass" },
    { "529", SCXML_OURS, "what a final state sets as written is there when its done event is worked on",
      "s0{ a f* }", "a -> f : auto; entry f: set(word, 'foo'); s0 -> pass : done.state.s0 [word = 'foo']; s0 -> fail : *",
      "", "pass" },
    { "298", SCXML_OURS, "an action in a final state's entry that cannot be done is an error.execution",
      "s0{ a f* }", "a -> f : auto; entry f: verify(job); s0 -> pass : error.execution; s0 -> fail : *", "", "pass" },
    { "343", SCXML_OURS, "an action that cannot be done leaves no value behind",
      "s0{ a f* } s1", "a -> f : auto; entry f: set(word, 'x'), set(n, word); s0 -> s1 : error.execution; s0 -> fail : done.state.s0; "
      "s1 -> pass : done.state.s0 [n = 0]; s1 -> fail : *", "", "pass" },
    { "488", SCXML_OURS, "an expression of the wrong type in a final state's entry is an error.execution",
      "s0{ a f* }", "a -> f : auto; entry f: set(word, 'x'), set(flag, word); s0 -> pass : error.execution; s0 -> fail : *", "", "pass" },
    /* 5.9: conditions */
    { "309", SCXML_AS_IS, "a condition that cannot be decided does not hold",
      "s0", "s0 -> fail : auto [word = 'x']; s0 -> fail : auto [NOT word = 'x']; s0 -> pass : auto", "", "pass" },
    { "310", SCXML_AS_IS, "in(state) holds when the case is in it",
      "p[ s0 s1 ]", "s0 -> fail : auto [not in(s1)]; s0 -> pass : auto [in(s1)]; s0 -> fail : auto", "", "pass" },
    { "311", SCXML_OURS, "an action on what is not there is an error.execution",
      "s0", "entry s0: verify(job); s0 -> pass : error.execution; s0 -> fail : *", "", "pass" },
    { "312", SCXML_AS_IS, "an expression without a lawful value is an error.execution",
      "s0", "entry s0: set(word, 'x'), set(n, word), raise(foo); s0 -> pass : error.execution; s0 -> fail : *", "", "pass" },
    { "344", SCXML_OURS, "a condition that is no yes or no is refused before any case runs",
      "s0", "s0 -> fail : auto [n + 1]", .refused = "condition" },
    /* clang-format on */
};
