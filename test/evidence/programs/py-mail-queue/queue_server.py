#!/usr/bin/env python3
"""Accepts mails over HTTP and leaves them for the delivery agent.

Each message is written under a temporary name and renamed, so that
the agent never sees half a message.
"""
import http.server
import json
import os
import tempfile
import time

BASE = os.path.dirname(os.path.abspath(__file__))
NEW = os.path.join(BASE, "var", "new")


class Handler(http.server.BaseHTTPRequestHandler):
    server_version = "mailq/0.3"

    def do_GET(self):
        self.reply(200, {"queued": len(os.listdir(NEW))})

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        if not 0 < size < 1_000_000:
            self.reply(413, {"error": "message too large or empty"})
            return
        ident = self.enqueue(self.rfile.read(size))
        self.reply(202, {"id": ident})

    def enqueue(self, message: bytes) -> str:
        ident = f"{time.time_ns():x}"
        with tempfile.NamedTemporaryFile(dir=NEW, prefix=".", delete=False) as tmp:
            tmp.write(message)
            tmp.flush()
            os.fsync(tmp.fileno())
        os.rename(tmp.name, os.path.join(NEW, ident))
        return ident

    def reply(self, status, payload):
        data = json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("", 8025), Handler).serve_forever()
