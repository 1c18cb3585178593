package dev.sonde.probe.influence.check;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.influence.read.LogLikelihood;
import dev.sonde.probe.influence.read.ShardedStage;
import dev.sonde.probe.influence.score.InfluencePlan;
import dev.sonde.probe.influence.score.Rankings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Repeats the training on the documents without some of them, a shard each time. A seed is an order
 * of the documents.
 */
public final class Retrainer {
  /** The stage of retrainings. */
  public static final String STAGE = "retraining";

  private static final int VERSION = 1;
  private static final String SEED = "seed";
  private static final String DOCUMENTS = "documents";
  private static final String LOG_P = "log_p";

  private final RetrainingSettings settings;
  private final InfluencePlan plan;

  /** A training that is to be repeated. */
  private record Wanted(DocumentChoice choice, int number, int seed, BitSet documents) {
    Retraining with(double[] logP) {
      return new Retraining(choice, number, seed, documents, logP);
    }

    Artifact input() {
      return Artifact.empty().with(SEED, seed).with(DOCUMENTS, documents.toLongArray());
    }
  }

  /** Repeats the training on the documents of a plan. */
  public Retrainer(RetrainingSettings settings, InfluencePlan plan) {
    this.settings = settings;
    this.plan = plan;
  }

  private Model base(ShardContext context) {
    return context.model(settings.from().orElseThrow());
  }

  /**
   * Has it repeated on all documents, on random halves, and without those at the top of groups of
   * queries.
   *
   * @throws UnsupportedCapabilityException if the backend of the model that the settings name does
   *     not train
   */
  public List<Retraining> run(ProbeContext context, Rankings influence, Rankings words) {
    if (!base(context).capabilities().features().contains(Capabilities.TRAINING)) {
      throw new UnsupportedCapabilityException(
          "retrain_from needs a model that can be trained: a dense one as a folder, opened in"
              + " float32 by a backend that trains, such as pytorch");
    }
    List<Wanted> wanted = wanted(context, influence, words);
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    wanted.forEach(each -> inputs.put(each.with(new double[0]).id(), each.input()));
    SequencedMap<String, Artifact> found = ShardedStage.compute(context, STAGE, VERSION, inputs);
    return wanted.stream()
        .map(
            each -> {
              String id = each.with(new double[0]).id();
              return each.with(Objects.requireNonNull(found.get(id), id).tensor(LOG_P).row(0));
            })
        .toList();
  }

  private List<Wanted> wanted(ProbeContext context, Rankings influence, Rankings words) {
    List<Wanted> wanted = new ArrayList<>();
    for (int subset = 0; subset < settings.subsets().count(); subset++) {
      BitSet half = half(context.random("subset-" + subset));
      for (int seed = 1; seed <= settings.subsets().seeds(); seed++) {
        wanted.add(new Wanted(DocumentChoice.SUBSET, subset, seed, half));
      }
    }
    List<List<Integer>> groups = DocumentRemoval.groups(plan.queries(), settings.removals());
    for (int seed = 1; seed <= settings.removals().seeds() && !groups.isEmpty(); seed++) {
      BitSet all = new BitSet();
      all.set(0, plan.documents().size());
      wanted.add(new Wanted(DocumentChoice.FULL, 0, seed, all));
      for (int number = 0; number < groups.size(); number++) {
        int count = settings.removals().documents() * groups.get(number).size();
        RandomGenerator random = context.random("removed-%d-%d".formatted(number, seed));
        List<Integer> group = groups.get(number);
        wanted.add(
            new Wanted(
                DocumentChoice.INFLUENCE,
                number,
                seed,
                DocumentRemoval.kept(influence, group, settings.removals())));
        wanted.add(
            new Wanted(
                DocumentChoice.BM25,
                number,
                seed,
                DocumentRemoval.kept(words, group, settings.removals())));
        wanted.add(
            new Wanted(
                DocumentChoice.RANDOM,
                number,
                seed,
                DocumentRemoval.withoutRandom(plan.documents().size(), count, random)));
      }
    }
    return wanted;
  }

  private BitSet half(RandomGenerator random) {
    BitSet half = new BitSet();
    IntStream.of(shuffled(random)).limit(plan.documents().size() / 2).forEach(half::set);
    return half;
  }

  /** The indices of all documents (Fisher and Yates). */
  private int[] shuffled(RandomGenerator random) {
    int[] order = IntStream.range(0, plan.documents().size()).toArray();
    for (int last = order.length - 1; last > 0; last--) {
      int other = random.nextInt(last + 1);
      int held = order[last];
      order[last] = order[other];
      order[other] = held;
    }
    return order;
  }

  /** A shard of {@link #STAGE}: the log-probability of each query's completion, in nats. */
  public Artifact retrained(Artifact input, ShardContext context) {
    int[] order = shuffled(context.random("order-" + input.integers(SEED)[0]));
    BitSet documents = BitSet.valueOf(input.integers(DOCUMENTS));
    try (Model model =
        base(context).train(settings.recipe().plan(plan.documents(), order, documents))) {
      double[][] logP = {LogLikelihood.of(model, plan.queries())};
      return Artifact.empty().with(LOG_P, Matrix.of(Matrix.Type.FLOAT64, logP));
    }
  }
}
