package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decoder behind checks of both sides: the caller gives a target per row and two different ones,
 * the decoder a scorer per labeling, and each of them a finite score per row.
 */
public final class AssertingDecoder implements Decoder {
  private final Decoder decoder;

  /** Checks what goes into a decoder and what comes out. */
  public AssertingDecoder(Decoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public Scorer fit(Design train, Targets targets) {
    checkTargets(train, targets);
    return checked(decoder.fit(train, targets));
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    many.forEach(targets -> checkTargets(train, targets));
    List<Scorer> scorers = decoder.fitAll(train, many);
    assertThat(scorers.size())
        .as("number of scorers that fitAll gives for %d labelings", many.size())
        .isEqualTo(many.size());
    List<Scorer> checked = new ArrayList<>();
    scorers.forEach(scorer -> checked.add(checked(scorer)));
    return checked;
  }

  private static void checkTargets(Design train, Targets targets) {
    assertThat(targets.size())
        .as("number of targets for %d training rows", train.rows())
        .isEqualTo(train.rows());
    assertThat(targets.vary()).as("the targets of a fit are not all the same").isTrue();
  }

  private static Scorer checked(Scorer scorer) {
    return rows -> {
      scorer
          .linearWeights()
          .ifPresent(
              weights ->
                  assertThat(weights.length)
                      .as("number of weights of a linear scorer of %d features", rows.columns())
                      .isEqualTo(rows.columns()));
      double[] scores = scorer.score(rows);
      assertThat(scores.length)
          .as("number of scores that score() gives for %d rows", rows.rows())
          .isEqualTo(rows.rows());
      for (int row = 0; row < scores.length; row++) {
        assertThat(scores[row]).as("the score of row %d of %d", row, scores.length).isFinite();
      }
      return scores;
    };
  }

  @Override
  public boolean closedForm() {
    return decoder.closedForm();
  }

  @Override
  public Optional<LinearForm> linearForm() {
    return decoder.linearForm();
  }
}
