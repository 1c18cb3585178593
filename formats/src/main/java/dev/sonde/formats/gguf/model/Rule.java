package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * Which tensors of a file are which weight of a folder. A star in the names stands for the number
 * of a block.
 */
record Rule(String target, List<String> sources, Layout layout) {
  private static final String BLOCK = "*";

  static Rule of(String source, String target, Layout layout) {
    return new Rule(target, List.of(source), layout);
  }

  /** A module's weight and its bias, both left as they were. */
  static Stream<Rule> module(String source, String target) {
    return module(source, target, Layout.asStored());
  }

  /** A module's weight and its bias in a layout. */
  static Stream<Rule> module(String source, String target, Layout layout) {
    return Stream.of(
        of(source + ".weight", target + ".weight", layout),
        of(source + ".bias", target + ".bias", layout));
  }

  boolean perBlock() {
    return target.contains(BLOCK);
  }

  Rule inBlock(long block) {
    String number = Long.toString(block);
    return new Rule(
        target.replace(BLOCK, number),
        sources.stream().map(source -> source.replace(BLOCK, number)).toList(),
        layout);
  }
}
