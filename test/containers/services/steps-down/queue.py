#!/usr/bin/python3
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

folder = sys.argv[sys.argv.index('--data') + 1]
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


class Queue(BaseHTTPRequestHandler):
    def do_GET(self):
        name = os.path.join(folder, 'jobs')
        with open(name, 'a') as jobs:
            jobs.write('job\n')
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f'queued as {os.getuid() and "somebody" or "root"}\n'.encode())


HTTPServer(('', 7000), Queue).serve_forever()
