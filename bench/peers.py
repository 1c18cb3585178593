"""How Python tools capture the last token's residual stream at every layer; one tool a process.

python peers.py METHOD MODEL_FOLDER ROWS.jsonl   prints one line of JSON: seconds of the work itself
(model loaded, texts tokenised), tokens, padded cells, peak resident MiB. See README.md.
"""

import json
import resource
import sys
import time
from pathlib import Path

import torch

THREADS = 2
PEAK_SIZE, PEAK_ROUNDS = 2048, 6


def texts(file):
    rows = [json.loads(line) for line in Path(file).read_text().splitlines()]
    return [row["text"] for row in rows]


def gemm_peak():
    """Float32 operations a second of one large square product."""
    a, b = torch.randn(PEAK_SIZE, PEAK_SIZE), torch.randn(PEAK_SIZE, PEAK_SIZE)
    torch.mm(a, b)
    best = 0.0
    for _ in range(PEAK_ROUNDS):
        began = time.perf_counter()
        torch.mm(a, b)
        best = max(best, 2 * PEAK_SIZE ** 3 / (time.perf_counter() - began))
    return best


def batches_of(ids, count):
    return [ids[i:i + count] for i in range(0, len(ids), count)]


def sorted_batches(ids, count):
    return batches_of(sorted(ids, key=len), count)


def budget_batches(ids, cells):
    """Sorted by length, as many rows a batch as its padded cells allow."""
    made, batch = [], []
    for row in sorted(ids, key=len):
        if batch and (len(batch) + 1) * len(row) > cells:
            made.append(batch)
            batch = []
        batch.append(row)
    return made + [batch]


def padded(batch):
    """Rows padded on the left, so that the last column is the last token of all."""
    width = max(map(len, batch))
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    mask = torch.zeros(len(batch), width, dtype=torch.long)
    for row, tokens in enumerate(batch):
        ids[row, width - len(tokens):] = torch.tensor(tokens)
        mask[row, width - len(tokens):] = 1
    return ids, mask


def hugging_face(folder, attention, bare):
    from transformers import AutoModel, AutoModelForCausalLM
    kind = AutoModel if bare else AutoModelForCausalLM
    model = kind.from_pretrained(folder, attn_implementation=attention, dtype=torch.float32).eval()

    def run(batch):
        ids, mask = padded(batch)
        out = model(input_ids=ids, attention_mask=mask, output_hidden_states=True, use_cache=False)
        return torch.stack([h[:, -1] for h in out.hidden_states[1:]])

    return run


def transformer_lens(folder):
    from transformer_lens.model_bridge import TransformerBridge
    model = TransformerBridge.boot_transformers(folder, dtype=torch.float32)

    def run(batch):
        ids, mask = padded(batch)
        names = lambda name: name.endswith("hook_resid_post")
        _, cache = model.run_with_cache(ids, attention_mask=mask, names_filter=names)
        return torch.stack([cache[f"blocks.{l}.hook_resid_post"][:, -1] for l in range(model.cfg.n_layers)])

    return run


def nnsight(folder):
    from nnsight import LanguageModel
    model = LanguageModel(folder, device_map="cpu", dtype=torch.float32, dispatch=True)

    def run(batch):
        ids, mask = padded(batch)
        kept = []
        with model.trace({"input_ids": ids, "attention_mask": mask}):
            for layer in model.model.layers:
                kept.append(layer.output[0][:, -1].save() if layer.output[0].dim() == 3 else layer.output[:, -1].save())
        return torch.stack(list(kept))

    return run


METHODS = {
    "hf-eager-4": lambda f: (hugging_face(f, "eager", bare=False), lambda ids: batches_of(ids, 4)),
    "hf-sdpa-sorted-32": lambda f: (hugging_face(f, "sdpa", bare=False), lambda ids: sorted_batches(ids, 32)),
    "hf-sdpa-budget": lambda f: (hugging_face(f, "sdpa", bare=True), lambda ids: budget_batches(ids, 2048)),
    "transformer-lens": lambda f: (transformer_lens(f), lambda ids: sorted_batches(ids, 32)),
    "nnsight": lambda f: (nnsight(f), lambda ids: sorted_batches(ids, 32)),
}


@torch.no_grad()
def main():
    method, folder, file = sys.argv[1:4]
    torch.set_num_threads(THREADS)
    if method == "gemm-peak":
        print(json.dumps({"flops": gemm_peak()}))
        return
    from transformers import AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = [tokenizer(text)["input_ids"] for text in texts(file)]
    run, pack = METHODS[method](folder)
    batches = pack(ids)
    run(batches[0])
    began = time.perf_counter()
    for batch in batches:
        run(batch)
    seconds = time.perf_counter() - began
    cells = sum(len(batch) * max(map(len, batch)) for batch in batches)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "tokens": sum(map(len, ids)), "cells": cells, "peak_mib": peak}))


if __name__ == "__main__":
    main()
