# Einstellungen des Trackers. Werte hier, nicht im Code.
import datetime

ABFRAGE_INTERVALL = datetime.timedelta(seconds=5)
STATE_DIR = "/opt/tracker/state"
BEISPIEL_PFAD = "/usr/share/doc/tracker/beispiel.json"
