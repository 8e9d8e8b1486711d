import os
import sqlite3
from contextlib import closing

from flask import Flask, abort, g, jsonify, request

app = Flask(__name__)
app.config["DATABASE"] = os.environ.get("NOTES_DB", "/usr/share/notes/dev.sqlite3")

SCHEMA = """
CREATE TABLE IF NOT EXISTS note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    body TEXT NOT NULL DEFAULT ''
);
"""


def get_db() -> sqlite3.Connection:
    if "db" not in g:
        g.db = sqlite3.connect(app.config["DATABASE"])
        g.db.row_factory = sqlite3.Row
    return g.db


@app.teardown_appcontext
def close_db(_exc) -> None:
    db = g.pop("db", None)
    if db is not None:
        db.close()


def init_db() -> None:
    with closing(sqlite3.connect(app.config["DATABASE"])) as db:
        db.executescript(SCHEMA)


@app.get("/notes")
def list_notes():
    rows = get_db().execute("SELECT id, title, body FROM note ORDER BY id").fetchall()
    return jsonify([dict(row) for row in rows])


@app.post("/notes")
def add_note():
    payload = request.get_json(silent=True) or {}
    if not payload.get("title"):
        abort(400, "title is required")
    db = get_db()
    cur = db.execute(
        "INSERT INTO note (title, body) VALUES (?, ?)",
        (payload["title"], payload.get("body", "")),
    )
    db.commit()
    return jsonify(id=cur.lastrowid), 201


@app.get("/healthz")
def healthz():
    return "ok"


init_db()
