package dev.sonde.engine.plugin;

import java.nio.file.Path;

/** What became of one plugin folder. */
public sealed interface PluginOutcome {
  /** The folder. */
  Path folder();

  /** The id: the folder's name. */
  default String id() {
    return String.valueOf(folder().getFileName());
  }

  /** It works. */
  record Loaded(LoadedPlugin plugin) implements PluginOutcome {
    @Override
    public Path folder() {
      return plugin.folder();
    }
  }

  /**
   * It was left out on purpose.
   *
   * @param reason why
   */
  record Disabled(Path folder, String reason) implements PluginOutcome {}

  /**
   * It could not be loaded.
   *
   * @param stage the step that failed
   * @param cause what happened, naming the jar
   * @param hint what to do about it
   */
  record Failed(Path folder, Stage stage, String cause, String hint) implements PluginOutcome {
    /** One line for the screen. */
    public String message() {
      return "plugin '%s' failed at %s: %s (%s)".formatted(id(), stage, cause, hint);
    }
  }
}
