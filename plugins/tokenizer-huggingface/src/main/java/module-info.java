import org.jspecify.annotations.NullMarked;

/**
 * Tokenizers of Hugging Face's {@code tokenizers} library, through DJL, from tokenizer.json or a
 * GGUF file, and chat templates.
 */
@NullMarked
module dev.sonde.tokenizer.huggingface {
  requires static org.jspecify;
  requires ai.djl.tokenizers;
  requires com.google.gson;
  requires dev.sonde.api;
  requires dev.sonde.formats;

  provides dev.sonde.api.Plugin with
      dev.sonde.tokenizer.huggingface.HuggingFaceTokenizerPlugin;
}
