"""Writes pytorch_steps.json: what PyTorch's optimisers and schedules do in float64, for PyTorchStepsTest.

Run in this folder; made with PyTorch 1.13.1 (Debian's python3-torch).
"""

import json

import torch

WIDTHS = [6, 5, 4, 3]
IMAGES, STEPS = 12, 20
torch.manual_seed(7)


def network():
    layers = []
    for i in range(len(WIDTHS) - 1):
        layers += [torch.nn.Linear(WIDTHS[i], WIDTHS[i + 1]), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


start = network()  # float32, so that both sides begin with the same numbers
inputs = torch.randn(IMAGES, WIDTHS[0])
labels = torch.randint(0, WIDTHS[-1], (IMAGES,))


def flat(net):
    return torch.cat([p.detach().reshape(-1) for p in net.parameters()]).double().tolist()


def run(make, l1=0.0):
    net = network()
    net.load_state_dict(start.state_dict())
    net.double()
    rule = make(net.parameters())
    losses = []
    for step in range(STEPS):
        # Batches of five that walk round the images; a rate that changes in every step.
        index = [(5 * step + i) % IMAGES for i in range(5)]
        for group in rule.param_groups:
            group["lr"] = rate(group["initial_lr"], step)
        rule.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(inputs[index].double()), labels[index])
        losses.append(loss.item())
        (loss + l1 * sum(p.abs().sum() for p in net.parameters())).backward()
        rule.step()
    return {"losses": losses, "weights": flat(net)}


def rate(initial, step):
    return initial * (1 - 0.04 * step)


def with_rate(rule):
    for group in rule.param_groups:
        group["initial_lr"] = group["lr"]
    return rule


sgd, adam, adamw = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
cases = {
    "sgd": run(lambda p: with_rate(sgd(p, lr=0.3))),
    "momentum": run(lambda p: with_rate(sgd(p, lr=0.1, momentum=0.9))),
    "nesterov": run(lambda p: with_rate(sgd(p, lr=0.1, momentum=0.9, nesterov=True))),
    "adam": run(lambda p: with_rate(adam(p, lr=0.02))),
    "adam-settings": run(lambda p: with_rate(adam(p, lr=0.02, betas=(0.5, 0.9), eps=1e-2))),
    "adamw": run(lambda p: with_rate(adamw(p, lr=0.02, weight_decay=0.5))),
    "momentum-l2": run(lambda p: with_rate(sgd(p, lr=0.1, momentum=0.9, weight_decay=0.05))),
    "nesterov-l1-l2": run(
        lambda p: with_rate(sgd(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05)), l1=0.01),
    "adam-l2": run(lambda p: with_rate(adam(p, lr=0.02, weight_decay=0.05))),
    "adam-l1": run(lambda p: with_rate(adam(p, lr=0.02)), l1=0.01),
    "adamw-l1": run(lambda p: with_rate(adamw(p, lr=0.02, weight_decay=0.5)), l1=0.01),
}


def rates(make, ticks, epochs, steps):
    """The rate of every step; the schedule is told after every epoch or after every step."""
    rule = sgd([torch.nn.Parameter(torch.zeros(1))], lr=0.4)
    schedule = make(rule)
    seen = []
    for _ in range(epochs):
        for _ in range(steps):
            seen.append(rule.param_groups[0]["lr"])
            rule.step()
            if ticks == "step":
                schedule.step()
        if ticks == "epoch":
            schedule.step()
    return seen


S = torch.optim.lr_scheduler
EPOCHS, STEPS_OF_EPOCH, WARM = 6, 4, 2
schedules = {
    "cosine": rates(lambda r: S.CosineAnnealingLR(r, EPOCHS), "epoch", EPOCHS, STEPS_OF_EPOCH),
    "cosine-step": rates(lambda r: S.CosineAnnealingLR(r, EPOCHS * STEPS_OF_EPOCH), "step", EPOCHS, STEPS_OF_EPOCH),
    "multi-step": rates(lambda r: S.MultiStepLR(r, [2, 4], 0.1), "epoch", EPOCHS, STEPS_OF_EPOCH),
    "warm-up-cosine-step": rates(
        lambda r: S.SequentialLR(r, [
            S.LinearLR(r, 0.25, 1.0, WARM * STEPS_OF_EPOCH),
            S.CosineAnnealingLR(r, (EPOCHS - WARM) * STEPS_OF_EPOCH)], [WARM * STEPS_OF_EPOCH]),
        "step", EPOCHS, STEPS_OF_EPOCH),
    "warm-up-multi-step": rates(
        lambda r: S.ChainedScheduler([
            S.LinearLR(r, 0.25, 1.0, WARM * STEPS_OF_EPOCH),
            S.MultiStepLR(r, [4 * STEPS_OF_EPOCH], 0.1)]),
        "step", EPOCHS, STEPS_OF_EPOCH),
}

with open("pytorch_steps.json", "w") as file:
    json.dump({
        "widths": WIDTHS, "start": flat(start), "inputs": inputs.double().tolist(), "labels": labels.tolist(),
        "cases": cases, "schedules": schedules}, file, indent=1)
    file.write("\n")
