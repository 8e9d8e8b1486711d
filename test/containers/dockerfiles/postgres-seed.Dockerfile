FROM postgres:17
ENV POSTGRES_PASSWORD=only-for-tests
COPY init.sql /docker-entrypoint-initdb.d/
RUN apt-get update && apt-get install -y postgresql-contrib
