package dev.sonde.vectors;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.vector.SteeringVector;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Steering vectors of IBM's activation-steering, read only. */
final class SvecFormat extends VectorFile {
  SvecFormat() {
    super("svec");
  }

  @Override
  public String summary() {
    return "steering vectors of IBM's activation-steering (JSON), read only";
  }

  @Override
  Directions parse(Path file) {
    SteeringVector read = SteeringVector.read(file);
    Map<HookPoint, float[]> vectors = new LinkedHashMap<>();
    read.directions()
        .forEach(
            (layer, direction) ->
                vectors.put(HookPoint.of(layer, HookPoint.RESID_POST), direction));
    Map<String, String> metadata = new LinkedHashMap<>();
    if (!read.modelType().isEmpty()) {
      metadata.put("architecture", read.modelType());
    }
    read.explainedVariances()
        .forEach(
            (layer, share) -> metadata.put("explained_variance." + layer, String.valueOf(share)));
    return Directions.of(vectors, metadata);
  }

  @Override
  public void write(Path file, Directions directions) {
    throw new UnsupportedCapabilityException(
        file + ": .svec files are read only; write gguf or safetensors");
  }
}
