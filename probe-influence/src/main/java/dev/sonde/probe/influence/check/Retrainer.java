package dev.sonde.probe.influence.check;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.influence.check.DocumentRemoval.Group;
import dev.sonde.probe.influence.read.LogLikelihood;
import dev.sonde.probe.influence.read.ShardedStage;
import dev.sonde.probe.influence.score.InfluencePlan;
import dev.sonde.probe.influence.score.InfluenceScores;
import dev.sonde.probe.influence.score.Rankings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    String id() {
      return with(new double[0]).id();
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
   * Has it repeated on all documents, on random halves, and without those at the top and at the
   * bottom of groups of queries. What was trained on the same documents in the same order before is
   * taken as it is, and others that were trained are kept beside.
   *
   * @param before earlier retrainings
   * @throws UnsupportedCapabilityException if the backend of the model that the settings name does
   *     not train
   */
  public Retrainings run(
      ProbeContext context, InfluenceScores scores, Rankings words, Retrainings before) {
    if (!base(context).capabilities().features().contains(Capabilities.TRAINING)) {
      throw new UnsupportedCapabilityException(
          "retrain_from needs a model that can be trained: a dense one as a folder, opened in"
              + " float32 by a backend that trains, such as pytorch");
    }
    List<Wanted> wanted = wanted(context, scores, words);
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    for (Wanted each : wanted) {
      if (before.of(each.documents, each.seed).isEmpty()) {
        inputs.put(each.id(), each.input());
      }
    }
    SequencedMap<String, Artifact> found = ShardedStage.compute(context, STAGE, VERSION, inputs);
    return new Retrainings(
            wanted.stream()
                .map(
                    each ->
                        before
                            .of(each.documents, each.seed)
                            .map(done -> each.with(done.logP()))
                            .orElseGet(() -> each.with(logP(found, each.id()))))
                .toList())
        .and(before);
  }

  private static double[] logP(SequencedMap<String, Artifact> found, String id) {
    return Objects.requireNonNull(found.get(id), id).tensor(LOG_P).row(0);
  }

  /** The random halves, which follow from the run's seed. */
  public List<BitSet> halves(ShardContext context) {
    return IntStream.range(0, settings.subsets().count())
        .mapToObj(subset -> half(context.random("subset-" + subset)))
        .toList();
  }

  private List<Wanted> wanted(ProbeContext context, InfluenceScores scores, Rankings words) {
    List<Wanted> wanted = new ArrayList<>();
    List<BitSet> halves = halves(context);
    for (int subset = 0; subset < halves.size(); subset++) {
      for (int seed = 1; seed <= settings.subsets().seeds(); seed++) {
        wanted.add(new Wanted(DocumentChoice.SUBSET, subset, seed, halves.get(subset)));
      }
    }
    List<Group> groups = DocumentRemoval.groups(plan.queries(), settings.removals());
    Map<DocumentChoice, Rankings> chosen = new EnumMap<>(DocumentChoice.class);
    chosen.put(DocumentChoice.INFLUENCE, scores.first());
    chosen.put(DocumentChoice.BOTTOM, scores.bottom());
    chosen.put(DocumentChoice.BM25, words);
    int documents = plan.documents().size();
    for (int seed = 1; seed <= settings.removals().seeds() && !groups.isEmpty(); seed++) {
      BitSet all = new BitSet();
      all.set(0, documents);
      wanted.add(new Wanted(DocumentChoice.FULL, 0, seed, all));
      for (int number = 0; number < groups.size(); number++) {
        Group group = groups.get(number);
        for (Map.Entry<DocumentChoice, Rankings> by : chosen.entrySet()) {
          BitSet kept = DocumentRemoval.kept(by.getValue(), group, documents, settings.removals());
          wanted.add(new Wanted(by.getKey(), number, seed, kept));
        }
        int count = settings.removals().documents() * group.queries().size();
        RandomGenerator random = context.random("removed-%d-%d".formatted(number, seed));
        wanted.add(
            new Wanted(
                DocumentChoice.RANDOM,
                number,
                seed,
                DocumentRemoval.withoutRandom(documents, count, random)));
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

  /** A shard of {@link #STAGE}: what each query measures, in nats. */
  public Artifact retrained(Artifact input, ShardContext context) {
    int[] order = shuffled(context.random("order-" + input.integers(SEED)[0]));
    BitSet documents = BitSet.valueOf(input.integers(DOCUMENTS));
    try (Model model =
        base(context).train(settings.recipe().plan(plan.documents(), order, documents))) {
      double[][] logP = {LogLikelihood.measured(model, plan.queries())};
      return Artifact.empty().with(LOG_P, Matrix.of(Matrix.Type.FLOAT64, logP));
    }
  }
}
