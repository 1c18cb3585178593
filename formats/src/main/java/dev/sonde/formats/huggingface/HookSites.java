package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.DecoderSpec.Attention;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hook points that a decoder has, by their names without the block, and how many numbers a row
 * has at each.
 */
final class HookSites {
  /** Rows of attention edges differ. */
  private static final int RAGGED = 0;

  private HookSites() {}

  static Map<String, Integer> of(DecoderSpec spec, DecoderWeights weights) {
    Attention attention = spec.attention();
    int width = spec.width();
    int queries = attention.queryWidth();
    int keys = attention.keyWidth();
    Map<String, Integer> sites = new TreeMap<>();
    sites.put("hook_embed", width);
    sites.put("hook_resid_pre", width);
    sites.put("hook_attn_in", width);
    sites.put("hook_mlp_in", width);
    sites.put("attn.hook_q", queries);
    sites.put("attn.hook_k", keys);
    sites.put("attn.hook_v", keys);
    sites.put("attn.hook_q_pre_rot", queries);
    sites.put("attn.hook_k_pre_rot", keys);
    sites.put("attn.hook_attn_scores", RAGGED);
    sites.put("attn.hook_pattern", RAGGED);
    sites.put("attn.hook_z", queries);
    sites.put("attn.hook_result", attention.heads() * width);
    sites.put("hook_attn_out", width);
    sites.put("hook_mlp_out", width);
    sites.put("hook_resid_post", width);
    sites.put("ln_final.hook_scale", 1);
    sites.put("ln_final.hook_normalized", width);
    sites.put("logits", spec.vocabulary());
    sites.put("log_prob", 1);
    if (spec.has(Part.POSITIONS)) {
      sites.put("hook_pos_embed", width);
    }
    if (attention.rotary().stream().anyMatch(r -> r.isPresent())) {
      sites.put("attn.hook_rot_q", queries);
      sites.put("attn.hook_rot_k", keys);
    }
    if (spec.has(Part.ATTENTION_NORM)) {
      sites.put("ln1.hook_scale", 1);
      sites.put("ln1.hook_normalized", width);
    }
    if (spec.has(Part.MLP_NORM)) {
      sites.put("ln2.hook_scale", 1);
      sites.put("ln2.hook_normalized", width);
    }
    if (!spec.parallel()) {
      sites.put("hook_resid_mid", width);
    }
    if (spec.has(Part.ROUTER)) {
      sites.put("mlp.hook_router", spec.mlp().experts());
    } else {
      sites.put("mlp.hook_pre", spec.mlp().width());
      sites.put("mlp.hook_post", spec.mlp().width());
    }
    if (spec.has(Part.GATE) || spec.has(Part.GATE_UP)) {
      sites.put("mlp.hook_pre_linear", spec.mlp().width());
    }
    for (Part part : weights.linears()) {
      String module = spec.names().getOrDefault(part, "");
      String inBlock = module.substring(module.indexOf("%d.") + 3);
      sites.put("linear:" + inBlock + ".in", weights.inWidth(part));
      sites.put("linear:" + inBlock + ".out", weights.outWidth(part));
    }
    return sites;
  }
}
