"""Writes Networks/Classifiers/torchvision.json: names, shapes and logits of torchvision's networks with the weights of formula.py.

Run with a python3 that has torchvision (made with Debian 12's torch 1.13.0a0 and torchvision 0.14.1a0).
"""
import hashlib
import json
import os
import torch
import torchvision
from torch import nn
from torchvision.models.vgg import make_layers, cfgs, VGG
from formula import image, values

CLASSES, COUNT = 10, 2
# Such that the logits stay of order one, although the running statistics are not those of the activations.
GAINS = {"resnet18": 3.0, "resnet34": 2.6, "resnet50": 2.8, "mobilenet-v3-large": 5.0, "efficientnet-b0": 6.7}


def fill(net, gain):
    with torch.no_grad():
        for name, t in net.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                t.copy_(torch.from_numpy(values(name, tuple(t.shape), gain)))


def vgg13(classes):
    net = VGG(make_layers(cfgs["B"], batch_norm=True), num_classes=classes)
    net.avgpool = nn.AdaptiveAvgPool2d(1)
    net.classifier = nn.Sequential(nn.Linear(512, 512), nn.ReLU(), nn.Dropout(), nn.Linear(512, 512), nn.ReLU(), nn.Dropout(),
                                   nn.Linear(512, classes))
    return net


def small(net, name, channels):
    """The stem for small images."""
    if name.startswith("resnet"):
        net.conv1 = nn.Conv2d(channels, 64, 3, padding=1, bias=False)
        net.maxpool = nn.Identity()
    else:
        old = net.features[0][0]
        net.features[0][0] = nn.Conv2d(channels, old.out_channels, 3, padding=1, bias=False)
    return net


def record(arch, net, channels, side):
    gain = GAINS.get(arch.removesuffix("-48"), 6.0)
    fill(net, gain)
    net.eval()
    state = net.state_dict()
    keys = "\n".join(sorted(f"{k} {'x'.join(map(str, v.shape))}" for k, v in state.items()))
    with torch.no_grad():
        logits = net(torch.from_numpy(image(COUNT, channels, side)))
    return {"arch": arch, "channels": channels, "side": side, "gain": gain, "arrays": len(state),
            "parameters": sum(p.numel() for p in net.parameters()), "keys_sha256": hashlib.sha256(keys.encode()).hexdigest(),
            "logits": [round(float(v), 6) for v in logits.flatten()]}


def main():
    torch.set_num_threads(1)
    made = []
    for arch in ["resnet18", "resnet34", "resnet50", "mobilenet_v3_small", "mobilenet_v3_large", "efficientnet_b0"]:
        make, ours = getattr(torchvision.models, arch), arch.replace("_", "-")
        full = record(ours, make(weights=None, num_classes=CLASSES), 3, 64)
        full["parameters_at_1000"] = sum(p.numel() for p in make(weights=None).parameters())
        made += [full, record(ours + "-48", small(make(weights=None, num_classes=CLASSES), arch, 1), 1, 48)]
    made.append(record("vgg13", vgg13(CLASSES), 3, 64))
    path = os.path.join(os.path.dirname(__file__), "..", "Networks", "Classifiers", "torchvision.json")
    with open(path, "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(m) for m in made) + "\n]\n")


main()
