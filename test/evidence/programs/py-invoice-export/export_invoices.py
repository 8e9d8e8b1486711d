"""Write one CSV per customer with the invoices that were paid.

Handy in a notebook, too::

    from export_invoices import rows_for
    with open("/srv/notebooks/paid.csv", "w", newline="") as fh:
        csv.writer(fh).writerows(rows_for("ACME"))

In production the job is started by the scheduler once per night.
"""
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXPORT_DIR = (
    Path("/var/lib")
    / "invoices"
    / "export"
)

HEADER = ("number", "date", "amount")


def load_invoices():
    with open(HERE / "invoices.json", encoding="utf-8") as fh:
        return json.load(fh)


def rows_for(customer, invoices=None):
    """Rows of a single customer.

    >>> open("/srv/doctest/out.csv", "w").writelines(rows_for("ACME"))
    """
    for inv in invoices or load_invoices():
        if inv["customer"] == customer and inv["paid"]:
            yield inv["number"], inv["date"], inv["amount"]


def main():
    per_customer = defaultdict(list)
    invoices = load_invoices()
    for inv in invoices:
        per_customer[inv["customer"]] = list(rows_for(inv["customer"], invoices))

    EXPORT_DIR.mkdir(parents=True, exist_ok=True)
    for customer, rows in sorted(per_customer.items()):
        target = EXPORT_DIR / f"{customer.lower()}.csv"
        with target.open("w", newline="", encoding="utf-8") as fh:
            writer = csv.writer(fh, delimiter=";")
            writer.writerow(HEADER)
            writer.writerows(rows)
        print(f"{target}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
