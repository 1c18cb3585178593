package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.data.LabelledStudy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sets of one class, two and two: one of the positive class with one of the negative class is a set
 * to which decoders can be carried over.
 */
final class JoinedSets {
  private JoinedSets() {}

  /** Whether a set holds rows of one class only. */
  static boolean ofOneClass(SetFeatures set) {
    return set.study()
        .targets()
        .filter(targets -> targets.isBinary() && !targets.vary())
        .isPresent();
  }

  /** All pairs of opposite sets of one class, by the name {@code POSITIVE+NEGATIVE}. */
  static List<SetFeatures> of(List<SetFeatures> sets) {
    List<SetFeatures> single = sets.stream().filter(JoinedSets::ofOneClass).toList();
    List<SetFeatures> joined = new ArrayList<>();
    for (SetFeatures positive : single) {
      for (SetFeatures negative : single) {
        if (positive(positive) && !positive(negative)) {
          joined.add(joined(positive, negative));
        }
      }
    }
    return joined;
  }

  private static boolean positive(SetFeatures set) {
    return set.study().targets().orElseThrow().positive(0);
  }

  private static SetFeatures joined(SetFeatures positive, SetFeatures negative) {
    int first = positive.study().size();
    boolean[] labels = new boolean[first + negative.study().size()];
    for (int row = 0; row < first; row++) {
      labels[row] = true;
    }
    List<Example> examples =
        Stream.concat(positive.study().examples().stream(), negative.study().examples().stream())
            .toList();
    LabelledStudy study =
        new LabelledStudy(
            positive.study().name() + "+" + negative.study().name(),
            positive.study().source(),
            examples,
            Optional.of(Targets.binary(labels)),
            groups(positive.study(), negative.study()),
            Optional.empty(),
            List.of());
    Map<HookPoint, Matrix> sites = new LinkedHashMap<>();
    positive.sites().forEach((point, rows) -> sites.put(point, stacked(rows, negative.at(point))));
    return new SetFeatures(
        study,
        sites,
        stacked(positive.embedding(), negative.embedding()),
        stacked(positive.embeddingMean(), negative.embeddingMean()));
  }

  /** Groups that both sets name are one; rows without groups are not joined by their numbers. */
  private static List<String> groups(LabelledStudy positive, LabelledStudy negative) {
    if (TextGroups.given(positive) && TextGroups.given(negative)) {
      return Stream.concat(positive.groups().stream(), negative.groups().stream()).toList();
    }
    return Stream.of(positive, negative)
        .flatMap(study -> study.groups().stream().map(group -> study.name() + "/" + group))
        .toList();
  }

  /** The rows of one below those of the other, where both have some. */
  static Optional<Matrix> stacked(Optional<Matrix> above, Optional<Matrix> below) {
    return above.flatMap(first -> below.map(second -> stacked(first, second)));
  }

  private static Matrix stacked(Matrix above, Matrix below) {
    Matrix both = Matrix.zeros(above.type(), above.rows() + below.rows(), above.columns());
    both.rows(0, above.rows()).segment().copyFrom(above.segment());
    both.rows(above.rows(), both.rows()).segment().copyFrom(below.segment());
    return both;
  }
}
