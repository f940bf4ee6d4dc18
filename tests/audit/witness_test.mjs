// witness_test.mjs - the witness of verify.mjs against logs that are honest and logs that are not. The logs are made here,
// with a key of their own: no code of the program takes part.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { treeHash } from "./verify.mjs";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const split = (n) => 2 ** Math.floor(Math.log2(n - 1));

/** RFC 9162, 2.1.3.1 and 2.1.4.1, as they are defined. */
function inclusion(m, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length), left = leaves.slice(0, k), right = leaves.slice(k);
  return m < k ? [...inclusion(m, left), treeHash(right)] : [...inclusion(m - k, right), treeHash(left)];
}

function consistency(m, leaves, whole = true) {
  if (m === leaves.length) return whole ? [] : [treeHash(leaves)];
  const k = split(leaves.length), left = leaves.slice(0, k), right = leaves.slice(k);
  return m <= k ? [...consistency(m, left, whole), treeHash(right)] : [...consistency(m - k, right, false), treeHash(left)];
}

function makeKey(name) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const bytes = Buffer.concat([Buffer.of(1), publicKey.export({ format: "der", type: "spki" }).subarray(12)]);
  const hash = sha256(name, "\n", bytes).subarray(0, 4);
  return { name, hash, privateKey, text: `${name}+${hash.toString("hex")}+${bytes.toString("base64")}` };
}

function makeNote(key, leaves) {
  const body = `${key.name}\n${leaves.length}\n${treeHash(leaves).toString("base64")}\nat 1\n`;
  const signature = Buffer.concat([key.hash, sign(null, Buffer.from(body), key.privateKey)]).toString("base64");
  return `${body}\n— ${key.name} ${signature}\n`;
}

const head = (seq, story) => JSON.stringify([seq, 0, story, "-", "", "test", "", "", "00"]);
const ledger = (n, story = () => "as it was") =>
  Array.from({ length: n }, (_, i) => sha256(Buffer.of(0), head(i + 1, story(i + 1))));

const log = { leaves: ledger(5), key: makeKey("bihuan"), story: "as it was" };

function answer(url) {
  const n = (name) => Number(url.searchParams.get(name));
  const hex = (hashes) => hashes.map((h) => h.toString("hex"));
  if (url.pathname === "/api/audit/checkpoint") return { note: makeNote(log.key, log.leaves), key: log.key.text };
  if (url.pathname === "/api/audit/consistency") return { hashes: hex(consistency(n("from"), log.leaves.slice(0, n("to")))) };
  return { hashes: hex(inclusion(n("seq") - 1, log.leaves.slice(0, n("size")))), head: head(n("seq"), log.story) };
}

const server = createServer((request, reply) => {
  reply.setHeader("content-type", "application/json");
  reply.end(JSON.stringify(answer(new URL(request.url, "http://x"))));
});
const folder = mkdtempSync(join(tmpdir(), "bihuan-witness-"));
const keep = join(folder, "checkpoint");
const verifier = fileURLToPath(new URL("verify.mjs", import.meta.url));

function witness(...more) {
  const child = spawn(process.execPath, [verifier, `http://127.0.0.1:${server.address().port}`, "--keep", keep, ...more]);
  return new Promise((done) => child.on("close", done));
}

const honest = makeKey("bihuan"), other = makeKey("bihuan");
const grown = ledger(12), forked = ledger(20, (i) => (i === 3 ? "as it was not" : "as it was"));
const steps = [
  ["the first checkpoint is kept", { leaves: ledger(5), key: honest }, [], 0],
  ["the same again is accepted", { leaves: ledger(5), key: honest }, [], 0],
  ["a grown ledger is accepted", { leaves: grown, key: honest }, [], 0],
  ["an event is proved to be in it", { leaves: grown, key: honest }, ["--seq", "7"], 0],
  ["an event told otherwise is refused", { leaves: grown, key: honest, story: "as it was not" }, ["--seq", "7"], 1],
  ["a rewritten ledger is refused", { leaves: forked, key: honest }, [], 1],
  ["a rewritten ledger of the same size is refused", { leaves: forked.slice(0, 12), key: honest }, [], 1],
  ["a shorter ledger is refused", { leaves: ledger(11), key: honest }, [], 1],
  ["another key is refused", { leaves: grown, key: other }, [], 1],
  ["the published key is asked for", { leaves: grown, key: honest }, ["--key", other.text], 1],
  ["after all that the honest one still continues", { leaves: ledger(300), key: honest }, ["--key", honest.text], 0],
];

await new Promise((done) => server.listen(0, "127.0.0.1", done));
console.log(`1..${steps.length + 1}`);
let at = 0;
for (const [name, state, more, want] of steps) {
  Object.assign(log, { story: "as it was" }, state);
  const got = await witness(...more);
  console.log(`${got === want ? "ok" : "not ok"} ${++at} ${name}`);
}
const kept = readFileSync(keep, "utf8").split("\n")[1];
console.log(`${kept === "300" ? "ok" : "not ok"} ${++at} what is kept is the newest that continued`);
server.close();
rmSync(folder, { recursive: true });
