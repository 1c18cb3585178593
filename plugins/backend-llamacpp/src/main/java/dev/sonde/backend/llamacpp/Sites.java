package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.HookPoint;
import dev.sonde.backend.llamacpp.LlamaGraph.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the hook points of a model among the nodes of llama.cpp's graph: by the weights that nodes
 * multiply with and by what they are computed from, as llama.cpp's names differ from architecture
 * to architecture.
 */
final class Sites {
  private final LlamaGraph graph;
  private final GgufModelFile file;
  private final int tokens;
  private final Map<HookPoint, Place> places = new LinkedHashMap<>();
  private final Map<Integer, EdgePlace> edges = new LinkedHashMap<>();

  /** Nodes behind the choice of outputs in the last block. */
  private final Set<Long> behindOutputs = new HashSet<>();

  /**
   * Finds them.
   *
   * @param graph of a pass over some tokens of which only the last was an output
   */
  Sites(LlamaGraph graph, GgufModelFile file, int tokens) {
    this.graph = graph;
    this.file = file;
    this.tokens = tokens;
    markOutputs();
    embedding();
    for (int layer = 0; layer < file.layers(); layer++) {
      new Block(layer).find();
    }
    graph.named("result_norm").ifPresent(e -> put(HookPoint.parse("ln_final.hook_out"), e));
  }

  /** In the last block, the rows of outputs are chosen at some node. */
  private void markOutputs() {
    for (Entry entry : graph.entries()) {
      boolean behind = entry.sources().stream().anyMatch(s -> behindOutputs.contains(s.address()));
      if (behind || LlamaGraph.choosesOutputs(entry)) {
        behindOutputs.add(entry.address());
      }
    }
  }

  /** Every point of rows that was found. */
  Map<HookPoint, Place> places() {
    return places;
  }

  /** By block, where its scores are. */
  Map<Integer, EdgePlace> edges() {
    return edges;
  }

  private void embedding() {
    for (Entry entry : graph.entries()) {
      if (entry.is("GET_ROWS")) {
        String table = entry.sources().getFirst().name();
        if (table.equals("token_embd.weight")) {
          List<Entry> way = graph.way(entry);
          put(HookPoint.EMBED, way.getLast());
        } else if (table.equals("position_embd.weight")) {
          put(HookPoint.POSITION_EMBED, entry);
        }
      }
    }
  }

  private void put(HookPoint point, Entry entry) {
    put(point, entry, 0, Math.toIntExact(entry.elements() / rows(entry)), 0);
  }

  private void put(HookPoint point, Entry entry, int from, int width, int paired) {
    int stride = Math.toIntExact(entry.elements() / rows(entry));
    places.put(point, new Place(entry.key(), stride, from, width, paired));
  }

  /** How many tokens a node holds: in the last block all, or the outputs, of which there is one. */
  private long rows(Entry entry) {
    return behindOutputs.contains(entry.address()) ? 1 : tokens;
  }

  /** One block. */
  private final class Block {
    private final int layer;
    private final String prefix;

    Block(int layer) {
      this.layer = layer;
      this.prefix = "blk." + layer + ".";
    }

    private Optional<Entry> product(String weight) {
      return graph.product(prefix + weight + ".weight");
    }

    private Optional<Entry> biased(String weight) {
      return graph.biased(prefix + weight + ".weight");
    }

    private void put(String site, Optional<Entry> entry) {
      entry.ifPresent(e -> Sites.this.put(HookPoint.of(layer, site), e));
    }

    void find() {
      Optional<Entry> post = graph.named("l_out-" + layer);
      put(HookPoint.RESID_POST, post);
      attention();
      Optional<Entry> attended = product("attn_output").or(() -> product("attn_out"));
      Optional<Entry> middle = attended.flatMap(this::sumBehind);
      attended.ifPresent(e -> put("attn.hook_z", graph.source(e, 1)));
      attended.map(this::added).ifPresent(e -> put("hook_attn_out", Optional.of(e)));
      Optional<Entry> seen = input();
      if (middle.isPresent() && seen.filter(middle.get()::equals).isPresent()) {
        put("hook_resid_mid", middle);
        post.filter(e -> e.is("ADD")).ifPresent(e -> put("hook_mlp_out", other(e, middle.get())));
      } else {
        product("ffn_down").map(this::added).ifPresent(e -> put("hook_mlp_out", Optional.of(e)));
      }
      inside();
      linears();
    }

    /**
     * What of a sub-layer's product is added to the stream, with all its tokens if they are there.
     */
    private Entry added(Entry product) {
      List<Entry> way = new ArrayList<>(graph.way(product));
      while (way.size() > 1
          && (LlamaGraph.choosesOutputs(way.getLast()) || LlamaGraph.isView(way.getLast()))) {
        way.removeLast();
      }
      return way.getLast();
    }

    /** The sum into which a sub-layer's product goes. */
    private Optional<Entry> sumBehind(Entry product) {
      return graph.onlyReader(graph.way(product).getLast()).filter(e -> e.is("ADD"));
    }

    /** The activation that the MLP sees, before its norm. */
    private Optional<Entry> input() {
      return product("ffn_up")
          .or(() -> product("ffn_gate"))
          .or(() -> product("ffn_gate_inp"))
          .flatMap(e -> graph.source(e, 1))
          .map(graph::origin);
    }

    private Optional<Entry> other(Entry sum, Entry one) {
      for (int i = 0; i < 2; i++) {
        Optional<Entry> source = graph.source(sum, i);
        if (source.isPresent() && !source.get().equals(one)) {
          return source;
        }
      }
      return Optional.empty();
    }

    private void attention() {
      Optional<Entry> queries = biased("attn_q");
      if (queries.isPresent()) {
        heads("q", queries.get());
        biased("attn_k").ifPresent(e -> heads("k", e));
        biased("attn_v").ifPresent(this::values);
        residualBefore(product("attn_q"));
      } else {
        biased("attn_qkv").ifPresent(this::fused);
        residualBefore(product("attn_qkv"));
      }
      graph.named("kq_soft_max-" + layer).ifPresent(this::edges);
    }

    /** The stream before the first block. */
    private void residualBefore(Optional<Entry> product) {
      if (layer == 0) {
        put("hook_resid_pre", product.flatMap(e -> graph.source(e, 1)).map(graph::origin));
      }
    }

    /** A product with the weights of queries, keys and values together, and its three parts. */
    private void fused(Entry product) {
      List<Entry> parts = new ArrayList<>();
      Entry whole = graph.onlyReader(product).filter(e -> e.is("CLAMP")).orElse(product);
      for (Entry reader : graph.readers(whole)) {
        if (LlamaGraph.isView(reader)) {
          parts.add(reader);
        }
      }
      parts.sort(Comparator.comparingLong(Entry::offset));
      if (parts.size() == 3) {
        heads("q", parts.get(0));
        heads("k", parts.get(1));
        values(parts.get(2));
      }
    }

    private void heads(String which, Entry start) {
      int paired = file.pairsRotary() ? file.keyWidth() : 0;
      place("attn.hook_" + which, start, paired);
      List<Entry> way = new ArrayList<>(List.of(start));
      Optional<Entry> next = graph.onlyReader(start);
      while (next.isPresent() && LlamaGraph.isOwn(next.get()) && !next.get().is("PERMUTE")) {
        way.add(next.get());
        next = graph.onlyReader(next.get());
      }
      Entry before = way.getLast();
      if (next.isPresent() && next.get().is("ROPE")) {
        place("attn.hook_" + which + "_pre_rot", before, paired);
        place("attn.hook_rot_" + which, next.get(), paired);
      } else {
        place("attn.hook_" + which + "_pre_rot", before, paired);
      }
    }

    private void place(String site, Entry entry, int paired) {
      int width = Math.toIntExact(entry.elements() / rows(entry));
      if (paired == 0 || width % paired == 0) {
        Sites.this.put(HookPoint.of(layer, site), entry, 0, width, paired);
      }
    }

    private void values(Entry start) {
      Entry last = start;
      Optional<Entry> next = graph.onlyReader(start);
      while (next.isPresent() && LlamaGraph.isOwn(next.get())) {
        last = next.get();
        next = graph.onlyReader(last);
      }
      put("attn.hook_v", Optional.of(last));
    }

    private void edges(Entry softmax) {
      boolean slopes = softmax.parameters().get(1) != 0;
      if (!slopes) {
        graph
            .source(softmax, 0)
            .ifPresent(
                scores ->
                    edges.put(
                        layer,
                        new EdgePlace(
                            scores.key(), softmax.key(), softmax.parameters().getFirst())));
      }
    }

    private void inside() {
      put("mlp.hook_router", biased("ffn_gate_inp"));
      Optional<Entry> down = product("ffn_down");
      put("mlp.hook_post", down.flatMap(e -> graph.source(e, 1)));
      Optional<Entry> up = biased("ffn_up");
      Optional<Entry> gate = biased("ffn_gate");
      if (down.isPresent() && up.isPresent()) {
        int width =
            Math.toIntExact(
                graph.source(down.get(), 1).orElseThrow().elements()
                    / rows(graph.source(down.get(), 1).orElseThrow()));
        long both = up.get().elements() / rows(up.get());
        if (gate.isPresent()) {
          put("mlp.hook_pre", gate);
          put("mlp.hook_pre_linear", up);
        } else if (both == 2L * width) {
          Sites.this.put(HookPoint.of(layer, "mlp.hook_pre"), up.get(), 0, width, 0);
          Sites.this.put(HookPoint.of(layer, "mlp.hook_pre_linear"), up.get(), width, width, 0);
        } else {
          put("mlp.hook_pre", up);
        }
      }
    }

    /** Inputs and outputs of linears that have a weight of their own in the file. */
    private void linears() {
      GgufModelFile.LINEARS.forEach(
          (weight, module) -> {
            Optional<Entry> product = product(weight);
            boolean turned = weight.equals("attn_q") || weight.equals("attn_k");
            int paired = turned && file.pairsRotary() ? file.keyWidth() : 0;
            HookPoint in = HookPoint.linearIn(file.linear(module, layer));
            HookPoint out = HookPoint.linearOut(file.linear(module, layer));
            product.flatMap(e -> graph.source(e, 1)).ifPresent(e -> Sites.this.put(in, e));
            biased(weight)
                .ifPresent(
                    e ->
                        Sites.this.put(out, e, 0, Math.toIntExact(e.elements() / rows(e)), paired));
          });
    }
  }
}
