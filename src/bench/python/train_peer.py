"""What org.basinlab.bench.TrainBenchmark does, by PyTorch on one thread; prints one line of JSON.

Arguments: the work (train-adam-500, train-sgd-500, train-adam-128), then if wanted the seconds of the measurement.
Debian's OpenBLAS takes recent CPUs for a Pentium 4: set OPENBLAS_CORETYPE (SKYLAKEX on a CPU with AVX-512, else
HASWELL), or the comparison is void.
"""

import json
import sys
import time

import torch

PIXELS, CLASSES, IMAGES, WARM_UP_SECONDS = 3072, 10, 10_000, 3.0


def main():
    work = sys.argv[1]
    _, optimiser, batch = work.split("-")
    batch = int(batch)
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
    torch.set_num_threads(1)
    torch.manual_seed(1)
    pixels = torch.randint(0, 256, (IMAGES, PIXELS), dtype=torch.uint8)
    labels = torch.arange(IMAGES) % CLASSES
    # What is added to a pixel and what it is multiplied by, so that normalising is one pass.
    mean = torch.tensor([0.4914, 0.4822, 0.4465]).repeat_interleave(PIXELS // 3)
    std = torch.tensor([0.2470, 0.2435, 0.2616]).repeat_interleave(PIXELS // 3)
    factor, term = 1 / (255 * std), -mean / std
    network = torch.nn.Sequential(
        torch.nn.Linear(PIXELS, 512), torch.nn.ReLU(),
        torch.nn.Linear(512, 512), torch.nn.ReLU(),
        torch.nn.Linear(512, 256), torch.nn.ReLU(),
        torch.nn.Linear(256, CLASSES))
    if optimiser == "adam":
        rule = torch.optim.Adam(network.parameters(), lr=1e-3)
    else:
        rule = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9)
    loss_of = torch.nn.CrossEntropyLoss()
    order = torch.randperm(IMAGES)

    def step(start):
        index = order[start:start + batch]
        images = torch.addcmul(term, pixels[index].float(), factor)
        rule.zero_grad()
        loss = loss_of(network(images), labels[index])
        loss.backward()
        rule.step()

    def run(limit):
        began, began_cpu, done, start = time.perf_counter(), time.process_time(), 0, 0
        while time.perf_counter() - began < limit:
            step(start)
            done += batch
            start = start + batch if start + 2 * batch <= IMAGES else 0
        return done / (time.perf_counter() - began), done / (time.process_time() - began_cpu)

    run(WARM_UP_SECONDS)
    by_wall, by_cpu = run(seconds)
    print(json.dumps({
        "work": work,
        "images_per_second": round(by_wall, 1),
        "images_per_cpu_second": round(by_cpu, 1),
        "gemm_gflops": round(gemm(), 1),
        "engine": "PyTorch " + torch.__version__,
    }))


def gemm():
    left, right = torch.randn(512, 3072), torch.randn(512, 3072)
    rates = []
    for _ in range(9):
        began = time.process_time()
        for _ in range(20):
            left @ right.T
        rates.append(20 * 2 * 512 * 512 * 3072 / (time.process_time() - began) / 1e9)
    return sorted(rates)[4]


if __name__ == "__main__":
    main()
