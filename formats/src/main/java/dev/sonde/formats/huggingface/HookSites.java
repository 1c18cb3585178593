package dev.sonde.formats.huggingface;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The hook points that a decoder has, by their names without the block, and how many numbers a row
 * has at each.
 *
 * @param sites names without the block
 * @param widths by site; where blocks differ, 0 there and further entries by whole name
 * @param absent whole names of points that other blocks have
 */
public record HookSites(Set<String> sites, Map<String, Integer> widths, Set<String> absent) {
  /** Rows of attention edges differ. */
  private static final int RAGGED = 0;

  static HookSites of(DecoderSpec spec, DecoderWeights weights) {
    Map<String, Integer> widths = outside(spec, weights);
    Map<String, Map<Integer, Integer>> inBlocks = new TreeMap<>();
    for (int layer = 0; layer < spec.layers(); layer++) {
      int block = layer;
      inBlock(spec, weights, layer)
          .forEach(
              (site, width) ->
                  inBlocks.computeIfAbsent(site, s -> new HashMap<>()).put(block, width));
    }
    Set<String> absent = new TreeSet<>();
    Set<String> sites = new TreeSet<>(widths.keySet());
    sites.addAll(inBlocks.keySet());
    inBlocks.forEach(
        (site, byBlock) -> {
          Set<Integer> distinct = Set.copyOf(byBlock.values());
          widths.put(site, distinct.size() == 1 ? distinct.iterator().next() : RAGGED);
          for (int layer = 0; layer < spec.layers(); layer++) {
            if (!byBlock.containsKey(layer)) {
              absent.add(whole(spec, site, layer));
            } else if (distinct.size() > 1) {
              widths.put(whole(spec, site, layer), byBlock.get(layer));
            }
          }
        });
    return new HookSites(sites, widths, absent);
  }

  /** A point's whole name: linears have their block in the module's. */
  private static String whole(DecoderSpec spec, String site, int layer) {
    String linear = "linear:";
    if (!site.startsWith(linear)) {
      return "blocks." + layer + "." + site;
    }
    String module = spec.blocks().get(layer).names().values().iterator().next().path();
    return linear
        + module.substring(0, module.indexOf("%d"))
        + layer
        + "."
        + site.substring(linear.length());
  }

  private static Map<String, Integer> outside(DecoderSpec spec, DecoderWeights weights) {
    int width = spec.width();
    Map<String, Integer> sites = new TreeMap<>();
    sites.put("hook_embed", width);
    sites.put("hook_resid_pre", width);
    sites.put("ln_final.hook_scale", 1);
    sites.put("ln_final.hook_normalized", width);
    sites.put("ln_final.hook_out", width);
    if (weights.head().isPresent()) {
      sites.put("logits", spec.vocabulary());
      sites.put("log_prob", 1);
    }
    if (spec.has(Part.POSITIONS)) {
      sites.put("hook_pos_embed", width);
    }
    return sites;
  }

  private static Map<String, Integer> inBlock(DecoderSpec spec, DecoderWeights weights, int layer) {
    BlockSpec block = spec.block(layer);
    int width = spec.width();
    Map<String, Integer> sites = new TreeMap<>();
    sites.put("hook_attn_in", width);
    sites.put("hook_mlp_in", width);
    sites.put("hook_attn_out", width);
    sites.put("hook_mlp_out", width);
    sites.put("hook_resid_post", width);
    if (block.mixer() instanceof AttentionSpec attention) {
      attention(attention, width, sites);
    }
    if (block.has(Part.ATTENTION_NORM)) {
      sites.put("ln1.hook_scale", 1);
      sites.put("ln1.hook_normalized", width);
    }
    if (block.has(Part.MLP_NORM)) {
      sites.put("ln2.hook_scale", 1);
      sites.put("ln2.hook_normalized", width);
    }
    if (!block.parallel()) {
      sites.put("hook_resid_mid", width);
    }
    block.experts().ifPresent(e -> sites.put("mlp.hook_router", e.experts()));
    if (!(block.mlp() instanceof ExpertsSpec)) {
      sites.put("mlp.hook_pre", block.mlp().width());
      sites.put("mlp.hook_post", block.mlp().width());
    }
    if (block.has(Part.GATE) || block.has(Part.GATE_UP)) {
      sites.put("mlp.hook_pre_linear", block.mlp().width());
    }
    for (Part part : weights.linears(layer)) {
      String module = spec.name(part, layer).path();
      String number = "." + layer + ".";
      String inBlock = module.substring(module.indexOf(number) + number.length());
      sites.put("linear:" + inBlock + ".in", weights.inWidth(part, layer));
      sites.put("linear:" + inBlock + ".out", weights.outWidth(part, layer));
    }
    return sites;
  }

  private static void attention(AttentionSpec attention, int width, Map<String, Integer> sites) {
    int queries = attention.queriesWidth();
    int keys = attention.keysWidth();
    sites.put("attn.hook_q", queries);
    boolean own = attention.keysOf().isEmpty();
    if (own) {
      sites.put("attn.hook_k", keys);
      sites.put("attn.hook_v", attention.valuesWidth());
      sites.put("attn.hook_k_pre_rot", keys);
    }
    sites.put("attn.hook_q_pre_rot", queries);
    if (!attention.sight().symmetric()) { // edges are those to a query's own key and before
      sites.put("attn.hook_attn_scores", RAGGED);
      sites.put("attn.hook_pattern", RAGGED);
    }
    sites.put("attn.hook_z", attention.mixedWidth());
    sites.put("attn.hook_result", attention.heads() * width);
    if (attention.rotary().isPresent()) {
      sites.put("attn.hook_rot_q", queries);
      if (own) {
        sites.put("attn.hook_rot_k", keys);
      }
    }
  }
}
