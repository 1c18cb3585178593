import org.jspecify.annotations.NullMarked;

/** Tokenizers of Hugging Face's {@code tokenizers} library, through DJL. */
@NullMarked
module dev.sonde.tokenizer.huggingface {
  requires static org.jspecify;
  requires ai.djl.tokenizers;
  requires dev.sonde.api;

  provides dev.sonde.api.Plugin with
      dev.sonde.tokenizer.huggingface.HuggingFaceTokenizerPlugin;
}
