package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What needs no trained model, carried from one data set to another as decoders are: fitted to the
 * rows of the first, its penalty chosen inside them, and scored on the second.
 */
final class TransferRivals {
  private final EvaluationRun run;
  private final SetFeatures to;
  private final int[] rows;
  private final int fitted;
  private final InputRidge ridge;
  private final List<TextRivals> rivals;

  /**
   * From one set to another.
   *
   * @param rows of the second, those that are scored
   */
  TransferRivals(EvaluationRun run, SetFeatures from, SetFeatures to, int[] rows) {
    this.run = run;
    this.to = to;
    this.rows = rows;
    this.fitted = from.study().size();
    List<Example> examples =
        Stream.concat(from.study().examples().stream(), to.study().examples().stream()).toList();
    List<String> groups =
        Stream.concat(TextGroups.of(from.study()).groups().stream(), to.study().groups().stream())
            .toList();
    this.ridge =
        new InputRidge(
            joined(from.study(), to.study()), groups, run.settings().innerFolds(), run.seeds());
    this.rivals =
        TextRivals.of(
            examples,
            JoinedSets.stacked(embedding(from), embedding(to)),
            JoinedSets.stacked(embeddingMean(from), embeddingMean(to)),
            run.algebra());
  }

  private static Targets joined(LabelledStudy from, LabelledStudy to) {
    Targets first = from.targets().orElseThrow();
    Targets second = to.targets().orElseThrow();
    double[] values = new double[first.size() + second.size()];
    Arrays.setAll(
        values, row -> row < first.size() ? first.value(row) : second.value(row - first.size()));
    return first.with(values);
  }

  private Optional<Matrix> embedding(SetFeatures set) {
    return isMain(set) ? Optional.of(run.input().embedding()) : set.embedding();
  }

  private Optional<Matrix> embeddingMean(SetFeatures set) {
    return isMain(set) ? Optional.of(run.input().embeddingMean()) : set.embeddingMean();
  }

  private boolean isMain(SetFeatures set) {
    return set.study().name().equals(run.study().name());
  }

  /**
   * One of them, carried over.
   *
   * @param measure what it reaches, of the rows of the second set
   */
  record Carried(Rival.Words words, RivalFeatures features, Measure measure) {
    double rank() {
      return Scored.rank(measure.value());
    }
  }

  /** All of them. */
  List<Carried> all() {
    int[] training = IntStream.range(0, fitted).toArray();
    List<Carried> all = new ArrayList<>();
    for (TextRivals rival : rivals) {
      RivalFeatures features = rival.features().get();
      all.add(new Carried(rival.words(), features, measure(features, training)));
    }
    return all;
  }

  /** What one reaches that is fitted to some rows of the first set only. */
  Measure measure(RivalFeatures features, int[] training) {
    int[] test = Arrays.stream(rows).map(row -> fitted + row).toArray();
    double[] scores = ridge.heldOut(features, List.of(new Split(training, test))).scores();
    return new HeldOutScores(
            Arrays.copyOfRange(scores, fitted, scores.length),
            List.of(new Split(training, rows)),
            to.study().targets().orElseThrow())
        .merit();
  }
}
