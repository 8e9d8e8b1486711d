# syntax=docker/dockerfile:1
FROM node:24
WORKDIR /app
RUN <<EOF
apt-get update
apt-get install -y make
EOF
COPY . .
RUN npm ci
COPY <<EOF /app/settings.json
{"port": 3000}
EOF
EXPOSE 3000

# Starts the shop.
CMD ["node", "server.js"]
