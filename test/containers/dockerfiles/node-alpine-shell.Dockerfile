FROM node:24-alpine
RUN apk update && apk add curl
WORKDIR /app
COPY . /app
RUN cd /app && npm ci
HEALTHCHECK CMD curl -f http://localhost:3000/health || exit 1
EXPOSE 3000
CMD ["sh", "-c", "node server.js"]
