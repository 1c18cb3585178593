package dev.sonde.dist;

import dev.sonde.formats.safetensors.SafetensorsFile;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tensors of a safetensors file by name, without its metadata.
 *
 * @param values per name shape and numbers, as text
 */
record Tensors(Map<String, String> values) {
  static Tensors of(Path file) {
    Map<String, String> values = new TreeMap<>();
    try (Arena arena = Arena.ofConfined()) {
      SafetensorsFile.open(file, arena)
          .tensors()
          .forEach(
              (name, tensor) ->
                  values.put(
                      name,
                      tensor.shape()
                          + " "
                          + HexFormat.of()
                              .formatHex(tensor.data().toArray(ValueLayout.JAVA_BYTE))));
    }
    return new Tensors(values);
  }
}
