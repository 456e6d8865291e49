#!/usr/bin/env python3
"""Draws three charts of a study from its numbers: a file of CSV, or the database itself.

    ./basinlab sql "SELECT * FROM results.metrics WHERE study = 'my-study'" --csv > metrics.csv
    python3 src/notebook/charts.py metrics.csv --out charts

    PGPASSFILE=DATA_HOME/postgres/pgpass python3 src/notebook/charts.py --out charts --study my-study \\
        --database 'host=127.0.0.1 port=PORT user=basinlab dbname=basinlab'

accuracy.png   test accuracy by scheme and group size
fgsm.png       accuracy under FGSM against epsilon, a curve for each stage of the tree
norms.png      weight norm and spectral Lipschitz bound by stage, of the tree and of its networks merged without alignment

Beside each chart stands a CSV file with the numbers that it shows. Every chart says how many networks stand behind it, what one
unit is, what was left out, and how its intervals were made. `tables/metrics.csv` of an exported bundle is read as well. The database
is named as libpq names it, or by the jdbc: URL that `./basinlab study ID --json` prints; it is read in one read-only transaction.

Needs python3-pandas and python3-matplotlib, and for --database python3-psycopg or python3-psycopg2.
"""

import argparse
import pathlib
import sys

COLUMNS = ["study_id", "study", "arm", "scheme", "stage", "group_size", "group_id", "variant", "seed", "metric", "space", "at",
           "split", "value", "status"]
# In a bundle, which holds one study, these may be missing.
MAY_LACK = {"study_id", "study", "seed"}
METRICS = ["accuracy", "fgsm-accuracy", "weight-norm", "lipschitz-spectral"]
MERGES = ["trained", "hierarchical", "merge-many", "reference", "naive"]
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
RESAMPLES = 2_000
BAND = (f"band, bars: 95 % of means of groups drawn with replacement (percentile bootstrap, {RESAMPLES:,} draws, each point by"
        " itself),\nnone where n = 1, too narrow where n is small")


class Refused(Exception):
    """What must hold, where, what was found; and the exit code."""

    def __init__(self, message, code=2):
        super().__init__(message)
        self.code = code


def load_libraries():
    """Late, so that --help needs none."""
    global np, pd, plt
    try:
        import matplotlib

        matplotlib.use("Agg")
        import matplotlib.pyplot as plt
        import numpy as np
        import pandas as pd
    except ImportError as missing:
        raise Refused(f"pandas and matplotlib must be installed, {missing.name} was not found:"
                      " apt install python3-pandas python3-matplotlib", 3) from missing


def read_csv(path):
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    except OSError as fault:
        raise Refused(f"{path} must be a file of CSV: {fault.strerror}") from fault
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as fault:
        raise Refused(f"{path} must be CSV with a line of headings: {str(fault).strip()}") from fault
    missing = [column for column in COLUMNS if column not in rows and column not in MAY_LACK]
    if missing:
        raise Refused(f"{path} must have the columns of results.metrics, {', '.join(missing)} is missing"
                      if len(missing) == 1 else
                      f"{path} must have the columns of results.metrics, these are missing: {', '.join(missing)}")
    for column in COLUMNS:
        if column not in rows:
            rows[column] = ""
    return rows[COLUMNS]


def connect(database):
    where = database[len("jdbc:"):] if database.startswith("jdbc:") else database
    try:
        import psycopg as driver
    except ImportError:
        try:
            import psycopg2 as driver
        except ImportError as fault:
            raise Refused("--database needs psycopg, neither psycopg nor psycopg2 was found: apt install python3-psycopg",
                          3) from fault
    try:
        return driver, driver.connect(where)
    except driver.Error as fault:
        line = " ".join(str(fault).split())
        raise Refused(f"--database must name a PostgreSQL that accepts connections: {line}", 3) from fault


def read_database(database):
    """As texts, like a file: an exact decimal stays one, and both ways go on alike."""
    driver, connection = connect(database)
    columns = ", ".join(f"coalesce({column}::text, '')" for column in COLUMNS)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute(f"SELECT {columns} FROM results.metrics WHERE metric = ANY(%s)", (METRICS,))
            return pd.DataFrame(cursor.fetchall(), columns=COLUMNS)
    except driver.Error as fault:
        line = " ".join(str(fault).split())
        raise Refused(f"--database must hold a store of Basinlab that may be read: {line}", 3) from fault
    finally:
        connection.close()


def one_study(rows, wanted):
    """The rows of the study that is meant: by name, or by the beginning of its id."""
    if wanted:
        rows = rows[(rows["study"] == wanted) | rows["study_id"].str.startswith(wanted)]
    if rows.empty:
        raise Refused(f"there must be rows of study {wanted}, there are none" if wanted else "there must be rows, there are none")
    studies = rows[["study_id", "study"]].drop_duplicates().sort_values(["study", "study_id"])
    if len(studies) > 1:
        known = ", ".join(f"{row.study} {row.study_id[:8]}" for row in studies.itertuples())
        raise Refused(f"the rows must be of one study, they are of {len(studies)}: choose one by --study, {known}")
    return rows


def typed(rows):
    rows = rows.copy()
    for column in ("stage", "group_size", "group_id", "at", "value"):
        numbers = pd.to_numeric(rows[column], errors="coerce")
        wrong = rows[numbers.isna() & ~rows[column].str.lower().isin(["", "nan", "inf", "-inf", "infinity", "-infinity"])]
        if not wrong.empty:
            raise Refused(f"column {column} must hold numbers, in row {wrong.index[0] + 2} it was '{wrong[column].iloc[0]}'")
        rows[column] = numbers
    broken = ~np.isfinite(rows["value"]) & (rows["status"] == "ok")
    rows["status"] = rows["status"].mask(broken, "nan")
    order = ["arm", "group_size", "scheme", "variant", "metric", "space", "at", "group_id", "seed", "value"]
    return rows.sort_values(order, kind="stable").reset_index(drop=True)


def select(rows, metric, **conditions):
    chosen = rows[rows["metric"] == metric]
    for column, value in conditions.items():
        chosen = chosen[chosen[column].isin(value if isinstance(value, list) else [value])]
    if chosen.empty:
        said = "".join(f", {column} {value if isinstance(value, str) else '/'.join(map(str, value))}"
                       for column, value in conditions.items() if value != "")
        raise Refused(f"there must be rows of metric {metric}{said}; there are none, the study did not measure it")
    return chosen


def counted(rows):
    """What may be averaged, and a sentence about the rest."""
    good = rows[rows["status"] == "ok"]
    if good.empty:
        raise Refused(f"there must be rows of {rows['metric'].iloc[0]} with status ok, all {len(rows)} have others")
    reasons = rows[rows["status"] != "ok"]["status"].value_counts().sort_index()
    rest = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
    return good, f"left out: {rest} of {len(rows)} values" if rest else f"left out: none of {len(rows)} values"


def interval(values):
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return np.nan, np.nan
    draws = np.random.default_rng(1).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return low, high


def summary(rows, keys):
    table = []
    for key, part in rows.groupby(keys, sort=False, dropna=False):
        low, high = interval(part["value"])
        key = key if isinstance(key, tuple) else (key,)
        table.append([*key, len(part), part["value"].mean(), low, high])
    return pd.DataFrame(table, columns=[*keys, "n", "mean", "low", "high"])


def spread(counts):
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"


def accuracy(rows, axes, _):
    good, left_out = counted(select(rows, "accuracy", split="test", scheme=MERGES))
    good = good.assign(order=good["scheme"].map(MERGES.index)).sort_values(["group_size", "order"], kind="stable")
    labels, boxes = [], []
    for (size, scheme, variant), part in good.groupby(["group_size", "scheme", "variant"], sort=False):
        settings = "".join(f"\n{setting}" for setting in variant.split(",") if setting)
        labels.append(f"{scheme}{settings}\n{int(size)}, n = {len(part)}")
        boxes.append(part["value"].to_numpy())
        axes.plot(len(boxes) + np.linspace(-0.15, 0.15, len(part)) * (len(part) > 1), part["value"], "o", markersize=4,
                  alpha=0.7, color=COLOURS[MERGES.index(scheme)])
    axes.boxplot(boxes, whis=(0, 100), showfliers=False, medianprops={"color": "black"})
    axes.set_xticks(range(1, len(boxes) + 1), labels, fontsize=7)
    axes.set_ylabel("test accuracy, fraction of images")
    axes.set_xlabel("scheme and number of networks merged")
    axes.figure.set_size_inches(max(7.0, 1.0 * len(boxes)), 5.2)
    table = good[["scheme", "group_size", "variant", "group_id", "value"]]
    return table, [f"unit: one network, a point; networks of one column share no leaf; {left_out}",
                   "box: quartiles and median, whiskers to the extremes; no interval of a mean is shown"]


def fgsm(rows, axes, options):
    chosen = select(rows, "fgsm-accuracy", scheme=["trained", "hierarchical"], variant="", space=options.space)
    good, left_out = counted(chosen)
    table = summary(good.sort_values(["stage", "at"], kind="stable"), ["stage", "at"])
    for number, (stage, part) in enumerate(table.groupby("stage")):
        colour = COLOURS[number % len(COLOURS)]
        name = "trained" if stage == 0 else f"{2 ** int(stage)} merged"
        axes.plot(part["at"], part["mean"], "o-", markersize=3, color=colour, label=f"{name}, n = {spread(part['n'])}")
        axes.fill_between(part["at"], part["low"], part["high"], color=colour, alpha=0.2, linewidth=0)
    axes.set_xlabel(f"ε, change of each value ({options.space} space)")
    axes.set_ylabel("accuracy under FGSM, fraction of images")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8)
    return table, [f"unit: one network of a stage (scheme hierarchical), mean over n; {left_out}", BAND]


def norms(rows, axes, _):
    tables, said = [], []
    for panel, metric, unit in zip(axes, ("weight-norm", "lipschitz-spectral"),
                                   ("weight norm Σ‖W‖ + ‖b‖", "Lipschitz bound, logits per normalised input (L2)")):
        good, left_out = counted(select(rows, metric, scheme=["trained", "hierarchical", "naive"], variant=""))
        table = summary(good[good["stage"].notna()].sort_values(["scheme", "stage"], kind="stable"), ["scheme", "stage"])
        leaves = table[table["scheme"] == "trained"]
        for number, scheme in enumerate(["hierarchical", "naive"]):
            line = pd.concat([leaves, table[table["scheme"] == scheme]])
            below, above = line["mean"] - line["low"], line["high"] - line["mean"]
            panel.errorbar(line["stage"], line["mean"], yerr=np.maximum(0, np.nan_to_num([below, above])), marker="o", capsize=3,
                           color=COLOURS[number], linestyle="-" if number == 0 else "--",
                           label=scheme if number == 0 else f"{scheme}, the same leaves without alignment")
        ticks = [(stage, spread(part["n"])) for stage, part in table.groupby("stage")]
        panel.set_xticks([stage for stage, _ in ticks], [f"{int(stage)}\nn = {n}" for stage, n in ticks])
        panel.set_xlabel("stage, log₂ of the networks merged")
        panel.set_ylabel(unit)
        panel.set_yscale("log" if metric == "lipschitz-spectral" else "linear")
        panel.legend(frameon=False, fontsize=8)
        tables.append(table.assign(metric=metric))
        said.append(f"{metric}: {left_out}")
    axes[0].figure.set_size_inches(11, 5)
    return pd.concat(tables), [f"unit: one network of a stage, mean over n; {'; '.join(said)}", BAND]


CHARTS = {
    "accuracy": (accuracy, "Test accuracy by scheme and group size", 1),
    "fgsm": (fgsm, "Accuracy under FGSM by stage", 1),
    "norms": (norms, "Weight norm and Lipschitz bound by stage", 2),
}


def draw(name, rows, options):
    paint, title, panels = CHARTS[name]
    figure, axes = plt.subplots(1, panels, figsize=(7, 5))
    try:
        table, notes = paint(rows, axes, options)
        study = rows["study"].iloc[0]
        figure.suptitle(f"{title}{', ' + study if study else ''}, arm {options.arm}", fontsize=11)
        figure.tight_layout(rect=(0, 0.02 + 0.03 * "\n".join(notes).count("\n"), 1, 1))
        figure.text(0.01, 0.01, "\n".join(notes), fontsize=7, va="bottom")
        chart = options.out / f"{name}.png"
        figure.savefig(chart, dpi=150)
        table.to_csv(options.out / f"{name}.csv", index=False, float_format="%.10g")
    finally:
        plt.close(figure)
    print(chart)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refused(f"{message}; --help says more")


def parse(arguments):
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("csv", nargs="?", help="rows of results.metrics with a line of headings")
    source.add_argument("--database", metavar="WHERE", help="libpq's words, a postgresql:// or a jdbc: URL")
    parser.add_argument("--study", metavar="NAME", help="name of the study, or the beginning of its id; needed where there are several")
    parser.add_argument("--arm", default="main", help="the population (default: main)")
    parser.add_argument("--space", default="pixel", choices=["pixel", "normalised"], help="of FGSM's epsilon (default: pixel)")
    parser.add_argument("--chart", action="append", choices=list(CHARTS), help="only this one; may be repeated (default: all)")
    parser.add_argument("--out", default=".", type=pathlib.Path, metavar="DIR", help="where charts and tables go (default: here)")
    return parser.parse_args(arguments)


def run(options):
    """Draws what can be drawn; what cannot is said in a line each."""
    rows = read_database(options.database) if options.database else read_csv(options.csv)
    rows = typed(one_study(rows, options.study))
    arms = sorted(rows["arm"].unique())
    rows = rows[rows["arm"] == options.arm]
    if rows.empty:
        raise Refused(f"--arm must be one of {', '.join(arms)}, was {options.arm}")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Refused(f"--out {options.out} must be a folder that can be written: {fault.strerror}") from fault
    code = 0
    for name in options.chart or CHARTS:
        try:
            draw(name, rows, options)
        except Refused as refused:
            print(f"charts: {name} was not drawn: {refused}", file=sys.stderr)
            code = refused.code
    return code


def main(arguments=None):
    try:
        options = parse(arguments)
        load_libraries()
        return run(options)
    except Refused as refused:
        print(f"charts: {refused}", file=sys.stderr)
        return refused.code


if __name__ == "__main__":
    sys.exit(main())
