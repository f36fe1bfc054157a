"""What `run` checks, inside a session of its own: check.py PROGRAM FOLDER."""

import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
KEY = "sk-planted-0123456789"
SERVICE = "org.freedesktop.secrets"
workspace = folder / "workspace"
seen = []


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        seen.append(self.headers.get("authorization"))
        body = json.dumps({"data": [{"id": "m"}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def tierline(*arguments, given="", more=None):
    """What the program says, as JSON, and how long that took."""
    begun = time.monotonic()
    done = subprocess.run(
        [program, *arguments, "--json"],
        input=given,
        text=True,
        capture_output=True,
        cwd=workspace,
        env={**os.environ, **(more or {})},
        timeout=240,
        check=False,
    )
    assert KEY not in done.stdout + done.stderr, "the key was printed"
    return json.loads(done.stdout), time.monotonic() - begun


def asked(name, path, method, argument):
    """What the bus answers."""
    command = ["dbus-send", "--session", "--print-reply", f"--dest={name}", path, method, argument]
    return subprocess.run(command, text=True, capture_output=True, check=True).stdout


def reason(answer):
    return " ".join(problem for problem in answer["problems"])


def main():
    os.makedirs(folder / "run", mode=0o700)
    workspace.mkdir()
    (workspace / "a.py").write_text("def one():\n    return 1\n")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    configuration = folder / ".config/tierline/config.toml"
    configuration.parent.mkdir(parents=True)
    configuration.write_text(
        f'[tiers.nano]\nprovider = "local"\nbase_url = "http://127.0.0.1:{server.server_port}/v1"\nmodel = "m"\nkey_keychain = "mine"\n'
    )

    nowhere = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/nowhere"}
    doctor, took = tierline("doctor", more=nowhere)
    assert took < 60 and reason(doctor), f"without a keychain it took {took:.0f} s"
    print(f"ok: without a keychain it says so after {took:.1f} s: {reason(doctor)[:160]}")

    # Before anything asks for it: the bus would start one that is locked.
    subprocess.run(
        ["gnome-keyring-daemon", "--unlock", "--components=secrets"], input="a password", text=True, capture_output=True, check=True
    )
    end = time.monotonic() + 60
    while "true" not in asked("org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", f"string:{SERVICE}"):
        assert time.monotonic() < end, "the keychain does not come to the bus"
        time.sleep(0.1)
    doctor, _ = tierline("doctor")
    assert "tierline key set mine" in reason(doctor), reason(doctor)
    print("ok: a key that is missing says how to put it there")

    stored, _ = tierline("key", "set", "mine", given=KEY + "\n")
    assert stored == {"name": "mine", "stored": True}, stored
    _, took = tierline("models", "--check")
    assert seen == [f"Bearer {KEY}"], f"the server saw {len(seen)} requests"
    print(f"ok: the server saw the key of the keychain, {took:.1f} s after the command began")

    removed, _ = tierline("key", "remove", "mine")
    assert removed == {"name": "mine", "removed": True}, removed
    print("ok: the key is taken out again")

    tierline("key", "set", "mine", given=KEY + "\n")
    asked(
        SERVICE,
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service.Lock",
        "array:objpath:/org/freedesktop/secrets/collection/login",
    )
    doctor, took = tierline("doctor")
    assert took < 60 and reason(doctor), f"locked, it took {took:.0f} s"
    print(f"ok: a keychain that nobody unlocks is given up after {took:.1f} s: {reason(doctor)[:140]}")
    print("all checks passed")


main()
