"""The tiny models that make.py writes: a configuration each, and where its modules are."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of

import torch

VOCABULARY = 64
# Larger than in real models, so that a wrong one shows.
EPSILON = 1e-3

@dataclass(frozen=True)
class Parts:
    """Where a family keeps its modules; None where it has none. Paths of a block are relative to it."""

    embed: str = "model.embed_tokens"
    positions: str | None = None
    blocks: str = "model.layers"
    final_norm: str = "model.norm"
    centred: bool = False
    gain_offset: float = 0.0
    grown_embedding: bool = False
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
    added_mlp: str | None = "mlp"
    # Whether its attention goes through functions of its own that can be listened to, before and behind rotation.
    attention_seen: bool = True
    heads_seen: bool = True
    router_seen: bool = True
    # Whether experts stand beside an MLP.
    beside: bool = False

    def within(self, exists):
        """Of alternatives, such as "self_attn|conv", those that a block has; none where it has none."""
        chosen = {}
        for each in fields_of(self):
            value = getattr(self, each.name)
            if isinstance(value, str) and "|" in value:
                chosen[each.name] = next((path for path in value.split("|") if exists(path)), None)
        return replace(self, **chosen)


LLAMA = Parts()
POST_NORMS = {"added_attention": "post_attention_layernorm", "added_mlp": "post_feedforward_layernorm"}
GEMMA = replace(LLAMA, **POST_NORMS, ln2="pre_feedforward_layernorm", gain_offset=1.0,
                grown_embedding=True)
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

    lean: bool = False
    wrapped: bool = False
    causal: bool = True
    residual: float = 1.0
    embedding: float = 1.0
    attention: str = "eager"
    chunked_layers: tuple[int, ...] = ()
    first_seed: int = 0
    # Whether the residual stream is the sum of what its parts add.
    sums: bool = True

    def text(self):
        """The fields of the text part."""
        return self.config.get("text_config", self.config)

    def layers(self):
        text = self.text()
        return range(next(text[name] for name in ("num_hidden_layers", "n_layer", "num_layers", "n_layers")
                          if name in text))

    def window(self):
        text = self.text()
        return text.get("sliding_window") or text.get("window_size")


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


