package dev.sonde.probe.influence.read;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.probe.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A linear map of one block; its weight matrix {@code [out, in]} is a block of parameters of its
 * own.
 *
 * @param module its Hugging Face name, for example {@code model.layers.3.mlp.down_proj}
 * @param in numbers it takes
 * @param out numbers it gives
 */
public record LinearModule(String module, int in, int out) {
  private static final Pattern IN_BLOCK = Pattern.compile("^.*?\\.\\d+(?=\\.)");

  /** The module of its block, for example {@code model.layers.3}; else its own name. */
  public String block() {
    Matcher block = IN_BLOCK.matcher(module);
    return block.find() ? block.group() : module;
  }

  /** The most singular vectors that a gradient of one of some linears has. */
  public static int largestRank(List<LinearModule> linears) {
    return linears.stream().mapToInt(l -> Math.min(l.in, l.out)).max().orElse(0);
  }

  /** What it takes, every token. */
  Read input() {
    return Read.of(HookPoint.linearIn(module), Selector.all());
  }

  /** The gradient of what it gives, every token. */
  Read outputGradient() {
    return Read.of(HookPoint.linearOut(module), Selector.all()).gradient();
  }

  /** Number of its weights. */
  public long weights() {
    return (long) in * out;
  }

  /**
   * The linears of a model that are looked at, block by block.
   *
   * @throws InvalidInputException if there is no such linear or block, with what there is
   */
  public static List<LinearModule> of(Model of, LinearChoice choice) {
    ModelInfo model = of.info();
    List<String> patterns = choice.linears();
    List<Integer> layers = choice.layers();
    List<ModelInfo.Linear> chosen =
        model.linears().stream()
            .filter(linear -> patterns.stream().anyMatch(p -> matches(linear.name(), p)))
            .toList();
    if (chosen.isEmpty()) {
      throw new InvalidInputException(
          "linears: %s names no linear of this model; a block has %s"
              .formatted(
                  patterns,
                  model.linears().stream()
                      .map(ModelInfo.Linear::name)
                      .collect(Collectors.joining(", "))));
    }
    String blocks = choice.blocks().orElseGet(() -> BlockHolder.of(of, chosen.getFirst().name()));
    List<LinearModule> all = new ArrayList<>();
    for (int layer = 0; layer < model.layers(); layer++) {
      for (ModelInfo.Linear linear : chosen) {
        if (layers.isEmpty() || layers.contains(layer)) {
          String module = blocks + "." + layer + "." + linear.name();
          all.add(new LinearModule(module, linear.in(), linear.out()));
        }
      }
    }
    if (!layers.stream().allMatch(layer -> layer >= 0 && layer < model.layers())) {
      throw new InvalidInputException(
          "layers: %s; the model has the blocks 0 to %d".formatted(layers, model.layers() - 1));
    }
    return all;
  }

  private static boolean matches(String name, String pattern) {
    return name.matches("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E");
  }
}
