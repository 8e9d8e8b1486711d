ARG PYTHON=3.13
FROM python:${PYTHON}-slim
ARG APP_USER=app
ARG DATA=/var/lib/shop
RUN groupadd --system $APP_USER && useradd --system --gid $APP_USER $APP_USER
ENV DATA_DIR=$DATA
RUN mkdir -p "$DATA_DIR"
WORKDIR /srv
COPY app.py .
USER $APP_USER
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
EXPOSE 8000
CMD ["python", "app.py"]
