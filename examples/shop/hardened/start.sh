#!/bin/sh
# Starts the mail relay of the shop.
set -eu

docker network inspect mail > /dev/null 2>&1 || docker network create mail
docker run -d --name mail --restart always \
  -p 127.0.0.1:25:1025 \
  --network mail \
  --user 10001:10001 \
  --read-only \
  --tmpfs /tmp:noexec,nosuid,nodev,size=64m,mode=1777 \
  --cap-drop ALL \
  --security-opt no-new-privileges \
  --memory 256m \
  --pids-limit 256 \
  registry.example.com/books/mail:3.1.2
