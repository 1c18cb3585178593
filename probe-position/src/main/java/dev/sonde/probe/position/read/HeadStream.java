package dev.sonde.probe.position.read;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Queries and keys of a model before rotation, block by block as they are computed. */
public final class HeadStream {
  /** Queries after their norm, before rotation. */
  public static final String QUERIES = "attn.hook_q_pre_rot";

  /** Keys after their norm, before rotation. */
  public static final String KEYS = "attn.hook_k_pre_rot";

  private HeadStream() {}

  /** What is done with what a text does at the points of one group. */
  public interface Consumer {
    /**
     * Takes it.
     *
     * @param group the index of the group
     * @param text the index of the text
     * @param rows per point of the group {@code [tokens, width]}
     */
    void take(int group, int text, List<float[]> rows);

    /** Called when all texts of a batch were handed over in one group. */
    default void finish() {}
  }

  /** The points of queries and keys of a block. */
  public static List<HookPoint> points(int layer) {
    return List.of(HookPoint.of(layer, QUERIES), HookPoint.of(layer, KEYS));
  }

  /** Runs some texts and hands over what stands at groups of points. */
  public static void run(
      Model model, List<Sequence> texts, List<List<HookPoint>> groups, Consumer consumer) {
    List<List<Read>> reads =
        groups.stream()
            .map(group -> group.stream().map(point -> Read.of(point, Selector.all())).toList())
            .toList();
    read(model, texts, reads, consumer);
  }

  /** The same for reads of all tokens, gradients of one objective a text among them. */
  public static void read(
      Model model, List<Sequence> texts, List<List<Read>> groups, Consumer consumer) {
    ForwardRequest request = ForwardRequest.of(texts);
    for (List<Read> group : groups) {
      request = request.read(group.toArray(Read[]::new));
    }
    model.forward(request).forEach(batch -> handOver(batch, consumer));
  }

  private static void handOver(Batch batch, Consumer consumer) {
    bySequence(batch.rows().getFirst())
        .forEach(
            (text, own) ->
                consumer.take(
                    batch.group(),
                    text,
                    batch.rows().stream().map(rows -> gathered(rows, own)).toList()));
    consumer.finish();
  }

  private static Map<Integer, List<Integer>> bySequence(Rows rows) {
    Map<Integer, List<Integer>> bySequence = new TreeMap<>();
    for (int row = 0; row < rows.count(); row++) {
      bySequence.computeIfAbsent(rows.sequences()[row], key -> new ArrayList<>()).add(row);
    }
    return bySequence;
  }

  /** A text's rows, {@code [tokens, width]}. */
  public static float[] text(Rows rows, int text) {
    return gathered(rows, bySequence(rows).getOrDefault(text, List.of()));
  }

  private static float[] gathered(Rows rows, List<Integer> own) {
    float[] all = new float[own.size() * rows.width()];
    for (int row : own) {
      MemorySegment.copy(
          rows.row(row),
          ValueLayout.JAVA_FLOAT,
          0,
          all,
          rows.places()[row] * rows.width(),
          rows.width());
    }
    return all;
  }

  /** One head of a text in plane coordinates, without the first tokens. */
  public static PlaneRows head(Planes planes, float[] all, int heads, int head, int first) {
    int width = 2 * planes.count();
    int tokens = all.length / (heads * width);
    float[] coordinates = new float[(tokens - first) * width];
    for (int token = first; token < tokens; token++) {
      planes.read(all, (token * heads + head) * width, coordinates, token - first);
    }
    return new PlaneRows(planes, tokens - first, coordinates);
  }

  /** One head of a text as it is, {@code [tokens, width of a head]} float32. */
  public static Matrix columns(float[] all, int heads, int head, int tokens) {
    int width = all.length / (tokens * heads);
    Matrix columns = Matrix.zeros(Matrix.Type.FLOAT32, tokens, width);
    for (int token = 0; token < tokens; token++) {
      MemorySegment.copy(
          all,
          (token * heads + head) * width,
          columns.segment(),
          ValueLayout.JAVA_FLOAT,
          (long) token * width * Float.BYTES,
          width);
    }
    return columns;
  }

  /** The key head that serves a query head. */
  public static int keyHead(ModelInfo info, int head) {
    return head / (info.heads() / info.keyValueHeads());
  }
}
