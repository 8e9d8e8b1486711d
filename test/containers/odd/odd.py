"""Services with one odd need each, and services that seem to work where they do not: the first argument says which."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

kind = sys.argv[1]
page = b"<p>" + b"hello " * 100 + b"</p>"


def write(path, text="x"):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def can_write(path):
    try:
        write(path)
        return True
    except OSError:
        return False


def become(user):
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        status, kind_of, body = 200, "text/html", page
        if kind == "empty-answer" and not can_write("/opt/odd/cache/x"):
            body = b""
        if kind == "other-type" and not can_write("/opt/odd/cache/x"):
            kind_of = "text/plain"
        if kind == "error-answer" and os.getuid() != 0:
            status = 500
        if kind == "same-size" and os.getuid() != 0:
            body = b"<p>" + b"sorry " * 100 + b"</p>"
        if kind == "second-page" and self.path != "/" and not can_write("/opt/odd/uploads/x"):
            status = 500
        if kind == "short-answer" and os.getuid() != 0:
            body = b"<p>sorry, this page is not to be had as you are</p>"[:12]
        self.send_response(status)
        self.send_header("Content-Type", kind_of)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def serve(port=8080, host=""):
    server = ThreadingHTTPServer((host, port), Page)
    code = [0]

    def stop(*_):
        if kind == "ignores-stop" and os.getuid() != 0:
            return
        if kind == "state-on-stop":
            write("/opt/odd/state/last", "all that was counted")
        if kind == "fails-on-stop" and not can_write("/opt/odd/state/last"):
            code[0] = 3
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    server.serve_forever()
    sys.exit(code[0])


def worker(body):
    pid = os.fork()
    if pid == 0:
        body()
        os._exit(0)
    return pid


def rest():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    while True:
        time.sleep(1)


def reap():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def late(seconds, path):
    def run():
        time.sleep(seconds)
        try:
            write(path)
        except OSError as error:
            print(error, file=sys.stderr)
            os._exit(1)

    threading.Thread(target=run, daemon=True).start()


if kind == "chown-at-start":
    os.makedirs("/opt/odd/data", exist_ok=True)
    os.chown("/opt/odd/data", 1000, 1000)
    become(1000)
elif kind == "second-minute":
    late(70, "/opt/odd/late/x")
elif kind == "setuid-helper":
    become(1000) if os.getuid() == 0 else None
    if subprocess.run(["root-id", "-u"], capture_output=True, text=True).stdout.strip() != "0":
        sys.exit("the helper is not root")
elif kind == "pid-file":
    write("/run/odd.pid", str(os.getpid()))
elif kind == "socket":
    os.makedirs("/run/odd", exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("/run/odd/odd.sock")
    listener.listen()
elif kind == "two-users":
    reap()
    for user in (1000, 1001):
        worker(lambda: (become(user), rest()))
elif kind == "home-cache":
    write(os.path.expanduser("~/.cache/odd/x"))
elif kind == "content":
    with open("/srv/content/index.html") as file:
        file.read()
    write("/srv/content/visits")
elif kind == "state-kept":
    write("/opt/odd/state/counted", "1")
elif kind == "late-end":
    threading.Timer(4, lambda: os._exit(0) if os.getuid() != 0 else None).start()
elif kind == "ends-well":
    threading.Timer(1.5, lambda: os._exit(0) if os.getuid() != 0 else None).start()
elif kind == "silent-thread":
    threading.Thread(target=lambda: time.sleep(1000 if os.getuid() == 0 else 0), daemon=True).start()
elif kind == "unix-socket" and os.getuid() == 0:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("/dev/shm/odd.sock")
    listener.listen()
elif kind == "unhealthy" and "check" in sys.argv:
    sys.exit(os.getuid() != 0)
elif kind == "greeting":
    listener = socket.create_server(("", 8080))
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    while True:
        client, _ = listener.accept()
        client.sendall(b"220 ready\r\n" if os.getuid() == 0 else b"554 never\r\n")
        client.close()
elif kind == "late-write":
    late(2, "/opt/odd/late/x")
elif kind == "dead-worker":
    reap()
    worker(rest)
    worker(lambda: rest() if os.getuid() == 0 else None)
elif kind == "crash-loop":
    def again():
        while True:
            child = worker(lambda: rest() if can_write("/opt/odd/work/x") else time.sleep(0.3))
            os.waitpid(child, 0)

    threading.Thread(target=again, daemon=True).start()

serve(80 if kind == "low-port" else 8080, "127.0.0.1" if kind == "loopback" and os.getuid() != 0 else "")
