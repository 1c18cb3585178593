package dev.sonde.backend.reference;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.huggingface.ModelFolder;

/** Opens Hugging Face folders and GGUF files. */
final class ReferenceBackendFactory implements ModelBackendFactory {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String summary() {
    return "plain Java without native libraries: slow, readable, the oracle for"
        + " other backends";
  }

  @Override
  public LanguageModel open(ModelSource source) {
    if (source.dtype().equals("bfloat16")) {
      throw new ModelUnavailableException(
          "model '%s': the reference backend computes in float32 only".formatted(source.ref()));
    }
    if (!source.resources().device().equals(Resources.CPU)) {
      throw new ModelUnavailableException(
          "model '%s': the reference backend runs on %s, not on %s"
              .formatted(source.ref(), Resources.CPU, source.resources().device()));
    }
    try {
      ModelFolder folder = ModelFolder.open(source.path(), source.freshSeed());
      String hash =
          folder.contentHash(new ContentHash(source.resources().cache().resolve("hashes")));
      return new ReferenceBackend(folder, hash);
    } catch (FormatException e) {
      throw new ModelUnavailableException(
          "model '%s': %s".formatted(source.ref(), e.getMessage()), e);
    }
  }
}
