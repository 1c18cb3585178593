package dev.sonde.engine.evaluate;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Evaluates decoders on the sites of a capture, with every control. */
public final class Evaluator {
  /** Labelings that are fitted at once in a permutation test: bounds memory. */
  private static final int LABELINGS_AT_ONCE = 128;

  private final LabelledStudy study;
  private final Targets targets;
  private final EvaluationPart settings;
  private final Seeds seeds;
  private final LinearAlgebra algebra;
  private final Progress progress;

  /** How far an evaluation is. */
  public interface Progress {
    /** Called before each part of the work. */
    void at(String what, int done, int total);
  }

  /**
   * What to evaluate.
   *
   * @param sites features per hook point, {@code [examples, width]}
   * @param decoders by short name
   * @param embedding the embedding of the read tokens, for the baseline
   * @param embeddingMean the mean embedding of all tokens of the prompt, for the baseline
   * @param confounds names, see {@link Confounds}
   * @param rowwise whether to add the leaky split
   */
  public record Input(
      Map<HookPoint, Matrix> sites,
      Map<String, Decoder> decoders,
      Matrix embedding,
      Matrix embeddingMean,
      List<String> confounds,
      boolean rowwise) {}

  /**
   * An evaluator of one study.
   *
   * @throws InvalidInputException if the study has no two classes
   */
  public Evaluator(
      LabelledStudy study,
      EvaluationPart settings,
      Seeds seeds,
      LinearAlgebra algebra,
      Progress progress) {
    this.study = study;
    this.targets =
        study
            .targets()
            .filter(t -> t.kind() == Targets.Kind.BINARY)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "%s: evaluation needs data.label and data.positive"
                            .formatted(study.file())));
    this.settings = settings;
    this.seeds = seeds;
    this.algebra = algebra;
    this.progress = progress;
  }

  /** Runs all of it. */
  public Result evaluate(Input input) {
    List<Split> splits = outerSplits();
    requireBothClasses(splits);
    Bootstrap bootstrap =
        new Bootstrap(study.groups(), settings.bootstrap(), seeds.random("bootstrap"));
    Work work = new Work(input, new CrossValidation(splits, algebra), bootstrap);
    work.crossValidate();
    work.nested();
    work.permutationTests();
    work.selectivity();
    work.residualised();
    work.baselines();
    if (input.rowwise()) {
      work.rowwise();
    }
    return work.result();
  }

  private List<Split> outerSplits() {
    if (study.handMadeSplit().isPresent()) {
      int[] sides = study.handMadeSplit().get();
      return List.of(
          new Split(
              IntStream.range(0, sides.length).filter(r -> sides[r] == 0).toArray(),
              IntStream.range(0, sides.length).filter(r -> sides[r] == 1).toArray()));
    }
    return Folds.splits(
        Folds.grouped(study.groups(), targets, settings.folds(), seeds.random("outer folds")));
  }

  private void requireBothClasses(List<Split> splits) {
    for (Split split : splits) {
      Targets train = targets.select(split.train());
      if (train.positives() == 0 || train.positives() == train.size()) {
        throw new InvalidInputException(
            "%s: a training side of the split holds one class only; too few groups hold '%s' or"
                    .formatted(study.file(), targets.positiveName())
                + " '%s'".formatted(targets.negativeName()));
      }
    }
  }

  /** A finished evaluation. */
  public record Result(
      List<Metric> metrics,
      List<String> notes,
      Choice best,
      Map<Evaluation.Choice, double[]> scores,
      int[] folds)
      implements Evaluation {
    @Override
    public double[] heldOutScores(Choice choice) {
      double[] found = scores.get(choice);
      if (found == null) {
        throw new IllegalArgumentException(choice + " was not evaluated");
      }
      return found.clone();
    }
  }

  /** A decoder on the features of a hook point. */
  private record Candidate(Evaluation.Choice choice, Decoder decoder, Matrix features) {
    Matrix features(Split split) {
      return features;
    }
  }

  /** A candidate with its held-out scores. */
  private record Scored(Candidate candidate, HeldOut heldOut) {
    /** The AUROC to select by: one that does not exist is the worst. */
    double rank() {
      double auroc = heldOut.auroc();
      return Double.isNaN(auroc) ? -1 : auroc;
    }
  }

  private static Scored best(Stream<Scored> scored) {
    return scored.max(Comparator.comparingDouble(Scored::rank)).orElseThrow();
  }

  /** The state of one evaluation. */
  private final class Work {
    private final Input input;
    private final CrossValidation outer;
    private final Bootstrap bootstrap;
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<Scored> scored = new ArrayList<>();
    private final List<Metric> metrics = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Work(Input input, CrossValidation outer, Bootstrap bootstrap) {
      this.input = input;
      this.outer = outer;
      this.bootstrap = bootstrap;
      input
          .decoders()
          .forEach(
              (name, decoder) ->
                  input
                      .sites()
                      .forEach(
                          (point, features) ->
                              candidates.add(
                                  new Candidate(
                                      new Evaluation.Choice(name, point), decoder, features))));
    }

    void crossValidate() {
      for (Candidate candidate : candidates) {
        progress.at("cross-validation", scored.size(), candidates.size());
        HeldOut heldOut = outer.heldOut(candidate::features, candidate.decoder(), targets);
        scored.add(new Scored(candidate, heldOut));
        metrics.add(place(measured("auroc", heldOut), candidate, "grouped"));
        metrics.add(
            place(measured("auroc.pooled", heldOut, heldOut::pooledAuroc), candidate, "grouped"));
      }
    }

    private Metric place(Metric metric, Candidate candidate, String split) {
      return metric
          .at(candidate.choice().point())
          .where("method", candidate.choice().decoder())
          .where("split", split);
    }

    private Metric measured(String name, HeldOut heldOut) {
      return measured(name, heldOut, heldOut::auroc);
    }

    private Metric measured(String name, HeldOut heldOut, ToDoubleFunction<Ranking.Weight> figure) {
      Bootstrap.Interval interval = bootstrap.interval(figure);
      return Metric.of(name, figure.applyAsDouble(row -> 1))
          .interval(interval.low(), interval.high())
          .n(heldOut.rows());
    }

    private Scored bestOf(String decoder) {
      return best(scored.stream().filter(s -> s.candidate().choice().decoder().equals(decoder)));
    }

    /** Layer and decoder chosen on inner folds of each training side; only then its test side. */
    void nested() {
      double[] scores = new double[targets.size()];
      Arrays.fill(scores, Double.NaN);
      List<Split> splits = outer.splits();
      for (int s = 0; s < splits.size(); s++) {
        progress.at("nested selection", s, splits.size());
        Split split = splits.get(s);
        HeldOut chosen = scored.get(selectWithin(split.train(), "inner folds " + s)).heldOut();
        for (int row : split.test()) {
          scores[row] = chosen.scores()[row];
        }
      }
      HeldOut selected = HeldOut.of(scores, splits, targets);
      metrics.add(measured("auroc.nested", selected));
      double highest = best(scored.stream()).heldOut().auroc();
      metrics.add(Metric.of("optimism", highest - selected.auroc()).n(selected.rows()));
    }

    /** The index of the candidate that does best on inner folds of some rows. */
    private int selectWithin(int[] train, String purpose) {
      List<String> groups = Arrays.stream(train).mapToObj(study.groups()::get).toList();
      int[] folds =
          Folds.grouped(
              groups, targets.select(train), settings.innerFolds(), seeds.random(purpose));
      CrossValidation inner =
          new CrossValidation(Folds.within(train, Folds.splits(folds)), algebra);
      List<Scored> within =
          candidates.stream()
              .map(c -> new Scored(c, inner.heldOut(c::features, c.decoder(), targets)))
              .toList();
      return within.indexOf(best(within.stream()));
    }

    /** Per decoder, the largest AUROC over all hook points against that of exchanged labels. */
    void permutationTests() {
      Permutations permutations = new Permutations(targets, study.groups());
      input
          .decoders()
          .forEach(
              (name, decoder) -> {
                int fits = input.sites().size() * outer.splits().size();
                int draws =
                    decoder.closedForm()
                        ? settings.permutations()
                        : Math.min(settings.permutations(), settings.refits() / fits);
                if (draws > 0) {
                  permutationTest(name, decoder, permutations, draws);
                } else {
                  notes.add(
                      ("No permutation test for %s: it is not in closed form, and"
                              + " evaluation.refits (%d) pays for no draw of %d fits.")
                          .formatted(name, settings.refits(), fits));
                }
              });
    }

    private void permutationTest(
        String name, Decoder decoder, Permutations permutations, int draws) {
      RandomGenerator random = seeds.random("permutations");
      double observed = bestOf(name).rank();
      int atLeast = 0;
      for (int done = 0; done < draws; done += LABELINGS_AT_ONCE) {
        progress.at("permutations for " + name, done, draws);
        int count = Math.min(LABELINGS_AT_ONCE, draws - done);
        List<Targets> labelings =
            IntStream.range(0, count).mapToObj(i -> permutations.draw(random)).toList();
        for (double largest : largestAurocs(decoder, labelings)) {
          atLeast += largest >= observed ? 1 : 0;
        }
      }
      metrics.add(
          Metric.of("p.max_over_layers", (1.0 + atLeast) / (draws + 1))
              .where("method", name)
              .where("draws", draws)
              .where("smallest", permutations.smallestReachable(draws))
              .n(targets.size()));
    }

    private double[] largestAurocs(Decoder decoder, List<Targets> labelings) {
      double[] largest = new double[labelings.size()];
      for (Matrix features : input.sites().values()) {
        double[][] scores = outer.scores(split -> features, decoder, labelings);
        for (int l = 0; l < largest.length; l++) {
          double auroc = HeldOut.of(scores[l], outer.splits(), labelings.get(l)).auroc();
          largest[l] = Math.max(largest[l], Double.isNaN(auroc) ? 0 : auroc);
        }
      }
      return largest;
    }

    /** At each decoder's best hook point: the task less a control task, both on row-wise folds. */
    void selectivity() {
      if (study.groups().stream().distinct().count() == study.size()) {
        notes.add("No selectivity: without groups a control task has nothing to memorise.");
        return;
      }
      CrossValidation rows = rowwiseValidation();
      for (String name : input.decoders().keySet()) {
        progress.at("control task for " + name, 0, 1);
        Candidate best = bestOf(name).candidate();
        double task = rows.heldOut(best::features, best.decoder(), targets).auroc();
        RandomGenerator random = seeds.random("control task");
        double control =
            IntStream.range(0, settings.controlTasks())
                .mapToObj(i -> Permutations.controlTask(study.groups(), random))
                .mapToDouble(t -> rows.heldOut(best::features, best.decoder(), t).auroc())
                .average()
                .orElse(Double.NaN);
        metrics.add(
            place(Metric.of("selectivity", task - control), best, "rowwise").n(targets.size()));
        metrics.add(
            place(Metric.of("selectivity.control_task", control), best, "rowwise")
                .n(targets.size()));
      }
    }

    private CrossValidation rowwiseValidation() {
      int[] folds = Folds.rowwise(targets, settings.folds(), seeds.random("row-wise folds"));
      return new CrossValidation(Folds.splits(folds), algebra);
    }

    /** At each decoder's best hook point, with the linear effect of confounds taken out. */
    void residualised() {
      Confounds confounds = Confounds.of(input.confounds(), study.examples());
      if (confounds.none()) {
        notes.add(
            "No residualised figure: %s do not vary, or no confounds were named."
                .formatted(input.confounds()));
        return;
      }
      for (String name : input.decoders().keySet()) {
        progress.at("residualisation for " + name, 0, 1);
        Candidate best = bestOf(name).candidate();
        HeldOut heldOut =
            outer.heldOut(
                split -> confounds.residuals(best.features(), split, algebra),
                best.decoder(),
                targets);
        metrics.add(
            place(measured("auroc.residualised", heldOut), best, "grouped")
                .where("confounds", String.join(",", input.confounds())));
      }
    }

    void baselines() {
      List<String> texts = study.examples().stream().map(Example::text).toList();
      Baselines baselines = new Baselines(targets, outer.splits(), algebra);
      progress.at("baselines", 0, 1);
      metrics.add(measured("baseline.bag_of_words", baselines.bagOfWords(texts)));
      metrics.add(measured("baseline.length", baselines.length(texts)));
      metrics.add(measured("baseline.embedding", baselines.features(input.embedding())));
      metrics.add(measured("baseline.embedding_mean", baselines.features(input.embeddingMean())));
    }

    void rowwise() {
      CrossValidation rows = rowwiseValidation();
      for (Candidate candidate : candidates) {
        HeldOut heldOut = rows.heldOut(candidate::features, candidate.decoder(), targets);
        metrics.add(place(measured("auroc", heldOut), candidate, "rowwise"));
      }
      notes.add(
          "The row-wise split is leaky: rows of one group stand on both sides. It is here for"
              + " comparison only.");
    }

    Result result() {
      Map<Evaluation.Choice, double[]> scores = new LinkedHashMap<>();
      scored.forEach(s -> scores.put(s.candidate().choice(), s.heldOut().scores()));
      int[] folds = new int[targets.size()];
      Arrays.fill(folds, -1);
      for (int s = 0; s < outer.splits().size(); s++) {
        for (int row : outer.splits().get(s).test()) {
          folds[row] = s;
        }
      }
      Evaluation.Choice best = best(scored.stream()).candidate().choice();
      notes.add(
          "%d rows in %d groups, %d labelled %s; the highest figure of %d tried is %s at %s."
              .formatted(
                  targets.size(),
                  study.groups().stream().distinct().count(),
                  targets.positives(),
                  targets.positiveName(),
                  scored.size(),
                  best.decoder(),
                  best.point()));
      return new Result(List.copyOf(metrics), List.copyOf(notes), best, scores, folds);
    }
  }
}
