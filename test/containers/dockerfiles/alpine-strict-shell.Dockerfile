FROM alpine:3.22
SHELL ["/bin/sh", "-eo", "pipefail", "-c"]
WORKDIR /srv
RUN apk add --no-cache python3 && echo ok | tee /srv/installed
COPY app.py .
EXPOSE 8000
CMD exec python3 app.py
