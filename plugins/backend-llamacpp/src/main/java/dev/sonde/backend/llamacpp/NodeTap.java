package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.HookPoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Copies what is read of the nodes of one pass, and changes what its sequences wish, as llama.cpp
 * computes them. Ends the pass behind the last node that anybody waits for.
 */
final class NodeTap implements LlamaContext.Tap {
  private final LlamaLibrary library;
  private final SiteMap sites;
  private final List<Fed> fed;
  private final Sink sink;
  private final boolean toTheEnd;
  private final int outputs;
  private final LlamaGraph.Keys keys = new LlamaGraph.Keys();
  private final Map<String, List<HookPoint>> rows = new LinkedHashMap<>();
  private final Map<String, Integer> scores = new HashMap<>();
  private final Map<String, Integer> patterns = new HashMap<>();
  private final Map<Integer, float[]> heldScores = new HashMap<>();
  private final Set<String> waiting = new HashSet<>();
  private String key = "";

  /**
   * A sequence with the tokens of it that are fed.
   *
   * @param part what is fed
   * @param edits of its sequence
   */
  record Fed(LlamaContext.Part part, Edits edits) {
    /** The index in its sequence of a token of the pass. */
    int token(int index) {
      return part.position() + index;
    }
  }

  /** Who reads. */
  interface Sink {
    /** Whether a token's row at a point is read. */
    boolean wants(HookPoint point, int sequence, int token);

    /** The points of which any row is read. */
    Set<HookPoint> points();

    /** A row that is read. */
    void row(HookPoint point, int sequence, int token, float[] row);
  }

  /**
   * A tap of one pass.
   *
   * @param fed the sequences, in the order of their rooms
   * @param toTheEnd whether logits are wanted
   */
  NodeTap(LlamaLibrary library, SiteMap sites, List<Fed> fed, Sink sink, boolean toTheEnd) {
    this.library = library;
    this.sites = sites;
    this.fed = List.copyOf(fed);
    this.sink = sink;
    this.toTheEnd = toTheEnd;
    this.outputs = (int) fed.stream().mapToLong(NodeTap::outputs).sum();
    Set<HookPoint> points = new HashSet<>(sink.points());
    fed.forEach(each -> points.addAll(each.edits().points()));
    for (HookPoint point : points) {
      if (!point.isEdge()) {
        sites
            .place(point)
            .ifPresent(
                place -> rows.computeIfAbsent(place.key(), k -> new ArrayList<>()).add(point));
      }
    }
    for (int layer = 0; layer < sites.layers(); layer++) {
      edges(layer);
    }
    waiting.addAll(rows.keySet());
    waiting.addAll(scores.keySet());
    waiting.addAll(patterns.keySet());
  }

  private void edges(int layer) {
    boolean reads =
        sink.points().contains(HookPoint.of(layer, HookPoint.SCORES))
            || sink.points().contains(HookPoint.of(layer, HookPoint.PATTERN));
    int block = layer;
    boolean changes = fed.stream().anyMatch(each -> each.edits().touchesScores(block));
    sites
        .edges(layer)
        .ifPresent(
            place -> {
              if (reads || changes) {
                scores.put(place.scores(), block);
              }
              if (reads) {
                patterns.put(place.pattern(), block);
              }
            });
  }

  private static long outputs(Fed each) {
    long count = 0;
    for (boolean output : each.part().outputs()) {
      count += output ? 1 : 0;
    }
    return count;
  }

  /** Whether there is nothing to see, so that llama.cpp need not stop anywhere. */
  boolean isIdle() {
    return waiting.isEmpty();
  }

  @Override
  public boolean wants(GraphNode node) {
    key = keys.next(node.name());
    return waiting.contains(key);
  }

  @Override
  public boolean take(GraphNode node) {
    waiting.remove(key);
    if (rows.containsKey(key)) {
      takeRows(node, rows.getOrDefault(key, List.of()));
    }
    if (scores.containsKey(key)) {
      takeScores(node, scores.getOrDefault(key, 0));
    }
    if (patterns.containsKey(key)) {
      takePattern(node, patterns.getOrDefault(key, 0));
    }
    return toTheEnd || !waiting.isEmpty();
  }

  private void takeRows(GraphNode node, List<HookPoint> points) {
    float[] values = node.read(library);
    boolean changed = false;
    for (HookPoint point : points) {
      Place place = sites.place(point).orElseThrow();
      boolean onlyOutputs = onlyOutputs(values.length / place.stride(), point);
      int row = 0;
      for (Fed each : fed) {
        for (int i = 0; i < each.part().tokens().length; i++) {
          if (onlyOutputs && !each.part().outputs()[i]) {
            continue;
          }
          changed |= takeRow(point, place, each, each.token(i), values, row);
          row++;
        }
      }
    }
    if (changed) {
      node.write(library, values);
    }
  }

  private boolean takeRow(
      HookPoint point, Place place, Fed each, int token, float[] values, int row) {
    boolean edited = each.edits().touches(point, token);
    boolean read = sink.wants(point, each.part().sequence(), token);
    if (edited || read) {
      float[] numbers = place.row(values, row);
      if (edited) {
        numbers = each.edits().apply(point, token, numbers);
        place.put(numbers, values, row);
      }
      if (read) {
        sink.row(point, each.part().sequence(), token, numbers);
      }
    }
    return edited;
  }

  /** In the last block llama.cpp drops the tokens that are no outputs. */
  private boolean onlyOutputs(int rowsThere, HookPoint point) {
    int all = fed.stream().mapToInt(each -> each.part().tokens().length).sum();
    if (rowsThere == all) {
      return false;
    }
    if (rowsThere == outputs) {
      return true;
    }
    throw new IllegalStateException(
        "%s: node %s has %d rows for %d tokens, %d of them outputs"
            .formatted(point, key, rowsThere, all, outputs));
  }

  /** Scores before scale and mask, {@code [keys, tokens, heads, sequences]}, keys innermost. */
  private void takeScores(GraphNode node, int layer) {
    float scale = sites.edges(layer).orElseThrow().scale();
    float[] values = node.read(library);
    if (fed.stream().anyMatch(each -> each.edits().touchesScores(layer))) {
      change(values, node, layer, scale);
      node.write(library, values);
    }
    if (patterns.containsValue(layer)) {
      heldScores.put(layer, values);
    }
  }

  private void change(float[] values, GraphNode node, int layer, float scale) {
    int cells = (int) node.size(0);
    int tokens = (int) node.size(1);
    int heads = (int) node.size(2);
    for (int s = 0; s < fed.size(); s++) {
      Edits edits = fed.get(s).edits();
      if (edits.touchesScores(layer)) {
        for (int head = 0; head < heads; head++) {
          for (int t = 0; t < tokens; t++) {
            int query = fed.get(s).token(t);
            int from = ((s * heads + head) * tokens + t) * cells;
            for (int key = 0; key <= query; key++) {
              values[from + key] =
                  edits.score(layer, head, query, key, values[from + key] * scale) / scale;
            }
          }
        }
      }
    }
  }

  private void takePattern(GraphNode node, int layer) {
    HookPoint pattern = HookPoint.of(layer, HookPoint.PATTERN);
    HookPoint scored = HookPoint.of(layer, HookPoint.SCORES);
    int cells = (int) node.size(0);
    int tokens = (int) node.size(1);
    int heads = (int) node.size(2);
    float[] weights = sink.points().contains(pattern) ? node.read(library) : new float[0];
    GraphNode mask = GraphNode.at(node.sources().get(1));
    float[] hidden = mask.read(library);
    int maskTokens = (int) mask.size(1);
    float scale = sites.edges(layer).orElseThrow().scale();
    float[] held = Objects.requireNonNullElse(heldScores.remove(layer), new float[0]);
    for (int s = 0; s < fed.size(); s++) {
      for (int t = 0; t < tokens; t++) {
        int query = fed.get(s).token(t);
        int sequence = fed.get(s).part().sequence();
        if (sink.wants(pattern, sequence, query)) {
          float[] row = new float[heads * (query + 1)];
          for (int head = 0; head < heads; head++) {
            int from = ((s * heads + head) * tokens + t) * cells;
            System.arraycopy(weights, from, row, head * (query + 1), query + 1);
          }
          sink.row(pattern, sequence, query, row);
        }
        if (sink.wants(scored, sequence, query)) {
          float[] row = new float[heads * (query + 1)];
          for (int head = 0; head < heads; head++) {
            int from = ((s * heads + head) * tokens + t) * cells;
            int at = (s * maskTokens + t) * cells;
            for (int key = 0; key <= query; key++) {
              row[head * (query + 1) + key] = held[from + key] * scale + hidden[at + key];
            }
          }
          sink.row(scored, sequence, query, row);
        }
      }
    }
  }
}
