package dev.sonde.engine.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URL;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Another process that holds a lock until it is ended: a run's, which others may share, or a
 * clean-up's.
 */
public final class OtherProcess {
  /** The exit code of one that does not get its lock. */
  static final int REFUSED = 7;

  private static final String SHARED = "shared";
  private static final String ALONE = "alone";

  private final List<String> arguments = new ArrayList<>();

  OtherProcess(Path file) {
    arguments.addAll(List.of(file.toString(), SHARED));
  }

  OtherProcess alone() {
    arguments.set(1, ALONE);
    return this;
  }

  /** Starts it; it has its lock, or has ended, when this returns. */
  Process start() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                classes().toString(),
                OtherProcess.class.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.inputReader().readLine();
    return process;
  }

  /** Where the tests' classes are; where their module is would be where the main ones are. */
  private static Path classes() {
    String name = OtherProcess.class.getName().replace('.', '/') + ".class";
    URL own = Objects.requireNonNull(OtherProcess.class.getResource("OtherProcess.class"));
    String place = own.toString();
    return Path.of(URI.create(place.substring(0, place.length() - name.length())));
  }

  /**
   * Takes the lock and waits.
   *
   * @param args the file, and which lock
   */
  public static void main(String[] args) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(args[0], "rw");
        FileLock lock = file.getChannel().tryLock(0, Long.MAX_VALUE, args[1].equals(SHARED))) {
      if (lock == null) {
        System.exit(REFUSED);
      }
      System.out.println("locked " + lock.isValid());
      Thread.currentThread().join();
    }
  }
}
