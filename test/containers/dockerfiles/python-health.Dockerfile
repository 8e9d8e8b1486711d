FROM python:3.13-slim
RUN apt-get update && apt-get install -y curl
WORKDIR /srv
COPY app.py .
EXPOSE 8000
HEALTHCHECK --interval=30s CMD curl -f http://localhost:8000/ || exit 1
USER root
CMD ["python", "app.py"]
