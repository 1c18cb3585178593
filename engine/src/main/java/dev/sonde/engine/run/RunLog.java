package dev.sonde.engine.run;

import java.io.IOException;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Sends everything that engine and plugins log into the run's {@code log}, and nothing elsewhere.
 */
final class RunLog implements AutoCloseable {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OWN = Logger.getLogger("dev.sonde");

  private final FileHandler handler;

  private RunLog(FileHandler handler) {
    this.handler = handler;
  }

  static RunLog open(RunFolder folder) {
    try {
      FileHandler handler = new FileHandler(folder.file("log").toString(), true);
      handler.setFormatter(new SimpleFormatter());
      handler.setLevel(Level.INFO);
      for (Handler other : ROOT.getHandlers()) {
        ROOT.removeHandler(other);
      }
      ROOT.addHandler(handler);
      ROOT.setLevel(Level.WARNING); // libraries say much; the engine's own remarks are kept
      OWN.setLevel(Level.INFO);
      return new RunLog(handler);
    } catch (IOException e) {
      throw folder.unwritable(e);
    }
  }

  void info(String text) {
    OWN.info(text);
  }

  @Override
  public void close() {
    ROOT.removeHandler(handler);
    handler.close();
  }
}
