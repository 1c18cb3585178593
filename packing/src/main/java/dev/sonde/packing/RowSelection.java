package dev.sonde.packing;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * The rows that a read takes of a batch of tokens. Each row comes from a run of tokens: one token
 * where nothing is reduced.
 */
public final class RowSelection {
  private final int[] from;
  private final int[] to;
  private final int[] sequences;
  private final int[] places;
  private final int[] objectives;
  private final PackedBatch batch;

  private RowSelection(List<int[]> rows, int[] objectives, PackedBatch batch) {
    this.batch = batch;
    this.from = rows.stream().mapToInt(r -> r[0]).toArray();
    this.to = rows.stream().mapToInt(r -> r[1]).toArray();
    this.sequences = rows.stream().mapToInt(r -> r[2]).toArray();
    this.places = rows.stream().mapToInt(r -> r[3]).toArray();
    this.objectives = objectives;
  }

  /**
   * Selects; for gradients, objective by objective.
   *
   * @throws UnsupportedCapabilityException if an index lies outside a sequence, or the kind of the
   *     selector is not known
   */
  public static RowSelection of(Read read, PackedBatch batch) {
    if (!read.isGradient()) {
      return new RowSelection(rows(read, batch, 0), new int[0], batch);
    }
    List<int[]> all = new ArrayList<>();
    List<Integer> objectives = new ArrayList<>();
    for (int objective = 0; objective < batch.objectives(); objective++) {
      List<int[]> rows = rows(read, batch, objective + 1);
      all.addAll(rows);
      objectives.addAll(Collections.nCopies(rows.size(), objective));
    }
    return new RowSelection(all, objectives.stream().mapToInt(Integer::intValue).toArray(), batch);
  }

  /** The rows of a gradient read that belong to one objective of each sequence. */
  static RowSelection of(Read read, PackedBatch batch, int objective) {
    List<int[]> rows = rows(read, batch, objective + 1);
    int[] objectives = new int[rows.size()];
    Arrays.fill(objectives, objective);
    return new RowSelection(rows, objectives, batch);
  }

  /** Rows of the sequences that have at least so many objectives. */
  private static List<int[]> rows(Read read, PackedBatch batch, int atLeast) {
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.sequence(i).objectives().size() < atLeast) {
        continue;
      }
      if (read.point().equals(HookPoint.LOG_PROB)) {
        targets(batch, i, rows);
      } else {
        select(read, batch, i, rows);
      }
    }
    return rows;
  }

  /** A row per target: the token before its position, which predicts it. */
  private static void targets(PackedBatch batch, int i, List<int[]> rows) {
    List<Sequence.Target> targets = batch.sequence(i).targets();
    for (int t = 0; t < targets.size(); t++) {
      int before = batch.start(i) + targets.get(t).position() - 1;
      rows.add(new int[] {before, before + 1, i, t});
    }
  }

  /** The rows of one sequence: of each run of tokens one if it is reduced, else one a token. */
  private static void select(Read read, PackedBatch batch, int i, List<int[]> rows) {
    List<Span> runs = read.selector().runs(batch.sequence(i));
    int start = batch.start(i);
    for (int r = 0; r < runs.size(); r++) {
      Span run = runs.get(r);
      if (read.isReduced()) {
        rows.add(new int[] {start + run.from(), start + run.to(), i, r});
        continue;
      }
      for (int token = run.from(); token < run.to(); token++) {
        int place = read.selector().givesOneToken() ? 0 : token;
        rows.add(new int[] {start + token, start + token + 1, i, place});
      }
    }
  }

  /**
   * How many first tokens of a sequence no read of a request looks at: others may share their
   * computation, and gradients by what is behind them take them as given.
   */
  public static int unread(ForwardRequest request, Sequence sequence) {
    return unread(request, sequence, target -> false);
  }

  /**
   * The same where some log-probabilities are known already.
   *
   * @param known whether that of a target is
   */
  public static int unread(
      ForwardRequest request, Sequence sequence, Predicate<Sequence.Target> known) {
    int first = sequence.length();
    for (Read read : request.groups().stream().flatMap(List::stream).toList()) {
      first = Math.min(first, firstToken(read, sequence, known));
    }
    return Math.max(0, first);
  }

  private static int firstToken(Read read, Sequence sequence, Predicate<Sequence.Target> known) {
    int length = sequence.length();
    int scored =
        read.isGradient()
            ? sequence.objectives().stream()
                .flatMap(objective -> objective.targets().stream())
                .mapToInt(target -> target.position() - 1)
                .min()
                .orElse(length)
            : length;
    if (read.point().equals(HookPoint.LOG_PROB)) {
      return sequence.targets().stream()
          .filter(known.negate())
          .mapToInt(target -> target.position() - 1)
          .min()
          .orElse(length);
    }
    int selected =
        read.selector().runs(sequence).stream().mapToInt(Span::from).min().orElse(length);
    return Math.min(scored, selected);
  }

  /** Number of rows. */
  public int size() {
    return from.length;
  }

  /** The first token of a row's run, counted in the batch. */
  public int from(int row) {
    return from[row];
  }

  /** The token after a row's run, counted in the batch. */
  public int to(int row) {
    return to[row];
  }

  /** Per row, the index in the request of its sequence. */
  public int[] sequences() {
    return Arrays.stream(sequences).map(batch::index).toArray();
  }

  /** The place in the batch of a row's sequence. */
  public int sequencePlace(int row) {
    return sequences[row];
  }

  /** The target of a row, where log-probabilities are read. */
  public Sequence.Target target(int row) {
    return batch.sequence(sequences[row]).targets().get(places[row]);
  }

  /** Per row, its place in the sequence; see {@link dev.sonde.api.model.Rows#places()}. */
  public int[] places() {
    return places.clone();
  }

  /** Per row, its objective; empty if nothing but activations are read. */
  int[] objectives() {
    return objectives.clone();
  }

  /** Per row, the first token of its run; all there is where nothing is reduced. */
  public int[] tokens() {
    return from.clone();
  }
}
