package dev.sonde.engine.evaluate;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.data.DataSource;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.control.EvaluationInput;
import dev.sonde.engine.evaluate.control.SetFeatures;
import dev.sonde.engine.experiment.Experiment.ErasePart;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Rows of which it is known what can be decoded: noise at two hook points, and at the second a
 * shift of the rows that were chosen. What is not said is harmless: groups of five rows, every
 * other one positive, texts that say nothing.
 */
public final class Planted {
  static final int WIDTH = 6;

  private final int rows;
  private final long seed;
  private IntFunction<String> group = row -> "g" + row / 5;
  private IntPredicate positive = row -> row / 5 % 2 == 0;
  private IntPredicate shifted = row -> false;
  private IntFunction<String> text = row -> "prompt " + Integer.toString(7 + row * 977, 36);
  private IntUnaryOperator source = row -> row;
  private double shift;
  private double spread = 1;
  private Map<String, Decoder> decoders = Map.of("means", new Means(true));
  private int refits;
  private int permutations = 99;
  private Map<String, IntFunction<String>> columns = new LinkedHashMap<>();
  private List<String> confounds = List.of();
  private IntFunction<String> classes = row -> "";
  private boolean pairs;
  private ErasePart erase = new ErasePart(List.of(), 3, 0, 0.2);

  /** So many rows. */
  public Planted(int rows, long seed) {
    this.rows = rows;
    this.seed = seed;
  }

  Planted groups(IntFunction<String> of) {
    group = of;
    return this;
  }

  Planted positive(IntPredicate those) {
    positive = those;
    return this;
  }

  Planted texts(IntFunction<String> of) {
    text = of;
    return this;
  }

  /** Shifts some rows at the second hook point. */
  Planted shift(double by, IntPredicate those) {
    shift = by;
    shifted = those;
    return this;
  }

  /** Makes another feature of the shifted rows vary so many times as much. */
  Planted spread(double times) {
    spread = times;
    return this;
  }

  Planted decoders(Map<String, Decoder> some, int paidFits) {
    decoders = some;
    refits = paidFits;
    return this;
  }

  Planted permutations(int draws) {
    permutations = draws;
    return this;
  }

  Planted confound(String name, IntFunction<String> of) {
    columns.put(name, of);
    confounds = List.copyOf(columns.keySet());
    return this;
  }

  /** The class of each row as it is written, where labels have more than two values. */
  Planted classes(IntFunction<String> of) {
    classes = of;
    return this;
  }

  /** Two rows each are a contrast pair, the first of them positive. */
  Planted pairs() {
    pairs = true;
    return positive(row -> row % 2 == 0).groups(row -> "p" + row / 2);
  }

  /** Erases the label and looks again, in some ways. */
  Planted erase(List<String> methods) {
    erase = new ErasePart(methods, 3, 0, 0.2);
    return this;
  }

  /** Rows of the same number have the same features. */
  Planted featuresOf(IntUnaryOperator numbers) {
    source = numbers;
    return this;
  }

  Evaluated evaluated() {
    boolean[] labels = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = positive.test(row);
    }
    return evaluated(Targets.binary(labels, "reasoning", "memory"));
  }

  Evaluated evaluated(Targets targets) {
    Seeds seeds = new Seeds(seed);
    LabelledStudy study =
        new LabelledStudy(
            "data",
            DataSource.of(Path.of("rows")),
            examples(),
            Optional.of(targets),
            IntStream.range(0, rows).mapToObj(group).toList(),
            Optional.empty(),
            IntStream.range(0, rows).mapToObj(classes).toList(),
            pairs ? IntStream.range(0, rows).mapToObj(row -> "p" + row / 2).toList() : List.of(),
            List.of());
    EvaluationPart settings = new EvaluationPart(5, 4, permutations, refits, 200, 3, false, erase);
    return new Evaluator(settings, seeds, new PlainLinearAlgebra(), Progress.NONE)
        .evaluate(
            new EvaluationInput(
                new SetFeatures(study, sites(seeds.random("planted"))),
                Map.of(),
                List.of(),
                decoders,
                noise(seeds.random("embedding")),
                noise(seeds.random("mean embedding")),
                confounds,
                List.of()))
        .found();
  }

  private List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Map<String, String> values = new LinkedHashMap<>();
      int at = row;
      columns.forEach((name, of) -> values.put(name, of.apply(at)));
      examples.add(new TextOnly("r" + row, text.apply(row), values));
    }
    return examples;
  }

  private Map<HookPoint, Matrix> sites(RandomGenerator random) {
    Map<HookPoint, Matrix> sites = new LinkedHashMap<>();
    sites.put(HookPoint.of(0, "hook_resid_post"), noise(random));
    Matrix second = noise(random);
    for (int row = 0; row < rows; row++) {
      second.set(row, 2, second.get(row, 2) + (shifted.test(row) ? shift : 0));
      second.set(row, 4, second.get(row, 4) * (shifted.test(row) ? spread : 1));
    }
    sites.put(HookPoint.of(1, "hook_resid_post"), second);
    return sites;
  }

  private Matrix noise(RandomGenerator random) {
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, rows, WIDTH);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < WIDTH; c++) {
        double own = random.nextGaussian();
        int from = source.applyAsInt(row);
        matrix.set(row, c, from < row ? matrix.get(from, c) : own);
      }
    }
    return matrix;
  }

  /** A difference of class means, written without linear algebra. */
  record Means(boolean closedForm) implements Decoder {
    @Override
    public Scorer fit(Design train, Targets labels) {
      double[] difference = new double[train.columns()];
      double[] row = new double[train.columns()];
      double mean = labels.mean();
      for (int r = 0; r < train.rows(); r++) {
        train.copyRow(r, row);
        for (int c = 0; c < row.length; c++) {
          difference[c] += (labels.value(r) - mean) * row[c];
        }
      }
      return Scorer.linear(difference, 0);
    }
  }
}
