FROM python:3.13
MAINTAINER Ada Lovelace <ada@example.com>
ENV PYTHONUNBUFFERED 1
WORKDIR /srv
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY app.py .
EXPOSE 8000
CMD python app.py
