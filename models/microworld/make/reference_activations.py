"""Writes ../reference-activations.safetensors: what Hugging Face transformers computes on this model.

float32, eager attention, one prompt at a time. Names are `PROMPT/HOOK`, [tokens, width]; `PROMPT/tokens`
are the ids, `PROMPT/log_prob` the log-probability of each token but the first, `PROMPT/greedy` the greedy
continuation up to <eos>. Needs requirements-reference.txt.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

FOLDER = Path(__file__).parent.parent
GREEDY_LIMIT = 60


def prompts():
    rows = [json.loads(line) for line in open(FOLDER / "data" / "reason-recall.jsonl", encoding="utf-8")]
    chain = json.loads(open(FOLDER / "data" / "chains.jsonl", encoding="utf-8").readline())
    return [rows[0]["text"], rows[-1]["text"], chain["question"]]


def record(model, ids):
    """Every hook point by TransformerLens's name, from forward hooks on the modules."""
    seen, handles = {}, []

    def keep(name, module, pick):
        handles.append(module.register_forward_hook(
            lambda _, args, output: seen.__setitem__(name, pick(args, output)[0].clone())))

    base = model.model
    keep("hook_embed", base.embed_tokens, lambda a, o: o)
    for layer, block in enumerate(base.layers):
        keep(f"blocks.{layer}.hook_attn_out", block.self_attn, lambda a, o: o[0])
        keep(f"blocks.{layer}.hook_resid_mid", block.post_attention_layernorm, lambda a, o: a[0])
        keep(f"blocks.{layer}.hook_mlp_out", block.mlp, lambda a, o: o)
        keep(f"blocks.{layer}.hook_resid_post", block, lambda a, o: o[0] if isinstance(o, tuple) else o)
    logits = model(ids).logits[0]
    for handle in handles:
        handle.remove()
    following = torch.log_softmax(logits, -1)[:-1]
    seen["log_prob"] = following.gather(1, ids[0, 1:, None])[:, 0]
    return seen


@torch.no_grad()
def main():
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    model = AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.float32, attn_implementation="eager").eval()
    tensors = {}
    for number, text in enumerate(prompts()):
        ids = tokenizer(text, return_tensors="pt").input_ids
        tensors[f"{number}/tokens"] = ids[0].int()
        for name, values in record(model, ids).items():
            tensors[f"{number}/{name}"] = values.contiguous()
        continued = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=GREEDY_LIMIT, do_sample=False)
        tensors[f"{number}/greedy"] = continued[0, ids.shape[1]:].int()
    save_file(tensors, FOLDER / "reference-activations.safetensors")


if __name__ == "__main__":
    main()
