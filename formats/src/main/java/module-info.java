import org.jspecify.annotations.NullMarked;

/**
 * File formats of models and activations. A library that knows neither the engine nor the SPI; the
 * engine and every backend carry their own copy.
 *
 * <ul>
 *   <li>{@code safetensors}: memory-mapped reading with strict header checks; positional writing.
 *   <li>{@code gguf}: memory-mapped files of llama.cpp, also as Hugging Face folders.
 *   <li>{@code huggingface}: model folders (config.json, shards) and the decoder they describe.
 *   <li>{@code hub}: model folders and files from the Hugging Face hub, in its shared cache.
 *   <li>{@code vector}: files of directions, GGUF control vectors and .svec.
 *   <li>{@code json}: strict JSON as maps and lists.
 * </ul>
 */
@NullMarked
module dev.sonde.formats {
  requires static transitive org.jspecify;
  requires java.net.http;
  requires tools.jackson.core;

  exports dev.sonde.formats;
  exports dev.sonde.formats.gguf;
  exports dev.sonde.formats.gguf.model;
  exports dev.sonde.formats.hub;
  exports dev.sonde.formats.huggingface;
  exports dev.sonde.formats.json;
  exports dev.sonde.formats.safetensors;
  exports dev.sonde.formats.vector;
}
