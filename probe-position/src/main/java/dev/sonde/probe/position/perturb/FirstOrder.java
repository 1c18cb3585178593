package dev.sonde.probe.position.perturb;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.estimate.AxisFits;
import dev.sonde.probe.position.estimate.Logits;
import dev.sonde.probe.position.estimate.Shares;
import dev.sonde.probe.position.read.CausalPairs;
import dev.sonde.probe.position.read.HeadStream;
import dev.sonde.probe.position.read.NamedModels;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.RotationTable;
import dev.sonde.probe.position.read.Text;
import dev.sonde.probe.position.read.TextShard;
import dev.sonde.probe.position.read.Workers;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What other logits in one head cost, to first order: the gradient of the loss with respect to what
 * the head mixes, times the change of it, {@code Σ_t ∂L/∂z_t · Σ_j (p′_tj − p_tj) v_j} (attribution
 * patching). One pass forth and back gives all heads.
 */
public final class FirstOrder {
  /** The stage whose shards compute it. */
  public static final String STAGE = "first-order";

  /** The version of what shards give. */
  public static final int VERSION = 1;

  private static final String VALUES = "attn.hook_v";
  private static final String MIXED = "attn.hook_z";
  private static final String TOKENS = "tokens";

  private final ModelInfo info;
  private final LinearAlgebra algebra;
  private final List<AttentionBlock> blocks;
  private final List<CausalPairs> pairs;
  private final List<RotationTable> rotations;
  private final Map<Substitute, OtherLogits> others = new EnumMap<>(Substitute.class);
  private final Map<Substitute, double[][]> nats = new EnumMap<>(Substitute.class);

  private FirstOrder(
      ModelInfo info,
      LinearAlgebra algebra,
      List<AttentionBlock> blocks,
      AxisFits fits,
      int first,
      int tokens,
      int texts) {
    this.info = info;
    this.algebra = algebra;
    this.blocks = blocks;
    this.rotations = blocks.stream().map(b -> new RotationTable(b.planes(), tokens)).toList();
    this.pairs = info.attention().stream().map(a -> CausalPairs.of(tokens, 0, a.window())).toList();
    int[] inOrder = IntStream.range(0, tokens - first).toArray();
    List<int[]> orders = IntStream.range(0, texts).mapToObj(text -> inOrder).toList();
    for (Substitute each : Conditions.ALONE) {
      others.put(each, OtherLogits.of(each, algebra, fits, first, orders));
      nats.put(each, new double[info.layers() * info.heads()][texts]);
    }
  }

  /** The sites that it reads beside queries and keys. */
  static List<String> sites() {
    return List.of(VALUES, MIXED);
  }

  /** Per substitute and head what it costs each text of a shard, and how many tokens that is. */
  public static Artifact of(
      Artifact input, ShardContext context, List<AttentionBlock> blocks, AxisFits fits, int first) {
    TextShard shard = TextShard.of(input);
    Model model = NamedModels.named(shard.model(), context);
    FirstOrder order =
        new FirstOrder(
            model.info(),
            context.linearAlgebra(),
            blocks,
            fits,
            first,
            shard.length(),
            shard.texts().size());
    order.run(model, shard, context);
    Artifact artifact =
        Artifact.empty().with(TOKENS, shard.texts().stream().mapToLong(Text::targets).toArray());
    for (Map.Entry<Substitute, double[][]> each : order.nats.entrySet()) {
      artifact =
          artifact.with(each.getKey().key(), Matrix.of(Matrix.Type.FLOAT64, each.getValue()));
    }
    return artifact;
  }

  /** What a substitute in a head costs each text of some shards. */
  static List<Losses.Change> changes(
      ModelInfo info, Substitute substitute, Head head, List<Artifact> shards) {
    int row = head.layer() * info.heads() + head.head();
    return shards.stream()
        .flatMap(
            shard -> {
              double[] nats = shard.tensor(substitute.key()).row(row);
              long[] tokens = shard.integers(TOKENS);
              return IntStream.range(0, nats.length)
                  .mapToObj(t -> new Losses.Change(nats[t], Math.toIntExact(tokens[t])));
            })
        .toList();
  }

  private void run(Model model, TextShard shard, ShardContext context) {
    int[] counted =
        IntStream.range(0, shard.texts().size())
            .filter(text -> shard.texts().get(text).targets() > 0)
            .toArray();
    List<Sequence> sequences =
        IntStream.of(counted).mapToObj(text -> differentiated(shard.texts().get(text))).toList();
    List<List<Read>> reads = IntStream.range(0, info.layers()).mapToObj(FirstOrder::reads).toList();
    int all = info.layers() * counted.length;
    int[] done = {0};
    try (Workers workers = new Workers()) {
      HeadStream.read(
          model,
          sequences,
          reads,
          new HeadStream.Consumer() {
            @Override
            public void take(int layer, int sequence, List<float[]> rows) {
              for (int head = 0; head < info.heads(); head++) {
                Head own = new Head(layer, head);
                workers.submit(() -> FirstOrder.this.take(own, counted[sequence], rows));
              }
              done[0]++;
            }

            @Override
            public void finish() {
              workers.join();
              context.progress("first order, " + shard.name(), done[0], all);
            }
          });
    }
  }

  private static Sequence differentiated(Text text) {
    return Sequence.of(text.ids())
        .objective(Objective.of(Objective.LOSS, text.targets(text.ids(), 0, 1), 0));
  }

  private static List<Read> reads(int layer) {
    List<HookPoint> points = HeadStream.points(layer);
    return List.of(
        Read.of(points.get(0), Selector.all()),
        Read.of(points.get(1), Selector.all()),
        Read.of(HookPoint.of(layer, VALUES), Selector.all()),
        Read.of(HookPoint.of(layer, MIXED), Selector.all()).gradient());
  }

  private void take(Head head, int text, List<float[]> rows) {
    AttentionBlock block = blocks.get(head.layer());
    RotationTable turns = rotations.get(head.layer());
    CausalPairs cells = pairs.get(head.layer());
    int keyHead = HeadStream.keyHead(info, head.head());
    int keyHeads = info.keyValueHeads();
    PlaneRows q = HeadStream.head(block.planes(), rows.get(0), info.heads(), head.head(), 0);
    PlaneRows k = HeadStream.head(block.planes(), rows.get(1), keyHeads, keyHead, 0);
    float[] logits = Logits.floats(Logits.all(algebra, turns, block.scale(), q, k));
    double[] own = Shares.of(cells, cells.pack(Logits.square(logits)), block.cap()).values();
    Matrix values = HeadStream.columns(rows.get(2), keyHeads, keyHead, q.tokens());
    Matrix gradients = HeadStream.columns(rows.get(3), info.heads(), head.head(), q.tokens());
    double[] perShare = cells.pack(algebra.timesTranspose(gradients, values));
    others.forEach(
        (substitute, other) -> {
          float[] changed = logits.clone();
          other.change(block, turns, text, changed, q, k);
          double[] shares =
              Shares.of(cells, cells.pack(Logits.square(changed)), block.cap()).values();
          double sum = 0;
          for (int cell = 0; cell < own.length; cell++) {
            sum += (shares[cell] - own[cell]) * perShare[cell];
          }
          ofHead(substitute, head)[text] = sum;
        });
  }

  private double[] ofHead(Substitute substitute, Head head) {
    return nats.getOrDefault(substitute, new double[0][])[
        head.layer() * info.heads() + head.head()];
  }
}
