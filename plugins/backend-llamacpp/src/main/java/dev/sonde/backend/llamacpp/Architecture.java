package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.HookPoint;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

  /** What blocks have whose MLP comes behind attention, not beside it. */
  private static final Set<String> SERIAL = Set.of("hook_resid_mid");

  private static final Set<String> EDGES = Set.of(HookPoint.SCORES, HookPoint.PATTERN);

  private static final Set<String> MLP =
      Set.of("mlp.hook_pre", "mlp.hook_pre_linear", "mlp.hook_post", "mlp.hook_router");

  private static final Architecture WHOLE =
      new Architecture(all(ALWAYS, STREAM, HEADS, EDGES, MLP), true, false);

  /** With rotary halves stored as pairs, as the converter does for Llama and its kin. */
  private static final Architecture PAIRED = new Architecture(WHOLE.sites, true, true);

  private static final Architecture OTHER = new Architecture(ALWAYS, false, false);

  /** Positions are added to the embedding, or to the scores: nothing rotates. */
  private static final Set<String> ROTATED =
      Set.of("attn.hook_q_pre_rot", "attn.hook_k_pre_rot", "attn.hook_rot_q", "attn.hook_rot_k");

  private static final Map<String, Architecture> KNOWN = known();

  private static Map<String, Architecture> known() {
    Map<String, Architecture> known = new TreeMap<>();
    Stream.of(
            "apertus",
            "cohere2",
            "command-r",
            "exaone4",
            "gemma",
            "gemma2",
            "gemma3",
            "glm4",
            "glm4moe",
            "gpt-oss",
            "gpt2",
            "gptneox",
            "olmo2",
            "qwen2",
            "qwen2moe",
            "qwen3",
            "qwen3moe",
            "qwen3vl",
            "seed_oss")
        .forEach(name -> known.put(name, WHOLE));
    Stream.of("arcee", "granite", "granitemoe", "llama", "mistral3", "olmo")
        .forEach(name -> known.put(name, PAIRED));
    // What was not recorded of these is not offered.
    known.put("bloom", new Architecture(all(ALWAYS, STREAM, MLP), false, false));
    known.put("falcon", new Architecture(without(all(ALWAYS, STREAM, MLP), SERIAL), false, false));
    known.put("starcoder", new Architecture(without(WHOLE.sites, ROTATED), false, false));
    known.put(
        "stablelm",
        new Architecture(
            without(all(ALWAYS, STREAM, EDGES, MLP, Set.of("attn.hook_v", "attn.hook_z")), SERIAL),
            false,
            false));
    return Collections.unmodifiableMap(known);
  }

  /** The architectures whose nodes were compared. */
  static Set<String> compared() {
    return KNOWN.keySet();
  }

  @SafeVarargs
  private static Set<String> all(Set<String>... groups) {
    return Stream.of(groups).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> without(Set<String> sites, Set<String> some) {
    return sites.stream()
        .filter(site -> !some.contains(site))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What is offered of an architecture. */
  static Architecture of(String name) {
    return KNOWN.getOrDefault(name, OTHER);
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
