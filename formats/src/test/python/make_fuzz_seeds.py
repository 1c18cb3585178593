"""Writes the files made by hand that scripts/fuzz.sh begins with: src/test/resources/fuzz/<target>/valid-*.

Needs Python alone. Inputs of failures, which stand beside them under other names, are left as they are.
"""

import json
import struct
from pathlib import Path

SEEDS = Path(__file__).parents[1] / "resources" / "fuzz"


def write(target, name, content):
    folder = SEEDS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"valid-{name}").write_bytes(content)


def safetensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def slot(dtype, shape, start, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


write("Safetensors", "empty", safetensors({}, b""))
write(
    "Safetensors",
    "types",
    safetensors(
        {
            "__metadata__": {"format": "pt"},
            "f32": slot("F32", [2, 2], 0, 16),
            "f16": slot("F16", [3], 16, 22),
            "bf16": slot("BF16", [1, 1, 1], 22, 24),
            "f64": slot("F64", [], 24, 32),
            "i64": slot("I64", [1], 32, 40),
            "none": slot("U8", [0, 7], 40, 40),
        },
        bytes(40),
    ),
)
write("Index", "one-shard", b'{"metadata": {"total_size": 0}, "weight_map": {}}')
write("Index", "tensors", b'{"weight_map": {"a": "a.safetensors", "b": "b.safetensors"}}')

PLAIN = {
    "hidden_size": 4, "intermediate_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
    "num_key_value_heads": 1, "vocab_size": 3, "max_position_embeddings": 16, "eos_token_id": [1, 2],
}
GPT2 = {"n_embd": 4, "n_layer": 2, "n_head": 2, "n_inner": 8, "n_positions": 16, "vocab_size": 3}
KINDS = ["sliding_attention", "full_attention"]
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
YARN = {"rope_type": "yarn", "factor": 4.0, "beta_fast": 32, "mscale": 1.0, "mscale_all_dim": 0.5}
LONG = {"type": "longrope", "short_factor": [1.0], "long_factor": [2.0]}
PER_KIND = {KINDS[0]: {"rope_theta": 10000.0}, KINDS[1]: {"rope_type": "linear", "factor": 8.0}}
FAMILIES = {
    "llama": {"rope_scaling": LLAMA3, "rope_theta": 500000.0},
    "mistral": {"sliding_window": 8, "rope_scaling": {"type": "dynamic", "factor": 2.0}},
    "qwen2": {"use_sliding_window": True, "max_window_layers": 1, "rope_scaling": YARN},
    "gemma2": {"query_pre_attn_scalar": 4, "final_logit_softcapping": 30.0, "layer_types": KINDS},
    "gemma3_text": {"sliding_window_pattern": 2, "rope_parameters": PER_KIND},
    "olmo3": {"rope_local_base_freq": 10000.0},
    "phi3": {"rope_scaling": LONG, "original_max_position_embeddings": 8, "partial_rotary_factor": 1.0},
    "cohere2": {"logit_scale": 0.25, "sliding_window_pattern": 2},
    "gpt_oss": {"num_local_experts": 4, "num_experts_per_tok": 2, "swiglu_limit": 7.0},
    "gpt_neox": {"rotary_pct": 0.5, "use_parallel_residual": False},
}
for family, own in FAMILIES.items():
    write("Config", family, json.dumps({"model_type": family, **PLAIN, **own}).encode())
write("Config", "gpt2", json.dumps({"model_type": "gpt2", **GPT2}).encode())


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


def value(given):
    match given:
        case bool():
            return struct.pack("<IB", 7, given)
        case int():
            return struct.pack("<II", 4, given)
        case float():
            return struct.pack("<If", 6, given)
        case str():
            return struct.pack("<I", 8) + text(given)
        case list():
            items = [value(item) for item in given]
            return struct.pack("<I", 9) + items[0][:4] + struct.pack("<Q", len(items)) + b"".join(i[4:] for i in items)


def gguf(pairs, tensors):
    """Tensors are zeros: name to type number, bytes and sizes, innermost first."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs))
    head += b"".join(text(key) + value(given) for key, given in pairs.items())
    end = 0
    for name, (kind, size, sizes) in tensors.items():
        head += text(name) + struct.pack("<I", len(sizes)) + struct.pack(f"<{len(sizes)}Q", *sizes)
        head += struct.pack("<IQ", kind, end)
        end += -(-size // 32) * 32
    return head + bytes(-len(head) % 32) + bytes(end)


def f32(*sizes):
    count = 1
    for size in sizes:
        count *= size
    return 0, 4 * count, sizes


def model(architecture, own, tensors, tokenizer):
    pairs = {"general.architecture": architecture}
    hyperparameters = {
        "block_count": 1, "context_length": 8, "embedding_length": 2, "feed_forward_length": 1,
        "attention.head_count": 1, "attention.layer_norm_rms_epsilon": 1e-6, "attention.layer_norm_epsilon": 1e-5,
    }
    pairs |= {f"{architecture}.{key}": given for key, given in (hyperparameters | own).items()}
    pairs |= {f"tokenizer.ggml.{key}": given for key, given in tokenizer.items()}
    return gguf(pairs, {"token_embd.weight": f32(2, 3), "output_norm.weight": f32(2)} | tensors)


BYTES = {"model": "gpt2", "pre": "gpt-2", "tokens": ["a", "b", "ab"], "merges": ["a b"], "eos_token_id": 1}
PIECES = {"model": "llama", "tokens": ["a", "b", "ab"], "scores": [-1.0, -2.0, -3.0], "token_type": [2, 3, 1]}
GATED = {
    "blk.0.attn_norm.weight": f32(2), "blk.0.ffn_norm.weight": f32(2), "blk.0.ffn_gate.weight": f32(2, 1),
    "blk.0.ffn_up.weight": f32(2, 1), "blk.0.ffn_down.weight": f32(1, 2),
} | {f"blk.0.attn_{part}.weight": f32(2, 2) for part in ("q", "k", "v", "output")}
FREQUENCIES = {"rope_freqs.weight": f32(1)}
FUSED = {"blk.0.attn_qkv.weight": f32(2, 6), "blk.0.ffn_up.weight": f32(2, 2), "rope_factors_long.weight": f32(1)}
EXPERTS = {f"blk.0.ffn_{part}_exps.weight": f32(2, 1, 2) for part in ("gate", "up")}

TYPES = {
    f"t{kind}": (kind, size, (count,))
    for kind, count, size in [
        (0, 3, 12), (1, 5, 10), (2, 32, 18), (3, 32, 20), (6, 32, 22), (7, 32, 24), (8, 32, 34), (12, 256, 144),
        (13, 256, 176), (14, 256, 210), (26, 1, 4), (28, 2, 16), (30, 2, 4), (39, 32, 17),
    ]
}
write("Gguf", "types", gguf({"general.alignment": 32, "flags": [True, False], "nested": [[1, 2], [3]]}, TYPES))
write("Gguf", "llama", model("llama", {}, GATED | FREQUENCIES, BYTES))
write("Gguf", "yarn", model("qwen2", {"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0,
      "rope.scaling.original_context_length": 4}, GATED, BYTES | {"pre": "qwen2", "add_bos_token": True}))
write("Gguf", "pieces", model("gemma2", {"attention.sliding_window": 4}, GATED, PIECES))
write("Gguf", "fused", model("phi3", {"rope.dimension_count": 2}, FUSED, PIECES))
write("Gguf", "by-head", model("gptneox", {}, {"blk.0.attn_qkv.weight": f32(2, 6)}, BYTES))
write("Gguf", "transposed", model("gpt2", {}, {"blk.0.ffn_up.weight": f32(2, 3)}, BYTES))
write("Gguf", "experts", model("gpt-oss", {"expert_feed_forward_length": 1, "expert_count": 2,
      "expert_used_count": 1, "attention.sliding_window": 4}, EXPERTS, BYTES))
