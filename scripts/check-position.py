"""Computes r and the gain of the key axis of every head with NumPy and transformers, and compares them with a run's.

    sonde convert MODEL.gguf --out MODEL            (where the model is a GGUF file)
    sonde run experiments/position.yaml --model MODEL --set data.path=DATA.jsonl --out RUN
    python scripts/check-position.py RUN MODEL

Queries and keys are transformers' own, caught behind its projections and norms; texts are the run's, from
artifacts/PROBE.texts.safetensors. E1 and E2 are fitted by the pseudo-inverse of the whole normal equations, E3 as marginals of the
shared form, E4 plane by plane: nothing is taken over from Sonde. Exits 1 if a head's figure differs by more than 0.001.
For models that rotate whole heads, halves against halves (Llama, Mistral, Qwen, SmolLM). Needs scripts/compare-requirements.txt.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from transformers import AutoModelForCausalLM

TOLERANCE = 0.001
SLOW_ANGLE = 1.0


class Catch:
    """What the projections (or their norms, where a model has them) of every block give."""

    def __init__(self, model):
        self.rows = {}
        for layer, block in enumerate(model.model.layers):
            attention = block.self_attn
            for name in ("q", "k"):
                module = getattr(attention, f"{name}_norm", None) or getattr(attention, f"{name}_proj")
                module.register_forward_hook(self.keep(layer, name))

    def keep(self, layer, name):
        def hook(_module, _inputs, output):
            self.rows[layer, name] = output[0].reshape(output.shape[1], -1).double().numpy()

        return hook


def turned(x, frequencies):
    """Rows rotated by their index, first halves with second halves."""
    angle = np.arange(len(x))[:, None] * frequencies
    a, b = np.split(x, 2, axis=1)
    return np.hstack([a * np.cos(angle) - b * np.sin(angle), b * np.cos(angle) + a * np.sin(angle)])


class Axes:
    """Least squares on indices of cells, all unknowns at once."""

    def __init__(self, *indices):
        self.indices = indices
        self.size = indices[0].max() + 1
        count = len(indices) * self.size
        products = np.zeros((count, count))
        for i, first in enumerate(indices):
            for j, second in enumerate(indices):
                np.add.at(products, (first + i * self.size, second + j * self.size), 1)
        self.inverse = np.linalg.pinv(products, hermitian=True, rcond=1e-10)

    def fit(self, cells):
        sums = np.concatenate([np.bincount(index, cells, self.size) for index in self.indices])
        parts = (self.inverse @ sums).reshape(len(self.indices), -1)
        return sum(part[index] for part, index in zip(parts, self.indices))


def explained(cells, fit):
    return 1 - ((cells - fit) ** 2).sum() / ((cells - cells.mean()) ** 2).sum()


def correlation(cells, fit):
    return np.corrcoef(cells, fit)[0, 1]


class Heads:
    """The figures of heads on texts of one length, the first tokens left out."""

    def __init__(self, tokens, first, frequencies, scale):
        self.first, self.frequencies, self.scale = first, frequencies, scale
        size = tokens - first
        self.query, self.key = np.tril_indices(size)
        self.distance = self.query - self.key
        self.three = Axes(self.distance, self.query, self.key)
        self.two = Axes(self.distance, self.key)
        self.one = Axes(self.distance)
        self.turns = np.exp(1j * np.outer(np.arange(size), frequencies))
        self.slow = frequencies * tokens < SLOW_ANGLE

    def planes(self, x):
        a, b = np.split(x, 2, axis=1)
        return a + 1j * b

    def additive(self, q, k, mean, factors):
        """f from the mean keys of each query, g with a factor per plane, cell by cell."""
        f = ((q * mean.conj() * self.turns) @ self.turns.conj().T).real
        g = ((q * factors) @ k.conj().T).real - ((q * factors) * mean.conj()).sum(1).real[:, None]
        return self.scale * (f + g)[self.query, self.key]

    def within(self, centred, near):
        """R² of an approximation within rows."""
        near = near - (np.bincount(self.query, near) / np.bincount(self.query))[self.query]
        return 1 - ((centred - near) ** 2).sum() / (centred**2).sum()

    def figures(self, q, k):
        q, k = q[self.first :], k[self.first :]
        logits = self.scale * turned(q, self.frequencies) @ turned(k, self.frequencies).T
        cells = logits[self.query, self.key]
        per_query = np.bincount(self.query)
        centred = cells - (np.bincount(self.query, cells) / per_query)[self.query]
        two = self.two.fit(centred)
        queries, keys = self.planes(q), self.planes(k)
        running = np.cumsum(keys, axis=0) / per_query[:, None]
        shares = np.exp(cells - cells.max())
        shares /= np.bincount(self.query, shares)[self.query]
        attended = np.bincount(self.distance, shares) / len(q) @ self.turns
        of_position = self.within(centred, self.additive(queries, keys, running, 0 * self.turns[0]))
        of_both = self.within(centred, self.additive(queries, keys, running, self.turns.mean(0)))
        whole = np.broadcast_to(keys.mean(0), keys.shape)
        return {
            "r.e1": correlation(cells, self.three.fit(cells)),
            "r.e2": correlation(centred, two),
            "r.e3": correlation(cells, self.additive(queries, keys, running, self.turns.mean(0))),
            "r.e3w": correlation(cells, self.additive(queries, keys, running, attended)),
            "share.position": of_position,
            "gain.content": of_both - of_position,
            "r.e4": correlation(cells, self.additive(queries, keys, whole, self.slow.astype(float))),
            "gain.key_axis": explained(centred, two) - explained(centred, self.one.fit(centred)),
        }


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--probe", default="position")
    options = parser.parse_args()

    texts = load_file(options.run / "artifacts" / f"{options.probe}.texts.safetensors")
    ids, first = np.atleast_2d(texts["token_ids"]).astype(np.int64), int(texts["first"][0])
    model = AutoModelForCausalLM.from_pretrained(
        options.model, attn_implementation="eager", dtype=torch.float32).eval()
    config = model.config
    heads, key_heads = config.num_attention_heads, config.num_key_value_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // heads
    frequencies = model.model.rotary_emb.inv_freq.double().numpy()
    scale = model.model.layers[0].self_attn.scaling * model.model.rotary_emb.attention_scaling**2
    measure = Heads(ids.shape[1], first, frequencies, scale)
    catch = Catch(model)
    sums = {}
    for text in ids:
        model(torch.tensor(text[None]), use_cache=False)
        for layer in range(config.num_hidden_layers):
            for head in range(heads):
                own, shared = head * width, head // (heads // key_heads) * width
                q = catch.rows[layer, "q"][:, own : own + width]
                k = catch.rows[layer, "k"][:, shared : shared + width]
                for name, value in measure.figures(q, k).items():
                    sums[name, layer, head] = sums.get((name, layer, head), 0) + value / len(ids)

    report = json.loads((options.run / "report.json").read_text(encoding="utf-8"))
    metrics = next(p for p in report["probes"] if p["name"] == options.probe)["metrics"]
    worst, compared = {}, 0
    for metric in metrics:
        where = metric["where"]
        key = metric["name"], where.get("layer"), where.get("head")
        if key in sums and where.get("model") == "trained":
            compared += 1
            apart = abs(sums[key] - metric["value"])
            worst[metric["name"]] = max(worst.get(metric["name"], 0), apart)
    for name, apart in worst.items():
        median = np.median([value for (own, _, _), value in sums.items() if own == name])
        print(f"{name}: largest difference of a head {apart:.2e}; median over heads {median:.3f}")
    print(f"{compared} of {len(sums)} figures compared, {len(ids)} texts of {ids.shape[1]} tokens")
    sys.exit(int(compared != len(sums) or max(worst.values()) > TOLERANCE))


if __name__ == "__main__":
    main()
