#!/bin/sh
# Says what it cannot change, and lets nginx start.
file=/etc/nginx/conf.d/default.conf
[ -f "$file" ] || exit 0
touch "$file" 2>/dev/null || { echo "$0: info: can not modify $file (read-only file system?)"; exit 0; }
echo "$0: info: $file is as it was"
