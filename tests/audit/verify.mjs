#!/usr/bin/env node
// verify.mjs - somebody else's judge of the ledger: C2SP signed notes and RFC 9162 proofs, from the texts of the
// standards and Node's own crypto. Shares no code with the program; needs no package.
//
//   node verify.mjs <program | folder | file.jsonl>
//       Statements, one JSON line each (tests/audit/proofs.c says their shape): accept those marked ok, refuse the others.
//   node verify.mjs <http://server> [--keep FILE] [--key VERIFIER] [--seq N --cookie TEXT]
//       The witness: fetch the newest checkpoint, check its signature, have it proved that it continues the one in FILE,
//       then keep it there. --key: the log's key as published, once; without it the first key seen is kept in FILE.key.
//       --seq: have it proved too that event N is in it (an auditor's session as cookie).
// Exit 0: all as it should be. 1: something is not. 2: could not be asked.
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { spawn } from "node:child_process";
import { createReadStream, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const ZERO = Buffer.of(0), ONE = Buffer.of(1);
const node = (left, right) => sha256(ONE, left, right);
const same = (a, b) => Buffer.compare(a, b) === 0;
const odd = (n) => (n & 1n) === 1n;

/** RFC 9162, 2.1.1: the Merkle tree hash, as it is defined. */
export function treeHash(leaves) {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return node(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** RFC 9162, 2.1.3.2. */
export function inclusionHolds(index, size, leaf, root, path) {
  if (index < 0n || index >= size) return false;
  let fn = index, sn = size - 1n, r = leaf;
  for (const p of path) {
    if (sn === 0n) return false;
    if (odd(fn) || fn === sn) {
      r = node(p, r);
      while (!odd(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else r = node(r, p);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && same(r, root);
}

/** RFC 9162, 2.1.4.2; of nothing, and of the same size, there is nothing to prove but the roots. */
export function consistencyHolds(from, size, fromRoot, root, path) {
  if (from < 0n || from > size) return false;
  if (from === 0n) return path.length === 0 && same(fromRoot, sha256());
  if (from === size) return path.length === 0 && same(fromRoot, root);
  if (path.length === 0) return false;
  const hashes = (from & (from - 1n)) === 0n ? [fromRoot, ...path] : path;
  let fn = from - 1n, sn = size - 1n;
  while (odd(fn)) [fn, sn] = [fn >> 1n, sn >> 1n];
  let fr = hashes[0], sr = hashes[0];
  for (const c of hashes.slice(1)) {
    if (sn === 0n) return false;
    if (odd(fn) || fn === sn) {
      [fr, sr] = [node(c, fr), node(c, sr)];
      while (!odd(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else sr = node(sr, c);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && same(fr, fromRoot) && same(sr, root);
}

/** A C2SP verifier key "name+hash+base64(kind, key)". */
export function readKey(text) {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim());
  const bytes = found && Buffer.from(found[3], "base64");
  if (!found || bytes.length !== 33 || bytes[0] !== 1) throw new Error("not an Ed25519 verifier key");
  const hash = sha256(found[1], "\n", bytes).subarray(0, 4);
  if (hash.toString("hex") !== found[2]) throw new Error("the key's hash does not fit the key");
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes.subarray(1)]); // RFC 8410
  return { name: found[1], hash, key: createPublicKey({ key: spki, format: "der", type: "spki" }) };
}

const strictBase64 = (text) => {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
};

/** C2SP signed-note and tlog-checkpoint: the checkpoint, or an error when our key has not signed it. */
export function readNote(text, { name, hash, key }) {
  const split = text.lastIndexOf("\n\n");
  if (split < 0 || !text.endsWith("\n")) throw new Error("no signatures");
  const body = text.slice(0, split + 1);
  let signed = 0;
  for (const line of text.slice(split + 2, -1).split("\n")) {
    const found = /^— ([^\s+]+) (\S+)$/u.exec(line);
    const bytes = found && strictBase64(found[2]);
    if (!bytes || bytes.length < 5) throw new Error("not a signature line");
    if (found[1] !== name || !same(bytes.subarray(0, 4), hash)) continue;
    if (!verifySignature(null, Buffer.from(body), key, bytes.subarray(4))) throw new Error("the signature does not fit");
    signed++;
  }
  if (signed !== 1) throw new Error("not signed by this key");
  const [origin, size, root, ...more] = body.slice(0, -1).split("\n");
  const hashed = strictBase64(root ?? "");
  if (origin !== name || !/^(0|[1-9][0-9]*)$/.test(size) || hashed?.length !== 32 || more.includes(""))
    throw new Error("not a checkpoint");
  return { size: BigInt(size), root: hashed, body };
}

/** An event's leaf: the commitment to its bodies stands in its head, the head is the leaf's input. */
export function leafHolds(salt, body, privateBody, head, leaf) {
  const text = Buffer.from(body), length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(text.length));
  const commitment = sha256(salt, length, text, privateBody ?? "").toString("hex");
  return JSON.parse(head)[8] === commitment && same(sha256(ZERO, head), leaf);
}

const hex = (text) => Buffer.from(text, "hex");
const judges = {
  leaf: (s) => leafHolds(hex(s.salt), s.body, s.private, s.head, hex(s.leaf)),
  tree: (s) => same(treeHash(s.leaves.map(hex)), hex(s.root)),
  inclusion: (s) => inclusionHolds(BigInt(s.index), BigInt(s.size), hex(s.leaf), hex(s.root), s.path.map(hex)),
  consistency: (s) =>
    consistencyHolds(BigInt(s.from), BigInt(s.size), hex(s.from_root), hex(s.root), s.path.map(hex)),
  note: (s) => {
    try {
      const note = readNote(s.note, readKey(s.key));
      return note.size === BigInt(s.size) && same(note.root, hex(s.root));
    } catch {
      return false;
    }
  },
};

async function judgeLines(stream, count) {
  for await (const line of createInterface({ input: stream })) {
    if (!line) continue;
    const statement = JSON.parse(line);
    const kind = (count[statement.t] ??= { accepted: 0, refused: 0, wrong: 0 });
    const holds = judges[statement.t](statement);
    if (holds !== statement.ok) {
      kind.wrong++;
      console.error(`${statement.ok ? "refused" : "accepted"}: ${line.slice(0, 400)}`);
    } else if (holds) kind.accepted++;
    else kind.refused++;
  }
}

async function judgeProgram(path, given, count) {
  const child = spawn(path, given, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.on("close", done));
  await judgeLines(child.stdout, count);
  if ((await ended) !== 0) throw new Error(`${path} failed`);
}

async function judgeFiles(path, given) {
  const count = {};
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).filter((n) => n.endsWith(".jsonl"))) await judgeLines(createReadStream(join(path, name)), count);
  } else if (path.endsWith(".jsonl")) await judgeLines(createReadStream(path), count);
  else await judgeProgram(path, given, count);
  const kinds = Object.entries(count);
  for (const [kind, n] of kinds) console.log(`${kind}: ${n.accepted} accepted, ${n.refused} bent ones refused, ${n.wrong} wrong`);
  const missing = Object.keys(judges).filter((kind) => !count[kind]?.accepted || !count[kind]?.refused);
  if (missing.length) console.error(`nothing to judge of: ${missing.join(", ")}`);
  return missing.length === 0 && kinds.every(([, n]) => n.wrong === 0);
}

const wireHash = (text) => (/^[0-9a-f]{64}$/.test(text) ? hex(text) : Buffer.from(text, "base64"));

async function ask(server, path, cookie) {
  const reply = await fetch(new URL(path, server), { headers: cookie ? { cookie } : {} });
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return reply.json();
}

async function keptContinues(server, kept, newest) {
  if (kept.size > newest.size) return "the ledger is shorter than it was";
  if (kept.size === newest.size) return same(kept.root, newest.root) ? null : "another ledger of the same size";
  const proof = await ask(server, `/api/audit/consistency?from=${kept.size}&to=${newest.size}`);
  return consistencyHolds(kept.size, newest.size, kept.root, newest.root, proof.hashes.map(wireHash))
    ? null : "the ledger does not continue the one that was kept";
}

async function eventIsIn(server, seq, cookie, newest) {
  const proof = await ask(server, `/api/audit/inclusion?seq=${seq}&size=${newest.size}`, cookie);
  const leaf = proof.head ? sha256(ZERO, proof.head) : wireHash(proof.leaf);
  if (proof.head && JSON.parse(proof.head)[0] !== Number(seq)) return `the proof is for another event than ${seq}`;
  return inclusionHolds(BigInt(seq) - 1n, newest.size, leaf, newest.root, proof.hashes.map(wireHash))
    ? null : `event ${seq} is not proved`;
}

function signed(note, log) {
  try {
    return readNote(note, log);
  } catch {
    return null;
  }
}

function keepFile(path, text) {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

async function witness(server, { keep, key, seq, cookie }) {
  const newestReply = await ask(server, "/api/audit/checkpoint");
  const keyFile = keep && `${keep}.key`;
  const known = key ?? (keyFile && existsSync(keyFile) ? readFileSync(keyFile, "utf8").trim() : newestReply.key);
  const log = readKey(known);
  const newest = signed(newestReply.note, log);
  const why =
    (!newest && "the checkpoint is not signed by the log's key") ||
    (keep && existsSync(keep) && (await keptContinues(server, readNote(readFileSync(keep, "utf8"), log), newest))) ||
    (seq && (await eventIsIn(server, seq, cookie, newest)));
  if (why) {
    console.error(why);
    return false;
  }
  if (keep) {
    keepFile(keyFile, `${known}\n`);
    keepFile(keep, newestReply.note);
  }
  console.log(`${newest.size} events, root ${newest.root.toString("hex")}: signed${keep ? ", continues, kept" : ""}`);
  return true;
}

function options(given) {
  const named = {};
  for (let i = 0; i < given.length; i += 2) {
    if (!/^--(keep|key|seq|cookie)$/.test(given[i]) || i + 1 >= given.length) throw new Error(`unknown option ${given[i]}`);
    named[given[i].slice(2)] = given[i + 1];
  }
  return named;
}

async function main([where, ...given]) {
  if (!where) throw new Error("usage: verify.mjs <program | folder | file.jsonl | http://server> [options]");
  return /^https?:/.test(where) ? witness(where, options(given)) : judgeFiles(where, given);
}

if (process.argv[1] === new URL(import.meta.url).pathname)
  main(process.argv.slice(2)).then(
    (sound) => (process.exitCode = sound ? 0 : 1),
    (error) => {
      console.error(error.message);
      process.exitCode = 2;
    },
  );
