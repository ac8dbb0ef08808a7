#!/usr/bin/env python3
"""Oracle values for Evaluation/Fidelity and Embedding/Pca with numpy, scipy and scikit-learn (Debian 12's packages).

Writes fidelity.json beside itself: the inputs (float32, three decimals) and what is expected. Run: python3 fidelity.py
Definitions written out naively from the papers; nothing here shares code with the product.
"""
import json
import os

import numpy as np
import scipy.linalg
import scipy.stats
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(20240607)

d = 6
mix = rng.normal(size=(d, d))
real = np.round(rng.normal(size=(160, d)) @ mix + rng.normal(size=d), 3).astype(np.float32)
synthetic = np.round(0.8 * rng.normal(size=(140, d)) @ mix + 0.4, 3).astype(np.float32)
x, y = real.astype(np.float64), synthetic.astype(np.float64)


def fd(a, b):
    ca, cb = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = scipy.linalg.sqrtm(ca @ cb)
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(ca + cb - 2 * root.real))


def mmd2(a, b):
    def kernel(p, q):
        return (p @ q.T / p.shape[1] + 1) ** 3
    kaa, kbb, kab = kernel(a, a), kernel(b, b), kernel(a, b)
    n, m = len(a), len(b)
    return float((kaa.sum() - np.trace(kaa)) / (n * (n - 1)) + (kbb.sum() - np.trace(kbb)) / (m * (m - 1)) - 2 * kab.mean())


def radii(a, k):
    return NearestNeighbors(n_neighbors=k + 1, algorithm="brute").fit(a).kneighbors(a)[0][:, k]


def neighbourhoods(a, b, kp=3, kc=5):
    dist = np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1))
    rp, rc, sp = radii(a, kp), radii(a, kc), radii(b, kp)
    inside = dist <= rc[:, None]
    return {
        "precision": float((dist <= rp[:, None]).any(0).mean()),
        "recall": float((dist <= sp[None]).any(1).mean()),
        "density": float(inside.sum() / (kc * len(b))),
        "coverage": float(inside.any(1).mean()),
    }


def vendi(a):
    u = a / np.linalg.norm(a, axis=1, keepdims=True)
    lam = np.linalg.eigvalsh(u @ u.T / len(u))
    lam = lam[lam > 1e-15]
    return float(np.exp(-(lam * np.log(lam)).sum()))


def signed(axes):
    return axes * np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(1)])[:, None]


def copying(train, hold, synth):
    """Nearest-training distances of the two sets, compared; Meehan's Z for one cell."""
    def nearest(a, skip=0):
        return NearestNeighbors(n_neighbors=1 + skip, algorithm="brute").fit(train).kneighbors(a)
    dh, ds = nearest(hold)[0][:, 0], nearest(synth)[0][:, 0]
    u = scipy.stats.mannwhitneyu(ds, dh, method="asymptotic", use_continuity=False).statistic
    n, m = len(ds), len(dh)
    own = nearest(train, 1)[0][:, 1]
    dist, index = nearest(synth)
    return {
        "u": float(u),
        "z": float((u - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12)),
        "authentic": float((dist[:, 0] > own[index[:, 0]]).mean()),
    }


pca = PCA(n_components=3, svd_solver="full").fit(x)
axes = signed(pca.components_)
wide = PCA(n_components=3, svd_solver="full").fit(x[:5])
json.dump({
    "real": [[round(float(v), 3) for v in row] for row in real],
    "synthetic": [[round(float(v), 3) for v in row] for row in synthetic],
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
    "fd": fd(x, y),
    "kid": mmd2(x, y),
    **neighbourhoods(x, y),
    "copying": copying(x[:80], x[80:], y),
    "vendi_real": vendi(x),
    "vendi_synthetic": vendi(y),
    "vendi_first_four": vendi(x[:4]),
    "pca_variances": pca.explained_variance_.tolist(),
    "pca_share": float(pca.explained_variance_ratio_.sum()),
    "pca_first_synthetic": ((y[0] - x.mean(0)) @ axes.T).tolist(),
    "pca_of_five_variances": wide.explained_variance_.tolist(),
    "pca_of_five_first_synthetic": ((y[0] - x[:5].mean(0)) @ signed(wide.components_).T).tolist(),
}, open(os.path.join(here, "fidelity.json"), "w"))
