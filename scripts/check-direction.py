"""Recomputes a run's difference of means with NumPy alone and compares it with the report.

    sonde run experiments/reasoning-direction.yaml --out RUN
    sonde capture --model REF --data DATA --text text --read 'blocks.*.hook_resid_post' --tokens last --out CAPTURE
    python scripts/check-direction.py RUN CAPTURE DATA [--label label] [--positive reasoning] [--probe direction]

The folds are the run's own, from artifacts/PROBE.heldout.safetensors. Exits 1 if a figure differs by more than 0.005.
Needs numpy 2.x and safetensors 0.5 or later.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

TOLERANCE = 0.005


def pairs(scores, positive):
    """Concordant pairs, ties half, and all pairs of a positive and a negative row."""
    high, low = scores[positive], scores[~positive]
    apart = high[:, None] - low[None, :]
    return (apart > 0).sum() + 0.5 * (apart == 0).sum(), apart.size


def fold_auroc(rows, positive, folds):
    """AUROC within held-out folds, weighted by pairs, of the projection on the difference of means."""
    concordant = total = 0
    for fold in np.unique(folds[folds >= 0]):
        train, test = folds != fold, folds == fold
        direction = rows[train & positive].mean(0) - rows[train & ~positive].mean(0)
        share, size = pairs(rows[test] @ direction, positive[test])
        concordant, total = concordant + share, total + size
    return concordant / total


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("capture", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--label", default="label")
    parser.add_argument("--positive", default="reasoning")
    parser.add_argument("--probe", default="direction")
    options = parser.parse_args()

    data = [json.loads(line) for line in options.data.open(encoding="utf-8")]
    with safe_open(options.run / "artifacts" / f"{options.probe}.heldout.safetensors", "numpy") as heldout:
        folds = heldout.get_tensor("folds")
        ids = heldout.metadata()["row_ids"].split("\n")
    place = {str(row.get("id", number)): number for number, row in reversed(list(enumerate(data)))}
    # A row that stands twice in the file counts once in the run and in the capture.
    positive = np.array([data[place[one]][options.label] == options.positive for one in ids])
    activations = load_file(options.capture)
    report = json.loads((options.run / "report.json").read_text(encoding="utf-8"))
    metrics = next(p for p in report["probes"] if p["name"] == options.probe)["metrics"]
    worst = 0.0
    for metric in metrics:
        where = metric["where"]
        if metric["name"] != "auroc" or where.get("split") != "grouped":
            continue
        if where["method"] != "difference_of_means" or where["site"] != "resid_post":
            continue
        rows = activations[f"blocks.{where['layer']}.hook_resid_post"].astype(np.float64)
        independent = fold_auroc(rows, positive, folds)
        worst = max(worst, abs(independent - metric["value"]))
        print(f"block {where['layer']:3d}: report {metric['value']:.4f}, NumPy {independent:.4f}")
    print(f"largest difference {worst:.5f}")
    sys.exit(worst > TOLERANCE)


if __name__ == "__main__":
    main()
