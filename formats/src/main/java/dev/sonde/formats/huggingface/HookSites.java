package dev.sonde.formats.huggingface;

import java.util.Set;
import java.util.TreeSet;

/** The hook points that a decoder has, by their names without the block. */
final class HookSites {
  private HookSites() {}

  static Set<String> of(DecoderSpec spec, DecoderWeights weights) {
    Set<String> sites =
        new TreeSet<>(
            Set.of(
                "hook_embed",
                "hook_resid_pre",
                "hook_attn_in",
                "hook_mlp_in",
                "attn.hook_q",
                "attn.hook_k",
                "attn.hook_v",
                "attn.hook_q_pre_rot",
                "attn.hook_k_pre_rot",
                "attn.hook_attn_scores",
                "attn.hook_pattern",
                "attn.hook_z",
                "attn.hook_result",
                "hook_attn_out",
                "hook_mlp_out",
                "hook_resid_post",
                "ln_final.hook_scale",
                "ln_final.hook_normalized",
                "logits",
                "log_prob"));
    if (spec.has(Part.POSITIONS)) {
      sites.add("hook_pos_embed");
    }
    if (spec.attention().rotary().stream().anyMatch(r -> r.isPresent())) {
      sites.addAll(Set.of("attn.hook_rot_q", "attn.hook_rot_k"));
    }
    if (spec.has(Part.ATTENTION_NORM)) {
      sites.addAll(Set.of("ln1.hook_scale", "ln1.hook_normalized"));
    }
    if (spec.has(Part.MLP_NORM)) {
      sites.addAll(Set.of("ln2.hook_scale", "ln2.hook_normalized"));
    }
    if (!spec.parallel()) {
      sites.add("hook_resid_mid");
    }
    if (spec.has(Part.ROUTER)) {
      sites.add("mlp.hook_router");
    } else {
      sites.addAll(Set.of("mlp.hook_pre", "mlp.hook_post"));
    }
    if (spec.has(Part.GATE) || spec.has(Part.GATE_UP)) {
      sites.add("mlp.hook_pre_linear");
    }
    for (Part part : weights.linears()) {
      String module = spec.names().getOrDefault(part, "");
      String inBlock = module.substring(module.indexOf("%d.") + 3);
      sites.add("linear:" + inBlock + ".in");
      sites.add("linear:" + inBlock + ".out");
    }
    return sites;
  }
}
