package dev.sonde.engine.worker;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A {@code sonde worker} that this process started. It ends when this process does: its standard
 * input is at its end then.
 */
public final class WorkerProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 5;
  private static final int SIGNALLED = 128;
  private static final int LAST_LINES = 5;
  private static final Map<Integer, String> SIGNALS =
      Map.of(4, "ILL", 6, "ABRT", 7, "BUS", 8, "FPE", 9, "KILL", 11, "SEGV", 15, "TERM");

  private final Process process;
  private final Path log;
  private final InputStream answers;
  private final OutputStream tasks;
  private final Consumer<Frame> remarks;
  private String lastWord = "";

  private WorkerProcess(Process process, Path log, Consumer<Frame> remarks) {
    this.process = process;
    this.log = log;
    this.remarks = remarks;
    this.answers = new BufferedInputStream(process.getInputStream());
    this.tasks = new BufferedOutputStream(process.getOutputStream());
  }

  /**
   * Starts one and tells it whose shards it will compute.
   *
   * @param command how it is started
   * @param environment variables beside those of this process
   * @param log where goes what it prints
   * @param assignment see {@link Assignment}
   * @param remarks hears what it says beside answers, on the thread that waits for them
   * @throws WorkerDiedException if it ends before it is ready
   * @throws dev.sonde.api.SondeException if it cannot compute shards of this run, and says why
   */
  public static WorkerProcess start(
      List<String> command,
      Map<String, String> environment,
      Path log,
      Frame assignment,
      Consumer<Frame> remarks)
      throws WorkerDiedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    WorkerProcess worker;
    try {
      Files.createDirectories(log.toAbsolutePath().resolveSibling(""));
      builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      worker = new WorkerProcess(builder.start(), log, remarks);
    } catch (IOException e) {
      throw new WorkerDiedException("a worker cannot be started (%s)".formatted(e.getMessage()));
    }
    try {
      ShardAnswer.require(worker.compute(assignment));
      return worker;
    } catch (RuntimeException e) {
      worker.close();
      throw e;
    }
  }

  /**
   * Has a task answered.
   *
   * @throws WorkerDiedException if it ends instead
   */
  public Frame compute(Frame task) throws WorkerDiedException {
    try {
      task.write(tasks);
      while (true) {
        Optional<Frame> next = Frame.read(answers);
        if (next.isEmpty()) {
          throw new WorkerDiedException(ending());
        }
        Frame frame = next.get();
        switch (frame.kind()) {
          case ShardAnswer.DONE, ShardAnswer.FAILED, ShardAnswer.READY -> {
            return frame;
          }
          case Remark.STOPPED -> lastWord = frame.text("text");
          default -> remarks.accept(frame);
        }
      }
    } catch (IOException e) {
      throw new WorkerDiedException(ending());
    }
  }

  /** How it ended, with its last word or the last lines that it printed. */
  private String ending() {
    String how;
    try {
      if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        int code = process.exitValue();
        int signal = code - SIGNALLED;
        how =
            SIGNALS.containsKey(signal)
                ? "was ended by signal %d (%s)".formatted(signal, SIGNALS.get(signal))
                : "ended with exit code %d".formatted(code);
      } else {
        how = "closed its output and was ended";
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      how = "was not waited for";
    }
    return "worker process %d %s%s; its log: %s".formatted(process.pid(), how, because(), log);
  }

  private String because() {
    Path crash = log.resolveSibling(CrashFile.name(String.valueOf(process.pid())));
    if (Files.exists(crash)) {
      return ": " + CrashFile.told(crash);
    }
    return lastWord.isEmpty() ? lastLines() : ": " + lastWord;
  }

  private String lastLines() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("NOTE: Picked up"))
              .toList();
      List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      return last.isEmpty() ? "" : ": " + String.join(" / ", last);
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** Ends it: at once where it computes, else when it sees the end of its input. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException alreadyGone) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
