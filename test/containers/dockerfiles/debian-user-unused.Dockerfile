FROM debian:12-slim
RUN groupadd --gid 4000 shop && useradd --uid 4000 --gid shop --create-home shop
WORKDIR /home/shop
COPY serve.sh .
EXPOSE 8080
CMD ./serve.sh
