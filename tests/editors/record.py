#!/usr/bin/env python3
"""record.py FILE COMMAND...: stand between an editor and a language server and keep every message.

FILE gets one JSON object a line, in the order in which the messages passed: {"from": "client" | "server", "message": ...}. The bytes
go on unchanged. The exit code is the server's, so that the editor sees how it ended. FILE.pid holds the server's process id.
"""

import json
import os
import subprocess
import sys
import threading


def message(source):
    """The next frame: its bytes and its body, or nothing at the end of the stream."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = source.readline()
        if not line:
            return None
        head += line
    fields = dict(line.split(b":", 1) for line in head.lower().split(b"\r\n") if b":" in line)
    body = source.read(int(fields[b"content-length"]))
    return head + body, body


def main():
    record = open(sys.argv[1], "a", encoding="utf-8", buffering=1)
    lock = threading.Lock()
    server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    with open(sys.argv[1] + ".pid", "w", encoding="utf-8") as file:
        file.write(str(server.pid))

    def pass_on(source, target, sender):
        while frame := message(source):
            with lock:
                record.write(json.dumps({"from": sender, "message": json.loads(frame[1])}, ensure_ascii=False) + "\n")
            try:
                target.write(frame[0])
                target.flush()
            except BrokenPipeError:
                return
        try:
            target.close()
        except BrokenPipeError:
            pass

    threading.Thread(target=pass_on, args=(sys.stdin.buffer, server.stdin, "client"), daemon=True).start()
    pass_on(server.stdout, sys.stdout.buffer, "server")
    code = server.wait()
    record.close()
    # The other thread may still wait for the editor; an orderly exit of the interpreter would abort on its lock.
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
