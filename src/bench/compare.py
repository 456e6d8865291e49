#!/usr/bin/env python3
"""Runs Basinlab's benchmarks and their peers in turn, and prints the table of docs/benchmarks.md.

    python3 src/bench/compare.py                       all of it, about half an hour on two quiet cores
    python3 src/bench/compare.py --only train,lap      some of it: train, networks, lap, matching, graphs, many, attack, store
    python3 src/bench/compare.py --pairs 9             more pairs; a ratio is the median of those of the pairs
    python3 src/bench/compare.py --networks DIR        net0.safetensors ... net7.safetensors, instead of training them
    python3 src/bench/compare.py --data-dir DIR        the folder with CIFAR-10, to train them on

Needs a JDK and Maven; the peers need python3-torch, python3-numpy and python3-scipy. Everything runs on one thread. The
peers' OpenBLAS is given the right kernel by OPENBLAS_CORETYPE, since that of Debian does not know recent CPUs; ours finds
it, so the variable is taken away from it. Nothing else should run meanwhile.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

HOME = pathlib.Path(__file__).resolve().parents[2]
PEERS = HOME / "src" / "bench" / "python"
PACKAGE = "org.basinlab.benchmark."
NETWORKS = 8
# Of each measurement of a training, after three of warm-up.
SECONDS = 4

STUDY = """study: networks-for-benchmarks
dataset: { name: cifar10 }
network: { mlp: { hidden: [512, 512, 512, 256] } }
training:
  seeds: { from: 0, count: 8 }
  epochs: 6
  optimiser: { adam: { learningRate: 0.001 } }
  schedule: cosine
evaluate: { weight-norm: {} }
"""


def say(text):
    print(text, file=sys.stderr, flush=True)


def kernel_for_peers():
    flags = next((line for line in open("/proc/cpuinfo") if line.startswith("flags")), "")
    return "SKYLAKEX" if " avx512f " in flags + " " else "HASWELL" if " avx2 " in flags + " " else None


def environment(peer):
    env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    env.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    kernel = kernel_for_peers()
    if peer and kernel:
        env["OPENBLAS_CORETYPE"] = kernel
    return env


def run(command, peer=False):
    done = subprocess.run(command, cwd=HOME, env=environment(peer), capture_output=True, text=True)
    if done.returncode != 0:
        words = " ".join(str(word) for word in command if len(str(word)) < 200)
        sys.exit(f"compare: {words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def document(command, peer=False):
    """The line of JSON that a benchmark prints."""
    lines = [line for line in run(command, peer).splitlines() if line.startswith("{")]
    return json.loads(lines[-1])


class Ours:
    """Our side: one plain Java command a benchmark."""

    def __init__(self):
        say("building")
        run(["mvn", "-q", "-B", "-Pbenchmarks", "test-compile"])
        libraries = (HOME / "target" / "benchmarks.classpath").read_text().strip()
        self.path = f"{HOME}/target/classes:{HOME}/target/test-classes:{libraries}"

    def __call__(self, name, *arguments):
        java = pathlib.Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
        return document([str(java), "-Xmx4g", "-XX:+UseParallelGC", "-cp", self.path, PACKAGE + name, *map(str, arguments)])


def peer(name, *arguments):
    return document([sys.executable, str(PEERS / name), *map(str, arguments)], peer=True)


class Table:
    def __init__(self):
        self.rows = []
        self.raw = {}

    def add(self, work, ours, theirs, ratio, target):
        self.rows.append((work, ours, theirs, ratio, target))
        say(f"{work}: ours {ours}, peer {theirs}, ratio {ratio}" + (f", must reach {target}" if target else ""))

    def print(self):
        print("| work, one thread | ours | peer | ratio, median | must reach |")
        print("|---|---|---|---|---|")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


def median(values):
    return statistics.median(values)


def spread(values, digits=2):
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def train(ours, table, pairs):
    for work, target in (("train-adam-500", "≥ 1.0"), ("train-sgd-500", "≥ 1.0"), ("train-adam-128", "≥ 1.2")):
        mine, theirs = [], []
        for _ in range(pairs):
            mine.append(ours("TrainBenchmark", work, SECONDS))
            theirs.append(peer("train_peer.py", work, SECONDS))
        table.raw[work] = {"ours": mine, "peer": theirs}
        a = [one["images_per_second"] for one in mine]
        b = [one["images_per_second"] for one in theirs]
        ratios = [x / y for x, y in zip(a, b)]
        table.add(work, f"{median(a):,.0f} images/s", f"PyTorch: {median(b):,.0f}", spread(ratios), target)
        if work == "train-sgd-500":
            share = [one["gflops_of_products"] / one["gemm_gflops"] for one in mine]
            table.add(
                "SGD batch 500: products done",
                f"{median(one['gflops_of_products'] for one in mine):.0f} GF/s",
                f"SGEMM 512×512×3072: {median(one['gemm_gflops'] for one in mine):.0f}",
                spread(share),
                "≥ 0.70")
    for work in ("two-adam-500", "two-sgd-500"):
        both = [ours("TrainBenchmark", work, SECONDS) for _ in range(pairs)]
        table.raw[work] = {"ours": both}
        table.add(
            f"two networks on two cores, {work[4:]}",
            f"{median(one['images_per_second'] * one['two_over_one'] for one in both):,.0f} images/s",
            f"one on one core: {median(one['images_per_second'] for one in both):,.0f}",
            spread([one["two_over_one"] for one in both]), "≥ 1.8")


def networks_of_convolutions(ours, table, pairs):
    """By processor time: nothing waits here, and a machine that others use too then distorts less."""
    for work in [f"{name}-{norm}-128" for name in ("resnet20", "vgg16") for norm in ("layer", "group", "batch")]:
        mine, theirs = [], []
        for _ in range(pairs):
            mine.append(ours("NetworkBenchmark", work, SECONDS))
            theirs.append(peer("network_peer.py", work, SECONDS))
        table.raw[work] = {"ours": mine, "peer": theirs}
        a = [one["images_per_cpu_second"] for one in mine]
        layouts = ("nchw", "channels_last")
        best = max(layouts, key=lambda layout: median(one[layout]["images_per_cpu_second"] for one in theirs))
        b = [one[best]["images_per_cpu_second"] for one in theirs]
        table.add(
            work, f"{median(a):,.0f} images/s", f"PyTorch, {best}: {median(b):,.0f}",
            spread([x / y for x, y in zip(a, b)]), "≥ 1.0")


def lap(ours, table, pairs):
    for n, repeats, target in ((512, 20, "≤ 0.85"), (2048, 5, "≤ 0.6")):
        mine, theirs = [], []
        for _ in range(pairs):
            mine.append(ours("MatchingTimes", "lap", n, repeats)["seconds"])
            theirs.append(peer("plain_matching.py", "lap", n, "--repeat", repeats)["seconds"])
        table.raw[f"lap-{n}"] = {"ours": mine, "peer": theirs}
        a, b = [median(one) for one in mine], [median(one) for one in theirs]
        ratios = [x / y for x, y in zip(a, b)]
        table.add(
            f"LAP n = {n:,}, uniform", f"{1e3 * median(a):.1f} ms", f"SciPy: {1e3 * median(b):.1f} ms", spread(ratios), target)


def matching(ours, table, pairs, networks):
    """Orders of visits differ between the generators, and so do the numbers of sweeps: compared is the time of one."""
    mine, theirs = [], []
    for k in range(pairs):
        files = [networks[(2 * k) % NETWORKS], networks[(2 * k + 1 + 2 * (k // 4 % 3)) % NETWORKS]]
        mine.append(ours("MatchingTimes", "pair", *files, 5, k))
        theirs.append(peer("plain_matching.py", "pair", *files, "--repeat", 3, "--seed", k))
    table.raw["matching"] = {"ours": mine, "peer": theirs}
    a = [median(one["seconds"]) / one["sweeps"] for one in mine]
    b = [median(one["seconds"]) / one["sweeps"] for one in theirs]
    table.add(
        "weight matching of a trained pair, per sweep",
        f"{1e3 * median(a):.1f} ms ({median(one['sweeps'] for one in mine):.0f} sweeps)",
        f"NumPy, SciPy: {1e3 * median(b):.1f} ms ({median(one['sweeps'] for one in theirs):.0f} sweeps)",
        spread([y / x for x, y in zip(a, b)], 1), "≥ 5")
    a = [median(one["seconds"]) for one in mine]
    b = [median(one["seconds"]) for one in theirs]
    table.add(
        "the same, whole matching", f"{median(a):.2f} s", f"{median(b):.2f} s",
        spread([y / x for x, y in zip(a, b)], 1), "")


def graphs(ours, table, pairs):
    """Gaussian weights: both programs draw their own, so the time of one sweep is compared."""
    for name in ["resnet20", "vgg16"]:
        mine, theirs = [], []
        for k in range(pairs):
            mine.append(ours("MatchingTimes", name, 1, 3, k))
            theirs.append(peer("graph_matching.py", name, 1, "--repeat", 3, "--seed", k))
        table.raw[name] = {"ours": mine, "peer": theirs}
        a, b = ([sum(one["seconds"]) / sum(one["sweeps"]) for one in side] for side in (mine, theirs))
        table.add(
            f"weight matching of {name}, width 1, per sweep",
            f"{1e3 * median(a):.1f} ms ({median(s for one in mine for s in one['sweeps']):.0f} sweeps)",
            f"NumPy, SciPy: {1e3 * median(b):.1f} ms ({median(s for one in theirs for s in one['sweeps']):.0f} sweeps)",
            spread([y / x for x, y in zip(a, b)], 1), "≥ 1")


def many(ours, table, pairs, networks):
    for size in (4, 8):
        mine, theirs = [], []
        for k in range(pairs):
            files = [networks[(k + i) % NETWORKS] for i in range(size)]
            mine.append(ours("MatchingTimes", "many", *files, k))
            theirs.append(peer("plain_matching.py", "many", *files, "--seed", k))
        table.raw[f"many-{size}"] = {"ours": mine, "peer": theirs}
        a = [one["seconds"][0] for one in mine]
        b = [one["seconds"][0] for one in theirs]
        table.add(
            f"MergeMany of {size}, to convergence",
            f"{median(a):.1f} s ({median(one['rounds'] for one in mine):.0f} rounds)",
            f"NumPy, SciPy: {median(b):.1f} s ({median(one['rounds'] for one in theirs):.0f} rounds)",
            spread([y / x for x, y in zip(a, b)], 1), "≥ 8")
        a = [one["seconds"][0] / one["sweeps"] for one in mine]
        b = [one["seconds"][0] / one["sweeps"] for one in theirs]
        table.add(
            "the same, per sweep", f"{1e3 * median(a):.1f} ms", f"{1e3 * median(b):.1f} ms",
            spread([y / x for x, y in zip(a, b)], 1), "")


def attack(ours, table, pairs, networks, data_dir):
    """By the processor time of the one thread."""
    mine = [ours("AttackTimes", "fgsm", networks[k % NETWORKS], data_dir, 3) for k in range(pairs)]
    a = [median(one["cpu_seconds"]) for one in mine]
    b = [median(one["cpu_seconds_of_14_passes"]) for one in mine]
    table.add(
        "FGSM, 11 ε, 10,000 images", f"{median(a):.2f} s", f"14 passes from bytes: {median(b):.2f} s",
        spread([x / y for x, y in zip(a, b)]), "≤ 1")
    table.raw["fgsm"] = {"ours": mine}
    mine, theirs = [], []
    for k in range(pairs):
        mine.append(ours("AttackTimes", "deepfool", networks[k % NETWORKS], data_dir, 5))
        theirs.append(peer("attack_peer.py", "deepfool", networks[k % NETWORKS], data_dir, 3))
        ratio = mine[-1]["mean"] / theirs[-1]["mean"]
        if not 0.99 < ratio < 1.01:
            sys.exit(f"compare: DeepFool's mean distance must be the peer's, was {ratio:.4f} of it")
    table.raw["deepfool"] = {"ours": mine, "peer": theirs}
    a = [median(one["cpu_seconds"]) for one in mine]
    b = [median(one["cpu_seconds"]) for one in theirs]
    table.add(
        "DeepFool L2, 1,000 images", f"{median(a):.2f} s", f"PyTorch: {median(b):.2f} s",
        spread([y / x for x, y in zip(a, b)]), "≥ 2")


def store(table, pairs):
    """Takes turns by itself, on one server, which the program starts for it with fsync on."""
    report = document(["mvn", "-q", "-B", "test", "-Dtest=StoreBenchmark", f"-Dpairs={3 * pairs}"])
    table.raw["store"] = report
    for key, work, unit, target in (
        ("checkpoint-read-mb-per-s", "checkpoint read, 8 MB", "MB/s", "≥ 400 MB/s"),
        ("checkpoint-write-mb-per-s", "checkpoint write, 8 MB", "MB/s", "≥ 1"),
        ("metric-rows-per-s", "metric rows", "rows/s", "≥ 20,000 rows/s"),
    ):
        one = report[key]
        peer_is = "row-by-row JDBC" if key.startswith("metric") else "one bytea parameter"
        table.add(
            work, f"{one['ours']:,.0f} {unit}", f"{peer_is}: {one['peer']:,.0f}", f"{one['ratio']:.2f}", target)


def trained_networks(place, data_dir):
    """Eight networks of the papers' size, trained and taken out of a store by the program itself."""
    say("training eight networks")
    study = place / "networks.yaml"
    study.write_text(STUDY)
    store = ["--data-home", str(place / "home")]
    data = ["--data-dir", data_dir] if data_dir else []
    run([str(HOME / "basinlab"), "run", str(study), "--no-web", *store, *data])
    rows = json.loads(run([
        str(HOME / "basinlab"), "sql", "--json", *store, "SELECT seed, sha256 FROM results.networks ORDER BY seed"]))
    files = []
    for k, row in enumerate(rows):
        files.append(str(place / f"net{k}.safetensors"))
        run([str(HOME / "basinlab"), "checkpoint", "get", row["sha256"], "--out", files[-1], *store])
    return files


def versions():
    import numpy
    import scipy
    import torch

    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HOME, capture_output=True, text=True).stdout
    print(f"{cpu}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; {java}; commit {commit.strip()}")
    print(f"peers: PyTorch {torch.__version__}, NumPy {numpy.__version__}, SciPy {scipy.__version__}, "
          f"OPENBLAS_CORETYPE={kernel_for_peers()}; load {os.getloadavg()[0]:.1f} at the start")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="train,networks,lap,matching,graphs,many,attack,store")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--networks")
    parser.add_argument("--data-dir")
    parser.add_argument("--raw", help="a file for every figure, as JSON")
    options = parser.parse_args()
    wanted = options.only.split(",")
    unknown = set(wanted) - {"train", "networks", "lap", "matching", "graphs", "many", "attack", "store"}
    if unknown:
        parser.error(f"--only must name some of train, networks, lap, matching, graphs, many, attack, store, was {options.only}")
    if "attack" in wanted and not options.data_dir:
        parser.error("attacks are timed on CIFAR-10: --data-dir must name its folder")
    versions()
    table = Table()
    with tempfile.TemporaryDirectory() as place:
        networks = []
        if {"matching", "many", "attack"} & set(wanted):
            networks = (
                [str(pathlib.Path(options.networks) / f"net{k}.safetensors") for k in range(NETWORKS)]
                if options.networks
                else trained_networks(pathlib.Path(place), options.data_dir))
        ours = Ours()  # after the program has run, whose launcher may build without the benchmarks
        if "train" in wanted:
            train(ours, table, options.pairs)
        if "networks" in wanted:
            networks_of_convolutions(ours, table, options.pairs)
        if "lap" in wanted:
            lap(ours, table, options.pairs)
        if "matching" in wanted:
            matching(ours, table, options.pairs, networks)
        if "graphs" in wanted:
            graphs(ours, table, options.pairs)
        if "many" in wanted:
            many(ours, table, options.pairs, networks)
        if "attack" in wanted:
            attack(ours, table, options.pairs, networks, options.data_dir)
        if "store" in wanted:
            store(table, options.pairs)
    table.print()
    if options.raw:
        pathlib.Path(options.raw).write_text(json.dumps(table.raw, indent=1))


if __name__ == "__main__":
    main()
