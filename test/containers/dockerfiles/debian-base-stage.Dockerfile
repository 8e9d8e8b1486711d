FROM debian:12 AS base
RUN useradd --uid 5000 shop
USER shop
COPY serve.sh /serve.sh

FROM base AS tools
RUN apt-get update && apt-get install -y make

FROM base
CMD ["/serve.sh"]
