"""The search for the core of a chain as a straight loop over Hugging Face's generate and backward.

python steps_loop.py MODEL_FOLDER ROWS.jsonl TAU   prints one line of JSON: seconds and processor seconds of the search
(model loaded, texts tokenised), masks tested, steps. One mask is five generations, each from a fresh prefill, and one
forward pass; influence is one forward and one backward pass per target step. Rows: question, answer, steps. See README.md.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

SAMPLES, TEMPERATURE, TOP_P = 5, 0.6, 0.95
ELICITATION = "\n\nSo the answer is \\boxed{"
THETAS = [i / 10 for i in range(1, 11)]
SEED = 17


class Chain:
    def __init__(self, model, tokenizer, row, tau):
        self.model, self.tokenizer, self.tau = model, tokenizer, tau
        self.ask = tokenizer(ELICITATION, add_special_tokens=False).input_ids
        self.prompt = tokenizer(row["question"], add_special_tokens=True).input_ids
        self.steps = [tokenizer(" " + s, add_special_tokens=False).input_ids for s in row["steps"]]
        self.known = {}
        self.answer = self.own_answer()
        text = ELICITATION + self.answer + "}"
        self.direct = tokenizer(text, add_special_tokens=False).input_ids
        self.most = 2 * len(tokenizer(self.answer, add_special_tokens=False).input_ids)
        self.whole = self.perplexity([t for s in self.steps for t in s])
        self.bound = self.perplexity(self.direct)

    def kept(self, mask):
        return [t for i in sorted(mask) for t in self.steps[i]]

    def generate(self, ids, most, **how):
        ids = torch.tensor([ids])
        out = self.model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=most,
                                  stop_strings=["}"], tokenizer=self.tokenizer, pad_token_id=0, **how)
        return self.tokenizer.decode(out[0, ids.shape[1]:])

    def own_answer(self):
        ids = self.prompt + self.kept(range(len(self.steps))) + self.ask
        return read(self.generate(ids, 24, do_sample=False)) or "?"

    @torch.no_grad()
    def perplexity(self, tokens):
        ids = torch.tensor([self.prompt + tokens])
        logs = self.model(ids).logits[0, len(self.prompt) - 1:-1].log_softmax(-1)
        return torch.exp(-logs.gather(1, torch.tensor(tokens)[:, None]).mean()).item()

    def test(self, mask):
        mask = frozenset(mask)
        if mask not in self.known:
            right = 0
            for k in range(SAMPLES):
                torch.manual_seed(SEED + k)
                text = self.generate(self.prompt + self.kept(mask) + self.ask, self.most, do_sample=True,
                                     temperature=TEMPERATURE, top_p=TOP_P, top_k=0)
                right += read(text) == self.answer
            attainable = 0.0
            if mask:
                attainable = 1 - (self.perplexity(self.kept(mask)) - self.whole) / (self.bound - self.whole)
            self.known[mask] = (right / SAMPLES, attainable)
        return self.known[mask]

    def suffices(self, mask):
        return self.test(mask)[0] >= self.tau

    def passes(self, mask):
        return min(self.test(mask)) >= self.tau

    def influence(self, prefix):
        """Row target, column source: one forward and one backward pass per target."""
        spans, at = [], len(self.prompt)
        for step in prefix:
            spans.append((at, at + len(self.steps[step])))
            at = spans[-1][1]
        ids = torch.tensor([self.prompt + self.kept(prefix)])
        matrix = []
        for target, (start, end) in enumerate(spans):
            embedded = self.model.get_input_embeddings()(ids).detach().requires_grad_(True)
            probabilities = self.model(inputs_embeds=embedded).logits[0, start - 1:end - 1].softmax(-1)
            probabilities.gather(1, ids[0, start:end, None]).sum().backward()
            norms = [embedded.grad[0, a:b].norm().item() for a, b in spans[:target]]
            matrix.append(norms + [0.0] * (len(spans) - target))
        return matrix

    def search(self):
        every = range(len(self.steps))
        self.test([])
        if not self.suffices(every):
            return
        rest = [s for s in every if not self.suffices([s])]
        if len(rest) < 2 or not self.suffices(rest):
            return
        prefix = next(rest[:n] for n in range(1, len(rest) + 1) if n == len(rest) or self.suffices(rest[:n]))
        matrix = self.influence(prefix)
        mask = next((m for m in (reached(matrix, prefix, theta) for theta in THETAS) if self.passes(m)), set(prefix))
        columns = [[row[c] for row in matrix if row[c] > 0] for c in range(len(prefix))]
        order = sorted((c for c in range(len(prefix) - 1) if prefix[c] in mask),
                       key=lambda c: sum(columns[c]) / max(1, len(columns[c])))
        queue, failures = [prefix[c] for c in order], 0
        while failures < len(queue):
            step = queue.pop(0)
            if self.passes(mask - {step}):
                mask, failures = mask - {step}, 0
            else:
                queue.append(step)
                failures += 1


def read(text):
    numbers = re.findall(r"-?\d[\d,]*(?:\.\d+)?", text.split("}")[0]) if "}" in text else []
    return numbers[-1].replace(",", "") if numbers else None


def reached(matrix, prefix, theta):
    rows = {len(prefix) - 1}
    for target in range(len(prefix) - 1, -1, -1):
        ranked = sorted((v for v in matrix[target] if v > 0), reverse=True)
        if target in rows and ranked:
            total, n = 0.0, 0
            while n < len(ranked) - 1 and (total := total + ranked[n]) < theta * sum(ranked):
                n += 1
            rows |= {c for c, v in enumerate(matrix[target]) if v >= ranked[n]}
    return {prefix[r] for r in rows}


def main(folder, rows_file, tau):
    torch.set_num_threads(int(os.environ.get("THREADS", "2")))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    rows = [json.loads(line) for line in Path(rows_file).read_text().splitlines()]
    began, processor = time.perf_counter(), time.process_time()
    masks = steps = 0
    for row in rows:
        chain = Chain(model, tokenizer, row, tau)
        chain.search()
        masks, steps = masks + len(chain.known), steps + len(chain.steps)
    print(json.dumps({"seconds": time.perf_counter() - began, "processor_seconds": time.process_time() - processor,
                      "masks": masks, "steps": steps}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
