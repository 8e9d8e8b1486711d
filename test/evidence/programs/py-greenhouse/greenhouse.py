#!/usr/bin/env python3
# Poll the (simulated) greenhouse probes and keep a rotating log of readings.
#
# Old deployment wrote to /home/pi/greenhouse/readings.log -- gone since we
# moved away from the Raspberry.

import logging
import logging.handlers
import os
import random
import signal
import sys
import threading

PROBES = ('bench-a', 'bench-b', 'door')
stop = threading.Event()


def make_logger(name):
    logger = logging.getLogger('greenhouse.%s' % name)
    logger.setLevel(logging.INFO)
    filename = os.path.join(
        LOG_ROOT,
        'greenhouse',
        '%s.log' % name,
    )
    os.makedirs(os.path.dirname(filename), exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(
        filename,
        maxBytes=512 * 1024,
        backupCount=3,
    )
    handler.setFormatter(logging.Formatter('%(asctime)s %(levelname)s %(message)s'))
    logger.addHandler(handler)
    return logger


def poll(loggers):
    for probe, logger in loggers.items():
        temperature = 18 + random.random() * 6
        logger.info('%s %.1f C', probe, temperature)
        if temperature > 23.5:
            logger.warning('%s is too warm', probe)


def run():
    loggers = {name: make_logger(name) for name in PROBES}
    print('polling', ', '.join(PROBES), flush=True)
    while not stop.is_set():
        poll(loggers)
        stop.wait(INTERVAL)


LOG_ROOT = '/var/log'
INTERVAL = float(os.environ.get('POLL_SECONDS', '2'))

for sig in (signal.SIGTERM, signal.SIGINT):
    signal.signal(sig, lambda *_: stop.set())

run()
sys.exit(0)
