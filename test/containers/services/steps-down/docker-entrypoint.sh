#!/bin/sh
set -e
if [ "$1" = queue ] && [ "$(id -u)" = 0 ]; then
  mkdir -p /var/lib/queue
  chown -R queue:queue /var/lib/queue
  exec gosu queue "$0" "$@"
fi
exec "$@"
