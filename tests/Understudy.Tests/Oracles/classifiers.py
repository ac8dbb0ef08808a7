"""Values of PyTorch for ResidualCnnTests, SchedulesTests and ClassificationLossesTests: prints classifiers.json.

Run: python3 classifiers.py > classifiers.json  (made with PyTorch 1.13.1). Weights and inputs are sines of their index, so that no
weight file is needed: element i of the tensor called `name` is scale * sin(i * 0.37 + len(name)).
"""
import json
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


def wave(name, shape, scale):
    n = 1
    for s in shape:
        n *= s
    return (scale * torch.sin(torch.arange(n, dtype=torch.float64) * 0.37 + len(name))).reshape(shape).float()


class Block(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(a, b, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(b)
        self.conv2 = nn.Conv2d(b, b, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(b)
        self.downsample = None
        if stride != 1 or a != b:
            self.downsample = nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class Net(nn.Module):
    """Widths 4 and 8, one and two blocks, two channels, three classes."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = nn.Sequential(Block(4, 4, 1))
        self.layer2 = nn.Sequential(Block(4, 8, 2), Block(8, 8, 1))
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        y = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        return self.fc(self.layer2(self.layer1(y)).mean((2, 3)))


def filled(module):
    with torch.no_grad():
        for name, p in module.named_parameters():
            p.copy_(wave(name, p.shape, 0.5))
            if p.dim() == 1 and name.endswith("weight"):
                p.add_(1)
    return module


def cycle(total, peak):
    p = nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.SGD([p], lr=1, momentum=0.9)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak, total_steps=total, cycle_momentum=False)
    rates = []
    for _ in range(total):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if len(rates) < total:
            schedule.step()
    return rates


def numbers(t):
    return [float(v) for v in t.flatten()]


out = {}
x = wave("x", (2, 4, 6, 6), 1)
block = filled(Block(4, 6, 2))
out["block_train"] = numbers(block(x))
out["block_running_mean"] = numbers(block.bn1.running_mean)
out["block_running_var"] = numbers(block.bn1.running_var)
out["block_eval"] = numbers(block.eval()(x))
net = filled(Net())
images = wave("images", (3, 2, 12, 10), 1)
logits = net(images)
out["net_train"] = numbers(logits)
F.cross_entropy(logits, torch.tensor([0, 2, 1]), label_smoothing=0.1).backward()
out["net_gradient_norms"] = {name: float(p.grad.double().norm()) for name, p in net.named_parameters()}
out["net_eval"] = numbers(net.eval()(images))
z = wave("logits", (4, 5), 3)
labels = torch.tensor([1, 0, 4, 2])
out["cross_entropy"] = float(F.cross_entropy(z, labels))
out["cross_entropy_smooth"] = float(F.cross_entropy(z, labels, label_smoothing=0.1))
soft = F.softmax(wave("soft", (4, 5), 2), 1)
out["cross_entropy_soft"] = float(F.cross_entropy(z, soft))
out["one_cycle_10"] = cycle(10, 0.1)
out["one_cycle_37"] = cycle(37, 0.002)
print(json.dumps(out, indent=1))
