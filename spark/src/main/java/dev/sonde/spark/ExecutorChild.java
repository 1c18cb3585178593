package dev.sonde.spark;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A {@code sonde worker} that an executor started; it ends with the executor. Frames are passed on
 * as they are: a mark, the role, the header's length and the length of what follows it.
 */
final class ExecutorChild {
  private static final int REMARK = 1;
  private static final int FAILURE = 2;
  private static final int SIGN = 3;
  private static final int LAST_LINES = 5;

  private final Process process;
  private final Path log;
  private final DataInputStream answers;
  private final OutputStream tasks;

  private ExecutorChild(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    this.tasks = new BufferedOutputStream(process.getOutputStream());
  }

  /** The frames that a worker sent; the last is the answer. */
  record Answer(List<byte[]> frames, boolean failed) {}

  /**
   * Starts one.
   *
   * @param home the installation of Sonde on this machine
   * @param processors how many it may use
   */
  static ExecutorChild start(String home, int processors) throws IOException {
    Path program = Path.of(home, "bin", "sonde");
    if (!Files.isExecutable(program)) {
      throw new IOException(
          "there is no Sonde on %s: %s; install it there under the same path, or name its place with --home"
              .formatted(host(), program));
    }
    Path log = Files.createTempFile("sonde-worker-", ".log");
    ProcessBuilder builder = new ProcessBuilder(program.toString(), "worker");
    Map<String, String> environment = builder.environment();
    environment.merge(
        "JDK_JAVA_OPTIONS",
        "-XX:ActiveProcessorCount=" + processors,
        (before, more) -> before + " " + more);
    environment.putIfAbsent("OMP_NUM_THREADS", String.valueOf(processors));
    builder.redirectError(log.toFile());
    return new ExecutorChild(builder.start(), log);
  }

  /**
   * Sends a frame and waits for its answer.
   *
   * @throws IOException saying how the worker ended instead
   */
  Answer ask(byte[] frame) throws IOException {
    try {
      tasks.write(frame);
      tasks.flush();
      List<byte[]> frames = new ArrayList<>();
      while (true) {
        int mark = answers.readInt();
        int role = answers.readInt();
        int header = answers.readInt();
        long parts = answers.readLong();
        byte[] rest = answers.readNBytes(Math.toIntExact(header + parts));
        if (rest.length != header + parts) {
          throw new EOFException();
        }
        if (role == SIGN) {
          continue;
        }
        frames.add(frame(mark, role, header, parts, rest));
        if (role != REMARK) {
          return new Answer(List.copyOf(frames), role == FAILURE);
        }
      }
    } catch (IOException e) {
      throw new IOException(ending(), e);
    }
  }

  private static byte[] frame(int mark, int role, int header, long parts, byte[] rest)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(mark);
    data.writeInt(role);
    data.writeInt(header);
    data.writeLong(parts);
    data.write(rest);
    return bytes.toByteArray();
  }

  /** How it ended and the last lines that it printed. */
  private String ending() {
    process.destroyForcibly();
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("NOTE: Picked up"))
              .toList();
      return "worker process %d on %s ended with exit code %d: %s"
          .formatted(
              process.pid(),
              host(),
              process.waitFor(),
              String.join(
                  " / ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
    } catch (IOException unreadable) {
      return "worker process %d on %s ended".formatted(process.pid(), host());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "worker process %d on %s was ended".formatted(process.pid(), host());
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException nameless) {
      return "an executor";
    }
  }

  /** Ends it at once. */
  void end() {
    process.destroyForcibly();
  }
}
