package dev.sonde.engine.cli;

/** Exit codes that scripts rely on. */
final class ExitCode {
  static final int FINE = 0;
  static final int BUG = 1;
  static final int INPUT = 2;
  static final int PLUGIN = 3;
  static final int MODEL = 4;
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
