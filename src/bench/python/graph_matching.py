"""The plain NumPy and SciPy peer of weight matching of convolutional networks, for benchmarks.

Written from algorithm 1 of Ainsworth et al. 2022 (Git Re-Basin) as it stands in the paper: float64 throughout, every product
made anew at every visit, every assignment solved from nothing. Gaussian weights in the shapes of ResNet20 and VGG16 with
LayerNorm over channels, as Basinlab has them; nothing is trained, so the sweeps of the two programs differ by their draws.

    python3 graph_matching.py resnet20 1 [--repeat 3] [--seed 0]
    python3 graph_matching.py vgg16 1 [--repeat 3] [--seed 0]

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


def convolution(tensors, out, into, n_out, n_in, vectors=2):
    """A convolution, and so many vectors: the LayerNorm's two behind it, and its own bias."""
    tensors.append(((n_out, n_in, 3, 3), (out, into, None, None)))
    tensors.extend([((n_out,), (out,))] * vectors)


def linear(tensors, out, into, n_out, n_in):
    tensors.append(((n_out, n_in), (out, into)))
    tensors.append(((n_out,), (out,)))


def resnet20(width):
    """Shapes and the permutation of every axis; a stream has one."""
    tensors = []
    stream, channels = "s0", 16 * width
    convolution(tensors, stream, None, channels, 3)
    for group in range(3):
        for block in range(3):
            out = 16 * width << group
            after = f"s{group}"
            inner = f"b{group}{block}"
            convolution(tensors, inner, stream, out, channels)
            convolution(tensors, after, inner, out, out)
            if out != channels:
                convolution(tensors, after, stream, out, channels)
            stream, channels = after, out
    linear(tensors, None, stream, 10, channels)
    return tensors


def vgg16(width):
    tensors = []
    into, n_in = None, 3
    for layer, times in enumerate([1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 8, 8, 8]):
        convolution(tensors, f"c{layer}", into, 64 * times * width, n_in, 3)
        into, n_in = f"c{layer}", 64 * times * width
    for layer in range(2):
        linear(tensors, f"d{layer}", into, 512 * width, n_in)
        into, n_in = f"d{layer}", 512 * width
    linear(tensors, None, into, 10, n_in)
    return tensors


def gaussian(tensors, rng):
    return [rng.standard_normal(shape).astype(np.float32).astype(np.float64) * 0.04 for shape, _ in tensors]


def gain(tensors, a, b, perms, name):
    """What pairing each unit of one permutation of a with each of b gives."""
    n = len(perms[name])
    m = np.zeros((n, n))
    for (_, axes), left, right in zip(tensors, a, b):
        if name not in axes:
            continue
        for axis, other in enumerate(axes):
            if other is not None and other != name:
                right = np.take(right, perms[other], axis)
        axis = axes.index(name)
        m += np.moveaxis(left, axis, 0).reshape(n, -1) @ np.moveaxis(right, axis, 0).reshape(n, -1).T
    return m


def match(tensors, a, b, rng):
    perms = {axis: np.arange(n) for shape, axes in tensors for axis, n in zip(axes, shape) if axis is not None}
    names = list(perms)
    for sweep in range(1, MOST + 1):
        progress = False
        for i in rng.permutation(len(names)):
            m = gain(tensors, a, b, perms, names[i])
            rows, columns = linear_sum_assignment(m, maximize=True)
            old = m[rows, perms[names[i]]].sum()
            new = m[rows, columns].sum()
            progress |= bool(new > old + MARGIN * max(1, abs(old)))
            perms[names[i]] = columns
        if not progress:
            break
    return perms, sweep


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=["resnet20", "vgg16"])
    parser.add_argument("width", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    tensors = {"resnet20": resnet20, "vgg16": vgg16}[options.network](options.width)
    rng = np.random.default_rng(options.seed)
    a, b = gaussian(tensors, rng), gaussian(tensors, rng)
    seconds, sweeps = [], []
    for k in range(options.repeat):
        started = time.perf_counter()
        _, used = match(tensors, a, b, np.random.default_rng(options.seed + k))
        seconds.append(time.perf_counter() - started)
        sweeps.append(used)
    values = sum(int(np.prod(shape)) for shape, _ in tensors)
    versions = {"numpy": np.__version__, "scipy": scipy.__version__}
    print(json.dumps({"work": "graph", "peer": "numpy", **versions, "values": values, "seconds": seconds, "sweeps": sweeps}))


if __name__ == "__main__":
    main()
