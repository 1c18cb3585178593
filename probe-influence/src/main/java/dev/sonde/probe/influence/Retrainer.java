package dev.sonde.probe.influence;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.TrainedModel;
import dev.sonde.probe.influence.Retraining.Choice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Repeats the training on the documents without some of them, each repetition a stage of the run. A
 * seed is an order of the documents.
 */
final class Retrainer {
  private final ProbeContext context;
  private final RetrainingSettings settings;
  private final Model base;
  private final List<Item> documents;
  private final List<Item> queries;

  /** A training that is to be repeated. */
  private record Wanted(Choice choice, int number, int seed, BitSet documents) {}

  /**
   * From the model that the settings name.
   *
   * @throws UnsupportedCapabilityException if its backend does not train
   */
  Retrainer(
      ProbeContext context, RetrainingSettings settings, List<Item> documents, List<Item> queries) {
    this.context = context;
    this.settings = settings;
    this.base = context.model(settings.from().orElseThrow());
    this.documents = documents;
    this.queries = queries;
    if (!base.capabilities().features().contains(Capabilities.TRAINING)) {
      throw new UnsupportedCapabilityException(
          "retrain_from needs a model that can be trained: a dense one as a folder, opened in"
              + " float32 by a backend that trains, such as pytorch");
    }
  }

  /**
   * Repeats it on all documents, on random halves, and without those at the top of groups of
   * queries.
   */
  List<Retraining> run(Rankings influence, Rankings words) {
    List<Wanted> wanted = new ArrayList<>();
    for (int subset = 0; subset < settings.subsets().count(); subset++) {
      BitSet half = half(context.random("subset-" + subset));
      for (int seed = 1; seed <= settings.subsets().seeds(); seed++) {
        wanted.add(new Wanted(Choice.SUBSET, subset, seed, half));
      }
    }
    List<List<Integer>> groups = Removal.groups(queries, settings.removals());
    for (int seed = 1; seed <= settings.removals().seeds() && !groups.isEmpty(); seed++) {
      BitSet all = new BitSet();
      all.set(0, documents.size());
      wanted.add(new Wanted(Choice.FULL, 0, seed, all));
      for (int number = 0; number < groups.size(); number++) {
        wanted.addAll(removed(groups.get(number), number, seed, influence, words));
      }
    }
    List<Retraining> done = new ArrayList<>();
    for (Wanted each : wanted) {
      context.progress("training again", done.size(), wanted.size());
      done.add(repeated(each));
    }
    return done;
  }

  private List<Wanted> removed(
      List<Integer> group, int number, int seed, Rankings influence, Rankings words) {
    int count = settings.removals().documents() * group.size();
    RandomGenerator random = context.random("removed-%d-%d".formatted(number, seed));
    return List.of(
        new Wanted(Choice.INFLUENCE, number, seed, Removal.withoutTop(influence, group, count)),
        new Wanted(Choice.BM25, number, seed, Removal.withoutTop(words, group, count)),
        new Wanted(
            Choice.RANDOM, number, seed, Removal.withoutRandom(documents.size(), count, random)));
  }

  private BitSet half(RandomGenerator random) {
    BitSet half = new BitSet();
    IntStream.of(shuffled(random)).limit(documents.size() / 2).forEach(half::set);
    return half;
  }

  /** The indices of all documents (Fisher and Yates). */
  private int[] shuffled(RandomGenerator random) {
    int[] order = IntStream.range(0, documents.size()).toArray();
    for (int last = order.length - 1; last > 0; last--) {
      int other = random.nextInt(last + 1);
      int held = order[last];
      order[last] = order[other];
      order[other] = held;
    }
    return order;
  }

  private Retraining repeated(Wanted wanted) {
    String id =
        new Retraining(
                wanted.choice(), wanted.number(), wanted.seed(), wanted.documents(), new double[0])
            .id();
    double[] logP = doubles(context.stage(id, () -> bytes(trained(wanted))));
    return new Retraining(
        wanted.choice(), wanted.number(), wanted.seed(), wanted.documents(), logP);
  }

  private double[] trained(Wanted wanted) {
    int[] order = shuffled(context.random("order-" + wanted.seed()));
    try (TrainedModel model =
        base.train(settings.recipe().plan(documents, order, wanted.documents()))) {
      return LogLikelihood.of(model, queries);
    }
  }

  private static byte[] bytes(double[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Double.BYTES);
    bytes.asDoubleBuffer().put(numbers);
    return bytes.array();
  }

  private static double[] doubles(byte[] bytes) {
    double[] numbers = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(numbers);
    return numbers;
  }
}
