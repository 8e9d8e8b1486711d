FROM node:24-alpine
WORKDIR /app
COPY server.js .
COPY lib lib
USER node
RUN apk add tini
ENTRYPOINT ["tini", "--", "node", "server.js"]
