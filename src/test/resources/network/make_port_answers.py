"""Writes port_answers.json: what PyTorch answers for networks under the names of common ports, for PortFilesTest.

Run in this folder; made with PyTorch 1.13.1 (Debian's python3-torch). Weights and images follow from formulas that the
test repeats, so that no weights have to be kept here.
"""

import json
import math

import torch
from torch import nn

torch.set_num_threads(1)


def conv(i, o, k, stride=1, bias=False):
    return nn.Conv2d(i, o, k, stride, k // 2, bias=bias)


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1 = conv(i, o, 3, stride)
        self.bn1 = nn.BatchNorm2d(o)
        self.conv2 = conv(o, o, 3)
        self.bn2 = nn.BatchNorm2d(o)
        self.downsample = None
        if stride != 1:
            self.downsample = nn.Sequential(conv(i, o, 1, stride), nn.BatchNorm2d(o))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = conv(3, 16, 3)
        self.bn1 = nn.BatchNorm2d(16)
        width = 16
        for group, channels in enumerate([16, 32, 64]):
            blocks = []
            for block in range(3):
                blocks.append(Block(width, channels, 2 if group > 0 and block == 0 else 1))
                width = channels
            setattr(self, f"layer{group + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


class Vgg16(nn.Module):
    """One linear layer after the features, whose convolutions have biases beside BatchNorm."""

    def __init__(self, unit):
        super().__init__()
        layers, i = [], 3
        for stage in [[1, 1], [2, 2], [4, 4, 4], [8, 8, 8], [8, 8, 8]]:
            for times in stage:
                layers += [conv(i, times * unit, 3, bias=True), nn.BatchNorm2d(times * unit), nn.ReLU()]
                i = times * unit
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(8 * unit, 10)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class VitBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.attn = nn.Module()
        self.attn.qkv = nn.Linear(width, 3 * width)
        self.attn.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Module()
        self.mlp.fc1 = nn.Linear(width, 4 * width)
        self.mlp.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = self.attn.qkv(self.norm1(x)).reshape(n, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        a = (q @ k.transpose(-2, -1) * (c // self.heads) ** -0.5).softmax(-1)
        x = x + self.attn.proj((a @ v).transpose(1, 2).reshape(n, t, c))
        return x + self.mlp.fc2(nn.functional.gelu(self.mlp.fc1(self.norm2(x))))


class Vit(nn.Module):
    def __init__(self, patch, width, depth, heads):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, (32 // patch) ** 2 + 1, width))
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Conv2d(3, width, patch, patch)
        self.blocks = nn.Sequential(*[VitBlock(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        x = self.patch_embed.proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


def value(name, tensor, place, index):
    wave = math.sin(1.7 * index + 0.9 * place + 0.3 * math.sin(0.01 * index * index))
    if name.endswith("running_var"):
        return 1 + 0.5 * wave
    if tensor.dim() == 1:
        return (1 if name.endswith("weight") else 0) + 0.2 * wave
    return wave * math.sqrt(3.0 * tensor.shape[0] / tensor.numel())


def answers(network):
    state = network.state_dict()
    counted = [name for name in state if not name.endswith("num_batches_tracked")]
    for place, name in enumerate(counted):
        tensor = state[name]
        flat = [value(name, tensor, place, i) for i in range(tensor.numel())]
        tensor.copy_(torch.tensor(flat, dtype=torch.float32).reshape(tensor.shape))
    network.double().eval()
    images = torch.tensor([math.sin(0.37 * i) for i in range(2 * 3072)], dtype=torch.float32).double()
    with torch.no_grad():
        logits = network(images.reshape(2, 3, 32, 32))
    return {
        "tensors": [{"name": name, "shape": list(state[name].shape)} for name in state],
        "logits": logits.flatten().tolist(),
    }


with open("port_answers.json", "w") as out:
    json.dump(
        {"resnet20": answers(ResNet20()), "vgg16": answers(Vgg16(4)), "vit": answers(Vit(8, 24, 2, 3))}, out, indent=0
    )
    out.write("\n")
