import json
import os

from . import settings


def _datei(nummer: str) -> str:
    return f"{settings.STATE_DIR}/{nummer}.json"


def lade(nummer: str) -> dict:
    try:
        with open(_datei(nummer)) as f:
            return json.load(f)
    except FileNotFoundError:
        return {"nummer": nummer, "stand": "neu", "abfragen": 0}


def speichere(paket: dict) -> None:
    os.makedirs(settings.STATE_DIR, exist_ok=True)
    with open(_datei(paket["nummer"]), mode="w", encoding="utf-8") as f:
        json.dump(paket, f, ensure_ascii=False)
