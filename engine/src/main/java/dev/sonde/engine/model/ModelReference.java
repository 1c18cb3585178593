package dev.sonde.engine.model;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model reference stands for: files, and whether their weights are drawn afresh.
 *
 * @param path a folder or a file
 * @param freshSeed the seed of {@code random:SEED:REF}
 */
public record ModelReference(Path path, OptionalLong freshSeed) {
  private static final String RANDOM = "random:";
  private static final Pattern FRESH = Pattern.compile(RANDOM + "(\\d{1,18}):(.+)");

  /**
   * Resolves {@code random:SEED:REF}, a folder or a file.
   *
   * @throws InvalidInputException if it is malformed
   * @throws ModelUnavailableException if there is no such folder or file
   */
  public static ModelReference of(ModelPart part) {
    Matcher fresh = FRESH.matcher(part.ref());
    if (fresh.matches()) {
      OptionalLong seed = OptionalLong.of(Long.parseLong(fresh.group(1)));
      return new ModelReference(files(fresh.group(2), part.base()), seed);
    }
    if (part.ref().startsWith(RANDOM)) {
      throw new InvalidInputException(
          "model '%s': write random:SEED:REF, for example random:1:models/microworld"
              .formatted(part.ref()));
    }
    return new ModelReference(files(part.ref(), part.base()), OptionalLong.empty());
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
          "model '%s': there is no such folder: %s".formatted(ref, path));
    }
    return path;
  }

  /** The last part, by which reports name it. */
  public String name() {
    String last = String.valueOf(path.getFileName());
    return freshSeed.isPresent() ? RANDOM + freshSeed.getAsLong() + ":" + last : last;
  }

  /** The reference with an absolute path. */
  @Override
  public String toString() {
    return freshSeed.isPresent() ? RANDOM + freshSeed.getAsLong() + ":" + path : path.toString();
  }
}
