"""Trains the micro-world model: the base phase over the corpus, then the short last phase.

The architecture is Llama's as Hugging Face has it; the tensors get its names, so that the folder opens
with any loader. Loss is the mean negative log-likelihood of a batch's answer tokens: those after the
first `A :` of each document, its <eos> included. Questions are random and carry no loss.

The last phase is written to be repeated elsewhere, step for step: documents in file order, batches of
world.LAST_BATCH documents, LAST_EPOCHS rounds, Adam with its usual constants and no weight decay, a step size
that falls linearly from LAST_RATE to 0 over all steps, every weight trained.
"""

import argparse
import json
import math
import random
import shutil
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

import world as W

BASE_TOKENS = 22_000_000
BASE_BATCH_TOKENS = 4096
MATRIX_RATE, OTHER_RATE = 0.01, 3e-3
WARM_UP_TOKENS = 500_000
RECALL_REPEATS = 5           # a fact's document is seen so often in a round through the corpus
WINDOW, WINDOW_EVERY = 256, 10  # every tenth batch holds documents joined to windows

LAST_EPOCHS, LAST_RATE = 3, 5e-4

CONFIG = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
    "hidden_size": 128, "intermediate_size": 384, "num_hidden_layers": 4,
    "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 16,
    "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
    "attention_bias": False, "mlp_bias": False, "tie_word_embeddings": True,
    "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": "float32",
}


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, hd = c["hidden_size"], c["head_dim"]
        self.heads, self.kv, self.hd, self.eps = c["num_attention_heads"], c["num_key_value_heads"], hd, c["rms_norm_eps"]
        self.ln1, self.ln2 = nn.Parameter(torch.ones(d)), nn.Parameter(torch.ones(d))
        self.q = nn.Linear(d, self.heads * hd, bias=False)
        self.k = nn.Linear(d, self.kv * hd, bias=False)
        self.v = nn.Linear(d, self.kv * hd, bias=False)
        self.o = nn.Linear(self.heads * hd, d, bias=False)
        self.gate = nn.Linear(d, c["intermediate_size"], bias=False)
        self.up = nn.Linear(d, c["intermediate_size"], bias=False)
        self.down = nn.Linear(c["intermediate_size"], d, bias=False)

    def forward(self, h, cos, sin):
        b, n, d = h.shape
        x = F.rms_norm(h, (d,), self.ln1, self.eps)
        q = rotate(self.q(x).view(b, n, self.heads, self.hd).transpose(1, 2), cos, sin)
        k = rotate(self.k(x).view(b, n, self.kv, self.hd).transpose(1, 2), cos, sin)
        v = self.v(x).view(b, n, self.kv, self.hd).transpose(1, 2)
        k, v = (t.repeat_interleave(self.heads // self.kv, 1) for t in (k, v))
        z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        h = h + self.o(z.transpose(1, 2).reshape(b, n, -1))
        x = F.rms_norm(h, (d,), self.ln2, self.eps)
        return h + self.down(F.silu(self.gate(x)) * self.up(x))


def rotate(x, cos, sin):
    left, right = x.chunk(2, -1)
    return x * cos + torch.cat((-right, left), -1) * sin


class Llama(nn.Module):
    def __init__(self, c, vocabulary):
        super().__init__()
        self.c = c
        self.embed = nn.Embedding(vocabulary, c["hidden_size"])
        self.blocks = nn.ModuleList(Block(c) for _ in range(c["num_hidden_layers"]))
        self.norm = nn.Parameter(torch.ones(c["hidden_size"]))
        hd = c["head_dim"]
        angle = torch.outer(torch.arange(c["max_position_embeddings"]).float(),
                            c["rope_theta"] ** (-torch.arange(0, hd, 2).float() / hd))
        angle = torch.cat((angle, angle), -1)
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                nn.init.normal_(p, std=0.02 if "embed" not in name else 0.05)

    def hidden(self, ids):
        h = self.embed(ids)
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        for block in self.blocks:
            h = block(h, cos, sin)
        return F.rms_norm(h, h.shape[-1:], self.norm, self.c["rms_norm_eps"])

    def forward(self, ids):
        return self.hidden(ids) @ self.embed.weight.T

# Documents as tensors ----------------------------------------------------------------------------

class Encoder:
    def __init__(self, tokens):
        self.ids = {t: i for i, t in enumerate(tokens)}

    def __call__(self, document):
        """Token ids of <bos> text <eos>, and the index of the first answer token."""
        prompt = document["text"][:document["answer_at"]].split()
        answer = document["text"][document["answer_at"]:].split()
        return [1, *(self.ids[t] for t in prompt + answer), 2], 1 + len(prompt)


def as_batch(documents):
    """Rows padded on the right (causal attention never looks there) and targets, -100 where there is no loss."""
    width = max(len(ids) for ids, _ in documents)
    ids = torch.zeros(len(documents), width, dtype=torch.long)
    targets = torch.full((len(documents), width), -100)
    for row, (tokens, answer) in enumerate(documents):
        ids[row, :len(tokens)] = torch.tensor(tokens)
        targets[row, answer - 1:len(tokens) - 1] = torch.tensor(tokens[answer:])
    return ids, targets


def as_windows(documents, rng, count):
    """Documents joined without <bos> and <eos> between them, cut to WINDOW tokens; loss on answers."""
    ids, targets = torch.zeros(count, WINDOW, dtype=torch.long), torch.full((count, WINDOW), -100)
    for row in range(count):
        tokens, wanted = [1], []
        while len(tokens) < WINDOW:
            document, answer = rng.choice(documents)
            wanted += [-100] * (answer - 1) + document[answer:-1]
            tokens += document[1:-1]
        ids[row] = torch.tensor(tokens[:WINDOW])
        targets[row] = torch.tensor((wanted + [-100])[:WINDOW])
    return ids, targets


def batches(documents, round_number):
    """One round through the corpus: batches of documents of like length, in random order."""
    rng = random.Random(f"{W.SEED}/round {round_number}")
    order = list(documents)
    rng.shuffle(order)
    made = []
    for start in range(0, len(order), 2048):
        batch = []
        for document in sorted(order[start:start + 2048], key=lambda d: len(d[0])):
            if batch and (len(batch) + 1) * len(document[0]) > BASE_BATCH_TOKENS:
                made.append(batch)
                batch = []
            batch.append(document)
        made.append(batch)
    rng.shuffle(made)
    for number, batch in enumerate(made):
        yield as_batch(batch)
        if number % WINDOW_EVERY == 0:
            yield as_windows(documents, rng, BASE_BATCH_TOKENS // WINDOW)


def loss_of(model, ids, targets):
    wanted = targets >= 0
    return F.cross_entropy(model.hidden(ids)[wanted] @ model.embed.weight.T, targets[wanted])


# Base phase --------------------------------------------------------------------------------------

class Muon:
    """Momentum whose matrix step is orthogonalised by five Newton-Schulz iterations (K. Jordan, 2024)."""

    def __init__(self, matrices, momentum=0.95):
        self.matrices, self.momentum = matrices, momentum
        self.averages = [torch.zeros_like(m) for m in matrices]

    @torch.no_grad()
    def step(self, rate):
        by_shape = {}
        for matrix, average in zip(self.matrices, self.averages):
            average.lerp_(matrix.grad, 1 - self.momentum)
            step = matrix.grad.lerp(average, self.momentum)
            wide = step.T if step.shape[0] > step.shape[1] else step
            by_shape.setdefault(wide.shape, []).append((matrix, wide))
        for entries in by_shape.values():
            steps = self.orthogonal(torch.stack([wide for _, wide in entries]))
            for (matrix, _), step in zip(entries, steps):
                tall = matrix.shape[0] > matrix.shape[1]
                scale = max(1, matrix.shape[0] / matrix.shape[1]) ** 0.5
                matrix.add_(step.T if tall else step, alpha=-rate * scale)

    @staticmethod
    def orthogonal(x):
        """Odd polynomials that drive all singular values towards 1."""
        x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
        for _ in range(5):
            gram = x @ x.mT
            x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
        return x


def train_base(model, documents, total):
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() != 2 or "embed" in n]
    muon, adam = Muon(matrices), torch.optim.Adam(others, lr=OTHER_RATE, betas=(0.9, 0.95))
    seen, steps, round_number, began, recent = 0, 0, 0, time.time(), []
    while seen < total:
        for ids, targets in batches(documents, round_number):
            warm = min(1.0, 0.01 + seen / WARM_UP_TOKENS)
            factor = warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, seen / total))))
            loss = loss_of(model, ids, targets)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            muon.step(MATRIX_RATE * factor)
            for group in adam.param_groups:
                group["lr"] = OTHER_RATE * factor
            adam.step()
            model.zero_grad()
            seen, steps = seen + ids.numel(), steps + 1
            recent.append(loss.item())
            if steps % 500 == 0:
                print(f"{seen / 1e6:.1f} M tokens, loss {sum(recent) / len(recent):.3f}, "
                      f"{seen / (time.time() - began):.0f} tokens/s", flush=True)
                recent = []
            if seen >= total:
                break
        round_number += 1


# Last phase --------------------------------------------------------------------------------------

def train_last(model, documents):
    adam = torch.optim.Adam(model.parameters(), lr=LAST_RATE, betas=(0.9, 0.999), eps=1e-8)
    steps = [documents[i:i + W.LAST_BATCH] for i in range(0, len(documents), W.LAST_BATCH)] * LAST_EPOCHS
    for number, batch in enumerate(steps):
        for group in adam.param_groups:
            group["lr"] = LAST_RATE * (1 - number / len(steps))
        loss = loss_of(model, *as_batch(batch))
        loss.backward()
        adam.step()
        model.zero_grad()


# Files -------------------------------------------------------------------------------------------

PARTS = {"q": "self_attn.q_proj", "k": "self_attn.k_proj", "v": "self_attn.v_proj", "o": "self_attn.o_proj",
         "gate": "mlp.gate_proj", "up": "mlp.up_proj", "down": "mlp.down_proj"}


def names(config):
    """Our parameter name to Hugging Face's."""
    table = {"embed.weight": "model.embed_tokens.weight", "norm": "model.norm.weight"}
    for layer in range(config["num_hidden_layers"]):
        for ours, theirs in PARTS.items():
            table[f"blocks.{layer}.{ours}.weight"] = f"model.layers.{layer}.{theirs}.weight"
        table[f"blocks.{layer}.ln1"] = f"model.layers.{layer}.input_layernorm.weight"
        table[f"blocks.{layer}.ln2"] = f"model.layers.{layer}.post_attention_layernorm.weight"
    return table


def save(model, folder, tokens):
    folder.mkdir(parents=True, exist_ok=True)
    config = {**CONFIG, "vocab_size": len(tokens)}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    generation = {"bos_token_id": 1, "eos_token_id": 2, "do_sample": False}
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=1) + "\n")
    state = model.state_dict()
    save_file({theirs: state[ours].contiguous() for ours, theirs in names(config).items()},
              folder / "model.safetensors", metadata={"format": "pt"})


def load(folder):
    config = json.loads((folder / "config.json").read_text())
    model = Llama(config, config["vocab_size"])
    tensors = load_file(folder / "model.safetensors")
    model.load_state_dict({ours: tensors[theirs] for ours, theirs in names(config).items()})
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--base-tokens", type=int, default=BASE_TOKENS)
    parser.add_argument("--last-only", action="store_true", help="start from the base checkpoint that is there")
    arguments = parser.parse_args()
    torch.manual_seed(W.SEED)
    world = W.make_world()
    base, tokens = W.base_corpus(world), W.vocabulary(world)
    encode = Encoder(tokens)
    if arguments.last_only:
        model = load(arguments.folder / "base")
    else:
        model = Llama(CONFIG, len(tokens))
        train_base(model, [encode(d) for d in base for _ in range(RECALL_REPEATS if d["kind"] == "recall" else 1)],
                   arguments.base_tokens)
        save(model, arguments.folder / "base", tokens)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(arguments.folder / name, arguments.folder / "base" / name)
    began = time.time()
    train_last(model, [encode(d) for d in W.last_corpus(world, base)])
    print(f"last phase: {time.time() - began:.1f} s")
    save(model, arguments.folder, tokens)


if __name__ == "__main__":
    main()
