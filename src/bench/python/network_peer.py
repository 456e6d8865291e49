"""What org.basinlab.benchmark.NetworkBenchmark does, by PyTorch on one thread; prints one line of JSON.

Arguments: the work (resnet20-layer-128: network of width 1, normalisation, batch; networks resnet20, vgg16), then if wanted the
seconds of the measurement. Both memory layouts are measured in turn, "nchw" and "channels_last"; the faster one counts.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional

PIXELS, CLASSES, IMAGES, WARM_UP_STEPS = 3072, 10, 2_000, 2


class LayerNorm(nn.Module):
    """Over the channels of every position. The turned tensor has the order of channels_last, so nothing is copied there."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


NORMS = {
    "layer": LayerNorm,
    "group": lambda channels: nn.GroupNorm(1, channels),
    "batch": nn.BatchNorm2d,
    "none": lambda channels: nn.Identity(),
}


class Block(nn.Module):
    def __init__(self, channels, out, stride, norm):
        super().__init__()
        self.first = nn.Conv2d(channels, out, 3, stride, 1, bias=False)
        self.norm = norm(out)
        self.second = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.second_norm = norm(out)
        self.shortcut = nn.Identity() if stride == 1 else nn.Sequential(
            nn.Conv2d(channels, out, 3, stride, 1, bias=False), norm(out))

    def forward(self, x):
        inner = functional.relu(self.norm(self.first(x)), inplace=True)
        return functional.relu(self.second_norm(self.second(inner)) + self.shortcut(x), inplace=True)


def resnet20(norm):
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), norm(16), nn.ReLU(inplace=True)]
    channels = 16
    for out in (16, 32, 64):
        for block in range(3):
            layers.append(Block(channels, out, 2 if block == 0 and out > 16 else 1, norm))
            channels = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


def vgg16(norm):
    layers, channels = [], 3
    for stage in ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)):
        for out in stage:
            layers += [nn.Conv2d(channels, out, 3, 1, 1), norm(out), nn.ReLU(inplace=True)]
            channels = out
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(
        *layers, nn.Flatten(),
        nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, CLASSES))


def measure(name, norm, batch, seconds, layout):
    torch.manual_seed(1)
    order = torch.randperm(IMAGES)
    pixels = torch.randint(0, 256, (IMAGES, 3, 32, 32), dtype=torch.uint8)
    labels = torch.arange(IMAGES) % CLASSES
    mean = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
    std = torch.tensor([0.2470, 0.2435, 0.2616]).view(1, 3, 1, 1)
    factor, term = 1 / (255 * std), -mean / std
    network = {"resnet20": resnet20, "vgg16": vgg16}[name](NORMS[norm]).to(memory_format=layout)
    rule = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9)
    loss_of = nn.CrossEntropyLoss()

    def step(start):
        index = order[start:start + batch]
        images = torch.addcmul(term, pixels[index].float(), factor).contiguous(memory_format=layout)
        rule.zero_grad()
        loss_of(network(images), labels[index]).backward()
        rule.step()

    for warm_up in range(WARM_UP_STEPS):
        step(warm_up * batch)
    began, began_cpu, done, start = time.perf_counter(), time.process_time(), 0, 0
    while time.perf_counter() - began < seconds:
        step(start)
        done += batch
        start = start + batch if start + 2 * batch <= IMAGES else 0
    return done / (time.perf_counter() - began), done / (time.process_time() - began_cpu)


def main():
    name, norm, batch = sys.argv[1].split("-")
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
    torch.set_num_threads(1)
    result = {"work": sys.argv[1], "engine": "PyTorch " + torch.__version__}
    for label, layout in (("nchw", torch.contiguous_format), ("channels_last", torch.channels_last)):
        by_wall, by_cpu = measure(name, norm, int(batch), seconds, layout)
        result[label] = {"images_per_second": round(by_wall, 1), "images_per_cpu_second": round(by_cpu, 1)}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
