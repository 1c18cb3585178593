package dev.sonde.backend.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/**
 * Where a model runs.
 *
 * @param kind {@code cpu}, {@code vulkan}, {@code cuda} or {@code metal}
 * @param number which of several
 */
record LlamaDevice(String kind, int number) {
  static final List<String> KINDS = List.of(Resources.CPU, "vulkan", "cuda", "metal");

  /**
   * Reads {@code KIND} or {@code KIND:NUMBER}.
   *
   * @throws ModelUnavailableException if the kind is none of {@link #KINDS}
   */
  static LlamaDevice parse(String name) {
    int colon = name.indexOf(':');
    String kind = colon < 0 ? name : name.substring(0, colon);
    String number = colon < 0 ? "0" : name.substring(colon + 1);
    if (!KINDS.contains(kind) || !number.matches("\\d{1,3}")) {
      throw new ModelUnavailableException(
          "llama.cpp runs on %s, perhaps with a number as in cuda:1, not on '%s'"
              .formatted(String.join(", ", KINDS), name));
    }
    return new LlamaDevice(kind, Integer.parseInt(number));
  }

  boolean isProcessor() {
    return kind.equals(Resources.CPU);
  }

  /**
   * A list for llama.cpp, ended by a null pointer; on the processor nothing but that.
   *
   * @throws ModelUnavailableException if the library or the machine has no such device
   */
  MemorySegment list(LlamaLibrary library, Arena arena) {
    MemorySegment list = arena.allocate(ADDRESS, 2);
    if (!isProcessor()) {
      list.set(ADDRESS, 0, find(library).pointer());
    }
    return list;
  }

  private LlamaLibrary.Device find(LlamaLibrary library) {
    List<LlamaLibrary.Device> devices = library.devices();
    String prefix = kind.equals("metal") ? "mtl" : kind;
    List<LlamaLibrary.Device> fitting =
        devices.stream()
            .filter(
                device ->
                    device.name().toLowerCase(Locale.ROOT).startsWith(prefix)
                        || device.name().toLowerCase(Locale.ROOT).startsWith(kind))
            .toList();
    if (number >= fitting.size()) {
      throw new ModelUnavailableException(
          "llama.cpp in %s finds no device %s:%d on this machine; it finds %s"
              .formatted(
                  library.folder(),
                  kind,
                  number,
                  devices.stream().map(LlamaLibrary.Device::name).toList()));
    }
    return fitting.get(number);
  }

  @Override
  public String toString() {
    return isProcessor() ? kind : kind + ":" + number;
  }
}
