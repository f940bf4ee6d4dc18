#!/usr/bin/env node
// The promise: 500 mixed requests/s from 100 clients with p99 < 50 ms while 200 listeners are attached, and a new call on every
// listener's screen in < 300 ms p99. Baseline in the same run: the same requests one after another with no listener attached.
//   node bench/serve_bench.mjs build/src/bihuan [--seconds 10]
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import http from "node:http";

const binary = process.argv[2];
const seconds = Number(process.argv[process.argv.indexOf("--seconds") + 1] || 10) || 10;
const CLIENTS = 100, RATE = 500, LISTENERS = 200, PASSWORD = "correct horse battery";

const folder = mkdtempSync(join(tmpdir(), "bihuan-bench-"));
const run = (args, input) => execFileSync(binary, args, { input, stdio: ["pipe", "pipe", "inherit"] });
run(["init", "--folder", folder]);
run(["user", "add", "desk", "--name", "desk", "--org", "COMMAND", "--roles", "duty_officer,dispatcher", "--password-stdin",
  "--folder", folder], PASSWORD + "\n");
const server = spawn(binary, ["serve", "--folder", folder, "--port", "0", "--json", "--per-address", "1000"],
  { stdio: ["ignore", "pipe", "inherit"] });
const port = JSON.parse(await new Promise((done) => server.stdout.once("data", (d) => done(String(d))))).port;

const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
let token;
function ask(method, path, body, more = {}) {
  return new Promise((done, fail) => {
    const text = body ? JSON.stringify(body) : undefined;
    const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...(text && { "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(text), "Idempotency-Key": crypto.randomUUID() }) };
    const request = http.request({ host: "127.0.0.1", port, method, path, headers, agent, ...more }, (reply) => {
      const parts = [];
      reply.on("data", (d) => parts.push(d));
      reply.on("end", () => done({ status: reply.statusCode, headers: reply.headers, body: Buffer.concat(parts).toString() }));
    });
    request.on("error", fail);
    request.end(text);
  });
}

const entered = await ask("POST", "/api/sign-in", { login: "desk", password: PASSWORD });
token = entered.headers["set-cookie"][0].split("=")[1].split(";")[0];
const signal = (n) => ({ pack: "incident", mapping: "json", signal: { category: "dispute", place: `bench ${n}` } });
const known = [];
async function mixed(n) {
  const turn = n % 10;
  if (turn < 3) {
    posted.set(`bench ${n}`, performance.now()); // known by its place: the frame may overtake the answer
    const reply = await ask("POST", "/api/signals", signal(n));
    if (reply.status === 200) known.push(JSON.parse(reply.body).id);
    return reply.status;
  }
  if (turn < 5 && known.length) return (await ask("GET", `/api/cases/${known[n % known.length]}/timeline`)).status;
  if (turn < 8) return (await ask("GET", "/api/cases?open=true&limit=50")).status;
  return (await ask("GET", "/api/indicators?pack=incident")).status;
}
const posted = new Map(), arrivals = [];
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

// baseline: one client, no listener
const alone = [];
for (let n = 0; n < 300; n++) { const begin = performance.now(); await mixed(n); alone.push(performance.now() - begin); }
alone.sort((a, b) => a - b);
posted.clear();

// listeners
let frames = 0;
const streams = [];
const listen = () => new Promise((ready, fail) => {
  const request = http.request({ host: "127.0.0.1", port, path: "/api/stream", agent: false,
    headers: { Authorization: `Bearer ${token}`, Accept: "text/event-stream" } }, (reply) => {
    if (reply.statusCode !== 200) return fail(new Error(`stream ${reply.statusCode}`));
    let rest = "";
    reply.setEncoding("utf8");
    reply.on("data", (text) => {
      const now = performance.now();
      rest += text;
      for (let cut; (cut = rest.indexOf("\n\n")) >= 0; rest = rest.slice(cut + 2)) {
        const frame = rest.slice(0, cut);
        if (!frame.includes("event: case")) continue;
        frames++;
        const begin = posted.get(/"place":"([^"]*)"/.exec(frame)?.[1]);
        if (begin) arrivals.push(now - begin);
      }
    });
    ready(request);
  });
  request.on("error", fail);
  request.end();
});
for (let n = 0; n < LISTENERS; n++) streams.push(await listen());

// load: open loop at RATE, so that a slow answer does not slow the asking
const times = [], statuses = {};
let inFlight = 0, n = 1000;
const begin = performance.now();
const pending = [];
while (performance.now() - begin < seconds * 1000) {
  const due = Math.floor((performance.now() - begin) / 1000 * RATE);
  while (n - 1000 < due) {
    const from = performance.now();
    n++; inFlight++;
    pending.push(mixed(n).then((status) => { times.push(performance.now() - from); statuses[status] = (statuses[status] ?? 0) + 1; inFlight--; }));
  }
  await new Promise((go) => setTimeout(go, 1));
}
await Promise.all(pending);
const took = (performance.now() - begin) / 1000;
await new Promise((go) => setTimeout(go, 500));
times.sort((a, b) => a - b);
arrivals.sort((a, b) => a - b);
const opened = posted.size;
console.log(`alone, no listener:      p50 ${at(alone, .5).toFixed(1)} ms  p99 ${at(alone, .99).toFixed(1)} ms`);
console.log(`${(times.length / took).toFixed(0)} requests/s, ${CLIENTS} clients, ${LISTENERS} listeners: p50 ${at(times, .5).toFixed(1)} ms  p99 ${at(times, .99).toFixed(1)} ms  (bar 50 ms)  statuses ${JSON.stringify(statuses)}`);
console.log(`new call to a listener's hand, from before it was posted: p50 ${at(arrivals, .5)?.toFixed(1)} ms  p99 ${at(arrivals, .99)?.toFixed(1)} ms  (bar 300 ms)  ${arrivals.length} of ${opened * LISTENERS} deliveries timed, ${frames} frames`);
streams.forEach((s) => s.destroy());
server.kill("SIGTERM");
await new Promise((go) => server.once("exit", go));
rmSync(folder, { recursive: true });
process.exit(at(times, .99) < 50 && at(arrivals, .99) < 300 ? 0 : 1);
