import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


def load_env(path):
    with open(path) as f:
        for line in f:
            line = line.strip()
            if line and not line.startswith('#'):
                key, _, value = line.partition('=')
                os.environ.setdefault(key, value)


load_env('.env')
DB = os.environ['SHORT_DB']
os.makedirs(os.path.dirname(DB), exist_ok=True)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        links = json.load(open(DB)) if os.path.exists(DB) else {}
        links[self.path] = links.get(self.path, 0) + 1
        with open(DB, 'w') as f:
            json.dump(links, f)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(links).encode())


try:
    HTTPServer(('', int(os.environ['SHORT_PORT'])), Handler).serve_forever()
except KeyboardInterrupt:
    pass
