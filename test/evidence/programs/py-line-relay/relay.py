import os
import socketserver
import sys
import threading

BANNER_FILE = os.environ.get("BANNER_FILE", "/etc/relay/banner.txt")
PORT = 7000


class Room:
    """Everybody who is connected. ``write`` sends a line to all of them."""

    def __init__(self):
        self._peers = set()
        self._lock = threading.Lock()

    def open(self, peer):
        with self._lock:
            self._peers.add(peer)

    def close(self, peer):
        with self._lock:
            self._peers.discard(peer)

    def write(self, line):
        with self._lock:
            for peer in self._peers:
                peer.write(line)
                peer.flush()


room = Room()


class Relay(socketserver.StreamRequestHandler):
    def handle(self):
        peer = self.request.makefile("wb")
        with open(BANNER_FILE, "rb") as banner:
            peer.write(banner.read())
            peer.flush()
        room.open(peer)
        try:
            for line in self.rfile:
                sys.stdout.write("%s: %d bytes\n" % (self.client_address[0], len(line)))
                sys.stdout.flush()
                room.write(line)
        finally:
            room.close(peer)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("0.0.0.0", PORT), Relay) as server:
    print("relay on port", PORT, flush=True)
    server.serve_forever()
