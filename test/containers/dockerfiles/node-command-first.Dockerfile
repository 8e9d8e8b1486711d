# The command stands above what it needs.
FROM node:24-slim
WORKDIR /app
CMD ["server.js"]
COPY package.json package-lock.json ./
RUN npm ci --only=production
COPY server.js ./
COPY lib lib
EXPOSE 3000
ENTRYPOINT ["node"]
