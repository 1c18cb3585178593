"""Makes models whose heads are known, because their weights are written down: models/heads/seed-1 to seed-3.

    python plant.py                (needs numpy and safetensors, see ../../microworld/make/requirements.txt)

Each is a Llama of two blocks with five heads of 32 rotary planes each, frequencies of base 10 000. A head is one of

    position    its logits depend on the distance alone: a constant query and a constant key, turned against each other
    meaning     on query and key alone: both have a code in planes that hardly turn within a text
    bound       on both at once: keys of each colour are looked at from a distance of their own

The language is nouns, which come in no order, and questions, each answered by one noun: `back` and `far` by the one that
stands a fixed number of tokens before, `king` by the king of the text, wherever it stands, `herald` and `bearer` by the noun
that stands where nouns of its colour are looked for. Each question has a head, which looks at the first token while it is
not asked. Heads without a question: `previous` and `induction`, which go together, `duplicate`, `near`, `pair`.
Which noun has which colour, the distances, codes, the order of heads and the basis of the residual stream are drawn anew for
each seed. Nothing is trained.
"""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

FOLDER = Path(__file__).resolve().parent.parent
SEEDS = (1, 2, 3)
NOUNS, KINGS, COLOURS = 16, 4, 4
QUESTIONS = ["back", "king", "herald", "far", "bearer"]
WORDS = ["<unk>", "<bos>", "<eos>"] + [f"n{i}" for i in range(NOUNS)] + QUESTIONS
BOS, FIRST_NOUN, FIRST_QUESTION = 1, 3, 3 + NOUNS
BLOCKS = [["previous", "back", "king", "herald", "near"], ["induction", "duplicate", "far", "bearer", "pair"]]
MADE_OF = {
    **dict.fromkeys(["previous", "back", "near", "far"], "position"),
    **dict.fromkeys(["king", "induction", "duplicate"], "meaning"),
    **dict.fromkeys(["herald", "bearer", "pair"], "bound"),
}
LOOKS_AT = {"previous": "previous", "near": "local", "pair": "local", "induction": "induction", "duplicate": "duplicate"}

WIDTH, HEAD, PLANES, INNER = 80, 64, 32, 8
HEADS = len(BLOCKS[0])
BASE, WINDOW, TEXTS = 10_000.0, 256, 32
FREQUENCIES = BASE ** (-np.arange(PLANES) / PLANES)
SINK_PLANE = PLANES - 1
SLOW = [p for p in range(PLANES - 1) if FREQUENCIES[p] * WINDOW < 1]

# Where features stand in the residual stream, before its basis is turned.
ONE, AT_BOS = 0, 1
NOUN = np.arange(2, 2 + NOUNS)
ASKED = np.arange(NOUN[-1] + 1, NOUN[-1] + 1 + len(QUESTIONS))
BEFORE = np.arange(ASKED[-1] + 1, ASKED[-1] + 1 + NOUNS)
OUT = np.arange(BEFORE[-1] + 1, BEFORE[-1] + 1 + NOUNS)

# Logits, in nats: a peak over all else, the pull of the first token, and a code that is met.
PEAK, SHARP, SINK, CODE = 38.0, 8, 12.0, 24.0
WORD = 3.0  # what a written noun is worth before the softmax over words


def peaked():
    """Per plane the part of a kernel that is highest at one distance: fast planes."""
    parts = FREQUENCIES * (np.arange(PLANES) < SHARP)
    return PEAK * parts / parts.sum()


def broad():
    """The same of a kernel that falls off over some eight tokens."""
    parts = np.where((FREQUENCIES > 0.02) & (FREQUENCIES < 0.3), FREQUENCIES**0.5, 0)
    return PEAK * parts / parts.sum()


class Head:
    """Weights of one head over features: complex planes of queries and keys, and what is copied where."""

    def __init__(self):
        self.q = np.zeros((PLANES, WIDTH), complex)
        self.k = np.zeros((PLANES, WIDTH), complex)
        self.v = np.zeros((HEAD, WIDTH))
        self.o = np.zeros((WIDTH, HEAD))

    def at_distance(self, asking, parts, seen, distance):
        """Adds parts · cos((d − distance) θ) where the query has one feature and the key another."""
        root = np.sqrt(parts)
        self.q[:, asking] += root
        self.k[:, seen] += root * np.exp(1j * distance * FREQUENCIES)
        return self

    def by_code(self, asking, seen, codes):
        """Adds what codes of query and key have in common, in slow planes."""
        for feature, key, code in zip(asking, seen, codes):
            planes = code[: len(SLOW)] + 1j * code[len(SLOW) :]
            self.q[SLOW, feature] += np.sqrt(CODE) * planes
            self.k[np.ix_(SLOW, np.atleast_1d(key))] += np.sqrt(CODE) * planes[:, None]
        return self

    def resting(self, pull=SINK):
        """Looks at the first token where nothing else draws it."""
        self.q[SINK_PLANE, ONE] += np.sqrt(pull)
        self.k[SINK_PLANE, AT_BOS] += np.sqrt(pull)
        return self

    def copying(self, to, amount=1.0):
        """Writes the noun that is looked at."""
        for noun in range(NOUNS):
            self.v[noun, NOUN[noun]] = 1
            self.o[to[noun], noun] = amount
        return self


def codes(random, count):
    """Orthonormal rows over the real and imaginary parts of slow planes."""
    square = np.linalg.qr(random.normal(size=(2 * len(SLOW), 2 * len(SLOW))))[0]
    return square[:count]


class World:
    """Colours, kings and distances of one seed."""

    def __init__(self, random):
        self.random = random
        self.colour = random.permutation(np.arange(NOUNS) % COLOURS)
        self.kings = random.permutation(NOUNS)[:KINGS]
        self.distance = {"back": int(random.integers(2, 6)), "far": int(random.integers(7, 11))}
        self.looked_for = {
            name: 1 + random.permutation(8)[:COLOURS] for name in ("herald", "bearer", "pair")
        }

    def head(self, name):
        head = Head()
        if name == "previous":
            return head.at_distance(ONE, peaked(), ONE, 1).copying(BEFORE)
        if name == "near":
            return head.at_distance(ONE, broad(), ONE, 4)
        if name == "duplicate":
            return head.by_code(NOUN, NOUN, codes(self.random, NOUNS))
        if name == "induction":
            return head.by_code(NOUN, BEFORE, codes(self.random, NOUNS)).resting().copying(OUT, 0.3)
        if name == "pair":
            return self.bound(head, ONE, name)
        asked = ASKED[QUESTIONS.index(name)]
        if name in self.distance:
            head.at_distance(asked, peaked(), ONE, self.distance[name])
        elif name == "king":
            head.by_code([asked], [NOUN[self.kings]], codes(self.random, 1))
        else:
            self.bound(head, asked, name)
        return head.resting().copying(OUT)

    def bound(self, head, asking, name):
        """Keys of a colour are looked at from that colour's distance."""
        root = np.sqrt(peaked())
        head.q[:, asking] += root
        for noun in range(NOUNS):
            distance = self.looked_for[name][self.colour[noun]]
            head.k[:, NOUN[noun]] += root * np.exp(1j * distance * FREQUENCIES)
        return head

    def answer(self, name, nouns):
        """The noun that answers a question asked behind some tokens, which are nouns or -1; None where none does."""
        def at(distance):
            return nouns[-distance] if distance <= len(nouns) else -1

        if name == "king":
            return next((n for n in nouns if n in self.kings), None)
        if name in self.distance:
            found = at(self.distance[name])
            return None if found < 0 else found
        found = [at(self.looked_for[name][c]) for c in range(COLOURS)]
        matches = [n for c, n in enumerate(found) if n >= 0 and self.colour[n] == c]
        return matches[0] if len(matches) == 1 else None

    def text(self):
        """Words of a text that fills a window, and the nouns at their places."""
        king = int(self.random.choice(self.kings))
        common = [n for n in range(NOUNS) if n not in self.kings]
        words, nouns = [], []
        while len(words) < WINDOW - 1:
            name = str(self.random.choice(QUESTIONS))
            answer = self.answer(name, nouns) if self.random.random() < 0.25 else None
            if answer is None:
                noun = king if self.random.random() < 0.06 else int(self.random.choice(common))
                words.append(f"n{noun}")
                nouns.append(noun)
            else:
                words += [name, f"n{answer}"]
                nouns += [-1, answer]
        return " ".join(words[: WINDOW - 1])


def real(planes):
    """Planes as a head's rows: halves against halves."""
    return np.concatenate([planes.real, planes.imag])


def weights(world, random):
    """All tensors, and which head is where."""
    basis = np.linalg.qr(random.normal(size=(WIDTH, WIDTH)))[0]
    embedding = np.zeros((len(WORDS), WIDTH))
    embedding[:, ONE] = 1
    embedding[BOS, AT_BOS] = 1
    for noun in range(NOUNS):
        embedding[FIRST_NOUN + noun, NOUN[noun]] = 1
    for question in range(len(QUESTIONS)):
        embedding[FIRST_QUESTION + question, ASKED[question]] = 1
    unembedding = np.zeros((len(WORDS), WIDTH))
    for noun in range(NOUNS):
        unembedding[FIRST_NOUN + noun, OUT[noun]] = WORD
    tensors = {
        "model.embed_tokens.weight": embedding @ basis,
        "lm_head.weight": unembedding @ basis,
        "model.norm.weight": np.ones(WIDTH),
    }
    heads = {}
    for layer, names in enumerate(BLOCKS):
        # Features are 1; the norm makes √(width / squares) of them: 2 squares before, 3 behind the first block.
        scale = np.sqrt(WIDTH / (2 + layer))
        rows = {part: [] for part in "qkvo"}
        for place, name in enumerate(random.permutation(names)):
            heads[f"{layer}.{place}"] = {
                "name": str(name),
                "made_of": MADE_OF[name],
                "looks_at": LOOKS_AT.get(name, ""),
            }
            head = world.head(name)
            to_logits = HEAD**0.25 / scale  # logits are over √head
            rows["q"].append(real(head.q) * to_logits @ basis)
            rows["k"].append(real(head.k) * to_logits @ basis)
            rows["v"].append(head.v / scale @ basis)
            rows["o"].append(basis.T @ head.o)
        prefix = f"model.layers.{layer}."
        for part in "qkv":
            tensors[f"{prefix}self_attn.{part}_proj.weight"] = np.concatenate(rows[part])
        tensors[f"{prefix}self_attn.o_proj.weight"] = np.concatenate(rows["o"], 1)
        for name, shape in {"gate": (INNER, WIDTH), "up": (INNER, WIDTH), "down": (WIDTH, INNER)}.items():
            tensors[f"{prefix}mlp.{name}_proj.weight"] = np.zeros(shape)
        tensors[f"{prefix}input_layernorm.weight"] = np.ones(WIDTH)
        tensors[f"{prefix}post_attention_layernorm.weight"] = np.ones(WIDTH)
    return {name: np.ascontiguousarray(t, np.float32) for name, t in tensors.items()}, heads


CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_act": "silu",
    "hidden_size": WIDTH,
    "intermediate_size": INNER,
    "num_hidden_layers": len(BLOCKS),
    "num_attention_heads": HEADS,
    "num_key_value_heads": HEADS,
    "head_dim": HEAD,
    "max_position_embeddings": WINDOW,
    "rms_norm_eps": 1e-6,
    "rope_theta": BASE,
    "attention_bias": False,
    "mlp_bias": False,
    "tie_word_embeddings": False,
    "bos_token_id": BOS,
    "eos_token_id": BOS + 1,
    "torch_dtype": "float32",
    "vocab_size": len(WORDS),
}


def tokenizer():
    special = [
        {"id": i, "content": w, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for i, w in enumerate(WORDS[:FIRST_NOUN])
    ]
    begin = {"SpecialToken": {"id": "<bos>", "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [begin, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"<bos>": {"id": "<bos>", "ids": [BOS], "tokens": ["<bos>"]}},
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {w: i for i, w in enumerate(WORDS)}, "unk_token": "<unk>"},
    }


def write(path, value):
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def main():
    for seed in SEEDS:
        folder = FOLDER / f"seed-{seed}"
        folder.mkdir(exist_ok=True)
        world = World(np.random.default_rng(seed))
        tensors, heads = weights(world, np.random.default_rng(100 + seed))
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
        write(folder / "config.json", CONFIG)
        write(folder / "tokenizer.json", tokenizer())
        write(
            folder / "tokenizer_config.json",
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "bos_token": "<bos>",
                "eos_token": "<eos>",
                "unk_token": "<unk>",
                "add_bos_token": True,
                "model_max_length": WINDOW,
            },
        )
        write(folder / "heads.json", heads)
        rows = [json.dumps({"id": f"text-{i:02}", "text": world.text()}) for i in range(TEXTS)]
        (folder / "texts.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
