"""Checks what the real run printed: python3 check_real_run.py FOLDER, which holds the JSON of both runs."""

import json
import math
import pathlib
import sys

# Each of the contract's metrics that a study of every family has, as (metric, scheme, group size).
MEASURED = [
    ("ece", "trained", 1),
    ("ece", "logit-ensemble", 4),
    ("lipschitz-spectral", "hierarchical", 4),
    ("lipschitz-local", "hierarchical", 4),
    ("lipschitz-sampled", "hierarchical", 4),
    ("weight-norm-layer", "hierarchical", 4),
    ("fgsm-accuracy", "merge-many", 4),
    ("pgd-linf-accuracy", "hierarchical", 4),
    ("pgd-l2-accuracy", "hierarchical", 4),
    ("deepfool-rho", "trained", 1),
    ("deepfool-l2-median", "hierarchical", 2),
    ("deepfool-linf-accuracy", "hierarchical", 2),
    ("gaussian-accuracy", "hierarchical", 4),
    ("uniform-accuracy", "hierarchical", 4),
    ("weight-noise-accuracy", "hierarchical", 4),
    ("path-loss", "hierarchical", 4),
    ("barrier-loss", "hierarchical", 2),
    ("running-mean-loss", "merge-many", 4),
    ("control-accuracy-difference", "equal-accuracy-early-stop", 4),
    ("control-coefficient", "equal-accuracy-l2", 4),
    ("control-noise", "equal-accuracy-weight-noise", 4),
    ("weight-norm", "norm-rescaled", 4),
    ("accuracy", "noise-matched", 4),
]
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
    check(list(run["tasks"]) == ["SUCCEEDED"], "all tasks succeeded", run["tasks"])
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


def curve(document, scheme, group, metric, space):
    points = {
        float(row["at"]): row["mean"]
        for row in document["metrics"]
        if (row["scheme"], row["groupSize"], row["metric"], row["space"]) == (scheme, group, metric, space)
    }
    return [points[at] for at in sorted(points)]


def check_measurements(run):
    for metric, scheme, group in MEASURED:
        found = [
            row["mean"]
            for row in run["metrics"]
            if (row["metric"], row["scheme"], row["groupSize"]) == (metric, scheme, group)
        ]
        check(bool(found) and None not in found, f"{scheme} of {group} has {metric}", f"{len(found)} numbers")
    fgsm = curve(run, "trained", 1, "fgsm-accuracy", "pixel")
    check(len(fgsm) == 4 and fgsm == sorted(fgsm, reverse=True), "accuracy falls with FGSM's epsilon", fgsm)
    pgd = curve(run, "trained", 1, "pgd-linf-accuracy", "pixel")
    check(len(pgd) == 1 and pgd[0] < fgsm[0], "accuracy under PGD lies below that without attack", pgd)
    merged = value(run, "hierarchical", 4, "lipschitz-spectral", None)
    local = value(run, "hierarchical", 4, "lipschitz-local", "test")
    check(0 < local < merged, "the local Lipschitz bound lies below the spectral one", f"{local} < {merged}")


def check_repetition(first, second, attempts):
    check(first["id"] == second["id"], "the second run found the first study", second["id"])
    check(first["metrics"] == second["metrics"], "both runs show the same numbers", len(second["metrics"]))
    tasks = first["tasks"]["SUCCEEDED"] - first["reused"]
    check(attempts == [tasks, tasks], "no task was tried twice", f"{attempts} attempts at {tasks} tasks")


def main(folder):
    first, second, before, after = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("first.json", "second.json", "first-attempts.json", "second-attempts.json")
    )
    check_results(first)
    check_measurements(first)
    check_repetition(first, second, [int(rows[0]["attempts"]) for rows in (before, after)])
    print(f"first run {first['seconds']:.1f} s, second run {second['seconds']:.1f} s, {failures} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
