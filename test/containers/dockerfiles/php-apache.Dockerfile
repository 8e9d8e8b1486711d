FROM php:8.4-apache
RUN apt-get update && apt-get install -y libzip-dev
COPY site/ /var/www/html/
RUN chown -R www-data:www-data /var/www/html
EXPOSE 80
