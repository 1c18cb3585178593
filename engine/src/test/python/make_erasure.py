"""Reference values of erasures for ErasureTest: what concept-erasure makes of some rows.

    pip install -r requirements.txt && python make_erasure.py > ../resources/erasure.json

LEACE is concept_erasure.LeaceFitter without shrinkage and without its bound on the trace, as in theorem 4.3 of
Belrose et al. 2023; the mean projection is its method "orth". Iterated null-space projection is not in that package:
here it is written out with NumPy, one explicit projector and one solve a round.
"""

import json
import sys

import numpy as np
import torch
from concept_erasure import LeaceFitter

SHRINKAGE = 0.01
ROUNDS = 3


def fitted(x, z, method):
    fitter = LeaceFitter(x.shape[1], 1, method, dtype=torch.float64, constrain_cov_trace=False, shrinkage=False,
                         svd_tol=1e-9)
    fitter.update(torch.tensor(x), torch.tensor(z)[:, None])
    return fitter.eraser


def inlp(x, z):
    mean, width = x.mean(0), x.shape[1]
    projector = np.eye(width)
    for _ in range(ROUNDS):
        left = (x - mean) @ projector
        covariance = left.T @ left / len(x)
        shift = SHRINKAGE * np.trace(covariance) / width
        axis = np.linalg.solve(covariance + shift * np.eye(width), left.T @ (z - z.mean()) / len(x))
        axis = projector @ axis
        axis /= np.linalg.norm(axis)
        projector = projector - np.outer(axis, axis)
    return mean, projector


def case(rows, width, seed):
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(width, width))
    z = (np.arange(rows) % 3 == 0).astype(float)
    x = (rng.normal(size=(rows, width)) + np.outer(z, rng.normal(size=width))) @ mixing + rng.normal(size=width) * 3
    x = x.astype(np.float32).astype(float)
    others = rng.normal(size=(4, width)).astype(np.float32).astype(float) * 2
    mean, projector = inlp(x, z)
    return {"rows": x.tolist(), "labels": z.tolist(), "others": others.tolist(),
            "leace": fitted(x, z, "leace")(torch.tensor(others)).tolist(),
            "mean_projection": fitted(x, z, "orth")(torch.tensor(others)).tolist(),
            "inlp": (mean + (others - mean) @ projector).tolist()}


json.dump({"tall": case(40, 6, 1), "wide": case(9, 14, 2)}, sys.stdout)
print()
