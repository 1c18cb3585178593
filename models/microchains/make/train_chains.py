"""Trains the micro-chain model: documents drawn anew for every batch, loss on what stands behind the prompt.

Model, optimiser and file names are the micro-world's (../../microworld/make/train.py). The training can be interrupted: it
keeps its state in a file and goes on from there. Each batch follows from its number alone.
"""

import argparse
import json
import math
import random
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

import microchains as M

sys.path.insert(1, str(Path(__file__).parent.parent.parent / "microworld" / "make"))
import train as T       # noqa: E402
import world as W       # noqa: E402

CONFIG = {**T.CONFIG, "hidden_size": 64, "intermediate_size": 192, "num_attention_heads": 4, "num_key_value_heads": 4,
          "num_hidden_layers": 3}
TOKENS = 3_000_000
BATCH_TOKENS = 2048
SHORT_TOKENS, SHORT = 1_000_000, (15, 18)   # the first documents are of the shortest chains
WARM_UP_TOKENS = 100_000


def batch(number, seen, encode):
    """Documents of about BATCH_TOKENS tokens, padded."""
    rng = random.Random(f"{M.SEED}/batch {number}")
    fewest, most = SHORT if seen < SHORT_TOKENS else (M.FEWEST, M.MOST)
    documents, width = [], 0
    while (len(documents) + 1) * width <= BATCH_TOKENS:
        prompt, answer = M.document(rng, fewest, most)
        documents.append(encode({"text": f"{prompt} {answer}", "answer_at": len(prompt)}))
        width = max(width, len(documents[-1][0]))
    return T.as_batch(documents)


def state(model, adam, muon, seen, steps):
    return {"model": model.state_dict(), "adam": adam.state_dict(), "muon": muon.averages, "seen": seen, "steps": steps}


def save(model, folder, tokens):
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"config.json": {**CONFIG, "vocab_size": len(tokens)},
             "generation_config.json": {"bos_token_id": 1, "eos_token_id": 2, "do_sample": False},
             "tokenizer.json": W.tokenizer_json(tokens),
             "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<bos>",
                                       "eos_token": "<eos>", "unk_token": "<unk>", "add_bos_token": True,
                                       "model_max_length": 512}}
    for name, content in texts.items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n")
    tensors = model.state_dict()
    save_file({theirs: tensors[ours].contiguous() for ours, theirs in T.names(CONFIG).items()},
              folder / "model.safetensors", metadata={"format": "pt"})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--state", type=Path, default=Path("microchains.state"))
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long; the next call goes on")
    arguments = parser.parse_args()
    torch.manual_seed(M.SEED)
    tokens = M.vocabulary()
    encode = T.Encoder(tokens)
    model = T.Llama(CONFIG, len(tokens))
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() != 2 or "embed" in n]
    muon, adam = T.Muon(matrices), torch.optim.Adam(others, lr=T.OTHER_RATE, betas=(0.9, 0.95))
    seen = steps = 0
    if arguments.state.exists():
        kept = torch.load(arguments.state)
        model.load_state_dict(kept["model"])
        adam.load_state_dict(kept["adam"])
        muon.averages, seen, steps = kept["muon"], kept["seen"], kept["steps"]
    began, recent = time.time(), []
    while seen < arguments.tokens and time.time() - began < 60 * arguments.minutes:
        ids, targets = batch(steps, seen, encode)
        warm = min(1.0, 0.01 + seen / WARM_UP_TOKENS)
        factor = warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, seen / arguments.tokens))))
        loss = T.loss_of(model, ids, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        muon.step(T.MATRIX_RATE * factor)
        for group in adam.param_groups:
            group["lr"] = T.OTHER_RATE * factor
        adam.step()
        model.zero_grad()
        seen, steps = seen + ids.numel(), steps + 1
        recent.append(loss.item())
        if steps % 50 == 0:
            print(f"{seen / 1e6:.2f} M tokens, loss {sum(recent) / len(recent):.3f}, {time.time() - began:.0f} s", flush=True)
            recent = []
    torch.save(state(model, adam, muon, seen, steps), arguments.state)
    save(model, arguments.folder, tokens)


if __name__ == "__main__":
    main()
