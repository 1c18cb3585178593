package dev.sonde.api.report;

import java.util.List;

/**
 * A figure as a Vega-Lite specification. Colour must not be the only thing that tells series apart:
 * add shapes, dashes or labels.
 *
 * @param name short name, unique in the section
 * @param title what it shows
 * @param caption how to read it, for eyes and screen readers
 * @param vegaLite the specification as JSON text; it refers to its data by name, {@code "data":
 *     {"name": "curve"}}
 * @param data the tables it refers to, by their names
 */
public record Figure(String name, String title, String caption, String vegaLite, List<Table> data) {
  /** A figure with its list copied. */
  public Figure {
    data = List.copyOf(data);
  }
}
