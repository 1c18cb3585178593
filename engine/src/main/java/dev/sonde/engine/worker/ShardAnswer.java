package dev.sonde.engine.worker;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.SondeException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.engine.host.Processor;
import dev.sonde.engine.plugin.PluginRequiredException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a worker says of a task: that it is done, or what was thrown. */
public final class ShardAnswer {
  static final String DONE = "done";
  static final String FAILED = "failed";
  static final String READY = "ready";

  private static final String TYPE = "type";
  private static final String MESSAGE = "message";

  private ShardAnswer() {}

  /** That a worker has understood whose shards it will compute. */
  public static Frame ready(String processor) {
    return Frame.of(
        READY, Map.of("processor", processor, "process", ProcessHandle.current().pid()));
  }

  /** That a task is done, and on what kind of processor. */
  public static Frame done(String processor) {
    return Frame.of(DONE, Map.of("processor", processor));
  }

  /** Why a worker cannot compute shards of a run at all. */
  public static Frame refused(Throwable e) {
    Frame failed = failed(e);
    Map<String, Object> fields = new LinkedHashMap<>(failed.fields());
    fields.put(MESSAGE, "a worker on %s: %s".formatted(Processor.host(), failed.text(MESSAGE)));
    return Frame.of(FAILED, fields);
  }

  /** What was thrown instead. */
  public static Frame failed(Throwable e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(
        TYPE,
        switch (e) {
          case UnsupportedCapabilityException capability -> "capability";
          case InvalidInputException input -> "input";
          case ModelUnavailableException model -> "model";
          case SondeException plugin -> "plugin";
          default -> "other";
        });
    fields.put(
        MESSAGE, e instanceof SondeException ? String.valueOf(e.getMessage()) : e.toString());
    fields.put("trace", trace.toString());
    return Frame.of(FAILED, fields);
  }

  /**
   * Throws what a worker threw.
   *
   * @throws SondeException of the same kind with the same message; a {@link RemoteFailure} for any
   *     other exception
   */
  static void require(Frame answer) {
    if (answer.kind().equals(FAILED)) {
      RemoteFailure there = new RemoteFailure(answer.text(MESSAGE), answer.text("trace"));
      String message = answer.text(MESSAGE);
      throw switch (answer.text(TYPE)) {
        case "input" -> new InvalidInputException(message, there);
        case "model" -> new ModelUnavailableException(message, there);
        case "capability" -> new UnsupportedCapabilityException(message);
        case "plugin" -> new PluginRequiredException(message, there);
        default -> there;
      };
    }
    if (!answer.kind().equals(DONE) && !answer.kind().equals(READY)) {
      throw new IllegalStateException("a worker answered '%s'".formatted(answer.kind()));
    }
  }

  /** Something that another process threw; it looks like the exception there. */
  static final class RemoteFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String there;

    RemoteFailure(String there, String trace) {
      super(trace);
      this.there = there;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // its message is the trace there
    public String toString() {
      return there;
    }
  }
}
