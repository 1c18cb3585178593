package dev.sonde.engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;

/**
 * Sends what engine and plugins log into the run's {@code log}. Outside a run nothing is logged:
 * the screen is for messages.
 */
public final class RunLog implements AutoCloseable {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OWN = Logger.getLogger("dev.sonde");

  private final Handler handler;

  private RunLog(Handler handler) {
    this.handler = handler;
  }

  /** Ends the logging to the screen that Java begins with. */
  public static void silenceScreen() {
    for (Handler other : ROOT.getHandlers()) {
      ROOT.removeHandler(other);
    }
    ROOT.setLevel(Level.WARNING); // libraries say much; the engine's own remarks are kept
    OWN.setLevel(Level.INFO);
  }

  static RunLog open(RunFolder folder) {
    try {
      Handler handler =
          new StreamHandler(
              Files.newOutputStream(
                  folder.file(RunFolder.LOG), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
              new SimpleFormatter()) {
            @Override
            public synchronized void publish(LogRecord record) {
              super.publish(record);
              flush();
            }
          };
      ROOT.addHandler(handler);
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
