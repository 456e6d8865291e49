"""The plain NumPy and SciPy peer of weight matching and of MergeMany, for benchmarks.

Written from the algorithms of Ainsworth et al. 2022 (Git Re-Basin) as they stand in the paper: float64 throughout, every
product made anew at every visit, every assignment solved from nothing. Perceptrons only, as Basinlab's safetensors files.

    python3 plain_matching.py pair A.safetensors B.safetensors [--repeat 3] [--seed 0]
    python3 plain_matching.py many A.safetensors B.safetensors C.safetensors ... [--seed 0]
    python3 plain_matching.py lap 512 [--repeat 5] [--seed 0]

Prints one line of JSON. Set OPENBLAS_NUM_THREADS=1 to compare with Basinlab, which uses one thread.
"""

import argparse
import json
import time

import numpy as np
import scipy
from scipy.optimize import linear_sum_assignment

MOST = 100
MARGIN = 1e-12


def read(path):
    """The tensors of a safetensors file of float32, as float64, by name."""
    with open(path, "rb") as file:
        data = file.read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data, "<f4", (end - begin) // 4, 8 + length + begin)
        tensors[name] = values.reshape(entry["shape"]).astype(np.float64)
    layers = len(tensors) // 2
    return [(tensors[f"layers.{i}.weight"], tensors[f"layers.{i}.bias"]) for i in range(layers)]


def permuted(network, perms):
    """The network with its hidden units in the order of perms."""
    result = []
    for i, (weight, bias) in enumerate(network):
        if i < len(perms):
            weight, bias = weight[perms[i]], bias[perms[i]]
        if i > 0:
            weight = weight[:, perms[i - 1]]
        result.append((weight, bias))
    return result


def gain(a, b, perms, i):
    """What pairing each unit of layer i of a with each unit of b gives."""
    weight = b[i][0] if i == 0 else b[i][0][:, perms[i - 1]]
    after = b[i + 1][0] if i + 1 == len(perms) else b[i + 1][0][perms[i + 1]]
    return a[i][0] @ weight.T + np.outer(a[i][1], b[i][1]) + a[i + 1][0].T @ after


def match(a, b, rng):
    """Weight matching of b with a from the identity: the permutations and the number of sweeps."""
    perms = [np.arange(len(bias)) for _, bias in a[:-1]]
    for sweep in range(1, MOST + 1):
        progress = False
        for i in rng.permutation(len(perms)):
            m = gain(a, b, perms, i)
            rows, columns = linear_sum_assignment(m, maximize=True)
            old = m[rows, perms[i]].sum()
            new = m[rows, columns].sum()
            progress |= bool(new > old + MARGIN * max(1, abs(old)))
            perms[i] = columns
        if not progress:
            break
    return perms, sweep


def mean(networks):
    count = len(networks)
    return [tuple(sum(parts) / count for parts in zip(*layer)) for layer in zip(*networks)]


def distance(a, b):
    return np.sqrt(sum(((x - y) ** 2).sum() for la, lb in zip(a, b) for x, y in zip(la, lb)))


def merge_many(networks, rng):
    """MergeMany until a round brings no progress in L2: the mean, rounds, matchings and sweeps."""
    networks = list(networks)
    matchings = sweeps = 0
    for rounds in range(1, MOST + 1):
        progress = False
        for k in rng.permutation(len(networks)):
            target = mean([other for j, other in enumerate(networks) if j != k])
            before = distance(target, networks[k])
            perms, used = match(target, networks[k], rng)
            networks[k] = permuted(networks[k], perms)
            matchings += 1
            sweeps += used
            progress |= bool(distance(target, networks[k]) < before - MARGIN)
        if not progress:
            break
    return networks, rounds, matchings, sweeps


def timed_pair(files, seed, repeat):
    a, b = (read(file) for file in files)
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        perms, sweeps = match(a, b, np.random.default_rng(seed))
        moved = permuted(b, perms)
        after = distance(a, moved)
        seconds.append(time.perf_counter() - started)
    return {"seconds": seconds, "sweeps": sweeps, "l2_after": after}


def timed_many(files, seed):
    networks = [read(file) for file in files]
    started = time.perf_counter()
    moved, rounds, matchings, sweeps = merge_many(networks, np.random.default_rng(seed))
    mean(moved)
    seconds = time.perf_counter() - started
    pairs = [distance(x, y) ** 2 for i, x in enumerate(moved) for y in moved[:i]]
    return {
        "seconds": [seconds],
        "rounds": rounds,
        "matchings": matchings,
        "sweeps": sweeps,
        "l2_after": float(np.sqrt(np.mean(pairs))),
    }


def timed_lap(n, seed, repeat):
    seconds = []
    for k in range(repeat):
        cost = np.random.default_rng(seed + k).random((n, n))
        started = time.perf_counter()
        linear_sum_assignment(cost)
        seconds.append(time.perf_counter() - started)
    return {"n": n, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=["pair", "many", "lap"])
    parser.add_argument("arguments", nargs="+", help="safetensors files, or the size of the matrix")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    if options.work == "pair":
        result = timed_pair(options.arguments, options.seed, options.repeat)
    elif options.work == "many":
        result = timed_many(options.arguments, options.seed)
    else:
        result = timed_lap(int(options.arguments[0]), options.seed, options.repeat)
    versions = {"numpy": np.__version__, "scipy": scipy.__version__}
    print(json.dumps({"work": options.work, "peer": "numpy", **versions, **result}))


if __name__ == "__main__":
    main()
