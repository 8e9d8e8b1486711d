FROM php:8.4-fpm
WORKDIR /var/www/html
COPY site ./
RUN chmod -R a+w /var/www/html
EXPOSE 9000
CMD ["php-fpm"]
