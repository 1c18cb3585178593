package dev.sonde.engine.cli;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.Prompted;
import java.util.HashMap;
import java.util.Map;
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
      required = true,
      paramLabel = "TEXT",
      description = "The text to continue.")
  private String prompt = "";

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
   * @throws InvalidInputException if a number is out of range
   */
  Prompted of(int maxTokens) {
    if (maxTokens < 1) {
      throw new InvalidInputException("--max-tokens %d: at least 1".formatted(maxTokens));
    }
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new InvalidInputException("--temperature %s: at least 0".formatted(temperature));
    }
    Map<String, String> part = new HashMap<>(model.part());
    part.put("dtype", dtype);
    return new Prompted(part, prompt, maxTokens, temperature, seed);
  }

  /** The factor of a direction. */
  static double factor(double scale) {
    if (!Double.isFinite(scale)) {
      throw new InvalidInputException("--scale %s: it must be finite".formatted(scale));
    }
    return scale;
  }
}
