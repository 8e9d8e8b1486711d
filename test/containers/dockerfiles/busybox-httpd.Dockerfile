FROM busybox:1.37
WORKDIR /www
COPY site .
EXPOSE 8080
CMD ["busybox", "httpd", "-f", "-p", "8080"]
