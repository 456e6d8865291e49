"""Checks what the real run printed: python3 check_real_run.py FOLDER, which holds the JSON of both runs."""

import json
import math
import pathlib
import sys

# 4 trained, 2 + 1 hierarchical, 1 merge-many, 1 reference and 2 + 1 naive networks, each made by one task and measured
# by three: accuracy on both splits and the weight norm.
TASKS = 48
MERGES = [("hierarchical", 2), ("hierarchical", 4), ("merge-many", 4), ("reference", 4), ("naive", 2), ("naive", 4)]

failures = 0


def check(holds, claim, found):
    global failures
    failures += not holds
    print(f"{'ok' if holds else 'WRONG':<6}{claim}: {found}")


def value(document, scheme, group, metric, split):
    means = [
        row["mean"]
        for row in document["metrics"]
        if (row["scheme"], row["groupSize"], row["metric"], row["split"]) == (scheme, group, metric, split)
        and row["at"] is None
    ]
    return means[0] if len(means) == 1 and means[0] is not None else math.nan


def check_results(run):
    check(run["state"] == "SUCCEEDED", "the study succeeded", run["state"])
    check(run["tasks"] == {"SUCCEEDED": TASKS}, f"all {TASKS} tasks succeeded", run["tasks"])
    trained = value(run, "trained", 1, "accuracy", "test")
    check(0.30 <= trained <= 0.60, "test accuracy of trained networks lies in [0.30, 0.60]", trained)
    leaf_norm = value(run, "trained", 1, "weight-norm", None)
    check(leaf_norm > 0, "trained networks have a weight norm", leaf_norm)
    for scheme, group in MERGES:
        accuracy = value(run, scheme, group, "accuracy", "test")
        check(0 <= accuracy <= 1, f"{scheme} of {group} has a test accuracy", accuracy)
        norm = value(run, scheme, group, "weight-norm", None)
        check(norm < leaf_norm, f"{scheme} of {group} has a smaller weight norm than its leaves", norm)
    hierarchical = value(run, "hierarchical", 4, "accuracy", "test")
    naive = value(run, "naive", 4, "accuracy", "test")
    check(hierarchical > naive, "aligned merges of 4 beat plain means of 4", f"{hierarchical} > {naive}")
    losses = [row["mean"] for row in run["metrics"] if row["metric"] in ("loss", "epoch-loss")]
    finite = all(loss is not None and math.isfinite(loss) for loss in losses)
    check(bool(losses) and finite, "all losses are finite", f"{len(losses)} mean losses")
    check(all(row["excluded"] == 0 for row in run["metrics"]), "no value was left out", len(run["metrics"]))


def check_repetition(first, second, attempts):
    check(first["id"] == second["id"], "the second run found the first study", second["id"])
    check(first["metrics"] == second["metrics"], "both runs show the same numbers", len(second["metrics"]))
    check(attempts == [TASKS, TASKS], "no task was tried twice", attempts)


def main(folder):
    first, second, before, after = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("first.json", "second.json", "first-attempts.json", "second-attempts.json")
    )
    check_results(first)
    check_repetition(first, second, [int(rows[0]["attempts"]) for rows in (before, after)])
    print(f"first run {first['seconds']:.1f} s, second run {second['seconds']:.1f} s, {failures} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
