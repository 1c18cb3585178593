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
import dev.sonde.engine.evaluate.Selection.Candidate;
import dev.sonde.engine.evaluate.Selection.Scored;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Evaluates decoders on the sites of a capture, with every control. */
public final class Evaluator {
  /** Up to so many groups each is held out alone as well: five folds of them differ by luck. */
  private static final int FEW_GROUPS = 10;

  private final LabelledStudy study;
  private final Targets targets;
  private final EvaluationPart settings;
  private final Seeds seeds;
  private final LinearAlgebra algebra;
  private final Progress progress;

  /**
   * What to evaluate.
   *
   * @param sites features per hook point, {@code [examples, width]}
   * @param freshSites the same of a model with fresh weights; empty where there is none
   * @param others further labelled data sets, to which decoders are carried over
   * @param decoders by short name
   * @param embedding the embedding of the read tokens, for the baseline
   * @param embeddingMean the mean embedding of all tokens of the prompt, for the baseline
   * @param confounds names, see {@link Confounds}
   * @param splits names of splits beside the grouped one: rowwise, leave_one_group_out
   */
  public record Input(
      Map<HookPoint, Matrix> sites,
      Map<HookPoint, Matrix> freshSites,
      List<Other> others,
      Map<String, Decoder> decoders,
      Matrix embedding,
      Matrix embeddingMean,
      List<String> confounds,
      List<String> splits) {}

  /** A further data set with the same features. */
  public record Other(LabelledStudy study, Map<HookPoint, Matrix> sites) {}

  /**
   * An evaluator of one study.
   *
   * @throws InvalidInputException if the study has no labels
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
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "%s: evaluation needs data.label and data.positive"
                            .formatted(study.source())));
    this.settings = settings;
    this.seeds = seeds;
    this.algebra = algebra;
    this.progress = progress;
  }

  /** Runs all of it. */
  public Result evaluate(Input input) {
    List<Split> splits = outerSplits();
    requireBothClasses(splits);
    ClusterBootstrap bootstrap =
        new ClusterBootstrap(
            Groups.of(study.groups()), settings.bootstrap(), seeds.random("bootstrap"));
    Work work = new Work(input, new CrossValidation(splits, algebra), bootstrap);
    work.crossValidate();
    work.nested();
    work.permutationTests();
    work.selectivity();
    work.residualised();
    work.baselines();
    work.onlineCode();
    work.furtherSplits();
    work.transfer();
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
      if (!targets.select(split.train()).vary()) {
        throw new InvalidInputException(
            "%s: a training side of the split holds one class only; too few groups hold '%s' or"
                    .formatted(study.source(), targets.positiveName())
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
      int[] folds,
      Intervals intervals)
      implements Evaluation {
    /** See {@link Evaluation#meanInterval}. */
    public interface Intervals {
      /** The interval of the mean of some rows' values. */
      Interval ofMean(double[] values, int[] rows);
    }

    @Override
    public double[] heldOutScores(Choice choice) {
      double[] found = scores.get(choice);
      if (found == null) {
        throw new IllegalArgumentException(choice + " was not evaluated");
      }
      return found.clone();
    }

    @Override
    public Interval meanInterval(double[] values, int[] rows) {
      return intervals.ofMean(values, rows);
    }
  }

  /** The state of one evaluation. */
  private final class Work {
    private final Input input;
    private final CrossValidation outer;
    private final ClusterBootstrap bootstrap;
    private final Selection selection;
    private final Permutations permutations = new Permutations(targets, study.groups());
    private final String merit = HeldOut.merit(targets);
    private final List<Scored> scored = new ArrayList<>();
    private final List<Metric> metrics = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private HeldOut nested = new HeldOut(new double[0], List.of(), targets);

    Work(Input input, CrossValidation outer, ClusterBootstrap bootstrap) {
      this.input = input;
      this.outer = outer;
      this.bootstrap = bootstrap;
      this.selection = selection(input.sites());
    }

    private Selection selection(Map<HookPoint, Matrix> sites) {
      return new Selection(sites, input.decoders(), targets, study.groups(), seeds, algebra);
    }

    void crossValidate() {
      for (Candidate candidate : selection.candidates()) {
        progress.at("cross-validation", scored.size(), selection.candidates().size());
        Scored result = selection.scored(outer, candidate);
        scored.add(result);
        HeldOut heldOut = result.heldOut();
        add(place(measured(merit, heldOut.merit()), candidate, "grouped"));
        add(place(measured(merit + ".pooled", heldOut.pooledMerit()), candidate, "grouped"));
        if (targets.kind() == Targets.Kind.BINARY) {
          add(place(measured("spearman.label", heldOut.spearman()), candidate, "grouped"));
        }
        add(place(measured("pearson.label", heldOut.pearson()), candidate, "grouped"));
      }
    }

    private void add(Metric metric) {
      metrics.add(metric);
    }

    private Metric place(Metric metric, Candidate candidate, String split) {
      return metric
          .at(candidate.choice().point())
          .where("method", candidate.choice().decoder())
          .where("split", split);
    }

    private Metric measured(String name, Measure measure) {
      return measured(name, measure::value);
    }

    private Metric measured(String name, ToDoubleFunction<double[]> figure) {
      return measured(name, bootstrap.estimate(figure));
    }

    private Metric measured(String name, Estimate estimate) {
      return Metric.of(name, estimate.value())
          .interval(estimate.low(), estimate.high())
          .n(outer.splits().stream().mapToInt(split -> split.test().length).sum());
    }

    private Scored bestOf(String decoder) {
      return Selection.best(
          scored.stream().filter(s -> s.candidate().choice().decoder().equals(decoder)));
    }

    private Scored best() {
      return Selection.best(scored.stream());
    }

    /** Layer and decoder chosen on inner folds of each training side; only then its test side. */
    void nested() {
      nested = selection.nested(scored, outer.splits(), settings.innerFolds(), progress);
      Measure selected = nested.merit();
      add(measured(merit + ".nested", selected).where("positive", targets.positiveName()));
      Measure highest = best().heldOut().merit();
      add(measured("optimism", weight -> highest.value(weight) - selected.value(weight)));
    }

    /** The largest figure over all hook points against that of exchanged labels. */
    void permutationTests() {
      RandomGenerator random = seeds.random("permutations");
      int most = settings.permutations();
      List<Targets> labelings =
          IntStream.range(0, most).mapToObj(i -> permutations.draw(random)).toList();
      PermutationTest test = new PermutationTest(outer, labelings);
      Map<String, Decoder> closed = new LinkedHashMap<>();
      input
          .decoders()
          .forEach(
              (name, decoder) -> {
                if (decoder.closedForm()) {
                  closed.put(name, decoder);
                }
              });
      test.run(closed, input.sites().values(), most, progress);
      input.decoders().forEach((name, decoder) -> permutationTest(test, name, decoder));
      if (closed.size() > 1) {
        double highest =
            closed.keySet().stream().mapToDouble(n -> bestOf(n).rank()).max().orElse(0);
        add(
            p("p.max_over_all", test.p(closed.keySet(), highest), most)
                .where("methods", String.join(",", closed.keySet())));
      }
    }

    private void permutationTest(PermutationTest test, String name, Decoder decoder) {
      int draws = settings.permutations();
      if (!decoder.closedForm()) {
        int fits = input.sites().size() * outer.splits().size();
        draws = Math.min(draws, settings.refits() / fits);
        if (draws == 0) {
          notes.add(
              ("No permutation test for %s: it is not in closed form, and"
                      + " evaluation.refits (%d) pays for no draw of %d fits.")
                  .formatted(name, settings.refits(), fits));
          return;
        }
        test.run(Map.of(name, decoder), input.sites().values(), draws, progress);
      }
      add(p("p.max_over_layers", test.p(name, bestOf(name).rank()), draws).where("method", name));
    }

    private Metric p(String name, double p, int draws) {
      return Metric.of(name, p)
          .where("draws", draws)
          .where("smallest", permutations.smallestReachable(draws))
          .n(targets.size());
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
        Measure task = selection.scored(rows, best).heldOut().merit();
        RandomGenerator random = seeds.random("control task");
        List<Measure> controls =
            IntStream.range(0, settings.controlTasks())
                .mapToObj(i -> permutations.controlTask(study.groups(), random))
                .map(t -> rows.heldOut(best::features, best.decoder(), t).merit())
                .toList();
        ToDoubleFunction<double[]> control =
            w -> controls.stream().mapToDouble(c -> c.value(w)).average().orElse(Double.NaN);
        add(
            place(
                measured("selectivity", w -> task.value(w) - control.applyAsDouble(w)),
                best,
                "rowwise"));
        add(place(measured("selectivity.control_task", control), best, "rowwise"));
      }
    }

    private CrossValidation rowwiseValidation() {
      int[] folds = Folds.rowwise(targets, settings.folds(), seeds.random("row-wise folds"));
      return new CrossValidation(Folds.splits(folds), algebra);
    }

    /** At each decoder's best hook point, with the effect of confounds taken out. */
    void residualised() {
      for (Confounds.Effect effect : List.of(Confounds.Effect.STEPS, Confounds.Effect.LINEAR)) {
        Confounds confounds = Confounds.of(input.confounds(), study.examples(), effect);
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
          add(
              place(measured(merit + ".residualised", heldOut.merit()), best, "grouped")
                  .where("confounds", String.join(",", input.confounds()))
                  .where("effect", effect.name().toLowerCase(Locale.ROOT)));
        }
      }
    }

    void baselines() {
      List<String> texts = study.examples().stream().map(Example::text).toList();
      Baselines baselines = new Baselines(targets, outer.splits(), algebra);
      progress.at("baselines", 0, 1);
      Map<String, Measure> controls = new LinkedHashMap<>();
      controls.put("bag_of_words", baselines.bagOfWords(texts).merit());
      controls.put("length", baselines.length(texts).merit());
      if (!input.freshSites().isEmpty()) {
        controls.put("random_init", freshWeights());
      }
      controls.forEach((name, measure) -> add(measured("baseline." + name, measure)));
      add(measured("baseline.embedding", baselines.features(input.embedding()).merit()));
      add(measured("baseline.embedding_mean", baselines.features(input.embeddingMean()).merit()));
      margin(controls);
    }

    /** The whole search once more on a model of the same shape that was never trained. */
    private Measure freshWeights() {
      Selection fresh = selection(input.freshSites());
      List<Scored> all = new ArrayList<>();
      for (Candidate candidate : fresh.candidates()) {
        progress.at("fresh weights", all.size(), fresh.candidates().size());
        Scored result = fresh.scored(outer, candidate);
        all.add(result);
        add(
            place(
                measured(merit + ".random_init", result.heldOut().merit()), candidate, "grouped"));
      }
      return fresh.nested(all, outer.splits(), settings.innerFolds(), progress).merit();
    }

    /** The nested figure less the highest of what needs no trained model. */
    private void margin(Map<String, Measure> controls) {
      Map.Entry<String, Measure> strongest =
          controls.entrySet().stream()
              .max(Comparator.comparingDouble(e -> rank(e.getValue())))
              .orElseThrow();
      Measure selected = nested.merit();
      add(
          measured(merit + ".margin", w -> selected.value(w) - strongest.getValue().value(w))
              .where("over", strongest.getKey()));
    }

    private static double rank(Measure measure) {
      double value = measure.value();
      return Double.isNaN(value) ? -1 : value;
    }

    /** At each decoder's best hook point, the bits of an online code. */
    void onlineCode() {
      if (targets.kind() != Targets.Kind.BINARY) {
        return;
      }
      OnlineCode.of(targets, study.groups(), seeds, algebra)
          .ifPresentOrElse(
              this::onlineCode,
              () -> notes.add("No online code: there are too few groups for three blocks."));
    }

    private void onlineCode(OnlineCode code) {
      for (String name : input.decoders().keySet()) {
        progress.at("online code for " + name, 0, 1);
        Candidate best = bestOf(name).candidate();
        double[] bits = code.bits(best.features(), best.decoder());
        add(
            place(measured("mdl.bits_per_label", bootstrap.mean(bits)), best, "grouped")
                .where("blocks", code.blocks())
                .unit("bits"));
      }
    }

    void furtherSplits() {
      long groups = study.groups().stream().distinct().count();
      boolean few = groups > 2 && groups <= FEW_GROUPS;
      if (few || input.splits().contains("leave_one_group_out")) {
        leaveOneGroupOut();
      }
      if (input.splits().contains("rowwise")) {
        rowwise();
      }
    }

    /** At each decoder's best hook point, every group held out alone. */
    private void leaveOneGroupOut() {
      List<Split> splits = Folds.splits(Folds.leaveOneGroupOut(study.groups()));
      if (splits.stream().anyMatch(split -> !targets.select(split.train()).vary())) {
        notes.add("No leave-one-group-out: without one of the groups a single class is left.");
        return;
      }
      CrossValidation each = new CrossValidation(splits, algebra);
      for (String name : input.decoders().keySet()) {
        progress.at("leave one group out for " + name, 0, 1);
        Candidate best = bestOf(name).candidate();
        HeldOut heldOut = selection.scored(each, best).heldOut();
        add(place(measured(merit, heldOut.merit()), best, "leave_one_group_out"));
        add(place(measured(merit + ".pooled", heldOut.pooledMerit()), best, "leave_one_group_out"));
      }
    }

    private void rowwise() {
      CrossValidation rows = rowwiseValidation();
      for (Candidate candidate : selection.candidates()) {
        Measure measure = selection.scored(rows, candidate).heldOut().merit();
        add(place(measured(merit, measure), candidate, "rowwise"));
      }
      notes.add(
          "The row-wise split is leaky: rows of one group stand on both sides. It is here for"
              + " comparison only.");
    }

    void transfer() {
      if (input.others().isEmpty()) {
        return;
      }
      Map<String, Evaluation.Choice> bests = new LinkedHashMap<>();
      input.decoders().keySet().forEach(n -> bests.put(n, bestOf(n).candidate().choice()));
      Transfer transfer =
          new Transfer(new Other(study, input.sites()), input.others(), settings, seeds, algebra);
      metrics.addAll(transfer.metrics(input.decoders(), bests, progress));
      notes.addAll(transfer.notes());
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
      Evaluation.Choice best = best().candidate().choice();
      notes.add(
          "%d rows in %d groups, %s; the highest figure of %d tried is %s at %s."
              .formatted(
                  targets.size(),
                  study.groups().stream().distinct().count(),
                  targets.kind() == Targets.Kind.BINARY
                      ? "%d labelled %s".formatted(targets.positives(), targets.positiveName())
                      : "labels graded",
                  scored.size(),
                  best.decoder(),
                  best.point()));
      return new Result(
          List.copyOf(metrics),
          List.copyOf(notes),
          best,
          scores,
          folds,
          (values, rows) -> {
            Estimate mean = bootstrap.mean(values, rows);
            return new Evaluation.Interval(mean.low(), mean.high());
          });
    }
  }
}
