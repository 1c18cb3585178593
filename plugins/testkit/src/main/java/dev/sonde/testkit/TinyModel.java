package dev.sonde.testkit;

import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Writes a small random model of the Llama family as a Hugging Face folder. */
public final class TinyModel {
  /** Number of blocks. */
  public static final int LAYERS = 3;

  /** Width of the residual stream. */
  public static final int WIDTH = 24;

  /** Number of token ids. */
  public static final int VOCABULARY = 40;

  /** Longest sequence. */
  public static final int CONTEXT = 64;

  static final int HEADS = 6;
  private static final int KEY_VALUE_HEADS = 2;
  private static final int HEAD_WIDTH = 4;
  static final int MLP_WIDTH = 40;

  private final RandomGenerator random;
  private final List<Tensor> tensors = new ArrayList<>();

  private TinyModel(long seed) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** Writes the model into a folder. */
  public static Path write(Path folder, long seed) {
    TinyModel model = new TinyModel(seed);
    model.addWeights();
    try {
      Files.createDirectories(folder);
      SafetensorsWriter.write(folder.resolve("model.safetensors"), model.tensors, Map.of());
      Files.writeString(
          folder.resolve("config.json"),
          """
          {"model_type": "llama", "hidden_size": %d, "intermediate_size": %d,
           "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d,
           "head_dim": %d, "vocab_size": %d, "max_position_embeddings": %d,
           "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "eos_token_id": 2}
          """
              .formatted(
                  WIDTH,
                  MLP_WIDTH,
                  LAYERS,
                  HEADS,
                  KEY_VALUE_HEADS,
                  HEAD_WIDTH,
                  VOCABULARY,
                  CONTEXT));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addWeights() {
    int queries = HEADS * HEAD_WIDTH;
    int keys = KEY_VALUE_HEADS * HEAD_WIDTH;
    add("model.embed_tokens.weight", 1, VOCABULARY, WIDTH);
    add("lm_head.weight", 0.5, VOCABULARY, WIDTH);
    add("model.norm.weight", 1, WIDTH);
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "model.layers." + layer + ".";
      add(prefix + "input_layernorm.weight", 1, WIDTH);
      add(prefix + "self_attn.q_proj.weight", 0.4, queries, WIDTH);
      add(prefix + "self_attn.k_proj.weight", 0.4, keys, WIDTH);
      add(prefix + "self_attn.v_proj.weight", 0.4, keys, WIDTH);
      add(prefix + "self_attn.o_proj.weight", 0.4, WIDTH, queries);
      add(prefix + "post_attention_layernorm.weight", 1, WIDTH);
      add(prefix + "mlp.gate_proj.weight", 0.3, MLP_WIDTH, WIDTH);
      add(prefix + "mlp.up_proj.weight", 0.3, MLP_WIDTH, WIDTH);
      add(prefix + "mlp.down_proj.weight", 0.3, WIDTH, MLP_WIDTH);
    }
  }

  private void add(String name, double scale, long... shape) {
    int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    MemorySegment data = Arena.ofAuto().allocate(4L * count, 4);
    for (int i = 0; i < count; i++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (scale * random.nextGaussian()));
    }
    tensors.add(Tensor.float32(name, data, shape));
  }
}
