FROM debian:12
RUN cd /opt && mkdir shop
RUN cd /opt/shop
WORKDIR opt/shop
COPY serve.sh ./serve.sh
RUN mkdir -p /var/lib/shop /var/log/shop
VOLUME ["/var/lib/shop"]
EXPOSE 8080/tcp
CMD ["./serve.sh", "--data", "/var/lib/shop"]
