#!/usr/bin/env python3
"""Runs Basinlab's queue beside db-scheduler and Quartz, and prints the tables of docs/benchmarks.md and decision 0010.

    python3 src/bench/queue.py                         all of it, about 25 minutes on two quiet cores
    python3 src/bench/queue.py --only rates,share      some of it: rates, share, latency, readers, kill, writers
    python3 src/bench/queue.py --runs 5                more runs of each graph; a figure is the median of them
    python3 src/bench/queue.py --small                 a tenth of the tasks, to see that it works
    python3 src/bench/queue.py --raw FILE              every figure, as JSON

Needs a JDK and Maven. Ours is `./basinlab serve` in processes of its own, asked over HTTP; the peers run in a Java machine beside
it. All use the PostgreSQL that the program brings, each on a fresh data home, with fsync on and the settings that ship; as many
threads and as many connections at most. Nothing else should run meanwhile: the load before each part is printed. A figure that misses
its limit is marked and ends it with 1; --small has no limits, since what is spent once weighs more there.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HOME = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = "org.basinlab.benchmark."
PARTS = ["rates", "share", "latency", "readers", "kill", "writers"]
# Quartz is slow enough that fewer tasks give the same rate.
GRAPHS = {"wide": 10_000, "chain": 10_000, "fan-in": 5_001, "tree": 10_000}
PEER_SHARE = {"basinlab": 1, "db-scheduler": 1, "quartz": 0.2}
WARM_UP = 2_000


def say(text):
    print(text, file=sys.stderr, flush=True)


def load():
    return os.getloadavg()[0]


def run(command):
    env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    done = subprocess.run(command, cwd=HOME, env=env, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        words = " ".join(str(word) for word in command if len(str(word)) < 200)
        sys.exit(f"queue: {words} ended with {done.returncode}")
    return done.stdout


class Benchmark:
    def __init__(self, arguments):
        self.arguments = arguments
        self.raw = {"load": {}}
        self.limits = []
        say("building")
        run(["./basinlab", "--version"])
        run(["mvn", "-q", "-B", "-Pbenchmarks", "test-compile"])
        libraries = (HOME / "target" / "benchmarks.classpath").read_text().strip()
        self.path = f"{HOME}/target/classes:{HOME}/target/test-classes:{libraries}"

    def __call__(self, main, *words):
        """One Java machine, on a data home of its own; the document that it prints."""
        home = tempfile.mkdtemp(prefix="basinlab-queue-", dir=self.arguments.dir)
        java = pathlib.Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
        try:
            out = run([java, "-Xmx2g", "-XX:+UseParallelGC", "-cp", self.path, PACKAGE + main, home, *map(str, words)])
        finally:
            shutil.rmtree(home, ignore_errors=True)
        return json.loads([line for line in out.splitlines() if line.startswith("{")][-1])

    def hold(self, what, measured, limit, unit, most=True):
        """One line of the last table; of several runs the worst counts."""
        worst = max(measured) if most else min(measured)
        met = worst <= limit if most else worst >= limit
        self.limits.append((what, f"{'≤' if most else '≥'} {limit:,} {unit}", f"{worst:,.3g} {unit}", met))

    def verdict(self):
        """Whether every limit of the parts that ran is met."""
        print("\n| what | limit | worst | |\n|---|---|---|---|")
        for what, limit, worst, met in self.limits:
            print(f"| {what} | {limit} | {worst} | {'met' if met else 'MISSED'} |")
        return all(met for *_, met in self.limits)

    def size(self, tasks):
        return max(20, tasks // 10) if self.arguments.small else tasks

    def part(self, name, *words):
        self.raw["load"][name] = load()
        say(f"{name}: load {load():.1f}")
        self.raw[name] = self("QueueBenchmark", *words)
        return self.raw[name]

    def rates(self):
        slots = self.arguments.slots
        for peer, share in PEER_SHARE.items():
            graphs = [f"{shape}:{self.size(int(share * tasks))}" for shape, tasks in GRAPHS.items()]
            graphs *= self.arguments.runs
            self.raw["load"][peer] = load()
            say(f"{peer}: load {load():.1f}")
            if peer == "basinlab":
                self.raw[peer] = self("QueueBenchmark", "rates", slots, self.size(WARM_UP), *graphs)
            else:
                self.raw[peer] = self("QueuePeers", peer, slots, self.size(int(share * WARM_UP)), *graphs)
        print(f"| tasks a second, {slots} threads | ours | db-scheduler | Quartz | ours / db-scheduler |")
        print("|---|---|---|---|---|")
        for shape in GRAPHS:
            rates = {peer: self.of(peer, shape, "tasksPerSecond") for peer in PEER_SHARE}
            words = " | ".join(spread(rates[peer], 0) for peer in PEER_SHARE)
            ratio = statistics.median(rates["basinlab"]) / statistics.median(rates["db-scheduler"])
            print(f"| {shape} | {words} | {ratio:.2f} |")
        accepted = self.of("basinlab", "wide", "accepted")
        print(f"\nA study of {self.size(GRAPHS['wide']):,} tasks is accepted in {spread(accepted, 2)} s.")
        self.hold("no-op tasks with full audit", self.of("basinlab", "wide", "tasksPerSecond"), 1_000, "tasks/s", most=False)
        self.hold("a study of 10,000 tasks is accepted in", accepted, 5, "s")

    def of(self, peer, shape, figure):
        return [one[figure] for one in self.raw[peer]["runs"] if one["shape"] == shape]

    def share(self):
        found = self.part("share", "share", 2, self.size(200), 1)
        print(f"Dispatch costs {100 * found['share']:.2f} % of {found['tasks']} tasks of a second on 2 slots.")
        self.hold("share of dispatch", [100 * found["share"]], 1, "%")

    def latency(self):
        millis = self.part("latency", "latency", self.size(400))["millis"]
        print(f"Ready to running in an idle worker of another process: p50 {millis['p50']:.1f} ms, p99 {millis['p99']:.1f} ms.")
        self.hold("ready to running, p50", [millis["p50"]], 30, "ms")
        self.hold("ready to running, p99", [millis["p99"]], 250, "ms")

    def readers(self):
        for name, seconds, tasks in (("readers-noop", 0, 10_000), ("readers-paced", 0.05, 3_000)):
            found = self.part(name, "readers", self.arguments.slots, self.size(tasks), self.arguments.runs, seconds)
            ratios = [beside / alone for alone, beside in zip(found["alone"], found["beside"])]
            print(
                f"Four readers, tasks of {seconds} s: {statistics.median(found['alone']):.0f} tasks/s alone, "
                f"{statistics.median(found['beside']):.0f} beside them: {spread(ratios, 2)}; {found['answers']} answers.")
            if seconds > 0:
                # Without a pause the queue alone takes all cores, and readers take their share of those.
                self.hold("rate beside four readers", [statistics.median(ratios)], 0.9, "of it alone", most=False)

    def kill(self):
        found = self.part("kill", "kill", self.arguments.runs)
        print(
            f"After kill -9 of a worker its task is ready again in {spread(found['requeuedSeconds'], 1)} s, "
            f"and runs elsewhere in {spread(found['runningAgainSeconds'], 1)} s.")
        self.hold("kill -9 to requeued", found["requeuedSeconds"], 35, "s")
        self.hold("kill -9 to running elsewhere", found["runningAgainSeconds"], 60, "s")

    def writers(self):
        found = self.part("writers", "rates", 64, self.size(WARM_UP), f"wide:{self.size(10_000)}", f"tree:{self.size(10_000)}")
        rates = ", ".join(f"{one['shape']} {one['tasksPerSecond']:.0f} tasks/s" for one in found["runs"])
        print(f"64 slots at once, each task once: {rates}.")


def spread(values, digits):
    middle = f"{statistics.median(values):,.{digits}f}"
    return f"{middle} ({min(values):,.{digits}f}–{max(values):,.{digits}f})" if len(values) > 1 else middle


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between them")
    parser.add_argument("--runs", type=int, default=3, help="of each graph (default: 3)")
    parser.add_argument("--slots", type=int, default=8, help="threads of each (default: 8)")
    parser.add_argument("--small", action="store_true", help="a tenth of the tasks")
    parser.add_argument("--dir", help="where data homes are made (default: where temporary files are)")
    parser.add_argument("--raw", type=pathlib.Path, help="a file for every figure")
    arguments = parser.parse_args()
    parts = arguments.only.split(",")
    for part in parts:
        if part not in PARTS:
            parser.error(f"a part must be one of {', '.join(PARTS)}, was {part}")
    benchmark = Benchmark(arguments)
    for part in parts:
        getattr(benchmark, part)()
        if arguments.raw:
            arguments.raw.write_text(json.dumps(benchmark.raw, indent=1))
    if not arguments.small and not benchmark.verdict():
        sys.exit(1)


if __name__ == "__main__":
    main()
