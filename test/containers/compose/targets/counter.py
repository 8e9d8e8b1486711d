import os
import signal
import sys
import time

QUEUE = os.environ["QUEUE"]
TOTAL = os.path.join(os.environ["STATE_DIR"], "total")
os.makedirs(QUEUE, exist_ok=True)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def total():
    if not os.path.exists(TOTAL):
        return 0
    with open(TOTAL) as file:
        return int(file.read())


while True:
    for name in os.listdir(QUEUE):
        os.unlink(os.path.join(QUEUE, name))
        count = total() + 1
        with open(TOTAL, "w") as file:
            file.write(str(count))
        print(f"{count} votes")
    time.sleep(0.2)
