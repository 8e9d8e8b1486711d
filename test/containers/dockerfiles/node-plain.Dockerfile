FROM node:24
WORKDIR /app
ADD package.json package-lock.json ./
RUN npm ci
ADD server.js ./
ADD lib ./lib
ENV SESSION_SECRET=correct-horse-battery-staple
EXPOSE 3000
CMD node server.js
