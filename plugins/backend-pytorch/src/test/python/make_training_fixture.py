"""Writes what a few steps of PyTorch's AdamW make of tiny models of several families, as transformers runs them.

    python make_training_fixture.py FAMILIES FILE

FAMILIES is the folder with the tiny checkpoints (plugins/testkit/families), FILE the text to write: a line of case,
tensor, summed absolute change, first, middle and last number of each trained weight. float32, eager attention, one
thread, each sequence alone. Epsilon is large, so that a gradient that is nothing but rounding moves nothing. Needs
plugins/testkit/families/requirements.txt.
"""

import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

CASES = ("cohere", "gemma2", "gemma3", "gpt-neox", "gpt2", "llama-biased", "olmo2", "phi3", "qwen2-sliding", "qwen3")
BATCHES = [[([3, 9, 4, 22, 8, 15, 40, 2], 2), ([7, 1, 29], 1)], [([5, 33, 12, 50, 6], 3)]]
RATES = [0.02, 0.01, 0.02, 0.005]
BETAS, EPSILON, DECAY = (0.9, 0.99), 1e-3, 0.1


def loss_of(model, batch):
    """The mean over all targets of a batch; a sequence's targets are its tokens from an index on."""
    losses = []
    for tokens, scored_from in batch:
        logits = model(torch.tensor([tokens])).logits[0]
        logs = torch.log_softmax(logits, -1)
        losses += [-logs[place - 1, tokens[place]] for place in range(scored_from, len(tokens))]
    return torch.stack(losses).mean()


def main(families, file):
    torch.set_num_threads(1)
    lines = []
    for case in CASES:
        stored = load_file(families / case / "model.safetensors")
        model = AutoModelForCausalLM.from_pretrained(families / case, dtype=torch.float32, attn_implementation="eager")
        model.eval()
        adam = torch.optim.AdamW(model.parameters(), betas=BETAS, eps=EPSILON, weight_decay=DECAY)
        for number, rate in enumerate(RATES):
            adam.param_groups[0]["lr"] = rate
            loss_of(model, BATCHES[number % len(BATCHES)]).backward()
            adam.step()
            model.zero_grad()
        with tempfile.TemporaryDirectory() as folder:
            model.save_pretrained(folder)
            trained = load_file(Path(folder) / "model.safetensors")
        bare = {name.removeprefix("transformer."): tensor for name, tensor in trained.items()}
        bare.update(trained)
        for name in sorted(name for name in stored if name in bare):
            after = bare[name].flatten()
            before = stored[name].flatten()
            numbers = [(after - before).abs().sum(), after[0], after[len(after) // 2], after[-1]]
            lines.append(" ".join([case, name, *(f"{number.item():.7g}" for number in numbers)]))
    file.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
