"""Counts its visitors in the cache, and says whether the database is there."""

import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


def visitors():
    with socket.create_connection((os.environ["CACHE"], 6379), 5) as connection:
        connection.sendall(b"INCR visitors\r\n")
        return int(connection.recv(64).strip()[1:])


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        count = visitors()
        socket.create_connection((os.environ["DATABASE"], 5432), 5).close()
        with open("/tmp/last", "w") as file:
            file.write(str(count))
        body = f"visitors: {count}, database: there\n".encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
HTTPServer(("", 3000), Shop).serve_forever()
