package dev.sonde.vectors;

import dev.sonde.api.Plugin;
import dev.sonde.api.probe.VectorFormat;
import java.util.List;

/** Offers the vector formats {@code gguf}, {@code safetensors} and {@code svec}. */
public final class VectorFilesPlugin implements Plugin {
  /** For the service loader. */
  public VectorFilesPlugin() {}

  @Override
  public String id() {
    return "vector-files";
  }

  @Override
  public List<VectorFormat> vectorFormats() {
    return List.of(new GgufFormat(), new SafetensorsFormat(), new SvecFormat());
  }
}
