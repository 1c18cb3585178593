package dev.sonde.engine.worker;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** The output of a worker: whole frames, from whatever thread. */
public final class Replies {
  private final OutputStream out;

  /** Frames into a stream. */
  public Replies(OutputStream out) {
    this.out = new BufferedOutputStream(out);
  }

  /** Sends a frame; where nobody listens any more the process is about to end. */
  public synchronized void send(Frame frame) {
    try {
      frame.write(out);
    } catch (IOException nobodyListens) {
      return;
    }
  }

  /** What is logged here, for the run's log. */
  public Handler logging() {
    SimpleFormatter text = new SimpleFormatter();
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        send(Remark.log(level(record.getLevel()), text.format(record).strip()));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private static System.Logger.Level level(Level level) {
    return level.intValue() >= Level.SEVERE.intValue()
        ? System.Logger.Level.ERROR
        : level.intValue() >= Level.WARNING.intValue()
            ? System.Logger.Level.WARNING
            : System.Logger.Level.INFO;
  }
}
