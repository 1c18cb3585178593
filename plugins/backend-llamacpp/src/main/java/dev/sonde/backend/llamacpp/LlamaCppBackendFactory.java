package dev.sonde.backend.llamacpp;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Opens GGUF files as they are. */
final class LlamaCppBackendFactory implements ModelBackendFactory {
  private static final String GGUF = ".gguf";

  private final boolean tries;

  LlamaCppBackendFactory() {
    this(true);
  }

  /**
   * A factory.
   *
   * @param tries whether a process of its own runs a file first
   */
  LlamaCppBackendFactory(boolean tries) {
    this.tries = tries;
  }

  @Override
  public String name() {
    return "llamacpp";
  }

  @Override
  public String summary() {
    return "llama.cpp: GGUF files as they are, quantised, also on Vulkan, CUDA and Metal";
  }

  @Override
  public Settings settings() {
    return Options.settings();
  }

  @Override
  public LanguageModel open(ModelSource source) {
    Options options = Options.of(source.config(), source.resources());
    Path path = source.path();
    if (!path.toString().endsWith(GGUF) || !Files.isRegularFile(path)) {
      throw new ModelUnavailableException(
          "model '%s': llama.cpp opens GGUF files, and %s is none; the backends pytorch and reference open folders"
              .formatted(source.ref(), path));
    }
    if (source.freshSeed().isPresent()) {
      throw new ModelUnavailableException(
          "model '%s': llama.cpp runs the weights of the file; take the backend pytorch for fresh ones"
              .formatted(source.ref()));
    }
    if (!source.dtype().equals("float32")) {
      throw new ModelUnavailableException(
          "model '%s': llama.cpp computes in the number types of the file; leave 'dtype: %s' out"
              .formatted(source.ref(), source.dtype()));
    }
    try {
      GgufModelFile file = GgufModelFile.open(path);
      Path cache = source.resources().cache();
      ContentHash hashes = new ContentHash(cache.resolve("hashes"));
      Optional<LoadTrial> trial =
          tries ? Optional.of(new LoadTrial(cache.resolve("llamacpp"))) : Optional.empty();
      return new LlamaCppBackend(file, options, hashes, source.resources().threads(), trial);
    } catch (FormatException e) {
      throw new ModelUnavailableException(
          "model '%s': %s".formatted(source.ref(), e.getMessage()), e);
    }
  }
}
