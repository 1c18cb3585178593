package dev.sonde.formats.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The bytes of an answer; a sender that falls silent is a failure, which the stream cannot say. */
final class Body implements AutoCloseable {
  private final HubReference reference;
  private final InputStream bytes;
  private final Duration silence;
  private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * A body.
   *
   * @param silence how long to wait for each piece
   */
  Body(HubReference reference, InputStream bytes, Duration silence) {
    this.reference = reference;
    this.bytes = bytes;
    this.silence = silence;
  }

  /** The number of bytes that came next, or -1 at the end. */
  int read(byte[] buffer) throws TransientFailure {
    try {
      return reader.submit(() -> bytes.read(buffer)).get(silence.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new TransientFailure("nothing arrived for %d s".formatted(silence.toSeconds()));
    } catch (ExecutionException e) {
      throw new TransientFailure(e.getCause() instanceof IOException broken ? broken : e);
    } catch (InterruptedException e) {
      throw HubException.interrupted(reference, e);
    }
  }

  /** Ends the transfer, and with it a read that still waits. */
  @Override
  public void close() throws TransientFailure {
    try (reader) {
      bytes.close();
    } catch (IOException e) {
      throw new TransientFailure(e);
    }
  }
}
