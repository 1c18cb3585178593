package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.HookPoint;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is offered of an architecture: what its tests found equal to transformers, on a tiny model
 * that llama.cpp's own converter wrote. Others offer the residual stream after blocks.
 *
 * @param sites that can be read, but for linears
 * @param linears whether inputs and outputs of linears can be
 * @param pairsRotary whether the converter stores rotary halves of queries and keys as pairs
 */
record Architecture(Set<String> sites, boolean linears, boolean pairsRotary) {
  private static final Set<String> ALWAYS =
      Set.of(HookPoint.RESID_POST, HookPoint.LOGITS.name(), HookPoint.LOG_PROB.name());

  private static final Set<String> STREAM =
      Set.of(
          "hook_embed",
          "hook_pos_embed",
          "hook_resid_pre",
          "hook_resid_mid",
          "hook_attn_out",
          "hook_mlp_out",
          "ln_final.hook_out");

  private static final Set<String> HEADS =
      Set.of(
          "attn.hook_q",
          "attn.hook_k",
          "attn.hook_v",
          "attn.hook_q_pre_rot",
          "attn.hook_k_pre_rot",
          "attn.hook_rot_q",
          "attn.hook_rot_k",
          "attn.hook_z");

  private static final Set<String> EDGES = Set.of(HookPoint.SCORES, HookPoint.PATTERN);

  private static final Set<String> MLP =
      Set.of("mlp.hook_pre", "mlp.hook_pre_linear", "mlp.hook_post", "mlp.hook_router");

  private static final Architecture WHOLE =
      new Architecture(all(ALWAYS, STREAM, HEADS, EDGES, MLP), true, false);

  private static final Architecture PAIRED = new Architecture(WHOLE.sites, true, true);

  private static final Architecture OTHER = new Architecture(ALWAYS, false, false);

  private static final Map<String, Architecture> KNOWN =
      Map.of("arcee", PAIRED, "llama", PAIRED, "granite", PAIRED, "granitemoe", PAIRED);

  @SafeVarargs
  private static Set<String> all(Set<String>... groups) {
    return Stream.of(groups).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }

  /** What is offered of an architecture. */
  static Architecture of(String name) {
    return KNOWN.getOrDefault(name, System.getProperty("try") != null ? WHOLE : OTHER);
  }

  boolean offers(String site) {
    return site.startsWith("linear:")
        ? linears && GgufModelFile.LINEARS.values().stream().anyMatch(site::contains)
        : sites.contains(site);
  }

  /** What a user should know of an architecture whose nodes nobody has compared. */
  Optional<String> note(String name) {
    return this == OTHER
        ? Optional.of(
            "llama.cpp's nodes of architecture '%s' were not compared with transformers: only the residual stream after blocks and what is behind the last of them can be read."
                .formatted(name))
        : Optional.empty();
  }
}
