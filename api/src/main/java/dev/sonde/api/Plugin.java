package dev.sonde.api;

import dev.sonde.api.data.DatasetFactory;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.linalg.LinearAlgebraProvider;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.api.text.TokenizerFactory;
import java.util.List;

/**
 * The one service type. A plugin is a folder of jars; its entry jar is an explicit module that
 * {@code provides dev.sonde.api.Plugin}. The engine finds it at run time, in a module layer of its
 * own, and asks it for factories. Every list is empty by default, so a new kind of factory never
 * breaks an old plugin.
 *
 * <p>The constructor must be cheap: it runs whenever plugins are listed. Native libraries, threads
 * and files belong into what the factories open.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Plugin {
  /** The plugin's id: the name of its folder, lower-case words joined by hyphens. */
  String id();

  /** Probes, by short name. */
  default List<ProbeFactory> probes() {
    return List.of();
  }

  /** Decoders: what is fitted to labelled activations. */
  default List<DecoderFactory> decoders() {
    return List.of();
  }

  /** Model backends: tokens in, activation streams out. */
  default List<ModelBackendFactory> backends() {
    return List.of();
  }

  /** Tokenizers, by the format of the files they open. */
  default List<TokenizerFactory> tokenizers() {
    return List.of();
  }

  /** Readers of data sets beyond the engine's own JSONL and CSV. */
  default List<DatasetFactory> datasets() {
    return List.of();
  }

  /** Dense linear algebra. */
  default List<LinearAlgebraProvider> linearAlgebra() {
    return List.of();
  }

  /** Formats of direction files that can be read and written. */
  default List<VectorFormat> vectorFormats() {
    return List.of();
  }
}
