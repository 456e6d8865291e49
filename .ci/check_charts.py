"""Checks the charts of the real run, from CSV and from the database: python3 check_charts.py FOLDER DATABASE.

FOLDER holds metrics.csv; charts and tables go into charts-csv and charts-database beside it.
"""

import csv
import pathlib
import subprocess
import sys

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "src" / "notebook" / "charts.py"
CHARTS = ["accuracy", "fgsm", "norms"]
# A chart without anything in it has 5 kB.
LEAST_BYTES = 20_000

failures = 0


def check(holds, claim, found):
    global failures
    failures += not holds
    print(f"{'ok' if holds else 'WRONG':<6}{claim}: {found}")


def charts(*arguments):
    return subprocess.run([sys.executable, str(SCRIPT), *map(str, arguments)], capture_output=True, text=True)


def check_drawn(folder, source, *arguments):
    done = charts(*arguments, "--study", "ci-real-run", "--out", folder)
    check(done.returncode == 0, f"charts from {source}", done.stderr.strip() or "no complaint")
    for name in CHARTS:
        image = folder / f"{name}.png"
        content = image.read_bytes() if image.exists() else b""
        check(content.startswith(b"\x89PNG") and len(content) > LEAST_BYTES, f"{image.name} is drawn", f"{len(content)} bytes")


def check_refused(code, words, what, *arguments):
    done = charts(*arguments)
    lines = done.stderr.splitlines()
    check(done.returncode == code and len(lines) == 1 and words in done.stderr, f"{what} is refused in one line", lines)


def main(folder, database):
    metrics = folder / "metrics.csv"
    check_drawn(folder / "charts-csv", "CSV", metrics)
    check_drawn(folder / "charts-database", "the database", "--database", database)
    for name in CHARTS:
        one, other = ((folder / place / f"{name}.csv").read_text() for place in ("charts-csv", "charts-database"))
        check(one == other and one.count("\n") > 3, f"{name}.csv is the same from both", f"{one.count(chr(10))} lines")

    with open(metrics, newline="", encoding="utf-8") as source, open(folder / "narrow.csv", "w", newline="") as narrow:
        rows = csv.DictReader(source)
        writer = csv.DictWriter(narrow, [name for name in rows.fieldnames if name != "status"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    check_refused(2, "status is missing", "a missing column", folder / "narrow.csv")
    check_refused(2, "there are none", "a study without rows", metrics, "--study", "nothing")
    check_refused(2, "--arm must be one of main", "an unknown arm", metrics, "--arm", "other")
    check_refused(2, "No such file", "a missing file", folder / "nothing.csv")
    check_refused(3, "accepts connections", "a missing database", "--database", "host=127.0.0.1 port=1 dbname=x")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2]))
