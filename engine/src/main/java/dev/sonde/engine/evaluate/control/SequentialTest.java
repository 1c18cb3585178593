package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Scored;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The largest figure of decoders that are dear to fit, one labeling after the other, until so many
 * reached the observed figure that p will not be small (Besag and Clifford 1991). A labeling is
 * fitted only as far as it takes to know whether it reaches it.
 */
final class SequentialTest {
  /** Under this name stands the test of all decoders that may be chosen. */
  static final String TOGETHER = "";

  /** So many labelings that reach the observed figure end the test. */
  private static final int ENOUGH = 10;

  private final List<String> decoders;
  private final double observed;
  private final double[] drawn;
  private final boolean stopped;
  private final boolean complete;

  private SequentialTest(
      List<String> decoders, double observed, double[] drawn, boolean stopped, boolean complete) {
    this.decoders = decoders;
    this.observed = observed;
    this.drawn = drawn;
    this.stopped = stopped;
    this.complete = complete;
  }

  /** A test of decoders alone. */
  static SequentialTest of(
      EvaluationRun run, Map<String, Decoder> decoders, List<Targets> labelings) {
    double[] nothing = new double[labelings.size()];
    Arrays.fill(nothing, -1);
    return of(run, decoders, labelings, nothing);
  }

  /**
   * A test of decoders together with others.
   *
   * @param labelings the observed one first
   * @param reached what the others reach in each labeling
   */
  static SequentialTest of(
      EvaluationRun run, Map<String, Decoder> decoders, List<Targets> labelings, double[] reached) {
    Drawing drawing = new Drawing(run, decoders);
    double observed = drawing.largest(run.targets(), Double.POSITIVE_INFINITY, reached[0]);
    int paid = run.candidates().paid();
    double[] drawn = new double[paid];
    int done = 0;
    int hits = 0;
    while (done < paid && hits < ENOUGH && drawing.complete) {
      run.progress().at("permutations for " + String.join(", ", decoders.keySet()), done, paid);
      drawn[done] = drawing.largest(labelings.get(done + 1), observed, reached[done + 1]);
      hits += drawn[done] >= observed ? 1 : 0;
      done++;
    }
    return new SequentialTest(
        List.copyOf(decoders.keySet()),
        observed,
        Arrays.copyOf(drawn, done),
        hits == ENOUGH,
        drawing.complete);
  }

  /** The fits of some decoders. */
  private static final class Drawing {
    private final EvaluationRun run;
    private final Map<String, Decoder> decoders;
    private boolean complete = true;

    Drawing(EvaluationRun run, Map<String, Decoder> decoders) {
      this.run = run;
      this.decoders = decoders;
    }

    /** The largest figure, or the first that is enough. */
    double largest(Targets labels, double enough, double atLeast) {
      double most = atLeast;
      CrossValidation outer = run.outer();
      for (Matrix features : run.input().main().sites().values()) {
        for (Map.Entry<String, Decoder> decoder : decoders.entrySet()) {
          if (most >= enough) {
            return most;
          }
          Optional<Double> figure =
              run.attempt(
                  decoder.getKey(),
                  "permutations",
                  () ->
                      Scored.rank(
                          outer
                              .heldOut(split -> features, decoder.getValue(), labels)
                              .merit()
                              .value()));
          complete &= figure.isPresent();
          most = Math.max(most, figure.orElse(-1.0));
        }
      }
      return most;
    }
  }

  /** The largest figure under the labels as they are. */
  double observed() {
    return observed;
  }

  /** What each labeling that was drawn reached, as far as it had to be known. */
  double[] drawn() {
    return drawn.clone();
  }

  /** Whether the last of them ended the test. */
  boolean stopped() {
    return stopped;
  }

  /** Whether it is the test of those decoders, of which some are in closed form. */
  boolean covers(List<String> choosable, List<String> closed) {
    return complete && choosable.size() == closed.size() + decoders.size();
  }
}
