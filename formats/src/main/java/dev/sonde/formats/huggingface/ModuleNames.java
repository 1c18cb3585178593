package dev.sonde.formats.huggingface;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a module is called. {@code %d} stands for the block.
 *
 * @param path in the running model of transformers, which hook points are named by
 * @param stored further names that files have it under
 */
public record ModuleNames(String path, List<String> stored) {
  /** Names with the list copied. */
  public ModuleNames {
    stored = List.copyOf(stored);
  }

  static ModuleNames of(String path, String... stored) {
    return new ModuleNames(path, List.of(stored));
  }

  /** Behind a prefix. */
  ModuleNames behind(String prefix) {
    return new ModuleNames(prefix + path, stored.stream().map(name -> prefix + name).toList());
  }

  /** With further prefixes that files have in place of one. */
  ModuleNames orBehind(String prefix, List<String> others) {
    if (!path.startsWith(prefix)) {
      return this;
    }
    List<String> all =
        Stream.concat(
                stored.stream(),
                all()
                    .filter(name -> name.startsWith(prefix))
                    .flatMap(
                        name ->
                            others.stream().map(other -> other + name.substring(prefix.length()))))
            .distinct()
            .toList();
    return new ModuleNames(path, all);
  }

  /** With a number in the place of what stands for it. */
  ModuleNames with(String placeholder, int number) {
    String shown = Integer.toString(number);
    return new ModuleNames(
        path.replace(placeholder, shown),
        stored.stream().map(name -> name.replace(placeholder, shown)).toList());
  }

  ModuleNames inBlock(int layer) {
    return new ModuleNames(
        path.formatted(layer), stored.stream().map(name -> name.formatted(layer)).toList());
  }

  /** All of them, the path first. */
  Stream<String> all() {
    return Stream.concat(Stream.of(path), stored.stream());
  }
}
