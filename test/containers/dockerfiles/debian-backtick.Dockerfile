# escape=`
FROM debian:12
RUN apt-get update && `
    apt-get install -y curl
COPY serve.sh /serve.sh
EXPOSE 8080
CMD /serve.sh
