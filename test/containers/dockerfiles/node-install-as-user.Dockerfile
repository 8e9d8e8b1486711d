FROM node:24
WORKDIR /app
COPY --chown=node:node . .
USER node
RUN npm ci
RUN apt-get update && apt-get install -y --no-install-recommends tini
RUN apt-get clean
EXPOSE 3000
CMD ["node", "server.js"]
