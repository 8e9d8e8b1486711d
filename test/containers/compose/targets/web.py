import http.server
import os
import signal
import sys
import time

QUEUE = os.environ["QUEUE"]
os.makedirs(QUEUE, exist_ok=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open(os.path.join(QUEUE, f"{time.time_ns()}.vote"), "w") as vote:
            vote.write(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"voted")


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
http.server.HTTPServer(("", 8000), Handler).serve_forever()
