package dev.sonde.engine.cli;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.Prompted;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a prompt that a model continues, but for how many tokens it may add. */
final class ContinuationOptions {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "float32, bfloat16 or auto. Default: ${DEFAULT-VALUE}.")
  private String dtype = "float32";

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The text to continue.")
  private @Nullable String prompt;

  @Option(
      names = {"--temperature", "--temp"},
      paramLabel = "T",
      description = "0 always takes the most probable token. Default: ${DEFAULT-VALUE}.")
  private double temperature;

  @Option(
      names = {"-s", "--seed"},
      paramLabel = "N",
      description = "Seed for sampling at a temperature above 0. Default: ${DEFAULT-VALUE}.")
  private long seed;

  ContinuationOptions() {}

  /**
   * What is to be continued.
   *
   * @throws InvalidInputException if there is no prompt, or a number is out of range
   */
  Prompted of(int maxTokens) {
    if (prompt == null) {
      throw new InvalidInputException("name the text to continue: --prompt TEXT");
    }
    if (maxTokens < 1) {
      throw new InvalidInputException("--max-tokens %d: at least 1".formatted(maxTokens));
    }
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new InvalidInputException("--temperature %s: at least 0".formatted(temperature));
    }
    return new Prompted(part(), prompt, maxTokens, temperature, seed);
  }

  /** Whether a prompt is named. */
  boolean hasPrompt() {
    return prompt != null;
  }

  /** The model as an experiment names it. */
  Map<String, String> part() {
    Map<String, String> part = new HashMap<>(model.part());
    part.put("dtype", dtype);
    return part;
  }

  /** The factor of a direction. */
  static double factor(double scale) {
    if (!Double.isFinite(scale)) {
      throw new InvalidInputException("--scale %s: it must be finite".formatted(scale));
    }
    return scale;
  }
}
