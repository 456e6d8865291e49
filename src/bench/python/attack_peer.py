"""DeepFool L2 by batched PyTorch on one thread: the peer of org.basinlab.benchmark.AttackTimes. Prints one line of JSON.

    python3 attack_peer.py deepfool NET.safetensors DATA-DIR [repeats]

The same algorithm: from the class that the network names, overshoot 0.02 on the accumulated change, at most 50 iterations,
unclipped, pixels in [0, 1]. All images at once; gradients of the nine differences of logits by one stacked backward pass
(products written out, masks kept from the forward pass, which is faster than autograd), images that have arrived are left out.
Debian's OpenBLAS takes recent CPUs for a Pentium 4: set OPENBLAS_CORETYPE (SKYLAKEX on a CPU with AVX-512, else HASWELL),
or the comparison is void.
"""

import gzip
import json
import pathlib
import sys
import time

import numpy as np
import torch

IMAGES, PIXELS, ITERATIONS, OVERSHOOT = 1_000, 3_072, 50, 0.02
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


def read_network(path):
    data = pathlib.Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data, "<f4", (end - begin) // 4, 8 + length + begin)
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return [(tensors[f"layers.{i}.weight"], tensors[f"layers.{i}.bias"]) for i in range(len(tensors) // 2)]


def read_images(folder):
    for place in (pathlib.Path(folder), pathlib.Path(folder) / "cifar-10-batches-bin"):
        for name, opener in (("test_batch.bin", open), ("test_batch.bin.gz", gzip.open)):
            if (place / name).is_file():
                with opener(place / name, "rb") as file:
                    records = np.frombuffer(file.read(IMAGES * (1 + PIXELS)), np.uint8).reshape(IMAGES, 1 + PIXELS)
                return torch.from_numpy(records[:, 1:].copy()).float() / 255
    sys.exit(f"attack_peer: no test_batch.bin in {folder}")


def forward(network, inputs):
    masks, values = [], inputs
    for i, (weight, bias) in enumerate(network):
        values = torch.addmm(bias, values, weight.T)
        if i + 1 < len(network):
            masks.append(values > 0)
            values = values.clamp_(min=0)
    return values, masks


def backward(network, rows, masks, others):
    """Gradients by the inputs of [images · others] rows of gradients by the logits."""
    for i in range(len(network) - 1, -1, -1):
        rows = rows @ network[i][0]
        if i > 0:
            rows = rows.view(-1, others, rows.shape[1]).mul_(masks[i - 1].unsqueeze(1)).view(-1, rows.shape[1])
    return rows


def deepfool(network, images):
    # The normalisation folded into the first layer: inputs are pixels.
    std = torch.tensor(STD).repeat_interleave(PIXELS // 3)
    mean = torch.tensor(MEAN).repeat_interleave(PIXELS // 3)
    weight, bias = network[0]
    network = [(weight / std, bias - weight @ (mean / std))] + network[1:]
    classes = network[-1][0].shape[0]
    distances = torch.full((len(images),), float("nan"))
    change = torch.zeros_like(images)
    logits, masks = forward(network, images)
    home = logits.argmax(1)
    active = torch.arange(len(images))
    for _ in range(ITERATIONS):
        own = home[active]
        n = len(active)
        # All classes but an image's own, ascending.
        others = torch.arange(classes - 1).repeat(n, 1)
        others += others >= own.unsqueeze(1)
        rows = torch.zeros(n, classes - 1, classes)
        rows.scatter_(2, others.unsqueeze(2), 1)
        rows[torch.arange(n), :, own] = -1
        w = backward(network, rows.view(-1, classes), masks, classes - 1).view(n, classes - 1, -1)
        f = (logits.gather(1, others) - logits.gather(1, own.unsqueeze(1))).abs()
        norms = torch.linalg.vector_norm(w, dim=2)
        nearest = (f / norms).argmin(1)
        chosen = torch.arange(n), nearest
        change[active] += (f[chosen] / norms[chosen] ** 2).unsqueeze(1) * w[chosen]
        logits, masks = forward(network, images[active] + (1 + OVERSHOOT) * change[active])
        arrived = logits.argmax(1) != own
        if arrived.any():
            there = active[arrived]
            distances[there] = (1 + OVERSHOOT) * torch.linalg.vector_norm(change[there], dim=1)
            keep = ~arrived
            active, logits, masks = active[keep], logits[keep], [mask[keep] for mask in masks]
        if len(active) == 0:
            break
    return distances


def main():
    if len(sys.argv) < 4 or sys.argv[1] != "deepfool":
        sys.exit("usage: attack_peer.py deepfool NET.safetensors DATA-DIR [repeats]")
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    network, images = read_network(sys.argv[2]), read_images(sys.argv[3])
    repeats = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    seconds = []
    for repeat in range(-1, repeats):
        began = time.process_time()
        distances = deepfool(network, images)
        if repeat >= 0:
            seconds.append(time.process_time() - began)
    lengths = torch.linalg.vector_norm(images, dim=1)
    print(json.dumps({
        "work": "deepfool",
        "cpu_seconds": seconds,
        "mean": distances.nanmean().item(),
        "rho": (distances / lengths).nanmean().item(),
        "engine": "PyTorch " + torch.__version__,
    }))


if __name__ == "__main__":
    main()
