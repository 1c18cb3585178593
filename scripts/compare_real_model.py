"""Compares captured residual streams with transformers; see compare-real-model.sh.

python compare_real_model.py FOLDER PROMPTS.jsonl   FOLDER holds model/, file.safetensors, folder.safetensors
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

# float32 itself, by another order of sums: conventions for the residual stream against eager attention.
MEDIAN, WORST = 1e-5, 5e-5


@torch.no_grad()
def streams(model, ids):
    """Every block's output, as hidden_states has them but for the last, which it gives after the final norm."""
    kept = []
    hooks = [
        block.register_forward_hook(lambda _, __, out: kept.append(out[0] if isinstance(out, tuple) else out))
        for block in model.model.layers
    ]
    model(input_ids=torch.tensor([ids]), use_cache=False)
    for hook in hooks:
        hook.remove()
    return [out.reshape(len(ids), -1).numpy() for out in kept]


def relative(ours, theirs):
    """Per row the distance, in lengths of the row."""
    ours, theirs = ours.astype(np.float64), theirs.astype(np.float64)
    return np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs, axis=1)


def main():
    folder = Path(sys.argv[1])
    prompts = [json.loads(line)["text"] for line in Path(sys.argv[2]).read_text().splitlines()]
    captures = {name: load_file(folder / f"{name}.safetensors") for name in ("file", "folder")}
    tokenizer = AutoTokenizer.from_pretrained(folder / "model")
    model = AutoModelForCausalLM.from_pretrained(
        folder / "model", attn_implementation="eager", dtype=torch.float32).eval()
    torch.set_grad_enabled(False)
    offsets = captures["file"]["offsets"]
    failed = False
    errors = {name: [[] for _ in model.model.layers] for name in captures}
    for i, prompt in enumerate(prompts):
        ids = tokenizer(prompt)["input_ids"]
        rows = slice(offsets[i], offsets[i + 1])
        for name, capture in captures.items():
            if capture["token_ids"][rows].tolist() != ids:
                print(f"{name}, prompt {i}: tokens {capture['token_ids'][rows].tolist()}, transformers has {ids}")
                sys.exit(1)
        for layer, theirs in enumerate(streams(model, ids)):
            for name, capture in captures.items():
                ours = capture[f"blocks.{layer}.hook_resid_post"][rows]
                errors[name][layer].append(relative(ours, theirs))
    print(f"{len(prompts)} prompts, {offsets[-1]} tokens; relative error per row against transformers\n")
    print("| block | file, median | worst | folder, median | worst |")
    print("|---|---|---|---|---|")
    for layer in range(len(model.model.layers)):
        cells = []
        for name in captures:
            rows = np.concatenate(errors[name][layer])
            failed |= not (np.median(rows) <= MEDIAN and rows.max() <= WORST)
            cells += [f"{np.median(rows):.1e}", f"{rows.max():.1e}"]
        print(f"| {layer} | {' | '.join(cells)} |")
    same = all(np.array_equal(captures["file"][name], captures["folder"][name]) for name in captures["file"])
    print(f"\nfile and folder: {'the same to the bit' if same else 'they differ'}")
    failed |= not same
    print("FAILED" if failed else f"every block within median {MEDIAN:.0e}, worst {WORST:.0e}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
