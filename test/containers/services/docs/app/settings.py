from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
STORAGE = BASE_DIR / "storage"
LOG_FILE = STORAGE / "logs" / "app.log"
