"""Scores texts with a saved probe as people do it by hand: transformers, then scikit-learn.

    python score_loop.py MODEL CARD.json TEXTS.jsonl OUT.jsonl [BATCH]

Texts are sorted by length and padded to the longest of a batch; the model stops at nothing, as
`output_hidden_states` does. The classifier is scikit-learn's logistic regression with the card's
weights. Prints seconds, of the clock and of the processor.
"""

import json
import os
import sys
import time

import numpy as np
import torch
from safetensors.numpy import load_file
from sklearn.linear_model import LogisticRegression
from transformers import AutoModelForCausalLM, AutoTokenizer


def main():
    model_folder, card_file, texts, out = sys.argv[1:5]
    batch = int(sys.argv[5]) if len(sys.argv) > 5 else 32
    begun = time.time()
    card = json.load(open(card_file, encoding="utf-8"))
    probe = load_file(os.path.join(os.path.dirname(card_file), card["tensors"]["file"]))
    block = int(card["read"]["hook_point"].split(".")[1])
    classifier = LogisticRegression()
    classifier.classes_ = np.array([0, 1])
    classifier.coef_ = probe["weights"][None] * card["probability"]["slope"]
    classifier.intercept_ = (
        probe["bias"] * card["probability"]["slope"] + card["probability"]["intercept"]
    )
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    tokenizer.padding_side = "right"
    model = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32).eval()
    rows = [json.loads(line) for line in open(texts, encoding="utf-8")]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]["text"]))
    probabilities = np.zeros(len(rows))
    with torch.no_grad():
        for at in range(0, len(order), batch):
            some = order[at : at + batch]
            fed = tokenizer([rows[i]["text"] for i in some], return_tensors="pt", padding=True)
            states = model.model(**fed, output_hidden_states=True).hidden_states[block + 1]
            last = fed["attention_mask"].sum(1) - 1
            x = states[torch.arange(len(some)), last].numpy()
            probabilities[some] = classifier.predict_proba(x)[:, 1]
    with open(out, "w", encoding="utf-8") as file:
        for i, row in enumerate(rows):
            line = {"id": row.get("id", str(i + 1)), "probability": probabilities[i]}
            file.write(json.dumps(line) + "\n")
    spent = os.times()
    print(f"clock {time.time() - begun:.1f} s, processor {spent.user + spent.system:.1f} s")


main()
