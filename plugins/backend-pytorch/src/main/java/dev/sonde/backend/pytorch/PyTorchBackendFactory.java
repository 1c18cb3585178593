package dev.sonde.backend.pytorch;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.huggingface.ModelFolder;

/** Opens Hugging Face folders. */
final class PyTorchBackendFactory implements ModelBackendFactory {
  @Override
  public String name() {
    return "pytorch";
  }

  @Override
  public String summary() {
    return "libtorch on the CPU: packed batches without padding";
  }

  @Override
  public ModelBackend open(ModelSource source) {
    if (source.dtype().equals("bfloat16")) {
      throw new ModelUnavailableException(
          "model '%s': bfloat16 is not supported yet; use float32".formatted(source.ref()));
    }
    try {
      ModelFolder folder = ModelFolder.open(source.path(), source.freshSeed());
      String hash =
          folder.contentHash(new ContentHash(source.resources().cache().resolve("hashes")));
      return new PyTorchBackend(folder, hash, source.resources());
    } catch (FormatException e) {
      throw new ModelUnavailableException(
          "model '%s': %s".formatted(source.ref(), e.getMessage()), e);
    }
  }
}
