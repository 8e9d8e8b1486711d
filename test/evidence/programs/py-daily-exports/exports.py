from pathlib import Path
from string import Template
import tomllib

with open("/app/exports.toml", "rb") as fp:
    definitions = tomllib.load(fp)["export"]

PATHS = {
    "templates": "/app/templates",
    "daily": "/exports/daily",
    "archive": "/exports/archive",  # filled by another job
}


def fill(definition):
    text = Path(PATHS["templates"], definition["template"]).read_text()
    return Template(text).safe_substitute(definition["values"])


written = [
    (Path(PATHS["daily"]) / f"{d['name']}.txt").write_text(fill(d))
    for d in definitions
    if d.get("enabled", True)
]

print(f"{len(written)} exports, {sum(written)} characters")
