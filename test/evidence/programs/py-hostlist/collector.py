"""Collects host lists from drop-in files and merges them."""

import glob
import os.path
import time

target = "/etc/hostlist.d"
result = None


def sources():
    return sorted(glob.glob(target + "/*.list"))


def parse(path):
    hosts = set()
    with open(path) as f:
        for line in f:
            line = line.split("#", 1)[0].strip()
            if line:
                hosts.add(line)
    return hosts


def merge(paths):
    result = set()
    for path in paths:
        result |= parse(path)
    return result


def publish(hosts):
    # not the module's target!
    target = "/opt/hostlist/merged"
    os.makedirs(target, exist_ok=True)
    scratch = os.path.join(target, "hosts.new")
    with open(scratch, "w") as f:
        for host in sorted(hosts):
            print(host, file=f)
    os.replace(scratch, os.path.join(target, "hosts"))


while True:
    files = sources()
    publish(merge(files))
    print("merged", len(files), "files from", target, flush=True)
    time.sleep(30)
