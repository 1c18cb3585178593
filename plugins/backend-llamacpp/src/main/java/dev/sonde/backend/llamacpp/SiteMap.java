package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.HookPoint;
import java.util.Map;
import java.util.Optional;

/** Where the hook points of an open model lie in llama.cpp's graph. */
final class SiteMap {
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
    int[] tokens = {0, 0};
    context.clear();
    LlamaContext.Part part =
        new LlamaContext.Part(0, 0, tokens, new boolean[] {false, true});
    context.decode(java.util.List.of(part), graph.new Recorder(library));
    context.clear();
    return new SiteMap(new Sites(graph, file, tokens.length), file.layers());
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
