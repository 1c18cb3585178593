package dev.sonde.engine.report;

import dev.sonde.api.report.Claim;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.Evaluated;
import dev.sonde.engine.evaluate.Margin;
import dev.sonde.engine.evaluate.control.BesideConfounds;
import dev.sonde.engine.evaluate.control.ContrastPairs;
import dev.sonde.engine.evaluate.control.ControlResult;
import dev.sonde.engine.evaluate.control.ErasedLabel;
import dev.sonde.engine.evaluate.control.Limits;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.PermutationTest;
import dev.sonde.engine.evaluate.control.Rival;
import dev.sonde.engine.evaluate.control.Transfer;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The questions that every evaluation puts: can it be decoded, does that say more than what needs
 * no trained model, and is it still there with the named confounds taken out.
 */
final class EvaluationClaims {
  private static final String CHANCE = "chance";

  private final Evaluated evaluated;
  private final NestedSelection.Result nested;

  private final String number;

  private EvaluationClaims(Evaluated evaluated, NestedSelection.Result nested, String number) {
    this.evaluated = evaluated;
    this.nested = nested;
    this.number = number;
  }

  /** The claims' evidence; none where nothing could be chosen. */
  static List<ClaimEvidence> of(Evaluated evaluated) {
    return of(evaluated, 1);
  }

  /**
   * The same of one of several evaluations of a probe.
   *
   * @param evaluation its number, from 1
   */
  static List<ClaimEvidence> of(Evaluated evaluated, int evaluation) {
    String number = evaluation > 1 ? "_" + evaluation : "";
    return evaluated
        .found(NestedSelection.Result.class)
        .map(nested -> new EvaluationClaims(evaluated, nested, number).claims())
        .orElse(List.of());
  }

  /** What the evaluation asks, in one sentence. */
  static String question(Evaluated evaluated) {
    return "Do the model's activations hold '%s', and more of it than the text itself gives away?"
        .formatted(evaluated.subject().positive());
  }

  private List<ClaimEvidence> claims() {
    List<ClaimEvidence> claims = new ArrayList<>(List.of(decodable(), beyondRivals()));
    evaluated.found(ContrastPairs.Result.class).flatMap(this::inPairs).ifPresent(claims::add);
    evaluated
        .found(BesideConfounds.Result.class)
        .flatMap(this::withoutConfounds)
        .ifPresent(claims::add);
    evaluated
        .found(ErasedLabel.Result.class)
        .ifPresent(result -> result.erased().forEach(one -> claims.add(erased(result, one))));
    evaluated
        .found(Transfer.Result.class)
        .ifPresent(transfer -> carriedOver(transfer).forEach(claims::add));
    return claims;
  }

  /** Whether what was learnt on the main set holds on each further one, at its best hook point. */
  private List<ClaimEvidence> carriedOver(Transfer.Result transfer) {
    return ControlResult.Placed.of(transfer.found(), evaluated.best().choice().decoder()).stream()
        .filter(found -> found.best() && found.from().equals("data") && found.over().isPresent())
        .map(this::carriedOver)
        .toList();
  }

  private ClaimEvidence carriedOver(Transfer.Found found) {
    Transfer.Over over = found.over().orElseThrow();
    String title = evaluated.subject().merit().title();
    return ClaimEvidence.of(
            "carries_over_" + found.to() + number,
            "Does what tells '%s' here tell it on '%s' too, beyond what words, length and embeddings carry over?"
                .formatted(evaluated.subject().positive(), found.to()))
        .above(
            "%s on %s (%s)"
                .formatted(title, found.to(), found.choice().decoder().replace('_', ' ')),
            metric("transfer", found.merit(), found.rows()),
            evaluated.subject().merit().chance(),
            CHANCE)
        .rival(
            over.words().subject(),
            metric("transfer.baseline." + over.words().name(), over.merit(), found.rows()),
            metric("transfer.margin", over.margin(), found.rows()))
        .testedByItsInterval()
        .overturnedBy("rows of other groups, or a simpler rival that carries over as far");
  }

  private static Metric metric(String name, Estimate estimate, int rows) {
    return Metric.of(name, estimate.value()).interval(estimate.low(), estimate.high()).n(rows);
  }

  private ClaimEvidence asked(String name, String question) {
    ClaimEvidence asked =
        ClaimEvidence.of(name + number, question)
            .above(
                "nested " + evaluated.subject().merit().title(),
                evaluated.subject().merit(".nested", nested.merit()),
                evaluated.subject().merit().chance(),
                CHANCE);
    // the test over exactly what the nested figure may choose; none where none was drawn
    ClaimEvidence tested =
        evaluated
            .found(PermutationTest.Result.class)
            .flatMap(PermutationTest.Result::claim)
            .map(test -> asked.tested("exchanged labels", test.p(), test.smallest()))
            .orElse(asked);
    return doubted(tested, false);
  }

  /**
   * A claim with what keeps this design from telling it.
   *
   * @param besideTheText whether the claim is about what the text itself does not give away
   */
  private ClaimEvidence doubted(ClaimEvidence claim, boolean besideTheText) {
    List<Limits.CannotBeTold> limits =
        evaluated.found(Limits.Result.class).map(Limits.Result::reasons).orElse(List.of());
    ClaimEvidence doubted = claim;
    for (Limits.CannotBeTold limit : limits) {
      if ((limit.reason() == Limits.Reason.CONFOUND_IS_LABEL) == besideTheText) {
        doubted = doubted.cannotTell(limit.because(), limit.needed());
      }
    }
    return doubted;
  }

  private ClaimEvidence decodable() {
    return asked(
            "decodable",
            "Can '%s' be told from the activations, on rows that no decoder was fitted to?"
                .formatted(evaluated.subject().positive()))
        .overturnedBy(
            "the same analysis on new groups, with p above %s".formatted(Metric.text(0.05)));
  }

  private ClaimEvidence beyondRivals() {
    ClaimEvidence claim =
        asked(
            "more_than_rivals",
            "Do the activations tell more of '%s' than what needs no trained model (words, length, embeddings, fresh weights)?"
                .formatted(evaluated.subject().positive()));
    Optional<Margin> margin = evaluated.margin();
    double beaten = margin.map(found -> found.over().rank()).orElse(Double.NEGATIVE_INFINITY);
    if (margin.isPresent()) {
      claim =
          claim.rival(
              margin.get().over().words().subject(),
              figure(margin.get().over()),
              evaluated.subject().merit(".margin", margin.get().estimate()));
    }
    for (Rival stronger : evaluated.rivals()) {
      if (stronger.rank() > beaten) {
        claim =
            claim.rival(
                new ClaimEvidence.Rival(
                    stronger.words().subject(), figure(stronger), Optional.empty()));
      }
    }
    claim = doubted(claim, true);
    return claim.rivals().isEmpty()
        ? claim.cannotTell("there is nothing to compare with", "rows with texts")
        : claim;
  }

  private Metric figure(Rival rival) {
    return evaluated.subject().metric("baseline." + rival.words().name(), rival.estimate());
  }

  /** Of contrast pairs, whether the two texts of a pair are told apart. */
  private Optional<ClaimEvidence> inPairs(ContrastPairs.Result pairs) {
    if (pairs.pairs() == 0) {
      return Optional.empty();
    }
    ClaimEvidence asked =
        ClaimEvidence.of(
                "tells_pairs_apart" + number,
                "Of a pair that no decoder was fitted to, can the text of '%s' be told from the other one?"
                    .formatted(evaluated.subject().positive()))
            .overturnedBy(
                "pairs of other groups, with p above %s".formatted(Metric.text(Claim.CHANCE)));
    ClaimEvidence claim =
        pairs
            .nested()
            .map(
                nested ->
                    asked
                        .above("nested pair accuracy", pairs.nested(nested), 0.5, CHANCE)
                        .tested(
                            "labels exchanged inside pairs, by groups",
                            nested.test().p(),
                            nested.test().smallest()))
            .orElse(asked);
    return Optional.of(doubted(claim, false));
  }

  /** Whether nothing is left of the label for any decoder once it was erased. */
  private ClaimEvidence erased(ErasedLabel.Result result, ErasedLabel.Erased one) {
    Merit merit = evaluated.subject().merit();
    String title = merit.title();
    ErasedLabel.Found most = one.most();
    ErasedLabel.Found least = one.least();
    ClaimEvidence asked =
        ClaimEvidence.of(
                "erased_by_" + one.eraser() + number,
                "Is '%s' gone from %s, for every decoder that was tried, once %s has erased it?"
                    .formatted(
                        evaluated.subject().positive(),
                        most.choice().point(),
                        one.eraser().replace('_', ' ')))
            .atMost(
                "highest %s that is left (%s)".formatted(title, named(most)),
                result.after(one, most),
                merit.chance() + result.margin(),
                "chance and what is allowed")
            .above(
                "lowest %s that is left (%s)".formatted(title, named(least)),
                result.after(one, least),
                merit.chance() - result.margin(),
                "chance less what is allowed")
            .above(title + " lost", result.lost(one), 0, "nothing lost")
            .overturnedBy(
                "another decoder, or other rows to fit it to, that reads the label again");
    return doubted(
        one.test()
            .map(
                test ->
                    asked.tested("exchanged labels erased in its place", test.p(), test.smallest()))
            .orElse(asked),
        false);
  }

  private static String named(ErasedLabel.Found found) {
    return found.choice().decoder().replace('_', ' ');
  }

  /** What is left where confounds were named and vary. */
  private Optional<ClaimEvidence> withoutConfounds(BesideConfounds.Result result) {
    if (result.confounds().isEmpty()) {
      return Optional.empty();
    }
    String confounds = String.join(" and ", result.confounds());
    ClaimEvidence asked =
        ClaimEvidence.of(
                "beside_confounds" + number,
                "Is '%s' still readable with %s taken out of the activations?"
                    .formatted(evaluated.subject().positive(), confounds))
            .overturnedBy("a confound that was not named");
    ClaimEvidence claim =
        result
            .found()
            .map(
                found ->
                    asked
                        .above(
                            "nested %s with them taken out"
                                .formatted(evaluated.subject().merit().title()),
                            result.merit(found),
                            evaluated.subject().merit().chance(),
                            CHANCE)
                        .tested(
                            "labels exchanged so that %s tell as much of them".formatted(confounds),
                            found.test().p(),
                            found.test().smallest()))
            .orElse(asked);
    return Optional.of(doubted(doubted(claim, false), true));
  }
}
