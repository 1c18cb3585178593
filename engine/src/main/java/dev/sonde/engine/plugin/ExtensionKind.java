package dev.sonde.engine.plugin;

import dev.sonde.api.Extension;
import dev.sonde.api.Plugin;
import dev.sonde.api.data.DatasetFactory;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.linalg.LinearAlgebraProvider;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.api.text.TokenizerFactory;
import java.util.List;
import java.util.function.Function;

/**
 * A kind of factory that plugins offer.
 *
 * @param noun what messages call it
 * @param of how a plugin is asked for its factories
 */
public record ExtensionKind<T extends Extension>(String noun, Function<Plugin, List<T>> of) {
  /** Probes. */
  public static final ExtensionKind<ProbeFactory> PROBE =
      new ExtensionKind<>("probe", Plugin::probes);

  /** Decoders. */
  public static final ExtensionKind<DecoderFactory> DECODER =
      new ExtensionKind<>("decoder", Plugin::decoders);

  /** Model backends. */
  public static final ExtensionKind<ModelBackendFactory> BACKEND =
      new ExtensionKind<>("backend", Plugin::backends);

  /** Tokenizers. */
  public static final ExtensionKind<TokenizerFactory> TOKENIZER =
      new ExtensionKind<>("tokenizer", Plugin::tokenizers);

  /** Data set readers. */
  public static final ExtensionKind<DatasetFactory> DATASET =
      new ExtensionKind<>("data set reader", Plugin::datasets);

  /** Linear algebra. */
  public static final ExtensionKind<LinearAlgebraProvider> LINEAR_ALGEBRA =
      new ExtensionKind<>("linear algebra", Plugin::linearAlgebra);

  /** Direction files. */
  public static final ExtensionKind<VectorFormat> VECTOR_FORMAT =
      new ExtensionKind<>("vector format", Plugin::vectorFormats);

  /** All kinds, in the order of listings. */
  public static List<ExtensionKind<? extends Extension>> all() {
    return List.of(PROBE, DECODER, BACKEND, TOKENIZER, DATASET, LINEAR_ALGEBRA, VECTOR_FORMAT);
  }
}
