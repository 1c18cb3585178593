package dev.sonde.backend.replay;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Opens safetensors files of activations. */
final class ReplayBackendFactory implements ModelBackendFactory {
  private static final String TOKENIZER = "tokenizer";
  private static final String TEXTS = "texts";

  @Override
  public String name() {
    return "replay";
  }

  @Override
  public String summary() {
    return "activations from a file: what sonde capture wrote, or any [rows, d] safetensors";
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .optional(
            TOKENIZER,
            Setting.Type.STRING,
            "the tokenizer that a captured file was made with: a tokenizer.json or"
                + " .gguf file, relative to the file of activations")
        .optional(
            TEXTS,
            Setting.Type.STRING,
            "a JSONL file whose column text holds the prompts of the activations'"
                + " rows, in the same order; relative to the file of activations");
  }

  @Override
  public LanguageModel open(ModelSource source) {
    Path file = source.path();
    if (!Files.isRegularFile(file) || !file.toString().endsWith(".safetensors")) {
      throw new ModelUnavailableException(
          "model '%s': replay opens safetensors files, not %s".formatted(source.ref(), file));
    }
    if (source.freshSeed().isPresent()) {
      throw new ModelUnavailableException(
          "model '%s': a replayed model has no weights that could be drawn afresh; set evaluation.random_init: false"
              .formatted(source.ref()));
    }
    boolean captured = source.config().has(TOKENIZER);
    if (captured == source.config().has(TEXTS)) {
      throw new ModelUnavailableException(
          "model '%s': name either model.with.tokenizer, for a file of sonde capture, or model.with.texts, the prompts of its rows"
              .formatted(source.ref()));
    }
    String other = source.config().string(captured ? TOKENIZER : TEXTS);
    Path beside = file.toAbsolutePath().resolveSibling(other);
    if (!Files.isRegularFile(beside)) {
      throw new ModelUnavailableException(
          "model '%s': there is no %s".formatted(source.ref(), beside));
    }
    try {
      String hash = new ContentHash(source.resources().cache().resolve("hashes")).of(file);
      return captured
          ? new ReplayBackend(
              Recording.captured(file), TokenizerSource.of(beside), hash, Optional.empty())
          : new ReplayBackend(
              Recording.ofTexts(file),
              new TokenizerSource(TextsFactory.FORMAT, beside),
              hash,
              Optional.of(Texts.read(beside).size()));
    } catch (FormatException e) {
      throw new ModelUnavailableException(
          "model '%s': %s".formatted(source.ref(), e.getMessage()), e);
    }
  }
}
