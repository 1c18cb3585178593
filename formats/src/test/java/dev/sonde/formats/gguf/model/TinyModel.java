package dev.sonde.formats.gguf.model;

import dev.sonde.formats.gguf.GgufBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A GGUF file of a Llama with one block, one head of width 2 and three tokens, whose pairs and
 * tensors a test changes before it is written. All tensors are zeros in F32.
 */
final class TinyModel {
  private final Map<String, UnaryOperator<GgufBytes>> pairs = new LinkedHashMap<>();
  private final Map<String, long[]> tensors = new LinkedHashMap<>();
  private final Set<String> integers = new HashSet<>();

  TinyModel() {
    with("general.architecture", "llama")
        .with("llama.block_count", 1)
        .with("llama.context_length", 8)
        .with("llama.embedding_length", 2)
        .with("llama.feed_forward_length", 1)
        .with("llama.attention.head_count", 1)
        .with("tokenizer.ggml.model", "gpt2")
        .with("tokenizer.ggml.pre", "gpt-2")
        .with("tokenizer.ggml.tokens", List.of("a", "b", "ab"))
        .with("tokenizer.ggml.merges", List.of("a b"));
    pairs.put(
        "llama.attention.layer_norm_rms_epsilon",
        bytes -> bytes.text("llama.attention.layer_norm_rms_epsilon").u32(6).f32(1e-6f));
    tensor("token_embd.weight", 2, 3).tensor("output_norm.weight", 2);
    for (String norm : List.of("attn_norm", "ffn_norm")) {
      tensor("blk.0." + norm + ".weight", 2);
    }
    for (String matrix : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
      tensor("blk.0." + matrix + ".weight", 2, 2);
    }
    tensor("blk.0.ffn_gate.weight", 2, 1);
    tensor("blk.0.ffn_up.weight", 2, 1);
    tensor("blk.0.ffn_down.weight", 1, 2);
  }

  TinyModel with(String key, String value) {
    pairs.put(key, bytes -> bytes.pair(key, value));
    return this;
  }

  TinyModel with(String key, long value) {
    pairs.put(key, bytes -> bytes.pair(key, value));
    return this;
  }

  /** A FLOAT32. */
  TinyModel with(String key, float value) {
    pairs.put(key, bytes -> bytes.text(key).u32(6).f32(value));
    return this;
  }

  TinyModel with(String key, boolean value) {
    pairs.put(key, bytes -> bytes.text(key).u32(7).u8(value ? 1 : 0));
    return this;
  }

  TinyModel with(String key, List<String> texts) {
    pairs.put(
        key,
        bytes -> {
          bytes.text(key).u32(9).u32(8).u64(texts.size());
          texts.forEach(bytes::text);
          return bytes;
        });
    return this;
  }

  /** An array of INT32. */
  TinyModel withNumbers(String key, int... numbers) {
    pairs.put(
        key,
        bytes -> {
          bytes.text(key).u32(9).u32(5).u64(numbers.length);
          for (int number : numbers) {
            bytes.u32(number);
          }
          return bytes;
        });
    return this;
  }

  TinyModel withReals(String key, float... numbers) {
    pairs.put(
        key,
        bytes -> {
          bytes.text(key).u32(9).u32(6).u64(numbers.length);
          for (float number : numbers) {
            bytes.f32(number);
          }
          return bytes;
        });
    return this;
  }

  TinyModel without(String key) {
    pairs.remove(key);
    tensors.remove(key);
    return this;
  }

  /** A tensor of zeros, its sizes innermost first. */
  TinyModel tensor(String name, long... sizes) {
    tensors.put(name, sizes);
    return this;
  }

  /** Makes a tensor one of integers (I32). */
  TinyModel integer(String name) {
    integers.add(name);
    return this;
  }

  Path write(Path file) {
    GgufBytes bytes = GgufBytes.header(tensors.size(), pairs.size());
    pairs.values().forEach(pair -> pair.apply(bytes));
    List<Long> ends = new ArrayList<>(List.of(0L));
    tensors.forEach(
        (name, sizes) -> {
          long count = 1;
          bytes.text(name).u32(sizes.length);
          for (long size : sizes) {
            bytes.u64(size);
            count *= size;
          }
          bytes.u32(integers.contains(name) ? 26 : 0).u64(ends.getLast());
          ends.add(Math.ceilDiv(ends.getLast() + count * Float.BYTES, 32) * 32);
        });
    bytes.padTo(32);
    for (long i = 0; i < ends.getLast() / Float.BYTES; i++) {
      bytes.f32(0);
    }
    try {
      return Files.write(file, bytes.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
