"""Reads long contexts with transformers under the same scaling of rotary frequencies, and compares losses with a run's.

    sonde run experiments/position.yaml --model MODEL --out RUN          (with 'length' among the perturbations)
    python scripts/check-length.py RUN MODEL TRAINED_LENGTH

Long texts are the run's, from artifacts/PROBE.long_texts.safetensors. For 1, 2, 4 and 8 trained windows the last half
window is scored: plain, and with rope_type linear, dynamic (at that length) and yarn as transformers implements them;
with distances that are clipped (rerope) or grouped (self_extend) by attention written here anew, angle by angle.
Exits 1 if a ratio of perplexities differs by more than 0.1 %. Needs scripts/compare-requirements.txt.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from transformers import AutoConfig, AutoModelForCausalLM

TOLERANCE = 1e-3
ROPES = {"plain": None, "linear": "linear", "ntk": "dynamic", "yarn": "yarn"}
DISTANCES = ["rerope", "self_extend"]


def seen(way, length, trained):
    """The distance [queries, keys] that attention sees."""
    place = torch.arange(length)
    far = place[:, None] - place[None]
    if way == "rerope":
        return far.clamp(max=trained // 2)
    near = trained // 4
    group = -(-(length - near) // (trained - near))
    grouped = place[:, None] // group - place[None] // group + near - near // group
    return torch.where(far <= near, far, grouped)


def reads_distances(model, distances):
    """Attention whose logits are the real part of q conj(k) turned by the distance, plane by plane."""
    frequencies = model.model.rotary_emb.inv_freq.double()

    def forward_of(attention):
        width = attention.head_dim
        shared = model.config.num_attention_heads // model.config.num_key_value_heads

        def forward(hidden_states, *_args, **_kwargs):
            x = hidden_states[0]
            q, k, v = (
                projection(x).view(len(x), -1, width).transpose(0, 1)
                for projection in (attention.q_proj, attention.k_proj, attention.v_proj)
            )
            k, v = k.repeat_interleave(shared, 0), v.repeat_interleave(shared, 0)
            logits = torch.zeros(len(q), len(x), len(x), dtype=torch.double)
            for plane, frequency in enumerate(frequencies):
                a, b = q[..., plane].double(), q[..., plane + width // 2].double()
                c, d = k[..., plane].double(), k[..., plane + width // 2].double()
                same = a[:, :, None] * c[:, None] + b[:, :, None] * d[:, None]
                across = a[:, :, None] * d[:, None] - b[:, :, None] * c[:, None]
                angle = distances * frequency
                logits += same * torch.cos(angle) + across * torch.sin(angle)
            hidden = torch.triu(torch.ones(len(x), len(x), dtype=torch.bool), 1)
            pattern = torch.softmax((logits * attention.scaling).masked_fill(hidden, -math.inf), -1).to(v.dtype)
            return attention.o_proj((pattern @ v).transpose(0, 1).reshape(1, len(x), -1)), None

        return forward

    for block in model.model.layers:
        block.self_attn.forward = forward_of(block.self_attn)


@torch.no_grad()
def nats(folder, way, texts, scored, length, trained):
    rope = ROPES.get(way)
    config = AutoConfig.from_pretrained(folder)
    if rope is not None:
        factor = length / trained
        config.max_position_embeddings = trained
        config.rope_parameters = dict(config.rope_parameters, rope_type=rope, factor=factor)
        if rope == "yarn":
            config.rope_parameters["original_max_position_embeddings"] = trained
        if rope == "dynamic":
            # base · ((factor · length / trained) − (factor − 1))^(d / (d − 2)): with factor 1, by the length alone
            config.rope_parameters["factor"] = 1.0
    model = AutoModelForCausalLM.from_pretrained(folder, config=config, dtype=torch.float32).eval()
    if way in DISTANCES:
        reads_distances(model, seen(way, length, trained))
    total, count = 0.0, 0
    for text, counted in zip(texts, scored):
        ids = torch.from_numpy(text[-length:][None])
        logits = torch.log_softmax(model(ids, use_cache=False).logits[0].double(), -1)
        loss = -logits[:-1].gather(1, ids[0, 1:, None])[:, 0].numpy()
        last = counted[-length:][1:].copy()
        last[: length - 1 - trained // 2] = False
        total += loss[last].sum()
        count += last.sum()
    return total / count


def main():
    run, folder, trained = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    stored = load_file(run / "artifacts" / "position.long_texts.safetensors")
    texts = np.atleast_2d(stored["token_ids"]).astype(np.int64)
    scored = np.atleast_2d(stored["scored"]) > 0
    metrics = json.loads((run / "report.json").read_text(encoding="utf-8"))["probes"][0]["metrics"]
    base = nats(folder, "plain", texts, scored, trained, trained)
    worst = 0
    for metric in metrics:
        name = metric["where"].get("perturbation", "") if metric["name"] == "perplexity.ratio" else ""
        if name.startswith("length.") and (name[7:] in ROPES or name[7:] in DISTANCES):
            length = metric["where"]["multiple"] * trained
            ours = math.exp(nats(folder, name[7:], texts, scored, length, trained) - base)
            worst = max(worst, abs(metric["value"] / ours - 1))
            print(f"{name} at {length} tokens: {ours:.5f} (run: {metric['value']:.5f})")
    print(f"largest relative difference {worst:.1e}")
    sys.exit(int(worst > TOLERANCE or not worst))


if __name__ == "__main__":
    main()
