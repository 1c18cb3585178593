package dev.sonde.engine.report;

import dev.sonde.engine.evaluate.Evaluated;
import dev.sonde.engine.evaluate.Margin;
import dev.sonde.engine.evaluate.control.ControlResult;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.NullTest;
import dev.sonde.engine.evaluate.control.PermutationTest;
import dev.sonde.engine.evaluate.control.Residualisation;
import dev.sonde.engine.report.Claim.Answer;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an evaluation amounts to, in words and by fixed rules: claims that hold or do not, each with
 * the numbers it rests on.
 */
final class Verdict {
  /** The largest p that is taken for more than chance. */
  private static final double SIGNIFICANT = 0.05;

  private static final String SURVIVES = "survives controls";

  private final Evaluated evaluated;
  private final double chance;

  private Verdict(Evaluated evaluated) {
    this.evaluated = evaluated;
    this.chance = evaluated.subject().merit().chance();
  }

  /** The claims: decodable, survives controls; none where nothing could be chosen. */
  static List<Claim> of(Evaluated evaluated) {
    return new Verdict(evaluated).claims();
  }

  private List<Claim> claims() {
    return evaluated
        .found(NestedSelection.Result.class)
        .map(NestedSelection.Result::merit)
        .filter(Verdict::exists)
        .map(
            nested -> {
              Claim decodable = decodable(nested);
              return List.of(decodable, survives(decodable.answer() == Answer.YES));
            })
        .orElse(List.of());
  }

  private static boolean exists(Estimate estimate) {
    return Double.isFinite(estimate.value());
  }

  private static boolean above(Estimate estimate, double bound) {
    double low = estimate.low();
    return (Double.isFinite(low) ? low : estimate.value()) > bound;
  }

  private Claim decodable(Estimate nested) {
    Optional<Double> p =
        evaluated
            .found(PermutationTest.Result.class)
            .flatMap(PermutationTest.Result::claim)
            .map(NullTest::p);
    String because = "nested %s on groups never seen".formatted(Numbers.text(nested));
    if (p.isPresent()) {
      because += ", p %s against exchanged labels".formatted(Numbers.text(p.get()));
    }
    if (p.isEmpty()) {
      return new Claim("decodable", Answer.NOT_TESTED, because + "; no labels were exchanged");
    }
    boolean holds = above(nested, chance) && p.get() <= SIGNIFICANT;
    return new Claim("decodable", holds ? Answer.YES : Answer.NOT_SHOWN, because);
  }

  private Claim survives(boolean decodable) {
    if (!decodable) {
      return new Claim(SURVIVES, Answer.POINTLESS, "there is nothing to survive them");
    }
    List<String> held = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    evaluated
        .margin()
        .filter(margin -> exists(margin.estimate()))
        .ifPresent(margin -> (above(margin.estimate(), 0) ? held : failed).add(text(margin)));
    residualised()
        .ifPresent(merit -> (above(merit, chance) ? held : failed).add(residualised(merit)));
    if (held.isEmpty() && failed.isEmpty()) {
      return new Claim(SURVIVES, Answer.NOT_TESTED, "no control was computed");
    }
    if (failed.isEmpty()) {
      return new Claim(SURVIVES, Answer.YES, String.join("; ", held));
    }
    return new Claim(
        SURVIVES,
        Answer.NO,
        "%s; so this is no evidence of '%s'"
            .formatted(String.join("; ", failed), evaluated.subject().positive()));
  }

  private static String text(Margin margin) {
    return "%s alone reaches %s, the nested figure is %s above it"
        .formatted(
            margin.over().words().subject(),
            Numbers.text(margin.over().estimate()),
            Numbers.text(margin.estimate()));
  }

  /** What is left to the decoder that does best, where it could be computed. */
  private Optional<Estimate> residualised() {
    String best = evaluated.best().choice().decoder();
    return evaluated.found(Residualisation.Result.class).stream()
        .flatMap(result -> ControlResult.Placed.of(result.found(), best).stream())
        .map(Residualisation.Found::merit)
        .filter(Verdict::exists)
        .findFirst();
  }

  private String residualised(Estimate merit) {
    List<String> confounds =
        evaluated
            .found(Residualisation.Result.class)
            .map(Residualisation.Result::confounds)
            .orElse(List.of());
    return "%s is left with %s taken out"
        .formatted(Numbers.text(merit), String.join(" and ", confounds));
  }
}
