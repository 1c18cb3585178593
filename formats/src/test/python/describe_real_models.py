"""Describes models that scripts/fetch-real-models.sh fetched, as transformers reads them.

    pip install -r requirements-real-models.txt      (in an environment of its own)
    python describe_real_models.py FOLDER > ../resources/gguf/real-models.json

Per model: some weights with shape, sum and last number, and texts with their token ids.
"""

import json
import sys
from pathlib import Path

import tokenizers
import torch
import transformers
from gguf import GGUFReader

TEXTS = [
    "The capital of France is Paris.",
    " In 1984, 50 deer cost  3.14 each;  don't ask.",
    "def f(x):\n\treturn x ** 2\n\n\nprint(f(12))",
    "Größe, naïve café, 東京 and 🦙🦙!",
]
LAYERS = ("layers.0.", "layers.11.")


def smollm2(folder, name):
    """transformers does not know SmolLM's pre-tokenizer; the published one cuts digits, then splits as GPT-2."""
    fields = GGUFReader(folder / name).fields
    vocab = {token: i for i, token in enumerate(fields["tokenizer.ggml.tokens"].contents())}
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocab, merges=merges))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Sequence([
        tokenizers.pre_tokenizers.Digits(individual_digits=True),
        tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False),
    ])
    return lambda text: tokenizer.encode(text).ids


def gemma(folder, name):
    return transformers.AutoTokenizer.from_pretrained(folder, gguf_file=name).encode


def describe(folder, name, encode):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    weights = {
        key: {"shape": list(value.shape), "sum": value.double().sum().item(), "last": value.flatten()[-1].item()}
        for key, value in model.state_dict().items()
        if key != "lm_head.weight" and (".layers." not in key or any(layer in key for layer in LAYERS))
    }
    return {"weights": weights, "rows": [{"text": text, "ids": encode(text)} for text in TEXTS]}


def main():
    folder = Path(sys.argv[1])
    makers = {"smollm2-135m-instruct-q4_1.gguf": smollm2, "gemma-3-270m-q4_k_m.gguf": gemma}
    print(json.dumps({name: describe(folder, name, make(folder, name)) for name, make in makers.items()}, indent=1))


if __name__ == "__main__":
    main()
