package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Sequence;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Sampler;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The gradients of objectives with respect to the residual stream after the last block: logits are
 * there for some rows at a time only, so that a long batch costs no more than a short one.
 */
final class Objectives {
  /** Rows whose logits over the whole vocabulary, and their graph, are held at once. */
  private static final int ROWS_AT_ONCE = 128;

  private final Torch torch;
  private final Transformer decoder;
  private final PackedBatch batch;
  private final Sampler sampler = new Sampler(Sampling.temperature(1));

  /**
   * A target of a sequence's objective of that index, and the row of the batch that predicts it.
   */
  private record Term(int row, int index, Objective objective, Sequence.Target target) {}

  Objectives(Torch torch, Transformer decoder, PackedBatch batch) {
    this.torch = torch;
    this.decoder = decoder;
    this.batch = batch;
  }

  /**
   * The gradient, for each objective, of its sum over the sequences, which do not see each other.
   * Logits are computed once for all objectives that share a row, and else for each objective's own
   * rows: going back through them costs as much as there are.
   *
   * @param last {@code [tokens, d_model]}
   * @return the same shape for each
   */
  List<PtNDArray> gradients(Torch.Scope scope, PtNDArray last) {
    List<PtNDArray> all = new ArrayList<>();
    for (int objective = 0; objective < batch.objectives(); objective++) {
      all.add(scope.call("zeros_like", last));
    }
    List<Term> terms = terms();
    if (share(terms)) {
      put(all, last, terms);
    } else {
      for (int objective = 0; objective < all.size(); objective++) {
        int index = objective;
        put(all, last, terms.stream().filter(term -> term.index() == index).toList());
      }
    }
    return all;
  }

  /** Whether two objectives have a row in common. */
  private static boolean share(List<Term> terms) {
    for (int i = 1; i < terms.size(); i++) {
      if (terms.get(i).row() == terms.get(i - 1).row()
          && terms.get(i).index() != terms.get(i - 1).index()) {
        return true;
      }
    }
    return false;
  }

  /** Some rows at a time. */
  private void put(List<PtNDArray> all, PtNDArray last, List<Term> terms) {
    int from = 0;
    while (from < terms.size()) {
      int to = from;
      List<Integer> rows = new ArrayList<>();
      while (to < terms.size() && fits(rows, terms.get(to).row())) {
        if (rows.isEmpty() || rows.getLast() != terms.get(to).row()) {
          rows.add(terms.get(to).row());
        }
        to++;
      }
      put(all, last, rows, terms.subList(from, to));
      from = to;
    }
  }

  private static boolean fits(List<Integer> rows, int row) {
    return rows.size() < ROWS_AT_ONCE || rows.getLast() == row;
  }

  /** Those of all objectives, in order of their rows. */
  private List<Term> terms() {
    List<Term> terms = new ArrayList<>();
    for (int place = 0; place < batch.size(); place++) {
      List<Objective> objectives = batch.sequence(place).objectives();
      for (int index = 0; index < objectives.size(); index++) {
        Objective objective = objectives.get(index);
        for (Sequence.Target target : objective.targets()) {
          int row = batch.start(place) + target.position() - 1;
          terms.add(new Term(row, index, objective, target));
        }
      }
    }
    terms.sort(Comparator.comparingInt(Term::row));
    return terms;
  }

  private void put(List<PtNDArray> all, PtNDArray last, List<Integer> rows, List<Term> terms) {
    int[] places = rows.stream().mapToInt(Integer::intValue).toArray();
    try (Torch.Scope scope = torch.recordingScope();
        Torch.Scope plain = scope.unrecorded()) {
      PtNDArray chosen = scope.call("take", last, plain.integers(places));
      PtNDArray x = scope.call("watched", scope.call("detached", chosen));
      PtNDArray logits = decoder.logits(scope, decoder.finalNorm(scope, x, Taps.NONE));
      PtNDArray logs = scope.call("log_probabilities", logits);
      for (int index = 0; index < all.size(); index++) {
        int objective = index;
        List<Term> own = terms.stream().filter(term -> term.index() == objective).toList();
        if (!own.isEmpty()) {
          int[] which = own.stream().mapToInt(t -> rows.indexOf(t.row())).toArray();
          int[] tokens = tokens(plain, logs, own, which);
          PtNDArray picked =
              scope.call("pick", logs, plain.integers(which), plain.integers(tokens));
          PtNDArray values =
              scope.call(
                  "objective", picked, factors(plain, own, false), factors(plain, own, true));
          PtNDArray ones = plain.call("ones_like", values);
          PtNDArray[] xs = {x};
          PtNDArray found = scope.callForMany("gradients", values, ones, xs).getFirst();
          plain.call("put_rows", all.get(index), plain.integers(places), found);
        }
      }
    }
  }

  private int[] tokens(Torch.Scope scope, PtNDArray logs, List<Term> terms, int[] which) {
    if (terms.stream().noneMatch(t -> draws(t))) {
      return terms.stream().mapToInt(t -> t.target().token()).toArray();
    }
    int size = decoder.spec().vocabulary();
    MemorySegment cells = Torch.host(scope.call("detached", logs));
    return IntStream.range(0, which.length)
        .parallel() // a whole vocabulary each
        .map(
            i -> {
              Term term = terms.get(i);
              return draws(term)
                  ? sampler.choose(
                      new LogProbabilities(cells, which[i], size),
                      term.objective().seed(),
                      0,
                      term.target().position())
                  : term.target().token();
            })
        .toArray();
  }

  private static boolean draws(Term term) {
    return term.objective().kind().equals(Objective.SAMPLED_LOSS);
  }

  /** What each target counts, {@code [targets, 1]}. */
  private static PtNDArray factors(Torch.Scope scope, List<Term> terms, boolean ofProbabilities) {
    float[] factors = new float[terms.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] =
          switch (terms.get(i).objective().kind()) {
            case Objective.PROBABILITY -> ofProbabilities ? 1 : 0;
            case Objective.LOG_PROBABILITY -> ofProbabilities ? 0 : 1;
            case Objective.LOSS, Objective.SAMPLED_LOSS -> ofProbabilities ? 0 : -1;
            default -> throw new IllegalStateException("objectives were checked");
          };
    }
    return scope.floats(factors, factors.length, 1);
  }
}
