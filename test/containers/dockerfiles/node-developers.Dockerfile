FROM node:24 AS base
WORKDIR /app
COPY package.json package-lock.json ./
EXPOSE 3000

FROM base AS dev
RUN apt-get update && apt-get install -y make
CMD ["npm", "run", "dev"]

FROM base
RUN npm ci --omit=dev
COPY . .
CMD ["npm", "start"]
