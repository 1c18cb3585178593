"""Writes a GGUF of random weights, quantised to Q4_0, in Llama's shape: python random_gguf.py OUT.gguf LAYERS WIDTH MLP HEADS KV_HEADS VOCABULARY

A file that is as large as a published model and computes as much, without a download.
"""

import sys

import gguf
import numpy as np

target = sys.argv[1]
layers, width, mlp, heads, kv_heads, vocabulary = map(int, sys.argv[2:])
head = width // heads
random = np.random.default_rng(1)
writer = gguf.GGUFWriter(target, "llama")
writer.add_context_length(8192)
writer.add_embedding_length(width)
writer.add_block_count(layers)
writer.add_feed_forward_length(mlp)
writer.add_head_count(heads)
writer.add_head_count_kv(kv_heads)
writer.add_key_length(head)
writer.add_value_length(head)
writer.add_rope_dimension_count(head)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_rope_freq_base(10000.0)
writer.add_tokenizer_model("none")
writer.add_token_list([f"<{i}>" for i in range(vocabulary)])
writer.add_vocab_size(vocabulary)
writer.add_eos_token_id(2)

SOME = 1 << 16  # blocks drawn; they repeat


def matrix(name, rows, columns):
    count = rows * columns // 32
    drawn = random.integers(0, 256, (SOME, 18), dtype=np.uint8)
    scales = (random.random(SOME) * 0.01 / np.sqrt(columns / 1024)).astype(np.float16)
    drawn[:, :2] = scales.view(np.uint8).reshape(-1, 2)
    blocks = np.tile(drawn, (count // SOME + 1, 1))[:count]
    writer.add_tensor(name, blocks.reshape(rows, columns // 32 * 18), raw_dtype=gguf.GGMLQuantizationType.Q4_0)


def gain(name):
    writer.add_tensor(name, np.ones(width, dtype=np.float32))


matrix("token_embd.weight", vocabulary, width)
for layer in range(layers):
    prefix = f"blk.{layer}."
    gain(prefix + "attn_norm.weight")
    matrix(prefix + "attn_q.weight", heads * head, width)
    matrix(prefix + "attn_k.weight", kv_heads * head, width)
    matrix(prefix + "attn_v.weight", kv_heads * head, width)
    matrix(prefix + "attn_output.weight", width, heads * head)
    gain(prefix + "ffn_norm.weight")
    matrix(prefix + "ffn_gate.weight", mlp, width)
    matrix(prefix + "ffn_up.weight", mlp, width)
    matrix(prefix + "ffn_down.weight", width, mlp)
gain("output_norm.weight")
matrix("output.weight", vocabulary, width)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
