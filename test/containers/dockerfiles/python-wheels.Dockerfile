FROM python:3.13 AS build
WORKDIR /src
COPY requirements.txt .
RUN mkdir /wheels && pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-index --find-links /wheels shop
WORKDIR /srv
COPY app.py .
RUN useradd --create-home app
EXPOSE 8000
CMD ["python", "app.py"]
