package dev.sonde.vectors;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.formats.FormatException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What the formats share: the file's name decides, and what is wrong with it is the user's input.
 */
abstract class VectorFile implements VectorFormat {
  private final String name;

  VectorFile(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith("." + name);
  }

  abstract Directions parse(Path file);

  @Override
  public Directions read(Path file) {
    try {
      return parse(file);
    } catch (FormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Writes the bytes of a file. */
  interface Bytes {
    void write() throws IOException;
  }

  final void write(Path file, Directions directions, Bytes bytes) {
    directions.vectors().keySet().stream()
        .filter(point -> !holds(point))
        .findFirst()
        .ifPresent(
            point -> {
              throw new UnsupportedCapabilityException(
                  "%s: a %s file holds no vector of %s".formatted(file, name, point));
            });
    try {
      bytes.write();
    } catch (IOException e) {
      throw new InvalidInputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }
}
