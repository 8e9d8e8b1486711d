from http.server import BaseHTTPRequestHandler, HTTPServer


class Hits(BaseHTTPRequestHandler):
    def do_GET(self):
        with open('hits.log', 'a') as log:
            log.write(self.path + '\n')
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'counted\n')


HTTPServer(('', 8000), Hits).serve_forever()
