"""What a search measured of subsequences, measured again in a straight loop over Hugging Face's generate and backward.

python steps_loop.py MODEL_FOLDER LABELS.jsonl TESTS.jsonl SAMPLES   prints one line of JSON: seconds and processor seconds
(model loaded), subsequences, steps. LABELS and TESTS are artifacts of the probe step-importance: the chains with their
prefixes, and each subsequence with what was measured of it. Answers of a subsequence are generations one after the other,
each from a fresh prefill; its perplexity is one forward pass; influence is one forward and one backward pass per target
step of the prefix. See README.md.
"""

import json
import sys
import time
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

TEMPERATURE, TOP_P = 0.6, 0.95
ELICITATION = "\n\nSo the answer is \\boxed{"
SEED = 17


class Chain:
    def __init__(self, model, tokenizer, row):
        self.model, self.tokenizer = model, tokenizer
        self.ask = tokenizer(ELICITATION, add_special_tokens=False).input_ids
        self.prompt = tokenizer(row["prompt"], add_special_tokens=True).input_ids
        self.steps = [tokenizer(s, add_special_tokens=False).input_ids for s in row["steps"]]
        self.direct = tokenizer(ELICITATION + row["answer"] + "}", add_special_tokens=False).input_ids
        self.most = 2 * len(tokenizer(row["answer"], add_special_tokens=False).input_ids)

    def kept(self, steps):
        return [t for i in steps for t in self.steps[i]]

    def sample(self, steps, samples):
        ids = torch.tensor([self.prompt + self.kept(steps) + self.ask])
        for k in range(samples):
            torch.manual_seed(SEED + k)
            self.model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=self.most, stop_strings=["}"],
                                tokenizer=self.tokenizer, pad_token_id=0, do_sample=True, temperature=TEMPERATURE,
                                top_p=TOP_P, top_k=0)

    @torch.no_grad()
    def perplexity(self, tokens):
        ids = torch.tensor([self.prompt + tokens])
        logs = self.model(ids).logits[0, len(self.prompt) - 1:-1].log_softmax(-1)
        return torch.exp(-logs.gather(1, torch.tensor(tokens)[:, None]).mean()).item()

    def influence(self, prefix):
        """Row target, column source: one forward and one backward pass per target."""
        spans, at = [], len(self.prompt)
        for step in prefix:
            spans.append((at, at + len(self.steps[step])))
            at = spans[-1][1]
        ids = torch.tensor([self.prompt + self.kept(prefix)])
        for target, (start, end) in enumerate(spans):
            embedded = self.model.get_input_embeddings()(ids).detach().requires_grad_(True)
            probabilities = self.model(inputs_embeds=embedded).logits[0, start - 1:end - 1].softmax(-1)
            probabilities.gather(1, ids[0, start:end, None]).sum().backward()
            [embedded.grad[0, a:b].norm().item() for a, b in spans[:target]]


def main(folder, labels, tests, samples):
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    rows = {row["id"]: row for row in map(json.loads, Path(labels).read_text().splitlines())}
    tests = [json.loads(line) for line in Path(tests).read_text().splitlines()]
    began, processor = time.perf_counter(), time.process_time()
    chains = {name: Chain(model, tokenizer, row) for name, row in rows.items()}
    for name, chain in chains.items():
        chain.perplexity(chain.direct)
        chain.influence(rows[name]["prefix"])
    for test in tests:
        if "right" in test:
            chains[test["id"]].sample(test["kept"], samples)
        if "perplexity" in test:
            chains[test["id"]].perplexity(chains[test["id"]].kept(test["kept"]))
    print(json.dumps({"seconds": time.perf_counter() - began, "processor_seconds": time.process_time() - processor,
                      "subsequences": len(tests), "steps": sum(len(row["steps"]) for row in rows.values())}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
