FROM golang:1.26
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/shop .
EXPOSE 8080
ENTRYPOINT /usr/local/bin/shop
