"""Writes a saved probe and what NumPy makes of it, for SavedProbeByNumpyTest.

    python make.py        (numpy 2.x, safetensors 0.5)

The function `scored` is the one of docs/saved-probes.md.
"""

import hashlib
import json

import numpy as np
from safetensors.numpy import load_file, save_file


def scored(card_file, x):
    """Scores, probabilities and flags of rows x, [rows, width]."""
    card = json.load(open(card_file, encoding="utf-8"))
    probe = load_file(card["tensors"]["file"])
    score = x.astype(np.float64) @ probe["weights"] + probe["bias"]
    curve = card["probability"]
    if curve["kind"] == "platt":
        p = 1 / (1 + np.exp(-(curve["slope"] * score + curve["intercept"])))
    else:
        p = np.interp(score, curve["scores"], curve["probabilities"])
    threshold = next(t["score"] for t in card["thresholds"] if t["false_positives"] == 0.05)
    return score, p, score > threshold


def main():
    draw = np.random.default_rng(26)
    width = 12
    save_file(
        {"weights": draw.normal(size=width), "bias": np.array([0.25])}, "probe.safetensors"
    )
    card = {
        "format": "sonde-probe-1",
        "name": "made.by_numpy",
        "what": "made up",
        "chosen": True,
        "tensors": {
            "file": "probe.safetensors",
            "sha256": hashlib.sha256(open("probe.safetensors", "rb").read()).hexdigest(),
        },
        "kind": "linear",
        "form": {"apply": "score = x · weights + bias"},
        "read": {
            "hook_point": "blocks.1.hook_resid_post",
            "tokens": "last",
            "reduction": "none",
            "width": width,
            "aggregate": "",
            "over": "all",
        },
        "classes": {"positive": "yes", "negative": "no", "graded": False},
        "probability": {"kind": "platt", "slope": 0.75, "intercept": -0.5},
        "thresholds": [{"false_positives": 0.05, "score": 1.0}],
        "decoder": {
            "name": "difference_of_means",
            "plugin": "probe-linear/difference_of_means",
            "version": "0.2.0",
            "settings": {},
        },
        "model": {},
        "prompt": {"text": "text"},
        "data": {},
        "figures": {},
        "verdict": [],
    }
    json.dump(card, open("probe.json", "w", encoding="utf-8"), ensure_ascii=False, indent=1)
    x = draw.normal(size=(20, width)).astype(np.float32)
    score, p, flag = scored("probe.json", x)
    expected = {
        "rows": [[float(v) for v in row] for row in x],
        "scores": score.tolist(),
        "probabilities": p.tolist(),
        "flags": [bool(v) for v in flag],
    }
    json.dump(expected, open("expected.json", "w", encoding="utf-8"))


main()
