package dev.sonde.engine.report;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.Evaluated;
import dev.sonde.engine.evaluate.Margin;
import dev.sonde.engine.evaluate.Tried;
import dev.sonde.engine.evaluate.control.BesideConfounds;
import dev.sonde.engine.evaluate.control.ContrastPairs;
import dev.sonde.engine.evaluate.control.ControlResult;
import dev.sonde.engine.evaluate.control.ErasedLabel;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.NullTest;
import dev.sonde.engine.evaluate.control.PermutationTest;
import dev.sonde.engine.evaluate.control.Rival;
import dev.sonde.engine.evaluate.control.Subject;
import dev.sonde.engine.evaluate.erase.Erasure;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Results of an evaluation that nobody ran, with intervals of 0.04 to either side. */
final class Findings {
  private static final Subject SUBJECT = new Subject(Merit.AUROC, 40, 40, "reasoning");
  private static final Measure NOTHING = new Measure(List.of(), 40);

  private final List<Tried> tried = new ArrayList<>();
  private final List<ControlResult> controls = new ArrayList<>();
  private Optional<Margin> margin = Optional.empty();

  private static Estimate estimate(double value) {
    return new Estimate(value, new Interval(value - 0.04, value + 0.04));
  }

  private static Choice choice(String decoder, int layer) {
    return new Choice(decoder, HookPoint.of(layer, "hook_resid_post"));
  }

  private static Rival rival(double value) {
    return new Rival(
        new Rival.Words("length", "length", "length", "characters"), NOTHING, estimate(value));
  }

  private static Rival embedding(double value) {
    return new Rival(
        new Rival.Words(
            "embedding_mean", "mean embedding", "the mean of the token embeddings", "words"),
        NOTHING,
        estimate(value));
  }

  Findings embeddingMean(double value) {
    return rivals(embedding(value));
  }

  Findings tried(String decoder, int layer, double value) {
    Estimate merit = estimate(value);
    tried.add(new Tried(choice(decoder, layer), merit, merit, Optional.empty(), merit));
    return this;
  }

  Findings nested(double value) {
    controls.add(
        new NestedSelection.Result(
            SUBJECT,
            NOTHING,
            estimate(value),
            estimate(0.01),
            new double[] {value},
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of("ridge"),
            List.of()));
    return this;
  }

  Findings permutations(String decoder, double observed, int reached) {
    return permutations(List.of(decoder), observed, reached);
  }

  /** A test of each decoder, and of the choice where it is among these. */
  Findings permutations(List<String> decoders, double observed, int reached) {
    double[] drawn = new double[99];
    Arrays.fill(drawn, 0, reached, observed);
    controls.add(
        new PermutationTest.Result(
            decoders.stream()
                .map(decoder -> new NullTest(List.of(decoder), observed, drawn, 0.01))
                .toList(),
            Optional.empty(),
            Optional.of(new NullTest(decoders, observed, drawn, 0.01))
                .filter(
                    test ->
                        tried.stream().allMatch(one -> decoders.contains(one.choice().decoder()))),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            40));
    return this;
  }

  /** What is left with confounds taken out, which so many of 99 exchanged labelings reach. */
  Findings beside(double value, int reached) {
    double[] drawn = new double[99];
    Arrays.fill(drawn, 0, reached, value);
    controls.add(
        new BesideConfounds.Result(
            SUBJECT,
            List.of("length", "digits"),
            Optional.of(
                new BesideConfounds.Found(
                    estimate(value),
                    estimate(value),
                    5,
                    new NullTest(List.of("m"), value, drawn, 0.01)))));
    return this;
  }

  /** Pairs in the right order, which so many of 99 exchanged labelings reach. */
  Findings pairs(double accuracy, int reached) {
    double[] drawn = new double[99];
    Arrays.fill(drawn, 0, reached, accuracy);
    controls.add(
        new ContrastPairs.Result(
            SUBJECT,
            20,
            List.of(),
            Optional.of(
                new ContrastPairs.Nested(
                    estimate(accuracy), new NullTest(List.of("m"), accuracy, drawn, 0.01)))));
    return this;
  }

  /** What an eraser leaves, and how many of 99 exchanged labels take away as much. */
  Findings erased(double most, double least, double lost, int reached) {
    double[] drawn = new double[99];
    Arrays.fill(drawn, 0, reached, lost);
    controls.add(
        new ErasedLabel.Result(
            SUBJECT,
            0.1,
            List.of(
                new ErasedLabel.Erased(
                    "leace",
                    new Erasure(new double[] {0}, List.of(), List.of()),
                    0.1,
                    List.of(looked("m", most), looked("n", least)),
                    estimate(lost),
                    Optional.of(new NullTest(List.of("m"), lost, drawn, 0.01))))));
    return this;
  }

  private static ErasedLabel.Found looked(String decoder, double after) {
    return new ErasedLabel.Found(choice(decoder, 1), estimate(0.9), estimate(after), estimate(0));
  }

  /** Confounds that vary, and no decoder that could be tested beside them. */
  Findings notBeside() {
    controls.add(new BesideConfounds.Result(SUBJECT, List.of("length"), Optional.empty()));
    return this;
  }

  Findings length(double value) {
    return rivals(rival(value));
  }

  private Findings rivals(Rival rival) {
    controls.add(
        new ControlResult() {
          @Override
          public List<Metric> metrics() {
            return List.of();
          }

          @Override
          public List<Rival> rivals() {
            return List.of(rival);
          }
        });
    return this;
  }

  Findings margin(double value) {
    margin = Optional.of(new Margin(rival(0.6), estimate(value)));
    return this;
  }

  Evaluated evaluated() {
    return new Evaluated(SUBJECT, tried, controls, margin, "what was evaluated", List.of());
  }
}
