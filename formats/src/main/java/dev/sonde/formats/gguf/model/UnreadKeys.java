package dev.sonde.formats.gguf.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a file's architecture that its family does not read: those that change nothing, those
 * that may stand there with the values that change nothing, and the others, of which the user is
 * told.
 */
final class UnreadKeys {
  /** What the tensors say as well, or what is of the file. */
  private static final Set<String> HARMLESS =
      Set.of(
          "attention.key_length",
          "attention.value_length",
          "attention.layer_norm_epsilon",
          "attention.layer_norm_rms_epsilon",
          "classifier.output_labels",
          "decoder_start_token_id",
          "expert_feed_forward_length",
          "expert_shared_feed_forward_length",
          "feed_forward_length",
          "pooling_type",
          "rope.scaling.finetuned",
          "rope.scaling.original_context_length",
          "tensor_data_layout",
          "vocab_size");

  /** Values that are as if the key was not there. */
  private static final Map<String, Set<Object>> NEUTRAL =
      Map.ofEntries(
          Map.entry("attention.causal", Set.of(true)),
          Map.entry("attention.clamp_kqv", Set.of(0.0)),
          Map.entry("attention.max_alibi_bias", Set.of(0.0)),
          Map.entry("attention.sliding_window", Set.of(0L)),
          Map.entry("attn_logit_softcapping", Set.of(0.0)),
          Map.entry("embedding_scale", Set.of(0.0, 1.0)),
          Map.entry("expert_count", Set.of(0L)),
          Map.entry("expert_used_count", Set.of(0L)),
          Map.entry("expert_shared_count", Set.of(0L)),
          Map.entry("expert_gating_func", Set.of(0L, 1L)),
          Map.entry("expert_group_count", Set.of(0L, 1L)),
          Map.entry("expert_group_used_count", Set.of(0L, 1L)),
          Map.entry("expert_weights_scale", Set.of(0.0, 1.0)),
          Map.entry("final_logit_softcapping", Set.of(0.0)),
          Map.entry("logit_scale", Set.of(0.0, 1.0)),
          Map.entry("residual_scale", Set.of(0.0, 1.0)),
          Map.entry("rope.scale_linear", Set.of(1.0)),
          Map.entry("rope.scaling.attn_factor", Set.of(1.0)),
          Map.entry("rope.scaling.factor", Set.of(0.0, 1.0)),
          Map.entry("rope.scaling.type", Set.of("none")),
          Map.entry("use_parallel_residual", Set.of(false)));

  private UnreadKeys() {}

  /** A sentence for each key that may change what the model computes. */
  static List<String> notes(Hyperparameters given) {
    List<String> notes = new ArrayList<>();
    for (String key : given.unasked()) {
      Object value = given.value(key);
      boolean turnsWhole = key.equals("rope.dimension_count") && value.equals(given.headWidth());
      if (!HARMLESS.contains(key)
          && !turnsWhole
          && !NEUTRAL.getOrDefault(key, Set.of()).contains(value)) {
        notes.add(
            "%s: metadata '%s.%s' (%s) is not read of such models and was passed over"
                .formatted(
                    given.file().path().getFileName(),
                    given.architecture(),
                    key,
                    shortened(value)));
      }
    }
    return notes;
  }

  private static String shortened(Object value) {
    String text = value instanceof List<?> list ? list.size() + " values" : value.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
