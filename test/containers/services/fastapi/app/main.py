import sqlite3

from fastapi import FastAPI

app = FastAPI()
database = sqlite3.connect('data/notes.db', check_same_thread=False)
database.execute('CREATE TABLE IF NOT EXISTS notes (text TEXT)')


@app.get('/')
def count():
    return {'notes': database.execute('SELECT count(*) FROM notes').fetchone()[0]}


@app.post('/notes')
def add():
    with database:
        database.execute("INSERT INTO notes VALUES ('a note')")
    return {'added': True}
