FROM debian:12
RUN apt-get update && apt-get install -y sudo && rm -rf /var/lib/apt/lists/*
RUN sudo mkdir -p /opt/shop
WORKDIR /opt/shop
COPY serve.sh .
CMD ["./serve.sh"]
