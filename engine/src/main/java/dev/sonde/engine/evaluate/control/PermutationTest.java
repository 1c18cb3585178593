package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Scored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The largest figure over all hook points against that of exchanged labels. */
public final class PermutationTest implements Control {
  private static final String STAGE = "permutations";

  @Override
  public Measured measure(EvaluationRun run) {
    Permutations permutations = new Permutations(run.targets(), run.groups());
    RandomGenerator random = run.seeds().random(STAGE);
    int most = run.settings().permutations();
    List<Targets> labelings =
        IntStream.range(0, most).mapToObj(i -> permutations.draw(random)).toList();
    NullDistribution drawn = new NullDistribution(run.outer(), labelings);
    Map<String, Decoder> closed = new LinkedHashMap<>();
    Map<String, Decoder> refitted = new LinkedHashMap<>();
    run.input()
        .decoders()
        .forEach(
            (name, decoder) ->
                run.attempt(name, STAGE, decoder::closedForm)
                    .ifPresent(isClosed -> (isClosed ? closed : refitted).put(name, decoder)));
    Collection<Matrix> sites = run.input().main().sites().values();
    drawn.draw(closed, sites, most, run.attempts(), run.progress());
    int fits = sites.size() * run.outer().splits().size();
    int paid = Math.min(most, run.settings().refits() / fits);
    refitted.forEach(
        (name, decoder) -> {
          if (paid > 0) {
            drawn.draw(Map.of(name, decoder), sites, paid, run.attempts(), run.progress());
          }
        });
    return working -> {
      List<NullTest> overLayers = new ArrayList<>();
      List<String> notes = new ArrayList<>();
      for (String name : in(run.input().decoders().keySet(), working)) {
        if (refitted.containsKey(name) && paid == 0) {
          notes.add(
              "No permutation test for %s: it is not in closed form, and evaluation.refits (%d) pays for no draw of %d fits."
                  .formatted(name, run.settings().refits(), fits));
        } else {
          overLayers.add(test(run, permutations, drawn, List.of(name)));
        }
      }
      List<String> together = in(closed.keySet(), working);
      Optional<NullTest> overAll =
          together.size() > 1
              ? Optional.of(test(run, permutations, drawn, together))
              : Optional.empty();
      return new Result(overLayers, overAll, List.copyOf(notes), run.targets().size());
    };
  }

  private static List<String> in(Collection<String> names, Set<String> working) {
    return names.stream().filter(working::contains).toList();
  }

  private static NullTest test(
      EvaluationRun run, Permutations permutations, NullDistribution drawn, List<String> decoders) {
    double observed =
        Scored.best(
                run.scored().stream().filter(s -> decoders.contains(s.choice().decoder())),
                Scored::rank)
            .rank();
    double[] largest = drawn.largest(decoders);
    return new NullTest(
        decoders, observed, largest, permutations.smallestReachable(largest.length));
  }

  /**
   * What the labels that were exchanged reach.
   *
   * @param overLayers one test a decoder, over all hook points
   * @param overAll over all hook points and all decoders in closed form; empty where there is one
   * @param rows number of rows
   */
  public record Result(
      List<NullTest> overLayers, Optional<NullTest> overAll, List<String> notes, int rows)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      List<Metric> metrics = new ArrayList<>();
      for (NullTest test : overLayers) {
        metrics.add(
            test.metric("p.max_over_layers", rows).where("method", test.decoders().getFirst()));
      }
      overAll.ifPresent(
          test ->
              metrics.add(
                  test.metric("p.max_over_all", rows)
                      .where("methods", String.join(",", test.decoders()))));
      return metrics;
    }
  }
}
