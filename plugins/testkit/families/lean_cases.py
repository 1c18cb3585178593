"""Tiny models of the families that came later: narrower, and fewer of their points are kept."""

from cases import (EPSILON, GEMMA, GPT2, LLAMA, OLMO, POST_NORMS, VOCABULARY, YARN, Case, fields)
from dataclasses import replace

import torch


def small(model_type, **particular):
    return fields(model_type, **{"hidden_size": 16, "intermediate_size": 24, "num_attention_heads": 4,
                                 "num_key_value_heads": 2, "hidden_act": "silu", "rms_norm_eps": EPSILON} | particular)


def case(name, parts, config, **particular):
    return Case(name, parts, config, lean=True,
                **{"stored": torch.bfloat16, "wrapped": "text_config" in config} | particular)


EXPERTS = {"num_experts_per_tok": 2}
NO_HEADS = {"heads_seen": False}
WRAPPED = replace(LLAMA, embed="model.language_model.embed_tokens", blocks="model.language_model.layers",
                  final_norm="model.language_model.norm")
LATENT = replace(LLAMA, query=None, key=None, **NO_HEADS, router="mlp.gate|-", gate="mlp.gate_proj|-", up="mlp.up_proj|-",
                 down="mlp.down_proj|-")
MIXED = replace(LLAMA, router="mlp.gate", gate=None)
# Blocks of experts and dense ones in one model.
SOMETIMES = replace(LLAMA, router="mlp.gate|-", gate="mlp.gate_proj|-")
PLAIN = {"gate": None}
BESIDE = {"ln2": None, "centred": True}
NEXT = replace(LLAMA, attention="self_attn|linear_attn", added_attention="self_attn|linear_attn",
               output="self_attn.o_proj|linear_attn.out_proj", gain_offset=1.0)
MAMBA = {"attention": "self_attn|mamba", "added_attention": "self_attn|mamba", "output": "self_attn.o_proj|mamba.out_proj"}
SPACE = {"mamba_n_heads": 4, "mamba_d_head": 8, "mamba_n_groups": 2, "mamba_d_state": 6, "mamba_d_conv": 3,
         "mamba_expand": 2, "mamba_chunk_size": 8, "mamba_conv_bias": True, "mamba_proj_bias": False}
LIQUID = replace(LLAMA, final_norm="model.embedding_norm", ln1="operator_norm", ln2="ffn_norm",
                 attention="self_attn|conv", added_attention="self_attn|conv", output="self_attn.out_proj|conv.out_proj",
                 mlp="feed_forward", gate="feed_forward.w1|-", up="feed_forward.w3", down="feed_forward.w2",
                 added_mlp="feed_forward", router="feed_forward.gate|-")
GPT = replace(GPT2, positions=None)
FALCON = replace(GPT, embed="transformer.word_embeddings", attention="self_attention", output="self_attention.dense",
                 added_attention="self_attention", ln1="input_layernorm", ln2="post_attention_layernorm",
                 up="mlp.dense_h_to_4h", down="mlp.dense_4h_to_h", attention_seen=False)
VISION = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 28,
          "patch_size": 14}
DEEPSEEK = {"qk_nope_head_dim": 4, "qk_rope_head_dim": 4, "v_head_dim": 6, "kv_lora_rank": 8, "num_key_value_heads": 4,
            "moe_intermediate_size": 12, "n_routed_experts": 8, "num_experts_per_tok": 3, "n_shared_experts": 2,
            "first_k_dense_replace": 1}
DELTA = {"head_dim": 8, "linear_num_key_heads": 2, "linear_num_value_heads": 4, "linear_key_head_dim": 4,
         "linear_value_head_dim": 6, "linear_conv_kernel_dim": 3, "layer_types": ["linear_attention", "full_attention"]}

SIGLIP = VISION | {"model_type": "siglip_vision_model"}
CLIP = VISION | {"model_type": "clip_vision_model", "projection_dim": 16}
QWEN_VISION = {"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16,
               "num_position_embeddings": 4}
QWEN_TOKENS = {"image_token_id": 5, "video_token_id": 4, "vision_start_token_id": 7, "vision_end_token_id": 8}
MROPE = {"rope_type": "default", "rope_theta": 100.0, "partial_rotary_factor": 0.5, "mrope_section": [1, 1, 0],
         "mrope_interleaved": True}
TEXT_MODEL = {"embed": "model.text_model.embed_tokens", "blocks": "model.text_model.layers",
              "final_norm": "model.text_model.norm"}


def wrapper(model_type, text, vision, **particular):
    return {"model_type": model_type, "text_config": text, "vision_config": vision,
            "tie_word_embeddings": False} | particular


LEAN_CASES = [
    # Symmetric attention, as embedders have it.
    case("gemma3-symmetric", GEMMA, small(
        "gemma3_text", head_dim=8, query_pre_attn_scalar=8, sliding_window=8, sliding_window_pattern=2,
        hidden_activation="gelu_pytorch_tanh", use_bidirectional_attention=True, tie_word_embeddings=True), causal=False),
    case("llama-symmetric", LLAMA, small("llama", is_causal=False), causal=False),
    # Where transformers 5 keeps rotary fields.
    case("gpt-neox-parameters", replace(GPT, embed="gpt_neox.embed_in", blocks="gpt_neox.layers", ln1="input_layernorm",
                                        ln2="post_attention_layernorm", final_norm="gpt_neox.final_layer_norm",
                                        attention="attention", output="attention.dense", added_attention="attention",
                                        up="mlp.dense_h_to_4h", down="mlp.dense_4h_to_h"),
         small("gpt_neox", hidden_act="gelu", layer_norm_eps=EPSILON, use_parallel_residual=True,
               rope_parameters={"rope_type": "default", "rope_theta": 100.0, "partial_rotary_factor": 0.5}),
         parallel=True),
    case("gemma2-uncapped", GEMMA, small(
        "gemma2", head_dim=8, query_pre_attn_scalar=8, attn_logit_softcapping=None, final_logit_softcapping=None,
        sliding_window=4, hidden_activation="gelu_pytorch_tanh", tie_word_embeddings=True), sliding_layers=(0,)),
    case("gemma", replace(LLAMA, gain_offset=1.0, grown_embedding=True), small(
        "gemma", head_dim=8, hidden_act="gelu", hidden_activation=None, tie_word_embeddings=True)),
    # The first two blocks lend the last two their keys; ids from 60 on have no inputs of their own.
    case("gemma3n", replace(GEMMA, gain_offset=0.0), small(
        "gemma3n_text", num_hidden_layers=4, head_dim=8, intermediate_size=[24, 20, 24, 20], sliding_window=4,
        layer_types=["sliding_attention", "full_attention"] * 2, num_kv_shared_layers=2, laurel_rank=3, altup_num_inputs=3,
        activation_sparsity_pattern=[0.6, 0.0, 0.3, 0.0], hidden_size_per_layer_input=6, vocab_size_per_layer_input=60,
        hidden_activation="gelu_pytorch_tanh", final_logit_softcapping=4.0, tie_word_embeddings=True),
         sliding_layers=(0, 2), sums=False),
    case("gemma4", replace(GEMMA, gain_offset=0.0), small(
        "gemma4_text", num_hidden_layers=4, head_dim=8, global_head_dim=12, sliding_window=4,
        layer_types=["sliding_attention", "full_attention"] * 2, num_kv_shared_layers=2, use_double_wide_mlp=True,
        hidden_size_per_layer_input=6, vocab_size_per_layer_input=VOCABULARY, hidden_activation="gelu_pytorch_tanh",
        final_logit_softcapping=4.0, tie_word_embeddings=True, rope_parameters={
            "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
            "full_attention": {"rope_type": "proportional", "rope_theta": 1000.0, "partial_rotary_factor": 0.5}}),
         sliding_layers=(0, 2), sums=False),
    # Keys that are values in blocks that see everything, no inputs of the blocks' own.
    case("gemma4-equal", replace(GEMMA, gain_offset=0.0), small(
        "gemma4_text", head_dim=8, global_head_dim=12, sliding_window=4, layer_types=["sliding_attention", "full_attention"],
        attention_k_eq_v=True, num_global_key_value_heads=1, hidden_size_per_layer_input=0,
        hidden_activation="gelu_pytorch_tanh", tie_word_embeddings=True), sliding_layers=(0,), sums=False),
    case("gemma4-experts", replace(GEMMA, gain_offset=0.0, router="router.proj", beside=True), small(
        "gemma4_text", head_dim=8, global_head_dim=12, sliding_window=4, layer_types=["sliding_attention", "full_attention"],
        hidden_size_per_layer_input=0, enable_moe_block=True, num_experts=4, top_k_experts=2, moe_intermediate_size=12,
        hidden_activation="gelu_pytorch_tanh", tie_word_embeddings=True), sliding_layers=(0,), sums=False),
    case("vaultgemma", replace(LLAMA, ln2="pre_feedforward_layernorm", gain_offset=1.0, grown_embedding=True), small(
        "vaultgemma", head_dim=8, query_pre_attn_scalar=8, sliding_window=4, hidden_activation="gelu_pytorch_tanh",
        attn_logit_softcapping=3.0, final_logit_softcapping=4.0, tie_word_embeddings=True), sliding_layers=(0,)),
    case("smollm3", LLAMA, small("smollm3", num_hidden_layers=2, no_rope_layers=[1, 0], use_sliding_window=False,
                                 rope_theta=100.0, tie_word_embeddings=True)),
    case("seed-oss", LLAMA, small("seed_oss", head_dim=8, attention_bias=True, attention_out_bias=False, mlp_bias=False,
                                  rope_theta=100.0)),
    case("arcee", replace(LLAMA, **PLAIN), small("arcee", hidden_act="relu2", rope_theta=100.0)),
    case("helium", LLAMA, small("helium", head_dim=4, rope_theta=100.0)),
    case("ernie4-5", LLAMA, small("ernie4_5", head_dim=8, use_bias=True, rope_theta=100.0, tie_word_embeddings=True)),
    case("glm", replace(LLAMA, gate=None, gate_up="mlp.gate_up_proj"), small(
        "glm", head_dim=8, attention_bias=True, partial_rotary_factor=0.5, rope_theta=100.0)),
    case("glm4", replace(LLAMA, gate=None, gate_up="mlp.gate_up_proj", added_attention="post_self_attn_layernorm",
                         added_mlp="post_mlp_layernorm"), small(
        "glm4", head_dim=8, attention_bias=True, partial_rotary_factor=0.5, rope_theta=100.0)),
    case("exaone4", OLMO, small("exaone4", sliding_window=4, sliding_window_pattern=2, rope_theta=100.0),
         sliding_layers=(0,)),
    case("exaone4-full", OLMO, small("exaone4", sliding_window=None, rope_theta=100.0,
                                     layer_types=["full_attention", "full_attention"])),
    case("apertus", replace(LLAMA, ln1="attention_layernorm", ln2="feedforward_layernorm", **PLAIN),
         small("apertus", hidden_act="xielu", rope_theta=100.0, max_position_embeddings=256,
               rope_scaling={"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                             "original_max_position_embeddings": 32})),
    case("nemotron", replace(LLAMA, centred=True, gain_offset=1.0, **PLAIN),
         small("nemotron", hidden_act="relu2", norm_eps=EPSILON, partial_rotary_factor=0.5, rope_theta=100.0,
               head_dim=8)),
    case("cwm", LLAMA, small("cwm", bos_token_id=0, eos_token_id=63, head_dim=8, sliding_window=4, max_position_embeddings=256, rope_theta=100.0,
                             layer_types=["full_attention", "sliding_attention"],
                             rope_scaling={"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                                           "high_freq_factor": 4.0, "original_max_position_embeddings": 32}),
         sliding_layers=(1,)),
    case("hunyuan-dense", replace(LLAMA, **NO_HEADS), small(
        "hunyuan_v1_dense", head_dim=8, rope_theta=100.0,
        rope_scaling={"type": "dynamic", "alpha": 50.0, "factor": 1.0, "beta_fast": 32, "beta_slow": 1})),
    case("lfm2", LIQUID, {
        "model_type": "lfm2", "vocab_size": VOCABULARY, "hidden_size": 16, "intermediate_size": 24,
        "block_auto_adjust_ff_dim": False, "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
        "max_position_embeddings": 64, "norm_eps": EPSILON, "rope_theta": 100.0, "conv_L_cache": 3, "conv_bias": True,
        "layer_types": ["conv", "full_attention", "conv"], "bos_token_id": None, "eos_token_id": None,
        "pad_token_id": None}),
    case("lfm2-moe", LIQUID, {
        "model_type": "lfm2_moe", "vocab_size": VOCABULARY, "hidden_size": 16, "intermediate_size": 24,
        "moe_intermediate_size": 12, "num_experts": 4, "num_experts_per_tok": 2, "num_dense_layers": 1,
        "use_expert_bias": True, "norm_topk_prob": True, "routed_scaling_factor": 1.5, "num_hidden_layers": 3,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 64, "norm_eps": EPSILON,
        "rope_theta": 100.0, "conv_L_cache": 3, "conv_bias": False, "layer_types": ["conv", "full_attention", "conv"],
        "bos_token_id": None, "eos_token_id": None, "pad_token_id": None}),
    case("ministral", LLAMA, small("ministral", head_dim=8, sliding_window=4,
                                   layer_types=["sliding_attention", "full_attention"], rope_theta=100.0),
         sliding_layers=(0,)),
    # Queries grow from the eighth position on.
    case("ministral3", replace(LLAMA, **NO_HEADS), small(
        "ministral3", head_dim=8, max_position_embeddings=64,
        rope_parameters={"rope_type": "yarn", "rope_theta": 100.0, "factor": 8.0, "beta_fast": 32.0, "beta_slow": 1.0,
                         "mscale": 1.0, "mscale_all_dim": 1.0, "original_max_position_embeddings": 8,
                         "llama_4_scaling_beta": 0.3})),
    case("mixtral", MIXED, small("mixtral", num_local_experts=4, rope_theta=100.0, sliding_window=None, **EXPERTS)),
    case("qwen2-moe", SOMETIMES, small(
        "qwen2_moe", num_experts=4, moe_intermediate_size=12, shared_expert_intermediate_size=20, norm_topk_prob=False,
        decoder_sparse_step=1, mlp_only_layers=[0], use_sliding_window=False, qkv_bias=True, rope_theta=100.0,
        **EXPERTS)),
    case("qwen3-moe", SOMETIMES, small(
        "qwen3_moe", head_dim=8, num_experts=4, moe_intermediate_size=12, norm_topk_prob=True, decoder_sparse_step=2,
        mlp_only_layers=[], use_sliding_window=False, rope_theta=100.0, **EXPERTS)),
    case("olmo", replace(LLAMA, centred=True), small("olmo", clip_qkv=1.0, rope_theta=100.0)),
    case("olmoe", MIXED, small("olmoe", num_experts=4, clip_qkv=1.0, norm_topk_prob=False, rope_theta=100.0, **EXPERTS)),
    case("flex-olmo", replace(OLMO, router="mlp.gate", gate=None), small(
        "flex_olmo", num_experts=4, norm_topk_prob=False, rope_theta=100.0, **EXPERTS)),
    case("granite", LLAMA, small("granite", embedding_multiplier=3.0, attention_multiplier=0.3, residual_multiplier=0.4,
                                 logits_scaling=2.0, rope_theta=100.0), residual=0.4, embedding=3.0),
    case("granitemoe", replace(MIXED, mlp="block_sparse_moe", router="block_sparse_moe.router",
                               added_mlp="block_sparse_moe"),
         small("granitemoe", embedding_multiplier=3.0, attention_multiplier=0.3, residual_multiplier=0.4,
               logits_scaling=2.0, num_local_experts=4, rope_theta=100.0, **EXPERTS), residual=0.4, embedding=3.0),
    case("granitemoeshared", replace(MIXED, mlp="block_sparse_moe", router="block_sparse_moe.router", added_mlp=None),
         small("granitemoeshared", embedding_multiplier=3.0, attention_multiplier=0.3, residual_multiplier=0.4,
               logits_scaling=2.0, num_local_experts=4, shared_intermediate_size=20, rope_theta=100.0, **EXPERTS),
         residual=0.4, embedding=3.0),
    # Granite 4 Micro: none of the Mamba blocks, none of the experts.
    case("granitemoehybrid", replace(LLAMA, gate=None, gate_up="shared_mlp.input_linear", down="shared_mlp.output_linear",
                                     mlp="shared_mlp", added_mlp="shared_mlp"),
         small("granitemoehybrid", embedding_multiplier=3.0, attention_multiplier=0.3, residual_multiplier=0.4,
               logits_scaling=2.0, num_local_experts=0, shared_intermediate_size=20, position_embedding_type="rope",
               rope_theta=100.0, layer_types=["attention", "attention"], mamba_n_heads=4, mamba_d_head=8),
         residual=0.4, embedding=3.0),
    # Granite 4 Tiny: Mamba blocks, experts beside an MLP for all tokens, no rotation.
    case("granitemoehybrid-mamba", replace(MIXED, **MAMBA, mlp="block_sparse_moe", router="block_sparse_moe.router",
                                           added_mlp=None),
         small("granitemoehybrid", embedding_multiplier=3.0, attention_multiplier=0.3, residual_multiplier=0.4,
               logits_scaling=2.0, num_local_experts=4, shared_intermediate_size=20, position_embedding_type="nope",
               layer_types=["mamba", "attention"], **EXPERTS, **SPACE), residual=0.4, embedding=3.0),
    case("bamba", replace(LLAMA, **MAMBA, final_norm="model.final_layernorm", ln2="pre_ff_layernorm", mlp="feed_forward",
                          added_mlp="feed_forward", gate="feed_forward.gate_proj", up="feed_forward.up_proj",
                          down="feed_forward.down_proj"),
         small("bamba", num_hidden_layers=3, attn_layer_indices=[1], rope_theta=100.0,
               **SPACE)),
    case("deepseek-v2", LATENT, small(
        "deepseek_v2", q_lora_rank=10, topk_method="group_limited_greedy", n_group=4, topk_group=2,
        routed_scaling_factor=2.0, max_position_embeddings=256,
        rope_scaling={"type": "yarn", "beta_fast": 32, "beta_slow": 1, "mscale": 0.7, "mscale_all_dim": 0.7} | YARN,
        rope_theta=100.0, **DEEPSEEK)),
    case("deepseek-v2-lite", LATENT, small("deepseek_v2", q_lora_rank=None, topk_method="greedy", rope_theta=100.0,
                                           **DEEPSEEK)),
    case("deepseek-v3", LATENT, small(
        "deepseek_v3", q_lora_rank=10, n_group=4, topk_group=2, routed_scaling_factor=2.5, norm_topk_prob=True,
        rope_theta=100.0, max_position_embeddings=256, rope_interleave=True,
        rope_scaling={"type": "yarn", "beta_fast": 32, "beta_slow": 1, "mscale": 1.0, "mscale_all_dim": 1.0} | YARN,
        **DEEPSEEK)),
    case("glm4-moe", SOMETIMES, small(
        "glm4_moe", head_dim=8, partial_rotary_factor=0.5, use_qk_norm=True, attention_bias=True, n_routed_experts=4,
        n_shared_experts=1, moe_intermediate_size=12, routed_scaling_factor=1.5, n_group=1, topk_group=1,
        first_k_dense_replace=1, norm_topk_prob=True, rope_theta=100.0, **EXPERTS)),
    case("glm4-moe-lite", LATENT, small(
        "glm4_moe_lite", q_lora_rank=10, n_group=1, topk_group=1, routed_scaling_factor=1.8, rope_theta=100.0,
        mlp_layer_types=["dense", "sparse"], **{k: v for k, v in DEEPSEEK.items() if k != "first_k_dense_replace"})),
    case("dots1", SOMETIMES, small(
        "dots1", n_routed_experts=4, n_shared_experts=1, moe_intermediate_size=12, routed_scaling_factor=1.5, n_group=1,
        topk_group=1, first_k_dense_replace=1, norm_topk_prob=True, sliding_window=4, max_window_layers=1,
        layer_types=["full_attention", "sliding_attention"], rope_theta=100.0, **EXPERTS), sliding_layers=(1,)),
    case("qwen3-next", replace(NEXT, router="mlp.gate", gate=None), small(
        "qwen3_next", num_experts=4, moe_intermediate_size=12, shared_expert_intermediate_size=20, norm_topk_prob=True,
        decoder_sparse_step=1, mlp_only_layers=[], partial_rotary_factor=0.5, rope_theta=100.0, **DELTA, **EXPERTS)),
    case("qwen3-5", NEXT, small(
        "qwen3_5_text", rope_parameters={"rope_type": "default", "rope_theta": 100.0, "partial_rotary_factor": 0.5,
                                         "mrope_section": [1, 1, 0], "mrope_interleaved": True}, **DELTA)),
    case("qwen3-5-moe", replace(NEXT, router="mlp.gate", gate=None), small(
        "qwen3_5_moe_text", num_experts=4, moe_intermediate_size=12, shared_expert_intermediate_size=20,
        rope_parameters={"rope_type": "default", "rope_theta": 100.0, "partial_rotary_factor": 0.5,
                         "mrope_section": [1, 1, 0], "mrope_interleaved": True}, **DELTA, **EXPERTS)),
    case("phi", replace(LLAMA, final_norm="model.final_layernorm", output="self_attn.dense", up="mlp.fc1", down="mlp.fc2",
                        heads_seen=False, **PLAIN, **BESIDE),
         small("phi", num_key_value_heads=4, hidden_act="gelu_new", layer_norm_eps=EPSILON, partial_rotary_factor=0.5,
               qk_layernorm=True, rope_theta=100.0), parallel=True),
    case("stablelm", replace(LLAMA, centred=True, heads_seen=False), small(
        "stablelm", layer_norm_eps=EPSILON, partial_rotary_factor=0.5, use_qkv_bias=True, use_parallel_residual=False,
        rope_theta=100.0)),
    case("stablelm-parallel", replace(LLAMA, heads_seen=False, **BESIDE), small(
        "stablelm", layer_norm_eps=EPSILON, partial_rotary_factor=0.5, use_qkv_bias=False, use_parallel_residual=True,
        rope_theta=100.0), parallel=True),
    case("starcoder2", replace(LLAMA, centred=True, up="mlp.c_fc", down="mlp.c_proj", **PLAIN), small(
        "starcoder2", hidden_act="gelu_pytorch_tanh", norm_epsilon=EPSILON, use_bias=True, sliding_window=4,
        rope_theta=100.0, tie_word_embeddings=True), sliding_layers=(0, 1)),
    case("persimmon", replace(LLAMA, final_norm="model.final_layernorm", query=None, key=None, output="self_attn.dense",
                              up="mlp.dense_h_to_4h", down="mlp.dense_4h_to_h", centred=True, heads_seen=False, **PLAIN),
         small("persimmon", hidden_act="relu2", layer_norm_eps=EPSILON, qk_layernorm=True, partial_rotary_factor=0.5,
               rope_theta=100.0)),
    case("gpt-bigcode", replace(GPT2, centred=True), {
        "model_type": "gpt_bigcode", "vocab_size": VOCABULARY, "n_embd": 16, "n_layer": 2, "n_head": 4,
        "n_positions": 32, "activation_function": "gelu_pytorch_tanh", "layer_norm_epsilon": EPSILON,
        "multi_query": True, "bos_token_id": None, "eos_token_id": None}),
    case("gpt-neo", replace(GPT2, attention="attn", query="attn.attention.q_proj", key="attn.attention.k_proj",
                            output="attn.attention.out_proj", added_attention="attn", attention_seen=False), {
        "model_type": "gpt_neo", "vocab_size": VOCABULARY, "hidden_size": 16, "num_layers": 2, "num_heads": 4,
        "max_position_embeddings": 32, "window_size": 4, "attention_types": [[["global", "local"], 1]],
        "activation_function": "gelu_new", "layer_norm_epsilon": EPSILON, "bos_token_id": None, "eos_token_id": None}),
    case("gptj", replace(GPT, query="attn.q_proj", key="attn.k_proj", output="attn.out_proj", up="mlp.fc_in",
                         down="mlp.fc_out", ln2=None, attention_seen=False), {
        "model_type": "gptj", "vocab_size": VOCABULARY, "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 64,
        "rotary_dim": 4, "activation_function": "gelu_new", "layer_norm_epsilon": EPSILON, "tie_word_embeddings": False,
        "bos_token_id": None, "eos_token_id": None}, parallel=True),
    case("opt", replace(LLAMA, embed="model.decoder.embed_tokens", positions="model.decoder.embed_positions",
                        blocks="model.decoder.layers", final_norm="model.decoder.final_layer_norm", centred=True,
                        ln1="self_attn_layer_norm", ln2="final_layer_norm", output="self_attn.out_proj", mlp="fc1",
                        up="fc1", down="fc2", added_mlp="fc2", heads_seen=False, **PLAIN), {
        "model_type": "opt", "vocab_size": VOCABULARY, "hidden_size": 16, "num_hidden_layers": 2, "ffn_dim": 24,
        "num_attention_heads": 4, "max_position_embeddings": 32, "word_embed_proj_dim": 16, "do_layer_norm_before": True,
        "activation_function": "relu", "bos_token_id": None, "eos_token_id": None, "pad_token_id": None}),
    case("bloom", replace(FALCON, embed="transformer.word_embeddings_layernorm", added_attention="self_attention.dense",
                          added_mlp="mlp.dense_4h_to_h"), {
        "model_type": "bloom", "vocab_size": VOCABULARY, "hidden_size": 24, "n_layer": 2, "n_head": 6,
        "layer_norm_epsilon": EPSILON, "bos_token_id": None, "eos_token_id": None, "pad_token_id": None}),
    case("falcon-7b", replace(FALCON, ln2=None), {
        "model_type": "falcon", "vocab_size": VOCABULARY, "hidden_size": 16, "num_hidden_layers": 2,
        "num_attention_heads": 4, "layer_norm_epsilon": EPSILON, "alibi": False, "new_decoder_architecture": False,
        "multi_query": True, "parallel_attn": True, "bias": False, "bos_token_id": None, "eos_token_id": None},
        parallel=True),
    case("falcon-40b", replace(FALCON, ln1="ln_attn", ln2="ln_mlp"), {
        "model_type": "falcon", "vocab_size": VOCABULARY, "hidden_size": 16, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_kv_heads": 2, "layer_norm_epsilon": EPSILON, "alibi": False,
        "new_decoder_architecture": True, "multi_query": True, "parallel_attn": True, "bias": False,
        "bos_token_id": None, "eos_token_id": None}, parallel=True),
    case("falcon-rw", FALCON, {
        "model_type": "falcon", "vocab_size": VOCABULARY, "hidden_size": 16, "num_hidden_layers": 2,
        "num_attention_heads": 4, "layer_norm_epsilon": EPSILON, "alibi": True, "new_decoder_architecture": False,
        "multi_query": False, "parallel_attn": False, "bias": True, "bos_token_id": None, "eos_token_id": None},
        # Eager attention of transformers 5.23 adds ALiBi twice.
        attention="sdpa"),
    case("mpt", replace(GPT, blocks="transformer.blocks", final_norm="transformer.norm_f", ln1="norm_1", ln2="norm_2",
                        attention="attn", output="attn.out_proj", added_attention="attn", mlp="ffn", up="ffn.up_proj",
                        down="ffn.down_proj", added_mlp="ffn.down_proj", attention_seen=False), {
        "model_type": "mpt", "vocab_size": VOCABULARY, "d_model": 24, "n_heads": 3, "n_layers": 2, "max_seq_len": 64,
        "expansion_ratio": 4, "attn_config": {"alibi": True, "attn_impl": "torch", "clip_qkv": 0.5},
        "layer_norm_epsilon": EPSILON, "no_bias": True, "bos_token_id": None, "eos_token_id": None}),
    case("llama4", replace(LLAMA, query=None, key=None, **NO_HEADS, mlp="feed_forward", added_mlp=None,
                           router="feed_forward.router|-", router_seen=False, gate="feed_forward.gate_proj|-",
                           up="feed_forward.up_proj|-", down="feed_forward.down_proj|-"), small(
        "llama4_text", head_dim=8, intermediate_size=12, intermediate_size_mlp=24, num_local_experts=3,
        num_experts_per_tok=1, interleave_moe_layer_step=2, no_rope_layers=[1, 0], attention_chunk_size=4,
        floor_scale=4, attn_scale=0.3, attn_temperature_tuning=True, use_qk_norm=True, rope_theta=100.0,
        layer_types=["chunked_attention", "full_attention"]), chunked_layers=(0,)),
    # The text parts of models of texts and images.
    case("gemma3-wrapped", replace(GEMMA, embed=WRAPPED.embed, blocks=WRAPPED.blocks, final_norm=WRAPPED.final_norm), {
        "model_type": "gemma3", "text_config": small(
            "gemma3_text", head_dim=8, query_pre_attn_scalar=8, sliding_window=4, sliding_window_pattern=2,
            hidden_activation="gelu_pytorch_tanh", tie_word_embeddings=True),
        "vision_config": VISION | {"model_type": "siglip_vision_model"}, "mm_tokens_per_image": 4,
        "image_token_index": 5, "boi_token_index": 6, "eoi_token_index": 7, "tie_word_embeddings": True},
        sliding_layers=(0,)),
    case("mistral3", WRAPPED, {
        "model_type": "mistral3", "text_config": small("mistral", head_dim=8, sliding_window=None, rope_theta=100.0),
        "vision_config": VISION | {"model_type": "pixtral", "head_dim": 8}, "image_token_index": 5,
        "spatial_merge_size": 1, "tie_word_embeddings": False}),
    case("qwen2-5-vl", WRAPPED, {
        "model_type": "qwen2_5_vl", "text_config": small(
            "qwen2_5_vl_text", rope_theta=100.0, rope_scaling={"type": "mrope", "mrope_section": [1, 1, 0]}),
        "vision_config": {"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16,
                          "fullatt_block_indexes": [0]}, "image_token_id": 5, "video_token_id": 4,
        "vision_start_token_id": 7, "vision_end_token_id": 8, "tie_word_embeddings": False}),
    case("qwen3-vl", WRAPPED, {
        "model_type": "qwen3_vl", "text_config": small(
            "qwen3_vl_text", head_dim=8, rope_theta=100.0,
            rope_scaling={"rope_type": "default", "mrope_section": [2, 1, 1], "mrope_interleaved": True}),
        "vision_config": {"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16,
                          "deepstack_visual_indexes": [0], "num_position_embeddings": 4}, "image_token_id": 5,
        "video_token_id": 4, "vision_start_token_id": 7, "vision_end_token_id": 8, "tie_word_embeddings": False},
        ),
    # The other wrappers, each around one block of its text part or as few as it can have.
    case("llava", WRAPPED, wrapper(
        "llava", small("llama", num_hidden_layers=1, rope_theta=100.0), CLIP, image_token_index=5)),
    case("llava-next", WRAPPED, wrapper(
        "llava_next", small("mistral", num_hidden_layers=1, sliding_window=None, rope_theta=100.0), CLIP,
        image_token_index=5, image_grid_pinpoints=[[28, 28]])),
    case("llava-onevision", WRAPPED, wrapper(
        "llava_onevision", small("qwen2", num_hidden_layers=1, rope_theta=100.0, tie_word_embeddings=True), SIGLIP,
        image_token_index=5, video_token_index=4, image_grid_pinpoints=[[28, 28]], tie_word_embeddings=True)),
    case("internvl", WRAPPED, wrapper(
        "internvl", small("qwen3", num_hidden_layers=1, head_dim=8, rope_theta=100.0), {
            "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
            "image_size": [28, 28], "patch_size": [14, 14]}, image_token_id=5, image_seq_length=4)),
    case("aya-vision", replace(WRAPPED, ln2=None, centred=True), wrapper(
        "aya_vision", small("cohere2", num_hidden_layers=1, layer_norm_eps=EPSILON, logit_scale=0.5, sliding_window=4,
                            layer_types=["sliding_attention"], tie_word_embeddings=True, rope_theta=100.0), SIGLIP,
        image_token_index=5, tie_word_embeddings=True), parallel=True, sliding_layers=(0,)),
    case("lfm2-vl", replace(LIQUID, embed=WRAPPED.embed, blocks=WRAPPED.blocks,
                            final_norm="model.language_model.embedding_norm"), wrapper(
        "lfm2_vl", {
            "model_type": "lfm2", "vocab_size": VOCABULARY, "hidden_size": 16, "intermediate_size": 24,
            "block_auto_adjust_ff_dim": False, "num_hidden_layers": 2, "num_attention_heads": 4,
            "num_key_value_heads": 2, "max_position_embeddings": 64, "norm_eps": EPSILON, "rope_theta": 100.0,
            "conv_L_cache": 3, "conv_bias": False, "layer_types": ["conv", "full_attention"], "bos_token_id": None,
            "eos_token_id": None, "pad_token_id": None, "tie_word_embeddings": True},
        {"model_type": "siglip2_vision_model", "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
         "num_attention_heads": 2, "num_patches": 4, "patch_size": 14}, image_token_id=5, projector_hidden_size=16,
        tie_word_embeddings=True)),
    case("idefics3", replace(WRAPPED, **TEXT_MODEL), wrapper(
        "idefics3", small("llama", num_hidden_layers=1, rope_theta=100.0), VISION, image_token_id=5, scale_factor=2)),
    case("smolvlm", replace(WRAPPED, **TEXT_MODEL), wrapper(
        "smolvlm", small("llama", num_hidden_layers=1, rope_theta=100.0), VISION, image_token_id=5, scale_factor=2)),
    case("gemma4-wrapped", replace(GEMMA, gain_offset=0.0, embed=WRAPPED.embed, blocks=WRAPPED.blocks,
                                   final_norm=WRAPPED.final_norm), wrapper(
        "gemma4", small(
            "gemma4_text", head_dim=8, global_head_dim=12, sliding_window=4, vocab_size_per_layer_input=VOCABULARY,
            pad_token_id=0, final_logit_softcapping=4.0, layer_types=["sliding_attention", "full_attention"], hidden_size_per_layer_input=6,
            hidden_activation="gelu_pytorch_tanh", tie_word_embeddings=True),
        {"model_type": "gemma4_vision", "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
         "num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 8, "patch_size": 14,
         "position_embedding_size": 4}, audio_config=None, image_token_id=5, boi_token_id=5, eoi_token_id=5,
        video_token_id=4, audio_token_id=4, boa_token_id=4, tie_word_embeddings=True), sliding_layers=(0,), sums=False),
    case("qwen2-vl", WRAPPED, wrapper(
        "qwen2_vl", small("qwen2_vl_text", num_hidden_layers=1, rope_theta=100.0,
                          rope_scaling={"type": "mrope", "mrope_section": [1, 1, 0]}),
        {"depth": 1, "embed_dim": 16, "hidden_size": 16, "num_heads": 2, "mlp_ratio": 1}, **QWEN_TOKENS)),
    case("qwen3-vl-moe", replace(WRAPPED, router="mlp.gate", gate=None), wrapper(
        "qwen3_vl_moe", small(
            "qwen3_vl_moe_text", num_hidden_layers=1, head_dim=8, rope_theta=100.0, num_experts=4, moe_intermediate_size=12,
            norm_topk_prob=True, decoder_sparse_step=1, mlp_only_layers=[],
            rope_scaling={"rope_type": "default", "mrope_section": [2, 1, 1], "mrope_interleaved": True}, **EXPERTS),
        QWEN_VISION | {"deepstack_visual_indexes": [0]}, **QWEN_TOKENS)),
    case("qwen3-5-wrapped", replace(NEXT, embed=WRAPPED.embed, blocks=WRAPPED.blocks, final_norm=WRAPPED.final_norm),
         wrapper("qwen3_5", small("qwen3_5_text", rope_parameters=MROPE, **DELTA), QWEN_VISION, **QWEN_TOKENS)),
    case("qwen3-5-moe-wrapped", replace(NEXT, embed=WRAPPED.embed, blocks=WRAPPED.blocks, final_norm=WRAPPED.final_norm,
                                        router="mlp.gate", gate=None),
         wrapper("qwen3_5_moe", small(
             "qwen3_5_moe_text", num_experts=4, moe_intermediate_size=12, shared_expert_intermediate_size=20,
             rope_parameters=MROPE, **DELTA, **EXPERTS), QWEN_VISION, **QWEN_TOKENS)),
]
