"""A bihuan server under test: its own folder, users, sessions, raw and JSON requests. Standard library only."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

TOP = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("SHARED", TOP / ".." / "shared"))
PASSWORD = "correct horse battery"
ROLES = "duty_officer,dispatcher,callcentre"
results = []


def say(good, text, *more):
    """One line of TAP; `more` is shown when it is not so."""
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} {text}", flush=True)
    for line in more if not good else ():
        print(f"# {str(line)[:1500]}")


def finish():
    """The plan, and the exit status."""
    print(f"1..{len(results)}")
    sys.exit(0 if all(results) else 1)


class Server:
    """`with Server(binary) as s:` makes a city in a temporary folder and serves it; `s.kill()` is a SIGKILL."""

    def __init__(self, binary, keep=None):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = pathlib.Path(keep or tempfile.mkdtemp(prefix="bihuan-"))
        self.process, self.port, self.token = None, 0, None

    def run(self, *words, **more):
        return subprocess.run([self.binary, *map(str, words)], cwd=TOP, capture_output=True, text=True, **more)

    def must(self, *words, **more):
        done = self.run(*words, **more)
        if done.returncode:
            raise AssertionError(f"bihuan {' '.join(map(str, words))}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def __enter__(self):
        self.must("init", "--folder", self.folder)
        self.user("desk", ROLES)
        self.start()
        self.sign_in("desk")
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def user(self, login, roles, org="COMMAND", unit=None):
        more = ["--unit", unit] if unit else []
        self.must("user", "add", login, "--name", login, "--org", org, "--roles", roles, "--password-stdin", "--folder", self.folder,
                  *more, input=PASSWORD + "\n")

    def start(self, *more):
        self.log = open(self.folder / "serve.log", "ab")
        self.process = subprocess.Popen([self.binary, "serve", "--folder", str(self.folder), "--port", "0", "--json", *more], cwd=TOP,
                                        stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("the server did not start: " + (self.folder / "serve.log").read_text()[-2000:])
        self.port = json.loads(line)["port"]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise AssertionError("the server did not stop within 20 s of being asked")
            self.process.stdout.close()
            self.log.close()

    def alive(self):
        return self.process.poll() is None

    def sign_in(self, login):
        status, headers, _ = self.ask("POST", "/api/sign-in", {"login": login, "password": PASSWORD}, token=None)
        if status != 200:
            raise AssertionError(f"{login} cannot sign in: {status} {_}")
        self.token = next(v for k, v in headers if k.lower() == "set-cookie").split("=", 1)[1].split(";")[0]
        return self.token

    def connection(self, timeout=10):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, method, path, body=None, token="", key=None, kind="application/json", connection=None, raw=False):
        """(status, headers, body). `token` "": this server's own. A dict body is sent as JSON."""
        headers = {}
        if token == "":
            token = self.token
        if token:
            headers["Authorization"] = "Bearer " + token
        if key:
            headers["Idempotency-Key"] = key
        if body is not None:
            headers["Content-Type"] = kind
            if isinstance(body, (dict, list)):
                body = json.dumps(body, ensure_ascii=False).encode()
        c = connection or self.connection()
        try:
            c.request(method, path, body=body, headers=headers)
            reply = c.getresponse()
            data = reply.read()
        finally:
            if not connection:
                c.close()
        if not raw and data and "json" in (reply.getheader("Content-Type") or ""):
            data = json.loads(data)
        return reply.status, reply.getheaders(), data

    def raw(self, data, timeout=5):
        """Send bytes as they are; what comes back until the other end closes or `timeout` seconds pass, and if it closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as s:
            got, closed, until = b"", False, time.monotonic() + timeout
            try:
                s.sendall(data)
                while time.monotonic() < until:
                    s.settimeout(max(0.05, until - time.monotonic()))
                    part = s.recv(65536)
                    if not part:
                        closed = True
                        break
                    got += part
            except TimeoutError:
                pass
            except (ConnectionResetError, BrokenPipeError):
                closed = True
            return got, closed


def incident(number, place="梧桐路1号"):
    """A call as the console's form sends it."""
    return {"pack": "incident", "mapping": "json", "signal": {"category": "dispute", "place": place, "description": f"call {number}"}}


def new_key():
    return str(uuid.uuid4())
