#!/usr/bin/env python3
"""A mediation agreement drawn, shown, signed by a resident's link and by the mediator, sealed, and checked with OpenSSL and poppler;
objections, changed texts, repeated and crossed requests.

  tests/stories/documents.py build/src/bihuan"""
import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from bihuan import finish, new_key, say, Server, TOP  # noqa: E402

STROKES = [[100, 100, 400, 500, 700, 120, 900, 480], [120, 520, 800, 560]]
NAME, PHONE, TERMS = "赵某某", "12000000077", "十日内退还押金三千六百元"


def post(server, path, body, token="", key=None):
    status, _, reply = server.ask("POST", path, body, token=token, key=key or new_key())
    return status, reply


def get(server, path, token="", raw=False):
    status, _, reply = server.ask("GET", path, token=token, raw=raw)
    return status, reply


def documents(server, case, more=""):
    status, reply = get(server, f"/api/cases/{case}/documents{more}")
    assert status == 200, reply
    return reply["documents"]


def proposed(server):
    signal = {"kind": "rent", "amount": 3600, "applicant_name": NAME, "applicant_phone": PHONE}
    status, reply = post(server, "/api/signals", {"pack": "agreement", "mapping": "json", "signal": signal}, token=server.desk)
    assert status == 200, reply
    case = reply["id"]
    status, reply = post(server, f"/api/cases/{case}/events", {"event": "propose", "fields": {"terms": TERMS}})
    assert status == 200, reply
    return case


def state(server, case):
    status, reply = get(server, f"/api/cases/{case}?purpose=mediate")
    assert status == 200, reply
    return reply["brief"]["state"]


def text_of(pdf, folder):
    path = pathlib.Path(folder) / "a.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout.replace("\n", "").replace(" ", "")


def link_of(server, case, version=1):
    status, reply = post(server, f"/api/cases/{case}/documents/agreement/{version}/link", {"signer": "applicant"})
    assert status == 200, reply
    assert reply["path"].startswith("/s/"), reply
    return reply["path"][3:]


def seal_checks(proof, folder):
    folder = pathlib.Path(folder)
    for name in ("ed25519", "sm2"):
        (folder / f"{name}.pem").write_text(proof[f"{name}_key"])
        (folder / f"{name}.sig").write_bytes(base64.b64decode(proof[name]))
    (folder / "statement").write_text(proof["statement"])
    commands = {
        "ed25519": ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "ed25519.pem", "-in", "statement", "-sigfile", "ed25519.sig"],
        "sm2": ["openssl", "dgst", "-sm3", "-sigopt", "distid:1234567812345678", "-verify", "sm2.pem", "-signature", "sm2.sig", "statement"],
    }
    for name, command in commands.items():
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        say(done.returncode == 0, f"OpenSSL accepts the seal by {name}", done.stdout, done.stderr)
    (folder / "statement").write_text(proof["statement"].replace('"version":1', '"version":2'))
    for name, command in commands.items():
        say(subprocess.run(command, cwd=folder, capture_output=True).returncode != 0, f"and refuses a changed statement by {name}")


def the_normal_way(server, folder):
    case = proposed(server)
    first = documents(server, case)[0]
    say((first["id"], first["state"], first["version"]) == ("agreement", "signing", 1), "an agreement waits for signatures", first)
    say([s["state"] for s in first["signers"]] == ["asked", "waiting"], "of its signers the first is asked", first["signers"])
    status, pdf = get(server, f"/api/cases/{case}/documents/agreement/1/pdf", raw=True)
    say(status == 200 and hashlib.sha256(pdf).hexdigest() == first["sha256"], "the mediator reads it, and its hash is the one in the log", pdf[:200])
    words = text_of(pdf, folder)
    say(NAME in words and TERMS in words and first["number"] in words, "name, terms and number stand on it", words)
    status, reply = get(server, f"/api/cases/{case}/documents/agreement/1/pdf", token=server.desk)
    say(status == 403, "who may not see the names may not read it", status, reply)
    receipt = next(d for d in documents(server, case) if d["id"] == "receipt")
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(get(server, f"/api/cases/{case}/documents/receipt/1/pdf", raw=True))) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    drawn = next(d for d in documents(server, case) if d["id"] == "receipt")
    say(receipt["state"] == "made" and {s for s, _ in replies} == {200} and len({b for _, b in replies}) == 1, "a receipt is drawn when somebody wants it, once", receipt)
    say(drawn["state"] == "sealed" and hashlib.sha256(replies[0][1]).hexdigest() == drawn["final_sha256"], "and is sealed with that", drawn)
    link = link_of(server, case)
    status, page = get(server, f"/api/sign/{link}", token=None)
    say(status == 200 and page["state"] == "asked" and page["sha256"] == first["sha256"], "the link shows what is to be signed", page)
    status, shown = get(server, f"/api/sign/{link}/pdf", token=None, raw=True)
    say(status == 200 and shown == pdf, "and the same bytes")
    body = {"deed": "sign", "sha256": page["sha256"], "strokes": STROKES, "device_at": 1795395600000}
    say(post(server, f"/api/sign/{link}", {**body, "sha256": 64 * "0"}, token=None)[0] == 409, "another text than the one shown is not signed")
    say(post(server, f"/api/sign/{link}", {**body, "strokes": [[5, 5]]}, token=None)[0] == 422, "a dot is no signature")
    say(post(server, f"/api/sign/{link}", {**body, "deed": "hurry"}, token=None)[0] == 400, "and there are three deeds")
    key = new_key()
    say(post(server, f"/api/sign/{link}", body, token=None, key=key) == (200, {"state": "signed", "document_state": "signing"}), "the resident signs")
    say(post(server, f"/api/sign/{link}", body, token=None, key=key) == (200, {"state": "signed", "document_state": "signing"}), "asked for twice, it happens once")
    say(post(server, f"/api/sign/{link}", body, token=None)[0] == 409, "and cannot be done again")
    mine = documents(server, case)[0]["signers"][1]
    say(mine["mine"] and mine["state"] == "asked", "now the mediator is asked", mine)
    status, reply = post(server, f"/api/cases/{case}/documents/agreement/1/sign", {"signer": "mediator", "deed": "sign", "sha256": first["sha256"], "strokes": STROKES})
    say((status, reply) == (200, {"state": "signed", "document_state": "sealed"}), "who signs, and it is sealed", reply)
    say(state(server, case) == "signed", "the case goes on")
    last = documents(server, case)[0]
    status, sealed = get(server, f"/api/cases/{case}/documents/agreement/1/pdf", raw=True)
    say(hashlib.sha256(sealed).hexdigest() == last["final_sha256"] and len(sealed) != len(pdf), "the sealed PDF shows the signatures")
    status, proof = get(server, "/api/verify/" + last["code"].lower(), token=None)
    say(status == 200 and proof["state"] == "sealed" and proof["sha256"] == last["final_sha256"], "anybody checks it by its code", proof)
    say(NAME not in json.dumps(proof, ensure_ascii=False) and TERMS not in json.dumps(proof, ensure_ascii=False), "and learns nothing personal")
    say(json.loads(proof["statement"])["sha256"] == last["final_sha256"], "the statement names the PDF")
    seal_checks(proof, folder)


def the_hard_way(server, folder):
    case = proposed(server)
    link = link_of(server, case)
    _, page = get(server, f"/api/sign/{link}", token=None)
    say(post(server, f"/api/sign/{link}", {"deed": "object", "sha256": page["sha256"]}, token=None)[0] == 422, "an objection wants a reason")
    status, reply = post(server, f"/api/sign/{link}", {"deed": "object", "sha256": page["sha256"], "reason": "金额不对"}, token=None)
    say(status == 200 and reply["document_state"] == "void" and state(server, case) == "corrected", "an objection makes the version void", reply)
    say("reason" not in documents(server, case)[0]["signers"][0], "the reason is not told without a purpose")
    say(documents(server, case, "?purpose=mediate")[0]["signers"][0].get("reason") == "金额不对", "and is told with one")
    post(server, f"/api/cases/{case}/events", {"event": "correct", "fields": {"terms": TERMS + "整"}})
    say(post(server, f"/api/sign/{link}", {"deed": "sign", "sha256": page["sha256"], "strokes": STROKES}, token=None)[0] == 409, "the old link signs nothing")
    say(get(server, f"/api/sign/{link}/pdf", token=None)[0] == 409, "and shows nothing")
    second = link_of(server, case, 2)
    status, pdf = get(server, f"/api/sign/{second}/pdf", token=None, raw=True)
    words = text_of(pdf, folder)
    say("第1版因申请人对内容提出异议" in words and "押金三千六百元整" in words, "version 2 has the new text and says why there is one", words)
    say(get(server, "/api/sign/" + 32 * "1", token=None)[0] == 404 and get(server, "/api/sign/zzz", token=None)[0] == 404, "a made-up link leads nowhere")
    _, page = get(server, f"/api/sign/{second}", token=None)
    replies = []
    deeds = [{"deed": "sign", "strokes": STROKES}, {"deed": "refuse", "reason": "不签"}] * 4
    threads = [threading.Thread(target=lambda d=d: replies.append(post(server, f"/api/sign/{second}", {**d, "sha256": page["sha256"]}, token=None)[0])) for d in deeds]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    say(sorted(replies).count(200) == 1 and set(replies) == {200, 409}, "of eight answers at once one counts", replies)


def by_their_links(server):
    """Nobody here has an account."""
    services = get(server, "/api/services", token=None)[1]["services"]
    say([s["mappings"][0]["id"] for s in services if s["pack"]["id"] == "agreement"] == ["json"], "anybody sees what the public may bring")
    signal = {"kind": "rent", "applicant_name": NAME, "applicant_phone": PHONE, "respondent_phone": "12000000078"}
    body, key = {"pack": "agreement", "mapping": "json", "signal": signal}, new_key()
    status, reply = post(server, "/api/public/signals", body, token=None, key=key)
    say(status == 200 and reply["path"].startswith("/r/"), "and brings a matter in, and gets a link", reply)
    say(post(server, "/api/public/signals", body, token=None, key=key) == (200, reply), "asked for twice, there is one matter")
    link = reply["path"][3:]
    status, page = get(server, f"/api/resident/{link}", token=None)
    say(status == 200 and page["number"] == reply["number"] and [o["event"] for o in page["offers"]] == ["supplement", "withdraw"], "the link shows what can be done", page)
    say(NAME not in json.dumps(page, ensure_ascii=False), "and nothing private")
    say(get(server, f"/api/resident/{link}/service", token=None)[1]["id"] == "agreement", "and the procedure")
    say(post(server, f"/api/resident/{link}/events", {"event": "propose", "fields": {"terms": TERMS}}, token=None)[0] == 403, "what is the mediator's to do is refused")
    say(post(server, f"/api/resident/{link}/events", {"event": "supplement", "fields": {"supplement": "押金收据在我处"}}, token=None)[0] == 200, "more is said")
    case = next(c["id"] for c in get(server, "/api/cases?number=" + reply["number"])[1]["cases"])
    get(server, f"/api/cases/{case}?purpose=mediate")
    looks = get(server, f"/api/resident/{link}", token=None)[1]["looks"]
    say(looks and looks[0]["role"] == "handler" and looks[0]["purpose_zh"] == "调解" and "mediator" not in json.dumps(looks), "they see that somebody looked, and why", looks)
    say(post(server, f"/api/resident/{link}/rating", {"level": 5}, token=None)[0] == 409, "nobody rates before they are asked")
    say(get(server, "/api/resident/" + link[:-1] + ("A" if link[-1] != "A" else "B"), token=None)[0] == 404, "a changed link leads nowhere")
    for i in range(12):
        last = post(server, "/api/public/signals", body, token=None)[0]
    say(last == 429, "and nobody floods the counter", last)


def after_a_kill(server):
    case = proposed(server)
    link = link_of(server, case)
    _, page = get(server, f"/api/sign/{link}", token=None)
    say(post(server, f"/api/sign/{link}", {"deed": "sign", "sha256": page["sha256"], "strokes": STROKES}, token=None)[0] == 200, "a resident signs")
    server.kill()
    server.start("--packs", server.packs)
    server.sign_in("mediator")
    say(documents(server, case)[0]["signers"][0]["state"] == "signed", "killed right after, the signature is there")
    status, pdf = get(server, f"/api/cases/{case}/documents/agreement/1/pdf", raw=True)
    say(status == 200 and pdf.startswith(b"%PDF"), "and the PDF")


def main():
    with Server(sys.argv[1]) as server, tempfile.TemporaryDirectory() as packs, tempfile.TemporaryDirectory() as folder:
        server.stop()
        intake = shutil.copytree(TOP / "src/pack/documents_for_test/agreement", pathlib.Path(packs) / "agreement") / "intake.yaml"
        intake.write_text(intake.read_text().replace("default: TJW", "default: COMMAND"))
        server.packs = packs
        server.user("mediator", "handler")
        server.start("--packs", packs)
        server.desk = server.sign_in("desk")
        server.sign_in("mediator")
        the_normal_way(server, folder)
        the_hard_way(server, folder)
        by_their_links(server)
        after_a_kill(server)
        server.stop()
        say(server.run("verify", "--folder", server.folder, "--packs", packs).returncode == 0, "a rebuild from the log gives the same rows")
        log = (server.folder / "serve.log").read_text()
        say(NAME not in log and TERMS not in log and "金额不对" not in log, "no name, term or reason is in the server's log")
    finish()


main()
