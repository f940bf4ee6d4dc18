/* scxml_states_for_test.h - chapter 3 of SCXML in charts of our own: states, history, event descriptors, and
 * the algorithm of selecting and executing transitions. */
#pragma once
#include "engine/flow/scxml_for_test.h"

static const Scxml scxml_states[] = {
    /* clang-format off */
    /* 3.2, 3.3: where a chart and a compound state begin */
    { "355", SCXML_AS_IS, "a chart begins in its first state",
      "s0 s1", "s0 -> pass : auto; s1 -> fail : auto", "", "pass" },
    { "576", SCXML_AS_IS, "a chart begins in the states it names, however deep, in every region",
      "m:b2&d2{ x{ w p[ r1{b1 b2} r2{d1 d2} ] } }",
      "entry b2: raise(there); d2 -> pass : there", "", "pass" },
    { "364", SCXML_AS_IS, "a compound state begins where it says, with or without actions, else in its first child",
      "s1:b2&d2{ x{ w p[ r1{b1 b2} r2{d1 d2} ] } } s2:f2&h2{ y{ v q[ t1{f1 f2} t2{h1 h2} ] } } "
      "s3{ u{ z{ o o2 } z2 } u2 }",
      "entry b2: raise(b); d2 -> s2 : b; first s2: notice(first); entry f2: raise(f); h2 -> s3 : f; o -> pass : auto",
      "", "pass", "first" },
    /* 3.7: final states */
    { "372", SCXML_AS_IS, "done.state.S comes after the entry actions of S's final child",
      "s0{ d* }", "entry d: set(n, 2); exit d: set(n, 3); s0 -> pass : done.state.s0 [n = 2]; s0 -> fail : *",
      "", "pass" },
    { "570", SCXML_AS_IS, "when every region of P has ended, done.state.P follows the last region's own",
      "p[ a{a1 a2*} b{b1 b2*} ] s1",
      "entry p: raise(e1), raise(e2); p -> - : done.state.a / set(n, 1); p -> s1 : done.state.b; "
      "a1 -> a2 : e1; b1 -> b2 : e2; s1 -> pass : done.state.p [n = 1]; s1 -> fail : *", "", "pass" },
    /* 3.8, 3.9: entry and exit actions */
    { "375", SCXML_AS_IS, "entry actions are done as written, one after another",
      "s0 s1", "entry s0: raise(e1), raise(e2); s0 -> s1 : e1; s0 -> fail : *; s1 -> pass : e2; s1 -> fail : *",
      "", "pass" },
    { "376", SCXML_OURS, "a state's entry actions are a block: one that fails ends it, not the next state's block",
      "s0{ a }", "entry s0: accept(job), set(n, 9); entry a: set(n, n + 1); s0 -> - : error.execution; "
      "a -> pass : auto [n = 1]; a -> fail : auto", "", "pass" },
    { "377", SCXML_AS_IS, "exit actions are done as written, one after another",
      "s0 s1 s2", "exit s0: raise(e1), raise(e2); s0 -> s1 : auto; s1 -> s2 : e1; s1 -> fail : *; "
      "s2 -> pass : e2; s2 -> fail : *", "", "pass" },
    { "378", SCXML_OURS, "a state's exit actions are a block: one that fails ends it, not the next state's block",
      "s0{ a } s1", "exit a: accept(job), set(n, 9); exit s0: set(n, n + 1); a -> s1 : auto; "
      "s1 -> pass : auto [n = 1]; s1 -> fail : auto; s1 -> - : error.execution", "", "pass" },
    /* 3.10: history */
    { "387", SCXML_AS_IS, "a history state leads to its default before its parent was ever left",
      "s3 s0{ hs~:s01 hd~~:s022 s01{s011 s012} s02{s021 s022} } "
      "s1{ ks~:s11 kd~~:s122 s11{s111 s112} s12{s121 s122} } s4",
      "entry s011: raise(in.s011); entry s012: raise(in.s012); entry s021: raise(in.s021); "
      "entry s022: raise(in.s022); entry s111: raise(in.s111); entry s112: raise(in.s112); "
      "entry s121: raise(in.s121); entry s122: raise(in.s122); s3 -> hs : auto; s0 -> s4 : in.s011; "
      "s0 -> fail : *; s4 -> kd : auto; s1 -> pass : in.s122; s1 -> fail : *", "", "pass" },
    { "579", SCXML_AS_IS, "actions of a history's default come after the parent's entry and initial actions, once",
      "s0:h{ h~:a a b c } s2 s3",
      "first s0: raise(e2); entry s0: raise(e1); exit s0: set(n, n + 1); first h: raise(e3); a -> b : e1; "
      "a -> fail : *; b -> c : e2; b -> fail : *; c -> s0 : e3 [n = 0]; c -> s2 : e1 [n = 1]; c -> fail : *; "
      "s2 -> s3 : e2; s2 -> fail : *; s3 -> fail : e3; s3 -> pass : later", "later", "pass" },
    { "580", SCXML_AS_IS, "a history state is never in the configuration",
      "p[ s0{x} s1:h{ h~:a a b } ]",
      "exit s1: set(n, n + 1); a -> b : auto; s1 -> h : auto [n = 0]; s1 -> - : auto [n = 1] / set(n, 2)",
      "", "x b" },
    { "388", SCXML_AS_IS, "deep history restores the leaves, shallow history the children, which begin anew",
      "s0:s012{ hs~:s02 hd~~:s022 s01{s011 s012} s02{s021 s022} } s1 s2",
      "entry s0: set(n, n + 1); entry s011: raise(in.s011); entry s012: raise(in.s012); "
      "entry s021: raise(in.s021); entry s022: raise(in.s022); s0 -> s1 : in.s012 [n = 1]; "
      "s0 -> s2 : in.s012 [n = 2]; s0 -> fail : in [n = 2]; s0 -> pass : in.s011 [n = 3]; "
      "s0 -> fail : in [n = 3]; s1 -> hd : auto; s2 -> hs : auto", "", "pass" },
    /* 3.12: event descriptors and errors */
    { "396", SCXML_AS_IS, "the name that conditions see is the name that transitions are chosen by",
      "s0", "entry s0: raise(foo); s0 -> pass : foo [event = 'foo']; s0 -> fail : foo", "", "pass" },
    { "399", SCXML_AS_IS, "one of several descriptors, a prefix by whole tokens, \"e.*\" and \"*\" match",
      "s{ a b c d e f }",
      "entry a: raise(foo); a -> b : foo|bar; entry b: raise(bar); b -> c : foo|bar; entry c: raise(foo.zoo); "
      "c -> d : foo|bar; entry d: raise(foos); d -> fail : foo; d -> e : foos; entry e: raise(foo.zoo); "
      "e -> f : foo.*; entry f: raise(foo); f -> pass : *", "", "pass" },
    { "401", SCXML_AS_IS, "an error is an internal event: it comes before what people send next",
      "s0 s1", "s0 -> s1 : go; entry s1: accept(job); s1 -> fail : foo; s1 -> pass : error", "go !foo", "pass" },
    { "402", SCXML_AS_IS, "errors wait in the queue like any other event, and match by prefix",
      "s{ a b c }", "entry a: raise(e1), accept(job); a -> b : e1 / raise(e2); a -> fail : *; b -> c : error; "
      "b -> fail : *; c -> pass : e2; c -> fail : *", "", "pass" },
    /* 3.13: selecting transitions */
    { "403a", SCXML_AS_IS, "an inner state's transition goes before an outer one's, and document order decides between two",
      "s0{ a b }", "s0 -> fail : e1; s0 -> pass : e2; entry a: raise(e1); a -> b : e1; a -> fail : *; "
      "entry b: raise(e2); b -> fail : e1; b -> fail : e2 [flag]", "", "pass" },
    { "403b", SCXML_AS_IS, "a transition that two regions choose is taken once",
      "s0{ p[ a b ] }", "s0 -> - : e1 / set(n, n + 1); entry p: raise(e1), raise(e2); p -> - : e1 / set(n, n + 1); "
      "a -> pass : e2 [n = 1]; a -> fail : e2", "", "pass" },
    { "403c", SCXML_AS_IS, "of two that would leave the same state, the earlier region's or the inner one's is taken",
      "s0{ p[ a b c d ] } s1",
      "entry s0: raise(e1); s0 -> fail : e2; a -> - : e1; a -> - : e2; b -> a : e1 / raise(e2); c -> fail : e1; "
      "c -> s1 : e2; d -> - : * / set(n, n + 1); s1 -> pass : auto [n = 2]; s1 -> fail : auto", "", "pass" },
    /* 3.13: a microstep: leave, act, enter */
    { "404", SCXML_AS_IS, "states are left children first, later regions first, before the transition's actions",
      "s0{ p[ a b ] s2 }", "exit p: notice(p); exit a: notice(a); exit b: notice(b); p -> s2 : auto / notice(act)",
      "", "s2", "b a p act" },
    { "405", SCXML_AS_IS, "when all are left, the transitions' actions are done in document order",
      "s0{ p[ r1{a1 a2} r2{b1 b2} ] }",
      "exit a1: notice(a1); exit b1: notice(b1); a1 -> a2 : auto / notice(a); b1 -> b2 : auto / notice(b)",
      "", "a2 b2", "b1 a1 a b" },
    { "406", SCXML_AS_IS, "after the actions states are entered, parents first, then in document order",
      "s0{ a p[ c d ] }", "a -> p : auto / notice(act); entry p: notice(p); entry c: notice(c); entry d: notice(d)",
      "", "c d", "act p c d" },
    { "407", SCXML_AS_IS, "leaving a state does its exit actions",
      "s0 s1", "exit s0: set(n, n + 1); s0 -> s1 : auto; s1 -> pass : auto [n = 1]; s1 -> fail : auto", "", "pass" },
    { "409", SCXML_AS_IS, "a state that was left is active no more when what its exit raised is worked on",
      "s0{ a{ a1 } b }", "exit a: raise(left); a1 -> b : auto; s0 -> fail : left [in(a1)]; s0 -> fail : left [in(a)]; "
      "s0 -> pass : left [not in(a) AND in(b)]", "", "pass" },
    { "411", SCXML_AS_IS, "a state is active when what its entry raised is worked on",
      "s0{ a }", "entry s0: raise(e1); entry a: raise(e2); s0 -> fail : e1 [not in(s0)]; s0 -> pass : e2 [in(a)]; "
      "s0 -> fail : e2", "", "pass" },
    { "412", SCXML_AS_IS, "actions of the initial transition come between the parent's entry and the child's",
      "s0{ a:a1{ a1 } }", "entry a: notice(a); first a: notice(first); entry a1: notice(a1)", "", "a1", "a first a1" },
    { "413", SCXML_AS_IS, "at the start the case is in the states named, whatever the defaults of those between",
      "m:b2&d2{ p[ r1:b1{b1 b2} r2:d1{d1 d2} ] }",
      "p -> fail : auto [not in(b2)]; p -> fail : auto [not in(d2)]; b1|d1 -> fail : auto; b2 -> pass : auto [in(d2)]",
      "", "pass" },
    { "416", SCXML_AS_IS, "done.state.S comes when S's final child is entered",
      "s1{ s11{ a f* } }", "a -> f : auto; s11 -> pass : done.state.s11", "", "pass" },
    { "417", SCXML_AS_IS, "done.state.P comes when all regions of P are in final states",
      "s1{ p[ a{a1 a2*} b{b1 b2*} ] }", "a1 -> a2 : auto; b1 -> b2 : go; p -> pass : done.state.p", "go", "pass" },
    /* 3.13: the order of events */
    { "419", SCXML_AS_IS, "what needs no event goes before what an event takes",
      "s1", "entry s1: raise(inside); s1 -> fail : *; s1 -> pass : auto", "", "pass" },
    { "421", SCXML_AS_IS, "internal events go before external ones, and one that nothing takes is dropped",
      "s0 s1{ a b }", "s0 -> s1 : go; entry s1: raise(i1), raise(i2), raise(i3), raise(i4); s1 -> fail : outside; "
      "a -> b : i3; b -> pass : i4; s1 -> - : i1 [flag]; s1 -> - : i2 [flag]", "go !outside", "pass" },
    { "423", SCXML_OURS, "an external event that nothing takes is refused and changes nothing; the next is taken",
      "s0 s1", "entry s0: raise(inside); s0 -> s1 : inside; s0 -> fail : *; s1 -> pass : two; s1 -> fail : inside",
      "!one two", "pass" },
    /* 3.13: which states a transition leaves */
    { "503", SCXML_AS_IS, "a transition without a target leaves nothing",
      "s1 s2 s3", "entry s1: raise(foo), raise(bar); s1 -> s2 : auto; exit s2: set(n, n + 1); "
      "s2 -> - : foo / set(m, m + 1); s2 -> s3 : bar [m = 1]; s2 -> fail : bar; s3 -> pass : auto [n = 1]; "
      "s3 -> fail : auto", "", "pass" },
    { "504", SCXML_AS_IS, "an external transition leaves all below the nearest compound state around source and targets",
      "s1 s2{ p[ a b ] } s3", "entry s1: raise(foo), raise(bar); s1 -> p : auto; exit s2: notice(s2); exit p: notice(p); "
      "exit a: notice(a); exit b: notice(b); p -> a : foo / set(n, n + 1); p -> s3 : bar [n = 1]; p -> fail : bar",
      "", "s3", "b a p b a p s2" },
    { "505", SCXML_AS_IS, "an internal transition to within leaves its compound source in place",
      "s1{ a } s2", "entry s1: raise(foo), raise(bar); exit s1: notice(s1); exit a: notice(a); "
      "s1 => a : foo / set(n, n + 1); s1 -> s2 : bar [n = 1]; s1 -> fail : bar", "", "s2", "a a s1" },
    { "506", SCXML_AS_IS, "an internal transition to somewhere not within is as an external one",
      "s1 s2{ a } s3", "entry s1: raise(foo), raise(bar); s1 -> s2 : auto; exit s2: notice(s2); exit a: notice(a); "
      "s2 => s2 : foo / set(n, n + 1); s2 -> s3 : bar [n = 1]; s2 -> fail : bar", "", "s3", "a s2 a s2" },
    { "533", SCXML_AS_IS, "an internal transition of a parallel state is as an external one",
      "s1 p[ a b ] s2", "entry s1: raise(foo), raise(bar); s1 -> p : auto; exit p: notice(p); exit a: notice(a); "
      "exit b: notice(b); p => a : foo / set(n, n + 1); p -> s2 : bar [n = 1]; p -> fail : bar",
      "", "s2", "b a p b a p" },
    /* clang-format on */
};
