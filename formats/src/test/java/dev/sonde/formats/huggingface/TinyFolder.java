package dev.sonde.formats.huggingface;

import dev.sonde.formats.safetensors.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A Llama of one block, width 2 and three tokens as a folder, whose files a test changes. */
final class TinyFolder {
  static final String CONFIG =
      """
      {"model_type": "llama", "hidden_size": 2, "intermediate_size": 2, "num_hidden_layers": 1,
       "num_attention_heads": 1, "vocab_size": 3}
      """;

  private final Map<String, Stored> tensors = new LinkedHashMap<>();
  private String config = CONFIG;

  private record Stored(DType dtype, long[] shape, byte[] bytes) {}

  TinyFolder() {
    floats("model.embed_tokens.weight", new long[] {3, 2}, 1, 2, 3, 4, 5, 6);
    floats("model.norm.weight", new long[] {2}, 1, 1);
    floats("lm_head.weight", new long[] {3, 2}, 6, 5, 4, 3, 2, 1);
    for (String norm : new String[] {"input_layernorm", "post_attention_layernorm"}) {
      floats("model.layers.0." + norm + ".weight", new long[] {2}, 1, 1);
    }
    for (String linear : new String[] {"q_proj", "k_proj", "v_proj", "o_proj"}) {
      floats("model.layers.0.self_attn." + linear + ".weight", new long[] {2, 2}, 1, 2, 3, 4);
    }
    for (String linear : new String[] {"gate_proj", "up_proj", "down_proj"}) {
      floats("model.layers.0.mlp." + linear + ".weight", new long[] {2, 2}, 4, 3, 2, 1);
    }
  }

  /** Puts fields before those that are there. */
  TinyFolder config(String fields) {
    config = config.replaceFirst("\\{", "{" + fields + ", ");
    return this;
  }

  TinyFolder floats(String name, long[] shape, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes(name, DType.F32, shape, bytes.array());
  }

  TinyFolder bytes(String name, DType dtype, long[] shape, byte... bytes) {
    tensors.put(name, new Stored(dtype, shape, bytes));
    return this;
  }

  TinyFolder without(String name) {
    tensors.remove(name);
    return this;
  }

  TinyFolder empty() {
    tensors.clear();
    return this;
  }

  ModelFolder open(Path folder) {
    write(folder);
    return ModelFolder.open(folder);
  }

  TinyFolder write(Path folder) {
    weights(folder.resolve("model.safetensors"));
    return text(folder, "config.json", config);
  }

  /** Writes a file of the folder. */
  TinyFolder text(Path folder, String name, String content) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Writes the tensors alone. */
  void weights(Path file) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    String header =
        tensors.entrySet().stream()
            .map(
                entry -> {
                  Stored stored = entry.getValue();
                  int from = data.size();
                  data.writeBytes(stored.bytes());
                  String shape =
                      java.util.Arrays.stream(stored.shape())
                          .mapToObj(Long::toString)
                          .collect(Collectors.joining(","));
                  return "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                      .formatted(entry.getKey(), stored.dtype(), shape, from, data.size());
                })
            .collect(Collectors.joining(",", "{", "}"));
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(Long.BYTES + text.length + data.size())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .put(data.toByteArray());
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.write(file, all.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
