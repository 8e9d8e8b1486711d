import logging

from fastapi import FastAPI

from app import settings

settings.LOG_FILE.parent.mkdir(parents=True, exist_ok=True)
logging.basicConfig(filename=settings.LOG_FILE, level=logging.INFO)

app = FastAPI()


@app.get("/")
def read_root():
    logging.info("asked")
    (settings.STORAGE / "last.txt").write_text("asked")
    return {"docs": (settings.STORAGE / "last.txt").read_text()}
