#!/bin/sh
set -e
if [ "$1" = nginx ] || [ "$1" = nginx-debug ]; then
  for file in /docker-entrypoint.d/*.sh; do
    [ -x "$file" ] && "$file"
  done
fi
exec "$@"
