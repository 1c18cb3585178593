package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.HookPoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the hook points of an open model lie in llama.cpp's graph. */
final class SiteMap {
  private static final int[] PROBE = {0, 0};

  private final Map<HookPoint, Place> places;
  private final Map<Integer, EdgePlace> edges;
  private final int layers;

  private SiteMap(Sites sites, int layers) {
    this.places = Map.copyOf(sites.places());
    this.edges = Map.copyOf(sites.edges());
    this.layers = layers;
  }

  /** Runs two tokens to see what llama.cpp computes of them. */
  static SiteMap of(LlamaContext context, LlamaLibrary library, GgufModelFile file) {
    LlamaGraph graph = new LlamaGraph();
    probe(context, graph.new Recorder(library));
    return new SiteMap(new Sites(graph, file, PROBE.length), file.layers());
  }

  /** Runs two tokens, of which the last is an output, and forgets them. */
  static void probe(LlamaContext context, LlamaContext.Tap tap) {
    context.clear();
    context.decode(
        List.of(new LlamaContext.Part(0, 0, PROBE.clone(), new boolean[] {false, true})), tap);
    context.clear();
  }

  /** The place of a point of rows. */
  Optional<Place> place(HookPoint point) {
    return Optional.ofNullable(places.get(point));
  }

  /** The place of a block's scores and pattern. */
  Optional<EdgePlace> edges(int layer) {
    return Optional.ofNullable(edges.get(layer));
  }

  int layers() {
    return layers;
  }

  /** Whether a point is anywhere. */
  boolean has(HookPoint point) {
    return point.isEdge()
        ? edges.containsKey(point.layer().orElse(-1))
        : places.containsKey(point)
            || point.equals(HookPoint.LOGITS)
            || point.equals(HookPoint.LOG_PROB);
  }
}
