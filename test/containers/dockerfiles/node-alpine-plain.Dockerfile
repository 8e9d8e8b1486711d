FROM node:24-alpine
WORKDIR /app
COPY server.js .
COPY lib lib
CMD ["node","server.js"]
