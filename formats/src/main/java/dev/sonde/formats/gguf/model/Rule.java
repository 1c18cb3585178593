package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * Which tensors of a file are which weight of a folder. A star in the names stands for the number
 * of a block.
 *
 * @param inSome whether some blocks may have it and others not
 */
record Rule(String target, List<String> sources, Layout layout, boolean inSome) {
  private static final String BLOCK = "*";

  /** A weight that all blocks have, or none. */
  Rule(String target, List<String> sources, Layout layout) {
    this(target, sources, layout, false);
  }

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
        layout,
        inSome);
  }

  /** The same where some blocks may have it and others not. */
  Rule ofSomeBlocks() {
    return new Rule(target, sources, layout, true);
  }
}
