FROM node:24
WORKDIR /app
COPY package*.json server.js ./
COPY lib ./lib
RUN npm ci
CMD ["server.js"]
LABEL role=shop
EXPOSE 3000
ENTRYPOINT ["node"]
