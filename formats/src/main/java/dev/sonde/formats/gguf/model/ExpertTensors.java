package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What mixtures of experts share: three tensors of every block hold a linear of all experts. */
final class ExpertTensors {
  private static final String GATE = "blk.*.ffn_gate_exps.weight";
  private static final String UP = "blk.*.ffn_up_exps.weight";
  private static final String DOWN = "blk.*.ffn_down_exps.weight";

  private ExpertTensors() {}

  /**
   * How many experts there are, in any block.
   *
   * @throws dev.sonde.formats.FormatException if the file does not say, or has a tensor for each,
   *     as converters wrote them until April 2024
   */
  static long count(Hyperparameters given) {
    long count = given.whole("expert_count");
    String inLast = GATE.replace("*", Long.toString(given.blocks() - 1));
    if (!given.has(inLast)) {
      throw given.problem(
          "expert_count",
          "is %d, and there is no tensor '%s', which newer converters write"
              .formatted(count, GATE.replace("*", "0")));
    }
    return count;
  }

  /** Adds how many there are and how many a token is sent to. */
  static void put(Hyperparameters given, Map<String, Object> config, String countField) {
    config.put(countField, count(given));
    config.put("num_experts_per_tok", given.whole("expert_used_count"));
  }

  /**
   * The experts as modules of their own.
   *
   * @param module where they stand in a block
   * @param linears what an expert's gate, up and down are called
   */
  static Stream<Rule> apart(Hyperparameters given, String module, List<String> linears) {
    List<String> sources = List.of(GATE, UP, DOWN);
    return LongStream.range(0, count(given))
        .boxed()
        .flatMap(
            expert ->
                Stream.of(0, 1, 2)
                    .map(
                        i ->
                            Rule.of(
                                sources.get(i),
                                "model.layers.*.%s.%d.%s.weight"
                                    .formatted(module, expert, linears.get(i)),
                                Layout.slice(expert))));
  }

  /** The experts under the names that most families have, and the router. */
  static Stream<Rule> usual(Hyperparameters given) {
    return Stream.concat(
        Dense.block("ffn_gate_inp", "mlp.gate"),
        apart(given, "mlp.experts", List.of("gate_proj", "up_proj", "down_proj")));
  }

  /** The expert for all tokens. */
  static Stream<Rule> shared(String module) {
    return Stream.of(
            Dense.block("ffn_gate_shexp", module + ".gate_proj"),
            Dense.block("ffn_up_shexp", module + ".up_proj"),
            Dense.block("ffn_down_shexp", module + ".down_proj"))
        .flatMap(rules -> rules);
  }

  /** Gate and up of all experts as one tensor, and down. */
  static Stream<Rule> together(String gateAndUp, String down) {
    String block = "model.layers.*.";
    return Stream.of(
        new Rule(block + gateAndUp, List.of(GATE, UP), Layout.joined()),
        Rule.of(DOWN, block + down, Layout.asStored()));
  }
}
