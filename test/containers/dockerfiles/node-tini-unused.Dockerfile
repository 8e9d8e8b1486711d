FROM node:24-slim
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY server.js .
COPY lib lib
EXPOSE 3000
CMD ["node", "server.js"]
