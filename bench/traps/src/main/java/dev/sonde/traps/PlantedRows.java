package dev.sonde.traps;

import dev.sonde.api.config.Settings;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Claim;
import dev.sonde.engine.data.DataSource;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.Evaluated;
import dev.sonde.engine.evaluate.Evaluator;
import dev.sonde.engine.evaluate.control.Baselines;
import dev.sonde.engine.evaluate.control.BesideConfounds;
import dev.sonde.engine.evaluate.control.Control;
import dev.sonde.engine.evaluate.control.Controls;
import dev.sonde.engine.evaluate.control.EvaluationInput;
import dev.sonde.engine.evaluate.control.FreshWeights;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.PermutationTest;
import dev.sonde.engine.evaluate.control.SetFeatures;
import dev.sonde.engine.evaluate.control.Transfer;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import dev.sonde.engine.report.Section;
import dev.sonde.engine.report.SectionWriter;
import dev.sonde.probe.linear.LinearPlugin;
import dev.sonde.statistics.GroupPermutations;
import dev.sonde.statistics.Groups;
import dev.sonde.testkit.SettingsConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Labelled rows for an evaluation by the engine: noise at some hook points, and what is planted in
 * it. What is not said is silent: no texts, and embeddings that do not vary.
 */
final class PlantedRows {
  /** Hook points, unless others are asked for. */
  static final int SITES = 2;

  private static final int WIDTH = 6;
  private static final int VOCABULARY = 8;

  /** Rows of a group have a third of their variance in common. */
  private static final double SHARED = 0.7;

  private static final int IDEAL_DRAWS = 499;

  private final RandomGenerator random;
  private final int[] groups;
  private final double[] labels;
  private final List<Matrix> sites = new ArrayList<>();
  private final Map<HookPoint, Matrix> fresh = new LinkedHashMap<>();
  private final Map<String, double[]> confounds = new LinkedHashMap<>();
  private final Map<String, IntFunction<String>> columns = new LinkedHashMap<>();
  private final List<SetFeatures> others = new ArrayList<>();
  private List<String> decoders = List.of("difference_of_means");
  private Matrix embedding;
  private Matrix embeddingMean;
  private IntFunction<String> texts = row -> "";
  private int permutations = 99;
  private int refits;
  private boolean closedForm = true;
  private Optional<double[]> oracle = Optional.empty();

  /** Rows of some groups with labels, 0 and 1 or graded. */
  PlantedRows(RandomGenerator random, int[] groups, double[] labels) {
    this.random = random;
    this.groups = groups.clone();
    this.labels = labels.clone();
    this.embedding = Matrix.zeros(Matrix.Type.FLOAT32, groups.length, 1);
    this.embeddingMean = embedding;
  }

  /** Texts and embeddings that vary and know nothing of the labels. */
  PlantedRows speaking() {
    embedding = Made.noise(random, groups, 4, SHARED);
    embeddingMean = Made.noise(random, groups, 4, SHARED);
    String[] words = new String[groups.length];
    Arrays.setAll(words, row -> sentence(random, random.nextInt(2, 6)));
    return texts(row -> words[row]);
  }

  /** Words drawn at random, of a number that is given. */
  static String sentence(RandomGenerator random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append(word(random.nextInt(VOCABULARY)));
    }
    return text.toString();
  }

  /** A word of letters. */
  static String word(int number) {
    return "" + (char) ('a' + number / 26 % 26) + (char) ('a' + number % 26) + "en";
  }

  /** Hook points of noise. */
  PlantedRows noise(int count, int width, double ofGroup) {
    for (int site = 0; site < count; site++) {
      sites.add(Made.noise(random, groups, width, ofGroup));
    }
    return this;
  }

  /** A hook point whose features are given. */
  PlantedRows states(Matrix states) {
    sites.add(states);
    return this;
  }

  /** Two hook points of noise. */
  PlantedRows noise() {
    return noise(SITES, WIDTH, SHARED);
  }

  /** Adds so much of a direction, drawn at random, to each row at a hook point. */
  PlantedRows plant(int site, double[] amounts) {
    Matrix matrix = sites.get(site);
    double[] direction = Made.direction(random, matrix.columns());
    Made.add(matrix, direction, amounts);
    double[] scores = new double[groups.length];
    for (int row = 0; row < scores.length; row++) {
      for (int c = 0; c < direction.length; c++) {
        scores[row] += matrix.get(row, c) * direction[c];
      }
    }
    oracle = Optional.of(scores);
    return this;
  }

  /** The features of a hook point, to be changed. */
  Matrix site(int number) {
    return sites.get(number);
  }

  /** Plants amounts in the embedding of the read token. */
  PlantedRows inEmbedding(double[] amounts) {
    Made.add(embedding, Made.direction(random, embedding.columns()), amounts);
    return this;
  }

  /** Plants amounts in the mean embedding. */
  PlantedRows inMeanEmbedding(double[] amounts) {
    Made.add(embeddingMean, Made.direction(random, embeddingMean.columns()), amounts);
    return this;
  }

  /** A model with fresh weights, with amounts planted at its second hook point. */
  PlantedRows inFreshWeights(double[] amounts) {
    for (int site = 0; site < sites.size(); site++) {
      Matrix matrix = Made.noise(random, groups, sites.get(site).columns(), SHARED);
      if (site == 1) {
        Made.add(matrix, Made.direction(random, matrix.columns()), amounts);
      }
      fresh.put(point(site), matrix);
    }
    return this;
  }

  PlantedRows texts(IntFunction<String> of) {
    texts = of;
    return this;
  }

  PlantedRows confound(String name, double[] values) {
    confounds.put(name, values.clone());
    return this;
  }

  /** A further column. */
  PlantedRows column(String name, IntFunction<String> of) {
    columns.put(name, of);
    return this;
  }

  PlantedRows decoders(String... names) {
    decoders = List.of(names);
    return this;
  }

  PlantedRows permutations(int draws) {
    permutations = draws;
    return this;
  }

  /** Decoders that do not say that they are in closed form. */
  PlantedRows dear() {
    closedForm = false;
    return this;
  }

  /** Fits to exchanged labelings that are paid for. */
  PlantedRows refits(int fits) {
    refits = fits;
    return this;
  }

  /** A further data set to which decoders are carried over. */
  PlantedRows carriedTo(PlantedRows other) {
    others.add(other.features("other"));
    return this;
  }

  private static HookPoint point(int site) {
    return HookPoint.of(site, "hook_resid_post");
  }

  private Targets targets() {
    boolean graded = Arrays.stream(labels).anyMatch(label -> label != 0 && label != 1);
    if (graded) {
      return Targets.real(labels);
    }
    boolean[] positive = new boolean[labels.length];
    for (int row = 0; row < positive.length; row++) {
      positive[row] = labels[row] > 0;
    }
    return Targets.binary(positive, "a", "b");
  }

  private SetFeatures features(String name) {
    return features(name, texts);
  }

  private SetFeatures features(String name, IntFunction<String> prompts) {
    List<Example> examples = new ArrayList<>();
    for (int row = 0; row < labels.length; row++) {
      Map<String, String> values = new LinkedHashMap<>();
      int at = row;
      confounds.forEach((column, of) -> values.put(column, String.valueOf(of[at])));
      columns.forEach((column, of) -> values.put(column, of.apply(at)));
      examples.add(new Row(name + row, prompts.apply(row), values));
    }
    return new SetFeatures(
        new LabelledStudy(
            name,
            DataSource.of(Path.of(name)),
            examples,
            Optional.of(targets()),
            IntStream.of(groups).mapToObj(group -> "g" + group).toList(),
            Optional.empty(),
            List.of()),
        captured());
  }

  /** The rows as a probe sees them, with texts of its own. */
  Study study(IntFunction<String> prompts) {
    return features("data", prompts).study();
  }

  /** Features per hook point. */
  Map<HookPoint, Matrix> captured() {
    Map<HookPoint, Matrix> byPoint = new LinkedHashMap<>();
    for (int site = 0; site < sites.size(); site++) {
      byPoint.put(point(site), sites.get(site));
    }
    return byPoint;
  }

  /** What some controls of the engine find in them. */
  Evaluated evaluated(Control... controls) {
    return result(List.of(controls)).found();
  }

  /** What a probe gets of it, which rests on no control. */
  Evaluation evaluation() {
    return result(List.of()).evaluation();
  }

  private Evaluator.Result result(List<Control> controls) {
    Seeds seeds = new Seeds(random.nextLong());
    EvaluationPart settings = new EvaluationPart(5, 3, permutations, refits, 200, 1, false);
    EvaluationInput input =
        new EvaluationInput(
            features("data"),
            fresh,
            others,
            decoders(),
            embedding,
            embeddingMean,
            List.copyOf(confounds.keySet()),
            List.of());
    return new Evaluator(settings, seeds, new PlainLinearAlgebra(), Progress.NONE, controls)
        .evaluate(input);
  }

  private Map<String, Decoder> decoders() {
    Map<String, Decoder> made = new LinkedHashMap<>();
    new LinearPlugin()
        .decoders()
        .forEach(
            factory -> {
              if (decoders.contains(factory.name())) {
                Settings settings = factory.settings();
                Decoder decoder = factory.create(SettingsConfig.defaults(settings));
                made.put(
                    factory.name(),
                    closedForm ? decoder : (train, targets) -> decoder.fit(train, targets));
              }
            });
    return made;
  }

  /** What an answer to each claim rests on; no other control has a say in it. */
  private static Control[] asked(String claim) {
    return switch (claim) {
      case "decodable" -> new Control[] {new NestedSelection(), new PermutationTest()};
      case "more_than_rivals" ->
          new Control[] {
            new NestedSelection(), new PermutationTest(), new Baselines(), new FreshWeights()
          };
      case "beside_confounds" ->
          new Control[] {new NestedSelection(), new BesideConfounds(), new Baselines()};
      default -> new Control[] {new NestedSelection(), new Transfer()};
    };
  }

  /** The answer to a claim, as a report gives it. */
  Kind.Drawn answer(String claim) {
    return answer(claim, evaluated(asked(claim)));
  }

  /** The same after all controls. */
  Kind.Drawn answerOfAll(String claim) {
    return answer(claim, evaluated(Controls.ALL.toArray(Control[]::new)));
  }

  private Kind.Drawn answer(String claim, Evaluated evaluated) {
    SectionWriter report = new SectionWriter();
    report.evaluated(evaluated);
    Claim.Answer answer =
        report.finish("linear", "probe-linear", Section.Status.OK).claims().stream()
            .filter(one -> one.evidence().name().equals(claim))
            .map(Claim::answer)
            .findFirst()
            .orElse(Claim.Answer.NOT_TESTED);
    return new Kind.Drawn(answer, ideal());
  }

  /**
   * The p of a test that knows the hook point and the direction: labels exchanged between groups
   * and dealt inside, as the engine's are, against the covariance with the projections.
   */
  private OptionalDouble ideal() {
    if (oracle.isEmpty()) {
      return OptionalDouble.empty();
    }
    Groups numbered = Groups.of(IntStream.of(groups).mapToObj(String::valueOf).toList());
    GroupPermutations exchanges = new GroupPermutations(labels, numbered);
    double observed = covariance(oracle.get(), labels);
    int reached = 0;
    for (int draw = 0; draw < IDEAL_DRAWS; draw++) {
      reached += covariance(oracle.get(), exchanges.draw(random)) >= observed ? 1 : 0;
    }
    return OptionalDouble.of((1.0 + reached) / (1 + IDEAL_DRAWS));
  }

  private static double covariance(double[] scores, double[] labels) {
    double scoreMean = Arrays.stream(scores).average().orElse(0);
    double labelMean = Arrays.stream(labels).average().orElse(0);
    double sum = 0;
    for (int row = 0; row < scores.length; row++) {
      sum += (scores[row] - scoreMean) * (labels[row] - labelMean);
    }
    return sum;
  }
}
