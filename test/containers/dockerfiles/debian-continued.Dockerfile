FROM debian:12-slim

# What the shop needs.
RUN apt-get update \
  # for the backup
  && apt-get install -y \
    cron \
    rsync \
  && apt-get autoremove -y

COPY serve.sh /serve.sh

# Runs for ever,
# as the first process.
ENTRYPOINT ["/serve.sh"]

# What it is told.
CMD ["--verbose"]
