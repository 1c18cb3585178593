"""Writes a tiny random checkpoint of each model family and what transformers computes on it.

    python make.py [CASE ...]        all cases, or those named

Each case becomes a folder: config.json and model.safetensors as they would stand on the hub, and expected.safetensors,
the recording README.md describes. float32, eager attention, no cache, CPU, one thread. Needs requirements.txt.
"""

import functools
import itertools
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import nn
from torch.overrides import TorchFunctionMode
from transformers import AutoConfig, AutoModelForCausalLM, Mxfp4Config
from transformers.pytorch_utils import Conv1D

FOLDER = Path(__file__).parent
PROMPT_LENGTHS = {"p0": 3, "p1": 9, "p2": 20}
DETAILED = "p1"
GREEDY_TOKENS = 8
VOCABULARY = 64
# Larger than in real models, so that a wrong one shows.
EPSILON = 1e-3

# Sites that every prompt keeps; the detailed one keeps all.
COARSE = ("hook_embed", "hook_pos_embed", "hook_resid_mid", "hook_resid_post", "hook_attn_out", "hook_mlp_out",
          "hook_pattern")

# A choice (next token, expert) must win by this much, so that rounding elsewhere cannot turn it.
CLEAR_MARGIN = 5e-3
# Mean distance (total variation) of attention rows from uniform ones, from the fourth token on.
UNEVEN = 0.15
# Least norm of a row of scores: below it rounding is large beside the row.
SCORES = 0.25
# Relative, per row: float32 against the same in another order or in float64.
ROUNDING = 2e-6


# ---------------------------------------------------------------------------------------------- cases


@dataclass(frozen=True)
class Parts:
    """Where a family keeps its modules; None where it has none. Paths of a block are relative to it."""

    embed: str = "model.embed_tokens"
    positions: str | None = None
    blocks: str = "model.layers"
    final_norm: str = "model.norm"
    centred: bool = False
    gain_offset: float = 0.0
    ln1: str | None = "input_layernorm"
    ln2: str | None = "post_attention_layernorm"
    attention: str = "self_attn"
    query: str | None = "self_attn.q_proj"
    key: str | None = "self_attn.k_proj"
    output: str = "self_attn.o_proj"
    added_attention: str = "self_attn"
    mlp: str = "mlp"
    gate: str | None = "mlp.gate_proj"
    up: str = "mlp.up_proj"
    gate_up: str | None = None
    down: str = "mlp.down_proj"
    router: str | None = None
    added_mlp: str = "mlp"


LLAMA = Parts()
POST_NORMS = {"added_attention": "post_attention_layernorm", "added_mlp": "post_feedforward_layernorm"}
GEMMA = replace(LLAMA, **POST_NORMS, ln2="pre_feedforward_layernorm", gain_offset=1.0)
OLMO = replace(LLAMA, **POST_NORMS, ln1=None, ln2=None)
PHI = replace(LLAMA, query=None, key=None, gate=None, gate_up="mlp.gate_up_proj")
COHERE = replace(LLAMA, ln2=None, centred=True)
NEOX = Parts(embed="gpt_neox.embed_in", blocks="gpt_neox.layers", final_norm="gpt_neox.final_layer_norm", centred=True,
             attention="attention", query=None, key=None, output="attention.dense", added_attention="attention",
             gate=None, up="mlp.dense_h_to_4h", down="mlp.dense_4h_to_h")
GPT2 = Parts(embed="transformer.wte", positions="transformer.wpe", blocks="transformer.h",
             final_norm="transformer.ln_f", centred=True, ln1="ln_1", ln2="ln_2", attention="attn", query=None,
             key=None, output="attn.c_proj", added_attention="attn", gate=None, up="mlp.c_fc", down="mlp.c_proj")


def as_saved(tensors, random):
    """Tensors under the names transformers writes."""
    return tensors


def as_first_gpt2(tensors, random):
    """GPT-2 as first published: no prefix, and each block's causal mask among the weights."""
    plain = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
    positions = plain["wpe.weight"].shape[0]
    mask = torch.ones(positions, positions).tril()[None, None]
    blocks = [name.removesuffix(".ln_1.weight") for name in plain if name.endswith(".ln_1.weight")]
    return plain | {f"{block}.attn.bias": mask.clone() for block in blocks}


def with_mxfp4_experts(tensors, random):
    """gpt-oss with its experts' matrices replaced by random MXFP4 blocks and scales."""
    stored = {}
    for name, tensor in tensors.items():
        if name.endswith(("experts.gate_up_proj", "experts.down_proj")):
            experts, inputs, outputs = tensor.shape
            stored[f"{name}_blocks"] = torch.randint(0, 256, (experts, outputs, inputs // 32, 16), generator=random,
                                                     dtype=torch.uint8)
            # 2^(scale - 127) from 1/32 to 1/8: products of order 1.
            stored[f"{name}_scales"] = torch.randint(122, 125, (experts, outputs, inputs // 32), generator=random,
                                                     dtype=torch.uint8)
        else:
            stored[name] = tensor
    return stored


@dataclass(frozen=True)
class Case:
    """One folder: its config.json, and what is particular about it."""

    name: str
    parts: Parts
    config: dict
    sliding_layers: tuple[int, ...] = ()
    parallel: bool = False
    sinks: bool = False
    head_results: bool = False
    stored: torch.dtype = torch.float32
    layout: Callable = as_saved

    def layers(self):
        return range(self.config.get("num_hidden_layers") or self.config["n_layer"])


def fields(model_type, **particular):
    return {"model_type": model_type, "vocab_size": VOCABULARY, "hidden_size": 32, "intermediate_size": 48,
            "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64, "bos_token_id": None,
            "eos_token_id": None, "pad_token_id": None, "tie_word_embeddings": False} | particular


def rms(model_type, **particular):
    return fields(model_type, **{"num_key_value_heads": 2, "hidden_act": "silu", "rms_norm_eps": EPSILON,
                                 "rope_theta": 10000.0} | particular)


def layer_norm(model_type, **particular):
    return fields(model_type, **{"layer_norm_eps": EPSILON} | particular)


def narrow(model_type, **particular):
    """For cases that only differ in their rotary embedding."""
    return rms(model_type, **{"hidden_size": 16, "intermediate_size": 24, "num_attention_heads": 2,
                              "num_key_value_heads": 1} | particular)


YARN = {"factor": 4.0, "original_max_position_embeddings": 64}

CASES = [
    Case("llama", LLAMA, rms("llama", num_key_value_heads=4), head_results=True),
    Case("llama3", LLAMA, rms(
        "llama", rope_theta=10.0, max_position_embeddings=256, tie_word_embeddings=True,
        # With theta 10 the four wavelengths lie below, twice between and above the two thresholds.
        rope_scaling={"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                      "original_max_position_embeddings": 32})),
    Case("llama-biased", LLAMA, fields(
        "llama", num_key_value_heads=2, hidden_act="silu", rms_norm_eps=EPSILON, head_dim=12, attention_bias=True,
        mlp_bias=True,
        rope_parameters={"rope_type": "default", "rope_theta": 5000.0})),
    Case("llama-linear", LLAMA, narrow("llama", rope_scaling={"type": "linear", "factor": 4.0})),
    # 17 positions: p0 and p1 with their continuations stay within, p2 is beyond.
    Case("llama-dynamic", LLAMA, narrow("llama", max_position_embeddings=17,
                                        rope_scaling={"type": "dynamic", "factor": 2.0})),
    # 1024 positions: the default betas span part of the four planes.
    Case("llama-yarn", LLAMA, narrow(
        "llama", rope_theta=100.0, max_position_embeddings=4096,
        rope_scaling={"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 1024})),
    Case("llama-yarn-mscale", LLAMA, narrow(
        "llama", max_position_embeddings=256,
        rope_parameters={"rope_type": "yarn", "rope_theta": 100.0, "mscale": 2.0, "mscale_all_dim": 0.5,
                         "beta_fast": 2.0, "beta_slow": 0.25} | YARN)),
    Case("mistral", LLAMA, rms("mistral", head_dim=8, sliding_window=4), sliding_layers=(0, 1), stored=torch.float16),
    Case("qwen2", LLAMA, rms("qwen2", use_sliding_window=False, sliding_window=4,
                             max_window_layers=0), stored=torch.bfloat16),
    Case("qwen2-sliding", LLAMA, rms("qwen2", num_hidden_layers=3, use_sliding_window=True, sliding_window=4,
                                     max_window_layers=1), sliding_layers=(1, 2)),
    Case("qwen3", LLAMA, rms("qwen3", head_dim=12, rope_theta=1e6, tie_word_embeddings=True)),
    Case("gemma2", GEMMA, fields(
        "gemma2", num_key_value_heads=2, head_dim=8, rms_norm_eps=EPSILON, rope_theta=10000.0, hidden_act="gelu",
        hidden_activation="gelu_pytorch_tanh", query_pre_attn_scalar=24, attn_logit_softcapping=3.0,
        final_logit_softcapping=4.0, sliding_window=4, tie_word_embeddings=True), sliding_layers=(0,)),
    Case("gemma3", GEMMA, fields(
        "gemma3_text", num_key_value_heads=2, head_dim=12, rms_norm_eps=EPSILON, rope_theta=100.0,
        rope_local_base_freq=10.0,
        rope_scaling={"rope_type": "linear", "factor": 8.0}, hidden_activation="gelu_pytorch_tanh",
        query_pre_attn_scalar=16, attn_logit_softcapping=None, final_logit_softcapping=None, sliding_window=4,
        sliding_window_pattern=2, tie_word_embeddings=True), sliding_layers=(0,)),
    Case("olmo2", OLMO, rms("olmo2", rope_theta=500000.0)),
    Case("olmo3", OLMO, rms(
        "olmo3", rope_theta=500000.0, max_position_embeddings=256, sliding_window=4,
        layer_types=["sliding_attention", "full_attention"],
        rope_scaling={"rope_type": "yarn", "attention_factor": 1.2, "beta_fast": 32.0, "beta_slow": 1.0} | YARN),
        sliding_layers=(0,)),
    Case("olmo3-nested", OLMO, narrow(
        "olmo3", max_position_embeddings=256, sliding_window=4, layer_types=["full_attention", "sliding_attention"],
        rope_parameters={"sliding_attention": {"rope_type": "default", "rope_theta": 10.0},
                         "full_attention": {"rope_type": "yarn", "rope_theta": 100.0} | YARN}), sliding_layers=(1,)),
    Case("phi3", PHI, rms("phi3", num_key_value_heads=4, sliding_window=4, original_max_position_embeddings=64),
         sliding_layers=(0, 1)),
    # As in llama-dynamic: p2 is beyond the original 17 positions.
    Case("phi3-longrope", PHI, rms(
        "phi3", rope_theta=100.0, partial_rotary_factor=0.75, max_position_embeddings=68,
        original_max_position_embeddings=17, sliding_window=None, tie_word_embeddings=True,
        rope_scaling={"type": "longrope", "short_factor": [1.0, 1.1, 1.3], "long_factor": [1.2, 2.0, 3.7]}),
        stored=torch.bfloat16),
    Case("cohere", COHERE, layer_norm("cohere", hidden_act="silu", rope_theta=10000.0, logit_scale=0.25,
                                      use_qk_norm=False, num_key_value_heads=4, tie_word_embeddings=True),
         parallel=True),
    Case("cohere-qk-norm", COHERE, layer_norm("cohere", hidden_act="silu", rope_theta=100.0, logit_scale=0.5,
                                              use_qk_norm=True, num_key_value_heads=2, tie_word_embeddings=True),
         parallel=True),
    Case("cohere2", COHERE, layer_norm("cohere2", hidden_act="silu", rope_theta=100.0, logit_scale=0.25,
                                       num_key_value_heads=2, sliding_window=4, sliding_window_pattern=2,
                                       tie_word_embeddings=True), parallel=True, sliding_layers=(0,)),
    Case("gpt-oss", replace(LLAMA, router="mlp.router"), rms(
        "gpt_oss", head_dim=8, intermediate_size=16, num_local_experts=4, num_experts_per_tok=2, sliding_window=4,
        attention_bias=True, swiglu_limit=1.5, rope_theta=100.0, max_position_embeddings=256,
        rope_scaling={"rope_type": "yarn", "beta_fast": 4.0, "beta_slow": 1.0, "truncate": False} | YARN),
        sliding_layers=(0,), sinks=True),
    Case("gpt-oss-mxfp4", replace(LLAMA, router="mlp.router"), rms(
        "gpt_oss", head_dim=8, intermediate_size=64, num_local_experts=3, num_experts_per_tok=2, sliding_window=4,
        attention_bias=True, swiglu_limit=7.0, rope_theta=150000.0, max_position_embeddings=256,
        layer_types=["sliding_attention", "full_attention"],
        rope_scaling={"rope_type": "yarn", "beta_fast": 32.0, "beta_slow": 1.0, "truncate": False} | YARN,
        quantization_config={"quant_method": "mxfp4", "modules_to_not_convert": [
            "model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"]}),
        sliding_layers=(0,), sinks=True, stored=torch.bfloat16, layout=with_mxfp4_experts),
    Case("gpt-neox", NEOX, layer_norm("gpt_neox", hidden_act="gelu", rotary_pct=0.25, rotary_emb_base=10000,
                                      use_parallel_residual=True), parallel=True),
    Case("gpt-neox-serial", NEOX, layer_norm("gpt_neox", hidden_act="gelu", rotary_pct=0.5, rotary_emb_base=100,
                                             use_parallel_residual=False)),
    Case("gpt2", GPT2, {
        "model_type": "gpt2", "vocab_size": VOCABULARY, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 32,
        "n_ctx": 32, "activation_function": "gelu_new", "layer_norm_epsilon": EPSILON, "bos_token_id": None,
        "eos_token_id": None}, head_results=True, layout=as_first_gpt2),
    Case("gpt2-inverse-layer", GPT2, {
        "model_type": "gpt2", "vocab_size": VOCABULARY, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 32,
        "n_inner": 40, "activation_function": "gelu_new", "layer_norm_epsilon": EPSILON, "bos_token_id": None,
        "eos_token_id": None, "scale_attn_by_inverse_layer_idx": True, "tie_word_embeddings": False}),
]


# ---------------------------------------------------------------------------------------------- checkpoints


def randomise(model, parts, random):
    """Weights far from their initial values: gains around their neutral value, everything else around 0."""
    width = model.config.hidden_size
    # Gemma multiplies its embedding by the root of the width.
    embedding = 0.5 / width**0.5 if parts.gain_offset else 0.5
    for name, weight in model.named_parameters():
        noise = torch.randn(weight.shape, generator=random)
        if "norm" in name or ".ln_" in name:
            neutral = 0.0 if name.endswith("bias") else 1.0 - parts.gain_offset
            weight.data = neutral + 0.3 * noise
        elif name.endswith("bias"):
            weight.data = 0.3 * noise
        elif name.endswith("sinks"):
            weight.data = noise
        elif name.startswith((parts.embed, parts.positions or parts.embed)):
            weight.data = embedding * noise
        else:
            weight.data = 1.4 / width**0.5 * noise


def write_checkpoint(case, seed, folder):
    folder.mkdir(exist_ok=True)
    write_config(folder, case.config)
    random = torch.Generator().manual_seed(seed)
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), dtype=torch.float32)
    randomise(model, case.parts, random)
    with tempfile.TemporaryDirectory() as saved:
        model.to(case.stored).save_pretrained(saved)
        tensors = case.layout(load_file(Path(saved) / "model.safetensors"), random)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    stored = str(case.stored).removeprefix("torch.")
    write_config(folder, {"architectures": [type(model).__name__], "torch_dtype": stored} | case.config)


def write_config(folder, config):
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def load(folder):
    """A fresh model: dynamic rope remembers the longest sequence it has seen."""
    quantised = hasattr(AutoConfig.from_pretrained(folder), "quantization_config")
    unpack = {"quantization_config": Mxfp4Config(dequantize=True)} if quantised else {}
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager",
                                                experts_implementation="eager", **unpack).eval()


# ---------------------------------------------------------------------------------------------- listening


@dataclass
class Attention:
    """What a layer's attention function got and gave; `unrotated` is empty where there is no rope."""

    query: torch.Tensor
    key: torch.Tensor
    value: torch.Tensor
    scores: torch.Tensor
    pattern: torch.Tensor
    z: torch.Tensor
    unrotated: tuple[torch.Tensor, ...]


@dataclass
class Tape:
    """One forward pass: [tokens, width] into and out of each module, and each layer's attention."""

    inputs: dict[str, torch.Tensor] = field(default_factory=dict)
    outputs: dict[str, torch.Tensor] = field(default_factory=dict)
    attention: dict[int, Attention] = field(default_factory=dict)
    unrotated: tuple[torch.Tensor, ...] = ()
    logits: torch.Tensor | None = None


class MaskedScores(TorchFunctionMode):
    """Sees the masked scores inside an attention function: what it gives to softmax or joins with its sinks."""

    scores = None

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if self.scores is None and function is torch.nn.functional.softmax:
            self.scores = args[0]
        if self.scores is None and function is torch.cat:
            self.scores = args[0][0]
        return function(*args, **(kwargs or {}))


def listen_to_modules(model, tape):
    def note(name, _, args, kwargs, output):
        tape.inputs[name] = first_rows((*args, *kwargs.values()))
        tape.outputs[name] = first_rows(output if isinstance(output, tuple) else (output,))

    for name, module in model.named_modules():
        if name.startswith(f"{model.base_model_prefix}.") and "rotary_emb" not in name:
            module.register_forward_hook(functools.partial(note, name), with_kwargs=True)


def first_rows(values):
    """The first tensor, [1, tokens, width] or [tokens, width], as [tokens, width]."""
    return next(value for value in values if isinstance(value, torch.Tensor)).flatten(0, -2).clone()


def listening_attention(tape, attend):
    def attention(module, query, key, value, mask, **kwargs):
        with MaskedScores() as seen:
            z, pattern = attend(module, query, key, value, mask, **kwargs)
        tape.attention[module.layer_idx] = Attention(query, key, value, seen.scores[0], pattern[0], z[0],
                                                     tape.unrotated)
        tape.unrotated = ()
        return z, pattern

    return attention


def listening_rotation(tape, rotate):
    def rotation(query, key, *args, **kwargs):
        tape.unrotated = (query, key)
        return rotate(query, key, *args, **kwargs)

    return rotation


def listen(model, tokens):
    """One forward pass on tape: module hooks, and the family's own attention and rotation functions wrapped."""
    tape = Tape()
    listen_to_modules(model, tape)
    family = sys.modules[type(model).__module__]
    wrapped = {"eager_attention_forward": listening_attention(tape, family.eager_attention_forward)}
    if hasattr(family, "apply_rotary_pos_emb"):
        wrapped["apply_rotary_pos_emb"] = listening_rotation(tape, family.apply_rotary_pos_emb)
    with patch.multiple(family, **wrapped):
        tape.logits = model(tokens, use_cache=False).logits[0]
    return tape


# ---------------------------------------------------------------------------------------------- naming


def all_points(case, model, tape):
    """Every hook point of a pass by its canonical name."""
    parts = case.parts
    points = {"hook_embed": tape.outputs[parts.embed]}
    if parts.positions:
        points["hook_pos_embed"] = tape.outputs[parts.positions]
    for layer in case.layers():
        block = f"{parts.blocks}.{layer}"
        here = stream_points(case, tape, block) | attention_points(parts, tape, block, layer)
        here |= mlp_points(parts, tape, block)
        for name, norm in (("ln1", parts.ln1), ("ln2", parts.ln2)):
            if norm:
                here |= norm_points(model, parts, tape, f"{block}.{norm}", name)
        if case.head_results:
            here |= head_results(model, parts, tape, block, layer)
        points |= {f"blocks.{layer}.{name}": values for name, values in here.items()}
    points["blocks.0.hook_resid_pre"] = tape.inputs[f"{parts.blocks}.0"]
    return points | norm_points(model, parts, tape, parts.final_norm, "ln_final") | linear_points(model, tape, parts)


def stream_points(case, tape, block):
    """The residual stream, what each sub-layer (or its norm) sees of it and what it adds."""
    parts = case.parts
    seen_by_attention = tape.inputs[f"{block}.{parts.ln1 or parts.attention}"]
    seen_by_mlp = tape.inputs[f"{block}.{parts.ln2 or (parts.ln1 if case.parallel else parts.mlp)}"]
    points = {"hook_attn_in": seen_by_attention, "hook_attn_out": tape.outputs[f"{block}.{parts.added_attention}"],
              "hook_mlp_in": seen_by_mlp, "hook_mlp_out": tape.outputs[f"{block}.{parts.added_mlp}"],
              "hook_resid_post": tape.outputs[block]}
    return points if case.parallel else points | {"hook_resid_mid": seen_by_mlp}


def attention_points(parts, tape, block, layer):
    seen = tape.attention[layer]
    query, key = seen.unrotated or (seen.query, seen.key)
    # Masked means: the lowest float32 was added.
    masked = seen.scores < torch.finfo(torch.float32).min / 2
    points = {"hook_q": tape.outputs[f"{block}.{parts.query}"] if parts.query else head_rows(query),
              "hook_k": tape.outputs[f"{block}.{parts.key}"] if parts.key else head_rows(key),
              "hook_v": head_rows(seen.value), "hook_attn_scores": seen.scores.masked_fill(masked, -torch.inf),
              "hook_pattern": seen.pattern, "hook_z": seen.z.flatten(1)}
    if seen.unrotated:
        points |= {"hook_q_pre_rot": head_rows(query), "hook_k_pre_rot": head_rows(key),
                   "hook_rot_q": head_rows(seen.query), "hook_rot_k": head_rows(seen.key)}
    return {f"attn.{name}": values for name, values in points.items()}


def head_rows(tensor):
    """[1, heads, tokens, d] as [tokens, heads * d]."""
    return tensor[0].transpose(0, 1).flatten(1)


def head_results(model, parts, tape, block, layer):
    """What each head adds: its z times its slice of the output projection; derived, in float64."""
    z = tape.attention[layer].z.double()
    linear = model.get_submodule(f"{block}.{parts.output}")
    inputs_first = (linear.weight if isinstance(linear, Conv1D) else linear.weight.T).double()
    results = torch.einsum("thd,hdm->thm", z, inputs_first.unflatten(0, z.shape[1:]))
    bias = 0.0 if linear.bias is None else linear.bias
    need_close(results.sum(1) + bias, tape.outputs[f"{block}.{parts.output}"], "the sum of head results")
    return {"attn.hook_result": results.flatten(1).float()}


def mlp_points(parts, tape, block):
    def out_of(path):
        return tape.outputs[f"{block}.{path}"]

    if parts.router:
        return {"mlp.hook_router": out_of(parts.router)}
    points = {"mlp.hook_post": tape.inputs[f"{block}.{parts.down}"]}
    if parts.gate_up:
        gate, up = out_of(parts.gate_up).chunk(2, -1)
        return points | {"mlp.hook_pre": gate, "mlp.hook_pre_linear": up}
    if parts.gate:
        return points | {"mlp.hook_pre": out_of(parts.gate), "mlp.hook_pre_linear": out_of(parts.up)}
    return points | {"mlp.hook_pre": out_of(parts.up)}


def norm_points(model, parts, tape, path, name):
    """Scale and normalised values of a norm; derived from its recorded input, in float64."""
    norm = model.get_submodule(path)
    values = tape.inputs[path].double()
    if parts.centred:
        values = values - values.mean(-1, keepdim=True)
    epsilon = norm.eps if hasattr(norm, "eps") else norm.variance_epsilon
    scale = (values.pow(2).mean(-1, keepdim=True) + epsilon).sqrt()
    normalised = values / scale
    bias = norm.bias if isinstance(norm, nn.LayerNorm) else 0.0
    need_close(normalised * (norm.weight + parts.gain_offset) + bias, tape.outputs[path], f"{path} from derived values")
    return {f"{name}.hook_scale": scale.float(), f"{name}.hook_normalized": normalised.float()}


def linear_points(model, tape, parts):
    paths = [path for path, module in model.named_modules()
             if path.startswith(parts.blocks) and isinstance(module, (nn.Linear, Conv1D))]
    return ({f"linear:{path}.in": tape.inputs[path] for path in paths}
            | {f"linear:{path}.out": tape.outputs[path] for path in paths})


# ---------------------------------------------------------------------------------------------- recording


def record(case, folder, name, tokens):
    """All tensors of one prompt."""
    model = load(folder)
    tape = listen(model, tokens)
    points = all_points(case, model, tape)
    check(case, folder, tokens, tape, points)
    if name != DETAILED:
        points = {point: values for point, values in points.items() if point.endswith(COARSE)}
    following = tape.logits[:-1].double().log_softmax(-1)
    return points | {"tokens": tokens[0].int(), "greedy": greedy(folder, tokens), "logits": tape.logits[-1],
                     "log_prob": following.gather(1, tokens[0, 1:, None])[:, 0].float()}


def prompts(seed):
    random = torch.Generator().manual_seed(seed)
    return {name: torch.randint(0, VOCABULARY, (1, length), generator=random)
            for name, length in PROMPT_LENGTHS.items()}


def greedy(folder, tokens):
    """The greedy continuation, the same with and without a key cache."""
    continuation, cached = (continued(folder, tokens, use_cache) for use_cache in (False, True))
    need_clear(continuation.equal(cached))
    return continuation


def continued(folder, tokens, use_cache):
    out = load(folder).generate(tokens, attention_mask=torch.ones_like(tokens), do_sample=False, use_cache=use_cache,
                                max_new_tokens=GREEDY_TOKENS, output_logits=True, return_dict_in_generate=True)
    best, second = torch.cat(out.logits).topk(2).values.T
    need_clear((best - second).min() > CLEAR_MARGIN)
    return out.sequences[0, tokens.shape[1]:].int()


# ---------------------------------------------------------------------------------------------- self-checks


def need(condition, message):
    if not condition:
        raise AssertionError(message)


class Unclear(Exception):
    """These random weights make a choice too close to call; others will do."""


def need_clear(condition):
    if not condition:
        raise Unclear()


def need_close(actual, expected, what):
    error = ((actual - expected).norm(dim=-1) / expected.norm(dim=-1)).max().item()
    need(error < ROUNDING, f"{what}: relative error {error:.1e}")


def check(case, folder, tokens, tape, points):
    """The recording is what the model computes by itself, and its parts add up."""
    alone = load(folder)(tokens, use_cache=False, output_hidden_states=True)
    need(alone.logits[0].equal(tape.logits), "listening changes the logits")
    stream = points["blocks.0.hook_resid_pre"]
    for layer in case.layers():
        here = {name.removeprefix(f"blocks.{layer}."): values for name, values in points.items()}
        need(alone.hidden_states[layer][0].equal(stream), f"hidden_states[{layer}] is the stream before block {layer}")
        check_sums(case, layer, stream, here)
        check_attention(case, layer, here["attn.hook_attn_scores"], here["attn.hook_pattern"])
        if "mlp.hook_router" in here:
            ranked = here["mlp.hook_router"].sort(descending=True).values
            chosen = case.config["num_experts_per_tok"]
            need_clear((ranked[:, chosen - 1] - ranked[:, chosen]).min() > CLEAR_MARGIN)
        stream = here["hook_resid_post"]
    normed = tape.outputs[case.parts.final_norm]
    need(alone.hidden_states[-1][0].equal(normed), "the last hidden state is the stream after the final norm")


def check_sums(case, layer, stream, here):
    with_attention = stream + here["hook_attn_out"]
    if case.parallel:
        need_close(with_attention + here["hook_mlp_out"], here["hook_resid_post"], f"block {layer}: sum")
    else:
        need(with_attention.equal(here["hook_resid_mid"]), f"block {layer}: resid_pre + attn_out = resid_mid")
        need((here["hook_resid_mid"] + here["hook_mlp_out"]).equal(here["hook_resid_post"]),
             f"block {layer}: resid_mid + mlp_out = resid_post")


def check_attention(case, layer, scores, pattern):
    length = scores.shape[-1]
    window = case.config["sliding_window"] if layer in case.sliding_layers else length
    distance = torch.arange(length)[:, None] - torch.arange(length)
    visible = (distance >= 0) & (distance < window)
    need((scores.isfinite() == visible).all(), f"block {layer}: visible keys")
    need((pattern[:, ~visible] == 0).all(), f"block {layer}: the pattern is 0 at masked keys")
    sums = pattern.sum(-1, keepdim=True)
    need((sums < 1).all() if case.sinks else (sums - 1).abs().max() < ROUNDING, f"block {layer}: sums of the pattern")
    if length == PROMPT_LENGTHS[DETAILED]:
        uniform = visible / visible.sum(-1, keepdim=True)
        uneven = (pattern / sums - uniform).abs().sum(-1)[:, 3:].mean() / 2
        need_clear(uneven > UNEVEN)
        need_clear(scores.masked_fill(~visible, 0).norm(dim=-1).min() > SCORES)


# ---------------------------------------------------------------------------------------------- main


def make(case):
    for seed in itertools.count():
        try:
            write_case(case, seed, FOLDER / case.name)
            return
        except Unclear:
            pass


def write_case(case, seed, folder):
    write_checkpoint(case, seed, folder)
    tensors = {f"{name}/{point}": values.clone(memory_format=torch.contiguous_format)
               for name, tokens in prompts(seed).items()
               for point, values in record(case, folder, name, tokens).items()}
    # One entry: several are written in random order.
    torch_version = torch.__version__.partition("+")[0]
    made_with = f"seed {seed}, transformers {transformers.__version__}, torch {torch_version}"
    save_file(tensors, folder / "expected.safetensors", metadata={"made_with": made_with})
    sizes = [f"{file.name} {file.stat().st_size // 1000} kB" for file in sorted(folder.glob("*.safetensors"))]
    print(f"{case.name}: seed {seed}, {', '.join(sizes)}", flush=True)


@torch.no_grad()
def main(names):
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    unknown = set(names) - {case.name for case in CASES}
    need(not unknown, f"no such case: {', '.join(sorted(unknown))}")
    for case in CASES:
        if not names or case.name in names:
            make(case)


if __name__ == "__main__":
    main(sys.argv[1:])
