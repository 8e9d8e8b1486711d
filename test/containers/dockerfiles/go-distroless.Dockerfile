FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod main.go ./
RUN CGO_ENABLED=0 go build -o /shop .

FROM gcr.io/distroless/static-debian12
COPY --from=build /shop /shop
EXPOSE 8080
CMD ["/shop"]
