package dev.sonde.engine.cli;

import picocli.CommandLine.Option;

/** The option that says what runs a model. */
final class BackendOption {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "The model backend. Default: ${DEFAULT-VALUE}.")
  private String name = "pytorch";

  BackendOption() {}

  String name() {
    return name;
  }
}
