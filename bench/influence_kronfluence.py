"""EK-FAC influence by kronfluence, stage by stage.

python influence_kronfluence.py texts MODEL_FOLDER ROWS.jsonl COLUMN FOLDER    cuts texts of exactly TOKENS tokens into
                                      FOLDER/documents.jsonl and FOLDER/queries.jsonl, for both programs
python influence_kronfluence.py run MODEL_FOLDER FOLDER LAYERS    prints one line of JSON: seconds of each stage (model loaded,
                                      texts tokenised), peak resident MiB, and the scores

Linears are those of the MLPs of LAYERS (0,14,29); sampled labels, damping 0.1 times the mean, float32. See README.md.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from transformers import AutoModelForCausalLM, AutoTokenizer

TOKENS, DOCUMENTS, QUERIES = 128, 16, 4
DOCUMENT_BATCH, QUERY_BATCH = 8, 4


def cut(folder, rows, column, out):
    """One long text of all rows, cut where TOKENS tokens stay TOKENS tokens when they are read again."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    text = "\n".join(json.loads(line)[column] for line in open(rows, encoding="utf-8"))
    ids, texts, start = tokenizer(text, add_special_tokens=False).input_ids, [], 0
    while len(texts) < DOCUMENTS + QUERIES:
        piece = tokenizer.decode(ids[start:start + TOKENS])
        if tokenizer(piece, add_special_tokens=False).input_ids == ids[start:start + TOKENS]:
            texts.append(piece)
        start += TOKENS
    with open(out / "documents.jsonl", "w", encoding="utf-8") as file:
        for number, piece in enumerate(texts[:DOCUMENTS]):
            file.write(json.dumps({"id": f"d{number}", "text": piece}) + "\n")
    with open(out / "queries.jsonl", "w", encoding="utf-8") as file:
        for number, piece in enumerate(texts[DOCUMENTS:]):
            cut = piece.index(" ", len(piece) // 4)
            file.write(json.dumps({"id": f"q{number}", "prompt": piece[:cut], "completion": piece[cut:]}) + "\n")


def run(folder, texts, layers):
    from kronfluence.analyzer import Analyzer, prepare_model
    from kronfluence.arguments import FactorArguments, ScoreArguments
    from kronfluence.task import Task

    tokenizer = AutoTokenizer.from_pretrained(folder)

    def encoded(name, given, wanted):
        items = []
        for line in open(texts / name, encoding="utf-8"):
            row = json.loads(line)
            before = row[given] if given else ""
            ids = tokenizer(before + row[wanted], add_special_tokens=False).input_ids
            counted = [i >= len(tokenizer(before, add_special_tokens=False).input_ids) for i in range(len(ids))]
            items.append({"ids": torch.tensor(ids), "counted": torch.tensor(counted)})
        return items

    class NextToken(Task):
        def compute_train_loss(self, batch, model, sample=False):
            logits = model(batch["ids"]).logits[:, :-1].float()
            logits = logits.reshape(-1, logits.shape[-1])
            targets = batch["ids"][:, 1:].reshape(-1)
            if sample:
                with torch.no_grad():
                    targets = torch.multinomial(logits.softmax(-1), 1).flatten()
            return F.cross_entropy(logits, targets, reduction="none")[batch["counted"][:, 1:].reshape(-1)].sum()

        def compute_measurement(self, batch, model):
            return self.compute_train_loss(batch, model)

        def get_influence_tracked_modules(self):
            return [f"model.layers.{l}.mlp.{n}" for l in layers for n in ("gate_proj", "up_proj", "down_proj")]

    documents, queries, task = encoded("documents.jsonl", None, "text"), encoded("queries.jsonl", "prompt", "completion"), NextToken()
    model = prepare_model(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval(), task)
    seconds = {}
    with tempfile.TemporaryDirectory() as out:
        analyzer = Analyzer("bench", model, task, output_dir=out, cpu=True, disable_tqdm=True)

        def timed(stage, work):
            began = time.time()
            work()
            seconds[stage] = round(time.time() - began, 2)

        arguments = FactorArguments(strategy="ekfac")
        timed("covariance", lambda: analyzer.fit_covariance_matrices("f", documents, per_device_batch_size=DOCUMENT_BATCH, factor_args=arguments))
        timed("eigenbasis", lambda: analyzer.perform_eigendecomposition("f", factor_args=arguments))
        timed("lambda", lambda: analyzer.fit_lambda_matrices("f", documents, per_device_batch_size=DOCUMENT_BATCH, factor_args=arguments))
        timed("scores", lambda: analyzer.compute_pairwise_scores(
            "s", "f", queries, documents, per_device_query_batch_size=QUERY_BATCH,
            per_device_train_batch_size=DOCUMENT_BATCH, score_args=ScoreArguments(damping_factor=None)))
        scores = analyzer.load_pairwise_scores("s")["all_modules"].tolist()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "total": round(sum(seconds.values()), 2), "mebibytes": round(peak), "scores": scores}))


if __name__ == "__main__":
    if sys.argv[1] == "texts":
        cut(sys.argv[2], sys.argv[3], sys.argv[4], Path(sys.argv[5]))
    else:
        run(sys.argv[2], Path(sys.argv[3]), [int(l) for l in sys.argv[4].split(",")])
