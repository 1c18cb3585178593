import org.jspecify.annotations.NullMarked;

/**
 * GGUF files as they are, on llama.cpp's own library. {@code LlamaLibrary} has the calls, {@code
 * LlamaGraph} finds hook points among the nodes of llama.cpp's graph, {@code LlamaPass} and {@code
 * Generations} feed tokens, and {@code NodeTap} copies or changes nodes as they are computed.
 */
@NullMarked
module dev.sonde.backend.llamacpp {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.formats;
  requires dev.sonde.packing;

  provides dev.sonde.api.Plugin with
      dev.sonde.backend.llamacpp.LlamaCppPlugin;
}
