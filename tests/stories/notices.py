#!/usr/bin/env python3
"""Notices to residents through a gateway that is not ours: it checks each signature with its own code, and is down, slow, wrong,
redirecting or endless when it likes; receipts come back signed, forged, twice; the server is killed between hand-over and record.

  tests/stories/notices.py build/src/bihuan"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import sqlite3
import ssl
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server  # noqa: E402

PHONE = "12900007777"


def sign(secret, name, at, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


class Gateway:
    """`mood` says what it does with the next requests; `got` is what came, as (name, verified, data)."""

    def __init__(self, secret):
        gateway = self
        self.secret, self.mood, self.got, self.elsewhere, self.on_post = secret, "ok", [], 0, None

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                gateway.elsewhere += 1
                self.answer(200)

            def answer(self, status, body=b"", **headers):
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path != "/in":
                    gateway.elsewhere += 1
                    return self.answer(200)
                name, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
                good = hmac.compare_digest(self.headers["webhook-signature"], sign(gateway.secret, name, at, body)) and abs(
                    time.time() - int(at)) < 60
                gateway.got.append((name, good, json.loads(body)["data"]))
                try:
                    if gateway.mood == "kill":
                        gateway.mood = "ok"
                        gateway.on_post()
                    elif gateway.mood == "500":
                        self.answer(500)
                    elif gateway.mood == "400":
                        self.answer(400)
                    elif gateway.mood == "slow":
                        time.sleep(3)
                        self.answer(200)
                    elif gateway.mood == "redirect":
                        self.answer(307, Location=f"http://127.0.0.1:{gateway.port}/elsewhere")
                    elif gateway.mood == "huge":
                        self.send_response(200)
                        self.end_headers()
                        for _ in range(1000):
                            self.wfile.write(b"x" * 65536)
                    else:
                        self.answer(202, b"{}")
                except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
                    pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def until(what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    return what()


def call(server):
    """An incident whose caller is told that help is coming. Its id."""
    fields = {"category": "dispute", "place": "梧桐路1号", "caller_name": "张三", "caller_phone": PHONE, "description": "吵架"}
    status, _, reply = server.ask("POST", "/api/signals", {"pack": "incident", "mapping": "json", "signal": fields}, key=new_key())
    assert status == 200, reply
    status, _, fired = server.ask("POST", f"/api/cases/{reply['id']}/events", {"event": "triage"}, key=new_key())
    assert status == 200, fired
    return reply["id"]


def notice(server, case):
    status, _, reply = server.ask("GET", f"/api/cases/{case}/notices")
    assert status == 200, reply
    return next(n for n in reply["notices"] if n["channel"] == "sms")


def reaches(server, case, state, seconds=20):
    until(lambda: notice(server, case)["state"] == state, seconds)
    n = notice(server, case)
    return n if n["state"] == state else None


def receipt(server, gateway, body, name="r1", at=None, secret=None, to="sms", headers=None):
    at = str(int(time.time() if at is None else at))
    data = json.dumps(body).encode()
    signed = {"Content-Type": "application/json", "webhook-id": name, "webhook-timestamp": at,
              "webhook-signature": sign(secret or gateway.secret, name, at, data)}
    signed.update(headers or {})
    connection = server.connection()
    connection.request("POST", f"/api/receipts/{to}", body=data, headers={k: v for k, v in signed.items() if v is not None})
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    return reply.status, json.loads(text)


def write_config(server, url, **more):
    config = {"public_url": "https://12345.example", "hosts": ["127.0.0.1"],
              "gateways": {"sms": {"kind": "webhook", "url": url, "timeout_ms": 1000, "connect_ms": 500, **more}}, "channels": {"sms": "sms"}}
    (server.folder / "gateways.json").write_text(json.dumps(config))


def goes_out(server, gateway):
    case = call(server)
    n = reaches(server, case, "handed")
    say(n and n["gateway"] == "sms", "a notice reaches the gateway", n)
    name, good, data = gateway.got[-1]
    say(good and name == n["message"] == data["message"], "signed, under its own name", gateway.got[-1][:2])
    say(data["to"] == PHONE and "已受理" in data["text"] and data["lang"] == "zh", "to the caller's number, in Chinese", data["text"])
    return case, n


def receipts(server, gateway, case, n):
    body = {"message": n["message"], "state": "delivered"}
    forged = [("no signature", receipt(server, gateway, body, headers={"webhook-signature": None})),
              ("another secret", receipt(server, gateway, body, secret="whsec_" + base64.b64encode(b"x" * 32).decode())),
              ("ten minutes old", receipt(server, gateway, body, at=time.time() - 600)),
              ("another name", receipt(server, gateway, body, headers={"webhook-id": "r2"})),
              ("no such gateway", receipt(server, gateway, body, to="nobody"))]
    for name, (status, reply) in forged:
        say(status == 401 and reply["code"] == "notice/signature", f"a receipt is refused: {name}", status, reply)
    say(notice(server, case)["state"] == "handed", "and changed nothing")
    say(receipt(server, gateway, {**body, "message": n["message"] + "0"})[0] == 404, "a receipt for a notice that is none")
    say(receipt(server, gateway, {**body, "state": "handed"})[0] == 422, "a receipt that says what no receipt can")
    say(receipt(server, gateway, body) == (200, {"changed": True}), "a receipt is taken")
    say(receipt(server, gateway, body) == (200, {"changed": False}), "and again, and changes nothing")
    say(notice(server, case)["state"] == "delivered", "the notice is delivered")


def moods(server, gateway):
    gateway.mood = "redirect"
    case = call(server)
    n = reaches(server, case, "failed")
    say(n and "307" in n["reason"] and gateway.elsewhere == 0, "a redirect is not followed", n, gateway.elsewhere)
    gateway.mood = "huge"
    say(reaches(server, call(server), "handed"), "an endless reply is cut off, its status counts")
    for mood, why in (("500", "500"), ("slow", "Timeout")):
        gateway.mood = mood
        case = call(server)
        n = until(lambda: notice(server, case).get("tries") and notice(server, case))
        say(n and why in n["reason"] and n["next_at"], f"{mood}: it waits for another try", n)
        _, _, ready = server.ask("GET", "/readyz")
        say(ready["ok"] and "sms" in ready["degraded"][0], "ready, and says who is not well", ready)
        gateway.mood = "ok"
        before = len(gateway.got)
        say(reaches(server, case, "handed"), "and goes when the gateway is well again")
        say(gateway.got[-1][0] == n["message"] and len(gateway.got) > before, "under the same name")
    gateway.mood = "400"
    case = call(server)
    n = reaches(server, case, "failed")
    gateway.mood = "ok"
    status, _, reply = server.ask("POST", f"/api/notices/{n['message']}/again", key=new_key())
    say(status == 200, "a refused notice is sent again by hand", reply)
    m = reaches(server, case, "handed")
    say(m and m["message"] != n["message"], "under a new name", m)
    say(server.ask("POST", f"/api/notices/{m['message']}/again", key=new_key())[0] == 409, "what was handed over is not sent again")


def killed(server, gateway):
    dead = threading.Event()

    def kill():
        server.kill()
        dead.set()
    gateway.on_post, gateway.mood = kill, "kill"
    case = call(server)
    dead.wait(10)
    name = gateway.got[-1][0]
    server.start()
    server.sign_in("desk")
    n = reaches(server, case, "handed")
    same = [g for g in gateway.got if g[0] == name]
    say(n and n["message"] == name and len(same) == 2, "killed between hand-over and record: it goes again, same name", n, len(same))


def tls(server, gateway, spare):
    cert, key = spare / "gateway.pem", spare / "gateway.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert], check=True, capture_output=True)
    secure = Gateway(gateway.secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    secure.server.socket = context.wrap_socket(secure.server.socket, server_side=True)
    for known in (False, True):
        server.stop()
        write_config(server, f"https://127.0.0.1:{secure.port}/in", **({"ca": str(cert)} if known else {}))
        server.start()
        server.sign_in("desk")
        case = call(server)
        if known:
            say(reaches(server, case, "handed") and secure.got[-1][1], "a certificate of the site's own authority is taken")
        else:
            n = until(lambda: notice(server, case).get("tries") and notice(server, case))
            say(n and "certificate" in n["reason"].lower() and not secure.got, "a certificate that nobody vouches for is refused", n)
    secure.close()


def main():
    with Server(sys.argv[1]) as server:
        server.stop()
        secret = server.must("notices", "secret", "sms", "--folder", server.folder).strip()
        say(secret == server.must("notices", "secret", "sms", "--folder", server.folder).strip(), "a gateway's secret is made once")
        gateway = Gateway(secret)
        write_config(server, f"http://127.0.0.1:{gateway.port}/in")
        server.start()
        server.sign_in("desk")
        case, n = goes_out(server, gateway)
        receipts(server, gateway, case, n)
        moods(server, gateway)
        killed(server, gateway)
        say(all(good for _, good, _ in gateway.got), "every request was signed as it should be", len(gateway.got))
        _, _, metrics = server.ask("GET", "/metrics")
        text = metrics.decode() if isinstance(metrics, bytes) else metrics
        say('bihuan_gateway_up{gateway="sms"} 1' in text, "the gateway is in the metrics")
        _, _, timeline = server.ask("GET", f"/api/cases/{case}/timeline")
        kinds = [e["kind"] for e in timeline["events"]]
        say(kinds.index("notice.disclosed") < kinds.index("notice.handed") < kinds.index("notice.delivered"), "each step is in the log", kinds)
        say(PHONE not in json.dumps(timeline) + text, "and the number is not")
        status, _, _ = server.ask("GET", "/api/inbox")
        say(status == 200, "the desk has an inbox")
        tls(server, gateway, server.folder)
        server.stop()
        say(PHONE not in (server.folder / "serve.log").read_text(errors="replace"), "nor is it in the server's output")
        server.must("verify", "--folder", server.folder)
        say(True, "the rows are what the ledger says")
        with sqlite3.connect(server.folder / "store" / "store.db") as db:
            names = {row[0] for row in db.execute("SELECT count(*) FROM event WHERE kind = 'notice.handed' GROUP BY body")}
            say(names == {1}, "no hand-over is told twice", names)
        os.remove(server.folder / "gateways.json")
        (server.folder / "gateways.json").write_text('{"gateways": {"a": {"kind": "pigeon"}}, "channels": {}}')
        done = server.run("serve", "--port", "0", "--folder", server.folder)
        say(done.returncode == 1 and 'kind is "file" or "webhook"' in done.stderr, "a senseless gateways.json is refused at the start", done.stderr)
        gateway.close()
    finish()


main()
