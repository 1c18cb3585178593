"""Replaces attention's logits in transformers, and compares what it costs with a run's.

    sonde convert MODEL.gguf --out MODEL            (where the model is a GGUF file)
    sonde run experiments/position.yaml --model MODEL --set data.path=DATA.jsonl --out RUN
    python scripts/check-substitution.py RUN MODEL [--texts 4] [--blocks 0 12 29]

Nothing is taken over from Sonde but the texts (artifacts/PROBE.texts.safetensors): attention is written here anew in
torch, the table of dummy distances T[j, d] = w(d, q_i, k_j) of E3 is made in full and averaged, E1 is fitted by the
pseudo-inverse of the whole normal equations. In all blocks at once, and with --blocks in single ones, logits of all
tokens but the first are replaced. Prints perplexity over the model's own and the share of the loss recovered; where
RUN has as many texts, exits 1 if one of its ratios differs by more than 1 %.
For models that rotate whole heads, halves against halves (Llama, Mistral, SmolLM). Needs scripts/compare-requirements.txt.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from transformers import AutoModelForCausalLM

VARIANTS = ["exact", "e3", "e4", "e1", "f", "g", "uniform"]
SLOW_ANGLE = 1.0
TOLERANCE = 0.01


class Axes:
    """Least squares on distance, query and key of the cells of a causal matrix."""

    def __init__(self, size):
        query, key = np.tril_indices(size)
        self.query, self.key = query, key
        self.indices = [query - key, query, key]
        products = np.zeros((3 * size, 3 * size))
        for i, first in enumerate(self.indices):
            for j, second in enumerate(self.indices):
                np.add.at(products, (first + i * size, second + j * size), 1)
        self.inverse = np.linalg.pinv(products, hermitian=True, rcond=1e-10)

    def fit(self, logits):
        size = len(logits)
        cells = logits[self.query, self.key]
        sums = np.concatenate([np.bincount(index, cells, size) for index in self.indices])
        parts = (self.inverse @ sums).reshape(3, -1)
        fitted = np.zeros_like(logits)
        fitted[self.query, self.key] = sum(part[index] for part, index in zip(parts, self.indices))
        return fitted


class Other:
    """Attention whose logits are replaced in some blocks."""

    def __init__(self, model, first, tokens):
        self.config, self.first = model.config, first
        self.frequencies = model.model.rotary_emb.inv_freq.double()
        self.variant, self.blocks = None, set()
        self.axes = None
        places = torch.arange(tokens).double()
        self.turn = torch.exp(1j * places[:, None] * self.frequencies)  # [tokens, planes]
        size = tokens - first
        self.gamma = self.turn[:size].mean(0)
        self.slow = (self.frequencies * tokens < SLOW_ANGLE).double()
        self.size = size

    def patch(self, model):
        for layer, block in enumerate(model.model.layers):
            block.self_attn.forward = self.forward_of(block.self_attn, layer)

    def forward_of(self, attention, layer):
        heads = self.config.num_attention_heads
        shared = heads // self.config.num_key_value_heads
        width = attention.head_dim

        def forward(hidden_states, *_args, **_kwargs):
            x = hidden_states[0]
            q = attention.q_proj(x).view(len(x), -1, width).transpose(0, 1)
            k = attention.k_proj(x).view(len(x), -1, width).transpose(0, 1)
            v = attention.v_proj(x).view(len(x), -1, width).transpose(0, 1)
            k, v = k.repeat_interleave(shared, 0), v.repeat_interleave(shared, 0)
            logits = self.logits(planes(q), planes(k)) * attention.scaling
            if self.variant and layer in self.blocks:
                own = logits[:, self.first :, self.first :]
                other = self.other(planes(q)[:, self.first :], planes(k)[:, self.first :], own, attention.scaling)
                logits = logits.clone()
                logits[:, self.first :, self.first :] = other
            hidden = torch.triu(torch.ones(len(x), len(x), dtype=torch.bool), 1)
            pattern = torch.softmax(logits.masked_fill(hidden, -math.inf), -1).to(v.dtype)
            return attention.o_proj((pattern @ v).transpose(0, 1).reshape(1, len(x), -1)), None

        return forward

    def logits(self, q, k):
        turn = self.turn[: q.shape[1]]
        return ((q * turn) @ (k * turn).conj().transpose(1, 2)).real

    def other(self, q, k, own, scale):
        """[heads, queries, keys] in place of own logits; q and k are complex planes before rotation."""
        if self.variant == "exact":
            return own
        if self.variant == "uniform":
            return torch.zeros_like(own)
        if self.variant == "e1":
            self.axes = self.axes or Axes(self.size)
            return torch.stack([torch.from_numpy(self.axes.fit(head)) for head in own.numpy()])
        if self.variant == "e4":
            mean = k.mean(1, keepdim=True)
            f = self.logits(q, mean.expand_as(k))
            g = ((q * self.slow) @ (k - mean).conj().transpose(1, 2)).real
            return scale * (f + g)
        return scale * self.marginals(q, k)

    def marginals(self, q, k):
        """E3 from the whole table of dummy distances of every query: means over keys, over distances, over both."""
        rows = []
        for i in range(self.size):
            table = torch.einsum("hm,hjm,dm->hjd", q[:, i], k[:, : i + 1].conj(), self.turn[: self.size]).real
            position, content = table.mean(1), table.mean(2)
            grand = table.mean((1, 2))[:, None]
            row = torch.zeros(len(q), self.size, dtype=torch.double)
            at = i - torch.arange(i + 1)
            if self.variant == "f":
                row[:, : i + 1] = position[:, at]
            elif self.variant == "g":
                row[:, : i + 1] = content - grand
            else:
                row[:, : i + 1] = position[:, at] + content - grand
            rows.append(row)
        return torch.stack(rows, 1)


def planes(x):
    a, b = x.double().chunk(2, -1)
    return torch.complex(a, b)


@torch.no_grad()
def losses(model, texts, scored):
    """Nats of the scored tokens of each text."""
    sums = []
    for text, counted in zip(texts, scored):
        ids = torch.from_numpy(text[None])
        logits = torch.log_softmax(model(ids, use_cache=False).logits[0].double(), -1)
        nats = -logits[:-1].gather(1, ids[0, 1:, None])[:, 0].numpy()
        sums.append((nats[counted[1:]].sum(), counted[1:].sum()))
    return np.array(sums)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--probe", default="position")
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--variants", nargs="*", default=VARIANTS)
    parser.add_argument("--blocks", nargs="*", type=int, default=[])
    options = parser.parse_args()

    stored = load_file(options.run / "artifacts" / f"{options.probe}.texts.safetensors")
    texts = np.atleast_2d(stored["token_ids"]).astype(np.int64)[: options.texts]
    scored = np.atleast_2d(stored["scored"])[: options.texts] > 0
    first = int(stored["first"].flat[0])
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    other = Other(model, first, texts.shape[1])
    other.patch(model)
    layers = model.config.num_hidden_layers
    plain = losses(model, texts, scored)
    tokens = plain[:, 1].sum()
    print(f"perplexity {math.exp(plain[:, 0].sum() / tokens):.3f}; {len(texts)} texts, {int(tokens)} tokens")

    report = json.loads((options.run / "report.json").read_text(encoding="utf-8"))
    metrics = next(p for p in report["probes"] if p["name"] == options.probe)["metrics"]
    whole = [m for m in metrics if m["name"] == "texts"][0]["value"] == len(texts)
    worst = 0
    for blocks in [None] + [[block] for block in options.blocks]:
        costs = {}
        for variant in options.variants:
            other.variant, other.blocks = variant, set(range(layers)) if blocks is None else set(blocks)
            costs[variant] = (losses(model, texts, scored)[:, 0] - plain[:, 0]).sum() / tokens
            ratio = math.exp(costs[variant])
            name = "substitution." + variant if blocks is None else "substituted_blocks." + variant
            theirs = [
                m["value"]
                for m in metrics
                if m["name"] == "perplexity.ratio"
                and m["where"]["perturbation"] == name
                and m["where"]["model"] == "trained"
                and (blocks is None or m["where"]["layer"] == blocks[0])
                and m["n"] == tokens
            ]
            beside = f" (run: {theirs[0]:.4f})" if theirs else ""
            if theirs:
                worst = max(worst, abs(theirs[0] / ratio - 1))
            print(f"{'all blocks' if blocks is None else f'block {blocks[0]}'}, {variant}: perplexity x {ratio:.4f}{beside}")
        if "uniform" in costs:
            for variant, cost in costs.items():
                print(f"  loss recovered by {variant}: {1 - cost / costs['uniform']:.4f}")
    if whole:
        print(f"largest relative difference from the run: {worst:.1e}")
    sys.exit(int(whole and worst > TOLERANCE))


if __name__ == "__main__":
    main()
