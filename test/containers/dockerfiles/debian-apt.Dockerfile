FROM debian:12
RUN apt-get update
RUN apt-get install -y curl procps
COPY serve.sh /usr/local/bin/serve.sh
RUN chmod 755 /usr/local/bin/serve.sh
EXPOSE 8080
CMD ["/usr/local/bin/serve.sh"]
