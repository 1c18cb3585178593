package dev.sonde.engine.plugin;

import java.io.Serial;

/** Ends the loading of one plugin; turned into {@link PluginOutcome.Failed} by the loader. */
final class PluginFailure extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final Stage stage;
  private final String hint;

  PluginFailure(Stage stage, String cause, String hint) {
    super(cause);
    this.stage = stage;
    this.hint = hint;
  }

  Stage stage() {
    return stage;
  }

  String hint() {
    return hint;
  }
}
