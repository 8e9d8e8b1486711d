FROM alpine:3.22
RUN addgroup -S shop && adduser -S -G shop shop
USER shop
RUN apk add --no-cache tini
COPY serve.sh /serve.sh
ENTRYPOINT ["tini", "--"]
CMD ["/serve.sh"]
