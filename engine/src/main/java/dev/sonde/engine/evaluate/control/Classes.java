package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Labelings;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Measure.Agreement;
import dev.sonde.engine.evaluate.fit.Measure.Part;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.LogisticCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where labels have more than two values: each class against the rest, each pair of classes, and
 * what is taken for what. For every class, hook point and decoder are chosen on inner folds of each
 * training side, among the decoders in closed form; its scores become probabilities by what was
 * held out there, and a row is taken for the most probable class.
 */
public final class Classes implements Control {
  /** Beyond so many classes the figures of pairs are left out. */
  private static final int PAIRED = 12;

  @Override
  public Measured measure(EvaluationRun run) {
    List<String> written = run.study().classes();
    List<String> names = written.stream().distinct().sorted().toList();
    if (run.merit() != Merit.AUROC || names.size() < 3) {
      return working -> Result.none(List.of());
    }
    if (run.candidates().closed().isEmpty()) {
      return working ->
          Result.none(
              List.of(
                  "Figures of single classes need a decoder in closed form, such as ridge or"
                      + " difference_of_means."));
    }
    int[] classOf = written.stream().mapToInt(names::indexOf).toArray();
    Choices choices = new Choices(run, new Labelings(against(names, classOf)));
    choices.make();
    Result result = new Figures(run, names, classOf, choices).result();
    return working -> result;
  }

  /** Each class against the rest. */
  private static List<Targets> against(List<String> names, int[] classOf) {
    List<Targets> labelings = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      boolean[] own = new boolean[classOf.length];
      for (int row = 0; row < own.length; row++) {
        own[row] = classOf[row] == c;
      }
      labelings.add(Targets.binary(own, names.get(c), "rest"));
    }
    return labelings;
  }

  /** What is chosen for each class on each training side, and what it says of the test side. */
  private static final class Choices {
    private final EvaluationRun run;
    private final Labelings labelings;
    private final List<Split> splits;
    private final double[][] best;
    private final double[][] scores;
    private final double[][] probabilities;

    Choices(EvaluationRun run, Labelings labelings) {
      this.run = run;
      this.labelings = labelings;
      this.splits = run.outer().splits();
      int classes = labelings.all().size();
      this.best = new double[splits.size()][classes];
      for (double[] reached : best) {
        Arrays.fill(reached, Double.NEGATIVE_INFINITY);
      }
      this.scores = new double[classes][run.targets().size()];
      this.probabilities = new double[classes][run.targets().size()];
    }

    void make() {
      List<CrossValidation> inner = new ArrayList<>();
      for (int s = 0; s < splits.size(); s++) {
        int[] train = splits.get(s).train();
        List<String> groups = Arrays.stream(train).mapToObj(run.groups()::get).toList();
        int[] folds =
            Folds.grouped(
                groups, run.settings().innerFolds(), run.seeds().random("inner folds " + s));
        inner.add(new CrossValidation(Folds.within(train, Folds.splits(folds)), run.algebra()));
      }
      List<Candidate> candidates =
          Candidate.of(run.input().main().sites(), run.candidates().closed());
      int done = 0;
      for (Candidate candidate : candidates) {
        run.progress().at("classes", done++, candidates.size());
        run.attempt(
            candidate.choice().decoder(),
            "classes",
            () -> {
              look(candidate, inner);
              return candidate;
            });
      }
    }

    private void look(Candidate candidate, List<CrossValidation> inner) {
      double[][] outer =
          run.outer().scores(split -> candidate.features(), candidate.decoder(), labelings);
      for (int s = 0; s < splits.size(); s++) {
        CrossValidation within = inner.get(s);
        double[][] held =
            within.scores(split -> candidate.features(), candidate.decoder(), labelings);
        for (int c = 0; c < held.length; c++) {
          Targets targets = labelings.all().get(c);
          double reached =
              Scored.rank(new HeldOutScores(held[c], within.splits(), targets).merit().value());
          if (reached > best[s][c]) {
            best[s][c] = reached;
            take(
                c,
                splits.get(s),
                outer[c],
                LogisticCurve.of(held[c], splits.get(s).train(), targets::positive));
          }
        }
      }
    }

    private void take(int c, Split split, double[] outer, LogisticCurve calibration) {
      for (int row : split.test()) {
        scores[c][row] = outer[row];
        probabilities[c][row] = calibration.probability(outer[row]);
      }
    }
  }

  /** The figures of what was chosen. */
  private record Figures(EvaluationRun run, List<String> names, int[] classOf, Choices choices) {
    Result result() {
      List<Against> rest = new ArrayList<>();
      List<Against> pairs = new ArrayList<>();
      for (int c = 0; c < names.size(); c++) {
        int own = c;
        Targets targets = choices.labelings.all().get(c);
        Measure measure = new HeldOutScores(choices.scores[c], choices.splits, targets).merit();
        rest.add(
            new Against(
                names.get(c), "rest", intervals(targets).merit(measure), targets.positives()));
        for (int other = c + 1; other < names.size() && names.size() <= PAIRED; other++) {
          int that = other;
          int[] rows =
              IntStream.range(0, classOf.length)
                  .filter(row -> classOf[row] == own || classOf[row] == that)
                  .toArray();
          pairs.add(
              new Against(
                  names.get(c),
                  names.get(other),
                  intervals(targets).merit(pair(own, that)),
                  rows.length));
        }
      }
      int[] taken = taken();
      double[] right = new double[taken.length];
      Arrays.setAll(right, row -> taken[row] == classOf[row] ? 1 : 0);
      int[] held =
          choices.splits.stream().flatMapToInt(split -> Arrays.stream(split.test())).toArray();
      List<String> notes =
          names.size() > PAIRED
              ? List.of(
                  "Figures of pairs are left out: there are %d classes.".formatted(names.size()))
              : List.of();
      return new Result(
          names,
          rest,
          pairs,
          List.of(
              new Accuracy("classes.accuracy", run.intervals().mean(right, held), largest(held)),
              new Accuracy(
                  "classes.balanced_accuracy",
                  run.intervals().merit(weights -> balanced(weights, right, held)),
                  1.0 / names.size())),
          confusion(taken, held),
          held.length,
          notes);
    }

    private Intervals intervals(Targets targets) {
      return Intervals.of(targets, run.groups(), run.seeds().random("intervals"));
    }

    /** Rows of two classes by the scores of each, the mean of both (Hand and Till 2001). */
    private Measure pair(int first, int second) {
      List<Part> parts = new ArrayList<>();
      for (int c : new int[] {first, second}) {
        for (Split split : choices.splits) {
          int[] rows =
              Arrays.stream(split.test())
                  .filter(row -> classOf[row] == first || classOf[row] == second)
                  .toArray();
          double[] own = Arrays.stream(rows).mapToDouble(row -> choices.scores[c][row]).toArray();
          parts.add(
              new Part(rows, Agreement.auroc(own, choices.labelings.all().get(c).select(rows))));
        }
      }
      return new Measure(parts, classOf.length);
    }

    private int[] taken() {
      int[] taken = new int[classOf.length];
      for (int row = 0; row < taken.length; row++) {
        for (int c = 1; c < names.size(); c++) {
          if (choices.probabilities[c][row] > choices.probabilities[taken[row]][row]) {
            taken[row] = c;
          }
        }
      }
      return taken;
    }

    private double largest(int[] held) {
      int[] counts = new int[names.size()];
      Arrays.stream(held).forEach(row -> counts[classOf[row]]++);
      return Arrays.stream(counts).max().orElse(0) / (double) held.length;
    }

    /** The mean over classes of the share of their rows that are taken for what they are. */
    private double balanced(double[] weights, double[] right, int[] held) {
      double[] found = new double[names.size()];
      double[] all = new double[names.size()];
      for (int row : held) {
        found[classOf[row]] += weights[row] * right[row];
        all[classOf[row]] += weights[row];
      }
      return IntStream.range(0, found.length)
          .filter(c -> all[c] > 0)
          .mapToDouble(c -> found[c] / all[c])
          .average()
          .orElse(Double.NaN);
    }

    private List<List<Object>> confusion(int[] taken, int[] held) {
      int[][] counts = new int[names.size()][names.size()];
      Arrays.stream(held).forEach(row -> counts[classOf[row]][taken[row]]++);
      List<List<Object>> rows = new ArrayList<>();
      for (int c = 0; c < counts.length; c++) {
        List<Object> cells = new ArrayList<>(List.of(names.get(c)));
        Arrays.stream(counts[c]).forEach(cells::add);
        rows.add(List.copyOf(cells));
      }
      return rows;
    }
  }

  /**
   * A class against another, or the rest.
   *
   * @param rows how many rows of the class, or of the pair, there are
   */
  public record Against(String name, String other, Estimate auroc, int rows) {}

  /**
   * How many rows are taken for what they are.
   *
   * @param chance what one guess for all rows reaches
   */
  public record Accuracy(String metric, Estimate estimate, double chance) {}

  /**
   * The figures of single classes; all empty where there are two.
   *
   * @param confusion per class its name, then how many of its rows were taken for each class
   * @param rows how many were held out
   */
  public record Result(
      List<String> names,
      List<Against> rest,
      List<Against> pairs,
      List<Accuracy> accuracies,
      List<List<Object>> confusion,
      int rows,
      List<String> notes)
      implements ControlResult {
    static Result none(List<String> notes) {
      return new Result(List.of(), List.of(), List.of(), List.of(), List.of(), 0, notes);
    }

    @Override
    public List<Metric> metrics() {
      List<Metric> metrics = new ArrayList<>();
      for (Against one : rest) {
        metrics.add(metric("classes.auroc", one));
      }
      for (Against one : pairs) {
        metrics.add(metric("classes.auroc_pair", one));
      }
      for (Accuracy accuracy : accuracies) {
        metrics.add(
            Metric.of(accuracy.metric(), accuracy.estimate().value())
                .interval(accuracy.estimate().low(), accuracy.estimate().high())
                .where("chance", accuracy.chance())
                .n(rows));
      }
      return metrics;
    }

    private static Metric metric(String name, Against one) {
      return Metric.of(name, one.auroc().value())
          .interval(one.auroc().low(), one.auroc().high())
          .where("class", one.name())
          .where("against", one.other())
          .n(one.rows());
    }

    @Override
    public List<Table> tables() {
      if (names.isEmpty()) {
        return List.of();
      }
      List<String> heads = new ArrayList<>(List.of("is"));
      names.forEach(name -> heads.add("taken for " + name));
      return List.of(
          Table.of(
              "confusion", "What held-out rows of each class were taken for", heads, confusion));
    }
  }
}
