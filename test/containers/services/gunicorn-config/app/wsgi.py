from pathlib import Path

from flask import Flask

app = Flask(__name__)
VOTES = Path(app.instance_path) / "votes.txt"


@app.post("/vote")
def vote():
    VOTES.parent.mkdir(parents=True, exist_ok=True)
    with VOTES.open("a") as f:
        f.write("1\n")
    return "thanks"


@app.get("/")
def index():
    return f"votes: {len(VOTES.read_text().splitlines()) if VOTES.exists() else 0}"
