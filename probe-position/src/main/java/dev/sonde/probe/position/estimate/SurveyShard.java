package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.position.read.HeadStream;
import dev.sonde.probe.position.read.NamedModels;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.TextShard;
import dev.sonde.probe.position.read.Workers;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All heads of a model on the texts of a shard. Queries and keys stream through: what stays is a
 * few numbers a head and text. At any time as many heads have their logits in memory as there are
 * processors.
 */
public final class SurveyShard {
  private final ModelInfo info;
  private final LinearAlgebra algebra;
  private final List<AttentionBlock> blocks;
  private final AxisFits fits;
  private final int first;
  private final SurveyedTexts surveyed;

  private SurveyShard(
      Model model,
      LinearAlgebra algebra,
      List<AttentionBlock> blocks,
      AxisFits fits,
      int first,
      int texts) {
    this.info = model.info();
    this.algebra = algebra;
    this.blocks = blocks;
    this.fits = fits;
    this.first = first;
    this.surveyed = SurveyedTexts.none(info, texts);
  }

  /**
   * Looks at every head on every text.
   *
   * @param blocks of the model
   * @param fits of the blocks
   * @param first how many first tokens are left out
   */
  public static Artifact of(
      Artifact input, ShardContext context, List<AttentionBlock> blocks, AxisFits fits, int first) {
    TextShard shard = TextShard.of(input);
    Model model = NamedModels.named(shard.model(), context);
    SurveyShard survey =
        new SurveyShard(model, context.linearAlgebra(), blocks, fits, first, shard.texts().size());
    survey.run(model, shard, context);
    return survey.surveyed.artifact(model.info().headWidth() / 2);
  }

  private void run(Model model, TextShard shard, ShardContext context) {
    List<List<HookPoint>> layers =
        IntStream.range(0, info.layers()).mapToObj(HeadStream::points).toList();
    List<Sequence> sequences = shard.texts().stream().map(text -> Sequence.of(text.ids())).toList();
    int all = info.layers() * sequences.size();
    try (Workers pool = new Workers()) {
      HeadStream.run(
          model,
          sequences,
          layers,
          new HeadStream.Consumer() {
            private int done;

            @Override
            public void take(int layer, int text, List<float[]> rows) {
              SurveyShard.this.take(pool, layer, text, rows.getFirst(), rows.getLast());
              done++;
            }

            @Override
            public void finish() {
              pool.join();
              context.progress("heads, " + shard.name(), done, all);
            }
          });
    }
  }

  private void take(Workers pool, int layer, int text, float[] q, float[] k) {
    AttentionBlock block = blocks.get(layer);
    int keyHeads = info.keyValueHeads();
    for (int head = 0; head < keyHeads; head++) {
      PlaneRows keyRows = HeadStream.head(block.planes(), k, keyHeads, head, first);
      surveyed.keys()[layer].add(head, keyRows);
    }
    for (int head = 0; head < info.heads(); head++) {
      int own = head;
      PlaneRows queryRows = HeadStream.head(block.planes(), q, info.heads(), head, first);
      surveyed.queries()[layer].add(head, queryRows);
      pool.submit(
          () -> {
            int keyHead = HeadStream.keyHead(info, own);
            PlaneRows keyRows = HeadStream.head(block.planes(), k, keyHeads, keyHead, first);
            surveyed.fits()[layer][own][text] =
                HeadFit.of(algebra, block, fits.of(block), queryRows, keyRows);
          });
    }
  }
}
