package dev.sonde.engine;

import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.store.StoreUpkeep;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
   * What is kept of one model.
   *
   * @param model the hash of its weights and configuration; empty where a file does not say it
   * @param backend plugin, name and version
   * @param dtype number type of the computation
   * @param hooks the hook points with the tokens that were read there
   * @param bytes of all of it
   * @param used when some of it was last used
   */
  public record KeptModel(
      String model, String backend, String dtype, List<String> hooks, long bytes, Instant used) {
    /** An entry with its list copied. */
    public KeptModel {
      hooks = List.copyOf(hooks);
    }
  }

  /** What is kept, by model, what was used last first. */
  public List<KeptModel> list() {
    record Of(String model, String backend, String dtype) {}
    Map<Of, List<StoreUpkeep.Kept>> models = new LinkedHashMap<>();
    for (StoreUpkeep.Kept kept : StoreUpkeep.list(folder)) {
      Of of = new Of(text(kept, "model"), text(kept, "backend"), text(kept, "dtype"));
      models.computeIfAbsent(of, key -> new ArrayList<>()).add(kept);
    }
    return models.entrySet().stream()
        .map(
            entry ->
                new KeptModel(
                    entry.getKey().model(),
                    entry.getKey().backend(),
                    entry.getKey().dtype(),
                    entry.getValue().stream()
                        .map(kept -> text(kept, "hook") + " @ " + text(kept, "tokens"))
                        .sorted()
                        .toList(),
                    entry.getValue().stream().mapToLong(StoreUpkeep.Kept::bytes).sum(),
                    entry.getValue().stream()
                        .map(StoreUpkeep.Kept::used)
                        .max(Comparator.naturalOrder())
                        .orElseThrow()))
        .sorted(Comparator.comparing(KeptModel::used).reversed())
        .toList();
  }

  private static String text(StoreUpkeep.Kept kept, String name) {
    return kept.about().getOrDefault(name, "");
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
