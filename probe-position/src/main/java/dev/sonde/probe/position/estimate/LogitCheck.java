package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.position.read.CausalPairs;
import dev.sonde.probe.position.read.HeadStream;
import dev.sonde.probe.position.read.PlaneRows;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Whether logits computed from queries and keys are those that the model itself computes. */
public final class LogitCheck {
  /** The version of the layout. */
  public static final int VERSION = 1;

  /** The tensor that holds the one figure. */
  public static final String WORST = "worst";

  private LogitCheck() {}

  /**
   * The largest relative distance {@code ‖ours − the model's‖ / ‖the model's‖} of a head's scores
   * on a text, over all heads.
   *
   * @param first tokens that are left out
   */
  public static Artifact of(
      Model model, LinearAlgebra algebra, List<AttentionBlock> blocks, int[] text, int first) {
    ForwardRequest request = ForwardRequest.of(List.of(Sequence.of(text)));
    for (int layer = 0; layer < blocks.size(); layer++) {
      request =
          request.read(
              Read.of(HookPoint.of(layer, HeadStream.QUERIES), Selector.all()),
              Read.of(HookPoint.of(layer, HeadStream.KEYS), Selector.all()),
              Read.of(HookPoint.of(layer, HookPoint.SCORES), Selector.all()));
    }
    double[] worst = {0};
    model
        .forward(request)
        .forEach(
            batch -> {
              AttentionBlock block = blocks.get(batch.group());
              worst[0] = Math.max(worst[0], worst(model, algebra, block, batch.rows(), first));
            });
    return Artifact.empty().with(WORST, Matrix.of(Matrix.Type.FLOAT64, new double[][] {worst}));
  }

  private static double worst(
      Model model, LinearAlgebra algebra, AttentionBlock block, List<Rows> rows, int first) {
    int heads = model.info().heads();
    int keyHeads = model.info().keyValueHeads();
    float[] q = HeadStream.text(rows.get(0), 0);
    float[] k = HeadStream.text(rows.get(1), 0);
    double worst = 0;
    for (int head = 0; head < heads; head++) {
      int keyHead = HeadStream.keyHead(model.info(), head);
      PlaneRows queries = HeadStream.head(block.planes(), q, heads, head, first);
      PlaneRows keys = HeadStream.head(block.planes(), k, keyHeads, keyHead, first);
      double[] ours = block.logits(algebra, queries, keys);
      double[] theirs = theirs(rows.get(2), block.pairs(), head, heads, first);
      double apart = 0;
      double all = 0;
      for (int cell = 0; cell < ours.length; cell++) {
        double difference = Logits.capped(ours[cell], block.cap()) - theirs[cell];
        apart += difference * difference;
        all += theirs[cell] * theirs[cell];
      }
      worst = Math.max(worst, Math.sqrt(apart / all));
    }
    return worst;
  }

  private static double[] theirs(Rows rows, CausalPairs cells, int head, int heads, int first) {
    double[] theirs = new double[cells.count()];
    for (int row = 0; row < rows.count(); row++) {
      int query = rows.places()[row] - first;
      if (query < 0) {
        continue;
      }
      int keys = (int) (rows.row(row).byteSize() / Float.BYTES / heads);
      for (int key = cells.from(query); key <= query; key++) {
        theirs[cells.start(query) + key - cells.from(query)] =
            rows.row(row).getAtIndex(ValueLayout.JAVA_FLOAT, (long) head * keys + key + first);
      }
    }
    return theirs;
  }
}
