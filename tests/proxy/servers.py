"""A model server that speaks TLS with a certificate of its own authority, and a proxy that leads one name to it.

    servers.py FOLDER NAME    writes the proxy's port to FOLDER/port and what the proxy was asked to FOLDER/asked
"""

import http.server
import json
import pathlib
import select
import socket
import ssl
import sys
import threading

folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]


class Models(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps({"object": "list", "data": [{"id": "behind-the-proxy", "object": "model"}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Models)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "server.pem", folder / "server.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()


def pump(client):
    with client, client.makefile("rb") as reader:
        request = reader.readline().decode().split()
        while reader.readline().strip():
            pass
        with open(folder / "asked", "a", encoding="utf-8") as log:
            log.write(" ".join(request[:2]) + "\n")
        if request[:2] != ["CONNECT", f"{name}:443"]:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            return
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(server.server_address) as upstream:
            pair = {client: upstream, upstream: client}
            while True:
                for ready in select.select(list(pair), [], [])[0]:
                    piece = ready.recv(65536)
                    if not piece:
                        return
                    pair[ready].sendall(piece)


proxy = socket.create_server(("127.0.0.1", 0))
(folder / "port.part").write_text(str(proxy.getsockname()[1]))
(folder / "port.part").rename(folder / "port")
while True:
    threading.Thread(target=pump, args=(proxy.accept()[0],), daemon=True).start()
