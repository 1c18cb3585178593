"""Writes added-tokens.json: folders whose tokens are named beside tokenizer.json, and the ids that transformers gives.

Pinned: transformers 5.24.0, tokenizers 0.23.3. Run it in this folder:

    python make_added_tokens_fixtures.py
"""

import json
import os
import pathlib
import tempfile

import tokenizers
import transformers
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

OUT = pathlib.Path(__file__).parent.parent / "resources/dev/sonde/tokenizer/huggingface/added-tokens.json"
LETTERS = {letter: i for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz<>|_/ \u0120")}
TEXTS = [
    "a<|one|> b",
    "<|one|><|two|>",
    "x <tool> y </tool>",
    "ab <|end|>  c",
    "a <mask> b<|one|>",
    "plain text",
    "<TOOL>abc<tool>",
]


def letters(added=()):
    tokenizer = Tokenizer(models.BPE(vocab=LETTERS, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.add_tokens(list(added))
    return tokenizer.to_str()


def pieces():
    vocabulary = [("<unk>", 0.0), ("<tool>", -3.5)] + [(letter, -2.0 - i / 100) for i, letter in enumerate(LETTERS)]
    return Tokenizer(models.Unigram(vocabulary, unk_id=0)).to_str()


def token(content, **flags):
    return {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True} | flags


FAST = {"tokenizer_class": "PreTrainedTokenizerFast"}
CASES = {
    "listed in the configuration": {
        "tokenizer.json": letters(),
        "tokenizer_config.json": FAST
        | {"added_tokens_decoder": {"33": token("<|one|>"), "34": token("<|two|>"), "35": token("<tool>", special=False)}},
    },
    "listed out of order and with other ids": {
        "tokenizer.json": letters(),
        "tokenizer_config.json": FAST | {"added_tokens_decoder": {"90": token("<|two|>"), "40": token("<|one|>")}},
    },
    "beside tokens of its own": {
        "tokenizer.json": letters([AddedToken("<|one|>", special=True)]),
        "tokenizer_config.json": FAST | {"added_tokens_decoder": {"33": token("<|one|>"), "34": token("<|end|>", lstrip=True, rstrip=True)}},
    },
    "with properties other than its own": {
        "tokenizer.json": letters([AddedToken("<|end|>", special=True), AddedToken("<tool>")]),
        "tokenizer_config.json": FAST
        | {"added_tokens_decoder": {"33": token("<|end|>", lstrip=True), "34": token("<tool>", special=False, rstrip=True)}},
    },
    "an older added_tokens.json": {
        "tokenizer.json": letters(),
        "added_tokens.json": {"<|two|>": 34, "<|one|>": 33, "<tool>": 35},
        "tokenizer_config.json": FAST | {"eos_token": "<|one|>"},
    },
    "an older special_tokens_map.json": {
        "tokenizer.json": letters(),
        "special_tokens_map.json": {
            "eos_token": {"content": "<|one|>", "lstrip": True, "normalized": False, "rstrip": False, "single_word": False},
            "additional_special_tokens": ["<tool>", "</tool>"],
        },
        "tokenizer_config.json": FAST,
    },
    "special tokens by name only": {
        "tokenizer.json": letters(),
        "tokenizer_config.json": FAST
        | {"bos_token": "<|one|>", "mask_token": {"__type": "AddedToken"} | token("<mask>", lstrip=True), "extra_special_tokens": ["<tool>"]},
    },
    "special tokens of the model's own names": {
        "tokenizer.json": letters(),
        "tokenizer_config.json": FAST | {"extra_special_tokens": {"tool_token": "<tool>", "end_token": "<|end|>"}},
    },
    "a token of the vocabulary": {
        "tokenizer.json": pieces(),
        "tokenizer_config.json": FAST | {"added_tokens_decoder": {"1": token("<tool>", special=False), "35": token("<|one|>")}},
    },
    "a token that is normalised": {
        "tokenizer.json": json.dumps(json.loads(letters()) | {"normalizer": {"type": "Lowercase"}}),
        "tokenizer_config.json": FAST | {"added_tokens_decoder": {"33": token("<TOOL>", special=False, normalized=True), "34": token("<|one|>", single_word=True)}},
    },
    "nothing beside it": {"tokenizer.json": letters([AddedToken("<|one|>", special=True)]), "tokenizer_config.json": FAST},
}


def main():
    cases = []
    for name, files in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            files = {file: content if isinstance(content, str) else json.dumps(content) for file, content in files.items()}
            for file, content in files.items():
                pathlib.Path(folder, file).write_text(content, encoding="utf-8")
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
            rows = [{"text": text, "ids": tokenizer(text)["input_ids"]} for text in TEXTS]
        cases.append({"name": name, "files": files, "rows": rows})
    versions = {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__}
    OUT.write_text(json.dumps(versions | {"cases": cases}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(len(cases), "folders")


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    main()
