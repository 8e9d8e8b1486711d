#!/usr/bin/python3
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


class Ledger(BaseHTTPRequestHandler):
    def do_GET(self):
        with open('/var/lib/ledger/pages/first', 'a') as page:
            page.write('entry\n')
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f'entered by {os.getuid()}\n'.encode())


HTTPServer(('', 7100), Ledger).serve_forever()
