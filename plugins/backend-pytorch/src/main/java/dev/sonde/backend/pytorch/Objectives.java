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

/**
 * The gradients of objectives with respect to the residual stream after the last block: logits are
 * there for some rows at a time only, so that a long batch costs no more than a short one.
 */
final class Objectives {
  /** Rows whose logits over the whole vocabulary, and their graph, are held at once. */
  private static final int ROWS_AT_ONCE = 128;

  private final Torch torch;
  private final Decoder decoder;
  private final PackedBatch batch;
  private final Sampler sampler = new Sampler(Sampling.temperature(1));

  /** A target, and the row of the batch that predicts it. */
  private record Term(int row, Objective objective, Sequence.Target target) {}

  Objectives(Torch torch, Decoder decoder, PackedBatch batch) {
    this.torch = torch;
    this.decoder = decoder;
    this.batch = batch;
  }

  /**
   * The gradient of the sum of one objective of each sequence: sequences do not see each other.
   *
   * @param last {@code [tokens, d_model]}
   * @return the same shape
   */
  PtNDArray gradient(Torch.Scope scope, PtNDArray last, int objective) {
    PtNDArray all = scope.call("zeros_like", last);
    List<Term> terms = terms(objective);
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
    return all;
  }

  private static boolean fits(List<Integer> rows, int row) {
    return rows.size() < ROWS_AT_ONCE || rows.getLast() == row;
  }

  /** In order of their rows. */
  private List<Term> terms(int index) {
    List<Term> terms = new ArrayList<>();
    for (int place = 0; place < batch.size(); place++) {
      List<Objective> objectives = batch.sequence(place).objectives();
      if (index < objectives.size()) {
        Objective objective = objectives.get(index);
        for (Sequence.Target target : objective.targets()) {
          terms.add(new Term(batch.start(place) + target.position() - 1, objective, target));
        }
      }
    }
    terms.sort(Comparator.comparingInt(Term::row));
    return terms;
  }

  private void put(PtNDArray all, PtNDArray last, List<Integer> rows, List<Term> terms) {
    int[] places = rows.stream().mapToInt(Integer::intValue).toArray();
    try (Torch.Scope scope = torch.recordingScope();
        Torch.Scope plain = scope.unrecorded()) {
      PtNDArray chosen = scope.call("take", last, plain.integers(places));
      PtNDArray x = scope.call("watched", scope.call("detached", chosen));
      PtNDArray logits = decoder.logits(scope, decoder.finalNorm(scope, x, Taps.NONE));
      PtNDArray logs = scope.call("log_probabilities", logits);
      int[] which = terms.stream().mapToInt(t -> rows.indexOf(t.row())).toArray();
      int[] tokens = tokens(plain, logs, terms, which);
      PtNDArray picked = scope.call("pick", logs, plain.integers(which), plain.integers(tokens));
      PtNDArray values =
          scope.call(
              "objective", picked, factors(plain, terms, false), factors(plain, terms, true));
      PtNDArray ones = plain.call("ones_like", values);
      PtNDArray[] xs = {x};
      PtNDArray found = scope.callForMany("gradients", values, ones, xs).getFirst();
      plain.call("put_rows", all, plain.integers(places), found);
    }
  }

  private int[] tokens(Torch.Scope scope, PtNDArray logs, List<Term> terms, int[] which) {
    if (terms.stream().noneMatch(t -> t.objective().kind() == Objective.Kind.SAMPLED_LOSS)) {
      return terms.stream().mapToInt(t -> t.target().token()).toArray();
    }
    int size = decoder.spec().vocabulary();
    MemorySegment cells = Torch.cells(scope.call("detached", logs));
    int[] tokens = new int[which.length];
    for (int i = 0; i < tokens.length; i++) {
      Term term = terms.get(i);
      tokens[i] =
          term.objective().kind() == Objective.Kind.SAMPLED_LOSS
              ? sampler.choose(
                  new LogProbabilities(cells, which[i], size),
                  term.objective().seed(),
                  0,
                  term.target().position())
              : term.target().token();
    }
    return tokens;
  }

  /** What each target counts, {@code [targets, 1]}. */
  private static PtNDArray factors(Torch.Scope scope, List<Term> terms, boolean ofProbabilities) {
    float[] factors = new float[terms.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] =
          switch (terms.get(i).objective().kind()) {
            case PROBABILITY -> ofProbabilities ? 1 : 0;
            case LOG_PROBABILITY -> ofProbabilities ? 0 : 1;
            case LOSS, SAMPLED_LOSS -> ofProbabilities ? 0 : -1;
          };
    }
    return scope.floats(factors, factors.length, 1);
  }
}
