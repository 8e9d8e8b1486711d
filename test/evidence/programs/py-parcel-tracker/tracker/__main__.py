import itertools
import signal
import sys
import time

from tracker import settings, state

PAKETE = ["JJD000390", "JJD000391"]
STATIONEN = itertools.cycle(["Abholung", "Paketzentrum", "Zustellung"])


def beenden(signum, frame):
    print("Ende")
    sys.exit(0)


def main():
    signal.signal(signal.SIGTERM, beenden)
    while True:
        for nummer in PAKETE:
            paket = state.lade(nummer)
            paket["stand"] = next(STATIONEN)
            paket["abfragen"] += 1
            state.speichere(paket)
            print(nummer, paket["stand"], flush=True)
        time.sleep(settings.ABFRAGE_INTERVALL.total_seconds())


if __name__ == "__main__":
    main()
