package dev.sonde.engine.cli;

import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which model a command uses. */
final class ModelOptions {
  @Option(
      names = {"-m", "--model"},
      required = true,
      paramLabel = "REF",
      description = "The model: a folder, a .gguf file, or hf:org/name[@revision].")
  private String model = "";

  @Mixin private BackendOption backend = new BackendOption();

  ModelOptions() {}

  /** As an experiment names it. */
  Map<String, String> part() {
    return Map.of("ref", model, "backend", backend.name());
  }
}
