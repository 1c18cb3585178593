package dev.sonde.probe.stepimportance.predict;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.stepimportance.cohort.SearchedChain;
import dev.sonde.probe.stepimportance.learn.Features;
import dev.sonde.probe.stepimportance.learn.Network;
import dev.sonde.probe.stepimportance.learn.StepActivations;
import dev.sonde.probe.stepimportance.learn.StepCrossValidation;
import dev.sonde.probe.stepimportance.learn.StepReading;
import dev.sonde.probe.stepimportance.learn.Surface;
import dev.sonde.probe.stepimportance.learn.WordFrequencies;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Whether a step's activations tell its importance before the chain goes on, and what else does.
 */
public final class ImportancePrediction {
  private static final int SHUFFLES = 3;

  /** The text classifiers of the paper: learning rate and batch. */
  private static final Network.Training TEXTS =
      new Network.Training(new int[] {128}, 30, 256, 1e-3, 1e-4);

  /** Standardised logistic regression; few features want a higher rate. */
  private static final Network.Training SURFACE =
      new Network.Training(new int[0], 100, 32, 1e-2, 1e-4);

  /** The same features with a hidden layer: what they tell together. */
  private static final Network.Training SURFACE_MLP =
      new Network.Training(new int[] {128}, 100, 32, 1e-3, 1e-4);

  private final ProbeContext context;
  private final PredictionSettings settings;
  private final List<SearchedChain> found;
  private final LabelledSteps steps;
  private final boolean[] labels;
  private final StepCrossValidation heldOut;
  private final ClusterBootstrap bootstrap;

  /** Predictions of what a search found. */
  public ImportancePrediction(
      ProbeContext context, PredictionSettings settings, List<SearchedChain> found) {
    this.context = context;
    this.settings = settings;
    this.found = List.copyOf(found);
    this.steps = LabelledSteps.of(found, settings.rule(), context.random("balance"));
    this.labels = steps.labels();
    RandomGenerator seeds = context.random("probe");
    this.heldOut = new StepCrossValidation(context.linearAlgebra(), seeds::nextLong);
    this.bootstrap =
        new ClusterBootstrap(
            Groups.of(steps.groups()), context.bootstrapDraws(), context.random("probe bootstrap"));
  }

  /**
   * Trains, measures and reports; gives the grid of layers and positions, empty where it cannot.
   */
  public List<GridCell> report() {
    long groups = steps.groups().stream().distinct().count();
    if (!settings.suffices(steps)) {
      context
          .report()
          .note(
              "No probe: %d steps of %d chains are labelled important or removable (%s), after balancing; %d of %d are needed."
                  .formatted(
                      steps.size(),
                      groups,
                      settings.rule().variant(),
                      PredictionSettings.FEWEST,
                      settings.folds()));
      context
          .report()
          .claim(
              Advantages.asked()
                  .cannotTell(
                      "only %d steps of %d chains have labels to learn from"
                          .formatted(steps.size(), groups),
                      "%d labelled steps of %d chains at least"
                          .formatted(PredictionSettings.FEWEST, settings.folds())));
      return List.of();
    }
    StepActivations full = read("full", StepReading.ModelRole.MAIN, steps, steps.inContext());
    StepActivations alone =
        read("alone", StepReading.ModelRole.MAIN, steps, steps.alone(context.model().tokenizer()));
    StepActivations sentences = settings.encoder().isEmpty() ? alone : encoded(settings.encoder());
    Optional<StepActivations> fresh =
        context
            .control()
            .map(model -> read("fresh", StepReading.ModelRole.FRESH, steps, steps.inContext()));
    for (String split : settings.splits()) {
      double[] scores = accuracies(split, full, alone, sentences, fresh);
      if (split.equals("grouped")) {
        unlabelled(full);
        CrossModelPrediction transfer = new CrossModelPrediction(context, settings, steps, scores);
        context.models().stream()
            .filter(model -> !model.equals(settings.encoder()))
            .forEach(transfer::report);
      }
    }
    context
        .report()
        .note(
            "The probe (%s) learns labels of the variant %s: %d steps, half of them important, of %d chains; none of its epochs is selected."
                .formatted(settings.probe(), settings.rule().variant(), steps.size(), groups));
    if (settings.splits().contains("by_step")) {
      context
          .report()
          .note(
              "The split by_step is leaky: steps of one chain stand on both sides. It is the"
                  + " paper's and here for comparison only.");
    }
    return grid(full);
  }

  private StepActivations read(
      String what,
      StepReading.ModelRole role,
      LabelledSteps of,
      List<StepActivations.Place> places) {
    int[] cuts = of.cohorts(settings.cohort());
    return StepReading.of(context, what, StepReading.ReadingModel.of(role), places, cuts);
  }

  /** Each step alone, as a further model reads it. */
  private StepActivations encoded(String encoder) {
    return StepReading.of(
        context,
        "sentences",
        new StepReading.ReadingModel(StepReading.ModelRole.FURTHER, encoder),
        steps.alone(context.model(encoder).tokenizer()),
        steps.cohorts(settings.cohort()));
  }

  private Features features(StepActivations activations) {
    return Features.standardised(settings.rows(activations));
  }

  private int[] folds(String split) {
    return settings.folds(split, steps, context);
  }

  /** Reports the accuracies on a split and gives the scores in full context. */
  private double[] accuracies(
      String split,
      StepActivations full,
      StepActivations alone,
      StepActivations sentences,
      Optional<StepActivations> fresh) {
    int[] folds = folds(split);
    Map<String, boolean[]> right = new LinkedHashMap<>();
    double[] scores = heldOut.network(features(full), labels, folds, settings.training());
    right.put(Advantages.FULL, StepCrossValidation.right(scores, labels));
    right.put("no_context", network(features(alone), folds, settings.training()));
    Matrix embeddings =
        sentences.at(sentences.layers() - 1, StepActivations.POSITIONS.indexOf("mean"));
    right.put("sentence_embedding", network(Features.standardised(embeddings), folds, TEXTS));
    right.put("tfidf", network(new WordFrequencies(steps.texts()), folds, TEXTS));
    Matrix surface = Matrix.of(Matrix.Type.FLOAT32, steps.surface());
    right.put("surface", network(Features.standardised(surface), folds, SURFACE));
    double[] counted = heldOut.network(Features.standardised(surface), labels, folds, SURFACE_MLP);
    right.put("surface_mlp", StepCrossValidation.right(counted, labels));
    fresh.ifPresent(
        control ->
            right.put("random_init", network(features(control), folds, settings.training())));
    right.forEach((name, each) -> accuracy(name, split, StepCrossValidation.share(each)));
    if (split.equals("grouped")) {
      accuracy("shuffled", split, shuffled(full, folds));
      Advantages advantages =
          Advantages.of(right, steps.groups(), bootstrap, settings.draws(), context::random);
      advantages.metrics().forEach(context.report()::metric);
      context.report().claim(advantages.claim());
      correlations(scores, surface);
      new MatchedPairs(context, steps.groups(), PositionMatched.of(surface.column(0), labels))
          .report(scores, counted);
    }
    return scores;
  }

  private boolean[] network(Features features, int[] folds, Network.Training training) {
    return StepCrossValidation.right(heldOut.network(features, labels, folds, training), labels);
  }

  /** Labels exchanged among all steps, several times. */
  private double[] shuffled(StepActivations full, int[] folds) {
    double[] share = new double[labels.length];
    List<Boolean> order = new ArrayList<>();
    for (boolean label : labels) {
      order.add(label);
    }
    Random random = Random.from(context.random("shuffled"));
    for (int draw = 0; draw < SHUFFLES; draw++) {
      Collections.shuffle(order, random);
      boolean[] exchanged = new boolean[labels.length];
      for (int i = 0; i < exchanged.length; i++) {
        exchanged[i] = order.get(i);
      }
      double[] scores = heldOut.network(features(full), exchanged, folds, settings.training());
      boolean[] right = StepCrossValidation.right(scores, exchanged);
      for (int i = 0; i < share.length; i++) {
        share[i] += right[i] ? 1.0 / SHUFFLES : 0;
      }
    }
    return share;
  }

  private void accuracy(String features, String split, double[] right) {
    Estimate estimate = bootstrap.mean(right);
    context
        .report()
        .metric(
            Metric.of("probe.accuracy", estimate.value())
                .where("features", features)
                .where("split", split)
                .where("probe", probeOf(features))
                .where("leaky", split.equals("by_step"))
                .interval(estimate.low(), estimate.high())
                .n(labels.length));
  }

  private String probeOf(String features) {
    return switch (features) {
      case "tfidf", "sentence_embedding" -> "mlp";
      case "surface_mlp" -> "mlp";
      case "surface" -> "logistic";
      default -> settings.probe();
    };
  }

  /** How the probe's held-out scores go with what can be counted. */
  private void correlations(double[] scores, Matrix surface) {
    for (int c = 0; c < Surface.NAMES.size(); c++) {
      double[] feature = new double[scores.length];
      for (int r = 0; r < feature.length; r++) {
        feature[r] = surface.get(r, c);
      }
      double[] signs = new double[scores.length];
      Arrays.setAll(signs, r -> scores[r] > 0 ? 1 : 0);
      context
          .report()
          .metric(
              Metric.of("probe.surface_correlation", Correlation.pearson(signs, feature))
                  .where("feature", Surface.NAMES.get(c))
                  .n(scores.length));
    }
  }

  /** Whether the probe ranks the steps between its classes as influence does. */
  private void unlabelled(StepActivations full) {
    Optional<SearchVariant> variant = UnlabelledSteps.variant(found, settings.rule().variant());
    if (variant.isEmpty()) {
      return;
    }
    UnlabelledSteps unlabelled = UnlabelledSteps.of(found, settings.rule().of(variant.get()));
    int labelled = steps.size();
    int count = unlabelled.steps().size();
    if (count < PredictionSettings.FEWEST) {
      return;
    }
    LabelledSteps middle = unlabelled.steps();
    StepActivations between =
        read("middle", StepReading.ModelRole.MAIN, middle, middle.inContext());
    int[] folds = Arrays.copyOf(folds("grouped"), labelled + count);
    for (int i = 0; i < count; i++) {
      int known = steps.groups().indexOf(unlabelled.steps().groups().get(i));
      folds[labelled + i] = known < 0 ? 0 : folds[known];
    }
    RandomGenerator seeds = context.random("probe middle");
    double[] scores =
        new StepCrossValidation(context.linearAlgebra(), seeds::nextLong)
            .network(
                features(StepActivations.joined(List.of(full, between))),
                labels,
                folds,
                settings.training());
    Estimate estimate =
        new ClusterBootstrap(
                Groups.of(unlabelled.steps().groups()),
                context.bootstrapDraws(),
                context.random("bootstrap middle"))
            .estimate(
                Correlation.ofRanks(
                        Arrays.copyOfRange(scores, labelled, labelled + count),
                        unlabelled.influence())
                    ::of);
    context
        .report()
        .metric(
            Metric.of("probe.middle_spearman", estimate.value())
                .where("variant", variant.get().toString())
                .where("split", "grouped")
                .interval(estimate.low(), estimate.high())
                .n(count));
  }

  /** Each block at each position by ridge regression in closed form, on the grouped split. */
  private List<GridCell> grid(StepActivations full) {
    int[] folds = folds("grouped");
    List<GridCell> cells = new ArrayList<>();
    for (int layer = 0; layer < full.layers(); layer++) {
      for (int position = 0; position < StepActivations.POSITIONS.size(); position++) {
        Features features = Features.standardised(full.at(layer, position));
        boolean[] right = StepCrossValidation.right(heldOut.ridge(features, labels, folds), labels);
        Estimate estimate = bootstrap.mean(StepCrossValidation.share(right));
        cells.add(new GridCell(layer, StepActivations.POSITIONS.get(position), estimate.value()));
        context
            .report()
            .metric(
                Metric.of("probe.accuracy", estimate.value())
                    .where("features", Advantages.FULL)
                    .where("split", "grouped")
                    .where("probe", "ridge")
                    .where("layer", layer)
                    .where("position", StepActivations.POSITIONS.get(position))
                    .interval(estimate.low(), estimate.high())
                    .n(labels.length));
      }
    }
    return cells;
  }
}
