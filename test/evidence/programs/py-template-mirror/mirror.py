import argparse
import os
import shutil
import sys
import textwrap

EPILOG = textwrap.dedent("""\
    examples:
      mirror.py --once
      mirror.py --once > /var/tmp/mirror.log
      python -c 'import mirror; mirror.mirror(dest="/opt/elsewhere")'
    """)

"""
def mirror_rsync(dest="/mnt/nfs/templates"):
    # kept for reference, rsync is not in the image any more
    subprocess.check_call(["rsync", "-a", SOURCE, dest])
    open(dest + "/.stamp", "w").close()
"""

SOURCE = "/usr/share/templates"


def mirror(src=SOURCE, dest="/srv/mirror/templates"):
    copied = 0
    for root, dirs, files in os.walk(src):
        rel = os.path.relpath(root, src)
        for d in dirs:
            os.makedirs(os.path.join(dest, rel, d), exist_ok=True)
        for name in files:
            if name.endswith("~") or name.startswith("."):
                continue
            shutil.copy2(os.path.join(root, name), os.path.join(dest, rel, name))
            copied += 1
    return copied


def parse(argv):
    p = argparse.ArgumentParser(
        description="copy templates to the mirror",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("--once", action="store_true", help="do it once, then exit")
    return p.parse_args(argv)


if __name__ == "__main__":
    args = parse(sys.argv[1:])
    if not args.once:
        sys.exit("only --once is supported in containers")
    print("copied %d files" % mirror())
