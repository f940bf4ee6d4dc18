/* scxml_events_for_test.h - chapter 5.10, 6 and appendix D.1 of SCXML in charts of our own: what is known of
 * an event, sending with and without delay, cancelling. A delayed <send> is a clock with an event at its
 * expiry, <cancel> is stop(). Events carry nothing: what people bring is in the row. */
#pragma once
#include "engine/flow/scxml_for_test.h"

#define WHO_SENT "who sent an event, from where and under which number is in the ledger; charts do not see it"
#define SESSIONS                                                                                             \
    "a chart knows one case, its own; other cases are reached by child(), and loop/ carries it out"

static const Scxml scxml_events[] = {
    /* clang-format off */
    /* 5.10: the event and the system's own variables */
    { "318", SCXML_AS_IS, "the event being worked on can be seen until the next one is, entry actions included",
      "s0 s1", "entry s0: raise(foo); s0 -> s1 : foo; entry s1: raise(bar), set(word, event); "
      "s1 -> pass : auto [word = 'foo']; s1 -> fail : auto; s1 -> fail : bar", "", "pass" },
    { "319", SCXML_AS_IS, "before the first event there is none to be seen",
      "s0", "s0 -> pass : auto [event IS NULL]; s0 -> fail : auto", "", "pass" },
    { "321", SCXML_NOT_OURS, SESSIONS },
    { "322", SCXML_OURS, "what is no field cannot be set: no action reaches the case's own number",
      "s0", "entry s0: set(_sessionid, 'other')", .refused = "_sessionid is no field" },
    { "323", SCXML_NOT_OURS, "the procedure's name is known to pack/, not to its conditions" },
    { "324", SCXML_OURS, "what is no field cannot be set: no action renames the procedure",
      "s0", "s0 -> pass : go / set(_name, 'other')", .refused = "_name is no field" },
    { "325", SCXML_NOT_OURS, SESSIONS },
    { "326", SCXML_OURS, "what is no field cannot be set: no action opens another way in",
      "s0", "exit s0: set(_ioprocessors, 'other')", .refused = "_ioprocessors is no field" },
    { "329", SCXML_OURS, "a condition cannot read what is no field, nor an expression",
      "s0", "s0 -> pass : auto [_sessionid IS NULL]", .refused = "_sessionid" },
    { "330", SCXML_OURS, "every internal event shows its name, the engine's own too",
      "s0{ a f* } s1 s2", "entry s0: raise(foo); s0 -> - : foo [event IS NOT NULL] / set(n, 1); a -> f : auto [n = 1]; "
      "s0 -> s1 : done.state.s0 [event = 'done.state.s0']; s0 -> fail : *; entry s1: accept(job); "
      "s1 -> pass : error [event = 'error.execution']; s1 -> fail : *", "", "pass" },
    { "331", SCXML_OURS, "people, raise() and the engine are told apart: what the engine says is for role system",
      "s0", "s0 -> fail : error.execution; s0 -> pass : foo by officer", "!error.execution@officer !foo foo@officer",
      "pass" },
    { "332", SCXML_NOT_OURS, WHO_SENT },
    { "333", SCXML_NOT_OURS, WHO_SENT },
    { "335", SCXML_OURS, "an internal event comes from nobody outside: transitions for people do not take it",
      "s0", "entry s0: raise(foo); s0 -> fail : foo by officer; s0 -> pass : foo", "", "pass" },
    { "336", SCXML_NOT_OURS, WHO_SENT },
    { "337", SCXML_OURS, "an engine's event comes from nobody outside: transitions for people do not take it",
      "s0", "entry s0: accept(job); s0 -> fail : error by officer; s0 -> pass : error", "", "pass" },
    { "339", SCXML_NOT_OURS, WHO_SENT },
    { "342", SCXML_AS_IS, "the name that is seen is the name that was raised",
      "s0 s1", "entry s0: raise(foo.bar); s0 -> s1 : foo / set(word, event); s1 -> pass : auto [word = 'foo.bar']; "
      "s1 -> fail : auto", "", "pass" },
    { "346", SCXML_OURS, "no action at all is done of a chart that would set what is no field",
      "s0", "entry s0: notice(a), set(_event, 'other')", .refused = "_event is no field" },
    /* 6.2: send */
    { "172", SCXML_OURS, "which way an event takes is decided by the value at that time, not an earlier one",
      "s0", "entry s0: set(n, 2), raise(go); s0 -> fail : go [n = 0]; s0 -> pass : go [n = 2]; s0 -> fail : *",
      "", "pass" },
    { "173", SCXML_NOT_OURS, SESSIONS },
    { "174", SCXML_NOT_OURS, "how a notice or a call leaves is the pack's and the gateway's matter" },
    { "175", SCXML_OURS, "the time until an event is decided by the value at the start of its clock",
      "s0 s1", "entry s0: set(n, 2), start(a), start(b); s0 -> s1 : e1; s0 -> fail : e2; s1 -> pass : e2; s1 -> fail : *",
      "+60 +30", "pass", .clocks = "a 10 e2 90 n = 2; b 30 e1" },
    { "176", SCXML_OURS, "an event's transition sees what was set before it was raised",
      "s0 s1", "entry s0: set(n, 2), raise(e1); s0 -> s1 : e1 / set(m, n); s0 -> fail : *; s1 -> pass : auto [m = 2]; "
      "s1 -> fail : auto", "", "pass" },
    { "179", SCXML_OURS, "a text set before an event was raised is there, letter by letter",
      "s0", "entry s0: set(word, '123'), raise(e1); s0 -> pass : e1 [word = '123']; s0 -> fail : *", "", "pass" },
    { "183", SCXML_NOT_OURS, "a clock is known by its id in the chart; none is made up at run time" },
    { "185", SCXML_AS_IS, "an event with a delay comes when its time has passed, not before",
      "s0 s1", "entry s0: start(t); s0 -> s1 : e1; s0 -> fail : *; s1 -> pass : e2; s1 -> fail : *", "+59 e1 +1", "pass",
      .clocks = "t 60 e2" },
    { "186", SCXML_OURS, "what decides a clock's budget is read at its start, not when it runs out",
      "s0 s1", "entry s0: set(n, 1), start(t), set(n, 2); s0 -> s1 : e1; s0 -> fail : *; s1 -> pass : e2", "+30 e2",
      "pass", .clocks = "t 90 e1 30 n = 1" },
    { "194", SCXML_OURS, "what is addressed to nobody in the chart is refused before any case runs",
      "s0", "entry s0: start(nowhere)", .refused = "nowhere is no clock" },
    { "198", SCXML_OURS, "where nothing is said, the usual holds: a transition without \"by\" is the system's",
      "s0", "s0 -> pass : go", "!go@officer go", "pass" },
    { "199", SCXML_OURS, "a way of sending that there is not is refused before any case runs",
      "s0", "entry s0: send(e1, carrier)", .refused = "send is no action" },
    { "200", SCXML_OURS, "a case's own clocks can send it events",
      "s0", "entry s0: start(t); s0 -> pass : e1; s0 -> fail : *", "+1", "pass", .clocks = "t 1 e1" },
    { "205", SCXML_OURS, "an event arrives under the name it was given, with what was set",
      "s0 s1", "entry s0: set(n, 1), raise(e1.part); s0 -> s1 : e1.part [event = 'e1.part'] / set(m, n); s0 -> fail : *; "
      "s1 -> pass : auto [m = 1]; s1 -> fail : auto", "", "pass" },
    { "521", SCXML_NOT_OURS, "effects leave after the deed is on disk; what a gateway could not deliver comes back as an event" },
    { "553", SCXML_OURS, "an event that stands behind a failed action is never raised",
      "s0", "entry s0: start(t), accept(job), raise(e1); s0 -> - : error; s0 -> fail : e1; s0 -> pass : later", "+60",
      "pass", .clocks = "t 60 later" },
    /* 6.3: cancel */
    { "208", SCXML_AS_IS, "a cancelled event does not come",
      "s0", "entry s0: start(a), start(b), stop(a); s0 -> pass : e2; s0 -> fail : *", "+120", "pass",
      .clocks = "a 60 e1; b 90 e2" },
    { "210", SCXML_OURS, "which event is cancelled can be decided by the value at that time",
      "s0 s1", "entry s0: start(a), start(b), set(n, 2); s0 -> s1 : auto [n = 1] / stop(b); "
      "s0 -> s1 : auto [n = 2] / stop(a); s1 -> pass : e2; s1 -> fail : *", "+120", "pass",
      .clocks = "a 60 e1; b 90 e2" },
    /* D.1: the queues */
    { "189", SCXML_AS_IS, "what the case tells itself goes before what comes from outside",
      "s0 s1", "s0 -> s1 : go / raise(e1); s1 -> pass : e1; s1 -> fail : e2", "go !e2", "pass" },
    { "190", SCXML_OURS, "what a case's clock sends it comes after what it raised, as any event from outside",
      "s0 s1", "entry s0: start(t), raise(e1); s0 -> s1 : e1; s0 -> fail : *; s1 -> pass : e2; s1 -> fail : *", "+1",
      "pass", .clocks = "t 1 e2" },
    { "193", SCXML_OURS, "what is sent without an address goes behind what is raised",
      "s0 s1", "entry s0: start(t), raise(inside); s0 -> fail : e1; s0 -> s1 : inside; s1 -> pass : e1", "+1", "pass",
      .clocks = "t 1 e1" },
    { "348", SCXML_OURS, "an expiry's event bears the name that its clock gives",
      "s0", "entry s0: start(t); s0 -> pass : late.by.law; s0 -> fail : *", "+1", "pass", .clocks = "t 1 late.by.law" },
    { "349", SCXML_NOT_OURS, WHO_SENT },
    { "350", SCXML_OURS, "an expiry's event comes to the case whose clock it is",
      "s0{ a b }", "entry a: start(t); a -> b : e1; b -> pass : go; a -> fail : go", "+1 go", "pass", .clocks = "t 1 e1" },
    { "351", SCXML_NOT_OURS, WHO_SENT },
    { "352", SCXML_NOT_OURS, WHO_SENT },
    { "354", SCXML_OURS, "what a case sets is in its effects; the row that was brought is left as it was",
      "s0 s1", "s0 -> s1 : e1 / set(m, n + 1), set(k, m + 1); s1 -> pass : e2 [m = 1 AND k = 2 AND n = 0]; s1 -> fail : e2",
      "e1 e2", "pass" },
    { "495", SCXML_OURS, "raised events and a clock's go each to their queue",
      "s0 s1", "entry s0: start(t), raise(e2); s0 -> fail : e1; s0 -> s1 : e2; s1 -> pass : e1; s1 -> fail : *", "+1",
      "pass", .clocks = "t 1 e1" },
    { "496", SCXML_NOT_OURS, SESSIONS },
    { "500", SCXML_NOT_OURS, SESSIONS },
    { "501", SCXML_NOT_OURS, SESSIONS },
    /* clang-format on */
};
