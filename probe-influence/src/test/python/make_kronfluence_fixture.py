"""Writes what kronfluence computes for a tiny Llama with fixed weights, for KronfluenceTest.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_kronfluence_fixture.py ../resources/dev/sonde/probe/influence/score/kronfluence.txt

The fixture holds, for each MLP linear, what it takes and the gradient of what it gives (from plain
hooks, not from kronfluence), and kronfluence's covariances, eigenvectors, lambda and pairwise scores
under the empirical Fisher, whose labels are the data's. A line is: name, rows, columns, numbers.
"""

import sys
import tempfile

import torch
import torch.nn.functional as F
from kronfluence.analyzer import Analyzer, prepare_model
from kronfluence.arguments import FactorArguments, ScoreArguments
from kronfluence.task import Task
from torch.utils.data import Dataset
from transformers import LlamaConfig, LlamaForCausalLM

VOCABULARY, LENGTH, DOCUMENTS, QUERIES = 20, 6, 10, 3


def tiny_llama():
    torch.manual_seed(1)
    config = LlamaConfig(vocab_size=VOCABULARY, hidden_size=8, intermediate_size=10, num_hidden_layers=2,
                         num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=16,
                         attn_implementation="eager")
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 2:
                parameter.normal_(std=0.5)
    return model


class Texts(Dataset):
    def __init__(self, count, seed):
        generator = torch.Generator().manual_seed(seed)
        self.ids = torch.randint(0, VOCABULARY, (count, LENGTH), generator=generator)

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, index):
        return {"ids": self.ids[index]}


def loss(model, ids):
    logits = model(ids).logits[:, :-1]
    return F.cross_entropy(logits.reshape(-1, VOCABULARY), ids[:, 1:].reshape(-1), reduction="sum")


class NextToken(Task):
    def compute_train_loss(self, batch, model, sample=False):
        assert not sample
        return loss(model, batch["ids"])

    def compute_measurement(self, batch, model):
        return loss(model, batch["ids"])

    def get_influence_tracked_modules(self):
        return [f"model.layers.{layer}.mlp.{name}" for layer in range(2) for name in ("gate_proj", "up_proj", "down_proj")]


def rows(texts):
    """Inputs and output gradients of each linear, text after text."""
    model, found = tiny_llama(), {}
    for name in NextToken().get_influence_tracked_modules():
        def keep(module, inputs, output, name=name):
            found.setdefault(name + ".inputs", []).append(inputs[0][0].detach())
            output.register_hook(lambda gradient: found.setdefault(name + ".gradients", []).append(gradient[0]))
        model.get_submodule(name).register_forward_hook(keep)
    for text in texts.ids:
        loss(model, text[None]).backward()
    return {name: torch.cat(parts) for name, parts in found.items()}


def main(path):
    documents, queries = Texts(DOCUMENTS, 2), Texts(QUERIES, 3)
    task = NextToken()
    with tempfile.TemporaryDirectory() as folder:
        analyzer = Analyzer("tiny", prepare_model(tiny_llama(), task), task, output_dir=folder, cpu=True,
                            disable_tqdm=True)
        analyzer.fit_all_factors("ekfac", documents, per_device_batch_size=4, overwrite_output_dir=True,
                                 factor_args=FactorArguments(strategy="ekfac", use_empirical_fisher=True))
        factors = {**analyzer.load_covariance_matrices("ekfac"), **analyzer.load_eigendecomposition("ekfac"),
                   **analyzer.load_lambda_matrices("ekfac")}
        tensors = {}
        for set_name, texts in (("documents", documents), ("queries", queries)):
            for name, matrix in rows(texts).items():
                tensors[f"{set_name}.{name}"] = matrix
        for kind in ("activation_covariance", "gradient_covariance", "activation_eigenvectors",
                     "gradient_eigenvectors", "lambda_matrix", "num_activation_covariance_processed",
                     "num_lambda_processed"):
            for name, matrix in factors[kind].items():
                tensors[f"{kind}.{name}"] = matrix.reshape(-1, matrix.shape[-1])
        analyzer.compute_pairwise_scores("scores", "ekfac", queries, documents, per_device_query_batch_size=3,
                                         per_device_train_batch_size=5, overwrite_output_dir=True,
                                         score_args=ScoreArguments(damping_factor=None))
        tensors["scores"] = analyzer.load_pairwise_scores("scores")["all_modules"]
    with open(path, "w", encoding="utf-8") as out:
        for name, matrix in tensors.items():
            numbers = " ".join(f"{v:.9g}" for v in matrix.flatten().tolist())
            out.write(f"{name} {matrix.shape[0]} {matrix.shape[1]} {numbers}\n")


if __name__ == "__main__":
    main(sys.argv[1])
