package dev.sonde.engine.tools;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.SondeException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.api.probe.VectorFormat.Directions;
import dev.sonde.engine.host.MissingFile;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.plugin.PluginRequiredException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Direction files in the formats of plugins, each called as its plugin expects it. */
public final class DirectionFiles {
  private final PluginRegistry plugins;

  /** Files in the formats of some plugins. */
  public DirectionFiles(PluginRegistry plugins) {
    this.plugins = plugins;
  }

  /**
   * Reads a file in the format that its name says.
   *
   * @throws InvalidInputException if it is not there, malformed, or of no known format
   */
  public Directions read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(MissingFile.message(file));
    }
    List<Offer<VectorFormat>> formats = plugins.all(ExtensionKind.VECTOR_FORMAT);
    for (Offer<VectorFormat> offer : formats) {
      if (called(offer, format -> format.reads(file))) {
        return called(offer, format -> format.read(file));
      }
    }
    throw new InvalidInputException(
        "%s: is no direction file by its name; the formats are %s"
            .formatted(
                file,
                formats.stream()
                    .map(o -> "." + o.factory().name())
                    .collect(Collectors.joining(", "))));
  }

  /**
   * Writes what a format holds of some directions.
   *
   * @return the hook points whose directions it does not hold
   * @throws InvalidInputException if there is no such format
   */
  public List<HookPoint> write(String name, Path file, Directions directions) {
    Offer<VectorFormat> offer = plugins.find(ExtensionKind.VECTOR_FORMAT, name);
    Map<HookPoint, float[]> held = new LinkedHashMap<>(directions.vectors());
    held.keySet().removeIf(point -> !called(offer, format -> format.holds(point)));
    List<HookPoint> left =
        directions.vectors().keySet().stream().filter(p -> !held.containsKey(p)).toList();
    if (!held.isEmpty()) {
      called(
          offer,
          format -> {
            format.write(file, Directions.of(held, directions.metadata()));
            return true;
          });
    }
    return left;
  }

  private static <T> T called(Offer<VectorFormat> offer, Function<VectorFormat, T> use) {
    try {
      return offer.call(use);
    } catch (SondeException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new PluginRequiredException(
          "vector format '%s' failed: %s".formatted(offer.fullName(), e), e);
    }
  }
}
