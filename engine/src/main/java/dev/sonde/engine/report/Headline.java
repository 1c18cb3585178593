package dev.sonde.engine.report;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.evaluate.Evaluated;
import dev.sonde.engine.evaluate.control.BesideConfounds;
import dev.sonde.engine.evaluate.control.ContrastPairs;
import dev.sonde.engine.evaluate.control.ControlResult;
import dev.sonde.engine.evaluate.control.DescriptionLength;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.NullTest;
import dev.sonde.engine.evaluate.control.PermutationTest;
import dev.sonde.engine.evaluate.control.RareClass;
import dev.sonde.engine.evaluate.control.Selectivity;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The few figures that an evaluation's claims rest on, in the order in which they should be read.
 */
public final class Headline {
  private static final String BETWEEN = "pairs of rows of different groups";
  private static final String INSIDE = "pairs of rows of one group";

  private final Evaluated evaluated;

  private Headline(Evaluated evaluated) {
    this.evaluated = evaluated;
  }

  /**
   * One line.
   *
   * @param what the figure in words
   * @param value its value with interval
   * @param reading what it means
   */
  public record Line(String what, String value, String reading) {}

  /** The figures of an evaluation. */
  static List<Line> of(Evaluated evaluated) {
    return new Headline(evaluated).lines();
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    if (Double.isFinite(evaluated.best().merit().value())) {
      lines.add(
          line(
              "best: " + place(evaluated.best().choice()),
              evaluated.best().merit(),
              "best of all tried, so biased upward; see optimism"));
    }
    evaluated
        .found(NestedSelection.Result.class)
        .ifPresent(
            nested -> {
              String title = "nested " + evaluated.subject().merit().title();
              lines.add(line(title, nested.merit(), "headline: chosen on inner folds only"));
              lines.add(line("optimism", nested.optimism(), "best less nested"));
              if (nested.between().isPresent() && nested.inside().isPresent()) {
                lines.add(line(title + ", between groups", nested.between().get(), BETWEEN));
                lines.add(line(title + ", inside groups", nested.inside().get(), INSIDE));
              }
              nested.rare().ifPresent(rare -> lines.addAll(found(rare)));
              nested
                  .givenLength()
                  .map(one -> line(title + ", given length", one, "ranks, length held fixed"))
                  .ifPresent(lines::add);
            });
    evaluated
        .found(ContrastPairs.Result.class)
        .flatMap(ContrastPairs.Result::nested)
        .ifPresent(nested -> lines.addAll(inPairs(nested)));
    evaluated
        .found(BesideConfounds.Result.class)
        .ifPresent(
            result ->
                result.found().ifPresent(found -> lines.addAll(beside(result.confounds(), found))));
    evaluated
        .rivals()
        .forEach(r -> lines.add(line(r.words().title(), r.estimate(), r.words().reading())));
    ofBest(Selectivity.Result.class, Selectivity.Result::found)
        .map(
            found ->
                line(found, "selectivity", found.selectivity(), "task less control task, row-wise"))
        .forEach(lines::add);
    ofBest(DescriptionLength.Result.class, DescriptionLength.Result::found)
        .map(Headline::bits)
        .forEach(lines::add);
    evaluated
        .found(PermutationTest.Result.class)
        .ifPresent(
            tests -> {
              for (NullTest test : tests.overLayers()) {
                lines.add(p("p, " + test.decoders().getFirst(), test, "corrected over all layers"));
              }
              tests
                  .overAll()
                  .map(test -> p("p, all decoders", test, "corrected over all layers and decoders"))
                  .ifPresent(lines::add);
              if (tests.between().isPresent() && tests.inside().isPresent()) {
                lines.add(p("p, between groups", tests.between().get(), BETWEEN));
                lines.add(p("p, inside groups", tests.inside().get(), INSIDE));
              }
            });
    return lines;
  }

  /** How often the positive text of a pair scores higher. */
  private static List<Line> inPairs(ContrastPairs.Nested nested) {
    return List.of(
        line(
            "nested pair accuracy",
            nested.accuracy(),
            "share of held-out pairs in the right order; fitted to differences"),
        p("p, pairs", nested.test(), "labels exchanged inside pairs, by groups"));
  }

  /** What is left with confounds taken out. */
  private List<Line> beside(List<String> confounds, BesideConfounds.Found found) {
    List<Line> lines = new ArrayList<>();
    lines.add(
        line(
            "nested %s, confounds taken out".formatted(evaluated.subject().merit().title()),
            found.merit(),
            "%s regressed out".formatted(String.join(" and ", confounds))));
    if (Double.isFinite(found.within().value())) {
      lines.add(
          line("the same among rows alike in them", found.within(), "compared within strata"));
    }
    lines.add(
        p(
            "p beside confounds",
            found.test(),
            "labels exchanged, what confounds tell of them kept"));
    return lines;
  }

  /** What is found where one class is rare. */
  private static List<Line> found(RareClass rare) {
    List<Line> lines = new ArrayList<>();
    lines.add(
        line(
            "nested PR-AUC",
            rare.averagePrecision(),
            "precision over recall; chance is %s".formatted(Numbers.text(rare.share()))));
    for (RareClass.Recall recall : rare.recalls()) {
      lines.add(
          line(
              "nested recall at %d %% false positives"
                  .formatted(Math.round(100 * recall.falsePositives())),
              recall.estimate(),
              "share of positive rows found"));
    }
    return lines;
  }

  /** What a control found of the decoder that does best. */
  private <R extends ControlResult, F extends ControlResult.Placed> Stream<F> ofBest(
      Class<R> control, Function<R, List<F>> found) {
    Optional<R> result = evaluated.found(control);
    return result.stream()
        .flatMap(
            all ->
                ControlResult.Placed.of(found.apply(all), evaluated.best().choice().decoder())
                    .stream());
  }

  private static Line line(String what, Estimate estimate, String reading) {
    return new Line(what, Numbers.text(estimate), reading);
  }

  private static Line line(
      ControlResult.Placed found, String what, Estimate estimate, String reading) {
    return line(what + ", " + found.choice().decoder(), estimate, reading);
  }

  private static Line bits(DescriptionLength.Found found) {
    String value = Numbers.text(found.bits());
    return new Line(
        "online code, " + found.choice().decoder(),
        Double.isFinite(found.bits().value()) ? value + " bits" : value,
        "description length per label; 1 bit means nothing was learnt");
  }

  private static Line p(String what, NullTest test, String reading) {
    return new Line(
        what,
        Numbers.text(test.p()),
        "%s; %d labelings drawn, smallest p %s"
            .formatted(reading, test.draws(), Numbers.text(test.smallest())));
  }

  private static String place(Choice choice) {
    HookPoint point = choice.point();
    if (point.equals(HookPoint.EMBED)) {
      return choice.decoder() + ", embed";
    }
    return "%s, %s%s"
        .formatted(
            choice.decoder(),
            point.layer().isPresent() ? "layer " + point.layer().getAsInt() + " " : "",
            point.shortSite());
  }
}
