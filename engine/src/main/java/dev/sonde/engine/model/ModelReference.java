package dev.sonde.engine.model;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.host.MissingFile;
import dev.sonde.formats.hub.HubReference;
import dev.sonde.formats.hub.Snapshot;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model reference stands for: files, and whether their weights are drawn afresh.
 *
 * @param path a folder or a file
 * @param hub the model on the hub with its commit, where the files come from there
 * @param freshSeed the seed of {@code random:SEED:REF}
 */
public record ModelReference(Path path, Optional<HubReference> hub, OptionalLong freshSeed) {
  private static final String RANDOM = "random:";
  private static final Pattern FRESH = Pattern.compile(RANDOM + "(\\d{1,18}):(.+)");

  /**
   * Resolves a folder, a file, {@code hf:org/name}, or {@code random:SEED:} and one of these. What
   * is on the hub is fetched.
   *
   * @throws InvalidInputException if it is malformed
   * @throws ModelUnavailableException if there is no such model
   */
  static ModelReference of(ModelPart part, HubModels hub) {
    Matcher fresh = FRESH.matcher(part.ref());
    if (fresh.matches()) {
      OptionalLong seed = OptionalLong.of(Long.parseLong(fresh.group(1)));
      return of(fresh.group(2), part.base(), seed, hub);
    }
    if (part.ref().startsWith(RANDOM)) {
      throw new InvalidInputException(
          "model '%s': write random:SEED:REF, for example random:1:models/microworld"
              .formatted(part.ref()));
    }
    return of(part.ref(), part.base(), OptionalLong.empty(), hub);
  }

  private static ModelReference of(String ref, Path base, OptionalLong seed, HubModels hub) {
    if (ref.startsWith(HubReference.PREFIX)) {
      Snapshot snapshot = hub.snapshot(ref);
      return new ModelReference(snapshot.path(), Optional.of(snapshot.pinned()), seed);
    }
    return new ModelReference(files(ref, base), Optional.empty(), seed);
  }

  private static Path files(String ref, Path base) {
    Path path;
    try {
      path = base.resolve(ref).normalize();
    } catch (InvalidPathException e) {
      throw new InvalidInputException("model.ref '%s' is not a path".formatted(ref), e);
    }
    if (!Files.exists(path)) {
      throw new ModelUnavailableException(
          "model '%s': there is no such folder or file: %s%s; a model of the Hugging Face hub is written hf:org/name"
              .formatted(ref, path, MissingFile.hint(path)));
    }
    return path;
  }

  /** The last part of a path, or the model and commit of the hub: by which reports name it. */
  public String name() {
    return written(String.valueOf(path.getFileName()));
  }

  /** The reference with an absolute path, or with the commit for which the files were fetched. */
  @Override
  public String toString() {
    return written(path.toString());
  }

  private String written(String file) {
    String files = hub.map(HubReference::toString).orElse(file);
    return freshSeed.isPresent() ? RANDOM + freshSeed.getAsLong() + ":" + files : files;
  }
}
