#!/usr/bin/python3
"""jar --create --file FILE --main-class CLASS -C FOLDER . : a JRE has no jar."""
import os, sys, zipfile
words = sys.argv[1:]
value = lambda name: words[words.index(name) + 1]
folder = value('-C')
with zipfile.ZipFile(value('--file'), 'w') as archive:
    archive.writestr('META-INF/MANIFEST.MF', f"Manifest-Version: 1.0\nMain-Class: {value('--main-class')}\n\n")
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            archive.write(path, os.path.relpath(path, folder))
