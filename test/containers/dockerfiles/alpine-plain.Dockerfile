FROM alpine:3.22
RUN apk update && apk add curl
COPY serve.sh /serve.sh
EXPOSE 8080
CMD ["sh", "/serve.sh"]
