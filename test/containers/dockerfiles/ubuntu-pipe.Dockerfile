FROM ubuntu:24.04
RUN apt-get update && apt-get install -y curl ca-certificates | tee /var/log/install.log
COPY serve.sh /serve.sh
RUN cat /serve.sh | sed s/a/a/ > /dev/null
STOPSIGNAL SIGQUIT
CMD ["bash", "-c", "/serve.sh"]
