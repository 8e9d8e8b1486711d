FROM php:8.4-cli
COPY site /srv/site
WORKDIR /srv/site
EXPOSE 8000
CMD php -S 0.0.0.0:8000 -t /srv/site
