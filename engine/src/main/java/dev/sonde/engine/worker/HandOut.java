package dev.sonde.engine.worker;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.host.Unwritable;
import dev.sonde.formats.WholeFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shards written down in the run's folder, for workers that nobody here starts: those of a batch
 * system. Whose shards they are is the first frame of the file, the shards follow.
 *
 * @param assignment whose shards
 * @param tasks all of them, in an order that stays
 */
public record HandOut(Assignment assignment, List<Frame> tasks) {
  /** The file in the run's folder. */
  public static final String FILE = "handed-out";

  /** What is handed out, with its list copied. */
  public HandOut {
    tasks = List.copyOf(tasks);
  }

  /** Writes down what is to be computed and stops the run, see {@link HandedOutException}. */
  public static Workforce writing() {
    return (assignment, progress) ->
        new CarriedShards(
            assignment, (frame, tasks, hearer) -> write(assignment, tasks), Progress.NONE);
  }

  private static void write(Assignment assignment, List<Frame> tasks) {
    Path run =
        assignment
            .run()
            .orElseThrow(() -> new InvalidInputException("only shards of runs are handed out"));
    List<byte[]> frames = new ArrayList<>();
    frames.add(assignment.frame().bytes());
    tasks.forEach(task -> frames.add(task.bytes()));
    Path file = run.resolve(FILE);
    try {
      WholeFile.write(file, frames.toArray(byte[][]::new));
    } catch (IOException e) {
      throw new InvalidInputException(Unwritable.message(file, e, "another folder"), e);
    }
    throw new HandedOutException(run, tasks.size());
  }

  /**
   * Reads what a run handed out.
   *
   * @param version the own version of Sonde
   * @throws InvalidInputException if the run has handed out nothing, or nothing that this version
   *     reads
   */
  public static HandOut read(Path run, String version) {
    Path file = run.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(
          "%s has handed out no shards; begin with: sonde run EXPERIMENT.yaml --out %s --hand-out"
              .formatted(run, run));
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Assignment assignment = Assignment.of(Frame.read(in).orElseThrow(), version);
      List<Frame> tasks = new ArrayList<>();
      for (Optional<Frame> next = Frame.read(in); next.isPresent(); next = Frame.read(in)) {
        tasks.add(next.get());
      }
      return new HandOut(assignment, tasks);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
