package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import java.nio.file.Path;

/** Says how to go on when a run is interrupted (Ctrl-C, SIGTERM). */
final class Interruption {
  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  /** Watches a run in the given folder. */
  static Interruption watch(Path folder, PluginFolders plugins, Terminal terminal) {
    Thread hook =
        new Thread(
            () -> {
              terminal.clearLine();
              terminal
                  .err()
                  .println(
                      Sonde.canResume(folder)
                          ? "interrupted; go on with: sonde resume " + folder + plugins.asOptions()
                          : "interrupted before the run began; start it again");
              terminal.err().flush();
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  /** The run is over: from now on nothing is said. */
  void over() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the machine is going down already, and has said so
    }
  }
}
