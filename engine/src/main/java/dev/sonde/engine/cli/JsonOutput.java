package dev.sonde.engine.cli;

import dev.sonde.engine.report.ReportJson;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option that prints a result for programs, and its form. */
final class JsonOutput {
  @Option(names = "--json", description = "Print the result as JSON, and nothing else on stdout.")
  private boolean asked;

  JsonOutput() {}

  boolean asked() {
    return asked;
  }

  /** Prints an object. */
  static void print(Map<String, Object> object, Terminal terminal) {
    terminal.out().print(ReportJson.write(object));
  }
}
