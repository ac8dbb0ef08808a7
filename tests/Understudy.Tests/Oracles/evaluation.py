"""Writes evaluation.json: what scikit-learn and scipy say of predictions that were drawn once. Run: python3 evaluation.py

Values were made with scikit-learn 1.2.1, scipy 1.10.1 and numpy 1.24.2. Nothing of this is needed to run the tests.
"""
import json
import pathlib

import numpy as np
from scipy import optimize, special, stats
from sklearn import metrics


def predictions(seed, images, classes, places, absent=None):
    """Softmax of noise with some skill; rounding to few places makes ties."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, images)
    if absent is not None:
        labels[labels == absent] = (absent + 1) % classes
    logits = rng.normal(size=(images, classes)) * 1.2
    logits[np.arange(images), labels] += 1.0
    p = np.exp(logits)
    p = np.round(p / p.sum(1, keepdims=True), places).astype(np.float32)
    return labels, p


def scores(labels, p):
    classes = p.shape[1]
    names = list(range(classes))
    guess = p.argmax(1)
    result = {
        "accuracy": metrics.accuracy_score(labels, guess),
        "balanced_accuracy": metrics.recall_score(labels, guess, labels=sorted(set(labels)), average="macro", zero_division=0),
        "confusion": metrics.confusion_matrix(labels, guess, labels=names).tolist(),
    }
    for average in ("macro", "weighted"):
        values = metrics.precision_recall_fscore_support(labels, guess, labels=names, average=average, zero_division=0)[:3]
        result[average] = list(values)
    per_class = metrics.precision_recall_fscore_support(labels, guess, labels=names, average=None, zero_division=0)
    result["per_class"] = [v.tolist() for v in per_class]
    result["auroc"] = [metrics.roc_auc_score(labels == k, p[:, k]) if 0 < (labels == k).sum() < len(labels) else None for k in names]
    result["nll"] = float(-np.log(np.maximum(1e-12, p[np.arange(len(labels)), labels].astype(np.float64))).mean())
    confidence = p.max(1).astype(np.float64)
    bins = np.clip(np.ceil(confidence * 15).astype(int) - 1, 0, 14)
    right = guess == labels
    result["ece"] = float(sum(abs(confidence[bins == b].sum() - right[bins == b].sum()) for b in range(15)) / len(labels))
    chi = stats.chi2_contingency(drop_empty(np.array(result["confusion"])), correction=False)
    result["chi_squared"] = [chi[0], chi[2], chi[1]]
    rows, columns = optimize.linear_sum_assignment(-np.array(result["confusion"]).T)
    result["best_permutation_accuracy"] = float(np.array(result["confusion"]).T[rows, columns].sum() / len(labels))
    return result


def drop_empty(m):
    return m[m.sum(1) > 0][:, m.sum(0) > 0]


def case(name, *args, **kwargs):
    labels, p = predictions(*args, **kwargs)
    return {"name": name, "labels": labels.tolist(), "probabilities": [[round(float(v), 6) for v in row] for row in p], "expected": scores(labels, p)}


def clopper_pearson(k, n, level):
    tail = (1 - level) / 2
    return [0.0 if k == 0 else stats.beta.ppf(tail, k, n - k + 1), 1.0 if k == n else stats.beta.ppf(1 - tail, k + 1, n - k)]


def wilson(k, n, level):
    interval = stats.binomtest(k, n).proportion_ci(level, "wilson")
    return [interval.low, interval.high]


binomials = [(0, 10, .95), (10, 10, .95), (3, 10, .95), (36, 3589, .95), (500, 1000, .99), (1, 28709, .95), (28000, 28709, .9)]
oracle = {
    "cases": [
        case("seven classes", 1, 150, 7, 6),
        case("ties", 2, 150, 5, 1),
        case("an absent class", 3, 90, 4, 2, absent=2),
        case("two classes", 4, 60, 2, 3),
    ],
    "beta": [[x, a, b, special.betainc(a, b, x)] for x, a, b in
             [(.5, 2, 3), (.01, 36, 3554), (.001, .5, .5), (.999, .5, .5), (.3, 100, 200), (.5, 5000, 5000), (.52, 50000, 50000), (1e-6, 1, 28709), (.9, 1e-3, 2)]],
    "gamma": [[a, x, special.gammaincc(a, x)] for a, x in [(.5, .2), (.5, 8), (18, 10), (18, 40), (18, 120), (1, 1), (2450, 2500), (2450, 2300)]],
    "log_gamma": [[x, special.gammaln(x)] for x in [1e-3, .5, 1, 1.5, 2, 3.7, 14.99, 15, 100, 28709.5]],
    "clopper_pearson": [[k, n, level, *clopper_pearson(k, n, level)] for k, n, level in binomials],
    "wilson": [[k, n, level, *wilson(k, n, level)] for k, n, level in binomials],
    "mcnemar": [[b, c, min(1.0, stats.binomtest(b, b + c, .5).pvalue)] for b, c in [(1, 0), (5, 5), (10, 2), (2, 10), (120, 80), (900, 700)]],
    "normal": [[p, stats.norm.ppf(p)] for p in [.5, .6, .975, .995, .9999, .025]],
    "quantiles": [[.95, *np.quantile([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], [.025, .975])], [.8, *np.quantile([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], [.1, .9])]],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(oracle, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
print(path, path.stat().st_size, "bytes")
