import os

from flask import Flask

app = Flask(__name__)
folder = os.environ['SESSION_FILE_DIR']


@app.get('/')
def index():
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'visitor'), 'w') as session:
        session.write('1')
    return 'session kept\n'
