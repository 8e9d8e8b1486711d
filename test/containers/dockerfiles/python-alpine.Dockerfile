FROM python:3.13-alpine
RUN apk add --no-cache gcc musl-dev
WORKDIR /srv
COPY requirements.txt app.py ./
RUN pip install -r requirements.txt
EXPOSE 8000
CMD ["python", "app.py"]
