package dev.sonde.formats.huggingface;

/**
 * A decoder-only transformer as data: what both backends need to know to run it.
 *
 * @param architecture the family as config.json names it ({@code model_type})
 * @param layers number of blocks
 * @param width width of the residual stream
 * @param heads query heads
 * @param keyValueHeads key and value heads; each serves {@code heads / keyValueHeads} query heads
 * @param headWidth width of one head
 * @param mlpWidth width of the gated MLP
 * @param vocabulary number of token ids
 * @param longestContext most positions it was made for
 * @param normEpsilon added to the mean square in RMSNorm
 * @param rotaryBase base of the rotary frequencies: plane m turns by {@code base^(-2m/headWidth)} a
 *     position
 * @param tiedHead whether the unembedding is the embedding
 */
public record DecoderSpec(
    String architecture,
    int layers,
    int width,
    int heads,
    int keyValueHeads,
    int headWidth,
    int mlpWidth,
    int vocabulary,
    int longestContext,
    double normEpsilon,
    double rotaryBase,
    boolean tiedHead) {

  private static final String DEFAULT_ROPE = "default";

  /** Reads the fields of config.json; anything that would change the numbers is refused by name. */
  static DecoderSpec read(Fields config) {
    String architecture = config.text("model_type", "");
    if (!architecture.equals("llama")) {
      throw config.problem("model_type", "is not supported; supported: llama");
    }
    if (!config.text("hidden_act", "silu").equals("silu")) {
      throw config.problem("hidden_act", "is not supported; supported: silu");
    }
    for (String bias : new String[] {"attention_bias", "mlp_bias"}) {
      if (config.flag(bias, false)) {
        throw config.problem(bias, "is not supported; biases must be off");
      }
    }
    int heads = config.integer("num_attention_heads");
    int width = config.integer("hidden_size");
    int keyValueHeads = config.integer("num_key_value_heads", heads);
    if (heads == 0 || keyValueHeads == 0 || heads % keyValueHeads != 0) {
      throw config.problem("num_key_value_heads", "does not divide num_attention_heads");
    }
    return new DecoderSpec(
        architecture,
        config.integer("num_hidden_layers"),
        width,
        heads,
        keyValueHeads,
        config.integer("head_dim", width / heads),
        config.integer("intermediate_size"),
        config.integer("vocab_size"),
        config.integer("max_position_embeddings", 2048),
        config.real("rms_norm_eps", 1e-6),
        rotaryBase(config),
        config.flag("tie_word_embeddings", false));
  }

  /**
   * By how many radians each rotary plane turns a position, rounded to float32 as Hugging Face
   * computes it.
   */
  public float[] rotaryFrequencies() {
    float[] frequencies = new float[headWidth / 2];
    for (int plane = 0; plane < frequencies.length; plane++) {
      frequencies[plane] = 1f / (float) Math.pow((float) rotaryBase, 2f * plane / headWidth);
    }
    return frequencies;
  }

  /** {@code rope_theta}, at the top (transformers 4) or under {@code rope_parameters} (5). */
  private static double rotaryBase(Fields config) {
    double base = config.real("rope_theta", 10_000);
    for (String field : new String[] {"rope_scaling", "rope_parameters"}) {
      if (config.object(field).isPresent()) {
        Fields rope = config.object(field).get();
        String type = rope.text("rope_type", rope.text("type", DEFAULT_ROPE));
        if (!type.equals(DEFAULT_ROPE)) {
          throw config.problem(field, "is not supported; supported: " + DEFAULT_ROPE);
        }
        base = rope.real("rope_theta", base);
      }
    }
    return base;
  }
}
