package dev.sonde.probe.position;

import dev.sonde.api.config.Config;
import dev.sonde.probe.position.perturb.Head;
import java.util.List;

/**
 * Which heads are shown on which text.
 *
 * @param text a text; empty: the first
 * @param tokens of it that are drawn
 * @param heads that are shown; empty: those that are least a sum
 * @param grids whether all distances of the last token are saved
 */
record MapSettings(String text, int tokens, List<Head> heads, boolean grids) {
  /** Heads that are shown where none is named. */
  static final int SHOWN = 3;

  static MapSettings of(Config config) {
    return new MapSettings(
        config.string("map_text"),
        config.integer("map_tokens"),
        config.strings("map_heads").stream().map(name -> head(config, name)).toList(),
        config.flag("grids"));
  }

  private static Head head(Config config, String name) {
    if (!name.matches("\\d{1,6}\\.\\d{1,6}")) {
      throw config.error(
          "map_heads", "'%s' is no head: write its block and its number, as 3.4".formatted(name));
    }
    String[] parts = name.split("\\.", -1);
    return new Head(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }
}
