FROM python:3.13-slim
WORKDIR /srv
COPY app.py entrypoint.sh ./
RUN chmod +x entrypoint.sh
VOLUME /srv/data
EXPOSE 8000
ENTRYPOINT ["./entrypoint.sh"]
CMD ["python", "app.py"]
