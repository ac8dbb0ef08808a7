"""Writes the small files of Networks/Weights/Files: what torch.save makes, in the zip form and the form before PyTorch 1.6.

Run with a python3 that has torch (made with Debian 12's torch 1.13.0a0). Tensor values are arange(n) / 4 - 1, in every type exact.
"""
import os
from collections import OrderedDict
import torch
from torch import nn

FILES = os.path.join(os.path.dirname(__file__), "..", "Networks", "Weights", "Files")


def ramp(*shape, dtype=torch.float32):
    n = int(torch.tensor(shape).prod()) if shape else 1
    return (torch.arange(n, dtype=torch.float64) / 4 - 1).to(dtype).reshape(shape)


def every_kind():
    base = ramp(4, 6)
    return OrderedDict(
        float=ramp(2, 3), half=ramp(3, 2, dtype=torch.float16), bfloat=ramp(5, dtype=torch.bfloat16), double=ramp(2, 2, dtype=torch.float64),
        long=torch.arange(-1, 3), int=torch.arange(3, dtype=torch.int32), short=torch.arange(3, dtype=torch.int16),
        char=torch.arange(-2, 2, dtype=torch.int8), byte=torch.arange(3, dtype=torch.uint8), bool=torch.tensor([True, False, True]),
        scalar=torch.tensor(2.5), empty=torch.zeros(0, 3),
        base=base, row=base[2], columns=base[:, 1:3], transposed=base.t(), stepped=base[1::2, ::3],
        channels_last=ramp(2, 3, 2, 2).contiguous(memory_format=torch.channels_last), parameter=nn.Parameter(ramp(3)))


def module():
    net = nn.Sequential(nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2))
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(ramp(*p.shape))
    return net


def main():
    os.makedirs(FILES, exist_ok=True)
    net = nn.DataParallel(module())
    nested = {"epoch": 3, "best": 0.25, "name": "tiny", "shape": (1, [2, None, True]), "big": 2**70, "state_dict": net.state_dict(),
              "optimizer": torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9).state_dict()}
    for form, zipped in (("zip", True), ("legacy", False)):
        for name, what in (("kinds", every_kind()), ("module", module().state_dict()), ("nested", nested)):
            torch.save(what, os.path.join(FILES, f"{name}-{form}.pth"), _use_new_zipfile_serialization=zipped)
    torch.save(module(), os.path.join(FILES, "whole-zip.pth"))  # The older form would hold PyTorch's source text.


main()
