#!/bin/sh
set -eu
podman build -t localhost/keeps-notes .
podman run -d --name notes localhost/keeps-notes
