#!/bin/sh
set -e
mkdir -p /var/lib/ledger/pages
exec "$@"
