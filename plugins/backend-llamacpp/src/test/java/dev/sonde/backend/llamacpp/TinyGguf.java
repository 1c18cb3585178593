package dev.sonde.backend.llamacpp;

import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.ModelFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the contracts' tiny Llama as a GGUF file in float32, as llama.cpp's converter would. */
final class TinyGguf {
  private static final int ALIGNMENT = 32;
  private static final int UINT32 = 4;
  private static final int FLOAT32 = 6;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Map<String, Weight> tensors = new LinkedHashMap<>();
  private final DecoderSpec spec;
  private final AttentionSpec attention;

  private TinyGguf(ModelFolder folder) {
    this.spec = folder.spec();
    this.attention = spec.anyAttention().orElseThrow();
    tensors.put("token_embd.weight", folder.stored("model.embed_tokens.weight"));
    tensors.put("output.weight", folder.stored("lm_head.weight"));
    tensors.put("output_norm.weight", folder.stored("model.norm.weight"));
    for (int layer = 0; layer < spec.layers(); layer++) {
      String from = "model.layers." + layer + ".";
      String to = "blk." + layer + ".";
      tensors.put(to + "attn_norm.weight", folder.stored(from + "input_layernorm.weight"));
      tensors.put(to + "ffn_norm.weight", folder.stored(from + "post_attention_layernorm.weight"));
      GgufModelFile.LINEARS.forEach(
          (weight, module) ->
              tensors.put(to + weight + ".weight", folder.stored(from + module + ".weight")));
    }
  }

  /** Writes a folder's model into it, unless it is there. */
  static Path of(Path folder) {
    Path file = folder.resolve("model.gguf");
    try {
      if (!Files.exists(file)) {
        Files.write(file, new TinyGguf(ModelFolder.open(folder)).write());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private byte[] write() {
    bytes.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    i32(3);
    i64(tensors.size());
    i64(14);
    text("general.architecture", "llama");
    number("general.alignment", ALIGNMENT);
    number("llama.block_count", spec.layers());
    number("llama.context_length", spec.longestContext());
    number("llama.embedding_length", spec.width());
    number("llama.feed_forward_length", spec.block(0).mlp().width());
    number("llama.attention.head_count", attention.heads());
    number("llama.attention.head_count_kv", attention.keyValueHeads());
    number("llama.attention.key_length", attention.headWidth());
    number("llama.attention.value_length", attention.headWidth());
    real("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    real("llama.rope.freq_base", 10_000);
    number("tokenizer.ggml.eos_token_id", 2);
    key("tokenizer.ggml.tokens", ARRAY);
    i32(STRING);
    i64(spec.vocabulary());
    for (int id = 0; id < spec.vocabulary(); id++) {
      text("<" + id + ">");
    }
    long offset = 0;
    for (Map.Entry<String, Weight> tensor : tensors.entrySet()) {
      text(tensor.getKey());
      var shape = tensor.getValue().shape();
      i32(shape.size());
      shape.reversed().forEach(this::i64);
      i32(0);
      i64(offset);
      offset += padded(tensor.getValue().count() * Float.BYTES);
    }
    pad();
    tensors.forEach(this::numbers);
    return bytes.toByteArray();
  }

  private void numbers(String name, Weight weight) {
    float[] values = new float[(int) weight.count()];
    weight.copyFloats(0, MemorySegment.ofArray(values), values.length);
    boolean turned = name.contains("attn_q.") || name.contains("attn_k.");
    int width = spec.width();
    int half = attention.headWidth() / 2;
    for (int i = 0; i < values.length; i++) {
      int row = i / width;
      int within = row % attention.headWidth();
      // Row (head, plane, half) of the file is row (head, half, plane) of the folder.
      int source = turned ? row - within + within % 2 * half + within / 2 : row;
      i32(Float.floatToRawIntBits(values[source * width + i % width]));
    }
    pad();
  }

  private static long padded(long size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private void pad() {
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(0);
    }
  }

  private void key(String name, int type) {
    text(name);
    i32(type);
  }

  private void text(String name, String value) {
    key(name, STRING);
    text(value);
  }

  private void number(String name, int value) {
    key(name, UINT32);
    i32(value);
  }

  private void real(String name, float value) {
    key(name, FLOAT32);
    i32(Float.floatToRawIntBits(value));
  }

  private void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    i64(utf8.length);
    bytes.writeBytes(utf8);
  }

  private void i32(int value) {
    bytes.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void i64(long value) {
    bytes.writeBytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}
