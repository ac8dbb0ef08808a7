"""Weights and inputs that are a closed formula of (name, index), so that a test file needs to hold results only.

Value i of `name` is u(fnv1a(name), i) in [0, 1): SplitMix64 at position i of the stream that the name's FNV-1a hash seeds.
Networks/Classifiers/Formula.cs is the same in C#.
"""
import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def fnv1a(name):
    h = 0xCBF29CE484222325
    for b in name.encode():
        h = ((h ^ b) * 0x100000001B3) % 2**64
    return np.uint64(h)


def uniform(name, count):
    with np.errstate(over="ignore"):
        z = fnv1a(name) + GOLDEN * np.arange(1, count + 1, dtype=np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def values(name, shape, gain):
    """A parameter or buffer by its name and shape, float32: weights of variance gain / (3 fan-in), scales about 1, variances positive."""
    u = uniform(name, int(np.prod(shape, dtype=np.int64)))
    if name.endswith("running_var"):
        v = 0.5 + u
    elif len(shape) >= 2:
        v = (2 * u - 1) * np.sqrt(gain * shape[0] / u.size)
    elif name.endswith(".weight"):
        v = 0.5 + u
    else:
        v = 0.2 * (2 * u - 1)
    return v.astype(np.float32).reshape(shape)


def image(count, channels, side):
    u = uniform("input", count * channels * side * side)
    return (2 * u - 1).astype(np.float32).reshape(count, channels, side, side)
