package dev.sonde.engine;

import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.store.StoreUpkeep;
import java.nio.file.Path;
import java.util.List;

/** The activations that an installation keeps, see {@code sonde store}. */
public final class StoredActivations {
  private static final long MEBIBYTE = 1 << 20;

  private final Path folder;
  private final Progress progress;

  StoredActivations(Folders folders, Progress progress) {
    this.folder = folders.activations();
    this.progress = progress;
  }

  /**
   * Removes stored activations that were used longest ago until the rest fits.
   *
   * @param limit bytes that may stay
   * @return what was done, in words
   */
  public String clean(long limit) {
    StoreUpkeep.Cleanup done = StoreUpkeep.clean(folder, limit);
    return "removed %d files of %d bytes; %d bytes stay"
        .formatted(done.removed(), done.freed(), done.left());
  }

  /**
   * What a check of the stored activations found.
   *
   * @param lines what is wrong with each damaged chunk
   * @param summary in one line
   * @param sound whether nothing damaged is left
   */
  public record StoreReport(List<String> lines, String summary, boolean sound) {
    /** A result with its list copied. */
    public StoreReport {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Reads all stored activations and says which are not what was written.
   *
   * @param remove whether those of no use are removed
   */
  public StoreReport check(boolean remove) {
    StoreUpkeep.Check check =
        StoreUpkeep.check(
            folder,
            remove,
            (done, total) -> progress.at("checking (MiB)", done / MEBIBYTE, total / MEBIBYTE));
    String summary =
        "checked %d chunks of %d bytes: %d damaged, %d of an earlier version%s"
            .formatted(
                check.chunks(),
                check.bytes(),
                check.damaged().size(),
                check.earlier(),
                check.damaged().size() + check.earlier() == 0
                    ? ""
                    : remove
                        ? "; these were removed"
                        : "; runs that need these compute them again");
    return new StoreReport(check.damaged(), summary, remove || check.damaged().isEmpty());
  }
}
