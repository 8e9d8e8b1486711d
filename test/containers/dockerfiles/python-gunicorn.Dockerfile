FROM python:3.13-slim

RUN apt-get update && \
    apt-get install -y build-essential && \
    pip install gunicorn

WORKDIR /srv
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
RUN chmod -R 777 /srv

EXPOSE 8000
CMD gunicorn --bind 0.0.0.0:8000 app:application
