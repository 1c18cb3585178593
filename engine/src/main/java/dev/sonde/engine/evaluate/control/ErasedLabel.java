package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.engine.evaluate.erase.Eraser;
import dev.sonde.engine.evaluate.erase.EraserRows;
import dev.sonde.engine.evaluate.erase.Erasure;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.experiment.Experiment.ErasePart;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The label is erased from the features of the best hook point, and every decoder looks again.
 * Eraser and decoder are fitted to different groups of each training side: on the very rows that an
 * eraser was fitted to nothing linear is left by construction, which says nothing of other rows.
 * Before and after are compared on the same rows, and beside erasures of exchanged labels, which
 * take away as many directions.
 */
public final class ErasedLabel implements Control {
  private static final String STAGE = "erasing";

  /** Labelings at most that are erased in place of the label: as many as a p of .01 takes. */
  private static final int DRAWS = 99;

  @Override
  public Measured measure(EvaluationRun run) {
    ErasePart part = run.settings().erase();
    Optional<Choice> point =
        part.methods().isEmpty()
            ? Optional.empty()
            : Optional.of(Scored.best(run.scored().stream(), Scored::rank).choice());
    if (point.isEmpty()) {
      return working -> new Result(run.subject(), part.left(), List.of());
    }
    Matrix features = run.input().main().at(point.get().point());
    EraserHalves halves = EraserHalves.of(run, features);
    Map<String, Measure> before = new LinkedHashMap<>();
    for (Candidate one : candidates(run, point.get(), features)) {
      run.attempt(
              one.choice().decoder(),
              STAGE,
              () -> halves.measure(halves.untouched(), one.decoder(), run.targets()))
          .ifPresent(measure -> before.put(one.choice().decoder(), measure));
    }
    List<Looked> looked = new ArrayList<>();
    Eraser.named(part)
        .forEach(
            (name, eraser) ->
                looked.add(
                    look(run, halves, name, eraser, candidates(run, point.get(), features))));
    EraserRows all =
        EraserRows.of(features, IntStream.range(0, run.targets().size()).toArray(), run.algebra());
    return working ->
        new Result(
            run.subject(),
            part.left(),
            looked.stream()
                .flatMap(one -> one.among(run, point.get(), all, before, working).stream())
                .toList());
  }

  private static List<Candidate> candidates(EvaluationRun run, Choice at, Matrix features) {
    return run.decoders().entrySet().stream()
        .map(e -> new Candidate(new Choice(e.getKey(), at.point()), e.getValue(), features))
        .toList();
  }

  private static Looked look(
      EvaluationRun run,
      EraserHalves halves,
      String name,
      Eraser eraser,
      List<Candidate> candidates) {
    EraserHalves.Erased real = halves.erased(eraser, run.targets());
    Map<String, Measure> after = new LinkedHashMap<>();
    for (Candidate one : candidates) {
      run.attempt(
              one.choice().decoder(),
              STAGE,
              () -> halves.measure(real.validations(), one.decoder(), run.targets()))
          .ifPresent(measure -> after.put(one.choice().decoder(), measure));
    }
    Map<String, Decoder> closed = FurtherSearch.decoders(run);
    int draws = Math.min(DRAWS, run.settings().permutations());
    Map<String, double[]> left = new LinkedHashMap<>();
    closed.keySet().forEach(decoder -> left.put(decoder, new double[draws]));
    Permutations permutations = run.permutations();
    RandomGenerator random = run.seeds().random(STAGE);
    for (int draw = 0; draw < draws && !closed.isEmpty(); draw++) {
      run.progress().at("exchanged labels erased by " + name, draw, draws);
      Targets labels = permutations.draw(random);
      EraserHalves.Erased other = halves.erased(eraser, labels);
      int at = draw;
      closed.forEach(
          (decoder, fitted) ->
              run.attempt(
                      decoder,
                      STAGE,
                      () -> halves.measure(other.validations(), fitted, run.targets()))
                  .ifPresent(
                      measure ->
                          left.getOrDefault(decoder, new double[draws])[at] =
                              Scored.rank(measure.value())));
    }
    return new Looked(name, eraser, real.changed(), after, left);
  }

  /**
   * What was seen of one eraser.
   *
   * @param name its name in experiments
   * @param changed share of the variance of held-out rows
   * @param after what each decoder reaches
   * @param left what each decoder in closed form reaches with exchanged labels erased, per draw
   */
  private record Looked(
      String name,
      Eraser eraser,
      double changed,
      Map<String, Measure> after,
      Map<String, double[]> left) {

    /** What of it holds among the decoders that never failed; empty where none is left. */
    Optional<Erased> among(
        EvaluationRun run,
        Choice at,
        EraserRows all,
        Map<String, Measure> before,
        Set<String> working) {
      List<String> decoders =
          after.keySet().stream().filter(working::contains).filter(before::containsKey).toList();
      if (decoders.isEmpty()) {
        return Optional.empty();
      }
      List<Found> found = new ArrayList<>();
      for (String decoder : decoders) {
        Measure first = of(before, decoder);
        Measure second = of(after, decoder);
        found.add(
            new Found(
                new Choice(decoder, at.point()),
                run.estimate(first),
                run.estimate(second),
                run.intervals().difference(first::value, second::value)));
      }
      Found most = Scored.best(found.stream(), one -> Scored.rank(one.after().value()));
      Found best = Scored.best(found.stream(), one -> Scored.rank(one.before().value()));
      Estimate lost =
          run.intervals()
              .difference(
                  of(before, best.choice().decoder())::value,
                  of(after, most.choice().decoder())::value);
      return Optional.of(
          new Erased(
              name,
              eraser.fit(all, run.targets()),
              changed,
              List.copyOf(found),
              lost,
              test(run, before, decoders)));
    }

    private static Measure of(Map<String, Measure> measures, String decoder) {
      return measures.getOrDefault(decoder, new Measure(List.of(), 0));
    }

    /** How much is lost of what decoders in closed form reach, beside exchanged labels erased. */
    private Optional<NullTest> test(
        EvaluationRun run, Map<String, Measure> before, List<String> decoders) {
      List<String> closed = decoders.stream().filter(left::containsKey).toList();
      int draws = left.values().stream().mapToInt(each -> each.length).findFirst().orElse(0);
      if (closed.isEmpty() || draws == 0) {
        return Optional.empty();
      }
      double reached = highest(closed, decoder -> of(before, decoder).value());
      double[] drawn = new double[draws];
      Arrays.setAll(
          drawn,
          draw -> reached - highest(closed, d -> left.getOrDefault(d, new double[draws])[draw]));
      return Optional.of(
          new NullTest(
              closed,
              reached - highest(closed, decoder -> of(after, decoder).value()),
              drawn,
              run.permutations().smallestReachable(draws)));
    }

    private static double highest(List<String> decoders, ToDoubleFunction<String> figure) {
      return decoders.stream()
          .mapToDouble(decoder -> Scored.rank(figure.applyAsDouble(decoder)))
          .max()
          .orElse(-1);
    }
  }

  /**
   * A decoder before and after.
   *
   * @param lost before less after, paired
   */
  public record Found(Choice choice, Estimate before, Estimate after, Estimate lost)
      implements ControlResult.Placed {}

  /**
   * What an eraser leaves.
   *
   * @param eraser its name in experiments
   * @param fitted the erasure that all rows give
   * @param changed the sum of squares of what is subtracted from held-out rows, as a share of that
   *     around their mean
   * @param found of each decoder
   * @param lost the highest figure before less the highest after, paired
   * @param test of that loss, of decoders in closed form, beside exchanged labels erased; empty
   *     where there are none
   */
  public record Erased(
      String eraser,
      Erasure fitted,
      double changed,
      List<Found> found,
      Estimate lost,
      Optional<NullTest> test) {
    /** What is left for the decoder that finds most. */
    public Found most() {
      return Scored.best(found.stream(), one -> Scored.rank(one.after().value()));
    }

    /** What is left for the decoder that is farthest on the wrong side. */
    public Found least() {
      return Scored.best(found.stream(), one -> -Scored.rank(one.after().value()));
    }
  }

  /**
   * What every eraser leaves.
   *
   * @param allowed how far from chance an AUROC may lie for the label to be gone
   * @param erased one for each eraser that was asked for
   */
  public record Result(Subject subject, double allowed, List<Erased> erased)
      implements ControlResult {

    /** How far from chance the figure of merit may lie: of correlations twice as far. */
    public double margin() {
      return allowed * (1 - subject.merit().lowest());
    }

    /** The figure of a decoder after erasing. */
    public Metric after(Erased one, Found found) {
      return metric("erase." + subject.merit().metric(), one, found, found.after());
    }

    /** The loss of the highest figure. */
    public Metric lost(Erased one) {
      return subject.metric("erase.lost", one.lost()).where("erase", one.eraser());
    }

    private Metric metric(String name, Erased one, Found found, Estimate estimate) {
      return Subject.at(found.choice(), "grouped", subject.metric(name, estimate))
          .where("erase", one.eraser());
    }

    @Override
    public List<Metric> metrics() {
      List<Metric> metrics = new ArrayList<>();
      String merit = subject.merit().metric();
      for (Erased one : erased) {
        metrics.add(lost(one));
        one.test()
            .ifPresent(
                test ->
                    metrics.add(
                        test.metric("p.erase", subject.rows())
                            .where("methods", String.join(",", test.decoders()))
                            .where("erase", one.eraser())));
        metrics.add(
            Metric.of("erase.changed", one.changed())
                .where("erase", one.eraser())
                .n(subject.heldOut()));
        for (Found found : one.found()) {
          metrics.add(metric("erase." + merit + ".before", one, found, found.before()));
          metrics.add(after(one, found));
          metrics.add(metric("erase." + merit + ".lost", one, found, found.lost()));
        }
      }
      return metrics;
    }

    @Override
    public List<Table> tables() {
      if (erased.isEmpty()) {
        return List.of();
      }
      List<List<Object>> rows = new ArrayList<>();
      for (Erased one : erased) {
        for (Found found : one.found()) {
          rows.add(
              List.of(
                  one.eraser(),
                  found.choice().decoder(),
                  found.before().value(),
                  found.after().value(),
                  one.changed()));
        }
      }
      Merit merit = subject.merit();
      return List.of(
          Table.of(
              "erased",
              "%s of '%s' at %s before and after erasing it, eraser and decoder fitted to different groups"
                  .formatted(
                      merit.title(), subject.positive(), erased.getFirst().most().choice().point()),
              List.of("erase", "decoder", "before", "after", "variance changed"),
              rows));
    }
  }
}
