package dev.sonde.probe.position.atlas;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.position.estimate.AttentionBlock;
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

/** Where all heads of a model look on the texts of a shard: a few numbers a head and text. */
public final class PatternShard {
  /** The stage whose shards compute it. */
  public static final String STAGE = "patterns";

  /** The same on random tokens that come twice. */
  public static final String REPEATED = "patterns-repeated";

  /** The version of what shards give. */
  public static final int VERSION = 1;

  private final ModelInfo info;
  private final LinearAlgebra algebra;
  private final List<AttentionBlock> blocks;
  private final List<CausalPairs> pairs;
  private final List<RotationTable> rotations;
  private final List<Text> texts;
  private final Map<Pattern, double[][]> looks = new EnumMap<>(Pattern.class);

  private PatternShard(
      ModelInfo info, LinearAlgebra algebra, List<AttentionBlock> blocks, TextShard shard) {
    this.info = info;
    this.algebra = algebra;
    this.blocks = blocks;
    this.texts = shard.texts();
    this.rotations =
        blocks.stream().map(b -> new RotationTable(b.planes(), shard.length())).toList();
    this.pairs =
        info.attention().stream().map(a -> CausalPairs.of(shard.length(), 0, a.window())).toList();
    for (Pattern each : Pattern.values()) {
      looks.put(each, new double[info.layers() * info.heads()][texts.size()]);
    }
  }

  /** Per pattern a tensor {@code [layers · heads, texts]}. */
  public static Artifact of(Artifact input, ShardContext context, List<AttentionBlock> blocks) {
    TextShard shard = TextShard.of(input);
    Model model = NamedModels.named(shard.model(), context);
    PatternShard patterns = new PatternShard(model.info(), context.linearAlgebra(), blocks, shard);
    patterns.run(model, shard, context);
    Artifact artifact = Artifact.empty();
    for (Map.Entry<Pattern, double[][]> each : patterns.looks.entrySet()) {
      artifact =
          artifact.with(each.getKey().key(), Matrix.of(Matrix.Type.FLOAT64, each.getValue()));
    }
    return artifact;
  }

  private void run(Model model, TextShard shard, ShardContext context) {
    List<List<HookPoint>> layers =
        IntStream.range(0, info.layers()).mapToObj(HeadStream::points).toList();
    List<Sequence> sequences = texts.stream().map(text -> Sequence.of(text.ids())).toList();
    int[] done = {0};
    try (Workers workers = new Workers()) {
      HeadStream.run(
          model,
          sequences,
          layers,
          new HeadStream.Consumer() {
            @Override
            public void take(int layer, int text, List<float[]> rows) {
              for (int head = 0; head < info.heads(); head++) {
                int own = head;
                workers.submit(() -> PatternShard.this.take(layer, own, text, rows));
              }
              done[0]++;
            }

            @Override
            public void finish() {
              workers.join();
              int all = info.layers() * texts.size();
              context.progress("where heads look, " + shard.name(), done[0], all);
            }
          });
    }
  }

  private void take(int layer, int head, int text, List<float[]> rows) {
    AttentionBlock block = blocks.get(layer);
    int keyHead = HeadStream.keyHead(info, head);
    PlaneRows q = HeadStream.head(block.planes(), rows.get(0), info.heads(), head, 0);
    PlaneRows k = HeadStream.head(block.planes(), rows.get(1), info.keyValueHeads(), keyHead, 0);
    CausalPairs cells = pairs.get(layer);
    double[] logits = cells.pack(Logits.all(algebra, rotations.get(layer), block.scale(), q, k));
    double[] shares = Shares.of(cells, logits, block.cap()).values();
    Looks.of(cells, shares, texts.get(text).ids())
        .forEach((pattern, share) -> put(pattern, layer * info.heads() + head, text, share));
  }

  private void put(Pattern pattern, int row, int text, double share) {
    double[][] rows = looks.get(pattern);
    if (rows != null) {
      rows[row][text] = share;
    }
  }
}
