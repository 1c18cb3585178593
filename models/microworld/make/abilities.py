"""Measures what the shipped model can do and whether the planted truths hold; see ../README.md.

`python abilities.py` prints the figures as JSON and exits with 1 where one misses its bound.
"""

import json
import random
import sys
from pathlib import Path

import torch

import train
import world as W

GREEDY_LIMIT = 120


class Speaker:
    """The model as greedy text: prompts of one length run together, so nothing is padded."""

    def __init__(self, model, tokens):
        self.model, self.tokens = model.eval(), tokens
        self.ids = {t: i for i, t in enumerate(tokens)}

    def encode(self, text):
        return [self.ids["<bos>"]] + [self.ids[t] for t in text.split()]

    @torch.no_grad()
    def complete(self, prompts, limit=GREEDY_LIMIT, steer=None):
        """The greedy continuation of each prompt, up to but without <eos>."""
        answers = [None] * len(prompts)
        lengths = {}
        for i, p in enumerate(prompts):
            lengths.setdefault(len(self.encode(p)), []).append(i)
        for indices in lengths.values():
            for start in range(0, len(indices), 256):
                part = indices[start:start + 256]
                ids = torch.tensor([self.encode(prompts[i]) for i in part])
                for i, text in zip(part, self._greedy(ids, limit, steer)):
                    answers[i] = text
        return answers

    def _greedy(self, ids, limit, steer):
        width, end = ids.shape[1], self.ids["<eos>"]
        open_rows, done = torch.arange(len(ids)), [None] * len(ids)
        for _ in range(limit):
            best = self.logits(ids, steer, width)[:, -1].argmax(-1)
            ids = torch.cat((ids, best[:, None]), 1)
            keep = best != end
            for row in torch.nonzero(~keep)[:, 0].tolist():
                done[open_rows[row]] = ids[row, width:-1]
            ids, open_rows = ids[keep], open_rows[keep]
            if len(ids) == 0:
                break
        for row, index in enumerate(open_rows.tolist()):
            done[index] = ids[row, width:]
        return [" ".join(self.tokens[t] for t in row.tolist()) for row in done]

    def logits(self, ids, steer=None, prompt_width=None):
        """steer = (block, vector): added to the residual stream after a block, at the last prompt token."""
        h = self.model.embed(ids)
        cos, sin = self.model.cos[: ids.shape[1]], self.model.sin[: ids.shape[1]]
        for index, block in enumerate(self.model.blocks):
            h = block(h, cos, sin)
            if steer is not None and steer[0] == index:
                h = h.clone()
                h[:, prompt_width - 1] += steer[1]
        h = torch.nn.functional.rms_norm(h, h.shape[-1:], self.model.norm, self.model.c["rms_norm_eps"])
        return h @ self.model.embed.weight.T

    @torch.no_grad()
    def last_token_states(self, prompts):
        """[blocks + 1, prompts, width]: the embedding, then the residual stream after each block."""
        rows = []
        for p in prompts:
            ids = torch.tensor([self.encode(p)])
            h = self.model.embed(ids)
            cos, sin = self.model.cos[: ids.shape[1]], self.model.sin[: ids.shape[1]]
            states = [h[0, -1]]
            for block in self.model.blocks:
                h = block(h, cos, sin)
                states.append(h[0, -1])
            rows.append(torch.stack(states))
        return torch.stack(rows, 1).double()


def share(flags):
    return round(sum(flags) / len(flags), 4)


def final_number(answer):
    """The number before the last full stop, or none."""
    words = answer.split()
    return words[-2] if len(words) >= 2 and words[-1] == "." else None


def auroc(scores, positive):
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    ranks, i = [0.0] * len(scores), 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and scores[order[j + 1]] == scores[order[i]]:
            j += 1
        for k in range(i, j + 1):
            ranks[order[k]] = (i + j) / 2 + 1
        i = j + 1
    p = sum(positive)
    n = len(positive) - p
    return (sum(r for r, y in zip(ranks, positive) if y) - p * (p + 1) / 2) / (p * n)


def difference_of_means(states, positive):
    return states[positive].mean(0) - states[~positive].mean(0)


def ridge(states, positive):
    """Least squares on the labels with a tenth of the mean variance added to the covariance."""
    centred = states - states.mean(0)
    covariance = centred.T @ centred / len(states)
    penalty = 0.1 * covariance.diagonal().mean() * torch.eye(states.shape[1], dtype=states.dtype)
    labels = positive.to(states.dtype)
    return torch.linalg.solve(covariance + penalty, centred.T @ (labels - labels.mean()) / len(states))


def held_out_auroc(states, positive, groups, decode=difference_of_means):
    """Pairs of one positive and one negative group held out in turn (mixed groups singly); mean AUROC."""
    pure = [sorted({g for g, y in zip(groups, positive) if y == side}) for side in (0, 1)]
    folds = [set(pair) for pair in zip(*pure)] if not set(pure[0]) & set(pure[1]) else [{g} for g in pure[0]]
    total, weight = 0.0, 0
    for held in folds:
        train = [i for i, g in enumerate(groups) if g not in held]
        test = [i for i, g in enumerate(groups) if g in held]
        y = torch.tensor([positive[i] for i in train], dtype=torch.bool)
        direction = decode(states[train], y)
        ys = [positive[i] for i in test]
        pairs = sum(ys) * (len(ys) - sum(ys))
        if pairs:
            total += pairs * auroc((states[test] @ direction).tolist(), ys)
            weight += pairs
    return round(total / weight, 4)


def recall_share(speaker, world, facts):
    asked = [(r, s, t) for r, s in facts for t in W.TEMPLATES]
    said = speaker.complete([W.question(t, r, s) for r, s, t in asked], 8)
    return share([a == world.answer(r, s) for a, (r, s, t) in zip(said, asked)])


def compute_shares(speaker, world, relations, pairs, rng, count):
    asked = [(rng.choice(relations), rng.choice(pairs), rng.choice(list(W.TEMPLATES))) for _ in range(count)]
    prompts = [W.question(t, r, s) for r, s, t in asked]
    values = [str(world.value(r, s)) for r, s, _ in asked]
    thought = speaker.complete(prompts, 40)
    direct = speaker.complete([p + " so" for p in prompts], 2)
    return (share([final_number(a) == v for a, v in zip(thought, values)]),
            share([a.split()[:1] == [v] for a, v in zip(direct, values)]))


def chain_shares(speaker, rng, count):
    chains = [W.draw_chain(rng, 4 + i % 3) for i in range(count)]
    answers = [str(c.answer()) for c in chains]

    def accuracy(prompts):
        return share([final_number(a) == v for a, v in zip(speaker.complete(prompts), answers)])

    def concluded(keep):
        return accuracy([" ".join([c.question(), *c.steps(keep(c)), "so"]) for c in chains])

    return {"greedy": accuracy([c.question() for c in chains]),
            "without_steps": concluded(lambda c: set()),
            "all_steps": concluded(lambda c: None),
            "needed_steps_only": concluded(lambda c: set(c.asked)),
            "one_needed_step_dropped": concluded(
                lambda c: {d[0] for d in c.definitions} - {c.asked[rng.randrange(2)]})}


def steering(speaker, rows):
    """Per block and size of the step, the smaller share of prompts of either kind that change their mode."""
    prompts = [r["text"] for r in rows]
    thinks = [r["label"] == "reasoning" for r in rows]
    states = speaker.last_token_states(prompts)
    y = torch.tensor(thinks)
    table = {}
    for block in range(len(speaker.model.blocks)):
        layer = states[block + 1]
        direction = (layer[y].mean(0) - layer[~y].mean(0)).float()
        for alpha in (0.5, 1.0, 1.5, 2.0, 3.0):
            up = speaker.complete([p for p, t in zip(prompts, thinks) if not t], 40, (block, alpha * direction))
            down = speaker.complete([p for p, t in zip(prompts, thinks) if t], 40, (block, -alpha * direction))
            table[f"block {block}, alpha {alpha}"] = (share(["=" in a.split() for a in up]),
                                                      share(["=" not in a.split() for a in down]))
    return table


def measure(model, data):
    world = W.make_world()
    speaker = Speaker(model, W.vocabulary(world))
    rng = random.Random("abilities")
    seen = W.subjects("recall")
    old = [r for r in world.compute if r != world.new_procedure]
    figures = {"facts": recall_share(speaker, world, [(r, s) for r in world.recall for s in seen[:W.RECALL_SUBJECTS]])}
    figures["compute"], figures["compute_direct"] = compute_shares(speaker, world, old, seen[:W.COMPUTE_SUBJECTS], rng, 400)
    figures["compute_unseen_subjects"], _ = compute_shares(speaker, world, old, seen[W.COMPUTE_SUBJECTS:], rng, 400)
    figures["new_facts"] = recall_share(speaker, world, world.new_facts)
    figures["new_procedure"], figures["new_procedure_direct"] = compute_shares(
        speaker, world, [world.new_procedure], seen[W.COMPUTE_SUBJECTS:], rng, 89)
    figures["chain"] = chain_shares(speaker, rng, 200)
    rows = data["reason-recall"]
    states = speaker.last_token_states([r["text"] for r in rows])
    positive = [int(r["label"] == "reasoning") for r in rows]
    figures["direction_auroc"] = [held_out_auroc(s, positive, [r["group"] for r in rows]) for s in states]
    figures["steering"] = steering(speaker, rows)
    rows = data["confounded"]
    states = speaker.last_token_states([r["text"] for r in rows])
    positive = [int(r["label"] == "reasoning") for r in rows]
    for name, decode in (("difference_of_means", difference_of_means), ("ridge", ridge)):
        figures[f"confounded_raw_{name}"] = [
            held_out_auroc(s, positive, [r["group"] for r in rows], decode) for s in states[1:]]
        figures[f"confounded_cross_template_{name}"] = [
            held_out_auroc(s, positive, [r["template"] for r in rows], decode) for s in states[1:]]
    return figures


def verdicts(figures):
    """Name to (figure, bound kept)."""
    chain, steered = figures["chain"], max(min(pair) for pair in figures["steering"].values())
    raw = max(max(v) for k, v in figures.items() if k.startswith("confounded_raw"))
    crossed = [a for k, v in figures.items() if k.startswith("confounded_cross") for a in v]
    return {
        "facts recalled >= 0.98": (figures["facts"], figures["facts"] >= 0.98),
        "new facts recalled >= 0.98": (figures["new_facts"], figures["new_facts"] >= 0.98),
        "compute with chain of thought >= 0.98": (figures["compute"], figures["compute"] >= 0.98),
        "compute without <= 0.25": (figures["compute_direct"], figures["compute_direct"] <= 0.25),
        "new procedure >= 0.98": (figures["new_procedure"], figures["new_procedure"] >= 0.98),
        "chains, greedy >= 0.95": (chain["greedy"], chain["greedy"] >= 0.95),
        "chains without steps <= 0.30": (chain["without_steps"], chain["without_steps"] <= 0.30),
        "chains with needed steps only >= 0.95": (chain["needed_steps_only"], chain["needed_steps_only"] >= 0.95),
        "chains with one needed step dropped <= 0.30": (
            chain["one_needed_step_dropped"], chain["one_needed_step_dropped"] <= 0.30),
        "direction AUROC >= 0.99 at some layer": (
            max(figures["direction_auroc"]), max(figures["direction_auroc"]) >= 0.99),
        "last-token embedding at chance": (figures["direction_auroc"][0], figures["direction_auroc"][0] == 0.5),
        "steering flips >= 0.90 both ways at one layer": (steered, steered >= 0.90),
        "confounded, raw >= 0.95": (raw, raw >= 0.95),
        "confounded, cross-template in [0.4, 0.6]": (crossed, all(0.4 <= a <= 0.6 for a in crossed)),
    }


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent
    data = {name: [json.loads(line) for line in open(folder / "data" / f"{name}.jsonl", encoding="utf-8")]
            for name in ("reason-recall", "confounded")}
    figures = measure(train.load(folder), data)
    (folder / "abilities.json").write_text(json.dumps(figures, indent=1) + "\n")
    checks = verdicts(figures)
    for name, (figure, kept) in checks.items():
        print("ok  " if kept else "MISS", name, figure)
    sys.exit(0 if all(kept for _, kept in checks.values()) else 1)


if __name__ == "__main__":
    main()
