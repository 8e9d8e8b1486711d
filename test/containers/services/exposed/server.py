import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'here\n')


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
HTTPServer(('', 8000), Answer).serve_forever()
