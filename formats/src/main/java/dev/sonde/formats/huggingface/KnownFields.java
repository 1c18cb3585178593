package dev.sonde.formats.huggingface;

import dev.sonde.formats.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The fields of config.json that no family reads: those that change nothing here, and those that
 * may stand there with the one value that changes nothing.
 */
final class KnownFields {
  /** What describes the file, ids of tokens, training, output of the running model. */
  private static final Set<String> HARMLESS =
      Set.of(
          "_name_or_path",
          "architectures",
          "auto_map",
          "aux_loss_alpha",
          "chunk_size_feed_forward",
          "decoder_start_token_id",
          "dtype",
          "ep_size",
          "finetuning_task",
          "fused_qkv",
          "gradient_checkpointing",
          "head_dtype",
          "id2label",
          "initializer_factor",
          "initializer_range",
          "is_decoder",
          "label2id",
          "language_model_only",
          "model_max_length",
          "model_type",
          "n_ctx",
          "name_or_path",
          "num_labels",
          "num_mtp_layers",
          "num_nextn_predict_layers",
          "output_attentions",
          "output_hidden_states",
          "output_router_logits",
          "prefix",
          "pretraining_tp",
          "problem_type",
          "quantization_config",
          "reorder_and_upcast_attn",
          "return_dict",
          "rope_validation",
          "router_aux_loss_coef",
          "router_dtype",
          "router_jitter_noise",
          "seq_aux",
          "slow_but_exact",
          "task_specific_params",
          "tokenizer_class",
          "torch_dtype",
          "torchscript",
          "transformers_version",
          "use_bfloat16",
          "use_cache",
          "use_cuda_kernels",
          "use_return_dict");

  /** Groups of them: dropout, ids of special tokens, settings of generation and of other heads. */
  private static final Pattern HARMLESS_KIND =
      Pattern.compile(
          ".*dropout.*|.*_pdrop|.*_token_ids?|.*_token_index|summary_.*|unsloth_.*|.*_attn_implementation.*"
              + "|attn_implementation|classifier_.*|mtp_.*|(?:max|min)_length|do_sample|early_stopping"
              + "|num_beams|num_beam_groups|diversity_penalty|temperature|top_k|top_p|typical_p"
              + "|repetition_penalty|length_penalty|(?:encoder_)?no_repeat_ngram_size|bad_words_ids"
              + "|num_return_sequences|output_scores|return_dict_in_generate|remove_invalid_values"
              + "|exponential_decay_length_penalty|(?:begin_)?suppress_tokens|tf_legacy_loss"
              + "|pruned_heads|tie_encoder_decoder|cross_attention_hidden_size|forced_.*");

  /** What would change the numbers with any other value; absent or none is neutral as well. */
  private static final Map<String, List<Object>> NEUTRAL =
      Map.of(
          "add_cross_attention", List.of(false),
          "attention_bias_type", List.of(),
          "is_encoder_decoder", List.of(false),
          "use_bidirectional_attention", List.of(false),
          "use_qk_norm", List.of(false),
          "qk_layernorm", List.of(false),
          "scale_embedding", List.of(false),
          "rope_scaling", List.of(),
          "alibi", List.of(false),
          "position_embedding_type", List.of("absolute", "rope"));

  private KnownFields() {}

  /**
   * What is to be said of the fields that a family did not read.
   *
   * @throws dev.sonde.formats.FormatException naming a known field with a value that is not
   *     computed
   */
  static List<String> remarks(Fields config, String architecture) {
    List<String> remarks = new ArrayList<>();
    config
        .unasked()
        .forEach(
            (name, value) -> {
              String field = name.substring(name.lastIndexOf('.') + 1);
              List<Object> neutral = NEUTRAL.get(field);
              if (neutral != null) {
                if (value != Json.NONE && !neutral.contains(value)) {
                  throw config.problem(
                      name, "(%s) is not computed in %s models".formatted(value, architecture));
                }
              } else if (value != Json.NONE && !isHarmless(field)) {
                remarks.add(
                    "%s: field '%s' (%s) is not known in %s models and was passed over"
                        .formatted(config.file(), name, shortened(value), architecture));
              }
            });
    return remarks;
  }

  private static boolean isHarmless(String field) {
    return HARMLESS.contains(field) || HARMLESS_KIND.matcher(field).matches();
  }

  private static String shortened(Object value) {
    String text = Objects.toString(value);
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
