package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Artifact;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What was measured of all heads of a model on some texts, and its form as an artifact: per figure
 * a tensor {@code [layers · heads, texts]}, where a figure is several numbers {@code [layers ·
 * heads, texts · numbers]}.
 *
 * @param fits {@code [layers][heads][texts]}
 * @param queries per layer
 * @param keys per layer
 */
record SurveyedTexts(HeadFit[][][] fits, Offsets[] queries, Offsets[] keys) {
  /** The version of the layout. */
  static final int VERSION = 4;

  private static final String TEXTS = "texts";
  private static final String QUERIES = "queries";
  private static final String KEYS = "keys";
  private static final String ENERGY = "energy";
  private static final String OFFSET = "offset";
  private static final String POOLING = "pooling.";
  private static final int POOLED = EstimatorFit.NONE.pooling().length;

  /** Every figure that is one number. */
  private static final Map<String, ToDoubleFunction<HeadFit>> NUMBERS = numbers();

  private static Map<String, ToDoubleFunction<HeadFit>> numbers() {
    Map<String, ToDoubleFunction<HeadFit>> numbers = new LinkedHashMap<>();
    for (Estimator each : Estimator.values()) {
      numbers.put("r." + each.key(), fit -> fit.score(each).r());
      numbers.put("explained." + each.key(), fit -> fit.score(each).explained());
      numbers.put("divergence." + each.key(), fit -> fit.score(each).divergence());
    }
    numbers.put("gain.keys", HeadFit::gainOfKeys);
    numbers.put("position", HeadFit::ofPosition);
    numbers.put("gain.content", HeadFit::gainOfContent);
    numbers.put("spread", HeadFit::spread);
    numbers.put("gain.distance", HeadFit::gainOfDistance);
    numbers.put("tightness", HeadFit::tightness);
    numbers.put("bound", HeadFit::bound);
    put(numbers, "mean_removed.", HeadFit::withoutMean);
    return numbers;
  }

  private static void put(
      Map<String, ToDoubleFunction<HeadFit>> numbers,
      String name,
      Function<HeadFit, HeadFit.Control> control) {
    numbers.put(name + "e1", fit -> control.apply(fit).e1());
    numbers.put(name + "e2", fit -> control.apply(fit).e2());
    numbers.put(name + "gain.keys", fit -> control.apply(fit).gainOfKeys());
  }

  /** Nothing so far, of a model and so many texts. */
  static SurveyedTexts none(ModelInfo info, int texts) {
    HeadFit[][][] fits = new HeadFit[info.layers()][info.heads()][texts];
    for (HeadFit[][] layer : fits) {
      for (HeadFit[] head : layer) {
        Arrays.fill(head, HeadFit.NONE);
      }
    }
    return new SurveyedTexts(
        fits, offsets(info, info.heads()), offsets(info, info.keyValueHeads()));
  }

  private static Offsets[] offsets(ModelInfo info, int heads) {
    return IntStream.range(0, info.layers())
        .mapToObj(layer -> new Offsets(heads, info.headWidth() / 2))
        .toArray(Offsets[]::new);
  }

  private int texts() {
    return fits[0][0].length;
  }

  /**
   * What a shard gives.
   *
   * @param planes of a head
   */
  Artifact artifact(int planes) {
    Artifact artifact = Artifact.empty().with(TEXTS, texts());
    for (Map.Entry<String, ToDoubleFunction<HeadFit>> each : NUMBERS.entrySet()) {
      ToDoubleFunction<HeadFit> number = each.getValue();
      artifact =
          artifact.with(each.getKey(), rows(1, fit -> new double[] {number.applyAsDouble(fit)}));
    }
    for (Estimator each : Estimator.values()) {
      artifact =
          artifact.with(POOLING + each.key(), rows(POOLED, fit -> fit.score(each).pooling()));
    }
    return artifact
        .with(ENERGY, rows(planes, HeadFit::energy))
        .with(OFFSET, rows(2 * planes, HeadFit::offset))
        .with(Offsets.artifact(QUERIES, queries))
        .with(Offsets.artifact(KEYS, keys));
  }

  /** Several numbers of each head and text; where there are none, zeros. */
  private Matrix rows(int count, Function<HeadFit, double[]> numbers) {
    double[][] rows =
        Arrays.stream(fits)
            .flatMap(Arrays::stream)
            .map(
                head ->
                    Arrays.stream(head)
                        .flatMapToDouble(
                            fit -> Arrays.stream(Arrays.copyOf(numbers.apply(fit), count)))
                        .toArray())
            .toArray(double[][]::new);
    return Matrix.of(Matrix.Type.FLOAT64, rows);
  }

  /** What shards of one model gave, their texts one behind the other. */
  static SurveyedTexts joined(ModelInfo info, Iterable<Artifact> shards) {
    int texts = 0;
    for (Artifact shard : shards) {
      texts += Math.toIntExact(shard.integers(TEXTS)[0]);
    }
    SurveyedTexts joined = none(info, texts);
    int first = 0;
    for (Artifact shard : shards) {
      joined.add(shard, first);
      first += Math.toIntExact(shard.integers(TEXTS)[0]);
    }
    return joined;
  }

  private void add(Artifact shard, int first) {
    int texts = Math.toIntExact(shard.integers(TEXTS)[0]);
    for (int layer = 0; layer < fits.length; layer++) {
      for (int head = 0; head < fits[layer].length; head++) {
        int row = layer * fits[layer].length + head;
        Map<String, double[]> numbers = new LinkedHashMap<>();
        shard.tensors().forEach((name, tensor) -> addRow(numbers, name, tensor, row));
        for (int text = 0; text < texts; text++) {
          fits[layer][head][first + text] = fit(numbers, text, texts);
        }
      }
      queries[layer].add(QUERIES, layer, shard);
      keys[layer].add(KEYS, layer, shard);
    }
  }

  private static void addRow(Map<String, double[]> numbers, String name, Matrix tensor, int row) {
    if (!name.startsWith(QUERIES) && !name.startsWith(KEYS)) {
      numbers.put(name, tensor.row(row));
    }
  }

  private static HeadFit fit(Map<String, double[]> head, int text, int texts) {
    ToDoubleFunction<String> number = name -> of(head, name, text, texts)[0];
    Map<Estimator, EstimatorFit> scores = new EnumMap<>(Estimator.class);
    for (Estimator each : Estimator.values()) {
      scores.put(
          each,
          new EstimatorFit(
              number.applyAsDouble("r." + each.key()),
              number.applyAsDouble("explained." + each.key()),
              number.applyAsDouble("divergence." + each.key()),
              of(head, POOLING + each.key(), text, texts)));
    }
    return new HeadFit(
        scores,
        number.applyAsDouble("gain.keys"),
        number.applyAsDouble("position"),
        number.applyAsDouble("gain.content"),
        number.applyAsDouble("spread"),
        number.applyAsDouble("gain.distance"),
        number.applyAsDouble("tightness"),
        number.applyAsDouble("bound"),
        control("mean_removed.", number),
        of(head, ENERGY, text, texts),
        of(head, OFFSET, text, texts));
  }

  private static HeadFit.Control control(String name, ToDoubleFunction<String> number) {
    return new HeadFit.Control(
        number.applyAsDouble(name + "e1"),
        number.applyAsDouble(name + "e2"),
        number.applyAsDouble(name + "gain.keys"));
  }

  /** The numbers of one text. */
  private static double[] of(Map<String, double[]> head, String name, int text, int texts) {
    double[] all = head.getOrDefault(name, new double[0]);
    int count = all.length / texts;
    return Arrays.copyOfRange(all, text * count, (text + 1) * count);
  }
}
