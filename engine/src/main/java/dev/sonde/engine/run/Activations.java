package dev.sonde.engine.run;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Read;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.PassList;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.shard.ShardTask;
import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.store.StoredPass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stored activations of all passes of a run, captured when they are asked for. */
final class Activations {
  private final Map<Role, StoredPass> passes = new LinkedHashMap<>();
  private final ShardExecutor executor;
  private final Progress progress;

  Activations(PassList passes, ActivationStore store, ShardExecutor executor, Progress progress) {
    passes.all().forEach(pass -> this.passes.put(pass.role(), new StoredPass(store, pass)));
    this.executor = executor;
    this.progress = progress;
  }

  /** The pass of a role, where the run has one. */
  Optional<Pass> pass(Role role) {
    return Optional.ofNullable(passes.get(role)).map(StoredPass::pass);
  }

  private StoredPass stored(Role role) {
    return Optional.ofNullable(passes.get(role))
        .orElseThrow(() -> new IllegalStateException("%s is not planned".formatted(role)));
  }

  /** Captures what is known to be read, the main pass first. */
  void capture(Timing timing) {
    StoredPass main = stored(Role.MAIN_PASS);
    List<ShardTask.Capture> captured = timing.timed("capture", () -> ensure(main));
    timing.put("rows_captured", captured.stream().mapToLong(task -> task.shard().rows()).sum());
    timing.put(
        "tokens_captured",
        captured.stream()
            .flatMap(task -> main.pass().tokens(task.shard()).stream())
            .mapToLong(row -> row.length)
            .sum());
    timing.timed(
        "capture of controls",
        () -> passes.values().stream().filter(pass -> pass != main).forEach(this::ensure));
  }

  private List<ShardTask.Capture> ensure(StoredPass stored) {
    return stored.ensure(stored.pass().reads(), executor, progress);
  }

  /** Captures what is missing of some reads of a pass. */
  void ensure(Role role, List<Read> reads) {
    stored(role).ensure(reads, executor, progress);
  }

  /** A read of a pass, stored already. */
  Matrix matrix(Role role, Read read) {
    return stored(role).matrix(read);
  }

  /** Matrices of the same rows and widths as one, their columns side by side. */
  static Matrix sideBySide(List<Matrix> each) {
    Matrix first = each.getFirst();
    if (each.size() == 1) {
      return first;
    }
    int width = first.columns();
    Matrix all = Matrix.zeros(first.type(), first.rows(), each.size() * width);
    double[] together = new double[all.columns()];
    for (int row = 0; row < first.rows(); row++) {
      for (int m = 0; m < each.size(); m++) {
        System.arraycopy(each.get(m).row(row), 0, together, m * width, width);
      }
      all.setRow(row, together);
    }
    return all;
  }

  /** Makes all models forget what they kept of earlier requests. */
  void forget() {
    passes.values().forEach(stored -> stored.pass().model().forget());
  }
}
