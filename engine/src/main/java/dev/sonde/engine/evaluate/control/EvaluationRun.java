package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One evaluation under way: what is evaluated, on which folds, what cross-validation found, and
 * which decoders failed.
 */
public final class EvaluationRun {
  private final EvaluationInput input;
  private final Targets targets;
  private final EvaluationPart settings;
  private final Seeds seeds;
  private final LinearAlgebra algebra;
  private final Progress progress;
  private final List<CrossValidation> partitions;
  private final TextGroups textGroups;
  private final Groups groups;
  private final Candidates candidates;
  private final Intervals intervals;
  private final Attempts attempts;
  private final List<Scored> scored;

  /**
   * Cross-validates all decoders at all hook points.
   *
   * @param targets the labels of the main data set
   * @param partitions the splits of each way to hold every row out; figures of single candidates
   *     are of the first, the nested figure and its p of all
   */
  public EvaluationRun(
      EvaluationInput input,
      Targets targets,
      List<List<Split>> partitions,
      EvaluationPart settings,
      Seeds seeds,
      LinearAlgebra algebra,
      Progress progress) {
    this.input = input;
    this.targets = targets;
    this.settings = settings;
    this.seeds = seeds;
    this.algebra = algebra;
    this.progress = progress;
    this.partitions =
        partitions.stream().map(splits -> new CrossValidation(splits, algebra)).toList();
    this.textGroups = TextGroups.of(input.main().study()).withNear(input.main().study());
    this.groups = Groups.of(textGroups.groups());
    this.intervals = intervals(input.main());
    this.attempts = new Attempts(input.decoders().keySet());
    this.scored =
        everywhere(
            "cross-validation", outer(), Candidate.of(input.main().sites(), input.decoders()));
    this.candidates = Candidates.of(this);
  }

  EvaluationInput input() {
    return input;
  }

  LabelledStudy study() {
    return input.main().study();
  }

  /** The decoders that never failed so far, by their short names. */
  public Map<String, Decoder> decoders() {
    Map<String, Decoder> working = new LinkedHashMap<>(input.decoders());
    working.keySet().retainAll(working());
    return working;
  }

  /** The group of each row; those that hold the same text are one. */
  List<String> groups() {
    return textGroups.groups();
  }

  /** What counts as a group. */
  TextGroups textGroups() {
    return textGroups;
  }

  /** The labels. */
  public Targets targets() {
    return targets;
  }

  Merit merit() {
    return Merit.of(targets);
  }

  /** What is evaluated, for its metrics. */
  public Subject subject() {
    int heldOut = outer().splits().stream().mapToInt(split -> split.test().length).sum();
    return new Subject(merit(), targets.size(), heldOut, targets.positiveName());
  }

  EvaluationPart settings() {
    return settings;
  }

  Seeds seeds() {
    return seeds;
  }

  LinearAlgebra algebra() {
    return algebra;
  }

  Progress progress() {
    return progress;
  }

  /** The splits on which everything is measured unless it says otherwise. */
  public CrossValidation outer() {
    return partitions.getFirst();
  }

  /** The partitions of the nested figure, the outer one first: one alone where fits are dear. */
  List<CrossValidation> partitions() {
    return candidates.cheap() ? partitions : partitions.subList(0, 1);
  }

  /** The groups, numbered. */
  Groups numberedGroups() {
    return groups;
  }

  /** Of contrast pairs, which rows are a pair; empty where rows are none. */
  Optional<Groups> pairs() {
    List<String> names = study().pairs();
    return names.isEmpty() ? Optional.empty() : Optional.of(Groups.of(names));
  }

  /** Labelings under the null hypothesis. */
  Permutations permutations() {
    return new Permutations(targets, groups(), !study().pairs().isEmpty());
  }

  /** How many groups there are. */
  public int groupCount() {
    return groups.count();
  }

  /** Which decoders nested selection may choose from, and what their test may cost. */
  Candidates candidates() {
    return candidates;
  }

  /** Splits that ignore groups. */
  CrossValidation rowwise() {
    int[] folds = Folds.rowwise(targets.size(), settings.folds(), seeds.random("row-wise folds"));
    return new CrossValidation(Folds.splits(folds), algebra);
  }

  /** Intervals of figures on the main data set. */
  public Intervals intervals() {
    return intervals;
  }

  /** Intervals of figures on a data set. */
  Intervals intervals(SetFeatures of) {
    LabelledStudy other = of.study();
    return Intervals.of(
        other.targets().orElse(targets), TextGroups.of(other).groups(), seeds.random("intervals"));
  }

  /** A figure of merit with its interval. */
  public Estimate estimate(Measure measure) {
    return intervals.merit(measure);
  }

  /** The held-out scores of every candidate on the outer splits, without those that failed. */
  public List<Scored> scored() {
    Set<String> working = attempts.working();
    return scored.stream().filter(one -> working.contains(one.choice().decoder())).toList();
  }

  /** See {@link Attempts#attempt}. */
  <T> Optional<T> attempt(String decoder, String stage, Supplier<T> work) {
    return attempts.attempt(decoder, stage, work);
  }

  Attempts attempts() {
    return attempts;
  }

  /** The decoders that never failed so far. */
  public Set<String> working() {
    return attempts.working();
  }

  /** The decoders that failed. */
  public List<FailedDecoder> failed() {
    return attempts.failed();
  }

  /** The held-out scores of some candidates, as far as their decoders work. */
  List<Scored> everywhere(String stage, CrossValidation validation, List<Candidate> some) {
    List<Scored> found = new ArrayList<>();
    int done = 0;
    for (Candidate candidate : some) {
      progress.at(stage, done++, some.size());
      attempt(candidate.choice().decoder(), stage, () -> validation.scored(candidate, targets))
          .ifPresent(found::add);
    }
    validation.release();
    return found;
  }

  /** A decoder's best hook point, chosen on all rows: where further controls look. */
  Candidate best(String decoder) {
    return Scored.best(
            scored.stream().filter(s -> s.choice().decoder().equals(decoder)), Scored::rank)
        .candidate();
  }

  /** Work at each decoder's best hook point, as far as decoders work. */
  <T> List<T> atBestPoints(String stage, Function<Candidate, T> work) {
    List<T> found = new ArrayList<>();
    for (String decoder : input.decoders().keySet()) {
      progress.at(stage + " for " + decoder, 0, 1);
      attempt(decoder, stage, () -> work.apply(best(decoder))).ifPresent(found::add);
      outer().release();
    }
    return found;
  }
}
