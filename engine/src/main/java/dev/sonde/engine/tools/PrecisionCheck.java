package dev.sonde.engine.tools;

import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.model.Fetching;
import dev.sonde.engine.model.Models;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.statistics.Quantiles;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Compares a model in bfloat16, or on a device, with itself in float32 on the processor: how far
 * its residual stream departs, block by block, and how much time that saves.
 */
public final class PrecisionCheck {
  /** What is fed where the model has a tokenizer: prose, sums, code and another language. */
  private static final List<String> PROMPTS =
      List.of(
          "The lighthouse keeper climbed the stairs every evening and lit the lamp before dark.",
          "Water boils at a lower temperature on a mountain, because the air presses less on it.",
          "Anna has 12 apples, gives 5 to Ben and buys 8 more. How many apples has she now?",
          "17 + 26 = 43, 43 - 9 = 34, 34 * 2 = 68, 68 / 4 =",
          "for (int i = 0; i < words.length; i++) { counts.merge(words[i], 1, Integer::sum); }",
          "Le train part de Lyon à huit heures et arrive à Paris deux heures plus tard.",
          "User: Which planet has the most moons?\nAssistant: Let me think about it step by step.",
          "If all birds lay eggs and a penguin is a bird, then a penguin");

  private static final int RANDOM_SEQUENCES = 8;
  private static final int RANDOM_TOKENS = 24;
  private static final long SEED = 17;

  /** Passes that are timed after the first, as many as the time allows. */
  private static final int MOST_PASSES = 5;

  private static final Duration MOST_TIME = Duration.ofSeconds(5);

  private final Models models;

  /** A check of models that the plugins open. */
  public PrecisionCheck(PluginRegistry plugins, Folders folders, Progress progress) {
    this.models = Fetching.models(plugins, folders, progress);
  }

  /**
   * What was measured.
   *
   * @param tokens number of tokens compared
   * @param random whether they were drawn, the model having no tokenizer
   * @param layers one per block
   * @param speedup time of a pass in float32 on the processor over that of the other way
   * @param info what the backend says of the other way
   */
  public record Result(
      int tokens, boolean random, List<Layer> layers, double speedup, ModelInfo info) {
    /** A result with its list copied. */
    public Result {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Relative errors {@code ‖b − f‖ / ‖f‖} of the rows after a block.
   *
   * @param median over tokens
   * @param worst over tokens
   */
  public record Layer(double median, double worst) {}

  /** Where a row belongs. */
  private record Place(HookPoint point, int sequence, int token) {}

  /**
   * Runs a model in float32 and in bfloat16.
   *
   * @throws dev.sonde.api.ModelUnavailableException if it cannot be opened in one of them
   */
  public Result of(String ref, String backend) {
    return compare(
        ModelPart.here(ref, backend, "float32"), models, ModelPart.here(ref, backend, "bfloat16"));
  }

  /**
   * Runs a model on the processor and on a device, in float32 both.
   *
   * @param device as the backend names it
   * @throws dev.sonde.api.ModelUnavailableException if it cannot be opened on one of them
   */
  public Result on(String device, String ref, String backend) {
    ModelPart part = ModelPart.here(ref, backend, "float32");
    return compare(part, models.on(device), part);
  }

  private Result compare(ModelPart plain, Models others, ModelPart other) {
    try (OpenModel exact = models.open(plain);
        OpenModel changed = others.open(other)) {
      boolean random = exact.info().tokenizer().isEmpty();
      List<Sequence> sequences = random ? drawn(exact) : prompts(exact);
      Map<Place, float[]> expected = rows(exact, sequences);
      Map<Place, float[]> actual = rows(changed, sequences);
      List<Layer> layers =
          IntStream.range(0, exact.info().layers())
              .mapToObj(layer -> compare(expected, actual, point(layer)))
              .toList();
      return new Result(
          sequences.stream().mapToInt(Sequence::length).sum(),
          random,
          layers,
          (double) nanoseconds(exact, sequences) / nanoseconds(changed, sequences),
          changed.info());
    }
  }

  private static List<Sequence> prompts(OpenModel model) {
    int longest = model.capabilities().longestContext();
    return PROMPTS.stream()
        .map(text -> model.tokenizer().encode(text, true).ids())
        .map(ids -> Sequence.of(Arrays.copyOf(ids, Math.min(ids.length, longest))))
        .toList();
  }

  private static List<Sequence> drawn(OpenModel model) {
    int length = Math.min(RANDOM_TOKENS, model.capabilities().longestContext());
    RandomGenerator random = new Seeds(SEED).random("doctor");
    int vocabulary = model.info().vocabularySize();
    Set<Integer> refused = model.info().refusedTokens().keySet();
    return IntStream.range(0, RANDOM_SEQUENCES)
        .mapToObj(
            i ->
                Sequence.of(
                    random
                        .ints(0, vocabulary)
                        .filter(id -> !refused.contains(id))
                        .limit(length)
                        .toArray()))
        .toList();
  }

  private static HookPoint point(int layer) {
    return HookPoint.of(layer, HookPoint.RESID_POST);
  }

  private static ForwardRequest request(OpenModel model, List<Sequence> sequences) {
    return ForwardRequest.of(sequences)
        .readEach(
            IntStream.range(0, model.info().layers())
                .mapToObj(layer -> Read.of(point(layer), Selector.all()))
                .toList());
  }

  private static Map<Place, float[]> rows(OpenModel model, List<Sequence> sequences) {
    Map<Place, float[]> all = new HashMap<>();
    model
        .forward(request(model, sequences))
        .forEach(
            batch -> {
              Rows rows = batch.rows().getFirst();
              for (int i = 0; i < rows.count(); i++) {
                Place place = new Place(rows.read().point(), rows.sequences()[i], rows.places()[i]);
                all.put(place, rows.row(i).toArray(ValueLayout.JAVA_FLOAT));
              }
            });
    return all;
  }

  private static Layer compare(
      Map<Place, float[]> expected, Map<Place, float[]> actual, HookPoint point) {
    DoubleStream.Builder errors = DoubleStream.builder();
    expected.forEach(
        (place, row) -> {
          float[] other = actual.get(place);
          if (place.point().equals(point) && other != null) {
            errors.add(relativeError(other, row));
          }
        });
    double[] all = errors.build().toArray();
    return new Layer(Quantiles.median(all), Arrays.stream(all).max().orElseThrow());
  }

  private static double relativeError(float[] actual, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
  }

  /** The shortest of some passes, all of them after the one whose rows were compared. */
  private static long nanoseconds(OpenModel model, List<Sequence> sequences) {
    long began = System.nanoTime();
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < MOST_PASSES && System.nanoTime() - began < MOST_TIME.toNanos(); i++) {
      long start = System.nanoTime();
      model.forward(request(model, sequences)).forEach(batch -> {});
      shortest = Math.min(shortest, System.nanoTime() - start);
    }
    return shortest;
  }
}
