"""Measures whether the model uses the steps of micro-chains as planted; see ../README.md.

python abilities_chains.py   prints the figures as JSON and exits with 1 where one misses its bound.
"""

import json
import random
import sys
from pathlib import Path

from safetensors.torch import load_file

import microchains as M
import train_chains as C

import train as T           # noqa: E402  the micro-world's, found by train_chains
import abilities as A       # noqa: E402

ROWS = 200


def load(folder):
    tokens = M.vocabulary()
    model = T.Llama(C.CONFIG, len(tokens))
    tensors = load_file(folder / "model.safetensors")
    model.load_state_dict({ours: tensors[theirs] for ours, theirs in T.names(C.CONFIG).items()})
    return A.Speaker(model, tokens)


def right(speaker, rows, kept):
    """The share of rows answered right behind the steps that are kept."""
    prompts = [" ".join([row["question"], *(row["steps"][k] for k in steps), M.ELICITATION])
               for row, steps in zip(rows, kept)]
    answers = speaker.complete(prompts, limit=12)
    return sum(answer.split(" .")[0] == row["answer"] for row, answer in zip(rows, answers)) / len(rows)


def needed(row):
    return [k for k, flag in enumerate(row["needed"]) if flag]


def without_one(row, rng):
    """All steps but one needed one and, where its value is stated a second time, one of those halves."""
    gone = {rng.choice(needed(row))}
    for path in row["halves"]:
        whole, *two = map(int, path.split())
        gone |= {rng.choice(two)} if whole in gone else set()
    return [k for k in range(len(row["steps"])) if k not in gone]


def halves_instead(row):
    """The needed steps, those that are stated by halves too by their halves."""
    paths = {whole: two for whole, *two in (map(int, path.split()) for path in row["halves"])}
    return sorted(k for step in needed(row) for k in paths.get(step, [step]))


def main():
    speaker = load(Path(__file__).parent.parent)
    rng = random.Random(M.SEED)
    every = M.chains(ROWS, seed=M.SEED + 1)
    rows = [row for row in every if not row["direct"]]
    direct = [row for row in every if row["direct"]]
    figures = {
        "all_steps": right(speaker, rows, [range(len(row["steps"])) for row in rows]),
        "needed_steps_only": right(speaker, rows, [needed(row) for row in rows]),
        "halves_instead_of_whole_steps": right(speaker, rows, [halves_instead(row) for row in rows]),
        "one_needed_step_dropped": right(speaker, rows, [without_one(row, rng) for row in rows]),
        "without_steps": right(speaker, rows, [[] for _ in rows]),
        "given_answers_without_steps": right(speaker, direct, [[] for _ in direct]),
    }
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=1))
    bounds = figures["all_steps"] >= 0.95 and figures["one_needed_step_dropped"] <= 0.1
    sys.exit(0 if bounds else 1)


if __name__ == "__main__":
    main()
