package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The largest figure over all hook points, and over all decoders that nested selection may choose
 * from, against that of exchanged labels: every choice is made again in each labeling. Where the
 * design allows, two questions are asked apart: whether what groups have in common is decoded, and
 * whether rows of one group are told apart.
 *
 * <p>Decoders in closed form are fitted to all labelings. The others are refitted one labeling
 * after the other, see {@link SequentialTest}, as long as {@code evaluation.refits} pays.
 */
public final class PermutationTest implements Control {
  private static final String STAGE = "permutations";

  @Override
  public Measured measure(EvaluationRun run) {
    Candidates candidates = run.candidates();
    Permutations permutations = run.permutations();
    List<Targets> labelings = labelings(run, permutations::draw, "");
    List<Question> questions = new ArrayList<>(List.of(Question.ALL));
    boolean between = permutations.betweenGroups();
    if (between) {
      questions.add(Question.BETWEEN);
    } else if (permutations.insideGroups()) {
      questions.add(Question.INSIDE);
    }
    NullDistribution drawn = distribution(run, labelings, questions);
    List<NullDistribution> all = new ArrayList<>(List.of(drawn));
    if (between && permutations.insideGroups()) {
      List<Targets> moved = labelings(run, permutations::drawInside, " inside groups");
      all.add(distribution(run, moved, List.of(Question.INSIDE)));
    }
    NullDistribution.draw(
        all,
        run.candidates().closed(),
        run.input().main().sites().values(),
        run.attempts(),
        run.algebra(),
        run.progress());
    run.partitions().forEach(CrossValidation::release);
    Optional<NullDistribution> inside =
        between && !permutations.insideGroups() ? Optional.empty() : Optional.of(all.getLast());
    Map<String, SequentialTest> refitted = refitted(run, labelings, drawn);
    Tests tests = new Tests(run, candidates, permutations, drawn, inside, refitted, between);
    return tests::among;
  }

  /** The observed labeling, then those drawn. */
  private static List<Targets> labelings(
      EvaluationRun run, Function<RandomGenerator, Targets> draw, String which) {
    RandomGenerator random = run.seeds().random(STAGE + which);
    List<Targets> labelings = new ArrayList<>(List.of(run.targets()));
    for (int i = 0; i < run.settings().permutations(); i++) {
      labelings.add(draw.apply(random));
    }
    return labelings;
  }

  private static NullDistribution distribution(
      EvaluationRun run, List<Targets> labelings, List<Question> questions) {
    return new NullDistribution(run.partitions(), labelings, run.numberedGroups(), questions);
  }

  /** The tests of decoders that are not in closed form, by name, and the one of the choice. */
  private static Map<String, SequentialTest> refitted(
      EvaluationRun run, List<Targets> labelings, NullDistribution drawn) {
    Map<String, SequentialTest> tests = new LinkedHashMap<>();
    Candidates candidates = run.candidates();
    if (candidates.paid() == 0) {
      return tests;
    }
    List<String> choosable = candidates.choosable(run.working());
    boolean together = choosable.size() > 1 && !candidates.cheap();
    candidates
        .refitted()
        .forEach(
            (name, decoder) -> {
              if (!together || !choosable.contains(name)) {
                tests.put(name, SequentialTest.of(run, Map.of(name, decoder), labelings));
              }
            });
    if (together) {
      Map<String, Decoder> dear = new LinkedHashMap<>(candidates.refitted());
      dear.keySet().retainAll(choosable);
      List<String> closed = candidates.choosable(candidates.closed().keySet());
      double[] reached = drawn.largest(Question.ALL, closed);
      tests.put(SequentialTest.TOGETHER, SequentialTest.of(run, dear, labelings, reached));
    }
    return tests;
  }

  /** All that was drawn, of which the tests of some decoders are made. */
  private record Tests(
      EvaluationRun run,
      Candidates candidates,
      Permutations permutations,
      NullDistribution drawn,
      Optional<NullDistribution> inside,
      Map<String, SequentialTest> refitted,
      boolean between) {

    Result among(Set<String> working) {
      List<String> choosable = candidates.choosable(working);
      List<NullTest> overLayers = new ArrayList<>();
      List<String> notes = new ArrayList<>();
      for (String name : run.input().decoders().keySet()) {
        if (!working.contains(name)) {
          continue;
        }
        if (candidates.closed().containsKey(name)) {
          overLayers.add(test(drawn, Question.ALL, List.of(name)));
        } else if (refitted.containsKey(name)) {
          overLayers.add(refitted(refitted.get(name), List.of(name)));
        } else if (candidates.paid() == 0 && choosable.contains(name)) {
          notes.add(unpaid(name));
        }
      }
      List<String> closed = choosable.stream().filter(candidates.closed()::containsKey).toList();
      Optional<NullTest> claim = claim(choosable, closed, overLayers);
      boolean cheap = !closed.isEmpty() && closed.size() == choosable.size();
      return new Result(
          overLayers,
          claim.filter(test -> test.decoders().size() > 1),
          claim,
          cheap && between ? Optional.of(test(drawn, Question.BETWEEN, closed)) : Optional.empty(),
          cheap && permutations.insideGroups()
              ? inside.map(some -> test(some, Question.INSIDE, closed))
              : Optional.empty(),
          List.copyOf(notes),
          run.targets().size());
    }

    /** The test of exactly those decoders; empty where one of them could not be drawn. */
    private Optional<NullTest> claim(
        List<String> choosable, List<String> closed, List<NullTest> overLayers) {
      if (choosable.isEmpty()) {
        return Optional.empty();
      }
      if (closed.size() == choosable.size()) {
        return Optional.of(test(drawn, Question.ALL, closed));
      }
      SequentialTest together = refitted.get(SequentialTest.TOGETHER);
      if (together != null) {
        return together.covers(choosable, closed)
            ? Optional.of(refitted(together, choosable))
            : Optional.empty();
      }
      return overLayers.stream().filter(test -> test.decoders().equals(choosable)).findFirst();
    }

    private NullTest test(NullDistribution some, Question question, List<String> decoders) {
      double[] largest = some.largest(question, decoders);
      int draws = largest.length - 1;
      double smallest =
          question == Question.INSIDE
              ? permutations.smallestReachableInside(draws)
              : permutations.smallestReachable(draws);
      return new NullTest(
          decoders, largest[0], Arrays.copyOfRange(largest, 1, largest.length), smallest, false);
    }

    private NullTest refitted(SequentialTest test, List<String> decoders) {
      return new NullTest(
          decoders,
          test.observed(),
          test.drawn(),
          permutations.smallestReachable(candidates.paid()),
          test.stopped());
    }

    private String unpaid(String name) {
      return ("No permutation test for %s: it is not in closed form, one permutation needs %d refits,"
              + " and evaluation.refits is %d.")
          .formatted(name, candidates.fits(), run.settings().refits());
    }
  }

  /**
   * What the labels that were exchanged reach.
   *
   * @param overLayers one test a decoder, over all hook points
   * @param overAll {@code claim}, where it is of several decoders
   * @param claim over all hook points and exactly the decoders that nested selection may choose
   *     from; empty where one of them is too dear to be drawn, and then nothing is tested
   * @param between of pairs of rows of different groups; empty where groups do not differ in their
   *     labels
   * @param inside of pairs of rows of one group, with labels exchanged inside groups only; empty
   *     where groups hold one label each
   * @param rows number of rows
   */
  public record Result(
      List<NullTest> overLayers,
      Optional<NullTest> overAll,
      Optional<NullTest> claim,
      Optional<NullTest> between,
      Optional<NullTest> inside,
      List<String> notes,
      int rows)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      List<Metric> metrics = new ArrayList<>();
      for (NullTest test : overLayers) {
        metrics.add(
            test.metric("p.max_over_layers", rows).where("method", test.decoders().getFirst()));
      }
      overAll.ifPresent(test -> metrics.add(of("p.max_over_all", test)));
      between.ifPresent(test -> metrics.add(of("p.between_groups", test)));
      inside.ifPresent(test -> metrics.add(of("p.inside_groups", test)));
      return metrics;
    }

    private Metric of(String name, NullTest test) {
      return test.metric(name, rows).where("methods", String.join(",", test.decoders()));
    }
  }
}
