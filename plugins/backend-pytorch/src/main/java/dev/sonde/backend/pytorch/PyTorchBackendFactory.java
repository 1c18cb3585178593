package dev.sonde.backend.pytorch;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.ModelFolder;
import java.util.Optional;

/** Opens Hugging Face folders and GGUF files. */
final class PyTorchBackendFactory implements ModelBackendFactory {
  @Override
  public String name() {
    return "pytorch";
  }

  @Override
  public String summary() {
    return "libtorch on the processor or a graphics processor: packed batches without padding";
  }

  @Override
  public Settings settings() {
    return Budget.settings();
  }

  @Override
  public LanguageModel open(ModelSource source) {
    Budget budget = Budget.of(source.config(), source.resources());
    try {
      if (!budget.device().isProcessor()) {
        UsersLibtorch.check(budget.device());
      }
      ModelFolder folder = ModelFolder.open(source.path(), source.freshSeed());
      String hash =
          folder.contentHash(new ContentHash(source.resources().cache().resolve("hashes")));
      Resources resources = budget.of(source.resources());
      if (source.dtype().equals(Precision.FLOAT32)) {
        return new PyTorchBackend(
            folder, hash, resources, Precision.SINGLE, budget, Optional.empty());
      }
      Torch torch = Torch.start(resources, budget.device());
      DecoderSpec spec = folder.spec();
      Precision precision =
          Precision.of(
              source.dtype(), Bfloat16.speedup(torch, spec.width(), spec.block(0).mlp().width()));
      return new PyTorchBackend(folder, hash, resources, precision, budget, Optional.of(torch));
    } catch (FormatException e) {
      throw new ModelUnavailableException(
          "model '%s': %s".formatted(source.ref(), e.getMessage()), e);
    }
  }
}
